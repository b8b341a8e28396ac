"""What could fool us: the primary slope beside what other defensible analyses make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np

from relsurvey.errors import ModelError
from relsurvey.linkage import Linked
from relsurvey.options import require_name, require_whole
from relsurvey.sensitivity.check import Check, not_run
from relsurvey.sensitivity.checks import ceiling, scored_otherwise, who_is_missing
from relsurvey.sensitivity.checks.cluster_size import check_cluster_size
from relsurvey.sensitivity.checks.flagged import FLAGS, check_flagged
from relsurvey.sensitivity.checks.minimum_users import check_minimum_users
from relsurvey.sensitivity.checks.moderators import MODERATORS, check_moderator, check_stages
from relsurvey.sensitivity.checks.one_left_out import check_one_left_out
from relsurvey.sensitivity.checks.shape import check_shape
from relsurvey.sensitivity.checks.unmeasured import check_unmeasured
from relsurvey.sensitivity.question import Question, as_mask, ask, category_codes
from relsurvey.sensitivity.sensitivity_result import SensitivityResult, overall
from relsurvey.sensitivity.slope import Slope, model_slope
from relsurvey.small_groups import USUAL_THRESHOLD

__all__ = ["check_sensitivity"]

CARELESS = "(careless)"
CATEGORIES = "(category of {})"


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
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
) -> SensitivityResult:
    """Ask the question of ``associate`` again with one thing changed at a time.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    outcome, predictor, covariates, group, team
        As in ``associate``; with them the primary slope is that of ``associate``.
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
    confidence : float, default 0.95
        Coverage of all intervals.
    threshold : int, default 10
        Fewest people of whom a count, or by whom a comparison, is shown.

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
    for their number. Nothing in it is random.

    Examples
    --------
    >>> generator = np.random.default_rng(1)
    >>> worker = np.repeat(np.arange(30), 4)
    >>> x = generator.normal(size=30)[worker]
    >>> data = {"worker_id": worker, "x": x,
    ...         "y": 0.5 * x + generator.normal(size=30)[worker] + generator.normal(size=120)}
    >>> result = check_sensitivity(data, "y", "x", group="worker_id")
    >>> round(result.primary.estimate, 2), result.n_slopes, result.n_other_direction
    (0.33, 7, 0)
    """
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
    checks = (
        check_cluster_size(question, primary),
        check_minimum_users(question, primary, minimum),
        check_one_left_out(question, "worker"),
        _teams(question, ready.team),
        *_flagged(question, primary, {**flags, "careless": careless}),
        _not_applicable(question, primary, scored),
        _ceiling(question, primary, highest),
        check_shape(question),
        *_moderated(question, moderators, categories),
        *_missing_people(linked, question, (workers, service_users), (frame, responded)),
        check_unmeasured(primary),
    )
    return SensitivityResult(
        outcome=outcome,
        predictor=predictor,
        group=question.group,
        team=ready.team,
        covariates=question.covariates,
        primary=primary,
        checks=checks,
        confidence=confidence,
        threshold=question.threshold,
        notes=ready.notes,
        **overall(checks, primary),
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


def _teams(question: Question, team: str | None) -> Check:
    if team is not None:
        return check_one_left_out(question, "team")
    needs = "needs the column of the team (--team, team=)"
    if question.team is not None:
        needs = "needs teams as a level of the model (see the notes)"
    return not_run("one team left out", "Does it hang on one team?", needs)


def _flagged(question: Question, primary: Slope, given: Mapping[str, str | None]) -> list[Check]:
    checks = []
    for flag in FLAGS:
        column = given[flag.option]
        option = flag.option.replace("_", "-")
        needs = f"needs a column of 0 and 1 (--{option}, {flag.option}=)"
        checks.append(
            not_run(flag.name, flag.question, needs)
            if column is None
            else check_flagged(question, primary, flag, column)
        )
    return checks


def _not_applicable(question: Question, primary: Slope, scored: Mapping[str, str]) -> Check:
    if scored:
        return scored_otherwise.check_not_applicable(question, primary, scored)
    needs = "needs the outcome scored by another rule (--not-applicable, not_applicable=)"
    return not_run(scored_otherwise.NAME, scored_otherwise.ASKED, needs)


def _ceiling(question: Question, primary: Slope, highest: float | None) -> Check:
    if highest is None:
        return not_run(
            ceiling.NAME, ceiling.ASKED, "needs the top of the scale (--highest, highest=)"
        )
    return ceiling.check_ceiling(question, primary, float(highest))


def _moderated(
    question: Question, given: Mapping[str, str | None], categories: Mapping[str, list[str]]
) -> list[Check]:
    checks = []
    for moderator in MODERATORS:
        column = given[moderator.option]
        if column is None:
            needs = f"needs a column (--{moderator.option}, {moderator.option}=)"
            checks.append(not_run(moderator.name, moderator.question, needs))
        elif moderator.option in categories:
            codes, labels = CATEGORIES.format(column), categories[moderator.option]
            checks.append(check_stages(question, moderator, codes, labels))
        else:
            checks.append(check_moderator(question, moderator, column))
    return checks


def _missing_people(
    linked: Any, question: Question, tables: tuple[Any, Any], asked: tuple[Any, str | None]
) -> list[Check]:
    """Compare who is in the analysis with who is not, where the whole tables are known."""
    checks = []
    limits: dict[str, Any] = {"confidence": question.confidence, "threshold": question.threshold}
    wanted = (question.predictor, *question.covariates, question.outcome)
    for who, option, table in zip(
        ("workers", "service users"), ("workers", "service_users"), tables, strict=True
    ):
        name, about = f"linked {who}", f"Are the {who} who could be linked like the others?"
        columns = [] if table is None else _columns_of(table, wanted)
        if not columns:
            needs = f"needs the whole table from before linking ({option}= in Python)"
            checks.append(not_run(name, about, needs))
            continue
        checks.append(who_is_missing.linked_against_unlinked(
            table, linked, columns, who=who, on=question.group, **limits
        ))  # fmt: skip
    frame, responded = asked
    if frame is None or responded is None:
        needs = "needs everybody asked and who answered (frame=, responded= in Python)"
        checks.append(not_run("respondents", "Are those who answered like the rest?", needs))
        return checks
    known = [name for name in _columns_of(frame) if name not in (responded, question.group)]
    group = question.group if _columns_of(frame, [question.group]) else None
    checks.append(who_is_missing.respondents_against_rest(
        frame, responded, known, group=group, **limits
    ))  # fmt: skip
    return checks


def _columns_of(table: Any, wanted: Sequence[str] | None = None) -> list[str]:
    """Return number columns of a table, or those wanted that it has."""
    eager = nw.from_native(table)
    schema = eager.collect_schema()
    if wanted is not None:
        return [name for name in wanted if name in schema]
    return [name for name, dtype in schema.items() if dtype.is_numeric() or dtype == nw.Boolean]
