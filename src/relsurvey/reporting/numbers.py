"""How numbers are written in reports: one place, one convention.

SAMPL: p exactly, to two significant digits and never below <.001; intervals with "to". A
quantity that cannot exceed one in size (p, r, alpha, ICC) has no zero before its point. A minus is
U+2212. What is not there is an en dash, which the reader of a table is told how to read.
"""

from __future__ import annotations

import math

from relsurvey.text import digits_beside

__all__ = [
    "HALF",
    "MISSING",
    "beside",
    "bounded",
    "interval",
    "number",
    "p_value",
    "percent",
    "places",
    "whole",
]

MISSING = "–"
MINUS = "−"

SMALLEST_P = 0.001
HALF = 0.5 + 1e-9
FEWEST_PLACES = 2
MOST_PLACES = 5


def number(value: float, digits: int = 2) -> str:
    """Write a number with a fixed count of decimals.

    Parameters
    ----------
    value : float
        The number; NaN and infinities are written as an en dash.
    digits : int
        Decimals.

    Returns
    -------
    str
        For instance ``"1,203.50"`` or ``"−0.20"``; never ``"−0.00"``.

    Examples
    --------
    >>> number(1203.5), number(-0.204), number(-0.001), number(float("nan"))
    ('1,203.50', '−0.20', '0.00', '–')
    """
    if not math.isfinite(value):
        return MISSING
    text = f"{value:,.{digits}f}"
    if text.startswith("-"):
        text = text[1:]
        return text if float(text.replace(",", "")) == 0 else MINUS + text
    return text


def bounded(value: float, digits: int = 2) -> str:
    """Write a number that cannot exceed one in size, without the zero before the point.

    Examples
    --------
    >>> bounded(0.8612), bounded(-0.05), bounded(1.0), bounded(float("nan"))
    ('.86', '−.05', '1.00', '–')
    """
    text = number(value, digits)
    return text.replace("0.", ".", 1) if text.lstrip(MINUS).startswith("0.") else text


def beside(value: float, bar: float, digits: int = 2) -> str:
    """Write a number as ``bounded`` does, so that it stands on its side of a criterion.

    Examples
    --------
    >>> beside(0.698, 0.7), beside(0.0797, 0.08, 3), beside(0.61, 0.7)
    ('.698', '.0797', '.61')
    """
    return bounded(value, digits_beside(value, bar, digits))


def p_value(value: float) -> str:
    """Write a p value to two significant digits, with its sign of relation.

    Examples
    --------
    >>> [p_value(p) for p in (0.00001, 0.0123, 0.0496, 0.25, 0.9999)]
    ['p < .001', 'p = .012', 'p = .050', 'p = .25', 'p > .99']
    """
    if not math.isfinite(value):
        return f"p {MISSING}"
    if value < SMALLEST_P:
        return "p < .001"
    if value > 0.99:
        return "p > .99"
    if value < 0.00995:
        return f"p = {bounded(value, 4)}"
    return f"p = {bounded(value, 3 if value < 0.0995 else 2)}"


def interval(low: float, high: float, digits: int = 2, *, below_one: bool = False) -> str:
    """Write the two ends of an interval.

    Examples
    --------
    >>> interval(-0.1, 0.25), interval(0.8, 0.91, below_one=True)
    ('−0.10 to 0.25', '.80 to .91')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return MISSING
    write = bounded if below_one else number
    return f"{write(low, digits)} to {write(high, digits)}"


def places(half_width: float) -> int:
    """Return how many decimals an estimate deserves: two significant digits of its uncertainty.

    Parameters
    ----------
    half_width : float
        Half the width of the estimate's interval.

    Returns
    -------
    int
        Two to five.

    Examples
    --------
    >>> places(0.31), places(0.004), places(12.0), places(float("nan"))
    (2, 4, 2, 2)
    """
    if not math.isfinite(half_width) or half_width <= 0:
        return FEWEST_PLACES
    return min(max(FEWEST_PLACES, 1 - math.floor(math.log10(half_width))), MOST_PLACES)


def percent(share: float) -> str:
    """Write a share in whole percent.

    Examples
    --------
    >>> percent(0.126), percent(0.004), percent(0.998), percent(0.0), percent(1.0)
    ('13%', 'under 1%', 'over 99%', '0%', '100%')
    >>> percent(13 / 40), percent(23 / 40)
    ('33%', '58%')
    """
    if not math.isfinite(share):
        return MISSING
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 < share < 1:
        return "over 99%"
    # Half a percent is rounded up, as readers do.
    return f"{math.floor(100 * share + HALF):d}%"


def whole(value: float) -> str:
    """Write a number without needless decimals, as for the ends of a scale.

    Examples
    --------
    >>> whole(6.0), whole(2.5)
    ('6', '2.5')
    """
    return number(value, 0) if float(value).is_integer() else f"{value:g}".replace("-", MINUS)
