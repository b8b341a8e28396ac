from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from relsurvey.errors import InstrumentError
from relsurvey.files import sha256_of
from relsurvey.instruments import Catalogue, Instrument, MinimumAnswered, load_instrument


def test_instrument_and_its_parts_are_frozen(small) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        small.title = "another"
    with pytest.raises(ValidationError, match="frozen"):
        small.items[0].reverse = True
    with pytest.raises(TypeError, match="does not support item assignment"):
        small.items[0] = small.items[1]


def test_ids_come_in_the_order_of_the_file(small) -> None:
    assert small.item_ids == ("A1", "A2", "B1", "B2")
    assert small.reversed_items == ("A2",)
    assert small.items_of("B") == ("B1", "B2")
    assert small.response_scale.values == (1.0, 2.0, 3.0)
    assert isinstance(small.response_scale.minimum, float)


def test_catalogue_finds_by_position_and_by_id(small) -> None:
    assert small.items["A2"] is small.items[1]
    assert small.items[:2] == (small.items["A1"], small.items["A2"])
    assert small.items[-1].id == "B2"
    assert "B2" in small.items
    assert "B9" not in small.items
    assert small.items[0] in small.items
    assert [item.id for item in small.items] == list(small.items.ids)


def test_catalogue_guesses_the_slip(small) -> None:
    with pytest.raises(InstrumentError, match=r"no.* 'b1'(.|\n)*Did you mean 'B1'\?"):
        small.items["b1"]
    with pytest.raises(InstrumentError, match="Known: A, B, C"):
        small.items_of("nothing")


def test_digest_is_that_of_the_file_and_survives_copies(small, small_file) -> None:
    assert small.digest == sha256_of(small_file)
    assert small.path == small_file
    for twin in (copy.deepcopy(small), pickle.loads(pickle.dumps(small))):
        assert twin == small
        assert twin.digest == small.digest
        assert isinstance(twin.items, Catalogue)


def test_instrument_made_in_python_has_a_digest_of_its_content(small) -> None:
    made = Instrument.model_validate(small.model_dump())
    assert made.path is None
    assert len(made.digest) == 64
    changed = made.model_copy(update={"title": "another"})
    assert changed.digest != made.digest


def test_dump_and_print_leave_the_wording_out() -> None:
    instrument = load_instrument("peech-sc")
    assert instrument.items["KNO5"].wording
    for text in (instrument.model_dump_json(), repr(instrument), str(instrument)):
        assert "I knew my rights" not in text
        assert "Knew own rights" in text  # the gist is there


def test_dump_can_be_read_again(small) -> None:
    again = Instrument.model_validate_json(small.model_dump_json())
    assert again.scales == small.scales
    assert again.scales["B"].minimum_answered.share == small.scales["B"].minimum_answered.share


def test_wording_is_filled_with_a_capital_at_the_beginning(small) -> None:
    assert small.wording_of("A1") == "My worker is one."
    assert small.wording_of("A1", worker="our nurse") == "Our nurse is one."
    assert small.wording_of("A2") == ""
    assert small.wording_of("A1", "cy") == ""
    with pytest.raises(InstrumentError, match=r"no placeholder 'nurse'(.|\n)*It has: worker"):
        small.wording_of("A1", nurse="x")
    with pytest.raises(InstrumentError, match="'A7'"):
        small.wording_of("A7")


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        ({"count": 3}, {4: 3, 2: 3}),
        ({"share": "2/3", "at_least": 3}, {7: 5, 6: 4, 5: 4, 4: 3, 3: 3, 1: 3}),
        ({"share": 0.75}, {10: 8, 8: 6, 4: 3, 1: 1}),
        ({"share": 1}, {5: 5}),
        ({"share": "1/2"}, {5: 3, 0: 1}),
    ],
)
def test_answers_needed(rule, needed) -> None:
    assert {n: MinimumAnswered(**rule).needed(n) for n in needed} == needed


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 200))
def test_share_is_rounded_up_and_never_more_than_applies(top, bottom, applicable) -> None:
    if top > bottom:
        top, bottom = bottom, top
    needed = MinimumAnswered(share=f"{top}/{bottom}").needed(applicable)
    assert needed * bottom >= applicable * top
    assert (needed - 1) * bottom < applicable * top or needed == 1
    assert needed <= max(applicable, 1)
