"""The same data by R's mice (2l.pan, 2lonly.norm), lme4 and mitml."""

from __future__ import annotations

import numpy as np
import pytest

from relsurvey.association.associate import associate
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import prepare
from relsurvey.imputation import associate_imputed, impute
from relsurvey.imputation.associate_imputed import pool_association

TERMS = {
    "(Intercept)": "(Intercept)",
    "reflection": "reflection",
    "ease (within)": "ease_within",
    "ease (between)": "ease_between",
}
COLUMNS = ["experience", "reflection", "ease", "age"]


@pytest.fixture(scope="module")
def many(simulated):
    return impute(simulated, COLUMNS, group="worker_id", n_imputations=80, iterations=5, seed=20261)


def test_pooled_over_the_same_data_sets_equals_mitml(r_completed, reference):
    fits = []
    for _, data in r_completed.groupby("imputation"):
        ready = prepare(data, "experience", "reflection", covariates="ease", group="worker_id")
        fits.append(fit_sums(ready.sums, ready.outcome, ready.terms))
    pooled = pool_association(fits, 0.95).set_index("term")
    theirs = reference["three"]
    for place, name in enumerate(theirs["terms"]):
        ours = pooled.loc[next(term for term, other in TERMS.items() if other == name)]
        assert ours["estimate"] == pytest.approx(theirs["estimate"][place], rel=1e-6)
        assert ours["std_error"] == pytest.approx(theirs["std_error"][place], rel=1e-6)
        assert ours["between"] == pytest.approx(theirs["between"][place], rel=1e-5)
        assert ours["df"] == pytest.approx(theirs["df"][place], rel=1e-4)
        assert ours["fraction_missing"] == pytest.approx(theirs["fmi"][place], rel=1e-4)
        assert ours["p_value"] == pytest.approx(theirs["p_value"][place], rel=1e-3, abs=1e-12)


def test_many_imputations_agree_with_mice_up_to_monte_carlo_error(many, reference):
    ours = associate_imputed(many, "experience", "reflection", covariates="ease").table
    ours = ours.set_index("term")
    theirs = reference["many"]
    for term, name in TERMS.items():
        place = theirs["terms"].index(name)
        monte_carlo = np.sqrt(
            ours.loc[term, "between"] / many.n_imputations
            + theirs["between"][place] / reference["n_imputations"]
        )
        gap = abs(ours.loc[term, "estimate"] - theirs["estimate"][place])
        assert gap < 4 * monte_carlo
        assert gap < 0.2 * theirs["std_error"][place]
        assert ours.loc[term, "std_error"] == pytest.approx(theirs["std_error"][place], rel=0.08)
        assert ours.loc[term, "fraction_missing"] == pytest.approx(theirs["fmi"][place], abs=0.12)


def test_imputed_values_are_spread_like_those_of_mice(many, reference):
    table = many.to_frame().set_index("column")
    for name, theirs in reference["imputed"].items():
        spread = theirs[1]
        assert table.loc[name, "mean_imputed"] == pytest.approx(theirs[0], abs=0.12 * spread)
        assert table.loc[name, "sd_imputed"] == pytest.approx(spread, rel=0.1)


def test_complete_cases_beside_equal_lme4(many, simulated, reference):
    result = associate_imputed(many, "experience", "reflection", covariates="ease")
    assert result.complete_table is not None
    table = result.complete_table.set_index("term")
    for place, name in enumerate(TERMS):
        theirs = {key: reference["complete_cases"][key][place] for key in ("estimate", "std_error")}
        assert table.loc[name, "estimate"] == pytest.approx(theirs["estimate"], rel=1e-5)
        assert table.loc[name, "std_error"] == pytest.approx(theirs["std_error"], rel=1e-5)
    alone = associate(simulated, "experience", "reflection", covariates="ease", group="worker_id")
    assert table.loc["reflection", "estimate"] == alone.slope
