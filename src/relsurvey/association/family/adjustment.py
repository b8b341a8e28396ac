"""The tests of a family adjusted for how many there are, and which of them stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.family.questions import FamilyAnswer
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.prepared import Prepared
from relsurvey.association.resampling.max_t import FamilyMember, max_t_adjusted
from relsurvey.errors import ModelError, listed

__all__ = ["adjusted", "stepped"]


def adjusted(
    answers: Sequence[FamilyAnswer], permutations: int, seed: int, alpha: float
) -> tuple[pd.DataFrame, int, list[str]]:
    """Adjust all pairs but the primary one and those without a fit.

    Parameters
    ----------
    answers : sequence of FamilyAnswer
        One a pair.
    permutations : int
        Orders of the scores for max-T; 0 for none.
    seed : int
        Of the orders.
    alpha : float
        Level of the tests.

    Returns
    -------
    table : pandas.DataFrame
        As in ``FamilyResult``.
    permutations : int
        Orders looked at.
    notes : list of str
        What a reader has to know.
    """
    table = pd.DataFrame([answer.row for answer in answers])
    tested = np.flatnonzero((table["p_value"].notna() & ~table["primary"]).to_numpy())
    ready = {place: made for place in tested.tolist() if (made := answers[place].ready) is not None}
    by_orders, permuted, notes = _by_permutation(ready, len(table), permutations, seed)
    if not len(tested):
        notes = ["There is no pair to adjust for."]
    table = table.assign(
        holm=stepped(table["p_value"], tested, "holm"),
        benjamini_hochberg=stepped(table["p_value"], tested, "fdr_bh"),
        **by_orders,
        equivalence_holm=stepped(table["equivalence_p"], tested, "holm"),
        larger_holm=stepped(table["larger_p"], tested, "holm"),
    )
    rows = table.to_dict("records")
    return (
        table.assign(
            stands=[_decisive(row) < alpha for row in rows],
            verdict=[_verdict(row, answer) for row, answer in zip(rows, answers, strict=True)],
        ),
        permuted,
        notes,
    )


def stepped(p_values: pd.Series, tested: Any, method: str) -> Floats:
    """Adjust the p values there are at these places; NaN elsewhere.

    Parameters
    ----------
    p_values : pandas.Series
        Unadjusted.
    tested : numpy.ndarray of int
        Places of those that are adjusted together.
    method : str
        As statsmodels names it.

    Returns
    -------
    numpy.ndarray
        As long as ``p_values``.
    """
    from statsmodels.stats.multitest import multipletests

    raw = p_values.to_numpy(dtype=float)
    found = np.full(len(raw), np.nan)
    known = tested[np.isfinite(raw[tested])]
    if len(known):
        found[known] = multipletests(raw[known], method=method)[1]
    return found


def _decisive(row: Mapping[Any, Any]) -> float:
    """Return the p value a pair stands or falls by.

    The primary pair's own; of the others the larger of Holm's and max-T's, where both are known.
    """
    if row["primary"]:
        return float(row["p_value"])
    return float(np.fmax(row["holm"], row["max_t"]))


def _verdict(row: Mapping[Any, Any], answer: FamilyAnswer) -> str:
    """Hold a slope against the margin, of all pairs but the primary with adjusted p values."""
    held = answer.held
    if held is None:
        return ""
    if row["primary"]:
        return held.verdict
    return held.adjusted_verdict(
        p_value=row["equivalence_holm"], p_larger=row["larger_holm"], p_difference=_decisive(row)
    )


def _by_permutation(
    ready: Mapping[int, Prepared], n_pairs: int, permutations: int, seed: int
) -> tuple[dict[str, Floats], int, list[str]]:
    """Return permutation p, alone and adjusted by max-T, of the pairs at these places."""
    columns = {name: np.full(n_pairs, math.nan) for name in ("permutation_p", "max_t")}
    if not ready or not permutations:
        return columns, 0, []
    # Scores change places at one level: where only some pairs know teams, the greater part.
    with_teams = 2 * sum(made.team is not None for made in ready.values()) >= len(ready)
    alike = [place for place, made in ready.items() if (made.team is not None) is with_teams]
    members = [
        FamilyMember(made.sums, made.outcome, made.terms, made.predictor)
        for made in (ready[place] for place in alike)
    ]
    notes = _apart([made for place, made in ready.items() if place not in alike])
    try:
        found = max_t_adjusted(members, permutations=permutations, seed=seed)
    except ModelError as error:
        return columns, 0, [*notes, f"No max-T adjustment: {error.message}"]
    columns["permutation_p"][alike] = found.p_values
    columns["max_t"][alike] = found.adjusted
    return columns, found.permutations, [*notes, *found.notes]


def _apart(ready: Sequence[Prepared]) -> list[str]:
    if not ready:
        return []
    pairs = [f"{made.outcome} by {made.predictor}" for made in ready]
    return [
        f"Not in the max-T adjustment: {listed(pairs, most=4)}, whose models have not the same "
        "levels as the others."
    ]
