"""Answers that are missing: imputed, and imputed as if they were worse or better than others."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.imputation import (
    DeltaResult,
    ImputedAssociation,
    associate_imputed,
    delta_adjustment,
    impute,
)
from relsurvey.sensitivity.check import Check, Version, left_out, not_run, slope_phrase
from relsurvey.sensitivity.question import Floats, Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.text import counted, percent

__all__ = ["IMPUTED", "TIPPING", "check_imputed", "check_tipping_point"]

IMPUTED = ("missing answers", "Would it be the same if nobody had left anything out?")
TIPPING = (
    "not missing at random",
    "How far off would missing answers have to be for the verdict to turn?",
)
DELTAS = (-1.0, -0.5, 0.5, 1.0)
SHIFTED = "slope if missing answers were so"
WHOSE = "below_median"
"""A shift for everybody hardly moves a slope; one for some workers does."""


def check_imputed(
    question: Question, primary: Slope, team: str | None, n_imputations: int, seed: int
) -> Check:
    """Impute what is missing, many times over, and pool the slopes.

    Parameters
    ----------
    question : Question
        The primary question.
    primary : Slope
        Its answer, from complete rows.
    team : str or None
        The team column, where the primary model has that level.
    n_imputations : int
        Completed data sets.
    seed : int
        Of the random numbers.

    Returns
    -------
    Check
        The pooled slope; see ``impute`` and ``associate_imputed`` for models and references.
        Not run where nothing is missing.
    """
    name, asked = IMPUTED
    rows, covariates = _rows(question, team)
    columns = [question.outcome, question.predictor, *covariates]
    if not rows[columns].isna().to_numpy().any():
        return not_run(name, asked, "nothing is missing in the rows of linked people")
    try:
        imputed = impute(
            rows, columns, group=question.group, team=team, n_imputations=n_imputations, seed=seed
        )
        pooled = associate_imputed(
            imputed, question.outcome, question.predictor, covariates=covariates,
            confidence=question.confidence,
        )  # fmt: skip
    except ModelError as problem:
        return _not_possible(name, asked, problem)
    found = left_out(_pooled_slope(pooled), primary, question.threshold)
    version = Version(f"imputed {n_imputations} times", found)
    sentence = (
        f"With what is missing imputed {counted(n_imputations, 'time')} as like the answers of "
        f"similar people, {slope_phrase(version, primary)}; "
        f"{percent(round(pooled.fraction_missing, 3))} of the information on the slope is missing."
    )
    return Check(name, asked, (version,), sentence)


def check_tipping_point(
    question: Question, team: str | None, n_imputations: int, seed: int
) -> Check:
    """Shift the imputed outcomes of workers with low scores until the verdict turns.

    Parameters
    ----------
    question, team, n_imputations, seed
        As in ``check_imputed``.

    Returns
    -------
    Check
        The slope where missing answers of service users whose worker's score is below the median
        lie half and a whole standard deviation lower and higher than those of similar people;
        these are no slopes that anyone defends, and not counted among those. The sentence gives
        the shift at which the verdict turns; see ``delta_adjustment``. Not run where no outcome
        is missing.
    """
    name, asked = TIPPING
    rows, covariates = _rows(question, team)
    if not rows[question.outcome].isna().any():
        return not_run(name, asked, f"no {question.outcome} of linked people is missing")
    try:
        found = delta_adjustment(
            rows, question.outcome, question.predictor, covariates=covariates,
            group=question.group, team=team, deltas=DELTAS, workers=WHOSE, seed=seed,
            n_imputations=n_imputations, confidence=question.confidence,
        )  # fmt: skip
    except ModelError as problem:
        return _not_possible(name, asked, problem)
    versions = tuple(
        Version(f"missing answers of low scorers {delta:+g} SD", slope, SHIFTED)
        for delta, slope in _shifted(found)
    )
    return Check(name, asked, versions, found.sentence)


def _rows(question: Question, team: str | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows of people who belong to somebody, and the covariates they can have.

    A category is not imputed: rows in which one is missing stay out, as in the primary analysis.
    """
    parts = [part for indicators in question.categories.values() for part in indicators]
    needed = [question.group, *([] if team is None else [team]), *parts]
    known = ~np.any([np.isnan(question.columns[name]) for name in needed], axis=0)
    covariates = question.standing(known)
    ids = [question.group] if team is None else [question.group, team]
    wanted = dict.fromkeys([question.outcome, question.predictor, *covariates, *ids])
    return pd.DataFrame({name: question.columns[name][known] for name in wanted}), covariates


def _not_possible(name: str, asked: str, problem: ModelError) -> Check:
    why = Slope(note=f"not possible: {problem.message}")
    return Check(name, asked, (Version("imputed", why),), f"This cannot be tried. {why.note}")


def _pooled_slope(pooled: ImputedAssociation) -> Slope:
    ratio = pooled.slope_standardised / pooled.slope if pooled.slope else math.nan
    return Slope(
        pooled.slope, pooled.std_error, pooled.df, pooled.p_value, pooled.slope_low,
        pooled.slope_high, pooled.n_groups, pooled.n_rows, ratio,
    )  # fmt: skip


def _shifted(found: DeltaResult) -> list[tuple[float, Slope]]:
    names = ["delta", "slope", "std_error", "df", "p_value", "conf_low", "conf_high"]
    cells = found.table.loc[found.table["delta"] != 0.0, names].to_numpy(dtype=np.float64)
    return [(float(row[0]), _slope(row[1:])) for row in cells]


def _slope(row: Floats) -> Slope:
    estimate, std_error, df, p_value, low, high = (float(value) for value in row)
    return Slope(estimate, std_error, df, p_value, low, high)
