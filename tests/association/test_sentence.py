"""The sentence claims no more than the interval, and never that one thing brings about another."""

from __future__ import annotations

import dataclasses
import re

import pytest

from relsurvey.association.sentence import Finding, association_sentence

CAUSAL = re.compile(
    r"\b(caus|effect|affect|lead|led|improv|increas|decreas|reduc|impact|influenc|result|due|"
    r"because|produc|make|made|benefit)\w*",
    re.IGNORECASE,
)

CLEAR = Finding(
    outcome="PEECH", predictor="RIA", adjusted_for=(), group="worker_id", persons=True,
    slope=0.42, low=0.10, high=0.74, p_value=0.011, standardised=0.2, confidence=0.95,
    n_groups=118, n_rows=900,
)  # fmt: skip
NEGATIVE = dataclasses.replace(CLEAR, slope=-0.42, low=-0.74, high=-0.10, standardised=-0.2)
UNCERTAIN = dataclasses.replace(CLEAR, slope=-0.05, low=-0.30, high=0.20, p_value=0.69)
FEW = dataclasses.replace(CLEAR, n_groups=9, n_rows=40)
CASES = {"clear": CLEAR, "negative": NEGATIVE, "uncertain": UNCERTAIN, "few": FEW}
SCHOOLS = {
    name: dataclasses.replace(case, group="School", persons=False) for name, case in CASES.items()
}


def test_a_clear_association() -> None:
    assert association_sentence(CLEAR) == (
        "Service users of workers with a higher RIA reported a higher PEECH on average: one point "
        "more on RIA went with 0.42 points more on PEECH (95% confidence interval 0.10 to 0.74 "
        "more, p = .011), that is 0.20 standard deviations more per standard deviation. This "
        "rests on 900 service users of 118 workers, and does not tell why."
    )


def test_a_clear_negative_association_says_less_by_how_much() -> None:
    text = association_sentence(NEGATIVE)
    assert "reported a lower PEECH on average" in text
    assert "0.42 points less on PEECH (95% confidence interval 0.10 to 0.74 less" in text
    assert "-" not in text


def test_an_interval_with_zero_claims_no_direction() -> None:
    text = association_sentence(UNCERTAIN)
    assert text.startswith("These data do not show whether")
    assert "is -0.05 (95% confidence interval -0.30 to 0.20, p = .690)" in text
    assert "the interval includes no difference" in text


def test_few_workers_claim_no_direction_whatever_the_interval() -> None:
    text = association_sentence(FEW)
    assert text.startswith("With 9 workers there are too few to say whether")
    assert "is 0.42" in text


def test_ten_workers_are_not_too_few() -> None:
    ten = dataclasses.replace(CLEAR, n_groups=10)
    assert association_sentence(ten).startswith("Service users of workers")


def test_what_is_no_worker_is_called_by_its_column() -> None:
    for case in SCHOOLS.values():
        text = association_sentence(case)
        assert "School" in text
        assert "worker" not in text
        assert "service user" not in text


def test_covariates_are_named() -> None:
    text = association_sentence(
        dataclasses.replace(CLEAR, adjusted_for=("age", "years", "caseload"))
    )
    assert "one point more on RIA, with age, years and caseload held equal, went with" in text


def test_one_is_singular() -> None:
    text = association_sentence(dataclasses.replace(FEW, n_groups=1, n_rows=1))
    assert "With 1 worker there" in text
    assert "rests on 1 service user of 1 worker." in text


@pytest.mark.parametrize("case", [*CASES.values(), *SCHOOLS.values()])
def test_no_word_says_that_one_thing_brings_about_another(case: Finding) -> None:
    assert CAUSAL.search(association_sentence(case)) is None
