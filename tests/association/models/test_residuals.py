"""Residuals and random intercepts equal R's, and nobody can be told from them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.models.mixed import fit_mixed
from relsurvey.association.models.residuals import residual_summary
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums

SHAPE = ["sd", "skewness", "kurtosis"]


@pytest.fixture(scope="module")
def few(few_schools):
    fit = fit_mixed(few_schools, "MathAch", ["MEANSES", "SES"], "School")
    return fit, residual_summary(fit, few_schools, highest=25)


def test_two_levels_equal_r(few, around) -> None:
    _, found = few
    golden = around["residuals"]["few"]
    table = found.table.set_index("level")
    for level, name in {"residual": "rows", "School": "groups"}.items():
        expected = [golden[name][figure] for figure in SHAPE]
        assert table.loc[level, SHAPE].tolist() == pytest.approx(expected, rel=1e-5)


def test_three_levels_equal_r(schools, around) -> None:
    fit = fit_mixed(schools, "MathAch", ["MEANSES", "SES"], "School", nested_in="area")
    found = residual_summary(fit, schools)
    golden = around["residuals"]["areas"]
    table = found.table.set_index("level")
    for level, name in {"residual": "rows", "School": "groups", "area": "parents"}.items():
        expected = [golden[name][figure] for figure in SHAPE]
        assert table.loc[level, SHAPE].tolist() == pytest.approx(expected, rel=1e-4)
    assert found.levene == pytest.approx(golden["levene"]["statistic"], rel=1e-6)
    assert found.bartlett == pytest.approx(golden["bartlett"]["statistic"], rel=1e-6)


def test_tests_of_equal_variance_equal_r(few, around) -> None:
    _, found = few
    golden = around["residuals"]["few"]
    levene = [golden["levene"][name] for name in ("statistic", "df1", "df2", "p")]
    assert [found.levene, found.levene_df1, found.levene_df2, found.levene_p] == pytest.approx(
        levene, rel=1e-6
    )
    bartlett = [golden["bartlett"][name] for name in ("statistic", "df", "p")]
    assert [found.bartlett, found.bartlett_df, found.bartlett_p] == pytest.approx(
        bartlett, rel=1e-6
    )


def test_sums_alone_give_all_but_the_shape(few_schools, few) -> None:
    sums = group_sums(few_schools, ["MEANSES", "SES", "MathAch"], "School", each_within=True)
    found = residual_summary(fit_sums(sums, "MathAch", ("MEANSES", "SES")))
    of_rows = found.table.iloc[0]
    assert of_rows["sd"] == pytest.approx(few[1].table["sd"][0], rel=1e-9)
    assert np.isnan(of_rows["skewness"])
    assert "needs the rows" in of_rows["note"]
    assert found.bartlett == pytest.approx(few[1].bartlett, rel=1e-9)
    assert np.isnan(found.levene)
    assert np.isnan(found.at_highest)


def test_split_covariates_are_read_from_their_column(few_schools) -> None:
    sums = group_sums(few_schools, ["SES", "MathAch"], "School").split(["SES"])
    terms = ("SES (within)", "SES (between)")
    by_sums = residual_summary(fit_sums(sums, "MathAch", terms), few_schools)
    fit = fit_mixed(few_schools, "MathAch", ["cses", "cmean"], "School")
    by_columns = residual_summary(fit, few_schools)
    # Means of all rows of a school, the same here as no row is missing.
    values = [one.table[SHAPE].to_numpy(dtype=float) for one in (by_sums, by_columns)]
    assert values[0] == pytest.approx(values[1], rel=1e-5)


def test_missing_rows_and_other_frames(few_schools, few) -> None:
    holes = few_schools.assign(SES=few_schools["SES"].mask(np.arange(len(few_schools)) % 9 == 0))
    fit = fit_mixed(holes, "MathAch", ["MEANSES", "SES"], "School")
    whole = residual_summary(fit, holes)
    assert whole.table["n"][0] == fit.n_rows
    turned = residual_summary(fit, pl.from_pandas(holes.iloc[::-1]))
    assert turned.levene == pytest.approx(whole.levene, rel=1e-9)
    assert turned.table["skewness"].tolist() == pytest.approx(whole.table["skewness"].tolist())


def test_share_at_the_top_of_the_scale() -> None:
    data = {"g": list("aabbccdd"), "y": [2.0, 4.0, 3.0, 5.0, 5.0, 5.0, 4.0, 5.0]}
    fit = fit_mixed(data, "y", None, "g")
    assert residual_summary(fit, data, highest=5).at_highest == 0.5
    assert "At the top of the scale (5): 50.0 %" in residual_summary(fit, data, highest=5).summary()
    with pytest.raises(ModelError, match="'y' goes up to 5, above highest=4"):
        residual_summary(fit, data, highest=4)


def test_few_workers_are_not_described() -> None:
    data = {"g": list("aabbccdd"), "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0]}
    table = residual_summary(fit_mixed(data, "y", None, "g"), data).table
    assert table.loc[1, SHAPE].isna().all()
    assert table["note"][1] == "fewer than 10: what is said of so few would tell of each"


def test_no_worker_is_named(few, few_schools) -> None:
    text = few[1].summary() + few[1].to_frame().to_string() + str(few[1].to_dict())
    assert not any(school in text for school in few_schools["School"].unique())


def test_variance_of_zero_is_said(schools) -> None:
    fit = fit_mixed(schools, "MathAch", ["MEANSES", "SES"], "School", nested_in="district")
    row = residual_summary(fit).table.set_index("level").loc["district"]
    assert row["sd"] == 0.0
    assert "estimated as zero" in row["note"]
    assert row["mean_shrinkage"] == 1.0


def test_skewed_residuals_and_unequal_variances_are_found() -> None:
    random = np.random.default_rng(4)
    group = np.repeat(np.arange(40), 12)
    spread = np.linspace(0.3, 3.0, 40)[group]
    y = random.normal(size=40)[group] + spread * (random.exponential(size=480) - 1.0)
    data = {"g": group, "y": y}
    found = residual_summary(fit_mixed(data, "y", None, "g"), data)
    assert found.levene_p < 1e-4
    assert found.table["skewness"][0] > 1.0
    assert "Residuals are skewed" in found.notes[0]


def test_another_table_is_refused(few, few_schools) -> None:
    fit, _ = few
    with pytest.raises(ModelError, match=r"not the table the model was fitted to: 922 complete"):
        residual_summary(fit, few_schools.iloc[1:])
    with pytest.raises(ModelError, match="it has no column 'SES'"):
        residual_summary(fit, few_schools.drop(columns="SES"))
    with pytest.raises(ModelError, match="threshold must be a whole number of 5 or more"):
        residual_summary(fit, few_schools, threshold=2)
