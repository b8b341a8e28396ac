"""What staff say of their teams, and how that goes with what service users report.

No team's own mean is shown, and none can be worked out: means and shares are over all staff, and
what is said of teams needs as many teams as anything said of people needs people.
"""

from __future__ import annotations

from collections.abc import Iterator

from relsurvey.association import AssociationResult
from relsurvey.association.moderation import Moderation
from relsurvey.moments.groups import between_name
from relsurvey.reporting.figures.moderation import moderation_drawing
from relsurvey.reporting.labels import (
    ScoreLabel,
    covariate_title,
    outcome_label,
    predictor_label,
    quoted,
)
from relsurvey.reporting.lights import lights_table
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, bounded, interval, number, places
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.estimates import p_cell
from relsurvey.reporting.sentences.differing import may_be_told
from relsurvey.reporting.subject import TeamsLike
from relsurvey.small_groups import dominated
from relsurvey.text import p_value_text
from relsurvey.views import Block, Figure, Paragraph, Section, Subheading, Table

__all__ = ["staff_may_be_told", "teams_section"]

STAFF = "staff"


def teams_section(material: Material) -> Section | None:
    """Show what staff say of their teams, and every association that was held against it.

    Returns
    -------
    Section or None
        ``None`` where staff were not asked and no moderator was named.
    """
    study = material.study
    moderated = [one for one in (study.primary, *study.secondary) if one.moderation is not None]
    blocks: list[Block] = []
    if study.teams is not None:
        blocks += _of_staff(material, study.teams)
        blocks += _as_covariates(material, study.teams)
    for position, one in enumerate(moderated, start=1):
        if one.moderation is not None:
            blocks += _moderation(material, one, one.moderation, position)
    if not blocks:
        return None
    title = "Differences by a third property" if study.teams is None else "The teams"
    return Section("teams", title, tuple(blocks))


def _of_staff(material: Material, teams: TeamsLike) -> Iterator[Block]:
    rules, name = material.rules, plain(teams.instrument.short_title)
    n = teams.responses.n
    yield Paragraph(
        f"{rules.spoken(n, STAFF).capitalize()} members of staff in "
        f"{rules.spoken(teams.n_teams, STAFF)} teams were asked what their workplace is like "
        f"({name}). A team's score is the mean of its staff, where at least {teams.fewest} of them "
        "have one; a smaller team has none, and nothing is put in its place. "
        f"{_without(material, teams)}"
    )
    if not staff_may_be_told(material, teams):
        yield Paragraph(
            f"Their answers are not shown: there are {rules.few} members of staff, or one or two "
            "teams have most of them."
        )
        return
    yield _means_table(material, teams)
    shares = lights_table(teams, material.rules, "members of staff", "table-lights")
    if shares is not None:
        yield shares


def staff_may_be_told(material: Material, teams: TeamsLike) -> bool:
    """Say whether staff are enough, and of enough teams, for their answers to be shown."""
    sizes = teams.scores["team"].value_counts().tolist()
    return material.rules.allows(teams.responses.n) and not dominated(sizes)


def _without(material: Material, teams: TeamsLike) -> str:
    n = teams.n_workers_without
    if n == 0:
        return "Every worker's team has one."
    return (
        f"{material.rules.spoken(n, 'worker').capitalize()} workers are of a team without one, or "
        "name no team; they are in no analysis that uses it."
    )


def _means_table(material: Material, teams: TeamsLike) -> Table:
    rules = material.rules
    tell_teams = rules.allows(teams.n_teams)
    rows = []
    for row in teams.scales.to_dict("records"):
        scale = teams.instrument.scales[str(row["scale"])]
        title = plain(scale.title)
        if not rules.allows(int(row["n_staff"])):
            rows.append((title, MISSING, MISSING, *[MISSING, MISSING][: 2 * tell_teams]))
            continue
        told = (bounded(row["icc2"]), bounded(row["rwg"])) if tell_teams else ()
        rows.append((title, number(row["mean"]), number(row["sd"]), *told))
    return Table(
        id="table-teams",
        caption=f"What staff say: means over all staff ({_range(teams)})",
        columns=(
            "Scale", "Mean", "SD",
            *(("Reliability of a team's mean, ICC(2)", "Agreement, mean r_wg(j)")
              if tell_teams else ()),
        ),
        rows=tuple(rows),
        notes=(
            *(() if tell_teams else (
                f"There are {rules.few} teams: nothing is said of differences between them.",
            )),
            "Means are over staff, not over teams; no team's own score is shown.",
        ),
    )  # fmt: skip


def _range(teams: TeamsLike) -> str:
    scale = teams.instrument.scales[0]
    return f"{scale.minimum:g} to {scale.maximum:g}"


def _as_covariates(material: Material, teams: TeamsLike) -> Iterator[Block]:
    """Show the rows of team scores that were covariates of an association."""
    rows = [
        row
        for one in (material.study.primary, *material.study.secondary)
        if material.tells(one) and _enough_teams(material, one.n_teams)
        for column in one.covariates
        if teams.scale_of(column)
        for row in _covariate_row(material, one, column)
    ]
    if rows:
        yield Table(
            id="table-team-scores",
            caption="How team scores go with what service users report",
            columns=(
                "Team score", "Service users' score", "Difference per point",
                f"{material.level} interval", "p",
            ),
            rows=tuple(rows),
            notes=(
                "Each is adjusted for the worker's score and the other covariates of its "
                "association. The design cannot tell why they go together.",
            ),
            text_columns=frozenset({0, 1}),
        )  # fmt: skip


def _covariate_row(
    material: Material, one: AssociationResult, column: str
) -> Iterator[tuple[str, ...]]:
    terms = (column, between_name(column))
    table = one.model.table
    for row in table[table["term"].isin(terms)].to_dict("records"):
        digits = places((row["conf_high"] - row["conf_low"]) / 2)
        yield (
            quoted(covariate_title(material.study, column)),
            outcome_label(material.study, one.outcome).in_caption.title,
            number(row["estimate"], digits),
            interval(row["conf_low"], row["conf_high"], digits),
            p_cell(row["p_value"]),
        )


def _enough_teams(material: Material, n_teams: int | None) -> bool:
    return material.rules.allows(material.teams(n_teams))


def _moderation(
    material: Material, one: AssociationResult, found: Moderation, position: int
) -> Iterator[Block]:
    study = material.study
    names = (
        predictor_label(study, one.predictor).in_sentence,
        outcome_label(study, one.outcome).in_sentence,
        ScoreLabel(covariate_title(study, found.moderator)).in_sentence,
    )
    yield Subheading(f"Does the slope of {names[1].title} differ with {names[2].title}?")
    if not may_be_told(material, found):
        yield Paragraph(
            f"It was computed, but is withheld: it rests on {material.rules.few} workers, service "
            "users or teams."
        )
        return
    words = _answer(material, found, names)
    yield Paragraph(words)
    name = f"figure-moderation-{position}"
    yield Figure(
        id=name,
        title=f"{names[1].title} by the worker's {names[0].title}, at three values of "
        f"{names[2].title}",
        alt=f"{words} {_slopes_in_words(material, found)}",
        picture=moderation_drawing(found, names, name, words),
        notes=(
            "The model is that of the association with the product of the two scores and the third "
            "property itself beside it, both centred at their means; the interval is that of the "
            "product's coefficient.",
            f"Lines: expected score over one SD of the worker's {names[0].title} to both sides of "
            f"its mean; bands: {material.level} intervals of the outer two.",
        ),
    )
    yield _slopes_table(material, found, names, position)


def _answer(
    material: Material, found: Moderation, names: tuple[ScoreLabel, ScoreLabel, ScoreLabel]
) -> str:
    """Say whether the slope differs; a direction only where the interval lies on one side."""
    predictor, outcome, moderator = (name.title for name in names)
    digits = places((found.interaction_high - found.interaction_low) / 2)
    ends = interval(found.interaction_low, found.interaction_high, digits)
    size = (
        f"the slope differs by {number(found.interaction, digits)} per point of {moderator} "
        f"({material.level} interval {ends}, {p_value_text(found.p_value)})"
    )
    question = f"the slope of {outcome} on {predictor} is higher or lower where {moderator} is"
    if found.interaction_low <= 0 <= found.interaction_high:
        return (
            f"These data do not show whether {question} higher: as estimated, {size}, and the "
            "interval includes no difference."
        )
    way = "higher" if found.interaction > 0 else "lower"
    return (
        f"The slope of {outcome} on {predictor} was {way} where {moderator} was higher: as "
        f"estimated, {size}. The design cannot tell why."
    )


def _slopes_in_words(material: Material, found: Moderation) -> str:
    parts = [
        f"{number(row['slope'])} ({interval(row['conf_low'], row['conf_high'])}) at {row['at']}"
        for row in found.slopes.to_dict("records")
    ]
    return f"Slopes with {material.level} intervals: {', '.join(parts)}."


def _slopes_table(
    material: Material,
    found: Moderation,
    names: tuple[ScoreLabel, ScoreLabel, ScoreLabel],
    position: int,
) -> Table:
    rows = []
    for row in found.to_frame().to_dict("records"):
        digits = places((row["conf_high"] - row["conf_low"]) / 2)
        label = str(row["quantity"]).capitalize().replace("sd", "SD").replace("cr2", "CR2")
        rows.append(
            (
                label,
                number(row["estimate"], digits),
                interval(row["conf_low"], row["conf_high"], digits),
                number(row["df"], 1),
                p_cell(row["p_value"]),
            )
        )
    between = " between teams" if found.level == "team" else ""
    return Table(
        id=f"table-moderation-{position}",
        caption=f"Slope of {names[1].title} on the worker's {names[0].title}, by {names[2].title}",
        columns=("", "Estimate", f"{material.level} interval", "df", "p"),
        rows=tuple(rows),
        notes=(
            "Both are centred at their means. Interaction: by how much the slope is higher for "
            f"one point more on {names[2].title}.",
            f"Slopes are not let vary at random{between} beyond that; if they do, the interval "
            "of the interaction is too narrow. The row CR2 (ordinary regression with "
            "cluster-robust errors) does not rest on it.",
        ),
    )
