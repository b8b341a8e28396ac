"""The association in full: the numbers, the line, and the secondary ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from relsurvey.association import AssociationResult
from relsurvey.association.caveats import is_ordinary
from relsurvey.association.family.adjustment import stepped
from relsurvey.reporting import wording
from relsurvey.reporting.figures.association import association_drawing, group_means
from relsurvey.reporting.labels import covariate_title, outcome_label, predictor_label
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, interval, number, places
from relsurvey.reporting.sections.association_figures import family_figure, spread_figure
from relsurvey.reporting.sections.companions import companion_blocks
from relsurvey.reporting.sections.equivalence import equivalence_table
from relsurvey.reporting.sections.estimates import main_table, model_table, p_cell
from relsurvey.reporting.sections.headline import said_of, too_few, why_not_computed
from relsurvey.text import and_list
from relsurvey.views import Block, Figure, Paragraph, Section, Table

__all__ = ["association_section"]

TITLE = "The association"
PEOPLE = ["n_workers", "n_service_users"]
Row = tuple[str, ...]


def association_section(material: Material) -> Section:
    """Show the primary association in full, and the secondary ones in a table."""
    primary = material.as_shown(material.study.primary)
    if not wording.is_computed(primary):
        blocks: list[Block] = list(_not_computed(material, primary))
    elif not material.tells(primary):
        blocks = [
            Paragraph(
                f"It was computed, but is withheld: it rests on {too_few(material, primary)}."
            )
        ]
    else:
        blocks = [*_primary(material, primary), *companion_blocks(material)]
    if material.study.secondary:
        blocks += _secondary(material)
    return Section("association", TITLE, tuple(blocks))


def _not_computed(material: Material, primary: AssociationResult) -> Iterator[Block]:
    yield Paragraph(wording.answer(primary, said_of(material, primary)))
    yield Paragraph(why_not_computed(material, primary))
    yield Paragraph(
        "Other methods and checks of its sensitivity ask the same again; without it there are "
        "none. Scores, reliability and who answered do not rest on it."
    )


def _primary(material: Material, primary: AssociationResult) -> Iterator[Block]:
    said = said_of(material, primary)
    yield Paragraph(wording.answer(primary, said))
    points = _points(material, primary)
    yield _figure(material, primary, said, points)
    yield main_table(material, primary, said)
    yield from equivalence_table(primary, said)
    if primary.covariates:
        yield model_table(material, primary)
    if len(points):
        yield _points_table(material, said, points)
    yield from spread_figure(material)


def _points(material: Material, one: AssociationResult) -> pd.DataFrame:
    """Return the groups of workers, with how many they and their service users are as shown."""
    points = group_means(one.bins, material.workers_in_points(one))
    for column, role in zip(PEOPLE, ("worker", "service_user"), strict=True):
        points[column] = [material.rules.shown(int(count), role) for count in points[column]]
    return points


def _figure(
    material: Material, primary: AssociationResult, said: wording.Said, points: pd.DataFrame
) -> Figure:
    words = wording.figure_words(primary, said, points=len(points) > 0)
    return Figure(
        id="figure-association",
        title=f"{said.outcome.title} by the worker's {said.predictor.title}"
        f"{wording.adjusted(said.covariates)}",
        alt=words,
        picture=association_drawing(
            primary, points, (said.predictor, said.outcome), "figure-association", words
        ),
        notes=tuple(_reading(material, said, points=len(points) > 0)),
    )


def _reading(material: Material, said: wording.Said, *, points: bool) -> Iterator[str]:
    """Say how the figure is read."""
    yield (
        f"Line and band: expected score with its {material.level} interval, over the middle of "
        "the workers' scores."
    )
    if points:
        yield (
            f"Diamonds: means of groups of at least {material.workers_in_group} workers with "
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


def _points_table(material: Material, said: wording.Said, points: pd.DataFrame) -> Table:
    """Tabulate the groups of workers; the last row adds up the numbers above it."""
    rows = tuple(
        (
            f"Group {position}",
            number(workers, 0),
            number(users, 0),
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
        rows=(
            *rows,
            ("All groups", *(number(points[name].sum(), 0) for name in PEOPLE), MISSING, MISSING),
        ),
        notes=tuple(_about_sums(material, points)),
        folded=True,
    )


def _about_sums(material: Material, points: pd.DataFrame) -> Iterator[str]:
    """Say why the sums are not the numbers in the analysis, where they are not."""
    primary, rules = material.study.primary, material.rules
    workers, users = (int(points[name].sum()) for name in PEOPLE)
    if workers != rules.shown(primary.n_workers, "worker") or users != rules.shown(
        primary.n_service_users, "service_user"
    ):
        yield (
            "All groups: the sum of the numbers above it, each rounded by itself. It can differ a "
            "little from the number in the main analysis, which is rounded once and is the same "
            "in all other tables."
        )


def _secondary(material: Material) -> Iterator[Block]:
    adjusted = _adjusted(material)
    yield Table(
        id="table-secondary",
        caption="Secondary associations",
        columns=(
            "Worker's score",
            "Service users' score",
            "Slope",
            f"{material.level} interval",
            "Slope in SDs",
            "p",
            *(() if material.study.family is None else ("p, Holm", "p, max-T")),
            "Workers",
            "Users",
        ),
        rows=tuple(
            _secondary_row(material, one, p_values)
            for one, p_values in zip(material.study.secondary, adjusted, strict=True)
        ),
        notes=(
            "These are secondary: leads for a further study, not findings.",
            *_about_adjustment(material),
            *_on_the_boundary(material),
        ),
        text_columns=frozenset({0, 1}),
    )
    yield from family_figure(material)


def _adjusted(material: Material) -> list[tuple[float, ...]]:
    """Return the adjusted p values of each secondary association; none where not adjusted.

    Adjusting can hand the p value of one on to the next: where that one is withheld, so is this.
    """
    study = material.study
    if study.family is None:
        return [()] * len(study.secondary)
    values = study.family.to_frame().query("not primary")[["holm", "max_t"]].to_numpy(dtype=float)
    if material.rules.rounds("worker"):
        # Holm's would give the exact p away, which is shown for rounded degrees of freedom.
        raw = pd.Series([material.as_shown(one).p_value for one in study.secondary])
        tested = np.flatnonzero(raw.notna())
        values = np.column_stack([stepped(raw, tested, "holm"), values[:, 1]])
    told = np.array([material.tells(one) for one in study.secondary])
    handed_on = (values[:, None] == values[None, ~told]).any(axis=1) & (values < 1)
    return [tuple(row) for row in np.where(handed_on, np.nan, values).tolist()]


def _about_adjustment(material: Material) -> Iterator[str]:
    """Say what the p values are adjusted for, and how many of those shown stand."""
    study = material.study
    family = study.family
    if family is None:
        yield "Their p values are not adjusted for how many there are."
        return
    stands = family.to_frame().query("not primary")["stands"].to_numpy(dtype=bool)
    shown = np.array([material.tells(one) for one in study.secondary])
    stand = int((stands & shown).sum())
    max_t = (
        f"max-T's from {family.permutations:,} permutations of the workers' scores, so that it may "
        "be below p"
        if family.permutations
        else "there is no max-T"
    )
    if family.n_tests == 1:
        yield f"There is one only, so that Holm's p is that beside it; {max_t}."
    else:
        yield (
            "p is that of each taken alone. Holm and max-T are adjusted for all "
            f"{family.n_tests} of them, the primary association not among them: Holm's from the p "
            f"beside it, {max_t}. Intervals are not adjusted."
        )
    if shown.any():
        yield (
            f"Once adjusted, {_standing(stand, int(shown.sum()))} at {study.alpha:g}, by each "
            "adjustment that is known."
        )


def _standing(stand: int, shown: int) -> str:
    """Say how many of those shown stand.

    Examples
    --------
    >>> _standing(1, 1), _standing(0, 1), _standing(2, 4)
    ('the one shown stands', 'the one shown does not stand', '2 of the 4 shown stand')
    """
    if shown == 1:
        return f"the one shown {'stands' if stand else 'does not stand'}"
    return f"{stand or 'none'} of the {shown} shown {'stand' if stand > 1 else 'stands'}"


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


def _secondary_row(material: Material, one: AssociationResult, adjusted: tuple[float, ...]) -> Row:
    predictor = predictor_label(material.study, one.predictor).title
    outcome = outcome_label(material.study, one.outcome).title
    outcome += wording.adjusted([covariate_title(material.study, name) for name in one.covariates])
    counts = (
        material.rules.count(one.n_workers, "worker"),
        material.rules.count(one.n_service_users, "service_user"),
    )
    if not material.tells(one):
        return (predictor, outcome, *[MISSING] * (4 + len(adjusted)), *counts)
    one = material.as_shown(one)
    digits = places((one.slope_high - one.slope_low) / 2)
    return (
        predictor,
        outcome,
        number(one.slope, digits),
        interval(one.slope_low, one.slope_high, digits),
        number(one.slope_standardised),
        p_cell(one.p_value),
        *(p_cell(value) for value in adjusted),
        *counts,
    )
