"""The analyses of a study: each asks the plan's questions of the linked table, or of one survey."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from relsurvey.agreement import ScalesAgreement, scale_agreement
from relsurvey.association import AssociationResult, associate
from relsurvey.association.family import FamilyQuestion, FamilyResult, associate_questions
from relsurvey.association.panel import Companions, companions
from relsurvey.errors import RelSurveyError, StudyError, listed
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

__all__ = [
    "agreement_of",
    "associated",
    "checked",
    "curve_of",
    "everybody_associated",
    "family_of",
    "linked_of",
    "panel_of",
    "structure_of",
]


def everybody_associated(
    plan: StudyPlan, everybody: Sequence[Responses], surveys: Sequence[Survey]
) -> tuple[tuple[AssociationResult, ...], str]:
    """Run every association also with those who were left out, where somebody was."""
    if not any(sum(survey.excluded.values()) for survey in surveys):
        return (), ""
    try:
        linked = linked_of(plan, *((responses, score(responses)) for responses in everybody))
        return tuple(associated(plan, linked, one) for one in plan.hypotheses), ""
    except RelSurveyError as problem:
        # What was left out can be what stands in the way, such as a worker's id there twice.
        return (), f"The association with everybody cannot be computed: {problem.message}"


def linked_of(
    plan: StudyPlan,
    workers: tuple[Responses, pd.DataFrame],
    service_users: tuple[Responses, pd.DataFrame],
) -> Linked:
    """Link the scores of both surveys, with the covariates that are context questions."""
    wanted = {name for one in plan.hypotheses for name in one.covariates}
    frames = []
    for responses, scores in (workers, service_users):
        names = [name for name in responses.context.columns if name in wanted]
        rows = pd.Index(responses.rows, name=ROW)
        context = responses.context[names].set_axis(rows)
        numbers = numeric_columns(context, names, source=responses.path.name)
        frames.append(scores.set_axis(rows).join(numbers))
    worker_side = frames[0].drop(columns="respondent_id", errors="ignore")
    team = "team" if "team" in worker_side else None
    return link(worker_side, frames[1], on="worker_id", team=team)


def associated(plan: StudyPlan, linked: Linked, hypothesis: Hypothesis) -> AssociationResult:
    """Associate one pair; a workers' scale that service users have too was renamed in linking."""
    return associate(
        linked,
        hypothesis.outcome,
        linked.log.renamed.get(hypothesis.predictor, hypothesis.predictor),
        covariates=_present(linked, hypothesis),
        confidence=1 - plan.alpha,
        smallest_effect=plan.smallest_effect,
    )


def family_of(plan: StudyPlan, linked: Linked) -> FamilyResult | None:
    """Adjust the secondary associations for their number, where there are any.

    The primary one, fixed beforehand, is no part of the adjustment.
    """
    if not plan.secondary:
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


def panel_of(plan: StudyPlan, linked: Linked, workers: Survey) -> Companions:
    """Ask the other methods the primary question, with the reliability the workers' scale has."""
    hypothesis = plan.primary
    figures = workers.reliability.to_frame()
    own = figures.loc[figures["scale"] == hypothesis.predictor, ["omega_total", "alpha"]]
    known = [float(value) for value in own.to_numpy().ravel() if 0.0 < value <= 1.0]
    reliability = known[0] if known else None
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
        raise StudyError(
            f"The covariates {listed(absent)} are asked about by an instrument, but neither "
            "export has a column for them.",
            hint="Take them out of the study file, or map the columns with 'columns'.",
        )
    return tuple(hypothesis.covariates)


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
        threshold=plan.disclosure.threshold,
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
