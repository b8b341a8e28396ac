"""The slope held against the smallest association of interest: two one-sided tests."""

from __future__ import annotations

import math
from collections.abc import Iterator

from relsurvey.association import AssociationResult
from relsurvey.reporting import wording
from relsurvey.reporting.numbers import interval, number, p_value
from relsurvey.text import percent
from relsurvey.views import Table

__all__ = ["equivalence_table"]


def equivalence_table(one: AssociationResult, said: wording.Said) -> Iterator[Table]:
    """Tabulate the tests against the smallest association of interest; nothing without one.

    Parameters
    ----------
    one : AssociationResult
        As it may be shown.
    said : Said
        Names and levels.
    """
    held = one.equivalence
    if held is None or not math.isfinite(held.p_value):
        return
    deviations = held.margin_standardised / held.margin
    margin = number(held.margin_standardised)
    narrow = interval(held.conf_low * deviations, held.conf_high * deviations)
    wide = interval(one.slope_standardised_low, one.slope_standardised_high)
    level = percent(1 - 2 * held.alpha)
    rows = (
        ("Smallest association of interest", f"{margin} either way", ""),
        ("Slope, standardised", number(one.slope_standardised), f"{narrow} ({level})"),
        ("The same", number(one.slope_standardised), f"{wide} ({said.level})"),
        (f"Above −{margin}, one-sided", p_value(held.p_lower), ""),
        (f"Below {margin}, one-sided", p_value(held.p_upper), ""),
        ("Smaller than that: both (TOST)", p_value(held.p_value), ""),
        ("Larger than that, minimal-effect test", p_value(held.p_larger), ""),
    )
    yield Table(
        id="table-equivalence",
        caption="The slope held against the smallest association of interest",
        columns=("Quantity", "Estimate or p", "Interval"),
        rows=rows,
        notes=(
            wording.smallest_of_interest(one, said),
            "Two one-sided tests after Schuirmann 1987 and Lakens 2017; minimal-effect test after "
            f"Murphy and Myors 1999. The {level} interval lies within the margin just where both "
            "one-sided tests are below alpha.",
        ),
        text_columns=frozenset({0}),
    )
