"""Read an export file by its instrument: find the columns, decode the cells, log all of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import Instrument, load_instrument, with_wording
from relsurvey.intake.decoding.answers import read_answers
from relsurvey.intake.export import Export
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.identity import read_meta
from relsurvey.intake.log import IntakeLog, LogEntry
from relsurvey.intake.matching.asked import find_asked
from relsurvey.intake.matching.column_map import ColumnsLike, read_column_map
from relsurvey.intake.matching.columns import count_items_found, find_columns
from relsurvey.intake.matching.confirm import entries_to_confirm
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.personal import find_personal
from relsurvey.intake.recognise import read_export
from relsurvey.intake.responses import Responses
from relsurvey.intake.table import RawTable
from relsurvey.options import require_choice
from relsurvey.text import counted

__all__ = ["read_responses"]


def read_responses(
    path: str | os.PathLike[str],
    instrument: Instrument | str | os.PathLike[str],
    *,
    id: str | None = None,  # noqa: A002  # the name is part of the public contract
    worker: str | None = None,
    team: str | None = None,
    wave: str | None = None,
    keep: Iterable[str] = (),
    platform: str = "auto",
    columns: ColumnsLike | None = None,
    wording: str | os.PathLike[str] | None = None,
    dictionary: str | os.PathLike[str] | None = None,
    unknown: Literal["stop", "missing"] = "stop",
) -> Responses:
    """Read a survey export and decode it by its instrument.

    The platform is recognised from the file's first rows. Cells are read as text and mean what
    the file and the instrument say: a code, a label, "does not apply", or a token for no answer.
    A blank cell is unanswered, unless the platform tells it from "not shown". Anything else
    stops the reading; nothing is guessed, and no text such as "NA" is taken for missing unasked.

    Parameters
    ----------
    path : str or path
        A CSV file (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252: found from the
        file), an .xlsx workbook, an SPSS, Stata or Parquet file.
    instrument : Instrument, str or path
        The questionnaire, its id, or a definition file.
    id, worker, team, wave : str, optional
        Headings of the columns with the respondent's, the worker's and the team's id and the
        wave. They stay text.
    keep : iterable of str, optional
        Headings of further columns, such as a gender, to be kept in ``context`` under that
        name. They stay text.
    platform : str
        "auto" recognises the platform (the log says which and why). Otherwise its name, such as
        "qualtrics"; or "csv", "xlsx", "parquet" for a table with one heading as it stands.
    columns : mapping or path, optional
        Heading by item id, or a YAML file with lines ``item: heading``. Items that are not in
        it are found by the platform's id, their id, their code (``Q1[item]``, ``group/item``),
        their id in square brackets, or their wording.
    wording : str or path, optional
        A wording pack (CSV or YAML), where the instrument ships no wording.
    dictionary : str or path, optional
        A file that says what the columns hold: the .qsf of a Qualtrics survey, the data
        dictionary of a REDCap project.
    unknown : {"stop", "missing"}
        What to do with cells that neither the file nor the instrument knows: stop with all of
        them listed, or keep them as missing ("out_of_scale", "unreadable") and count them.

    Returns
    -------
    Responses
        Codes as answered (not reversed), reasons, meta, context and log.

    Raises
    ------
    IntakeError
        Where the file cannot be read, a column is not found, a series of items is there of which
        the instrument knows only a part, or a cell holds what the instrument does not know; then
        ``.failures`` lists ``row, column, item, value, allowed`` of every such cell.
    InstrumentError
        Where the instrument or the wording pack is not valid.

    Examples
    --------
    >>> from relsurvey.resources import shipped
    >>> responses = read_responses(
    ...     shipped("sample") / "workers.csv", "rpq-16", worker="worker_id"
    ... )
    >>> responses.items.shape[1]
    16
    """
    path = Path(path)
    require_choice("unknown", unknown, ("stop", "missing"), IntakeError)
    definition = _definition(instrument, wording)
    known = (*definition.items.ids, *definition.context.ids)
    column_map = read_column_map(columns, known)
    export = read_export(
        path,
        platform,
        lambda row: count_items_found(row, definition),
        None if dictionary is None else Path(dictionary),
    )
    table = export.table
    if len(table.heading) == 1 and len(definition.item_ids) > 1:
        raise _one_column(table)
    asked = find_asked(
        path,
        export.columns,
        {"respondent_id": id, "worker_id": worker, "team": team, "wave": wave},
    )
    kept = find_asked(path, export.columns, {heading: heading for heading in keep})
    items, others = find_columns(path, export.columns, definition, column_map, asked)
    others += [match for match in kept if match.name not in {other.name for other in others}]
    _require_whole_series(table, definition)
    if export.narrow is not None:
        wanted = [match.position for match in (*asked, *kept)]
        export = export.narrow(export, [match.position for match in items], wanted)
        table = export.table
    # None of the three needs another, and each leaves a core idle for some of its time.
    with ThreadPoolExecutor() as threads:
        personal = threads.submit(_personal_entries, export, items, named=wording is None)
        answers = threads.submit(
            read_answers,
            export,
            definition,
            items,
            keep_unknown=unknown == "missing",
            dictionary="" if dictionary is None else Path(dictionary).name,
        )
        meta, meta_entries = read_meta(export, asked)
        codes, reasons, answer_entries = answers.result()
        personal_entries = personal.result()
    log = IntakeLog(
        (
            *table.entries,
            *entries_to_confirm(
                [*items, *others], export.columns, definition, named=wording is None
            ),
            *_column_entries(export, asked, items, others, named=wording is None),
            *personal_entries,
            *meta_entries,
            *answer_entries,
        )
    )
    context = pd.DataFrame(
        {match.name: table.answers(match.position) for match in others}, index=table.index
    )
    meta = pd.concat([meta, export.records], axis="columns")
    return Responses(
        items=codes.reset_index(drop=True),
        reason_codes=reasons,
        meta=meta.reset_index(drop=True),
        context=context.reset_index(drop=True),
        instrument=definition,
        path=path,
        rows=np.asarray(table.rows, dtype=np.int64),
        digest=table.digest,
        platform=export.platform,
        log=log,
    )


def _require_whole_series(table: RawTable, definition: Instrument) -> None:
    """Refuse to read a part of a series: the file has statements that nobody named."""
    missed = [
        heading
        for heading in map(trimmed, table.heading)
        for series in definition.series
        if series.number_of(heading) and heading not in definition.items.ids
    ]
    if missed:
        raise IntakeError(
            f"{table.path.name} has columns called as further items of {definition.id}, which its "
            f"definition does not know: {listed(missed)}.",
            hint="Name every item of your copy in a wording pack (--wording, wording=), so that "
            "all of them are scored; or rename the columns if they are something else.",
        )


def _one_column(table: RawTable) -> IntakeError:
    return IntakeError(
        f"{table.path.name}: only one column was found, {shown(table.heading[0])}; a file must "
        "use commas, semicolons or tabs between its cells.",
        hint="Export the answers again as CSV with commas, or as an .xlsx workbook.",
    )


def _definition(
    instrument: Instrument | str | os.PathLike[str], wording: str | os.PathLike[str] | None
) -> Instrument:
    definition = load_instrument(instrument)
    return definition if wording is None else with_wording(definition, wording)


def _column_entries(
    export: Export,
    asked: Sequence[ColumnMatch],
    items: Sequence[ColumnMatch],
    others: Sequence[ColumnMatch],
    *,
    named: bool,
) -> list[LogEntry]:
    """Note which column is what; headings only as far as they cannot be a licensed wording."""
    table = export.table
    entries = [
        LogEntry(
            "columns",
            match.name,
            1,
            f"{match.name} is column {match.position + 1}.",
            f"Found {match.rule}.",
        )
        for match in (*asked, *items, *others)
    ]
    used = {match.position for match in (*asked, *items, *others)}
    unused = [text for place, text in enumerate(table.heading) if place not in used]
    if unused:
        names = f": {', '.join(shown(text) for text in unused)}" if named else ""
        what = f"{counted(len(unused), 'column')} not used{names}."
        why = f"Nothing asks for {'it' if len(unused) == 1 else 'them'}."
        entries.append(LogEntry("columns", "", len(unused), what, why))
    return [*entries, *_repeated(table, named=named)]


def _personal_entries(
    export: Export, items: Sequence[ColumnMatch], *, named: bool
) -> list[LogEntry]:
    """List what looks like personal data; items hold codes, platforms make their own ids."""
    skip = {match.position for match in items}
    skip |= {
        place
        for place, column in enumerate(export.columns)
        if column.role in ("record", "platform")
    }
    return find_personal(export.table, export.columns, skip).entries(named=named)


def _repeated(table: RawTable, *, named: bool) -> list[LogEntry]:
    """Note the headings that stand twice; a column that is used cannot be among them."""
    counts = Counter(filter(None, map(trimmed, table.heading)))
    return [
        LogEntry(
            "columns",
            "",
            count,
            f"{count} columns have the heading {shown(heading)}."
            if named
            else f"{count} columns have the same heading.",
            "None of them is used.",
        )
        for heading, count in counts.items()
        if count > 1
    ]
