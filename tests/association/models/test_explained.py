"""R-squared equals performance's, and Rights and Sterba's formulas worked out in R."""

from __future__ import annotations

import numpy as np
import pytest

from relsurvey.association.models.explained import r_squared
from relsurvey.association.models.mixed import fit_mixed

CASES = {
    "adjusted": (["MEANSES", "catholic", "SES", "female", "minority"], None),
    "areas": (["MEANSES", "SES"], "area"),
    "centred": (["cses", "cmean", "catholic"], None),
}


def explained(frame, predictors, nested_in=None, **options):
    fit = fit_mixed(frame, "MathAch", predictors, "School", nested_in=nested_in, **options)
    return r_squared(fit)


@pytest.mark.parametrize("name", CASES)
def test_marginal_and_conditional_equal_performance(name, schools, around) -> None:
    found = explained(schools, *CASES[name])
    golden = around["explained"][name]
    assert found.marginal == pytest.approx(golden["marginal"], rel=1e-6)
    assert found.conditional == pytest.approx(golden["conditional"], rel=1e-5)


def test_few_schools_equal_performance(few_schools, around) -> None:
    found = explained(few_schools, ["MEANSES", "SES"])
    golden = around["explained"]["few"]
    assert found.marginal == pytest.approx(golden["marginal"], rel=1e-6)
    assert found.conditional == pytest.approx(golden["conditional"], rel=1e-5)


def test_parts_equal_rights_and_sterba(schools, around) -> None:
    table = explained(schools, *CASES["centred"]).table
    golden = around["explained"]["rights_sterba"]
    names = {"total": "total", "within": "within School", "between": "between School"}
    for of, parts in golden.items():
        rows = table[table["of"] == names[of]].set_index("symbol")["r_squared"]
        assert rows.to_dict() == pytest.approx(parts, rel=1e-5)


def test_shares_of_each_level_add_up(schools) -> None:
    found = explained(schools, *CASES["areas"])
    components = found.components.set_index("symbol")["variance"]
    assert set(components.index) == {"f1", "f2", "f3", "m", "m2", "residual"}
    between = found.table[found.table["of"].str.startswith("between")]
    assert between.groupby("of")["r_squared"].sum().to_numpy() == pytest.approx([1.0, 1.0])
    total = found.table[(found.table["of"] == "total") & (found.table["level"] != "total")]
    assert total["r_squared"].sum() == pytest.approx(found.conditional)
    assert "carried one level further" in found.summary()


def test_three_levels_collapse_to_two_where_the_third_has_no_variance(schools) -> None:
    two, three = (explained(schools, ["MEANSES", "SES"], level) for level in (None, "district"))
    assert three.marginal == pytest.approx(two.marginal, rel=1e-6)
    assert three.conditional == pytest.approx(two.conditional, rel=1e-6)
    parts = [one.components.set_index("symbol")["variance"] for one in (two, three)]
    assert parts[1]["f2"] + parts[1]["f3"] == pytest.approx(parts[0]["f2"], rel=1e-6)
    assert "between district beyond the predictors is estimated as zero" in three.notes[0]


def test_a_model_without_predictors_has_a_marginal_of_zero(few_schools) -> None:
    fit = fit_mixed(few_schools, "MathAch", None, "School")
    found = r_squared(fit)
    assert found.marginal == 0.0
    assert found.conditional == pytest.approx(fit.icc)


def test_no_variance_between_groups_is_said() -> None:
    random = np.random.default_rng(2)
    y = random.normal(size=40)
    group = np.repeat(np.arange(8), 5)
    y -= (np.bincount(group, y) / 5)[group]
    found = r_squared(fit_mixed({"g": group, "y": y}, "y", None, "g"))
    rows = found.table[found.table["of"] == "between g"]
    assert rows["r_squared"].isna().all()
    assert (rows["note"] == "the model has no variance on this level").all()
    assert found.conditional == 0.0


def test_units_play_no_part(few_schools) -> None:
    plain = explained(few_schools, ["SES", "MEANSES"])
    scaled = few_schools.assign(
        SES=1e4 + 100 * few_schools["SES"], MathAch=few_schools["MathAch"] / 7
    )
    other = explained(scaled, ["SES", "MEANSES"])
    values = plain.table["r_squared"].to_numpy()
    assert other.table["r_squared"].to_numpy() == pytest.approx(values, rel=1e-6)


def test_simulated_parts_are_recovered() -> None:
    random = np.random.default_rng(9)
    group = np.repeat(np.arange(1500), 8)
    within = random.normal(size=12000)
    within -= (np.bincount(group, within) / 8)[group]
    between = random.normal(size=1500)[group]
    y = within + 0.5 * between + random.normal(size=1500)[group] + 1.5 * random.normal(size=12000)
    data = {"g": group, "within": within, "between": between, "y": y}
    parts = r_squared(fit_mixed(data, "y", ["within", "between"], "g")).components
    assert parts["variance"].to_numpy() == pytest.approx([0.875, 0.25, 1.0, 2.25], rel=0.2)
