"""What a log may say: rows, item ids and column numbers; no ids of people, no licensed wording."""

import json

import pytest

from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses

ITEMS = load_instrument("rpq-10").item_ids


def everything(log) -> str:
    return "\n".join([log.summary(), log.to_frame().to_csv(), json.dumps(log.to_dict())])


def test_ids_that_stand_twice_are_told_by_rows(small, export):
    path = export("id,Q1,Q2,Q3\nR0003,1,1,1\nR0004,1,1,1\n\nR0003,1,1,1\nR0004,1,1,1\n")
    log = read_responses(path, small, id="id").log
    assert "2 respondent ids more than once: rows 2, 5; rows 3, 6." in log.summary()
    assert "R000" not in everything(log)


def test_wording_is_not_in_the_log(export):
    pack = export(
        "item,locale,wording\n" + "".join(f"{i},en-GB,Secret {i} wording?\n" for i in ITEMS),
        "pack.csv",
    )
    headings = [f"Secret {item} wording?" for item in ITEMS]
    headings += ["Secret of another scale", "Secret twice", "Secret twice"]
    path = export(",".join(headings) + "\n" + ",".join(["6"] * len(headings)) + "\n")
    responses = read_responses(path, "rpq-10", wording=pack)
    assert "ecret" not in everything(responses.log)
    frame = responses.log.to_frame()
    found = frame[frame["why"] == "Found by wording."]
    assert found["column"].tolist() == list(ITEMS)
    assert found["what"].tolist()[1] == f"{ITEMS[1]} is column 2."
    assert "3 columns not used. Nothing asks for them." in responses.log.summary()
    assert "2 columns have the same heading." in responses.log.summary()


@pytest.mark.parametrize("heading", ["grid[Q1]. Secret stem", "Q1. Secret text", "Secret [Q1]"])
def test_headings_beside_a_code_are_not_in_the_log(small, export, heading):
    log = read_responses(export(f"{heading},Q2,Q3\n1,1,1\n"), small).log
    assert "ecret" not in everything(log)


def test_unused_headings_are_cut(small, export):
    log = read_responses(export(f"Q1,Q2,Q3,{'long ' * 30}\n1,1,1,1\n"), small).log
    assert "1 column not used: 'long long" in log.summary()
    assert "Nothing asks for it." in log.summary()
    assert "long " * 12 not in everything(log)
