"""One line of the panel: what another method says to the question of the primary analysis."""

from __future__ import annotations

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
