from pathlib import Path

import pytest

from relsurvey.errors import InstrumentError
from relsurvey.forms.form import code_text, form_of, forms_of
from relsurvey.instruments import load_instrument, with_wording

AWKWARD = Path(__file__).with_name("awkward.yaml")


def test_a_form_holds_wording_labels_and_codes_as_they_are():
    form = form_of(load_instrument(AWKWARD))
    assert form.items[0].text == '=1+1 is "two", my worker said.'
    assert [choice.code for choice in form.choices] == ["-1", "0.5", "2", "n/a", "refused"]
    assert [choice.value for choice in form.choices] == [-1.0, 0.5, 2.0, None, None]
    assert [choice.code for choice in form.context[2].choices] == ["10", "1234567"]


def test_what_a_platform_writes_by_itself_cannot_be_chosen():
    form = form_of(load_instrument(AWKWARD))
    assert "-99" not in [choice.code for choice in form.choices]


def test_a_filling_goes_into_every_wording():
    form = form_of(load_instrument("peech-sc"), fillings={"worker": "my carer"})
    assert form.items[4].text == "My carer stayed calm when things were hard."


@pytest.mark.parametrize(
    ("fillings", "fault"),
    [({"wroker": "x"}, "no such placeholder"), ({"worker": " "}, "it is blank"),
     ({"locale": "x", "item_id": "y"}, "no such placeholder")],
)  # fmt: skip
def test_a_filling_that_fits_nothing_is_refused(fillings, fault):
    with pytest.raises(InstrumentError, match=f"cannot be filled in(.|\n)*{fault}") as caught:
        form_of(load_instrument("peech-sc"), fillings=fillings)
    assert len(caught.value.failures) == len(fillings)


def test_every_language_once_and_in_the_order_asked_for():
    instrument = load_instrument(AWKWARD)
    assert [form.locale for form in forms_of(instrument)] == ["en-GB", "en-GB-x-easy", "cy"]
    asked = forms_of(instrument, ["cy", "en-GB", "cy"])
    assert [form.locale for form in asked] == ["cy", "en-GB"]


def test_an_unknown_language_is_refused_with_the_likely_one():
    with pytest.raises(InstrumentError, match=r"no language 'en-gb'(.|\n)*Did you mean 'en-GB'"):
        form_of(load_instrument("peech-sc"), "en-gb")


def test_without_wording_there_is_no_form():
    with pytest.raises(InstrumentError, match=r"no wording in en-GB for 16 of its 16(.|\n)*pack"):
        form_of(load_instrument("rpq-16"))


def test_a_pack_in_a_language_without_labels_is_not_enough(tmp_path):
    pack = tmp_path / "pack.csv"
    instrument = load_instrument("rpq-10")
    rows = [f"{one},cy,Geiriad {one}" for one in instrument.item_ids]
    pack.write_text("\n".join(["item,locale,wording", *rows]), encoding="utf-8")
    with pytest.raises(InstrumentError, match="answers without a label in cy"):
        form_of(with_wording(instrument, pack), "cy")


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (-1, "-1"), (0.5, "0.5"), (1234567.0, "1234567"), (0.1234567, "0.1234567")],
)  # fmt: skip
def test_codes_keep_every_digit(value, text):
    assert code_text(value) == text
    assert float(code_text(value)) == value
