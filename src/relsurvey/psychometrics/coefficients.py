"""Every coefficient of one scale, each where it can be computed, and the reasons where not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from relsurvey.moments.resampled import ResampledMoments
from relsurvey.moments.tables import ItemTables
from relsurvey.psychometrics.consistency import (
    correlation_of,
    cronbach_alpha,
    feldt_interval,
    guttman_lambda6,
    mean_correlation,
)
from relsurvey.psychometrics.omega import omega_hierarchical, omega_total
from relsurvey.psychometrics.ordinal import ordinal_alpha, ordinal_omega
from relsurvey.psychometrics.polychoric_fit import fit_polychoric
from relsurvey.psychometrics.reasons import constant_items, doubts, obstacle
from relsurvey.psychometrics.scales import TabulatedScale
from relsurvey.psychometrics.score_error import detectable_change, score_deviation, standard_error
from relsurvey.psychometrics.split_halves import split_halves
from relsurvey.text import counted

__all__ = ["COEFFICIENTS", "Coefficients", "coefficients"]

COEFFICIENTS = (
    "alpha",
    "alpha_low",
    "alpha_high",
    "alpha_boot_low",
    "alpha_boot_high",
    "alpha_standardised",
    "omega_total",
    "lambda6",
    "mean_inter_item_r",
    "split_half_min",
    "split_half_mean",
    "split_half_max",
    "split_half_all_min",
    "split_half_all_mean",
    "split_half_all_max",
    "ordinal_alpha",
    "ordinal_omega",
    "omega_hierarchical_second_order",
    "omega_hierarchical_bifactor",
    "sem",
    "mdc95",
)
# Below this share of bootstrap samples with an alpha, their quantiles are of a selection.
MOST_UNDEFINED = 0.5


@dataclass(slots=True)
class Coefficients:
    """What was found for one scale.

    Attributes
    ----------
    figures : dict of str to float
        By name, all of ``COEFFICIENTS``; NaN where there is none.
    notes : list of str
        Reasons and doubts.
    fit : mapping of str to float
        Fit measures of the one-factor model; empty where none was fitted.
    """

    figures: dict[str, float] = field(default_factory=lambda: dict.fromkeys(COEFFICIENTS, math.nan))
    notes: list[str] = field(default_factory=list)
    fit: Mapping[str, float] = field(default_factory=dict)


def coefficients(
    scale: TabulatedScale,
    *,
    confidence: float,
    samples: ResampledMoments | None,
    seed: int,
) -> Coefficients:
    """Compute every coefficient of one scale.

    Parameters
    ----------
    scale : TabulatedScale
        With its tables.
    confidence : float
        Of both intervals of alpha.
    samples : ResampledMoments or None
        Of the bootstrap; ``None`` where none was asked for.
    seed : int
        Of split halves that are drawn.
    """
    found = Coefficients()
    moments = scale.moments
    reason = obstacle(moments)
    if len(moments.columns) == 1:
        single = "one item: internal consistency needs two or more"
        found.notes = [note for note in (single, reason) if note]
        return found
    if reason:
        found.notes = [reason]
        return found
    _consistency(found, scale, confidence)
    if samples is not None:
        _bootstrap(found, samples, len(moments.columns), confidence)
    _halves(found, scale, seed)
    _error(found, scale)
    found.notes += doubts(moments, found.figures)
    if not _all_constant(scale):
        _omegas(found, scale)
        _ordinal(found, scale.tables)
    return found


def _all_constant(scale: TabulatedScale) -> bool:
    return len(constant_items(scale.moments)) == len(scale.moments.columns)


def _consistency(found: Coefficients, scale: TabulatedScale, confidence: float) -> None:
    moments, figures = scale.moments, found.figures
    correlation = correlation_of(moments.covariance)
    alpha = cronbach_alpha(moments.covariance)
    low, high = feldt_interval(alpha, moments.n, len(moments.columns), confidence)
    figures["alpha"], figures["alpha_low"], figures["alpha_high"] = alpha, low, high
    figures["alpha_standardised"] = cronbach_alpha(correlation)
    figures["lambda6"] = guttman_lambda6(correlation)
    figures["mean_inter_item_r"] = mean_correlation(correlation)


def _bootstrap(found: Coefficients, samples: ResampledMoments, k: int, confidence: float) -> None:
    """Take the quantiles of the alphas of the bootstrap samples."""
    with np.errstate(invalid="ignore", divide="ignore"):
        alphas = k / (k - 1) * (1 - samples.trace / samples.total)
    alphas = alphas[np.isfinite(alphas) & (samples.total > 0)]
    undefined = len(samples.total) - len(alphas)
    if undefined:
        what = f"{undefined:,} of {counted(len(samples.total), 'bootstrap sample')} had no alpha"
        if undefined > MOST_UNDEFINED * len(samples.total):
            found.notes.append(f"{what}: no bootstrap interval")
            return
        found.notes.append(f"{what} and do not count in its bootstrap interval")
    tail = (1 - confidence) / 2
    low, high = np.quantile(alphas, [tail, 1 - tail])
    found.figures["alpha_boot_low"], found.figures["alpha_boot_high"] = float(low), float(high)


def _halves(found: Coefficients, scale: TabulatedScale, seed: int) -> None:
    moments = scale.moments
    halves = split_halves(correlation_of(moments.covariance), moments.columns, seed=seed)
    found.figures |= {
        "split_half_min": halves.low,
        "split_half_mean": halves.mean,
        "split_half_max": halves.high,
        "split_half_all_min": halves.all_low,
        "split_half_all_mean": halves.all_mean,
        "split_half_all_max": halves.all_high,
    }


def _error(found: Coefficients, scale: TabulatedScale) -> None:
    moments, figures = scale.moments, found.figures
    deviation = score_deviation(moments.covariance, moments.columns, scale.instrument, scale.id)
    figures["sem"] = standard_error(deviation, figures["alpha"])
    figures["mdc95"] = detectable_change(figures["sem"])
    if figures["alpha"] < 0:
        found.notes.append("no standard error of measurement from a negative alpha")


def _omegas(found: Coefficients, scale: TabulatedScale) -> None:
    moments, figures = scale.moments, found.figures
    one = omega_total(moments.covariance, moments.columns, moments.n)
    figures["omega_total"], found.fit = one.omega, one.fit
    notes = [one.note]
    general = omega_hierarchical(moments.covariance, moments.columns, moments.n, scale.instrument)
    for kind, omega in general.items():
        figures[f"omega_hierarchical_{kind}"] = omega.omega
        notes.append(omega.note)
    found.notes += [note for note in notes if note]


def _ordinal(found: Coefficients, tables: ItemTables) -> None:
    fit = fit_polychoric(tables)
    found.figures["ordinal_alpha"] = ordinal_alpha(fit.correlation)
    if math.isnan(found.figures["ordinal_alpha"]):
        why = "; ".join(fit.notes) or "the polychoric correlations sum to nothing"
        found.notes.append(f"{why}: no ordinal alpha or omega")
        return
    omega = ordinal_omega(tables, fit)
    found.figures["ordinal_omega"] = omega.omega
    if omega.note:
        found.notes.append(omega.note)
