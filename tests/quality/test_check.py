"""The whole check: kinds of data, odd data, exclusions, words."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from numpy.testing import assert_allclose

import relsurvey as rs
from relsurvey.errors import ScoringError
from relsurvey.quality import check_quality
from relsurvey.resources import shipped


@pytest.fixture(scope="module")
def responses():
    return rs.read_responses(
        shipped("sample") / "service_users.csv", "peech-sc", id="response_id", worker="worker_id"
    )


@pytest.fixture(scope="module")
def result(responses):
    return check_quality(responses)


def nullable(frame):
    return frame.astype("Int64")


def read_only(frame):
    values = frame.to_numpy()
    values.flags.writeable = False
    return pd.DataFrame(values, columns=frame.columns, copy=False)


@pytest.mark.parametrize(
    "kind",
    [
        nullable,
        read_only,
        lambda frame: pl.DataFrame(frame.to_dict("list")),
        lambda frame: pl.LazyFrame(frame.to_dict("list")),
        lambda frame: pa.Table.from_pandas(frame),
        lambda frame: frame.set_axis(frame.index * 7 + 5),
    ],
    ids=["Int64", "read-only", "polars", "lazy", "arrow", "odd index"],
)
def test_every_kind_of_frame_gives_the_same(answers, kind):
    one = check_quality(answers, "peech-sc")
    other = check_quality(kind(answers), "peech-sc")
    pd.testing.assert_frame_equal(one.respondents, other.respondents)
    pd.testing.assert_frame_equal(one.items, other.items)
    pd.testing.assert_frame_equal(one.flags, other.flags)


def test_responses_and_their_frame_give_the_same(responses, result):
    other = check_quality(responses.to_frame(), "peech-sc").respondents
    same = ["missing_share", "not_applicable_share", "longstring", "irv", "mahalanobis_d2"]
    assert_allclose(other[same], result.respondents[same])
    assert other["respondent_id"].tolist() == result.respondents["respondent_id"].tolist()


def test_the_row_is_that_of_the_file(responses, result):
    assert result.respondents["row"].tolist() == responses.rows.tolist()
    assert set(result.flags["row"]) <= set(responses.rows.tolist())


def test_reasons_are_counted_apart(responses, result):
    items = result.items.set_index("item")
    reasons = responses.reasons
    assert items["unanswered"].tolist() == (reasons == "unanswered").sum().tolist()
    assert items["not_applicable"].tolist() == (reasons == "not_applicable").sum().tolist()
    assert "not_shown" not in items
    counts = items[[f"count_{code}" for code in range(4)]].sum(axis="columns")
    assert counts.tolist() == items["n"].tolist()


def test_floor_and_ceiling_are_those_of_the_item_analysis(responses, result):
    analysis = rs.item_analysis(responses, missing="pairwise").to_frame()
    ours = result.items.set_index("item")
    theirs = analysis.drop_duplicates("item").set_index("item").loc[ours.index]
    for name in ("floor", "ceiling", "mean", "sd"):
        assert_allclose(ours[name], theirs[name], rtol=1e-12)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_anybody(answers, n):
    result = check_quality(answers.head(n), "peech-sc")
    assert len(result.respondents) == n
    assert result.respondents["mahalanobis_d2"].isna().all()
    assert any("No Mahalanobis distance" in note for note in result.notes)
    assert "What to do next" in result.summary()
    json.dumps(result.to_dict(), allow_nan=False)
    assert "<table" in result._repr_html_()


def test_an_item_nobody_answered_and_one_on_which_nobody_differs(answers):
    answers["SEC1"] = np.nan
    answers["SEC2"] = 2.0
    result = check_quality(answers, "peech-sc")
    notes = result.items.set_index("item")["note"]
    assert notes["SEC1"] == "nobody answered"
    assert notes["SEC2"] == "everybody who answered gave the same answer"
    assert "SEC1, SEC2 left out" in " ".join(result.notes)
    assert (result.respondents["mahalanobis_df"] == 21).all()
    assert result.respondents["mahalanobis_d2"].notna().all()
    assert "SEC1" in result.missing.patterns["missing"].iloc[0]
    assert result.items.set_index("item").loc["SEC2", "unused"] == "0, 1, 3"


def test_one_item_that_follows_from_another(answers):
    answers["SEC2"] = answers["SEC1"]
    result = check_quality(answers, "peech-sc")
    assert result.respondents["mahalanobis_d2"].isna().all()
    assert "not positive definite: SEC1, SEC2 follow from each other" in result.notes[0]
    assert not result.rules.set_index("rule").loc["outlier", "judged"]


def test_nobody_answered_anything(items):
    result = check_quality(pd.DataFrame(np.nan, range(4), items), "peech-sc")
    assert result.flags["rule"].tolist() == ["mostly_missing"] * 4
    assert result.respondents["irv"].isna().all()
    assert np.isnan(result.missing.p_value)


def test_what_is_no_item_is_said(answers):
    with pytest.raises(ScoringError, match="not on the scale"):
        check_quality(answers.replace(3, 7), "peech-sc")
    with pytest.raises(ScoringError, match="have to say which columns"):
        check_quality(answers)
    with pytest.raises(ScoringError, match="not in the data: SEC1"):
        check_quality(answers.drop(columns="SEC1"), "peech-sc")


def test_the_readings_name_items_that_miss_a_criterion(answers):
    answers["SEC1"] = np.resize([0.0, np.nan], 60)
    answers["SEC7"] = 0.0
    readings = check_quality(answers, "peech-sc").readings
    found = {(one.about, one.criterion[:7]): one.verdict for one in readings}
    assert found["SEC1", "missing"] == "not met"
    assert found["SEC7", "missing"] == "met"
    # The criterion on the ends is about scores: an item at its end is no fault.
    assert not [one for one in readings if one.about == "SEC7" and "15 %" in one.criterion]


def test_floor_and_ceiling_are_read_of_scale_scores(answers):
    knowing = [f"KNO{i}" for i in range(1, 6)]
    answers.loc[:11, knowing] = 3.0
    answers.loc[12:14, knowing] = 0.0
    answers.loc[15, "KNO1"] = np.nan
    readings = check_quality(answers, "peech-sc").readings
    ends = {one.about: one for one in readings if "15 %" in one.criterion}
    assert set(ends) == {"SEC", "KNO", "VAL", "CON"}
    assert ends["KNO"].verdict == "not met"
    assert ends["KNO"].figure == "lowest score 5.1 %, highest 20.3 %"
    assert ends["KNO"].because == "too many have the highest score"


def test_nobody_is_left_out_unless_rules_are_named(result, responses):
    assert result.exclusion is None
    assert "nobody was left out" in result.summary()
    assert result.exclude([]).data is responses
    assert result.exclude([]).n_excluded == 0


def test_leaving_out_keeps_rows_reasons_and_says_so_in_the_log(responses):
    result = check_quality(responses, exclude=["outlier", "longstring"])
    left = result.exclusion
    gone = set(result.flags.query("rule in ('outlier', 'longstring')")["row"])
    assert set(responses.rows) - set(left.data.rows) == gone
    assert left.n_excluded == len(gone) == left.counts["n_excluded"].sum()
    assert left.counts["rule"].tolist() == ["longstring", "outlier"]
    assert left.n_kept == left.data.n == len(left.data.meta) == len(left.data.context)
    assert left.data.items.index.tolist() == list(range(left.n_kept))
    entry = left.data.log.entries[-1]
    assert entry.step == "quality"
    assert entry.count == len(gone)
    assert entry.what == f"{len(gone)} respondents left out: 1 by longstring and 22 by outlier."
    kept = responses.items[left.kept].reset_index(drop=True)
    pd.testing.assert_frame_equal(left.data.items, kept)
    pd.testing.assert_frame_equal(
        left.data.reasons, responses.reasons[left.kept].reset_index(drop=True)
    )
    assert len(result.respondents) == 900
    again = check_quality(left.data)
    assert again.n == left.n_kept


def test_a_respondent_with_two_flags_is_counted_once(answers):
    answers.iloc[0] = 3.0
    left = check_quality(answers, "peech-sc", exclude=["longstring", "no_variation"]).exclusion
    assert left.counts[["n_flagged", "n_excluded"]].to_numpy().tolist() == [[1, 1], [1, 0]]
    assert "1 of 60 respondents left out" in left.summary()


@pytest.mark.parametrize("kind", [pl.DataFrame, pl.LazyFrame, pa.Table.from_pydict])
def test_leaving_out_of_a_frame_gives_a_frame_of_its_kind(answers, kind):
    answers.iloc[0] = 3.0
    frame = kind(answers.to_dict("list"))
    left = check_quality(frame, "peech-sc", exclude=["longstring"]).exclusion.data
    assert type(left) is type(frame)
    rows = left.collect() if isinstance(left, pl.LazyFrame) else left
    assert len(rows) == 59


def test_dictionaries_and_texts_never_hold_rows_of_persons(result, responses):
    told = json.dumps(result.to_dict()) + result.summary() + result._repr_html_()
    told += json.dumps(result.exclude(["outlier"]).to_dict())
    assert not any(name in told for name in responses.meta["respondent_id"])
    patterns = result.to_dict()["missing"]["patterns"]
    assert len(patterns) < len(result.missing.patterns)
    assert min(row["count"] for row in patterns) >= 10


def test_the_summary_says_what_was_checked_and_warns(result):
    text = result.summary()
    assert "900 respondents, 23 items" in text
    assert "not judged" in text
    assert "Little's MCAR test" in text
    assert "To leave them out biases the result" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 90
