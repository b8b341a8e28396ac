"""Can the answers be trusted: per respondent, per item, and what is missing."""

from relsurvey.quality.check import check_quality
from relsurvey.quality.exclusion import Exclusion
from relsurvey.quality.missing import McarResult, little_mcar
from relsurvey.quality.result import QualityResult
from relsurvey.quality.rules import RULES

__all__ = [
    "RULES",
    "Exclusion",
    "McarResult",
    "QualityResult",
    "check_quality",
    "little_mcar",
]
