"""Does another method say the same as the primary one."""

from __future__ import annotations

import math

from relsurvey.association.companions.companion import Companion

__all__ = ["CANNOT", "agreement_with", "points_up", "says"]

BAYES = "Bayes factor"
CANNOT = "cannot tell"
FEWEST_DF = 4.0  # below, Satterthwaite's are not to be relied on (Pustejovsky and Tipton 2018)
MODERATE = 3.0  # from here on a Bayes factor is taken to say something (Jeffreys 1961)


def says(row: Companion, alpha: float) -> int | None:
    """Return what a method says of the association.

    Parameters
    ----------
    row : Companion
        Its row.
    alpha : float
        Two-sided error probability.

    Returns
    -------
    int or None
        1 or -1 where it finds one, with its direction; 0 where it finds none; ``None`` where it
        says neither.

    Examples
    --------
    >>> nan = float("nan")
    >>> says(Companion("t", "points per point", -0.4, 0.1, 30, -4.0, 0.0004, -0.6, -0.2), 0.05)
    -1
    >>> says(Companion("BCa", "points per point", 0.4, 0.3, nan, nan, nan, -0.1, 0.9), 0.05)
    0
    >>> says(Companion("logit", "odds ratio", 1.5, 0.1, 30, 4.0, 0.0004, 1.2, 1.9), 0.05)
    1
    """
    if math.isnan(row.estimate):
        return None
    if row.scale.startswith(BAYES):
        # A factor has no direction: it speaks for some association, or for none.
        return 0 if row.estimate <= 1.0 / MODERATE else None
    none = 1.0 if row.scale.lower().startswith("odds ratio") else 0.0
    if not math.isnan(row.p_value):
        found = row.p_value <= alpha
    elif math.isnan(row.conf_low) or math.isnan(row.conf_high):
        return None
    else:
        found = not row.conf_low <= none <= row.conf_high
    return (1 if points_up(row) else -1) if found else 0


def agreement_with(primary: Companion, row: Companion, alpha: float) -> str:
    """Return whether a method bears the primary one out.

    Returns
    -------
    str
        "yes" where both find an association of one direction, or both find none; "partly" where
        they point the same way and only one of them finds it beyond chance; "no" where they
        point opposite ways and at least one of them finds it beyond chance; "cannot tell" where
        the method says itself that it cannot, or has fewer than four degrees of freedom; "" where
        the two cannot be compared.
    """
    if not row.able or row.df < FEWEST_DF:
        return CANNOT
    if row.scale.startswith(BAYES) and row.estimate >= MODERATE:
        said = says(primary, alpha)
        return "" if said is None else ("yes" if said else "partly")
    one, other = says(primary, alpha), says(row, alpha)
    if one is None or other is None:
        return ""
    if one == other:
        return "yes"
    if row.scale.startswith(BAYES):
        return "partly"
    return "partly" if points_up(primary) == points_up(row) else "no"


def points_up(row: Companion) -> bool:
    """Whether the estimate is above that of no association."""
    return row.estimate > (1.0 if row.scale.lower().startswith("odds ratio") else 0.0)
