"""Common factors of a correlation matrix: uniquenesses by maximum likelihood or minres.

Both methods are written in the uniquenesses alone: for given ones the best loadings follow
from an eigendecomposition, so that what is searched is p numbers, however many factors there
are. Gradient and Hessian of both concentrated functions are analytic, and the search is
Newton's between bounds, from several starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.exploratory.bounded_newton import UNDEFINED, Minimum, Point, minimise

__all__ = ["LOWEST", "SMALLEST", "Extraction", "Method", "discrepancy", "extract"]

Array: TypeAlias = npt.NDArray[np.float64]
Method: TypeAlias = Literal["ml", "minres"]

# The lowest uniqueness, as in Joereskog (1967) and R's factanal: at zero the likelihood of an
# improper solution has no end.
LOWEST = 0.005
NO_GAP = 1e-12  # between eigenvalues
SMALLEST = 1e-10  # eigenvalue of a correlation matrix that can be inverted
SURE_DRAWS, WIDE_DRAWS, SEED = 4, 40, 20240531
SAME = 1e-8  # discrepancies this near are one optimum


@dataclass(frozen=True, slots=True)
class Extraction:
    """Unrotated factors of p items.

    Attributes
    ----------
    loadings : ndarray, shape (p, k)
        Principal axes of the common part, the largest first.
    uniqueness : ndarray, shape (p,)
        Between ``LOWEST`` and 1.
    at_bound : ndarray of bool, shape (p,)
        Uniquenesses that stay at ``LOWEST`` because the function falls below it (Heywood).
    value : float
        What was minimised.
    converged : bool
        Whether the gradient vanishes (at a bound: points outwards) and the value is finite.
    local : int
        Starts that ended in a worse optimum than the one kept.
    """

    loadings: Array
    uniqueness: Array
    at_bound: npt.NDArray[np.bool_]
    value: float
    converged: bool
    local: int


class _Function(Protocol):
    """A discrepancy as a function of what is searched, with its derivatives."""

    lower: float
    upper: float

    def __call__(self, at: Array) -> Point: ...
    def point(self, uniqueness: Array) -> Array: ...
    def uniqueness(self, at: Array) -> Array: ...
    def loadings(self, at: Array) -> Array: ...


class _MaximumLikelihood:
    """Minus the concentrated log-likelihood (times 2/n, saturated model at 0), in log psi."""

    lower = float(np.log(LOWEST))
    upper = 0.0

    def __init__(self, correlation: Array, k: int) -> None:
        self.correlation = correlation
        self.k = k

    def _roots(self, at: Array) -> tuple[Array, Array]:
        scale = np.exp(-0.5 * at)
        roots, vectors = np.linalg.eigh(scale[:, None] * self.correlation * scale)
        return roots[::-1], vectors[:, ::-1]

    def __call__(self, at: Array) -> Point:
        k = self.k
        roots, vectors = self._roots(at)
        rest, inner = roots[k:], vectors[:, k:]
        if rest[-1] <= 0:
            return UNDEFINED
        value = float((rest - np.log(rest) - 1).sum())
        gradient = (inner**2) @ (1 - rest)
        plain = inner @ inner.T
        hessian = ((inner * rest) @ inner.T) * plain
        first, gap = roots[:k, None], np.maximum(roots[:k, None] - rest, NO_GAP)
        hessian += _crossed(vectors[:, :k], inner, (1 - rest) * (first + rest) / gap)
        return Point(value, gradient, hessian)

    def point(self, uniqueness: Array) -> Array:
        return np.log(uniqueness)

    def uniqueness(self, at: Array) -> Array:
        return np.exp(at)

    def loadings(self, at: Array) -> Array:
        roots, vectors = self._roots(at)
        size = np.sqrt(np.maximum(roots[: self.k] - 1, 0.0))
        loadings: Array = np.exp(0.5 * at)[:, None] * vectors[:, : self.k] * size
        return loadings


class _MinimumResidual:
    """Half the sum of squared residuals (unweighted least squares), in psi."""

    lower = LOWEST
    upper = 1.0

    def __init__(self, correlation: Array, k: int) -> None:
        self.correlation = correlation
        self.k = k

    def _roots(self, at: Array) -> tuple[Array, Array]:
        roots, vectors = np.linalg.eigh(self.correlation - np.diag(at))
        return roots[::-1], vectors[:, ::-1]

    def __call__(self, at: Array) -> Point:
        roots, vectors = self._roots(at)
        kept = min(self.k, int(np.count_nonzero(roots > 0)))  # an axis needs a positive root
        rest, inner = roots[kept:], vectors[:, kept:]
        value = 0.5 * float(rest @ rest)
        gradient = -(inner**2) @ rest
        plain = inner @ inner.T
        hessian = plain * plain
        gap = np.maximum(roots[:kept, None] - rest, NO_GAP)
        hessian += _crossed(vectors[:, :kept], inner, -2 * rest / gap)
        return Point(value, gradient, hessian)

    def point(self, uniqueness: Array) -> Array:
        return uniqueness

    def uniqueness(self, at: Array) -> Array:
        return at

    def loadings(self, at: Array) -> Array:
        roots, vectors = self._roots(at)
        loadings: Array = vectors[:, : self.k] * np.sqrt(np.maximum(roots[: self.k], 0.0))
        return loadings


def _crossed(outer: Array, inner: Array, weights: Array) -> Array:
    """Return the sum over m, n of weights[m, n] x_i x_j y_i y_j, x and y the m-th and n-th axis."""
    weighted = inner * weights[:, None, :]
    products = outer.T[:, :, None] * outer.T[:, None, :]
    crossed: Array = (products * (weighted @ inner.T)).sum(axis=0)
    return crossed


def extract(correlation: Array, k: int, method: Method) -> Extraction:
    """Extract k common factors.

    Parameters
    ----------
    correlation : ndarray, shape (p, p)
        Correlations of the items; for maximum likelihood positive definite.
    k : int
        Factors; the degrees of freedom must not be negative.
    method : {"ml", "minres"}
        Maximum likelihood, or least squares of the residual correlations. The two are the same
        where the model fits exactly.

    Returns
    -------
    Extraction
        The best optimum of several starts: from squared multiple correlations, from equal
        uniquenesses, and from seeded random ones.

    References
    ----------
    Jöreskog KG (1967). Some contributions to maximum likelihood factor analysis. Psychometrika
    32(4):443-482. doi 10.1007/BF02289658.
    Lawley DN, Maxwell AE (1971). Factor Analysis as a Statistical Method. Butterworths.
    Harman HH, Jones WH (1966). Factor analysis by minimizing residuals (minres). Psychometrika
    31(3):351-368. doi 10.1007/BF02289468.

    Examples
    --------
    >>> loadings = np.array([0.9, 0.8, 0.7, 0.6])
    >>> correlation = np.outer(loadings, loadings)
    >>> np.fill_diagonal(correlation, 1.0)
    >>> extract(correlation, 1, "ml").uniqueness.round(6).tolist()
    [0.19, 0.36, 0.51, 0.64]
    """
    function: _Function = (
        _MaximumLikelihood(correlation, k) if method == "ml" else _MinimumResidual(correlation, k)
    )
    sure, wide = _starts(correlation, k)
    found = _searched(function, sure)
    if _doubtful(found, function.lower):
        found += _searched(function, wide)
    best = min(found, key=_merit)
    local = sum(one.value > best.value + SAME for one in found)
    loadings, at_bound = function.loadings(best.at), best.at <= function.lower
    return Extraction(
        loadings=loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0),
        uniqueness=np.where(at_bound, LOWEST, function.uniqueness(best.at)),
        at_bound=at_bound,
        value=best.value,
        converged=best.converged,
        local=local,
    )


def _searched(function: _Function, starts: Iterable[Array]) -> list[Minimum]:
    return [
        minimise(function, function.point(start), function.lower, function.upper)
        for start in starts
    ]


def _doubtful(found: Sequence[Minimum], lower: float) -> bool:
    """Say whether starts disagree, or an improper solution shows that there may be others."""
    values = [one.value for one in found]
    return (
        not all(one.converged for one in found)
        or max(values) - min(values) > SAME
        or any((one.at <= lower).any() for one in found)
    )


def _merit(found: Minimum) -> tuple[float, bool]:
    # Values that agree to rounding are one optimum, of which one that converged is kept.
    return (round(found.value, 11), not found.converged)


def _starts(correlation: Array, k: int) -> tuple[list[Array], list[Array]]:
    """Return uniquenesses to start from, always and in doubt, whatever the order of the items."""
    p = len(correlation)
    usual = np.full(p, 0.5)
    sure = [usual]
    if np.linalg.eigvalsh(correlation)[0] > SMALLEST:
        unexplained = 1 / np.diag(np.linalg.inv(correlation))
        usual = np.clip((1 - 0.5 * k / p) * unexplained, 2 * LOWEST, 0.99)
        sure = [usual, *sure]
    # Which item gets which random number follows from its correlations, not from its place.
    rank = np.argsort(np.argsort((correlation**2).sum(axis=0), kind="stable"), kind="stable")
    draws = np.random.default_rng(SEED).uniform(0.1, 0.95, (SURE_DRAWS + WIDE_DRAWS, p))[:, rank]
    # Improper optima lie where one item is all factor.
    improper = np.where(np.eye(p, dtype=bool), 2 * LOWEST, usual)
    return [*sure, *draws[:SURE_DRAWS], *improper], list(draws[SURE_DRAWS:])


def discrepancy(correlation: Array, model: Array) -> float:
    """Return the maximum-likelihood discrepancy of a model for a correlation matrix.

    Parameters
    ----------
    correlation, model : ndarray, shape (p, p)
        As observed, and as the model has it.

    Returns
    -------
    float
        log det(model) - log det(correlation) + trace(correlation model^-1) - p; NaN where one
        of the two is not positive definite.

    Examples
    --------
    >>> discrepancy(np.eye(2), np.eye(2))
    0.0
    """
    if min(np.linalg.eigvalsh(correlation)[0], np.linalg.eigvalsh(model)[0]) <= SMALLEST:
        return float("nan")
    observed, implied = np.linalg.slogdet(correlation)[1], np.linalg.slogdet(model)[1]
    trace = float(np.trace(np.linalg.solve(model, correlation)))
    return float(implied - observed + trace - len(model))
