"""How figures of agreement are read, each beside its criterion."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from relsurvey.agreement.nulls import OWN
from relsurvey.criteria import COSMIN, Reading, Verdict
from relsurvey.text import number, p_value_text

__all__ = ["Typical", "agreement_word", "most_severe", "readings_of", "typical"]

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


@dataclass(frozen=True, slots=True)
class Typical:
    """The middle of a figure over groups.

    Attributes
    ----------
    value : float
        The median; the mean where the median would tell of single groups; NaN where neither is
        shown.
    basis : str
        Which of them it is, in words.
    null : str
        Of an r_wg, the null distribution it is under.
    """

    value: float
    basis: str
    null: str = "uniform"


def typical(row: Mapping[Any, Any] | None) -> Typical:
    """Return the middle of a row with ``p50`` and ``mean`` of a figure over groups.

    Examples
    --------
    >>> typical({"p50": math.nan, "mean": 0.5}).basis
    'mean over groups; the median is withheld'
    """
    if row is None:
        return Typical(math.nan, "")
    null = str(row.get("null", "uniform"))
    if not math.isnan(row["p50"]):
        return Typical(float(row["p50"]), "median over groups", null)
    return Typical(float(row["mean"]), "mean over groups; the median is withheld", null)


def most_severe(nulls: pd.DataFrame) -> tuple[Typical, ...]:
    """Return r_wg as it is read, the deciding one first.

    Parameters
    ----------
    nulls : pandas.DataFrame
        One row a null, with ``null, source, p50, mean``.

    Returns
    -------
    tuple of Typical
        Under the nulls that were given, the lowest first, and then under the uniform one; under
        the uniform one alone where none was given.
    """
    if nulls.empty:
        return (typical(None),)
    rows = nulls.to_dict("records")
    given = [typical(row) for row in rows if row["source"] == OWN]
    given.sort(key=lambda one: math.inf if math.isnan(one.value) else one.value)
    return (*given, *(typical(row) for row in rows if row["null"] == "uniform"))


def readings_of(
    about: str,
    anova: tuple[float, float, float],
    agreed: Sequence[Typical],
    deviation: Typical,
    n_codes: int,
    *,
    several: bool,
) -> tuple[Reading, ...]:
    """Read the figures of one outcome.

    Parameters
    ----------
    about : str
        The outcome.
    anova : tuple of float
        ICC(1), the p value of its F test, ICC(2).
    agreed : sequence of Typical
        r_wg as `most_severe` returns it: the first decides.
    deviation : Typical
        Average deviation around the mean.
    n_codes : int
        Number of answer categories; 0 where not known.
    several : bool
        Whether r_wg is that of several items, r_wg(j).

    Returns
    -------
    tuple of Reading
        Four; what is not known is said to be so.
    """
    icc1, p_value, icc2 = anova
    return (
        _differences(about, icc1, p_value),
        _mean_of_groups(about, icc2),
        _consensus(about, agreed, "r_wg(j)" if several else "r_wg"),
        _deviation(about, deviation, n_codes),
    )


def _verdict(value: float, holds: bool) -> Verdict:  # noqa: FBT001
    if math.isnan(value):
        return "not known"
    return "met" if holds else "not met"


def _differences(about: str, icc1: float, p_value: float) -> Reading:
    differ = p_value < SIGNIFICANT
    because = "there is no ICC(1)"
    if not math.isnan(p_value):
        because = "groups differ" if differ else "groups do not differ more than chance allows"
    return Reading(
        about,
        f"ICC(1) {number(icc1, 3)}, {p_value_text(p_value)}",
        "groups differ in what is said about them: F test of ICC(1), p below .05",
        BLIESE,
        _verdict(p_value, differ),
        because,
    )


def _mean_of_groups(about: str, icc2: float) -> Reading:
    holds = icc2 >= RELIABLE
    because = "there is no ICC(2)"
    if not math.isnan(icc2):
        because = "it is reached" if holds else "means of groups are not reliable enough"
    return Reading(
        about,
        f"ICC(2) {number(icc2, 3)}",
        "reliability (ICC) of at least .70, here of the mean of a group with the average number "
        "of answers",
        COSMIN,
        _verdict(icc2, holds),
        because,
    )


def _consensus(about: str, agreed: Sequence[Typical], name: str) -> Reading:
    deciding, *others = agreed
    rwg = deciding.value
    known = not math.isnan(rwg)
    null = deciding.null.replace("_", " ")
    figure = f"{name} {number(rwg, 2)} under the {null} null"
    figure += f" ({deciding.basis})" if known else ""
    for one in others:
        figure += f", {number(one.value, 2)} under the {one.null.replace('_', ' ')} null"
    because = "there is no r_wg, or too few groups to show one"
    if known:
        severe = f", under the most severe of the nulls ({null})" if others else ""
        because = agreement_word(rwg) + severe
    return Reading(
        about,
        figure,
        "strong agreement among those who answer about one group: .71 or more",
        LEBRETON,
        _verdict(rwg, round(rwg, 2) >= STRONG if known else False),
        because,
    )


def _deviation(about: str, deviation: Typical, n_codes: int) -> Reading:
    ad = deviation.value
    known = bool(n_codes) and not math.isnan(ad)
    most = n_codes / 6.0 if n_codes else math.nan
    because = "there is no average deviation, or the number of categories is not known"
    if known:
        because = f"at most {number(most, 2)} for {n_codes} categories"
    return Reading(
        about,
        f"average deviation {number(ad, 2)}" + ("" if math.isnan(ad) else f" ({deviation.basis})"),
        "average deviation around the mean of at most a sixth of the number of answer categories",
        BURKE,
        _verdict(ad if known else math.nan, known and ad <= most),
        because,
    )
