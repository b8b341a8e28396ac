"""Figures of items and scales: loadings, the fit of models, correlations, single items."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from relsurvey.reporting.figures.curves import draw_lines
from relsurvey.reporting.figures.drawing import Drawing, picture_of
from relsurvey.reporting.figures.shared import (
    Look,
    Point,
    draw_bars,
    draw_forest,
    draw_heat,
    draw_nothing,
)
from relsurvey.reporting.numbers import bounded

if TYPE_CHECKING:
    from relsurvey.agreement import ScalesAgreement
    from relsurvey.psychometrics import ItemResult, LevelsResult
    from relsurvey.psychometrics.exploratory import AdequacyResult, EfaResult, PartialsResult
    from relsurvey.psychometrics.functioning import DifferentialResult
    from relsurvey.psychometrics.structure import CfaResult, InvarianceResult, StructureResult

__all__ = [
    "correlations_drawing",
    "loading_points",
    "loadings_drawing",
    "plot_adequacy",
    "plot_differential",
    "plot_efa",
    "plot_invariance",
    "plot_items",
    "plot_levels",
    "plot_loadings",
    "plot_models",
    "plot_partials",
    "plot_scales_agreement",
]

Z95 = 1.959963984540054
DIGITS = 2  # of correlations and the like, in tables and so in drawings, which can be measured
USUAL_ITEM_REST, USUAL_ADEQUACY, USUAL_RMSEA, IMPORTANT_CHANGE = 0.30, 0.60, 0.06, 0.02


def loading_points(
    loadings: pd.DataFrame, names: dict[str, str] | None = None, *, wider: float = 1.0
) -> list[Point]:
    """Return standardised loadings with their 95% intervals, factor by factor, as they are written.

    Parameters
    ----------
    loadings : pandas.DataFrame
        As ``CfaResult.loadings`` has them.
    names : dict of str to str, optional
        What factors and items are called; their ids if not given.
    wider : float
        By what standard errors are multiplied: they go with one over the root of the number of
        people, which can be worked out from an interval unless it is made for the number shown.
    """
    names = names or {}
    points = []
    for row in loadings.to_dict("records"):
        item, factor = str(row["item"]), str(row["factor"])
        middle, reach = row["standardised"], wider * Z95 * row["standardised_std_error"]
        group = f"{row['group']}: " if "group" in row else ""
        points.append(
            Point(
                names.get(item, item), round(middle, DIGITS), round(middle - reach, DIGITS),
                round(middle + reach, DIGITS), group=group + names.get(factor, factor),
            )
        )  # fmt: skip
    return points


def plot_loadings(result: CfaResult, axes: Axes | None = None) -> Axes:
    """Draw the standardised loadings of every item with their intervals, factor by factor."""
    return _draw_loadings(loading_points(result.loadings), axes)


def _draw_loadings(points: Sequence[Point], axes: Axes | None = None) -> Axes:
    low = min([0.0, *(point.low for point in points if point.low == point.low)])
    return draw_forest(
        points, axes, label="Standardised loading (95% interval)", bounds=(max(low, -1.1), 1.05)
    )


def loadings_drawing(points: Sequence[Point], name: str, alt: str) -> Drawing:
    """Draw loadings as a picture for a report."""
    return picture_of(_draw_loadings(points), name, alt)


def correlations_drawing(table: pd.DataFrame, name: str, alt: str) -> Drawing:
    """Draw correlations as a picture: the lower triangle, each pair once.

    Parameters
    ----------
    table : pandas.DataFrame
        Square, by title of the scale.
    name, alt : str
        As in ``as_picture``.
    """
    values = table.to_numpy(dtype=float).round(DIGITS)
    lower = np.where(np.tri(len(values), k=-1, dtype=bool), values, np.nan)[1:, :-1]
    titles = [str(one) for one in table.columns]
    return picture_of(draw_heat(lower, titles[1:], titles[:-1]), name, alt)


def plot_efa(result: EfaResult, axes: Axes | None = None) -> Axes:
    """Draw the loadings, items by factors."""
    loadings = result.loadings
    return draw_heat(
        loadings.to_numpy(dtype=float), [str(one) for one in loadings.index],
        [str(one) for one in loadings.columns], axes,
        label=f"Loadings ({result.method}, {result.rotation})",
    )  # fmt: skip


def plot_models(result: StructureResult, axes: Axes | None = None) -> Axes:
    """Draw the RMSEA of each model with its interval; the diamond has the lowest BIC."""
    ending = "_scaled" if "rmsea_scaled" in result.table else ""
    looks: dict[bool, Look] = {True: "other", False: "hollow"}
    points = [
        Point(
            str(row["model"]), row["rmsea" + ending], row["rmsea_low" + ending],
            row["rmsea_high" + ending],
            look="main" if row["model"] == result.best else looks[bool(row["converged"])],
        )
        for row in result.table.to_dict("records")
    ]  # fmt: skip
    return draw_forest(
        points, axes, zero=USUAL_RMSEA,
        label=f"RMSEA (90% interval); the line is {bounded(USUAL_RMSEA)}; diamond: lowest BIC",
    )  # fmt: skip


def plot_invariance(result: InvarianceResult, axes: Axes | None = None) -> Axes:
    """Draw the RMSEA of each step with its interval; diamonds are steps that hold."""
    ending = "_scaled" if "rmsea_scaled" in result.table else ""
    points = [
        Point(
            f"{row['step']}: {row['verdict']}", row["rmsea" + ending], row["rmsea_low" + ending],
            row["rmsea_high" + ending], look="main" if row["verdict"] == "holds" else "hollow",
        )
        for row in result.table.to_dict("records")
    ]  # fmt: skip
    return draw_forest(points, axes, zero=None, label="RMSEA (90% interval), by what is held equal")


def plot_differential(result: DifferentialResult, axes: Axes | None = None) -> Axes:
    """Draw how much each item depends on the group at the same score."""
    table = result.table
    return draw_bars(
        table["item"].astype(str).tolist(), table["r2_change_total"].tolist(), axes,
        groups=[f"by {one}" for one in table["by"]], mark=IMPORTANT_CHANGE,
        label=f"Change of R-squared by group; {bounded(IMPORTANT_CHANGE)} and more matters",
    )  # fmt: skip


def plot_levels(result: LevelsResult, axes: Axes | None = None) -> Axes:
    """Draw alpha and omega of each scale within groups and between them."""
    kinds: tuple[tuple[str, Look], ...] = (("alpha", "other"), ("omega", "hollow"))
    points = [
        Point(f"{name}, {row['level']}", row[name], look=look, group=str(row["title"]))
        for row in result.shareable.to_dict("records")
        for name, look in kinds
    ]
    return draw_forest(points, axes, zero=None, label=f"Within {result.group} and between")


def plot_items(result: ItemResult, axes: Axes | None = None) -> Axes:
    """Draw how each item goes with the others of its scale."""
    table = result.table
    return draw_bars(
        table["item"].astype(str).tolist(), table["item_rest_r"].tolist(), axes,
        groups=table["scale"].astype(str).tolist(), mark=USUAL_ITEM_REST,
        label=f"Correlation with the rest of the scale; {bounded(USUAL_ITEM_REST)} is dashed",
    )  # fmt: skip


def plot_adequacy(result: AdequacyResult, axes: Axes | None = None) -> Axes:
    """Draw the sampling adequacy of each item."""
    table = result.table
    return draw_bars(
        table["item"].astype(str).tolist(), table["kmo"].tolist(), axes, bounds=(0, 1),
        mark=USUAL_ADEQUACY,
        label=f"Sampling adequacy; {bounded(USUAL_ADEQUACY)} is dashed, all: {bounded(result.kmo)}",
    )  # fmt: skip


def plot_partials(result: PartialsResult, axes: Axes | None = None) -> Axes:
    """Draw what correlations are left once so many components are taken out."""
    table = result.table
    lines = {name: table[name] for name in ("squared", "fourth")}
    axes = draw_lines(
        table["n_components"], lines, axes, across="Components taken out",
        up="Mean power of the partial correlations",
    )  # fmt: skip
    for count in (result.n_factors, result.n_factors_fourth):
        axes.axvline(count, linestyle=":", color="black", linewidth=1)
    return axes


def plot_scales_agreement(result: ScalesAgreement, axes: Axes | None = None) -> Axes:
    """Draw ICC(1) and ICC(2) of each scale with their intervals."""
    kinds: tuple[tuple[str, str, Look], ...] = (
        ("icc1", "ICC(1), one answer", "other"),
        ("icc2", "ICC(2), a mean", "hollow"),
    )
    shown = {scale for scale, one in result.results.items() if not one.withheld}
    rows = [row for row in result.table.to_dict("records") if row["scale"] in shown]
    if not rows:
        return draw_nothing("Too few groups are there for anything to be shown.", axes)
    points = [
        Point(
            str(row["title"]), round(row[name], DIGITS), round(row[f"{name}_low"], DIGITS),
            round(row[f"{name}_high"], DIGITS), look=look, group=title,
        )
        for name, title, look in kinds
        for row in rows
    ]  # fmt: skip
    known = any(math.isfinite(point.low) for point in points)
    label = f"Intraclass correlation{' with its interval' if known else ''}"
    return draw_forest(points, axes, label=label)
