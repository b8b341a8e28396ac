"""Do the scales hold: reliability and item statistics, from item moments."""

from relsurvey.psychometrics.items import ItemResult, item_analysis
from relsurvey.psychometrics.reliability import ReliabilityResult, reliability

__all__ = ["ItemResult", "ReliabilityResult", "item_analysis", "reliability"]
