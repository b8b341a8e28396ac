"""The report for a service manager: two pages, what was found and what to consider."""

from __future__ import annotations

import math
from collections.abc import Iterator

from relsurvey.reporting.audiences.cover import report_of
from relsurvey.reporting.bands import band_words, has_bands, standing_words
from relsurvey.reporting.figures.answer_in_brief import BriefRow, brief_drawing
from relsurvey.reporting.lights import lights_table
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import MISSING, number, percent, whole
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.headline import notices
from relsurvey.reporting.sections.teams import staff_may_be_told
from relsurvey.reporting.sentences import service as sentences
from relsurvey.reporting.sentences.considering import considerations
from relsurvey.reporting.sentences.finding import Expected, Finding, finding_of
from relsurvey.reporting.summaries import ScoreSummary
from relsurvey.views import (
    Block,
    Bullets,
    Figure,
    Headline,
    KeyFigure,
    Paragraph,
    Report,
    Section,
    Table,
)

__all__ = ["service_report"]

MUCH_UNLINKED = 0.10
STAFF = "staff"


def service_report(material: Material) -> Report:
    """Make the report for a service manager.

    Parameters
    ----------
    material : Material
        The study and what may be shown of it.

    Returns
    -------
    Report
        The answer and what it does not show; then what was asked, how sure the answer is, what
        to consider, and where the scores stand.
    """
    finding = finding_of(material)
    return report_of(
        material,
        "service",
        notices(material),
        Headline(
            "The answer in brief",
            sentences.answer_words(finding),
            sentences.certainty_words(finding),
            sentences.limits(finding),
            tuple(_key_figures(finding)),
        ),
        (
            _asked(material),
            *_lights(material),
            *_found(finding),
            _consider(material, finding),
            _standing(material),
        ),
    )


def _key_figures(finding: Finding) -> Iterator[KeyFigure]:
    if not finding.told:
        return
    share = abs(finding.difference[0])
    if finding.directed and math.isfinite(share):
        yield KeyFigure(
            percent(share),
            "of the scale between workers who score rather high and rather low",
        )
    yield KeyFigure(finding.workers, "workers in the comparison")
    people = "answers of service users" if "waves" in finding.doubts else "service users"
    yield KeyFigure(finding.users, f"{people} in the comparison")


def _asked(material: Material) -> Section:
    """Say who was asked what, and how many answered."""
    words = [_asked_words(material, one) for one in material.surveys]
    teams = material.study.teams
    if teams is not None:
        staff = material.rules.spoken(teams.responses.n, STAFF).capitalize()
        words.append(
            f"{staff} members of staff answered {plain(teams.instrument.title)}, on what their "
            f"team is like to work in: {len(teams.instrument.item_ids)} questions."
        )
    if material.rules.rounded:
        words[-1] += f" {sentences.ROUNDED}"
    return Section("what-we-asked", "What we asked", tuple(Paragraph(text) for text in words))


def _asked_words(material: Material, one: SurveyMaterial) -> str:
    instrument, rules = one.survey.instrument, material.rules
    answered = rules.spoken(one.survey.n_answered, one.role).capitalize()
    log = material.study.linked.log
    linked = log.n_workers_linked if one.role == "worker" else log.n_service_users_linked
    whom = "people who answered" if one.role == "worker" else "their worker's answers"
    waves = one.survey.n_waves > 1
    given = (
        f"answers of {one.people}, in several waves, are to" if waves else f"{one.people} answered"
    )
    return (
        f"{answered} {given} {plain(instrument.title)}: "
        f"{len(instrument.item_ids)} questions. {rules.spoken(linked, one.role).capitalize()} of "
        f"them could be linked with {whom}."
    )


def _found(finding: Finding) -> Iterator[Section]:
    """Show how large it is and how sure; where nothing can be told, the answer has said so."""
    blocks: list[Block] = []
    if size := sentences.size_words(finding):
        blocks.append(Paragraph(size))
    if finding.expected is not None and finding.case != "few":
        blocks.append(_figure(finding, *finding.expected))
    if blocks:
        yield Section("what-we-found", "What we found", tuple(blocks))
    if points := tuple(sentences.doubt_points(finding)):
        yield Section("how-sure", "How sure we are", (Bullets(points),))


def _figure(finding: Finding, low: Expected, high: Expected) -> Figure:
    digits = sentences.score_digits(finding)
    rows = [
        BriefRow(
            f"Workers who score rather {word}",
            one.mean,
            one.low,
            one.high,
            number(one.mean, digits),
        )
        for word, one in (("high", high), ("low", low))
    ]
    outcome = finding.said.outcome
    words = (
        f"{sentences.answer_words(finding)} {outcome.with_range} expected with workers who score "
        f"rather high: {number(high.mean, digits)} ({finding.said.level} interval "
        f"{number(high.low, digits)} to {number(high.high, digits)}); with workers who score "
        f"rather low: {number(low.mean, digits)} ({number(low.low, digits)} to "
        f"{number(low.high, digits)})."
    )
    return Figure(
        id="figure-answer",
        title=f"{outcome.title} with workers who score rather high and rather low on "
        f"{finding.said.predictor.title}",
        alt=words,
        picture=brief_drawing(rows, outcome, "figure-answer", words),
        notes=(sentences.RATHER, "The bar is the range that fits the answers."),
    )


def _consider(material: Material, finding: Finding) -> Section:
    points = considerations(
        finding,
        unlinked=_unlinked(material),
        drafts=[
            instrument.id for instrument in material.instruments if instrument.status == "draft"
        ],
    )
    return Section("what-to-consider", "What to consider", (Bullets(points),))


def _share(summary: ScoreSummary) -> float:
    scale = summary.scale
    return (summary.mean - scale.minimum) / (scale.maximum - scale.minimum)


def _unlinked(material: Material) -> str:
    one, log = material.service_users, material.study.linked.log
    answered, linked = one.survey.responses.n, log.n_service_users_linked
    share = material.rules.share_of(linked, answered, one.role)
    if not (math.isfinite(share) and share < 1 - MUCH_UNLINKED):
        return ""
    return material.rules.share(answered - linked, answered, one.role)


def _standing(material: Material) -> Section:
    """Tabulate where every scale stands, with its band where the instrument defines bands."""
    banded = any(has_bands(one.survey.instrument) for one in material.surveys)
    rows = tuple(
        _standing_row(material, one, summary, banded=banded)
        for one in material.surveys
        for summary in one.scores
    )
    notes = ["Percent of range: 0% is the lowest possible score, 100% the highest."]
    if banded:
        notes.append(
            "Bands are the instrument's own. They tell where a mean stands, no more. A mean "
            "between two bands is rounded to a whole number, half up."
        )
    notes += [
        f"Scores of {one.people} are not shown: {one.withheld}."
        for one in material.surveys
        if one.withheld
    ]
    if any(not material.rules.allows(s.n) for one in material.surveys for s in one.scores):
        notes.append(f"{MISSING}: {material.rules.few} people have a score.")
    table = Table(
        id="table-standing",
        caption="Where the scores stand: means of all who answered",
        columns=("Scale", "Answered by", "Range", "Mean", "Percent of range", "In words",
                 *(["Band"] if banded else [])),
        rows=rows,
        notes=tuple(notes),
        text_columns=frozenset({0, 1, 5, 6} if banded else {0, 1, 5}),
    )  # fmt: skip
    return Section("where-scores-stand", "Where the scores stand", (table,))


def _lights(material: Material) -> Iterator[Section]:
    """Tabulate answers by traffic light, where an instrument defines bands for answers."""
    shown = [(one.people, one.survey) for one in material.surveys if not one.withheld]
    teams = material.study.teams
    tables = [
        lights_table(survey, material.rules, people, f"table-lights-{people.split()[0]}")
        for people, survey in shown
    ]
    if teams is not None and staff_may_be_told(material, teams):
        tables.append(lights_table(teams, material.rules, "members of staff", "table-lights-staff"))
    found = tuple(table for table in tables if table is not None)
    if found:
        yield Section("traffic-lights", "Answers by traffic light", found)


def _standing_row(
    material: Material, one: SurveyMaterial, summary: ScoreSummary, *, banded: bool
) -> tuple[str, ...]:
    scale, instrument = summary.scale, one.survey.instrument
    start = (
        plain(scale.title),
        one.people,
        f"{whole(scale.minimum)} to {whole(scale.maximum)}",
    )
    if not material.rules.allows(summary.n):
        return (*start, *[MISSING] * (4 if banded else 3))
    band = band_words(instrument, scale, summary.mean) or "none defined"
    return (
        *start,
        number(summary.mean),
        percent(_share(summary)),
        standing_words(instrument, scale, summary.mean),
        *([band] if banded else []),
    )
