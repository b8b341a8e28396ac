"""What has to hold of any change: recovery, invariance, special cases, honesty."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from relsurvey.association.models.mixed import fit_mixed
from relsurvey.evaluation import change
from relsurvey.evaluation.model import DIFFERENCE
from relsurvey.linkage import link

ORDER = ["before", "after"]
CAUSAL = ("effect of", "leads to", "improve", "impact", "because of", "due to", "caused")


def test_a_simulated_change_is_recovered(made):
    found = change(made(2, change=0.4), "score", order=ORDER, person="person", group="worker_id")
    assert found.conf_low < 0.4 < found.conf_high
    assert found.conf_low > 0
    assert "score was" in found.sentence
    assert "higher on average" in found.sentence


def test_a_simulated_difference_in_change_is_recovered(made):
    data = made(3, change=0.2, more_if_trained=0.6, teams=16)
    found = change(
        data, "score", order=ORDER, person="person", group="worker_id", team="team",
        trained="trained",
    )  # fmt: skip
    assert found.conf_low < 0.6 < found.conf_high
    assert "higher where teams were trained than where they were not" in found.sentence
    assert "does not tell why" in found.sentence


def test_two_waves_of_everyone_are_the_paired_t_test():
    rng = np.random.default_rng(5)
    before = rng.normal(3, 1, 40)
    after = before + rng.normal(0.3, 0.7, 40)
    data = {"wave": [1] * 40 + [2] * 40, "p": [*range(40)] * 2, "y": np.r_[before, after]}
    found = change(data, "y", person="p")
    gain = after - before
    assert found.estimate == pytest.approx(gain.mean(), rel=1e-9)
    assert found.std_error == pytest.approx(gain.std(ddof=1) / math.sqrt(40), rel=1e-6)
    assert found.df == pytest.approx(39, rel=1e-5)


def test_differences_of_balanced_workers_are_the_two_sample_t_test():
    rng = np.random.default_rng(6)
    start, gain = rng.normal(0, 1, 24), rng.normal(0, 0.6, 24)
    trained = np.arange(24) < 10
    data = {
        "wave": [0] * 24 + [1] * 24, "kw": [*range(24)] * 2, "tr": np.r_[trained, trained],
        "y": np.r_[start, start + gain + 0.5 * trained],
    }  # fmt: skip
    found = change(data, "y", group="kw", trained="tr")
    change_of = gain + 0.5 * trained
    one, other = change_of[trained], change_of[~trained]
    pooled = (one.var(ddof=1) * 9 + other.var(ddof=1) * 13) / 22
    assert found.estimate == pytest.approx(one.mean() - other.mean(), rel=1e-9)
    assert found.std_error == pytest.approx(math.sqrt(pooled * (1 / 10 + 1 / 14)), rel=1e-6)
    assert found.df == pytest.approx(22, rel=1e-4)


def test_without_training_it_is_the_mixed_model_of_the_waves(made):
    data = made(2, change=0.3)
    one_each = data.drop_duplicates(["worker_id", "wave"])
    found = change(one_each, "score", order=ORDER, group="worker_id")
    plain = fit_mixed(
        one_each.assign(later=one_each["wave"] == "after"), "score", "later", "worker_id",
        df="kenward_roger",
    ).to_frame()  # fmt: skip
    assert found.estimate == pytest.approx(plain["estimate"][1], rel=1e-9)
    assert found.p_value == pytest.approx(plain["p_value"][1], rel=1e-9)


def test_order_of_rows_names_of_ids_and_a_shift_do_not_matter(made):
    data = made(4, change=0.2)
    options = {"order": ORDER, "person": "person", "group": "worker_id", "team": "team"}
    first = change(data, "score", trained="trained", **options)
    other = data.sample(frac=1, random_state=1).assign(
        score=lambda d: 100 - 2 * d["score"], worker_id=lambda d: "x" + d["worker_id"]
    )
    second = change(other, "score", trained="trained", **options)
    assert second.estimate == pytest.approx(-2 * first.estimate, rel=1e-7)
    assert second.std_error == pytest.approx(2 * first.std_error, rel=1e-5)
    assert second.p_value == pytest.approx(first.p_value, rel=1e-4)


def test_a_list_of_teams_says_the_same_as_a_column(made):
    data = made(4)
    options = {"order": ORDER, "group": "worker_id", "team": "team"}
    by_column = change(data, "score", trained="trained", **options)
    by_list = change(data, "score", trained=[f"t{one}" for one in range(5)], **options)
    pd.testing.assert_frame_equal(by_column.changes, by_list.changes)


def test_where_teams_change_differently_no_direction_is_claimed(made):
    data = made(11, teams=8, workers=5, users=8, team_by_wave=0.45)
    found = change(
        data, "score", order=ORDER, person="person", group="worker_id", team="team",
        trained="trained",
    )  # fmt: skip
    assert found.p_value < 0.05
    assert found.checks["p_value"].min() > 0.05
    assert "other ways to estimate it do not bear it out" in found.sentence
    assert any(note.startswith("Not all ways agree") for note in found.notes)


def test_few_trained_teams_claim_nothing(made):
    data = made(3, teams=6, more_if_trained=2.0)
    found = change(data, "score", order=ORDER, group="worker_id", team="team", trained=["t0", "t1"])
    assert "too few to say" in found.sentence
    assert "2 trained teams and 4 others" in found.sentence


def test_waves_before_the_training_that_differ_are_said():
    rng = np.random.default_rng(8)
    worker = np.tile(np.arange(40), 3)
    wave = np.repeat([1, 2, 3], 40)
    trained = worker < 20
    y = rng.normal(0, 1, 40)[worker] + 0.8 * trained * (wave - 2) + rng.normal(0, 0.3, 120)
    data = {"kw": worker, "wave": wave, "tr": trained, "y": y}
    apart = change(data, "y", group="kw", trained="tr", baseline=2)
    assert any("not moving alike before the training" in note for note in apart.notes)
    unknown = change(data, "y", group="kw", trained="tr")
    assert any("cannot be seen; name the last wave before" in note for note in unknown.notes)


def test_reliable_change_is_counted_and_small_counts_are_not_shown():
    rng = np.random.default_rng(9)
    before = rng.normal(0, 1, 100)
    after = before + np.where(np.arange(100) < 40, 3.0, 0.0)
    after[97:] -= 3.0
    data = {"wave": [1] * 100 + [2] * 100, "p": [*range(100)] * 2, "y": np.r_[before, after]}
    found = change(data, "y", person="p", reliability=0.8, sd=1.0).reliable
    assert found is not None
    by = found.set_index("reading")["n"]
    assert math.isnan(by["deteriorated"])
    # With 3 hidden, one more is: the total would give them away.
    assert math.isnan(by["improved"])
    assert by["no reliable change"] == 57
    after[60:75] -= 3.0
    data["y"] = np.r_[before, after]
    found = change(data, "y", person="p", reliability=0.8, sd=1.0).reliable
    assert found["n"].tolist() == [40, 18, 42]
    turned = change(data, "y", person="p", reliability=0.8, sd=1.0, higher_is_better=False)
    assert turned.reliable["n"].tolist() == [18, 40, 42]


def test_small_waves_show_no_mean():
    data = {"wave": [1] * 6 + [2] * 6, "p": [*range(6)] * 2, "y": [3.0, 4, 5, 4, 3, 6] * 2}
    data["y"][8] = 4.5
    found = change(data, "y", person="p")
    assert found.means[["n", "mean", "estimate"]].isna().all(axis=None)
    assert any("fewer than 10 answers are not shown" in note for note in found.notes)


def test_a_linked_table_knows_its_ids(made):
    data = made(2, change=0.3)
    workers = data[["worker_id", "team"]].drop_duplicates()
    linked = link(workers, data.drop(columns="team"), team="team")
    found = change(linked, "score", order=ORDER)
    alone = change(data, "score", order=ORDER, group="worker_id", team="team")
    assert found.estimate == alone.estimate
    assert found.group == "worker_id"
    assert found.team == "team"


def test_nobody_is_named_and_nothing_is_said_to_cause(made):
    data = made(2, change=0.3, more_if_trained=0.5)
    found = change(
        data, "score", order=ORDER, person="person", group="worker_id", team="team",
        trained="trained", reliability=0.8,
    )  # fmt: skip
    text = found.summary() + json.dumps(found.to_dict())
    assert '"w1' not in text
    assert '"t1' not in text
    assert '"p1' not in text
    said = found.summary().lower().replace("improved", "")
    assert not [word for word in CAUSAL if word in said]
    assert set(found.to_frame()["who"]) == {"others", "trained", DIFFERENCE}


def test_intervals_hold_the_truth_where_teams_change_differently(made):
    held = 0
    for seed in range(15):
        data = made(seed, teams=8, workers=2, users=6, team_by_wave=0.5)
        found = change(data, "score", order=ORDER, team="team", trained="trained")
        held += found.conf_low < 0 < found.conf_high
    assert held >= 12
