"""One pair of a family: its question, and the answer the primary method gives to it alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from relsurvey.association.associate import primary_df
from relsurvey.association.equivalence import Equivalence, equivalence
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.errors import ModelError
from relsurvey.text import and_list

__all__ = ["FamilyAnswer", "FamilyQuestion", "answered"]

NUMBERS = (
    "estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high",
    "standardised", "standardised_low", "standardised_high",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FamilyQuestion:
    """An outcome by a predictor, adjusted for its own covariates."""

    outcome: str
    predictor: str
    covariates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FamilyAnswer:
    """What one pair gives.

    Attributes
    ----------
    row : dict
        A row of ``FamilyResult.table`` before anything is adjusted.
    ready : Prepared or None
        The question made ready; ``None`` where it cannot be fitted.
    held : Equivalence or None
        The slope held against the smallest one that would matter, where that was named.
    """

    row: dict[str, Any]
    ready: Prepared | None
    held: Equivalence | None = None


def answered(
    linked: Any,
    question: FamilyQuestion,
    *,
    primary: bool,
    smallest_effect: float | None,
    alpha: float,
    confidence: float,
    **how: Any,
) -> FamilyAnswer:
    """Fit one pair with the primary method.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        The rows.
    question : FamilyQuestion
        The pair.
    primary : bool
        Whether it is the one named as the primary one.
    smallest_effect, alpha, confidence
        As for ``associate_family``.
    **how
        ``group``, ``team`` and ``split_covariates``, as for ``prepare``.

    Returns
    -------
    FamilyAnswer
        Where the pair cannot be fitted its numbers are NaN, and ``note`` says why.
    """
    row: dict[str, Any] = {
        "outcome": question.outcome, "predictor": question.predictor,
        "covariates": and_list(question.covariates), "primary": primary,
        **dict.fromkeys(NUMBERS, math.nan), "equivalence_p": math.nan, "larger_p": math.nan,
        "n_workers": 0, "n_service_users": 0, "n_dropped": 0, "note": "",
    }  # fmt: skip
    try:
        ready = prepare(
            linked, question.outcome, question.predictor, covariates=question.covariates, **how
        )
        sums = ready.sums
        row |= {
            "n_workers": sums.n_groups, "n_service_users": sums.n_rows,
            "n_dropped": sums.n_dropped,
        }  # fmt: skip
        fit = fit_sums(sums, ready.outcome, ready.terms, df=primary_df(ready))
    except ModelError as error:
        return FamilyAnswer({**row, "note": error.message}, None)
    contrast = np.zeros((1, len(ready.terms) + 1))
    contrast[0, 1 + ready.terms.index(ready.predictor)] = 1.0
    row |= {name: float(value[0]) for name, value in fit.test(contrast, confidence).items()}
    spread = float(sums.means[:, sums.place(ready.predictor)].std(ddof=1))
    ratio = spread / sums.standard_deviation(ready.outcome)
    for end, name in (("", "estimate"), ("_low", "conf_low"), ("_high", "conf_high")):
        row[f"standardised{end}"] = row[name] * ratio
    if not fit.converged:
        row["note"] = "The search for the variances did not come to its end."
    if smallest_effect is None:
        return FamilyAnswer(row, ready)
    held = equivalence(
        row["estimate"], row["std_error"], row["df"], smallest_effect, alpha, per_deviation=ratio
    )
    row |= {"equivalence_p": held.p_value, "larger_p": held.p_larger}
    return FamilyAnswer(row, ready, held)
