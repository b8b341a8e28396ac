"""The cells of the items: codes and reasons, or one error with every cell that is neither."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import Instrument
from relsurvey.intake.decode import REASONS, AnswerKey, DecodedColumn, decode
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.headings import ColumnMatch
from relsurvey.intake.log import LogEntry
from relsurvey.intake.records import MOST_FAILURES
from relsurvey.intake.table import RawTable, counted
from relsurvey.resources import shipped

__all__ = ["read_answers"]

_TEXTS_GUESSED = 50
_LONGEST_DECLARED = 30


def read_answers(
    table: RawTable, instrument: Instrument, items: Sequence[ColumnMatch]
) -> tuple[pd.DataFrame, pd.DataFrame, list[LogEntry]]:
    """Decode the item columns.

    Parameters
    ----------
    table : RawTable
        The file as text.
    instrument : Instrument
        What a cell may hold.
    items : sequence of ColumnMatch
        The columns, in the instrument's order.

    Returns
    -------
    codes : pandas.DataFrame of float64, shape (n_rows, n_items)
        As answered; NaN where there is no answer.
    reasons : pandas.DataFrame of object, same shape
        Why not; ``None`` where there is an answer.
    entries : list of LogEntry
        What was recoded, and how many cells have no answer for which reason.

    Raises
    ------
    IntakeError
        Where any cell holds what the instrument does not know.
    """
    key = AnswerKey(instrument)
    shape = (len(table.rows), len(items))
    codes = np.empty(shape, dtype=np.float64, order="F")
    reasons = np.empty(shape, dtype=object, order="F")
    words = np.array(REASONS, dtype=object)
    unknown: list[tuple[int, NDArray[np.intp]]] = []
    entries: list[LogEntry] = []
    for place, match in enumerate(items):
        decoded = decode(table.columns[match.position], key)
        codes[:, place] = decoded.codes
        without = np.flatnonzero(decoded.reasons)
        reasons[without, place] = words[decoded.reasons[without]]
        entries += _entries(match, decoded)
        if decoded.unknown.any():
            unknown.append((place, np.flatnonzero(decoded.unknown)))
    if unknown:
        raise _unknown_answers(table, instrument, items, key, unknown)
    names = [match.name for match in items]
    return (
        pd.DataFrame(codes, table.index, names, copy=False),
        pd.DataFrame(reasons, table.index, names, dtype=object, copy=False),
        entries,
    )


def _entries(match: ColumnMatch, decoded: DecodedColumn) -> list[LogEntry]:
    entries: list[LogEntry] = []

    def note(count: int, what: str, why: str) -> None:
        entries.append(LogEntry("answers", match.name, count, what, why))

    if decoded.from_labels:
        what = f"{match.name}: {counted(decoded.from_labels, 'label')} read as numbers."
        note(decoded.from_labels, what, "The instrument says which code a label has.")
    if decoded.from_labels and decoded.from_codes:
        what = f"{match.name}: labels and codes stand in the same column."
        note(decoded.from_codes, what, "Check that they come from the same version of the survey.")
    for place, count in enumerate(np.bincount(decoded.reasons, minlength=len(REASONS)).tolist()):
        reason = REASONS[place]
        if reason is not None and count:
            what = f"{match.name}: {counted(count, 'cell')} {reason.replace('_', ' ')}."
            note(count, what, "Blank." if reason == "unanswered" else "Declared by the instrument.")
    return entries


def _unknown_answers(
    table: RawTable,
    instrument: Instrument,
    items: Sequence[ColumnMatch],
    key: AnswerKey,
    unknown: Sequence[tuple[int, NDArray[np.intp]]],
) -> IntakeError:
    counts: Counter[str] = Counter()
    where: defaultdict[str, list[str]] = defaultdict(list)
    for place, found in unknown:
        column = table.columns[items[place].position]
        per_text = np.bincount(column.codes[found], minlength=len(column.texts))
        for number in np.flatnonzero(per_text).tolist():
            counts[column.texts[number]] += int(per_text[number])
            where[column.texts[number]].append(items[place].name)
    total = sum(counts.values())
    failures = _failures(table, items, key, unknown)
    values = [
        f"{shown(text)} {'once' if count == 1 else f'{count:,} times'} ({listed(where[text], 3)})"
        for text, count in counts.most_common(6)
    ]
    more = len(counts) - len(values)
    rest = f", and {counted(more, 'other value')}" if more else ""
    unlisted = f" The first {len(failures):,} are listed." if len(failures) < total else ""
    noun = "cell is" if total == 1 else "cells are"
    return IntakeError(
        f"{table.path.name}: {total:,} {noun} no answer that {instrument.id} knows: "
        f"{', '.join(values)}{rest}.{unlisted}",
        hint=_remedy(instrument, counts.most_common(1)[0][0]),
        failures=failures,
    )


def _remedy(instrument: Instrument, text: str) -> str:
    """Say how a value is declared, in a copy where the instrument came with the package."""
    declared = json.dumps(trimmed(text)[:_LONGEST_DECLARED], ensure_ascii=False)
    own = f"my-{instrument.id}.yaml"
    shipped_file = instrument.path is not None and instrument.path.parent == shipped("instruments")
    copy = (
        f"copy the definition (relsurvey instruments show {instrument.id} --yaml > {own}), add "
        f"under response_scale the line\n    missing: [{{code: {declared}, reason: unanswered}}]\n"
        f"and use {own} as the instrument."
        if shipped_file
        else "declare it in the instrument, under response_scale, such as\n"
        f"    missing: [{{code: {declared}, reason: unanswered}}]\n"
    )
    return (
        f"Mend the file; or, where a value stands for no answer, {copy} A value that stands for "
        "an answer goes into the aliases of its code, 'does not apply' into not_applicable."
    )


def _failures(
    table: RawTable,
    items: Sequence[ColumnMatch],
    key: AnswerKey,
    unknown: Sequence[tuple[int, NDArray[np.intp]]],
) -> list[dict[str, Any]]:
    rows = np.concatenate([found for _, found in unknown])
    places = np.concatenate([np.full(len(found), place) for place, found in unknown])
    order = np.lexsort((places, rows))[:MOST_FAILURES]
    allowed: dict[str, str] = {}
    failures = []
    for row, place in zip(rows[order].tolist(), places[order].tolist(), strict=True):
        match = items[place]
        column = table.columns[match.position]
        text = column.texts[column.codes[row]]
        if text not in allowed:
            guess = len(allowed) < _TEXTS_GUESSED
            allowed[text] = key.allowed_for(trimmed(text)) if guess else key.allowed
        failures.append(
            {
                "row": int(table.rows[row]),
                "column": match.heading,
                "item": match.name,
                "value": text,
                "allowed": allowed[text],
            }
        )
    return failures
