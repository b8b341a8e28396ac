"""Score reflective practice and relational care, link the two, and test whether they go together.

The names below are loaded when they are first used, so that importing the package, or asking
the command line for help, costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relsurvey.on_demand import names_of, taken_from
from relsurvey.version import __version__

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
    from relsurvey.association.cluster_ols import OlsResult as OlsResult
    from relsurvey.association.cluster_ols import fit_cluster_ols as fit_cluster_ols
    from relsurvey.association.equivalence import Equivalence as Equivalence
    from relsurvey.association.equivalence import equivalence as equivalence
    from relsurvey.association.family import FamilyResult as FamilyResult
    from relsurvey.association.family import associate_family as associate_family
    from relsurvey.association.measurement_error import MeasurementError as MeasurementError
    from relsurvey.association.measurement_error import measurement_error as measurement_error
    from relsurvey.association.models.compare import ModelComparison as ModelComparison
    from relsurvey.association.models.compare import compare_mixed as compare_mixed
    from relsurvey.association.models.explained import RSquared as RSquared
    from relsurvey.association.models.explained import r_squared as r_squared
    from relsurvey.association.models.joint_tests import test_terms as test_terms
    from relsurvey.association.models.residuals import ResidualSummary as ResidualSummary
    from relsurvey.association.models.residuals import residual_summary as residual_summary
    from relsurvey.association.models.variance_limits import (
        variance_intervals as variance_intervals,
    )
    from relsurvey.association.moderation import Moderation as Moderation
    from relsurvey.association.panel import Companions as Companions
    from relsurvey.association.panel import companions as companions
    from relsurvey.errors import InstrumentError as InstrumentError
    from relsurvey.errors import IntakeError as IntakeError
    from relsurvey.errors import LinkError as LinkError
    from relsurvey.errors import ModelError as ModelError
    from relsurvey.errors import OutputError as OutputError
    from relsurvey.errors import RelSurveyError as RelSurveyError
    from relsurvey.errors import ReportError as ReportError
    from relsurvey.errors import ScoringError as ScoringError
    from relsurvey.errors import StudyError as StudyError
    from relsurvey.evaluation import ChangeResult as ChangeResult
    from relsurvey.evaluation import change as change
    from relsurvey.forms import export_instrument as export_instrument
    from relsurvey.imputation import DeltaResult as DeltaResult
    from relsurvey.imputation import Imputed as Imputed
    from relsurvey.imputation import ImputedAssociation as ImputedAssociation
    from relsurvey.imputation import associate_imputed as associate_imputed
    from relsurvey.imputation import delta_adjustment as delta_adjustment
    from relsurvey.imputation import impute as impute
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
    from relsurvey.planning.power import DetectableResult as DetectableResult
    from relsurvey.planning.power import PowerCurve as PowerCurve
    from relsurvey.planning.power import PowerResult as PowerResult
    from relsurvey.planning.power import power as power
    from relsurvey.planning.power import power_curve as power_curve
    from relsurvey.planning.power import smallest_detectable as smallest_detectable
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
    from relsurvey.sensitivity import SensitivityResult as SensitivityResult
    from relsurvey.sensitivity import SpecificationCurve as SpecificationCurve
    from relsurvey.sensitivity import check_sensitivity as check_sensitivity
    from relsurvey.sensitivity import linked_against_unlinked as linked_against_unlinked
    from relsurvey.sensitivity import respondents_against_rest as respondents_against_rest
    from relsurvey.sensitivity import specification_curve as specification_curve
    from relsurvey.study import StudyResult as StudyResult
    from relsurvey.study import run_study as run_study
    from relsurvey.study.lock import Lock as Lock
    from relsurvey.study.lock import lock_study as lock_study
    from relsurvey.study.teams import TeamScores as TeamScores
    from relsurvey.study.verify import Verification as Verification
    from relsurvey.study.verify import verify_results as verify_results


_HOME = {
    "AdequacyResult": "psychometrics.exploratory",
    "AggregationResult": "agreement",
    "AssociationResult": "association",
    "CfaResult": "psychometrics.structure",
    "ChangeResult": "evaluation",
    "ColumnDraft": "intake",
    "Companions": "association.panel",
    "DeltaResult": "imputation",
    "DetectableResult": "planning.power",
    "DifferentialResult": "psychometrics.functioning",
    "EfaResult": "psychometrics.exploratory",
    "Equivalence": "association.equivalence",
    "Exclusion": "quality",
    "FamilyResult": "association.family",
    "Imputed": "imputation",
    "ImputedAssociation": "imputation",
    "Instrument": "instruments",
    "InstrumentError": "errors",
    "IntakeError": "errors",
    "InvarianceResult": "psychometrics.structure",
    "ItemResult": "psychometrics",
    "LevelsResult": "psychometrics",
    "LinkError": "errors",
    "Linked": "linkage",
    "Lock": "study.lock",
    "McarResult": "quality",
    "MeasurementError": "association.measurement_error",
    "MixedResult": "association",
    "ModelComparison": "association.models.compare",
    "ModelError": "errors",
    "Moderation": "association.moderation",
    "OlsResult": "association.cluster_ols",
    "OutputError": "errors",
    "ParallelResult": "psychometrics.exploratory",
    "PartialsResult": "psychometrics.exploratory",
    "PowerCurve": "planning.power",
    "PowerResult": "planning.power",
    "QualityResult": "quality",
    "RSquared": "association.models.explained",
    "RelSurveyError": "errors",
    "ReliabilityResult": "psychometrics",
    "ReportError": "errors",
    "ResidualSummary": "association.models.residuals",
    "Responses": "intake",
    "ScalesAgreement": "agreement",
    "ScoringError": "errors",
    "SensitivityResult": "sensitivity",
    "SpecificationCurve": "sensitivity",
    "StructureResult": "psychometrics.structure",
    "StudyError": "errors",
    "StudyResult": "study",
    "TeamScores": "study.teams",
    "Verification": "study.verify",
    "aggregation": "agreement",
    "associate": "association",
    "associate_family": "association.family",
    "associate_imputed": "imputation",
    "change": "evaluation",
    "check_quality": "quality",
    "check_sensitivity": "sensitivity",
    "companions": "association.panel",
    "compare_instruments": "adaptation",
    "compare_mixed": "association.models.compare",
    "compare_models": "psychometrics.structure",
    "content_validity": "adaptation",
    "delta_adjustment": "imputation",
    "differential_functioning": "psychometrics.functioning",
    "draft_columns": "intake",
    "efa": "psychometrics.exploratory",
    "equivalence": "association.equivalence",
    "export_instrument": "forms",
    "fit_cfa": "psychometrics.structure",
    "fit_cluster_ols": "association.cluster_ols",
    "fit_mixed": "association",
    "icc": "psychometrics",
    "impute": "imputation",
    "invariance": "psychometrics.structure",
    "item_analysis": "psychometrics",
    "link": "linkage",
    "linked_against_unlinked": "sensitivity",
    "list_instruments": "instruments",
    "little_mcar": "quality",
    "load_instrument": "instruments",
    "lock_study": "study.lock",
    "measurement_error": "association.measurement_error",
    "minimum_average_partial": "psychometrics.exploratory",
    "needed_table": "agreement",
    "parallel_analysis": "psychometrics.exploratory",
    "polychoric": "psychometrics",
    "polychoric_details": "psychometrics",
    "power": "planning.power",
    "power_curve": "planning.power",
    "r_squared": "association.models.explained",
    "read_responses": "intake",
    "readability": "adaptation",
    "reliability": "psychometrics",
    "reliability_by_level": "psychometrics",
    "reliable_change": "psychometrics",
    "residual_summary": "association.models.residuals",
    "respondents_against_rest": "sensitivity",
    "run_study": "study",
    "sampling_adequacy": "psychometrics.exploratory",
    "scale_agreement": "agreement",
    "score": "scoring",
    "simulate_study": "planning",
    "smallest_detectable": "planning.power",
    "specification_curve": "sensitivity",
    "test_terms": "association.models.joint_tests",
    "users_needed": "agreement",
    "variance_intervals": "association.models.variance_limits",
    "verify_results": "study.verify",
    "write_report": "reporting",
}

__all__ = [*sorted(_HOME), "__version__"]


def __getattr__(name: str) -> Any:
    return taken_from(__name__, _HOME, name)


def __dir__() -> list[str]:
    return names_of(__name__, _HOME)
