"""The specification curve as a drawing."""

import numpy as np
import pytest
from matplotlib.axes import Axes

from relsurvey.reporting.figures.drawing import as_picture
from relsurvey.reporting.figures.specification import plot_specification_curve
from relsurvey.reporting.figures.style import blank
from relsurvey.sensitivity import specification_curve


@pytest.fixture(scope="module")
def curve():
    generator = np.random.default_rng(1)
    worker = np.repeat(np.arange(40), 4)
    x = generator.normal(size=40)[worker]
    y = 0.4 * x + generator.normal(size=40)[worker] + generator.normal(size=160)
    data = {"w": worker, "x": x, "y$": y, "other <b>": y + generator.normal(size=160),
            "proxy": (generator.random(160) < 0.2).astype(int)}  # fmt: skip
    return specification_curve(data, ["y$", "other <b>"], "x", group="w", minimum_users=(1, 2),
                               exclusions={"proxy answers": "proxy"}, permutations=0)  # fmt: skip


def lines_of(axes, marker):
    return [line for line in axes.lines if line.get_marker() == marker]


def test_estimates_are_in_order_and_the_primary_is_marked(curve):
    above = plot_specification_curve(curve)
    assert isinstance(above, Axes)
    drawn = np.concatenate(
        [np.column_stack(line.get_data()) for mark in "os" for line in lines_of(above, mark)]
    )
    drawn = drawn[np.argsort(drawn[:, 0])]
    assert drawn[:, 1] == pytest.approx(np.sort(curve.table["estimate"]))
    (primary,) = lines_of(above, "D")
    assert primary.get_ydata()[0] == pytest.approx(curve.primary_estimate)
    words = [text.get_text() for text in above.get_legend().get_texts()]
    assert words[0] == "median"
    assert words[-1] == "primary"


def test_the_interval_of_the_primary_one_is_over_the_line_that_marks_it(curve):
    above = plot_specification_curve(curve)
    line = next(one for one in above.lines if len(set(one.get_xdata())) == 1 and
                one.get_marker() == "None" and len(one.get_xdata()) == 2)  # fmt: skip
    others, own = above.collections
    assert len(own.get_segments()) == 1
    assert own.get_segments()[0][0, 0] == line.get_xdata()[0]
    assert line.get_zorder() < others.get_zorder() < own.get_zorder()


def test_each_specification_has_one_mark_for_each_choice(curve):
    above = plot_specification_curve(curve)
    (below,) = [axes for axes in above.figure.axes[0].child_axes if axes is not above]
    marks = [len(line.get_xdata()) for line in lines_of(below, "|")]
    n = curve.n_fitted
    assert n == 24
    # outcome, minimum, excluded (nobody and proxy answers), model
    assert marks == [n // 2, n // 2, n // 2, n // 2, n // 2, n // 2, n // 3, n // 3, n // 3]
    labels = [text.get_text() for text in below.texts]
    for label in ("Outcome", "y$", "other <b>", "at least 2", "proxy answers", "mixed model"):
        assert label in labels
    assert len(lines_of(below, "D")) == 4


def test_it_can_be_drawn_where_asked_and_as_an_svg(curve):
    figure = blank(height=5.0)
    place = figure.add_axes((0.35, 0.05, 0.6, 0.85))
    above = plot_specification_curve(curve, place)
    assert above.figure is figure
    svg = as_picture(figure, "curve", "words").svg
    assert svg.startswith("<svg")
    assert "<b>" not in svg


def test_one_specification_alone_can_be_drawn():
    generator = np.random.default_rng(2)
    worker = np.repeat(np.arange(20), 3)
    data = {"w": worker, "x": generator.normal(size=20)[worker], "y": generator.normal(size=60)}
    curve = specification_curve(data, "y", "x", group="w", minimum_users=1, models="mixed",
                                permutations=0)  # fmt: skip
    assert plot_specification_curve(curve).get_ylabel() == "Standardised slope"
