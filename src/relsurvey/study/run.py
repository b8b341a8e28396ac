"""The main job: read, score, check, link, associate, report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from relsurvey.errors import StudyError, listed
from relsurvey.intake import Responses, read_responses
from relsurvey.psychometrics import item_analysis, reliability
from relsurvey.quality import check_quality
from relsurvey.scoring import score
from relsurvey.study.analyses import (
    agreement_of,
    associated,
    checked,
    curve_of,
    everybody_associated,
    family_of,
    linked_of,
    panel_of,
    structure_of,
)
from relsurvey.study.outputs import check_folder, write_outputs
from relsurvey.study.plan import (
    FileQuality,
    StudyPlan,
    SurveyFile,
    instrument_of,
    load_plan,
)
from relsurvey.study.provenance import provenance_of
from relsurvey.study.result import StudyResult, Survey

__all__ = ["STEPS", "run_study"]

Progress = Callable[[str], None]

STEPS = (
    "Workers",
    "Service users",
    "Linkage",
    "Association",
    "Other methods",
    "Sensitivity",
    "Results",
)


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
    linked = linked_of(
        plan,
        (workers.responses, workers.scores),
        (service_users.responses, service_users.scores),
    )
    agreement, agreement_note = agreement_of(plan, service_users.responses)
    tell("Association")
    primary, *secondary = (associated(plan, linked, one) for one in plan.hypotheses)
    everyone, note = everybody_associated(plan, everybody, (workers, service_users))
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
        family=family_of(plan, linked),
        agreement=agreement,
        agreement_note=agreement_note,
    )
    tell("Other methods")
    result = dataclasses.replace(result, companions=panel_of(plan, linked, workers))
    tell("Sensitivity")
    if plan.sensitivity:
        result = dataclasses.replace(
            result,
            sensitivity=checked(plan, linked, (workers, service_users)),
            curve=curve_of(plan, linked),
        )
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
    structure, structure_note = structure_of(responses)
    return Survey(
        role=responses.instrument.respondent,
        responses=responses,
        instrument=responses.instrument,
        scores=score(responses),
        reliability=reliability(responses, missing=plan.missing, confidence=1 - plan.alpha),
        items=item_analysis(responses, missing=plan.missing),
        quality=quality,
        structure=structure,
        structure_note=structure_note,
    )
