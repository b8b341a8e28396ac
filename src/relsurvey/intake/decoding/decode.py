"""From the texts of a column to codes, and to the reason where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from relsurvey.intake.decoding.answer_key import (
    REASONS,
    Answer,
    AnswerKey,
    code_text,
    number_in,
)
from relsurvey.intake.decoding.column_choices import ColumnChoices
from relsurvey.intake.decoding.numbered_label import number_and_label
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.text_column import TextColumn

__all__ = ["DecodedColumn", "decode"]


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
    mixed : int
        How many codes stand beside labels although their answer has a label.
    numbers : dict of float to int
        Cells by number, of a column in which the file labels no code; without those that stand
        for no answer by the file or the platform's habit.
    unexplained : dict of str to tuple
        By code that the file declares missing without a label: the reason it was given, and how
        many cells.
    recoded : dict of str to tuple
        By code in the file whose label the instrument has under another code: the label, that
        code, and how many cells.
    """

    codes: NDArray[np.float64]
    reasons: NDArray[np.int8]
    unknown: NDArray[np.bool_]
    from_labels: int
    from_codes: int
    mixed: int
    recoded: dict[str, tuple[str, float, int]]
    numbers: dict[float, int]
    unexplained: dict[str, tuple[str, int]]

    def not_shown_in(self, rows: NDArray[np.bool_]) -> DecodedColumn:
        """Return the column with "not shown" where nothing stands in one of the rows."""
        blank = rows & (self.reasons == REASONS.index("unanswered"))
        reasons = np.where(blank, np.int8(REASONS.index("not_shown")), self.reasons)
        return replace(self, reasons=reasons)


def decode(column: TextColumn, key: AnswerKey, known: ExportColumn) -> DecodedColumn:
    """Decode a column, each distinct text once.

    Parameters
    ----------
    column : TextColumn
        Cells as text.
    key : AnswerKey
        What they may be by the instrument.
    known : ExportColumn
        What the platform says of the column: labels, and codes that stand for no answer.

    Returns
    -------
    DecodedColumn
        Codes, reasons, and which cells are unknown.
    """
    choices = ColumnChoices(known, key)
    meanings = [choices.meaning(text) for text in column.trimmed]
    counts = np.bincount(column.codes, minlength=len(column.texts)).tolist()
    answers = [
        _unknown_as(text) if one is None else one
        for text, one in zip(column.trimmed, meanings, strict=True)
    ]
    reasons = {text: REASONS[one.reason] for text, one in zip(column.trimmed, answers, strict=True)}
    labels, codes, mixed = _labels_and_codes(column.trimmed, meanings, counts, key)
    return DecodedColumn(
        codes=column.spread(np.array([answer.value for answer in answers], dtype=np.float64)),
        reasons=column.spread(np.array([answer.reason for answer in answers], dtype=np.int8)),
        unknown=column.marked([meaning is None for meaning in meanings]),
        from_labels=labels,
        from_codes=codes,
        mixed=mixed,
        recoded=choices.recoded(column.trimmed, counts),
        numbers={} if choices.labelled else _numbers(column.trimmed, counts, known),
        unexplained={
            text: (str(reasons[text]), count)
            for text, count in choices.unexplained(column.trimmed, counts).items()
        },
    )


def _labels_and_codes(
    texts: Sequence[str], meanings: Sequence[Answer | None], counts: Sequence[int], key: AnswerKey
) -> tuple[int, int, int]:
    """Count answers that are labels, and codes; and codes that would rather be labels."""
    labels = codes = labelled = pairs = 0
    for text, meaning, count in zip(texts, meanings, counts, strict=True):
        if meaning is None or meaning.reason:
            continue
        if number_in(text) is None:
            labels += count
            # "4 - Agree" beside 3: forms that name the ends of a scale only write both.
            pairs += count if any(number_and_label(text)) else 0
        else:
            codes += count
            labelled += count if key.labelled(text) else 0
    return labels, codes, labelled if labels > pairs else 0


def _numbers(texts: Sequence[str], counts: Sequence[int], known: ExportColumn) -> dict[float, int]:
    no_answer = {code_text(text) for text in (*known.declared, *known.missing)}
    found: defaultdict[float, int] = defaultdict(int)
    for text, count in zip(texts, counts, strict=True):
        number = number_in(text)
        if count and number is not None and code_text(text) not in no_answer:
            found[number] += count
    return dict(found)


def _unknown_as(text: str) -> Answer:
    reason = "unreadable" if number_in(text) is None else "out_of_scale"
    return Answer(float("nan"), REASONS.index(reason))
