import csv
import dataclasses
import html
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relsurvey.errors import InstrumentError
from relsurvey.forms import Choice, form_of, forms_of
from relsurvey.forms.redcap import remarks, write_redcap
from relsurvey.forms.redcap_checks import HEADINGS, dictionary_faults
from relsurvey.instruments import load_instrument

AWKWARD = Path(__file__).with_name("awkward.yaml")
CHOICES = "Choices, Calculations, OR Slider Labels"


def rows_of(content):
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    assert tuple(rows[0]) == HEADINGS
    return rows


def test_items_are_a_matrix_with_the_stem_above_the_first():
    form = form_of(load_instrument("peech-sc"))
    rows = rows_of(write_redcap([form])["peech-sc.csv"])
    assert (rows[0]["Variable / Field Name"], rows[0]["Field Type"]) == ("record_id", "text")
    items = rows[1:24]
    assert [row["Variable / Field Name"] for row in items] == [one.id.lower() for one in form.items]
    assert [row["Field Label"] for row in items] == [one.text for one in form.items]
    assert [row["Section Header"] for row in items] == [form.instructions, *[""] * 22]
    assert {row["Matrix Group Name"] for row in items} == {"peech_sc"}
    assert {row[CHOICES] for row in items} == {
        "0, Never | 1, Sometimes | 2, Usually | 3, Always | 9, Does not apply"
    }
    assert {row["Field Annotation"] for row in rows} == {""}


def test_context_questions_follow():
    rows = rows_of(write_redcap([form_of(load_instrument("peech-sc"))])["peech-sc.csv"])
    others = {row["Variable / Field Name"]: row for row in rows[24:]}
    months = others["months_known"]
    assert months["Field Type"] == "text"
    assert months["Text Validation Type OR Show Slider Number"] == "number"
    assert others["stage"][CHOICES] == "1, Starting | 2, Ongoing | 3, Ending"
    assert not any(row["Matrix Group Name"] for row in others.values())


def test_signs_that_part_choices_or_pipe_fields_are_written_as_entities():
    form = form_of(load_instrument(AWKWARD))
    rows = rows_of(write_redcap([form])["Awk-ward_1.csv"])
    parts = [part.split(",", 1) for part in rows[1][CHOICES].split("|")]
    codes = [code.strip() for code, _ in parts]
    assert codes == ["-1", "0.5", "2", "n_a", "refused"]
    labels = [html.unescape(label.strip()) for _, label in parts]
    assert labels == [choice.label for choice in form.choices]
    shown = [html.unescape(row["Field Label"].replace("<br>", "\n")) for row in rows[1:6]]
    assert shown == [one.text.replace("\t", " ") for one in form.items]
    assert not any("[" in row["Field Label"] for row in rows)


def test_names_are_ones_that_redcap_takes_and_changes_are_told():
    forms = [form_of(load_instrument(AWKWARD))]
    names = [row["Variable / Field Name"] for row in rows_of(write_redcap(forms)["Awk-ward_1.csv"])]
    assert len(set(names)) == len(names) == 9
    assert max(map(len, names)) <= 26
    said = "\n".join(remarks(forms))
    assert "record_id is now record_id2" in said
    assert "capitals were lowered" in said
    assert "n/a is now n_a" in said


def test_each_language_has_the_same_fields():
    files = write_redcap(forms_of(load_instrument("peech-sc")))
    assert list(files) == ["peech-sc.en-GB.csv", "peech-sc.en-GB-x-easy.csv"]
    usual, easy = map(rows_of, files.values())
    assert [row["Variable / Field Name"] for row in usual] == [
        row["Variable / Field Name"] for row in easy
    ]
    assert easy[1]["Field Label"] == "I felt sure that my social worker knew what to do."


def test_what_is_written_passes_the_checks():
    for name in ("peech-sc", AWKWARD):
        for content in write_redcap(forms_of(load_instrument(name))).values():
            assert dictionary_faults(content) == []


def test_what_redcap_would_refuse_is_not_written():
    form = form_of(load_instrument("peech-sc"))
    alike = dataclasses.replace(form, choices=(Choice("1", "Yes"), Choice("2", "Yes")))
    with pytest.raises(InstrumentError, match="cannot be a REDCap data dictionary") as caught:
        write_redcap([alike])
    assert len(caught.value.failures) == 23
    assert set(caught.value.failures["fault"]) == {"the label 'Yes' stands there 2 times"}


IDS = st.lists(
    st.from_regex(r"(redcap_)?[A-Za-z][A-Za-z0-9_-]{0,40}", fullmatch=True),
    unique_by=str.casefold,
    min_size=2,
    max_size=6,
)


@pytest.fixture(scope="module")
def form():
    return form_of(load_instrument("peech-sc"))


@given(ids=IDS)
def test_any_ids_make_a_dictionary_without_faults(form, ids):
    items = tuple(dataclasses.replace(form.items[0], id=one) for one in ids)
    (content,) = write_redcap([dataclasses.replace(form, items=items, context=())]).values()
    assert dictionary_faults(content) == []
