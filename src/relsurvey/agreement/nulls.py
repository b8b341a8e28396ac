"""What answers would look like without any agreement: null distributions and their variances.

r_wg compares the variance within a group with the one that answers would have if people did not
agree at all. Answering at random spreads over all categories alike (uniform); but people who do
not agree may still lean towards the good end, and the uniform null then flatters agreement.

References
----------
James LR, Demaree RG, Wolf G (1984). Journal of Applied Psychology 69(1):85-98, table 1.
doi 10.1037/0021-9010.69.1.85.
LeBreton JM, Senter JL (2008). Organizational Research Methods 11(4):815-852, table 2.
doi 10.1177/1094428106296642.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from relsurvey.errors import ModelError, listed

__all__ = [
    "FEWEST_SHAPED",
    "MOST_SHAPED",
    "OWN",
    "Null",
    "null_distributions",
    "require_categories",
    "require_nulls",
]

UNIFORM = "James, Demaree & Wolf 1984: (A^2 - 1) / 12"
TABLE = "LeBreton & Senter 2008, table 2"
OWN = "shares given"
SHAPES = ("slightly_skewed", "moderately_skewed", "heavily_skewed", "triangular", "normal")
# Expected variances for A categories one apart, in the order of SHAPES, as published.
PUBLISHED = {
    5: (1.34, 0.90, 0.44, 1.32, 1.04),
    6: (1.85, 1.26, 0.69, 1.45, 1.25),
    7: (2.90, 2.14, 1.39, 2.10, 1.40),
    8: (3.47, 2.79, 2.35, 2.81, 1.73),
    9: (5.66, 4.73, 3.16, 3.00, 1.58),
    10: (6.30, 5.09, 3.46, 2.89, 1.45),
    11: (7.31, 6.32, 4.02, 3.32, 1.40),
}
FEWEST_SHAPED, MOST_SHAPED = min(PUBLISHED), max(PUBLISHED)
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Null:
    """One null distribution.

    Attributes
    ----------
    name : str
        "uniform", "slightly_skewed", "moderately_skewed", "heavily_skewed", "triangular",
        "normal", or the name a user gave.
    variance : float
        Expected variance of an answer, in squared units of the codes; above 0.
    source : str
        Where it comes from.
    """

    name: str
    variance: float
    source: str


def require_categories(categories: object) -> None:
    """Refuse what is no number of answer categories."""
    if not isinstance(categories, Integral) or isinstance(categories, bool) or categories < 2:
        raise ModelError(
            f"categories must be a whole number of 2 or more; it is {categories!r}.",
            hint="It is the number of answers to choose from, for instance categories=5.",
        )


def null_distributions(
    values: Sequence[float], own: Mapping[str, Sequence[float]] | None = None
) -> tuple[Null, ...]:
    """Return the nulls for a response scale.

    Parameters
    ----------
    values : sequence of float
        The codes that can be answered, lowest first.
    own : mapping of str to sequence of float, optional
        Further nulls: for each a share of answers by code, adding up to 1.

    Returns
    -------
    tuple of Null
        The uniform first. The skewed, triangular and normal ones are there for 5 to 11 codes
        that lie one step apart, for which their variances are published; a step of another
        width scales them.

    Raises
    ------
    ModelError
        Where shares are not as many as the codes, negative, or do not add up to 1; where all of
        them are on one code; or a name is taken or no name.

    Notes
    -----
    For 5 categories the published shares (James, Demaree & Wolf 1984) are .05, .15, .20, .35
    and .25 (slightly skewed); 0, .10, .15, .40, .35 (moderately); 0, 0, .10, .40, .50 (heavily).

    Examples
    --------
    >>> [(null.name, null.variance) for null in null_distributions([1, 2, 3, 4])]
    [('uniform', 1.25)]
    >>> null_distributions([1, 2, 3, 4, 5], {"leaning": [0, 0.1, 0.2, 0.3, 0.4]})[-1].variance
    1.0
    """
    even = [1.0 / len(values)] * len(values)
    nulls = [Null("uniform", _variance(values, even), UNIFORM)]
    steps = {round(later - earlier, 9) for earlier, later in itertools.pairwise(values)}
    if len(values) in PUBLISHED and len(steps) == 1:
        square = steps.pop() ** 2
        published = zip(SHAPES, PUBLISHED[len(values)], strict=True)
        nulls += [Null(name, variance * square, TABLE) for name, variance in published]
    require_nulls(own)
    _require_shares(own or {}, len(values))
    nulls += [Null(name, _variance(values, shares), OWN) for name, shares in (own or {}).items()]
    flat = [null.name for null in nulls if not null.variance > 0]
    if flat:
        raise ModelError(
            f"The null {listed(flat)} has all answers on one code: it has no variance.",
            hint="Give shares on two codes or more.",
        )
    return tuple(nulls)


def _variance(values: Sequence[float], shares: Sequence[float]) -> float:
    mean = math.fsum(v * s for v, s in zip(values, shares, strict=True))
    variance = math.fsum((v - mean) ** 2 * s for v, s in zip(values, shares, strict=True))
    return round(variance, 12)


def require_nulls(own: object) -> None:
    """Refuse what is no mapping of nulls."""
    if own is not None and not isinstance(own, Mapping):
        raise ModelError(
            f"nulls has to be a mapping from a name to shares; it is {own!r}.",
            hint='For instance nulls={"leaning": [0.05, 0.15, 0.35, 0.45]}.',
        )


def _require_shares(own: Mapping[str, Any], n: int) -> None:
    failures = []
    for name, shares in own.items():
        fault = _name_fault(name) or _share_fault(shares, n)
        if fault:
            failures.append({"null": name, "problem": fault})
    if failures:
        raise ModelError(
            f"{len(failures)} null {'distribution' if len(failures) == 1 else 'distributions'} "
            "cannot be used.",
            hint=f"Give {n} shares, one a category from the lowest, which add up to 1.",
            failures=failures,
        )


def _name_fault(name: object) -> str:
    if not isinstance(name, str) or not name.isidentifier():
        return "its name has to be one word of letters, digits and underscores"
    taken = name in (*SHAPES, "uniform", "j", "uncut", "j_lindell")
    return "its name is taken" if taken else ""


def _share_fault(shares: object, n: int) -> str:
    if isinstance(shares, str) or not isinstance(shares, Sequence | np.ndarray):
        return "not a list of shares"
    if not all(isinstance(share, float | int | np.number) and 0 <= share <= 1 for share in shares):
        return "a share is a number from 0 to 1"
    if len(shares) != n:
        return f"{len(shares)} shares for {n} categories"
    total = math.fsum(float(share) for share in shares)
    return "" if abs(total - 1) <= ROUNDING else f"the shares add up to {total:g}"
