"""Do the scales hold: reliability and item statistics, from item moments."""

from relsurvey.psychometrics.change import reliable_change
from relsurvey.psychometrics.items import ItemResult, item_analysis
from relsurvey.psychometrics.levels import LevelsResult, reliability_by_level
from relsurvey.psychometrics.polychoric import polychoric, polychoric_details
from relsurvey.psychometrics.reliability import ReliabilityResult, reliability
from relsurvey.psychometrics.retest import icc

__all__ = [
    "ItemResult",
    "LevelsResult",
    "ReliabilityResult",
    "icc",
    "item_analysis",
    "polychoric",
    "polychoric_details",
    "reliability",
    "reliability_by_level",
    "reliable_change",
]
