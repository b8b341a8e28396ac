"""Likelihood-ratio tests equal R's anova, and refuse what cannot be compared."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from relsurvey.association.models.compare import compare_mixed
from relsurvey.association.models.mixed import fit_mixed
from relsurvey.errors import ModelError


def fit(frame, predictors, **options):
    return fit_mixed(frame, "MathAch", predictors, "School", **options)


def test_fixed_effects_equal_r(schools, around) -> None:
    golden = around["compare"]["fixed"]
    models = [
        fit(schools, names, reml=False) for names in (["MEANSES"], ["MEANSES", "catholic", "SES"])
    ]
    tested = compare_mixed(*models)
    assert tested.statistic == pytest.approx(golden["chisq"], rel=1e-8)
    assert tested.df == golden["df"]
    assert tested.p_value == pytest.approx(golden["p"], rel=1e-6)
    assert tested.table["aic"].tolist() == pytest.approx(golden["aic"], abs=1e-6)
    assert tested.table["bic"].tolist() == pytest.approx(golden["bic"], abs=1e-6)
    assert tested.table["n_parameters"].tolist() == golden["npar"]
    assert tested.table["deviance"].tolist() == pytest.approx(golden["deviance"], abs=1e-6)


def test_reml_fits_of_other_fixed_effects_are_fitted_again_and_that_is_said(schools, around):
    tested = compare_mixed(
        fit(schools, ["MEANSES"]), fit(schools, ["MEANSES", "catholic", "SES"], reml=False)
    )
    assert tested.statistic == pytest.approx(around["compare"]["fixed"]["chisq"], rel=1e-8)
    assert not tested.reml
    assert "fitted again by maximum likelihood" in tested.notes[0]


@pytest.mark.parametrize("reml", [True, False])
def test_a_level_more_equals_r_with_the_p_value_halved(schools, around, reml) -> None:
    golden = around["compare"]["level_reml" if reml else "level_ml"]
    names = ["MEANSES", "SES"]
    tested = compare_mixed(
        fit(schools, names, reml=reml), fit(schools, names, reml=reml, nested_in="area")
    )
    assert tested.reml is reml
    assert tested.statistic == pytest.approx(golden["chisq"], rel=1e-6)
    assert tested.p_value == pytest.approx(golden["p"] / 2.0, rel=1e-6)
    assert tested.table["aic"].tolist() == pytest.approx(golden["aic"], abs=1e-6)
    assert tested.more_levels == ("area",)
    assert "half of all samples" in tested.notes[0]


def test_a_level_and_a_predictor_more_are_compared_with_the_mixture(schools) -> None:
    tested = compare_mixed(
        fit(schools, ["SES"], reml=False),
        fit(schools, ["SES", "MEANSES"], reml=False, nested_in="area"),
    )
    expected = 0.5 * (chi2.sf(tested.statistic, 1) + chi2.sf(tested.statistic, 2))
    assert tested.p_value == pytest.approx(expected, rel=1e-9)
    assert tested.df == 2


def test_a_variance_of_zero_says_nothing_against_the_smaller_model(schools) -> None:
    names = ["MEANSES", "SES"]
    tested = compare_mixed(fit(schools, names), fit(schools, names, nested_in="district"))
    assert tested.statistic == pytest.approx(0.0, abs=1e-6)
    assert tested.p_value > 0.49


def test_half_of_all_samples_without_the_level_have_a_statistic_of_zero() -> None:
    random = np.random.default_rng(1)
    group = np.repeat(np.arange(24), 5)
    p_values = []
    for _ in range(40):
        y = random.normal(size=24)[group] + random.normal(size=120)
        data = {"g": group, "t": group // 4, "y": y}
        models = [fit_mixed(data, "y", None, "g", nested_in=level) for level in (None, "t")]
        p_values.append(compare_mixed(*models).p_value)
    # Nominal 2 of 40; more than 7 has a probability below 0.001.
    assert sum(p < 0.05 for p in p_values) <= 7
    assert 0.25 < np.mean(np.array(p_values) > 0.45) < 0.85


def test_few_groups_are_warned_of(few_schools) -> None:
    tested = compare_mixed(fit(few_schools, None), fit(few_schools, ["MEANSES"]))
    assert "finds differences too often" in " ".join(tested.notes)
    assert "With 20 units" in tested.summary()
    assert "MEANSES" in tested.sentence


def test_result_is_tidy(few_schools) -> None:
    tested = compare_mixed(fit(few_schools, None), fit(few_schools, ["MEANSES"]))
    frame = tested.to_frame()
    assert frame["model"].tolist() == ["smaller", "larger"]
    assert np.isnan(frame["p_value"][0])
    assert frame["p_value"][1] == tested.p_value
    assert tested.to_dict()["df"] == 1


def test_what_cannot_be_compared(few_schools) -> None:
    one, two = fit(few_schools, ["SES"]), fit(few_schools, ["MEANSES"])
    with pytest.raises(ModelError, match="only the first has SES, only the second has MEANSES"):
        compare_mixed(one, two)
    with pytest.raises(ModelError, match="The two models are the same"):
        compare_mixed(one, one)
    with pytest.raises(ModelError, match="The first model holds the second"):
        compare_mixed(one, fit(few_schools, None))
    with pytest.raises(ModelError, match="different outcomes: 'MathAch' and 'SES'"):
        compare_mixed(one, fit_mixed(few_schools, "SES", ["MEANSES"], "School"))


def test_other_rows(few_schools) -> None:
    holes = few_schools.assign(SES=few_schools["SES"].mask(np.arange(len(few_schools)) % 50 == 0))
    with pytest.raises(ModelError, match="different rows: 923 rows and 904 rows"):
        compare_mixed(fit(few_schools, None), fit(holes, ["SES"]))
    shuffled = few_schools.assign(MathAch=few_schools["MathAch"].to_numpy()[::-1])
    with pytest.raises(ModelError, match="different rows, as many as they are"):
        compare_mixed(fit(few_schools, None), fit(shuffled, ["SES"]))
    changed = few_schools.assign(SES=few_schools["SES"] * 2.0)
    with pytest.raises(ModelError, match="'SES' has other values"):
        compare_mixed(fit(few_schools, ["SES"]), fit(changed, ["SES", "MEANSES"]))


def test_rows_in_another_order_are_the_same_rows(few_schools) -> None:
    turned = few_schools.iloc[::-1]
    tested = compare_mixed(fit(few_schools, None), fit(turned, ["SES"]))
    straight = compare_mixed(fit(few_schools, None), fit(few_schools, ["SES"]))
    assert tested.statistic == pytest.approx(straight.statistic, rel=1e-8)
