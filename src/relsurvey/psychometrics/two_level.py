"""Covariance within and between groups: maximum likelihood for the unrestricted two-level model.

An answer is a mean, plus what the group has in common, plus what is the respondent's own; the
two parts have a covariance matrix each, on which no structure is imposed. What is needed of the
rows are the sums per group and the pooled cross-products within.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh
from scipy.optimize import minimize

from relsurvey.moments.groups import GroupSums

__all__ = ["TwoLevel", "two_level_covariances"]

Array: TypeAlias = npt.NDArray[np.float64]

# Of a variance between groups, in units of the variance within: below it there is none.
NONE_BETWEEN = 1e-6
SMALLEST_START = 0.05
STEPS = 2_000
FIRST_STEPS = 250  # of the second search, which goes on only if it is not led to the same place
SAME_PLACE, SAME_DEVIANCE = 0.05, 0.05  # in units of the variance within; of the deviance
SMALLEST_GAIN = 1e-13  # of the deviance, in one step
# Of the deviance, a row and parameter of a factor: the search ends below the one and counts as
# converged below the other.
STEEP, FLAT = 1e-4, 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class TwoLevel:
    """Estimates of the two covariance matrices.

    Attributes
    ----------
    mean : ndarray, shape (k,)
    within, between : ndarray, shape (k, k)
        In units of the items; ``between`` is never less than positive semidefinite.
    log_likelihood : float
        Of all rows, with its constants.
    boundary : bool
        Whether ``between`` is singular: some combination of items does not differ between
        groups by more than chance.
    converged : bool
    """

    mean: Array
    within: Array
    between: Array
    log_likelihood: float
    boundary: bool
    converged: bool


def two_level_covariances(sums: GroupSums) -> TwoLevel | None:
    """Estimate the covariance matrices within and between groups.

    Parameters
    ----------
    sums : GroupSums
        Of k columns; J groups, at least one of them with two rows.

    Returns
    -------
    TwoLevel or None
        ``None`` where the covariance within groups is singular: an item, or a combination of
        items, does not vary within any group, or there are too few rows.

    References
    ----------
    Muthén BO (1994). Multilevel covariance structure analysis. Sociological Methods & Research
    22(3):376-398. doi 10.1177/0049124194022003006.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> rows = {"w": [1, 1, 2, 2, 3, 3], "x": [1.0, 2, 4, 5, 8, 9]}
    >>> found = two_level_covariances(group_sums(rows, ["x"], "w"))
    >>> found.within.round(4).tolist(), found.between.round(4).tolist()
    ([[0.5]], [[7.9722]])
    """
    freedom = sums.n_rows - sums.n_groups
    turn = _whitening(sums, freedom)
    if turn is None:
        return None
    likelihood = _Likelihood.of(sums, turn)
    best = likelihood.lowest()
    back = np.linalg.inv(turn) * sums.units[:, None]
    mean, _ = likelihood.mean(best.within, best.between)
    constants = sums.n_rows * len(turn) * math.log(2 * math.pi)
    scale = 2 * sums.n_rows * float(np.log(sums.units).sum() - np.linalg.slogdet(turn)[1])
    return TwoLevel(
        mean=sums.centres + back @ mean,
        within=back @ best.within @ back.T,
        between=back @ best.between @ back.T,
        log_likelihood=-(best.deviance + constants + scale) / 2,
        boundary=bool(eigh(best.between, best.within, eigvals_only=True)[0] < NONE_BETWEEN),
        converged=best.converged,
    )


def _whitening(sums: GroupSums, freedom: int) -> Array | None:
    """Return the turn after which the pooled covariance is 1 and that of means is diagonal.

    In these coordinates the likelihood is about as round as it can be made, and the answer does
    not depend on the units of the items or on their order.
    """
    k = len(sums.columns)
    if freedom < k:
        return None
    pooled = sums.within / freedom
    spread = np.sqrt(np.diag(pooled))
    if not (spread > 0).all() or np.linalg.eigvalsh(pooled / np.outer(spread, spread))[0] < 1e-10:
        return None
    means = sums.sums / sums.counts[:, None]
    of_means = np.atleast_2d(np.cov(means.T)) if sums.n_groups > 1 else np.zeros((k, k))
    turn: Array = eigh(of_means, pooled)[1].T
    return turn


@dataclass(frozen=True, slots=True)
class _End:
    within: Array
    between: Array
    deviance: float
    converged: bool
    theta: Array

    def is_near(self, other: _End) -> bool:
        """Say whether both are about the same optimum."""
        apart = max(
            float(np.abs(self.within - other.within).max()),
            float(np.abs(self.between - other.between).max()),
        )
        return apart < SAME_PLACE and abs(self.deviance - other.deviance) < SAME_DEVIANCE


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """The likelihood in whitened coordinates, groups of one size taken together.

    Attributes
    ----------
    rows : float
        N; ``freedom`` is N - J.
    pooled : ndarray, shape (k, k)
        Cross-products within groups.
    sizes, groups : ndarray, shape (s,)
        The different numbers of rows of a group, and how many groups have each.
    means : ndarray, shape (s, k)
        Mean of the group means of a size.
    scatter : ndarray, shape (s, k, k)
        Size times the cross-products of the group means about that mean.
    """

    rows: float
    freedom: float
    pooled: Array
    sizes: Array
    groups: Array
    means: Array
    scatter: Array

    @classmethod
    def of(cls, sums: GroupSums, turn: Array) -> _Likelihood:
        means = (sums.sums / sums.counts[:, None]) @ turn.T
        sizes, which, groups = np.unique(sums.counts, return_inverse=True, return_counts=True)
        centres = np.array([means[which == i].mean(axis=0) for i in range(len(sizes))])
        apart = means - centres[which]
        scatter = np.array(
            [s * apart[which == i].T @ apart[which == i] for i, s in enumerate(sizes)]
        )
        pooled = turn @ sums.within @ turn.T
        rows = float(sums.counts.sum())
        return cls(
            rows, rows - len(means), pooled, sizes, groups.astype(np.float64), centres, scatter
        )

    def starts(self) -> list[Array]:
        """Begin at estimates from mean squares, and at one that knows nothing."""
        k = len(self.pooled)
        every = self.groups @ self.means / self.groups.sum()
        apart = self.means - every
        spread = self.scatter.sum(axis=0) + np.einsum(
            "s,si,sj", self.groups * self.sizes, apart, apart
        )
        size = self.rows / self.groups.sum()
        square = np.diag(spread) / max(self.groups.sum() - 1, 1)
        guess = np.maximum((square - 1) / size, SMALLEST_START)
        lower = np.tril_indices(k)
        return [
            np.concatenate([np.eye(k)[lower], np.diag(np.sqrt(own))[lower]])
            for own in (guess, np.full(k, 0.5))
        ]

    def lowest(self) -> _End:
        """Search from both starts; the second only until it is plain that it leads to the same."""
        first, second = self.starts()
        found = self.search(first)
        other = self.search(second, FIRST_STEPS)
        if found.converged and other.is_near(found):
            return found
        return min(found, self.search(other.theta), key=lambda end: end.deviance)

    def search(self, start: Array, steps: int = STEPS) -> _End:
        """Go down from factors of the two matrices, so that neither can become indefinite."""
        k = len(self.pooled)
        lower = np.tril_indices(k)

        def factors(theta: Array) -> tuple[Array, Array]:
            one, two = np.zeros((k, k)), np.zeros((k, k))
            one[lower], two[lower] = np.split(theta, 2)
            return one, two

        def objective(theta: Array) -> tuple[float, Array]:
            one, two = factors(theta)
            value, by_within, by_between = self.deviance(one @ one.T, two @ two.T)
            slope = [2 * (by_within @ one)[lower], 2 * (by_between @ two)[lower]]
            return value / self.rows, np.concatenate(slope) / self.rows

        found = minimize(
            objective, start, jac=True, method="L-BFGS-B",
            options={"maxiter": steps, "maxcor": 40, "ftol": SMALLEST_GAIN, "gtol": FLAT},
        )  # fmt: skip
        one, two = factors(found.x)
        value, slope = objective(found.x)
        steep = bool(np.abs(slope).max() < STEEP) and math.isfinite(value)
        return _End(one @ one.T, two @ two.T, value * self.rows, steep, found.x)

    def mean(self, within: Array, between: Array) -> tuple[Array, Array]:
        """Return the best mean for these matrices, and the inverses by size they give."""
        inverses = np.linalg.inv(within + self.sizes[:, None, None] * between)
        weights = (self.groups * self.sizes)[:, None, None] * inverses
        mean: Array = np.linalg.solve(weights.sum(axis=0), np.einsum("sij,sj", weights, self.means))
        return mean, np.asarray(inverses)

    def deviance(self, within: Array, between: Array) -> tuple[float, Array, Array]:
        """Return minus twice the log-likelihood (no constants) and its two derivatives."""
        sign, log_within = np.linalg.slogdet(within)
        if not sign > 0:
            flat = np.zeros_like(within)
            return math.inf, flat, flat
        inverse = np.linalg.inv(within)
        mean, inverses = self.mean(within, between)
        apart = self.means - mean
        scatter = self.scatter + np.einsum("s,si,sj->sij", self.groups * self.sizes, apart, apart)
        slopes = self.groups[:, None, None] * inverses - inverses @ scatter @ inverses
        value = (
            self.freedom * log_within
            + float((inverse * self.pooled).sum())
            - float(self.groups @ np.linalg.slogdet(inverses)[1])
            + float((inverses * scatter).sum())
        )
        by_within = self.freedom * inverse - inverse @ self.pooled @ inverse + slopes.sum(axis=0)
        return value, by_within, np.einsum("s,sij->ij", self.sizes, slopes)
