"""How what service users report goes with a property of their worker."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np

from relsurvey.association.association_result import AssociationResult
from relsurvey.association.caveats import count_teams, near_collinearity, variance_explained
from relsurvey.association.companions.correlation import Correlation, correlate
from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.mixed import MixedResult, mixed_result
from relsurvey.association.models.names import column_names, require_free_names
from relsurvey.association.sentence import Finding, association_sentence
from relsurvey.association.views import central_values, expected_curve, worker_bins
from relsurvey.errors import ModelError
from relsurvey.linkage import Linked
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums, between_name, within_name
from relsurvey.options import require_confidence, require_flag
from relsurvey.text import and_list

__all__ = ["AssociationResult", "associate"]

WORKER_ID = "worker_id"


def associate(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    confidence: float = 0.95,
    split_covariates: bool = True,
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
    group : str, optional
        The column of worker ids. Known for ``Linked``; otherwise it has to be named.
    team : str, optional
        The team column. Teams are counted; the model has no level for them, which a note says.
    confidence : float, default 0.95
        Coverage of all intervals.
    split_covariates : bool, default True
        Enter a covariate that varies within workers as two: its deviation from the worker's
        mean, "<name> (within)", and that mean, "<name> (between)". These answer different
        questions, and only the second is on the level of the predictor.
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
        Where ``group`` is not known, the predictor varies within workers, or the model cannot
        be fitted (see ``fit_mixed``).

    Notes
    -----
    The model has a random intercept for each worker and is fitted by REML; the ICC is that of
    the model without predictors on the same rows, and the share of variance between workers
    explained compares the two (Raudenbush & Bryk, 2002, ch. 4; it can be negative). With
    covariates it is what predictor and covariates explain together.
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
    require_flag("split_covariates", split_covariates)
    _require_count(fewest_workers)
    frame, group, team, persons = _where(linked, group, team)
    names = column_names(covariates, "covariates")
    require_free_names([predictor, *names], group)
    sums = group_sums(frame, [predictor, *names, outcome], group)
    _require_constant(sums, predictor)
    sums, terms, notes = _terms(sums, predictor, names, split=split_covariates)
    fit = fit_sums(sums, outcome, terms)
    model = mixed_result(fit, confidence)
    null_model = mixed_result(fit_sums(sums, outcome, ()), confidence)
    explained, more = variance_explained(model, null_model, names)
    more += near_collinearity(sums, predictor, terms)
    n_teams, about_teams = count_teams(
        frame, [predictor, *names, outcome], group, team, persons=persons
    )
    numbers = _numbers(fit, model, predictor, confidence)
    finding = Finding(
        outcome, predictor, names, group, persons, numbers["slope"], numbers["slope_low"],
        numbers["slope_high"], numbers["p_value"], numbers["slope_standardised"], confidence,
        sums.n_groups, sums.n_rows,
    )  # fmt: skip
    return AssociationResult(
        outcome=outcome,
        predictor=predictor,
        covariates=names,
        group=group,
        icc=null_model.icc,
        design_effect=_design_effect(sums, null_model.icc),
        between_variance_explained=explained,
        n_workers=sums.n_groups,
        n_service_users=sums.n_rows,
        n_dropped=sums.n_dropped,
        n_teams=n_teams,
        confidence=confidence,
        model=model,
        null_model=null_model,
        bins=worker_bins(sums, predictor, outcome, fewest_workers),
        sentence=association_sentence(finding),
        notes=(*model.notes, *notes, *more, *about_teams),
        **numbers,
    )


def _where(linked: Any, group: str | None, team: str | None) -> tuple[Any, str, str | None, bool]:
    """Return the frame, the group and team columns, and whether groups are workers."""
    if isinstance(linked, Linked):
        column = group or linked.on
        return linked.frame, column, team or linked.team, column == linked.on
    if group is None:
        raise ModelError(
            "Which column holds the worker's id is not known.",
            hint=f"Name it, for instance group={WORKER_ID!r}, or give the result of link().",
        )
    return linked, group, team, group == WORKER_ID


def _require_count(fewest_workers: object) -> None:
    whole = isinstance(fewest_workers, Integral) and not isinstance(fewest_workers, bool)
    if not whole or int(fewest_workers) < 1:  # type: ignore[call-overload]
        raise ModelError(
            f"fewest_workers must be a whole number of at least 1; it is {fewest_workers!r}.",
            hint="It is the fewest workers that a point of a figure may stand for.",
        )


def _require_constant(sums: GroupSums, predictor: str) -> None:
    varying = int(sums.varying[sums.place(predictor)])
    if varying:
        raise ModelError(
            f"The predictor {predictor!r} is not a property of {sums.group}: it differs between "
            f"rows of the same {sums.group} in {varying:,} of {sums.n_groups:,}.",
            hint="The predictor has to be one value for each worker, such as the worker's score: "
            "correct the rows that differ, or choose another column. An answer of service users "
            "can be a covariate (--covariate, covariates=); as a predictor of its own it needs "
            "fit_mixed() in Python.",
        )


def _terms(
    sums: GroupSums, predictor: str, covariates: tuple[str, ...], *, split: bool
) -> tuple[GroupSums, tuple[str, ...], list[str]]:
    """Split covariates that vary within workers, and name all terms of the model in order."""
    moving = [name for name in covariates if split and sums.varying[sums.place(name)] > 0]
    parts_of = {part(name): name for name in moving for part in (within_name, between_name)}
    clashes = [name for name in sums.columns if name in parts_of]
    if clashes:
        raise ModelError(
            f"The column {clashes[0]!r} is called like a part of {parts_of[clashes[0]]!r}, which "
            "varies within workers and is split.",
            hint="Rename it, or enter covariates unsplit (split_covariates=False).",
        )
    divided = sums.split(moving)
    same = [name for name in moving if divided.equal_means(between_name(name))]
    unwanted = {between_name(name) for name in same}
    wanted = [predictor]
    for name in covariates:
        parts = [within_name(name), between_name(name)] if name in moving else [name]
        wanted += [column for column in parts if column not in unwanted]
    notes = []
    if moving:
        verb = "varies" if len(moving) == 1 else "vary"
        notes.append(
            f"{and_list(moving)} {verb} within {sums.group}: entered as a within part and a mean "
            f"of each {sums.group}."
        )
    notes += [
        f"The mean of {name} is the same for every {sums.group}; only its within part entered."
        for name in same
    ]
    return divided, tuple(wanted), notes


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


def _design_effect(sums: GroupSums, icc: float) -> float:
    typical = float(sums.counts @ sums.counts) / sums.n_rows
    return 1.0 + (typical - 1.0) * icc
