"""The association figure: the fitted line with its band, and means of groups of workers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from relsurvey.association import AssociationResult
from relsurvey.reporting.figures.drawing import Drawing, as_picture
from relsurvey.reporting.figures.style import COLOURS, INK, blank, styled
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.plain import wrapped

__all__ = ["association_drawing", "group_means", "plot_association", "shown_curve"]

HEIGHT = 3.9
LEAST_SHARE_OF_SCALE = 0.4
CURVE_POINTS = 33
LARGEST_MARK = 70.0


def group_means(bins: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Put neighbouring groups of workers together until none is small.

    Parameters
    ----------
    bins : pandas.DataFrame
        ``n_workers, n_service_users, predictor_mean, outcome_mean``, in the order of the
        predictor.
    threshold : int
        Fewest workers a group may have.

    Returns
    -------
    pandas.DataFrame
        The same columns; no rows where all groups together are too small. Means of groups put
        together are weighted by workers, of whom each counts the same in them.
    """
    columns = ["n_workers", "n_service_users", "predictor_mean", "outcome_mean"]
    groups: list[list[float]] = []
    for workers, users, predictor, outcome in bins[columns].itertuples(index=False):
        if groups and groups[-1][0] < threshold:
            groups[-1] = _together(groups[-1], [workers, users, predictor, outcome])
        else:
            groups.append([workers, users, predictor, outcome])
    if len(groups) > 1 and groups[-1][0] < threshold:
        last = groups.pop()
        groups[-1] = _together(groups[-1], last)
    enough = [group for group in groups if group[0] >= threshold]
    frame = pd.DataFrame(enough, columns=columns)
    return frame.astype({"n_workers": int, "n_service_users": int})


def _together(one: list[float], other: list[float]) -> list[float]:
    workers = one[0] + other[0]
    means = [(one[0] * one[i] + other[0] * other[i]) / workers for i in (2, 3)]
    return [workers, one[1] + other[1], *means]


def shown_curve(result: AssociationResult, points: pd.DataFrame) -> pd.DataFrame:
    """Cut the fitted line to where groups of workers are.

    Parameters
    ----------
    result : AssociationResult
        Its curve may reach to the score of a single worker.
    points : pandas.DataFrame
        From ``group_means``.

    Returns
    -------
    pandas.DataFrame
        ``predictor, expected, low, high`` between the lowest and the highest group mean; where
        there are no two groups, within one standard deviation of the workers' mean.
    """
    curve = result.curve
    ends = (
        result.predictor_mean - result.predictor_sd,
        result.predictor_mean + result.predictor_sd,
    )
    if len(points) > 1:
        ends = (points["predictor_mean"].iloc[0], points["predictor_mean"].iloc[-1])
    known = curve["predictor"].to_numpy(dtype=float)
    low, high = np.round(np.clip(ends, known[0], known[-1]), 2)
    x = np.linspace(low, high, CURVE_POINTS)
    columns = {name: np.interp(x, known, curve[name]) for name in ("expected", "low", "high")}
    return pd.DataFrame({"predictor": x, **columns})


def plot_association(
    result: AssociationResult,
    axes: Axes | None = None,
    *,
    threshold: int = 10,
    predictor: ScoreLabel | None = None,
    outcome: ScoreLabel | None = None,
) -> Axes:
    """Draw the fitted line with its band, and the means of groups of workers.

    Parameters
    ----------
    result : AssociationResult
        What ``relsurvey.associate`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.
    threshold : int
        Fewest workers a point may stand for.
    predictor, outcome : ScoreLabel, optional
        Names and ranges; the columns' names if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing. No point is a single worker. With covariates, the line is where they are at
        their means, and the points are as observed: the legend says so.
    """
    predictor = predictor or ScoreLabel(result.predictor)
    outcome = outcome or ScoreLabel(result.outcome)
    with styled():
        if axes is None:
            axes = blank(height=HEIGHT).add_axes((0.105, 0.15, 0.87, 0.75))
        return _plot(result, axes, group_means(result.bins, threshold), predictor, outcome)


def association_drawing(
    result: AssociationResult,
    points: pd.DataFrame,
    names: tuple[ScoreLabel, ScoreLabel],
    name: str,
    alt: str,
) -> Drawing:
    """Draw an association as a picture.

    Parameters
    ----------
    result : AssociationResult
        What ``relsurvey.associate`` returned.
    points : pandas.DataFrame
        As from ``group_means``, its counts as they may be shown: marks can be measured.
    names : tuple of ScoreLabel
        Those of predictor and outcome.
    name, alt : str
        As in ``as_picture``.
    """
    with styled():
        figure = blank(height=HEIGHT)
        _plot(result, figure.add_axes((0.105, 0.15, 0.87, 0.75)), points, *names)
        return as_picture(figure, name, alt)


def _plot(
    result: AssociationResult,
    axes: Axes,
    points: pd.DataFrame,
    predictor: ScoreLabel,
    outcome: ScoreLabel,
) -> Axes:
    if result.curve.empty:
        axes.text(0.5, 0.5, "No line could be fitted", ha="center", transform=axes.transAxes)
        axes.set_axis_off()
        return axes
    points = points.round(2)
    curve = shown_curve(result, points)
    _draw(axes, result, curve, points)
    _frame(axes, curve, points, outcome)
    axes.set_xlabel(wrapped(f"Worker's score: {predictor.with_range}", 80, 1))
    axes.set_ylabel(wrapped(outcome.with_range, 42, 1))
    return axes


def _draw(axes: Axes, result: AssociationResult, curve: pd.DataFrame, points: pd.DataFrame) -> None:
    line, mean = ("adjusted line", "raw mean") if result.covariates else ("fitted line", "mean")
    x = curve["predictor"].to_numpy(dtype=float)
    axes.fill_between(
        x,
        curve["low"].to_numpy(dtype=float),
        curve["high"].to_numpy(dtype=float),
        color=COLOURS["worker"],
        alpha=0.18,
        linewidth=0,
        label=f"{100 * result.confidence:g}% interval",
    )
    axes.plot(
        x, curve["expected"].to_numpy(dtype=float), color=COLOURS["worker"], linewidth=2.2,
        label=line,
    )  # fmt: skip
    if len(points):
        users = points["n_service_users"].to_numpy(dtype=float)
        axes.scatter(
            points["predictor_mean"],
            points["outcome_mean"],
            s=LARGEST_MARK * users / users.max(),
            marker="D",
            color=COLOURS["service_user"],
            edgecolor=INK,
            linewidth=0.8,
            zorder=3,
            label=f"{mean} of a group of workers (area: service users)",
        )
    axes.grid(visible=True)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, fontsize=9, borderaxespad=0.2)


def _frame(axes: Axes, curve: pd.DataFrame, points: pd.DataFrame, outcome: ScoreLabel) -> None:
    """Show a good part of the outcome's scale, so that a small slope does not look steep."""
    seen = np.concatenate([curve["low"], curve["high"], points["outcome_mean"]]).astype(float)
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    if outcome.minimum is None or outcome.maximum is None:
        axes.margins(y=0.25)
        return
    scale = outcome.maximum - outcome.minimum
    span = min(max((high - low) * 1.3, LEAST_SHARE_OF_SCALE * scale), scale)
    bottom = min(max((low + high - span) / 2, outcome.minimum), outcome.maximum - span)
    pad = 0.02 * scale
    axes.set_ylim(bottom - pad, bottom + span + pad)
