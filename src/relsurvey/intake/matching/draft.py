"""Draft a column map: which column was taken for which item, by what, and what is unclear."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import yaml

from relsurvey.instruments import Instrument, load_instrument, with_wording
from relsurvey.intake.export import Export
from relsurvey.intake.matching.column_map import ColumnsLike, read_column_map
from relsurvey.intake.matching.columns import count_items_found, match_columns
from relsurvey.intake.matching.confirm import most_alike, question
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.matching.result import Matching
from relsurvey.intake.personal import PersonalData, find_personal
from relsurvey.intake.recognise import read_export
from relsurvey.personal import masked
from relsurvey.results import Drawn

__all__ = ["ColumnDraft", "draft_columns"]

_COLUMNS = (
    "item",
    "gist",
    "column",
    "heading",
    "named",
    "found",
    "confirm",
    "compare",
    "candidates",
)
_WIDE = 46
_MOST_UNUSED = 20
_COMPARE = "Not quite the item's wording; compare"
_ONE_LINE = 1 << 30
_UNUSED = "Columns that are none of these; ids, worker and team are to be named in the study file"


@dataclass(frozen=True)
class ColumnDraft(Drawn):
    """Which columns of an export belong to which items, as far as it is clear.

    Attributes
    ----------
    table : pandas.DataFrame
        One row an item or context question: ``item, gist, column`` (counted from 1, missing
        where none is clear), ``heading``, ``named`` (as the map names it), ``found`` (by what),
        ``confirm`` (whether a person should look at it), ``compare`` (what to hold against what,
        where a text is not quite the item's wording), ``candidates`` (what it might be, where it
        is not clear). A heading with what looks like a name is masked, and the map then names
        the column by its number.
    platform, why : str
        What the file was recognised as, and by what.
    file : str
        Name of the file.
    instrument : str
        Id of the instrument.
    unused : tuple of str
        Columns that belong to no question, each with how many cells are filled and how many
        differ, which tells ids from teams; only the name of what looks like personal data.
    personal : tuple of str
        What in the file looks like personal data, one sentence a column and kind; never what
        stands there.
    """

    _figure: ClassVar[str] = "plot_draft"

    table: pd.DataFrame
    platform: str
    why: str
    file: str
    instrument: str
    unused: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the table."""
        return self.table.copy()

    def summary(self) -> str:
        """Return item, column and rule side by side: what is unclear first, then what to check."""
        found = self.table["column"].notna()
        confirm = self.table["confirm"].astype(bool)
        compare = self.table["compare"] != ""
        wide = int(self.table["item"].str.len().max())
        count = f"{int(found.sum())} of {len(self.table)} questions of {self.instrument} found"
        lines = [f"{self.file}: read as {self.platform} ({self.why}).", f"{count}."]
        groups = (
            ("No column is clear for", self.table[~found], _unclear_line),
            (_COMPARE, self.table[compare & found], _compared_line),
            (
                "Found by a text; look whether it is the right one",
                self.table[confirm & ~compare],
                _line,
            ),
            ("Found", self.table[found & ~confirm], _line),
        )
        for title, rows, line in groups:
            if len(rows):
                lines += ["", title, *(line(row, wide) for row in rows.itertuples())]
        if self.unused:
            more = len(self.unused) - _MOST_UNUSED
            lines += ["", _UNUSED]
            lines += [f"  {text}" for text in self.unused[:_MOST_UNUSED]]
            lines += [f"  and {more:,} more"] if more > 0 else []
        return "\n".join(lines)

    def to_yaml(self) -> str:
        """Return a column map to check, edit and give back as ``columns``."""
        lines = [
            f"# Which column of {json.dumps(self.file)} is which item of {self.instrument}.",
            "# Check it, change what is wrong, and give it back with --columns. A heading, the",
            "# platform's own id, or 'column 12' names a column.",
            *map(_yaml_line, self.table.itertuples()),
        ]
        return "\n".join(lines) + "\n"


def draft_columns(
    path: str | os.PathLike[str],
    instrument: Instrument | str | os.PathLike[str],
    *,
    platform: str = "auto",
    columns: ColumnsLike | None = None,
    wording: str | os.PathLike[str] | None = None,
    dictionary: str | os.PathLike[str] | None = None,
) -> ColumnDraft:
    """Find the columns of an instrument in an export, and say what is not clear.

    Parameters
    ----------
    path, instrument, platform, columns, wording, dictionary
        As in ``read_responses``.

    Returns
    -------
    ColumnDraft
        One row an item; ``to_yaml`` gives the map.

    Raises
    ------
    IntakeError
        Where the file cannot be read.
    InstrumentError
        Where the instrument or the wording pack is not valid.

    Examples
    --------
    >>> from relsurvey.resources import shipped
    >>> draft = draft_columns(shipped("sample") / "workers.csv", "rpq-16")
    >>> draft.to_frame().loc[0, ["item", "heading", "found"]].tolist()
    ['RIA1', 'RIA1', 'by item id']
    """
    definition = load_instrument(instrument)
    if wording is not None:
        definition = with_wording(definition, wording)
    known = (*definition.items.ids, *definition.context.ids)
    column_map = read_column_map(columns, known)
    export = read_export(
        Path(path),
        platform,
        lambda row: count_items_found(row, definition),
        None if dictionary is None else Path(dictionary),
    )
    matching = match_columns(export.columns, definition, column_map)
    name = Path(path).name
    rows = _rows(export, matching, definition, worded=wording is None)
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    table["column"] = table["column"].astype("Int64")
    personal = _personal(export, matching)
    return ColumnDraft(
        table,
        export.platform,
        export.why,
        name,
        definition.id,
        _unused(export, matching, {one.position for one in personal.columns}),
        tuple(entry.what for entry in personal.entries(named=wording is None)),
    )


def _personal(export: Export, matching: Matching) -> PersonalData:
    """Find what looks personal, except in items and in what platforms write themselves."""
    skip = {match.position for match in matching.items}
    skip |= {
        place
        for place, column in enumerate(export.columns)
        if column.role in ("record", "platform")
    }
    return find_personal(export.table, export.columns, skip)


def _rows(
    export: Export, matching: Matching, definition: Instrument, *, worded: bool
) -> Iterator[dict[str, Any]]:
    every = (*matching.items, *matching.others)
    claimed = {one.name: one.position for claim in matching.claimed_twice for one in claim}
    found = {match.name: match for match in every if match.name not in claimed}
    asked = [*((item.id, item.gist, True) for item in definition.items)]
    asked += [(one.id, one.gist, False) for one in definition.context]
    for name, gist, needed in asked:
        match = found.get(name)
        candidates = "" if match else _candidates(matching, name, claimed)
        if match or needed or name in claimed or name in matching.unclear:
            row = {"item": name, "gist": gist, "candidates": candidates}
            yield row | _told(export, matching, match, definition, worded=worded)


def _told(
    export: Export,
    matching: Matching,
    match: ColumnMatch | None,
    definition: Instrument,
    *,
    worded: bool,
) -> dict[str, Any]:
    """Return what is told of the column that was found."""
    if match is None:
        blank = dict.fromkeys(("heading", "named", "found", "compare"), "")
        return {"column": None, "confirm": False, **blank}
    number = f"column {match.position + 1}"
    column = export.columns[match.position]
    compare = match.doubt
    if match.nearly and worded:
        wording = most_alike(match, column, definition)
        asks = masked(question(column))
        compare = wording if match.refilled else f"{asks}  |  {wording}"
    return {
        "column": match.position + 1,
        "heading": number if match.refilled else masked(column.name),
        "named": _named(matching, match),
        "found": match.rule,
        "confirm": match.by_text or bool(match.doubt),
        "compare": compare,
    }


def _candidates(matching: Matching, name: str, claimed: Mapping[str, int]) -> str:
    """Return what an item without a clear column may be."""
    if name in matching.crossed:
        match, other = matching.crossed[name]
        return f"{_candidate(matching, match.position, 0.0)} asks what item {other} asks"
    places = [claimed[name]] if name in claimed else matching.misses.get(name, [])
    near = [(place, 0.0) for place in places] or matching.likely(name)
    return "; ".join(_candidate(matching, *one) for one in near)


def _named(matching: Matching, match: ColumnMatch) -> str:
    """Return the heading, or the number of the column where it is not clear or names a person."""
    heading = matching.index.all[match.position]
    clear = matching.index.like(heading) == [match.position]
    nameless = not match.refilled and masked(heading) == heading
    return heading if clear and nameless else f"column {match.position + 1}"


def _unused(export: Export, matching: Matching, personal: Collection[int]) -> tuple[str, ...]:
    used = matching.taken | {match.position for match, _ in matching.crossed.values()}
    places = (place for place in matching.index.texts if place not in used)
    return tuple(
        _candidate(matching, place, 0.0)
        + (" (looks personal)" if place in personal else f": {_filled(export, place)}")
        for place in places
    )


def _filled(export: Export, place: int) -> str:
    """Return how many cells of a column are filled and how many differ, and nothing of them."""
    answers = export.table.answers(place).dropna()
    return f"{len(answers):,} filled, {answers.nunique():,} different"


def _candidate(matching: Matching, place: int, score: float) -> str:
    alike = f", {score:.0f}% alike" if score else ""
    return f"column {place + 1} {matching.index.quoted(place)}{alike}"


def _unclear_line(row: Any, wide: int) -> str:
    return f"  {row.item:<{wide}}  {_short(row.gist)}  {row.candidates}".rstrip()


def _line(row: Any, wide: int) -> str:
    return f"  {row.item:<{wide}}  column {row.column:<4} {_short(row.heading)}  {row.found}"


def _compared_line(row: Any, wide: int) -> str:
    texts = [f"{'':<{wide}}    {text}" for text in row.compare.split("  |  ")]
    return "\n".join([f"  {row.item:<{wide}}  column {row.column:<4} {row.found}", *texts])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"{line if len(line) <= _WIDE else line[: _WIDE - 3] + '...':<{_WIDE}}"


def _yaml_line(row: Any) -> str:
    if pd.isna(row.column):
        near = f": {row.candidates}" if row.candidates else ""
        return f'# "{row.item}": ""  # {row.gist}: no column is clear{near}'
    note = f"  # {row.found}; please confirm" if row.confirm else ""
    # YAML's own writer knows which signs cannot stand in a text as they are.
    entry = yaml.safe_dump(
        {row.item: row.named}, default_style='"', allow_unicode=True, width=_ONE_LINE
    )
    return entry.rstrip("\n") + note
