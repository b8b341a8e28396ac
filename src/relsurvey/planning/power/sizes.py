"""How many service users answer about each worker: a distribution, from its mean and its spread."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlog1py, xlogy

from relsurvey.errors import ModelError

__all__ = ["Sizes", "answering", "least_variation", "user_sizes"]

Floats = npt.NDArray[np.float64]

MOST_STEPS = 200
TOLERANCE = 1e-10
LARGEST_SIZE = 20_000
NEGLIGIBLE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Numbers of service users a worker can have, and how likely each is.

    Attributes
    ----------
    values, chances : numpy.ndarray
        Each of shape (m,): whole numbers from 0, and probabilities that sum to 1.
    """

    values: Floats
    chances: Floats

    @property
    def mean(self) -> float:
        """Expected number."""
        return float(self.values @ self.chances)

    @property
    def variation(self) -> float:
        """Coefficient of variation: standard deviation over mean."""
        spread = self.chances @ (self.values - self.mean) ** 2
        return math.sqrt(float(spread)) / self.mean

    @property
    def equal(self) -> bool:
        """Whether every worker has the same number."""
        return len(self.values) == 1

    @property
    def alone(self) -> float:
        """Chance of a worker with one service user at most."""
        return float(self.chances[self.values <= 1].sum())

    @property
    def none(self) -> float:
        """Chance of a worker without any service user."""
        return float(self.chances[self.values == 0].sum())

    def of_those_with_any(self) -> Sizes:
        """Return the distribution among workers who have at least one."""
        some = self.values > 0
        return Sizes(self.values[some], self.chances[some] / self.chances[some].sum())


def least_variation(mean: float) -> float:
    """Return the least coefficient of variation that whole numbers of this mean can have."""
    part = mean - math.floor(mean)
    return math.sqrt(part * (1.0 - part)) / mean


@lru_cache(maxsize=512)
def user_sizes(mean: float, variation: float = 0.0) -> Sizes:
    """Return a distribution of whole numbers from 1 with a given mean and spread.

    Parameters
    ----------
    mean : float
        At least 1; it need not be whole.
    variation : float
        Coefficient of variation; 0 for numbers as equal as the mean allows.

    Returns
    -------
    Sizes
        Among all distributions on 1, 2, ... of the form n^a exp(-b n), a gamma cut to whole
        numbers, the one with exactly this mean and coefficient of variation.

    Raises
    ------
    ModelError
        Where no whole numbers vary so little, or a tail would be longer than can be summed.

    Examples
    --------
    >>> sizes = user_sizes(8.0, 0.5)
    >>> round(sizes.mean, 6), round(sizes.variation, 6), int(sizes.values.min())
    (8.0, 0.5, 1)
    >>> user_sizes(2.5).values.tolist()
    [2.0, 3.0]
    """
    low, part = math.floor(mean), mean - math.floor(mean)
    if variation <= least_variation(mean) + 1e-9:
        if part < NEGLIGIBLE:
            return Sizes(np.array([float(low)]), np.ones(1))
        return Sizes(np.array([float(low), low + 1.0]), np.array([1.0 - part, part]))
    if mean <= 1.0 + 1e-9:
        raise _no_such_sizes(mean, variation)
    furthest = math.ceil(mean * (1.0 + 25.0 * variation + 8.0 * variation**2)) + 30
    values = np.arange(1.0, min(furthest, LARGEST_SIZE) + 1.0)
    wanted = np.array([mean, (variation * mean) ** 2 + mean**2])
    chances = _tilted(values, wanted)
    if chances is None:
        raise _no_such_sizes(mean, variation)
    kept = chances > NEGLIGIBLE
    return Sizes(values[kept], chances[kept] / chances[kept].sum())


def _no_such_sizes(mean: float, variation: float) -> ModelError:
    return ModelError(
        f"No numbers of service users from 1 have a mean of {mean:g} and a coefficient of "
        f"variation of {variation:g}.",
        hint="Give a larger users_per_worker or a smaller user_count_cv (usual: 0.3 to 0.8).",
    )


def _tilted(values: Floats, wanted: Floats) -> Floats | None:
    """Solve for the two parameters of n^a exp(-b n) that give both moments; None where none do."""
    mean, square = wanted
    squared_variation = square / mean**2 - 1.0
    shape = np.array([1.0 / squared_variation - 1.0, -1.0 / (squared_variation * mean)])
    features = np.stack([np.log(values), values])
    targets = np.stack([values, values**2])
    for _ in range(MOST_STEPS):
        chances = _chances(shape, features)
        miss = targets @ chances - wanted
        if np.abs(miss / wanted).max() < TOLERANCE:
            return chances
        slopes = (targets * chances) @ features.T - np.outer(targets @ chances, features @ chances)
        if not np.isfinite(slopes).all() or abs(np.linalg.det(slopes)) < 1e-300:
            return None
        step = np.linalg.solve(slopes, miss)
        length, start = 1.0, np.abs(miss / wanted).max()
        while length > 1e-6:
            tried = _chances(shape - length * step, features)
            if np.abs((targets @ tried - wanted) / wanted).max() < start:
                break
            length *= 0.5
        shape = shape - length * step
    return None


def _chances(shape: Floats, features: Floats) -> Floats:
    logs = shape @ features
    chances: Floats = np.exp(logs - logs.max())
    chances /= chances.sum()
    return chances


@lru_cache(maxsize=512)
def answering(sizes: Sizes, missing: float) -> Sizes:
    """Return the distribution that is left where each service user is missing with a chance.

    Parameters
    ----------
    sizes : Sizes
        Service users asked.
    missing : float
        Share who do not answer, each on their own.

    Returns
    -------
    Sizes
        From 0 upwards.

    Examples
    --------
    >>> left = answering(user_sizes(2.0), 0.5)
    >>> left.values.tolist(), left.chances.round(3).tolist()
    ([0.0, 1.0, 2.0], [0.25, 0.5, 0.25])
    """
    if missing == 0.0:
        return sizes
    most = int(sizes.values.max())
    left = np.arange(most + 1.0)
    asked = sizes.values[:, None]
    with np.errstate(invalid="ignore"):
        logs = (
            gammaln(asked + 1.0) - gammaln(left + 1.0) - gammaln(asked - left + 1.0)
            + xlogy(left, 1.0 - missing) + xlog1py(asked - left, missing - 1.0)
        )  # fmt: skip
    table = np.where(left <= asked, np.exp(np.where(left <= asked, logs, -np.inf)), 0.0)
    chances = sizes.chances @ table
    kept = chances > NEGLIGIBLE
    return Sizes(left[kept], chances[kept] / chances[kept].sum())
