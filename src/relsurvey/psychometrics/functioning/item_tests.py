"""Likelihood-ratio tests of one item: do groups differ at the same matching score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.moments.answer_cells import AnswerCells
from relsurvey.psychometrics.functioning.proportional_odds import (
    OrdinalFit,
    fit_proportional_odds,
    intercepts_only,
)

__all__ = ["KINDS", "ItemTest", "item_tests", "untested"]

Array: TypeAlias = npt.NDArray[np.float64]

KINDS = ("uniform", "non_uniform", "total")
MOST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class ItemTest:
    """What the three nested models of an item say.

    Attributes
    ----------
    figures : dict of str to float
        ``chisq_``, ``df_``, ``p_`` and ``r2_change_`` with ``uniform``, ``non_uniform`` and
        ``total``, and ``r2_matching``; NaN where there is none.
    log_odds, std_errors : ndarray, shape (groups,)
        Of a higher answer, against the first group (0, and NaN as its standard error), from
        the model with groups and no interaction.
    note : str
        Why a value is NaN, and what else there is to know.
    """

    figures: dict[str, float]
    log_odds: Array
    std_errors: Array
    note: str


def item_tests(item: str, cells: AnswerCells, groups: tuple[str, ...]) -> ItemTest:
    """Fit the models with the matching score, with groups, and with their interaction.

    Parameters
    ----------
    item : str
        What it is called.
    cells : AnswerCells
        Its answers, counted; groups 0, 1, ... all have rows.
    groups : tuple of str
        The labels of the groups, two or more.

    Returns
    -------
    ItemTest
    """
    reason = _obstacle(item, cells)
    if reason:
        return untested(len(groups), reason)
    matching, dummies = _predictors(cells, len(groups))
    designs = (
        matching,
        np.column_stack([matching, dummies]),
        np.column_stack([matching, dummies, matching * dummies]),
    )
    fits = [fit_proportional_odds(cells.counts, design) for design in designs]
    values = _values(fits, intercepts_only(cells.counts), len(groups) - 1)
    estimates = fits[1].coefficients[1:], fits[1].std_errors[1:]
    notes = [*_problems(item, fits), *_same_answer(item, cells, groups)]
    return ItemTest(
        values,
        np.concatenate([[0.0], estimates[0]]),
        np.concatenate([[math.nan], estimates[1]]),
        "; ".join(notes),
    )


def untested(n_groups: int, reason: str) -> ItemTest:
    """Return a test without values, and why."""
    no = np.full(n_groups, math.nan)
    return ItemTest(_nothing(), no, no, reason)


def _nothing() -> dict[str, float]:
    names = [f"{what}_{kind}" for kind in KINDS for what in ("chisq", "df", "p", "r2_change")]
    return dict.fromkeys(["r2_matching", *names], math.nan)


def _obstacle(item: str, cells: AnswerCells) -> str:
    if len(cells.answers) < 2:
        return f"everybody gave the same answer to {item}"
    if len(cells.answers) > MOST_ANSWERS:
        return f"{item} has {len(cells.answers):,} different answers: no ordered categories"
    if len(np.unique(cells.matching)) < 2:
        return "the matching score does not vary"
    return ""


def _predictors(cells: AnswerCells, n_groups: int) -> tuple[Array, Array]:
    """Return the matching score in standard units, and a column for each group but the first."""
    weights = cells.counts.sum(axis=1)
    centred = cells.matching - np.average(cells.matching, weights=weights)
    score = centred / np.sqrt(np.average(centred**2, weights=weights))
    dummies = (cells.group[:, None] == np.arange(1, n_groups)).astype(np.float64)
    return score[:, None], dummies


def _values(fits: list[OrdinalFit], null: float, df: int) -> dict[str, float]:
    from scipy.special import chdtrc

    found = [fit.log_likelihood for fit in fits]
    steps = {"uniform": (0, 1, df), "non_uniform": (1, 2, df), "total": (0, 2, 2 * df)}
    values = _nothing() | {"r2_matching": 1 - found[0] / null}
    for kind, (less, more, freedom) in steps.items():
        gain = found[more] - found[less]
        if math.isnan(gain):
            continue
        # A model with more parameters cannot fit worse; rounding can say so by a hair.
        chisq = max(2 * gain, 0.0)
        values[f"chisq_{kind}"] = chisq
        values[f"df_{kind}"] = float(freedom)
        values[f"p_{kind}"] = float(chdtrc(freedom, chisq))
        values[f"r2_change_{kind}"] = chisq / (-2 * null)
    return values


def _problems(item: str, fits: list[OrdinalFit]) -> list[str]:
    """Say in words why a model has no estimates; the first failure explains the later ones."""
    whats = (
        ("", f"the matching score tells the answers to {item} apart perfectly: nothing is tested"),
        (
            "the groups follow from the matching score: neither test",
            f"with the groups known, answers to {item} are told apart perfectly (separation), so "
            "that an estimate is infinite: neither test",
        ),
        (
            "the matching score does not vary in one of the groups: no test of non-uniform "
            "functioning",
            f"with a slope for each group, answers to {item} are told apart perfectly "
            "(separation), so that an estimate is infinite: no test of non-uniform functioning",
        ),
    )
    for fit, (dependent, separated) in zip(fits, whats, strict=True):
        if fit.problem:
            return [separated if fit.problem == "separation" else dependent]
    return []


def _same_answer(item: str, cells: AnswerCells, groups: tuple[str, ...]) -> list[str]:
    counts = [cells.counts[cells.group == place].sum(axis=0) for place in range(len(groups))]
    same = [
        label for label, given in zip(groups, counts, strict=True) if np.count_nonzero(given) == 1
    ]
    # Which group that is, and what it answered, would tell something of everybody in it.
    return [f"the answers to {item} do not vary in one of the groups"] if same else []
