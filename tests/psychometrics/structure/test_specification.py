"""Models given as mappings, as definitions, by name and as text."""

from __future__ import annotations

import math

import pytest

from relsurvey.errors import ModelError
from relsurvey.instruments import load_instrument
from relsurvey.instruments.evidence import Model
from relsurvey.psychometrics.structure.specification import Structure, structure_of
from relsurvey.psychometrics.structure.syntax import parsed


def pairs(structure: Structure, matrix: str) -> set[tuple[str, str]]:
    return {(cell.row, cell.column) for cell in structure.cells if cell.matrix == matrix}


def test_a_mapping_is_a_model_of_correlated_factors() -> None:
    model = structure_of({"f": ["a", "b", "c"], "g": ["d", "e", "h"]})
    assert model.items == ("a", "b", "c", "d", "e", "h")
    assert pairs(model, "psi") == {("f", "f"), ("g", "g"), ("f", "g")}
    assert pairs(model, "theta") == {(item, item) for item in model.items}
    assert all(cell.free for cell in model.cells)


def test_a_factor_of_factors_leaves_their_residuals_uncorrelated() -> None:
    model = structure_of({"t": ["f", "g", "h"], "f": ["a", "b"], "g": ["c", "d"], "h": ["e", "i"]})
    assert model.factors == ("f", "g", "h", "t")
    assert pairs(model, "beta") == {("f", "t"), ("g", "t"), ("h", "t")}
    assert pairs(model, "psi") == {(name, name) for name in "fght"}
    assert model.items_of("t") == ()
    assert model.parts_of("t") == ("f", "g", "h")


@pytest.mark.parametrize("name", ["one-factor", "four-factors", "second-order", "bifactor"])
def test_models_are_found_by_name(name: str) -> None:
    instrument = load_instrument("peech-sc")
    model = structure_of(name, instrument)
    assert set(model.items) == set(instrument.item_ids)
    assert model.name == name


def test_a_bifactor_model_has_no_correlated_factors() -> None:
    model = structure_of("bifactor", load_instrument("peech-sc"))
    assert all(one == other for one, other in pairs(model, "psi"))
    assert len(model.of("lambda")) == 46


def test_a_method_factor_of_two_items_has_equal_loadings() -> None:
    model = structure_of("four-factors-method", load_instrument("peech-sc"))
    labels = {cell.row: cell.label for cell in model.of("lambda") if cell.column == "REVERSED"}
    assert set(labels) == {"SEC7", "VAL6"}
    assert len(set(labels.values())) == 1
    assert not any("REVERSED" in pair and len(set(pair)) > 1 for pair in pairs(model, "psi"))


def test_a_method_factor_of_three_items_has_loadings_of_its_own() -> None:
    factors = {"f": ("a", "b", "c", "d"), "g": ("e", "h", "i")}
    model = structure_of(
        Model(title="m", kind="correlated", factors=factors, method_factors={"m": ("a", "b", "e")})
    )
    assert not any(cell.label for cell in model.cells)


def test_an_unknown_item_is_named_with_a_suggestion() -> None:
    with pytest.raises(ModelError, match=r"2 items are .* not in the data: SEC77, zzz") as caught:
        structure_of({"f": ["SEC1", "SEC77", "zzz"]}, load_instrument("peech-sc"))
    assert caught.value.failures.loc[0, "did you mean"] == "SEC7"


def test_an_unknown_model_is_named_with_a_suggestion() -> None:
    with pytest.raises(ModelError, match=r"no model 'four-factor'.\nDid you mean 'four-factors'"):
        structure_of("four-factor", load_instrument("peech-sc"))


def test_a_model_by_name_needs_an_instrument() -> None:
    with pytest.raises(ModelError, match="there is no instrument"):
        structure_of("four-factors")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({}, "has no factor"),
        ({"f": []}, "found 'no item'"),
        ({"f": "a"}, "has to be a list of items"),
        ({"f": ["a", "b", "a"]}, "'a' more than once"),
        ({"f": ["f", "b", "a"]}, "itself among its items"),
        ({"f": ["a", "b", "g"], "g": ["c", "d", "f"]}, "in a circle"),
        (3, "cannot be a int"),
    ],
)
def test_models_that_cannot_be_read(model: object, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        structure_of(model)  # type: ignore[arg-type]


def test_a_name_of_a_column_and_of_a_factor_below_another_is_refused() -> None:
    model = {"g": ["a", "b", "c"], "a": ["d", "e", "f"]}
    with pytest.raises(ModelError, match="name of a column and of a factor"):
        structure_of(model, columns=list("abcdef"))
    # A score beside the items does no harm: the factor is not used as an item.
    assert structure_of({"d": ["a", "b", "c"]}, columns=list("abcd")).factors == ("d",)


def test_text_says_what_is_fixed_free_and_equal() -> None:
    model = parsed(
        """
        # two factors
        f =~ a + l*b +
             l*c          ! goes on
        g =~ NA*d + 0.5*e
           + h ; a ~~ d
        f ~~ 0*g
        b ~~ 1.5e-1*b
        c ~~ v*c; h ~~ v*h
        f ~~ NA*f
        """
    )
    cells = {(cell.matrix, cell.row, cell.column): cell for cell in model.cells}
    assert model.items == ("a", "b", "c", "d", "e", "h")
    assert cells["lambda", "b", "f"].label == cells["lambda", "c", "f"].label == "l"
    assert cells["lambda", "d", "g"].given
    assert cells["lambda", "d", "g"].free
    assert cells["lambda", "e", "g"].value == 0.5
    assert cells["theta", "a", "d"].free
    assert cells["psi", "f", "g"].value == 0
    assert cells["theta", "b", "b"].value == 0.15
    assert cells["theta", "c", "c"].label == cells["theta", "h", "h"].label == "v"
    assert cells["psi", "f", "f"].given
    assert math.isnan(cells["psi", "f", "f"].value)


def test_a_name_may_carry_a_value_and_a_label_one_after_the_other() -> None:
    model = parsed("f =~ NA*a + l*a + l*b + c")
    assert [(c.row, c.label, c.given) for c in model.of("lambda")] == [
        ("a", "l", True),
        ("b", "l", False),
        ("c", "", False),
    ]


def test_a_covariance_counts_once_whichever_way_round_it_is_written() -> None:
    model = parsed("f =~ a + b + c\ng =~ d + e + h\ng ~~ 0.3*f")
    assert [c.value for c in model.of("psi") if c.row != c.column] == [0.3]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("f =~ a + b + c\nf ~ a", 2, "neither"),
        ("f =~ a + b + c\na ~ 1", 2, "neither"),
        ("f =~ a + b + c\na == b", 2, "neither"),
        ("f =~ a + b + c\nl := a*b", 2, "neither"),
        ("f =~ a + start(0.5)*b + c", 1, "'start(0.5)*b' is no name"),
        ("f =~ a + c(1,2)*b + c", 1, "is no name"),
        ("f =~ a + + b", 1, "'nothing' is no name"),
        ("f =~ f + b + c", 1, "f is measured by itself"),
        ("f =~ 0.5*a + 0.6*a + b", 1, "fixed or freed twice"),
        ("f =~ k*a + l*a + b", 1, "two labels"),
        ("f =~ 0.5*a + NA*a + b", 1, "both fixed and free"),
    ],
)
def test_text_that_is_not_understood_is_shown(text: str, line: int, problem: str) -> None:
    with pytest.raises(ModelError, match="text of the model is not understood") as caught:
        parsed(text)
    assert caught.value.failures.loc[0, "line"] == line
    assert problem in caught.value.failures.loc[0, "problem"]


def test_all_lines_that_are_not_understood_are_shown() -> None:
    with pytest.raises(ModelError) as caught:
        parsed("f =~ a + b + c\nnonsense\na ~ b")
    assert caught.value.failures["line"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a ~~ b", "has no factor"),
        ("f =~ a + b + c\na ~~ z", "z is in no '=~'"),
        ("f =~ a + b + c\na ~~ f", "one is a factor and the other an item"),
    ],
)
def test_covariances_of_strangers_are_refused(text: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        parsed(text)
