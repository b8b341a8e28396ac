"""Confirmatory factor analysis: models, estimators, and what follows from the estimates."""

from relsurvey.psychometrics.structure.cfa import fit_cfa, fit_covariance
from relsurvey.psychometrics.structure.compare import compare_models
from relsurvey.psychometrics.structure.compare_result import StructureResult
from relsurvey.psychometrics.structure.ladder import invariance
from relsurvey.psychometrics.structure.ladder_result import InvarianceResult
from relsurvey.psychometrics.structure.result import CfaResult

__all__ = [
    "CfaResult",
    "InvarianceResult",
    "StructureResult",
    "compare_models",
    "fit_cfa",
    "fit_covariance",
    "invariance",
]
