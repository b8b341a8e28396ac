"""The sections on people, scores and reliability: what they say, and when they are silent."""

import dataclasses
import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from relsurvey.reporting import build_report
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.figures.answers import AnswerRow, Part, draw_all_answers
from relsurvey.reporting.sections.scores import answer_parts
from relsurvey.reporting.summaries import ItemAnswers, answers_of

pytestmark = pytest.mark.usefixtures("undrawn")


def section(study, name):
    return next(one for one in build_report(study).sections if one.id == name)


def table(study, name):
    return next(t for s in build_report(study).sections for t in s.tables if t.id == name)


def without_rounding(fake):
    """A study that loses nobody."""
    study = fake.study(n_workers=120, linked_workers=120, n_users=900, linked_users=900)
    primary = dataclasses.replace(study.primary, n_workers=120, n_service_users=900)
    return dataclasses.replace(study, primary=primary, secondary=())


def few_workers(fake, n):
    study = fake.study(n_workers=n, n_users=200, linked_workers=n, linked_users=200)
    primary = dataclasses.replace(study.primary, n_workers=n, n_service_users=200)
    return dataclasses.replace(study, primary=primary, secondary=())


@pytest.mark.parametrize("n", [3, 9])
def test_where_no_count_can_be_told_nothing_is_told_of_it(fake, n):
    flow = section(few_workers(fake, n), "who-answered")
    words = flow.blocks[0].text
    assert words.startswith("Fewer than 10 workers answered; how many of them are in a later step")
    assert "Counts of workers" not in words
    assert words.count("fewer than 10 workers") + words.count("Fewer than 10 workers") == 1
    rows = {row[0]: row[1:] for row in flow.tables[0].rows}
    assert rows["Service users for each worker in the main analysis, mean"] == ("not shown", "")


def test_few_linked_workers_are_told_once(fake):
    study = fake.study(n_workers=40, linked_workers=6, linked_users=30)
    study = dataclasses.replace(study, primary=dataclasses.replace(study.primary, n_workers=6))
    words = section(study, "who-answered").blocks[0].text
    assert "40 workers answered, fewer than 10 of them could be linked with service users." in words


def test_left_out_is_explained_where_somebody_was(fake):
    study = without_rounding(fake)
    assert not any("Left out" in note for note in table(study, "table-flow").notes)
    lost = dataclasses.replace(study.primary, n_service_users=870)
    note = table(dataclasses.replace(study, primary=lost), "table-flow").notes[-1]
    assert note == "Left out: no score on a scale that is compared."


def test_service_users_for_each_worker_are_those_of_the_analysis(fake):
    study = without_rounding(fake)
    lost = dataclasses.replace(study.primary, n_service_users=840)
    rows = table(dataclasses.replace(study, primary=lost), "table-flow").rows
    assert rows[-1] == ("Service users for each worker in the main analysis, mean", "7.0", "")


@pytest.mark.parametrize("share", [0, 1, 2, 3])
def test_every_share_of_answers_is_the_true_one(made_up, share):
    rules = Disclosure(10)
    for answers in answers_of(made_up.service_users):
        for part in answer_parts(answers, rules, "service_user"):
            if part.codes.start == share:
                people = sum(answers.counts[i] for i in part.codes)
                assert abs(100 * people / answers.answered - part.percent) <= 0.5


def test_half_a_percent_is_the_same_in_figure_and_table():
    parts = answer_parts(ItemAnswers("A1", "g", False, (13, 0, 27), 0, 0), Disclosure(10), "worker")
    assert [(part.percent, part.text) for part in parts] == [(33, "33%"), (0, "0%"), (68, "68%")]


def test_words_for_the_answers_count_a_reversed_question_by_its_better_end(fake):
    study = fake.study()
    items, reasons = study.service_users.responses.items, study.service_users.responses.reasons
    for name in items:
        items[name], reasons[name] = np.tile([0.0, 1.0, 2.0, 3.0, 3.0], 186), None
    items["SEC5"] = np.repeat([0.0, 1.0, 2.0, 3.0], [700, 100, 90, 40])
    items["VAL2"] = np.repeat([0.0, 1.0, 2.0, 3.0], [300, 300, 230, 100])
    figure = next(
        f for f in section(study, "scores").figures if f.id == "figure-answers-service-user"
    )
    assert figure.alt == (
        "Answers to 9 questions. The answer that counts highest, “Always” (“Never” for a question "
        "marked (R)), was given most often to SEC5 (R) What is asked in SEC5 (75%) and least often "
        "to VAL2 What is asked in VAL2 (11%)."
    )


def test_words_for_the_answers_do_not_compare_what_is_equal_or_together(fake):
    study = fake.study()
    items, reasons = study.workers.responses.items, study.workers.responses.reasons
    for name in items:
        items[name], reasons[name] = np.repeat([2.0, 3.0], 70), None
    figures = section(study, "scores").figures
    words = {figure.id: figure.alt for figure in figures}["figure-answers-worker"]
    assert words.endswith("was given as often to each question where it stands alone (0%).")
    for name in items:
        items[name] = np.repeat([3.0, 6.0], [135, 5])
    figures = section(study, "scores").figures
    words = {figure.id: figure.alt for figure in figures}["figure-answers-worker"]
    assert words.endswith("“Extremely”, is put together with its neighbours for most of them.")


def reliability_words(study):
    blocks = section(study, "reliability").blocks
    return blocks[0].text, {t.id: t.notes for t in section(study, "reliability").tables}


def with_reliability(study, **changes):
    one = study.workers
    one.reliability = dataclasses.replace(one.reliability, **changes)
    return study


def test_scales_that_reach_the_usual_alpha_are_counted(fake):
    study = fake.study()
    for one in study.workers, study.service_users:
        frame = one.reliability.to_frame()
        one.reliability = dataclasses.replace(one.reliability, frame=frame.iloc[:1].copy())
    assert reliability_words(study)[0].endswith("Both scales reach it.")
    study.workers.reliability.frame.loc[0, "n"] = 4
    assert reliability_words(study)[0].endswith("The scale shown reaches it.")


def test_the_people_behind_pairwise_reliability_are_named_as_they_are(fake):
    listwise = reliability_words(fake.study())[1]["table-reliability-worker"]
    assert listwise[0] == "n: people who answered all questions of the scale; only they are used."
    study = with_reliability(fake.study(), missing="pairwise")
    assert reliability_words(study)[1]["table-reliability-worker"][0] == (
        "n: the smallest number of people who answered both questions of a pair; each pair of "
        "questions uses all who answered both."
    )


@pytest.mark.parametrize(("n", "told"), [(94, False), (93, True), (30, True), (8, False)])
def test_alpha_of_a_part_of_the_people_says_so(fake, n, told):
    study = fake.study()
    study.workers.reliability.frame.loc[2, "n"] = n
    notes = reliability_words(study)[1]["table-reliability-worker"]
    assert any(note.startswith("Reflective capacity: alpha rests on") for note in notes) is told


LONG = [f"{word} in every single meeting with my worker" for word in ("Never", "Seldom", "Always")]


@pytest.mark.parametrize("labels", [LONG, [f"Answer {i}" for i in range(11)], ["No", "Yes"]])
def test_the_legend_of_answers_fits(labels):
    """All of each label is there, inside the drawing."""
    parts = tuple(Part(range(i, i + 1), 10, "10%") for i in range(len(labels)))
    merged = (Part(range(2), 100, "100%"),)
    rows = [AnswerRow("A1 gist", parts, ("0%",), "S"), AnswerRow("A2", merged, ("0%",), "S")]
    axes = draw_all_answers(rows, labels, "worker")
    FigureCanvasAgg(axes.figure).draw()
    legend = axes.get_legend()
    box = legend.get_window_extent()
    words = " ".join(" ".join(text.get_text() for text in legend.get_texts()).split())
    assert box.x0 >= 0
    assert box.x1 <= axes.figure.bbox.x1
    assert box.y0 >= axes.get_window_extent().y1
    assert all(label in words for label in labels)
    assert not re.search("…", words)
