"""Special cases that must collapse, invariances, recovery, and data that is not kind."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.agreement import aggregation, users_needed
from relsurvey.agreement.needed import mean_reliability
from relsurvey.errors import ModelError
from relsurvey.linkage import link

Q = ["q1", "q2", "q3", "q4"]
NUMBERS = ["icc1", "icc2", "icc1_n0", "icc2_n0", "icc_reml", "icc2_reml"]


def numbers(result):
    return [getattr(result, name) for name in NUMBERS]


def test_balanced_mean_squares_and_variances_agree(made_up):
    found = aggregation(made_up([6] * 30, 0.3), "y", "worker")
    assert found.icc1 > 0
    assert found.icc_reml == pytest.approx(found.icc1, abs=1e-8)
    assert found.icc1_n0 == pytest.approx(found.icc1, abs=1e-14)
    assert found.icc2_n0 == pytest.approx(found.icc2, abs=1e-12)
    assert found.icc["interval"].iloc[0] == "limits of F, exact"


def test_unbalanced_coefficients_differ_and_say_so(made_up):
    found = aggregation(made_up([2] * 20 + [40] * 3, 0.3), "y", "worker")
    assert len({round(value, 6) for value in (found.icc1, found.icc1_n0, found.icc_reml)}) == 3
    assert any("unequal size" in note for note in found.notes)
    assert not found.to_frame()[["n", "mean", "reliability"]].isna().any().any()


def test_reliability_of_the_mean_at_the_mean_size_is_icc2(made_up):
    found = aggregation(made_up([5] * 12, 0.4), "y", "worker")
    assert found.to_frame()["reliability"].to_numpy() == pytest.approx(found.icc2, abs=1e-12)


@pytest.mark.parametrize("truth", [0.05, 0.25, 0.6])
def test_simulated_truth_is_recovered_and_covered(made_up, truth):
    sizes = np.tile([2, 5, 9, 14], 75)
    inside, found = [], []
    for seed in range(24):
        one = aggregation(made_up(sizes, truth, seed), "y", "worker").icc.set_index("coefficient")
        found.append(one["estimate"])
        inside.append((one["conf_low"] <= truth) & (truth <= one["conf_high"]))
    means = pd.DataFrame(found).mean()
    for name in ("icc1_n0", "icc_reml"):
        assert means[name] == pytest.approx(truth, abs=0.02)
        assert pd.DataFrame(inside)[name].mean() > 0.85


def test_unbalanced_simulated_coverage_of_reml_at_its_boundary(made_up):
    zero = [aggregation(made_up([2, 3, 7] * 8, 0.0, seed), "y", "worker") for seed in range(40)]
    low = [one.icc.set_index("coefficient").loc["icc_reml", "conf_low"] for one in zero]
    assert np.mean(np.array(low) == 0) > 0.9
    assert any(one.icc_reml == 0 for one in zero)
    assert all(one.icc_reml >= 0 for one in zero)
    assert any(one.icc1 < 0 for one in zero)


def test_smiths_standard_error_is_about_the_spread_of_the_estimate(made_up):
    sizes = np.tile([3, 8, 13], 40)
    runs = [aggregation(made_up(sizes, 0.3, seed), "y", "worker") for seed in range(40)]
    spread = np.std([run.icc1_n0 for run in runs], ddof=1)
    error = np.mean([run.test["smith_std_error"] for run in runs])
    assert error == pytest.approx(spread, rel=0.3)


def test_row_order_and_group_labels_do_not_matter(teams):
    base = aggregation(teams, "score", "team", items=Q, categories=5)
    other = teams.sample(frac=1, random_state=3)
    again = aggregation(other, "score", "team", items=Q[::-1], categories=5)
    assert numbers(again) == pytest.approx(numbers(base), rel=1e-12)
    pd.testing.assert_frame_equal(again.to_frame(), base.to_frame(), rtol=1e-9)
    named = teams.assign(team="w" + teams["team"].astype(str).str.zfill(3))
    renamed = aggregation(named, "score", "team", items=Q, categories=5)
    assert numbers(renamed) == numbers(base)
    left, right = (one.to_frame().drop(columns="group") for one in (renamed, base))
    pd.testing.assert_frame_equal(left, right)
    assert renamed.summary() == base.summary()


def test_shift_scale_and_sign_of_the_answers(teams):
    base = aggregation(teams, "score", "team", items=Q, categories=5)
    turned = teams.assign(**{name: 6 - teams[name] for name in [*Q, "score"]})
    again = aggregation(turned, "score", "team", items=Q, categories=5)
    assert numbers(again) == pytest.approx(numbers(base), rel=1e-9)
    left, right = (one.to_frame().drop(columns="mean") for one in (again, base))
    pd.testing.assert_frame_equal(left, right, rtol=1e-9)
    shifted = teams.assign(score=teams["score"] * 1000 + 1e6)
    assert numbers(aggregation(shifted, "score", "team")) == pytest.approx(numbers(base), rel=1e-8)


def test_one_item_is_the_single_item_formula(teams):
    several = aggregation(teams, "q1", "team", items=["q1"], categories=5).to_frame()
    single = aggregation(teams, "q1", "team", categories=5).to_frame()
    assert several["rwg_j"].to_numpy() == pytest.approx(single["rwg"].to_numpy(), nan_ok=True)
    assert "rwg" not in several
    assert "rwg_j" not in single


def test_perfect_agreement_and_the_value_out_of_range():
    data = pd.DataFrame({"g": [1, 1, 1, 2, 2], "y": [4, 4, 4, 1, 5]})
    frame = aggregation(data, "y", "g", categories=5).to_frame()
    assert frame["rwg"].tolist() == [1.0, 0.0]
    assert frame["rwg_uncut"].tolist() == [1.0, 1 - 8 / 2]
    assert frame["ad_mean"].tolist() == [0.0, 2.0]
    found = aggregation(data, "y", "g", categories=5)
    assert any("out of range and set to 0" in note for note in found.notes)


@pytest.mark.parametrize(
    "label",
    [
        lambda g: g,
        lambda g: g.astype(float),
        lambda g: g.astype("Int64"),
        lambda g: g.astype("category"),
        lambda g: g.astype(str),
        lambda g: g.astype(str).astype("category"),
        lambda g: g.astype("string"),
        lambda g: g.astype(str).astype(object),
        lambda g: g.astype(np.int8),
        lambda g: pd.Timestamp("2024-01-01") + pd.to_timedelta(g, unit="D"),
    ],
)
def test_any_kind_of_group_label(teams, label):
    base = aggregation(teams, "score", "team", items=Q, categories=5)
    found = aggregation(teams.assign(team=label(teams["team"])), "score", "team", items=Q,
                        categories=5)  # fmt: skip
    assert numbers(found) == pytest.approx(numbers(base), rel=1e-12)
    assert len(found.to_frame()) == 40
    assert found.to_frame()["rwg_j"].sum() == pytest.approx(base.to_frame()["rwg_j"].sum())


def test_boolean_groups_and_nullable_answers(teams):
    data = teams.assign(half=teams["team"] < 20, score=teams["score"].astype("Float64"))
    for kind in (bool, "boolean", object):
        found = aggregation(data.assign(half=data["half"].astype(kind)), "score", "half")
        assert found.to_frame()["group"].tolist() == [False, True]


@pytest.mark.parametrize(
    "kind",
    [
        pl.from_pandas,
        lambda f: pl.from_pandas(f).lazy(),
        lambda f: pl.from_pandas(f).to_arrow(),
        lambda f: f.convert_dtypes(dtype_backend="pyarrow"),
        lambda f: dict(f.items()),
    ],
)
def test_frames_of_every_kind_give_the_same(teams, kind):
    base = aggregation(teams, "score", "team", items=Q, categories=5)
    found = aggregation(kind(teams), "score", "team", items=Q, categories=5)
    assert numbers(found) == pytest.approx(numbers(base), rel=1e-12)
    assert found.to_frame()["rwg_j"].to_numpy() == pytest.approx(
        base.to_frame()["rwg_j"].to_numpy(), nan_ok=True
    )


def test_read_only_arrays_are_left_as_they_are(teams):
    arrays = {name: teams[name].to_numpy().copy() for name in teams}
    for array in arrays.values():
        array.flags.writeable = False
    before = {name: array.copy() for name, array in arrays.items()}
    found = aggregation(arrays, "score", "team", items=Q, categories=5)
    assert numbers(found) == numbers(aggregation(teams, "score", "team", items=Q, categories=5))
    assert all(np.array_equal(before[n], arrays[n], equal_nan=True) for n in arrays)


def test_missing_groups_and_outcomes_are_counted(teams):
    data = teams.astype({"team": float}).copy()
    data.loc[:3, "team"] = np.nan
    data.loc[10:14, "score"] = np.nan
    found = aggregation(data, "score", "team", items=Q, categories=5)
    assert found.n_dropped == 9
    assert found.n_rows == len(teams) - 9
    complete = data.dropna(subset=["team", "score"])
    assert numbers(found) == pytest.approx(numbers(aggregation(complete, "score", "team")))
    assert any("Fewer than 10 rows left out" in note for note in found.notes)
    data.loc[15:25, "score"] = np.nan
    more = aggregation(data, "score", "team", items=Q, categories=5)
    assert any("20 rows left out" in note and "score 16" in note for note in more.notes)
    assert any("without an answer to every item" in note for note in found.notes)


def test_groups_of_one_have_no_agreement_and_say_why(teams):
    found = aggregation(teams, "score", "team", items=Q, categories=5).to_frame()
    alone = found[found["n_items_answered"] == 1]
    assert len(alone) > 0
    assert alone[["rwg_j", "rwg_j_lindell", "ad_mean", "ad_median"]].isna().all().all()
    assert set(alone["note"]) == {"1 person answered everything: agreement needs two"}
    assert alone["mean"].notna().all()
    assert (found.loc[found["n_items_answered"] > 1, "note"] == "").all()


@pytest.mark.parametrize(
    ("sizes", "values", "reason"),
    [
        ([9], None, "one group only"),
        ([1] * 12, None, "one person only"),
        ([4, 4, 3], 3.0, "does not vary"),
    ],
)
def test_what_has_no_icc_is_nan_in_words(made_up, sizes, values, reason):
    data = made_up(sizes, 0.3)
    if values is not None:
        data["y"] = values
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = aggregation(data, "y", "worker")
        text = found.summary()
    assert np.isnan(numbers(found)).all()
    assert any(reason in note for note in found.notes)
    assert reason in " ".join(text.split())
    assert {reading.verdict for reading in found.readings} == {"not known"}
    assert all("not known" in note for note in found.needed["note"])


def test_nobody_differs_within_groups():
    data = pd.DataFrame({"g": [1, 1, 2, 2, 3, 3], "y": [1, 1, 2, 2, 4, 4]})
    found = aggregation(data, "y", "g")
    assert found.icc1 == found.icc2 == found.icc1_n0 == 1.0
    assert np.isnan(found.icc_reml)
    assert found.icc[["conf_low", "conf_high"]].isna().all().all()
    assert any("Nobody differs" in note for note in found.notes)


def test_equal_means_have_no_icc2():
    data = pd.DataFrame({"g": [1, 1, 2, 2, 3, 3], "y": [1, 3, 0, 4, 2, 2]})
    found = aggregation(data, "y", "g")
    assert found.icc1 == pytest.approx(-1.0)
    assert np.isnan(found.icc2)
    assert found.icc_reml == 0
    assert found.needed["note"].str.startswith("no number is enough").all()


def test_linked_rows_are_taken():
    workers = pd.DataFrame({"worker_id": ["a", "b", "c"], "x": [1, 2, 3]})
    users = pd.DataFrame({"worker_id": list("aabbcc"), "y": [1.0, 2, 4, 5, 2, 4]})
    direct = aggregation(users, "y", "worker_id")
    assert numbers(aggregation(link(workers, users), "y", "worker_id")) == numbers(direct)


@settings(max_examples=80)
@given(st.floats(0.001, 0.999), st.floats(0.05, 0.99))
def test_the_number_needed_is_the_first_that_is_enough(icc, wanted):
    users = users_needed(icc, wanted)
    assert users == round(users) >= 1
    assert mean_reliability(icc, users) >= wanted - 1e-6
    if users > 1:
        assert mean_reliability(icc, users - 1) < wanted


def test_wrong_questions_are_refused(teams):
    with pytest.raises(ModelError, match="1 column is not in the table"):
        aggregation(teams, "scor", "team")
    with pytest.raises(ModelError, match="is used more than once"):
        aggregation(teams, "team", "team")
    with pytest.raises(ModelError, match="whole number of 2 or more; it is 1"):
        aggregation(teams, "q1", "team", categories=1)
    with pytest.raises(ModelError, match="further apart than 3 categories allow"):
        aggregation(teams, "score", "team", items=Q, categories=3)
    with pytest.raises(ModelError, match="names a scale of an instrument; there is none"):
        aggregation(teams, "score", "team", items="q1", categories=5)
    with pytest.raises(ModelError, match="items names no column"):
        aggregation(teams, "score", "team", items=[], categories=5)
    with pytest.raises(ModelError, match="confidence must be a number between"):
        aggregation(teams, "score", "team", confidence=95)
    for threshold in (0, 4, "ten"):
        with pytest.raises(ModelError, match="threshold must be a whole number of 5 or more"):
            aggregation(teams, "score", "team", threshold=threshold)
    with pytest.raises(ModelError, match="nulls are given, but there is no r_wg"):
        aggregation(teams, "score", "team", nulls={"own": [0.5, 0.5]})
    with pytest.raises(ModelError, match="does not hold them"):
        aggregation(teams.assign(score="x"), "score", "team")
    with pytest.raises(ModelError, match="Infinite values in 'q1'"):
        aggregation(teams.assign(q1=np.inf), "score", "team", items=Q, categories=5)
    with pytest.raises(ModelError, match="is of type list") as problem:
        aggregation(teams, "score", ["team"])
    assert "redictor" not in str(problem.value)
    with pytest.raises(ModelError, match="items are the names of columns; 5"):
        aggregation(teams, "score", "team", items=5)
    with pytest.raises(ModelError, match=r"no column 'taem' to group by[\s\S]*mean 'team'"):
        aggregation(teams, "score", "taem")
    with pytest.raises(ModelError, match="All values are missing in 'score'"):
        aggregation(teams.assign(score=np.nan), "score", "team")


def test_all_that_is_wrong_is_said_at_once(teams):
    with pytest.raises(ModelError, match="4 options cannot be used") as problem:
        aggregation(teams, "score", "team", categories=1, confidence=95, threshold=2, nulls=3)
    found = set(problem.value.failures["option"])
    assert found == {"categories", "confidence", "threshold", "nulls"}
    with pytest.raises(ModelError, match="2 options cannot be used") as problem:
        aggregation(teams, "scroe", "taem")
    assert set(problem.value.failures["option"]) == {"columns", "group"}
