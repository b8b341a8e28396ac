"""What the texts of one column mean, where its platform says more than the instrument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relsurvey.instruments import fold_label
from relsurvey.intake.decoding.answer_key import (
    BLANK,
    REASONS,
    Answer,
    AnswerKey,
    code_text,
    number_in,
    same_answer,
)
from relsurvey.intake.export import ExportColumn

__all__ = ["ColumnChoices"]


class ColumnChoices:
    """What the texts of one column mean, where the platform gives labels for its codes.

    The label goes before the code: platforms number answers as they like. A code is taken as it
    stands only where its label says the same, or where the instrument knows none of the labels.

    Parameters
    ----------
    known : ExportColumn
        Labels by code, and codes for no answer.
    key : AnswerKey
        What the instrument allows.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> column = ExportColumn("Q1", choices={"10": "Never", "11": "Sometimes"})
    >>> ColumnChoices(column, AnswerKey(load_instrument("peech-sc"))).meaning("11").value
    1.0
    """

    def __init__(self, known: ExportColumn, key: AnswerKey) -> None:
        self._key = key
        self._declared = _reasons(known.declared)
        self._missing = _reasons(known.missing)
        # A label that is a number says nothing: scales from -3 to 3 are coded from 1 to 7.
        self._labels = {
            code_text(code): label
            for code, label in known.choices.items()
            if label.strip() and number_in(label) is None
        }
        meant = {code: key.meaning(label) for code, label in self._labels.items()}
        self._by_label = {code: one for code, one in meant.items() if one is not None}
        self._as_numbered = all(
            one.reason != 0 if (own := key.meaning(code)) is None else same_answer(own, one)
            for code, one in self._by_label.items()
        )
        self._codes = {fold_label(label): code for code, label in self._labels.items()}

    def meaning(self, text: str) -> Answer | None:
        """Return what a cell means; ``None`` where neither file nor instrument knows it."""
        code = code_text(text)
        if code in self._declared:
            return self._declared[code]
        if not text:
            return self._missing.get("", BLANK)
        if code in self._labels:
            return self._of_code(code)
        # A code in words is a spelling of ours; where the platform writes the same by itself (N/A
        # in LimeSurvey, whose codes hold no such sign), the cell is the platform's.
        if code in self._missing and self._key.is_code_in_words(text):
            return self._missing[code]
        known = self._key.meaning(text)
        if known is not None and (self._as_numbered or number_in(text) is None):
            return known
        # A label the instrument does not have may be the label of a code that it has.
        code = self._codes.get(fold_label(text), "")
        return (self._of_code(code) if code else None) or self._missing.get(code_text(text))

    def recoded(
        self, texts: Sequence[str], counts: Sequence[int]
    ) -> dict[str, tuple[str, float, int]]:
        """Return what codes were read as another one, because their label says so."""
        found = {}
        for text, count in zip(texts, counts, strict=True):
            answer = self._by_label.get(code_text(text))
            if count and answer is not None and not answer.reason:
                number = number_in(text)
                if number is not None and number != answer.value:
                    found[text] = (self._labels[code_text(text)], answer.value, count)
        return found

    def _of_code(self, code: str) -> Answer | None:
        if code in self._by_label:
            return self._by_label[code]
        # Both have a label for this code, and they are not the same: it could be anything.
        if self._key.labelled(code) or not self._as_numbered:
            return None
        return self._key.meaning(code)


def _reasons(reasons: Mapping[str, str]) -> dict[str, Answer]:
    return {
        code_text(text): Answer(float("nan"), REASONS.index(reason))
        for text, reason in reasons.items()
    }
