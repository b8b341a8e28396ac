"""The normal log-likelihood of incomplete rows, and its derivatives, from pattern sums.

For the rows of a pattern, W is the inverse of the covariance of the items they answer, with
zeros for the others; T is their covariance (divisor n) about the mean of the model. Everything
below is a sum over patterns of products of W, T and the distance of means, so that a pattern
costs the same whether it has one row or a million.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.moments.likelihood_bend import Bend, Kind
from relsurvey.moments.pattern_stacks import LARGE_STACK, STACK_SIZE, Stack, stacks
from relsurvey.moments.patterns import PatternMoments

__all__ = [
    "Kind",
    "Likelihood",
    "likelihood_with_information",
    "log_likelihood",
    "normal_information",
    "normal_likelihood",
    "pattern_distances",
]

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The log-likelihood at a mean and a covariance, and its slope there.

    Attributes
    ----------
    value : float
        With its constants; minus infinity where the covariance is not positive definite.
    for_mean : ndarray, shape (k,)
        Derivative by the mean.
    for_covariance : ndarray, shape (k, k)
        Symmetric; a small symmetric change D of the covariance changes the value by the sum
        of ``for_covariance * D``.
    """

    value: float
    for_mean: Array
    for_covariance: Array


def normal_likelihood(moments: PatternMoments, mean: Array, covariance: Array) -> Likelihood:
    """Return the casewise normal log-likelihood and its derivatives.

    Parameters
    ----------
    moments : PatternMoments
        Of k items.
    mean : ndarray, shape (k,)
        Of the model.
    covariance : ndarray, shape (k, k)
        Of the model.

    Returns
    -------
    Likelihood
        Derivatives are NaN where the covariance is not positive definite.

    References
    ----------
    Arbuckle JL (1996). Full information estimation in the presence of incomplete data. In:
    Marcoulides GA, Schumacker RE (eds). Advanced structural equation modeling.

    Examples
    --------
    >>> import narwhals as nw, pandas as pd
    >>> from relsurvey.moments.patterns import pattern_moments
    >>> rows = pd.DataFrame({"a": [1.0, 3, 2, None], "b": [1.0, 5, None, 4]})
    >>> moments = pattern_moments(nw.from_native(rows), ["a", "b"])
    >>> round(normal_likelihood(moments, np.array([2.0, 3.0]), np.eye(2)).value, 4)
    -11.0136
    """
    slope = _Slope(len(mean))
    try:
        for stack in stacks(moments, mean, covariance, STACK_SIZE):
            slope.add(stack)
    except np.linalg.LinAlgError:
        return _impossible(len(mean))
    return slope.found(moments)


def log_likelihood(moments: PatternMoments, mean: Array, covariance: Array) -> float:
    """Return the value of `normal_likelihood` alone, which is quicker."""
    value = 0.0
    try:
        for stack in stacks(moments, mean, covariance, STACK_SIZE):
            value -= 0.5 * float(stack.rows @ (stack.log_determinant + stack.misfit))
    except np.linalg.LinAlgError:
        return -math.inf
    return value - _constant(moments)


def normal_information(
    moments: PatternMoments,
    mean: Array,
    covariance: Array,
    changes: tuple[Array, Array],
    kind: Kind,
) -> Array:
    """Return the information on parameters that move the mean and the covariance.

    Parameters
    ----------
    moments : PatternMoments
        Of k items.
    mean : ndarray, shape (k,)
        Of the model.
    covariance : ndarray, shape (k, k)
        Of the model; positive definite.
    changes : (ndarray, ndarray), shapes (q, k) and (q, k, k)
        Derivatives of the mean and of the covariance (symmetric) by each parameter.
    kind : {"expected", "observed"}
        Expected given the patterns, or minus the second derivative at these data where mean
        and covariance are linear in the parameters.

    Returns
    -------
    ndarray, shape (q, q)
        Of all rows.

    Raises
    ------
    numpy.linalg.LinAlgError
        Where the covariance is not positive definite.

    Notes
    -----
    With sums over patterns weighted by rows, minus the second derivative is a' W b for two
    means, a' W B W d for a mean and a covariance, and tr(W A K B) / 2 + tr(K A W B) / 2 -
    tr(W A W B) / 2 with K = W T W for two covariances. K is expected to be W, and W d nothing.

    Examples
    --------
    >>> import narwhals as nw, pandas as pd
    >>> from relsurvey.moments.patterns import pattern_moments
    >>> moments = pattern_moments(nw.from_native(pd.DataFrame({"a": [1.0, 3, None]})), ["a"])
    >>> by_mean, by_variance = np.array([[1.0], [0.0]]), np.array([[[0.0]], [[1.0]]])
    >>> normal_information(moments, np.ones(1), np.eye(1), (by_mean, by_variance), "expected")
    array([[2., 0.],
           [0., 1.]])
    """
    bend = Bend(changes, kind)
    for stack in stacks(moments, mean, covariance, LARGE_STACK):
        bend.add(stack)
    return bend.found()


def likelihood_with_information(
    moments: PatternMoments,
    mean: Array,
    covariance: Array,
    changes: tuple[Array, Array],
    kind: Kind,
) -> tuple[Likelihood, Array]:
    """Return what `normal_likelihood` and `normal_information` do, at the cost of the latter.

    The information is NaN where the covariance is not positive definite.
    """
    slope, bend = _Slope(len(mean)), Bend(changes, kind)
    try:
        for stack in stacks(moments, mean, covariance, LARGE_STACK):
            slope.add(stack)
            bend.add(stack)
    except np.linalg.LinAlgError:
        q = len(changes[0])
        return _impossible(len(mean)), np.full((q, q), np.nan)
    return slope.found(moments), bend.found()


def _constant(moments: PatternMoments) -> float:
    return 0.5 * math.log(2 * math.pi) * float(moments.answered.sum())


def _impossible(k: int) -> Likelihood:
    return Likelihood(-math.inf, np.full(k, np.nan), np.full((k, k), np.nan))


class _Slope:
    """The log-likelihood and its derivatives, as stacks are added up."""

    def __init__(self, k: int) -> None:
        self.value = 0.0
        self.for_mean = np.zeros(k)
        self.for_covariance = np.zeros((k, k))

    def add(self, stack: Stack) -> None:
        self.value -= 0.5 * float(stack.rows @ (stack.log_determinant + stack.misfit))
        self.for_mean += stack.rows @ stack.pulled
        slope = stack.inverse @ stack.spread @ stack.inverse - stack.inverse
        self.for_covariance += 0.5 * np.einsum("p,pij->ij", stack.rows, slope)

    def found(self, moments: PatternMoments) -> Likelihood:
        symmetric = (self.for_covariance + self.for_covariance.T) / 2
        return Likelihood(self.value - _constant(moments), self.for_mean, symmetric)


def pattern_distances(moments: PatternMoments, mean: Array, covariance: Array) -> Array:
    """Return, for each pattern, rows times the squared Mahalanobis distance of its means.

    Parameters
    ----------
    moments : PatternMoments
        Of k items.
    mean : ndarray, shape (k,)
        Of all rows.
    covariance : ndarray, shape (k, k)
        Of all rows; positive definite.

    Returns
    -------
    ndarray, shape (patterns,)
        In squared units of the covariance.
    """
    parts = [
        stack.rows * (stack.distance * stack.pulled).sum(axis=1)
        for stack in stacks(moments, mean, covariance, STACK_SIZE)
    ]
    return np.concatenate([np.zeros(0), *parts])
