"""Read a Qualtrics survey definition (.qsf)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relsurvey.errors import IntakeError
from relsurvey.intake.platforms.qualtrics.questions import Question, listing, questions_in

__all__ = ["Survey", "read_qsf"]

_LARGEST = 64_000_000


@dataclass(frozen=True)
class Survey:
    """A survey definition.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    name : str
        The survey's title.
    questions : dict of str to Question
        By id, deleted ones as well; the columns of a side-by-side are ``QID3#1``.
    fields : frozenset of str
        Names of the embedded data.
    """

    path: Path
    name: str
    questions: Mapping[str, Question]
    fields: frozenset[str] = frozenset()


def read_qsf(path: Path) -> Survey:
    """Read a .qsf.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    Survey
        At least one question.

    Raises
    ------
    IntakeError
        Where the file cannot be read, is damaged, too large, or no survey definition.
    """
    content = _json(path)
    if not isinstance(content, dict) or not isinstance(content.get("SurveyElements"), list):
        raise _no_survey(path)
    elements = [one for one in content["SurveyElements"] if isinstance(one, dict)]
    questions: dict[str, Question] = {}
    for element in elements:
        payload = element.get("Payload")
        if element.get("Element") == "SQ" and isinstance(payload, dict):
            own = str(payload.get("QuestionID") or element.get("PrimaryAttribute") or "")
            questions.update((one.id, one) for one in questions_in(payload, own) if one.id)
    if not questions:
        raise _no_survey(path)
    flows = (one.get("Payload") for one in elements if one.get("Element") == "FL")
    fields = frozenset(name for flow in flows for name in _fields(flow))
    entry = content.get("SurveyEntry")
    name = str(entry.get("SurveyName") or "") if isinstance(entry, dict) else ""
    return Survey(path, name, questions, fields)


def _json(path: Path) -> Any:
    again = "Export the survey again (Tools, Import/Export, Export survey)."
    try:
        if path.is_dir():
            raise IntakeError(f"{path} is a folder.", hint="Name the .qsf in it.")
        size = path.stat().st_size
        if size > _LARGEST:
            raise IntakeError(
                f"{path.name} has {size / 1e6:,.0f} MB; a .qsf of at most {_LARGEST / 1e6:,.0f} MB "
                "is read.",
                hint="Take pictures out of the survey's copy before it is exported.",
            )
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as problem:
        raise IntakeError(f"There is no file {path}.", hint="Check the name.") from problem
    except OSError as problem:
        raise IntakeError(f"{path} cannot be read: {problem.strerror or problem}.") from problem
    except json.JSONDecodeError as problem:
        raise IntakeError(
            f"{path.name} is damaged or no .qsf: it is not valid JSON at line {problem.lineno}, "
            f"column {problem.colno} ({problem.msg}).",
            hint=again,
        ) from problem
    except UnicodeDecodeError as problem:
        raise IntakeError(
            f"{path.name} is damaged or no .qsf: byte {problem.start:,} is not UTF-8.", hint=again
        ) from problem
    except RecursionError as problem:
        raise IntakeError(
            f"{path.name} is damaged or no .qsf: it is nested too deeply.", hint=again
        ) from problem


def _no_survey(path: Path) -> IntakeError:
    return IntakeError(
        f"{path.name} is no Qualtrics survey definition: it holds no questions.",
        hint="Name the .qsf of the survey (Tools, Import/Export, Export survey).",
    )


def _fields(flow: Any) -> Iterator[str]:
    """Yield the names of embedded data, wherever in the survey flow they are set."""
    waiting = [flow]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            for data in listing(one.get("EmbeddedData")):
                if isinstance(data, dict) and data.get("Field"):
                    yield str(data["Field"])
            waiting += [one.get("Flow")]
