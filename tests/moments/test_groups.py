"""Group sums: equal to what pandas groups, whatever the frame, the ids and the offset."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import between_name, within_name

CLOSE = {"rtol": 1e-12, "atol": 1e-12}
WITH_OFFSET = {"rtol": 1e-8, "atol": 1e-8}  # what is left of 16 digits after adding 1e6 squared


def rows(seed: int = 1, n_groups: int = 7, n: int = 60) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    worker = np.concatenate([np.arange(n_groups), random.integers(0, n_groups, n - n_groups)])
    return pd.DataFrame(
        {
            "worker": [f"w{code}" for code in worker],
            "x": random.normal(size=n_groups)[worker],
            "z": random.normal(size=n),
            "y": random.normal(3, 2, size=n),
        }
    )


def test_counts_means_and_crossproducts_are_those_of_pandas() -> None:
    frame = rows()
    sums = group_sums(frame, ["x", "z", "y"], "worker")
    grouped = frame.groupby("worker", sort=False)
    assert sums.ids.tolist() == list(grouped.groups)
    assert sums.counts.tolist() == grouped.size().tolist()
    np.testing.assert_allclose(sums.means, grouped.mean().to_numpy(), **CLOSE)
    values = frame[["x", "z", "y"]].to_numpy()
    centred = values - values.mean(axis=0)
    scale = np.outer(sums.units, sums.units)
    np.testing.assert_allclose(scale * sums.crossproducts, centred.T @ centred, **CLOSE)
    deviations = (frame[["x", "z", "y"]] - grouped[["x", "z", "y"]].transform("mean")).to_numpy()
    np.testing.assert_allclose(scale * sums.within, deviations.T @ deviations, **CLOSE)
    assert sums.standard_deviation("y") == pytest.approx(frame["y"].std(), rel=1e-12)


def test_a_column_of_the_group_is_known_to_be_constant_within_it() -> None:
    sums = group_sums(rows(), ["x", "z"], "worker")
    assert sums.varying.tolist() == [0, 7]
    assert (sums.within[0] == 0).all()


def test_one_row_that_differs_is_found() -> None:
    frame = rows()
    frame.loc[frame.index[-1], "x"] += 0.001
    assert group_sums(frame, ["x"], "worker").varying.tolist() == [1]


def test_a_large_constant_of_the_group_is_still_constant() -> None:
    frame = pd.DataFrame({"g": np.repeat([1, 2, 3], 999), "x": np.repeat([1e6, 1e6 + 0.1, 3], 999)})
    assert group_sums(frame, ["x"], "g").varying.tolist() == [0]


def test_an_offset_changes_the_means_alone() -> None:
    frame = rows()
    plain = group_sums(frame, ["z", "y"], "worker")
    moved = group_sums(frame.assign(y=frame["y"] + 1e6), ["z", "y"], "worker")
    np.testing.assert_allclose(moved.within, plain.within, **WITH_OFFSET)
    np.testing.assert_allclose(moved.sums, plain.sums, **WITH_OFFSET)
    np.testing.assert_allclose(moved.means - [0, 1e6], plain.means, **WITH_OFFSET)


@pytest.mark.parametrize(
    "turned",
    [
        lambda frame: frame,
        lambda frame: pl.DataFrame(frame.to_dict("list")),
        lambda frame: pl.DataFrame(frame.to_dict("list")).lazy(),
        lambda frame: {name: column.to_numpy() for name, column in frame.items()},
        lambda frame: frame.astype({"worker": "category"}),
    ],
    ids=["pandas", "polars", "polars lazy", "mapping", "categorical ids"],
)
def test_every_kind_of_frame_gives_the_same_sums(turned) -> None:
    frame = rows()
    frame.loc[[3, 4], "y"] = np.nan
    wanted = group_sums(frame, ["x", "y"], "worker")
    found = group_sums(turned(frame), ["x", "y"], "worker")
    assert found.ids.tolist() == wanted.ids.tolist()
    assert found.n_dropped == 2
    np.testing.assert_array_equal(found.sums, wanted.sums)
    np.testing.assert_array_equal(found.within, wanted.within)


@settings(deadline=None, max_examples=40)
@given(st.randoms(use_true_random=False), st.integers(2, 9), st.integers(10, 60))
def test_the_order_of_rows_does_not_matter(random, n_groups: int, n: int) -> None:
    frame = rows(n, n_groups, n)
    order = list(range(n))
    random.shuffle(order)
    one = group_sums(frame, ["x", "y"], "worker")
    two = group_sums(frame.iloc[order], ["x", "y"], "worker")
    places = [two.ids.tolist().index(name) for name in one.ids]
    np.testing.assert_allclose(two.sums[places], one.sums, atol=1e-10)
    np.testing.assert_allclose(two.within, one.within, atol=1e-10)
    assert two.counts[places].tolist() == one.counts.tolist()


def test_rows_with_a_missing_value_or_no_group_are_left_out_and_counted() -> None:
    frame = pd.DataFrame(
        {
            "worker": ["a", None, " ", "b", "b", "c"],
            "x": [1.0, 1, 1, np.nan, 4, np.nan],
            "y": [2.0, 2, 2, np.nan, 6, 1],
        }
    )
    sums = group_sums(frame, ["x", "y"], "worker")
    assert sums.ids.tolist() == ["a", "b"]
    assert sums.counts.tolist() == [1, 1]
    assert sums.n_dropped == 4
    assert sums.missing == {"x": 2, "y": 1, "worker": 2}


def test_booleans_nullable_numbers_and_objects_count_as_numbers() -> None:
    frame = pd.DataFrame(
        {
            "g": [1, 1, 2, 2],
            "bool": [True, False, True, True],
            "nullable": pd.array([True, None, False, True], dtype="boolean"),
            "int": pd.array([1, 2, None, 4], dtype="Int64"),
            "object": pd.Series([1, None, 2.5, True], dtype=object),
        }
    )
    sums = group_sums(frame, ["bool", "int"], "g")
    assert sums.n_dropped == 1
    assert sums.means.tolist() == [[0.5, 1.5], [1.0, 4.0]]
    assert group_sums(frame, ["nullable", "object"], "g").n_rows == 3


def test_groups_without_a_complete_row_are_counted() -> None:
    frame = rows()
    frame.loc[frame["worker"].isin(["w1", "w4"]), "y"] = np.nan
    sums = group_sums(frame, ["y"], "worker")
    assert (sums.n_groups, sums.n_groups_dropped) == (5, 2)
    assert group_sums(rows(), ["y"], "worker").n_groups_dropped == 0


def test_units_are_powers_of_two_beside_the_largest_deviation() -> None:
    frame = rows()
    scaled = frame.assign(y=frame["y"] * 2.0**300)
    one, two = (group_sums(data, ["y"], "worker") for data in (frame, scaled))
    largest = (frame["y"] - frame["y"].mean()).abs().max()
    assert np.log2(one.units[0]) % 1 == 0
    assert one.units[0] / 2 <= largest < one.units[0]
    assert two.units[0] == one.units[0] * 2.0**300
    np.testing.assert_array_equal(two.sums, one.sums)
    np.testing.assert_array_equal(two.within, one.within)
    np.testing.assert_array_equal(two.means, one.means * 2.0**300)


def test_means_that_are_equal_but_for_rounding_are_equal() -> None:
    frame = rows()
    centred = frame["y"] - frame.groupby("worker")["y"].transform("mean")
    for offset in (0.0, 0.3, 1e6):
        sums = group_sums(frame.assign(y=centred + offset), ["x", "y"], "worker")
        assert (sums.equal_means("x"), sums.equal_means("y")) == (False, True)
    assert not group_sums(frame.assign(y=centred + 1e-7 * frame["x"]), ["y"], "worker").equal_means(
        "y"
    )


def test_split_parts_are_the_columns_one_would_make_by_hand() -> None:
    frame = rows()
    mean = frame.groupby("worker")["z"].transform("mean")
    by_hand = frame.assign(**{within_name("z"): frame["z"] - mean, between_name("z"): mean})
    names = ["x", within_name("z"), between_name("z"), "y"]
    wanted = group_sums(by_hand, names, "worker")
    found = group_sums(frame, ["x", "z", "y"], "worker").split(["z"])
    assert found.columns == tuple(names)
    assert found.varying.tolist() == wanted.varying.tolist() == [0, 7, 0, 7]
    np.testing.assert_allclose(found.means, wanted.means, atol=1e-12)
    np.testing.assert_allclose(found.within, wanted.within, atol=1e-12)
    for name in names:
        assert found.standard_deviation(name) == pytest.approx(wanted.standard_deviation(name))


def test_text_is_refused_with_examples_and_a_way_to_code_it() -> None:
    frame = rows().assign(sector="Public", area="North")
    with pytest.raises(ModelError, match="'sector', 'area' do not hold them") as caught:
        group_sums(frame, ["y", "sector", "area"], "worker")
    assert caught.value.failures["holds"].tolist() == ["'Public'", "'North'"]
    assert "== 'yes'" in str(caught.value)


def test_infinite_values_are_named_with_their_rows() -> None:
    frame = rows()
    frame.loc[2, "z"] = np.inf
    frame.loc[5, "y"] = -np.inf
    with pytest.raises(ModelError, match="Infinite values in 'z', 'y'") as caught:
        group_sums(frame, ["z", "y"], "worker")
    assert caught.value.failures["row"].tolist() == [4, 7]


def test_all_unknown_columns_are_named_with_the_likely_slip() -> None:
    with pytest.raises(ModelError, match="2 columns are not in the table") as caught:
        group_sums(rows(), ["y", "zz"], "wroker")
    assert caught.value.failures["column"].tolist() == ["zz", "wroker"]
    assert caught.value.failures["did you mean"].tolist()[1] == "worker"


@pytest.mark.parametrize("columns", [["y", "y"], ["y", "worker"]])
def test_a_column_given_twice_is_refused(columns: list[str]) -> None:
    with pytest.raises(ModelError, match="used more than once"):
        group_sums(rows(), columns, "worker")


def test_a_table_with_equal_headings_is_refused() -> None:
    frame = pd.DataFrame([[1, 2, 3]], columns=["g", "y", "y"])
    with pytest.raises(ModelError, match="columns of the same name"):
        group_sums(frame, ["y"], "g")


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(ModelError, match="this is a list"):
        group_sums([1, 2], ["y"], "g")


def test_no_rows_and_nothing_complete_are_told_apart() -> None:
    frame = pd.DataFrame({"g": [1, 2], "x": [np.nan, 1.0], "y": [1.0, np.nan], "t": [None, None]})
    with pytest.raises(ModelError, match="has no rows"):
        group_sums(frame.iloc[:0], ["x"], "g")
    with pytest.raises(ModelError, match="None of the 2 rows is complete"):
        group_sums(frame, ["x", "y"], "g")
    with pytest.raises(ModelError, match="All values are missing in 't'"):
        group_sums(frame, ["t"], "g")


def test_one_row_has_no_standard_deviation() -> None:
    assert np.isnan(group_sums({"g": [1], "y": [2.0]}, ["y"], "g").standard_deviation("y"))


def teams(frame: pd.DataFrame) -> pd.DataFrame:
    codes = pd.factorize(frame["worker"])[0]
    return frame.assign(team=[f"t{code % 3}" for code in codes])


def test_the_team_of_each_group_is_kept() -> None:
    frame = teams(rows())
    sums = group_sums(frame, ["x", "y"], "worker", nested_in="team")
    assert sums.nested_in == "team"
    assert sums.n_parents == 3
    by_hand = frame.drop_duplicates("worker").set_index("worker")["team"]
    assert {
        worker: sums.parent_ids[parent]
        for worker, parent in zip(sums.ids, sums.parents, strict=True)
    } == by_hand.to_dict()


def test_rows_without_a_team_are_counted() -> None:
    frame = teams(rows())
    frame.loc[[0, 1], "team"] = None
    sums = group_sums(frame, ["y"], "worker", nested_in="team")
    assert sums.n_dropped == 2
    assert sums.missing["team"] == 2


def test_a_group_in_two_teams_is_refused() -> None:
    frame = teams(rows())
    frame.loc[0, "team"] = "elsewhere"
    with pytest.raises(ModelError, match="belong to more than one team") as caught:
        group_sums(frame, ["y"], "worker", nested_in="team")
    assert len(caught.value.failures) == 1


def test_cross_products_of_each_group_add_up() -> None:
    sums = group_sums(rows(), ["x", "z", "y"], "worker", each_within=True)
    np.testing.assert_allclose(sums.within_each.sum(axis=0), sums.within, rtol=1e-12)


def test_taking_groups_is_reading_their_rows_only() -> None:
    frame = teams(rows())
    names = ["x", "z", "y"]
    sums = group_sums(frame, names, "worker", nested_in="team", each_within=True)
    keep = np.arange(sums.n_groups) % 2 == 0
    found = sums.take(keep)
    wanted = group_sums(
        frame[frame["worker"].isin(sums.ids[keep])], names, "worker", nested_in="team"
    )
    scale = np.outer(found.units, found.units)
    np.testing.assert_allclose(
        found.within * scale, wanted.within * np.outer(wanted.units, wanted.units), rtol=1e-10
    )
    np.testing.assert_allclose(found.means, wanted.means, rtol=1e-12)
    assert found.parent_ids[found.parents].tolist() == wanted.parent_ids[wanted.parents].tolist()
    assert found.n_rows == wanted.n_rows
    assert found.varying.tolist() == wanted.varying.tolist()
    with pytest.raises(ValueError, match="each_within"):
        wanted.take(keep[: wanted.n_groups])


def test_values_of_groups_take_a_column_s_place() -> None:
    frame = rows()
    sums = group_sums(frame, ["z", "y"], "worker", each_within=True)
    values = np.arange(float(sums.n_groups)) + 1e4
    found = sums.with_group_values("z", values)
    wanted = group_sums(
        frame.assign(z=frame["worker"].map(dict(zip(sums.ids, values, strict=True)))),
        ["z", "y"],
        "worker",
    )
    np.testing.assert_allclose(found.means, wanted.means, rtol=1e-12)
    np.testing.assert_allclose(found.within, wanted.within, rtol=1e-12, atol=1e-12)
    assert found.varying.tolist() == wanted.varying.tolist()
