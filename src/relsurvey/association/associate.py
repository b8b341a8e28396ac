"""How what service users report goes with a property of their worker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral, Real
from typing import Any

import numpy as np

from relsurvey.association.association_result import AssociationResult
from relsurvey.association.caveats import near_collinearity, shares_between, variance_explained
from relsurvey.association.companions.correlation import Correlation, correlate
from relsurvey.association.equivalence import TOO_LITTLE, Equivalence, equivalence
from relsurvey.association.models.fit import DF_METHODS, MixedFit, fit_sums
from relsurvey.association.models.mixed import MixedResult, mixed_result
from relsurvey.association.moderation import moderated
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.association.sentence import FEWEST_WORKERS, Finding, association_sentence
from relsurvey.association.views import (
    central_values,
    expected_curve,
    worker_bins,
    worker_spread,
)
from relsurvey.errors import ModelError
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_choice, require_confidence
from relsurvey.text import counted

__all__ = ["AssociationResult", "associate", "associate_prepared", "primary_df"]


def associate(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    covariates: str | Sequence[str] | None = (),
    moderator: str | None = None,
    group: str | None = None,
    team: str | None = None,
    confidence: float = 0.95,
    split_covariates: bool | Sequence[str] = True,
    df: str = "auto",
    smallest_effect: float | None = None,
    fewest_workers: int = 10,
) -> AssociationResult:
    """Estimate how an outcome of service users goes with a property of their workers.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    outcome : str
        A number column that service users answered.
    predictor : str
        A number column of the worker: the same value in all rows of one worker.
    covariates : str or sequence of str
        Other number columns, of the worker or of the service user.
    moderator : str, optional
        A number column of the team, the worker or the service user: whether the slope differs
        with it is asked in a model of its own, and answered in ``.moderation``. What is said of
        the association itself stays that of the model without it.
    group : str, optional
        The column of worker ids. Known for ``Linked``; otherwise it has to be named.
    team : str, optional
        The team column; known for ``Linked`` where it was linked with one. Teams are a level of
        the model wherever that can be (see ``prepare``).
    confidence : float, default 0.95
        Coverage of all intervals.
    split_covariates : bool or sequence of str, default True
        Enter a covariate that varies within workers as two: its deviation from the worker's
        mean, "<name> (within)", and that mean, "<name> (between)". These answer different
        questions, and only the second is on the level of the predictor. Names: only these, and
        each has to vary within workers.
    df : {"auto", "satterthwaite", "kenward_roger", "residual"}
        Degrees of freedom of the tests. "auto", fixed before anything is looked at: Satterthwaite
        with two levels, Kenward-Roger with three, which keeps its error rate with few teams.
    smallest_effect : float, optional
        The smallest slope that would matter, above 0, in standard deviations of the outcome per
        standard deviation of the predictor. With it, "no association" can be told from "not known".
    fewest_workers : int, default 10
        Fewest workers in one of ``bins``.

    Returns
    -------
    AssociationResult
        Slope, standardised slope, ICC, design effect, variance explained, correlation over
        workers, and a sentence. Service users with a missing value in any column used are left
        out of all of them alike.

    Raises
    ------
    ModelError
        Where ``group`` is not known, the predictor varies within workers, or a model cannot
        be fitted (see ``fit_mixed``, and ``moderated`` for what a moderator may not be).

    Notes
    -----
    The model has a random intercept for each worker, and one for each team where there is that
    level, and is fitted by REML. The ICC is that of the model without predictors on the same
    rows: the share of variance between workers, of the same team or not; ``icc_team`` is the part
    of it between teams. The share of variance between workers explained compares the two models
    (Raudenbush & Bryk, 2002, ch. 4; it can be negative). With covariates it is what predictor and
    covariates explain together.
    The standardised slope is slope x SD(predictor) / SD(outcome) (Hox, Moerbeek & van de
    Schoot, 2018, ch. 2). The predictor belongs to the worker, so its SD is over workers, one
    value each; the outcome's is over service users. Both are taken as known in the interval.
    The design effect is 1 + (sum n^2 / sum n - 1) ICC, for unequal numbers of service users
    (Kish, 1965; Eldridge, Ashby & Kerry, 2006).

    References
    ----------
    Eldridge, S. M., Ashby, D., & Kerry, S. (2006). Sample size for cluster randomized trials:
    effect of coefficient of variation of cluster size and analysis method. International
    Journal of Epidemiology, 35(5), 1292-1300.
    Hox, J. J., Moerbeek, M., & van de Schoot, R. (2018). Multilevel analysis (3rd ed.).
    Kish, L. (1965). Survey sampling. Wiley.
    Mundlak, Y. (1978). On the pooling of time series and cross section data. Econometrica,
    46(1), 69-85.
    Raudenbush, S. W., & Bryk, A. S. (2002). Hierarchical linear models (2nd ed.). Sage.

    Examples
    --------
    >>> data = {"worker_id": list("aabbccdd"), "x": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0]}
    >>> result = associate(data, "y", "x", group="worker_id")
    >>> round(result.slope, 3), result.n_workers, round(result.icc, 3)
    (1.95, 4, 0.81)
    """
    require_confidence(confidence)
    _require_count(fewest_workers)
    require_choice("df", df, ("auto", *DF_METHODS), ModelError)
    ready = prepare(
        linked,
        outcome,
        predictor,
        covariates=covariates,
        group=group,
        team=team,
        split_covariates=split_covariates,
    )
    result = associate_prepared(
        ready,
        confidence=confidence,
        df=df,
        smallest_effect=smallest_effect,
        fewest_workers=fewest_workers,
    )
    if moderator is None:
        return result
    moderation = moderated(
        linked,
        outcome,
        predictor,
        moderator,
        covariates=covariates,
        group=group,
        team=team,
        confidence=confidence,
        split_covariates=split_covariates,
        df=result.model.df,
    )
    return replace(result, moderation=moderation)


def primary_df(ready: Prepared) -> str:
    """Return how the primary test finds its degrees of freedom, by the number of levels alone."""
    return "satterthwaite" if ready.team is None else "kenward_roger"


def associate_prepared(
    ready: Prepared,
    *,
    confidence: float = 0.95,
    df: str = "auto",
    smallest_effect: float | None = None,
    fewest_workers: int = 10,
) -> AssociationResult:
    """Answer a question that is made ready; see ``associate``."""
    sums, outcome, predictor, terms = ready.sums, ready.outcome, ready.predictor, ready.terms
    method = primary_df(ready) if df == "auto" else df
    fit = fit_sums(sums, outcome, terms, df=method)
    model = mixed_result(fit, confidence)
    null_model = mixed_result(fit_sums(sums, outcome, (), df=method), confidence)
    explained, more = variance_explained(model, null_model, ready.given)
    numbers = _numbers(fit, model, predictor, confidence)
    icc, icc_team = shares_between(null_model, ready.team)
    finding = Finding(
        outcome, predictor, ready.given, ready.group, ready.persons, numbers["slope"],
        numbers["slope_low"], numbers["slope_high"], numbers["p_value"],
        numbers["slope_standardised"], confidence, sums.n_groups, sums.n_rows,
        sums.n_parents or None,
    )  # fmt: skip
    return AssociationResult(
        outcome=outcome,
        predictor=predictor,
        covariates=ready.given,
        group=ready.group,
        team=ready.team,
        icc=icc,
        icc_team=icc_team,
        design_effect=_design_effect(sums, icc, icc_team),
        between_variance_explained=explained,
        n_workers=sums.n_groups,
        n_service_users=sums.n_rows,
        n_dropped=sums.n_dropped,
        n_teams=ready.n_teams,
        confidence=confidence,
        model=model,
        null_model=null_model,
        bins=worker_bins(sums, predictor, outcome, fewest_workers),
        spread=worker_spread(sums, outcome, fewest_workers),
        sentence=association_sentence(finding),
        equivalence=_equivalence(ready, numbers, smallest_effect, confidence),
        notes=(
            *model.notes, *ready.notes, *more, *near_collinearity(sums, predictor, terms),
        ),
        **numbers,
    )  # fmt: skip


def _equivalence(
    ready: Prepared, numbers: dict[str, Any], smallest_effect: float | None, confidence: float
) -> Equivalence | None:
    """Hold the slope against the smallest one that would matter, where that was named."""
    if smallest_effect is None:
        return None
    number = isinstance(smallest_effect, Real) and not isinstance(smallest_effect, bool)
    if not number or not 0.0 < float(smallest_effect) < math.inf:
        raise ModelError(
            f"smallest_effect has to be a number above 0; it is {smallest_effect!r}.",
            hint="It is the smallest slope that would matter, in standard deviations of the "
            "outcome per standard deviation of the predictor, for instance 0.1.",
        )
    found = equivalence(
        numbers["slope"],
        numbers["std_error"],
        numbers["df"],
        smallest_effect,
        1.0 - confidence,
        per_deviation=numbers["predictor_sd"] / numbers["outcome_sd"],
        outcome=ready.outcome,
        predictor=ready.predictor,
    )
    if ready.sums.n_groups >= FEWEST_WORKERS:
        return found
    # One rule for all that is said: below it no direction is claimed, so none is here.
    few = counted(ready.sums.n_groups, "worker" if ready.persons else "group")
    return replace(
        found,
        verdict=TOO_LITTLE,
        sentence=f"With {few} there are too few to hold the slope against the smallest one that "
        "would matter.",
    )


def _require_count(fewest_workers: object) -> None:
    whole = isinstance(fewest_workers, Integral) and not isinstance(fewest_workers, bool)
    if not whole or int(fewest_workers) < 1:  # type: ignore[call-overload]
        raise ModelError(
            f"fewest_workers must be a whole number of at least 1; it is {fewest_workers!r}.",
            hint="It is the fewest workers that a point of a figure may stand for.",
        )


def _numbers(
    fit: MixedFit, model: MixedResult, predictor: str, confidence: float
) -> dict[str, Any]:
    """Return what concerns the predictor: slope, correlation, means and SDs, curve."""
    row = model.table.iloc[1 + model.predictors.index(predictor)]
    sums, outcome = fit.sums, fit.outcome
    of_workers = sums.means[:, sums.place(predictor)]
    centre = float(of_workers.mean())
    predictor_sd = float(of_workers.std(ddof=1))
    outcome_sd = sums.standard_deviation(outcome)
    ratio = predictor_sd / outcome_sd
    found = _correlation(sums, predictor, outcome, confidence)
    at_mean = expected_curve(fit, predictor, np.array([centre]), confidence)
    return {
        "slope": float(row["estimate"]),
        "slope_low": float(row["conf_low"]),
        "slope_high": float(row["conf_high"]),
        "std_error": float(row["std_error"]),
        "df": float(row["df"]),
        "p_value": float(row["p_value"]),
        "slope_standardised": float(row["estimate"]) * ratio,
        "slope_standardised_low": float(row["conf_low"]) * ratio,
        "slope_standardised_high": float(row["conf_high"]) * ratio,
        "correlation": found.r,
        "correlation_low": found.low,
        "correlation_high": found.high,
        "correlation_p": found.p_value,
        "correlation_note": found.note,
        "predictor_mean": centre,
        "predictor_sd": predictor_sd,
        "outcome_mean": sums.mean(outcome),
        "outcome_sd": outcome_sd,
        "intercept_at_mean": float(at_mean["expected"].iloc[0]),
        "curve": expected_curve(fit, predictor, central_values(of_workers), confidence),
    }


def _correlation(sums: GroupSums, predictor: str, outcome: str, confidence: float) -> Correlation:
    if sums.equal_means(outcome):
        return Correlation.none("all workers have the same mean outcome")
    x, y = (sums.means[:, sums.place(name)] for name in (predictor, outcome))
    return correlate(x, y, confidence)


def _design_effect(sums: GroupSums, icc: float, icc_team: float) -> float:
    """Return how correlated answers raise the variance of a mean, within workers and teams."""
    typical = float(sums.counts @ sums.counts) / sums.n_rows
    if sums.parents is None:
        return 1.0 + (typical - 1.0) * icc
    teams = np.bincount(sums.parents, weights=sums.counts)
    of_teams = float(teams @ teams) / sums.n_rows
    return 1.0 + (typical - 1.0) * icc + (of_teams - typical) * icc_team
