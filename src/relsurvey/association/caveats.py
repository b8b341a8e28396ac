"""What a reader of an association has to be told beside the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from relsurvey.association.models.estimability import correlations
from relsurvey.association.models.mixed import MixedResult
from relsurvey.moments.group_columns import number_matrix, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.moments.groups import GroupSums
from relsurvey.text import counted, percent

__all__ = ["count_teams", "near_collinearity", "variance_explained"]

MUCH_INFLATED = 10.0  # the usual mark for a predictor that the others nearly give away


def variance_explained(
    model: MixedResult, null_model: MixedResult, covariates: tuple[str, ...]
) -> tuple[float, list[str]]:
    """Return the share of variance between groups explained, and what to say about it."""
    before, after = (fitted.variance[fitted.group] for fitted in (null_model, model))
    if before == 0:
        return float("nan"), [
            f"Without predictors the variance between {model.group} is estimated as zero: there "
            "is none to explain."
        ]
    share = (before - after) / before
    notes = []
    if share < 0:
        notes.append(
            f"The share of variance between {model.group} explained is negative "
            f"({percent(round(share, 3))}): an estimate can come out so where little or nothing "
            "is explained, or where covariates differ mostly within."
        )
    if covariates:
        notes.append(
            f"The share of variance between {model.group} explained is that of predictor and "
            "covariates together."
        )
    return share, notes


def near_collinearity(sums: GroupSums, predictor: str, terms: tuple[str, ...]) -> list[str]:
    """Say so where the covariates nearly give the predictor away."""
    inverse = np.linalg.inv(correlations(sums, terms))
    inflation = float(inverse[terms.index(predictor), terms.index(predictor)])
    if inflation < MUCH_INFLATED:
        return []
    return [
        f"{predictor} can hardly be told from the covariates (variance inflation factor "
        f"{inflation:,.0f}): its slope is uncertain for that reason."
    ]


def count_teams(
    frame: Any, used: Sequence[str], group: str, team: str | None, *, persons: bool
) -> tuple[int | None, list[str]]:
    """Count the teams in the rows that the model uses, and say what it leaves out.

    Parameters
    ----------
    frame : frame or mapping of arrays
        The rows.
    used : sequence of str
        Columns of the model; a row with a missing value in any of them plays no part.
    group, team : str
        The columns of ids; without a team column there is nothing to count.
    persons : bool
        Whether groups are workers.

    Returns
    -------
    n_teams : int or None
        How many different teams.
    notes : list of str
        What a reader has to know.
    """
    if team is None:
        return None, []
    table = take_columns(frame, list(dict.fromkeys([*used, group, team])))
    workers, _ = group_codes(table.by_name[group], group)
    teams, _ = group_codes(table.by_name[team], team)
    complete = ~np.isnan(number_matrix(table, used)).any(axis=0)
    known = complete & (workers >= 0) & (teams >= 0)
    pairs = np.unique(np.stack([workers[known], teams[known]]), axis=1)
    n_teams = len(np.unique(pairs[1]))
    if n_teams == 0:
        return 0, []
    notes = ["All are in one team, so nothing can be said of differences between teams."]
    if n_teams > 1:
        notes = [
            f"There are {n_teams:,} teams; the model has no level for teams, so if teams differ "
            "the interval may be too narrow."
        ]
    in_several = int((np.bincount(pairs[0]) > 1).sum())
    if in_several:
        noun = "worker" if persons else f"group of {group}"
        plural = "workers" if persons else f"groups of {group}"
        verb = "belongs" if in_several == 1 else "belong"
        notes.append(f"{counted(in_several, noun, plural)} {verb} to more than one team.")
    return n_teams, notes
