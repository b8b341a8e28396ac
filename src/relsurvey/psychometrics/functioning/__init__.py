"""Differential item functioning: do groups answer an item alike at the same score."""

from relsurvey.psychometrics.functioning.differential import differential_functioning
from relsurvey.psychometrics.functioning.result import DifferentialResult

__all__ = ["DifferentialResult", "differential_functioning"]
