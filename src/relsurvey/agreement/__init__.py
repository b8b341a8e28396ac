"""May answers be put together by worker: agreement, and how reliable the means are."""

from relsurvey.agreement.aggregate import aggregation
from relsurvey.agreement.by_scale import ScalesAgreement, scale_agreement
from relsurvey.agreement.needed import needed_table, users_needed
from relsurvey.agreement.result import AggregationResult

__all__ = [
    "AggregationResult",
    "ScalesAgreement",
    "aggregation",
    "needed_table",
    "scale_agreement",
    "users_needed",
]
