"""The questions of a Qualtrics survey definition: rows, labels, recodes, export tags."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Question", "Row", "listing", "plain_text", "questions_in"]

_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
# Matrices whose cells are texts, numbers or ranks, whatever their scale points are called.
_NO_CHOICES = frozenset({"TE", "CS", "RO"})


@dataclass(frozen=True)
class Row:
    """A row of a matrix, or a choice that has a column of its own.

    Attributes
    ----------
    id : str
        Its number in import ids; it stays when rows are moved or deleted.
    position : int
        Its place as shown, from 1.
    text : str
        What it says, HTML as it stands.
    tag : str
        Its own export tag; empty where it has none.
    code : str
        Its recode value.
    others : tuple of str
        What it says in other languages, and its variable name.
    """

    id: str
    position: int
    text: str
    tag: str = ""
    code: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    id, tag, text, label : str
        Its id (``QID3``), export tag, text, and the label that exports may show instead.
    rows : tuple of Row
        What has columns of its own: rows, choices of a multiple answer, fields of a form.
    choices : dict of str to str
        Label by recode value; empty where the cells are no choices.
    own_choices : dict of str to dict
        The same by row, where every row has scale points of its own.
    others : dict of str to str
        Label by what a cell may hold instead: the variable name, the label with its HTML, the
        label in another language.
    answers : tuple of Row
        Scale points of a matrix with several answers a row: they have a column each.
    is_split : bool
        Whether a choice has a column of its own, which holds 1 where it was ticked.
    is_matrix : bool
        Whether the rows have scale points; otherwise they are the choices themselves.
    """

    id: str
    tag: str
    text: str
    label: str = ""
    rows: tuple[Row, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    own_choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Row, ...] = ()
    is_split: bool = False
    is_matrix: bool = False


def plain_text(text: str) -> str:
    """Return a text without HTML, on one line.

    Examples
    --------
    >>> plain_text("I felt<br><b>safe</b>&nbsp;here.")
    'I felt safe here.'
    """
    bare = _TAG.sub(" ", _HIDDEN.sub(" ", text)) if "<" in text else text
    return " ".join(html.unescape(bare).split())


def questions_in(payload: Mapping[str, Any], own: str) -> Iterator[Question]:
    """Yield a question, and the columns of a side-by-side as questions of their own."""
    kind, selector = str(payload.get("QuestionType")), str(payload.get("Selector"))
    yield _question(payload, own, kind, selector)
    for number, part in _map(payload.get("AdditionalQuestions")).items():
        if isinstance(part, dict):
            one = str(part.get("QuestionID") or f"{own}#{number}")
            kind, selector = str(part.get("QuestionType")), str(part.get("Selector"))
            yield _question(_column_of(payload, part), one, kind, selector)


def _column_of(payload: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """Return a column of a side-by-side as the matrix that it is; the rows may be the whole's."""
    shared = ("Choices", "ChoiceOrder", "ChoiceDataExportTags")
    return {
        **part,
        **{key: part.get(key) or payload.get(key) for key in shared},
        "QuestionText": f"{payload.get('QuestionText') or ''} - {part.get('QuestionText') or ''}",
        "QuestionDescription": payload.get("QuestionDescription"),
    }


def _question(payload: Mapping[str, Any], own: str, kind: str, selector: str) -> Question:
    matrix = kind == "Matrix"
    several = kind == "MC" and (selector.startswith("MA") or selector == "MSB")
    split = several or (matrix and payload.get("SubSelector") == "MultipleAnswer")
    has_choices = kind in ("MC", "Matrix") and selector not in _NO_CHOICES
    recodes = _map(payload.get("RecodeValues"))
    tags = _map(payload.get("ChoiceDataExportTags"))
    points, order = ("Answers", "AnswerOrder") if matrix else ("Choices", "ChoiceOrder")
    answers = _rows(payload, points, order, {}, recodes)
    own_choices: dict[str, dict[str, str]] = {}
    if matrix and selector == "Profile":
        own_choices, answers = _profile(payload, recodes), ()
    labels = {one.code: plain_text(one.text) for one in answers}
    return Question(
        own,
        str(payload.get("DataExportTag") or own),
        str(payload.get("QuestionText") or ""),
        str(payload.get("QuestionDescription") or ""),
        _rows(payload, "Choices", "ChoiceOrder", tags, {} if matrix else recodes, named=not matrix),
        labels if has_choices and not split else {},
        own_choices,
        _others(payload, points, answers) if has_choices else {},
        answers if matrix and (split or selector == "TE") else (),
        split,
        matrix,
    )


def _rows(
    payload: Mapping[str, Any],
    key: str,
    order: str,
    tags: Mapping[str, Any],
    recodes: Mapping[str, Any],
    *,
    named: bool = False,
) -> tuple[Row, ...]:
    choices = _map(payload.get(key))
    names = _map(payload.get("VariableNaming")) if named else {}
    translated = _translated(payload, key)
    wanted = [str(one) for one in listing(payload.get(order)) if str(one) in choices]
    ids = list(dict.fromkeys([*wanted, *choices]))
    return tuple(
        Row(
            one,
            place,
            _display(choices[one]),
            str(tags.get(one) or ""),
            _code(recodes, one),
            tuple(filter(None, (_display(each.get(one)) for each in (names, *translated)))),
        )
        for place, one in enumerate(ids, start=1)
    )


def _translated(payload: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    languages = _map(payload.get("Language")).values()
    return [_map(one.get(key)) for one in languages if _is_map(one)]


def _profile(payload: Mapping[str, Any], recodes: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the labels by row, for a matrix whose rows have scale points of their own."""
    return {
        row: {
            _code(_map(recodes.get(row)), one): plain_text(_display(answer))
            for one, answer in _map(points).items()
        }
        for row, points in _map(payload.get("Answers")).items()
    }


def _others(payload: Mapping[str, Any], points: str, answers: tuple[Row, ...]) -> dict[str, str]:
    """Return what cells may hold beside the label: a variable name, HTML, a translation.

    A variable name replaces the label in exports of choice texts (Qualtrics support, Recode
    values).
    """
    names = _map(payload.get("VariableNaming"))
    translated = _translated(payload, points)
    found: dict[str, str] = {}
    for answer in answers:
        label = plain_text(answer.text)
        texts = [answer.text, names.get(answer.id)]
        texts += [_display(one[answer.id]) for one in translated if answer.id in one]
        for text in texts:
            if isinstance(text, str) and text.strip():
                found.setdefault(text.strip(), label)
                found.setdefault(plain_text(text), label)
    labels = {plain_text(answer.text) for answer in answers}
    return {text: label for text, label in found.items() if text not in labels}


def _display(choice: Any) -> str:
    return str(choice.get("Display") or "") if _is_map(choice) else str(choice or "")


def _code(recodes: Mapping[str, Any], one: str) -> str:
    code = recodes.get(one)
    return one if code is None or code == "" or isinstance(code, dict | list) else str(code)


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _map(value: Any) -> dict[str, Any]:
    """Return a mapping by id; the definition writes some as lists, and empty ones always."""
    if isinstance(value, dict):
        return {str(key): one for key, one in value.items()}
    if isinstance(value, list):
        return {str(place): one for place, one in enumerate(value) if one is not None}
    return {}


def listing(value: Any) -> list[Any]:
    """Return a list; what has no order is sometimes written as a mapping."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
