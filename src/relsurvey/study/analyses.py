"""The analyses of a study: each asks the plan's questions of the linked table, or of one survey."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NoReturn, TypeVar

import pandas as pd

from relsurvey.agreement import ScalesAgreement, scale_agreement
from relsurvey.association import AssociationResult, associate
from relsurvey.association.family import FamilyQuestion, FamilyResult, associate_questions
from relsurvey.association.moderation import moderated
from relsurvey.association.panel import Companions, companions
from relsurvey.association.uncomputed import uncomputed
from relsurvey.errors import ModelError, RelSurveyError, StudyError, listed
from relsurvey.frames import ROW
from relsurvey.intake import Responses, numeric_columns
from relsurvey.linkage import Linked, link
from relsurvey.psychometrics.structure import StructureResult, compare_models
from relsurvey.scoring import score
from relsurvey.sensitivity import (
    SensitivityResult,
    SpecificationCurve,
    check_sensitivity,
    specification_curve,
)
from relsurvey.study.plan import Hypothesis, StudyPlan
from relsurvey.study.result import Survey
from relsurvey.study.teams import TeamScores, with_team_scores

__all__ = [
    "agreement_of",
    "associated",
    "checked",
    "curve_of",
    "everybody_associated",
    "family_of",
    "linked_of",
    "panel_of",
    "reliability_of",
    "resting_on",
    "structure_of",
]

Found = TypeVar("Found")

NOT_WITHOUT = "it rests on the primary association, which could not be computed"


def everybody_associated(
    plan: StudyPlan,
    everybody: Sequence[Responses],
    surveys: Sequence[Survey],
    teams: TeamScores | None = None,
) -> tuple[tuple[AssociationResult, ...], str]:
    """Run every association also with those who were left out, where somebody was."""
    if not any(sum(survey.excluded.values()) for survey in surveys):
        return (), ""
    try:
        workers, users = ((responses, score(responses)) for responses in everybody)
        linked = linked_of(plan, workers, users, teams)
        return tuple(associated(plan, linked, one) for one in plan.hypotheses), ""
    except RelSurveyError as problem:
        # What was left out can be what stands in the way, such as a worker's id there twice.
        return (), f"The association with everybody cannot be computed: {problem.message}"


def linked_of(
    plan: StudyPlan,
    workers: tuple[Responses, pd.DataFrame],
    service_users: tuple[Responses, pd.DataFrame],
    teams: TeamScores | None = None,
) -> Linked:
    """Link the scores of both surveys, with context questions that are used, and teams' means."""
    wanted = {name for one in plan.hypotheses for name in (*one.covariates, one.moderator)}
    frames = []
    for responses, scores in (workers, service_users):
        names = [name for name in responses.context.columns if name in wanted]
        rows = pd.Index(responses.rows, name=ROW)
        context = responses.context[names].set_axis(rows)
        numbers = numeric_columns(context, names, source=responses.path.name)
        frames.append(scores.set_axis(rows).join(numbers))
    worker_side = frames[0].drop(columns="respondent_id", errors="ignore")
    if teams is not None:
        worker_side = with_team_scores(worker_side, teams)
    team = "team" if "team" in worker_side else None
    return link(worker_side, frames[1], on="worker_id", team=team)


def associated(plan: StudyPlan, linked: Linked, hypothesis: Hypothesis) -> AssociationResult:
    """Associate one pair; a workers' scale that service users have too was renamed in linking.

    Where the data cannot answer, the result says why: the rest of the study is there to be told.
    """
    pair = (
        hypothesis.outcome,
        linked.log.renamed.get(hypothesis.predictor, hypothesis.predictor),
    )
    covariates = _present(linked, hypothesis)
    try:
        found = associate(
            linked,
            *pair,
            covariates=covariates,
            confidence=1 - plan.alpha,
            smallest_effect=plan.smallest_effect,
        )
    except ModelError as problem:
        return uncomputed(
            linked, *pair, covariates, reason=problem.message, confidence=1 - plan.alpha
        )
    return found if hypothesis.moderator is None else _moderated(linked, found, hypothesis)


def _moderated(
    linked: Linked, found: AssociationResult, hypothesis: Hypothesis
) -> AssociationResult:
    """Ask whether the slope differs with the moderator; a note says why where it cannot be had."""
    moderator = str(hypothesis.moderator)
    if moderator not in linked.frame:
        _raise_absent("The moderator", [moderator])
    try:
        moderation = moderated(
            linked,
            found.outcome,
            found.predictor,
            moderator,
            covariates=found.covariates,
            confidence=found.confidence,
            df=found.model.df,
        )
    except ModelError as problem:
        note = f"Whether the slope differs with {moderator} cannot be computed: {problem.message}"
        return replace(found, notes=(*found.notes, note))
    return replace(found, moderation=moderation)


def resting_on(
    primary: AssociationResult, analysis: Callable[[], Found] | None
) -> tuple[Found | None, str]:
    """Run what looks at the primary association once more; say why where that cannot be had."""
    if primary.note or analysis is None:
        return None, NOT_WITHOUT
    try:
        return analysis(), ""
    except RelSurveyError as problem:
        return None, problem.message


def family_of(
    plan: StudyPlan, linked: Linked, associations: Sequence[AssociationResult]
) -> FamilyResult | None:
    """Adjust the secondary associations for their number, where any was computed.

    The primary one, fixed beforehand, is no part of the adjustment.
    """
    if all(one.note for one in associations[1:]):
        return None
    questions = [
        FamilyQuestion(
            one.outcome,
            linked.log.renamed.get(one.predictor, one.predictor),
            _present(linked, one),
        )
        for one in plan.hypotheses
    ]
    return associate_questions(
        linked,
        questions,
        primary=0,
        permutations=plan.permutations,
        seed=plan.seed,
        smallest_effect=plan.smallest_effect,
        alpha=plan.alpha,
        confidence=1 - plan.alpha,
    )


def reliability_of(plan: StudyPlan, workers: Survey) -> float | None:
    """Return the reliability of the score that the primary question is about, where it is known."""
    figures = workers.reliability.to_frame()
    own = figures.loc[figures["scale"] == plan.primary.predictor, ["omega_total", "alpha"]]
    known = [float(value) for value in own.to_numpy().ravel() if 0.0 < value <= 1.0]
    return known[0] if known else None


def panel_of(plan: StudyPlan, linked: Linked, reliability: float | None) -> Companions:
    """Ask the other methods the primary question."""
    hypothesis = plan.primary
    return companions(
        linked,
        hypothesis.outcome,
        linked.log.renamed.get(hypothesis.predictor, hypothesis.predictor),
        covariates=_present(linked, hypothesis),
        confidence=1 - plan.alpha,
        reliability=reliability,
        bootstraps=plan.bootstraps,
        permutations=plan.permutations,
        seed=plan.seed,
    )


def _present(linked: Linked, hypothesis: Hypothesis) -> tuple[str, ...]:
    absent = [name for name in hypothesis.covariates if name not in linked.frame]
    if absent:
        _raise_absent("The covariates", absent)
    return tuple(hypothesis.covariates)


def _raise_absent(what: str, names: Sequence[str]) -> NoReturn:
    raise StudyError(
        f"{what} {listed(names)}: asked about by an instrument, but neither export has a column "
        "for that.",
        hint="Take it out of the study file, or map the column with 'columns'.",
    )


def structure_of(responses: Responses) -> tuple[StructureResult | None, str]:
    """Fit the factor models that the instrument names; say why where that cannot be done."""
    if not responses.instrument.models:
        return None, "The instrument names no factor model."
    try:
        return compare_models(responses), ""
    except RelSurveyError as problem:
        return None, problem.message


def agreement_of(plan: StudyPlan, responses: Responses) -> tuple[ScalesAgreement | None, str]:
    """Say for each scale how far service users of one worker agree."""
    try:
        return (
            scale_agreement(
                responses, confidence=1 - plan.alpha, threshold=plan.disclosure.threshold
            ),
            "",
        )
    except RelSurveyError as problem:
        return None, problem.message


def checked(plan: StudyPlan, linked: Linked, surveys: tuple[Survey, Survey]) -> SensitivityResult:
    """Ask the primary question again with one thing changed at a time."""
    hypothesis = plan.primary
    workers, users = (survey.scores for survey in surveys)
    return check_sensitivity(
        linked,
        hypothesis.outcome,
        linked.log.renamed.get(hypothesis.predictor, hypothesis.predictor),
        covariates=_present(linked, hypothesis),
        workers=workers,
        service_users=users,
        confidence=1 - plan.alpha,
        # Of service users' means as many workers, where the study file asks for more of these.
        threshold=max(plan.disclosure.threshold, plan.disclosure.rules.workers_needed),
        seed=plan.seed,
    )


def curve_of(plan: StudyPlan, linked: Linked) -> SpecificationCurve:
    """Ask the primary question in every combination of defensible choices."""
    hypothesis = plan.primary
    covariates = _present(linked, hypothesis)
    return specification_curve(
        linked,
        hypothesis.outcome,
        linked.log.renamed.get(hypothesis.predictor, hypothesis.predictor),
        covariate_sets=[covariates, ()] if covariates else None,
        permutations=plan.curve_permutations,
        confidence=1 - plan.alpha,
        threshold=plan.disclosure.threshold,
        seed=plan.seed,
    )
