"""What a person is asked to confirm, what contradicts itself, and that no name is repeated."""

import json

import pytest

from relsurvey.errors import IntakeError
from relsurvey.instruments import load_instrument
from relsurvey.intake import draft_columns, read_responses

PEECH = load_instrument("peech-sc")
AFRAID = "I was afraid of my social worker, at times."
NAMES = ("Jane Okafor", "Okonkwo", "my support worker")


def table(headings, cells=None):
    rows = [headings, cells or ["1"] * len(headings)]
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"


def columns_entries(log):
    return [entry.what for entry in log.entries if entry.step == "columns"]


def looked_at(log):
    return [entry.what for entry in log.warnings if entry.step == "columns"]


def test_what_is_nearly_the_wording_stands_first_and_whole(small, export):
    nearly = AFRAID.replace("worker, at times", "workers at times")
    path = export(table(["I felt safe.", "Q1", nearly]))
    log = read_responses(path, small).log
    first, second, *_ = columns_entries(log)
    assert first.startswith("Please confirm Q2 = column 3, found by a wording 98% alike: ")
    assert first.endswith(f"'{nearly}' for '{AFRAID}'")
    assert second == "Please confirm 1 column found by text: Q3 = column 1."
    assert f"  {first}" in log.summary().splitlines()
    shown = draft_columns(path, small).summary().splitlines()
    place = shown.index("Not quite the item's wording; compare")
    assert [line.strip() for line in shown[place + 2 : place + 4]] == [nearly, AFRAID]


def test_long_wordings_are_told_whole(small, export):
    long = small.model_copy(deep=True)
    text = "I thought about the time with my worker, " * 14 + "and it was familiar."
    long.items["Q2"].wording["en-GB"] = text
    heading = text.replace("familiar", "familliar")
    log = read_responses(export(table(["Q1", heading, "Q3"])), long).log
    assert f"'{heading}' for '{text}'" in log.summary()


def test_licensed_wording_is_told_by_numbers(small, export):
    pack = export(f'item,locale,wording\nQ2,en-GB,"{AFRAID}"\n', "pack.csv")
    path = export(table(["Q1", AFRAID.replace("afraid", "afriad"), "Q3"]))
    log = read_responses(path, small, wording=pack).log
    assert columns_entries(log)[0].startswith("Please confirm Q2 = column 2, found by a wording 9")
    assert "afr" not in log.summary() + json.dumps(log.to_dict())
    draft = draft_columns(path, small, wording=pack)
    assert draft.to_frame().set_index("item").loc["Q2", "compare"] == ""


@pytest.mark.parametrize("name", NAMES)
def test_what_is_filled_in_is_not_repeated(export, name):
    headings = [PEECH.wording_of(item, worker=name, a_worker="a worker") for item in PEECH.item_ids]
    path = export(table(headings))
    read = read_responses(path, PEECH)
    draft = draft_columns(path, PEECH)
    told = [read.log.summary(), json.dumps(read.log.to_dict()), draft.summary(), draft.to_yaml()]
    told += [json.dumps(draft.to_dict())]
    assert not any(name.lower() in text.lower() for text in told)
    assert "SEC4 = column 4, found by wording, with another name or role filled in" in told[0]
    assert '"SEC4": "column 4"' in draft.to_yaml()
    path.write_text(table(headings[:-1]), encoding="utf-8")
    with pytest.raises(IntakeError, match="1 of the 23 items of peech-sc has no column") as caught:
        read_responses(path, PEECH)
    assert name not in str(caught.value)


def test_a_heading_with_a_name_is_masked_in_the_map(small, export):
    path = export(table(["g[Q1]. I saw my worker Jane Okafor", "g[Q2]. x", "g[Q3]. y"]))
    draft = draft_columns(path, small)
    assert "Jane" not in draft.summary() + draft.to_yaml() + json.dumps(draft.to_dict())
    assert '"Q1": "column 1"' in draft.to_yaml()


QUALTRICS = """StartDate,Q1,Q2,Q3
Start Date,{0},{1},{2}
"{{""ImportId"":""startDate""}}","{{""ImportId"":""QID1""}}","{{""ImportId"":""QID2""}}","{{""ImportId"":""QID3""}}"
2024-05-01 10:00:00,1,2,3
"""


def test_a_column_that_asks_another_item_stops_the_reading(small, export):
    path = export(QUALTRICS.format("My social worker heard me.", "I felt safe.", "I felt safe."))
    with pytest.raises(
        IntakeError, match="column 3 is named Q2, but asks what item Q3 asks"
    ) as caught:
        read_responses(path, small)
    assert caught.value.failures.to_dict("records") == [
        {"item": "Q2", "problem": "asks what Q3 asks", "headings": "'Q2'"}
    ]
    draft = draft_columns(path, small)
    unclear = draft.to_frame().set_index("item").loc["Q2"]
    assert unclear["candidates"] == "column 3 'Q2' asks what item Q3 asks"
    assert "Q2" not in [line.split('"')[1] for line in draft.to_yaml().splitlines()[3:4]]


def test_a_map_goes_before_the_text_and_warns(small, export):
    path = export(QUALTRICS.format("My social worker heard me.", "I felt safe.", "I felt safe."))
    answers = read_responses(path, small, columns={"Q2": "Q2"})
    assert answers.items["Q2"].tolist() == [2.0]
    assert looked_at(answers.log) == [
        "Warning: Column 3 asks what item Q3 asks. The map names it for Q2."
    ]


def test_a_text_unlike_the_wording_is_to_confirm(small, export):
    other = "How would you rate the weather on the day?"
    path = export(QUALTRICS.format("My social worker heard me.", f'"{other}"', "I felt safe."))
    log = read_responses(path, small).log
    assert looked_at(log) == [
        "Please confirm 1 column found by id or code, whose text is unlike the item's wording: "
        "Q2 = column 3."
    ]
    table = draft_columns(path, small).to_frame().set_index("item")
    assert table["confirm"].to_dict() == {"Q1": False, "Q2": True, "Q3": False, "Q4": False}


@pytest.mark.parametrize("text", [f'"2. {AFRAID} *"', "Afraid", f'"In your view: {AFRAID}"'])
def test_a_text_that_fits_or_is_a_label_needs_no_look(small, export, text):
    path = export(QUALTRICS.format("My social worker heard me.", text, "I felt safe."))
    assert looked_at(read_responses(path, small).log) == []
