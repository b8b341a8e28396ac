import dataclasses
import re

import pytest
import textstat

from relsurvey.adaptation.readability import coleman_liau
from relsurvey.reporting import build_report
from relsurvey.views import Bullets

OLDEST = 12.0
WORKER, YOURS = "“Reflective capacity”", "“Emotional care”"
HIGHER = (
    f"If a worker had a higher {WORKER} score, the people they work with gave higher {YOURS} "
    "scores. This is so on the whole, not for each one."
)
SIZE = (
    "On a scale of 100 steps, people whose worker has a high score are about 10 steps above "
    "people whose worker has a low score."
)
UNSURE = f"{SIZE} We are not very sure of this."
MORE = "So we do not know yet. More questions need to be answered."
OPEN = (
    f"We cannot tell if people gave higher or lower {YOURS} scores when their worker had a higher "
    f"{WORKER} score. It could be higher, lower or the same.",
    "That does not mean there is no link. It means we do not know yet.",
)
SAID = {
    "higher": (HIGHER, f"{SIZE} We are fairly sure of this."),
    "lower": (
        HIGHER.replace("gave higher", "gave lower"),
        f"{SIZE.replace('above', 'below')} We are fairly sure of this.",
    ),
    "open": OPEN,
    "small": (
        f"The {WORKER} score of a worker and the {YOURS} scores of the people they work with "
        "hardly go together. If there is a link, it is too small to matter here.",
        "We are fairly sure of this.",
    ),
    "few": (
        f"Too many questions were left open. We cannot say if the {WORKER} score of a worker and "
        f"the {YOURS} scores of the people they work with go together.",
        MORE,
    ),
    "withheld": (
        f"We do not show how the {WORKER} score of a worker and the {YOURS} scores of people go "
        "together. Too many questions were left open. Someone might be known by it.",
        MORE,
    ),
    "none": (
        f"We could not work out if the {WORKER} score of a worker and the {YOURS} scores of the "
        "people they work with go together. The scores were too much alike.",
        "So we do not know yet.",
    ),
    "none of few": (
        f"We could not work out if the {WORKER} score of a worker and the {YOURS} scores of the "
        "people they work with go together. Too many questions were left open.",
        MORE,
    ),
    "adjusted": (
        HIGHER,
        f"{SIZE} We are fairly sure of this. We took “Age” and “Months” into account.",
    ),
    "edge": (HIGHER, f"{UNSURE} It may look more sure than it is."),
    "unfinished": (HIGHER, f"{UNSURE} Some of our sums did not come to an end."),
    "few workers": (HIGHER, f"{UNSURE} Only a few workers took part."),
    "other methods": (
        HIGHER,
        f"{UNSURE} We checked it in other ways too, and not all of them say the same.",
    ),
    "other choices": (
        HIGHER,
        f"{UNSURE} We checked it in other ways too, and not all of them say the same.",
    ),
    "bend": (HIGHER, f"{UNSURE} The link is not the same for low scores as for high scores."),
    "waves": (
        HIGHER,
        f"{UNSURE} One person may have answered more than once, and each time counts.",
    ),
    "trivial": (
        HIGHER,
        f"{SIZE} That is too small to matter here. We are fairly sure of this.",
    ),
    "little": OPEN,
    "differs": (
        f"{HIGHER} This is not the same everywhere. Where “Caseload” is high, people "
        "whose worker scored higher gave higher scores. Where it is low, we cannot tell.",
        f"{SIZE} We are fairly sure of this.",
    ),
    "differs alike": (
        f"{HIGHER} The link is stronger where “Caseload” is high.",
        f"{SIZE} We are fairly sure of this.",
    ),
    "differs unsure": (
        f"{HIGHER} This is not the same where “Caseload” is high as where it is low.",
        f"{SIZE} We are fairly sure of this.",
    ),
    "differs open": (
        f"{HIGHER} We cannot tell if this is the same where “Caseload” is high or low.",
        f"{SIZE} We are fairly sure of this.",
    ),
    "differs unknown": (
        f"{HIGHER} We cannot tell if this is the same where “Caseload” is high or low.",
        f"{SIZE} We are fairly sure of this.",
    ),
    "differs withheld": (
        f"{HIGHER} We do not show if this is the same where “Caseload” is high or low.",
        f"{SIZE} We are fairly sure of this.",
    ),
}
STATISTICS = re.compile(
    r"\b(p|intervals?|slopes?|correlat\w*|signific\w*|standard|deviations?|coefficients?|"
    r"regress\w*|variance|model|hypothes\w*|average|mean|median|percent|confidence|adjusted|"
    r"estimates?|scale range|sample)\b",
    re.IGNORECASE,
)


def plain(cases, case):
    return cases.report(case, "plain")


def sentences_of(cases, report):
    """Its own sentences; what has no full stop gets one, as a reader pauses there."""
    for text in cases.texts(report):
        if text:
            yield text if text[-1] in ".!?" else f"{text}."


def reading_age(text):
    """The mean of two formulas, as for the wording of questions."""
    words = textstat.lexicon_count(text)
    cli = coleman_liau(textstat.letter_count(text), words, textstat.sentence_count(text))
    return (textstat.automated_readability_index(text) + cli) / 2 + 5


def test_every_case_is_pinned(cases):
    assert set(SAID) == set(cases.names)


@pytest.mark.parametrize("case", list(SAID))
def test_answer_and_certainty_of_each_case(cases, case):
    headline = plain(cases, case).headline
    assert (headline.answer, headline.certainty) == SAID[case]


@pytest.mark.parametrize("case", list(SAID))
def test_the_reading_age_is_at_most_that_of_a_child_of_twelve(cases, case):
    text = " ".join(sentences_of(cases, plain(cases, case)))
    # With the titles of scores, which are the instrument's own and stand in quotation marks.
    assert reading_age(text) <= OLDEST
    # And as hard sentences are not to hide among easy ones: the finding alone, titles left out.
    headline = re.sub("“[^”]*”", "this", " ".join(SAID[case]))
    assert reading_age(headline) <= OLDEST


def test_the_reading_age_tells_hard_text():
    assert reading_age("The estimated association remained statistically indistinguishable.") > 15


@pytest.mark.parametrize("case", list(SAID))
def test_no_word_of_statistics(cases, case):
    for text in cases.texts(plain(cases, case)):
        found = STATISTICS.search(text.replace("That does not mean", "").replace("It means", ""))
        assert not found, text


@pytest.mark.parametrize("case", list(SAID))
def test_it_is_short_enough_for_a_page_in_big_type(cases, case):
    report = plain(cases, case)
    figures = [figure for one in report.sections for figure in one.figures]
    drawn = {figure.alt for figure in figures}
    words = sum(len(text.split()) for text in sentences_of(cases, report) if text not in drawn)
    assert words <= 230
    assert len(figures) == 1


def test_what_it_is_made_of(cases):
    report = plain(cases, "higher")
    assert report.headline.title == "What we found"
    assert [one.title for one in report.sections] == [
        "What you told us",
        "What we do not know",
        "What happens with your answers",
    ]
    told = report.sections[0].blocks[0].text
    assert told == (
        f"Thank you for taking part. We call a worker’s score {WORKER}, and yours {YOURS}. "
        "“High” and “low” are where about the top and the lowest 1 in 6 workers start. 930 "
        "people answered."
    )
    handled = [text for _, text in report.sections[2].blocks[0].points]
    assert handled == [
        "The study team keeps your answers. You can ask who sees them.",
        "No one’s own answers are on this page.",
        "We show nothing about a group of fewer than 10 people.",
        "We round numbers of people, so that no one can be known.",
    ]
    assert all(
        not name
        for one in report.sections
        for block in one.blocks
        if isinstance(block, Bullets)
        for name, _ in block.points
    )


def test_answers_of_several_waves_are_not_called_people(cases):
    told = plain(cases, "waves").sections[0].blocks[0].text
    assert told.endswith("We have 930 answers.")
    assert "people answered" not in told


def test_why_it_is_so_is_asked_only_where_something_is_found(cases):
    for case in cases.names:
        first = plain(cases, case).sections[1].blocks[0].points[0][1]
        found = case not in {"open", "little", "small", "few", "withheld", "none", "none of few"}
        assert first.startswith("Why it is so.") == found


def test_ten_little_people_say_how_many_with_the_words_beside(cases):
    study = cases.study_of("higher")
    study.service_users.scores["TOTAL"] = [1.0, 2.0] * (930 // 2)
    study.service_users.scores["SEC"] = 3.0
    (figure,) = build_report(study, "plain").sections[0].figures
    assert "“Emotional care”: about 5 in 10, “Security”: all and “Personal value”:" in figure.alt
    assert figure.picture.svg.startswith('<svg id="figure-people"')


def test_a_share_is_rounded_to_tenths_once(fake):
    # Of 59, 49: in steps of .05 it is .85, and that would be called 9 in 10.
    study = fake.study(n_users=59, linked_users=55)
    for scale in ("TOTAL", "SEC", "VAL"):
        study.service_users.scores[scale] = [3.0] * 49 + [0.0] * 10
    (figure,) = build_report(study, "plain").sections[0].figures
    assert "“Emotional care”: about 8 in 10" in figure.alt
    assert "9 in 10" not in figure.alt


def test_nearly_all_are_not_all(fake):
    study = fake.study(linked_users=925)
    study.service_users.scores["TOTAL"] = [3.0] * 915 + [0.0] * 15
    (figure,) = build_report(study, "plain").sections[0].figures
    assert "“Emotional care”: nearly all" in figure.alt


def test_people_are_not_drawn_where_there_are_few(cases, fake):
    study = fake.study(n_workers=9, linked_workers=9)
    report = build_report(study, "plain")
    assert not any(one.figures for one in report.sections)
    few = cases.study_of("higher")
    few.service_users.scores["TOTAL"] = [3.0] * 925 + [0.0] * 5
    (figure,) = build_report(few, "plain").sections[0].figures
    assert "Emotional care" not in figure.alt


@pytest.mark.parametrize(
    ("slope", "words"),
    [(0.0149, "less than 1 step above"), (0.025, "about 1 step above"),
     (0.05, "about 2 steps above")],
)  # fmt: skip
def test_steps_are_counted(cases, slope, words):
    study = cases.study_of("higher")
    ends = {"slope_low": slope / 2, "slope_high": slope * 1.5}
    primary = dataclasses.replace(study.primary, slope=slope, **ends)
    report = build_report(dataclasses.replace(study, primary=primary), "plain")
    assert f"are {words} people whose worker" in report.headline.certainty


def test_titles_from_a_file_are_text_and_not_too_long(cases):
    study = cases.study_of("higher")
    for scale in study.service_users.instrument.scales:
        scale.title = "<script>alert(1)</script> " + "long words " * 30
    report = build_report(study, "plain")
    assert len(report.headline.answer) < 300
    assert "&lt;script&gt;" in report.sections[0].figures[0].picture.svg
    assert "<script" not in report.sections[0].figures[0].picture.svg
