"""What every text that an instrument allows means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from relsurvey.errors import listed, suggestion
from relsurvey.instruments import (
    Instrument,
    MissingCode,
    NotApplicableCode,
    ResponseScale,
    fold_label,
)
from relsurvey.intake.decoding.numbered_label import number_and_label
from relsurvey.intake.fold import trimmed, without_html

__all__ = [
    "BLANK",
    "REASONS",
    "SPOKEN",
    "Answer",
    "AnswerKey",
    "both_meaning",
    "code_text",
    "number_in",
    "same_answer",
    "without_tags",
]

REASONS: tuple[str | None, ...] = (
    None,
    "unanswered",
    "not_applicable",
    "not_shown",
    "dont_know",
    "prefer_not",
    "out_of_scale",
    "unreadable",
)
SPOKEN = {
    "unanswered": "unanswered",
    "not_applicable": "not applicable",
    "not_shown": "not shown",
    "dont_know": "don't know",
    "prefer_not": "prefer not to say",
    "out_of_scale": "out of scale",
    "unreadable": "unreadable",
}
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


BLANK = Answer(float("nan"), REASONS.index("unanswered"))


class AnswerKey:
    """What every text that an instrument allows means.

    Parameters
    ----------
    instrument : Instrument
        Its response scale holds the codes, labels and declared tokens.

    Attributes
    ----------
    values : tuple of float
        The codes of the scale, in the instrument's order.
    label_by_value : dict of float to str
        The first label of those that have one.
    choices : int
        How many answers a form offers: codes, and labels for no answer.
    allowed : str
        What a cell may hold, for messages.

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
        self.values = tuple(float(code.value) for code in scale.codes)
        self.label_by_value = {
            float(code.value): next(iter(code.label.values())) for code in scale.codes if code.label
        }
        specials: tuple[NotApplicableCode | MissingCode, ...] = (
            *scale.not_applicable,
            *scale.missing,
        )
        for special in specials:
            answer = Answer(float("nan"), REASONS.index(special.reason))
            for label in (special.code, *special.label.values(), *special.aliases):
                self._enter_text(label, answer)
        self.choices = len(scale.codes) + sum(bool(one.label) for one in specials)
        shown = {
            fold_label(label) for one in specials for label in (*one.label.values(), *one.aliases)
        }
        self._codes_in_words = {
            folded
            for one in specials
            if number_in(one.code) is None and (folded := fold_label(one.code)) not in shown
        }
        self._labels_as_written = [
            label for code in scale.codes for label in (*code.label.values(), *code.aliases)
        ]
        self.allowed = _allowed(scale)

    def _enter_text(self, text: str, answer: Answer) -> None:
        number = number_in(text)
        if number is None:
            _enter(self._labels, fold_label(text), answer)
        else:
            _enter(self._numbers, number, answer)

    def meaning(self, text: str) -> Answer | None:
        """Return what a cell means; ``None`` where the instrument does not know it.

        A number beside its label ("4 - Agree") is an answer where both say the same.
        """
        if not trimmed(text):
            return BLANK
        known = self._plain_meaning(text) or both_meaning(text, self._plain_meaning)
        plain = without_tags(text)
        return known if known is not None or plain == text else self.meaning(plain)

    def _plain_meaning(self, text: str) -> Answer | None:
        number = number_in(text)
        return self._labels.get(fold_label(text)) if number is None else self._numbers.get(number)

    def known_text(self, text: str) -> bool:
        """Say whether a text is a code or a label, be it one that stands for two answers."""
        return number_in(text) in self._numbers or fold_label(text) in self._labels

    def labelled(self, text: str) -> bool:
        """Say whether a text is the number of an answer that has a label as well."""
        number = number_in(text)
        return number is not None and number in self.label_by_value

    def is_code_in_words(self, text: str) -> bool:
        """Say whether a text is a code such as "n/a" that is no answer's label or alias."""
        return fold_label(text) in self._codes_in_words

    def allowed_for(self, text: str) -> str:
        """Return what is allowed, with the label a text is most likely a slip for."""
        near = suggestion(trimmed(text)[:100], self._labels_as_written)
        return f"{self.allowed}; did you mean {near!r}?" if near else self.allowed


def _enter(table: dict[KeyT, Answer | None], key: KeyT, answer: Answer) -> None:
    # One text for two answers means neither: such a cell is a fault, not a choice of ours.
    same = table.get(key, answer)
    table[key] = answer if same is not None and same_answer(same, answer) else None


def same_answer(one: Answer, other: Answer) -> bool:
    """Say whether two answers are the same code, or the same reason for none."""
    return one.reason == other.reason and (one.value == other.value or one.reason != 0)


def both_meaning(text: str, meaning: Callable[[str], Answer | None]) -> Answer | None:
    """Return what a number and a label in one cell mean, where they mean the same.

    Parameters
    ----------
    text : str
        Such as "4 - Agree" or "Agree (4)".
    meaning : callable
        What a number or a label means by itself.

    Returns
    -------
    Answer or None
        ``None`` where the cell is no such pair, or its two sides disagree.
    """
    for number, label in number_and_label(text):
        one, other = meaning(number), meaning(label)
        alike = one is not None and other is not None and same_answer(one, other)
        if alike and number_in(label) is None:
            return one
    return None


def without_tags(text: str) -> str:
    """Take HTML out of a cell; all others are left as they are, at no cost."""
    return without_html(text) if "<" in text or "&" in text else text


def number_in(text: str) -> float | None:
    """Return the number that a text is; ``None`` where it is none, or longer than any code.

    Examples
    --------
    >>> number_in(" 4.0 "), number_in("1e3") is None
    (4.0, True)
    """
    plain = trimmed(text)
    return float(plain) if _NUMBER.fullmatch(plain) else None


def code_text(text: str) -> str:
    """Bring the spellings of one code together.

    Examples
    --------
    >>> code_text("1.0"), code_text(" 01"), code_text("a")
    ('1', '1', 'a')
    """
    number = number_in(text)
    return trimmed(text) if number is None else f"{number:.15g}"


def _allowed(scale: ResponseScale) -> str:
    allowed = [(f"{code.value:g}", code.label) for code in scale.codes]
    allowed += [(one.code, one.label) for one in (*scale.not_applicable, *scale.missing)]
    words = [f"{code} ({next(iter(label.values()))})" if label else code for code, label in allowed]
    return f"{listed(words)}, or blank"
