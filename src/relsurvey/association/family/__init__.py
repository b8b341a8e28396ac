"""Many outcomes by many predictors: each pair tested, and all of them adjusted for their number."""

from relsurvey.association.family.many import associate_questions
from relsurvey.association.family.questions import FamilyQuestion
from relsurvey.association.family.result import FamilyResult
from relsurvey.association.family.table import associate_family

__all__ = ["FamilyQuestion", "FamilyResult", "associate_family", "associate_questions"]
