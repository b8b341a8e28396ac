"""The main job: read, score, check, link, associate, report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from relsurvey.association import AssociationResult, associate
from relsurvey.association.family import FamilyQuestion, FamilyResult, associate_questions
from relsurvey.association.panel import Companions, companions
from relsurvey.errors import RelSurveyError, StudyError, listed
from relsurvey.frames import ROW
from relsurvey.intake import Responses, numeric_columns, read_responses
from relsurvey.linkage import Linked, link
from relsurvey.psychometrics import item_analysis, reliability
from relsurvey.quality import check_quality
from relsurvey.scoring import score
from relsurvey.study.outputs import check_folder, write_outputs
from relsurvey.study.plan import (
    FileQuality,
    Hypothesis,
    StudyPlan,
    SurveyFile,
    instrument_of,
    load_plan,
)
from relsurvey.study.provenance import provenance_of
from relsurvey.study.result import StudyResult, Survey

__all__ = ["STEPS", "run_study"]

Progress = Callable[[str], None]

STEPS = ("Workers", "Service users", "Linkage", "Association", "Other methods", "Results")


def run_study(
    path: str | Path,
    out: str | Path | None,
    *,
    force: bool = False,
    keep_ids: bool = False,
    key: str | Path | None = None,
    command: str | None = None,
    progress: Progress | None = None,
) -> StudyResult:
    """Do everything a study file asks for.

    Parameters
    ----------
    path : str or pathlib.Path
        The study file.
    out : str or pathlib.Path or None
        Folder for the results; it gets ``shareable/`` (the report) and ``restricted/`` (scores
        and figures of persons, readable by their owner only). ``None`` writes nothing.
    force : bool
        Whether results that are in the folder already may be replaced. Other files in it are
        never touched.
    keep_ids : bool
        Whether ids are written as they are instead of as pseudonyms.
    key : str or pathlib.Path, optional
        The key file for pseudonyms; ``relsurvey.key`` beside the results folder if not given,
        made if it is not there.
    command : str, optional
        What to note as the command in the report.
    progress : callable, optional
        Called with the name of each of ``STEPS`` as it begins.

    Returns
    -------
    StudyResult
        Both surveys, the link, the associations and the provenance.

    Raises
    ------
    RelSurveyError
        Of the room in which something is wrong; nothing has been written then.

    Examples
    --------
    >>> from relsurvey.resources import shipped
    >>> result = run_study(shipped("sample") / "study.yaml", None)
    >>> result.primary.predictor, result.primary.outcome
    ('RC', 'TOTAL')
    """
    tell = progress or (lambda _: None)
    path = Path(path)
    plan = load_plan(path)
    folder = None if out is None else check_folder(Path(out), force=force)
    tell("Workers")
    everybody = [_read(plan.workers, path.parent)]
    workers = _survey(plan, everybody[0], plan.quality.workers)
    tell("Service users")
    everybody.append(_read(plan.service_users, path.parent))
    service_users = _survey(plan, everybody[1], plan.quality.service_users)
    tell("Linkage")
    linked = _linked(
        plan,
        (workers.responses, workers.scores),
        (service_users.responses, service_users.scores),
    )
    tell("Association")
    primary, *secondary = (_associated(plan, linked, one) for one in plan.hypotheses)
    everyone, note = _with_everybody(plan, everybody, (workers, service_users))
    result = StudyResult(
        plan=plan,
        workers=workers,
        service_users=service_users,
        linked=linked,
        primary=primary,
        secondary=tuple(secondary),
        provenance=provenance_of(
            (everybody[0], everybody[1]), plan.seed, command or f"run_study({path.name!r})"
        ),
        everyone=everyone,
        everyone_note=note,
        family=_family(plan, linked),
    )
    tell("Other methods")
    result = dataclasses.replace(result, companions=_companions(plan, linked, workers))
    tell("Results")
    if folder is None:
        return result
    write_outputs(result, folder, keep_ids=keep_ids, key=None if key is None else Path(key))
    return dataclasses.replace(result, folder=folder)


def _read(survey: SurveyFile, folder: Path) -> Responses:
    columns = folder / survey.columns if isinstance(survey.columns, str) else survey.columns
    return read_responses(
        folder / survey.file,
        instrument_of(survey, folder),
        id=survey.id,
        worker=survey.worker,
        team=survey.team,
        wave=survey.wave,
        platform=survey.platform,
        columns=columns,
        wording=None if survey.wording is None else folder / survey.wording,
        dictionary=None if survey.dictionary is None else folder / survey.dictionary,
        unknown=survey.unknown,
    )


def _survey(plan: StudyPlan, everybody: Responses, wanted: FileQuality) -> Survey:
    """Check the answers, leave out whom the plan says, and describe what is left."""
    quality = check_quality(
        everybody,
        attention=wanted.attention,
        thresholds=wanted.thresholds,
        exclude=wanted.exclude,
    )
    responses = everybody if quality.exclusion is None else quality.exclusion.data
    if everybody.n and not responses.n:
        raise StudyError(
            f"{everybody.path.name}: the rules {listed(wanted.exclude)} leave nobody.",
            hint=f"Look at what they flag: relsurvey check {everybody.path.name} "
            f"-i {everybody.instrument.id}.",
        )
    return Survey(
        role=responses.instrument.respondent,
        responses=responses,
        instrument=responses.instrument,
        scores=score(responses),
        reliability=reliability(responses, missing=plan.missing, confidence=1 - plan.alpha),
        items=item_analysis(responses, missing=plan.missing),
        quality=quality,
    )


def _with_everybody(
    plan: StudyPlan, everybody: Sequence[Responses], surveys: Sequence[Survey]
) -> tuple[tuple[AssociationResult, ...], str]:
    """Run every association also with those who were left out, where somebody was."""
    if not any(sum(survey.excluded.values()) for survey in surveys):
        return (), ""
    try:
        linked = _linked(plan, *((responses, score(responses)) for responses in everybody))
        return tuple(_associated(plan, linked, one) for one in plan.hypotheses), ""
    except RelSurveyError as problem:
        # What was left out can be what stands in the way, such as a worker's id there twice.
        return (), f"The association with everybody cannot be computed: {problem.message}"


def _linked(
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


def _associated(plan: StudyPlan, linked: Linked, hypothesis: Hypothesis) -> AssociationResult:
    """Associate one pair; a workers' scale that service users have too was renamed in linking."""
    return associate(
        linked,
        hypothesis.outcome,
        linked.log.renamed.get(hypothesis.predictor, hypothesis.predictor),
        covariates=_present(linked, hypothesis),
        confidence=1 - plan.alpha,
        smallest_effect=plan.smallest_effect,
    )


def _family(plan: StudyPlan, linked: Linked) -> FamilyResult | None:
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


def _companions(plan: StudyPlan, linked: Linked, workers: Survey) -> Companions:
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
