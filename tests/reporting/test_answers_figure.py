"""The answer figure: to either side of the middle, told apart in grey, quick to draw."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from relsurvey.reporting.figures.answers import AnswerRow, Part, draw_all_answers

FOUR = ("Never", "Sometimes", "Usually", "Always")
FIVE = ("None", "Few", "Some", "Many", "All")


def row(*parts, label="A1"):
    made = [Part(range(*codes), percent, f"{percent}%") for codes, percent in parts]
    return AnswerRow(label, tuple(made), ("5%",), "Scale")


def spans(axes):
    """Return where each box begins and ends, from left to right."""
    boxes = [path.vertices[:, 0] for part in axes.collections for path in part.get_paths()]
    return np.array(sorted((box.min(), box.max()) for box in boxes))


def test_answers_below_the_middle_are_left_of_it_and_those_above_right():
    axes = draw_all_answers(
        [row(((0, 1), 10), ((1, 2), 20), ((2, 3), 30), ((3, 4), 40))], FOUR, "worker"
    )
    assert spans(axes) == pytest.approx(np.array([(-30, -20), (-20, 0), (0, 30), (30, 70)]))
    assert any(list(line.get_xdata()) == [0, 0] for line in axes.lines)


def test_a_middle_answer_stands_astride():
    parts = [((code, code + 1), 20) for code in range(5)]
    axes = draw_all_answers([row(*parts)], FIVE, "service_user")
    wanted = np.array([(-50, -30), (-30, -10), (-10, 10), (10, 30), (30, 50)])
    assert spans(axes) == pytest.approx(wanted)


def test_answers_put_together_over_the_middle_stand_astride_and_are_hatched():
    axes = draw_all_answers([row(((0, 3), 60), ((3, 4), 40))], FOUR, "worker")
    assert spans(axes) == pytest.approx(np.array([(-40, 20), (20, 60)]))
    hatches = {part.get_hatch() for part in axes.collections}
    assert hatches == {None, "///"}


def test_what_is_told_by_colour_is_told_in_grey():
    parts = [((code, code + 1), 25) for code in range(4)]
    axes = draw_all_answers([row(*parts)], FOUR, "service_user")
    colours = [to_rgb(part.get_facecolor()[0]) for part in axes.collections]
    grey = sorted(float(np.dot(colour, (0.299, 0.587, 0.114))) for colour in colours)
    assert np.diff(grey).min() > 0.08


def test_the_parts_of_all_rows_are_few_drawings():
    rows = [row(*[((code, code + 1), 25) for code in range(4)], label=str(i)) for i in range(30)]
    axes = draw_all_answers(rows, FOUR, "worker")
    assert len(axes.collections) == 4
    assert len(spans(axes)) == 120


def test_the_axis_names_shares_on_both_sides():
    axes = draw_all_answers([row(((0, 1), 60), ((3, 4), 40))], FOUR, "worker")
    labels = [tick.get_text() for tick in axes.get_xticklabels()]
    assert labels[0] == "75%"
    assert "0%" in labels
    assert "-" not in "".join(labels)
