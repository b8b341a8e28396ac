"""The parametric bootstrap: studies simulated from the model, with and without the predictor."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.bca import quantile
from relsurvey.association.resampling.bootstrap import canonical_units
from relsurvey.association.resampling.replicates import (
    Replicates,
    joined,
    raw_units,
    replicates_at_once,
)
from relsurvey.association.resampling.simulated_sums import Truth, simulate_and_fit
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_confidence, require_whole
from relsurvey.results import Drawn
from relsurvey.text import counted, p_value_text, percent, readable, remark

__all__ = ["ParametricResult", "parametric_bootstrap"]

Progress = Callable[[int, int], None]
SOURCE = "Davison & Hinkley 1997, chapter 4; Halekoh & Højsgaard 2014"


@dataclass(frozen=True, eq=False)
class ParametricResult(Drawn):
    """What the model says of its own slope, when studies like this one are simulated from it.

    Attributes
    ----------
    outcome, predictor : str
        The columns.
    estimate, statistic : float
        The slope by REML, points per point, and the slope over its standard error.
    std_error, bias : float
        Of the slope, over studies simulated from the fitted model.
    conf_low, conf_high : float
        Percentile interval over the same.
    p_value : float
        Two-sided: (b + 1) / (B + 1), with b the studies simulated without the predictor that
        have a statistic at least as large in size.
    p_std_error : float
        Its Monte Carlo standard error.
    confidence : float
        Coverage.
    n_workers, n_teams : int
        Used; 0 teams where they are no level.
    replicates : int
        Studies simulated from each of the two models.
    boundary, boundary_null : float
        Share of studies with a variance of zero, of either model.
    seed : int
        Of the draws.
    note : str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_resampled"

    outcome: str
    predictor: str
    estimate: float
    statistic: float
    std_error: float
    bias: float
    conf_low: float
    conf_high: float
    p_value: float
    p_std_error: float
    confidence: float
    n_workers: int
    n_teams: int
    replicates: int
    boundary: float
    boundary_null: float
    seed: int
    note: str

    def to_frame(self) -> pd.DataFrame:
        """Return one row, unrounded."""
        return pd.DataFrame([{name: getattr(self, name) for name in self.to_dict()}])

    def summary(self) -> str:
        """Return the test and the interval as a text for people."""
        lines = [
            f"{self.outcome} by {self.predictor}: parametric bootstrap",
            f"  slope {readable(self.estimate)} (standard error {readable(self.std_error)}), "
            f"{p_value_text(self.p_value)}",
            f"  {percent(self.confidence)} percentile interval {readable(self.conf_low)} to "
            f"{readable(self.conf_high)}",
            f"  twice {self.replicates:,} simulated studies of {counted(self.n_workers, 'worker')}",
        ]
        return "\n".join([*lines, *(remark(self.note) if self.note else [])])

    def to_companion(self) -> Companion:
        """Return the test and the interval as a line of the panel."""
        return Companion(
            name="Parametric bootstrap", scale="points per point", estimate=self.estimate,
            std_error=self.std_error, df=float("nan"), statistic=self.statistic,
            p_value=self.p_value, conf_low=self.conf_low, conf_high=self.conf_high,
            note=self.note, source=SOURCE,
        )  # fmt: skip


def parametric_bootstrap(
    sums: GroupSums,
    outcome: str,
    terms: tuple[str, ...],
    focus: str,
    *,
    replicates: int = 9_999,
    seed: int,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> ParametricResult:
    """Simulate studies with the same workers and predictors, and fit the model to each.

    Parameters
    ----------
    sums : GroupSums
        With the outcome and the terms among its columns; two levels or three.
    outcome : str
        The outcome.
    terms : tuple of str
        All predictors of the model.
    focus : str
        The one whose slope is asked about; it may vary within workers.
    replicates : int, default 9_999
        Studies simulated from the model without ``focus``, for p, and again as many from the
        model with it, for the interval.
    seed : int
        Of the draws.
    confidence : float, default 0.95
        Coverage.
    progress : callable, optional
        Called with the studies done and the studies asked for, of both kinds.

    Returns
    -------
    ParametricResult
        p value, standard error, bias and interval.

    Raises
    ------
    ModelError
        Where an option cannot be used or the model cannot be fitted.

    Notes
    -----
    Every study is a REML fit of the same model; the random effects and residuals are normal, so
    this checks the test's degrees of freedom, not the normality. No row is simulated: the sums
    that a fit needs are drawn from their own distributions.

    References
    ----------
    Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application. Cambridge
    University Press, equation 4.11.
    Halekoh, U., & Højsgaard, S. (2014). A Kenward-Roger approximation and parametric bootstrap
    methods for tests in linear mixed models - the R package pbkrtest. Journal of Statistical
    Software, 59(9), 1-32.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> data = {"worker": list("aabbccdd"), "x": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "y": [2.0, 4, 3, 5, 8, 9, 7, 9]}
    >>> sums = group_sums(data, ["x", "y"], "worker")
    >>> found = parametric_bootstrap(sums, "y", ("x",), "x", replicates=999, seed=1)
    >>> 0.01 < found.p_value < 0.2
    True
    """
    wanted = require_whole("replicates", replicates, lowest=99)
    seed = require_whole("seed", seed, lowest=0)
    require_confidence(confidence)
    full = fit_sums(sums, outcome, terms)
    null = fit_sums(sums, outcome, tuple(name for name in terms if name != focus))
    place = 1 + terms.index(focus)
    restricted = np.insert(null.best.effects, place, 0.0)
    generator = np.random.default_rng(seed)
    runs = [
        _simulated(full, Truth(effects, fit.best.residual_variance, fit.best.ratios), focus,
                   (wanted, part), generator, progress)
        for part, (fit, effects) in enumerate(((null, restricted), (full, full.best.effects)))
    ]  # fmt: skip
    return _result(full, focus, place, runs, confidence, seed)


def _simulated(
    fit: MixedFit, truth: Truth, focus: str, sizes: tuple[int, int],
    generator: np.random.Generator, progress: Progress | None,
) -> Replicates:  # fmt: skip
    wanted, part = sizes
    sums, outcome, terms = fit.sums, fit.outcome, fit.predictors
    order = canonical_units(sums, outcome, focus, "worker")
    step = replicates_at_once(sums, len(terms) + 2)
    found = []
    for start in range(0, wanted, step):
        n = min(step, wanted - start)
        maximum = simulate_and_fit(
            sums, terms, truth, replicates=n, order=order, generator=generator
        )
        found.append(raw_units(maximum, sums, outcome, terms))
        if progress is not None:
            progress(part * wanted + start + n, 2 * wanted)
    return joined(found)


def _result(
    fit: MixedFit, focus: str, place: int, runs: list[Replicates], confidence: float, seed: int
) -> ParametricResult:
    estimate = float(fit.effects[place])
    statistic = estimate / float(np.sqrt(fit.covariance[place, place]))
    null, full = runs
    sizes = np.abs(null.effects[:, place] / null.std_errors[:, place])
    n = len(sizes)
    p_value = (float((sizes >= abs(statistic)).sum()) + 1.0) / (n + 1.0)
    slopes: Floats = np.sort(full.effects[:, place])
    tail = (1.0 - confidence) / 2.0
    (low, _), (high, _) = quantile(slopes, tail), quantile(slopes, 1.0 - tail)
    note = ""
    if fit.boundary:
        note = "A variance is estimated as zero, and is zero in the model simulated from."
    return ParametricResult(
        fit.outcome, focus, estimate, statistic, float(slopes.std(ddof=1)),
        float(slopes.mean()) - estimate, low, high, p_value,
        math.sqrt(p_value * (1.0 - p_value) / n), confidence, fit.sums.n_groups,
        fit.sums.n_parents, n, float(full.boundary.mean()), float(null.boundary.mean()), seed, note,
    )  # fmt: skip
