"""The change figure: means by wave with their intervals; trained and others as two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, styled
from relsurvey.reporting.plain import wrapped

if TYPE_CHECKING:
    from relsurvey.evaluation import ChangeResult

__all__ = ["plot_change"]

HEIGHT = 3.6
APART = 0.09  # of the space between waves: so that two intervals do not hide each other
LEAST_SDS = 1.6  # shown, so that a small change does not look steep
LOOKS = {
    "all": (COLOURS["service_user"], "o", "-"),
    "trained": (COLOURS["service_user"], "o", "-"),
    "others": (COLOURS["worker"], "s", (0, (5, 2))),
}


def plot_change(result: ChangeResult, axes: Axes | None = None) -> Axes:
    """Draw the mean of each wave with its interval.

    Parameters
    ----------
    result : ChangeResult
        What ``relsurvey.evaluation`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        A line for all, or one for trained and one for others; told apart by colour, mark and
        dashes. A mean that ``means`` withholds is not drawn, and the figure says so; where all
        are withheld there are no axes, only a sentence.
    """
    with styled():
        if axes is None:
            axes = blank(height=HEIGHT).add_axes((0.1, 0.15, 0.87, 0.72))
        if result.means["estimate"].isna().all():
            _say_nothing_is_shown(result, axes)
        else:
            _draw(result, axes)
    return axes


def _draw(result: ChangeResult, axes: Axes) -> None:
    means = result.means
    shown = means[means["estimate"].notna()]
    arms = list(dict.fromkeys(means["who"]))
    for place, who in enumerate(arms):
        shift = APART * (place - (len(arms) - 1) / 2)
        _draw_line(shown[shown["who"] == who], who, shift, result, axes)
    axes.set_xticks(range(len(result.waves)), [wrapped(one, 18, 2) for one in result.waves])
    axes.set_xlim(-0.35, len(result.waves) - 0.65)
    axes.set_xlabel(wrapped(result.wave, 80, 1))
    axes.set_ylabel(wrapped(f"mean {result.outcome}", 42, 1))
    axes.grid(visible=True, axis="y")
    _show_a_good_part(shown, axes)
    _say_what_is_missing(result, axes)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, fontsize=9)


def _draw_line(
    means: pd.DataFrame, who: str, shift: float, result: ChangeResult, axes: Axes
) -> None:
    if means.empty:
        return
    colour, mark, dashes = LOOKS[who]
    x = np.array([result.waves.index(one) for one in means["wave"]]) + shift
    middle = means["estimate"].to_numpy(dtype=float)
    ends = means[["conf_low", "conf_high"]].to_numpy(dtype=float)
    axes.errorbar(
        x, middle, yerr=np.abs(ends - middle[:, None]).T, color=colour, linestyle=dashes,
        linewidth=1.8, marker=mark, markersize=7, markeredgecolor=INK, markeredgewidth=0.7,
        capsize=3,
        label=f"{'mean' if who == 'all' else who} ({100 * result.confidence:g}% interval)",
    )  # fmt: skip


def _show_a_good_part(means: pd.DataFrame, axes: Axes) -> None:
    low, high = float(means["conf_low"].min()), float(means["conf_high"].max())
    span = max(1.15 * (high - low), LEAST_SDS * float(means["sd"].mean()))
    middle = (low + high) / 2
    if span > 0:
        axes.set_ylim(middle - span / 2, middle + span / 2)


def _reasons(result: ChangeResult) -> str:
    return " or ".join(dict.fromkeys(why for why in result.means["note"] if why))


def _say_what_is_missing(result: ChangeResult, axes: Axes) -> None:
    why = _reasons(result)
    if why:
        axes.text(
            0.995, 0.02, f"not drawn: means of {why}",
            transform=axes.transAxes, ha="right", fontsize=8, color=MUTED,
        )  # fmt: skip


def _say_nothing_is_shown(result: ChangeResult, axes: Axes) -> None:
    axes.set_axis_off()
    axes.text(
        0.5, 0.5, wrapped(f"No mean of {result.outcome} is shown: {_reasons(result)}.", 60, 4),
        transform=axes.transAxes, ha="center", va="center", fontsize=10, color=INK,
    )  # fmt: skip
