"""The correlation of what was to be measured: freed of the errors of both measurements."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.t_test import t_test_of_one
from relsurvey.errors import ModelError
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_confidence, require_number
from relsurvey.results import Drawn
from relsurvey.text import counted, p_value_text, percent, readable, wrapped

__all__ = ["Disattenuated", "disattenuate"]

Codes = npt.NDArray[np.intp]
FEWEST_WORKERS = 4  # as for every correlation over workers
FEWEST = 5  # clusters; the interval has two degrees of freedom fewer
INTERVAL = ("std_error", "df", "statistic", "p_value", "conf_low", "conf_high")
TOO_UNCERTAIN = (
    "Without one or another {by} nothing is left of the variance between workers' means beyond "
    "chance: their reliability is too uncertain for an interval."
)
ABOVE_ONE = 1.0 + 1e-12
SOURCE = "Spearman 1904; harmonic mean of ICC(2) at each worker's n; jackknife over clusters"


@dataclass(frozen=True, eq=False)
class Disattenuated(Drawn):
    """A correlation corrected for unreliability on both sides.

    Attributes
    ----------
    predictor, outcome : str
        The worker's score, and the answers whose mean a worker has.
    correlation : float
        As observed: Pearson's over workers.
    corrected : float
        Of the true score with the true mean; may be beyond 1, which ``notes`` then say.
    std_error, df, statistic, p_value, conf_low, conf_high : float
        Of ``corrected``.
    predictor_reliability, outcome_reliability : float
        Of the score, as given; of the worker mean, estimated.
    attenuation : float
        What an observed correlation is of the true one: root of the two reliabilities' product.
    n_groups, n_clusters, n_rows : int
        Workers; clusters left out one at a time; rows.
    by : str
        The column of clusters.
    confidence : float
        Coverage of the interval.
    notes : tuple of str
        What a reader has to know.
    note : str
        Why a number is NaN.
    """

    _figure: ClassVar[str] = "plot_disattenuated"

    predictor: str
    outcome: str
    correlation: float
    corrected: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    predictor_reliability: float
    outcome_reliability: float
    attenuation: float
    n_groups: int
    n_clusters: int
    n_rows: int
    by: str
    confidence: float
    notes: tuple[str, ...]
    note: str = ""

    def to_companion(self) -> Companion:
        """Return the line of the panel."""
        remarks = [self.note, *self.notes] if self.note else list(self.notes)
        return Companion(
            "Disattenuated correlation", "correlation of true values", self.corrected,
            self.std_error, self.df, self.statistic, self.p_value, self.conf_low, self.conf_high,
            " ".join(remarks), SOURCE,
        )  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return one row, unrounded."""
        row = {key: value for key, value in self.to_dict().items() if key != "notes"}
        return pd.DataFrame([row])

    def summary(self) -> str:
        """Return the correction as a text for people."""
        lines = [
            f"{self.predictor} and the mean {self.outcome} of {counted(self.n_groups, 'worker')}",
            "",
            f"  observed correlation                {readable(self.correlation)}",
            f"  reliability of {self.predictor}: {readable(self.predictor_reliability)}; of a "
            f"worker's mean {self.outcome}: {readable(self.outcome_reliability)}",
            f"  corrected correlation               {readable(self.corrected)}, "
            f"{percent(self.confidence)} interval {readable(self.conf_low)} to "
            f"{readable(self.conf_high)}, {p_value_text(self.p_value)}",
        ]
        remarks = [f"Note: {note}" for note in (self.note, *self.notes) if note]
        return "\n".join([*lines, *(line for remark in remarks for line in wrapped(remark))])


def disattenuate(
    sums: GroupSums,
    predictor: str,
    outcome: str,
    *,
    reliability: float,
    reliability_std_error: float = 0.0,
    by_parent: bool = False,
    confidence: float = 0.95,
) -> Disattenuated:
    """Correct a correlation over workers for the unreliability of score and mean.

    Parameters
    ----------
    sums : GroupSums
        Made with ``each_within=True``.
    predictor, outcome : str
        Its columns: the worker's score, and the answers of the worker's service users.
    reliability : float
        Of the score: alpha or omega, above 0 and at most 1.
    reliability_std_error : float, default 0
        Its standard error; 0 takes it as known, which a note says.
    by_parent : bool, default False
        Whether teams are left out one at a time, rather than workers.
    confidence : float, default 0.95
        Coverage of the interval.

    Returns
    -------
    Disattenuated
        Not adjusted for covariates. NaN, with the reason in ``note``, where worker means differ
        no more than chance makes them, or there are fewer than five clusters.

    Raises
    ------
    ModelError
        Where a reliability, its standard error or the confidence is out of range.
    ValueError
        Where the sums were made without ``each_within``, or have no larger units.

    Notes
    -----
    Worker j with n_j answers has a mean of variance tau^2 + sigma^2 / n_j and of reliability
    tau^2 / (tau^2 + sigma^2 / n_j). The correlation counts every worker the same, so what
    attenuates it is the harmonic mean of these, tau^2 / (tau^2 + sigma^2 mean(1 / n_j)); with n
    equal throughout it is ICC(2). sigma^2 and tau^2 are those of the analysis of variance, tau^2
    = (MSB - MSW) / n_0 (Searle, Casella & McCulloch, 1992, section 3.6).

    The standard error is the jackknife's: the whole correction is done again without each
    cluster in turn, so it holds what r and tau^2 owe to each other; the standard error of the
    score's reliability is added by the delta method. The interval has that width to first order,
    and the shape of Fisher's: A tanh(atanh(r) +- t se / (A (1 - r^2))), with 1 / A the
    root of the product of the reliabilities, and t on C - 2 degrees of freedom for C clusters; the
    test is the one that this interval implies. It is not cut at 1. In simulations (12 to 200
    workers, 1 to 15 users each, ICC .1 and .3, true correlations 0, .4 and .8) 93% to 99% of such
    95% intervals held the truth.

    References
    ----------
    Charles, E. P. (2005). The correction for attenuation due to measurement error: clarifying
    concepts and creating confidence sets. Psychological Methods, 10(2), 206-226.
    Searle, S. R., Casella, G., & McCulloch, C. E. (1992). Variance components. Wiley.
    Spearman, C. (1904). The proof and measurement of association between two things. American
    Journal of Psychology, 15(1), 72-101.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> data = {"worker": list("aabbccddeeff"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    ...         "y": [2.0, 4, 3, 5, 9, 8, 6, 8, 8, 11, 9, 10]}
    >>> sums = group_sums(data, ["x", "y"], "worker", each_within=True)
    >>> found = disattenuate(sums, "x", "y", reliability=0.8)
    >>> round(found.correlation, 3), round(found.outcome_reliability, 3), round(found.corrected, 3)
    (0.901, 0.879, 1.074)
    >>> print(found.notes[1])
    The corrected correlation is beyond 1, as no true one can be: ...
    """
    require_confidence(confidence)
    given = require_number("reliability", reliability, lowest=0.0, below=ABOVE_ONE)
    if given == 0:
        raise ModelError("reliability has to be above 0; it is 0.", hint="Give alpha or omega.")
    spread = require_number(
        "reliability_std_error", reliability_std_error, lowest=0.0, below=math.inf
    )
    parts, clusters, by = _parts(sums, predictor, outcome, by_parent=by_parent)
    n_clusters = int(clusters.max()) + 1
    found = _corrected(parts.sum(axis=1, keepdims=True), given)
    r, mean_reliability, corrected = (float(one[0]) for one in found)
    if sums.n_groups < FEWEST_WORKERS:
        r = corrected = math.nan
    note = _reason(sums, outcome, r, mean_reliability, n_clusters)
    numbers = dict.fromkeys(INTERVAL, math.nan)
    if not note:
        added = corrected * spread / given / 2.0
        error = math.hypot(_jackknife_error(parts, clusters, given), added)
        factor = 1.0 / math.sqrt(given * mean_reliability)
        numbers = _interval(r, factor, error, n_clusters - 2.0, confidence)
        note = TOO_UNCERTAIN.format(by=by) if math.isnan(error) else ""
    return Disattenuated(
        predictor=predictor,
        outcome=outcome,
        correlation=r,
        corrected=corrected,
        predictor_reliability=given,
        outcome_reliability=mean_reliability,
        attenuation=math.sqrt(given * mean_reliability),
        n_groups=sums.n_groups,
        n_clusters=n_clusters,
        n_rows=sums.n_rows,
        by=by,
        confidence=confidence,
        notes=_notes(corrected, numbers, spread),
        note=note,
        **numbers,
    )


def _jackknife_error(parts: Floats, clusters: Codes, reliability: float) -> float:
    """Return the standard error from leaving out each cluster; NaN where one cannot be left."""
    by_cluster = np.stack([np.bincount(clusters, row) for row in parts])
    left_out = _corrected(parts.sum(axis=1, keepdims=True) - by_cluster, reliability)[2]
    count = len(left_out)
    return math.sqrt((count - 1) / count * float(((left_out - left_out.mean()) ** 2).sum()))


def _parts(
    sums: GroupSums, predictor: str, outcome: str, *, by_parent: bool
) -> tuple[Floats, Codes, str]:
    """Return what each worker adds to the sums needed, shape (12, J), and its cluster."""
    if sums.within_each is None:
        raise ValueError("disattenuate() needs sums made with each_within=True")
    if by_parent and sums.parents is None:
        raise ValueError("disattenuate() needs sums with nested_in to leave out teams")
    own, counts = sums.place(outcome), sums.counts
    x, m = (sums.sums[:, place] / counts for place in (sums.place(predictor), own))
    scale = float(x.std())
    x, m = (x - x.mean()) / (scale or 1.0), m - m.mean()
    squares = np.maximum(sums.within_each[:, own, own], 0.0)
    parts = np.stack([
        np.ones_like(x), x, m, x * x, m * m, x * m, 1.0 / counts, squares,
        counts, counts**2, counts * m, counts * m * m,
    ])  # fmt: skip
    clusters = sums.parents if by_parent and sums.parents is not None else np.arange(len(x))
    return parts, clusters, str(sums.nested_in) if by_parent else sums.group


def _corrected(totals: Floats, reliability: float) -> tuple[Floats, Floats, Floats]:
    """Return r, the reliability of worker means, and the corrected r; NaN where there is none."""
    k, sx, sm, sxx, smm, sxm, inverse, squares, n, nn, nm, nmm = totals
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (sxm - sx * sm / k) / np.sqrt((sxx - sx**2 / k) * (smm - sm**2 / k))
        within = squares / (n - k)
        between = (nmm - nm**2 / n) / (k - 1.0)
        tau = (between - within) * (k - 1.0) / (n - nn / n)
        of_means = np.where(tau > 0, tau / (tau + within * inverse / k), np.nan)
        return r, of_means, r / np.sqrt(reliability * of_means)


def _reason(
    sums: GroupSums, outcome: str, r: float, mean_reliability: float, n_clusters: int
) -> str:
    if sums.n_groups < FEWEST_WORKERS:
        return f"Fewer than {FEWEST_WORKERS} workers."
    if sums.counts.max() == 1:
        return "Every worker has one answer: the reliability of a mean cannot be estimated."
    if sums.equal_means(outcome):
        return "All workers have the same mean outcome."
    if math.isnan(r):
        return "All workers have the same value."
    if math.isnan(mean_reliability):
        return (
            "Workers' means differ no more than chance makes them: their reliability is estimated "
            "as zero, and there is nothing to correct for."
        )
    if n_clusters < FEWEST:
        return f"Fewer than {FEWEST} clusters: no interval."
    return "The observed correlation is perfect: no interval." if abs(r) >= 1.0 - 1e-12 else ""


def _interval(
    r: float, factor: float, std_error: float, df: float, confidence: float
) -> dict[str, float]:
    unit = std_error / (factor * (1.0 - r * r))
    tested = t_test_of_one(math.atanh(r), unit, df, confidence)
    ends = {end: factor * math.tanh(tested[end]) for end in ("conf_low", "conf_high")}
    return {**{name: tested[name] for name in INTERVAL}, "std_error": std_error, **ends}


def _notes(corrected: float, numbers: dict[str, float], spread: float) -> tuple[str, ...]:
    notes = ["Every worker counts the same, however many answered; not adjusted for covariates."]
    if math.isnan(corrected):
        return tuple(notes)
    low, high = numbers["conf_low"], numbers["conf_high"]
    if abs(corrected) > 1:
        notes.append(
            "The corrected correlation is beyond 1, as no true one can be: a reliability is "
            "estimated too low, or errors of the two measurements go together, or chance. Read it "
            "as close and not determined."
        )
    elif max(abs(low), abs(high)) > 1:
        notes.append("The interval reaches beyond 1: values up to 1 cannot be ruled out.")
    if spread == 0 and not math.isnan(low):
        notes.append(
            "The reliability of the score is taken as known; its own uncertainty is not in the "
            "interval."
        )
    return tuple(notes)
