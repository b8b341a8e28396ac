"""How figures are read: criterion, verdict, and the reason in words."""

import math

import pytest

from relsurvey import criteria

NAN = math.nan


@pytest.mark.parametrize(
    ("alpha", "structure", "verdict"),
    [
        (0.70, True, "met"),
        (0.90, False, "not met"),
        (0.90, None, "not known"),
        (0.6999, True, "not met"),
        (0.6999, None, "not met"),
        (-0.2, None, "not met"),
        (NAN, True, "not known"),
    ],
)
def test_an_alpha_counts_only_with_evidence_of_one_dimension(alpha, structure, verdict):
    reading = criteria.internal_consistency("SEC", alpha, structure=structure)
    assert reading.verdict == verdict
    assert reading.because


@pytest.mark.parametrize(
    ("fit", "verdict", "because"),
    [
        ({"cfi": 0.96, "tli": 0.96, "rmsea": 0.05, "srmr": 0.05}, "met", "CFI, TLI, RMSEA, SRMR"),
        ({"cfi": 0.90, "tli": 0.90, "rmsea": 0.09, "srmr": 0.07}, "met", "CFI, TLI, RMSEA do not"),
        ({"cfi": 0.95, "tli": 0.95, "rmsea": 0.06, "srmr": 0.08}, "not met", "none of them"),
        ({"cfi": NAN}, "not known", "no fit index"),
        ({}, "not known", "no fit index"),
        ({"cfi": 0.97, "cfi_scaled": 0.94}, "not met", "none of them"),
    ],
)
def test_the_fit_of_a_model_is_read_with_what_decides_it(fit, verdict, because):
    reading = criteria.structural_validity("four-factors", fit)
    assert reading.verdict == verdict
    assert because in reading.because


def test_a_model_without_a_fit_is_not_judged():
    reading = criteria.structural_validity("m", {"cfi": 0.99}, reason="it did not converge")
    assert (reading.verdict, reading.because) == ("not known", "it did not converge")


@pytest.mark.parametrize(("icc", "verdict"), [(0.7, "met"), (0.69, "not met"), (NAN, "not known")])
def test_test_retest(icc, verdict):
    assert criteria.retest_reliability("SEC", icc).verdict == verdict


def test_measurement_error_needs_the_change_that_matters():
    assert criteria.measurement_error("SEC", 0.4).verdict == "not known"
    assert "MIC" in criteria.measurement_error("SEC", 0.4).because
    assert criteria.measurement_error("SEC", 0.4, 0.5).verdict == "met"
    assert criteria.measurement_error("SEC", 0.5, 0.5).verdict == "not met"
    assert criteria.measurement_error("SEC", NAN, 0.5, reason="one item").because == "one item"


@pytest.mark.parametrize(
    ("n", "items", "verdict", "needed"),
    [(100, 5, "met", "there are enough"), (99, 5, "not met", "100"), (160, 23, "not met", "161")],
)
def test_rows_an_item(n, items, verdict, needed):
    reading = criteria.sample_size("m", n, items)
    assert reading.verdict == verdict
    assert needed in reading.because


@pytest.mark.parametrize(
    ("floor", "ceiling", "verdict", "because"),
    [
        (0.15, 0.15, "met", "neither"),
        (0.0, 0.151, "not met", "the highest answer"),
        (0.2, 0.3, "not met", "lowest and the highest"),
        (NAN, 0.3, "not known", "no shares"),
    ],
)
def test_floor_and_ceiling(floor, ceiling, verdict, because):
    reading = criteria.floor_and_ceiling("SEC1", floor, ceiling)
    assert reading.verdict == verdict
    assert because in reading.because


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.1, "met"), (0.11, "not met"), (NAN, "not known")]
)
def test_missing_answers(share, verdict):
    assert criteria.missing_answers("SEC1", share).verdict == verdict


@pytest.mark.parametrize(
    ("change", "verdict"), [(0.0199, "met"), (0.02, "not met"), (NAN, "not known")]
)
def test_functioning_between_groups(change, verdict):
    assert criteria.functioning("SEC1", change).verdict == verdict


def test_readings_stand_under_their_criterion_and_in_a_frame():
    readings = [
        criteria.missing_answers("SEC1", 0.2),
        criteria.functioning("SEC1", 0.001),
        criteria.missing_answers("SEC2", 0.0),
    ]
    text = "\n".join(criteria.readings_text(readings))
    assert text.count("Criterion:") == 2
    assert text.index("SEC2") < text.index("McFadden")
    frame = criteria.readings_frame(readings)
    assert frame["verdict"].tolist() == ["not met", "met", "met"]
    assert list(criteria.readings_frame([])) == list(frame)


def test_one_index_reaches_and_several_reach():
    one = criteria.structural_validity("m", {"cfi": 0.9, "tli": 0.9, "rmsea": 0.1, "srmr": 0.05})
    assert one.because == "SRMR reaches it; CFI, TLI, RMSEA do not"
    alone = criteria.structural_validity("m", {"srmr": 0.05})
    assert alone.because == "SRMR reaches it"
    three = criteria.structural_validity("m", {"cfi": 0.97, "tli": 0.97, "rmsea": 0.1})
    assert three.because == "CFI, TLI reach it; RMSEA does not"


def test_every_name_is_one_of_the_package():
    for name in criteria.__all__:
        assert getattr(criteria, name) is not None
    assert callable(criteria.functioning)
