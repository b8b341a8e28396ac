"""What stays with the research team: rows of persons, figures nobody has smoothed, and verify.R."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.json_text import json_text
from relsurvey.pseudonyms import id_columns, pseudonymised
from relsurvey.scoring import keyed_items
from relsurvey.study.recomputed import our_figures, what_was_asked
from relsurvey.tables import write_csv
from relsurvey.text import wrapped

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.study.result import StudyResult, Survey

__all__ = ["restricted_names", "rows_of_persons", "write_restricted"]

OWNER_ONLY_FOLDER, OWNER_ONLY = 0o700, 0o600
READ_ME = "README.txt"
SCRIPT = Path(__file__).with_name("templates") / "verify.R"

_HEAD = (
    "What must stay with the research team. Small counts are not withheld here, and rows are of "
    "persons. Ids are pseudonyms unless the run was told to keep them; who holds the key file can "
    "tell whose they are (relsurvey reidentify). Only the owner of these files can read them."
)
_SIDES = {"worker": "workers", "service_user": "service users"}
_SAID = {
    "associations.csv": "every association, primary and secondary, with all its figures",
    "companions.csv": "the primary question by other methods",
    "family.csv": "the secondary associations, adjusted for their number",
    "linked.csv": "one row a service user whose worker is known, with the scores of both",
    "team_scales.csv": "scales of the survey of teams: how reliable the teams' means are",
    "results.json": "every figure of the run, for programs; no rows of persons",
    "unmatched.csv": "who could not be linked",
    "verify.R": "computes the headline figures again in R: Rscript verify.R",
    "verify_asked.csv": "which items, models and terms verify.R starts from",
    "verify_ours.csv": "the figures that verify.R sets beside those of R",
}
_SAID_OF_A_SIDE = {
    "{one}_items.csv": "answers of {many} to every item of a scale, reversed items turned, empty "
    "where there is no answer",
    "{one}_scores.csv": "scores of {many}",
    "{one}_quality.csv": "how each of the {many} answered",
    "{one}_flags.csv": "whose answers a rule of quality points to, among {many}",
    "{one}s_answers.csv": "how often each answer was given, by {many}",
    "{one}s_intake_log.csv": "what was read, dropped and recoded in the export of {many}",
    "{one}s_item_analysis.csv": "means, spread and item-rest correlations of the items of {many}",
    "{one}s_reliability.csv": "reliability of the scales of {many}",
    "{one}s_rules.csv": "the rules of quality, and how many {many} each points to",
}


def rows_of_persons(result: StudyResult) -> dict[str, pd.DataFrame]:
    """Return the tables that have a row for each person, by the name of their file."""
    return {
        **_of_a_side("worker", result.workers),
        **_of_a_side("service_user", result.service_users),
        "linked": result.linked.frame,
        "unmatched": result.linked.log.unmatched(),
    }


def _of_a_side(name: str, survey: Survey) -> dict[str, pd.DataFrame]:
    return {
        f"{name}_items": _items(survey),
        f"{name}_scores": survey.scores,
        f"{name}_quality": survey.quality.respondents,
        f"{name}_flags": survey.quality.flags,
    }


def _items(survey: Survey) -> pd.DataFrame:
    """Return ids and keyed items side by side, NaN where nothing was answered."""
    items: pd.DataFrame = keyed_items(survey.responses).frame.to_native()
    ids = survey.responses.ids.set_axis(items.index)
    return ids.join(items)


def write_restricted(result: StudyResult, folder: Path, secret: bytes | None) -> None:
    """Write the restricted part of the results; only its owner can read any of it.

    Parameters
    ----------
    result : StudyResult
        What was found.
    folder : pathlib.Path
        Not there yet.
    secret : bytes or None
        The key of the pseudonyms; ``None`` keeps ids as they are.

    Raises
    ------
    OSError, OutputError
        Where the file system refuses.
    """
    folder.mkdir(mode=OWNER_ONLY_FOLDER)
    kinds = id_columns(result.linked.log.renamed)
    made: dict[str, dict[str, str]] = {}
    for name, frame in rows_of_persons(result).items():
        safe = frame if secret is None else pseudonymised(frame, secret, kinds, made=made)
        write_csv(safe, folder / f"{name}.csv", private=True)
    for name, frame in _figures(result).items():
        write_csv(frame, folder / f"{name}.csv", private=True)
    _write_text(folder / "results.json", json_text(result.to_dict()))
    _write_text(folder / "verify.R", SCRIPT.read_text(encoding="utf-8"))
    names = sorted(path.name for path in folder.iterdir())
    _write_text(folder / READ_ME, read_me(names))


def _figures(result: StudyResult) -> dict[str, pd.DataFrame]:
    tables = {
        "associations": result.to_frame(),
        "verify_asked": what_was_asked(result),
        "verify_ours": our_figures(result),
    }
    if result.companions is not None:
        tables["companions"] = result.companions.to_frame()
    if result.family is not None:
        tables["family"] = result.family.to_frame()
    if result.teams is not None:
        tables["team_scales"] = result.teams.to_frame()
    for name, survey in (("workers", result.workers), ("service_users", result.service_users)):
        tables[f"{name}_reliability"] = survey.reliability.to_frame()
        tables[f"{name}_item_analysis"] = survey.items.to_frame()
        tables[f"{name}_answers"] = survey.quality.items
        tables[f"{name}_rules"] = survey.quality.rules
        tables[f"{name}_intake_log"] = survey.responses.log.to_frame()
    return tables


def _write_text(path: Path, text: str) -> None:
    """Write a file that nobody but its owner could read at any moment."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def read_me(names: list[str]) -> str:
    """Say what each file of the restricted folder is.

    Examples
    --------
    >>> print(read_me(["linked.csv"]).splitlines()[-2])
    linked.csv
    """
    said = _descriptions()
    lines = [*wrapped(_HEAD), ""]
    for name in names:
        lines += [name, *wrapped(said[name], indent="    ")]
    return "\n".join(lines) + "\n"


def restricted_names() -> tuple[str, ...]:
    """Return the names of all files that the restricted folder can have."""
    return (READ_ME, *_descriptions())


def _descriptions() -> Mapping[str, str]:
    of_a_side = {
        name.format(one=one): what.format(many=many)
        for one, many in _SIDES.items()
        for name, what in _SAID_OF_A_SIDE.items()
    }
    return {**_SAID, **of_a_side}
