"""Models of ordinal items against R lavaan (WLSMV), and what must hold.

Values and data: ``tests/reference/golden_wlsmv.R``.
"""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import ModelError
from relsurvey.psychometrics.polychoric import polychoric
from relsurvey.psychometrics.structure.cfa import fit_cfa
from relsurvey.psychometrics.structure.data import structure_data
from relsurvey.psychometrics.structure.estimators import Options
from relsurvey.psychometrics.structure.estimators.wlsmv import WLSMV
from relsurvey.psychometrics.structure.search import minimise
from relsurvey.psychometrics.structure.specification import simple_structure, structure_of

REFERENCE = Path(__file__).parents[2] / "reference"
GOLDEN = json.loads((REFERENCE / "wlsmv_reference.json").read_text())
POLYCHORIC = json.loads((REFERENCE / "polychoric_reference.json").read_text())
REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")
MODELS = [name for name in GOLDEN if name != "versions"]
SAME = 1e-6
NAMES = {
    "chisq": "chisq",
    "df": "df",
    "p_value": "pvalue",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea_low": "rmsea.ci.lower",
    "rmsea_high": "rmsea.ci.upper",
    "srmr": "srmr",
    "n_parameters": "npar",
    "chisq_scaled": "chisq.scaled",
    "df_scaled": "df.scaled",
    "p_value_scaled": "pvalue.scaled",
    "cfi_scaled": "cfi.scaled",
    "tli_scaled": "tli.scaled",
    "rmsea_scaled": "rmsea.scaled",
    "rmsea_low_scaled": "rmsea.ci.lower.scaled",
    "rmsea_high_scaled": "rmsea.ci.upper.scaled",
    "scaling_factor": "chisq.scaling.factor",
}


def data_of(name):
    if name.startswith("bfi"):
        data = pd.read_csv(REFERENCE / "bfi.csv")
        data = data.assign(**{item: 7 - data[item] for item in REVERSED})
        return data.rename(columns={"gender": "g"}) if "groups" in name else data
    return pd.DataFrame(GOLDEN["groups_configural" if name.startswith("groups") else name]["data"])


def model_of(name):
    text = GOLDEN[name]["model"]
    if name != "bifactor":
        return text
    lines = [line.split(" =~ ") for line in text.split("\n")]
    pairs = [(factor, item) for factor, items in lines for item in items.split(" + ")]
    return simple_structure(pairs, uncorrelated=[factor for factor, _ in lines])


def options_of(name):
    if "groups" not in name:
        return {}
    equal = {
        "configural": (),
        "loadings": ("loadings",),
        "thresholds": ("loadings", "thresholds"),
        "only": ("thresholds",),
    }
    return {"group": "g", "equal": equal[name.split("_")[-1]]}


@pytest.fixture(scope="module")
def fitted():
    """Return the fit of each model, made once."""
    kept = {}

    def fit(name):
        if name not in kept:
            kept[name] = fit_cfa(
                data_of(name), model_of(name), estimator="WLSMV", **options_of(name)
            )
        return kept[name]

    return fit


@pytest.fixture
def ordinal():
    """Return 400 answers to six items of two factors, five categories."""
    rng = np.random.default_rng(7)
    traits = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=400)
    latent = np.repeat(traits, 3, axis=1) * [0.8, 0.7, 0.6, 0.7, 0.8, 0.5]
    latent = latent + rng.normal(size=latent.shape) * 0.7
    return pd.DataFrame(np.digitize(latent, [-1, -0.3, 0.4, 1.3]) + 1.0, columns=list("abcdef"))


TWO = {"one": ["a", "b", "c"], "two": ["d", "e", "f"]}


@pytest.mark.parametrize("name", MODELS)
def test_the_fit_is_that_of_lavaan(name, fitted):
    result, golden = fitted(name), GOLDEN[name]
    assert result.converged
    assert list(result.group_n or (result.n,)) == golden["n"]
    for ours, theirs in NAMES.items():
        value = golden["fit"][theirs]
        assert result.fit[ours] == pytest.approx(value, rel=SAME, abs=SAME), ours
    assert result.fit["shift"] == pytest.approx(golden["shift"], rel=SAME, abs=SAME)


@pytest.mark.parametrize("name", MODELS)
def test_the_baseline_is_that_of_lavaan(name, fitted):
    golden, baseline = GOLDEN[name]["fit"], fitted(name)._estimator.baseline()
    assert baseline.df == golden["baseline.df"]
    assert baseline.chisq == pytest.approx(golden["baseline.chisq"], rel=SAME)
    assert baseline.scaled["chisq_scaled"] == pytest.approx(
        golden["baseline.chisq.scaled"], rel=SAME
    )


@pytest.mark.parametrize("name", MODELS)
def test_every_estimate_and_standard_error_is_that_of_lavaan(name, fitted):
    result, golden = fitted(name), pd.DataFrame(GOLDEN[name]["parameters"])
    key = ["lhs", "op", "rhs", "group"]
    expected = golden.set_index(key)
    estimator, theta = result._estimator, result._theta
    errors = np.sqrt(np.diag(estimator.covariance(theta)))
    compared = 0
    for row in estimator.table.rows:
        left, operator, right = estimator.table.named(row)
        place = (left, operator, right, row.group + 1)
        if operator == "~~" and place not in expected.index:
            place = (right, operator, left, row.group + 1)
        if row.free:
            compared += 1
            found = theta[row.index], errors[row.index]
            assert found == pytest.approx(tuple(expected.loc[place, ["est", "se"]]), abs=SAME)
    assert compared == (expected["se"] > 0).sum()


@pytest.mark.parametrize("name", MODELS)
def test_standardised_loadings_and_their_errors_are_those_of_lavaan(name, fitted):
    golden = pd.DataFrame(GOLDEN[name]["standardised"])
    golden = golden[golden["op"] == "=~"].set_index(["group", "lhs", "rhs"])
    loadings = fitted(name).loadings
    labels = list(dict.fromkeys(loadings["group"])) if "group" in loadings else [None]
    for _, row in loadings.iterrows():
        group = labels.index(row["group"]) + 1 if len(labels) > 1 else 1
        expected = golden.loc[(group, row["factor"], row["item"])]
        assert row["standardised"] == pytest.approx(expected["est.std"], abs=SAME)
        assert row["standardised_std_error"] == pytest.approx(expected["se"], abs=SAME)
    assert len(loadings) == len(golden)


def test_the_reference_of_bfi(fitted, bfi_reference):
    """The values that were asked for, made before and apart from those of this file."""
    golden, result = bfi_reference["cfa_two_factor_wlsmv_listwise"], fitted("bfi_two_factors")
    assert result.n == golden["n"]
    for ours, theirs in NAMES.items():
        if theirs in golden["fit"]:
            assert result.fit[ours] == pytest.approx(golden["fit"][theirs], rel=1e-5, abs=1e-6)
    loadings = result.loadings.set_index("item")
    for item, value in golden["loadings"].items():
        assert loadings.loc[item, "standardised"] == pytest.approx(value, abs=1e-5)
        assert loadings.loc[item, "standardised_std_error"] == pytest.approx(
            golden["se"][item], abs=1e-5
        )
    assert result.factor_correlations.loc["agree", "conscientious"] == pytest.approx(
        golden["factor_cor"], abs=1e-5
    )


@pytest.mark.parametrize("scale", ["agree", "neuroticism"])
def test_omega_of_one_factor_is_that_of_semtools(scale):
    data = data_of("bfi")
    items = [f"{scale[0].upper()}{i}" for i in range(1, 6)]
    result = fit_cfa(data, {scale: items}, estimator="WLSMV")
    golden = POLYCHORIC["bfi_scales"][scale]
    assert result.omega[scale] == pytest.approx(golden["omega_ordinal"], abs=SAME)
    assert result.loadings["estimate"].to_numpy() == pytest.approx(
        np.array(golden["loadings"]), abs=SAME
    )


def test_one_factor_at_a_time_collapses_to_the_loadings_of_ordinal_omega(ordinal):
    result = fit_cfa(ordinal, {"one": ["a", "b", "c"]}, estimator="WLSMV")
    assert result.fit["df"] == 0
    r = polychoric(ordinal[["a", "b", "c"]]).to_numpy()
    exact = math.sqrt(r[0, 1] * r[0, 2] / r[1, 2])
    assert result.loadings["estimate"][0] == pytest.approx(exact, abs=1e-8)
    assert math.isnan(result.fit["cfi_scaled"])
    assert any("no degrees of freedom" in note for note in result.notes)


def test_column_order_row_order_codes_and_sign_move_nothing(ordinal):
    whole = fit_cfa(ordinal, TWO, estimator="WLSMV").fit
    for other in (ordinal.iloc[::-1, ::-1], 10 * ordinal - 7, ordinal.assign(a=6 - ordinal["a"])):
        again = fit_cfa(other, TWO, estimator="WLSMV").fit
        for name, value in whole.items():
            assert again[name] == pytest.approx(value, rel=1e-7, abs=1e-7, nan_ok=True), name


def test_the_scale_of_the_factors_does_not_move_the_fit(ordinal):
    turned = ordinal.assign(a=6 - ordinal["a"])
    by_variance = fit_cfa(turned, TWO, estimator="WLSMV")
    by_loading = fit_cfa(turned, TWO, estimator="WLSMV", std_lv=False)
    assert by_loading.fit["chisq_scaled"] == pytest.approx(by_variance.fit["chisq_scaled"])
    assert by_loading.loadings["standardised"].abs().to_numpy() == pytest.approx(
        by_variance.loadings["standardised"].abs().to_numpy(), abs=1e-6
    )


@pytest.mark.parametrize("labels", [np.arange(400) % 2, np.where(np.arange(400) % 2, "m", "f")])
def test_groups_of_any_label_and_frame_are_the_same(ordinal, labels):
    data = ordinal.assign(g=labels)
    expected = fit_cfa(ordinal.assign(g=np.arange(400) % 2), TWO, estimator="WLSMV", group="g")
    for frame in (data, data.astype({"g": "category"}), pl.from_pandas(data)):
        found = fit_cfa(frame, TWO, estimator="WLSMV", group="g")
        assert found.fit["chisq_scaled"] == pytest.approx(expected.fit["chisq_scaled"], rel=1e-9)


def test_two_copies_of_one_group_fit_as_one_does(ordinal):
    twice = pd.concat([ordinal.assign(g=1), ordinal.assign(g=2)])
    apart = fit_cfa(twice, TWO, estimator="WLSMV", group="g")
    alone = fit_cfa(ordinal, TWO, estimator="WLSMV")
    assert apart.fit["chisq"] == pytest.approx(2 * alone.fit["chisq"], rel=1e-9)
    equal = fit_cfa(twice, TWO, estimator="WLSMV", group="g", equal=("loadings", "thresholds"))
    assert equal.fit["chisq"] == pytest.approx(apart.fit["chisq"], rel=1e-7)
    means = equal.parameters.query("operator == '~1'")["estimate"]
    assert means.to_numpy() == pytest.approx(np.zeros(len(means)), abs=1e-6)


def test_a_category_that_is_empty_in_a_group_is_joined_and_said(ordinal):
    data = ordinal.assign(g=np.arange(400) % 2)
    data.loc[(data["g"] == 1) & (data["a"] == 5), "a"] = 4.0
    data.loc[(data["g"] == 0) & (data["e"] == 1), "e"] = 2.0
    data.loc[(data["g"] == 0) & (data["f"] == 3), "f"] = 4.0
    result = fit_cfa(data, TWO, estimator="WLSMV", group="g", equal=("loadings", "thresholds"))
    joined = [note for note in result.notes if "were joined" in note]
    assert [note.split(" were")[0] for note in joined] == [
        "a: categories 4 and 5",
        "e: categories 1 and 2",
        "f: categories 2 and 3",
    ]
    by_hand = data.assign(
        a=data["a"].replace(5, 4), e=data["e"].replace(1, 2), f=data["f"].replace(3, 2)
    )
    again = fit_cfa(by_hand, TWO, estimator="WLSMV", group="g", equal=("loadings", "thresholds"))
    assert again.fit == pytest.approx(result.fit, nan_ok=True)
    assert not [note for note in again.notes if "joined" in note]


def test_rows_with_a_gap_are_left_out_also_where_categories_are_joined(ordinal):
    data = ordinal.assign(g=np.arange(400) % 2)
    data.loc[(data["g"] == 1) & (data["a"] == 5), "a"] = 4.0
    gaps = data.copy()
    gaps.loc[gaps.index[:30], "b"] = np.nan
    result = fit_cfa(gaps, TWO, estimator="WLSMV", group="g")
    assert (result.n, result.n_total) == (370, 400)
    again = fit_cfa(data.iloc[30:], TWO, estimator="WLSMV", group="g")
    assert result.fit == pytest.approx(again.fit, nan_ok=True)


def test_an_empty_cell_of_a_2_x_2_table_is_said():
    rng = np.random.default_rng(4)
    trait = rng.normal(size=(80, 1)) + rng.normal(size=(80, 4)) * 0.7
    data = pd.DataFrame((trait > 0).astype(int), columns=list("abcd"))
    data.loc[(data["a"] == 1) & (data["b"] == 0), "b"] = 1
    result = fit_cfa(data, {"f": list("abcd")}, estimator="WLSMV")
    assert any("a and b: a cell of the 2 x 2 table is empty" in note for note in result.notes)


def test_derivatives_are_those_of_small_steps(ordinal):
    data = ordinal.assign(g=np.arange(400) % 2)
    structure = structure_of({**TWO, "all": ["one", "two"]})
    estimator = WLSMV.from_data(
        structure_data(data, structure.items, group="g"),
        structure,
        Options(equal=("loadings", "thresholds")),
    )
    theta = np.random.default_rng(2).uniform(0.4, 0.9, estimator.table.n_free)
    gradient = estimator.objective(theta).gradient
    steps = np.eye(len(theta)) * 1e-6
    slope = [(estimator.value(theta + s) - estimator.value(theta - s)) / 2e-6 for s in steps]
    assert gradient == pytest.approx(np.array(slope), rel=1e-5, abs=1e-3)


def test_recovers_the_truth():
    rng = np.random.default_rng(3)
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    traits = np.concatenate([rng.normal(size=20_000), 0.5 + 1.3 * rng.normal(size=20_000)])
    noise = rng.normal(size=(40_000, 4)) * np.sqrt(1 - loadings**2)
    answers = np.digitize(traits[:, None] * loadings + noise, [-1.0, 0.2, 1.0])
    data = pd.DataFrame(answers, columns=list("abcd")).assign(g=np.repeat([1, 2], 20_000))
    result = fit_cfa(
        data, {"f": list("abcd")}, estimator="WLSMV", group="g", equal=("loadings", "thresholds")
    )
    table, theta = result._estimator.table, result._theta
    found = {(*table.named(row), row.group): theta[row.index] for row in table.rows if row.free}
    assert [found["f", "=~", item, 0] for item in "abcd"] == pytest.approx(loadings, abs=0.02)
    assert found["a", "|", "t1", 1] == pytest.approx(-1.0, abs=0.03)
    assert found["f", "~1", "", 1] == pytest.approx(0.5, abs=0.04)
    assert found["f", "~~", "f", 1] == pytest.approx(1.69, abs=0.15)
    assert result.fit["rmsea_scaled"] < 0.01


def test_the_scaled_test_holds_its_level():
    """With a true model and skewed answers, about one in twenty is rejected."""
    structure = structure_of({"f": list("abcde")})
    p_values = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        latent = rng.normal(size=(250, 1)) * 0.7 + rng.normal(size=(250, 5)) * math.sqrt(0.51)
        data = pd.DataFrame(np.digitize(latent, [0.3, 1.2]), columns=list("abcde"))
        estimator = WLSMV.from_data(structure_data(data, structure.items), structure, Options())
        found = minimise(estimator, starts=1)
        p_values.append(estimator.test(found.theta).scaled["p_value_scaled"])
    assert 0 < np.mean(np.array(p_values) < 0.05) < 0.15
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.assign(a=1.0), "these do not: a"),
        (lambda d: d.assign(a=np.nan), "these do not: a"),
        (lambda d: d.assign(a=np.arange(400)), "these do not: a"),
        (lambda d: d.assign(b=d["a"]), "without a standard error: a, b"),
        (lambda d: d.iloc[:0], "these do not: a, b, c, d, e, f"),
    ],
)
def test_what_cannot_be_fitted_is_said(ordinal, change, message):
    with pytest.raises(ModelError, match=message):
        fit_cfa(change(ordinal), TWO, estimator="WLSMV")


def test_an_item_that_does_not_vary_in_one_group_is_named_with_it(ordinal):
    data = ordinal.assign(g=np.where(np.arange(400) < 200, "x", "y"))
    data.loc[data["g"] == "y", "c"] = 3.0
    with pytest.raises(ModelError, match="these do not: c") as caught:
        fit_cfa(data, TWO, estimator="WLSMV", group="g")
    (failure,) = caught.value.failures.to_dict("records")
    assert failure == {"item": "c", "group": "y", "why": "does not vary"}


def test_residual_variances_cannot_be_held_equal(ordinal):
    data = ordinal.assign(g=np.arange(400) % 2)
    with pytest.raises(ModelError, match="Residual variances of ordinal items cannot be set equal"):
        fit_cfa(data, TWO, estimator="WLSMV", group="g", equal=("loadings", "residuals"))


def test_the_data_stay_as_they_were(ordinal):
    before = ordinal.copy()
    fit_cfa(ordinal, TWO, estimator="WLSMV")
    pd.testing.assert_frame_equal(ordinal, before)


@pytest.mark.parametrize("name", ["bfi_two_factors", "groups_configural"])
def test_modification_indices_are_those_of_lavaan(name, fitted):
    golden = pd.DataFrame(GOLDEN[name]["modification"])
    found = fitted(name).modification_indices.rename(
        columns={"left": "lhs", "operator": "op", "right": "rhs"}
    )
    keys = ["lhs", "op", "rhs"]
    if "group" in found:
        labels = {label: place + 1 for place, label in enumerate(fitted(name).groups)}
        found = found.assign(group=found["group"].map(labels))
        keys.append("group")
    both = golden.merge(found, on=keys, validate="one_to_one")
    assert len(both) == len(golden)
    assert both["modification_index"].tolist() == pytest.approx(both["mi"].tolist(), rel=1e-5)
    assert both["expected_change"].tolist() == pytest.approx(both["epc"].tolist(), rel=1e-5)
