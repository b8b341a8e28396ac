"""fit_mixed on tables and names of every kind: taken as they are meant, or refused in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

import relsurvey as rs
from relsurvey.errors import ModelError

LONG = 2**53  # from here on, floats skip whole numbers


def columns(**changed) -> dict[str, object]:
    random = np.random.default_rng(3)
    code = np.repeat(np.arange(6), 5)
    x, z, y = random.normal(size=6)[code], random.normal(size=30), random.normal(size=30)
    return {"worker": code, "x": x, "z": z, "y": y + x, **changed}


def table(data, **options) -> pd.DataFrame:
    return rs.fit_mixed(data, "y", ["x", "z"], "worker", **options).table


@pytest.mark.parametrize("as_frame", [dict, pd.DataFrame])
def test_numbers_in_the_byte_order_of_another_machine_count(as_frame) -> None:
    plain = columns()
    turned = {name: values.astype(values.dtype.newbyteorder(">")) for name, values in plain.items()}
    pd.testing.assert_frame_equal(table(as_frame(turned)), table(plain))


def test_a_mapping_may_hold_lists_and_series_and_rows_count_not_labels() -> None:
    plain = columns()
    mixed = {
        "worker": pd.Series(plain["worker"], index=range(29, -1, -1)),
        "x": list(plain["x"]),
        "z": pl.Series(plain["z"]),
        "y": np.ma.masked_array(plain["y"], mask=False),
    }
    pd.testing.assert_frame_equal(table(mixed), table(plain))


def test_masked_values_are_missing() -> None:
    plain = columns()
    mask = np.arange(30) == 4
    result = rs.fit_mixed({**plain, "y": np.ma.masked_array(plain["y"], mask)}, "y", "x", "worker")
    assert result.n_dropped == 1


def test_ids_whatever_their_type_make_the_same_groups() -> None:
    wanted = table(columns())
    code = columns()["worker"]
    for ids in (code - 3, (code + 250).astype(np.uint8), code * 10**15, code.astype(np.uint64),
                code + 0.5, [f"w{one}" for one in code], np.array([f"w{one}" for one in code]),
                np.uint64(2**63) + code.astype(np.uint64), pd.Categorical(code)):  # fmt: skip
        pd.testing.assert_frame_equal(table(columns(worker=ids)), wanted)


def test_whole_numbers_beside_a_missing_one_stay_exact_in_polars() -> None:
    ids = [LONG + 1 + int(code) for code in columns()["worker"]]
    frame = pl.DataFrame(columns(worker=[None, *ids[1:]]))
    assert rs.fit_mixed(frame, "y", "x", "worker").n_groups == 6


@pytest.mark.parametrize("large", [float(LONG), -float(LONG), float("inf")])
def test_float_ids_too_large_to_be_exact_are_refused(large: float) -> None:
    ids = np.where(columns()["worker"] == 5, large, columns()["worker"])
    with pytest.raises(ModelError, match="'worker' holds decimal numbers too large") as caught:
        table(columns(worker=ids))
    assert "dtype={'worker': str}" in str(caught.value)
    assert table(columns(worker=ids.clip(1 - LONG, LONG - 1))).shape == (3, 8)


def test_float32_ids_are_exact_for_less_long() -> None:
    ids = (columns()["worker"] + 2**24).astype(np.float32)
    with pytest.raises(ModelError, match="different ids may have become one"):
        table(columns(worker=ids))


def test_ids_that_mix_text_and_numbers_are_refused() -> None:
    ids = np.array([3, "3", "4", 5, None] * 6, dtype=object)
    for data in (columns(worker=ids), pd.DataFrame(columns(worker=ids))):
        with pytest.raises(ModelError, match="id column 'worker' mixes text and numbers"):
            table(data)
        with pytest.raises(ModelError, match="id column 'worker' mixes text and numbers"):
            rs.associate(data, "y", "x", group="worker")


@pytest.mark.parametrize("blank", ["\ufeff", "\u200b\u200d ", " \u00a0", ""])
def test_ids_of_invisible_characters_are_no_ids(blank: str) -> None:
    ids = [f"w{code}" for code in columns()["worker"]]
    result = rs.fit_mixed(columns(worker=[blank, blank, *ids[2:]]), "y", "x", "worker")
    assert (result.n_dropped, result.n_groups) == (2, 6)


@pytest.mark.parametrize(
    "ids",
    [
        pl.Series([[1, 2]] * 15 + [[3]] * 15),
        pd.Series([[1, 2]] * 15 + [[3]] * 15),
        pd.Series([{"a": 1}] * 30),
    ],
)
def test_ids_that_are_lists_are_refused(ids) -> None:
    frame = pl.DataFrame if isinstance(ids, pl.Series) else pd.DataFrame
    with pytest.raises(ModelError, match="'worker' does not hold ids"):
        table(frame(columns(worker=ids)))


def test_columns_of_different_lengths_are_listed() -> None:
    data = columns()
    with pytest.raises(ModelError, match="different numbers of rows") as caught:
        table({**data, "z": data["z"][1:]})
    assert caught.value.failures["rows"].tolist() == [30, 29, 30, 30]


@pytest.mark.parametrize(
    "values", [1.0, "one", None, np.float64(1), {1: 2}, {1, 2}, np.zeros((30, 2))]
)
def test_what_is_no_column_is_refused(values) -> None:
    with pytest.raises(ModelError, match="'z' is not"):
        table(columns(z=values))


def test_all_scalars_are_refused() -> None:
    with pytest.raises(ModelError, match="has to be one array"):
        table({"worker": 1, "x": 1.0, "z": 2.0, "y": 3.0})


def test_a_name_is_one_text() -> None:
    data = columns()
    for given in ((["y"], "x", "worker"), ("y", "x", ["worker"]), ("y", [["x"]], "worker"),
                  (None, "x", "worker"), ("y", ["x", 1], "worker"), ("y", "x", None)):  # fmt: skip
        with pytest.raises(ModelError, match="A column is named by a text"):
            rs.fit_mixed(data, *given)
    with pytest.raises(ModelError, match="predictors are the names of columns; 5 is of type int"):
        rs.fit_mixed(data, "y", 5, "worker")


def test_no_predictors_are_the_null_model() -> None:
    one, two = (rs.fit_mixed(columns(), "y", given, "worker") for given in (None, ()))
    pd.testing.assert_frame_equal(one.table, two.table)
    assert rs.associate(columns(), "y", "x", group="worker", covariates=None).covariates == ()


def test_column_names_that_are_numbers_have_to_be_made_text() -> None:
    frame = pd.DataFrame(columns()).set_axis([0, 1, 2, 3], axis=1)
    with pytest.raises(ModelError, match="1 is of type int"):
        rs.fit_mixed(frame, 3, [1], 0)
    with pytest.raises(ModelError, match="3 columns are not in the table") as caught:
        rs.fit_mixed(frame, "3", ["1"], "0")
    assert "frame.rename(columns=str)" in str(caught.value)
    assert "did you mean" not in str(caught.value)
    assert rs.fit_mixed(frame.rename(columns=str), "3", ["1"], "0").n_groups == 6


def test_a_group_called_residual_would_hide_the_variance() -> None:
    data = columns()
    data["residual"] = data["worker"]
    with pytest.raises(ModelError, match="The group column is called 'residual'") as caught:
        rs.fit_mixed(data, "y", "x", "residual")
    assert "another name" in str(caught.value)
    with pytest.raises(ModelError, match="The group column is called 'residual'"):
        rs.associate(data, "y", "x", group="residual")


def test_a_predictor_called_like_the_intercept_is_refused() -> None:
    with pytest.raises(ModelError, match=r"The predictor column is called '\(Intercept\)'"):
        rs.fit_mixed({**columns(), "(Intercept)": columns()["x"]}, "y", "(Intercept)", "worker")


@pytest.mark.parametrize("confidence", ["x", None, [0.9], True])
def test_a_confidence_that_is_no_number_is_refused(confidence) -> None:
    with pytest.raises(ModelError, match="confidence must be a number between 0 and 1"):
        table(columns(), confidence=confidence)


@pytest.mark.parametrize("reml", ["yes", None, 1, 0])
def test_reml_is_true_or_false(reml) -> None:
    with pytest.raises(ModelError, match="reml must be True or False"):
        table(columns(), reml=reml)


@pytest.mark.parametrize("scale", [1e-130, 1e-84, 1e-30, 1e30, 1e80, 1e130])
@pytest.mark.parametrize("name", ["x", "z", "y"])
def test_extreme_scales_change_the_units_and_nothing_else(name: str, scale: float) -> None:
    plain = columns()
    one = rs.fit_mixed(plain, "y", ["x", "z"], "worker")
    two = rs.fit_mixed({**plain, name: plain[name] * scale}, "y", ["x", "z"], "worker")
    unit = np.full(3, scale) if name == "y" else 1 / np.where(one.table["term"] == name, scale, 1)
    for column in ("estimate", "std_error", "conf_low", "conf_high"):
        np.testing.assert_allclose(two.table[column] / unit, one.table[column], 1e-9)
    for column in ("df", "statistic", "p_value"):
        np.testing.assert_allclose(two.table[column], one.table[column], 1e-9)
    squared = scale**2 if name == "y" else 1.0
    assert two.variance["worker"] / squared == pytest.approx(one.variance["worker"], rel=1e-9)
    assert two.icc == pytest.approx(one.icc, rel=1e-9)
    moved = 2 * np.log(scale) * (27 if name == "y" else 1)  # of 30 rows, 3 effects are estimated
    assert two.deviance == pytest.approx(one.deviance + moved, rel=1e-9)


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1e150, 1e300, 1e307])
@pytest.mark.parametrize("name", ["x", "z", "y"])
def test_what_cannot_be_squared_is_refused_and_named(name: str, scale: float) -> None:
    data = columns()
    data[name] = data[name] * scale
    with pytest.raises(ModelError, match=f"too large or too small to square: '{name}'") as caught:
        table(data)
    size = "small" if scale < 1 else "large"
    assert caught.value.failures["values are too"].tolist() == [size]


def test_a_constant_that_cannot_be_squared_is_still_a_constant() -> None:
    for value in (1e-200, 1e200):
        with pytest.raises(ModelError, match="No variance in 'z'"):
            table(columns(z=np.full(30, value)))
