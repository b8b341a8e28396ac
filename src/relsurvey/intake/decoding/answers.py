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
from relsurvey.intake.decoding.answer_key import REASONS, AnswerKey, code_text
from relsurvey.intake.decoding.decode import DecodedColumn, decode
from relsurvey.intake.export import Export
from relsurvey.intake.files.records import MOST_FAILURES
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.table import RawTable, counted
from relsurvey.intake.text_column import code_together
from relsurvey.personal import masked
from relsurvey.resources import shipped

__all__ = ["read_answers"]

_WHY = {
    "unanswered": "Blank, or a code for it.",
    "not_applicable": "The instrument or the file says so.",
    "not_shown": "The platform or the instrument says so.",
    "dont_know": "The instrument or the file says so.",
    "prefer_not": "The instrument or the file says so.",
    "out_of_scale": "Warning: the instrument has no such code; these cells were left out as asked.",
    "unreadable": "Warning: the instrument has no such label; these cells were left out as asked.",
}
_TEXTS_GUESSED = 50
_LONGEST_DECLARED = 30


def read_answers(
    export: Export,
    instrument: Instrument,
    items: Sequence[ColumnMatch],
    *,
    keep_unknown: bool = False,
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
        Where any cell holds what the instrument does not know, or a column holds both labels
        and the codes of labelled answers.
    """
    table = export.table
    key = AnswerKey(instrument)
    shape = (len(table.rows), len(items))
    codes = np.empty(shape, dtype=np.float64, order="F")
    reasons = np.empty(shape, dtype=np.int8, order="F")
    code_together(table.columns[match.position] for match in items)
    mixed: list[dict[str, Any]] = []
    unknown: list[tuple[int, NDArray[np.intp]]] = []
    entries: list[LogEntry] = []
    for place, match in enumerate(items):
        decoded = decode(table.columns[match.position], key, export.columns[match.position])
        if match.position in export.not_asked:
            decoded = decoded.not_shown_in(export.not_asked[match.position])
        codes[:, place] = decoded.codes
        reasons[:, place] = decoded.reasons
        entries += _entries(match, decoded)
        mixed += _mixed(match, decoded)
        if decoded.unknown.any() and not keep_unknown:
            unknown.append((place, np.flatnonzero(decoded.unknown)))
    if unknown:
        raise _unknown_answers(export, instrument, items, key, unknown)
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
    for place, count in enumerate(np.bincount(decoded.reasons, minlength=len(REASONS)).tolist()):
        reason = REASONS[place]
        if reason is not None and count:
            what = f"{match.name}: {counted(count, 'cell')} {reason.replace('_', ' ')}."
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


def _unknown_answers(
    export: Export,
    instrument: Instrument,
    items: Sequence[ColumnMatch],
    key: AnswerKey,
    unknown: Sequence[tuple[int, NDArray[np.intp]]],
) -> IntakeError:
    table = export.table
    counts: Counter[str] = Counter()
    where: defaultdict[str, list[str]] = defaultdict(list)
    labels: dict[str, str] = {}
    for place, found in unknown:
        position = items[place].position
        column = table.columns[position]
        per_text = np.bincount(column.codes[found], minlength=len(column.texts))
        for number in np.flatnonzero(per_text).tolist():
            counts[column.texts[number]] += int(per_text[number])
            where[column.texts[number]].append(items[place].name)
            label = _label(export, position, column.texts[number])
            labels.setdefault(column.texts[number], label)
    total = sum(counts.values())
    failures = _failures(export, items, key, unknown)
    values = [
        f"{shown(text)}{labels[text] and f' ({shown(labels[text])})'} "
        f"{'once' if count == 1 else f'{count:,} times'} ({listed(where[text], 3)})"
        for text, count in counts.most_common(6)
    ]
    first = counts.most_common(1)[0][0]
    more = len(counts) - len(values)
    rest = f", and {counted(more, 'other value')}" if more else ""
    unlisted = f" The first {len(failures):,} are listed." if len(failures) < total else ""
    noun = "cell is" if total == 1 else "cells are"
    return IntakeError(
        f"{table.path.name}: {total:,} {noun} no answer that {instrument.id} knows: "
        f"{', '.join(values)}{rest}.{unlisted}",
        hint=_remedy(instrument, labels[first] or first),
        failures=failures,
    )


def _label(export: Export, position: int, text: str) -> str:
    """Return the label that the file gives a text, where it is a code; else an empty text."""
    labels = export.columns[position].choices
    return {code_text(code): label for code, label in labels.items()}.get(code_text(text), "")


def _remedy(instrument: Instrument, text: str) -> str:
    """Say how a value is declared, in a copy where the instrument came with the package."""
    declared = json.dumps(masked(trimmed(text))[:_LONGEST_DECLARED], ensure_ascii=False)
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
    export: Export,
    items: Sequence[ColumnMatch],
    key: AnswerKey,
    unknown: Sequence[tuple[int, NDArray[np.intp]]],
) -> list[dict[str, Any]]:
    table = export.table
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
        label = _label(export, match.position, text)
        failures.append(
            {
                "row": int(table.rows[row]),
                "column": match.heading,
                "item": match.name,
                "value": masked(text),
                **({"label in the file": label} if label else {}),
                "allowed": allowed[text],
            }
        )
    return failures
