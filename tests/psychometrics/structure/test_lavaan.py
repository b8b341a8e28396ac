"""Every figure beside R lavaan's, at the tolerances that reports need."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from relsurvey.instruments.evidence import Model
from relsurvey.psychometrics.structure.cfa import fit_cfa, fit_covariance
from relsurvey.psychometrics.structure.result import CfaResult

FACTORS = {
    name: [f"{name[0].upper()}{i}" for i in range(1, 6)]
    for name in ("agree", "conscientious", "extraversion", "neuroticism", "openness")
}
TWO = {name: FACTORS[name] for name in ("agree", "conscientious")}
NAMES = {
    "chisq": ("chisq", 1e-4),
    "df": ("df", 0),
    "p_value": ("pvalue", 1e-8),
    "cfi": ("cfi", 1e-6),
    "tli": ("tli", 1e-6),
    "rmsea": ("rmsea", 1e-6),
    "rmsea_low": ("rmsea.ci.lower", 1e-6),
    "rmsea_high": ("rmsea.ci.upper", 1e-6),
    "srmr": ("srmr", 1e-6),
    "aic": ("aic", 1e-4),
    "bic": ("bic", 1e-4),
    "log_likelihood": ("logl", 1e-4),
    "n_parameters": ("npar", 0),
}
SINGLE = (
    "two_factor",
    "two_factor_marker",
    "two_factor_raw_marker",
    "five_factor",
    "second_order",
    "second_order_marker",
    "bifactor",
    "residual_covariances",
    "fixed_and_equal",
    "method_factor",
    "holzinger",
)
MARKER = ("two_factor_marker", "two_factor_raw_marker", "second_order_marker", "fixed_and_equal")
STEPS = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}


@pytest.fixture(scope="module")
def fitted(
    raw: pd.DataFrame, keyed: pd.DataFrame, nine_tests: pd.DataFrame, lavaan: dict[str, Any]
) -> dict[str, CfaResult]:
    found = {}
    for name in SINGLE:
        data = {"two_factor_raw_marker": raw, "holzinger": nine_tests}.get(name, keyed)
        model: Any = lavaan[name]["model"]
        if name == "bifactor":
            groups = {key: FACTORS[key] for key in ("agree", "extraversion", "neuroticism")}
            general = [item for items in groups.values() for item in items]
            model = Model(title="b", kind="bifactor", factors={"general": general, **groups})
        found[name] = fit_cfa(data, model, std_lv=name not in MARKER)
    return found


def by_name(frame: pd.DataFrame, column: str) -> dict[str, float]:
    """Return a column by the names that the reference has: 'f =~ q1 @1'."""
    names = frame["left"] + " " + frame["operator"] + " " + frame["right"]
    names = names.str.strip()
    if "group" in frame:
        places = {label: i + 1 for i, label in enumerate(frame["group"].unique())}
        names = names + " @" + frame["group"].map(places).astype(str)
    return dict(zip(names, frame[column], strict=True))


def found_in(values: dict[str, float], wanted: str) -> float:
    """Return a value whichever way round a covariance is named; 0 where the model has none."""
    name = wanted.replace("  @", " @")
    if "~~" not in name or name in values:
        return values[name]
    pair, _, group = name.partition(" @")
    left, operator, right = pair.split()
    return values.get(f"{right} {operator} {left}" + (f" @{group}" if group else ""), 0.0)


def assert_fit(result: CfaResult, reference: dict[str, Any]) -> None:
    for ours, (theirs, tolerance) in NAMES.items():
        expected = reference["fit"][theirs]
        assert result.fit[ours] == pytest.approx(expected, abs=tolerance, rel=0), ours
    # Never a worse optimum than another program finds.
    assert result.fit["chisq"] <= reference["fit"]["chisq"] + 1e-7


def assert_parameters(
    result: CfaResult, reference: dict[str, Any], standardised: float = 1e-5
) -> None:
    columns = {
        "est": ("estimate", 1e-4),
        "se": ("std_error", 1e-4),
        "std": ("standardised", standardised),
        "std_se": ("standardised_std_error", 1e-4),
    }
    for theirs, (ours, tolerance) in columns.items():
        values = by_name(result.parameters, ours)
        for name, expected in reference[theirs].items():
            got = found_in(values, name)
            # lavaan writes 0 where we write that a fixed value has no error.
            got = 0.0 if expected == 0 and math.isnan(got) else got
            assert got == pytest.approx(expected, abs=tolerance, rel=1e-5), (theirs, name)


@pytest.mark.parametrize("name", SINGLE)
def test_fit_is_that_of_lavaan(
    name: str, fitted: dict[str, CfaResult], lavaan: dict[str, Any]
) -> None:
    assert fitted[name].converged
    assert fitted[name].n == lavaan[name]["lavaan"]["fit"]["ntotal"]
    assert_fit(fitted[name], lavaan[name]["lavaan"])


@pytest.mark.parametrize("name", SINGLE)
def test_parameters_are_those_of_lavaan(
    name: str, fitted: dict[str, CfaResult], lavaan: dict[str, Any]
) -> None:
    assert_parameters(fitted[name], lavaan[name]["lavaan"])


@pytest.mark.parametrize("name", [name for name in SINGLE if name != "two_factor_raw_marker"])
def test_omega_is_that_of_semtools(
    name: str, fitted: dict[str, CfaResult], lavaan: dict[str, Any]
) -> None:
    for factor, expected in lavaan[name]["lavaan"].get("omega", {}).items():
        assert fitted[name].omega[factor] == pytest.approx(expected, abs=1e-5), factor


@pytest.mark.parametrize(
    "name", ["two_factor", "two_factor_marker", "five_factor", "residual_covariances", "holzinger"]
)
def test_modification_indices_are_those_of_lavaan(
    name: str, fitted: dict[str, CfaResult], lavaan: dict[str, Any]
) -> None:
    assert_modification(fitted[name], lavaan[name]["lavaan"])


def assert_modification(result: CfaResult, reference: dict[str, Any]) -> None:
    frame = result.modification_indices
    if "group" in frame:
        frame = frame.assign(group=pd.Categorical(frame["group"], result.groups))
        frame = frame.sort_values("group")
        frame["group"] = frame["group"].astype(object)
    assert len(frame) == len(reference["mi"])
    columns = {
        "mi": ("modification_index", 1e-3),
        "epc": ("expected_change", 1e-4),
        "sepc_all": ("standardised_change", 1e-4),
    }
    for theirs, (ours, tolerance) in columns.items():
        values = by_name(frame, ours)
        for pair, expected in reference[theirs].items():
            got = found_in(values, pair)
            assert got == pytest.approx(expected, rel=tolerance, abs=tolerance), (theirs, pair)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("scaling", ["std_lv", "marker"])
def test_groups_by_number(
    step: str, scaling: str, keyed: pd.DataFrame, lavaan: dict[str, Any]
) -> None:
    reference = lavaan[f"bfi_gender_{step}_{scaling}"]["lavaan"]
    result = fit_cfa(keyed, TWO, group="gender", equal=STEPS[step], std_lv=scaling == "std_lv")
    assert result.groups == (1, 2)
    assert_fit(result, reference)
    assert_parameters(result, reference)
    for factor in TWO:
        got = [result.omega[label][factor] for label in result.groups]
        assert got == pytest.approx(reference["omega"][factor], abs=1e-5)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("scaling", ["std_lv", "marker"])
def test_groups_by_text(
    step: str, scaling: str, nine_tests: pd.DataFrame, lavaan: dict[str, Any]
) -> None:
    entry = lavaan[f"holzinger_school_{step}_{scaling}"]
    # Groups stand in the order of their labels; that of the reference is that of its rows.
    labels = nine_tests["school"].map({"Pasteur": "1 Pasteur", "Grant-White": "2 Grant-White"})
    result = fit_cfa(
        nine_tests,
        entry["model"],
        group=labels,
        equal=STEPS[step],
        std_lv=scaling == "std_lv",
    )
    assert result.group_n == (156, 145)
    assert_fit(result, entry["lavaan"])
    # With 145 rows a group, lavaan's optimizer stops 1.2e-5 from the best values.
    assert_parameters(result, entry["lavaan"], standardised=2e-5)
    if "mi" in entry["lavaan"]:
        assert_modification(result, entry["lavaan"])
    turned = fit_cfa(nine_tests, entry["model"], group="school", equal=STEPS[step])
    assert turned.groups == ("Grant-White", "Pasteur")
    assert_fit(turned, entry["lavaan"])


def test_rows_without_a_group_are_left_out(keyed: pd.DataFrame, lavaan: dict[str, Any]) -> None:
    reference = lavaan["bfi_education_metric"]["lavaan"]
    result = fit_cfa(keyed, TWO, group="education", equal="loadings")
    assert_fit(result, reference)
    assert_parameters(result, reference)
    assert result.groups == (1, 2, 3, 4, 5)
    assert result.n_total == 2800
    assert "223 rows left out: no group is given." in result.notes


def test_the_invariance_reference(keyed: pd.DataFrame, bfi_reference: dict[str, Any]) -> None:
    expected = bfi_reference["invariance_two_factor_by_gender"]
    for step in ("configural", "metric", "scalar"):
        fit = fit_cfa(keyed, TWO, group="gender", equal=STEPS[step]).fit
        for name, value in expected[step].items():
            tolerance = 1e-4 if name in ("chisq", "bic") else 1e-6
            assert fit[name] == pytest.approx(value, abs=tolerance), (step, name)


def test_the_five_factor_reference(keyed: pd.DataFrame, bfi_reference: dict[str, Any]) -> None:
    expected = bfi_reference["cfa_five_factor_ml_listwise"]
    result = fit_cfa(keyed, FACTORS)
    assert_fit(result, {"fit": {**expected["fit"], "npar": 60}})
    rows = result.loadings.set_index("item")
    for item, value in expected["loadings"].items():
        assert rows.loc[item, "standardised"] == pytest.approx(value, abs=1e-5)
        assert rows.loc[item, "standardised_std_error"] == pytest.approx(
            expected["se"][item], abs=1e-4
        )
    for pair, value in expected["factor_cor"].items():
        one, other = pair.split("~~")
        assert result.factor_correlations.loc[one, other] == pytest.approx(value, abs=1e-5)
    for factor, value in expected["omega"].items():
        assert result.omega[factor] == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("scale", list(FACTORS))
def test_the_one_factor_references(
    scale: str, keyed: pd.DataFrame, bfi_reference: dict[str, Any]
) -> None:
    expected = bfi_reference[scale]["listwise"]
    result = fit_cfa(keyed, {scale: FACTORS[scale]})
    assert_fit(result, {"fit": {**expected["one_factor_fit"], "npar": 10}})
    assert result.omega[scale] == pytest.approx(expected["omega_one_factor_ml"], abs=1e-5)
    standardised = result.loadings["standardised"].tolist()
    assert standardised == pytest.approx(
        list(expected["one_factor_std_loadings"].values()), abs=1e-5
    )


def test_a_heywood_case_is_estimated_as_by_lavaan_and_named(lavaan: dict[str, Any]) -> None:
    entry = lavaan["heywood"]
    seen = np.array(entry["covariance"])
    result = fit_covariance(entry["model"], seen, entry["n"])
    assert_fit(result, entry["lavaan"])
    assert_parameters(result, entry["lavaan"])
    residual = by_name(result.parameters, "estimate")["h1 ~~ h1"]
    assert residual < 0
    assert "residual variance of h1 is negative" in " ".join(result.notes)
    assert "Heywood" in result.summary()
