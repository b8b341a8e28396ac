import dataclasses
import math
import re

import pytest

from relsurvey.reporting import build_report, wording
from relsurvey.reporting.labels import ScoreLabel

# Verbs and phrases by which a sentence would say that one thing brings about another.
CAUSAL = re.compile(
    r"\b(affect(s|ed|ing)?|caus(e|es|ed|ing)|improv(e|es|ed|ing|ement)|lead(s|ing)? to|led to|"
    r"impact(s|ed)?|effects? (of|on)|driv(e|es|en|ing)|drove|result(s|ed|ing)? (in|from)|"
    r"influenc(e|es|ed|ing)|determin(e|es|ed|ing)|produc(e|es|ed|ing)|because of|due to|"
    r"bring(s)? about|brought about|increas(e|es|ed|ing)|reduc(e|es|ed|ing)|makes?|"
    r"thanks to|consequences?|contribut(e|es|ed|ing)|benefit(s|ed)? from|boost(s|ed)?)\b",
    re.IGNORECASE,
)
DENIAL = "does not show cause and effect"

SAID = wording.Said(
    ScoreLabel("Reflective capacity", 1, 6), ScoreLabel("Emotional care", 0, 3), "95%", 0.05
)


def variants(fake):
    higher = fake.Association()
    return {
        "higher": higher,
        "lower": dataclasses.replace(higher, slope=-0.2, slope_low=-0.3, slope_high=-0.1),
        "open": dataclasses.replace(higher, slope=0.02, slope_low=-0.08, p_value=0.61),
        "none": dataclasses.replace(
            higher, slope=math.nan, slope_low=math.nan, slope_high=math.nan, p_value=math.nan
        ),
    }


def test_the_answer_is_a_sentence_for_people(fake):
    found = {name: wording.answer(one, SAID) for name, one in variants(fake).items()}
    assert found == {
        "higher": "People whose worker scored higher on Reflective capacity gave higher scores on "
        "Emotional care.",
        "lower": "People whose worker scored higher on Reflective capacity gave lower scores on "
        "Emotional care.",
        "open": "These answers do not settle whether people whose worker scored higher on "
        "Reflective capacity gave higher or lower scores on Emotional care.",
        "none": "Whether Emotional care and the worker's Reflective capacity go together could "
        "not be computed from these answers.",
    }


def test_certainty_gives_size_interval_and_p(fake):
    assert wording.certainty(fake.Association(), SAID) == (
        "For each point more on Reflective capacity (1 to 6), Emotional care (0 to 3) is 0.21 "
        "points higher on average (95% confidence interval 0.11 to 0.32; p < .001). Put "
        "differently: between workers who are one standard deviation apart, the expected "
        "difference is 0.15 points."
    )


def test_certainty_of_an_open_answer_does_not_say_there_is_nothing(fake):
    assert wording.certainty(variants(fake)["open"], SAID).endswith(
        "The interval includes zero: no difference fits these answers, and so do differences as "
        "large as its ends. That is not evidence that there is none."
    )


def test_certainty_names_covariates(fake):
    one = dataclasses.replace(fake.Association(), covariates=("months", "age"))
    assert "is 0.21 points higher on average, at equal months and age (95%" in wording.certainty(
        one, SAID
    )


@pytest.mark.parametrize(
    ("low", "high", "end"),
    [
        (0.12, 0.36, "lies wholly beyond it."),
        (-0.4, -0.2, "lies wholly beyond it."),
        (-0.05, 0.08, "lies wholly below it in size."),
        (0.02, 0.2, "holds values on both sides of it."),
        (-0.2, 0.05, "holds values on both sides of it."),
    ],
)
def test_the_smallest_association_of_interest(fake, low, high, end):
    one = dataclasses.replace(
        fake.Association(), slope_standardised_low=low, slope_standardised_high=high
    )
    assert wording.smallest_of_interest(one, 0.1, "95%").endswith(end)
    assert wording.smallest_of_interest(one, None, "95%") == ""


def test_the_limits_deny_cause_and_ranking():
    assert DENIAL in wording.LIMITS[0]
    assert "not a ranking of workers" in wording.LIMITS[1]


def sentences(report):
    """All texts of a report that this package wrote, without the study's own."""
    yield report.headline.answer
    yield report.headline.certainty
    yield from report.headline.limits
    for figure in report.headline.figures:
        yield from (figure.label, figure.detail)
    for notice in report.notices:
        yield from (notice.title, notice.text)
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            yield from getattr(block, "notes", ())
            for name in ("text", "caption", "title", "alt"):
                yield getattr(block, name, "")
            for name, text in getattr(block, "points", ()):
                yield from (name, text)
            for row in getattr(block, "rows", ()):
                yield from (getattr(cell, "text", cell) for cell in row)


@pytest.mark.usefixtures("undrawn")
def test_no_sentence_has_a_causal_verb(fake):
    few = fake.study(n_workers=30, n_users=200, linked_workers=24, linked_users=150)
    reports = [fake.study(primary=one) for one in variants(fake).values()]
    for study in [few, *reports]:
        for text in sentences(build_report(study)):
            assert not CAUSAL.search(text.replace(DENIAL, "")), text


def test_the_list_of_causal_verbs_finds_some():
    for text in ("Reflection improves care", "the effect of reflection", "It leads to better care"):
        assert CAUSAL.search(text)
    assert not CAUSAL.search("The design effect is 2.0")
