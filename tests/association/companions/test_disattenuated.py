"""The corrected correlation: closed forms, coverage, beyond 1, reasons for none."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from relsurvey.association.companions.disattenuated import disattenuate
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums


def drawn(seed=1, workers=40, rho=0.5, icc=0.2, reliability=0.8, users=(2, 9)) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    sizes = random.integers(*users, workers)
    true = random.normal(size=workers)
    mean = rho * true + np.sqrt(1 - rho**2) * random.normal(size=workers)
    score = true + np.sqrt(1 / reliability - 1) * random.normal(size=workers)
    worker = np.repeat(np.arange(workers), sizes)
    y = mean[worker] + np.sqrt((1 - icc) / icc) * random.normal(size=len(worker))
    return pd.DataFrame({"worker": worker, "team": worker // 4, "x": score[worker], "y": y})


def correct(frame, reliability=0.8, team=None, **options):
    sums = group_sums(frame, ["x", "y"], "worker", nested_in=team, each_within=True)
    return disattenuate(
        sums, "x", "y", reliability=reliability, by_parent=team is not None, **options
    )


def test_with_equal_numbers_the_reliability_of_means_is_icc2(hsb, reference) -> None:
    frame = drawn(users=(5, 6))
    between = frame.groupby("worker")["y"].mean().var(ddof=1) * 5
    within = frame.groupby("worker")["y"].var(ddof=1).mean()
    found = correct(frame)
    assert found.outcome_reliability == pytest.approx((between - within) / between, rel=1e-10)
    sums = group_sums(hsb, ["MEANSES", "MathAch"], "School", each_within=True)
    school = disattenuate(sums, "MEANSES", "MathAch", reliability=1.0)
    wanted = reference["school_mean_correlation"]["pearson"]
    assert school.correlation == pytest.approx(wanted, rel=1e-10)
    icc2 = reference["aggregation"]["icc2_anova"]
    assert school.outcome_reliability == pytest.approx(icc2, abs=0.01)
    assert school.corrected == pytest.approx(wanted / math.sqrt(school.outcome_reliability))


def test_the_mean_reliability_is_the_harmonic_mean_of_the_workers_own() -> None:
    frame = drawn(users=(1, 12))
    found = correct(frame)
    groups = frame.groupby("worker")["y"]
    n = groups.size().to_numpy(float)
    within = (groups.transform(lambda v: (v - v.mean()) ** 2)).sum() / (n.sum() - len(n))
    n_0 = (n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1)
    spread = (n * (groups.mean() - frame["y"].mean()) ** 2).sum() / (len(n) - 1)
    tau = (spread - within) / n_0
    own = tau / (tau + within / n)
    assert found.outcome_reliability == pytest.approx(stats.hmean(own), rel=1e-9)
    assert found.corrected == pytest.approx(
        found.correlation / math.sqrt(0.8 * found.outcome_reliability), rel=1e-12
    )


def test_the_standard_error_is_that_of_leaving_out_each_worker() -> None:
    frame = drawn(seed=3, workers=12, icc=0.5)
    found = correct(frame)
    left = [correct(frame[frame["worker"] != one]).corrected for one in range(12)]
    wanted = math.sqrt(11 / 12 * ((np.array(left) - np.mean(left)) ** 2).sum())
    assert found.std_error == pytest.approx(wanted, rel=1e-8)
    known, guessed = found.std_error, correct(frame, reliability_std_error=0.05).std_error
    added = found.corrected * 0.05 / 0.8 / 2
    assert guessed == pytest.approx(math.hypot(known, added), rel=1e-12)


def test_teams_are_left_out_whole() -> None:
    frame = drawn(seed=3, icc=0.5)
    found = correct(frame, team="team")
    assert (found.by, found.n_clusters, found.df) == ("team", 10, 8)
    left = [correct(frame[frame["team"] != one]).corrected for one in range(10)]
    wanted = math.sqrt(9 / 10 * ((np.array(left) - np.mean(left)) ** 2).sum())
    assert found.std_error == pytest.approx(wanted, rel=1e-8)
    alone = frame.assign(team=frame["worker"])
    assert correct(alone, team="team").conf_low == pytest.approx(correct(frame).conf_low)


def test_test_and_interval_agree() -> None:
    frame = drawn(seed=5, rho=0.3, icc=0.5)
    p = correct(frame).p_value
    for confidence, inside in ((1 - p * 0.999, True), (1 - p * 1.001, False)):
        found = correct(frame, confidence=confidence)
        assert (found.conf_low < 0 < found.conf_high) is inside


@pytest.mark.parametrize(
    ("workers", "rho", "icc"), [(25, 0.0, 0.3), (60, 0.8, 0.2), (100, 0.4, 0.1)]
)
def test_intervals_hold_the_truth_as_often_as_they_say(workers, rho, icc) -> None:
    held, centre = [], []
    for seed in range(150):
        found = correct(drawn(seed, workers, rho, icc))
        if not math.isnan(found.std_error):
            held.append(found.conf_low <= rho <= found.conf_high)
            centre.append(found.corrected)
    assert len(held) > 120
    assert 0.91 <= np.mean(held) <= 0.995
    assert np.median(centre) == pytest.approx(rho, abs=0.07)


def test_beyond_one_is_said_and_not_cut() -> None:
    frame = drawn(seed=2, rho=0.95, icc=0.4)
    found = correct(frame, reliability=0.4)
    assert found.corrected > 1
    assert any("beyond 1, as no true one can be" in note for note in found.notes)
    assert "beyond 1" in found.summary()
    near = correct(frame, reliability=1.0)
    assert near.corrected < 1 < near.conf_high
    assert any("The interval reaches beyond 1" in note for note in near.notes)


def test_shift_and_scale_and_order_change_nothing() -> None:
    frame = drawn(seed=4)
    plain = correct(frame)
    moved = frame.assign(x=1e5 + 30 * frame["x"], y=7 - frame["y"] / 50).sample(
        frac=1, random_state=1
    )
    found = correct(moved)
    assert found.corrected == pytest.approx(-plain.corrected, rel=1e-7)
    assert found.conf_high == pytest.approx(-plain.conf_low, rel=1e-6)


def test_reasons_for_none() -> None:
    flat = drawn(seed=6)
    flat["y"] -= flat.groupby("worker")["y"].transform("mean")
    assert correct(flat).note == "All workers have the same mean outcome."
    nearly = flat.assign(y=flat["y"] + 1e-3 * flat["x"])
    found = correct(nearly)
    assert math.isnan(found.corrected)
    assert "no more than chance makes them" in found.note
    single = drawn(users=(1, 2))
    assert "one answer" in correct(single).note
    two = correct(drawn(workers=2, icc=0.7))
    assert math.isnan(two.corrected)
    assert two.note == "Fewer than 4 workers."
    assert "Fewer than 5 clusters" in correct(drawn(workers=4, icc=0.7)).note
    json.dumps(found.to_dict(), allow_nan=False)
    assert "not available" in found.summary()
    assert found.note in found.to_companion().note


def test_a_variance_that_hangs_on_one_worker_gives_no_interval() -> None:
    frame = drawn(seed=6)
    frame["y"] -= frame.groupby("worker")["y"].transform("mean")
    frame["y"] += np.where(frame["worker"] == 3, 20.0, 0.0)
    found = correct(frame)
    assert math.isfinite(found.corrected)
    assert math.isnan(found.conf_low)
    assert "too uncertain for an interval" in found.note


def test_options_have_their_ranges() -> None:
    frame = drawn()
    for reliability in (0, -0.1, 1.2, "0.8", math.nan):
        with pytest.raises(ModelError, match="reliability has to be"):
            correct(frame, reliability=reliability)
    with pytest.raises(ModelError, match="reliability_std_error has to be"):
        correct(frame, reliability_std_error=-1)
    with pytest.raises(ValueError, match="each_within"):
        disattenuate(group_sums(frame, ["x", "y"], "worker"), "x", "y", reliability=0.8)
