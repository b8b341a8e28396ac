"""What could fool us: the primary slope beside what other defensible analyses make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from relsurvey.errors import ModelError
from relsurvey.linkage import Linked
from relsurvey.options import require_flag, require_name, require_whole
from relsurvey.sensitivity.check import Check
from relsurvey.sensitivity.checks.cluster_size import check_cluster_size
from relsurvey.sensitivity.checks.minimum_users import check_minimum_users
from relsurvey.sensitivity.checks.one_left_out import check_one_left_out
from relsurvey.sensitivity.checks.shape import check_shape
from relsurvey.sensitivity.checks.unmeasured import check_unmeasured
from relsurvey.sensitivity.optional_checks import (
    CATEGORIES,
    check_flags,
    check_missing_people,
    check_moderators,
    check_not_applicable,
    check_teams,
    check_top,
    check_unanswered,
)
from relsurvey.sensitivity.question import Question, as_mask, ask, category_codes
from relsurvey.sensitivity.sensitivity_result import SensitivityResult, overall
from relsurvey.sensitivity.slope import model_slope
from relsurvey.small_groups import USUAL_THRESHOLD

__all__ = ["check_sensitivity"]

CARELESS = "(careless)"


def check_sensitivity(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    chosen_by: str | None = None,
    proxy: str | None = None,
    present: str | None = None,
    careless: Any = None,
    not_applicable: Mapping[str, str] | str | None = None,
    highest: float | None = None,
    length: str | None = None,
    stage: str | None = None,
    required: str | None = None,
    continuity: str | None = None,
    minimum_users: Sequence[int] = (1, 2, 3, 5),
    workers: Any = None,
    service_users: Any = None,
    frame: Any = None,
    responded: str | None = None,
    imputations: int = 0,
    tipping_point: bool = False,
    seed: int | None = None,
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
    progress: Callable[[str], None] | None = None,
) -> SensitivityResult:
    """Ask the question of ``associate`` again with one thing changed at a time.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    outcome, predictor, covariates, group, team
        As in ``associate``; with them the primary slope is that of ``associate``. Covariates may
        be categories (text).
    chosen_by, proxy, present : str, optional
        Columns of 0 and 1: whether the service user was chosen by the worker, somebody else
        answered, the worker was there. Empty where it is not known.
    careless : str or array of bool, optional
        Which answers look careless: a column of 0 and 1, or one value for each row.
    not_applicable : str or mapping of str to str, optional
        Columns of the outcome scored under other rules for answers that do not apply, by what
        was done: ``{"as best": "experience_best"}``.
    highest : float, optional
        The highest value the outcome can have. Never taken from the data.
    length, stage, required, continuity : str, optional
        Columns of the length and the stage of the relationship, of whether involvement was
        required or asked for, and of the continuity of the worker: numbers, or text that is
        taken as categories.
    minimum_users : sequence of int, default (1, 2, 3, 5)
        Fewest service users of a worker, one slope each.
    workers, service_users : frame, optional
        The whole tables from before they were linked, for who could not be.
    frame : frame, optional
        Everybody who was asked, and in ``responded`` the column of who answered (0 and 1).
    responded : str, optional
        See ``frame``.
    imputations : int, default 0
        How many times missing answers are imputed, 0 for not at all; otherwise at least 2.
    tipping_point : bool, default False
        Whether to look for how far off missing answers of service users whose worker has a low
        score would have to be for the verdict to turn (20 imputations if not said otherwise).
    seed : int, optional
        Of the random numbers; needed for imputations.
    confidence : float, default 0.95
        Coverage of all intervals.
    threshold : int, default 10
        Fewest people of whom a count, or by whom a comparison, is shown.
    progress : callable, optional
        Called with the name of each step as it begins.

    Returns
    -------
    SensitivityResult
        One check after the other. A check for which a column is missing is listed as not run.

    Raises
    ------
    ModelError
        Where the primary slope cannot be estimated, or a column or an option cannot be used. A
        slope of a check that cannot be estimated is NaN with the reason in ``note``.

    Notes
    -----
    These are looks at one result, not tests of their own: p values of checks are not adjusted
    for their number. Nothing in it is random but what is imputed.

    Examples
    --------
    >>> generator = np.random.default_rng(1)
    >>> worker = np.repeat(np.arange(30), 4)
    >>> x = generator.normal(size=30)[worker]
    >>> data = {"worker_id": worker, "x": x,
    ...         "y": 0.5 * x + generator.normal(size=30)[worker] + generator.normal(size=120)}
    >>> result = check_sensitivity(data, "y", "x", group="worker_id")
    >>> round(result.primary.estimate, 2), result.n_slopes, result.n_other_direction
    (0.33, 4, 0)
    """
    _require_imputations(imputations, tipping_point, seed)
    flags = {"chosen_by": chosen_by, "proxy": proxy, "present": present}
    scored = _scored(not_applicable)
    minimum = _minimum(minimum_users)
    further = [name for name in flags.values() if name is not None]
    further += [careless] if isinstance(careless, str) else []
    question = ask(
        linked, outcome, predictor, covariates=covariates, group=group, team=team,
        further=[*further, *scored.values()], confidence=confidence, threshold=threshold,
    )  # fmt: skip
    moderators = {"length": length, "stage": stage, "required": required, "continuity": continuity}
    question, categories = _with_moderators(question, linked, moderators)
    if careless is not None and not isinstance(careless, str):
        mask = as_mask(careless, question.n_rows, "careless")
        question, careless = question.having(**{CARELESS: mask.astype(np.float64)}), CARELESS
    ready = question.prepared()
    primary = model_slope(ready, confidence)
    steps: list[tuple[str, Callable[[], list[Check]]]] = [
        ("Number of service users", lambda: [check_cluster_size(question, primary),
                                             check_minimum_users(question, primary, minimum)]),
        ("Each worker left out", lambda: [check_one_left_out(question, "worker")]),
        ("Each team left out", lambda: [check_teams(question, ready.team)]),
        ("Answers with a flag",
         lambda: check_flags(question, primary, {**flags, "careless": careless})),
        ("Scores and scale", lambda: [check_not_applicable(question, primary, scored),
                                      check_top(question, primary, highest),
                                      check_shape(question)]),
        ("Moderators", lambda: check_moderators(question, moderators, categories)),
        ("Missing answers",
         lambda: check_unanswered(question, primary, ready.team,
                                  (imputations, tipping_point, seed or 0))),
        ("People who are missing",
         lambda: check_missing_people(linked, question, (workers, service_users),
                                      (frame, responded))),
        ("Unmeasured confounding", lambda: [check_unmeasured(primary)]),
    ]  # fmt: skip
    checks: list[Check] = []
    for step, run in steps:
        if progress is not None:
            progress(step)
        checks += run()
    return SensitivityResult(
        outcome=outcome,
        predictor=predictor,
        group=question.group,
        team=ready.team,
        covariates=question.given,
        primary=primary,
        checks=tuple(checks),
        confidence=confidence,
        threshold=question.threshold,
        notes=(*question.notes, *ready.notes),
        **overall(tuple(checks), primary),
    )


def _scored(given: Mapping[str, str] | str | None) -> dict[str, str]:
    if given is None:
        return {}
    if isinstance(given, str):
        return {f"scored as {given}": given}
    if not isinstance(given, Mapping):
        raise ModelError(
            "not_applicable has to be a column or a mapping; it is of type "
            f"{type(given).__name__}.",
            hint="For instance not_applicable={'as best': 'experience_best'}.",
        )
    return {str(label): require_name(f"not_applicable[{label!r}]", column)
            for label, column in given.items()}  # fmt: skip


def _require_imputations(times: int, tipping_point: object, seed: int | None) -> None:
    require_flag("tipping_point", tipping_point)
    if require_whole("imputations", times, lowest=0):
        require_whole(
            "imputations", times, lowest=2, hint="Rubin's rules need two or more; 0 for none."
        )
    if times or tipping_point or seed is not None:
        require_whole("seed", seed, lowest=0, hint="The same seed gives the same numbers.")


def _minimum(given: Sequence[int]) -> tuple[int, ...]:
    values = [given] if isinstance(given, int) else list(given)
    return tuple(dict.fromkeys(require_whole("minimum_users", value, lowest=1) for value in values))


def _with_moderators(
    question: Question, linked: Any, moderators: Mapping[str, str | None]
) -> tuple[Question, dict[str, list[str]]]:
    """Add the moderators as numbers, text ones as codes; return the names of their categories."""
    source = linked.frame if isinstance(linked, Linked) else linked
    categories: dict[str, list[str]] = {}
    for option, name in moderators.items():
        if name is None:
            continue
        values, labels = category_codes(source, require_name(option, name))
        if labels:
            categories[option] = labels
            name = CATEGORIES.format(name)
        if name not in question.columns:
            question = question.having(**{name: values})
    return question, categories
