"""What is made of the ratings of one item: chance, modified kappa, the bar.

References
----------
Lynn MR (1986). Determination and quantification of content validity. Nurs Res 35:382-385.
Polit DF, Beck CT (2006). The content validity index: are you sure you know what's being reported?
Res Nurs Health 29:489-497. doi:10.1002/nur.20147.
Polit DF, Beck CT, Owen SV (2007). Is the CVI an acceptable indicator of content validity? Res Nurs
Health 30:459-467. doi:10.1002/nur.20199.
"""

from __future__ import annotations

import math
from fractions import Fraction

__all__ = ["SEVEN_OF_NINE", "evaluation", "least_i_cvi", "modified_kappa"]

# Lynn's .78 is 7 of 9, which is .7777: held as the fraction, or her own 7 of 9 would fail.
SEVEN_OF_NINE = Fraction(7, 9)


def modified_kappa(n: int, n_relevant: int) -> tuple[float, float]:
    """Return the probability of chance agreement and the modified kappa.

    Examples
    --------
    >>> [round(value, 3) for value in modified_kappa(6, 5)]
    [0.094, 0.816]
    """
    pc = Fraction(math.comb(n, n_relevant), 2**n)
    return float(pc), float((Fraction(n_relevant, n) - pc) / (1 - pc))


def least_i_cvi(n: int) -> Fraction:
    """Return the least I-CVI an item needs with ``n`` raters.

    Examples
    --------
    >>> least_i_cvi(5), least_i_cvi(6)
    (Fraction(1, 1), Fraction(7, 9))
    """
    return Fraction(1) if n <= 5 else SEVEN_OF_NINE


def evaluation(kappa: float) -> str:
    """Return the word for a modified kappa: poor, fair, good or excellent.

    Examples
    --------
    >>> evaluation(0.47), evaluation(0.76)
    ('fair', 'excellent')
    """
    # The bands are given in hundredths; unrounded there would be gaps between them.
    hundredths = round(kappa, 2)
    if hundredths > 0.74:
        return "excellent"
    return "good" if hundredths >= 0.60 else "fair" if hundredths >= 0.40 else "poor"
