"""Whole files: the real ones, every bad one of the issue, and any bytes at all."""

import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relsurvey.errors import IntakeError, RelSurveyError
from relsurvey.intake import read_responses, read_table

REFERENCE = Path(__file__).parents[1] / "reference"
EXAMPLES = Path(__file__).parents[2] / "examples"
# Complete cases of the three scales, counted in the file by hand.
RSE_COMPLETE = {"affSat": 208, "affRec": 195, "percEmp": 203}
PROPERTY = settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_a_real_limesurvey_export():
    responses = read_responses(
        REFERENCE / "rse2017_uk_code_and_text.csv", EXAMPLES / "rse2017.yaml"
    )
    assert responses.n == 253
    for scale, complete in RSE_COMPLETE.items():
        names = [name for name in responses.items if name.startswith(scale)]
        assert len(responses.items[names].dropna()) == complete
    # "Strongly Agree" 96, "Agree" 95, "Neither agree or disagree" 20, "Disagree" 10, 4, blank 28
    counts = responses.items["affSat1"].value_counts()
    assert counts.to_dict() == {5.0: 96, 4.0: 95, 3.0: 20, 2.0: 10, 1.0: 4}
    assert (responses.reasons["affSat1"] == "unanswered").sum() == 28
    rules = responses.log.to_frame().query("step == 'columns'")["why"]
    assert (rules == "Found by the code in the heading.").sum() == 13
    assert "232 columns not used" in responses.log.summary()


def test_bfi():
    responses = read_responses(REFERENCE / "bfi.csv", EXAMPLES / "bfi.yaml", id="respondent_id")
    raw = pd.read_csv(REFERENCE / "bfi.csv", dtype={"respondent_id": str})
    assert responses.n == 2800
    np.testing.assert_array_equal(
        responses.items.to_numpy(), raw[list(responses.items)].to_numpy(dtype=float)
    )
    assert responses.meta["respondent_id"].tolist() == raw["respondent_id"].tolist()


def test_the_four_ways_out(small, export):
    path = export("id,Q1,Q2,Q3,months\na,9,1,\nb,1,2,3,12\n".replace("9,1,\n", "9,1,,\n"))
    responses = read_responses(path, small, id="id")
    frame = responses.to_frame()
    assert list(frame) == ["respondent_id", "Q1", "Q2", "Q3"]
    assert frame.loc[0, "Q1"] == 9
    assert np.isnan(frame.loc[0, "Q3"])
    assert responses.context["months"].tolist()[1] == "12"
    assert "2 rows of 3 items from export.csv" in responses.summary()
    assert "1 not applicable" in responses.summary()
    assert responses.to_dict()["items"][0]["Q2"] == 1
    assert "<table" in responses._repr_html_()


def test_a_wording_pack_finds_the_columns(export):
    pack = export(
        "item,locale,wording\n"
        + "".join(f"{item},en-GB,Our question {item}?\n" for item in _rpq_items()),
        "pack.csv",
    )
    headings = ",".join(f'"our  QUESTION <i>{item}</i>?"' for item in _rpq_items())
    path = export(f"{headings}\n" + ",".join(["6"] * 10) + "\n")
    assert read_responses(path, "rpq-10", wording=pack).items.eq(6).all(axis=None)
    with pytest.raises(IntakeError, match="none of the 10 items of rpq-10 has a column"):
        read_responses(path, "rpq-10")


def _rpq_items():
    from relsurvey.instruments import load_instrument

    return load_instrument("rpq-10").item_ids


def test_a_map_for_columns_that_nothing_finds(small, export):
    path = export("a,b,c\n1,2,3\n")
    mapped = export("Q1: c\nQ2: b\nQ3: a\n", "map.yaml")
    assert read_responses(path, small, columns=mapped).items.iloc[0].tolist() == [3, 2, 1]
    by_dict = read_responses(path, small, columns={"Q1": "a", "Q2": "b", "Q3": "c"})
    assert by_dict.items.iloc[0].tolist() == [1, 2, 3]


def test_repeated_headings_nobody_needs_are_noted(small, export):
    responses = read_responses(export("x,Q1,Q2,Q3,x\n1,1,1,1,1\n"), small)
    assert "2 columns have the heading 'x'. None of them is used." in responses.log.summary()


BAD = {
    "empty": (b"", "is empty"),
    "header only": (b"Q1,Q2,Q3\n", "no answers under it"),
    "wrong delimiter": (
        b"Q1|Q2|Q3\n1|2|3\n",
        "only one column was found",
    ),
    "unknown column": (b"Q1,Q2\n1,2\n", "1 of the 3 items"),
    "duplicate header": (b"Q1,Q2,Q3,Q1\n1,2,3,4\n", "2 columns could hold Q1"),
    "code off the scale": (b"Q1,Q2,Q3\n1,2,7\n", "'7' once"),
    "unknown label": (b"Q1,Q2,Q3\n1,2,Mostly\n", "'Mostly' once"),
    "uneven rows": (b"Q1,Q2,Q3\n1,2\n1,2,3\n", "1 row has more or fewer cells"),
    "unclosed quote": (b'Q1,Q2,Q3\n1,"2,3\n', "never closed"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
    "zero bytes": (
        b"Q1,Q2,Q3\n1,2,\x003\n" * 9,
        "NUL .zero. bytes, the first at byte 13 .* in line 2",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files(small, export, case):
    content, match = BAD[case]
    with pytest.raises(IntakeError, match=match):
        read_responses(export(content), small)


def test_a_single_line_of_many_megabytes(small, export):
    path = export(b"Q1,Q2,Q3\n" + b"1," * 10_000_000)
    with pytest.raises(IntakeError, match="line of more than"):
        read_responses(path, small)


PIECES = st.sampled_from(
    [b"Q1", b"Q2", b"Q3", b",", b";", b"\t", b"\n", b"\r\n", b'"', b"1", b"9", b"Never", b"\x00",
     b"\xff\xfe", b"\xef\xbb\xbf", b"\x81", b"\xe9", b" ", b"PK\x03\x04", b"Q1,Q2,Q3\n1,2,3\n"]
)  # fmt: skip


@PROPERTY
@given(
    content=st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=30).map(b"".join)),
    name=st.sampled_from(["a.csv", "a.xlsx", "a"]),
)
def test_any_bytes_are_read_or_answered_with_our_own_error(small, tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    for read in (lambda: read_responses(path, small, id="Q1").items, lambda: read_table(path)):
        try:
            rows = len(read())
        except RelSurveyError:
            continue
        assert rows >= 1


def _workbook_bytes():
    book = openpyxl.Workbook()
    for row in (["Q1", "Q2", "Q3"], [1, 2, 3.0], ["Never", "=1+1", None]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


WORKBOOK = _workbook_bytes()


@PROPERTY
@given(
    spots=st.lists(
        st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=20
    ),
    end=st.integers(1, len(WORKBOOK)),
)
def test_a_damaged_workbook_is_answered_with_our_own_error(small, tmp_path, spots, end):
    damaged = bytearray(WORKBOOK)
    for place, value in spots:
        damaged[place] = value
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(damaged[:end] if len(spots) % 2 else damaged))
    try:
        items = read_responses(path, small).items
    except RelSurveyError:
        return
    assert list(items) == list(small.item_ids)


CODES = {1: ["1", "1.0", "Never", " NEVER\u00a0", "Nie"], 2: ["2", "Sometimes", "Ab und zu"],
         3: ["3", "usually"], 4: ["4", '"Yes, always"', "Immer"]}  # fmt: skip
REASONS = {
    "unanswered": ["", "  ", "-99"],
    "not_applicable": ["9", "Trifft nicht zu"],
    "not_shown": ["NA"],
    "dont_know": ["88"],
    "prefer_not": ["77", "rather not say"],
}
MEANINGS = st.sampled_from([*CODES, *REASONS])


def _spellings(cell, *, codes):
    if cell in REASONS:
        return REASONS[cell]
    return [text for text in CODES[cell] if text[0].isdigit() == codes]


@PROPERTY
@given(data=st.data())
def test_what_was_written_comes_back(small, tmp_path, data):
    rows = data.draw(st.lists(st.tuples(MEANINGS, MEANINGS, MEANINGS), min_size=1, max_size=12))
    codec = data.draw(
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    )
    delimiter = data.draw(st.sampled_from([",", ";", "\t"]))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    # A column holds labels or codes: both together are two exports in one file.
    as_codes = [data.draw(st.booleans()) for _ in range(3)]
    spelt = [
        [
            data.draw(st.sampled_from(_spellings(cell, codes=codes)))
            for cell, codes in zip(row, as_codes, strict=True)
        ]
        for row in rows
    ]
    lines = [["nr", "Q1", "Q2", "Q3"]]
    lines += [[f"{number:03}", *row] for number, row in enumerate(spelt)]
    path = tmp_path / "round.csv"
    path.write_bytes((end.join(delimiter.join(line) for line in lines) + end).encode(codec))
    responses = read_responses(path, small, id="nr")
    expected = [[cell if cell in CODES else None for cell in row] for row in rows]
    reasons = [[None if cell in CODES else cell for cell in row] for row in rows]
    np.testing.assert_array_equal(
        responses.items.to_numpy(), np.array(expected, dtype=object).astype(float)
    )
    assert responses.reasons.to_numpy().tolist() == reasons
    assert responses.meta["respondent_id"].tolist() == [f"{i:03}" for i in range(len(rows))]
