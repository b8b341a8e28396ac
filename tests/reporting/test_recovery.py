"""Somebody tries every way people could have answered, and keeps what fits the report."""

import dataclasses
import re
from collections import defaultdict
from itertools import combinations, pairwise

import numpy as np
import pytest

from relsurvey.reporting import build_report
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.figures.scores import ScoreRow, scores_drawing
from relsurvey.reporting.sections.reliability import item_cells
from relsurvey.reporting.sections.scores import answer_parts
from relsurvey.reporting.summaries import ItemAnswers, bars_of, scores_of


def ways(people, answers):
    """Every way in which so many people can give so many answers."""
    for bars in combinations(range(people + answers - 1), answers - 1):
        edges = (-1, *bars, people + answers - 1)
        yield tuple(b - a - 1 for a, b in pairwise(edges))


def shown(counts, rules):
    """What the report says of one item: its row of answers, and its row one by one."""
    answers = ItemAnswers("A1", "gist", False, counts, 0, 0)
    parts = answer_parts(answers, rules, "worker")
    codes = [float(code) for code in range(1, len(counts) + 1)]
    cells = item_cells(answers, [answers], codes, rules, "worker")
    return (tuple((part.codes, part.percent, part.text) for part in parts), cells)


@pytest.mark.parametrize(
    ("people", "answers", "threshold"),
    [
        (12, 5, 10),
        (12, 6, 5),
        (24, 4, 10),
        (36, 4, 10),
        (50, 3, 5),
        (31, 4, 5),
        (20, 5, 5),
        (80, 3, 10),
    ],
)
def test_no_count_of_few_people_can_be_found_by_trying(people, answers, threshold):
    """Whatever the report shows, each small count could be at least one other number."""
    rules = Disclosure(threshold)
    possible = defaultdict(list)
    for counts in ways(people, answers):
        possible[shown(counts, rules)].append(counts)
    for views in possible.values():
        table = np.array(views)
        found = table.min(axis=0) == table.max(axis=0)
        known = table[0][found]
        assert not np.any((known > 0) & (known < threshold)), (views[:3], len(views))


def test_what_the_old_report_gave_away_is_not_given():
    """Forty workers, merged ends: mean 3.10 and SD 1.03 left one way only."""
    truth = (2, 9, 13, 15, 1)
    _, (mean, sd, lowest, highest) = shown(truth, Disclosure(10))
    assert (mean, sd, lowest, highest) == ("–", "–", "–", "–")
    _, (mean, sd, *_) = shown((20, 90, 130, 150, 10), Disclosure(10))
    assert (mean, sd) == ("3.10", "0.94")


def test_where_all_answers_are_many_nothing_is_withheld():
    _, cells = shown((20, 90, 130, 150, 10), Disclosure(10))
    assert cells == ("3.10", "0.94", "5%", "3%")


def drawing(summary):
    bars = bars_of(summary, range(1, 7), Disclosure(10), "worker")
    return scores_drawing(
        [ScoreRow(summary, bars)], "worker", ("low", "high"), "figure", "words"
    ).svg


def with_scores(fake, values):
    survey = fake.survey("worker", fake.workers_instrument(), len(values), 3)
    survey.scores["RIA"] = values
    return scores_of(survey)[0]


@pytest.mark.parametrize("extreme", [1.25, 1.5, 2.0, 2.5])
def test_the_drawing_is_the_same_wherever_the_extreme_score_is(fake, extreme):
    """Mean and SD are kept: they have tests of their own."""
    many = np.repeat([2.75, 3.0, 3.5, 4.0, 4.5], 40)
    usual = with_scores(fake, np.append(many, 2.25))
    moved = np.append(many, extreme)
    top = np.append(many, 7.0 - extreme)
    pairs = [
        (usual, dataclasses.replace(usual, values=moved)),
        (
            dataclasses.replace(usual, values=np.append(many, 4.75)),
            dataclasses.replace(usual, values=top),
        ),
    ]
    for one, other in pairs:
        assert drawing(one) == drawing(other)


def test_no_bar_is_drawn_where_nobody_is(fake):
    """As many patches on the axes as there are bars of somebody, and as many for other scores."""
    for values in (np.repeat([1.0, 6.0], 60), np.repeat([1.0, 2.5, 4.0, 6.0], 40)):
        summary = with_scores(fake, values)
        bars = bars_of(summary, range(1, 7), Disclosure(10), "worker")
        assert np.any(bars.shares == 0)
        assert len(bars_drawn(drawing(summary))) == np.sum(bars.shares > 0)


def bars_drawn(svg):
    """Return the closed outlines of some height that are drawn within a frame."""
    paths = re.findall(r'<path ([^>]*clip-path="url[^>]*)>', svg)
    shapes = [re.search(r'\bd="([^"]+)"', one) for one in paths]
    return [one[1] for one in shapes if one and one[1].rstrip().lower().endswith("z")]


def linked_by(fake, *users):
    """A study whose workers have so many service users."""
    study = fake.study(linked_workers=len(users), linked_users=sum(users), n_users=sum(users))
    study.linked.log.users_per_worker["counts"] = fake.users_per_worker(users)
    return dataclasses.replace(
        study,
        primary=dataclasses.replace(
            study.primary, n_workers=len(users), n_service_users=sum(users)
        ),
    )


@pytest.mark.parametrize(
    ("users", "reason"),
    [
        ([200, *[3] * 10], "one or two workers have most of the service users"),
        ([100, 100, *[1] * 10], "one or two workers have most of the service users"),
        ([40] * 3, "the service users name fewer than 10 workers"),
    ],
)
@pytest.mark.usefixtures("undrawn")
def test_service_users_of_one_or_a_few_workers_are_not_shown_anywhere(fake, users, reason):
    sections = {one.id: one for one in build_report(linked_by(fake, *users)).sections}
    words = " ".join(getattr(block, "text", "") for block in sections["scores"].blocks)
    assert "Scores and answers of service users are not shown" in words
    assert reason in words
    views = {view.id for one in sections.values() for view in (*one.tables, *one.figures)}
    for name in (
        "table-scores",
        "figure-scores",
        "table-answers",
        "figure-answers",
        "table-items",
        "table-missing",
        "table-missing-scales",
    ):
        assert f"{name}-service-user" not in views
        assert f"{name}-worker" in views
    points = dict(sections["cautions"].blocks[-1].points)
    assert "Security" not in points.get("Ceiling", "")
    asked = " ".join(getattr(block, "text", "") for block in sections["instruments"].blocks)
    assert "Reverse-keyed question (SEC5) was turned round." in asked


@pytest.mark.usefixtures("undrawn")
def test_service_users_of_many_workers_are_shown(fake):
    views = {
        view.id for one in build_report(linked_by(fake, *[20] * 30)).sections for view in one.tables
    }
    assert {"table-scores-service-user", "table-items-service-user"} <= views


@pytest.mark.usefixtures("undrawn")
def test_means_rest_on_the_people_of_the_answers_table(fake, read_page):
    """Both tables of items have the same shares, though alpha rests on fewer people."""
    report = build_report(fake.study())
    tables = {table.id: table for section in report.sections for table in section.tables}
    answers = {row[0]: row for row in tables["table-answers-service-user"].rows}
    for row in tables["table-items-service-user"].rows:
        cells = answers[row[0]][1:-2]
        lowest, highest = (cell.text if cell.span == 1 else "–" for cell in (cells[0], cells[-1]))
        assert row[-2:] == ((highest, lowest) if "(R)" in row[0] else (lowest, highest))
    assert "of all who answered the question" in tables["table-items-worker"].notes[0]
