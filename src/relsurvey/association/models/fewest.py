"""How many groups would have to go for an answer to change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association.models.refits import Refit, focus_numbers, refit_without

if TYPE_CHECKING:
    from relsurvey.association.models.fit import MixedFit

__all__ = ["fewest_to_change"]

LARGEST_SHARE = 0.5  # of all groups


def fewest_to_change(
    fit: MixedFit,
    codes: npt.NDArray[np.intp],
    table: pd.DataFrame,
    whole: Refit,
    *,
    focus: int,
    confidence: float,
) -> dict[str, int | None]:
    """Find how many groups, taken in the order of what each alone does, change an answer.

    Parameters
    ----------
    fit : MixedFit
        The model of all groups.
    codes : numpy.ndarray of int
        Shape (J,): with which unit each group goes.
    table : pandas.DataFrame
        One row a unit: the numbers of the fit without it.
    whole : dict of str to float
        The numbers of the fit with all.
    focus : int
        The place of the effect.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    dict of str to int or None
        "sign" and "verdict": the number of units; ``None`` where half of them are not enough.
    """
    up = 1.0 if whole["estimate"] >= 0 else -1.0
    near, far = ("conf_low", "conf_high") if up > 0 else ("conf_high", "conf_low")
    excluded = whole["conf_low"] > 0 or whole["conf_high"] < 0
    # Towards zero for another sign, or for an interval that excludes it now; otherwise away.
    towards = up * table["estimate"].to_numpy()
    limit = up * table[near].to_numpy() * (1.0 if excluded else -1.0)

    def numbers(order: npt.NDArray[np.intp], n_gone: int) -> Refit:
        gone = np.isin(codes, order[:n_gone])
        return focus_numbers(refit_without(fit, gone), focus, confidence)

    def other_sign(found: Refit) -> bool:
        return up * found["estimate"] < 0

    def other_verdict(found: Refit) -> bool:
        if excluded:
            return up * found[near] <= 0
        return up * found[near] > 0 or up * found[far] < 0

    most = int(LARGEST_SHARE * len(table))
    return {
        "sign": _smallest(_order(towards), numbers, other_sign, most),
        "verdict": _smallest(_order(limit), numbers, other_verdict, most),
    }


def _order(values: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    order = np.argsort(values, kind="stable")  # NaN last
    return order[np.isfinite(values[order])]


def _smallest(
    order: npt.NDArray[np.intp],
    numbers: Callable[[npt.NDArray[np.intp], int], Refit],
    changed: Callable[[Refit], bool],
    most: int,
) -> int | None:
    """Return the first number of units without which the answer is another: doubled, then halved.

    A fit that is not possible counts as no change.
    """
    most = min(most, len(order))
    below, above = 0, 1
    while True:
        if above > most:
            above = most
        if above <= below:
            return None
        if changed(numbers(order, above)):
            break
        below, above = above, 2 * above
    while above - below > 1:
        middle = (above + below) // 2
        if changed(numbers(order, middle)):
            above = middle
        else:
            below = middle
    return above
