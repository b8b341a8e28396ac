"""The reliability figure: each scale's alpha with its interval, and its omega."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from relsurvey.reporting.figures.drawing import Drawing, as_picture
from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, WIDTH, blank, styled
from relsurvey.reporting.numbers import bounded, interval
from relsurvey.reporting.plain import shortened, wrapped

if TYPE_CHECKING:
    from relsurvey.psychometrics import ReliabilityResult

__all__ = ["USUAL_ALPHA", "plot_reliability", "reliability_drawing"]

USUAL_ALPHA = 0.70

ROW = 0.36
BESIDE = 0.26  # of a row, by which omega stands below alpha, which is often as high
HEAD = 0.42
BELOW, ABOVE = 0.62, 0.1
LEFT, RIGHT = 2.2, 1.5
MARKERS = {"worker": "o", "service_user": "s"}

Row = Mapping[Any, Any]


def plot_reliability(
    result: ReliabilityResult, axes: Axes | None = None, *, role: str = "worker"
) -> Axes:
    """Draw each scale's alpha with its interval.

    Parameters
    ----------
    result : ReliabilityResult
        What ``relsurvey.reliability`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.
    role : {"worker", "service_user"}
        For colour and marker.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing, one row a scale, the first on top; scales without an alpha have a row
        without a point.
    """
    rows = result.to_frame().to_dict("records")
    with styled():
        if axes is None:
            figure = blank(height=ROW * len(rows) + BELOW + HEAD)
            axes = figure.add_axes((0.34, 0.2, 0.63, 0.72))
        _draw(rows, role, axes, _lowest(rows))
        axes.set_xlabel("Cronbach's alpha")
    return axes


def reliability_drawing(
    groups: Sequence[tuple[str, str, Sequence[Row]]], name: str, alt: str
) -> Drawing:
    """Draw the scales of several questionnaires over one axis, as a picture.

    Parameters
    ----------
    groups : sequence of (role, title, rows)
        Rows as in ``ReliabilityResult.to_frame()``, withheld ones with NaN.
    name, alt : str
        As in ``as_picture``.
    """
    height = ABOVE + BELOW + sum(HEAD + ROW * len(rows) for _, _, rows in groups)
    lowest = _lowest([row for _, _, rows in groups for row in rows])
    with styled():
        figure = blank(height=height)
        top = height - ABOVE
        for position, (role, title, rows) in enumerate(groups):
            depth = ROW * len(rows)
            bottom = top - HEAD - depth
            axes = figure.add_axes(
                (
                    LEFT / WIDTH,
                    bottom / height,
                    (WIDTH - LEFT - RIGHT) / WIDTH,
                    depth / height,
                )
            )
            _draw(rows, role, axes, lowest)
            figure.text(
                0.004, (top - HEAD / 2) / height, shortened(title, 80), weight="bold", va="center"
            )
            _write_values(rows, axes)
            if position == len(groups) - 1:
                known = [one.get("omega_total", math.nan) for _, _, some in groups for one in some]
                words = "Cronbach's alpha, with its interval"
                if any(math.isfinite(one) for one in known):
                    words += "; small diamond: omega"
                axes.set_xlabel(words, fontsize=9, color=MUTED)
            else:
                axes.tick_params(labelbottom=False)
            top = bottom
        return as_picture(figure, name, alt)


def _lowest(rows: Sequence[Row]) -> float:
    """Return where the axis begins: at .4, or lower in steps of .2 where an interval does."""
    lows = [float(row["alpha_low"]) for row in rows if math.isfinite(row["alpha_low"])]
    return max(-1.0, min(0.4, math.floor(min(lows, default=0.4) * 5) / 5))


def _draw(rows: Sequence[Row], role: str, axes: Axes, lowest: float) -> None:
    axes.axvline(USUAL_ALPHA, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    for position, row in enumerate(rows):
        alpha, low, high = (float(row[key]) for key in ("alpha", "alpha_low", "alpha_high"))
        if not math.isfinite(alpha):
            continue
        if math.isfinite(low) and math.isfinite(high):
            span = [max(round(low, 2), lowest), round(high, 2)]
            axes.plot(span, [position] * 2, color=INK, linewidth=1.6, solid_capstyle="butt")
        axes.plot(
            [max(round(alpha, 2), lowest)],
            [position],
            marker=MARKERS[role],
            markersize=7,
            color=COLOURS[role],
            markeredgecolor="white",
            linestyle="none",
            zorder=3,
        )
        omega = float(row.get("omega_total", math.nan))
        if math.isfinite(omega):
            axes.plot(
                [max(round(omega, 2), lowest)], [position + BESIDE], marker="D", markersize=4,
                markerfacecolor="white", markeredgecolor=INK, linestyle="none", zorder=4,
            )  # fmt: skip
    axes.set_xlim(lowest, 1.0)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [wrapped(row["title"], 28, 1) for row in rows])
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _write_values(rows: Sequence[Row], axes: Axes) -> None:
    for position, row in enumerate(rows):
        ends = interval(row["alpha_low"], row["alpha_high"], below_one=True)
        known = math.isfinite(row["alpha"])
        axes.text(
            1.04,
            position,
            f"{bounded(row['alpha'])}  ({ends})" if known else "not shown",
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=9,
        )
