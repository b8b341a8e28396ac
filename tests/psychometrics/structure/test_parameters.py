"""The table of parameters: what is free, fixed and equal, in one group and in several."""

from __future__ import annotations

import pytest

from relsurvey.errors import ModelError
from relsurvey.psychometrics.structure.parameters import ParameterTable, parameter_table
from relsurvey.psychometrics.structure.specification import structure_of

TWO = {"f": ["a", "b", "c"], "g": ["d", "e", "h"]}


def values(table: ParameterTable, matrix: str, group: int = 0) -> dict[str, float | str]:
    """Return fixed values, and the name of the parameter where it is free."""
    return {
        " ".join(table.named(row)).strip(): f"free {row.index}" if row.free else row.value
        for row in table.rows
        if row.matrix == matrix and row.group == group
    }


@pytest.mark.parametrize(("std_lv", "fixed"), [(True, {"psi"}), (False, {"lambda"})])
def test_the_scale_is_set_by_variances_or_by_the_first_items(std_lv: bool, fixed: set[str]) -> None:
    table = parameter_table(structure_of(TWO), std_lv=std_lv)
    assert table.n_free == 13
    held = [row for row in table.rows if not row.free]
    assert {row.matrix for row in held} == fixed
    assert [row.value for row in held] == [1.0, 1.0]
    if not std_lv:
        assert [table.named(row)[2] for row in held] == ["a", "d"]


def test_a_second_order_factor_scales_the_residuals_of_the_first() -> None:
    table = parameter_table(structure_of({**TWO, "k": ["i", "j", "l"], "t": ["f", "g", "k"]}))
    assert set(values(table, "psi").values()) == {1.0}
    assert table.n_free == 9 + 9 + 3


def test_what_is_written_is_left_alone() -> None:
    text = "f =~ NA*a + b + c\nf ~~ 2*f"
    table = parameter_table(structure_of(text), std_lv=False)
    assert values(table, "psi") == {"f ~~ f": 2.0}
    assert values(table, "lambda")["f =~ a"] == "free 0"


def test_a_label_on_a_marker_fixes_its_namesakes() -> None:
    table = parameter_table(structure_of("f =~ l*a + l*b + c"), std_lv=False)
    assert list(values(table, "lambda").values()) == [1.0, 1.0, "free 0"]


def test_labels_share_a_parameter_across_matrices_and_groups() -> None:
    text = "f =~ a + l*b + l*c\na ~~ v*a\nb ~~ v*b"
    table = parameter_table(structure_of(text), groups=(1, 2))
    shared = {row.index for row in table.rows if row.label == "l"}
    assert len(shared) == 1
    assert len({row.index for row in table.rows if row.label == "v"}) == 1
    # Two groups: two loadings of a, one shared l, one shared v, two residuals of c, six means.
    assert table.n_free == 2 + 1 + 1 + 2 + 6


@pytest.mark.parametrize(
    ("equal", "std_lv", "expected"),
    [
        ((), True, 38),
        (("loadings",), True, 34),
        (("loadings",), False, 34),
        (("loadings", "intercepts"), True, 30),
        (("loadings", "intercepts"), False, 30),
        (("loadings", "intercepts", "residuals"), True, 24),
        (("residuals",), True, 32),
    ],
)
def test_equality_across_groups(equal: tuple[str, ...], std_lv: bool, expected: int) -> None:
    table = parameter_table(structure_of(TWO), groups=("x", "y"), equal=equal, std_lv=std_lv)
    assert table.n_free == expected


def test_what_equality_releases_in_later_groups() -> None:
    table = parameter_table(structure_of(TWO), groups=(0, 1, 2), equal=("loadings", "intercepts"))
    assert values(table, "psi", 0)["f ~~ f"] == 1.0
    assert values(table, "alpha", 0) == {"f ~1": 0.0, "g ~1": 0.0}
    for group in (1, 2):
        assert str(values(table, "psi", group)["f ~~ f"]).startswith("free")
        assert all(str(v).startswith("free") for v in values(table, "alpha", group).values())
    assert values(table, "lambda", 0) == values(table, "lambda", 2)
    assert values(table, "nu", 0) == values(table, "nu", 2)


def test_the_mean_of_a_second_order_factor_stays() -> None:
    model = {**TWO, "k": ["i", "j", "l"], "t": ["f", "g", "k"]}
    table = parameter_table(structure_of(model), groups=(1, 2), equal=("loadings", "intercepts"))
    means = values(table, "alpha", 1)
    assert means["t ~1"] == 0.0
    assert str(means["f ~1"]).startswith("free")


def test_ordinal_items_have_thresholds_and_scales() -> None:
    count = {"a": 3, "b": 3, "c": 2}
    model = structure_of({"f": ["a", "b", "c"]})
    table = parameter_table(model, thresholds=count)
    assert list(values(table, "tau")) == ["a | t1", "a | t2", "a | t3", "b | t1", "b | t2",
                                          "b | t3", "c | t1", "c | t2"]  # fmt: skip
    assert values(table, "theta") == {}
    assert set(values(table, "nu").values()) == {0.0}
    assert set(values(table, "delta").values()) == {1.0}
    assert table.n_free == 3 + 8
    equal = parameter_table(
        model, groups=(1, 2), equal=("loadings", "thresholds"), thresholds=count
    )
    assert all(str(value).startswith("free") for value in values(equal, "delta", 1).values())
    assert values(equal, "tau", 0) == values(equal, "tau", 1)
    assert str(values(equal, "alpha", 1)["f ~1"]).startswith("free")


def test_intercepts_is_the_word_for_thresholds_too() -> None:
    model = structure_of({"f": ["a", "b", "c"]})
    tables = [
        parameter_table(model, groups=(1, 2), equal=(word,), thresholds={"a": 2, "b": 2, "c": 2})
        for word in ("intercepts", "thresholds")
    ]
    assert tables[0].rows == tables[1].rows


def test_unknown_equality_is_refused() -> None:
    with pytest.raises(ModelError, match="equal cannot be 'loading'"):
        parameter_table(structure_of(TWO), groups=(1, 2), equal="loading")


def test_parameters_are_spoken_of_by_name_and_group() -> None:
    table = parameter_table(structure_of(TWO), groups=("x", "y"), equal=("loadings",))
    assert table.spoken(0) == "f =~ a"
    last = max(row.index for row in table.rows if row.matrix == "theta")
    assert table.spoken(last) == "h ~~ h in group y"
