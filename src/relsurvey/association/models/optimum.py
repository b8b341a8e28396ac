"""The likelihood of a random-intercept model at one point, with its derivatives.

Two levels have one variance ratio, three have two. What is tested afterwards (standard errors,
degrees of freedom, limits of the variances) needs the same few arrays of either.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relsurvey.association.models.likelihood import Floats, Profile, inverse_and_log_determinant

__all__ = ["Optimum", "Products", "at_point", "from_profile"]


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """What the deviance is made of at one point; K variance ratios, q columns of [1 X y].

    With H = V / sigma^2 and G_i its derivative along the ratio i.

    Attributes
    ----------
    value : numpy.ndarray
        Shape (q, q): Z'H^-1 Z.
    first : numpy.ndarray
        Shape (K, q, q): Z'H^-1 G_i H^-1 Z, minus the first derivatives of ``value``.
    second : numpy.ndarray
        Shape (K, K, q, q): Z'H^-1 G_i H^-1 G_j H^-1 Z; added to its transpose it is a second
        derivative of ``value``.
    log_determinant : float
        log|H|.
    log_slopes : numpy.ndarray
        Shape (K,): its first derivatives, tr(H^-1 G_i).
    traces : numpy.ndarray
        Shape (K, K): tr(H^-1 G_i H^-1 G_j), minus its second derivatives.
    """

    value: Floats
    first: Floats
    second: Floats
    log_determinant: float
    log_slopes: Floats
    traces: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """The profiled deviance and its parts at one point; K variance ratios, p fixed effects.

    Attributes
    ----------
    ratios : numpy.ndarray
        Shape (K,): variance of each random intercept over the residual variance.
    deviance : float
        -2 log-likelihood of the standardised columns, with every constant.
    inverse : numpy.ndarray
        Shape (p, p): inverse of X'V^-1 X, sigma^2 left out.
    inverse_slopes : numpy.ndarray
        Shape (K, p, p): its derivatives.
    effects : numpy.ndarray
        Shape (p,): fixed effects of the standardised columns.
    residual : float
        The generalised residual sum of squares.
    residual_slopes, residual_curvatures : numpy.ndarray
        Shape (K,) and (K, K): its derivatives.
    log_slopes, log_curvatures : numpy.ndarray
        Shape (K,) and (K, K): derivatives of the log determinants in the deviance (of V, and
        under REML of X'V^-1 X).
    divisor : int
        What the residual sum of squares is divided by for sigma^2: n - p (REML) or n (ML).
    """

    ratios: Floats
    deviance: float
    inverse: Floats
    inverse_slopes: Floats
    effects: Floats
    residual: float
    residual_slopes: Floats
    residual_curvatures: Floats
    log_slopes: Floats
    log_curvatures: Floats
    divisor: int

    @property
    def residual_variance(self) -> float:
        """The best sigma^2 at these ratios, of the standardised columns."""
        return self.residual / self.divisor

    @property
    def slope(self) -> Floats:
        """First derivatives of the deviance along the ratios, shape (K,)."""
        slope: Floats = self.divisor * self.residual_slopes / self.residual + self.log_slopes
        return slope

    @property
    def curvature(self) -> Floats:
        """Second derivatives of the deviance along the ratios, shape (K, K)."""
        rates = self.residual_slopes / self.residual
        relative = self.residual_curvatures / self.residual - np.outer(rates, rates)
        curvature: Floats = self.divisor * relative + self.log_curvatures
        return curvature


def from_profile(best: Profile) -> Optimum:
    """Take the one point of a two-level profile."""
    return Optimum(
        ratios=best.theta,
        deviance=float(best.deviance[0]),
        inverse=best.inverse[0],
        inverse_slopes=best.inverse_slope,
        effects=best.effects[0],
        residual=float(best.residual[0, 0]),
        residual_slopes=best.residual[1],
        residual_curvatures=best.residual[2][:, None],
        log_slopes=best.log_terms[1],
        log_curvatures=best.log_terms[2][:, None],
        divisor=best.divisor,
    )


def at_point(ratios: Floats, parts: Products, n_rows: int, *, reml: bool) -> Optimum:
    """Work out the deviance and its derivatives from the products at one point.

    Parameters
    ----------
    ratios : numpy.ndarray
        Shape (K,): where the products were taken.
    parts : Products
        The products.
    n_rows : int
        Number of rows.
    reml : bool
        Restricted or full maximum likelihood.

    Returns
    -------
    Optimum
        lme4's criteria; see ``relsurvey.association.models.likelihood.profile``.
    """
    p = len(parts.value) - 1
    inverses, log_determinants = inverse_and_log_determinant(parts.value[None, :p, :p])
    inverse, effects = inverses[0], inverses[0] @ parts.value[:p, p]
    v = np.append(-effects, 1.0)
    residual = float(v @ parts.value @ v)
    pull = parts.first[:, :p] @ v
    turned = inverse @ parts.first[:, :p, :p]
    second = parts.second + np.swapaxes(parts.second, -1, -2)
    log_slopes, log_curvatures = parts.log_slopes, -parts.traces
    log_determinant = parts.log_determinant
    if reml:
        log_determinant += float(log_determinants[0])
        log_slopes = log_slopes - np.einsum("kii->k", turned)
        log_curvatures = log_curvatures + np.einsum("ij,klji->kl", inverse, second[..., :p, :p])
        log_curvatures -= np.einsum("kij,lji->kl", turned, turned)
    divisor = n_rows - p if reml else n_rows
    return Optimum(
        ratios=ratios,
        deviance=divisor * (1.0 + float(np.log(2.0 * np.pi / divisor * residual)))
        + log_determinant,
        inverse=inverse,
        inverse_slopes=turned @ inverse,
        effects=effects,
        residual=residual,
        residual_slopes=-(parts.first @ v @ v),
        residual_curvatures=second @ v @ v - 2.0 * pull @ inverse @ pull.T,
        log_slopes=log_slopes,
        log_curvatures=log_curvatures,
        divisor=divisor,
    )
