"""Which models are special cases of others: what is proved, and what is not claimed."""

from __future__ import annotations

import pytest

from relsurvey.instruments import load_instrument
from relsurvey.psychometrics.structure.nesting import nested_pairs, why_nested
from relsurvey.psychometrics.structure.specification import structure_of

X, Y, Z = ["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]
ONE = structure_of({"all": [*X, *Y, *Z]})
TWO = structure_of({"xy": [*X, *Y], "z": Z})
THREE = structure_of({"x": X, "y": Y, "z": Z})
OTHER = structure_of({"p": [*X, "d"], "q": ["e", "f", *Z]})
SECOND = structure_of({"x": X, "y": Y, "z": Z, "top": ["x", "y", "z"]})
APART = structure_of("x =~ a + b + c\ny =~ d + e + f\nz =~ g + h + i\nx ~~ 0*y\nx ~~ 0*z\ny ~~ 0*z")
FEWER = structure_of({"x": X, "y": Y})


def test_the_models_of_the_shipped_instrument():
    instrument = load_instrument("peech-sc")
    structures = {name: structure_of(name, instrument) for name in instrument.models}
    found = {(pair.inner, pair.outer) for pair in nested_pairs(structures)}
    assert found == {
        ("one-factor", "four-factors"),
        ("one-factor", "four-factors-method"),
        ("one-factor", "second-order"),
        ("one-factor", "bifactor"),
        ("one-factor", "english-2013"),
        ("four-factors", "four-factors-method"),
        ("second-order", "four-factors"),
        ("second-order", "four-factors-method"),
        ("second-order", "bifactor"),
    }
    notes = {(pair.inner, pair.outer): pair.note for pair in nested_pairs(structures)}
    assert "p is rough" in notes["four-factors", "four-factors-method"]
    assert "p is rough" in notes["one-factor", "bifactor"]
    assert notes["one-factor", "four-factors"] == ""


NESTED = [(ONE, TWO), (ONE, THREE), (TWO, THREE), (SECOND, THREE), (ONE, SECOND), (ONE, OTHER)]
NOT_PROVED = [
    (THREE, TWO), (OTHER, THREE), (TWO, OTHER), (THREE, SECOND), (TWO, SECOND),
    (FEWER, THREE), (ONE, APART), (SECOND, ONE),
]  # fmt: skip


@pytest.mark.parametrize(("inner", "outer"), NESTED)
def test_special_cases_are_proved(inner, outer):
    assert why_nested(inner, outer)


@pytest.mark.parametrize(("inner", "outer"), NOT_PROVED)
def test_nothing_is_claimed_that_is_not_proved(inner, outer):
    assert why_nested(inner, outer) == ""


def test_uncorrelated_factors_are_a_case_of_correlated_ones():
    assert why_nested(APART, THREE)


def test_two_names_of_one_model_are_no_pair():
    again = structure_of({"u": X, "v": Y, "w": Z})
    assert nested_pairs({"three": THREE, "again": again}) == []


def test_names_and_order_of_factors_do_not_matter():
    turned = structure_of({"w": Z[::-1], "v": Y, "u": X})
    assert why_nested(ONE, turned) == why_nested(ONE, THREE)
    assert why_nested(TWO, turned)


def test_equal_loadings_are_a_case_only_of_themselves():
    equal = structure_of("x =~ k*a + k*b + k*c\ny =~ d + e + f\nz =~ g + h + i")
    assert why_nested(THREE, equal) == ""
    assert why_nested(ONE, equal) == ""


def test_a_covariance_of_residuals_is_dropped_by_a_zero():
    more = structure_of("x =~ a + b + c\ny =~ d + e + f\nz =~ g + h + i\na ~~ b")
    assert why_nested(THREE, more) == "some of what is free is zero"
    assert why_nested(more, THREE) == ""
