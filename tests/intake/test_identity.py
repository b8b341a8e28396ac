import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses

HEAD = "id,w,t,v,Q1,Q2,Q3\n"


def test_ids_are_text_as_they_stand(small, export):
    path = export(HEAD + "007,1e5,NA,1,1,1,1\n 7 ,0x1,,2,1,1,1\n")
    responses = read_responses(path, small, id="id", worker="w", team="t", wave="v")
    meta = responses.meta
    assert list(meta) == ["respondent_id", "worker_id", "team", "wave"]
    assert meta["respondent_id"].tolist() == ["007", "7"]
    assert meta["worker_id"].tolist() == ["1e5", "0x1"]
    assert meta["team"].tolist()[0] == "NA"
    assert meta["team"].isna().tolist() == [False, True]
    assert meta.index.tolist() == [0, 1]
    summary = responses.log.summary()
    assert "1 cell of respondent_id had spaces around the text. They were taken off." in summary
    assert "1 row without a team." in summary


def test_rows_are_numbered_where_no_id_is_named(small, export):
    meta = read_responses(export("Q1,Q2,Q3\n1,1,1\n\n2,2,2\n"), small).meta
    assert meta["respondent_id"].tolist() == ["1", "2"]
    assert meta.index.tolist() == [0, 1]


def test_ids_that_stand_twice_are_told_and_kept(small, export):
    path = export(HEAD + "a,w,,,1,1,1\nb,w,,,1,1,1\na,w,,,1,1,1\n,w,,,1,1,1\n,w,,,1,1,1\n")
    responses = read_responses(path, small, id="id", worker="w")
    assert responses.n == 5
    warning = [e for e in responses.log.entries if e.what.startswith("Warning")]
    assert [(e.count, e.what) for e in warning] == [
        (2, "Warning: 1 respondent id more than once: rows 2, 4.")
    ]


def test_failed_formulas_are_no_ids(small, export):
    path = export(HEAD + "a,#N/A,,,1,1,1\nb,w,#REF!,,1,1,1\n")
    with pytest.raises(IntakeError, match="2 ids where a formula failed") as caught:
        read_responses(path, small, worker="w", team="t")
    assert caught.value.failures["row"].tolist() == [2, 3]


def test_one_column_for_two_things_is_refused(small, export):
    path = export(HEAD + "a,w,t,v,1,1,1\n")
    with pytest.raises(IntakeError, match="'w' is asked for as more than one thing") as caught:
        read_responses(path, small, worker="w", team="W")
    assert caught.value.failure_rows == [{"column": "w", "asked for as": "worker_id, team"}]
    workers = read_responses(path, small, id="w", worker="w")
    assert workers.meta["respondent_id"].tolist() == workers.meta["worker_id"].tolist()


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_of_a_column(small, export, name):
    path = export(HEAD + "a,w,t,v,1,1,1\n")
    with pytest.raises(IntakeError, match="column for worker_id is empty") as caught:
        read_responses(path, small, worker=name)
    assert "leave the option out" in caught.value.hint
