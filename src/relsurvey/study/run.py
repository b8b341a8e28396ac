"""The main job: read, score, check, link, associate, report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.errors import StudyError, listed
from relsurvey.intake import Responses
from relsurvey.psychometrics import item_analysis, reliability
from relsurvey.quality import QualityResult, check_quality
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
    reliability_of,
    resting_on,
    structure_of,
)
from relsurvey.study.beside import Beside
from relsurvey.study.columns import read_surveys
from relsurvey.study.kept import lock_state
from relsurvey.study.outputs import check_folder, check_key, write_outputs
from relsurvey.study.plan import (
    FileQuality,
    StudyPlan,
    load_plan,
)
from relsurvey.study.provenance import now, provenance_of
from relsurvey.study.result import StudyResult, Survey
from relsurvey.study.teams import TeamScores, team_scores

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS", "run_study"]

Progress = Callable[[str], None]

STEPS = (
    "Reading",
    "Linkage",
    "Workers",
    "Service users",
    "Association",
    "Sensitivity",
    "Other methods",
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
    created: str | None = None,
    jobs: int = 1,
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
    created : str, optional
        The date (ISO) that the report bears; today's if not given. A run that is repeated bears
        the date of the first.
    jobs : int, default 1
        2 works in two processes where two things can be worked out at once; the results are the
        same.
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
    >>> run_study("nowhere.yaml", "results")
    Traceback (most recent call last):
    relsurvey.errors.StudyError: There is no study file nowhere.yaml.
    Check the name and the folder.
    """
    tell = progress or (lambda _: None)
    path, started = Path(path), now()
    plan = load_plan(path)
    lock = lock_state(plan, path)
    folder = None if out is None else check_folder(Path(out), force=force, plan=plan)
    if folder is not None and not keep_ids:
        check_key(folder, key)
    with Beside(jobs) as beside:
        result = _found(plan, path, (command, created), beside, tell)
        result = dataclasses.replace(result, lock=lock, source=path, started=started)
        tell("Results")
        if folder is None:
            return result
        write_outputs(
            result,
            folder,
            keep_ids=keep_ids,
            key=None if key is None else Path(key),
            force=force,
            beside=beside,
        )
    return dataclasses.replace(result, folder=folder)


def _found(
    plan: StudyPlan,
    path: Path,
    said: tuple[str | None, str | None],
    beside: Beside,
    tell: Progress,
) -> StudyResult:
    """Read, score, check, link and associate."""
    command, created = said
    tell("Reading")
    read = read_surveys(plan, path)
    everybody = (read["workers"], read["service_users"])
    # First what is quick, and shows a wrong file or a wrong column; then what takes long.
    tell("Linkage")
    kept = (
        _kept(everybody[0], plan.quality.workers),
        _kept(everybody[1], plan.quality.service_users),
    )
    teams = _teams(plan, read.get("teams"), kept)
    linked = linked_of(plan, kept[0].scored, kept[1].scored, teams)
    tell("Workers")
    workers = _survey(plan, kept[0])
    primary = associated(plan, linked, plan.primary)
    panel = None
    if not primary.note:  # what takes longest begins as soon as it can, beside all the rest
        panel = beside.begin(panel_of, plan, linked, reliability_of(plan, workers))
    tell("Service users")
    service_users = _survey(plan, kept[1])
    tell("Association")
    secondary = tuple(associated(plan, linked, one) for one in plan.secondary)
    everyone, note = everybody_associated(plan, everybody, (workers, service_users), teams)
    agreement, agreement_note = agreement_of(plan, service_users.responses)
    result = StudyResult(
        plan=plan,
        workers=workers,
        service_users=service_users,
        linked=linked,
        primary=primary,
        secondary=secondary,
        provenance=provenance_of(
            (*everybody, *([] if teams is None else [teams.responses])),
            plan.seed,
            command or f"run_study({path.name!r})",
            created,
        ),
        everyone=everyone,
        everyone_note=note,
        family=family_of(plan, linked, (primary, *secondary)),
        agreement=agreement,
        agreement_note=agreement_note,
        teams=teams,
    )
    tell("Sensitivity")
    result = _asked_again(result)
    tell("Other methods")
    companions, note = resting_on(primary, panel)
    return dataclasses.replace(result, companions=companions, companions_note=note)


def _asked_again(result: StudyResult) -> StudyResult:
    """Ask the primary question in other ways, where the plan wants that."""
    plan, linked = result.plan, result.linked
    if not plan.sensitivity:
        return result
    surveys = (result.workers, result.service_users)
    checks, checks_note = resting_on(result.primary, lambda: checked(plan, linked, surveys))
    curve, curve_note = resting_on(result.primary, lambda: curve_of(plan, linked))
    return dataclasses.replace(
        result,
        sensitivity=checks,
        sensitivity_note=checks_note,
        curve=curve,
        curve_note=curve_note,
    )


def _teams(
    plan: StudyPlan, staff: Responses | None, kept: tuple[_Kept, _Kept]
) -> TeamScores | None:
    """Average what staff say of their teams, where they were asked."""
    if plan.teams is None or staff is None:
        return None
    others = [one.responses.instrument for one in kept]
    return team_scores(plan, plan.teams, staff, kept[0].responses, others)


@dataclass(frozen=True)
class _Kept:
    """Who is in the study, with their scores, and what the check of their answers found."""

    responses: Responses
    scores: pd.DataFrame
    quality: QualityResult

    @property
    def scored(self) -> tuple[Responses, pd.DataFrame]:
        return self.responses, self.scores


def _kept(everybody: Responses, wanted: FileQuality) -> _Kept:
    """Check the answers, leave out whom the plan says, and score who is left."""
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
    return _Kept(responses, score(responses), quality)


def _survey(plan: StudyPlan, kept: _Kept) -> Survey:
    """Describe the scales as those who were kept answered them."""
    responses = kept.responses
    structure, structure_note = structure_of(responses)
    return Survey(
        role=responses.instrument.respondent,
        responses=responses,
        instrument=responses.instrument,
        scores=kept.scores,
        reliability=reliability(responses, missing=plan.missing, confidence=1 - plan.alpha),
        items=item_analysis(responses, missing=plan.missing),
        quality=kept.quality,
        structure=structure,
        structure_note=structure_note,
    )
