import dataclasses
import math
import re

import pytest
from scipy.special import stdtrit

from relsurvey.association.equivalence import equivalence
from relsurvey.reporting import build_report, explanations, wording
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.material import gathered
from relsurvey.reporting.numbers import p_value
from relsurvey.reporting.references import words_of
from relsurvey.reporting.sections.association import association_section
from relsurvey.reporting.sections.background import background_section
from relsurvey.reporting.sections.cautions import cautions_section
from relsurvey.reporting.sections.headline import headline
from relsurvey.reporting.sections.methods import methods_section
from relsurvey.reporting.writers.words import heading

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


def variants(fake, cases):
    higher = fake.Association()
    unsure = {"slope": 0.02, "slope_low": -0.08, "slope_high": 0.12, "p_value": 0.61}
    unsettled = dataclasses.replace(higher, **unsure)
    return {
        "higher": higher,
        "lower": dataclasses.replace(higher, slope=-0.2, slope_low=-0.3, slope_high=-0.1),
        "trivial": cases.held(higher, 0.5),
        "open": cases.held(unsettled, 0.13),
        "little": cases.held(unsettled, 0.1),
        "small": cases.held(unsettled, 0.2),
        "few": dataclasses.replace(higher, n_workers=9),
        "none": dataclasses.replace(
            higher, slope=math.nan, slope_low=math.nan, slope_high=math.nan, p_value=math.nan
        ),
    }


def told(fake, cases, name, said=SAID):
    """What is said of a variant."""
    return variants(fake, cases)[name], said


ANSWERS = {
    "higher": "People whose worker scored higher on Reflective capacity gave higher scores on "
    "Emotional care.",
    "lower": "People whose worker scored higher on Reflective capacity gave lower scores on "
    "Emotional care.",
    "trivial": "People whose worker scored higher on Reflective capacity gave higher scores on "
    "Emotional care, but by less than the smallest difference of interest to this study.",
    "little": "There are too few answers to settle whether people whose worker scored higher on "
    "Reflective capacity gave higher or lower scores on Emotional care.",
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
def test_the_answer_is_a_sentence_for_people(fake, cases, name):
    assert wording.answer(*told(fake, cases, name)) == ANSWERS[name]


@pytest.mark.parametrize("name", ["higher", "lower", "open", "small", "few"])
def test_the_answer_names_what_it_is_adjusted_for(fake, cases, name):
    text = wording.answer(*told(fake, cases, name, ADJUSTED))
    assert ", adjusted for Months known and Age" in text
    assert text.replace(", adjusted for Months known and Age", "") == ANSWERS[name]


@pytest.mark.parametrize("name", list(ANSWERS))
def test_the_words_of_the_figure_claim_no_more_than_the_answer(fake, cases, name):
    text = wording.figure_words(*told(fake, cases, name), points=True)
    ways = {"higher": {"rises"}, "trivial": {"rises"}, "lower": {"falls"}}.get(name, set())
    assert set(re.findall(r"rises|falls|upward\w*|downward\w*", text)) == ways
    if name == "none":
        assert text == "No line could be fitted for Emotional care on Reflective capacity."
    else:
        assert text.startswith(ANSWERS[name])
        assert ("which includes zero" in text) == (name in {"open", "little", "small"})
        assert text.endswith("Diamonds are means of groups of workers, never of one worker.")


def test_the_words_of_the_figure_tell_raw_means_from_the_adjusted_line(fake, cases):
    text = wording.figure_words(*told(fake, cases, "higher", ADJUSTED), points=True)
    assert "Reflective capacity, adjusted for Months known and Age, rises" in text
    assert "Diamonds are raw means" in text
    assert "Diamonds" not in wording.figure_words(*told(fake, cases, "higher"), points=False)


def test_certainty_gives_size_interval_and_p(fake):
    assert wording.certainty(fake.Association(), SAID) == (
        "For each point more on Reflective capacity (1 to 6), Emotional care (0 to 3) is 0.21 "
        "points higher on average (95% confidence interval 0.11 to 0.32; p < .001). Put "
        "differently: between workers who are one standard deviation apart, the expected "
        "difference is 0.15 points."
    )


def test_certainty_of_an_open_answer_does_not_say_there_is_nothing(fake, cases):
    assert wording.certainty(variants(fake, cases)["open"], SAID).endswith(
        "The interval includes zero: no difference fits these answers, and so do differences as "
        "large as its ends. That is not evidence that there is none."
    )


def test_certainty_names_covariates(fake):
    text = wording.certainty(fake.Association(), ADJUSTED)
    assert "is 0.21 points higher on average, adjusted for Months known and Age (95%" in text


@pytest.mark.parametrize("name", ["higher", "open", "small", "few"])
def test_certainty_says_when_interval_and_p_take_people_as_independent(fake, cases, name):
    one, said = told(fake, cases, name)
    assert "ordinary regression" not in wording.certainty(one, said)
    edge = dataclasses.replace(one, model=fake.mixed("RC", boundary=True))
    assert wording.certainty(edge, said).endswith(
        "The variance between workers is estimated as zero, so this interval and this p value are "
        "those of ordinary regression, as if no two people shared a worker; the interval may be "
        "too narrow."
    )


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("trivial", "the 90% interval of the standardised slope, 0.17 to 0.41, lies within it (two "
         "one-sided tests, p = .0020)", "there is an association, and it is smaller than that."),
        ("open", "the 90% interval of the standardised slope, −0.09 to 0.15, reaches beyond it "
         "(two one-sided tests, p = .075)", "neither none at all nor one as large as that is ruled "
         "out."),
        ("little", "the 90% interval of the standardised slope, −0.09 to 0.15, reaches beyond it",
         "so wide that even a slope of zero would not have ruled out one as large as that."),
        ("small", "the 90% interval of the standardised slope, −0.09 to 0.15, lies within it",
         "no association as large as that, in either direction."),
    ],
)  # fmt: skip
def test_the_smallest_association_of_interest(fake, cases, name, start, end):
    text = wording.smallest_of_interest(*told(fake, cases, name))
    assert text.startswith("The study file names 0.")
    assert f"standard deviations as the smallest association of interest; {start}" in text
    assert text.endswith(end)


def test_an_interval_beyond_the_smallest_association_or_on_both_sides_of_it(fake, cases):
    one = fake.Association()
    beyond = wording.smallest_of_interest(cases.held(one, 0.1), SAID)
    assert beyond.endswith("the 95% interval of the standardised slope, 0.12 to 0.36, lies wholly "
                           "beyond it.")  # fmt: skip
    both = wording.smallest_of_interest(cases.held(one, 0.3), SAID)
    assert both.endswith("0.12 to 0.36, holds values on both sides of it.")
    assert wording.smallest_of_interest(one, SAID) == ""


def test_what_is_claimed_is_the_verdict_of_the_equivalence_test_not_of_the_wide_interval(
    fake, cases
):
    # The 95% interval of the standardised slope, -0.11 to 0.16, reaches beyond 0.155, the 90%
    # interval does not.
    one = cases.held(variants(fake, cases)["open"], 0.155)
    assert one.equivalence.verdict == "none that matters"
    assert one.equivalence.interval_high > one.equivalence.margin
    study = fake.study(primary=one, secondary=())
    words = [build_report(study, name).headline.answer for name in ("technical", "service",
                                                                    "plain")]  # fmt: skip
    assert "is smaller than the smallest one of interest" in words[0]
    assert "is smaller than the smallest one of interest" in words[1]
    assert words[2].endswith("If there is a link, it is too small to matter here.")


def test_a_size_is_named_only_where_the_interval_leaves_zero_out(fake):
    one = fake.Association()
    assert "; what Cohen calls medium; p" in explanations.correlation_words(one, SAID)
    unsure = dataclasses.replace(one, correlation_low=-0.02)
    assert "Cohen" not in explanations.correlation_words(unsure, SAID)
    assert "not adjusted for the covariates" in explanations.correlation_words(one, ADJUSTED)


def test_the_limits_deny_cause_and_ranking():
    limits = wording.limits("higher")
    assert limits[0].startswith("It does not show that one follows from the other.")
    assert "The study file says nothing of random assignment" in limits[0]
    assert limits[0].endswith("may lie behind both.")
    assert "not a ranking of workers" in limits[1]
    # Where nothing goes together, nothing lies behind it.
    assert wording.limits("small")[0].endswith("both scores come from surveys.")


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
def test_no_sentence_has_a_causal_verb(fake, cases):
    few = fake.study(n_workers=30, n_users=200, linked_workers=24, linked_users=150)
    withheld = fake.study(primary=dataclasses.replace(fake.Association(), n_workers=9))
    edge = fake.mixed("RC", "age", boundary=True)
    adjusted = dataclasses.replace(fake.Association(), covariates=("age",), model=edge)
    reports = [
        fake.study(primary=one, plan=fake.plan())
        for one in (*variants(fake, cases).values(), adjusted)
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


@pytest.mark.parametrize(
    ("case", "end"),
    [
        ("differs", "The slope was higher where Caseload was higher."),
        ("differs open", "Whether the slope differs with Caseload, these answers do not show."),
        ("differs withheld", "Whether the slope differs with Caseload is withheld: too few people "
         "or teams are there."),
        ("differs unknown", "Whether the slope differs with Caseload could not be computed."),
    ],
)  # fmt: skip
def test_a_planned_moderator_is_in_the_answer_the_hypothesis_and_the_methods(cases, case, end):
    material = gathered(cases.study_of(case))
    found = headline(material)
    assert found.answer == f"{ANSWERS['higher']} {end}"
    numbers = "Per point of Caseload the slope differs by 0.35 (95% interval 0.10 to 0.60; p"
    assert (numbers in found.certainty) == (case == "differs")
    hypothesis = dict(background_section(material).blocks[1].points)["Moderator"]
    assert hypothesis == f"Whether that association differs with Caseload was asked too. {end}"
    methods = [getattr(block, "text", "") for block in methods_section(material).blocks]
    assert any("in a second model" in text and text.endswith(end) for text in methods)
    limits = dict(cautions_section(material).blocks[1].points)
    assert ("Not the same everywhere" in limits) == (case == "differs")


def test_a_line_that_bends_is_in_the_answer_and_among_the_limitations(cases):
    material = gathered(cases.study_of("bend"))
    said = "The line bends: the slope is higher at high scores than at low ones (p < .001), so one"
    assert said in headline(material).certainty
    assert "The line bends" in dict(cautions_section(material).blocks[1].points)
    straight = cases.sensitivity(cases.bend(0.05))
    study = dataclasses.replace(cases.study_of("higher"), sensitivity=straight)
    assert "bends" not in headline(gathered(study)).certainty


def test_a_bend_is_told_where_no_direction_is(cases):
    study = dataclasses.replace(
        cases.study_of("open"), sensitivity=cases.sensitivity(cases.bend(-0.3))
    )
    assert "is lower at high scores" in headline(gathered(study)).certainty
    service, plain = (build_report(study, name).headline for name in ("service", "plain"))
    assert service.certainty.endswith("The line between the scores bends; see below.")
    assert plain.certainty.endswith("The link is not the same for low scores as for high scores.")


def test_a_correlation_of_the_other_sign_has_a_word(cases):
    study = cases.study_of("higher")
    turned = dataclasses.replace(study.primary, correlation=-0.01, correlation_low=-0.2)
    tiles = [
        headline(gathered(dataclasses.replace(study, primary=one))).figures[1].detail
        for one in (study.primary, turned)
    ]
    assert ["of the other sign than the slope" in tile for tile in tiles] == [False, True]


def test_the_equivalence_test_is_shown_and_where_numbers_are_rounded_remade(cases):
    study = cases.study_of("small")
    material = gathered(study)
    assert material.rules.rounds("worker")
    table = next(
        block
        for block in association_section(material).blocks
        if getattr(block, "id", "") == "table-equivalence"
    )
    exact = study.primary.equivalence
    std_error = (exact.interval_high - exact.estimate) / stdtrit(110.0, 0.975)
    remade = equivalence(exact.estimate, std_error, 110.0, exact.margin)
    shown_ends = material.as_shown(study.primary).equivalence
    assert (shown_ends.df, shown_ends.conf_high) == (110.0, pytest.approx(remade.conf_high))
    assert shown_ends.conf_high != exact.conf_high
    shown = {row[0]: row[1] for row in table.rows}
    assert shown["Smallest association of interest"] == "0.20 either way"
    assert shown["Smaller than that: both (TOST)"] == p_value(remade.p_value)
    assert any("Schuirmann 1987 and Lakens 2017" in note for note in table.notes)


def test_limits_of_p_and_of_several_are_named_only_where_one_is_shown(fake, cases):
    def points(study):
        return dict(cautions_section(gathered(study)).blocks[1].points)

    shown = fake.study()
    assert "Several associations" in points(shown)
    assert "A small p value" in points(shown)["Association only"]
    few = [dataclasses.replace(one, n_workers=9) for one in shown.secondary]
    hidden = points(dataclasses.replace(shown, secondary=few))
    assert "Several associations" not in hidden
    assert "small p value" not in points(cases.study_of("open"))["Association only"]


@pytest.mark.parametrize("audience", ["technical", "service", "plain"])
@pytest.mark.usefixtures("undrawn")
def test_a_very_long_title_is_cut_above_every_report_and_kept_once(fake, audience):
    title = "A study of " + "very " * 2000 + "long titles"
    report = build_report(fake.study(title=title), audience)
    assert len(heading(report)) <= 200
    whole = [text for text in words_of(report.sections) if title in text]
    assert len(whole) == (audience == "technical")
