"""Pearson, Spearman and Kendall over workers: one value a worker, each counted the same."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.special import ndtri

from relsurvey.association.companions.companion import Companion
from relsurvey.association.companions.correlation import correlate
from relsurvey.association.models.likelihood import Floats
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_confidence
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, notes_below, number, p_value_text, percent, wrapped
from relsurvey.with_pingouin import rank_correlation

__all__ = ["WorkerCorrelations", "correlate_ranks", "rank_interval", "worker_correlations"]

FEWEST = 5  # Fieller's interval needs n - 4 > 0
FEWEST_TRIED = 10  # the intervals of ranks were tried from here on
LARGEST_KENDALL, LARGEST_SPEARMAN = 0.8, 0.95  # and up to here
ALIKE = 1e-9  # of their standard deviation: means that differ by less differ by rounding
CORRELATION = "correlation"
SOURCES = {
    "Pearson": "Fisher 1921",
    "Spearman": "Bonett and Wright 2000",
    "Kendall tau-b": "Kendall 1945; Fieller, Hartley and Pearson 1957",
}


@dataclass(frozen=True, eq=False)
class WorkerCorrelations(Drawn):
    """Three correlations over workers.

    Attributes
    ----------
    predictor, outcome : str
        The worker's value, and the answers whose mean a worker has.
    companions : tuple of Companion
        Pearson, Spearman, Kendall's tau-b.
    n_groups, n_rows : int
        Workers, and rows that their means are of.
    confidence : float
        Coverage of the intervals.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_correlations_of_workers"

    predictor: str
    outcome: str
    companions: tuple[Companion, ...]
    n_groups: int
    n_rows: int
    confidence: float
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a correlation, unrounded."""
        names = [field.name for field in fields(Companion)]
        return pd.DataFrame([astuple(one) for one in self.companions], columns=names)

    def summary(self) -> str:
        """Return the correlations as a text for people."""
        rows = [
            {
                "method": one.name,
                "correlation": number(one.estimate, 3),
                "low": number(one.conf_low, 3),
                "high": number(one.conf_high, 3),
                "p": p_value_text(one.p_value),
            }
            for one in self.companions
        ]
        lines = [
            f"{self.predictor} and the mean {self.outcome} of {counted(self.n_groups, 'worker')}, "
            f"intervals {percent(self.confidence)}",
            "",
            *aligned(rows, left=["method", "p"]),
            *notes_below([(one.name, one.note) for one in self.companions]),
        ]
        remarks = [line for note in self.notes for line in wrapped(f"Note: {note}")]
        return "\n".join([*lines, *remarks])


def worker_correlations(
    sums: GroupSums, predictor: str, outcome: str, confidence: float = 0.95
) -> WorkerCorrelations:
    """Correlate a value of the worker with the worker's mean outcome, in three ways.

    Parameters
    ----------
    sums : GroupSums
        With the predictor and the outcome among its columns.
    predictor, outcome : str
        Its columns.
    confidence : float, default 0.95
        Coverage of the intervals.

    Returns
    -------
    WorkerCorrelations
        Not adjusted for covariates. NaN, with the reason in ``note``, where there is none.

    Raises
    ------
    ModelError
        Where ``confidence`` is no probability.

    Notes
    -----
    Pearson: t test, interval by Fisher's z. Spearman: t approximation; interval by Fisher's z
    with variance (1 + r^2 / 2) / (n - 3). Kendall's tau-b: exact p where few workers have no
    ties, otherwise normal; interval by Fisher's z with variance 0.437 / (n - 4). Means that differ
    by rounding only are ties.

    References
    ----------
    Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson,
    Kendall and Spearman correlations. Psychometrika, 65(1), 23-28. Equations 3 and 5.
    Fieller, E. C., Hartley, H. O., & Pearson, E. S. (1957). Tests for rank correlation
    coefficients. I. Biometrika, 44(3-4), 470-481.
    Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika, 33(3), 239-251.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> data = {"worker": list("abcdef"), "x": [1, 2, 3, 4, 5, 6], "y": [2, 1, 4, 3, 6, 9]}
    >>> found = worker_correlations(group_sums(data, ["x", "y"], "worker"), "x", "y")
    >>> found.to_frame()[["name", "estimate"]].round(3)
                name  estimate
    0        Pearson     0.895
    1       Spearman     0.886
    2  Kendall tau-b     0.733
    """
    require_confidence(confidence)
    x, y = (sums.means[:, sums.place(name)] for name in (predictor, outcome))
    if sums.equal_means(outcome):
        reason = "all workers have the same mean outcome"
        found = tuple(_none(name, reason) for name in SOURCES)
    else:
        found = (
            _pearson(x, y, confidence),
            correlate_ranks(x, y, "Spearman", confidence),
            correlate_ranks(x, y, "Kendall tau-b", confidence),
        )
    notes = ["Every worker counts the same, however many answered; not adjusted for covariates."]
    if sums.n_parents > 1:
        notes.append(
            f"Workers are taken as independent: differences between {sums.nested_in} are not "
            "allowed for, so the intervals may be too narrow."
        )
    return WorkerCorrelations(
        predictor, outcome, found, sums.n_groups, sums.n_rows, confidence, tuple(notes)
    )


def correlate_ranks(x: Floats, y: Floats, method: str, confidence: float) -> Companion:
    """Correlate the ranks of two columns of worker values.

    Parameters
    ----------
    x, y : numpy.ndarray
        Shape (workers,), without missing values.
    method : {"Spearman", "Kendall tau-b"}
        Which.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    Companion
        NaN, with the reason in ``note``, where there is none.
    """
    n = len(x)
    if n < FEWEST:
        return _none(method, f"fewer than {FEWEST} workers")
    ranks_x, ranks_y = _ties_joined(x), _ties_joined(y)
    if np.ptp(ranks_x) == 0 or np.ptp(ranks_y) == 0:
        return _none(method, "all workers have the same value")
    spearman = method == "Spearman"
    r, p_value = rank_correlation(ranks_x, ranks_y, "spearman" if spearman else "kendall")
    std_error = math.sqrt(max(1.0 - r * r, 0.0) / (n - 2)) if spearman else math.nan
    df = n - 2.0 if spearman else math.nan
    statistic = r / std_error if std_error > 0 else math.nan
    low, high = rank_interval(r, n, method, confidence)
    note = ""
    if math.isnan(low):
        note = "the ranks agree throughout: no interval"
    elif n < FEWEST_TRIED or abs(r) > (LARGEST_SPEARMAN if spearman else LARGEST_KENDALL):
        note = "the interval is rough with so few workers or so close an agreement"
    return Companion(
        method, CORRELATION, r, std_error, df, statistic, p_value, low, high, note,
        SOURCES[method],
    )  # fmt: skip


def rank_interval(r: float, n: int, method: str, confidence: float) -> tuple[float, float]:
    """Return the interval of a correlation of ranks by Fisher's z; NaN where it is perfect.

    Parameters
    ----------
    r : float
        The correlation.
    n : int
        Workers; at least 5.
    method, confidence
        As in ``correlate_ranks``.

    Examples
    --------
    >>> [round(limit, 3) for limit in rank_interval(0.5, 30, "Spearman", 0.95)]
    [0.148, 0.74]
    """
    if 1.0 - abs(r) <= ALIKE:
        return math.nan, math.nan
    variance = (1.0 + r * r / 2.0) / (n - 3) if method == "Spearman" else 0.437 / (n - 4)
    half = float(ndtri(0.5 + confidence / 2.0)) * math.sqrt(variance)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def _pearson(x: Floats, y: Floats, confidence: float) -> Companion:
    found = correlate(x, y, confidence)
    if math.isnan(found.r):
        return _none("Pearson", found.note)
    df = len(x) - 2.0
    std_error = math.sqrt(max(1.0 - found.r**2, 0.0) / df)
    statistic = found.r / std_error if std_error > 0 else math.nan
    return Companion(
        "Pearson", CORRELATION, found.r, std_error, df, statistic, found.p_value, found.low,
        found.high, found.note, SOURCES["Pearson"],
    )  # fmt: skip


def _none(name: str, reason: str) -> Companion:
    return Companion.missing(name, CORRELATION, reason, source=SOURCES[name])


def _ties_joined(values: Floats) -> Floats:
    """Return the rank of each value among the different ones, rounding set aside."""
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order]) > ALIKE * values.std()
    joined = np.empty(len(values))
    joined[order] = np.concatenate([[0], np.cumsum(steps)])
    return joined
