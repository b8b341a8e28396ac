"""What could fool us: checks one by one, and the whole grid of defensible choices."""

from relsurvey.sensitivity.check_sensitivity import check_sensitivity
from relsurvey.sensitivity.checks.who_is_missing import (
    linked_against_unlinked,
    respondents_against_rest,
)
from relsurvey.sensitivity.curve.curve_result import SpecificationCurve
from relsurvey.sensitivity.curve.specification_curve import specification_curve
from relsurvey.sensitivity.sensitivity_result import SensitivityResult

__all__ = [
    "SensitivityResult",
    "SpecificationCurve",
    "check_sensitivity",
    "linked_against_unlinked",
    "respondents_against_rest",
    "specification_curve",
]
