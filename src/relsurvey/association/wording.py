"""Numbers and counts as they stand in a sentence; shared by summaries and sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["counted", "joined", "number", "p_value_text", "percent"]


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun in the right number.

    Examples
    --------
    >>> counted(1, "worker"), counted(1200, "worker")
    ('1 worker', '1,200 workers')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def joined(words: Sequence[str]) -> str:
    """Return words as they are listed in a sentence.

    Examples
    --------
    >>> joined(["age"]), joined(["age", "team", "role"])
    ('age', 'age, team and role')
    """
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])


def number(value: float) -> str:
    """Return a number with two decimals, or two significant digits where it is small.

    Examples
    --------
    >>> number(5.8635), number(-0.00421), number(float("nan")), number(-0.0)
    ('5.86', '-0.0042', 'not available', '0.00')
    """
    if not math.isfinite(value):
        return "not available" if math.isnan(value) else str(value)
    if abs(value) >= 0.1 or value == 0:
        return f"{value + 0.0:,.2f}"
    return f"{value:.2g}"


def p_value_text(p_value: float) -> str:
    """Return a p value as it is reported.

    Examples
    --------
    >>> p_value_text(0.0321), p_value_text(4e-35)
    ('p = .032', 'p < .001')
    """
    if math.isnan(p_value):
        return "p not available"
    return "p < .001" if p_value < 0.001 else "p = " + f"{p_value:.3f}".removeprefix("0")


def percent(share: float) -> str:
    """Return a share as a whole percentage.

    Examples
    --------
    >>> percent(0.95), percent(0.999)
    ('95%', '99.9%')
    """
    return f"{100 * share:.4g}%"
