"""Read SPSS (.sav) and Stata (.dta) files: texts, and all that the file says of its columns.

These files carry labels for codes, and codes that are declared missing. Nothing of it is applied
here: every code stays as it is stored, and what the file says of it goes along, so that three
kinds of missing answers stay three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from relsurvey.errors import IntakeError
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.files.labelled_cells import labelled_cells, number_text, shown_as
from relsurvey.intake.files.missing_words import missing_reason
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import ColumnsFound, RawTable
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["read_spss_file", "read_stata_file"]

_SPSS, _STATA = "an SPSS file", "a Stata file"
_XML = b"<stata_dta>"
_XML_END = b"</stata_dta>"
# A .dta older than Stata 13 begins with its version (104 to 115), and the order of its bytes.
_OLD_STATA = (range(104, 116), (1, 2))
_ROW_COUNT = slice(80, 84)


def read_spss_file(path: Path, columns_found: ColumnsFound | None = None) -> RawTable:
    """Read an SPSS file.

    Parameters
    ----------
    path : pathlib.Path
        A .sav or .zsav file that is there.
    columns_found : callable, optional
        Not needed: the file has one table.

    Returns
    -------
    RawTable
        Codes as stored (1.0 as "1"), dates and times as ISO 8601, system-missing cells blank.
        ``described`` holds labels, value labels and declared missing codes. Rows count from 1,
        as the programs show them: there is no heading.

    Raises
    ------
    IntakeError
        Where the file is damaged, cut short, or no SPSS file.
    """
    del columns_found
    import pyreadstat

    with path.open("rb") as stream:
        start = stream.read(_ROW_COUNT.stop)
    if not start.startswith((b"$FL2", b"$FL3")):
        raise _not_one(path, _SPSS, start)
    entries = []
    if start[_ROW_COUNT] == b"\xff\xff\xff\xff":
        what = "The file does not say how many rows it holds."
        why = "Check the number of rows: if it was cut short, nothing would tell."
        entries.append(LogEntry("file", "", 1, what, why))
    return _table(path, _SPSS, pyreadstat.read_sav, entries)


def read_stata_file(path: Path, columns_found: ColumnsFound | None = None) -> RawTable:
    """Read a Stata file.

    Parameters
    ----------
    path : pathlib.Path
        A .dta file that is there.
    columns_found : callable, optional
        Not needed: the file has one table.

    Returns
    -------
    RawTable
        As `read_spss_file`. The missing values ``.a`` to ``.z`` stand as these texts, and are
        declared missing; ``.`` is blank.

    Raises
    ------
    IntakeError
        Where the file is damaged, cut short, or no Stata file.
    """
    del columns_found
    import pyreadstat

    with path.open("rb") as stream:
        start = stream.read(len(_XML))
        stream.seek(-min(len(_XML_END), path.stat().st_size), 2)
        end = stream.read()
    old = all(byte in known for byte, known in zip(start, _OLD_STATA, strict=False))
    if start != _XML and not (len(start) > 1 and old):
        raise _not_one(path, _STATA, start)
    if start == _XML and end != _XML_END:
        raise _unreadable(path, _STATA, "it does not end as a whole file does")
    return _table(path, _STATA, pyreadstat.read_dta, [])


def _table(
    path: Path, kind: str, reader: Callable[..., tuple[Any, Any]], entries: list[LogEntry]
) -> RawTable:
    cells, facts, encoding = _read(path, kind, reader)
    names = tuple(str(name) for name in facts.column_names)
    columns = tuple(_column(name, facts, cells[name]) for name in names)
    described = tuple(_described(name, facts, cells[name]) for name in names)
    rows = len(columns[0]) if columns else 0
    size = f"{counted(rows, 'row')}, {counted(len(names), 'column')}"
    what = f"{path.name} was read as {kind}: {size}."
    entries = [LogEntry("file", "", rows, what, encoding), *entries]
    declared = sum(bool(one.declared) for one in described)
    if declared:
        what = f"{counted(declared, 'column')} with codes that the file declares missing."
        why = "The reason is the one that the label of the code gives."
        entries.append(LogEntry("platform", "", declared, what, why))
    note = str(facts.file_label or "")
    return RawTable(
        path,
        names,
        columns,
        np.arange(1, rows + 1, dtype=np.int64),
        f"{kind} ({note})" if note else kind,
        tuple(entries),
        described=described,
    )


def _column(name: str, facts: Any, cells: Sequence[Any]) -> TextColumn:
    show = shown_as(str(facts.original_variable_types[name]))
    return labelled_cells(cells, show, strings=facts.readstat_variable_types[name] == "string")


def _read(
    path: Path, kind: str, reader: Callable[..., tuple[Any, Any]]
) -> tuple[Mapping[str, Sequence[Any]], Any, str]:
    import pyreadstat

    # Dates stay numbers here: pyreadstat knows few of their formats, and stops at year 10,000.
    how = {"user_missing": True, "disable_datetime_conversion": True, "output_format": "dict"}
    try:
        try:
            cells, facts = reader(str(path), **how)
            return cells, facts, f"Its texts are {facts.file_encoding or 'of unnamed encoding'}."
        except pyreadstat.ReadstatError as problem:
            if "encoding" not in str(problem) and "character set" not in str(problem):
                raise
            # Files of old programs name no encoding, or a wrong one; Windows wrote most of them.
            cells, facts = reader(str(path), **how, encoding="WINDOWS-1252")
            return cells, facts, "Its texts did not fit the encoding it names: Windows-1252."
    except (
        pyreadstat.ReadstatError,
        pyreadstat.PyreadstatError,
        ValueError,
        LookupError,
        OverflowError,
        MemoryError,
    ) as problem:
        raise _unreadable(path, kind, str(problem).strip().rstrip(".")) from problem


def _unreadable(path: Path, kind: str, problem: str) -> IntakeError:
    return IntakeError(
        f"{path.name} cannot be read as {kind} ({path.stat().st_size:,} bytes): {problem}.",
        hint="It is damaged, or was cut short while it was copied or downloaded. Download it "
        "again, or export the answers as CSV.",
    )


def _not_one(path: Path, kind: str, start: bytes) -> IntakeError:
    if not start:
        what, hint = "it is empty", "Download it again."
    elif b"\0" not in start and start.isascii():
        what = "it holds plain text"
        hint = "If it is a CSV file, give it a name that ends in .csv."
    else:
        what = "it does not begin as one does"
        hint = "It is damaged, or another kind of file. Download it again, or export as CSV."
    return IntakeError(f"{path.name} is not {kind}, whatever its name says: {what}.", hint=hint)


def _described(name: str, facts: Any, cells: Sequence[Any]) -> ExportColumn:
    labels = {
        _code(code): str(label) for code, label in facts.variable_value_labels.get(name, {}).items()
    }
    missing = _missing_codes(name, facts, cells, labels)
    return ExportColumn(
        name,
        text=str(facts.column_names_to_labels.get(name) or ""),
        choices={code: label for code, label in labels.items() if code not in missing},
        declared={code: _reason(labels.get(code, "")) for code in missing},
    )


def _reason(label: str) -> str:
    # No label is not a label that says nothing: the instrument may know what the code stands for.
    return missing_reason(label) if label.strip() else ""


def _missing_codes(
    name: str, facts: Any, cells: Sequence[Any], labels: Mapping[str, str]
) -> list[str]:
    """Return the codes of a column that the file declares missing, used in a cell or not."""
    ranges: list[Mapping[str, Any]] = facts.missing_ranges.get(name) or []
    ends = [(one["lo"], one["hi"]) for one in ranges]
    found = [_code(low) for low, high in ends if low == high]
    spans = [(low, high) for low, high in ends if low != high and not isinstance(low, str)]
    if spans:
        numbers = np.unique(np.array([*cells, *map(_number, labels)], dtype=np.float64))
        inside = [(low <= numbers) & (numbers <= high) for low, high in spans]
        found += number_text(numbers[np.any(inside, axis=0)])
    found += [str(one) for one in facts.missing_user_values.get(name) or []]
    return list(dict.fromkeys(found))


def _code(value: Any) -> str:
    return value if isinstance(value, str) else number_text(np.array([value], np.float64))[0]


def _number(code: str) -> float:
    try:
        return float(code)
    except ValueError:
        return float("nan")
