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

import numpy as np
import numpy.typing as npt

from relsurvey.moments.groups import GroupSums

__all__ = ["Floats", "LikelihoodSums", "Profile", "likelihood_sums", "minimise", "profile"]

Floats = npt.NDArray[np.float64]

GRID_POINTS = 96
SMALLEST_RATIO = 1e-6  # of 1 / (largest group): below it, the deviance is that of theta = 0
MOST_STEPS = 200
STEP_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
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

    @property
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
    """Arrange group sums as [1 X y] and gather the groups of equal size."""
    chosen = [sums.place(name) for name in (*predictors, outcome)]
    q = len(chosen) + 1
    within = np.zeros((q, q))
    within[1:, 1:] = sums.within[np.ix_(chosen, chosen)]
    order = np.argsort(sums.counts, kind="stable")
    sizes, starts, groups = np.unique(sums.counts[order], return_index=True, return_counts=True)
    ordered = np.column_stack([sums.counts, sums.sums[:, chosen]])[order]
    blocks = np.split(ordered, starts[1:])
    between = np.array([block.T @ block for block in blocks])
    return LikelihoodSums(sizes, groups.astype(np.float64), between, within)


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
        Shape (G, 3): the generalised residual sum of squares and its two derivatives.
    log_terms : numpy.ndarray
        Shape (G, 3): log determinants in the deviance (of V, and under REML of X'V^-1 X) and
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
    cross, first, second = _cross_products(sums, theta)
    inverse, log_determinant = _inverse(cross[:, :p, :p])
    effects = np.einsum("gij,gj->gi", inverse, cross[:, :p, p])
    residual = _residual(cross, first, second, inverse, effects)
    shrink = 1.0 / (1.0 + np.outer(theta, sums.sizes))
    weighted = shrink * sums.sizes
    log_terms = np.stack(
        [np.log1p(np.outer(theta, sums.sizes)) @ sums.groups, weighted @ sums.groups,
         -(weighted**2) @ sums.groups], axis=1,
    )  # fmt: skip
    turned = inverse @ first[:, :p, :p]
    if reml:
        log_terms[:, 0] += log_determinant
        log_terms[:, 1] += np.trace(turned, axis1=1, axis2=2)
        log_terms[:, 2] += np.einsum("gij,gji->g", inverse, second[:, :p, :p])
        log_terms[:, 2] -= np.einsum("gij,gji->g", turned, turned)
    divisor = sums.n_rows - p if reml else sums.n_rows
    rate = residual[:, 1] / residual[:, 0]
    return Profile(
        theta=theta,
        deviance=divisor * (1.0 + np.log(2.0 * np.pi * residual[:, 0] / divisor)) + log_terms[:, 0],
        slope=divisor * rate + log_terms[:, 1],
        curvature=divisor * (residual[:, 2] / residual[:, 0] - rate**2) + log_terms[:, 2],
        inverse=inverse,
        inverse_slope=-turned @ inverse,
        effects=effects,
        residual=residual,
        log_terms=log_terms,
        divisor=divisor,
    )


def _cross_products(sums: LikelihoodSums, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return A(theta) and its two derivatives, each of shape (G, q, q)."""
    q = len(sums.within)
    flat = sums.between.reshape(len(sums.sizes), q * q)
    shrink = 1.0 / (1.0 + np.outer(theta, sums.sizes))
    cross = sums.within + ((shrink / sums.sizes) @ flat).reshape(-1, q, q)
    first = (-(shrink**2) @ flat).reshape(-1, q, q)
    second = ((2.0 * sums.sizes * shrink**3) @ flat).reshape(-1, q, q)
    return cross, first, second


def _inverse(matrix: Floats) -> tuple[Floats, Floats]:
    """Invert positive definite matrices (G, p, p), and give their log determinants.

    They are scaled to a unit diagonal first: for large theta the entries of columns that vary
    between groups only are smaller than the others by many orders of magnitude.
    """
    scale = np.sqrt(np.einsum("gii->gi", matrix))
    products = scale[:, :, None] * scale[:, None, :]
    inverse = np.linalg.inv(matrix / products) / products
    sign_free = np.linalg.slogdet(matrix / products)[1]
    return inverse, sign_free + 2.0 * np.log(scale).sum(axis=1)


def _residual(
    cross: Floats, first: Floats, second: Floats, inverse: Floats, effects: Floats
) -> Floats:
    """Return r = y'V^-1 y - b'X'V^-1 y and its two derivatives, shape (G, 3).

    With v = (-b, 1): r = v'Av; as b minimises it, r' = v'A'v.
    """
    p = effects.shape[1]
    v = np.concatenate([-effects, np.ones((len(effects), 1))], axis=1)
    pulled = np.einsum("gij,gj->gi", first, v)
    bend = np.einsum("gi,gij,gj->g", pulled[:, :p], inverse, pulled[:, :p])
    return np.stack(
        [
            np.einsum("gi,gij,gj->g", v, cross, v),
            np.einsum("gi,gi->g", v, pulled),
            np.einsum("gi,gij,gj->g", v, second, v) - 2.0 * bend,
        ],
        axis=1,
    )


def minimise(sums: LikelihoodSums, residual_within: float, *, reml: bool) -> tuple[Profile, bool]:
    """Find the theta of the smallest deviance among all its local minima and theta = 0.

    The likelihood of this model can have two maxima, one of them at theta = 0; so a grid of
    slopes brackets every minimum, and each is followed to the end.

    Parameters
    ----------
    sums : LikelihoodSums
        The data.
    residual_within : float
        Residual sum of squares within groups, above 0; it bounds theta.
    reml : bool
        Restricted (REML) or full maximum likelihood.

    Returns
    -------
    best : Profile
        At the one best theta (G = 1).
    converged : bool
        Whether the search ended because the step became negligible.

    References
    ----------
    Henn, L., & Hodges, J. S. (2014). Multiple local maxima in restricted likelihoods and
    posterior distributions for mixed linear models. International Statistical Review, 82(1),
    90-105.
    """
    start = profile(sums, np.zeros(1), reml=reml)
    lowest = SMALLEST_RATIO / sums.sizes.max()
    # Beyond this the log determinant of V rises faster than the residual can still fall.
    highest = max(10.0 * sums.n_rows * start.residual[0, 0] / residual_within, 1e3 * lowest)
    grid = np.concatenate([[0.0], np.geomspace(lowest, highest, GRID_POINTS)])
    slopes = profile(sums, grid, reml=reml).slope
    turns = np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0))
    minima = [
        _newton(sums, grid[turn : turn + 2], slopes[turn : turn + 2], reml=reml) for turn in turns
    ]
    if slopes[0] >= 0:
        minima.append((start, True))
    if not minima:
        return profile(sums, grid[-1:], reml=reml), False
    return min(minima, key=lambda found: float(found[0].deviance[0]))


def _newton(
    sums: LikelihoodSums, bracket: Floats, slopes: Floats, *, reml: bool
) -> tuple[Profile, bool]:
    """Solve slope = 0 between two points where it changes sign; halve where Newton leaves them."""
    low, high = (float(end) for end in bracket)
    theta = low - float(slopes[0]) * (high - low) / float(slopes[1] - slopes[0])
    for _ in range(MOST_STEPS):
        here = profile(sums, np.array([theta]), reml=reml)
        slope, curvature = float(here.slope[0]), float(here.curvature[0])
        low, high = (theta, high) if slope < 0 else (low, theta)
        step = slope / curvature if curvature > 0 else high - low
        if min(abs(step), high - low) <= STEP_TOLERANCE * theta:
            return here, True
        theta = theta - step if low < theta - step < high else 0.5 * (low + high)
    return here, False
