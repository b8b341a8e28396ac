"""Checks of a REDCap data dictionary: what an upload would refuse, or make of it in silence.

REDCap checks a dictionary on a server, in a project. These are our own checks, for a file that
has not met a server yet. They are of four kinds: the table, the fields (`redcap_field_checks`),
their choices (`redcap_choice_checks`), and how fields stand to each other (matrix groups, forms,
branching).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import groupby

from relsurvey.forms.redcap_choice_checks import choice_faults
from relsurvey.forms.redcap_field_checks import LONGEST_NAME, Field, field_faults

__all__ = ["HEADINGS", "LONGEST_NAME", "dictionary_faults"]

HEADINGS = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Required Field?",
    "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip


def dictionary_faults(content: bytes) -> list[dict[str, object]]:
    r"""Find what is wrong with a data dictionary.

    Parameters
    ----------
    content : bytes
        The CSV.

    Returns
    -------
    list of dict
        One a fault: ``row`` as a spreadsheet counts it, ``field``, ``column`` and ``fault``.
        Empty where nothing was found.

    Examples
    --------
    >>> dictionary_faults(b"Variable / Field Name,Form Name\nrecord_id,start\n")
    [{'row': 1, 'field': '', 'column': 'Section Header', 'fault': 'this heading is not there'}, ...]
    """
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        return [_fault(1, "", "", "the file is not UTF-8 text")]
    except csv.Error as problem:
        return [_fault(1, "", "", f"the file is not CSV: {problem}")]
    faults = list(_heading_faults(lines[0] if lines else []))
    if not faults:
        faults = list(_width_faults(lines))
    if faults:
        return faults
    fields = [
        Field(row, dict(zip(HEADINGS, map(str.strip, cells), strict=True)))
        for row, cells in enumerate(lines[1:], start=2)
    ]
    return [_fault(field.row, field.name, column, fault) for field, column, fault in _all(fields)]


Found = tuple[Field, str, str]


def _all(fields: list[Field]) -> Iterator[Found]:
    if not fields:
        yield Field(1, {}), HEADINGS[0], "there are no fields"
    for field in fields:
        for column, fault in (*field_faults(field), *choice_faults(field)):
            yield field, column, fault
    yield from _record_id_faults(fields)
    yield from _name_faults(fields)
    yield from _form_faults(fields)
    yield from _branching_faults(fields)
    yield from _matrix_faults(fields)


def _fault(row: int, field: str, column: str, fault: str) -> dict[str, object]:
    return {"row": row, "field": field, "column": column, "fault": fault}


def _heading_faults(found: list[str]) -> Iterator[dict[str, object]]:
    found = [heading.strip() for heading in found]
    for heading in HEADINGS:
        if heading not in found:
            yield _fault(1, "", heading, "this heading is not there")
    for heading in found:
        if heading not in HEADINGS:
            yield _fault(1, "", heading, "a dictionary has no such heading")
        elif found.count(heading) > 1:
            yield _fault(1, "", heading, "this heading stands there more than once")
    if sorted(found) == sorted(HEADINGS) and tuple(found) != HEADINGS:
        yield _fault(1, "", "", "the headings are not in REDCap's order")


def _width_faults(lines: list[list[str]]) -> Iterator[dict[str, object]]:
    for row, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(HEADINGS):
            name = cells[0] if cells else ""
            yield _fault(row, name, "", f"{len(cells)} cells, not {len(HEADINGS)}")


def _record_id_faults(fields: list[Field]) -> Iterator[Found]:
    """Yield what a record id cannot be: REDCap makes it of the first field, whatever that says."""
    for field in fields[:1]:
        if field.kind != "text":
            yield field, "Field Type", "the first field is the record id; it has to be text"
        for column in ("Matrix Group Name", "Branching Logic (Show field only if...)"):
            if field[column]:
                yield field, column, "the first field is the record id; it can have none"


def _name_faults(fields: list[Field]) -> Iterator[Found]:
    first: dict[str, int] = {}
    forms = {field["Form Name"] for field in fields}
    for field in fields:
        row = first.setdefault(field.name.lower(), field.row)
        if field.name and row != field.row:
            yield field, HEADINGS[0], f"row {row} has this name already"
        for form in forms:
            if form and field.name in (f"{form}_complete", f"{form}_timestamp"):
                yield field, HEADINGS[0], f"REDCap makes this field itself for the form {form}"


def _form_faults(fields: list[Field]) -> Iterator[Found]:
    ended: set[str] = set()
    for form, members in groupby(fields, key=lambda field: field["Form Name"]):
        start = next(members)
        if form in ended:
            yield start, "Form Name", f"the fields of the form {form} do not stand together"
        ended.add(form)


def _branching_faults(fields: list[Field]) -> Iterator[Found]:
    known = {field.name for field in fields}
    for field in fields:
        for name in field.named_in_logic():
            if name not in known:
                yield field, "Branching Logic (Show field only if...)", f"no field {name!r}"


def _matrix_faults(fields: list[Field]) -> Iterator[Found]:
    ended: set[tuple[str, str]] = set()
    column = "Matrix Group Name"
    for key, group in groupby(fields, key=lambda field: (field["Form Name"], field[column])):
        members = list(group)
        if not key[1]:
            continue
        if any(name == key[1] for _, name in ended):
            yield members[0], column, f"the fields of the matrix {key[1]} do not stand together"
        ended.add(key)
        yield from _unlike(members)


def _unlike(members: list[Field]) -> Iterator[Found]:
    first = members[0]
    for field in members[1:]:
        for column in ("Field Type", "Choices, Calculations, OR Slider Labels"):
            if field.comparable(column) != first.comparable(column):
                yield field, column, f"not the same as that of {first.name}, in the same matrix"
        if field["Section Header"]:
            yield field, "Section Header", "only the first field of a matrix can have one"
        if field["Matrix Ranking?"] != first["Matrix Ranking?"]:
            yield field, "Matrix Ranking?", f"not as for {first.name}, in the same matrix"
