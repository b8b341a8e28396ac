"""The criteria of factor models: fit, number of rows, and invariance between groups."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from relsurvey.criteria.reading import COSMIN, COSMIN_BIAS, TERWEE, Reading, decided
from relsurvey.text import counted, digits_beside, number, p_value_text

__all__ = [
    "FIT_BARS",
    "StepJudgement",
    "bar_in_words",
    "group_sample",
    "invariance_step",
    "judged_step",
    "sample_size",
    "structural_validity",
]

FIT_CHANGE = (
    "COSMIN asks for no important differences; what is important: Cheung & Rensvold 2002, "
    "doi 10.1207/S15328007SEM0902_5, and Chen 2007, doi 10.1080/10705510701301834"
)

# A fit index, and the value that a good one lies above (CFI, TLI) or below (RMSEA, SRMR).
FIT_BARS = {"cfi": 0.95, "tli": 0.95, "rmsea": 0.06, "srmr": 0.08}
HIGH_IS_GOOD = ("cfi", "tli")
FEWEST_ROWS = 100
ROWS_PER_ITEM = 7
LARGEST_CFI_LOSS = 0.01
LARGEST_RMSEA_RISE = 0.015
SIGNIFICANT = 0.05


def bar_in_words(name: str) -> str:
    """Return what COSMIN asks of a fit index, in words.

    Examples
    --------
    >>> bar_in_words("cfi"), bar_in_words("rmsea")
    ('above .95', 'below .06')
    """
    side = "above" if name in HIGH_IS_GOOD else "below"
    return f"{side} {FIT_BARS[name]:.2f}".replace(" 0.", " .")


def structural_validity(about: str, fit: Mapping[str, float], *, reason: str = "") -> Reading:
    """Read the fit of a factor model: one of the indices of COSMIN is good enough.

    Parameters
    ----------
    about : str
        The model.
    fit : mapping of str to float
        With ``cfi``, ``tli``, ``rmsea`` and ``srmr``; NaN or absent where there is none. Where
        scaled forms (``cfi_scaled`` and so on) are there, they are read.
    reason : str
        Why there is no fit; the criterion is open then.

    Examples
    --------
    >>> structural_validity("m", {"cfi": 0.96, "tli": 0.94, "rmsea": 0.07, "srmr": 0.05}).verdict
    'met'
    """
    read = {name: fit.get(f"{name}_scaled", fit.get(name, math.nan)) for name in FIT_BARS}
    there = {name: value for name, value in read.items() if not math.isnan(value)}
    good = [
        name
        for name, value in there.items()
        if (value > FIT_BARS[name] if name in HIGH_IS_GOOD else value < FIT_BARS[name])
    ]
    known = bool(there) and not reason
    if not known:
        because = reason or "no fit index could be computed"
    elif good:
        reach = "reaches" if len(good) == 1 else "reach"
        because = f"{', '.join(name.upper() for name in good)} {reach} it"
        if len(good) < len(there):
            rest = ", ".join(name.upper() for name in there if name not in good)
            because += f"; {rest} {'does' if len(good) + 1 == len(there) else 'do'} not"
    else:
        because = "none of them reaches it"
    figure = ", ".join(
        f"{name.upper()} {number(value, digits_beside(value, FIT_BARS[name], 3))}"
        for name, value in read.items()
    )
    criterion = (
        f"CFI or TLI {bar_in_words('cfi')}, or RMSEA {bar_in_words('rmsea')}, "
        f"or SRMR {bar_in_words('srmr')}"
    )
    return Reading(
        about, figure, criterion, COSMIN, decided(known=known, holds=bool(good)), because
    )


def sample_size(about: str, n: int, n_items: int) -> Reading:
    """Read the number of rows of a factor analysis: seven an item, and a hundred.

    Examples
    --------
    >>> sample_size("m", 150, 23).because
    'at least 161 rows would be needed'
    """
    wanted = max(FEWEST_ROWS, ROWS_PER_ITEM * n_items)
    return Reading(
        about,
        f"{counted(n, 'row')} for {counted(n_items, 'item')}",
        f"at least {ROWS_PER_ITEM} rows an item, and at least {FEWEST_ROWS}",
        TERWEE,
        "met" if n >= wanted else "not met",
        _rows_needed(n, wanted),
    )


def _rows_needed(n: int, wanted: int) -> str:
    return "there are enough" if n >= wanted else f"at least {wanted:,} rows would be needed"


def group_sample(about: str, group: str, n: int, n_items: int) -> Reading:
    """Read the smallest group of a comparison of factor models: seven rows an item, and 100."""
    wanted = max(FEWEST_ROWS, ROWS_PER_ITEM * n_items)
    return Reading(
        about,
        f"the smallest group, {group}, has {counted(n, 'row')}",
        f"at least {ROWS_PER_ITEM} rows an item in each group, and at least {FEWEST_ROWS}",
        COSMIN_BIAS,
        "met" if n >= wanted else "not met",
        _rows_needed(n, wanted),
    )


class StepJudgement(NamedTuple):
    """What the two criteria of a step of measurement invariance say of it.

    Attributes
    ----------
    change : bool or None
        Whether the change in CFI and in RMSEA, both, allows it; ``None`` where they are not known.
    test : bool or None
        Whether the test of the difference allows it; ``None`` where there is none.
    """

    change: bool | None
    test: bool | None

    @property
    def disputed(self) -> bool:
        """Whether one allows it and the other speaks against it."""
        return None not in self and self.change != self.test


def judged_step(delta_cfi: float, delta_rmsea: float, delta_p: float) -> StepJudgement:
    """Judge a step of measurement invariance by the change in fit, and by the test.

    Parameters
    ----------
    delta_cfi, delta_rmsea, delta_p : float
        As in `invariance_step`.

    Examples
    --------
    >>> judged_step(-0.0069, -0.0009, 5.4e-7)
    StepJudgement(change=True, test=False)
    """
    if math.isnan(delta_cfi) or math.isnan(delta_rmsea):
        return StepJudgement(None, None)
    change = bool(delta_cfi >= -LARGEST_CFI_LOSS and delta_rmsea <= LARGEST_RMSEA_RISE)
    return StepJudgement(change, None if math.isnan(delta_p) else bool(delta_p >= SIGNIFICANT))


def invariance_step(
    about: str,
    delta_cfi: float,
    delta_rmsea: float,
    delta_p: float,
    *,
    rests_on: str = "",
    reason: str = "",
) -> Reading:
    """Read a step of measurement invariance by the change in fit and by the test, both.

    Parameters
    ----------
    about : str
        What was held equal.
    delta_cfi, delta_rmsea : float
        Against the step before; NaN where there is none.
    delta_p : float
        Of the chi-square difference test; NaN where there is none, which leaves the change in
        fit to decide.
    rests_on : str
        A step before this one that does not hold, if there is one.
    reason : str
        Why the figures are NaN, if so.

    Returns
    -------
    Reading
        "not known" where the change in fit (CFI and RMSEA both) and the test disagree: neither
        invariance nor its absence is shown; and where it rests on a step that does not hold.

    Examples
    --------
    >>> invariance_step("scalar", -0.0069, -0.0009, 5.4e-7).verdict
    'not known'
    >>> invariance_step("scalar", -0.0242, 0.0161, 1e-9).verdict
    'not met'
    """
    judged = judged_step(delta_cfi, delta_rmsea, delta_p)
    fit, test = judged
    if fit is None:
        because = reason or "the models could not be compared"
    elif judged.disputed:
        because = (
            f"the criteria disagree: the change in fit {'allows' if fit else 'speaks against'} "
            f"it, the chi-square difference {'allows' if test else 'speaks against'} it"
        )
    elif not fit:
        because = "the change in fit speaks against it"
        because += "" if test is None else ", and so does the chi-square difference"
    elif rests_on:
        because = f"its own change allows it, but it rests on {rests_on}, which is not established"
    else:
        tested = "; the difference is not tested" if test is None else ""
        because = f"every criterion allows it{tested}"
    known = fit is not None and not judged.disputed and not (fit and rests_on)
    figure = (
        f"delta CFI {number(delta_cfi, 4)}, delta RMSEA {number(delta_rmsea, 4)}, "
        f"{p_value_text(delta_p)}"
    )
    return Reading(
        about,
        figure,
        "CFI falls by no more than .01, RMSEA rises by no more than .015, and the chi-square "
        "difference is not beyond chance (p of at least .05)",
        FIT_CHANGE,
        decided(known=known, holds=bool(fit)),
        because,
    )
