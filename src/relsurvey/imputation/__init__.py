"""Missing answers: completed copies, one pooled answer, and what if not missing at random."""

from relsurvey.imputation.associate_imputed import ImputedAssociation, associate_imputed
from relsurvey.imputation.delta import DeltaResult, delta_adjustment
from relsurvey.imputation.impute import impute
from relsurvey.imputation.imputed import Imputed

__all__ = [
    "DeltaResult",
    "Imputed",
    "ImputedAssociation",
    "associate_imputed",
    "delta_adjustment",
    "impute",
]
