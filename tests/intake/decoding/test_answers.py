import pytest

from relsurvey.errors import IntakeError
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses
from relsurvey.intake.decoding import unknown_cells


def test_every_cell_that_is_no_answer_is_listed(small, export):
    path = export("id,Q1,Q2,Q3\na,7,1,Nevr\nb,1,7,2\n\nc,7,N/A,3\n")
    with pytest.raises(IntakeError, match=r"5 cells are no answer that small knows") as caught:
        read_responses(path, small)
    failures = caught.value.failures
    assert list(failures) == ["row", "column", "item", "value", "allowed"]
    assert failures[["row", "item", "value"]].to_numpy().tolist() == [
        [2, "Q1", "7"],
        [2, "Q3", "Nevr"],
        [3, "Q2", "7"],
        [5, "Q1", "7"],
        [5, "Q2", "N/A"],
    ]
    assert "'7' 3 times (Q1, Q2)" in caught.value.message
    assert "did you mean 'Never'?" in failures["allowed"].iloc[1]
    assert "missing" in caught.value.hint


def test_a_long_list_is_cut_and_says_so(small, export, monkeypatch):
    monkeypatch.setattr(unknown_cells, "MOST_FAILURES", 3)
    path = export("Q1,Q2,Q3\n" + "x,y,1\n" * 5)
    with pytest.raises(IntakeError, match=r"10 cells .*The first 3 are listed") as caught:
        read_responses(path, small)
    assert len(caught.value.failures) == 3


def test_shapes_reasons_and_log(small, export):
    path = export("Q3,Q1,Q2\nNever,9,\nNow and then,Usually,88\n,NA,Immer\n")
    responses = read_responses(path, small)
    assert list(responses.items) == ["Q1", "Q2", "Q3"]
    assert responses.items.fillna(0).to_numpy().tolist() == [[0, 0, 1], [3, 0, 2], [0, 4, 0]]
    assert responses.reasons.dtypes.eq(object).all()
    assert responses.reasons.to_numpy().tolist() == [
        ["not_applicable", "unanswered", None],
        [None, "dont_know", None],
        ["not_shown", None, "unanswered"],
    ]
    log = responses.log.to_frame()
    assert list(log) == ["step", "column", "count", "what", "why"]
    q3 = log[(log["step"] == "answers") & (log["column"] == "Q3")]
    assert q3["what"].tolist() == [
        "Q3: 2 labels read as numbers.",
        "Q3: 1 cell unanswered.",
    ]


def test_a_missing_code_of_an_instrument_that_came_with_the_package(export):
    items = load_instrument("rpq-10").item_ids
    path = export(",".join(items) + "\n" + ",".join(["-99"] * 10) + "\n")
    with pytest.raises(IntakeError, match="'-99' 10 times") as caught:
        read_responses(path, "rpq-10")
    assert "relsurvey instruments show rpq-10 --yaml > my-rpq-10.yaml" in caught.value.hint
    snippet = 'missing: [{code: "-99", reason: unanswered}]'
    assert snippet in caught.value.hint
    definition = load_instrument("rpq-10").path.read_text(encoding="utf-8")
    own = export(
        definition.replace("response_scale:\n", f"response_scale:\n  {snippet}\n", 1), "my.yaml"
    )
    assert (read_responses(path, own).reasons == "unanswered").all(axis=None)


def test_what_is_allowed_says_what_the_codes_mean(small, export):
    with pytest.raises(IntakeError, match="1 cell is no answer") as caught:
        read_responses(export("Q1,Q2,Q3\n7,1,1\n"), small)
    assert "9 (Doesn't apply)" in caught.value.failures["allowed"].iloc[0]
    assert 'missing: [{code: "7"' in caught.value.hint
    assert "copy the definition" not in caught.value.hint


def test_reasons_are_spoken_as_people_say_them(small, export):
    log = read_responses(export("Q1,Q2,Q3\n88,77,9\n"), small).log.summary()
    assert "Q1: 1 cell don't know." in log
    assert "Q2: 1 cell prefer not to say." in log
    assert "Q3: 1 cell not applicable." in log
