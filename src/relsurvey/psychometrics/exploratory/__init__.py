"""How many dimensions items have, and which: before any structure is assumed."""

from relsurvey.psychometrics.exploratory.adequacy import AdequacyResult, sampling_adequacy
from relsurvey.psychometrics.exploratory.efa import efa
from relsurvey.psychometrics.exploratory.parallel import parallel_analysis
from relsurvey.psychometrics.exploratory.parallel_result import ParallelResult
from relsurvey.psychometrics.exploratory.partials import PartialsResult, minimum_average_partial
from relsurvey.psychometrics.exploratory.result import EfaResult

__all__ = [
    "AdequacyResult",
    "EfaResult",
    "ParallelResult",
    "PartialsResult",
    "efa",
    "minimum_average_partial",
    "parallel_analysis",
    "sampling_adequacy",
]
