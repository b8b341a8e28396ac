"""One line of the panel: what another method says to the question of the primary analysis."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Companion"]


@dataclass(frozen=True, slots=True)
class Companion:
    """What one method finds, in the form that all methods share.

    Attributes
    ----------
    name : str
        The method, as a table names it.
    scale : str
        What the estimate is, in words: "points per point", "odds ratio", "correlation".
    estimate : float
        On that scale.
    std_error : float
        On that scale, but for odds ratios, whose standard error is that of their logarithm.
    df : float
        Degrees of freedom of the test; infinite for a z test, NaN where the method has none.
    statistic, p_value : float
        The test of no association, two-sided.
    conf_low, conf_high : float
        The interval, on the scale of the estimate.
    note : str
        What a reader has to know; why a number is NaN.
    source : str
        Where the method is from.
    able : bool
        Whether the method can tell anything with these data; False where clusters, orders or
        draws are too few, or where another row is the one to read. ``note`` says why.

    Notes
    -----
    Whatever a method does not have is NaN.
    """

    name: str
    scale: str
    estimate: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    note: str = ""
    source: str = ""
    able: bool = True

    @classmethod
    def missing(cls, name: str, scale: str, note: str, *, source: str = "") -> Companion:
        """Return the line of a method that gives no number, with the reason in ``note``.

        Examples
        --------
        >>> Companion.missing("Spearman", "correlation", "fewer than 5 workers").p_value
        nan
        """
        none = math.nan
        return cls(name, scale, none, none, none, none, none, none, none, note, source)
