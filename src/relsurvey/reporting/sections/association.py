"""The association in full: the numbers, the line, and the secondary ones."""

from __future__ import annotations

import math
from collections.abc import Iterator

from relsurvey.reporting import wording
from relsurvey.reporting.figures.association import association_svg, group_means
from relsurvey.reporting.labels import outcome_label, predictor_label
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, bounded, interval, number, p_value, percent, places
from relsurvey.reporting.sections.headline import said_of
from relsurvey.reporting.subject import AssociationLike
from relsurvey.reporting.views import Block, Figure, Paragraph, Section, Table

__all__ = ["association_section", "degrees_of_freedom"]

TITLE = "The association"
Row = tuple[str, ...]


def association_section(material: Material) -> Section:
    """Show the primary association in full, and the secondary ones in a table."""
    primary = material.study.primary
    if not material.tells(primary):
        blocks: list[Block] = [
            Paragraph(f"Not shown: it rests on {material.rules.few} workers or service users.")
        ]
    else:
        blocks = list(_primary(material, primary))
    if material.study.secondary:
        blocks += _secondary(material)
    return Section("association", TITLE, tuple(blocks))


def _primary(material: Material, primary: AssociationLike) -> Iterator[Block]:
    said = said_of(material, primary)
    yield Paragraph(wording.answer(primary, said))
    if math.isfinite(primary.slope):
        points = group_means(primary.bins, material.rules.threshold)
        yield _figure(material, primary, said)
        yield _main_table(material, primary, said)
        if len(points):
            yield _points_table(material, primary, said)
    else:
        yield Paragraph(
            "No slope could be computed: the scores do not differ enough between workers, or too "
            "few of them are there."
        )


def _figure(material: Material, primary: AssociationLike, said: wording.Said) -> Figure:
    words = wording.figure_words(primary, said)
    scale = ""
    if said.outcome.minimum is not None:
        scale = " The upright axis shows a part of the scale, unless its ends are to be seen."
    return Figure(
        id="figure-association",
        title=f"{said.outcome.title} by the worker's {said.predictor.title}",
        alt=words,
        svg=association_svg(
            primary,
            (said.predictor, said.outcome),
            "figure-association",
            words,
            threshold=material.rules.threshold,
            level=material.level,
        ),
        notes=(
            f"Line and band: expected score with its {material.level} interval, over the middle "
            f"of the workers' scores. Diamonds: means of groups of at least "
            f"{material.rules.threshold} workers with similar scores; no point is a single "
            f"worker.{scale}",
        ),
    )


def _main_table(material: Material, one: AssociationLike, said: wording.Said) -> Table:
    digits = places((one.slope_high - one.slope_low) / 2)
    standard = interval(one.slope_standardised_low, one.slope_standardised_high)
    rows = (
        (
            "Slope",
            number(one.slope, digits),
            interval(one.slope_low, one.slope_high, digits),
            wording.slope_words(one, said),
        ),
        (
            "Slope, standardised",
            number(one.slope_standardised),
            standard,
            "standard deviations of the outcome for one standard deviation of the worker's score",
        ),
        (
            "p",
            p_value(one.p_value).removeprefix("p ").removeprefix("= "),
            "",
            f"test of the slope against zero, two-sided, t with "
            f"{degrees_of_freedom(material, one)} degrees of freedom",
        ),
        (
            "Correlation across workers, r",
            bounded(one.correlation),
            interval(one.correlation_low, one.correlation_high, below_one=True),
            wording.correlation_words(one),
        ),
        ("Intraclass correlation, ICC", bounded(one.icc), "", wording.icc_words(one.icc)),
        ("Design effect", _design(material, one), "", wording.design_words()),
        (
            "Between-worker variance explained",
            _explained(one.between_variance_explained),
            "",
            wording.explained_words(one.between_variance_explained, one.covariates),
        ),
        ("Workers", material.rules.count(one.n_workers, "worker"), "", "in the analysis"),
        (
            "Service users",
            material.rules.count(one.n_service_users, "service_user"),
            "",
            "in the analysis",
        ),
    )
    return Table(
        id="table-association",
        caption=f"Primary association: {said.outcome.with_range} on the worker's "
        f"{said.predictor.with_range}",
        columns=("Quantity", "Estimate", f"{material.level} interval", "What it says"),
        rows=rows,
        text_columns=frozenset({0, 3}),
    )


def degrees_of_freedom(material: Material, one: AssociationLike) -> str:
    """Write degrees of freedom, as coarsely as the counts of workers they would give away."""
    if not math.isfinite(one.df):
        return MISSING
    if material.rules.rounds("worker"):
        return f"about {5 * round(one.df / 5)}"
    return number(one.df, 1)


def _design(material: Material, one: AssociationLike) -> str:
    """Write the design effect; with the ICC it would give the mean cluster size away."""
    return number(one.design_effect, 1 if material.rules.rounded else 2)


def _explained(share: float) -> str:
    return "0%" if share < 0 else percent(share)


def _points_table(material: Material, one: AssociationLike, said: wording.Said) -> Table:
    points = group_means(one.bins, material.rules.threshold)
    rows = tuple(
        (
            f"Group {position}",
            material.rules.count(int(workers), "worker"),
            material.rules.count(int(users), "service_user"),
            number(predictor),
            number(outcome),
        )
        for position, (workers, users, predictor, outcome) in enumerate(
            points.itertuples(index=False), start=1
        )
    )
    return Table(
        id="table-groups",
        caption="The diamonds of the figure: groups of workers, from low to high scores",
        columns=(
            "Group of workers",
            "Workers",
            "Service users",
            f"Mean {said.predictor.title}",
            f"Mean {said.outcome.title}",
        ),
        rows=rows,
        folded=True,
    )


def _secondary(material: Material) -> Iterator[Block]:
    yield Table(
        id="table-secondary",
        caption="Secondary associations",
        columns=(
            "Worker's score",
            "Service users' score",
            "Slope",
            f"{material.level} interval",
            "Standardised",
            "p",
            "Workers",
            "Service users",
        ),
        rows=tuple(_secondary_row(material, one) for one in material.study.secondary),
        notes=(
            "These are secondary: leads for a further study, not findings. Their p values are "
            "not adjusted for how many there are.",
        ),
        text_columns=frozenset({0, 1}),
    )


def _secondary_row(material: Material, one: AssociationLike) -> Row:
    predictor = predictor_label(material.study, one.predictor).title
    outcome = outcome_label(material.study, one.outcome).title
    if one.covariates:
        outcome += f" (at equal {wording.and_list([str(name) for name in one.covariates])})"
    counts = (
        material.rules.count(one.n_workers, "worker"),
        material.rules.count(one.n_service_users, "service_user"),
    )
    if not material.tells(one):
        return (predictor, outcome, *[MISSING] * 4, *counts)
    digits = places((one.slope_high - one.slope_low) / 2)
    return (
        predictor,
        outcome,
        number(one.slope, digits),
        interval(one.slope_low, one.slope_high, digits),
        number(one.slope_standardised),
        p_value(one.p_value).removeprefix("p ").removeprefix("= "),
        *counts,
    )
