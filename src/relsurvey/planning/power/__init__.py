"""How many people to ask: power by formula and by simulation, and what a study can still find."""

from relsurvey.planning.power.curve import power_curve
from relsurvey.planning.power.detectable import DetectableResult, smallest_detectable
from relsurvey.planning.power.effect import Effect
from relsurvey.planning.power.power import power
from relsurvey.planning.power.result import PowerCurve, PowerResult

__all__ = [
    "DetectableResult",
    "Effect",
    "PowerCurve",
    "PowerResult",
    "power",
    "power_curve",
    "smallest_detectable",
]
