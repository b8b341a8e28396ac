"""How a figure is read: the criterion, where it comes from, whether it is met, and why.

A reading is never a bare light. It says what was looked at, what is asked of it and by whom,
and, where the criterion cannot be judged, what is missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from relsurvey.text import counted, number, p_value_text, share, wrapped

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COSMIN",
    "COSMIN_BIAS",
    "TERWEE",
    "Reading",
    "Verdict",
    "floor_and_ceiling",
    "functioning",
    "functioning_sample",
    "group_sample",
    "internal_consistency",
    "invariance_step",
    "measurement_error",
    "missing_answers",
    "readings_frame",
    "readings_text",
    "retest_reliability",
    "sample_size",
    "structural_validity",
]

Verdict: TypeAlias = Literal["met", "not met", "not known"]

COSMIN = (
    "COSMIN, criteria for good measurement properties "
    "(Prinsen et al. 2018, doi 10.1007/s11136-018-1798-3)"
)
COSMIN_BIAS = (
    "COSMIN risk of bias checklist, very good (Mokkink et al. 2018, doi 10.1007/s11136-017-1765-4)"
)
TERWEE = "Terwee et al. 2007, doi 10.1016/j.jclinepi.2006.03.012"
FIT_CHANGE = (
    "COSMIN asks for no important differences; what is important: Cheung & Rensvold 2002, "
    "doi 10.1207/S15328007SEM0902_5, and Chen 2007, doi 10.1080/10705510701301834"
)
ITEM_MISSING = "usage in reports on service experience; no rule of COSMIN"

FEWEST_ROWS = 100
ROWS_PER_ITEM = 7
HIGHEST_AT_END = 0.15
HIGHEST_MISSING = 0.10
RELIABLE = 0.70
LARGEST_R2_CHANGE = 0.02
LARGEST_CFI_LOSS = 0.01
LARGEST_RMSEA_RISE = 0.015
ROWS_PER_GROUP = 200
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure beside its criterion.

    Attributes
    ----------
    about : str
        What the figure is of: a scale, an item, a model.
    figure : str
        The figure in words.
    criterion : str
        What is asked of it.
    source : str
        Who asks it.
    verdict : {"met", "not met", "not known"}
        Whether it is met.
    because : str
        What decides it, or what is missing for a verdict.
    """

    about: str
    figure: str
    criterion: str
    source: str
    verdict: Verdict
    because: str


def _decided(*, known: bool, holds: bool) -> Verdict:
    if not known:
        return "not known"
    return "met" if holds else "not met"


def _reached(*, holds: bool) -> str:
    return "it is reached" if holds else "it is not reached"


def internal_consistency(
    scale: str, alpha: float, *, structure: bool | None, reason: str = ""
) -> Reading:
    """Read an alpha: at least .70, and evidence that the scale is one dimension.

    Parameters
    ----------
    scale : str
        What the alpha is of.
    alpha : float
        NaN where there is none.
    structure : bool or None
        Whether the structure of the scale was found to hold; ``None`` where it was not looked
        at, which leaves the criterion open however high alpha is.
    reason : str
        What is said where alpha is NaN, or what the evidence on the structure is.

    Returns
    -------
    Reading

    Examples
    --------
    >>> internal_consistency("SEC", 0.81, structure=None).verdict
    'not known'
    >>> internal_consistency("SEC", 0.61, structure=None).verdict
    'not met'
    """
    known = not math.isnan(alpha)
    enough = known and alpha >= RELIABLE
    if not known:
        because = reason or "there is no alpha"
    elif not enough:
        because = "alpha is below .70"
    elif structure is None:
        because = reason or "alpha is enough, but whether the scale is one dimension is not known"
    else:
        because = reason or f"the structure {'holds' if structure else 'does not hold'}"
    decided = known and not (enough and structure is None)
    return Reading(
        scale,
        f"alpha {number(alpha, 3)}",
        "alpha of at least .70, where there is evidence that the scale is one dimension",
        COSMIN,
        _decided(known=decided, holds=enough and bool(structure)),
        because,
    )


def retest_reliability(about: str, icc: float, *, reason: str = "") -> Reading:
    """Read an intraclass correlation: at least .70."""
    known = not math.isnan(icc)
    return Reading(
        about,
        f"ICC {number(icc, 3)}",
        "an intraclass correlation (or weighted kappa) of at least .70",
        COSMIN,
        _decided(known=known, holds=known and icc >= RELIABLE),
        reason or ("no ICC" if not known else _reached(holds=icc >= RELIABLE)),
    )


def measurement_error(
    about: str, detectable: float, important: float | None = None, *, reason: str = ""
) -> Reading:
    """Read the smallest detectable change: smaller than the change that matters to people.

    Parameters
    ----------
    about : str
        The scale.
    detectable : float
        MDC95 in units of the score.
    important : float, optional
        The minimal important change; without it the criterion is open.
    reason : str
        What is said where the figure is NaN.
    """
    figure = f"smallest detectable change {number(detectable, 2)}"
    known = important is not None and not math.isnan(detectable)
    if math.isnan(detectable):
        because = reason or "it could not be computed"
    elif important is None:
        because = "what change matters to the people asked (MIC) has not been established"
    else:
        because = f"the change that matters is {number(important, 2)}"
    holds = important is not None and detectable < important
    criterion = "smaller than the minimal important change (MIC)"
    return Reading(about, figure, criterion, COSMIN, _decided(known=known, holds=holds), because)


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
    bars = {"cfi": 0.95, "tli": 0.95, "rmsea": 0.06, "srmr": 0.08}
    read = {name: fit.get(f"{name}_scaled", fit.get(name, math.nan)) for name in bars}
    there = {name: value for name, value in read.items() if not math.isnan(value)}
    good = [
        name
        for name, value in there.items()
        if (value > bars[name] if name in ("cfi", "tli") else value < bars[name])
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
    figure = ", ".join(f"{name.upper()} {number(value, 3)}" for name, value in read.items())
    criterion = "CFI or TLI above .95, or RMSEA below .06, or SRMR below .08"
    return Reading(
        about, figure, criterion, COSMIN, _decided(known=known, holds=bool(good)), because
    )


def sample_size(about: str, n: int, n_items: int) -> Reading:
    """Read the number of rows of a factor analysis: seven an item, and a hundred.

    Examples
    --------
    >>> sample_size("m", 150, 23).because
    '161 rows would be needed'
    """
    wanted = max(FEWEST_ROWS, ROWS_PER_ITEM * n_items)
    return Reading(
        about,
        f"{counted(n, 'row')} for {counted(n_items, 'item')}",
        f"at least {ROWS_PER_ITEM} rows an item, and at least {FEWEST_ROWS}",
        TERWEE,
        "met" if n >= wanted else "not met",
        f"{wanted:,} rows {'are' if n >= wanted else 'would be'} needed",
    )


def floor_and_ceiling(about: str, floor: float, ceiling: float) -> Reading:
    """Read the shares at the lowest and the highest answer: at most 15 % each."""
    known = not (math.isnan(floor) or math.isnan(ceiling))
    high = [
        name for name, value in (("lowest", floor), ("highest", ceiling)) if value > HIGHEST_AT_END
    ]
    if not known:
        because = "no shares could be computed"
    elif high:
        because = f"too many give the {' and the '.join(high)} answer"
    else:
        because = "neither end holds more"
    return Reading(
        about,
        f"lowest answer {share(floor)}, highest {share(ceiling)}",
        "at most 15 % at either end",
        TERWEE,
        _decided(known=known, holds=not high),
        because,
    )


def missing_answers(about: str, missing: float) -> Reading:
    """Read the share of answers that are missing: at most 10 %."""
    known = not math.isnan(missing)
    holds = known and missing <= HIGHEST_MISSING
    because = "nobody was asked" if not known else ("it is not exceeded" if holds else "too many")
    return Reading(
        about,
        f"missing {share(missing)}",
        "missing in at most 10 % of the answers",
        ITEM_MISSING,
        _decided(known=known, holds=holds),
        because,
    )


def functioning(about: str, r2_change: float, *, reason: str = "") -> Reading:
    """Read the McFadden R-squared change of an item between groups: below .02."""
    known = not math.isnan(r2_change)
    holds = known and r2_change < LARGEST_R2_CHANGE
    words = "any difference is small" if holds else "the groups differ at the same score"
    return Reading(
        about,
        f"McFadden R-squared change {number(r2_change, 4)}",
        "no important differential item functioning (McFadden R-squared change below .02)",
        COSMIN,
        _decided(known=known, holds=holds),
        reason or (words if known else "it could not be computed"),
    )


def functioning_sample(about: str, group: str, n: int) -> Reading:
    """Read the smallest group of a test of differential item functioning: 200 people.

    Examples
    --------
    >>> functioning_sample("SEC by language", "Welsh", 60).verdict
    'not met'
    """
    return Reading(
        about,
        f"the smallest group, {group}, has {counted(n, 'row')}",
        f"at least {ROWS_PER_GROUP} rows in each group, where regression compares them",
        COSMIN_BIAS,
        "met" if n >= ROWS_PER_GROUP else "not met",
        "there are enough" if n >= ROWS_PER_GROUP else "what is there may be missed",
    )


def group_sample(about: str, group: str, n: int, n_items: int) -> Reading:
    """Read the smallest group of a comparison of factor models: seven rows an item, and 100."""
    wanted = max(FEWEST_ROWS, ROWS_PER_ITEM * n_items)
    return Reading(
        about,
        f"the smallest group, {group}, has {counted(n, 'row')}",
        f"at least {ROWS_PER_ITEM} rows an item in each group, and at least {FEWEST_ROWS}",
        COSMIN_BIAS,
        "met" if n >= wanted else "not met",
        f"{wanted:,} rows {'are' if n >= wanted else 'would be'} needed",
    )


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
    known = not (math.isnan(delta_cfi) or math.isnan(delta_rmsea))
    fit = delta_cfi >= -LARGEST_CFI_LOSS and delta_rmsea <= LARGEST_RMSEA_RISE
    test = fit if math.isnan(delta_p) else delta_p >= SIGNIFICANT
    if not known:
        because = reason or "the models could not be compared"
    elif fit != test:
        because = (
            f"the criteria disagree: the change in fit {'allows' if fit else 'speaks against'} "
            f"it, the chi-square difference {'allows' if test else 'speaks against'} it"
        )
    elif not fit:
        because = "the change in fit speaks against it"
        because += "" if math.isnan(delta_p) else ", and so does the chi-square difference"
    elif rests_on:
        because = f"its own change allows it, but it rests on {rests_on}, which is not established"
    else:
        tested = "; the difference is not tested" if math.isnan(delta_p) else ""
        because = f"every criterion allows it{tested}"
    decided = known and fit == test and not (fit and rests_on)
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
        _decided(known=decided, holds=fit),
        because,
    )


def readings_frame(readings: Iterable[Reading]) -> pd.DataFrame:
    """Return readings as a frame, one row each, the columns being the fields."""
    import pandas as pd

    columns = list(Reading.__dataclass_fields__)
    return pd.DataFrame([asdict(reading) for reading in readings], columns=columns)


def readings_text(readings: Iterable[Reading]) -> list[str]:
    """Return readings as lines for a terminal, under one line for each criterion.

    Examples
    --------
    >>> lines = readings_text([missing_answers("SEC1", 0.2)])
    >>> lines[0]
    'Criterion: missing in at most 10 % of the answers'
    >>> lines[-1]
    '  SEC1: not met (missing 20.0 %; too many)'
    """
    by_criterion: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        by_criterion.setdefault((reading.criterion, reading.source), []).append(reading)
    lines: list[str] = []
    for (criterion, source), group in by_criterion.items():
        lines += ["", *wrapped(f"Criterion: {criterion}"), *wrapped(f"({source})")]
        for reading in group:
            text = f"{reading.about}: {reading.verdict} ({reading.figure}; {reading.because})"
            lines += wrapped(text, indent="  ", hanging="    ")
    return lines[1:]
