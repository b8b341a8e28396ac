"""The association in full: the numbers, the line, and the secondary ones."""

from __future__ import annotations

import math
from collections.abc import Iterator

from relsurvey.association import AssociationResult
from relsurvey.association.caveats import is_ordinary
from relsurvey.reporting import wording
from relsurvey.reporting.figures.association import association_svg, group_means
from relsurvey.reporting.labels import covariate_title, outcome_label, predictor_label
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, interval, number, places
from relsurvey.reporting.sections.companions import companion_blocks
from relsurvey.reporting.sections.estimates import main_table, model_table, p_cell
from relsurvey.reporting.sections.headline import said_of, too_few
from relsurvey.reporting.views import Block, Figure, Paragraph, Section, Table
from relsurvey.text import and_list

__all__ = ["association_section"]

TITLE = "The association"
Row = tuple[str, ...]


def association_section(material: Material) -> Section:
    """Show the primary association in full, and the secondary ones in a table."""
    primary = material.study.primary
    if not material.tells(primary):
        blocks: list[Block] = [
            Paragraph(
                f"It was computed, but is withheld: it rests on {too_few(material, primary)}."
            )
        ]
    else:
        blocks = [*_primary(material, primary), *companion_blocks(material)]
    if material.study.secondary:
        blocks += _secondary(material)
    return Section("association", TITLE, tuple(blocks))


def _primary(material: Material, primary: AssociationResult) -> Iterator[Block]:
    said = said_of(material, primary)
    yield Paragraph(wording.answer(primary, said))
    if math.isfinite(primary.slope):
        points = group_means(primary.bins, material.rules.threshold)
        yield _figure(material, primary, said, points=len(points) > 0)
        yield main_table(material, primary, said)
        if primary.covariates:
            yield model_table(material, primary)
        if len(points):
            yield _points_table(material, primary, said)
    else:
        yield Paragraph(
            "No slope could be computed: the scores do not differ enough between workers, or too "
            "few of them are there."
        )


def _figure(
    material: Material, primary: AssociationResult, said: wording.Said, *, points: bool
) -> Figure:
    words = wording.figure_words(primary, said, points=points)
    return Figure(
        id="figure-association",
        title=f"{said.outcome.title} by the worker's {said.predictor.title}"
        f"{wording.adjusted(said.covariates)}",
        alt=words,
        svg=association_svg(
            primary,
            (said.predictor, said.outcome),
            "figure-association",
            words,
            threshold=material.rules.threshold,
        ),
        notes=tuple(_reading(material, said, points=points)),
    )


def _reading(material: Material, said: wording.Said, *, points: bool) -> Iterator[str]:
    """Say how the figure is read."""
    yield (
        f"Line and band: expected score with its {material.level} interval, over the middle of "
        "the workers' scores."
    )
    if points:
        yield (
            f"Diamonds: means of groups of at least {material.rules.threshold} workers with "
            "similar scores; no point is a single worker."
        )
    if said.covariates:
        raw = ", while the diamonds are raw means and need not lie along it" if points else ""
        yield (
            f"The line is adjusted: it is drawn where {and_list(said.covariates)} "
            f"{'is at its mean' if len(said.covariates) == 1 else 'are at their means'}{raw}."
        )
    if said.outcome.minimum is not None:
        yield "The upright axis shows a part of the scale, unless its ends are to be seen."


def _points_table(material: Material, one: AssociationResult, said: wording.Said) -> Table:
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
            *_on_the_boundary(material),
        ),
        text_columns=frozenset({0, 1}),
    )


def _on_the_boundary(material: Material) -> Iterator[str]:
    """Name the secondary associations whose test takes people as independent."""
    rows = [
        f"{said.outcome.title} on {said.predictor.title}"
        for one in material.study.secondary
        if material.tells(one) and is_ordinary(one.model)
        for said in [said_of(material, one)]
    ]
    if rows:
        yield (
            f"The variance between workers is estimated as zero for {and_list(rows)}: "
            "interval and p are those of ordinary regression, and the interval may be too narrow."
        )


def _secondary_row(material: Material, one: AssociationResult) -> Row:
    predictor = predictor_label(material.study, one.predictor).title
    outcome = outcome_label(material.study, one.outcome).title
    outcome += wording.adjusted([covariate_title(material.study, name) for name in one.covariates])
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
        p_cell(one.p_value),
        *counts,
    )
