"""Many outcomes by many predictors: each pair tested, and all of them adjusted for their number."""

from relsurvey.association.family.result import FamilyResult
from relsurvey.association.family.table import associate_family

__all__ = ["FamilyResult", "associate_family"]
