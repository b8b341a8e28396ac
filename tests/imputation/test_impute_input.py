"""Input that cannot be imputed: a clear error, or a note."""

from __future__ import annotations

import numpy as np
import pytest

from relsurvey.errors import ModelError
from relsurvey.imputation import associate_imputed, delta_adjustment, impute
from relsurvey.linkage import link

SETTINGS = {"group": "worker_id", "n_imputations": 2, "iterations": 2, "seed": 1}


def test_a_column_wholly_missing_is_named(gappy):
    data = gappy() | {"empty": np.full(100, np.nan)}
    with pytest.raises(ModelError, match="'empty' has fewer than 3 values"):
        impute(data, ["y", "empty"], **SETTINGS)


def test_infinite_values_text_and_unknown_columns(gappy):
    data = gappy()
    data["z"][4] = np.inf
    with pytest.raises(ModelError, match="Infinite values in 'z'"):
        impute(data, ["y", "z"], **SETTINGS)
    words = ["a", "b", "c", "d"] * 25
    with pytest.raises(ModelError, match="'word' cannot enter as a category"):
        impute(data | {"word": ["a"] * 100}, ["y", "word"], **SETTINGS)
    with pytest.raises(ModelError, match="not imputed, and 'word' has missing values") as caught:
        impute(data | {"word": [None, *words[1:]]}, ["y", "x", "word"], **SETTINGS)
    assert caught.value.failures.to_numpy().tolist() == [["word", 1]]
    assert "a level of their own" in caught.value.hint
    with pytest.raises(ModelError, match="1 column is not in the table"):
        impute(data, ["y", "w"], **SETTINGS)


def test_words_stand_as_indicators_in_imputation_and_analysis(gappy):
    data = gappy()
    words = np.array(["b", "a", "c", "b"] * 25, dtype=object)
    by_hand = data | {"a": (words == "a") * 1.0, "c": (words == "c") * 1.0}
    one = impute(data | {"word": words}, ["y", "x", "word"], group_columns=["x"], **SETTINGS)
    other = impute(by_hand, ["y", "x", "a", "c"], group_columns=["x"], **SETTINGS)
    assert one.columns == ("y", "x", "word[a]", "word[c]")
    assert one.completed(2)["y"].tolist() == other.completed(2)["y"].tolist()
    assert "compared with b" in one.notes[0]
    found = associate_imputed(one, "y", "x", covariates="word")
    assert found.covariates == ("word",)
    assert found.slope == associate_imputed(other, "y", "x", covariates=["a", "c"]).slope
    shifted = {"predictors": "word", "deltas": [-1], **SETTINGS}
    tipping = delta_adjustment(data | {"word": words}, "y", "x", **shifted)
    assert tipping.primary.covariates == ()


def test_options_that_cannot_be(gappy):
    data = gappy()
    for wrong, match in (
        ({"n_imputations": 1}, "n_imputations has to be a whole number from 2"),
        ({"iterations": 0}, "iterations has to be"),
        ({"seed": 0.5}, "seed has to be"),
        ({"methods": {"y": "norm"}}, r"methods\['y'\] cannot be 'norm'"),
        ({"methods": {"yy": "normal"}}, "methods names columns that are not imputed"),
        ({"delta": {"y": np.nan}}, r"delta\['y'\] has to be a number"),
        ({"group_columns": ["z"]}, "properties of worker_id: one value each"),
    ):
        with pytest.raises(ModelError, match=match):
            impute(data, ["y", "x", "z"], **{**SETTINGS, **wrong})


def test_rows_without_a_worker_get_nothing(gappy):
    data = gappy()
    ids = data["worker_id"].astype(float)
    ids[[0, 50]] = np.nan
    imputed = impute(data | {"worker_id": ids}, ["y", "x", "z"], **SETTINGS)
    assert imputed.n_rows == 98
    assert 0 not in imputed.completed(1).index
    assert "2 rows left out" in imputed.notes[0]
    with pytest.raises(ModelError, match="None of the 100 rows has a worker_id"):
        impute(data | {"worker_id": np.full(100, np.nan)}, "y", **SETTINGS)


def test_only_linked_people_are_imputed(gappy):
    data = gappy()
    users = {name: data[name] for name in ("worker_id", "y", "z")}
    import pandas as pd

    workers = pd.DataFrame({"worker_id": range(1, 20), "x": np.arange(19.0)})
    linked = link(workers, pd.DataFrame(users))
    imputed = impute(linked, ["y", "x", "z"], n_imputations=2, iterations=2, seed=1)
    assert (imputed.n_groups, imputed.n_rows) == (19, 95)
    assert imputed.persons


def test_a_property_known_from_another_row_is_filled_in(gappy):
    data = gappy()
    data["x"][::5] = np.nan
    imputed = impute(data, ["y", "x"], **SETTINGS)
    table = imputed.to_frame().set_index("column")
    assert table.loc["x", ["n_missing", "n"]].tolist() == [2, 20]
    assert any("18 cells of a property of worker_id" in note for note in imputed.notes)


def test_more_predictors_than_values(gappy):
    data = gappy(workers=4) | {f"c{i}": np.random.default_rng(i).normal(size=20) for i in range(9)}
    data["worker_id"] = np.arange(20) % 4
    data["x"] = np.array([1.0, 2.0, np.nan, 4.0])[data["worker_id"]]
    with pytest.raises(ModelError, match="Too few values to impute from") as caught:
        impute(data, ["y", "x", *(f"c{i}" for i in range(9))], **SETTINGS)
    assert "x" in caught.value.failures["column"].tolist()


def test_collinear_and_constant_columns_do_no_harm(gappy):
    data = gappy()
    data |= {"twice": 2 * data["z"], "one": np.ones(100)}
    data["one"][:5] = np.nan
    imputed = impute(data, ["y", "x", "z", "twice", "one"], **SETTINGS)
    done = imputed.completed(1)
    assert not done.isna().any(axis=None)
    assert np.abs(done["y"]).max() < 20
    assert done["one"].eq(1).all()
    assert "all observed values are the same" in imputed.to_frame()["note"].iloc[-1]


def test_two_values_are_matched_unless_asked_otherwise(gappy):
    data = gappy()
    data["yes"] = np.where(np.arange(100) % 9 == 0, np.nan, (data["z"] > 0).astype(float))
    imputed = impute(data, ["y", "yes"], **SETTINGS)
    assert set(imputed.completed(1)["yes"]) == {0.0, 1.0}
    drawn = impute(data, ["y", "yes"], methods={"yes": "normal"}, **SETTINGS)
    assert len(set(drawn.completed(1)["yes"])) > 2


def test_a_worker_in_two_teams(gappy):
    data = gappy()
    data["team"][0] = 99
    with pytest.raises(ModelError, match="1 of 20 worker_id belong to more than one team"):
        impute(data, ["y", "x"], team="team", **SETTINGS)


def test_an_analysis_of_what_was_not_imputed(gappy):
    imputed = impute(gappy(), ["y", "x"], **SETTINGS)
    with pytest.raises(ModelError, match="Not among the imputed columns: 'z'"):
        associate_imputed(imputed, "y", "x", covariates="z")
    with pytest.raises(ModelError, match="imputed with no level for teams"):
        associate_imputed(imputed, "y", "x", team="team")
    with pytest.raises(ModelError, match="number has to be a whole number from 1 to 2"):
        imputed.completed(3)


def test_no_complete_case_is_said(gappy):
    data = gappy()
    data["z"] = np.where(np.isnan(data["y"]), data["z"], np.nan)
    data["z"] = np.where(np.isnan(data["z"]) & np.isnan(data["y"]), 0.1, data["z"])
    imputed = impute(data, ["y", "x", "z"], **SETTINGS)
    result = associate_imputed(imputed, "y", "x", covariates="z")
    assert result.complete_table is None
    assert result.n_complete_rows == 0
    assert any("no answer from complete cases" in note for note in result.notes)
    assert any("More than half of z is imputed" in note for note in result.notes)
