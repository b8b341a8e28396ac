"""The parallel analysis figure: eigenvalues as observed, over those that chance makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, styled

if TYPE_CHECKING:
    from relsurvey.psychometrics.exploratory import ParallelResult

__all__ = ["plot_parallel"]

HEIGHT = 3.6
DASHED, DOTTED = (0, (5, 2)), (0, (1, 1.6))


def plot_parallel(result: ParallelResult, axes: Axes | None = None) -> Axes:
    """Draw the eigenvalues of the items over those drawn by chance.

    Parameters
    ----------
    result : ParallelResult
        What ``relsurvey.parallel_analysis`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The scree with filled dots for the eigenvalues that count and hollow ones for the
        others, and the percentile of each kind of draw as a broken line.
    """
    with styled():
        if axes is None:
            axes = blank(height=HEIGHT).add_axes((0.1, 0.15, 0.87, 0.73))
        _draw(result, axes)
    return axes


def _draw(result: ParallelResult, axes: Axes) -> None:
    table = result.table
    position = table["position"].to_numpy(dtype=float)
    observed = table["observed"].to_numpy(dtype=float)
    axes.plot(position, observed, color=COLOURS["worker"], linewidth=1.4, zorder=3)
    count = result.n_factors
    for part, fill, words in (
        (slice(None, count), COLOURS["worker"], "observed, above chance"),
        (slice(count, None), "white", "observed, not above"),
    ):
        axes.plot(
            position[part],
            observed[part],
            linestyle="none",
            marker="o",
            markersize=6,
            color=COLOURS["worker"],
            markerfacecolor=fill,
            label=words,
            zorder=4,
        )
    level = f"{result.percentile:g}th percentile"
    for reference, words, style, colour in (
        ("normal", f"{level}, normal items", DASHED, COLOURS["service_user"]),
        ("permuted", f"{level}, answers dealt out anew", DOTTED, INK),
    ):
        values = table[f"{reference}_percentile"].to_numpy(dtype=float)
        if (values == values).all():
            axes.plot(position, values, linestyle=style, color=colour, linewidth=1.8, label=words)
    dimension = result.method.removesuffix("s")
    suggested = f"{count} {dimension}{'' if count == 1 else 's'} suggested"
    axes.set_title(suggested, loc="left", fontsize=10, color=INK)
    axes.set_xlabel(dimension.capitalize())
    axes.set_ylabel("Eigenvalue")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.legend(loc="upper right", fontsize=9)
