"""Figures of models and of what is done with their slopes: estimates with intervals, in rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from relsurvey.reporting.figures.shared import Look, Point, draw_bars, draw_forest, draw_nothing
from relsurvey.reporting.numbers import number
from relsurvey.text import percent

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.association import MixedResult
    from relsurvey.association.cluster_ols import OlsResult
    from relsurvey.association.companions.bayes_factor import BayesFactor
    from relsurvey.association.companions.cumulative_logit import CumulativeLogit
    from relsurvey.association.companions.disattenuated import Disattenuated
    from relsurvey.association.companions.ranks import WorkerCorrelations
    from relsurvey.association.companions.top_box import TopBox
    from relsurvey.association.equivalence import Equivalence
    from relsurvey.association.measurement_error import MeasurementError
    from relsurvey.association.measurement_error.budget import Budget
    from relsurvey.association.models.compare import ModelComparison
    from relsurvey.association.models.explained import RSquared
    from relsurvey.association.models.influence import LeaveOneOut
    from relsurvey.association.models.residuals import ResidualSummary
    from relsurvey.association.panel import Companions
    from relsurvey.association.resampling.bootstrap import BootstrapResult
    from relsurvey.association.resampling.parametric import ParametricResult
    from relsurvey.association.resampling.permutation import PermutationResult
    from relsurvey.imputation import ImputedAssociation
    from relsurvey.planning.power import DetectableResult

__all__ = [
    "plot_bayes_factor",
    "plot_budget",
    "plot_coefficients",
    "plot_companions",
    "plot_corrected_slopes",
    "plot_correlations_of_workers",
    "plot_detectable",
    "plot_disattenuated",
    "plot_equivalence",
    "plot_explained",
    "plot_imputed_association",
    "plot_left_out",
    "plot_model_comparison",
    "plot_permutation",
    "plot_resampled",
    "plot_residuals",
]

INTERCEPT = "(Intercept)"
CORRELATION = (-1.05, 1.05)
WORDS_OF_FACTORS = (1 / 100, 1 / 30, 1 / 10, 1 / 3, 1, 3, 10, 30, 100)


def _points(table: pd.DataFrame, name: str, group: str = "") -> list[Point]:
    """Return one point a row of a table with an estimate and its interval."""
    columns = [name, "estimate", "conf_low", "conf_high"]
    rows = table[columns].to_dict("records")
    return [
        Point(str(row[name]), row["estimate"], row["conf_low"], row["conf_high"], group=group)
        for row in rows
    ]


def plot_coefficients(
    result: MixedResult | OlsResult | CumulativeLogit | TopBox, axes: Axes | None = None
) -> Axes:
    """Draw a model's coefficients with their intervals, the intercept left out."""
    table = result.to_frame()
    terms = table[table["term"] != INTERCEPT]
    logits = "odds_ratio" in table
    unit = "Log odds ratio of a better answer" if logits else f"Points of {result.outcome}"
    label = f"{unit} for one unit of each term ({percent(result.confidence)} interval)"
    if terms.empty:
        return draw_nothing("The model has no terms but its intercept.", axes)
    return draw_forest(_points(terms, "term"), axes, label=label)


def plot_imputed_association(result: ImputedAssociation, axes: Axes | None = None) -> Axes:
    """Draw the terms as pooled over completed data and as found in complete cases."""
    frame = result.to_frame()
    terms = frame[frame["term"] != INTERCEPT]
    points = [
        Point(
            str(row["analysis"]), row["estimate"], row["conf_low"], row["conf_high"],
            look="main" if row["analysis"] == "imputed" else "other", group=str(row["term"]),
        )
        for row in terms.sort_values("term", kind="stable").to_dict("records")
    ]  # fmt: skip
    return draw_forest(
        points, axes,
        label=f"Points of {result.outcome} for one unit ({percent(result.confidence)} interval)",
    )  # fmt: skip


def plot_equivalence(result: Equivalence, axes: Axes | None = None) -> Axes:
    """Draw the slope's two intervals over the band of slopes too small to matter."""
    wide, narrow = percent(1 - result.alpha), percent(1 - 2 * result.alpha)
    points = [
        Point(f"{wide} interval", result.estimate, result.interval_low, result.interval_high),
        Point(
            f"{narrow} interval, TOST", result.estimate, result.conf_low, result.conf_high, "main"
        ),
    ]
    axes = draw_forest(
        points, axes, margin=result.margin,
        label=f"Slope; band: too small to matter (below {number(result.margin)} either way)",
    )  # fmt: skip
    axes.set_title(result.verdict, loc="left", fontsize=10)
    return axes


def plot_corrected_slopes(result: MeasurementError, axes: Axes | None = None) -> Axes:
    """Draw the slope as measured, and with the error of the worker's score carried into it."""
    from relsurvey.association.measurement_error.result import METHODS

    points = [
        Point(
            METHODS[one.method], one.estimate, one.conf_low, one.conf_high,
            look="main" if one is result.naive else "other",
        )
        for one in result.slopes
    ]  # fmt: skip
    label = f"Points of {result.outcome} per point of {result.predictor}"
    return draw_forest(points, axes, label=f"{label} ({percent(result.confidence)} interval)")


def plot_budget(result: Budget, axes: Axes | None = None) -> Axes:
    """Draw what is left of the true correlation after each kind of error."""
    table = result.table
    return draw_bars(
        table["what"].astype(str).tolist(), table["correlation"].tolist(), axes,
        label="Correlation after the step", texts=[number(one) for one in table["correlation"]],
    )  # fmt: skip


def plot_companions(result: Companions, axes: Axes | None = None) -> Axes:
    """Draw the slopes and the correlations of all methods beside the primary one."""
    table = result.table
    kinds = {"points per point": "Slopes", "correlation": "Correlations",
             "correlation of true values": "Correlations"}  # fmt: skip
    shown = table[table["scale"].isin(list(kinds)) & table["estimate"].notna()]
    looks: dict[str, Look] = {"yes": "other"}
    points = [
        Point(
            str(row["name"]), row["estimate"], row["conf_low"], row["conf_high"],
            look="main" if row["standing"] == "primary" else looks.get(row["agrees"], "hollow"),
            group=kinds[str(row["scale"])],
        )
        for row in shown.to_dict("records")
    ]  # fmt: skip
    return draw_forest(
        points, axes,
        label="Slope in points per point, or correlation. Diamond: primary; dots agree with it; "
        "squares: partly, not, or cannot be compared",
    )  # fmt: skip


def plot_disattenuated(result: Disattenuated, axes: Axes | None = None) -> Axes:
    """Draw the correlation over workers as observed, and of true values."""
    points = [
        Point("observed", result.correlation),
        Point("of true values", result.corrected, result.conf_low, result.conf_high, "main"),
    ]
    return draw_forest(
        points, axes, label=f"Correlation over workers ({percent(result.confidence)} interval)"
    )


def plot_correlations_of_workers(result: WorkerCorrelations, axes: Axes | None = None) -> Axes:
    """Draw three correlations over workers with their intervals."""
    return draw_forest(
        _points(result.to_frame(), "name"), axes, bounds=CORRELATION,
        label=f"Correlation over workers ({percent(result.confidence)} interval)",
    )  # fmt: skip


def plot_bayes_factor(result: BayesFactor, axes: Axes | None = None) -> Axes:
    """Draw the Bayes factor on its own scale, evidence for none left and for some right."""
    value = result.for_association
    if not (math.isfinite(value) and value > 0):
        return draw_nothing(result.note or "The Bayes factor is too large to be drawn.", axes)
    axes = draw_forest(
        [Point("association against none", math.log10(value), look="main")], axes,
        label="Bayes factor: left of 1 for none, right of 1 for an association",
    )  # fmt: skip
    ends = max(2.1, abs(math.log10(value)) + 0.2)
    axes.set_xlim(-ends, ends)
    names = [f"1/{round(1 / one)}" if one < 1 else f"{one}" for one in WORDS_OF_FACTORS]
    axes.set_xticks(np.log10(WORDS_OF_FACTORS), names)
    return axes


def plot_resampled(result: BootstrapResult | ParametricResult, axes: Axes | None = None) -> Axes:
    """Draw the slope with the intervals that drawing again gives it."""
    from relsurvey.association.resampling.bootstrap import BootstrapResult

    name = "percentile interval"
    if isinstance(result, BootstrapResult):
        low, high = result.percentile_low, result.percentile_high
        points = [
            Point("BCa interval", result.estimate, result.conf_low, result.conf_high, "main"),
            Point(name, result.estimate, low, high),
        ]
    else:
        points = [Point(name, result.estimate, result.conf_low, result.conf_high, "main")]
    label = f"Points of {result.outcome} per point of {result.predictor}"
    return draw_forest(points, axes, label=f"{label} ({percent(result.confidence)} interval)")


def plot_permutation(result: PermutationResult, axes: Axes | None = None) -> Axes:
    """Draw p with its Monte Carlo interval, the level asked about, and the smallest p there is."""
    reach = 1.96 * result.p_std_error
    points = [
        Point("p, with what chance in the draws adds", result.p_value,
              max(result.p_value - reach, 0.0), result.p_value + reach, "main"),
        Point("smallest p that can be reached", result.smallest_p, look="hollow"),
    ]  # fmt: skip
    return draw_forest(
        points, axes, zero=result.alpha,
        label=f"p from orders of {result.units}; the line is {result.alpha:g}",
    )  # fmt: skip


def plot_left_out(result: LeaveOneOut, axes: Axes | None = None) -> Axes:
    """Draw the estimate with its interval, and between what it moves with one group left out."""
    points = [
        Point("all of them, interval", result.estimate, result.conf_low, result.conf_high, "main"),
        Point(f"one {result.level} left out: all estimates", result.estimate, result.lowest,
              result.highest),
    ]  # fmt: skip
    return draw_forest(points, axes, label=f"{result.focus} on {result.outcome}")


def plot_detectable(result: DetectableResult, axes: Axes | None = None) -> Axes:
    """Draw the smallest associations that the study could find."""
    frame = result.to_frame().rename(columns={"low": "conf_low", "high": "conf_high"})
    frame["quantity"] = frame["quantity"].str.replace("_", " ").str.capitalize()
    return draw_forest(
        _points(frame, "quantity"), axes,
        label=f"Smallest that would be found with a chance of {percent(result.power)}",
    )  # fmt: skip


def plot_model_comparison(result: ModelComparison, axes: Axes | None = None) -> Axes:
    """Draw by how much AIC and BIC of each model are above the lower of the two."""
    table = result.table
    rows = [
        (str(model), name.upper(), float(value - table[name].min()))
        for name in ("aic", "bic")
        for model, value in zip(table["model"], table[name], strict=True)
    ]
    return draw_bars(
        [model for model, _, _ in rows], [value for _, _, value in rows], axes,
        groups=[name for _, name, _ in rows], texts=[number(value, 1) for _, _, value in rows],
        label="Above the lower one (0 is the better supported model)",
    )  # fmt: skip


def plot_residuals(result: ResidualSummary, axes: Axes | None = None) -> Axes:
    """Draw the standard deviation of each level as the model has it and as it was predicted."""
    kinds: tuple[tuple[str, str, Look], ...] = (
        ("in the model", "model_sd", "main"),
        ("as predicted", "sd", "other"),
    )
    points = [
        Point(name, row[column], look=look, group=str(row["level"]))
        for row in result.table.to_dict("records")
        for name, column, look in kinds
    ]
    return draw_forest(points, axes, label=f"Standard deviation, points of {result.outcome}")


def plot_explained(result: RSquared, axes: Axes | None = None) -> Axes:
    """Draw the shares of the outcome's variance that go with predictors and with groups."""
    table = result.table
    labels = [f"{row['source']} ({row['level']})" for row in table.to_dict("records")]
    return draw_bars(
        labels, table["r_squared"].tolist(), axes, groups=[f"of {one}" for one in table["of"]],
        texts=[number(one) for one in table["r_squared"]], bounds=(0, 1.05),
        label="Share of the variance",
    )  # fmt: skip
