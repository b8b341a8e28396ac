"""Before and after: change over waves, for an evaluator."""

from relsurvey.evaluation.change import change
from relsurvey.evaluation.result import ChangeResult

__all__ = ["ChangeResult", "change"]
