"""The quality figure: what each item got, answers and gaps alike, in shares of those asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from relsurvey.reporting.figures.style import MUTED, blank, shades, styled
from relsurvey.reporting.plain import wrapped

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.quality import QualityResult

__all__ = ["plot_quality"]

ROW, BELOW, ABOVE = 0.24, 0.6, 0.75
COUNT = "count_"
LONGEST_NAME = 12
DOES_NOT_APPLY, NO_ANSWER = "#d9dee3", "#ffffff"


def plot_quality(result: QualityResult, axes: Axes | None = None) -> Axes:
    """Draw how every item was answered, with its gaps.

    Parameters
    ----------
    result : QualityResult
        What ``relsurvey.check_quality`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        One bar an item, the first on top: raw answers from the lowest code to the highest, then
        "does not apply" (grey) and no answer (white), in shares of those who were asked.
        Counts are exact: the drawing is for the research team.
    """
    items = result.items
    codes = [str(name) for name in items if str(name).startswith(COUNT)]
    with styled():
        if axes is None:
            height = ROW * len(items) + BELOW + ABOVE
            figure = blank(height=height)
            axes = figure.add_axes((0.14, BELOW / height, 0.83, ROW * len(items) / height))
        start = np.zeros(len(items))
        for name, colour in zip(codes, shades("service_user", len(codes)), strict=True):
            start = _bars(axes, items, items[name], start, colour, name.removeprefix(COUNT))
        applies_not = items["not_applicable"]
        if applies_not.any():
            start = _bars(axes, items, applies_not, start, DOES_NOT_APPLY, "does not apply")
        gaps = items["n_asked"] - items["n"] - applies_not
        _bars(axes, items, gaps, start, NO_ANSWER, "no answer", edge=MUTED)
        axes.set_xlim(0, 100)
        axes.set_ylim(len(items) - 0.5, -0.5)
        axes.set_yticks(range(len(items)), _names(items), fontsize=8)
        turned = "; (r): a high code is a low score" if items["reversed"].any() else ""
        axes.set_xlabel(f"Percent of those who were asked (answers as codes{turned})")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=8, fontsize=8, columnspacing=1.2)
    return axes


def _names(items: pd.DataFrame) -> list[str]:
    """Return what stands beside each bar, short enough not to be cut."""
    return [
        wrapped(str(item), LONGEST_NAME, 1) + (" (r)" if turned else "")
        for item, turned in zip(items["item"], items["reversed"], strict=True)
    ]


def _bars(
    axes: Axes,
    items: pd.DataFrame,
    counts: pd.Series[int],
    start: np.ndarray[tuple[int], np.dtype[np.float64]],
    colour: str,
    label: str,
    *,
    edge: str = "white",
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Draw one part of every bar; return where the next one begins."""
    asked = items["n_asked"].to_numpy(dtype=np.float64)
    number = counts.to_numpy(dtype=np.float64)
    width = 100 * np.divide(number, asked, out=np.zeros(len(items)), where=asked > 0)
    axes.barh(
        np.arange(len(items)),
        width,
        left=start,
        height=0.8,
        color=colour,
        edgecolor=edge,
        linewidth=0.4,
        label=label,
    )
    return np.asarray(start + width)
