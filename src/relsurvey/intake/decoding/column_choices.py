"""What the texts of one column mean, where its platform says more than the instrument."""

from __future__ import annotations

from collections.abc import Sequence

from relsurvey.instruments import fold_label
from relsurvey.intake.decoding.answer_key import (
    BLANK,
    REASONS,
    Answer,
    AnswerKey,
    both_meaning,
    code_text,
    number_in,
    same_answer,
    without_tags,
)
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.fold import trimmed

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
        self._declared = {
            code_text(text): _answer(reason) if reason else self._reason_of(text)
            for text, reason in known.declared.items()
        }
        self._unexplained = {code_text(text) for text, why in known.declared.items() if not why}
        self._missing = {code_text(text): _answer(why) for text, why in known.missing.items()}
        # A label that is a number says nothing: scales from -3 to 3 are coded from 1 to 7.
        self._labels = {
            code_text(code): label
            for code, written in known.choices.items()
            if (label := without_tags(written)) and number_in(label) is None
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
        known = self._plain_meaning(text) or both_meaning(text, self._plain_meaning)
        plain = trimmed(without_tags(text))
        return known if known is not None or plain == text else self.meaning(plain)

    def _plain_meaning(self, text: str) -> Answer | None:
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

    @property
    def labelled(self) -> bool:
        """Whether the file gives labels for codes of the column."""
        return bool(self._labels)

    def unexplained(self, texts: Sequence[str], counts: Sequence[int]) -> dict[str, int]:
        """Return the cells with codes that the file declares missing and gives no reason for."""
        return {
            text: count
            for text, count in zip(texts, counts, strict=True)
            if count and code_text(text) in self._unexplained
        }

    def contradictions(self) -> dict[str, tuple[str, str, str]]:
        """Return where file and instrument give a label to different codes, or differ on one.

        By code in the file: its label there; and the code and the label in the instrument.
        """
        found = {}
        for code, label in self._labels.items():
            meant, number = self._by_label.get(code), number_in(code)
            if meant is not None and not meant.reason and meant.value != number:
                found[code] = (label, f"{meant.value:g}", label)
            elif meant is None and self._key.labelled(code):
                found[code] = (label, code, self._key.label_by_value[float(code)])
        return found

    def _reason_of(self, text: str) -> Answer:
        """Return the reason the instrument has for a code that the file only declares missing."""
        known = self._key.meaning(text)
        return known if known is not None and known.reason else BLANK

    def _of_code(self, code: str) -> Answer | None:
        if code in self._by_label:
            return self._by_label[code]
        # Both have a label for this code, and they are not the same: it could be anything.
        if self._key.labelled(code) or not self._as_numbered:
            return None
        return self._key.meaning(code)


def _answer(reason: str) -> Answer:
    return Answer(float("nan"), REASONS.index(reason))
