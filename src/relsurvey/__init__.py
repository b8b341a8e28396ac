"""Score reflective practice and relational care, link the two, and test whether they go together.

The names below are loaded when they are first used, so that importing the package, or asking
the command line for help, costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relsurvey.adaptation import compare_instruments as compare_instruments
    from relsurvey.adaptation import content_validity as content_validity
    from relsurvey.adaptation import readability as readability
    from relsurvey.agreement import AggregationResult as AggregationResult
    from relsurvey.agreement import ScalesAgreement as ScalesAgreement
    from relsurvey.agreement import aggregation as aggregation
    from relsurvey.agreement import needed_table as needed_table
    from relsurvey.agreement import scale_agreement as scale_agreement
    from relsurvey.agreement import users_needed as users_needed
    from relsurvey.association import AssociationResult as AssociationResult
    from relsurvey.association import MixedResult as MixedResult
    from relsurvey.association import associate as associate
    from relsurvey.association import fit_mixed as fit_mixed
    from relsurvey.forms import export_instrument as export_instrument
    from relsurvey.instruments import Instrument as Instrument
    from relsurvey.instruments import list_instruments as list_instruments
    from relsurvey.instruments import load_instrument as load_instrument
    from relsurvey.intake import ColumnDraft as ColumnDraft
    from relsurvey.intake import Responses as Responses
    from relsurvey.intake import draft_columns as draft_columns
    from relsurvey.intake import read_responses as read_responses
    from relsurvey.linkage import Linked as Linked
    from relsurvey.linkage import link as link
    from relsurvey.planning import simulate_study as simulate_study
    from relsurvey.psychometrics import ItemResult as ItemResult
    from relsurvey.psychometrics import LevelsResult as LevelsResult
    from relsurvey.psychometrics import ReliabilityResult as ReliabilityResult
    from relsurvey.psychometrics import icc as icc
    from relsurvey.psychometrics import item_analysis as item_analysis
    from relsurvey.psychometrics import polychoric as polychoric
    from relsurvey.psychometrics import polychoric_details as polychoric_details
    from relsurvey.psychometrics import reliability as reliability
    from relsurvey.psychometrics import reliability_by_level as reliability_by_level
    from relsurvey.psychometrics import reliable_change as reliable_change
    from relsurvey.psychometrics.exploratory import AdequacyResult as AdequacyResult
    from relsurvey.psychometrics.exploratory import EfaResult as EfaResult
    from relsurvey.psychometrics.exploratory import ParallelResult as ParallelResult
    from relsurvey.psychometrics.exploratory import PartialsResult as PartialsResult
    from relsurvey.psychometrics.exploratory import efa as efa
    from relsurvey.psychometrics.exploratory import (
        minimum_average_partial as minimum_average_partial,
    )
    from relsurvey.psychometrics.exploratory import parallel_analysis as parallel_analysis
    from relsurvey.psychometrics.exploratory import sampling_adequacy as sampling_adequacy
    from relsurvey.psychometrics.functioning import DifferentialResult as DifferentialResult
    from relsurvey.psychometrics.functioning import (
        differential_functioning as differential_functioning,
    )
    from relsurvey.psychometrics.structure import CfaResult as CfaResult
    from relsurvey.psychometrics.structure import InvarianceResult as InvarianceResult
    from relsurvey.psychometrics.structure import StructureResult as StructureResult
    from relsurvey.psychometrics.structure import compare_models as compare_models
    from relsurvey.psychometrics.structure import fit_cfa as fit_cfa
    from relsurvey.psychometrics.structure import invariance as invariance
    from relsurvey.quality import Exclusion as Exclusion
    from relsurvey.quality import McarResult as McarResult
    from relsurvey.quality import QualityResult as QualityResult
    from relsurvey.quality import check_quality as check_quality
    from relsurvey.quality import little_mcar as little_mcar
    from relsurvey.reporting import write_report as write_report
    from relsurvey.scoring import score as score
    from relsurvey.study import StudyResult as StudyResult
    from relsurvey.study import run_study as run_study

__version__ = "0.1.0"

_HOME = {
    "AdequacyResult": "psychometrics.exploratory",
    "AggregationResult": "agreement",
    "AssociationResult": "association",
    "CfaResult": "psychometrics.structure",
    "ColumnDraft": "intake",
    "DifferentialResult": "psychometrics.functioning",
    "EfaResult": "psychometrics.exploratory",
    "Exclusion": "quality",
    "Instrument": "instruments",
    "InstrumentError": "errors",
    "IntakeError": "errors",
    "InvarianceResult": "psychometrics.structure",
    "ItemResult": "psychometrics",
    "LevelsResult": "psychometrics",
    "LinkError": "errors",
    "Linked": "linkage",
    "McarResult": "quality",
    "MixedResult": "association",
    "ModelError": "errors",
    "OutputError": "errors",
    "ParallelResult": "psychometrics.exploratory",
    "PartialsResult": "psychometrics.exploratory",
    "QualityResult": "quality",
    "RelSurveyError": "errors",
    "ReliabilityResult": "psychometrics",
    "ReportError": "errors",
    "Responses": "intake",
    "ScalesAgreement": "agreement",
    "ScoringError": "errors",
    "StructureResult": "psychometrics.structure",
    "StudyError": "errors",
    "StudyResult": "study",
    "aggregation": "agreement",
    "associate": "association",
    "check_quality": "quality",
    "compare_instruments": "adaptation",
    "compare_models": "psychometrics.structure",
    "content_validity": "adaptation",
    "differential_functioning": "psychometrics.functioning",
    "draft_columns": "intake",
    "efa": "psychometrics.exploratory",
    "export_instrument": "forms",
    "fit_cfa": "psychometrics.structure",
    "fit_mixed": "association",
    "icc": "psychometrics",
    "invariance": "psychometrics.structure",
    "item_analysis": "psychometrics",
    "link": "linkage",
    "list_instruments": "instruments",
    "little_mcar": "quality",
    "load_instrument": "instruments",
    "minimum_average_partial": "psychometrics.exploratory",
    "needed_table": "agreement",
    "parallel_analysis": "psychometrics.exploratory",
    "polychoric": "psychometrics",
    "polychoric_details": "psychometrics",
    "read_responses": "intake",
    "readability": "adaptation",
    "reliability": "psychometrics",
    "reliability_by_level": "psychometrics",
    "reliable_change": "psychometrics",
    "run_study": "study",
    "sampling_adequacy": "psychometrics.exploratory",
    "scale_agreement": "agreement",
    "score": "scoring",
    "simulate_study": "planning",
    "users_needed": "agreement",
    "write_report": "reporting",
}

__all__ = [*sorted(_HOME), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'relsurvey' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"relsurvey.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
