"""The plan file and the run."""

from relsurvey.study.plan import StudyPlan, load_plan
from relsurvey.study.result import Provenance, StudyResult, Survey
from relsurvey.study.run import STEPS, run_study

__all__ = [
    "STEPS",
    "Provenance",
    "StudyPlan",
    "StudyResult",
    "Survey",
    "load_plan",
    "run_study",
]
