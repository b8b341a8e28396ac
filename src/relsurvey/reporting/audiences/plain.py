"""The report for the people who answered: one page in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator

from relsurvey.reporting.audiences.cover import report_of
from relsurvey.reporting.figures.people import PeopleRow, people_drawing
from relsurvey.reporting.material import Material
from relsurvey.reporting.plain import plain, shortened
from relsurvey.reporting.sentences import plain as sentences
from relsurvey.reporting.sentences.finding import Finding, finding_of
from relsurvey.reporting.summaries import ScoreSummary
from relsurvey.text import and_list
from relsurvey.views import (
    Block,
    Bullets,
    Figure,
    Headline,
    Notice,
    Paragraph,
    Report,
    Section,
)

__all__ = ["plain_report"]

MOST_ROWS = 3
NAME = 36  # letters of a scale's title
TENTH = 0.10


def plain_report(material: Material) -> Report:
    """Make the report for the people who answered.

    Parameters
    ----------
    material : Material
        The study and what may be shown of it.

    Returns
    -------
    Report
        What was found, what people told, what is not known, what happens with answers. Its own
        sentences have a reading age of about eleven; titles are the study's and the
        instruments' own, and stand in quotation marks.
    """
    finding = finding_of(material)
    return report_of(
        material,
        "plain",
        _notices(material),
        Headline(
            "What we found",
            sentences.found_words(finding),
            " ".join(filter(None, (sentences.size_words(finding),
                                   sentences.certainty_words(finding)))),
            (),
            (),
        ),
        (
            _told(material, finding),
            _points("what-we-do-not-know", "What we do not know", sentences.not_known(finding)),
            _points(
                "what-happens-with-your-answers",
                "What happens with your answers",
                sentences.handling_words(material.rules.threshold, rounded=finding.rounded),
            ),
        ),
    )  # fmt: skip


def _notices(material: Material) -> tuple[Notice, ...]:
    if not material.study.notice:
        return ()
    return (Notice("Please note", plain(material.study.notice)),)


def _points(name: str, title: str, points: tuple[str, ...]) -> Section:
    return Section(name, title, (Bullets(tuple(("", point) for point in points)),))


def _told(material: Material, finding: Finding) -> Section:
    one, rules = material.service_users, material.rules
    answered = rules.spoken(one.survey.n_answered, one.role)
    answered_words = sentences.answered_words(answered, waves=one.survey.n_waves > 1)
    blocks: list[Block] = [Paragraph(f"{sentences.told_words(finding)} {answered_words}")]
    rows = list(_rows(material))
    if rows:
        if len(rows) < len(one.survey.instrument.scales):
            blocks.append(Paragraph(sentences.SOME_SHOWN))
        blocks.append(_figure(rows))
    return Section("what-you-told-us", "What you told us", tuple(blocks))


def _rows(material: Material) -> Iterator[PeopleRow]:
    """Say of how many in ten service users each score lies in the upper half."""
    one, rules = material.service_users, material.rules
    told: list[tuple[ScoreSummary, float, bool]] = []
    for summary in one.scores:
        middle = (summary.scale.minimum + summary.scale.maximum) / 2
        part = int((summary.values > middle).sum())
        share = rules.share_of(part, summary.n, one.role, finest=TENTH)
        if math.isfinite(share):
            told.append((summary, share, part in {0, summary.n}))
    # Of many scales, those that are made of others tell most.
    told.sort(key=lambda one: not one[0].composite)
    for summary, share, alike in told[:MOST_ROWS]:
        yield PeopleRow(
            sentences.named(shortened(summary.scale.title, NAME)),
            sentences.in_ten(share),
            sentences.share_words(share, alike=alike),
        )


def _figure(rows: list[PeopleRow]) -> Figure:
    words = and_list([f"{row.label}: {row.words}" for row in rows])
    alt = f"How many people have a score in the top half of the scale. {words}."
    return Figure(
        id="figure-people",
        title="How many people have a score in the top half of the scale",
        alt=alt,
        picture=people_drawing(rows, "figure-people", alt),
        notes=(),
    )
