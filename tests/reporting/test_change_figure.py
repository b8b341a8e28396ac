"""The figure of a change: lines by arm, and nothing of few people."""

import numpy as np
import pandas as pd
import pytest

from relsurvey.evaluation import change
from relsurvey.reporting.figures.change import plot_change


@pytest.fixture
def teams():
    rng = np.random.default_rng(2)
    worker = np.tile(np.repeat(np.arange(40), 3), 2)
    wave = np.repeat([1, 2], 120)
    y = rng.normal(0, 0.4, 40)[worker] + 0.3 * (wave == 2) + rng.normal(0, 1, 240)
    return pd.DataFrame(
        {"worker_id": worker, "team": worker // 4, "trained": worker < 20, "wave": wave, "y": y}
    )


def test_one_line_with_intervals(teams):
    result = change(teams, "y", group="worker_id")
    axes = plot_change(result)
    assert len(axes.containers) == 1
    line = axes.containers[0].lines[0]
    assert line.get_ydata().tolist() == result.means["estimate"].tolist()
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1", "2"]
    assert axes.get_legend().get_texts()[0].get_text() == "mean (95% interval)"
    low, high = axes.get_ylim()
    assert high - low >= 1.6 * result.means["sd"].mean() - 1e-9


def test_trained_and_others_are_told_apart_by_more_than_colour(teams):
    result = change(teams, "y", group="worker_id", team="team", trained="trained")
    first, second = (one.lines[0] for one in plot_change(result).containers)
    assert first.get_marker() != second.get_marker()
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_color() != second.get_color()
    assert not set(first.get_xdata()) & set(second.get_xdata())


def test_means_of_few_workers_are_not_drawn_and_that_is_said(teams):
    few = teams[(teams["worker_id"] < 8) | (teams["worker_id"] >= 20)]
    result = change(few, "y", group="worker_id", team="team", trained="trained")
    axes = plot_change(result)
    assert len(axes.containers) == 1
    assert [text.get_text() for text in axes.texts] == ["not drawn: means of fewer than 10 workers"]
    # Table and figure follow one rule: eight workers, but 24 answers a wave.
    assert result.means.loc[result.means["who"] == "trained", "mean"].isna().all()
    none = plot_change(change(few[few["worker_id"] < 8], "y", group="worker_id"))
    assert not none.containers
    assert none.get_legend() is None
    assert not none.axison
    assert [text.get_text() for text in none.texts] == [
        "No mean of y is shown: fewer than 10 workers."
    ]
