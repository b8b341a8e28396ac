"""The slope of interest under one way of analysis, with what it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.associate import primary_df
from relsurvey.association.cluster_ols import cluster_ols
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import Prepared
from relsurvey.moments.groups import GroupSums

__all__ = ["FEW_WORKERS", "MODELS", "Slope", "model_slope", "require_worker_level", "worker_means"]

NAN = float("nan")
FEW_WORKERS = 10
"""With fewer, other slopes from the same workers say next to nothing of the primary one."""
NUMBERS = ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high")
MODELS = {
    "mixed": "mixed model",
    "cluster_ols": "regression of service users",
    "worker_means": "regression of worker means",
}
"""The ways to estimate the slope, and what they are called in figures and tables."""


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope, or another number with an interval, and how many people it rests on.

    Attributes
    ----------
    estimate, std_error, df, p_value, conf_low, conf_high : float
        Points of the outcome per point of the predictor unless said otherwise; NaN where it
        cannot be computed.
    n_workers, n_service_users : float
        Workers and service users used; NaN where they are not to be shown.
    per_sd : float
        What turns the slope into standard deviations of the outcome (over service users) per
        standard deviation of the predictor (over workers).
    note : str
        Why something is NaN, or what to know.
    """

    estimate: float = NAN
    std_error: float = NAN
    df: float = NAN
    p_value: float = NAN
    conf_low: float = NAN
    conf_high: float = NAN
    n_workers: float = NAN
    n_service_users: float = NAN
    per_sd: float = NAN
    note: str = ""

    @classmethod
    def of(
        cls,
        tested: Mapping[str, Any] | pd.DataFrame,
        sums: GroupSums | None = None,
        per_sd: float = NAN,
    ) -> Slope:
        """Take the numbers of a test, and from ``sums`` how many people they rest on."""
        estimate, std_error, df, p_value, low, high = (
            float(np.asarray(tested[name], dtype=np.float64).item()) for name in NUMBERS
        )
        n_workers, n_rows = (NAN, NAN) if sums is None else (sums.n_groups, sums.n_rows)
        return cls(estimate, std_error, df, p_value, low, high, n_workers, n_rows, per_sd)

    @property
    def verdict(self) -> str:
        """What the interval says: "higher", "lower", "not shown" or "not known"."""
        if math.isnan(self.conf_low) or math.isnan(self.conf_high):
            return "not known"
        if self.conf_low > 0:
            return "higher"
        return "lower" if self.conf_high < 0 else "not shown"

    def noted(self, note: str) -> Slope:
        """Return the same with a further note."""
        return replace(self, note=" ".join(part for part in (self.note, note) if part))


def model_slope(ready: Prepared, confidence: float, model: str = "mixed") -> Slope:
    """Estimate the slope of interest by one of the models.

    Parameters
    ----------
    ready : Prepared
        The question; but for "mixed" its sums are made with ``each_within``.
    confidence : float
        Coverage of the interval.
    model : {"mixed", "cluster_ols", "worker_means"}
        "mixed" is the primary analysis: random intercepts of workers (and teams), REML, degrees
        of freedom by Satterthwaite with two levels and Kenward-Roger with three. "cluster_ols"
        gives every service user one vote, "worker_means" every worker one: ordinary regression
        of rows, or of workers' means on the terms that differ between workers, with CR2
        standard errors clustered by team where there is that level and by worker otherwise.

    Returns
    -------
    Slope
        Of ``ready.predictor``.

    Raises
    ------
    ModelError
        Where the model cannot be fitted.

    Notes
    -----
    With covariates split in within and between parts, the within parts sum to zero in each
    worker; so regression of the means is regression of the rows, weighted by one over the
    number of service users of the worker. That is what drawing one service user of each worker
    again and again, and averaging, estimates (Williamson, Datta & Satten, 2003).

    References
    ----------
    Williamson, J. M., Datta, S., & Satten, G. A. (2003). Marginal analyses of clustered data
    when cluster size is informative. Biometrics, 59(1), 36-42.
    """
    sums, outcome, terms = ready.sums, ready.outcome, ready.terms
    if model == "mixed":
        fit = fit_sums(sums, outcome, terms, df=primary_df(ready))
        focus = np.eye(len(fit.effects))[[1 + terms.index(ready.predictor)]]
        return Slope.of(fit.test(focus, confidence), sums, per_standard_deviation(ready))
    if model == "worker_means":
        terms = tuple(name for name in terms if not sums.equal_means(name))
        sums = worker_means(sums)
    table = cluster_ols(
        sums, outcome, terms, by_parent=ready.team is not None, confidence=confidence
    ).table
    row = table[table["term"] == ready.predictor]
    return Slope.of(row, ready.sums, per_standard_deviation(ready))


def per_standard_deviation(ready: Prepared) -> float:
    """Return SD of the predictor over workers, one value each, over that of the outcome."""
    of_workers = ready.sums.means[:, ready.sums.place(ready.predictor)]
    if len(of_workers) < 2:
        return NAN
    return float(of_workers.std(ddof=1)) / ready.sums.standard_deviation(ready.outcome)


def worker_means(sums: GroupSums) -> GroupSums:
    """Return sums in which each group is one row, its means.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> sums = group_sums({"worker": ["a", "a", "b"], "y": [1.0, 3.0, 7.0]}, ["y"], "worker")
    >>> collapsed = worker_means(sums)
    >>> collapsed.n_rows, collapsed.means[:, 0].tolist()
    (2, [2.0, 7.0])
    """
    # Centred anew: the mean over workers is not that over rows, and sums have to be about 0.
    means = sums.sums / sums.counts[:, None]
    shift = means.mean(axis=0)
    return replace(
        sums,
        counts=np.ones_like(sums.counts),
        centres=sums.centres + sums.units * shift,
        sums=means - shift,
        within=np.zeros_like(sums.within),
        within_each=np.zeros((sums.n_groups, *sums.within.shape)),
        varies=np.zeros_like(sums.varies),
    )


def require_worker_level(ready: Prepared) -> str:
    """Return why too few workers are left for a model, or nothing; no worker is named."""
    needed = 2 + sum(not ready.sums.varying[ready.sums.place(name)] for name in ready.terms)
    if ready.sums.n_groups < needed:
        return f"fewer than {needed} workers are left"
    return ""
