"""How reliable a mean of several people is, and how many people a reliable mean needs."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.faults import Faults

__all__ = ["WANTED", "mean_reliability", "needed_table", "needed_words", "users_needed"]

WANTED = (0.5, 0.6, 0.7, 0.8, 0.9)
NO_NUMBER = "no number is enough"
HAIR = 1e-9  # of a number of people: rounding, not a further person

Floats = npt.NDArray[np.float64]


def mean_reliability(icc1: float, sizes: npt.ArrayLike) -> Floats:
    """Return the reliability of the mean of so many people (Spearman-Brown).

    Parameters
    ----------
    icc1 : float
        Reliability of one person's answer as a measure of the group: ICC(1).
    sizes : array_like
        Numbers of people, each at least 1.

    Returns
    -------
    numpy.ndarray
        n ICC / (1 + (n - 1) ICC), from 0 to 1; 0 where the ICC is negative, since such means do
        not tell groups apart at all; NaN where the ICC is NaN.

    References
    ----------
    Spearman C (1910). British Journal of Psychology 3(3):271-295. Brown W (1910), 3(3):296-322.
    Bliese PD (2000). In Klein & Kozlowski (eds), Multilevel theory, research, and methods in
    organizations, 349-381.

    Examples
    --------
    >>> mean_reliability(0.2, [1, 4, 16]).round(6).tolist()
    [0.2, 0.5, 0.8]
    """
    n = np.asarray(sizes, dtype=np.float64)
    if math.isnan(icc1):
        return np.full(n.shape, np.nan)
    share = max(icc1, 0.0)
    reliability: Floats = n * share / (1.0 + (n - 1.0) * share)
    return reliability


def users_needed(icc1: float, reliability: float = 0.7) -> float:
    """Return how many service users a worker's mean needs to be so reliable.

    Parameters
    ----------
    icc1 : float
        ICC(1) of one service user's answer, at most 1.
    reliability : float, default 0.7
        Wanted of the mean, between 0 and 1.

    Returns
    -------
    float
        A whole number of at least 1; infinity where the ICC is 0 or negative, since then no
        number is enough; NaN where the ICC is NaN.

    Raises
    ------
    ModelError
        Where ``reliability`` is not between 0 and 1, or the ICC is no number of at most 1.

    Notes
    -----
    Spearman-Brown solved for the number: R (1 - ICC) / ((1 - R) ICC), rounded up.

    References
    ----------
    Spearman C (1910). British Journal of Psychology 3(3):271-295. Brown W (1910), 3(3):296-322.

    Examples
    --------
    >>> users_needed(0.2, 0.8), users_needed(0.1), users_needed(0.0)
    (16.0, 21.0, inf)
    """
    _require_reliability(reliability)
    if not isinstance(icc1, Real) or isinstance(icc1, bool) or icc1 > 1:
        raise ModelError(
            f"An ICC is a number of at most 1; this is {icc1!r}.",
            hint="Give ICC(1), for instance users_needed(result.icc1, 0.7).",
        )
    if math.isnan(icc1):
        return math.nan
    if icc1 <= 0:
        return math.inf
    exact = reliability * (1.0 - icc1) / ((1.0 - reliability) * icc1)
    return float(max(1.0, np.ceil(exact * (1.0 - HAIR))))


def _levels(wanted: object) -> list[float]:
    """Return the reliabilities wanted; all that cannot be one are named at once."""
    if isinstance(wanted, str) or not isinstance(wanted, Iterable):
        raise ModelError(
            f"wanted has to be a list of reliabilities; it is {wanted!r}.",
            hint="For instance wanted=[0.7, 0.8].",
        )
    levels = list(wanted)
    faults = Faults()
    for place, level in enumerate(levels):
        faults.of(f"wanted[{place}]", functools.partial(_require_reliability, level))
    faults.refuse()
    return [float(level) for level in levels]


def _require_reliability(reliability: Any) -> None:
    number = isinstance(reliability, Real) and not isinstance(reliability, bool)
    if not number or not 0.0 < reliability < 1.0:
        raise ModelError(
            f"The reliability wanted must be a number between 0 and 1; it is {reliability!r}.",
            hint="Usual values: 0.7 for comparing groups of workers, 0.9 for single workers.",
        )


def needed_table(
    icc1: float, low: float, high: float, wanted: Sequence[float] = WANTED
) -> pd.DataFrame:
    """Return how many service users are needed for several reliabilities.

    Parameters
    ----------
    icc1, low, high : float
        ICC(1) and the limits of its interval; NaN where there are none.
    wanted : sequence of float
        Reliabilities of the mean.

    Returns
    -------
    pandas.DataFrame
        One row a reliability: ``reliability``, ``users``, ``users_low`` (from the upper limit of
        the ICC), ``users_high`` (from the lower limit), infinity where no number is enough, NaN
        where there is no ICC; ``note`` in words.

    Examples
    --------
    >>> needed_table(0.2, -0.1, 0.5, [0.8]).to_dict("records")[0]["note"]
    '16 (4 to more than any number)'
    """
    rows = [
        {
            "reliability": level,
            "users": users_needed(icc1, level),
            "users_low": users_needed(high, level),
            "users_high": users_needed(low, level),
        }
        for level in _levels(wanted)
    ]
    frame = pd.DataFrame(rows, columns=["reliability", "users", "users_low", "users_high"])
    frame["note"] = [needed_words(row) for row in rows]
    return frame


def needed_words(row: dict[str, float]) -> str:
    """Write a number of service users needed, with its interval."""
    users, low, high = row["users"], row["users_low"], row["users_high"]
    if math.isnan(users):
        return "not known: there is no ICC(1)"
    if math.isinf(users):
        unsure = "" if math.isinf(low) or math.isnan(low) else f"; {low:,.0f} at its upper limit"
        return f"{NO_NUMBER}: ICC(1) is 0 or negative{unsure}"
    if math.isnan(low) or math.isnan(high):
        return f"{users:,.0f}"
    end = "more than any number" if math.isinf(high) else f"{high:,.0f}"
    return f"{users:,.0f} ({low:,.0f} to {end})"
