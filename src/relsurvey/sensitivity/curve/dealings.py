"""Scores dealt out anew among workers, and what curves come of it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from relsurvey.sensitivity.question import Floats

__all__ = ["curve_tests", "deal", "log_dealings", "strata"]

Places = npt.NDArray[np.intp]
TOLERANCE = 1e-10
STATISTICS = {
    "median": "median of the standardised slopes",
    "share": "share of specifications significant in the primary's direction",
    "mean_t": "mean t value of the specifications",
}


def strata(scores: Floats, teams: Floats | None) -> Places:
    """Return in which stratum each worker is: scores are dealt out within strata only.

    Parameters
    ----------
    scores : numpy.ndarray
        Shape (predictors, workers); NaN where a worker has no score.
    teams : numpy.ndarray or None
        Shape (workers,): codes; NaN where not known.

    Returns
    -------
    numpy.ndarray of int
        Shape (workers,). Workers of one team of whom the same scores are known.
    """
    facts = np.isnan(scores).astype(np.float64)
    if teams is not None:
        facts = np.vstack([facts, np.where(np.isnan(teams), -1.0, teams)])
    return np.unique(facts, axis=1, return_inverse=True)[1].ravel().astype(np.intp)


def log_dealings(strata_of: Places) -> float:
    """Return the logarithm of the number of dealings, workers with equal scores told apart.

    Examples
    --------
    >>> round(math.exp(log_dealings(np.array([0, 0, 0, 1, 1]))))
    12
    """
    return sum(math.lgamma(count + 1) for count in np.bincount(strata_of))


def deal(strata_of: Places, count: int, generator: np.random.Generator) -> Places:
    """Deal scores out anew.

    Parameters
    ----------
    strata_of : numpy.ndarray of int
        Shape (workers,).
    count : int
        How many dealings.
    generator : numpy.random.Generator
        Of random numbers.

    Returns
    -------
    numpy.ndarray of int
        Shape (count + 1, workers): whose score each worker gets; the first row is as it was.
    """
    n_workers = len(strata_of)
    given = np.tile(np.arange(n_workers, dtype=np.intp), (count + 1, 1))
    keys = generator.random((count, n_workers))
    for stratum in range(int(strata_of.max(initial=-1)) + 1):
        members = np.flatnonzero(strata_of == stratum)
        given[1:, members] = members[np.argsort(keys[:, members], axis=1)]
    return given


def curve_tests(slopes: Floats, t: Floats, alpha: float) -> dict[str, Mapping[str, float]]:
    """Compare the curve with those of scores dealt out anew.

    Parameters
    ----------
    slopes, t : numpy.ndarray
        Shape (specifications, dealings): standardised slopes and t values; the first column is
        as observed, the first row the primary specification.
    alpha : float
        Level at which one specification counts as significant.

    Returns
    -------
    dict of str to mapping
        ``observed``, ``expected`` (median over dealings) and ``p_value`` of the median slope
        (from zero, in either direction), of the share of specifications significant in the
        direction of the primary one, and of the mean t value (from zero).

    Notes
    -----
    A specification is significant in a dealing if at most a share ``alpha`` of all dealings,
    the observed one among them, has as large a |t| in it: so each is judged by its own
    distribution by chance, whatever its standard error is worth. P values are (1 + dealings at
    least as extreme) / (1 + dealings), which is exact (Phipson & Smyth, 2010).

    References
    ----------
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9(1), Article 39.
    Simonsohn, U., Simmons, J. P., & Nelson, L. D. (2020). Specification curve analysis. Nature
    Human Behaviour, 4(11), 1208-1214.
    """
    significant = own_p_values(t) <= alpha
    along = np.sign(slopes) == np.sign(slopes[0])
    measures = {
        "median": np.median(slopes, axis=0),
        "share": (significant & along).mean(axis=0),
        "mean_t": t.mean(axis=0),
    }
    tests: dict[str, Mapping[str, float]] = {}
    for name, values in measures.items():
        size = np.abs(values)
        extreme = size >= size[0] * (1.0 - TOLERANCE)
        tests[name] = {
            "observed": float(values[0]),
            "expected": float(np.median(size[1:])) if len(size) > 1 else math.nan,
            "p_value": float(extreme.mean()),
        }
    return tests


def own_p_values(t: Floats) -> Floats:
    """Return in what share of dealings |t| is at least as large, for each row by itself.

    Examples
    --------
    >>> own_p_values(np.array([[3.0, -1.0, 2.0, 1.0]])).tolist()
    [[0.25, 1.0, 0.5, 1.0]]
    """
    size = np.abs(t)
    ordered = np.sort(size, axis=1)
    below = np.stack(
        [
            np.searchsorted(row, own * (1.0 - TOLERANCE), side="left")
            for row, own in zip(ordered, size, strict=True)
        ]
    )
    shares: Floats = 1.0 - below / t.shape[1]
    return shares
