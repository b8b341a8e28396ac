"""The fit of a random-intercept model as numbers, from which any contrast can be tested."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from relsurvey.association.models.estimability import require_estimable
from relsurvey.association.models.kenward_roger import KenwardRoger, kenward_roger
from relsurvey.association.models.likelihood import Floats, likelihood_sums
from relsurvey.association.models.names import RESIDUAL
from relsurvey.association.models.nested_likelihood import nested_sums
from relsurvey.association.models.nested_search import minimise_nested
from relsurvey.association.models.optimum import Optimum, from_profile
from relsurvey.association.models.satterthwaite import satterthwaite_df
from relsurvey.association.models.search import minimise
from relsurvey.association.t_test import t_test
from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.moments.groups import GroupSums

__all__ = ["MixedFit", "fit_sums"]

DF_METHODS = ("satterthwaite", "kenward_roger", "residual")


@dataclass(frozen=True, eq=False)
class MixedFit:
    """A fitted model as numbers, from which any contrast can be tested.

    Attributes
    ----------
    best : Optimum
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
        "satterthwaite", "kenward_roger" or "residual".
    """

    best: Optimum
    sums: GroupSums
    outcome: str
    predictors: tuple[str, ...]
    to_standard: Floats
    effects: Floats
    reml: bool
    converged: bool
    df: str

    @property
    def levels(self) -> tuple[str, ...]:
        """The columns that have a random intercept: the groups, then what they are nested in."""
        nested_in = self.sums.nested_in
        return (self.sums.group,) if nested_in is None else (self.sums.group, nested_in)

    @property
    def boundary(self) -> bool:
        """Whether a variance between groups, or between what they are nested in, is zero."""
        return bool((self.best.ratios == 0).any())

    @property
    def _outcome_unit(self) -> float:
        return float(self.sums.units[self.sums.place(self.outcome)])

    @property
    def residual_variance(self) -> float:
        """Variance within groups, in squared units of the outcome."""
        return self.best.residual_variance * self._outcome_unit**2

    @property
    def between_variance(self) -> float:
        """Variance of the groups' random intercept, in squared units of the outcome."""
        return float(self.best.ratios[0]) * self.residual_variance

    @property
    def variances(self) -> dict[str, float]:
        """Variance at each level, the residual last, in squared units of the outcome."""
        residual = self.residual_variance
        ratios = self.best.ratios.tolist()
        between = {level: r * residual for level, r in zip(self.levels, ratios, strict=True)}
        return {**between, RESIDUAL: residual}

    @property
    def covariance(self) -> Floats:
        """Covariance of the fixed effects in raw units, the variances taken as known, (p, p)."""
        covariance: Floats = self.residual_variance * (
            self.to_standard @ self.best.inverse @ self.to_standard.T
        )
        return covariance

    @property
    def deviance(self) -> float:
        """-2 log-likelihood of the columns in their own units, with every constant."""
        deviance = self.best.deviance
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
            Under "kenward_roger" the standard errors are those of the adjusted covariance.
        """
        standard = contrasts @ self.to_standard
        estimate = contrasts @ self.effects
        inverse, degrees = self._uncertainty(standard)
        variance = np.einsum("ri,ij,rj->r", standard, inverse, standard)
        std_error = self._outcome_unit * np.sqrt(self.best.residual_variance * variance)
        return t_test(estimate, std_error, degrees, confidence)

    @cached_property
    def _kenward_roger(self) -> KenwardRoger:
        return kenward_roger(self.best, nested_sums(self.sums, self.outcome, self.predictors))

    def _uncertainty(self, contrasts: Floats) -> tuple[Floats, Floats]:
        """Return the covariance over the residual variance, and each contrast's df."""
        if self.df == "kenward_roger":
            return self._kenward_roger.adjusted, self._kenward_roger.df(contrasts)
        if self.df == "residual":
            left = float(self.sums.n_rows - len(self.effects))
            return self.best.inverse, np.full(len(contrasts), left)
        return self.best.inverse, satterthwaite_df(self.best, contrasts)


def fit_sums(
    sums: GroupSums,
    outcome: str,
    predictors: tuple[str, ...],
    *,
    reml: bool = True,
    df: str = "satterthwaite",
) -> MixedFit:
    """Fit the model to sums per group: three levels where the groups are nested in larger units.

    Parameters
    ----------
    sums : GroupSums
        With at least the outcome and the predictors among its columns. Where ``nested_in`` is
        set, those units have a random intercept too.
    outcome : str
        The outcome.
    predictors : tuple of str
        The predictors, possibly none.
    reml : bool, default True
        The criterion.
    df : {"satterthwaite", "kenward_roger", "residual"}
        Degrees of freedom; "kenward_roger" adjusts the standard errors too, and needs REML.

    Returns
    -------
    MixedFit
        The numbers.

    Raises
    ------
    ModelError
        Where the model cannot be estimated from these data, ``df`` is not known, or
        "kenward_roger" is asked for without REML.
    """
    _require_df(df, reml=reml)
    residual_within = require_estimable(sums, outcome, predictors)
    best, converged = _maximum(sums, outcome, predictors, residual_within, reml=reml)
    chosen = [sums.place(name) for name in predictors]
    own = sums.place(outcome)
    to_standard = np.diag([1.0, *(1.0 / sums.units[chosen])])
    to_standard[0, 1:] = -sums.centres[chosen] / sums.units[chosen]
    effects = sums.units[own] * (to_standard @ best.effects)
    effects[0] += sums.centres[own]
    return MixedFit(best, sums, outcome, predictors, to_standard, effects, reml, converged, df)


def _require_df(df: str, *, reml: bool) -> None:
    if df not in DF_METHODS:
        near = suggestion(str(df), DF_METHODS)
        raise ModelError(
            f"df={df!r} is not known." + (f" Did you mean {near!r}?" if near else ""),
            hint=f"Allowed: {listed([repr(method) for method in DF_METHODS])}.",
        )
    if df == "kenward_roger" and not reml:
        raise ModelError(
            "df='kenward_roger' is defined for REML only; this is a fit by maximum likelihood.",
            hint="Use reml=True, or df='satterthwaite'.",
        )


def _maximum(
    sums: GroupSums,
    outcome: str,
    predictors: tuple[str, ...],
    residual_within: float,
    *,
    reml: bool,
) -> tuple[Optimum, bool]:
    if sums.nested_in is not None:
        return minimise_nested(nested_sums(sums, outcome, predictors), residual_within, reml=reml)
    best, converged = minimise(
        likelihood_sums(sums, outcome, predictors), residual_within, reml=reml
    )
    return from_profile(best), converged
