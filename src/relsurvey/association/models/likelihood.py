"""The profiled likelihood of the random-intercept model, from sums per group alone.

With theta, the ratio of the variance between groups to the variance within, a group of n rows
has V = sigma^2 (I + theta 11'), so that V^-1 is proportional to I - theta / (1 + n theta) 11'.
For Z = [1 X y] with group sums s_j, the only thing the rows are needed for is

    A(theta) = Z' V^-1 Z = W + sum_j s_j s_j' / (n_j (1 + n_j theta)),

with W the cross-products of deviations from the group means. Both parts are positive, so
nothing cancels however large theta is. Groups of the same size share a coefficient: one
evaluation costs (number of distinct sizes) x p^2, whatever the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from relsurvey.moments.groups import GroupSums

__all__ = [
    "Floats",
    "LikelihoodSums",
    "Profile",
    "inverse_and_log_determinant",
    "likelihood_sums",
    "profile",
]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LikelihoodSums:
    """What the likelihood is made of; m distinct group sizes, q = p + 1 columns of [1 X y].

    Attributes
    ----------
    sizes, groups : numpy.ndarray
        Shape (m,): the distinct group sizes, and how many groups have each.
    between : numpy.ndarray
        Shape (m, q, q): sum of s_j s_j' over the groups of that size.
    within : numpy.ndarray
        Shape (q, q): cross-products of deviations from the group means.
    """

    sizes: Floats
    groups: Floats
    between: Floats
    within: Floats

    @cached_property
    def n_rows(self) -> int:
        """Number of rows."""
        return round(float(self.sizes @ self.groups))

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return round(float(self.groups.sum()))

    @property
    def n_effects(self) -> int:
        """Number of fixed effects p, the intercept among them."""
        return len(self.within) - 1


def likelihood_sums(sums: GroupSums, outcome: str, predictors: tuple[str, ...]) -> LikelihoodSums:
    """Arrange group sums as [1 X y], standardised, and gather the groups of equal size."""
    chosen = [sums.place(name) for name in (*predictors, outcome)]
    q = len(chosen) + 1
    within = np.zeros((q, q))
    within[1:, 1:] = sums.within[np.ix_(chosen, chosen)]
    order = np.argsort(sums.counts, kind="stable")
    ordered = np.column_stack([sums.counts, sums.sums[:, chosen]])[order]
    starts = np.flatnonzero(np.diff(ordered[:, 0], prepend=0.0))
    by_column = [np.add.reduceat(ordered * column[:, None], starts) for column in ordered.T]
    return LikelihoodSums(
        sizes=ordered[starts, 0],
        groups=np.diff(starts, append=len(ordered)).astype(np.float64),
        between=np.stack(by_column, axis=1),
        within=within,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """The profiled deviance and its parts at G values of theta.

    Attributes
    ----------
    theta : numpy.ndarray
        Shape (G,): variance between over variance within.
    deviance, slope, curvature : numpy.ndarray
        Shape (G,): -2 log-likelihood with its constants, its first and second derivative.
    inverse : numpy.ndarray
        Shape (G, p, p): inverse of X'V^-1 X, sigma^2 left out.
    inverse_slope : numpy.ndarray
        Shape (G, p, p): its derivative.
    effects : numpy.ndarray
        Shape (G, p): fixed effects of the centred columns.
    residual : numpy.ndarray
        Shape (3, G): the generalised residual sum of squares and its two derivatives.
    log_terms : numpy.ndarray
        Shape (3, G): log determinants in the deviance (of V, and under REML of X'V^-1 X) and
        their two derivatives.
    divisor : int
        What the residual sum of squares is divided by for sigma^2: n - p (REML) or n (ML).
    """

    theta: Floats
    deviance: Floats
    slope: Floats
    curvature: Floats
    inverse: Floats
    inverse_slope: Floats
    effects: Floats
    residual: Floats
    log_terms: Floats
    divisor: int


def profile(sums: LikelihoodSums, theta: Floats, *, reml: bool) -> Profile:
    """Evaluate the profiled deviance with analytic derivatives.

    Parameters
    ----------
    sums : LikelihoodSums
        The data.
    theta : numpy.ndarray
        Shape (G,), all at least 0.
    reml : bool
        Restricted (REML) or full maximum likelihood.

    Returns
    -------
    Profile
        lme4's criteria: -2 log-likelihood with every constant; under REML the one whose
        constant term is (n - p) log(2 pi).

    References
    ----------
    Bates, D., Mächler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models
    using lme4. Journal of Statistical Software, 67(1), 1-48, equations 34 to 42.
    Patterson, H. D., & Thompson, R. (1971). Recovery of inter-block information when block
    sizes are unequal. Biometrika, 58(3), 545-554.
    """
    p = sums.n_effects
    spread = np.outer(theta, sums.sizes)
    shrink = 1.0 / (1.0 + spread)
    derivatives = _cross_products(sums, shrink)
    inverse, log_determinant = inverse_and_log_determinant(derivatives[0, :, :p, :p])
    effects = (inverse @ derivatives[0, :, :p, p:])[:, :, 0]
    residual = _residual(derivatives, inverse, effects)
    weighted = shrink * sums.sizes
    log_terms = np.array([np.log1p(spread), weighted, -(weighted**2)]) @ sums.groups
    _, first, second = derivatives[:, :, :p, :p]
    turned = inverse @ first
    if reml:
        log_terms[0] += log_determinant
        log_terms[1] += np.einsum("gii->g", turned)
        log_terms[2] += np.einsum("gij,gij->g", inverse, second)
        log_terms[2] -= np.einsum("gij,gji->g", turned, turned)
    divisor = sums.n_rows - p if reml else sums.n_rows
    rate = residual[1] / residual[0]
    return Profile(
        theta=theta,
        deviance=divisor * (1.0 + np.log(2.0 * np.pi / divisor * residual[0])) + log_terms[0],
        slope=divisor * rate + log_terms[1],
        curvature=divisor * (residual[2] / residual[0] - rate**2) + log_terms[2],
        inverse=inverse,
        inverse_slope=-turned @ inverse,
        effects=effects,
        residual=residual,
        log_terms=log_terms,
        divisor=divisor,
    )


def _cross_products(sums: LikelihoodSums, shrink: Floats) -> Floats:
    """Return A(theta) and its two derivatives, shape (3, G, q, q)."""
    m, q, _ = sums.between.shape
    square = shrink * shrink
    weights = np.array([shrink / sums.sizes, -square, 2.0 * sums.sizes * square * shrink])
    products = (weights.reshape(-1, m) @ sums.between.reshape(m, q * q)).reshape(3, -1, q, q)
    products[0] += sums.within
    return products


def inverse_and_log_determinant(matrix: Floats) -> tuple[Floats, Floats]:
    """Invert positive definite matrices (G, p, p), and give their log determinants.

    They are scaled to a unit diagonal first: for large theta the entries of columns that vary
    between groups only are smaller than the others by many orders of magnitude.
    """
    scale = np.sqrt(np.einsum("gii->gi", matrix))
    products = scale[:, :, None] * scale[:, None, :]
    scaled = matrix / products
    return np.linalg.inv(scaled) / products, (
        np.linalg.slogdet(scaled)[1] + 2.0 * np.log(scale).sum(axis=1)
    )


def _residual(derivatives: Floats, inverse: Floats, effects: Floats) -> Floats:
    """Return r = y'V^-1 y - b'X'V^-1 y and its two derivatives, shape (3, G).

    With v = (-b, 1): r = v'Av; as b minimises it, r' = v'A'v.
    """
    n_points, p = effects.shape
    v = np.ones((n_points, p + 1, 1))
    v[:, :p, 0] = -effects
    pulled = derivatives @ v
    residual: Floats = (pulled * v).sum(axis=(2, 3))
    pull = pulled[1, :, :p]
    residual[2] -= 2.0 * (pull * (inverse @ pull)).sum(axis=(1, 2))
    return residual
