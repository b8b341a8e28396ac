"""An instrument and small exports in the shape of REDCap, for its tests."""

from pathlib import Path

from relsurvey.instruments import Instrument, load_instrument

DATA = Path(__file__).parents[2] / "data" / "redcap"

_ITEM = "  - {{id: {id}, gist: G, reverse: false, wording: {{en-GB: {wording}}}}}"
_DEFINITION = """
id: made
version: 1.0.0
status: draft
title: Made
short_title: Made
construct: Anything
respondent: service_user
description: Made for tests.
sources:
  - {{citation: None., licence: None.}}
languages: [en-GB]
response_scale:
  minimum: 0
  maximum: 5
  codes:
    - {{value: 0{zero}}}
    - {{value: 1{one}}}
    - {{value: 2}}
    - {{value: 3}}
    - {{value: 4}}
    - {{value: 5}}
items:
{items}
scales:
  - id: S
    title: All
    items: [{ids}]
    method: mean
    minimum: 0
    maximum: 5
    minimum_answered: {{count: 1}}
"""


def instrument_of(
    folder: Path, ids: tuple[str, ...], labels: tuple[str, str] = ("", ""), **wordings: str
) -> Instrument:
    """Return an instrument with items of these ids, answered from 0 to 5."""
    items = "\n".join(
        _ITEM.format(id=one, wording=wordings.get(one, f"Wording of {one}.")) for one in ids
    )
    zero, one = (f", label: {{en-GB: {label}}}" if label else "" for label in labels)
    path = folder / "made.yaml"
    path.write_text(_DEFINITION.format(items=items, ids=", ".join(ids), zero=zero, one=one))
    return load_instrument(path)


DICTIONARY_HEADING = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note",'
    '"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",'
    'Identifier?,"Branching Logic (Show field only if...)","Required Field?","Custom Alignment",'
    '"Question Number (surveys only)","Matrix Group Name","Matrix Ranking?","Field Annotation"'
)
API_HEADING = (
    "field_name,form_name,section_header,field_type,field_label,select_choices_or_calculations,"
    "field_note,text_validation_type_or_show_slider_number,text_validation_min,"
    "text_validation_max,identifier,branching_logic,required_field,custom_alignment,"
    "question_number,matrix_group_name,matrix_ranking,field_annotation"
)


def dictionary_line(
    name: str,
    form: str,
    kind: str = "text",
    label: str = "",
    choices: str = "",
    **more: str,
) -> str:
    """Return a line of a dictionary."""
    cells = [name, form, more.get("section", ""), kind, label or name, choices, ""]
    cells += [more.get("check", ""), "", "", more.get("identifier", ""), more.get("logic", "")]
    cells += ["", "", "", more.get("matrix", ""), "", ""]
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
