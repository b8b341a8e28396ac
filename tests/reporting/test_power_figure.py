"""The power figure: where its lines begin, and that words cover none of them."""

import numpy as np
import pytest
from matplotlib.text import Annotation, Text

from relsurvey.planning.power import power, power_curve
from relsurvey.reporting.figures.power import plot_power

KNOWN = {"icc": 0.12, "correlation": 0.5}


def solid(axes):
    return [line for line in axes.lines if line.get_zorder() == 3]


def name_of_chosen(axes):
    (words,) = (one for one in axes.texts if "workers," in one.get_text())
    assert isinstance(words, Annotation)
    return words


def box_of(axes):
    """Return where the name stands once all is drawn, in pixels."""
    axes.figure.draw_without_rendering()
    return Text.get_window_extent(name_of_chosen(axes))


@pytest.mark.parametrize(
    "asked",
    [
        {"users_per_worker": 8, "power": 0.8},
        {"users_per_worker": 8, "n_workers": 40},
        {"users_per_worker": 20, "n_workers": 25},
        {"users_per_worker": 1, "n_workers": 12},
        {"n_workers": 90, "power": 0.8},
    ],
)
def test_the_name_of_the_chosen_design_covers_no_line(asked):
    axes = plot_power(power(**KNOWN, **asked))
    box = box_of(axes)
    assert axes.get_window_extent().contains(box.x0, box.y0)
    assert axes.get_window_extent().contains(box.x1, box.y1)
    lines = [line for line in axes.lines if len(line.get_xdata()) > 1]
    assert len(lines) >= 3
    for line in lines:
        transform = line.get_transform()
        x, y = transform.transform(np.column_stack(line.get_data())).T
        across = np.linspace(box.x0, box.x1, 200)
        across = across[(across >= x.min()) & (across <= x.max())]
        heights = np.interp(across, x, y)
        assert not ((heights > box.y0) & (heights < box.y1)).any()


def test_a_thin_line_leads_from_the_name_to_the_chosen_design():
    found = power(**KNOWN, users_per_worker=8, n_workers=40)
    words = name_of_chosen(plot_power(found))
    assert words.xy == (found.n_workers, found.power)
    assert words.arrow_patch.get_linewidth() < 1


def test_lines_begin_where_six_workers_answer():
    few = power(**KNOWN, users_per_worker=4, n_workers=4)
    assert {line.get_xdata().min() for line in solid(plot_power(few))} == {6}
    lost = power(**KNOWN, users_per_worker=4, n_workers=30, attrition_workers=0.5)
    assert {line.get_xdata().min() for line in solid(plot_power(lost))} == {12}
    grid = power_curve(**KNOWN, n_workers=[3, 4, 6, 12, 30], users_per_worker=[4, 8])
    assert {line.get_xdata().min() for line in solid(plot_power(grid))} == {6}
    assert grid.curve["n_workers"].min() == 3


def test_simulated_designs_are_dots_that_the_name_does_not_cover():
    found = power(
        **KNOWN, users_per_worker=8, n_workers=20, method="simulation", replicates=30, seed=1
    )
    axes = plot_power(found)
    box = box_of(axes)
    low, high = axes.transData.transform([(20, found.power_low), (20, found.power_high)])
    assert not (box.x0 < low[0] < box.x1 and box.y0 < high[1] and low[1] < box.y1)
