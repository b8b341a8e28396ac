"""The plan file and the run.

The names are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relsurvey.on_demand import names_of, taken_from

if TYPE_CHECKING:
    from relsurvey.study.plan import StudyPlan as StudyPlan
    from relsurvey.study.plan import load_plan as load_plan
    from relsurvey.study.result import Provenance as Provenance
    from relsurvey.study.result import StudyResult as StudyResult
    from relsurvey.study.result import Survey as Survey
    from relsurvey.study.run import STEPS as STEPS
    from relsurvey.study.run import run_study as run_study

_HOME = {
    "Provenance": "result",
    "STEPS": "run",
    "StudyPlan": "plan",
    "StudyResult": "result",
    "Survey": "result",
    "load_plan": "plan",
    "run_study": "run",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    return taken_from(__name__, _HOME, name)


def __dir__() -> list[str]:
    return names_of(__name__, _HOME)
