"""An association that could not be computed: who is there is counted, every figure is NaN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.association_result import AssociationResult
from relsurvey.association.models.mixed import MixedResult
from relsurvey.association.models.names import INTERCEPT, RESIDUAL
from relsurvey.linkage import Linked
from relsurvey.moments.group_columns import number_matrix, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.options import require_confidence

__all__ = ["uncomputed"]

NAN = float("nan")
EFFECT_COLUMNS = (
    "estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high",
)  # fmt: skip
FIGURES = (
    "slope", "slope_low", "slope_high", "std_error", "df", "p_value", "slope_standardised",
    "slope_standardised_low", "slope_standardised_high", "icc", "icc_team", "design_effect",
    "between_variance_explained", "correlation", "correlation_low", "correlation_high",
    "correlation_p", "predictor_mean", "predictor_sd", "outcome_mean", "outcome_sd",
    "intercept_at_mean",
)  # fmt: skip


def uncomputed(
    linked: Linked,
    outcome: str,
    predictor: str,
    covariates: Sequence[str] = (),
    *,
    reason: str,
    confidence: float = 0.95,
) -> AssociationResult:
    """Return the result of a question that the data cannot answer.

    A study with too few linked workers, or with a score that is the same for everybody, still
    has scores, reliability and a flow of people to tell; this stands where its association
    would stand.

    Parameters
    ----------
    linked : Linked
        One row a service user, the worker's values beside.
    outcome, predictor : str
        The columns that were to be associated.
    covariates : sequence of str
        Further columns of numbers.
    reason : str
        Why there is no association, as the model said it; of a single worker it is said anew.
    confidence : float, default 0.95
        Coverage that intervals would have had.

    Returns
    -------
    AssociationResult
        All figures are NaN; ``n_workers``, ``n_service_users`` and ``n_dropped`` count who has
        every value, ``n_teams`` their teams, and ``note`` is the reason.

    Raises
    ------
    ModelError
        Where a column is not there or does not hold numbers.

    Examples
    --------
    >>> from relsurvey.linkage import link
    >>> workers = pd.DataFrame({"worker_id": ["a"], "RC": [3.5]})
    >>> users = pd.DataFrame({"worker_id": ["a", "a"], "TOTAL": [2.0, None]})
    >>> found = uncomputed(link(workers, users), "TOTAL", "RC", reason="Too few.")
    >>> found.slope, found.n_workers, found.n_service_users, found.n_dropped
    (nan, 1, 1, 1)
    >>> found.note
    'Only one worker has every value.'
    """
    require_confidence(confidence)
    n_rows, n_workers, n_dropped, n_teams = _counted(linked, [outcome, predictor, *covariates])
    if n_workers == 1:
        # What the model says of a single worker has the worker's id in it.
        reason = "Only one worker has every value."
    model, null_model = (
        _unfitted(linked, outcome, terms, confidence, (n_rows, n_workers, n_dropped))
        for terms in ((predictor, *covariates), ())
    )
    nothing: dict[str, Any] = dict.fromkeys(FIGURES, NAN)
    return AssociationResult(
        outcome=outcome,
        predictor=predictor,
        covariates=tuple(covariates),
        group=linked.on,
        team=None,
        **nothing,
        n_workers=n_workers,
        n_service_users=n_rows,
        n_dropped=n_dropped,
        n_teams=n_teams,
        confidence=confidence,
        model=model,
        null_model=null_model,
        curve=_empty("predictor", "expected", "low", "high"),
        bins=_empty("n_workers", "n_service_users", "predictor_mean", "outcome_mean"),
        spread=_empty("low", "high", "n_workers"),
        sentence=f"Whether {outcome} and {predictor} go together could not be computed: {reason}",
        notes=(),
        correlation_note="not computed",
        note=reason,
    )


def _counted(linked: Linked, columns: Sequence[str]) -> tuple[int, int, int, int | None]:
    """Count rows with every value, their workers, rows without, and the teams of the first."""
    names = list(dict.fromkeys(columns))
    used = [*names, linked.on, *([linked.team] if linked.team else [])]
    table = take_columns(linked.frame, used)
    workers, _ = group_codes(table.by_name[linked.on], linked.on)
    complete = ~np.isnan(number_matrix(table, names)).any(axis=0) & (workers >= 0)
    n_rows = int(complete.sum())
    n_teams = None
    if linked.team:
        teams, _ = group_codes(table.by_name[linked.team], linked.team)
        n_teams = len(np.unique(teams[complete & (teams >= 0)]))
    return n_rows, len(np.unique(workers[complete])), table.n_rows - n_rows, n_teams


def _unfitted(
    linked: Linked,
    outcome: str,
    predictors: tuple[str, ...],
    confidence: float,
    counts: tuple[int, int, int],
) -> MixedResult:
    table = pd.DataFrame({"term": [INTERCEPT, *predictors]})
    return MixedResult(
        outcome=outcome,
        predictors=predictors,
        group=linked.on,
        table=table.assign(**dict.fromkeys(EFFECT_COLUMNS, NAN)),
        variance={linked.on: NAN, RESIDUAL: NAN},
        log_likelihood=NAN,
        deviance=NAN,
        n_rows=counts[0],
        n_groups=counts[1],
        n_dropped=counts[2],
        converged=False,
        boundary=False,
        reml=True,
        df="satterthwaite",
        confidence=confidence,
        notes=("Nothing was fitted.",),
    )


def _empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=float) for name in columns})
