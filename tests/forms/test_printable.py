import dataclasses
from pathlib import Path

import pytest

from relsurvey.errors import InstrumentError
from relsurvey.forms.form import forms_of
from relsurvey.forms.printable import hidden_in, require_writable
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"


def test_the_first_form_is_returned():
    forms = forms_of(load_instrument(ODD))
    assert require_writable(forms) is forms[0]


def test_no_form_is_refused():
    with pytest.raises(InstrumentError, match="no form to write"):
        require_writable(())


def test_two_instruments_are_refused():
    mixed = [*forms_of(load_instrument(ODD)), *forms_of(load_instrument("peech-sc"))]
    with pytest.raises(InstrumentError, match="these are 2: odd_form-1, peech-sc"):
        require_writable(mixed)


def test_a_language_twice_is_refused():
    form = forms_of(load_instrument(ODD))[0]
    with pytest.raises(InstrumentError, match="en-GB is asked for twice"):
        require_writable([form, form])


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\ufffe", "\ud800"])
def test_every_hidden_character_is_found_wherever_it_stands(bad):
    form = forms_of(load_instrument(ODD))[0]
    item = dataclasses.replace(form.items[1], text=f"a{bad}b")
    choice = dataclasses.replace(form.choices[0], label=f"c{bad}")
    broken = dataclasses.replace(
        form,
        items=(form.items[0], item, *form.items[2:]),
        choices=(choice, *form.choices[1:]),
        instructions=bad,
    )
    with pytest.raises(InstrumentError, match="cannot be shown") as caught:
        require_writable([broken])
    assert [row["what"] for row in caught.value.failure_rows] == [
        "instructions",
        "label of -1",
        "A2",
    ]
    assert {row["character"] for row in caught.value.failure_rows} == {f"U+{ord(bad):04X}"}


def test_what_people_write_is_fine():
    assert not hidden_in(
        "Tab\there,\nnext line\r\n, 👩🏽‍⚕️, لا ينطبق, \u200f, soft\u00adhyphen, a\u00a0b"
    )
