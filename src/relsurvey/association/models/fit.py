"""The fit of a random-intercept model as numbers, from which any contrast can be tested."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from relsurvey.association.models.estimability import require_estimable
from relsurvey.association.models.likelihood import Floats, Profile, likelihood_sums
from relsurvey.association.models.satterthwaite import satterthwaite_df
from relsurvey.association.models.search import minimise
from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.moments.groups import GroupSums

__all__ = ["MixedFit", "fit_sums"]

DF_METHODS = ("satterthwaite", "residual")


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """A fitted model as numbers, from which any contrast can be tested.

    Attributes
    ----------
    best : Profile
        The likelihood at its maximum, of the standardised columns.
    sums : GroupSums
        What it was fitted to.
    outcome : str
        The outcome.
    predictors : tuple of str
        The predictors.
    to_standard : numpy.ndarray
        Shape (p, p): turns a contrast of raw effects, outcome in units of its own, into one of
        the standardised columns' effects.
    effects : numpy.ndarray
        Shape (p,): fixed effects in raw units, the intercept first.
    reml, converged : bool
        The criterion, and whether the search came to its end.
    df : str
        "satterthwaite" or "residual".
    """

    best: Profile
    sums: GroupSums
    outcome: str
    predictors: tuple[str, ...]
    to_standard: Floats
    effects: Floats
    reml: bool
    converged: bool
    df: str

    @property
    def boundary(self) -> bool:
        """Whether the variance between groups is estimated as zero."""
        return bool(self.best.theta[0] == 0)

    @property
    def _outcome_unit(self) -> float:
        return float(self.sums.units[self.sums.place(self.outcome)])

    @property
    def _standard_variance(self) -> float:
        return float(self.best.residual[0, 0]) / self.best.divisor

    @property
    def residual_variance(self) -> float:
        """Variance within groups, in squared units of the outcome."""
        return self._standard_variance * self._outcome_unit**2

    @property
    def between_variance(self) -> float:
        """Variance of the random intercept, in squared units of the outcome."""
        return float(self.best.theta[0]) * self.residual_variance

    @property
    def deviance(self) -> float:
        """-2 log-likelihood of the columns in their own units, with every constant."""
        deviance = float(self.best.deviance[0])
        deviance += 2.0 * self.best.divisor * math.log(self._outcome_unit)
        if self.reml:
            units = self.sums.units[[self.sums.place(name) for name in self.predictors]]
            deviance += 2.0 * float(np.log(units).sum())
        return deviance

    def test(self, contrasts: Floats, confidence: float) -> dict[str, Floats]:
        """Estimate and test contrasts of the fixed effects.

        Parameters
        ----------
        contrasts : numpy.ndarray
            Shape (r, p), in raw units.
        confidence : float
            Coverage of the intervals.

        Returns
        -------
        dict of str to numpy.ndarray
            Each of shape (r,): estimate, std_error, df, statistic, p_value, conf_low, conf_high.
        """
        standard = contrasts @ self.to_standard
        estimate = contrasts @ self.effects
        variance = np.einsum("ri,ij,rj->r", standard, self.best.inverse[0], standard)
        std_error = self._outcome_unit * np.sqrt(self._standard_variance * variance)
        degrees = self._degrees_of_freedom(standard)
        statistic = estimate / std_error
        half = stdtrit(degrees, 0.5 + confidence / 2.0) * std_error
        return {
            "estimate": estimate,
            "std_error": std_error,
            "df": degrees,
            "statistic": statistic,
            "p_value": 2.0 * stdtr(degrees, -np.abs(statistic)),
            "conf_low": estimate - half,
            "conf_high": estimate + half,
        }

    def _degrees_of_freedom(self, contrasts: Floats) -> Floats:
        if self.df == "residual":
            return np.full(len(contrasts), float(self.sums.n_rows - len(self.effects)))
        if self.boundary:
            # Only sigma^2 is left to estimate: Satterthwaite's formula gives its divisor.
            return np.full(len(contrasts), float(self.best.divisor))
        return satterthwaite_df(self.best, self._standard_variance, contrasts)


def fit_sums(
    sums: GroupSums,
    outcome: str,
    predictors: tuple[str, ...],
    *,
    reml: bool = True,
    df: str = "satterthwaite",
) -> MixedFit:
    """Fit the model to sums per group.

    Parameters
    ----------
    sums : GroupSums
        With at least the outcome and the predictors among its columns.
    outcome : str
        The outcome.
    predictors : tuple of str
        The predictors, possibly none.
    reml : bool, default True
        The criterion.
    df : {"satterthwaite", "residual"}
        Degrees of freedom.

    Returns
    -------
    MixedFit
        The numbers.

    Raises
    ------
    ModelError
        Where the model cannot be estimated from these data, or ``df`` is not known.
    """
    if df not in DF_METHODS:
        near = suggestion(str(df), DF_METHODS)
        raise ModelError(
            f"df={df!r} is not known." + (f" Did you mean {near!r}?" if near else ""),
            hint=f"Allowed: {listed([repr(method) for method in DF_METHODS])}.",
        )
    residual_within = require_estimable(sums, outcome, predictors)
    best, converged = minimise(
        likelihood_sums(sums, outcome, predictors), residual_within, reml=reml
    )
    chosen = [sums.place(name) for name in predictors]
    own = sums.place(outcome)
    to_standard = np.diag([1.0, *(1.0 / sums.units[chosen])])
    to_standard[0, 1:] = -sums.centres[chosen] / sums.units[chosen]
    effects = sums.units[own] * (to_standard @ best.effects[0])
    effects[0] += sums.centres[own]
    return MixedFit(best, sums, outcome, predictors, to_standard, effects, reml, converged, df)
