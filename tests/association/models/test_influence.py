"""Groups left out: as R's refits, and nobody named but in the personal table."""

from __future__ import annotations

import numpy as np
import pytest

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.models.influence import leave_one_out
from relsurvey.association.models.refits import refit_without
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums

TERMS = ("MEANSES", "SES")
COLUMNS = [*TERMS, "MathAch"]


@pytest.fixture(scope="module")
def few(few_schools):
    sums = group_sums(few_schools, COLUMNS, "School", each_within=True)
    return leave_one_out(sums, "MathAch", TERMS, focus="MEANSES")


def test_every_refit_equals_lmer(few, around) -> None:
    golden = around["left_out"]["few"]
    table = few.groups.set_index("School")
    assert sorted(table.index) == sorted(golden)
    for school, values in golden.items():
        row = table.loc[school]
        assert row["estimate"] == pytest.approx(values["estimate"][1], rel=1e-6)
        assert row["std_error"] == pytest.approx(values["se"][1], rel=1e-6)
        assert row["df"] == pytest.approx(values["df"][1], rel=1e-3)
        change = around["left_out"]["full"]["estimate"][1] - values["estimate"][1]
        assert row["dfbetas"] == pytest.approx(change / values["se"][1], abs=1e-6)


def test_cooks_distance_equals_r(few, around) -> None:
    golden = around["left_out"]["cooks"]
    found = few.groups.set_index("School")["cooks_distance"].to_dict()
    assert found == pytest.approx(golden, rel=1e-4)
    assert few.largest_cooks_distance == max(found.values())


def test_three_levels_equal_lmer(schools, around) -> None:
    sums = group_sums(schools, COLUMNS, "School", nested_in="area", each_within=True)
    fit = fit_sums(sums, "MathAch", TERMS)
    for school, values in around["left_out"]["three"].items():
        left = refit_without(fit, sums.ids == school)
        assert left.effects == pytest.approx(np.array(values["estimate"]), rel=1e-6)
        assert list(left.variances.values()) == pytest.approx(values["variance"], rel=1e-4)


def test_areas_left_out_equal_lmer(schools, around) -> None:
    sums = group_sums(schools, COLUMNS, "School", nested_in="area", each_within=True)
    found = leave_one_out(sums, "MathAch", TERMS, focus="MEANSES", level="parent")
    assert found.level == "area"
    assert found.n_groups == 16
    table = found.groups.set_index("area")
    for area, values in around["left_out"]["area"].items():
        assert table.loc[area, "estimate"] == pytest.approx(values["estimate"][1], rel=1e-6)
        assert table.loc[area, "std_error"] == pytest.approx(values["se"][1], rel=1e-5)
        assert table.loc[area, "df"] == pytest.approx(values["df"][1], rel=1e-3)


def test_a_refit_next_to_the_whole_one_is_the_one_found_everywhere(monkeypatch) -> None:
    random = np.random.default_rng(3)
    group = np.repeat(np.arange(32), 6)
    x = random.normal(size=32)[group]
    y = random.normal(size=32)[group] + random.normal(size=8)[group // 4]
    data = {"g": group, "t": group // 4, "x": x, "y": y + x + random.normal(size=192)}
    sums = group_sums(data, ["x", "y"], "g", nested_in="t", each_within=True)
    everywhere = leave_one_out(sums, "y", ("x",), focus="x").groups
    monkeypatch.setattr("relsurvey.association.models.refits.FEW_GROUPS", 0)
    nearby = leave_one_out(sums, "y", ("x",), focus="x").groups
    columns = ["estimate", "std_error", "df", "cooks_distance"]
    assert nearby[columns].to_numpy() == pytest.approx(everywhere[columns].to_numpy(), rel=1e-6)


def strange(n_strange: int, seed: int = 0):
    """Thirty workers without a slope, and a few with a large outcome and a large predictor."""
    random = np.random.default_rng(seed)
    x = random.normal(size=30)
    level = random.normal(size=30)
    x[:n_strange], level[:n_strange] = 6.0, 8.0
    group = np.repeat(np.arange(30), 8)
    y = level[group] + random.normal(size=240)
    return group_sums({"g": group, "x": x[group], "y": y}, ["x", "y"], "g", each_within=True)


def test_one_worker_who_makes_the_answer_is_found() -> None:
    found = leave_one_out(strange(1), "y", ("x",), focus="x")
    assert found.n_verdict_changes == found.fewest_for_verdict == 1
    assert "the answer hangs on single g" in found.sentence
    assert found.groups["cooks_distance"].idxmax() == 0
    assert found.largest_cooks_distance > 1.0


def test_how_many_would_have_to_go() -> None:
    found = leave_one_out(strange(3), "y", ("x",), focus="x")
    assert found.n_verdict_changes == 0
    assert 2 <= found.fewest_for_verdict <= 3
    assert "together, chosen for it, changes that" in found.sentence
    assert found.fewest_for_sign is None or found.fewest_for_sign >= found.fewest_for_verdict


def test_an_interval_around_zero_can_be_pushed_off_it() -> None:
    found = leave_one_out(strange(0, seed=4), "y", ("x",), focus="x")
    assert found.conf_low < 0 < found.conf_high
    assert "includes zero" in found.sentence
    assert found.fewest_for_verdict is None or found.fewest_for_verdict > 0


def test_no_worker_is_named_but_in_groups(few_schools) -> None:
    named = few_schools.assign(School="school " + few_schools["School"])
    sums = group_sums(named, COLUMNS, "School", each_within=True)
    found = leave_one_out(sums, "MathAch", TERMS, focus="MEANSES")
    text = found.summary() + found.to_frame().to_string() + str(found.to_dict())
    assert not any(school in text + found._repr_html_() for school in named["School"].unique())
    assert "groups" not in found.to_dict()
    assert "groups" not in found.to_frame()
    assert set(found.groups["School"]) == set(named["School"])


def test_a_worker_who_alone_makes_a_predictor_vary() -> None:
    group = np.repeat(np.arange(12), 4)
    random = np.random.default_rng(1)
    data = {"g": group, "x": (group == 5).astype(float), "y": random.normal(size=48)}
    sums = group_sums(data, ["x", "y"], "g", each_within=True)
    found = leave_one_out(sums, "y", ("x",), focus="x")
    assert found.n_fitted == 11
    assert "No variance in 'x'" in found.groups["note"][5]
    assert np.isnan(found.groups["estimate"][5])
    assert "Without any one of 1 of the 12 g the model cannot be fitted" in found.notes[0]


def test_row_order_and_scale(few_schools, few) -> None:
    moved = few_schools.iloc[::-1].assign(MathAch=lambda rows: 100 + 4 * rows["MathAch"])
    sums = group_sums(moved, COLUMNS, "School", each_within=True)
    other = leave_one_out(sums, "MathAch", TERMS, focus="MEANSES")
    assert other.lowest == pytest.approx(4 * few.lowest, rel=1e-8)
    assert other.largest_dfbetas == pytest.approx(few.largest_dfbetas, rel=1e-6)
    assert other.fewest_for_verdict == few.fewest_for_verdict


def test_a_far_offset_of_a_predictor_costs_nothing(few_schools, few) -> None:
    moved = few_schools.assign(MEANSES=1e9 + few_schools["MEANSES"].round(3) * 1024)
    near = few_schools.assign(MEANSES=few_schools["MEANSES"].round(3) * 1024)
    found = [
        leave_one_out(
            group_sums(frame, COLUMNS, "School", each_within=True), "MathAch", TERMS, focus="SES"
        )
        for frame in (near, moved)
    ]
    expected = found[0].groups["cooks_distance"].to_numpy()
    assert found[1].groups["cooks_distance"].to_numpy() == pytest.approx(expected, rel=1e-5)


def test_too_few_workers_to_leave_one_out() -> None:
    random = np.random.default_rng(2)
    group = np.repeat([0, 1, 2], 5)
    data = {"g": group, "x": np.array([1.0, 2.0, 4.0])[group], "y": random.normal(size=15)}
    found = leave_one_out(
        group_sums(data, ["x", "y"], "g", each_within=True), "y", ("x",), focus="x"
    )
    assert found.n_fitted == 0
    assert found.sentence == "There are too few g for any to be left out."
    assert np.isnan(found.lowest)


def test_bad_requests(few_schools) -> None:
    sums = group_sums(few_schools, COLUMNS, "School", each_within=True)
    with pytest.raises(ModelError, match=r"focus='MEANSE' is not among .* Did you mean 'MEANSES'"):
        leave_one_out(sums, "MathAch", TERMS, focus="MEANSE")
    with pytest.raises(ModelError, match="School belong to no larger unit"):
        leave_one_out(sums, "MathAch", TERMS, focus="SES", level="parent")
    with pytest.raises(ModelError, match="level cannot be 'team'"):
        leave_one_out(sums, "MathAch", TERMS, focus="SES", level="team")
    bare = group_sums(few_schools, COLUMNS, "School")
    with pytest.raises(ModelError, match="hold each group's cross-products"):
        leave_one_out(bare, "MathAch", TERMS, focus="SES")
