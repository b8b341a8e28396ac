"""F tests of several effects equal lmerTest's and pbkrtest's."""

from __future__ import annotations

import numpy as np
import pytest

from relsurvey.association.models.categories import encode_categories
from relsurvey.association.models.joint_tests import test_terms as joint
from relsurvey.association.models.mixed import fit_mixed
from relsurvey.errors import ModelError

TERMS = {"few": ["MEANSES", "band", "kind"], "areas": ["Sector", "kind"]}


def model(frame, terms, nested_in=None, df="satterthwaite"):
    encoded = encode_categories(frame, terms, used=["MathAch", "School"])
    fit = fit_mixed(encoded.data, "MathAch", encoded.names, "School", nested_in=nested_in, df=df)
    return fit, {term: encoded.parts.get(term, (term,)) for term in terms}


@pytest.fixture(scope="module")
def frames(schools, few_schools):
    order = sorted(schools["School"].unique(), key=int)[1::2]
    chosen = schools["area"].isin(["0", "3", "6", "9", "12", "15"]) & schools["School"].isin(order)
    return {"few": (few_schools, None), "areas": (schools[chosen], "area"), "full": (schools, None)}


@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger"])
@pytest.mark.parametrize("name", ["few", "areas"])
def test_factors_equal_r(name, df, frames, around) -> None:
    golden = around["joint"][name][df]
    frame, nested_in = frames[name]
    found = joint(*model(frame, TERMS[name], nested_in, df))
    assert found["term"].tolist() == golden["term"]
    assert found["df1"].tolist() == golden["df1"]
    assert found["df2"].to_numpy() == pytest.approx(np.array(golden["df2"]), rel=1e-3)
    assert found["statistic"].to_numpy() == pytest.approx(np.array(golden["statistic"]), rel=1e-5)
    assert found["p_value"].to_numpy() == pytest.approx(np.array(golden["p"]), rel=1e-3)


def test_all_schools_equal_r(frames, around) -> None:
    golden = around["joint"]["full"]["satterthwaite"]
    found = joint(*model(frames["full"][0], TERMS["few"]))
    assert found["df2"].to_numpy() == pytest.approx(np.array(golden["df2"]), rel=1e-3)
    assert found["statistic"].to_numpy() == pytest.approx(np.array(golden["statistic"]), rel=1e-5)


@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger", "residual"])
def test_one_effect_is_the_square_of_its_t(few_schools, df) -> None:
    fit = fit_mixed(few_schools, "MathAch", ["MEANSES", "SES"], "School", df=df)
    found = joint(fit, ["MEANSES", "SES"])
    rows = fit.table.iloc[1:]
    assert found["statistic"].to_numpy() == pytest.approx(rows["statistic"].to_numpy() ** 2)
    assert found["df2"].to_numpy() == pytest.approx(rows["df"].to_numpy())
    assert found["p_value"].to_numpy() == pytest.approx(rows["p_value"].to_numpy())


@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger"])
def test_the_reference_level_plays_no_part(few_schools, df) -> None:
    values = []
    for level in ("Female No", "Male Yes"):
        encoded = encode_categories(few_schools, ["kind"], reference={"kind": level})
        fit = fit_mixed(encoded.data, "MathAch", encoded.names, "School", df=df)
        values.append(joint(fit, encoded.parts).iloc[0])
    assert values[0]["statistic"] == pytest.approx(values[1]["statistic"], rel=1e-7)
    # Fai and Cornelius' degrees of freedom are those of one set of contrasts, as in lmerTest.
    tolerance = 1e-7 if df == "kenward_roger" else 0.05
    assert values[0]["df2"] == pytest.approx(values[1]["df2"], rel=tolerance)


def test_at_the_boundary_it_is_the_f_test_of_regression() -> None:
    random = np.random.default_rng(0)
    group = np.repeat(np.arange(10), 4)
    x, z, y = random.normal(size=(3, 40))
    for column in (x, z, y):
        column -= (np.bincount(group, column) / 4)[group]
    fit = fit_mixed({"g": group, "x": x, "z": z, "y": y}, "y", ["x", "z"], "g")
    assert fit.boundary
    found = joint(fit, {"both": ["x", "z"]}).iloc[0]
    X = np.column_stack([np.ones(40), x, z])
    left = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    expected = ((y @ y - y.sum() ** 2 / 40) - left @ left) / 2 / (left @ left / 37)
    assert found["statistic"] == pytest.approx(expected, rel=1e-8)
    assert found["df2"] == 37


def test_rejections_of_a_factor_without_differences() -> None:
    random = np.random.default_rng(6)
    group = np.repeat(np.arange(15), 6)
    p_values = []
    for _ in range(60):
        level = np.array(list("abc"))[np.arange(15) % 3][group]
        y = random.normal(size=15)[group] + random.normal(size=90)
        encoded = encode_categories({"g": group, "level": level, "y": y}, ["level"])
        fit = fit_mixed(encoded.data, "y", encoded.names, "g", df="kenward_roger")
        p_values.append(joint(fit, encoded.parts)["p_value"][0])
    # Nominal 3 of 60; above 9 has a probability below 0.001.
    assert sum(p < 0.05 for p in p_values) <= 9
    assert 0.35 < np.mean(p_values) < 0.65


def test_terms_that_are_not_in_the_model(few_schools) -> None:
    fit = fit_mixed(few_schools, "MathAch", ["MEANSES", "SES"], "School")
    with pytest.raises(ModelError, match="Not all terms can be tested") as caught:
        joint(fit, {"a": ["SESS"], "b": [], "c": ["SES", "SES"]})
    assert len(caught.value.failures) == 3
    assert "did you mean 'SES'" in str(caught.value)
