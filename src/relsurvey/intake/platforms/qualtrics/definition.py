"""What a survey definition says of each column that an export of it may have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from relsurvey.intake.platforms.qualtrics.qsf import Survey
from relsurvey.intake.platforms.qualtrics.questions import Question, Row, plain_text

__all__ = ["Match", "columns_of", "names_of", "siblings_of", "with_ids"]

_STALE_TAG = re.compile(r"Q\d+(?:\.\d+)?_\d+")


@dataclass(frozen=True, eq=False)
class Match:
    """What the definition says of one column.

    Attributes
    ----------
    stem, text : str
        The question and its row; without rows the text is the question.
    code : str
        The export tag of the row.
    ids : tuple of str
        What else the column may be called.
    choices, others : dict of str to str
        As in `Question`.
    question : str
        The label that exports may show instead of the question.
    also : tuple of str
        What else the row may be called: other languages, a variable name.
    is_box : bool
        Whether it is a box for text beside a row.
    """

    stem: str
    text: str
    code: str = ""
    ids: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    also: tuple[str, ...] = ()
    is_box: bool = False


def columns_of(question: Question) -> Iterator[tuple[str, Match]]:
    """Yield the columns of a question by what follows its id."""
    yield "", Match("", question.text, choices=question.choices, others=question.others)
    yield "TEXT", Match("", question.text, is_box=True)
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
        also = row.others
        match = Match(question.text, row.text, code, names, choices, question.others, also=also)
        yield row.id, match
        yield f"{row.id}_TEXT", Match(question.text, f"{row.text} - Text", is_box=True)
        for answer in question.answers:
            text = f"{row.text} - {answer.text}"
            ticked = {"1": plain_text(answer.text)} if question.is_split else {}
            yield f"{row.id}_{answer.id}", Match(question.text, text, choices=ticked)
            yield f"{row.id}_{answer.id}_TEXT", Match(question.text, text, is_box=True)


def siblings_of(survey: Survey) -> defaultdict[str, list[Match]]:
    """Return the rows of each question; under the empty text the questions without rows."""
    found: defaultdict[str, list[Match]] = defaultdict(list)
    for question in survey.questions.values():
        for rest, match in columns_of(question):
            if match.stem and not match.is_box:
                found[question.id].append(match)
            elif not rest and not question.is_matrix and not question.is_split:
                found[""].append(with_ids(match, question, rest))
    return found


def with_ids(match: Match, question: Question, rest: str) -> Match:
    """Return a match with the id of its column and the label of its question."""
    own = f"{question.id}_{rest}" if rest else question.id
    return replace(match, ids=(own, *match.ids), question=question.label)


def names_of(question: Question, rest: str) -> Iterator[str]:
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
