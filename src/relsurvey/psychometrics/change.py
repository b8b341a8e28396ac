"""Reliable change: whether two scores of a person differ by more than measurement error."""

from __future__ import annotations

import math
import numbers
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from relsurvey.errors import ModelError
from relsurvey.moments.group_columns import number_matrix, require_finite, take_columns
from relsurvey.options import require_confidence, require_flag

__all__ = ["reliable_change"]


def reliable_change(
    pre: Any,
    post: Any,
    *,
    reliability: float,
    sd: float,
    confidence: float = 0.95,
    higher_is_better: bool = True,
) -> pd.DataFrame:
    """Say of each person whether a change is more than what measurement error would give.

    Parameters
    ----------
    pre, post : sequence, array, or pandas or Polars series of n numbers
        The scores before and after, in the same order; NaN, None and NA are no score.
    reliability : float
        Of the score, from 0 to below 1: of the retest if there is one, otherwise alpha or omega.
    sd : float
        Standard deviation of the score, in units of the score, in those the reliability was
        estimated in (usually before).
    confidence : float
        Of the band of no reliable change; 0.95 makes the border 1.96 standard errors.
    higher_is_better : bool
        Whether a rise is an improvement.

    Returns
    -------
    pandas.DataFrame
        One row a person, with the index of ``pre`` where that is a pandas series: ``pre``,
        ``post``, ``change`` (post less pre), ``standard_error_difference``, sd times the root of
        2 (1 - reliability), in units of the score and the same in every row, ``rci`` (change by
        that standard error, no unit) and ``reading``: "improved", "deteriorated", "no reliable
        change", or "not known" where a score is missing; change and rci are NaN there.

    Raises
    ------
    ModelError
        Where the two have different lengths or indexes, hold text or infinite values, or where
        ``reliability``, ``sd``, ``confidence`` or ``higher_is_better`` cannot be.

    Notes
    -----
    A change on the border itself is not taken as reliable. In a group where nothing has
    changed, one person in twenty lies outside the band of 95%.

    References
    ----------
    Jacobson NS, Truax P (1991). Clinical significance: a statistical approach to defining
    meaningful change in psychotherapy research. Journal of Consulting and Clinical Psychology
    59(1):12-19. doi 10.1037/0022-006X.59.1.12.

    Examples
    --------
    Jacobson and Truax's own: 47.5 before, 32.5 after, sd 7.5, reliability .80, less is better.

    >>> found = reliable_change([47.5], [32.5], reliability=0.8, sd=7.5, higher_is_better=False)
    >>> found[["standard_error_difference", "rci"]].round(2).values.tolist()
    [[4.74, -3.16]]
    >>> found["reading"].tolist()
    ['improved']
    """
    require_confidence(confidence)
    require_flag("higher_is_better", higher_is_better)
    error = _standard_error(reliability, sd)
    before, after, index = _scores(pre, post)
    change = after - before
    rci = change / error
    return pd.DataFrame(
        {
            "pre": before,
            "post": after,
            "change": change,
            "standard_error_difference": error,
            "rci": rci,
            "reading": _readings(rci, confidence, higher_is_better=higher_is_better),
        },
        index=index,
    )


def _readings(
    rci: npt.NDArray[np.float64], confidence: float, *, higher_is_better: bool
) -> npt.NDArray[np.object_]:
    border = float(ndtri((1 + confidence) / 2))
    better = rci if higher_is_better else -rci
    words = np.full(len(rci), "no reliable change", dtype=object)
    words[better > border] = "improved"
    words[better < -border] = "deteriorated"
    words[np.isnan(rci)] = "not known"
    return words


def _standard_error(reliability: object, sd: object) -> float:
    """Return the standard error of a difference; both faults are reported at once."""
    failures = []
    if not _is_number(reliability) or not 0 <= float(reliability) < 1:  # type: ignore[arg-type]
        failures.append(
            {"argument": "reliability", "found": reliability, "allowed": "0 to below 1"}
        )
    if not _is_number(sd) or not 0 < float(sd) < math.inf:  # type: ignore[arg-type]
        failures.append({"argument": "sd", "found": sd, "allowed": "a number above 0"})
    if failures:
        raise ModelError(
            "Reliable change cannot be computed with what was given.",
            hint="Give the reliability of the score and its standard deviation, as "
            "relsurvey.reliability reports them. A reliability of 1 leaves no error to compare "
            "a change with; one below 0 is no reliability.",
            failures=failures,
        )
    return float(sd) * math.sqrt(2 * (1 - float(reliability)))  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, numbers.Real | np.number) and not isinstance(value, bool | np.bool_)


def _scores(
    pre: Any, post: Any
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], pd.Index[Any] | None]:
    """Return both as floats, and the index they share."""
    table = take_columns({"pre": pre, "post": post}, ["pre", "post"])
    scores = number_matrix(table, ["pre", "post"])
    require_finite(scores, ["pre", "post"], table)
    indexes = [given.index for given in (pre, post) if isinstance(given, pd.Series)]
    if len(indexes) == 2 and not indexes[0].equals(indexes[1]):
        raise ModelError(
            "pre and post have different indexes, so that it is not clear which scores belong "
            "to one person.",
            hint="Align them first, for instance with pre.align(post, join='inner'), or give "
            "both without an index: pre.to_numpy(), post.to_numpy().",
        )
    return scores[0], scores[1], indexes[0] if indexes else None
