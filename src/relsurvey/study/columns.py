"""Whether the exports that are there have the columns that a plan names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from relsurvey.errors import IntakeError, StudyError, listed
from relsurvey.intake import Responses
from relsurvey.linkage.link import PREFIX
from relsurvey.study.plan import StudyPlan, SurveyFile, TeamSurvey, instrument_of, team_columns
from relsurvey.study.reading import read_survey
from relsurvey.text import counted

__all__ = ["read_surveys", "require_columns"]

Row = dict[str, str]

SURVEYS = ("workers", "service_users", "teams")
# What a plan calls the column that reading calls so.
_KEYS = {"respondent_id": "id", "worker_id": "worker", "team": "team", "wave": "wave"}


def require_columns(plan: StudyPlan, study: Path) -> None:
    """Make sure that a run would find every column that the plan names, as far as files are there.

    The files are read as a run reads them, but for answers that nobody knows: these are a matter
    of the data and not of the plan.

    Parameters
    ----------
    plan : StudyPlan
        What was planned.
    study : pathlib.Path
        The study file; names of files in the plan are relative to its folder.

    Raises
    ------
    StudyError
        Where a column is not there or cannot be told; ``.failures`` has all of them at once, each
        with ``key, found, allowed``.
    """
    faults: list[Row] = []
    read: dict[str, Responses] = {}
    for key in SURVEYS:
        survey = getattr(plan, key)
        if survey is not None and (study.parent / survey.file).is_file():
            responses, found = _read(survey, key, study.parent)
            read |= {} if responses is None else {key: responses}
            faults += found
    faults += _absent(plan, read, study.parent)
    if faults:
        raise _not_as_planned(study, faults, "Nothing was locked.")


def read_surveys(plan: StudyPlan, study: Path) -> dict[str, Responses]:
    """Read every export, before any work: what stands in the way is said of all files at once.

    Parameters
    ----------
    plan, study
        As for ``require_columns``.

    Returns
    -------
    dict of str to Responses
        "workers", "service_users" and, if there is one, "teams".

    Raises
    ------
    IntakeError
        Where one file cannot be read, and nothing else is wrong.
    StudyError
        Where more is; ``.failures`` has all of it, each with ``key, found, allowed``.
    """
    read: dict[str, Responses] = {}
    problems: dict[str, IntakeError] = {}
    for key in SURVEYS:
        survey = getattr(plan, key)
        if survey is not None:
            try:
                read[key] = read_survey(survey, study.parent)
            except IntakeError as problem:
                problems[key] = problem
    absent = list(_absent(plan, read, study.parent))
    if len(problems) == 1 and not absent:
        raise next(iter(problems.values()))
    faults = [row for key, problem in problems.items() for row in _told(problem, key)] + absent
    if faults:
        raise _not_as_planned(study, faults, "Nothing was computed.")
    return read


def _not_as_planned(study: Path, faults: Sequence[Row], outcome: str) -> StudyError:
    return StudyError(
        f"{study.name} cannot be run with the data files that are there: "
        f"{counted(len(faults), 'fault')}. {outcome}",
        hint="Correct the study file, or the files; relsurvey columns FILE -i INSTRUMENT lists "
        "the columns of an export.",
        failures=faults,
    )


def _read(
    survey: SurveyFile | TeamSurvey, key: str, folder: Path
) -> tuple[Responses | None, list[Row]]:
    """Read an export; where its ids stand in the way, once more without them."""
    lenient = survey.model_copy(update={"unknown": "missing"})
    try:
        return read_survey(lenient, folder), []
    except IntakeError as problem:
        faults = list(_told(problem, key))
    without = {name: None for name in _KEYS.values() if hasattr(survey, name)}
    if all(fault["key"] == f"{key}.file" for fault in faults):
        return None, faults
    try:
        return read_survey(lenient.model_copy(update=without), folder), faults
    except IntakeError as problem:
        return None, [*faults, *_told(problem, key)]


def _told(problem: IntakeError, key: str) -> Iterator[Row]:
    """Yield what reading found wrong: by key of the plan for ids, otherwise of the file."""
    asked = [row for row in problem.failure_rows if "asked" in row]
    for row in asked:
        name = f"{key}.{_KEYS[row['asked']]}"
        found = f"{row['column']!r}: {row['problem']}"
        yield {"key": name, "found": found, "allowed": problem.hint or ""}
    if not asked:
        # The message names the first of what is unclear; the command that lists all is the hint.
        yield {"key": f"{key}.file", "found": problem.message, "allowed": problem.hint or ""}


def _absent(plan: StudyPlan, read: Mapping[str, Responses], folder: Path) -> Iterator[Row]:
    """Yield questions that the plan uses, an instrument asks and no export has a column for.

    Nothing is yielded where workers or service users could not be read.
    """
    if not {"workers", "service_users"} <= set(read):
        return
    there = {str(name) for one in read.values() for name in one.context}
    known = there.union(*(one.instrument.scales.ids for one in read.values()))
    known |= {f"{PREFIX}{name}" for name in known}
    if plan.teams is not None:
        others = [one.instrument for key, one in read.items() if key != "teams"]
        known |= set(team_columns(instrument_of(plan.teams, folder), others).values())
    for key, name in _used(plan):
        if name not in known:
            yield _question(key, name, there)
    for key in ("workers", "service_users"):
        for name in getattr(plan.quality, key).attention or ():
            if name not in read[key].context:
                yield _question(f"quality.{key}.attention", name, set(map(str, read[key].context)))


def _used(plan: StudyPlan) -> Iterator[tuple[str, str]]:
    """Yield covariates and moderators by the key that names them."""
    for place, one in enumerate(plan.hypotheses):
        key = f"secondary.{place}" if place else "primary"
        yield from ((f"{key}.covariates", name) for name in one.covariates)
        if one.moderator is not None:
            yield f"{key}.moderator", one.moderator


def _question(key: str, name: str, there: set[str]) -> Row:
    return {
        "key": key,
        "found": f"{name!r}: an instrument asks about it, but no export has a column for it",
        "allowed": f"a scale, or a question with a column: {listed(sorted(there)) or 'none'}",
    }
