"""Read the files a wording pack can be: YAML, or CSV as spreadsheets save it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from relsurvey.documents import Place, Raw, read_yaml
from relsurvey.errors import InstrumentError, suggestion

__all__ = ["Entry", "entries_of"]

_COLUMNS = ("item", "locale", "wording")
_IGNORED = ("gist", "note")
_YAML_KEYS = ("wording", "source", "licence")
_LARGEST_PACK = 4_000_000


@dataclass(frozen=True)
class Entry:
    """One wording, and the line of the file it stands on."""

    item: str
    locale: str
    wording: str = field(repr=False)
    line: int


def entries_of(path: Path) -> Iterator[Entry]:
    """Yield the wordings of a file, in order; raise `InstrumentError` where it is not one."""
    yield from _from_yaml(path) if path.suffix.lower() in {".yaml", ".yml"} else _from_csv(path)


def _from_yaml(path: Path) -> Iterator[Entry]:
    raw = read_yaml(path, InstrumentError, "wording pack")
    faults = [*_top_faults(raw), *_entry_faults(raw)]
    if faults:
        rows = [{"line": raw.line(place), "fault": fault} for place, fault in faults]
        raise InstrumentError(f"{path.name} is not a valid wording pack.", failures=rows)
    for item, by_locale in raw.content["wording"].items():
        for locale, text in by_locale.items():
            yield Entry(item, locale, text or "", raw.line(("wording", item, locale)))


def _top_faults(raw: Raw) -> Iterator[tuple[Place, str]]:
    for fault in raw.faults:
        yield fault.place, f"{fault.found}; allowed: {fault.allowed}"
    for key in raw.content:
        if key not in _YAML_KEYS:
            near = suggestion(key, _YAML_KEYS)
            guess = f"; did you mean {near!r}?" if near else ""
            yield (key,), f"unknown key {key!r}; allowed: {', '.join(_YAML_KEYS)}{guess}"
    if not isinstance(raw.content.get("wording"), dict):
        yield ("wording",), "no 'wording': a mapping of item ids, below each its languages"


def _entry_faults(raw: Raw) -> Iterator[tuple[Place, str]]:
    wording = raw.content.get("wording")
    for item, by_locale in wording.items() if isinstance(wording, dict) else ():
        if not isinstance(by_locale, dict):
            fault = f"{item}: not a mapping of languages, such as {{en-GB: the wording}}"
            yield ("wording", item), fault
            continue
        for locale, text in by_locale.items():
            if text is not None and not isinstance(text, str):
                yield ("wording", item, locale), f"{item}: the wording is not text"


def _from_csv(path: Path) -> Iterator[Entry]:
    text = _text_of(path)
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [name.strip().casefold() for name in next(reader, [])]
        _check_columns(path, columns)
        for row in reader:
            if any(cell.strip() for cell in row):
                cells = dict(zip(columns, [cell.strip() for cell in row], strict=False))
                item, locale, wording = (cells.get(name, "") for name in _COLUMNS)
                yield Entry(item, locale, wording, reader.line_num)
    except csv.Error as problem:
        raise InstrumentError(
            f"{path.name}, line {reader.line_num}, is not valid CSV: {problem}."
        ) from problem


def _check_columns(path: Path, columns: list[str]) -> None:
    allowed = (*_COLUMNS, *_IGNORED)
    faults = [{"column": name, "fault": "missing"} for name in _COLUMNS if name not in columns]
    for name in dict.fromkeys(columns):
        if name not in allowed:
            near = suggestion(name, allowed)
            guess = f"; did you mean {near!r}?" if near else ""
            faults.append({"column": name, "fault": f"unknown{guess}"})
        if columns.count(name) > 1:
            faults.append({"column": name, "fault": "stands twice"})
    if faults:
        raise InstrumentError(
            f"{path.name} is not a wording pack: its heading is not as it has to be.",
            hint=f"The heading is {','.join(_COLUMNS)}; {' and '.join(_IGNORED)} are passed over.",
            failures=faults,
        )


def _text_of(path: Path) -> str:
    try:
        if path.is_dir():
            raise InstrumentError(f"{path} is a folder, not a wording pack.")
        with path.open("rb") as stream:
            data = stream.read(_LARGEST_PACK + 1)
    except FileNotFoundError:
        raise InstrumentError(
            f"There is no wording pack {path}.", hint="Check the name and the folder."
        ) from None
    except (OSError, ValueError) as problem:
        raise InstrumentError(f"{path} cannot be read: {problem}.") from problem
    if len(data) > _LARGEST_PACK:
        raise InstrumentError(f"{path.name} is too large to be a wording pack.")
    # Spreadsheets save "Unicode text" as UTF-16 and "CSV" as cp1252.
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InstrumentError(f"{path.name} is not text.", hint="Save the file as CSV UTF-8.")
