"""The data dictionary of a REDCap project: what its fields are called, ask and allow.

It is downloaded with eighteen fixed headings, or comes from the interface for programs with the
same columns in snake_case (both seen in real projects). Newer releases add words to a heading,
so that headings are known by how they begin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.export import ExportColumn, Role
from relsurvey.intake.files.containers import read_container
from relsurvey.intake.fold import trimmed, without_html
from relsurvey.intake.table import RawTable

__all__ = ["Field", "column_of", "in_heading", "is_dictionary", "read_dictionary"]

_HEADINGS = {
    "name": ("variable / field name", "field_name"),
    "form": ("form name", "form_name"),
    "section": ("section header", "section_header"),
    "kind": ("field type", "field_type"),
    "label": ("field label", "field_label"),
    "choices": ("choices", "select_choices_or_calculations"),
    "validation": ("text validation type", "text_validation_type_or_show_slider_number"),
    "identifier": ("identifier",),
    "branching": ("branching logic", "branching_logic"),
    "matrix": ("matrix group name", "matrix_group_name"),
}
_NEEDED = ("name", "form", "kind", "label")

# Choices that the dictionary does not spell out (REDCap's help on field types).
_IMPLIED = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
_LISTED = frozenset({"radio", "dropdown", "checkbox", "select"})
# What REDCap works out or keeps for itself; "descriptive" has no column at all.
_NOT_ANSWERS = frozenset({"calc", "file", "descriptive"})
# Checks of a text field that only hold what points to a person (names of REDCap's checks).
_PERSONAL_CHECK = re.compile(r"email|phone|zipcode|postalcode|ssn|mrn|vmrn", re.IGNORECASE)
_NOT_IN_HEADINGS = re.compile(r"[^a-z0-9_]")


@dataclass(frozen=True)
class Field:
    """One field of a project.

    Attributes
    ----------
    name, form, kind, label, validation : str
        As in the dictionary; the label without HTML.
    stem : str
        For the fields of a matrix: the header above it.
    choices : dict of str to str
        Label by code.
    personal : bool
        Whether it is marked as identifying a person, or only takes such a thing as an e-mail
        address.
    logic : str
        The branching logic that may hide it.
    """

    name: str
    form: str
    kind: str
    label: str
    stem: str = ""
    validation: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    personal: bool = False
    logic: str = ""

    @property
    def conditional(self) -> bool:
        """Whether branching logic may hide it."""
        return bool(self.logic)

    @property
    def decimal_comma(self) -> bool:
        """Whether its numbers are checked to have a decimal comma."""
        return self.validation.endswith("comma_decimal")


def is_dictionary(heading: Sequence[str]) -> bool:
    """Say whether headings are those of a data dictionary.

    Examples
    --------
    >>> is_dictionary(["field_name", "form_name", "section_header", "field_type", "field_label"])
    True
    """
    return set(_NEEDED) <= set(_places(heading))


def _places(heading: Sequence[str]) -> dict[str, int]:
    folded = [trimmed(text).lower() for text in heading]
    found = {}
    for name, starts in _HEADINGS.items():
        places = [place for place, text in enumerate(folded) if text.startswith(starts)]
        if places:
            found[name] = places[0]
    return found


def read_dictionary(path: Path) -> dict[str, Field]:
    """Read a data dictionary.

    Parameters
    ----------
    path : pathlib.Path
        The CSV file that the project's designer lets download, or a workbook of it.

    Returns
    -------
    dict of str to Field
        By name, in the order of the project.

    Raises
    ------
    IntakeError
        Where the file cannot be read or is no dictionary.
    """
    table = read_container(path)
    if not is_dictionary(table.heading):
        missing = [_HEADINGS[name][0] for name in _NEEDED if name not in _places(table.heading)]
        raise IntakeError(
            f"{path.name} is no data dictionary of a REDCap project: it has no column "
            f"{listed(missing)}.",
            hint="Download it in the Online Designer (Data Dictionary), and leave its headings.",
        )
    return {one.name: one for one in _fields(table)}


def _fields(table: RawTable) -> list[Field]:
    places = _places(table.heading)
    fields: list[Field] = []
    group, stem = "", ""
    for number in range(len(table.rows)):
        cells = table.row(number)
        row = {name: cells[place] for name, place in places.items()}
        if not row["name"]:
            continue
        if row.get("matrix", "") != group:
            # The first field of a matrix carries the header of all of it (seen in real projects).
            group = row.get("matrix", "")
            stem = without_html(row.get("section", "")) if group else ""
        fields.append(_field(row, stem))
    return fields


def _field(row: Mapping[str, str], stem: str) -> Field:
    kind = row["kind"].lower()
    validation = row.get("validation", "").lower()
    checked_as_personal = kind == "text" and _PERSONAL_CHECK.match(validation) is not None
    return Field(
        name=row["name"].lower(),
        form=row["form"].lower(),
        kind=kind,
        label=without_html(row["label"]),
        stem=stem,
        validation=validation,
        choices=_choices(kind, row.get("choices", "")),
        personal=row.get("identifier", "").lower().startswith("y") or checked_as_personal,
        logic=row.get("branching", ""),
    )


def _choices(kind: str, text: str) -> dict[str, str]:
    """Return the labels by code of ``1, Never | 2, Always``; a label may hold commas."""
    if kind not in _LISTED:
        return dict(_IMPLIED.get(kind, {}))
    # Old projects write a backslash and an n between choices, all others a bar.
    between = "\\n" if "|" not in text else "|"
    found = {}
    for choice in filter(None, map(trimmed, text.split(between))):
        code, comma, label = choice.partition(",")
        found[trimmed(code)] = without_html(label) if comma else trimmed(code)
    return found


def column_of(one: Field, heading: str, code: str = "") -> ExportColumn:
    """Return what is known of a column.

    Parameters
    ----------
    one : Field
        Its field.
    heading : str
        Its heading in the file.
    code : str
        For one box of a field with several to tick: the end of its heading in a raw export, or
        the label of its choice.

    Examples
    --------
    >>> one = Field("pain", "visit", "radio", "Pain", choices={"0": "None", "1": "Some"})
    >>> column_of(one, "pain").choices
    {'0': 'None', '1': 'Some'}
    """
    role: Role = "platform" if one.kind in _NOT_ANSWERS else "answer"
    if one.personal:
        role = "personal"
    ids = () if heading == one.name else (one.name,)
    if one.kind != "checkbox":
        return ExportColumn(heading, role, ids, "", one.stem, one.label, one.choices)
    chosen = next(
        (key for key, label in one.choices.items() if code in (in_heading(key), label)), code
    )
    ids = (f"{one.name}___{in_heading(chosen)}",)
    text = one.choices.get(chosen, chosen)
    return ExportColumn(heading, role, ids if ids[0] != heading else (), "", one.label, text)


def in_heading(code: str) -> str:
    """Return a code as it stands in the heading of its box.

    Examples
    --------
    >>> in_heading("-90"), in_heading("ABC")
    ('_90', 'abc')
    """
    # -90 stands as ____90, ABC as ___abc (seen in real exports).
    return _NOT_IN_HEADINGS.sub("_", code.lower())
