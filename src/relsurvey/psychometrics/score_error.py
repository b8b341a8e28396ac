"""Measurement error of a score: from its standard deviation and its reliability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.instruments import Instrument

__all__ = ["detectable_change", "score_deviation", "standard_error"]

Array: TypeAlias = npt.NDArray[np.float64]

NORMAL_95 = 1.959963984540054


def score_deviation(
    covariance: Array, items: Sequence[str], instrument: Instrument | None, scale: str
) -> float:
    """Return the standard deviation of a score, in the units in which it is scored.

    Parameters
    ----------
    covariance : ndarray, shape (k, k)
        Covariances of the items of the scale.
    items : sequence of str, length k
        Their names.
    instrument : Instrument or None
        Says whether the score is a mean or a sum, and of items or of scores; without one it is
        taken as the mean of the items.
    scale : str
        The id of the scale.

    Returns
    -------
    float
        NaN where a covariance is.
    """
    weights = np.full(len(items), 1 / len(items))
    if instrument is not None:
        shares = _weights(instrument, scale)
        weights = np.array([shares[name] for name in items])
    variance = float(weights @ covariance @ weights)
    return math.nan if math.isnan(variance) else math.sqrt(max(variance, 0.0))


def _weights(instrument: Instrument, scale: str) -> dict[str, float]:
    """Return what an item counts for in a score."""
    found = instrument.scales[scale]
    if found.composite_of == "scores":
        parts = [_weights(instrument, part) for part in found.scales]
    else:
        parts = [{name: 1.0} for name in dict.fromkeys(instrument.items_of(scale))]
    share = 1 / len(parts) if found.method == "mean" else 1.0
    weights: dict[str, float] = {}
    for part in parts:
        for name, weight in part.items():
            weights[name] = weights.get(name, 0.0) + share * weight
    return weights


def standard_error(deviation: float, reliability: float) -> float:
    """Return the standard error of measurement, sd times the root of 1 - reliability.

    Returns
    -------
    float
        In units of the score; NaN where the reliability is not between 0 and 1, since an error
        larger than the spread of the scores themselves is none.

    References
    ----------
    Lord FM, Novick MR (1968). Statistical theories of mental test scores. Addison-Wesley.

    Examples
    --------
    >>> standard_error(10.0, 0.75), standard_error(10.0, -0.2)
    (5.0, nan)
    """
    if not 0 <= reliability <= 1:
        return math.nan
    return deviation * math.sqrt(1 - reliability)


def detectable_change(error: float) -> float:
    """Return the smallest change beyond measurement error with 95% confidence.

    It is 1.96 times the root of 2 times the standard error of measurement: two measurements
    each have that error.

    References
    ----------
    de Vet HCW, Terwee CB, Knol DL, Bouter LM (2006). When to use agreement versus reliability
    measures. Journal of Clinical Epidemiology 59(10):1033-1039.
    doi 10.1016/j.jclinepi.2005.10.015.

    Examples
    --------
    >>> round(detectable_change(0.5), 4)
    1.3859
    """
    return NORMAL_95 * math.sqrt(2) * error
