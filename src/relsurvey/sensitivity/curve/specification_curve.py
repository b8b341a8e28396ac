"""The whole grid of defensible choices, run and compared with chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from relsurvey.association.prepared import Prepared
from relsurvey.errors import ModelError
from relsurvey.options import require_whole
from relsurvey.sensitivity.check import left_out
from relsurvey.sensitivity.checks.cluster_size import users_per_worker
from relsurvey.sensitivity.checks.flagged import require_flag_values
from relsurvey.sensitivity.curve.curve_result import SpecificationCurve, curve_result
from relsurvey.sensitivity.curve.dealings import curve_tests, deal, log_dealings, strata
from relsurvey.sensitivity.curve.fixed_variance import FixedVariance, fixed_variance
from relsurvey.sensitivity.curve.grid import Choices, Rows, Specification, choices
from relsurvey.sensitivity.question import Floats, Mask, Question, as_mask, ask
from relsurvey.sensitivity.slope import MODELS, Slope, model_slope, require_worker_level
from relsurvey.small_groups import USUAL_THRESHOLD

__all__ = ["specification_curve"]


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """One specification: its slope, and what its slopes by chance are worked out from."""

    specification: Specification
    slope: Slope
    fixed: FixedVariance | None = None
    workers: Any = None


def specification_curve(
    linked: Any,
    outcomes: str | Sequence[str],
    predictors: str | Sequence[str],
    *,
    covariate_sets: Mapping[str, Sequence[str]] | Sequence[Sequence[str]] | None = None,
    group: str | None = None,
    team: str | None = None,
    minimum_users: int | Sequence[int] = (1, 2, 3, 5),
    exclusions: Mapping[str, Any] | None = None,
    models: str | Sequence[str] = tuple(MODELS),
    permutations: int = 500,
    seed: int | None = None,
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
    progress: Callable[[int, int], None] | None = None,
) -> SpecificationCurve:
    """Run every combination of defensible choices.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    outcomes, predictors : str or sequence of str
        Columns that each could stand for what is asked. The first of every choice makes up the
        primary specification.
    covariate_sets : mapping or sequence of sequences of str, optional
        Sets of covariates, by name or not; no covariates if not given.
    group, team : str, optional
        As in ``associate``.
    minimum_users : int or sequence of int, default (1, 2, 3, 5)
        Fewest service users, with complete answers and not excluded, of a worker.
    exclusions : mapping of str to str or array of bool, optional
        What may be left out or not, each by itself: a column of 0 and 1, or one True or False a
        row. Rows of which it is not known are left out too.
    models : str or sequence of str
        Of "mixed" (the primary analysis of ``associate``), "cluster_ols" (ordinary regression of
        rows) and "worker_means" (of workers' means), the last two with CR2 standard errors
        clustered by team where there is that level and by worker otherwise.
    permutations : int, default 500
        Dealings of the scores; 0 for none.
    seed : int, optional
        Of the random numbers; needed for permutations.
    confidence : float, default 0.95
        Coverage of intervals; a specification is significant at one less it.
    threshold : int, default 10
        Fewest people of whom a count is shown.
    progress : callable, optional
        Called with how many specifications are done and how many there are.

    Returns
    -------
    SpecificationCurve
        One row a specification, with standardised slope, interval and p value; how they agree;
        which choices move them most; and the curve against chance.

    Raises
    ------
    ModelError
        Where the primary specification cannot be fitted, or a column or an option cannot be
        used. Other specifications that cannot be fitted are listed in ``failed``.

    Notes
    -----
    A standardised slope is in standard deviations of the outcome, over service users, per
    standard deviation of the predictor, over workers, those of the specification's own rows.
    For the permutation test the scores of all predictors are dealt out together, anew, among
    workers (of the same team where there is that level; of whom the same scores are known), and
    the whole curve is recomputed. To be fast, slopes of mixed models are taken there at the
    variances of the model without the predictor, as observed and by chance alike; so the
    median it is about differs a little from that of the table. Covariates stay with their
    workers: where they go with the predictor, the test holds approximately.
    Specifications are no independent results: their number says nothing of certainty.

    References
    ----------
    Simonsohn, U., Simmons, J. P., & Nelson, L. D. (2020). Specification curve analysis. Nature
    Human Behaviour, 4(11), 1208-1214.

    Examples
    --------
    >>> generator = np.random.default_rng(1)
    >>> worker = np.repeat(np.arange(40), 4)
    >>> x = generator.normal(size=40)[worker]
    >>> data = {"worker_id": worker, "x": x,
    ...         "y": 0.6 * x + generator.normal(size=40)[worker] + generator.normal(size=160)}
    >>> curve = specification_curve(data, "y", "x", group="worker_id", minimum_users=(1, 2),
    ...                             permutations=99, seed=1)
    >>> len(curve.table), curve.share_same_direction, curve.permutation["median"]["p_value"]
    (6, 1.0, 0.01)
    """
    grid = choices(outcomes, predictors, covariate_sets, minimum_users, exclusions, models)
    count = require_whole("permutations", permutations, lowest=0)
    if count:
        require_whole("seed", seed, lowest=0, hint="The same seed gives the same numbers.")
    question, excluded = _question(linked, grid, exclusions, group, team, confidence, threshold)
    fitted: list[_Fitted] = []
    failed: list[dict[str, Any]] = []
    ready: tuple[Rows, Prepared | str] | None = None
    primary: Prepared | None = None
    for done, one in enumerate(grid.specifications(), start=1):
        if ready is None or ready[0] != one.rows:
            ready = one.rows, _prepared(question, one.rows, grid, excluded)
        found = _fit(one, ready[1], confidence, with_chance=count > 0)
        if isinstance(found, _Fitted):
            primary = primary or (ready[1] if isinstance(ready[1], Prepared) else None)
            fitted.append(_counted(found, fitted, question.threshold))
        else:
            failed.append({**one.labels(), "reason": found})
        if done == 1 and not fitted:
            raise ModelError(
                f"The primary specification cannot be fitted: {failed[0]['reason']}",
                hint="The first of every choice makes up the primary specification.",
            )
        if progress is not None:
            progress(done, grid.count)
    assert primary is not None  # noqa: S101
    chance = _by_chance(question, grid, fitted, primary, count, seed)
    return curve_result(
        [(one.specification, one.slope) for one in fitted], failed, grid,
        replace(primary, notes=(*question.notes, *primary.notes)), chance,
        confidence=confidence, permutations=count, seed=seed,
    )  # fmt: skip


def _question(
    linked: Any,
    grid: Choices,
    exclusions: Mapping[str, Any] | None,
    group: str | None,
    team: str | None,
    confidence: float,
    threshold: int,
) -> tuple[Question, dict[str, Mask]]:
    """Read all columns once; return where each exclusion holds or is not known."""
    covariates = [name for names in grid.covariate_sets.values() for name in names]
    given = exclusions or {}
    named = [column for column in given.values() if isinstance(column, str)]
    question = ask(
        linked, grid.outcomes[0], grid.predictors[0], covariates=list(dict.fromkeys(covariates)),
        group=group, team=team, further=[*grid.outcomes, *grid.predictors, *named],
        confidence=confidence, threshold=threshold,
    )  # fmt: skip
    masks = {}
    for name, column in given.items():
        if isinstance(column, str):
            values = question.columns[column]
            require_flag_values(values, f"The exclusion {name!r}")
            masks[str(name)] = values != 0
        else:
            masks[str(name)] = as_mask(column, question.n_rows, f"The exclusion {name!r}")
    return question, masks


def _prepared(
    question: Question, rows: Rows, grid: Choices, excluded: Mapping[str, Mask]
) -> Prepared | str:
    """Return the sums of the rows chosen, or why there are none."""
    keep = np.ones(question.n_rows, dtype=bool)
    for name in rows.excluded:
        keep &= ~excluded[name]
    names = grid.covariate_sets[rows.covariates]
    chosen = replace(
        question,
        outcome=rows.outcome,
        predictor=rows.predictor,
        covariates=tuple(part for name in names for part in question.categories.get(name, (name,))),
        categories={name: question.categories[name] for name in names
                    if name in question.categories},
    ).only(keep)  # fmt: skip
    try:
        if rows.minimum_users > 1 and chosen.used_at_all():
            chosen = chosen.only(users_per_worker(chosen) >= rows.minimum_users)
        if not chosen.used_at_all():
            return "no complete row is left"
        return chosen.prepared(each_within=True)
    except ModelError as problem:
        return problem.message


def _fit(
    one: Specification, ready: Prepared | str, confidence: float, *, with_chance: bool
) -> _Fitted | str:
    if isinstance(ready, str):
        return ready
    few = require_worker_level(ready)
    if few:
        return few
    try:
        slope = model_slope(ready, confidence, one.model)
        if not np.isfinite(slope.estimate):
            return "the slope is not a number"
        if not with_chance:
            return _Fitted(one, slope)
        workers = ready.sums.ids.astype(np.float64).astype(np.intp)
        return _Fitted(one, slope, fixed_variance(ready, one.model), workers)
    except ModelError as problem:
        return problem.message


def _counted(found: _Fitted, fitted: Sequence[_Fitted], threshold: int) -> _Fitted:
    """Withhold counts from which a count of few people would follow, given those shown."""
    slope = found.slope
    if fitted:
        slope = left_out(slope, fitted[0].slope, threshold)
    return replace(found, slope=slope)


def _by_chance(
    question: Question,
    grid: Choices,
    fitted: Sequence[_Fitted],
    primary: Prepared,
    count: int,
    seed: int | None,
) -> tuple[dict[str, Mapping[str, float]], float]:
    """Return the tests of the curve, and the logarithm of the number of dealings there are."""
    if not count:
        return {}, float("nan")
    codes = question.columns[question.group]
    scores = np.stack([_of_workers(codes, question.columns[name]) for name in grid.predictors])
    teams = None
    if primary.team is not None:
        teams = _of_workers(codes, question.columns[primary.team])
    strata_of = strata(scores, teams)
    given = deal(strata_of, count, np.random.default_rng(seed))
    slopes, t = np.empty((2, len(fitted), count + 1))
    for place, one in enumerate(fitted):
        own = scores[grid.predictors.index(one.specification.rows.predictor)]
        if one.fixed is not None:
            slopes[place], t[place] = one.fixed.slopes(own[given[:, one.workers]])
    known = strata_of[~np.isnan(scores).all(axis=0)]
    return curve_tests(slopes, t, 1.0 - question.confidence), log_dealings(known)


def _of_workers(codes: Floats, values: Floats) -> Floats:
    """Return the value of each worker, one for each code; NaN where none is known."""
    known = ~np.isnan(codes)
    found = np.full(int(codes[known].max(initial=-1.0)) + 1, np.nan)
    there = known & ~np.isnan(values)
    found[codes[there].astype(np.intp)] = values[there]
    return found
