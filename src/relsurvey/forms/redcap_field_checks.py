"""Checks of one field of a REDCap data dictionary, its choices apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["LONGEST_NAME", "Field", "field_faults"]

LONGEST_NAME = 26
LONGEST_GROUP_NAME = 60
TYPES = (
    "text", "notes", "calc", "dropdown", "radio", "checkbox", "yesno", "truefalse", "file",
    "slider", "descriptive", "sql",
)  # fmt: skip
VALIDATIONS = (
    "alpha_only", "date_dmy", "date_mdy", "date_ymd", "datetime_dmy", "datetime_mdy",
    "datetime_seconds_dmy", "datetime_seconds_mdy", "datetime_seconds_ymd", "datetime_ymd",
    "email", "integer", "mrn_10d", "mrn_generic", "number", "number_1dp",
    "number_1dp_comma_decimal", "number_2dp", "number_2dp_comma_decimal", "number_3dp",
    "number_3dp_comma_decimal", "number_4dp", "number_4dp_comma_decimal",
    "number_comma_decimal", "phone", "phone_australia", "phone_uk", "postalcode_australia",
    "postalcode_canada", "postalcode_french", "postalcode_germany", "postalcode_uk",
    "signature", "ssn", "time", "time_hh_mm_ss", "time_mm_ss", "vmrn", "zipcode",
)  # fmt: skip
_NOT_TEXT = {"slider": ("number",), "file": ("signature",), "dropdown": ("autocomplete",)}
_ALIGNMENTS = ("LH", "LV", "RH", "RV")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_IN_LOGIC = re.compile(r"\[([a-z][a-z0-9_]*)(?:\([^)]*\))?\]")
_NUMERIC = re.compile(r"(integer|number.*)")

Fault = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """A row of a dictionary.

    Attributes
    ----------
    row : int
        As a spreadsheet counts it.
    cells : dict of str to str
        By heading.
    """

    row: int
    cells: dict[str, str]

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")

    @property
    def name(self) -> str:
        """Its variable name."""
        return self["Variable / Field Name"]

    @property
    def kind(self) -> str:
        """Its field type."""
        return self["Field Type"]

    def comparable(self, heading: str) -> str:
        """Return a cell without its spaces, which are set freely around ``|`` and ``,``."""
        return "".join(self[heading].split())

    def named_in_logic(self) -> list[str]:
        """Return the fields its branching logic refers to; those of other events are left out."""
        logic = self["Branching Logic (Show field only if...)"]
        alone = re.sub(r"\[[^\]]*\]\[[^\]]*\]", "", logic)
        return _IN_LOGIC.findall(alone)


def field_faults(field: Field) -> Iterator[Fault]:
    """Yield column and fault for everything wrong with one field."""
    yield from _name(field)
    yield from _form(field)
    yield from _kind(field)
    yield from _validation(field)
    yield from _limits(field)
    yield from _flags(field)
    yield from _matrix(field)


def _name(field: Field) -> Iterator[Fault]:
    column, name = "Variable / Field Name", field.name
    if not name:
        yield column, "a field has to have a name"
    elif not _NAME.fullmatch(name):
        yield column, "a name has small letters, digits and _, and begins with a letter"
    elif "__" in name or name.endswith("_"):
        yield column, "two _ in a row, or one at the end, are for the names of checkboxes"
    if len(name) > LONGEST_NAME:
        yield column, f"{len(name)} characters; REDCap advises {LONGEST_NAME} at most"
    if name.startswith("redcap_"):
        yield column, "names that begin with redcap_ are REDCap's own"


def _form(field: Field) -> Iterator[Fault]:
    form = field["Form Name"]
    if not form:
        yield "Form Name", "a field has to be on a form"
    elif not _NAME.fullmatch(form) or form.endswith("_"):
        yield "Form Name", "a form has small letters, digits and _, and begins with a letter"


def _kind(field: Field) -> Iterator[Fault]:
    if field.kind not in TYPES:
        yield "Field Type", f"{field.kind!r} is none of {', '.join(TYPES)}"
    if not field["Field Label"]:
        yield "Field Label", "nobody could see what is asked"


def _validation(field: Field) -> Iterator[Fault]:
    column = "Text Validation Type OR Show Slider Number"
    found = field[column]
    if not found or found in _NOT_TEXT.get(field.kind, ()):
        return
    if field.kind != "text":
        yield column, f"a field of type {field.kind} has none"
    elif found not in VALIDATIONS:
        yield column, f"{found!r} is no validation that REDCap comes with"


def _limits(field: Field) -> Iterator[Fault]:
    columns = ("Text Validation Min", "Text Validation Max")
    kind = field["Text Validation Type OR Show Slider Number"]
    limits = [field[column] for column in columns]
    if not any(limits) or field.kind == "slider":
        return
    if not kind:
        yield columns[0], "limits need a validation type"
    if not _NUMERIC.fullmatch(kind):
        return
    numbers = [_number(limit) for limit in limits]
    for column, limit, number in zip(columns, limits, numbers, strict=True):
        if limit and number is None:
            yield column, f"{limit!r} is not a number"
    low, high = numbers
    if low is not None and high is not None and low > high:
        yield columns[1], "the maximum is below the minimum"


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _flags(field: Field) -> Iterator[Fault]:
    for column in ("Identifier?", "Required Field?", "Matrix Ranking?"):
        if field[column] not in ("", "y", "Y"):
            yield column, f"y or nothing, not {field[column]!r}"
    alignment = field["Custom Alignment"]
    if alignment and alignment not in _ALIGNMENTS:
        yield "Custom Alignment", f"{alignment!r} is none of {', '.join(_ALIGNMENTS)}"
    if field["Required Field?"] and field.kind in ("descriptive", "calc"):
        yield "Required Field?", f"a field of type {field.kind} cannot be answered"


def _matrix(field: Field) -> Iterator[Fault]:
    column, name = "Matrix Group Name", field["Matrix Group Name"]
    if name and field.kind not in ("radio", "checkbox"):
        yield column, f"a matrix is made of radio or checkbox fields, not {field.kind}"
    if name and not re.fullmatch(r"[a-z0-9_]+", name):
        yield column, "a group has small letters, digits and _"
    if len(name) > LONGEST_GROUP_NAME:
        yield column, f"{len(name)} characters; {LONGEST_GROUP_NAME} at most"
    if field["Matrix Ranking?"] and not name:
        yield "Matrix Ranking?", "only the fields of a matrix can be ranked"
