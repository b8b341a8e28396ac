"""Small things that readers stumbled over: sums, notes on what is not there, lines over numbers."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from relsurvey.criteria.structure import sample_size
from relsurvey.reporting import build_report
from relsurvey.reporting.disclosure import uncounted
from relsurvey.reporting.figures.answers import AnswerRow, Part, draw_all_answers
from relsurvey.reporting.figures.flow import FlowStep, draw_flow
from relsurvey.reporting.figures.reliability import plot_reliability
from relsurvey.reporting.figures.shared import Point, draw_forest
from relsurvey.reporting.figures.style import blank
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.association import _about_adjustment
from relsurvey.reporting.sections.companions import _verdict
from relsurvey.reporting.sections.headline import said_of
from relsurvey.sensitivity import check_sensitivity
from relsurvey.sensitivity.check import Version
from relsurvey.sensitivity.slope import Slope
from relsurvey.sensitivity.verdicts import versions_sentence
from relsurvey.text import p_value_text
from relsurvey.views import Cell


def tables(report):
    return {
        block.id: block
        for section in report.sections
        for block in section.blocks
        if hasattr(block, "rows")
    }


def notes(one):
    return " ".join(one.notes)


@pytest.mark.parametrize(("people", "differs"), [((112, 784), True), ((118, 800), False)])
def test_a_sum_that_is_not_the_number_in_the_analysis_says_so(fake, people, differs):
    primary = fake.Association(n_workers=people[0], n_service_users=people[1])
    study = fake.study(primary=primary)
    study = dataclasses.replace(study, settings=dataclasses.replace(study.small_groups, round_to=5))
    one = tables(build_report(study))["table-groups"]
    assert one.rows[-1][1:3] == ("120", "800")
    assert ("All groups: the sum of the numbers above it" in notes(one)) is differs


def test_how_many_a_criterion_asks_for_is_named_and_how_many_there_are_is_not():
    assert uncounted(sample_size("m", 80, 16).because) == "at least 112 rows would be needed"
    assert uncounted("at least 112 workers would be needed") == (
        "at least 112 workers would be needed"
    )
    assert "needed" not in sample_size("m", 510, 23).because
    assert uncounted("80 rows would do") == "some rows would do"


def test_one_secondary_association_is_told_in_the_singular(fake):
    study = fake.study()
    study = dataclasses.replace(
        study,
        secondary=study.secondary[:1],
        family=SimpleNamespace(
            n_tests=1, permutations=0,
            to_frame=lambda: pd.DataFrame({"primary": [True, False], "stands": [True, True]}),
        ),
    )  # fmt: skip
    words = " ".join(_about_adjustment(gathered(study)))
    assert "the one shown stands at 0.05" in words
    assert not any(bad in words for bad in ("all 1 of", "1 of the one", "them"))


def test_the_verdict_of_the_methods_writes_p_as_their_table_does(fake):
    study = fake.study()
    row = {
        "name": "Mixed model", "scale": "points", "estimate": 0.1, "std_error": 0.1,
        "conf_low": -0.1, "conf_high": 0.3, "df": 100.0, "statistic": 1.0, "p_value": 0.3134,
        "note": "", "source": "", "standing": "primary", "agrees": "",
    }  # fmt: skip
    words = _verdict(pd.DataFrame([row]), 0.95, said_of(gathered(study), study.primary))
    assert p_value_text(0.3134) == "p = .313"
    assert "(p = .31)" in words


def test_notes_on_what_is_not_there_stand_only_where_it_is(fake):
    told = tables(build_report(fake.study()))
    for name, one in told.items():
        cells = [cell for row in one.rows for cell in row]
        texts = [str(getattr(cell, "text", cell)) for cell in cells]
        if "“withheld” stands" in notes(one):
            assert any("withheld" in text for text in texts), name
        if "A cell over several" in notes(one):
            assert any(isinstance(cell, Cell) and cell.span > 1 for cell in cells), name
        if "–: not shown" in notes(one):
            assert any("–" in text for text in texts), name
    assert "table-answers-worker" in told or any("answers" in name for name in told)


def test_one_slope_that_is_the_primary_one_is_told_in_plain_words():
    main = Slope(estimate=0.26, conf_low=0.2, conf_high=0.3)
    words = versions_sentence([Version("at least 5 a worker", main)], main)
    assert words.startswith("The slope is 0.26, as is the primary one. ")
    other = Slope(estimate=0.30, conf_low=0.2, conf_high=0.4)
    assert versions_sentence([Version("x", other)], main).startswith(
        "The slope is 0.30, the primary one 0.26. "
    )


def test_workers_without_a_complete_answer_make_no_version_of_the_primary_analysis():
    draw = np.random.default_rng(5)
    worker = np.repeat(np.arange(30), 6)
    x = np.repeat(draw.normal(size=30), 6)
    y = 0.5 * x + draw.normal(size=180)
    y[worker == 3] = np.nan
    found = check_sensitivity(
        {"y": y, "x": x, "w": [f"W{one}" for one in worker]}, "y", "x", group="w",
        minimum_users=(1, 3, 5),
    )  # fmt: skip
    names = {version.name for check in found.checks for version in check.versions}
    assert not any(name.startswith("at least") for name in names)


def test_the_line_of_the_middle_is_below_bars_and_numbers():
    parts = tuple(Part(range(code, code + 1), 20, "20%") for code in range(5))
    axes = draw_all_answers(
        [AnswerRow("A1", parts, ("5%",), "Scale")], ("a", "b", "c", "d", "e"), "worker"
    )
    line = next(line for line in axes.lines if list(line.get_xdata()) == [0, 0])
    assert line.get_zorder() < min(one.get_zorder() for one in axes.collections)


def test_omega_does_not_hide_alpha():
    row = {"title": "Scale", "alpha": 0.8, "alpha_low": 0.7, "alpha_high": 0.9, "omega_total": 0.8}
    axes = plot_reliability(SimpleNamespace(to_frame=lambda: pd.DataFrame([row])))
    heights = {line.get_marker(): line.get_ydata()[0] for line in axes.lines}
    assert heights["o"] != heights["D"]


WIDE = ("CON4 Worker cared what happened to me", "MMMM WWWW MMMM WWWW MMMM WWWW MMMM WWWW")


def test_names_of_rows_are_within_the_figure():
    points = [Point(label, 0.5, 0.4, 0.6, group=WIDE[1]) for label in WIDE]
    axes = draw_forest(points, label="Loading")
    axes.figure.canvas.draw()
    lefts = [text.get_window_extent().x0 for text in axes.texts]
    assert min(lefts) >= 0.0
    assert any(text.get_text().replace("\n", " ") == WIDE[0] for text in axes.texts)


@pytest.mark.parametrize("excluded", ["", "fewer than 10"])
def test_losses_of_both_surveys_do_not_run_together(excluded):
    few = "fewer than 10"
    steps = [
        FlowStep(role, "people", "1,000", "990", few, few, excluded)
        for role in ("worker", "service_user")
    ]
    figure = blank(5.0, 3.9)
    axes = draw_flow(steps, "1,000 and 1,000", figure.add_axes((0, 0, 1, 1)))
    figure.canvas.draw()
    losses = [text.get_window_extent() for text in axes.texts if few in text.get_text()]
    assert len(losses) == 4
    for one, other in ((0, 2), (1, 3)):
        assert not losses[one].overlaps(losses[other])
