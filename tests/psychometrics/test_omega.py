"""Omega against semTools, the small search against the engine, and what there is no omega of."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from relsurvey.instruments import load_instrument
from relsurvey.instruments.evidence import Model
from relsurvey.psychometrics.consistency import cronbach_alpha
from relsurvey.psychometrics.omega import (
    omega_hierarchical,
    omega_if_dropped,
    omega_total,
)
from relsurvey.psychometrics.one_factor import one_factor
from relsurvey.psychometrics.structure.cfa import fit_covariance
from relsurvey.psychometrics.structure.estimators.ml import ML

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "reliability_reference.json").read_text())
BFI = json.loads((REFERENCE / "bfi_reference.json").read_text())
SCALES = {"A": "agree", "C": "conscientious", "E": "extraversion", "N": "neuroticism",
          "O": "openness"}  # fmt: skip
SEMTOOLS = 1e-5
DEEP = pd.DataFrame(GOLDEN["hierarchical"]["data"], dtype=float)
PARTS = {"one": ["d1", "d2", "d3", "d4"], "two": ["d5", "d6", "d7", "d8"],
         "three": ["d9", "d10", "d11", "d12"]}  # fmt: skip


def keyed(bfi_answers, bfi, letter):
    frame = bfi_answers[[f"{letter}{i}" for i in range(1, 6)]].dropna()
    return frame.assign(**{name: 7 - frame[name] for name in bfi.reversed_items if name in frame})


def of(frame):
    return omega_total(np.cov(frame.T), list(frame.columns), len(frame))


@pytest.mark.parametrize("letter", SCALES)
def test_bfi_is_that_of_semtools(bfi_answers, bfi, letter):
    frame = keyed(bfi_answers, bfi, letter)
    found, golden = of(frame), BFI[SCALES[letter]]["listwise"]
    assert found.omega == pytest.approx(golden["omega_one_factor_ml"], abs=SEMTOOLS)
    assert found.note == ""
    fit = golden["one_factor_fit"]
    assert found.fit["chisq"] == pytest.approx(fit["chisq"], abs=1e-4)
    for name in ("df", "cfi", "tli", "rmsea", "srmr"):
        assert found.fit[name] == pytest.approx(fit[name], abs=1e-6)
    dropped = omega_if_dropped(np.cov(frame.T), list(frame.columns), len(frame))
    assert dropped == pytest.approx(GOLDEN["omega"][letter]["dropped"], abs=SEMTOOLS)
    # psych's omega total is of rotated minres factors and another figure.
    if letter == "A":
        assert abs(found.omega - BFI["omega_total_agree_psych_minres"]) > 0.01


@pytest.mark.parametrize(("name", "columns"), [("three", 3), ("four", 4), ("deep", 12)])
def test_further_sets_are_those_of_semtools(name, columns):
    found = of(DEEP.iloc[:, :columns])
    assert found.omega == pytest.approx(GOLDEN["omega"][name]["omega"], abs=SEMTOOLS)
    assert found.fit["df"] == columns * (columns - 3) // 2


def test_few_rows_are_those_of_semtools(alpha_reference):
    attitude = pd.DataFrame(alpha_reference["attitude"]["data"])
    twelve = pd.DataFrame(alpha_reference["twelve"]["data"], dtype=float).dropna()
    for name, frame in (("attitude", attitude), ("twelve", twelve)):
        assert of(frame).omega == pytest.approx(GOLDEN["omega"][name]["omega"], abs=SEMTOOLS)
    dropped = omega_if_dropped(np.cov(attitude.T), list(attitude.columns), len(attitude))
    assert dropped == pytest.approx(GOLDEN["omega"]["attitude"]["dropped"], abs=SEMTOOLS)


@pytest.mark.parametrize("columns", [3, 5, 12])
def test_the_engine_finds_the_same_factor(columns):
    covariance = DEEP.iloc[:, :columns].cov()
    deviations = np.sqrt(np.diag(covariance))
    small = one_factor(covariance.to_numpy() / np.outer(deviations, deviations))
    large = fit_covariance({"f": list(covariance)}, covariance, len(DEEP))
    assert small.loadings == pytest.approx(large.loadings["standardised"].to_numpy(), abs=1e-6)


@pytest.mark.parametrize("k", [3, 4, 9])
def test_equal_loadings_make_omega_alpha(k):
    covariance = np.full((k, k), 0.8) + np.diag(np.linspace(0.3, 2.0, k))
    found = omega_total(covariance, [f"x{i}" for i in range(k)], 100)
    assert found.omega == pytest.approx(cronbach_alpha(covariance), abs=1e-7)


def test_units_signs_and_order_do_not_matter():
    covariance, names = DEEP.iloc[:, :6].cov().to_numpy(), list("abcdef")
    found = omega_total(covariance, names, 300)
    order = [3, 0, 5, 1, 2, 4]
    again = omega_total(covariance[np.ix_(order, order)], [names[i] for i in order], 300)
    assert again.omega == pytest.approx(found.omega, abs=1e-7)
    assert omega_total(covariance * 1e6, names, 300).omega == pytest.approx(found.omega, abs=1e-12)


def test_the_truth_is_recovered():
    own = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    draw = np.random.default_rng(8)
    answers = draw.normal(size=(40_000, 1)) * own + draw.normal(size=(40_000, 5)) * 0.7
    expected = own.sum() ** 2 / (own.sum() ** 2 + 5 * 0.49)
    assert of(pd.DataFrame(answers, columns=list("abcde"))).omega == pytest.approx(
        expected, abs=0.005
    )


def test_an_item_keyed_the_wrong_way_is_named():
    frame = DEEP.iloc[:, :5].assign(d3=7 - DEEP["d3"])
    assert of(frame).note.startswith("d3 loads negatively on the common factor")


NOT_POSITIVE = np.array([[1.0, 1.0, 0.3], [1.0, 1.0, 0.3], [0.3, 0.3, 1.0]])
HEYWOOD = np.array([[1.0, 0.8, 0.7], [0.8, 1.0, 0.4], [0.7, 0.4, 1.0]])


@pytest.mark.parametrize(
    ("covariance", "note"),
    [
        (np.eye(1), "one item does not identify a factor"),
        (np.eye(2) + 1, "two items do not identify a factor"),
        (np.diag([1.0, 1.0, 0.0]), "an item does not vary"),
        (NOT_POSITIVE, "not positive definite"),
        (np.full((3, 3), np.nan), "an item does not vary"),
    ],
)
def test_without_a_factor_there_is_no_omega(covariance, note):
    found = omega_total(covariance, list("abc")[: len(covariance)], 50)
    assert np.isnan(found.omega)
    assert note in found.note
    assert not found.fit


def test_a_heywood_case_is_said():
    found = omega_total(HEYWOOD, list("abc"), 50)
    assert found.note == (
        "negative residual variance of a (Heywood case): omega is not to be relied on"
    )
    # Exact: three items are reproduced whatever they are, the first by a loading above 1.
    loadings = np.sqrt(np.array([0.8 * 0.7 / 0.4, 0.8 * 0.4 / 0.7, 0.7 * 0.4 / 0.8]))
    assert found.omega == pytest.approx(loadings.sum() ** 2 / HEYWOOD.sum(), abs=1e-7)


@pytest.mark.parametrize("bump", [0.0, 1e-9])
def test_uncorrelated_items_have_no_factor(bump):
    covariance = np.eye(4) + bump * np.outer([1, 2, 3, 4], [1, 2, 3, 4]) * (1 - np.eye(4))
    found = omega_total(covariance, list("abcd"), 50)
    assert np.isnan(found.omega)
    assert found.note == "one factor could not be fitted: no omega total"


def instrument(**models):
    return SimpleNamespace(models=models, item_ids=tuple(DEEP.columns))


SECOND = Model(title="s", kind="second_order", factors=PARTS, second_order={"all": list(PARTS)})
BIFACTOR = Model(title="b", kind="bifactor", factors={"all": list(DEEP), **PARTS})


def test_omega_hierarchical_is_that_of_semtools():
    covariance, names = DEEP.cov().to_numpy(), list(DEEP)
    found = omega_hierarchical(covariance, names, 300, instrument(s=SECOND, b=BIFACTOR))
    assert set(found) == {"second_order", "bifactor"}
    for kind, omega in found.items():
        assert omega.omega == pytest.approx(GOLDEN["hierarchical"][kind], abs=SEMTOOLS)
        chisq = GOLDEN["hierarchical"][f"{kind}_chisq"]
        assert omega.fit["chisq"] == pytest.approx(chisq, abs=1e-4)
    order = names[::-1]
    again = omega_hierarchical(DEEP[order].cov().to_numpy(), order, 300, instrument(s=SECOND))[
        "second_order"
    ]
    assert again.omega == pytest.approx(found["second_order"].omega, abs=1e-6)


def test_omega_hierarchical_needs_a_model_of_these_items_and_rows():
    covariance, names = DEEP.cov().to_numpy(), list(DEEP)
    assert omega_hierarchical(covariance, names, 300, None) == {}
    assert omega_hierarchical(covariance[:4, :4], names[:4], 300, instrument(s=SECOND)) == {}
    few = omega_hierarchical(covariance, names, 20, instrument(b=BIFACTOR))["bifactor"]
    assert np.isnan(few.omega)
    assert few.note == "20 rows for 36 parameters: no omega hierarchical from the bifactor model"


def test_a_general_factor_that_is_not_there_is_given_up_soon(monkeypatch):
    instrument = load_instrument("rpq-16")
    items = list(instrument.item_ids)
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(1_000, 1)) + draw.normal(size=(1_000, 16))
    looks = []
    objective = ML.objective

    def counted(self, theta):
        looks.append(1)
        return objective(self, theta)

    monkeypatch.setattr(ML, "objective", counted)
    found = omega_hierarchical(np.cov(rows.T), items, 1_000, instrument)
    assert set(found) == {"second_order", "bifactor"}
    assert all(np.isfinite(own.omega) or "did not converge" in own.note for own in found.values())
    # Two models, and the last search of each may go on where the others have ended.
    assert 0 < len(looks) <= 1_000
