from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.adaptation import compare_instruments
from relsurvey.errors import InstrumentError
from relsurvey.instruments import Catalogue, load_instrument
from relsurvey.results import json_ready

RECORD = """
adaptation:
  original: {original}
  changes:
    - {{id: plain, change: Plain words., reason: Everyone has to be able to answer.}}
  items:
    - {{item: S1, subscale: null, operation: {operation}, changes: [plain], reason: {reason}}}
"""
END = "     minimum_answered: {count: 3}}\n"


def recorded(operation, original="SMALL-4, the first", reason="too long"):
    text = RECORD.format(operation=operation, original=original, reason=reason)
    return (END, END + text.lstrip("\n"))


def rows_of(comparison):
    return comparison.to_frame().set_index("item").to_dict(orient="index")


def told(comparison):
    return " ".join(" ".join(comparison.findings).split())


@pytest.mark.parametrize("name", ["peech-sc", "rpq-16", "rpq-40", "rpq-e", "rpq-10"])
def test_an_instrument_compared_with_itself_differs_in_nothing(name):
    result = compare_instruments(name, name)
    assert set(result.to_frame()["operation"]) == {"kept"}
    assert len(result.differences) == 0
    assert len(result.changes) == 0
    assert "No item changed." in result.summary()


def test_operations_are_told_by_the_wording(made):
    b = made(
        "b",
        ("stayed calm", "was calm"),
        ("  - {id: S2,", "  - {id: NEW, reverse: false, gist: new, "
                         "wording: {en-GB: I felt heard.}}\n  - {id: S2,"),
        ("I was afraid of {worker}.", "i  was afraid of {worker}."),
        ("  - {id: S4, reverse: false, gist: bare}\n", ""),
        ("items: [S1, S2, S3, S4]", "items: [S1, NEW, S2, S3]"),
    )  # fmt: skip
    result = compare_instruments(made("a"), b)
    rows = rows_of(result)
    assert {name: row["operation"] for name, row in rows.items()} == {
        "S1": "reworded", "NEW": "added", "S2": "kept", "S3": "kept", "S4": "dropped",
    }  # fmt: skip
    assert rows["S1"]["wording_a"] == "{Worker} stayed calm."
    assert rows["S1"]["wording_b"] == "{Worker} was calm."
    assert rows["S1"]["note"] == "Differs in en-GB; the same in sv."
    assert rows["S3"]["basis"] == "wording"
    (scale,) = result.differences.to_dict(orient="records")
    assert (scale["about"], scale["what"]) == ("scale S", "items")
    assert (scale["a"], scale["b"]) == ("S1, S2, S3, S4", "NEW, S1, S2, S3")


def test_a_wording_under_another_id_is_the_same_item_renamed(made):
    b = made("b", ("S2", "QUICK"))
    result = compare_instruments(made("a"), b)
    rows = rows_of(result)
    assert rows["QUICK"]["operation"] == "kept"
    assert (rows["QUICK"]["in_a"], rows["QUICK"]["in_b"]) == ("S2", "QUICK")
    assert rows["QUICK"]["note"] == "Renamed: S2 in A."
    # The scale has the same items, one of them under its new name.
    assert len(result.differences) == 0


def test_items_that_were_numbered_anew_are_not_taken_for_new_wordings(made):
    b = made(
        "b",
        ("  - {id: S1, reverse: false, gist: calm, "
         'wording: {en-GB: "{Worker} stayed calm.", sv: Lugn.}}\n', ""),
        ("id: S2", "id: S1"), ("id: S3", "id: S2"),
        ("items: [S1, S2, S3, S4]", "items: [S1, S2, S4]"),
    )  # fmt: skip
    frame = compare_instruments(made("a"), b).to_frame()
    assert frame[["item", "operation", "in_a"]].to_numpy().tolist() == [
        ["S1", "kept", "S2"], ["S2", "kept", "S3"], ["S4", "kept", "S4"], ["S1", "dropped", "S1"],
    ]  # fmt: skip


def test_a_wording_that_stands_twice_does_not_tell_items_apart(made):
    """No definition file may hold it, but two joined wordings can be alike."""
    a = load_instrument(made("a"))
    same = [item.model_copy(update={"wording": {"en-GB": "Alike."}}) for item in a.items[:2]]
    other = [item.model_copy(update={"id": name}) for item, name in zip(same, "XY", strict=True)]
    result = compare_instruments(
        a.model_copy(update={"items": Catalogue(same)}),
        a.model_copy(update={"items": Catalogue(other)}),
    )
    assert {name: row["operation"] for name, row in rows_of(result).items()} == {
        "X": "added", "Y": "added", "S1": "dropped", "S2": "dropped",
    }  # fmt: skip
    assert rows_of(result)["X"]["note"] == "Maybe S1, S2 of A, which is much alike: look."


def test_a_near_wording_under_another_id_is_offered_and_not_decided(made):
    b = made("b", ("S2", "Q2"), ("got back to me quickly", "got back to me very quickly"))
    rows = rows_of(compare_instruments(made("a"), b))
    assert (rows["Q2"]["operation"], rows["S2"]["operation"]) == ("added", "dropped")
    assert rows["Q2"]["note"] == "Maybe S2 of A, which is much alike: look."
    assert rows["S2"]["note"] == "Maybe Q2 of B, which is much alike: look."


def test_without_wording_ids_and_gists_are_compared_and_that_is_said():
    result = compare_instruments("rpq-40", "rpq-16")
    frame = result.to_frame()
    assert frame["operation"].value_counts().to_dict() == {"dropped": 24, "kept": 16}
    assert set(frame.loc[frame["operation"] == "kept", "basis"]) == {"id and gist"}
    assert "A and B hold no wording: what was kept is told by id and gist" in told(result)
    assert "Kept by id and gist, 16 items: RIA1" in result.summary()


def test_the_same_id_with_another_gist_and_no_wording_is_unclear():
    result = compare_instruments("rpq-40", "rpq-e")
    rows = rows_of(result)
    assert [name for name, row in rows.items() if row["operation"] == "unclear"] == [
        "UNC1", "UNC2", "UNC3", "UNC4"
    ]  # fmt: skip
    assert "UNC1, UNC2, UNC3, UNC4: the same id, another gist" in told(result)


def test_reasons_come_from_the_record(made):
    b = made("b", ("stayed calm", "was calm"), recorded("reworded"))
    result = compare_instruments(made("a"), b)
    assert rows_of(result)["S1"]["reason"] == "Too long. Plain words."
    assert result.changes.to_dict(orient="records") == [
        {"id": "plain", "change": "Plain words.", "reason": "Everyone has to be able to answer."}
    ]
    assert result.findings == (
        "Some items have no wording in a language that both have: what was kept is told by id "
        "and gist, and a new wording under an old id is not seen.",
    )
    assert "Why: Everyone has to be able to answer." in " ".join(result.summary().split())


@pytest.mark.parametrize(
    ("operation", "swap", "finding"),
    [
        ("kept", ("stayed calm", "was calm"), "says kept of S1, but it is worded otherwise in A"),
        ("reworded", ("A small", "A small"), "says reworded of S1, but it is the same in A"),
        ("added", ("A small", "A small"), "says added of S1, but it is the same in A"),
        ("kept", ("stayed calm.\", sv: Lugn.", "heard me.\", sv: Hört."), "worded otherwise"),
    ],
)  # fmt: skip
def test_a_record_that_does_not_agree_with_the_wording_is_a_finding(made, operation, swap, finding):
    result = compare_instruments(made("a"), made("b", swap, recorded(operation)))
    assert finding in told(result)
    assert "not the id or title" not in told(result)
    assert result.summary().index("Look at this first") < result.summary().index("Kept by")


def test_a_record_that_says_kept_of_an_item_that_was_not_there_is_a_finding(made):
    a = made("a", ("  - {id: S1, reverse: false, gist: calm, "
                   'wording: {en-GB: "{Worker} stayed calm.", sv: Lugn.}}\n', ""),
             ("[S1, ", "["))  # fmt: skip
    result = compare_instruments(a, made("b", recorded("kept")))
    assert "says kept of S1, but it is not in A" in told(result)


def test_a_record_of_another_original_is_told(made):
    result = compare_instruments(made("a"), made("b", recorded("reworded", "Large")))
    assert "B was made from 'Large', which is not the id or title of A (small)" in told(result)


def test_a_record_that_both_have_tells_nothing_of_the_way_from_a_to_b(made):
    """A copy keeps the record of how its own original was made: no reason for what came after."""
    record = recorded("added", "Large")
    same = compare_instruments(made("a", record), made("b", record))
    assert same.to_frame()["reason"].tolist() == ["", "", "", ""]
    assert "record says" not in told(same)
    changed = compare_instruments(made("a", record), made("b", record, ("stayed", "was")))
    assert "B records no reason for what was done to S1." in told(changed)


def test_a_wording_that_both_say_was_kept_cannot_differ(made):
    record = recorded("kept", "Large")
    result = compare_instruments(made("a", record), made("b", record, ("stayed", "was")))
    assert "says kept of S1, but it is worded otherwise in A" in told(result)


def test_original_and_adaptation_the_wrong_way_round(made):
    a = made("a", ("stayed", "was"), recorded("reworded"))
    assert "name the original first" in told(compare_instruments(a, made("b")))


def test_differences_beside_the_wording(made):
    b = made(
        "b",
        ("reverse: true", "reverse: false"), ("languages: [en-GB, sv]", "languages: [en-GB]"),
        (", sv: Lugn.", ""), ("Never}", "Not ever}"), ("method: mean", "method: sum"),
        ("title: Ess, items: [S1, S2, S3, S4], method: sum, minimum: 1, maximum: 3",
         "title: Ess, items: [S4, S2, S3, S1], method: sum, minimum: 4, maximum: 12"),
        ("{count: 3}", '{share: "1/2"}'), ("the last three months", "the last month"),
        ("scales:", "context:\n  - {id: months, gist: months known, answer: number}\nscales:"),
    )  # fmt: skip
    result = compare_instruments(made("a"), b)
    found = {(row.about, row.what): (row.a, row.b) for row in result.differences.itertuples()}
    assert found == {
        ("item S3", "reverse-keyed"): ("yes", "no"),
        ("questionnaire", "languages"): ("en-GB, sv", "en-GB"),
        ("instructions", "en-GB"): (
            "Think of {worker} and the last three months.",
            "Think of {worker} and the last month.",
        ),
        ("response scale", "label of 1 (en-GB)"): ("Never", "Not ever"),
        ("scale S", "method"): ("mean", "sum"),
        ("scale S", "range"): ("1 to 3", "4 to 12"),
        ("scale S", "minimum answered"): (
            "at least 3 of 4 items answered",
            "at least 1/2 of the items that apply answered",
        ),
        ("context question months", "is there"): ("no", "yes"),
    }
    assert "The keying of S3 was turned round" in told(result)
    assert rows_of(result)["S1"]["note"] == "Worded in sv in A only."
    assert "Only in B: context question months." in result.summary()


def test_other_response_scales_are_said(made):
    assert "The response scales differ" in told(compare_instruments("peech-sc", "rpq-16"))


def test_a_joined_wording_is_compared_and_never_shown(made):
    a = load_instrument(made("a"))
    items = [item.model_copy(update={"wording": {"en-GB": f"licensed {item.id}"}})
             for item in a.items]  # fmt: skip
    b = a.model_copy(update={"items": Catalogue(items)})
    result = compare_instruments(a, b)
    assert rows_of(result)["S1"]["operation"] == "reworded"
    everything = json.dumps(json_ready(result)) + result.summary() + result._repr_html_()
    assert "licensed" not in everything
    assert "stayed calm" not in everything


def test_the_result_is_ready_for_json():
    read = json.loads(json.dumps(json_ready(compare_instruments("rpq-16", "rpq-40"))))
    assert {row["in_a"] for row in read["items"] if row["operation"] == "added"} == {None}


def test_an_unknown_instrument_is_refused():
    with pytest.raises(InstrumentError, match="no instrument with the id 'rpq-15'"):
        compare_instruments("rpq-15", "rpq-16")


@settings(max_examples=25)
@given(st.lists(st.sampled_from(load_instrument("peech-sc").items.ids), unique=True, min_size=1))
def test_every_item_stands_once_on_either_side(names):
    whole = load_instrument("peech-sc")
    part = whole.model_copy(update={"items": Catalogue(whole.items[name] for name in names)})
    frame = compare_instruments(whole, part).to_frame()
    assert sorted(frame["in_a"]) == sorted(whole.items.ids)
    assert frame["in_b"].dropna().tolist() == names
    assert (frame["operation"] == "dropped").sum() == len(whole.items) - len(names)
    turned = compare_instruments(part, whole).to_frame()
    assert (turned["operation"] == "added").sum() == len(whole.items) - len(names)


def test_another_label_of_an_answer_is_to_be_looked_at_first(made):
    result = compare_instruments(made("a"), made("b", ("en-GB: Never", "en-GB: Not once")))
    assert "The answers are labelled otherwise (1 in en-GB)" in told(result)
    assert "labelled otherwise" not in told(compare_instruments(made("a"), made("b")))


def test_reason_and_change_are_sentences_of_their_own(made):
    piece, text = recorded("reworded", reason="confident was too hard")
    text = text.replace("change: Plain words.", "change: a plain word")
    result = compare_instruments(made("a"), made("b", (piece, text), ("stayed", "was")))
    assert rows_of(result)["S1"]["reason"] == "Confident was too hard. A plain word."
    assert "A plain word. Why: Everyone" in " ".join(result.summary().split())
