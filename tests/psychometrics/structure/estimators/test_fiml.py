"""FIML against lavaan, against ML where nothing is missing, and what must not happen."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from relsurvey.errors import ModelError
from relsurvey.psychometrics.structure.cfa import fit_cfa, solve
from relsurvey.psychometrics.structure.data import structure_data
from relsurvey.psychometrics.structure.estimators import estimator_class
from relsurvey.psychometrics.structure.estimators.protocol import Estimator, Options
from relsurvey.psychometrics.structure.fit_measures import fit_measures
from relsurvey.psychometrics.structure.implied import group_model
from relsurvey.psychometrics.structure.parameters import parameter_table
from relsurvey.psychometrics.structure.search import Found
from relsurvey.psychometrics.structure.specification import structure_of
from relsurvey.psychometrics.structure.standardised import standardise

FILES = Path(__file__).parents[3] / "reference"
LETTERS = {
    "agree": "A",
    "conscientious": "C",
    "extraversion": "E",
    "neuroticism": "N",
    "openness": "O",
}
FIVE = {name: [f"{letter}{i}" for i in range(1, 6)] for name, letter in LETTERS.items()}
TWO = {name: FIVE[name] for name in ("agree", "conscientious")}
SIMULATED = {"f": ["y1", "y2", "y3"], "h": ["y4", "y5", "y6"]}
SECOND = FIVE | {"g": list(FIVE)}
GROUPED = {
    "none": (),
    "loadings": ("loadings",),
    "intercepts": ("loadings", "intercepts"),
    "residuals": ("loadings", "intercepts", "residuals"),
}
FITS = ["two_factor", "five_factor", "second_order", "mar", *GROUPED]


@dataclass
class Fit:
    estimator: Estimator
    found: Found
    fit: dict[str, float]

    @property
    def theta(self) -> np.ndarray:
        return self.found.theta


def fitted(
    data: Any,
    model: Mapping[str, Sequence[str]],
    name: str = "FIML",
    group: str | None = None,
    equal: tuple[str, ...] = (),
) -> Fit:
    structure = structure_of(model)
    rows = structure_data(data, structure.items, None, group)
    estimator = estimator_class(name).from_data(rows, structure, Options(equal=equal))
    found = solve(estimator)
    return Fit(estimator, found, fit_measures(estimator, found.theta))


@pytest.fixture(scope="module")
def bfi() -> pd.DataFrame:
    return pd.read_csv(FILES / "bfi.csv")


@pytest.fixture(scope="module")
def mar() -> pd.DataFrame:
    return pd.read_csv(FILES / "fiml_mar.csv")


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return json.loads((FILES / "fiml_reference.json").read_text())


@pytest.fixture(scope="module")
def fits(bfi, mar, reference) -> dict[str, tuple[Fit, dict[str, Any]]]:
    models = {"two_factor": TWO, "five_factor": FIVE, "second_order": SECOND}
    found = {name: fitted(bfi, model) for name, model in models.items()}
    found["mar"] = fitted(mar, SIMULATED)
    expected = reference | reference["groups"]
    for name, equal in GROUPED.items():
        found[name] = fitted(bfi, TWO, group="gender", equal=equal)
    return {name: (fit, expected[name]) for name, fit in found.items()}


@pytest.mark.parametrize("name", FITS)
def test_chi_square_and_indices_are_those_of_lavaan(name, fits):
    fit, expected = fits[name][0].fit, fits[name][1]["fit"]
    baseline = fits[name][0].estimator.baseline()
    assert fits[name][0].found.converged
    assert (fit["df"], baseline.df) == (expected["df"], expected["baseline.df"])
    assert fit["n_parameters"] == expected["npar"]
    assert fits[name][0].estimator.n == expected["ntotal"]
    assert baseline.chisq == pytest.approx(expected["baseline.chisq"], abs=1e-4)
    for ours, theirs in {"chisq": "chisq", "log_likelihood": "logl", "aic": "aic"}.items():
        assert fit[ours] == pytest.approx(expected[theirs], abs=1e-4)
    # lavaan's bic counts the same rows.
    assert fit["bic"] == pytest.approx(expected["bic"], abs=1e-4)
    for ours, theirs in {
        "p_value": "pvalue",
        "cfi": "cfi",
        "tli": "tli",
        "rmsea": "rmsea",
        "rmsea_low": "rmsea.ci.lower",
        "rmsea_high": "rmsea.ci.upper",
        "srmr": "srmr",
    }.items():
        assert fit[ours] == pytest.approx(expected[theirs], abs=1e-6), ours


@pytest.mark.parametrize("name", FITS)
def test_estimates_and_standard_errors_are_those_of_lavaan(name, fits):
    fit, expected = fits[name][0], pd.DataFrame(fits[name][1]["parameters"])
    table = fit.estimator.table
    covariance = fit.estimator.covariance(fit.theta)
    errors = np.sqrt(np.diag(covariance))
    standard = standardise(table, fit.theta, covariance)
    theirs = {tuple(row[:4]): row[4:] for row in expected.itertuples(index=False, name=None)}
    seen = 0
    for place, row in enumerate(table.rows):
        if not row.free:
            continue
        left, operator, right = table.named(row)
        key = (row.group + 1, left, operator, right)
        estimate, error, std, std_error = theirs[
            key if key in theirs else (row.group + 1, right, operator, left)
        ]
        # Which way a factor points is not given by the data.
        assert abs(fit.theta[row.index]) == pytest.approx(abs(estimate), abs=3e-5), key
        assert errors[row.index] == pytest.approx(error, abs=1e-4), key
        if operator == "=~":
            seen += 1
            assert abs(standard.value[place]) == pytest.approx(abs(std), abs=1e-5), key
            assert standard.std_error[place] == pytest.approx(std_error, abs=1e-4), key
    assert seen == len(table.structure.of("lambda") + table.structure.of("beta")) * len(
        table.groups
    )


def test_lavaan_took_standard_errors_from_the_observed_information(reference):
    assert reference["options"]["information"][0] == "observed"
    assert reference["options"]["observed.information"][0] == "hessian"


def test_complete_rows_make_it_ml(mar, reference):
    complete = mar.dropna()
    full, plain = fitted(complete, SIMULATED), fitted(complete, SIMULATED, "ML")
    assert full.fit["df"] == plain.fit["df"]
    for name in ("chisq", "cfi", "tli", "rmsea", "log_likelihood"):
        assert full.fit[name] == pytest.approx(plain.fit[name], abs=1e-6), name
    assert full.fit["chisq"] == pytest.approx(reference["complete_ml"]["fit"]["chisq"], abs=1e-4)
    q = plain.estimator.table.n_free
    np.testing.assert_allclose(full.theta[:q], plain.theta, atol=1e-6)
    # The means fit exactly, and the expected information of the rest is that of ML.
    ours = full.estimator.objective(full.theta).information
    theirs = plain.estimator.objective(full.theta[:q]).information
    np.testing.assert_allclose(ours[:q, :q], theirs, rtol=1e-8, atol=1e-6)
    assert full.estimator.notes[-1] == "No answer is missing, so that FIML is ML."


def test_complete_groups_make_it_ml_with_means(bfi):
    rows = bfi.dropna(subset=[*TWO["agree"], *TWO["conscientious"]])
    for equal in GROUPED.values():
        full = fitted(rows, TWO, group="gender", equal=equal)
        plain = fitted(rows, TWO, "ML", group="gender", equal=equal)
        for name in ("chisq", "df", "cfi", "tli", "rmsea", "srmr", "bic"):
            assert full.fit[name] == pytest.approx(plain.fit[name], abs=1e-5), name


def test_the_gradient_and_the_observed_information_are_right(mar):
    fit = fitted(mar, SIMULATED)
    estimator, draw = fit.estimator, np.random.default_rng(2)
    # Away from the best values too, where the model's own bend counts.
    for theta in (fit.theta, fit.theta + 0.1 * draw.normal(size=len(fit.theta))):
        point, observed = estimator.objective(theta), estimator.observed_information(theta)
        assert point.value == pytest.approx(estimator.value(theta), abs=1e-9)
        for place in range(len(theta)):
            step = np.zeros(len(theta))
            step[place] = 1e-5
            slope = (estimator.value(theta + step) - estimator.value(theta - step)) / 2e-5
            assert slope == pytest.approx(point.gradient[place], abs=1e-4)
            up, down = (estimator.objective(theta + sign * step).gradient for sign in (1, -1))
            np.testing.assert_allclose((up - down) / 2e-5, observed[place], rtol=1e-5, atol=1e-3)


def test_with_equal_loadings_and_groups_the_gradient_is_right(bfi):
    fit = fitted(bfi.head(400), TWO, group="gender", equal=("loadings", "intercepts"))
    theta = fit.theta * 1.05
    point, observed = fit.estimator.objective(theta), fit.estimator.observed_information(theta)
    for place in range(0, len(theta), 5):
        step = np.zeros(len(theta))
        step[place] = 1e-5
        slope = (fit.estimator.value(theta + step) - fit.estimator.value(theta - step)) / 2e-5
        assert slope == pytest.approx(point.gradient[place], rel=1e-5, abs=1e-3)
        up, down = (fit.estimator.objective(theta + sign * step).gradient for sign in (1, -1))
        np.testing.assert_allclose((up - down) / 2e-5, observed[place], rtol=1e-4, atol=1e-2)


def test_rows_without_any_answer_are_dropped_and_said(mar):
    answered = mar.dropna(how="all")
    one, two = fitted(mar, SIMULATED), fitted(answered, SIMULATED)
    assert one.fit == two.fit
    assert (one.estimator.n, one.estimator.n_total) == (296, 300)
    assert one.estimator.notes[0].startswith("296 rows in ")
    assert one.estimator.notes[0].endswith("; 4 rows without any answer left out.")


def test_notes_name_the_groups(bfi):
    notes = fitted(bfi, TWO, group="gender").estimator.notes
    assert [note.split(":")[0] for note in notes[:2]] == ["Group 1", "Group 2"]
    assert all("patterns of missing answers" in note for note in notes[:2])
    assert "missing at random" in notes[2]


def test_the_baseline_is_the_model_of_uncorrelated_items_and_no_other(mar):
    # The same model written down, and fitted: every item its own factor would not be found.
    structure = structure_of(SIMULATED)
    estimator = fitted(mar, SIMULATED).estimator
    rows = [
        row for row in parameter_table(structure, means=True).rows if row.matrix in ("nu", "theta")
    ]
    table = estimator.table
    zero = np.zeros(table.n_free)
    for row in rows:
        place = next(
            other for other in table.rows if (other.matrix, other.row) == (row.matrix, row.row)
        )
        own = mar.iloc[:, row.row]
        zero[place.index] = own.mean() if row.matrix == "nu" else own.var(ddof=0)
    by_hand = estimator.test(zero)
    baseline = estimator.baseline()
    assert baseline.chisq == pytest.approx(by_hand.chisq, abs=1e-8)
    assert baseline.df == 15
    # No other values of the means and variances come closer.
    model = group_model(table, zero, 0)
    sigma, mu = model.covariance, model.mean
    assert np.count_nonzero(sigma - np.diag(np.diag(sigma))) == 0
    assert not np.isnan(mu).any()
    for row in rows:
        moved = zero.copy()
        place = next(o for o in table.rows if (o.matrix, o.row) == (row.matrix, row.row))
        for factor in (0.99, 1.01):
            moved[place.index] = zero[place.index] * factor
            assert estimator.value(moved) > estimator.value(zero)


def test_a_good_model_of_gappy_rows_has_no_negative_cfi(mar):
    # semopy's FIML printed CFI -1.04 as a success: its baseline was fitted to other rows.
    fit = fitted(mar, SIMULATED)
    assert fit.found.converged
    assert fit.fit["cfi"] == 1
    assert 0 <= fit.fit["rmsea"] < 0.05
    assert 0 <= fit.fit["srmr"] < 0.05
    assert fit.estimator.baseline().chisq > fit.fit["chisq"]


def test_an_impossible_covariance_has_no_finite_value(mar):
    fit = fitted(mar, SIMULATED)
    table, theta = fit.estimator.table, fit.theta.copy()
    for row in table.rows:
        if row.matrix == "theta":
            theta[row.index] = -5.0
    assert fit.estimator.value(theta) == math.inf
    point = fit.estimator.objective(theta)
    assert point.value == math.inf
    assert np.isnan(point.gradient).all()
    assert np.isnan(fit.estimator.covariance(theta)).all()
    assert fit.estimator.test(theta).chisq == math.inf


def test_the_value_counts_from_the_saturated_model(fits):
    for fit, _ in fits.values():
        value = fit.found.value
        assert math.isfinite(value)
        assert value >= 0
        assert fit.fit["chisq"] == pytest.approx(2 * value)


NAN = math.nan


def small(**columns: list[float]) -> pd.DataFrame:
    draw = np.random.default_rng(3)
    frame = pd.DataFrame(draw.normal(size=(40, 3)), columns=["a", "b", "c"])
    frame["d"] = frame["a"] + draw.normal(size=40)
    return frame.assign(**columns)


IMPOSSIBLE = {
    "no row answers both a and b": small().assign(
        a=[1.0] * 5 + list(range(15)) + [NAN] * 20, b=[NAN] * 20 + [1.0, 2, 3, 4] * 5
    ),
    "two answers or more are needed of b": small(b=[NAN] * 39 + [1.0]),
    "c does not vary": small(c=[2.0] * 40),
    "not positive definite": small().assign(d=lambda frame: frame["a"] + frame["b"]),
}


@pytest.mark.parametrize("reason", list(IMPOSSIBLE))
def test_what_cannot_be_compared_is_refused_with_the_reason(reason):
    frame = IMPOSSIBLE[reason]
    with pytest.raises(ModelError, match="nothing to compare the model with") as caught:
        fitted(frame, {"f": ["a", "b", "c", "d"]})
    assert reason in str(caught.value)
    assert reason in caught.value.failures.loc[0, "why"]


def test_the_group_that_cannot_be_used_is_named():
    frame = small().assign(g=[1] * 20 + [2] * 20)
    frame.loc[frame["g"] == 2, "c"] = NAN
    with pytest.raises(ModelError, match="group 2"):
        fitted(frame, {"f": ["a", "b", "c", "d"]}, group="g")


def test_orders_shift_scale_and_sign_do_not_matter(mar):
    one = fitted(mar, SIMULATED)
    moved = (mar * [1, -1, 10, 1, 0.1, -3] + [0, 5, 50, 1, 1, 1]).sample(frac=1, random_state=4)
    turned = {"h": ["y6", "y4", "y5"], "f": ["y3", "y2", "y1"]}
    two = fitted(moved[moved.columns[::-1]], turned)
    assert two.found.converged
    for name in ("chisq", "cfi", "tli", "rmsea", "rmsea_high"):
        assert two.fit[name] == pytest.approx(one.fit[name], abs=1e-6), name
    first = standardise(one.estimator.table, one.theta, one.estimator.covariance(one.theta))
    second = standardise(two.estimator.table, two.theta, two.estimator.covariance(two.theta))

    def loadings(fit: Fit, standard: Any) -> dict[str, tuple[float, float]]:
        table = fit.estimator.table
        return {
            table.named(row)[2]: (abs(standard.value[i]), standard.std_error[i])
            for i, row in enumerate(table.rows)
            if row.matrix == "lambda"
        }

    for item, figures in loadings(one, first).items():
        assert loadings(two, second)[item] == pytest.approx(figures, abs=1e-6)


def test_answers_missing_at_random_do_not_bias_it_but_do_listwise():
    draw = np.random.default_rng(12)
    full, listwise, errors = [], [], []
    for sample in range(30):
        factor = draw.normal(size=(250, 1))
        values = 0.8 * factor + 0.6 * draw.normal(size=(250, 4))
        values[:, 3] += 2.0
        gone = values[:, 0] + 0.3 * draw.normal(size=250) > 0.2
        values[gone, 3] = np.nan
        frame = pd.DataFrame(values, columns=list("abcd"))
        model = {"f": list("abcd")}
        found = fitted(frame, model)
        table = found.estimator.table
        at = {(row.matrix, row.row): row.index for row in table.rows if row.free}
        sign = np.sign(found.theta[at["lambda", 0]])
        picked = [at["lambda", 0], at["lambda", 3], at["nu", 3]]
        full.append(found.theta[picked] * [sign, sign, 1])
        errors.append(np.sqrt(np.diag(found.estimator.covariance(found.theta)))[picked])
        if sample >= 10:
            continue
        plain = fitted(frame, model, "ML")
        listwise.append([abs(plain.theta[0]), abs(plain.theta[3]), frame.dropna()["d"].mean()])
    truth = [0.8, 0.8, 2.0]
    assert np.mean(full, axis=0) == pytest.approx(truth, abs=0.06)
    # Listwise sees half of the range of the first item, and the mean of the fourth is too low.
    assert np.mean(listwise, axis=0)[0] < 0.65
    assert np.mean(listwise, axis=0)[2] < 1.75
    # The standard errors are those of repeated samples: 30 of them tell a deviation to an eighth
    # of itself, and a little over twice that is allowed.
    assert np.mean(errors, axis=0) == pytest.approx(np.std(full, axis=0, ddof=1), rel=0.3)


def test_the_result_says_what_was_used(mar, reference):
    result = fit_cfa(mar, SIMULATED, estimator="FIML")
    assert result.converged
    assert (result.n, result.n_total) == (296, 300)
    assert result.fit["cfi"] == 1
    assert "4 rows without any answer left out" in result.summary()
    means = result.parameters[result.parameters["operator"] == "~1"]
    assert len(means) == 8  # six intercepts, and two factor means that are 0
    expected = pd.DataFrame(reference["mar"]["parameters"])
    assert result.loadings["std_error"].tolist() == pytest.approx(
        expected.loc[expected["op"] == "=~", "se"].tolist(), abs=1e-4
    )


def test_a_marker_item_gives_the_same_fit(mar):
    one = fit_cfa(mar, SIMULATED, estimator="FIML")
    other = fit_cfa(mar, SIMULATED, estimator="FIML", std_lv=False)
    turned = fit_cfa(mar * [-1, 1, 1, 1, 1, 1], SIMULATED, estimator="FIML", std_lv=False)
    for name in ("chisq", "cfi", "srmr", "bic"):
        assert other.fit[name] == pytest.approx(one.fit[name], abs=1e-6)
    assert turned.fit["chisq"] == pytest.approx(one.fit["chisq"], abs=1e-6)


def test_modification_indices_are_near_those_of_lavaan(bfi):
    # lavaan 0.6-14, modindices(cfa(..., missing = "ml")) on these rows: N1 ~~ N2 444.003,
    # extraversion =~ N4 219.496, openness =~ E3 155.614.
    found = fit_cfa(bfi, FIVE, estimator="FIML").modification_indices
    assert found.loc[:2, ["left", "operator", "right"]].to_numpy().tolist() == [
        ["N1", "~~", "N2"],
        ["extraversion", "=~", "N4"],
        ["openness", "=~", "E3"],
    ]
    assert found.loc[:2, "modification_index"].tolist() == pytest.approx(
        [444.003, 219.496, 155.614], abs=0.01
    )


def test_far_fewer_rows_than_parameters_are_no_success():
    draw = np.random.default_rng(1)
    frame = pd.DataFrame(draw.normal(size=(7, 6)), columns=[f"y{i}" for i in range(1, 7)])
    frame.iloc[0, 0] = np.nan
    with pytest.raises(ModelError, match="nothing to compare the model with"):
        fit_cfa(frame, SIMULATED, estimator="FIML")
