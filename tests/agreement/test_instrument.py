"""With an instrument: scored and keyed here, scale by scale."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.agreement import aggregation, scale_agreement
from relsurvey.errors import ModelError, ScoringError
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses
from relsurvey.scoring import keyed_items, score


@pytest.fixture(scope="module")
def peech():
    return load_instrument("peech-sc")


@pytest.fixture(scope="module")
def users(peech):
    rng = np.random.default_rng(11)
    sizes = rng.integers(1, 10, 44)
    worker = np.repeat([f"W{i:03d}" for i in range(44)], sizes)
    level = 1.8 + np.repeat(rng.normal(0, 0.5, 44), sizes)
    answers = level[:, None] + rng.normal(0, 0.8, (len(worker), len(peech.item_ids)))
    frame = pd.DataFrame(np.clip(np.round(answers), 0, 3), columns=peech.item_ids)
    frame["SEC7"] = 3 - frame["SEC7"]
    frame = frame.mask(rng.random(frame.shape) < 0.02)
    frame.loc[::17, "KNO5"] = 9
    return frame.assign(worker_id=worker)


@pytest.fixture(scope="module")
def side_by_side(users):
    return scale_agreement(users, instrument="peech-sc")


def test_a_scale_is_scored_and_its_items_are_keyed(users, peech):
    found = aggregation(users, "SEC", "worker_id", instrument="peech-sc")
    scored = score(users, peech)
    assert found.icc1 == aggregation(scored, "SEC", "worker_id").icc1
    keyed = keyed_items(users, peech, "SEC")
    table = keyed.frame.to_native().assign(worker_id=users["worker_id"], SEC=scored["SEC"])
    plain = aggregation(table, "SEC", "worker_id", items=keyed.scales["SEC"], categories=4)
    pd.testing.assert_frame_equal(plain.to_frame(), found.to_frame())
    assert found.title == peech.scales["SEC"].title


def test_an_item_is_keyed_and_does_not_apply_is_no_answer(users):
    turned = aggregation(users, "SEC7", "worker_id", instrument="peech-sc")
    by_hand = users.assign(SEC7=3 - users["SEC7"]).groupby("worker_id")["SEC7"].mean()
    frame = turned.to_frame().set_index("group")
    assert frame["mean"].to_numpy() == pytest.approx(by_hand.dropna().to_numpy())
    nine = aggregation(users, "KNO5", "worker_id", instrument="peech-sc")
    assert nine.n_rows == int(((users["KNO5"] >= 0) & (users["KNO5"] <= 3)).sum())


def test_scored_rows_without_items_have_no_rwg_and_say_so(users, peech):
    scored = score(users, peech)
    found = aggregation(scored, "SEC", "worker_id", instrument=peech)
    assert np.isfinite(found.icc1)
    assert found.to_frame()["rwg_j"].isna().all()
    assert any("not among the columns" in note for note in found.notes)
    assert set(found.to_frame()["note"]) == {"the answers to the items are not among the columns"}


def test_what_does_not_go_with_an_instrument_is_refused(users):
    with pytest.raises(ModelError, match="categories=5, but peech-sc has 4 answers"):
        aggregation(users, "SEC", "worker_id", instrument="peech-sc", categories=5)
    with pytest.raises(ModelError, match="items is the id of one of its scales"):
        aggregation(users, "SEC", "worker_id", instrument="peech-sc", items=["SEC1"])
    with pytest.raises(ModelError, match=r"no scale 'SECC'\. Did you mean 'SEC'"):
        aggregation(users, "SEC", "worker_id", instrument="peech-sc", items="SECC")
    with pytest.raises(ModelError, match="one item, so there are no items beside it"):
        aggregation(users, "SEC1", "worker_id", instrument="peech-sc", items="SEC")
    with pytest.raises(ModelError, match=r"'worker' to group by[\s\S]*mean 'worker_id'"):
        aggregation(users, "SEC", "worker", instrument="peech-sc")
    with pytest.raises(ModelError, match="not a mapping"):
        aggregation(dict(users.items()), "SEC", "worker_id", instrument="peech-sc")
    with pytest.raises(ScoringError, match=r"off the scale|not on the"):
        aggregation(users.assign(SEC1=7), "SEC", "worker_id", instrument="peech-sc")
    with pytest.raises(ModelError, match="Which scales there are is said by an instrument"):
        scale_agreement(users)


def test_every_scale_side_by_side(users, peech, side_by_side):
    found = side_by_side
    assert found.to_frame()["scale"].tolist() == list(peech.scales.ids)
    for scale in ("KNO", "TOTAL"):
        one = found.results[scale]
        single = aggregation(users, scale, "worker_id", instrument="peech-sc")
        pd.testing.assert_frame_equal(one.to_frame(), single.to_frame())
        row = found.to_frame().set_index("scale").loc[scale]
        assert row["icc1"] == single.icc1
        assert row["needed_70"] == single.needed.set_index("reliability").loc[0.7, "users"]
    assert len(found.readings) == 4 * len(peech.scales.ids)
    text = found.summary()
    assert "no skewed, triangular or normal null is" in text
    assert "W00" not in text
    assert "W00" not in json.dumps(found.to_dict())
    assert "W00" not in repr(found)
    rows = found.group_rows()
    assert rows.columns[:2].tolist() == ["worker_id", "scale"]
    assert len(rows) == sum(one.n_groups for one in found.results.values())


def test_a_null_of_ones_own_stands_beside(users):
    own = {"leaning": [0.05, 0.15, 0.35, 0.45]}
    found = scale_agreement(users, instrument="peech-sc", nulls=own)
    frame = found.group_rows()
    assert (frame["rwg_j_leaning"].dropna() <= frame["rwg_j"].dropna()).all()
    assert "leaning" in found.summary()


def test_a_scale_nobody_has_a_score_on_is_a_row_with_a_note(users):
    empty = users.copy()
    empty[[f"KNO{i}" for i in range(1, 6)]] = np.nan
    found = scale_agreement(empty, instrument="peech-sc")
    row = found.to_frame().set_index("scale").loc["KNO"]
    assert np.isnan(row["icc1"])
    assert "no row has both" in row["note"]
    assert "no row has both" in found.summary()
    nobody = users.assign(worker_id=None)
    with pytest.raises(ModelError, match="No scale can be aggregated to worker_id"):
        scale_agreement(nobody, instrument="peech-sc")


def test_responses_and_polars_give_the_same(users, side_by_side, tmp_path):
    path = tmp_path / "users.csv"
    users.to_csv(path, index=False)
    base = side_by_side.to_frame()
    responses = read_responses(path, "peech-sc", worker="worker_id")
    numbers = base.select_dtypes("number").columns
    found = scale_agreement(pl.from_pandas(users).lazy(), instrument="peech-sc").to_frame()
    pd.testing.assert_frame_equal(found[numbers], base[numbers], rtol=1e-10)
    one = aggregation(responses, "VAL", "worker_id")
    assert one.icc1 == pytest.approx(base.set_index("scale").loc["VAL", "icc1"], rel=1e-12)


def test_a_group_column_called_like_a_figure(users):
    renamed = users.rename(columns={"worker_id": "n"})
    rows = scale_agreement(renamed[:60], "n", "peech-sc").group_rows()
    assert rows.columns.is_unique
    assert rows["group"].iloc[0] == "W000"


def test_a_column_that_was_kept_makes_groups(users, tmp_path):
    path = tmp_path / "users.csv"
    users.assign(team=users["worker_id"].str[:3] + users["worker_id"].str[-1]).to_csv(path)
    kept = read_responses(path, "peech-sc", worker="worker_id", keep=["team"])
    named = read_responses(path, "peech-sc", worker="team")
    for outcome in ("SEC", "TOTAL", "SEC7"):
        found = aggregation(kept, outcome, "team")
        assert found.icc1 == aggregation(named, outcome, "worker_id").icc1
    table = scale_agreement(kept, "team", threshold=5).to_frame()
    other = scale_agreement(named, threshold=5).to_frame()
    pd.testing.assert_frame_equal(table, other)


def test_the_verdict_is_that_of_the_most_severe_null(users):
    own = {"mild": [0.2, 0.25, 0.25, 0.3], "high": [0.0, 0.02, 0.08, 0.9]}
    found = scale_agreement(users, instrument="peech-sc", nulls=own)
    for scale, result in found.results.items():
        (read,) = (one for one in result.readings if "strong agreement" in one.criterion)
        middle = result.nulls.set_index("null")["p50"]
        assert read.figure.startswith(f"r_wg(j) {middle['high']:.2f} under the high null"), scale
        assert read.verdict == ("met" if middle["high"] >= 0.705 else "not met")
        assert "most severe of the nulls (high)" in read.because


def test_a_mean_that_stands_for_a_median_is_called_so(users):
    few = users[users["worker_id"] < "W013"]
    found = scale_agreement(few, instrument="peech-sc")
    (read, *_) = (one for one in found.readings if "sixth" in one.criterion)
    value = found.results["SEC"].deviation["mean"].iloc[0]
    assert "mean over groups; the median is withheld" in read.figure
    assert f"{value:.2f} (average)" in found.summary()
    assert found.to_frame()["ad_mean_average"].iloc[0] == value


def test_of_few_groups_nothing_is_told(users):
    two = users[users["worker_id"].isin(["W000", "W001", "W002"])]
    found = scale_agreement(two, instrument="peech-sc")
    assert np.isfinite(found.to_frame()["icc1"]).any()
    text, told = " ".join(found.summary().split()), found.to_dict()
    assert "fewer than 10 groups of worker_id" in text
    assert "ICC" not in text.replace("such as .icc", "")
    assert all(row["icc1"] is None and row["n"] is None for row in told["table"])
    assert all("icc" not in one and one["withheld"] for one in told["results"].values())
    assert told["readings"] == []


def test_a_group_that_only_one_scale_has_is_not_told(users):
    data = users.copy()
    data.loc[data["worker_id"] == "W005", [f"KNO{i}" for i in range(1, 6)]] = np.nan
    found = scale_agreement(data, instrument="peech-sc")
    counts = dict(zip(found.table["scale"], found.group_counts(), strict=True))
    assert counts["SEC"] == 44
    assert np.isnan(counts["KNO"])
    assert {row["scale"]: row["n_groups"] for row in found.to_dict()["table"]}["KNO"] is None
