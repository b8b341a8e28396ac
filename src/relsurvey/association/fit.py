"""The fit of a random-intercept model as numbers, from which any contrast can be tested."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from relsurvey.association.estimability import require_estimable
from relsurvey.association.likelihood import Floats, Profile, likelihood_sums, minimise
from relsurvey.association.satterthwaite import satterthwaite_df
from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.moments.groups import GroupSums

__all__ = ["MixedFit", "fit_sums", "require_confidence"]

DF_METHODS = ("satterthwaite", "residual")


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """A fitted model as numbers, from which any contrast can be tested.

    Attributes
    ----------
    best : Profile
        The likelihood at its maximum.
    sums : GroupSums
        What it was fitted to.
    outcome : str
        The outcome.
    predictors : tuple of str
        The predictors.
    to_centred : numpy.ndarray
        Shape (p, p): turns a contrast of raw effects into one of the centred columns' effects.
    effects : numpy.ndarray
        Shape (p,): fixed effects in raw units, the intercept first.
    sigma_squared : float
        Residual variance.
    reml, converged : bool
        The criterion, and whether the search came to its end.
    df : str
        "satterthwaite" or "residual".
    """

    best: Profile
    sums: GroupSums
    outcome: str
    predictors: tuple[str, ...]
    to_centred: Floats
    effects: Floats
    sigma_squared: float
    reml: bool
    converged: bool
    df: str

    @property
    def boundary(self) -> bool:
        """Whether the variance between groups is estimated as zero."""
        return bool(self.best.theta[0] == 0)

    @property
    def covariance(self) -> Floats:
        """Covariance matrix of the fixed effects in raw units, shape (p, p)."""
        matrix: Floats = (
            self.sigma_squared * self.to_centred @ self.best.inverse[0] @ self.to_centred.T
        )
        return matrix

    def test(self, contrasts: Floats, confidence: float) -> pd.DataFrame:
        """Estimate and test contrasts of the fixed effects.

        Parameters
        ----------
        contrasts : numpy.ndarray
            Shape (r, p), in raw units.
        confidence : float
            Coverage of the intervals.

        Returns
        -------
        pandas.DataFrame
            One row a contrast: estimate, std_error, df, statistic, p_value, conf_low, conf_high.
        """
        centred = contrasts @ self.to_centred
        estimate = contrasts @ self.effects
        variance = np.einsum("ri,ij,rj->r", centred, self.best.inverse[0], centred)
        std_error = np.sqrt(self.sigma_squared * variance)
        degrees = self._degrees_of_freedom(centred)
        statistic = estimate / std_error
        half = stdtrit(degrees, 0.5 + confidence / 2.0) * std_error
        return pd.DataFrame(
            {
                "estimate": estimate,
                "std_error": std_error,
                "df": degrees,
                "statistic": statistic,
                "p_value": 2.0 * stdtr(degrees, -np.abs(statistic)),
                "conf_low": estimate - half,
                "conf_high": estimate + half,
            }
        )

    def _degrees_of_freedom(self, centred: Floats) -> Floats:
        if self.df == "residual":
            return np.full(len(centred), float(self.sums.n_rows - len(self.effects)))
        if self.boundary:
            # Only sigma^2 is left to estimate: Satterthwaite's formula gives its divisor.
            return np.full(len(centred), float(self.best.divisor))
        return satterthwaite_df(self.best, self.sigma_squared, centred)


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
    centres = sums.centres[[sums.place(name) for name in predictors]]
    to_centred = np.eye(len(predictors) + 1)
    to_centred[0, 1:] = -centres
    effects = to_centred @ best.effects[0]
    effects[0] += sums.centres[sums.place(outcome)]
    return MixedFit(
        best=best,
        sums=sums,
        outcome=outcome,
        predictors=predictors,
        to_centred=to_centred,
        effects=effects,
        sigma_squared=float(best.residual[0, 0]) / best.divisor,
        reml=reml,
        converged=converged,
        df=df,
    )


def require_confidence(confidence: float) -> None:
    """Refuse a coverage that is no probability between 0 and 1."""
    if not 0.0 < confidence < 1.0:
        raise ModelError(
            f"confidence must be between 0 and 1; it is {confidence!r}.",
            hint="For 95% intervals: confidence=0.95.",
        )
