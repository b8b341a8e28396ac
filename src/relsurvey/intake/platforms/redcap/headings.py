"""What the headings of a REDCap export say: which columns are REDCap's own, which are fields.

A raw export has the names of the fields as headings, an export of labels what people read. Both
put REDCap's own columns in fixed places: the record's id first, then event, repeats, access
group and survey identifier; within each form the time of submission first and the form's status
last (REDCap's help on exports; seen in real ones).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from relsurvey.intake.fold import fold_heading, trimmed
from relsurvey.intake.platforms.redcap.dictionary import Field
from relsurvey.intake.table import RawTable

__all__ = [
    "BOX_TEXTS",
    "Heading",
    "Kind",
    "fields_of",
    "headings_of",
    "is_status",
    "reads_as_labels",
]

Kind = Literal[
    "record", "event", "repeat", "instance", "group", "identifier", "own", "time", "status",
    "box", "field",
]  # fmt: skip

_RAW: Mapping[str, Kind] = {
    "redcap_event_name": "event",
    "redcap_repeat_instrument": "repeat",
    "redcap_repeat_instance": "instance",
    "redcap_data_access_group": "group",
    "redcap_survey_identifier": "identifier",
    "redcap_survey_timestamp": "own",
    "redcap_survey_return_code": "own",
}
_LABELS: Mapping[str, Kind] = {
    "Event Name": "event",
    "Repeat Instrument": "repeat",
    "Repeat Instance": "instance",
    "Data Access Group": "group",
    "Survey Identifier": "identifier",
    "Survey Timestamp": "time",
    "Complete?": "status",
}
_STATUS_LABELS = frozenset({"incomplete", "unverified", "complete"})
BOX_TEXTS = frozenset({"", "0", "1", "checked", "unchecked"})
_BOX = re.compile(r"([a-z][a-z0-9_]*?)___(\w+)")
# Old releases put the choice in quotes.
_LABELLED_BOX = re.compile(r"(.*\S)?\s*\(choice='?(.*?)'?\)", re.DOTALL)
_STATUS, _TIME = "_complete", "_timestamp"


@dataclass(frozen=True)
class Heading:
    """What a column of an export is.

    Attributes
    ----------
    kind : str
        What REDCap writes there; "field" is a field of the project.
    name : str
        Name of the field in a raw export, its label otherwise; for the status of a form and
        the time of its submission the name of the form, where the heading has it.
    code : str
        Of a box to tick: the end of its heading, or the label of the choice.
    """

    kind: Kind
    name: str
    code: str = ""


def reads_as_labels(heading: Sequence[str]) -> bool:
    """Say whether the headings are labels and not names of fields.

    Examples
    --------
    >>> reads_as_labels(["Record ID", "Pain", "Complete?"]), reads_as_labels(["record_id"])
    (True, False)
    """
    texts = [trimmed(text) for text in heading]
    if any(text.startswith("redcap_") for text in texts):
        return False
    return any(text in _LABELS or _LABELLED_BOX.fullmatch(text) for text in texts)


def is_status(texts: Sequence[str]) -> bool:
    """Say whether texts can be the status of a form: a digit or its label, or blank.

    Examples
    --------
    >>> is_status(["0", "2", ""]), is_status(["Complete"]), is_status(["yes"])
    (True, True, False)
    """
    folded = [text.lower() for text in texts]
    return all(not text or text in "0123" or text in _STATUS_LABELS for text in folded)


def headings_of(table: RawTable, fields: Mapping[str, Field]) -> list[Heading]:
    """Say what each column is.

    Parameters
    ----------
    table : RawTable
        The export.
    fields : dict of str to Field
        The dictionary of the project; empty where there is none.

    Returns
    -------
    list of Heading
        One a column.
    """
    texts = [trimmed(text) for text in table.heading]
    if reads_as_labels(texts):
        found = [_labelled(text) for text in texts]
    else:
        found = [_raw(table, place, text, fields) for place, text in enumerate(texts)]
        forms = {one.name for one in found if one.kind == "status"}
        forms |= {one.form for one in fields.values()}
        found = [_with_time(one, forms, fields) for one in found]
    if found[0].kind == "field" and _may_be_record(table, found[0], fields):
        found[0] = Heading("record", found[0].name)
    return found


def _may_be_record(table: RawTable, first: Heading, fields: Mapping[str, Field]) -> bool:
    """Say whether the first column is the record's id: no row is without one."""
    id_field = next(iter(fields.values()), None)
    if id_field is not None:
        return fold_heading(first.name) in (fold_heading(id_field.label), id_field.name)
    return not table.columns[0].blank.any()


def _labelled(text: str) -> Heading:
    if text in _LABELS:
        return Heading(_LABELS[text], "")
    box = _LABELLED_BOX.fullmatch(text)
    return Heading("box", box[1] or "", box[2]) if box else Heading("field", text)


def _raw(table: RawTable, place: int, text: str, fields: Mapping[str, Field]) -> Heading:
    if text in _RAW:
        return Heading(_RAW[text], text)
    if text.startswith("redcap_"):
        return Heading("own", text)
    if text in fields:
        return Heading("field", text)
    form = text.removesuffix(_STATUS)
    if form not in ("", text):
        column = table.columns[place]
        known = form in {one.form for one in fields.values()}
        if known or (not fields and is_status(column.trimmed)):
            return Heading("status", form)
    box = _BOX.fullmatch(text)
    return Heading("box", box[1], box[2]) if box else Heading("field", text)


def _with_time(one: Heading, forms: set[str], fields: Mapping[str, Field]) -> Heading:
    form = one.name.removesuffix(_TIME)
    is_time = one.kind == "field" and form != one.name and form in forms
    return Heading("time", form) if is_time and one.name not in fields else one


def fields_of(
    found: Sequence[Heading], fields: Mapping[str, Field], *, labels: bool
) -> list[Field | None]:
    """Find the field of each column.

    Labels repeat. Where as many columns have one as fields do, they stand in the same order;
    where there are fewer, nobody can tell which, and none of them is taken for a field.

    Parameters
    ----------
    found : sequence of Heading
        The columns.
    fields : dict of str to Field
        The dictionary, in the order of the project.
    labels : bool
        Whether the headings are labels.
    """
    of_project = ("record", "field", "box")
    if not labels:
        return [fields.get(one.name) if one.kind in of_project else None for one in found]
    wanted: defaultdict[tuple[str, str], list[Field]] = defaultdict(list)
    # Text between the questions has a label, and no column.
    for field in (one for one in fields.values() if one.kind != "descriptive"):
        boxes = field.choices.values() if field.kind == "checkbox" else [""]
        for label in boxes:
            wanted[_folded(field.label, label)].append(field)
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(found):
        if one.kind in of_project:
            places[_folded(one.name, one.code)].append(place)
    matched: list[Field | None] = [None] * len(found)
    for key, there in places.items():
        if len(there) == len(wanted[key]):
            for place, field in zip(there, wanted[key], strict=True):
                matched[place] = field
    return matched


def _folded(label: str, choice: str) -> tuple[str, str]:
    return fold_heading(label), fold_heading(choice)
