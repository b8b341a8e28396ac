"""How figures of agreement are read, each beside its criterion."""

from __future__ import annotations

import math

from relsurvey.criteria import COSMIN, Reading, Verdict
from relsurvey.text import number, p_value_text

__all__ = ["agreement_word", "readings_of"]

LEBRETON = "LeBreton & Senter 2008, doi 10.1177/1094428106296642"
BLIESE = "Bliese 2000, in Klein & Kozlowski, Multilevel theory, research, and methods"
BURKE = "Burke & Dunlap 2002, doi 10.1177/1094428102005002002"
RELIABLE, STRONG = 0.70, 0.71
SIGNIFICANT = 0.05
WORDS = ((0.30, "lack of"), (0.50, "weak"), (0.70, "moderate"), (0.90, "strong"))


def agreement_word(rwg: float) -> str:
    """Name an r_wg as LeBreton & Senter (2008, table 3) do.

    Examples
    --------
    >>> agreement_word(0.29), agreement_word(0.7), agreement_word(0.71), agreement_word(0.95)
    ('lack of agreement', 'moderate agreement', 'strong agreement', 'very strong agreement')
    """
    rounded = round(rwg, 2)
    for most, word in WORDS:
        if rounded <= most:
            return f"{word} agreement"
    return "very strong agreement"


def readings_of(
    about: str, icc1: float, p_value: float, icc2: float, rwg: float, ad: float, n_codes: int
) -> tuple[Reading, ...]:
    """Read the figures of one outcome.

    Parameters
    ----------
    about : str
        The outcome.
    icc1, p_value, icc2 : float
        ICC(1), the p value of its F test, ICC(2).
    rwg, ad : float
        Median r_wg(j) under the uniform null, and median average deviation around the mean,
        over workers; means where the medians would tell of single workers.
    n_codes : int
        Number of answer categories; 0 where not known.

    Returns
    -------
    tuple of Reading
        Four; what is not known is said to be so.
    """
    return (
        _differences(about, icc1, p_value),
        _mean_of_workers(about, icc2),
        _consensus(about, rwg),
        _deviation(about, ad, n_codes),
    )


def _verdict(value: float, holds: bool) -> Verdict:  # noqa: FBT001
    if math.isnan(value):
        return "not known"
    return "met" if holds else "not met"


def _differences(about: str, icc1: float, p_value: float) -> Reading:
    differ = p_value < SIGNIFICANT
    because = "there is no ICC(1)"
    if not math.isnan(p_value):
        because = "workers differ" if differ else "workers do not differ more than chance allows"
    return Reading(
        about,
        f"ICC(1) {number(icc1, 3)}, {p_value_text(p_value)}",
        "workers differ in what is said about them: F test of ICC(1), p below .05",
        BLIESE,
        _verdict(p_value, differ),
        because,
    )


def _mean_of_workers(about: str, icc2: float) -> Reading:
    holds = icc2 >= RELIABLE
    because = "there is no ICC(2)"
    if not math.isnan(icc2):
        because = "it is reached" if holds else "means of workers are not reliable enough"
    return Reading(
        about,
        f"ICC(2) {number(icc2, 3)}",
        "reliability (ICC) of at least .70, here of the mean of a worker with the average number "
        "of service users",
        COSMIN,
        _verdict(icc2, holds),
        because,
    )


def _consensus(about: str, rwg: float) -> Reading:
    known = not math.isnan(rwg)
    return Reading(
        about,
        f"r_wg {number(rwg, 2)} under the uniform null",
        "strong agreement among the service users of a worker: .71 or more",
        LEBRETON,
        _verdict(rwg, round(rwg, 2) >= STRONG if known else False),
        agreement_word(rwg) if known else "there is no r_wg, or too few workers to show one",
    )


def _deviation(about: str, ad: float, n_codes: int) -> Reading:
    known = bool(n_codes) and not math.isnan(ad)
    most = n_codes / 6.0 if n_codes else math.nan
    holds = known and ad <= most
    because = "there is no average deviation, or the number of categories is not known"
    if known:
        because = f"at most {number(most, 2)} for {n_codes} categories"
    return Reading(
        about,
        f"average deviation {number(ad, 2)}",
        "average deviation of at most a sixth of the number of answer categories",
        BURKE,
        _verdict(ad if known else math.nan, holds),
        because,
    )
