"""The agreement figure: how reliable a worker's mean is by its number of service users."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, styled
from relsurvey.reporting.plain import wrapped

if TYPE_CHECKING:
    from relsurvey.agreement import AggregationResult

__all__ = ["plot_agreement"]

USUAL_RELIABILITY = 0.70
HEIGHT = 3.6
LEAST_USERS = 10.0
SMALLEST, LARGEST = 30.0, 260.0
CURVE_POINTS = 81


def plot_agreement(result: AggregationResult, axes: Axes | None = None) -> Axes:
    """Draw how reliable means are by the number of people they rest on.

    Parameters
    ----------
    result : AggregationResult
        What ``relsurvey.aggregation`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        A dot for each set of workers of like number (its area is how many they are, written
        beside it), the curve of Spearman and Brown, and the usual .70. No worker is named, and
        no dot stands for fewer workers than the threshold; without such sets there is the curve
        alone, and without an ICC a sentence.
    """
    with styled():
        if axes is None:
            axes = blank(height=HEIGHT).add_axes((0.1, 0.16, 0.87, 0.74))
        _draw(result, axes)
    return axes


def _draw(result: AggregationResult, axes: Axes) -> None:
    axes.set_title(wrapped(result.title, 70, 2), loc="left", fontsize=10, color=INK)
    axes.set_xlabel("answers about one worker (number beside a dot: how many workers it is)")
    axes.set_ylabel("reliability of the worker's mean")
    axes.set_ylim(-0.03, 1.03)
    if math.isnan(result.icc1):
        axes.text(0.5, 0.5, "no ICC(1), so no reliability", transform=axes.transAxes, ha="center")
        return
    if result.icc1 < 0:
        axes.text(
            0.02, 0.12, "ICC(1) is below zero: workers differ no more than chance makes them",
            transform=axes.transAxes, fontsize=8.5, color=INK,
        )  # fmt: skip
    sets = result.by_users
    middle = sets["users_median"].to_numpy(dtype=float)
    furthest = max([LEAST_USERS, *(1.15 * middle)])
    users = np.linspace(1.0, furthest, CURVE_POINTS)
    share = max(result.icc1, 0.0)
    axes.plot(users, users * share / (1 + (users - 1) * share), color=MUTED, linewidth=1.4)
    axes.axhline(USUAL_RELIABILITY, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.annotate(
        "the usual .70", (furthest * 1.05, USUAL_RELIABILITY), xytext=(-2, 3),
        textcoords="offset points", ha="right", fontsize=8, color=MUTED,
    )  # fmt: skip
    axes.set_xlim(0, furthest * 1.05)
    axes.grid(visible=True, axis="y")
    if len(sets):
        _draw_sets(sets["n_workers"].to_numpy(dtype=float), middle,
                   sets["reliability_median"].to_numpy(dtype=float), axes)  # fmt: skip


def _draw_sets(
    workers: np.ndarray[tuple[int], np.dtype[np.float64]],
    middle: np.ndarray[tuple[int], np.dtype[np.float64]],
    reliability: np.ndarray[tuple[int], np.dtype[np.float64]],
    axes: Axes,
) -> None:
    areas = SMALLEST + (LARGEST - SMALLEST) * workers / workers.max()
    axes.scatter(middle, reliability, s=areas, color=COLOURS["worker"], edgecolor="white", zorder=3)
    for number, x, y in zip(workers, middle, reliability, strict=True):
        axes.annotate(
            f"{number:.0f}", (x, y), xytext=(9, -12), textcoords="offset points",
            ha="left", fontsize=8, color=INK,
        )  # fmt: skip
