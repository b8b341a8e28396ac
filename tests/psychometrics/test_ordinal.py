"""Asymptotic covariance, ordinal alpha and ordinal omega against R, and what must hold.

Values and data: ``tests/reference/golden_polychoric.R``.
"""

import json
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from relsurvey.errors import ModelError
from relsurvey.moments.tables import item_tables
from relsurvey.psychometrics import polychoric_covariance
from relsurvey.psychometrics.consistency import cronbach_alpha
from relsurvey.psychometrics.ordinal import (
    green_yang_omega,
    one_factor_loadings,
    ordinal_alpha,
    ordinal_omega,
)
from relsurvey.psychometrics.polychoric_covariance import (
    asymptotic_covariance,
    asymptotic_variances,
    influence_of,
    require_estimates,
)
from relsurvey.psychometrics.polychoric_fit import fit_polychoric

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "polychoric_reference.json").read_text())
SETS = ("skewed_seven", "two", "six_sparse", "gaps")
SCALES = {
    "agree": "A",
    "conscientious": "C",
    "extraversion": "E",
    "neuroticism": "N",
    "openness": "O",
}
REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")


def frame_of(name):
    if name in SETS or name == "three_sparse":
        return pd.DataFrame(GOLDEN[name]["data"]).astype(float), GOLDEN[name]
    data = pd.read_csv(REFERENCE / "bfi.csv")
    turned = data.assign(**{item: 7 - data[item] for item in REVERSED})
    return turned[[f"{SCALES[name]}{i}" for i in range(1, 6)]], GOLDEN["bfi_scales"][name]


def tables_of(frame):
    return item_tables(nw.from_native(frame), {"s": list(frame)})["s"]


@pytest.fixture
def draw():
    """Return answers of one factor, made to order."""

    def drawn(loadings, cuts, n=600, seed=1):
        rng = np.random.default_rng(seed)
        loadings = np.asarray(loadings)
        latent = rng.normal(size=(n, 1)) * loadings
        latent = latent + rng.normal(size=latent.shape) * np.sqrt(1 - loadings**2)
        names = [f"i{j}" for j in range(len(loadings))]
        return pd.DataFrame(np.digitize(latent, cuts).astype(float), columns=names)

    return drawn


@pytest.mark.parametrize("name", SETS)
def test_the_asymptotic_covariance_is_that_of_lavaan(name):
    frame, golden = frame_of(name)
    tables = tables_of(frame)
    fit = fit_polychoric(tables)
    influence = influence_of(tables, fit)
    covariance = asymptotic_covariance(nw.from_native(frame), tables, influence)
    assert np.concatenate(fit.thresholds) == pytest.approx(
        np.array(golden["thresholds"]), abs=1e-10
    )
    assert covariance == pytest.approx(np.array(golden["nacov"]), abs=1e-6)
    variances = np.concatenate(asymptotic_variances(influence, tables))
    assert variances == pytest.approx(np.diag(covariance), rel=1e-12)
    assert 1 / variances == pytest.approx(np.array(golden["weights"]), rel=1e-6)


@pytest.mark.parametrize("name", SCALES)
def test_the_weights_of_bfi_are_those_of_lavaan(name):
    frame, golden = frame_of(name)
    tables = tables_of(frame)
    variances = asymptotic_variances(influence_of(tables, fit_polychoric(tables)), tables)
    assert np.concatenate(variances) == pytest.approx(np.array(golden["nacov_diagonal"]), rel=1e-6)


def test_the_covariance_does_not_depend_on_chunks_or_row_order(monkeypatch):
    frame, _ = frame_of("gaps")
    tables = tables_of(frame)
    influence = influence_of(tables, fit_polychoric(tables))
    whole = asymptotic_covariance(nw.from_native(frame), tables, influence)
    monkeypatch.setattr(polychoric_covariance, "CHUNK_CELLS", 300)
    again = asymptotic_covariance(nw.from_native(frame.iloc[::-1]), tables, influence)
    assert again == pytest.approx(whole, abs=1e-12)


def test_the_covariance_is_that_of_repeated_samples(draw):
    estimates = []
    for seed in range(200):
        tables = tables_of(draw([0.8, 0.6, 0.7], [-0.8, 0.3, 1.2], n=400, seed=seed))
        fit = fit_polychoric(tables)
        estimates.append(np.concatenate([*fit.thresholds, fit.correlation[np.triu_indices(3, 1)]]))
    frame = draw([0.8, 0.6, 0.7], [-0.8, 0.3, 1.2], n=40_000, seed=999)
    tables = tables_of(frame)
    influence = influence_of(tables, fit_polychoric(tables))
    theory = asymptotic_covariance(nw.from_native(frame), tables, influence) / 400
    scale = np.sqrt(np.diag(theory))
    seen = np.cov(np.array(estimates).T) / np.outer(scale, scale)
    # 200 samples tell a variance to a tenth of itself, and twice that is allowed.
    assert seen == pytest.approx(theory / np.outer(scale, scale), abs=0.2)


def test_no_standard_errors_at_the_limit():
    one = np.array([1, 2, 2, 3, 1, 3, 2, 3, 1, 2.0])
    frame = pd.DataFrame({"a": one, "b": one, "c": one[::-1], "same": 1.0})
    with pytest.raises(ModelError, match="without a standard error: same, a, b") as caught:
        require_estimates(fit_polychoric(tables_of(frame)))
    assert caught.value.failures["item"].tolist() == ["same", "a, b"]
    fit = fit_polychoric(tables_of(frame[["a", "b", "c"]]))
    _, variances = asymptotic_variances(
        influence_of(tables_of(frame[["a", "b", "c"]]), fit), tables_of(frame[["a", "b", "c"]])
    )
    assert np.isnan(variances).tolist() == [True, False, False]


@pytest.mark.parametrize("name", [*SETS, *SCALES])
def test_ordinal_alpha_and_omega_are_those_of_semtools(name):
    frame, golden = frame_of(name)
    tables = tables_of(frame)
    fit = fit_polychoric(tables)
    found = ordinal_omega(tables, fit)
    assert found.note == ""
    assert found.loadings == pytest.approx(np.array(golden["loadings"]), abs=1e-6)
    assert found.omega == pytest.approx(golden["omega_ordinal"], abs=1e-6)
    assert ordinal_alpha(fit.correlation) == pytest.approx(golden["alpha_ordinal"], abs=1e-6)
    assert ordinal_omega(tables).omega == found.omega


@pytest.mark.parametrize("name", SCALES)
def test_ordinal_alpha_is_that_of_psych(name, bfi_reference):
    frame, _ = frame_of(name)
    alpha = ordinal_alpha(fit_polychoric(tables_of(frame)).correlation)
    assert alpha == pytest.approx(bfi_reference[name]["listwise"]["ordinal_alpha"], abs=1e-4)


def test_raw_alpha_ordinal_alpha_and_ordinal_omega_are_three_figures():
    frame, golden = frame_of("agree")
    tables = tables_of(frame)
    raw = cronbach_alpha(frame.dropna().cov().to_numpy())
    assert raw == pytest.approx(golden["alpha_raw"], abs=1e-8)
    figures = [raw, ordinal_alpha(fit_polychoric(tables).correlation), ordinal_omega(tables).omega]
    assert np.ptp(figures) > 0.01
    assert len({round(figure, 4) for figure in figures}) == 3


def test_a_heywood_case_gives_no_omega():
    # semTools prints a figure for a loading above one: an item that is more than wholly true.
    frame, golden = frame_of("three_sparse")
    found = ordinal_omega(tables_of(frame))
    assert max(golden["loadings"]) > 1
    assert found.loadings == pytest.approx(np.array(golden["loadings"]), abs=1e-5)
    assert np.isnan(found.omega)
    assert "loading of i1 exceeds one (Heywood case)" in found.note


def test_omega_of_parallel_items_is_the_alpha_of_their_sum(draw):
    """One loading, one set of thresholds: the sum's alpha is its reliability."""
    frame = draw([0.7] * 6, [-0.5, 0.5], n=200_000)
    omega = ordinal_omega(tables_of(frame)).omega
    assert omega == pytest.approx(cronbach_alpha(frame.cov().to_numpy()), abs=1e-4)


def test_omega_is_the_correlation_of_two_sums(draw):
    """Two sets of answers of the same people with errors of their own correlate by omega."""
    loadings, cuts = np.array([0.8, 0.7, 0.6, 0.5]), [-1.0, 0.0, 1.5]
    rng = np.random.default_rng(8)
    trait = rng.normal(size=(300_000, 1)) * loadings
    sums = [
        np.digitize(trait + rng.normal(size=trait.shape) * np.sqrt(1 - loadings**2), cuts).sum(
            axis=1
        )
        for _ in range(2)
    ]
    common = np.outer(loadings, loadings)
    total = common - np.diag(np.diag(common)) + np.eye(4)
    exact = green_yang_omega([np.array(cuts)] * 4, common, total)
    assert exact == pytest.approx(np.corrcoef(*sums)[0, 1], abs=0.005)
    assert ordinal_omega(tables_of(draw(loadings, cuts, n=100_000))).omega == pytest.approx(
        exact, abs=0.005
    )


def test_item_order_sign_and_codes_move_nothing(draw):
    frame = draw([0.8, 0.6, 0.7, 0.5], [-1.0, 0.0, 0.7])
    found = ordinal_omega(tables_of(frame))
    for other in (frame.iloc[::-1, ::-1], 7 - frame, frame * 10 + 3):
        again = ordinal_omega(tables_of(other))
        assert again.omega == pytest.approx(found.omega, abs=1e-9)
    turned = ordinal_omega(tables_of(frame.assign(i1=9 - frame["i1"])))
    assert turned.loadings == pytest.approx(found.loadings * [1, -1, 1, 1], abs=1e-8)
    assert turned.omega < found.omega - 0.2  # the sum is another one then


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (["a"], "1 items do not identify one factor"),
        (["a", "b"], "2 items do not identify one factor"),
        (["a", "b", "same"], "same: does not vary"),
        (["a", "b", "none"], "nobody answered it"),
        (["a", "b", "copy"], "no standard error of the correlation of a and copy"),
    ],
)
def test_what_has_no_omega_says_why(draw, columns, why):
    frame = draw([0.8, 0.6], [-1.0, 0.0]).set_axis(["a", "b"], axis="columns")
    frame = frame.assign(same=1.0, none=np.nan, copy=frame["a"])
    found = ordinal_omega(tables_of(frame[columns]))
    assert np.isnan(found.omega)
    assert why in found.note


def test_ordinal_alpha_of_what_is_missing_is_missing():
    assert np.isnan(ordinal_alpha(np.array([[1.0, np.nan], [np.nan, 1.0]])))
    assert np.isnan(ordinal_alpha(np.array([[1.0]])))


def test_one_factor_fits_exactly_what_it_made():
    truth = np.array([0.9, -0.4, 0.6, 0.7, 0.3])
    correlation = np.outer(truth, truth)
    np.fill_diagonal(correlation, 1.0)
    found = one_factor_loadings(correlation, np.linspace(0.5, 2, 10))
    assert found == pytest.approx(truth, abs=1e-10)
