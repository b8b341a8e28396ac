"""How a figure is read: the criterion, where it comes from, whether it is met, and why.

A reading is never a bare light. It says what was looked at, what is asked of it and by whom,
and, where the criterion cannot be judged, what is missing.
"""

from __future__ import annotations

from relsurvey.criteria.answers import floor_and_ceiling, missing_answers
from relsurvey.criteria.differential import LARGEST_R2_CHANGE, functioning, functioning_sample
from relsurvey.criteria.reading import (
    COSMIN,
    COSMIN_BIAS,
    TERWEE,
    Reading,
    Verdict,
    readings_frame,
    readings_text,
)
from relsurvey.criteria.scales import internal_consistency, measurement_error, retest_reliability
from relsurvey.criteria.structure import (
    StepJudgement,
    bar_in_words,
    group_sample,
    invariance_step,
    judged_step,
    sample_size,
    structural_validity,
)

__all__ = [
    "COSMIN",
    "COSMIN_BIAS",
    "LARGEST_R2_CHANGE",
    "TERWEE",
    "Reading",
    "StepJudgement",
    "Verdict",
    "bar_in_words",
    "floor_and_ceiling",
    "functioning",
    "functioning_sample",
    "group_sample",
    "internal_consistency",
    "invariance_step",
    "judged_step",
    "measurement_error",
    "missing_answers",
    "readings_frame",
    "readings_text",
    "retest_reliability",
    "sample_size",
    "structural_validity",
]
