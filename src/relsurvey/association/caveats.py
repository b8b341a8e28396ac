"""What a reader of an association has to be told beside the numbers."""

from __future__ import annotations

import numpy as np

from relsurvey.association.models.estimability import correlations
from relsurvey.association.models.mixed import MixedResult
from relsurvey.association.models.names import RESIDUAL
from relsurvey.moments.groups import GroupSums
from relsurvey.text import percent

__all__ = ["is_ordinary", "near_collinearity", "shares_between", "variance_explained"]

MUCH_INFLATED = 10.0  # the usual mark for a predictor that the others nearly give away


def variance_explained(
    model: MixedResult, null_model: MixedResult, covariates: tuple[str, ...]
) -> tuple[float, list[str]]:
    """Return the share of variance between groups explained, and what to say about it."""
    before, after = (_between(fitted) for fitted in (null_model, model))
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


def shares_between(null_model: MixedResult, team: str | None) -> tuple[float, float]:
    """Return the share of variance between workers, and the part of it between teams (or NaN)."""
    total = sum(null_model.variance.values())
    teams = float("nan") if team is None else null_model.variance[team] / total
    return _between(null_model) / total, teams


def is_ordinary(fitted: MixedResult) -> bool:
    """Whether no variance between groups is left, so that the model is ordinary regression."""
    return _between(fitted) == 0


def _between(fitted: MixedResult) -> float:
    return sum(value for level, value in fitted.variance.items() if level != RESIDUAL)


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
