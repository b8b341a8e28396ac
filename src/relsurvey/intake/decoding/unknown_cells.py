"""The error on cells that neither file nor instrument knows: which, where, and what helps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import Instrument
from relsurvey.intake.decoding.answer_key import AnswerKey, code_text, number_in
from relsurvey.intake.decoding.column_choices import ColumnChoices
from relsurvey.intake.decoding.numbering import Numbering
from relsurvey.intake.decoding.remedy import remedy
from relsurvey.intake.export import Export
from relsurvey.intake.files.records import MOST_FAILURES
from relsurvey.intake.fold import shown, shown_answer, trimmed
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.personal import masked_answer
from relsurvey.text import and_list, counted

__all__ = ["UnknownCells"]

_TEXTS_GUESSED = 50
_MOST_VALUES = 6
_MOST_CONTRADICTIONS = 2

Found = tuple[ColumnMatch, NDArray[np.intp]]


@dataclass(frozen=True)
class UnknownCells:
    """Cells that neither the file nor the instrument knows.

    Attributes
    ----------
    export : Export
        The file.
    instrument : Instrument
        What was asked for.
    key : AnswerKey
        What it knows.
    found : list of (ColumnMatch, ndarray of int)
        Item columns, in the instrument's order, and the places of their unknown cells.
    numbering : Numbering
        Whether the numbers of the file seem to be counted from 1.
    dictionary : str
        Name of the file that labelled the codes; empty where it was the export itself.
    """

    export: Export
    instrument: Instrument
    key: AnswerKey
    found: list[Found]
    numbering: Numbering
    dictionary: str = ""

    def error(self) -> IntakeError:
        """Return the error, with every cell as a failure."""
        counts: Counter[str] = Counter()
        where: defaultdict[str, list[str]] = defaultdict(list)
        labels: dict[str, str] = {}
        for match, text, count in self._texts():
            counts[text] += count
            where[text].append(match.name)
            labels.setdefault(text, self._label(match.position, text))
        values = [
            f"{shown_answer(text)}{labels[text] and f' ({shown(labels[text])})'} "
            f"{'once' if count == 1 else f'{count:,} times'} ({listed(where[text], 3)})"
            for text, count in counts.most_common(_MOST_VALUES)
        ]
        total, failures = sum(counts.values()), self._failures()
        more = len(counts) - len(values)
        rest = f", and {counted(more, 'other value')}" if more else ""
        unlisted = f" The first {len(failures):,} are listed." if len(failures) < total else ""
        noun = "cell is" if total == 1 else "cells are"
        from_one = self.numbering.from_one
        return IntakeError(
            f"{self.export.table.path.name}: {total:,} {noun} no answer that "
            f"{self.instrument.id} knows: {', '.join(values)}{rest}."
            f"{f' {self.numbering.told()}' if from_one else ''}{self._differing()}{unlisted}",
            hint=remedy(self.export, self.instrument, self.key, labels, from_one=from_one),
            failures=failures,
        )

    def _texts(self) -> Iterator[tuple[ColumnMatch, str, int]]:
        """Yield the distinct unknown texts of each column, with how often each stands there."""
        for match, rows in self.found:
            column = self.export.table.columns[match.position]
            counts = np.bincount(column.codes[rows], minlength=len(column.texts))
            for number in np.flatnonzero(counts).tolist():
                yield match, column.texts[number], int(counts[number])

    def _label(self, position: int, text: str) -> str:
        """Return the label that the file gives a text, where it is a code; else an empty text."""
        labels = self.export.columns[position].choices
        return {code_text(code): label for code, label in labels.items()}.get(code_text(text), "")

    def _differing(self) -> str:
        """Say where the labels of the file contradict those of the instrument."""
        said: dict[str, str] = {}
        unclear: dict[str, None] = {}
        for match, text, _ in self._texts():
            choices = ColumnChoices(self.export.columns[match.position], self.key)
            differing = choices.contradictions()
            own = {code_text(text)} & set(differing) or set(differing)
            if not own or not self.key.known_text(text) or number_in(text) is None:
                continue
            said |= {code: self._contrast(code, differing[code]) for code in sorted(own)}
            if not self._label(match.position, text):
                unclear[trimmed(text)] = None
        if not said:
            return ""
        contrasts = "; ".join(list(said.values())[:_MOST_CONTRADICTIONS])
        have = "which has no label, is" if len(unclear) == 1 else "which have no label, are"
        so = f"; so {and_list(sorted(unclear, key=float))}, {have} unclear" if unclear else ""
        return f" The labels differ: {contrasts}{so}."

    def _contrast(self, code: str, differing: tuple[str, str, str]) -> str:
        label, own, own_label = differing
        source = f"the dictionary {self.dictionary}" if self.dictionary else "the file"
        return (
            f"{source} says {code} = {shown(label)}, {self.instrument.id} says {own} = "
            f"{shown(own_label)}"
        )

    def _failures(self) -> list[dict[str, Any]]:
        table = self.export.table
        rows = np.concatenate([rows for _, rows in self.found])
        places = np.repeat(np.arange(len(self.found)), [len(rows) for _, rows in self.found])
        order = np.lexsort((places, rows))[:MOST_FAILURES]
        allowed: dict[str, str] = {}
        failures = []
        for row, place in zip(rows[order].tolist(), places[order].tolist(), strict=True):
            match = self.found[place][0]
            column = table.columns[match.position]
            text = column.texts[column.codes[row]]
            label = self._label(match.position, text)
            failures.append(
                {
                    "row": int(table.rows[row]),
                    "column": match.heading,
                    "item": match.name,
                    "value": masked_answer(text),
                    **({"label in the file": label} if label else {}),
                    "allowed": self._allowed(text, allowed),
                }
            )
        return failures

    def _allowed(self, text: str, known: dict[str, str]) -> str:
        if text not in known:
            guess = len(known) < _TEXTS_GUESSED
            known[text] = self.key.allowed_for(trimmed(text)) if guess else self.key.allowed
            if number_in(text) is not None and self.key.known_text(text):
                known[text] = "a code whose label in the file is the instrument's"
        return known[text]
