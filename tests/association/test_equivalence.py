"""Slopes held against the smallest that would matter. Values: ``golden_equivalence.R``."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.association.equivalence import VERDICTS, equivalence
from relsurvey.association.models.mixed import fit_mixed
from relsurvey.errors import ModelError

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "reference" / "equivalence_reference.json").read_text("utf-8")
)["tests"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda one: f"{one['term']}-{one['margin']}")
def test_tests_agree_with_lmertest(golden):
    found = equivalence(
        golden["estimate"], golden["std_error"], golden["df"], float(golden["margin"])
    )
    # The values are given to fourteen digits; far out in the tails that leaves fewer of p.
    for name in ("p_lower", "p_upper", "p_larger", "p_difference"):
        assert getattr(found, name) == pytest.approx(golden[name], rel=1e-8, abs=1e-300)
    assert found.p_value == max(found.p_lower, found.p_upper)
    assert [found.conf_low, found.conf_high] == pytest.approx(golden["ci90"], rel=1e-10)


def test_the_mixed_model_slope_is_held_against_a_margin_as_r_does(hsb):
    row = fit_mixed(hsb, "MathAch", ["MEANSES", "SES", "catholic"], "School").to_frame().iloc[1]
    found = equivalence(row["estimate"], row["std_error"], row["df"], 2.0)
    assert found.p_larger == pytest.approx(GOLDEN[0]["p_larger"], rel=1e-3)
    assert found.verdict == "larger than the margin"


CASES = [
    ((0.5, 0.1, 40.0), "larger than the margin",
     "There is a positive association, larger than the smallest slope held to matter, 0.20: the "
     "slope of experience on reflection is 0.50 (95% confidence interval 0.30 to 0.70)."),
    ((-0.3, 0.1, 40.0), "clear",
     "There is a negative association: the slope of experience on reflection is -0.30 (95% "
     "confidence interval -0.50 to -0.098); whether it is larger than the smallest slope held to "
     "matter, 0.20, these data do not show."),
    ((0.08, 0.03, 40.0), "clear, but within the margin",
     "There is a positive association, but it is smaller than the smallest slope held to "
     "matter, 0.20: the slope of experience on reflection is 0.08 (90% confidence interval 0.029 "
     "to 0.13)."),
    ((0.02, 0.06, 40.0), "none that matters",
     "There is no association that would matter: the slope of experience on reflection is 0.02 "
     "(90% confidence interval -0.081 to 0.12), and anything as large as the smallest slope held "
     "to matter, 0.20, in either direction is ruled out."),
    ((0.12, 0.08, 40.0), "uncertain",
     "Uncertain: the slope of experience on reflection is 0.12 (95% confidence interval -0.042 to "
     "0.28), so neither none at all nor one as large as the smallest slope held to matter, 0.20, "
     "can be ruled out."),
    ((0.02, 0.3, 6.0), "too little data",
     "Too little data: the slope of experience on reflection is 0.02 (95% confidence interval "
     "-0.71 to 0.75). The interval is so wide that even an estimate of exactly zero would not "
     "have ruled out the smallest slope held to matter, 0.20."),
]  # fmt: skip


@pytest.mark.parametrize(("numbers", "verdict", "sentence"), CASES, ids=[c[1] for c in CASES])
def test_each_case_has_its_verdict_and_its_sentence(numbers, verdict, sentence):
    found = equivalence(*numbers, 0.2, outcome="experience", predictor="reflection")
    assert found.verdict == verdict
    assert found.sentence == sentence
    assert found.verdict in VERDICTS
    assert sentence in found.summary()


def test_no_association_is_said_only_where_the_equivalence_test_says_so():
    for case, verdict, _ in CASES:
        found = equivalence(*case, 0.2)
        said = "no association" in found.sentence.lower()
        assert said == (verdict == "none that matters")
        assert (found.p_value < 0.05) == (found.conf_low > -0.2 and found.conf_high < 0.2)


def test_a_margin_in_standard_deviations_is_that_many_points():
    raw = equivalence(0.3, 0.1, 20.0, 0.5)
    standardised = equivalence(0.3, 0.1, 20.0, 0.1, per_deviation=0.2)
    assert standardised.margin == pytest.approx(0.5)
    assert standardised.p_value == pytest.approx(raw.p_value)
    assert standardised.margin_standardised == 0.1
    assert math.isnan(raw.margin_standardised)


def test_a_margin_next_to_zero_gives_the_usual_test():
    found = equivalence(0.3, 0.1, 20.0, 1e-12)
    assert found.p_larger == pytest.approx(found.p_difference, rel=1e-9)
    assert found.verdict == "larger than the margin"


@pytest.mark.parametrize(
    "numbers", [(math.nan, 0.1, 5.0), (0.1, math.nan, 5.0), (0.1, 0.0, 5.0), (0.1, 0.1, math.nan)]
)
def test_a_slope_that_is_not_known_has_no_verdict(numbers):
    found = equivalence(*numbers, 0.2)
    assert found.verdict == "not known"
    assert math.isnan(found.p_value)
    assert "not known" in found.to_frame()["note"].iloc[0]
    assert found.to_dict()["p_value"] is None


@given(
    st.floats(-2, 2), st.floats(0.01, 1), st.floats(1, 500), st.floats(0.01, 2), st.floats(0.1, 10)
)
@settings(deadline=None, max_examples=100)
def test_verdicts_do_not_depend_on_units_or_direction(estimate, std_error, df, margin, unit):
    found = equivalence(estimate, std_error, df, margin)
    turned = equivalence(-estimate, std_error, df, margin)
    scaled = equivalence(unit * estimate, unit * std_error, df, unit * margin)
    for other in (turned, scaled):
        assert other.p_value == pytest.approx(found.p_value, rel=1e-6, abs=1e-12)
        assert other.p_larger == pytest.approx(found.p_larger, rel=1e-6, abs=1e-12)
    assert turned.p_lower == pytest.approx(found.p_upper)
    # A slope cannot be shown to be within the margin and beyond it.
    assert not (found.p_value < 0.05 and found.p_larger < 0.05)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"margin": 0.0}, r"margin has to be above 0"),
        ({"margin": -0.1}, r"margin has to be a number from 0"),
        ({"margin": math.nan}, r"margin has to be a number from 0"),
        ({"margin": "small"}, r"margin has to be a number from 0 .*'small'"),
        ({"margin": 0.1, "alpha": 0.5}, r"alpha has to be a number from 1e-06 and below 0\.5"),
        ({"margin": 0.1, "per_deviation": 0.0}, r"per_deviation has to be a number above 0"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, text):
    with pytest.raises(ModelError, match=text):
        equivalence(0.1, 0.1, 10.0, **options)
