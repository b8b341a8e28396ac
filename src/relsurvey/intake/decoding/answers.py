"""The cells of the items: codes and reasons, or one error with every cell that is neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import Instrument
from relsurvey.intake.cores import together
from relsurvey.intake.decoding.answer_key import REASONS, SPOKEN, AnswerKey
from relsurvey.intake.decoding.decode import DecodedColumn, decode
from relsurvey.intake.decoding.numbering import Numbering
from relsurvey.intake.decoding.unknown_cells import UnknownCells
from relsurvey.intake.export import Export
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

__all__ = ["read_answers"]

_DECLARED = (
    "The file declares it missing and gives no reason; where the instrument has none either, it is "
    "unanswered."
)
_WHY = {
    "unanswered": "Blank, or a code for it.",
    "not_applicable": "The instrument or the file says so.",
    "not_shown": "The platform or the instrument says so.",
    "dont_know": "The instrument or the file says so.",
    "prefer_not": "The instrument or the file says so.",
    "out_of_scale": "Warning: the instrument has no such code; these cells were left out as asked.",
    "unreadable": "Warning: the instrument has no such label; these cells were left out as asked.",
}


def read_answers(
    export: Export,
    instrument: Instrument,
    items: Sequence[ColumnMatch],
    *,
    keep_unknown: bool = False,
    dictionary: str = "",
) -> tuple[pd.DataFrame, NDArray[np.int8], list[LogEntry]]:
    """Decode the item columns.

    Parameters
    ----------
    export : Export
        The file as its platform means it.
    instrument : Instrument
        What a cell may hold.
    items : sequence of ColumnMatch
        The columns, in the instrument's order.
    keep_unknown : bool
        Whether cells that neither knows are kept as missing ("out_of_scale", "unreadable")
        instead of stopping the reading.
    dictionary : str
        Name of the file that said what the columns hold, for messages.

    Returns
    -------
    codes : pandas.DataFrame of float64, shape (n_rows, n_items)
        As answered; NaN where there is no answer.
    reasons : ndarray of int8, same shape
        Why not, as a position in ``REASONS``; 0 where there is an answer.
    entries : list of LogEntry
        What was recoded, and how many cells have no answer for which reason.

    Raises
    ------
    IntakeError
        Where any cell holds what the instrument does not know, a column holds both labels and
        the codes of labelled answers, or the platform numbered the answers by itself and the
        instrument's codes are other ones.
    """
    table = export.table
    key = AnswerKey(instrument)
    shape = (len(table.rows), len(items))
    codes = np.empty(shape, dtype=np.float64, order="F")
    reasons = np.empty(shape, dtype=np.int8, order="F")

    def fill(place: int) -> DecodedColumn:
        match = items[place]
        decoded = decode(table.columns[match.position], key, export.columns[match.position])
        if match.position in export.not_asked:
            decoded = decoded.not_shown_in(export.not_asked[match.position])
        codes[:, place] = decoded.codes
        reasons[:, place] = decoded.reasons
        return replace(decoded, codes=codes[:, place], reasons=reasons[:, place])

    numbers: list[Mapping[float, int]] = []
    mixed: list[dict[str, Any]] = []
    unknown: list[tuple[ColumnMatch, NDArray[np.intp]]] = []
    entries: list[LogEntry] = []
    # Memory that is written for the first time costs as much as the decoding: all cores share it.
    for match, decoded in zip(items, together(fill, range(len(items))), strict=True):
        entries += _entries(match, decoded)
        mixed += _mixed(match, decoded)
        numbers.append(decoded.numbers)
        if decoded.unknown.any():
            unknown.append((match, np.flatnonzero(decoded.unknown)))
    numbering = Numbering.of(export, instrument, key, items, numbers)
    entries += numbering.entries()
    # A shift is no stray cell: to leave out what is out of scale would keep the answers beside it.
    if unknown and (not keep_unknown or numbering.from_one):
        raise UnknownCells(export, instrument, key, unknown, numbering, dictionary).error()
    if mixed:
        raise _labels_and_codes(table, mixed)
    names = [match.name for match in items]
    return pd.DataFrame(codes, table.index, names, copy=False), reasons, entries


def _entries(match: ColumnMatch, decoded: DecodedColumn) -> list[LogEntry]:
    entries: list[LogEntry] = []

    def note(count: int, what: str, why: str) -> None:
        entries.append(LogEntry("answers", match.name, count, what, why))

    if decoded.from_labels:
        what = f"{match.name}: {counted(decoded.from_labels, 'label')} read as numbers."
        note(decoded.from_labels, what, "The instrument says which code a label has.")
    for code, (label, value, count) in decoded.recoded.items():
        what = f"{match.name}: {shown(code)} read as {value:g} in {counted(count, 'cell')}."
        note(count, what, f"In this file it stands for {shown(label)}.")
    for code, (reason_given, count) in decoded.unexplained.items():
        what = f"{match.name}: {shown(code)} read as {SPOKEN[reason_given]} in "
        note(count, f"{what}{counted(count, 'cell')}.", _DECLARED)
    for place, count in enumerate(np.bincount(decoded.reasons, minlength=len(REASONS)).tolist()):
        reason = REASONS[place]
        if reason is not None and count:
            what = f"{match.name}: {counted(count, 'cell')} {SPOKEN[reason]}."
            note(count, what, _WHY[reason])
    return entries


def _mixed(match: ColumnMatch, decoded: DecodedColumn) -> list[dict[str, Any]]:
    if not decoded.mixed:
        return []
    return [
        {
            "item": match.name,
            "column": match.heading,
            "labels": decoded.from_labels,
            "codes": decoded.mixed,
        }
    ]


def _labels_and_codes(table: RawTable, mixed: Sequence[dict[str, Any]]) -> IntakeError:
    names = listed([fault["item"] for fault in mixed])
    return IntakeError(
        f"{table.path.name}: {counted(len(mixed), 'column')} ({names}) with labels in some cells "
        "and codes in others.",
        hint="Two exports, or two versions of the survey, were put together. Export all answers "
        "again as labels, or all as codes.",
        failures=mixed,
    )
