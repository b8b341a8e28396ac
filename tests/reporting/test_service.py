import dataclasses
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.reporting import build_report
from relsurvey.reporting.bands import band_words, standing_words
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.lights import lights_table
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sentences.finding import finding_of

HIGHER = (
    "People whose worker scored higher on Reflective capacity gave higher scores on Emotional care."
)
LESS = "We are less sure of that than the figures alone suggest ({}; see below)."
SURE = "We are fairly sure of the direction: chance alone would seldom give such answers."
REST = "What was asked, and where the scores stand, is in this report."
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
    "trivial": (
        f"{HIGHER[:-1]}, but by less than the smallest difference of interest to this study.",
        "We are fairly sure of the direction: chance alone would seldom give such answers.",
    ),
    "little": (
        "There are too few answers to settle whether people whose worker scored higher on "
        "Reflective capacity gave higher or lower scores on Emotional care.",
        "Whether it is so is not known: higher scores, lower scores and no difference all fit "
        "these answers. That is not evidence that there is none.",
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
        "We are fairly sure of that: with a size as large as that one, in either direction, chance "
        "alone would seldom give such answers.",
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
        "Too many questions were left open. Figures of so few people could tell who they are, and "
        "could not settle the question.",
    ),
    "none": (
        "Whether Emotional care and the worker's Reflective capacity go together could not be "
        "computed: the scores do not differ enough.",
        REST,
    ),
    "none of few": (
        "Whether Emotional care and the worker's Reflective capacity go together could not be "
        "computed: it would rest on fewer than 10 workers.",
        f"Too many questions were left open. {REST}",
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
    "bend": (HIGHER, LESS.format("a line that bends")),
    "waves": (HIGHER, LESS.format("several waves")),
    "differs": (
        f"{HIGHER} This differs with Caseload beyond chance: where that is rather high, people "
        "whose worker scored higher gave higher scores; where it is rather low, neither higher "
        "nor lower scores are sure.",
        SURE,
    ),
    "differs alike": (
        f"{HIGHER} This differs with Caseload beyond chance: the difference between workers is "
        "larger where that is higher.",
        SURE,
    ),
    "differs unsure": (
        f"{HIGHER} This differs with Caseload beyond chance: people's scores go up more, or down "
        "less, with their worker's score where that is higher.",
        SURE,
    ),
    "differs open": (f"{HIGHER} Whether this differs with Caseload is not settled.", SURE),
    "differs unknown": (
        f"{HIGHER} Whether this differs with Caseload could not be computed.",
        SURE,
    ),
    "differs withheld": (
        f"{HIGHER} Whether this differs with Caseload is not shown: too few people or teams are "
        "there.",
        SURE,
    ),
}
FIRST_TO_CONSIDER = {
    "open": "Keep asking",
    "small": "Look elsewhere",
    "little": "Keep asking",
    "few": "See which questions were left open",
    "withheld": "See which questions were left open",
    "none": "Look at the answers",
    "none of few": "See which questions were left open",
}


def staff(n_teams, per_team=10):
    """Make what staff of made-up teams said, as a study holds it."""
    sword = rs.load_instrument("sword")
    n = n_teams * per_team
    drawn = np.random.default_rng(2).normal(4, 1.4, (n, len(sword.item_ids)))
    items = pd.DataFrame(np.clip(drawn.round(), 1, 6), columns=list(sword.item_ids))
    return SimpleNamespace(
        instrument=sword, responses=SimpleNamespace(n=n, items=items), n_teams=n_teams,
        scales=pd.DataFrame({"scale": [one.id for one in sword.scales], "n_staff": n}),
        scores=pd.DataFrame({"team": np.repeat(np.arange(n_teams), per_team)}),
    )  # fmt: skip


def service(cases, case):
    return cases.report(case, "service")


def points(report, section):
    found = [one for one in report.sections if one.id == section]
    return dict(found[0].blocks[0].points) if found else {}


def section(report, name):
    return next(one for one in report.sections if one.id == name)


def test_every_case_is_pinned(cases):
    assert set(SAID) == set(cases.names)


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
    unsure = case in {
        "edge", "unfinished", "few workers", "other methods", "other choices", "bend", "waves",
    }  # fmt: skip
    assert ("Ask again before you build on it" in names) == unsure


@pytest.mark.parametrize(
    ("case", "name", "text"),
    [
        ("few workers", "Few workers", "It rests on fewer than 50 workers, and asking more people "
         "of the same workers hardly narrows it."),
        ("other methods", "Other methods", "Not every other method of computing it says the same."),
        ("other choices", "Other choices", "With one choice changed at a time, such as which "
         "workers are counted, not every result is the same."),
        ("bend", "A line that bends", "People's scores do not differ alike over the whole range of "
         "workers' scores, so that one difference does not say all."),
        ("waves", "Several waves", "Answers from several waves were read together and one person's "
         "answers may count more than once, so that the range given may be too narrow."),
        ("edge", "Differences between workers", "The model found no differences between workers "
         "beyond chance, so that the range given may be too narrow."),
        ("unfinished", "The computation", "It did not come to an end, and its figures are not to "
         "be relied on until somebody has found out why."),
    ],
)  # fmt: skip
def test_each_doubt_is_explained(cases, case, name, text):
    assert points(service(cases, case), "how-sure")[name] == text
    assert name not in points(service(cases, "higher"), "how-sure")


def test_a_denied_association_names_the_interval_that_denies_it(cases):
    found = section(service(cases, "small"), "what-we-found").blocks[0].text
    assert "(95% interval" in found
    assert "two tests, one for each direction, which go with the 90% interval" in found
    open_ = section(service(cases, "open"), "what-we-found").blocks[0].text
    assert "90%" not in open_


def test_pooled_waves_are_counted_in_answers_and_not_in_people(cases):
    report = service(cases, "waves")
    asked = " ".join(block.text for block in section(report, "what-we-asked").blocks)
    assert "930 answers of service users, in several waves, are to Emotional care" in asked
    assert "140 workers answered" in asked
    assert "answers of people of " in points(report, "how-sure")["How many"]
    assert "answers of service users in the comparison" in report.headline.figures[-1].label


def test_pooled_waves_are_told_where_nothing_is_settled(cases):
    study = cases.study_of("open")
    study.service_users.n_waves = 2
    report = build_report(study, "service")
    assert "Several waves" in points(report, "how-sure")
    assert "bends" not in report.headline.certainty


@pytest.mark.parametrize(
    ("kept", "linked", "used", "users", "reason"),
    [(16, 10, 9, 874, "together"), (16, 10, 9, 600, "unlinked"), (15, 14, 9, 874, "left open"),
     (10, 10, 9, 874, "left out"), (9, 9, 9, 874, "few workers")],
)  # fmt: skip
def test_the_largest_loss_is_blamed_and_not_the_last_one(fake, kept, linked, used, users, reason):
    study = fake.study(n_workers=kept, linked_workers=linked, linked_users=users)
    study.workers.n_answered = max(kept, 16) if reason != "few workers" else kept
    study = dataclasses.replace(study, primary=fake.Association(n_workers=used))
    assert finding_of(gathered(study)).reason == reason


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


@pytest.mark.parametrize("case", ["open", "little", "small"])
def test_no_single_size_is_said_where_there_is_no_direction(cases, case):
    report = service(cases, case)
    assert section(report, "what-we-found").blocks[0].text.partition(" Whether")[0] == (
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
        "About 140 workers answered Reflective practice questionnaire: 8 questions. About 120 of "
        "them could be linked with people who answered.",
        "930 service users answered Emotional care in social work: 9 questions. 874 of them could "
        "be linked with their worker's answers. Numbers of people are rounded, so that nobody can "
        "be recognised by them.",
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


def test_the_service_report_shows_what_staff_were_asked_and_their_traffic_lights(fake):
    teams = staff(20)
    study = dataclasses.replace(fake.study(), teams=teams)
    report = build_report(study, "service")
    asked = [getattr(block, "text", "") for block in section(report, "what-we-asked").blocks]
    assert any(text.startswith("200 members of staff answered Social Work Org") for text in asked)
    (table,) = [
        one for one in section(report, "traffic-lights").tables if one.id == "table-lights-staff"
    ]
    assert [head.split(",")[0] for head in table.columns] == ["Scale", "Red", "Amber", "Green"]
    answers = teams.responses.items[list(teams.instrument.scales["SECURE"].items)].to_numpy()
    red = (answers <= 2).mean()
    assert table.rows[0][:2] == ("Secure base", f"{100 * red:.0f}%")
    few = dataclasses.replace(study, teams=staff(2, per_team=4))
    assert "traffic-lights" not in [one.id for one in build_report(few, "service").sections]


def test_lights_of_service_users_answers_are_shown_past_disclosure_control(fake):
    sword = rs.load_instrument("sword")
    survey = SimpleNamespace(instrument=sword, responses=staff(20).responses)
    shown = lights_table(survey, Disclosure(10), "service users", "table-lights-service")
    assert all(cell.endswith("%") for row in shown.rows for cell in row[1:])
    # Nobody's answer is red but one person's: none of the three shares may be told.
    survey.responses.items.loc[:] = 4.0
    survey.responses.items.iloc[100:] = 5.0
    survey.responses.items.iloc[0, 0] = 1.0
    hidden = lights_table(survey, Disclosure(10), "service users", "table-lights-service")
    assert hidden.rows[0][1:] == ("–", "–", "–")


def test_slopes_that_the_tables_withhold_raise_no_doubt(cases):
    study = cases.study_of("higher")
    near = cases.sensitivity(cases.other_choice(n_workers=111.0, n_users=859.0))
    assert near.n_contradicting == 1
    report = build_report(dataclasses.replace(study, sensitivity=near), "service")
    assert report.headline.certainty == SURE


def test_rounded_numbers_are_spoken_as_about(cases):
    report = service(cases, "higher")
    rounded = gathered(cases.study_of("higher")).rules.rounded
    assert rounded == {"worker"}
    for text in cases.texts(report):
        assert not re.search(r"(?<!about )(?<!About )\b(115|120|140) (of them|workers)", text)


REASONS = {
    "few workers": ({"n_workers": 8, "linked_workers": 8}, "Ask more workers",
                    "Too few workers took part."),
    "few people": ({"n_users": 9, "linked_users": 9}, "Ask more service users",
                   "Too few people took part."),
    "unlinked": ({"linked_workers": 9, "linked_users": 40}, "See who can be linked",
                 "Too few answers could be joined to those of a worker."),
    "left open": ({}, "See which questions were left open", "Too many questions were left open."),
}  # fmt: skip


@pytest.mark.parametrize("reason", list(REASONS))
def test_the_true_reason_is_given_and_the_advice_follows_it(fake, cases, reason):
    changes, advice, words = REASONS[reason]
    few = {"n_workers": 4, "n_service_users": 9}
    one = dataclasses.replace(cases.study_of("none of few").primary, **few)
    study = fake.study(primary=one, secondary=(), **changes)
    assert finding_of(gathered(study)).reason == reason
    report = build_report(study, "service")
    assert next(iter(points(report, "what-to-consider"))) == advice
    assert words in build_report(study, "plain").headline.answer


def test_where_many_left_questions_open_more_workers_are_not_the_advice(fake, cases):
    one = dataclasses.replace(cases.study_of("open").primary, n_service_users=430, n_dropped=440)
    report = build_report(fake.study(primary=one, secondary=()), "service")
    names = list(points(report, "what-to-consider"))
    assert names[0] == "See which questions were left open"
    assert "Ask more workers" not in " ".join(points(report, "what-to-consider").values())
