"""A slope with the error of the score taken out of it, in the form that all methods share."""

from __future__ import annotations

from dataclasses import dataclass

from relsurvey.association.t_test import t_test_of_one

__all__ = ["CorrectedSlope", "corrected_slope"]


@dataclass(frozen=True, slots=True)
class CorrectedSlope:
    """The slope of the outcome on the worker's score, by one method.

    Attributes
    ----------
    method : str
        "naive" (the score taken as free of error), "calibrated", "simex" or "plausible".
    estimate, std_error : float
        Points of the outcome per point of the score.
    df, statistic, p_value : float
        The t test against zero, two-sided.
    conf_low, conf_high : float
        The interval.
    standardised : float
        Standard deviations of the outcome per standard deviation of the score: of the measured
        score for the naive slope, of the true one for the others.
    note : str
        What a reader has to know; why numbers are NaN, if they are.
    """

    method: str
    estimate: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    standardised: float
    note: str = ""


def corrected_slope(
    method: str,
    estimate: float,
    std_error: float,
    df: float,
    *,
    confidence: float,
    per_deviation: float,
    note: str = "",
) -> CorrectedSlope:
    """Test a slope and give it its interval; ``per_deviation`` turns it into a standardised one.

    Examples
    --------
    >>> slope = corrected_slope("naive", 0.4, 0.1, 30.0, confidence=0.95, per_deviation=0.5)
    >>> round(slope.conf_low, 3), round(slope.conf_high, 3), slope.standardised
    (0.196, 0.604, 0.2)
    """
    return CorrectedSlope(
        method=method,
        standardised=estimate * per_deviation,
        note=note,
        **t_test_of_one(estimate, std_error, df, confidence),
    )
