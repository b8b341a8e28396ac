import dataclasses
import math
import re
from types import SimpleNamespace

import pytest

from relsurvey.reporting import build_report, explanations, wording
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.headline import headline

# Verbs and phrases by which a sentence would say that one thing brings about another.
CAUSAL = re.compile(
    r"\b(affect(s|ed|ing)?|caus(e|es|ed|ing)|improv(e|es|ed|ing|ement)|lead(s|ing)? to|led to|"
    r"impact(s|ed)?|effects? (of|on)|driv(e|es|en|ing)|drove|result(s|ed|ing)? (in|from)|"
    r"influenc(e|es|ed|ing)|determin(e|es|ed|ing)|produc(e|es|ed|ing)|because of|due to|"
    r"bring(s)? about|brought about|increas(e|es|ed|ing)|reduc(e|es|ed|ing)|makes?|"
    r"thanks to|consequences?|contribut(e|es|ed|ing)|benefit(s|ed)? from|boost(s|ed|ing)?|"
    r"because|enhanc(e|es|ed|ing)|rais(e|es|ed|ing)|lower(s|ed|ing) (the|their)|"
    r"help(s|ed|ing)?|foster(s|ed|ing)?|promot(e|es|ed|ing)|trigger(s|ed|ing)?|owing to|"
    r"as a result|explains why|responsible for|in turn|therefore care)\b",
    re.IGNORECASE,
)
SAID = wording.Said(
    ScoreLabel("Reflective capacity", 1, 6), ScoreLabel("Emotional care", 0, 3), "95%", 0.05
)
ADJUSTED = dataclasses.replace(SAID, covariates=("Months known", "Age"))


def variants(fake):
    higher = fake.Association()
    unsure = {"slope": 0.02, "slope_low": -0.08, "slope_high": 0.12, "p_value": 0.61}
    return {
        "higher": higher,
        "lower": dataclasses.replace(higher, slope=-0.2, slope_low=-0.3, slope_high=-0.1),
        "open": dataclasses.replace(
            higher, **unsure, slope_standardised_low=-0.09, slope_standardised_high=0.14
        ),
        "small": dataclasses.replace(
            higher, **unsure, slope_standardised_low=-0.05, slope_standardised_high=0.08
        ),
        "few": dataclasses.replace(higher, n_workers=9),
        "none": dataclasses.replace(
            higher, slope=math.nan, slope_low=math.nan, slope_high=math.nan, p_value=math.nan
        ),
    }


def told(fake, name, said=SAID):
    """What is said of a variant; the smallest association of interest is 0.1."""
    return variants(fake)[name], dataclasses.replace(said, smallest=0.1)


ANSWERS = {
    "higher": "People whose worker scored higher on Reflective capacity gave higher scores on "
    "Emotional care.",
    "lower": "People whose worker scored higher on Reflective capacity gave lower scores on "
    "Emotional care.",
    "open": "These answers do not settle whether people whose worker scored higher on Reflective "
    "capacity gave higher or lower scores on Emotional care.",
    "small": "If people whose worker scored higher on Reflective capacity gave higher or lower "
    "scores on Emotional care at all, the difference is smaller than the smallest one of interest "
    "to this study.",
    "few": "There are too few workers to say whether people whose worker scored higher on "
    "Reflective capacity gave higher or lower scores on Emotional care.",
    "none": "Whether Emotional care and the worker's Reflective capacity go together could not be "
    "computed from these answers.",
}


@pytest.mark.parametrize("name", list(ANSWERS))
def test_the_answer_is_a_sentence_for_people(fake, name):
    assert wording.answer(*told(fake, name)) == ANSWERS[name]


@pytest.mark.parametrize("name", ["higher", "lower", "open", "small", "few"])
def test_the_answer_names_what_it_is_adjusted_for(fake, name):
    text = wording.answer(*told(fake, name, ADJUSTED))
    assert ", adjusted for Months known and Age" in text
    assert text.replace(", adjusted for Months known and Age", "") == ANSWERS[name]


@pytest.mark.parametrize("name", list(ANSWERS))
def test_the_words_of_the_figure_claim_no_more_than_the_answer(fake, name):
    text = wording.figure_words(*told(fake, name), points=True)
    ways = {"higher": {"rises"}, "lower": {"falls"}}.get(name, set())
    assert set(re.findall(r"rises|falls|upward\w*|downward\w*", text)) == ways
    if name == "none":
        assert text == "No line could be fitted for Emotional care on Reflective capacity."
    else:
        assert text.startswith(ANSWERS[name])
        assert ("which includes zero" in text) == (name in {"open", "small"})
        assert text.endswith("Diamonds are means of groups of workers, never of one worker.")


def test_the_words_of_the_figure_tell_raw_means_from_the_adjusted_line(fake):
    text = wording.figure_words(*told(fake, "higher", ADJUSTED), points=True)
    assert "Reflective capacity, adjusted for Months known and Age, rises" in text
    assert "Diamonds are raw means" in text
    assert "Diamonds" not in wording.figure_words(*told(fake, "higher"), points=False)


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
    text = wording.certainty(fake.Association(), ADJUSTED)
    assert "is 0.21 points higher on average, adjusted for Months known and Age (95%" in text


@pytest.mark.parametrize("name", ["higher", "open", "small", "few"])
def test_certainty_says_when_interval_and_p_take_people_as_independent(fake, name):
    one, said = told(fake, name)
    assert "ordinary regression" not in wording.certainty(one, said)
    edge = dataclasses.replace(one, model=fake.mixed("RC", boundary=True))
    assert wording.certainty(edge, said).endswith(
        "The variance between workers is estimated as zero, so this interval and this p value are "
        "those of ordinary regression, as if no two people shared a worker; the interval may be "
        "too narrow."
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
    text = wording.smallest_of_interest(one, dataclasses.replace(SAID, smallest=0.1))
    assert text.startswith("The study file names 0.10 standard deviations as the smallest")
    assert text.endswith(end)
    assert wording.smallest_of_interest(one, SAID) == ""


def test_a_size_is_named_only_where_the_interval_leaves_zero_out(fake):
    one = fake.Association()
    assert "; what Cohen calls medium; p" in explanations.correlation_words(one, SAID)
    unsure = dataclasses.replace(one, correlation_low=-0.02)
    assert "Cohen" not in explanations.correlation_words(unsure, SAID)
    assert "not adjusted for the covariates" in explanations.correlation_words(one, ADJUSTED)


def test_the_limits_deny_cause_and_ranking():
    assert wording.LIMITS[0].startswith("It does not show that one follows from the other.")
    assert "The study file says nothing of random assignment" in wording.LIMITS[0]
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
    withheld = fake.study(primary=dataclasses.replace(fake.Association(), n_workers=9))
    edge = fake.mixed("RC", "age", boundary=True)
    adjusted = dataclasses.replace(fake.Association(), covariates=("age",), model=edge)
    reports = [
        fake.study(primary=one, plan=SimpleNamespace(smallest_effect=0.1))
        for one in (*variants(fake).values(), adjusted)
    ]
    for study in [few, withheld, *reports]:
        for text in sentences(build_report(study)):
            assert not CAUSAL.search(text), text


@pytest.mark.parametrize("audience", ["service", "plain"])
def test_no_sentence_for_other_readers_has_a_causal_verb(cases, audience):
    for case in cases.names:
        for text in cases.texts(cases.report(case, audience)):
            assert not CAUSAL.search(text), text


def test_the_technical_headline_says_less_sure_where_other_methods_do_not_agree(cases):
    text = headline(gathered(cases.study_of("other methods"))).certainty
    assert (
        "It is less certain than that: another method (Rank correlation) does not say quite the "
        "same."
    ) in text
    assert "less certain" not in headline(gathered(cases.study_of("higher"))).certainty


@pytest.mark.parametrize(
    ("case", "answer", "certainty"),
    [
        (
            "none",
            ANSWERS["none"],
            "No slope could be computed: the scores do not differ enough between workers, or too "
            "few of them are there. Everything else that was asked is in this report.",
        ),
        (
            "none of few",
            ANSWERS["none"],
            "It would rest on fewer than 10 workers. Everything else that was asked is in this "
            "report.",
        ),
        (
            "withheld",
            "How Emotional care goes with the worker's Reflective capacity is withheld: it rests "
            "on fewer than 10 workers.",
            "It was computed, but statistics of so few people are uncertain and could tell about "
            "one of them.",
        ),
    ],
)
def test_the_technical_headline_without_an_association(cases, case, answer, certainty):
    found = headline(gathered(cases.study_of(case)))
    assert (found.answer, found.certainty) == (answer, certainty)


def test_the_list_of_causal_verbs_finds_some():
    for text in ("Reflection improves care", "the effect of reflection", "It leads to better care"):
        assert CAUSAL.search(text)
    assert not CAUSAL.search("The design effect is 2.0")
