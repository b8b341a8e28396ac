import dataclasses
from types import SimpleNamespace

import pytest

from relsurvey.reporting import build_report
from relsurvey.reporting.bands import band_words, standing_words

HIGHER = (
    "People whose worker scored higher on Reflective capacity gave higher scores on Emotional care."
)
LESS = "We are less sure of that than the figures alone suggest ({}; see below)."
REST = "Everything else that was asked is in this report."
SAID = {
    "higher": (
        HIGHER,
        "We are fairly sure of the direction: chance alone would seldom give such answers.",
    ),
    "lower": (
        "People whose worker scored higher on Reflective capacity gave lower scores on Emotional "
        "care.",
        "We are fairly sure of the direction: chance alone would seldom give such answers.",
    ),
    "open": (
        "These answers do not settle whether people whose worker scored higher on Reflective "
        "capacity gave higher or lower scores on Emotional care.",
        "Whether it is so is not known: higher scores, lower scores and no difference all fit "
        "these answers. That is not evidence that there is none.",
    ),
    "small": (
        "People's Emotional care hardly differs between workers with higher and with lower scores "
        "on Reflective capacity: any difference is smaller than the smallest one of interest to "
        "this study.",
        "We are fairly sure of that: all sizes that fit these answers are below that one.",
    ),
    "few": (
        "There are too few workers to say whether people whose worker scored higher on Reflective "
        "capacity gave higher or lower scores on Emotional care.",
        "Whether it is so is not known. With fewer than ten workers, no direction is to be read "
        "into the figures.",
    ),
    "withheld": (
        "How Emotional care goes with the worker's Reflective capacity is not shown: it rests on "
        "fewer than 10 workers.",
        "Figures of so few people could tell who they are, and could not settle the question.",
    ),
    "none": (
        "Whether Emotional care and the worker's Reflective capacity go together could not be "
        "computed: the scores do not differ enough.",
        REST,
    ),
    "none of few": (
        "Whether Emotional care and the worker's Reflective capacity go together could not be "
        "computed: it would rest on fewer than 10 workers.",
        REST,
    ),
    "adjusted": (
        f"{HIGHER[:-1]}, adjusted for Age and Months.",
        "We are fairly sure of the direction: chance alone would seldom give such answers.",
    ),
    "edge": (HIGHER, LESS.format("differences between workers")),
    "unfinished": (HIGHER, LESS.format("the computation")),
    "few workers": (HIGHER, LESS.format("few workers")),
    "other methods": (HIGHER, LESS.format("other methods")),
    "other choices": (HIGHER, LESS.format("other choices")),
}
FIRST_TO_CONSIDER = {
    "open": "Keep asking",
    "small": "Look elsewhere",
    "few": "Ask more workers",
    "withheld": "Ask more workers",
    "none": "Look at the answers",
    "none of few": "Ask more workers",
}


def service(cases, case):
    return cases.report(case, "service")


def points(report, section):
    found = [one for one in report.sections if one.id == section]
    return dict(found[0].blocks[0].points) if found else {}


def section(report, name):
    return next(one for one in report.sections if one.id == name)


def test_every_case_is_pinned(cases):
    assert tuple(SAID) == cases.names


@pytest.mark.parametrize("case", list(SAID))
def test_answer_and_certainty_of_each_case(cases, case):
    headline = service(cases, case).headline
    assert (headline.answer, headline.certainty) == SAID[case]


@pytest.mark.parametrize("case", list(SAID))
def test_what_to_consider_follows_from_the_case(cases, case):
    report = service(cases, case)
    names = list(points(report, "what-to-consider"))
    assert names[0] == FIRST_TO_CONSIDER.get(case, "Talk it over")
    assert names[-1] == "Do not judge a worker by it"
    unsure = case in {"edge", "unfinished", "few workers", "other methods", "other choices"}
    assert ("Ask again before you build on it" in names) == unsure


@pytest.mark.parametrize(
    ("case", "name", "text"),
    [
        ("few workers", "Few workers", "It rests on fewer than 50 workers, and asking more people "
         "of the same workers hardly narrows it."),
        ("other methods", "Other methods", "Not every other method of computing it says the same."),
        ("other choices", "Other choices", "With one choice changed at a time, such as which "
         "workers are counted, not every result is the same."),
        ("edge", "Differences between workers", "The model found no differences between workers "
         "beyond chance, so that the range given may be too narrow."),
        ("unfinished", "The computation", "It did not come to an end, and its figures are not to "
         "be relied on until somebody has found out why."),
    ],
)  # fmt: skip
def test_each_doubt_is_explained(cases, case, name, text):
    assert points(service(cases, case), "how-sure")[name] == text
    assert name not in points(service(cases, "higher"), "how-sure")


def test_the_size_is_said_in_points_and_in_percent_of_the_scale(cases):
    report = service(cases, "higher")
    found = section(report, "what-we-found")
    assert found.blocks[0].text == (
        "With workers who score rather high, people's Emotional care (0 to 3) is expected at "
        "2.15, with workers who score rather low at 1.85: 0.30 points apart, 10% of that scale."
    )
    assert "2.15 (95% interval 2.06 to 2.24)" in found.figures[0].alt
    assert found.figures[0].alt.startswith(HIGHER)
    assert report.headline.figures[0].value == "10%"


@pytest.mark.parametrize("case", ["open", "small"])
def test_no_single_size_is_said_where_there_is_no_direction(cases, case):
    report = service(cases, case)
    assert section(report, "what-we-found").blocks[0].text == (
        "With workers who score rather high, people's scores may be anything from 4% lower to 6% "
        "higher than with workers who score rather low (95% interval, in percent of the scale)."
    )
    assert [one.label for one in report.headline.figures] == [
        "workers in the comparison",
        "service users in the comparison",
    ]


@pytest.mark.parametrize("case", ["few", "withheld", "none", "none of few"])
def test_there_is_no_figure_of_what_cannot_be_told(cases, case):
    report = service(cases, case)
    assert not any(one.figures for one in report.sections)
    assert "what-we-found" not in [one.id for one in report.sections]
    assert section(report, "where-scores-stand").tables


def test_it_says_who_answered_and_what_it_does_not_show(cases):
    report = service(cases, "higher")
    asked = [block.text for block in section(report, "what-we-asked").blocks]
    assert asked == [
        "140 workers answered Reflective practice questionnaire: 8 questions. 120 of them could "
        "be linked with people who answered.",
        "930 service users answered Emotional care in social work: 9 questions. 874 of them could "
        "be linked with their worker's answers.",
    ]
    assert report.headline.limits == (
        "It does not show that one follows from the other: experience, caseload or the kind of "
        "case may lie behind both.",
        "It is not a ranking of workers and tells nothing about any one worker.",
        "It tells nothing about people who did not answer or could not be linked.",
    )


def test_those_who_could_not_be_linked_are_named_and_no_lowest_scale(cases, fake):
    study = cases.study_of("higher")
    study.service_users.scores["VAL"] -= 0.4
    few = dataclasses.replace(study, linked=fake.link(140, 930, 118, 600))
    found = points(build_report(few, "service"), "what-to-consider")
    assert "Personal value" not in " ".join(found.values())
    assert found["Find out who is missing"].startswith("35% of the people who answered could not")
    assert "Find out who is missing" not in points(build_report(study, "service"),
                                                   "what-to-consider")  # fmt: skip


def test_where_scores_stand_is_said_in_percent_and_words(cases):
    one = section(service(cases, "higher"), "where-scores-stand").tables[0]
    rows = {row[0]: row for row in one.rows}
    assert one.columns[-1] == "In words"
    assert rows["Reflective capacity"][1:3] == ("workers", "1 to 6")
    assert rows["Emotional care"][4:] == ("66%", "about “Usually”")
    assert "traffic" not in " ".join(cases.texts(service(cases, "higher")))


def bands(of="score"):
    rows = (("red", 1, 2, "needs work"), ("amber", 3, 4, "in between"), ("green", 5, 6, "strong"))
    return tuple(
        SimpleNamespace(
            scale="RC", of=of, minimum=low, maximum=high, level=level, label={"en": label}
        )
        for level, low, high, label in rows
    )


def test_bands_are_read_only_where_an_instrument_defines_them(fake):
    instrument = fake.workers_instrument(bands=bands())
    workers = fake.survey("worker", instrument, 140, 1)
    report = build_report(fake.study(workers=workers), "service")
    one = section(report, "where-scores-stand").tables[0]
    rows = {row[0]: row[-1] for row in one.rows}
    assert one.columns[-1] == "Band"
    assert rows["Reflective capacity"] == "Amber: in between"
    assert rows["Security"] == rows["Reflective-in-action"] == "none defined"
    assert any("the instrument's own" in note for note in one.notes)


@pytest.mark.parametrize(
    ("mean", "said"),
    [(1.0, "Red: needs work"), (2.4, "Red: needs work"), (2.5, "Amber: in between"),
     (4.4, "Amber: in between"), (4.6, "Green: strong"), (6.0, "Green: strong")],
)  # fmt: skip
def test_a_mean_between_bands_is_rounded_half_up(fake, mean, said):
    instrument = fake.workers_instrument(bands=bands())
    assert band_words(instrument, instrument.scales[-1], mean) == said
    assert band_words(instrument, instrument.scales[0], mean) == ""


def test_bands_of_single_answers_give_no_light_to_a_mean(fake):
    instrument = fake.workers_instrument(bands=bands(of="answer"))
    assert band_words(instrument, instrument.scales[-1], 1.5) == ""
    workers = fake.survey("worker", instrument, 140, 1)
    report = build_report(fake.study(workers=workers), "service")
    one = section(report, "where-scores-stand").tables[0]
    assert one.columns[-1] == "In words"
    assert not any("Bands" in note for note in one.notes)


def test_a_mean_is_said_by_the_answers_or_by_thirds(fake):
    instrument = fake.users_instrument()
    one = instrument.scales[0]
    said = {mean: standing_words(instrument, one, mean) for mean in (0, 1.2, 1.5, 1.8, 3)}
    assert said == {
        0: "about “Never”",
        1.2: "about “Sometimes”",
        1.5: "between “Sometimes” and “Usually”",
        1.8: "about “Usually”",
        3: "about “Always”",
    }
    one.method, one.maximum = "sum", 15.0
    assert standing_words(instrument, one, 15.0) == "upper third of the range"
    assert standing_words(instrument, one, 4.0) == "lower third of the range"


def test_small_groups_are_not_shown(fake):
    study = fake.study(n_workers=9, linked_workers=9)
    one = section(build_report(study, "service"), "where-scores-stand").tables[0]
    assert all(row[3:] == ("–", "–", "–") for row in one.rows if row[1] == "workers")
    assert not [row for row in one.rows if row[1] == "service users"]
    assert any(note.startswith("Scores of service users are not shown:") for note in one.notes)
    assert any(note == "–: fewer than 10 people have a score." for note in one.notes)
