"""The spread figure: how far workers' mean outcomes differ, and how far chance alone would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, styled
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.plain import wrapped

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.association import AssociationResult

__all__ = ["plot_spread", "within_scale"]

HEIGHT = 3.4
POINTS = 201
WIDEST = 4.0


def plot_spread(
    result: AssociationResult, axes: Axes | None = None, *, outcome: ScoreLabel | None = None
) -> Axes:
    """Draw how the workers' mean outcomes spread, so that no worker can be picked out.

    Parameters
    ----------
    result : AssociationResult
        What ``relsurvey.associate`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.
    outcome : ScoreLabel, optional
        Name and range of the outcome; the column's name if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Bars of observed worker means, each of at least as many workers as ``associate`` was told
        (ten unless told otherwise), by their density; the curve of how workers are estimated to
        differ once chance among their service users is taken out; and a sentence where there are
        too few workers for bars.
    """
    outcome = outcome or ScoreLabel(result.outcome)
    with styled():
        if axes is None:
            axes = blank(height=HEIGHT).add_axes((0.06, 0.17, 0.91, 0.66))
        _draw(result, within_scale(result.spread, outcome), axes)
        axes.set_xlabel(wrapped(f"Workers' mean: {outcome.with_range}", 80, 1))
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    return axes


def within_scale(spread: pd.DataFrame, outcome: ScoreLabel) -> pd.DataFrame:
    """Return the bars with their outer ends where the scale ends, beyond which nobody can be."""
    return spread.assign(
        low=spread["low"].clip(lower=outcome.minimum),
        high=spread["high"].clip(upper=outcome.maximum),
    )


def _draw(result: AssociationResult, spread: pd.DataFrame, axes: Axes) -> None:
    if not len(spread):
        axes.text(
            0.5, 0.5, "too few workers to show how they spread without showing one of them",
            transform=axes.transAxes, ha="center", color=INK,
        )  # fmt: skip
        axes.set_xticks([])
        return
    low, high = spread["low"].to_numpy(dtype=float), spread["high"].to_numpy(dtype=float)
    share = spread["n_workers"].to_numpy(dtype=float) / float(spread["n_workers"].sum())
    axes.bar(
        low, share / (high - low), width=high - low, align="edge", color=COLOURS["service_user"],
        alpha=0.45, edgecolor="white", label="observed means of workers",
    )  # fmt: skip
    variance = result.null_model.variance
    between = sum(value for level, value in variance.items() if level != "residual")
    centre = float(result.null_model.table["estimate"].iloc[0])
    if between > 0:
        deviation = float(np.sqrt(between))
        x = np.linspace(centre - WIDEST * deviation, centre + WIDEST * deviation, POINTS)
        density = np.exp(-0.5 * ((x - centre) / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))
        shown = (x >= low[0]) & (x <= high[-1])
        axes.plot(
            x[shown], density[shown], color=COLOURS["worker"], linewidth=2.2,
            label="workers, once chance among their service users is taken out",
        )  # fmt: skip
    axes.axvline(centre, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), label="mean of workers")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, fontsize=8.5, borderaxespad=0.2)
