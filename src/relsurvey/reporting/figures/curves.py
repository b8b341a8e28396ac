"""Figures of lines: what becomes of a figure as something is changed step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from relsurvey.reporting.figures.style import COLOURS, GRID, INK, MUTED, blank, styled
from relsurvey.reporting.plain import wrapped
from relsurvey.text import percent

if TYPE_CHECKING:
    from relsurvey.imputation import DeltaResult

__all__ = ["draw_lines", "plot_delta"]

HEIGHT = 3.4
LOOKS = (
    (COLOURS["worker"], "o", "-"),
    (COLOURS["service_user"], "s", (0, (5, 2))),
)


def draw_lines(
    x: Any, lines: Mapping[str, Any], axes: Axes | None = None, *, across: str, up: str
) -> Axes:
    """Draw up to two lines, told apart by mark and dashes as well as by colour.

    Parameters
    ----------
    x : sequence of float
        Where the points stand.
    lines : mapping of str to sequence of float
        By name.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.
    across, up : str
        What is along the axes.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing.
    """
    with styled():
        if axes is None:
            axes = blank(height=HEIGHT).add_axes((0.12, 0.16, 0.85, 0.72))
        for (name, y), (colour, mark, dashes) in zip(lines.items(), LOOKS, strict=False):
            axes.plot(
                x, y, color=colour, marker=mark, linestyle=dashes, linewidth=1.6, markersize=5,
                label=wrapped(name, 40, 1),
            )  # fmt: skip
        axes.grid(visible=True, color=GRID)
        axes.set_xlabel(wrapped(across, 80, 1))
        axes.set_ylabel(wrapped(up, 42, 1))
        if len(lines) > 1:
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, fontsize=9)
    return axes


def plot_delta(result: DeltaResult, axes: Axes | None = None) -> Axes:
    """Draw the slope by how far missing answers are shifted, and where the verdict tips."""
    table = result.table
    confidence = percent(result.primary.confidence)
    axes = draw_lines(
        table["delta"], {"slope": table["slope"]}, axes, up="Slope",
        across="Missing answers shifted by, standard deviations of the outcome",
    )  # fmt: skip
    with styled():
        axes.fill_between(
            table["delta"].to_numpy(dtype=float), table["conf_low"].to_numpy(dtype=float),
            table["conf_high"].to_numpy(dtype=float), color=COLOURS["worker"], alpha=0.18,
            linewidth=0, label=f"{confidence} interval",
        )  # fmt: skip
        axes.axhline(0, color=INK, linewidth=0.9)
        for tip in (result.tipping_below, result.tipping_above):
            if tip == tip:
                axes.axvline(
                    tip, color=MUTED, linestyle=(0, (4, 3)), linewidth=1.2, label="verdict tips"
                )
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, fontsize=9)
    return axes
