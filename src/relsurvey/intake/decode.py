"""From the texts of a column to codes, and to the reason where there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from relsurvey.errors import listed, suggestion
from relsurvey.instruments import (
    Instrument,
    MissingCode,
    NotApplicableCode,
    ResponseScale,
    fold_label,
)
from relsurvey.intake.fold import trimmed
from relsurvey.intake.table import TextColumn

__all__ = ["REASONS", "AnswerKey", "DecodedColumn", "decode"]

REASONS: tuple[str | None, ...] = (
    None,
    "unanswered",
    "not_applicable",
    "not_shown",
    "dont_know",
    "prefer_not",
)
KeyT = TypeVar("KeyT")

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


@dataclass(frozen=True)
class Answer:
    """What a text means.

    Attributes
    ----------
    value : float
        The code; NaN where there is none.
    reason : int
        Position in ``REASONS``.
    """

    value: float
    reason: int = 0


_BLANK = Answer(float("nan"), REASONS.index("unanswered"))


@dataclass(frozen=True, eq=False)
class DecodedColumn:
    """A column as codes.

    Attributes
    ----------
    codes : ndarray of float64, shape (n_rows,)
        The codes; NaN where there is none.
    reasons : ndarray of int8, shape (n_rows,)
        Positions in ``REASONS``.
    unknown : ndarray of bool, shape (n_rows,)
        Which cells the instrument does not know.
    from_labels, from_codes : int
        How many answers were labels, and how many were codes.
    """

    codes: NDArray[np.float64]
    reasons: NDArray[np.int8]
    unknown: NDArray[np.bool_]
    from_labels: int
    from_codes: int


class AnswerKey:
    """What every text that an instrument allows means.

    Parameters
    ----------
    instrument : Instrument
        Its response scale holds the codes, labels and declared tokens.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> key = AnswerKey(load_instrument("rpq-16"))
    >>> key.meaning(" 4.0 ").value, key.meaning("7") is None
    (4.0, True)
    """

    def __init__(self, instrument: Instrument) -> None:
        self._numbers: dict[float, Answer | None] = {}
        self._labels: dict[str, Answer | None] = {}
        scale = instrument.response_scale
        for code in scale.codes:
            answer = Answer(float(code.value))
            _enter(self._numbers, float(code.value), answer)
            for label in (*code.label.values(), *code.aliases):
                self._enter_text(label, answer)
        specials: tuple[NotApplicableCode | MissingCode, ...] = (
            *scale.not_applicable,
            *scale.missing,
        )
        for special in specials:
            answer = Answer(float("nan"), REASONS.index(special.reason))
            for label in (special.code, *special.label.values(), *special.aliases):
                self._enter_text(label, answer)
        self._labels_as_written = [
            label for code in scale.codes for label in (*code.label.values(), *code.aliases)
        ]
        self.allowed = _allowed(scale)

    def _enter_text(self, text: str, answer: Answer) -> None:
        number = _number(text)
        if number is None:
            _enter(self._labels, fold_label(text), answer)
        else:
            _enter(self._numbers, number, answer)

    def meaning(self, text: str) -> Answer | None:
        """Return what a cell means; ``None`` where the instrument does not know it."""
        if not trimmed(text):
            return _BLANK
        number = _number(text)
        return self._labels.get(fold_label(text)) if number is None else self._numbers.get(number)

    def allowed_for(self, text: str) -> str:
        """Return what is allowed, with the label a text is most likely a slip for."""
        near = suggestion(trimmed(text)[:100], self._labels_as_written)
        return f"{self.allowed}; did you mean {near!r}?" if near else self.allowed


def decode(column: TextColumn, key: AnswerKey) -> DecodedColumn:
    """Decode a column, each distinct text once.

    Parameters
    ----------
    column : TextColumn
        Cells as text.
    key : AnswerKey
        What they may be.

    Returns
    -------
    DecodedColumn
        Codes, reasons, and which cells are unknown.
    """
    meanings = [key.meaning(text) for text in column.texts]
    known = [_BLANK if meaning is None else meaning for meaning in meanings]
    counts = np.bincount(column.codes, minlength=len(column.texts))
    labels = codes = 0
    for text, meaning, count in zip(column.texts, meanings, counts.tolist(), strict=True):
        if meaning is not None and not meaning.reason:
            labels, codes = (
                (labels + count, codes) if _number(text) is None else (labels, codes + count)
            )
    return DecodedColumn(
        codes=np.array([answer.value for answer in known], dtype=np.float64)[column.codes],
        reasons=np.array([answer.reason for answer in known], dtype=np.int8)[column.codes],
        unknown=column.marked([meaning is None for meaning in meanings]),
        from_labels=labels,
        from_codes=codes,
    )


def _enter(table: dict[KeyT, Answer | None], key: KeyT, answer: Answer) -> None:
    # One text for two answers means neither: such a cell is a fault, not a choice of ours.
    same = table.get(key, answer)
    table[key] = answer if same is not None and _equal(same, answer) else None


def _equal(one: Answer, other: Answer) -> bool:
    return one.reason == other.reason and (one.value == other.value or one.reason != 0)


def _number(text: str) -> float | None:
    plain = trimmed(text)
    return float(plain) if _NUMBER.fullmatch(plain) else None


def _allowed(scale: ResponseScale) -> str:
    allowed = [(f"{code.value:g}", code.label) for code in scale.codes]
    allowed += [(one.code, one.label) for one in (*scale.not_applicable, *scale.missing)]
    words = [f"{code} ({next(iter(label.values()))})" if label else code for code, label in allowed]
    return f"{listed(words)}, or blank"
