"""Which column of an export is which of a survey definition, and whether the two belong together.

Ids tell it (``QID3_1``) where row 3 is there, otherwise names and texts. But every survey begins
with QID1, and Qualtrics calls its column Q1: that the ids are known is not enough. The questions
have to say the same as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from relsurvey.errors import listed
from relsurvey.intake.platforms.qualtrics.alike import alike, bare
from relsurvey.intake.platforms.qualtrics.by_names import by_names
from relsurvey.intake.platforms.qualtrics.columns import Described
from relsurvey.intake.platforms.qualtrics.contradictions import (
    fault_of,
    is_other_question,
    is_other_row,
)
from relsurvey.intake.platforms.qualtrics.definition import Match, columns_of, siblings_of
from relsurvey.intake.platforms.qualtrics.headings import HeadingRows
from relsurvey.intake.platforms.qualtrics.matched import Matched
from relsurvey.intake.platforms.qualtrics.qsf import Survey

__all__ = ["matched"]

# Questions may have been added or reworded since; most of them have to be there and the same.
_KNOWN = 0.9
_ALIKE = 0.5


def matched(rows: HeadingRows, described: Described, survey: Survey) -> Matched:
    """Match the columns, and judge whether the definition belongs to the file."""
    if rows.ids:
        return _by_ids(rows, described, survey)
    return by_names(rows, described, survey)


def _by_ids(rows: HeadingRows, described: Described, survey: Survey) -> Matched:
    asked: dict[str, list[int]] = defaultdict(list)
    for position, place in enumerate(described.places):
        if place is not None and described.columns[position].role == "answer":
            asked[place.question.partition("#")[0]].append(position)
    known = {one for one in asked if one in survey.questions}
    alike = {one for one in known if _says_same(rows, described, asked[one], survey, one)}
    belongs = bool(known) and len(known) >= _KNOWN * len(asked)
    belongs = belongs and len(alike) >= _ALIKE * len(known)
    names = [column.name for column in described.columns]
    faults = [
        {
            "question": one,
            "column": names[asked[one][0]],
            "problem": "says something else" if one in known else "not in the .qsf",
        }
        for one in asked
        if one not in alike
    ]
    later = [names[place] for one in asked if one not in known for place in asked[one]]
    columns = _found(described, survey, [place for one in known for place in asked[one]])
    reworded = [
        position
        for one in known - alike
        for position in asked[one]
        if position in columns and not columns[position].stem
    ]
    contradicted = _contradicted(rows, described, survey, columns, reworded)
    for position in reworded:
        # The data were collected under the words of the file.
        columns[position] = replace(columns[position], text="")
    return Matched(
        belongs,
        _why_not(asked, known, alike),
        faults,
        columns,
        later,
        contradicted,
        [names[position] for position in sorted(reworded)],
    )


def _contradicted(
    rows: HeadingRows,
    described: Described,
    survey: Survey,
    columns: Mapping[int, Match],
    reworded: Sequence[int],
) -> list[dict[str, str]]:
    """Return the columns that are another row or question in the definition than in the file."""
    if not rows.texts:
        return []
    siblings = siblings_of(survey)
    found = []
    for position, match in sorted(columns.items()):
        place, said = described.places[position], rows.texts[position]
        if place is None or match.is_box:
            continue
        if match.stem:
            is_whole = "#" not in place.question
            wrong = is_other_row(said, rows, match, siblings[place.question], is_whole=is_whole)
        else:
            wrong = position in reworded and is_other_question(said, siblings[""])
        if wrong:
            found.append(fault_of(described.columns[position].name, said, match))
    return found


def _found(described: Described, survey: Survey, positions: Sequence[int]) -> dict[int, Match]:
    parts = {one: dict(columns_of(question)) for one, question in survey.questions.items()}
    columns = {}
    for position in positions:
        place = described.places[position]
        match = place and parts.get(place.question, {}).get(place.rest)
        if match:
            columns[position] = match
    return columns


def _why_not(asked: Mapping[str, object], known: set[str], alike: set[str]) -> str:
    if not asked:
        return "the file has no column with a question's id"
    absent = [one for one in asked if one not in known]
    if len(known) < _KNOWN * len(asked):
        return f"it lacks {len(absent)} of the file's {len(asked)} questions ({listed(absent, 5)})"
    other = [one for one in asked if one in known and one not in alike]
    return f"in {len(other)} of {len(known)} questions the text differs ({listed(other, 5)})"


def _says_same(
    rows: HeadingRows, described: Described, places: Sequence[int], survey: Survey, one: str
) -> bool:
    question = survey.questions[one]
    texts = [plain for place in places if rows.texts and (plain := bare(rows.texts[place]))]
    wordings = [plain for text in (question.text, question.label) if (plain := bare(text))]
    if texts and wordings:
        return any(alike(text, wording) for text in texts for wording in wordings)
    names = [described.columns[place].name for place in places]
    tags = [question.tag, *(row.tag for row in question.rows if row.tag)]
    return any(name.startswith(tag) or f"_{tag}" in name for name in names for tag in tags)
