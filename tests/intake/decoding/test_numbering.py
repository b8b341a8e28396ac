"""Numbers without labels: codes of the instrument, or counted from 1."""

import pytest

from relsurvey.errors import IntakeError
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses

ROWS = 24


def table(instrument, codes, rows=ROWS, own=()):
    """Return a plain table that goes through the codes; ``own`` are the first cells."""
    items = load_instrument(instrument).item_ids
    cells = [*own, *(codes[place % len(codes)] for place in range(rows * len(items) - len(own)))]
    lines = [
        ",".join(map(str, cells[at : at + len(items)])) for at in range(0, len(cells), len(items))
    ]
    return "\n".join([",".join(items), *lines]) + "\n"


@pytest.mark.parametrize("unknown", ["stop", "missing"])
@pytest.mark.parametrize("codes", [[1, 2, 3, 4], [1, 4], [1, 2, 3, 4, 5], [4, 1, "", 9]])
def test_a_shift_is_never_read(export, codes, unknown):
    with pytest.raises(IntakeError, match="They seem to be counted from 1: no cell holds 0") as it:
        read_responses(export(table("peech-sc", codes)), "peech-sc", unknown=unknown)
    assert "('Never'), and 4 occurs" in it.value.message
    assert "export the answers as texts" in it.value.hint
    assert "missing: [" not in it.value.hint


def test_one_cell_beyond_the_scale_is_a_stray_where_the_lowest_occurs(export):
    content = table("peech-sc", [1, 2, 3], own=[0, 4])
    with pytest.raises(IntakeError, match="'4' once") as caught:
        read_responses(export(content), "peech-sc")
    assert "counted from 1" not in str(caught.value)
    responses = read_responses(export(content), "peech-sc", unknown="missing")
    assert responses.reasons.iloc[0, 1] == "out_of_scale"


def warned(responses):
    return [one.what for one in responses.log.warnings if one.what.startswith("Warning: no cell")]


def test_a_scale_from_0_whose_lowest_code_never_occurs_is_warned_of(export):
    responses = read_responses(export(table("peech-sc", [1, 2, 3, 9, ""])), "peech-sc")
    (said,) = warned(responses)
    assert said.startswith("Warning: no cell of any item holds 0 ('Never'), and all other codes")
    assert responses.items.iloc[0, 0] == 1.0


@pytest.mark.parametrize(
    ("instrument", "codes", "rows"),
    [
        ("peech-sc", [0, 1, 2, 3], ROWS),
        ("peech-sc", [1, 2, 3], 19),
        ("peech-sc", [1, 2], ROWS),
        ("peech-sc", ["Sometimes", "Usually", "Always"], ROWS),
        ("rpq-16", [1, 2, 3, 4, 5, 6], ROWS),
        ("rpq-16", [2, 3, 4, 5, 6], ROWS),
    ],
)
def test_ordinary_answers_are_not_warned_of(export, instrument, codes, rows):
    assert not warned(read_responses(export(table(instrument, codes, rows)), instrument))


def test_a_scale_from_1_is_not_counted_from_2(export):
    with pytest.raises(IntakeError, match="'7' ") as caught:
        read_responses(export(table("rpq-16", [2, 3, 7])), "rpq-16")
    assert "counted from 1" not in str(caught.value)
    responses = read_responses(export(table("rpq-16", [2, 3, 7])), "rpq-16", unknown="missing")
    assert responses.reasons.iloc[0, 2] == "out_of_scale"
