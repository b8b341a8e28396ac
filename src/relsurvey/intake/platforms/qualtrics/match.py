"""Which column of an export is which of a survey definition, and whether the two belong together.

Ids tell it (``QID3_1``) where row 3 is there, otherwise names and texts. But every survey begins
with QID1, and Qualtrics calls its column Q1: that the ids are known is not enough. The questions
have to say the same as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from relsurvey.errors import listed
from relsurvey.intake.platforms.qualtrics.columns import Described
from relsurvey.intake.platforms.qualtrics.headings import HeadingRows
from relsurvey.intake.platforms.qualtrics.qsf import Survey
from relsurvey.intake.platforms.qualtrics.questions import Question, Row, plain_text

__all__ = ["Match", "Matched", "matched"]

# Questions may have been added or reworded since; most of them have to be there and the same.
_KNOWN = 0.9
_ALIKE = 0.5
_COMPARED = 40
_STALE_TAG = re.compile(r"Q\d+(?:\.\d+)?_\d+")
_LOOP = re.compile(r"x?\d+_")


@dataclass(frozen=True, eq=False)
class Match:
    """What the definition says of one column."""

    stem: str
    text: str
    code: str = ""
    ids: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    question: str = ""


@dataclass(frozen=True)
class Matched:
    """What was found.

    Attributes
    ----------
    belongs : bool
        Whether the definition is that of the file.
    why : str
        Why not.
    faults : list of dict
        The questions that are missing or say something else.
    columns : dict of int to Match
        By position.
    unknown : list of str
        Names of columns with answers that the definition does not have.
    """

    belongs: bool
    why: str
    faults: list[dict[str, str]]
    columns: dict[int, Match]
    unknown: list[str]


def matched(rows: HeadingRows, described: Described, survey: Survey) -> Matched:
    """Match the columns, and judge whether the definition belongs to the file."""
    if rows.ids:
        return _by_ids(rows, described, survey)
    return _by_names(rows, described, survey)


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
    return Matched(belongs, _why_not(asked, known, alike), faults, columns, later)


def _found(described: Described, survey: Survey, positions: Sequence[int]) -> dict[int, Match]:
    parts = {one: dict(_columns(question)) for one, question in survey.questions.items()}
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
    texts = [plain for place in places if rows.texts and (plain := _plain(rows.texts[place]))]
    wordings = [plain for text in (question.text, question.label) if (plain := _plain(text))]
    if texts and wordings:
        return any(_alike(text, wording) for text in texts for wording in wordings)
    names = [described.columns[place].name for place in places]
    tags = [question.tag, *(row.tag for row in question.rows if row.tag)]
    return any(name.startswith(tag) or f"_{tag}" in name for name in names for tag in tags)


def _alike(text: str, wording: str) -> bool:
    """Say whether a heading holds a question; it may be cut, or follow a loop's name."""
    return wording[:_COMPARED] in text or (len(text) >= _COMPARED and text[:_COMPARED] in wording)


def _plain(text: str) -> str:
    """Return letters and digits up to the first text that is put in when the survey is taken."""
    # Twice: a tag that people are to see is an entity in the survey, and a plain sign in the file.
    kept = plain_text(plain_text(text)).partition("${")[0].removesuffix("...")
    return "".join(filter(str.isalnum, kept.casefold()))


def _columns(question: Question) -> Iterator[tuple[str, Match]]:
    """Yield the columns of a question by what follows its id."""
    yield "", Match("", question.text, choices=question.choices, others=question.others)
    yield "TEXT", Match("", question.text)
    for row in question.rows:
        code = "" if _STALE_TAG.fullmatch(row.tag) else row.tag
        # The place or id of a row may be the name of another column.
        names = (f"{question.tag}_{row.tag}",) if code else ()
        if question.is_split and not question.answers:
            choices: Mapping[str, str] = {"1": plain_text(row.text)}
        elif question.own_choices:
            choices = question.own_choices.get(row.id, {})
        else:
            choices = question.choices if question.is_matrix else {}
        yield row.id, Match(question.text, row.text, code, names, choices, question.others)
        yield f"{row.id}_TEXT", Match(question.text, f"{row.text} - Text")
        for answer in question.answers:
            text = f"{row.text} - {answer.text}"
            ticked = {"1": plain_text(answer.text)} if question.is_split else {}
            yield f"{row.id}_{answer.id}", Match(question.text, text, choices=ticked)
            yield f"{row.id}_{answer.id}_TEXT", Match(question.text, text)


def _by_names(rows: HeadingRows, described: Described, survey: Survey) -> Matched:
    index: defaultdict[str, list[Match]] = defaultdict(list)
    for question in survey.questions.values():
        for rest, match in _columns(question):
            for name in _names(question, rest):
                index[_folded(name)].append(_of(match, question, rest))
    asked = [
        place
        for place, column in enumerate(described.columns)
        if column.role == "answer" and column.name not in survey.fields
    ]
    columns: dict[int, Match] = {}
    for position in asked:
        text = _plain(rows.texts[position]) if rows.texts else ""
        name = _folded(described.columns[position].name)
        candidates = index.get(name) or index.get(_LOOP.sub("", name, count=1), [])
        chosen = _chosen(candidates, text)
        if chosen is not None:
            columns[position] = chosen
    unknown = [described.columns[place].name for place in asked if place not in columns]
    faults = [{"column": name, "problem": "not in the .qsf"} for name in unknown]
    why = f"it lacks {len(unknown)} of the file's {len(asked)} columns ({listed(unknown, 5)})"
    belongs = bool(columns) and len(columns) >= _ALIKE * len(asked)
    return Matched(belongs, why, faults, columns, unknown)


def _of(match: Match, question: Question, rest: str) -> Match:
    own = f"{question.id}_{rest}" if rest else question.id
    return Match(
        match.stem,
        match.text,
        match.code,
        (own, *match.ids),
        match.choices,
        match.others,
        question.label,
    )


def _names(question: Question, rest: str) -> Iterator[str]:
    """Yield what exports without ids call a column: by tag, id, place or recode of the row."""
    tag = question.tag
    if rest in ("", "TEXT"):
        yield tag if not rest else f"{tag}_TEXT"
        return
    row_id, _, end = rest.partition("_")
    row = next(one for one in question.rows if one.id == row_id)
    starts = dict.fromkeys(filter(None, (row.tag, *_tagged(tag, row))))
    ends = [end]
    answer = next((one for one in question.answers if one.id == end.removesuffix("_TEXT")), None)
    if answer is not None:
        box = "_TEXT" if end.endswith("_TEXT") else ""
        ends = [f"{one}{box}" for one in (answer.id, str(answer.position), answer.code)]
    for start in starts:
        for one in dict.fromkeys(ends):
            yield f"{start}_{one}" if one else start


def _tagged(tag: str, row: Row) -> Iterator[str]:
    yield from (f"{tag}_{one}" for one in (row.tag, row.id, str(row.position), row.code) if one)
    if row.tag:
        # Files before 2016 leave the sign out before the tag of a row with a text box.
        yield f"{tag}{row.tag}"


def _folded(name: str) -> str:
    return re.sub(r"\W", "_", name).casefold()


def _chosen(candidates: Sequence[Match], text: str) -> Match | None:
    """Return the one candidate that says what the file says."""
    if not text:
        return candidates[0] if len({one.ids for one in candidates}) == 1 else None
    alike = {one: _likeness(one, text) for one in candidates if _could_be(one, text)}
    best = [one for one in alike if alike[one] == max(alike.values())]
    return best[0] if len({one.ids for one in best}) == 1 else None


def _could_be(one: Match, text: str) -> bool:
    """Say whether the file's text holds the question, and the row where there is one."""
    question = any(_alike(text, wording) for wording in _wordings(one))
    return question and (not one.stem or _plain(one.text)[:_COMPARED] in text)


def _likeness(one: Match, text: str) -> int:
    """Return how much of the question stands at the beginning, and of the row at the end."""
    start = max(_same_start(text, wording) for wording in _wordings(one))
    row = _plain(one.text) if one.stem else ""
    return start + (len(row) if text.endswith(row) else 0)


def _wordings(one: Match) -> list[str]:
    return [plain for part in (one.stem or one.text, one.question) if (plain := _plain(part))]


def _same_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
