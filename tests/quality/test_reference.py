"""Against R on bfi: base R, psych and lavaan."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from relsurvey.quality import check_quality

from .conftest import BFI


def values(entries):
    return np.array([np.nan if entry is None else entry for entry in entries], dtype=float)


@pytest.mark.parametrize("name", ["longstring", "irv", "even_odd", "person_total"])
def test_measures_of_respondents_are_those_of_r(checked, reference, name):
    # NaN stands in the same places: assert_allclose compares them.
    assert_allclose(checked.respondents[name], values(reference[name]), rtol=0, atol=1e-10)


def test_the_distance_of_complete_rows_is_that_of_psych(bfi, reference):
    whole = np.array(reference["whole"], dtype=bool)
    found = check_quality(bfi[whole], BFI).respondents
    assert_allclose(found["mahalanobis_d2"], reference["d2"], rtol=1e-10)
    assert_allclose(found["mahalanobis_p"], reference["d2_p"], rtol=0, atol=1e-12)
    assert (found["mahalanobis_df"] == 25).all()


def test_the_distance_of_incomplete_rows_rests_on_the_em_moments(checked, reference):
    assert_allclose(checked.respondents["mahalanobis_d2"], reference["d2_em"], rtol=1e-8)
    incomplete = ~np.array(reference["whole"], dtype=bool)
    assert (checked.respondents["mahalanobis_df"][incomplete] < 25).all()


@pytest.mark.parametrize("name", ["mean", "sd", "skewness", "n"])
def test_measures_of_items_are_those_of_psych(checked, reference, name):
    assert_allclose(checked.items[name], reference["items"][name], rtol=1e-10)


def test_duplicates_are_those_of_r(checked, reference):
    assert (checked.respondents["duplicate_of"] > 0).sum() == reference["duplicates"]


def test_what_does_not_depend_on_the_order_of_rows(bfi, checked):
    shuffled = bfi.sample(frac=1, random_state=3)
    other = check_quality(shuffled, BFI).respondents.set_index("respondent_id")
    one = checked.respondents.set_index("respondent_id").drop(columns="row")
    other = other.loc[one.index, one.columns]
    assert_allclose(one.to_numpy(float), other.to_numpy(float), rtol=1e-9, atol=1e-12)


def test_what_does_not_depend_on_the_order_of_columns(bfi, checked):
    other = check_quality(bfi[list(bfi.columns[::-1])], BFI).respondents
    one = checked.respondents
    numbers = one.columns.drop("respondent_id")
    assert_allclose(
        one[numbers].to_numpy(float), other[numbers].to_numpy(float), rtol=1e-9, atol=1e-12
    )


def test_what_does_not_depend_on_where_a_scale_starts_and_how_wide_it_is(bfi):
    names = list(bfi.columns[1:26])
    some = bfi[names].head(400)
    shifted = some * 2 + 10
    scales = {"all": names}
    one = check_quality(some, scales=scales).respondents
    other = check_quality(shifted, scales=scales).respondents
    for name in ("longstring", "mahalanobis_d2", "person_total", "even_odd_scales"):
        assert_allclose(one[name], other[name], rtol=1e-8)
    assert_allclose(2 * one["irv"], other["irv"], rtol=1e-10)


def test_raw_measures_do_not_depend_on_which_items_are_reversed(bfi, checked, tmp_path):
    plain = tmp_path / "plain.yaml"
    plain.write_text(BFI.read_text().replace("reverse: true", "reverse: false"))
    other = check_quality(bfi, plain).respondents
    for name in ("longstring", "irv", "person_total", "mahalanobis_d2", "duplicate_of"):
        assert_allclose(other[name], checked.respondents[name], rtol=1e-9)
    assert not np.allclose(other["even_odd"], checked.respondents["even_odd"], equal_nan=True)
