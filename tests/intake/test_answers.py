import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import answers, read_responses


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
    monkeypatch.setattr(answers, "MOST_FAILURES", 3)
    path = export("Q1,Q2,Q3\n" + "x,y,1\n" * 5)
    with pytest.raises(IntakeError, match=r"10 cells .*The first 3 are listed") as caught:
        read_responses(path, small)
    assert len(caught.value.failures) == 3


def test_shapes_reasons_and_log(small, export):
    path = export("Q3,Q1,Q2\nNever,9,\n2,Usually,88\n,NA,4\n")
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
        "Q3: 1 label read as codes.",
        "Q3: labels and codes stand in the same column.",
        "Q3: 1 cell unanswered.",
    ]
