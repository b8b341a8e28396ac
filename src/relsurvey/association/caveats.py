"""What a reader of an association has to be told beside the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from relsurvey.association.estimability import correlations
from relsurvey.association.mixed import MixedResult
from relsurvey.association.wording import counted, percent
from relsurvey.moments.group_columns import eager_columns, group_codes
from relsurvey.moments.groups import GroupSums

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


def count_teams(frame: Any, group: str, team: str | None) -> tuple[int | None, list[str]]:
    """Count teams, and say what the model leaves out."""
    if team is None:
        return None, []
    columns = eager_columns(frame, [group, team])
    workers, _ = group_codes(columns.get_column(group))
    codes, teams = group_codes(columns.get_column(team))
    known = (workers >= 0) & (codes >= 0)
    pairs = np.unique(np.stack([workers[known], codes[known]]), axis=1)
    in_several = int((np.bincount(pairs[0]) > 1).sum())
    notes = [
        f"There are {counted(len(teams), 'team')}; the model has no level for teams, so if teams "
        "differ the interval may be too narrow."
    ]
    if in_several:
        verb = "belongs" if in_several == 1 else "belong"
        notes.append(f"{in_several:,} of {group} {verb} to more than one team.")
    return len(teams), notes
