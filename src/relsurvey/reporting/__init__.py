"""Say what was found: tables, figures and sentences, and a report that can be sent.

The names are loaded when they are first used: reports that are stored are written without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relsurvey.on_demand import names_of, taken_from

if TYPE_CHECKING:
    from relsurvey.reporting.build import build_report as build_report
    from relsurvey.reporting.disclosure import Disclosure as Disclosure
    from relsurvey.reporting.figures.agreement import plot_agreement as plot_agreement
    from relsurvey.reporting.figures.association import plot_association as plot_association
    from relsurvey.reporting.figures.change import plot_change as plot_change
    from relsurvey.reporting.figures.curves import plot_delta as plot_delta
    from relsurvey.reporting.figures.data import plot_comparison as plot_comparison
    from relsurvey.reporting.figures.data import plot_content_validity as plot_content_validity
    from relsurvey.reporting.figures.data import plot_draft as plot_draft
    from relsurvey.reporting.figures.data import plot_exclusion as plot_exclusion
    from relsurvey.reporting.figures.data import plot_flow as plot_flow
    from relsurvey.reporting.figures.data import plot_imputed as plot_imputed
    from relsurvey.reporting.figures.data import plot_intake_log as plot_intake_log
    from relsurvey.reporting.figures.data import plot_link_log as plot_link_log
    from relsurvey.reporting.figures.data import plot_linked as plot_linked
    from relsurvey.reporting.figures.data import plot_missing_patterns as plot_missing_patterns
    from relsurvey.reporting.figures.data import plot_readability as plot_readability
    from relsurvey.reporting.figures.data import plot_responses as plot_responses
    from relsurvey.reporting.figures.data import plot_simulated as plot_simulated
    from relsurvey.reporting.figures.data import plot_team_scores as plot_team_scores
    from relsurvey.reporting.figures.data import plot_verification as plot_verification
    from relsurvey.reporting.figures.family import plot_family as plot_family
    from relsurvey.reporting.figures.moderation import plot_moderation as plot_moderation
    from relsurvey.reporting.figures.parallel import plot_parallel as plot_parallel
    from relsurvey.reporting.figures.power import plot_power as plot_power
    from relsurvey.reporting.figures.quality import plot_quality as plot_quality
    from relsurvey.reporting.figures.reliability import plot_reliability as plot_reliability
    from relsurvey.reporting.figures.sensitivity import plot_sensitivity as plot_sensitivity
    from relsurvey.reporting.figures.slopes import plot_bayes_factor as plot_bayes_factor
    from relsurvey.reporting.figures.slopes import plot_budget as plot_budget
    from relsurvey.reporting.figures.slopes import plot_coefficients as plot_coefficients
    from relsurvey.reporting.figures.slopes import plot_companions as plot_companions
    from relsurvey.reporting.figures.slopes import plot_corrected_slopes as plot_corrected_slopes
    from relsurvey.reporting.figures.slopes import (
        plot_correlations_of_workers as plot_correlations_of_workers,
    )
    from relsurvey.reporting.figures.slopes import plot_detectable as plot_detectable
    from relsurvey.reporting.figures.slopes import plot_disattenuated as plot_disattenuated
    from relsurvey.reporting.figures.slopes import plot_equivalence as plot_equivalence
    from relsurvey.reporting.figures.slopes import plot_explained as plot_explained
    from relsurvey.reporting.figures.slopes import (
        plot_imputed_association as plot_imputed_association,
    )
    from relsurvey.reporting.figures.slopes import plot_left_out as plot_left_out
    from relsurvey.reporting.figures.slopes import plot_model_comparison as plot_model_comparison
    from relsurvey.reporting.figures.slopes import plot_permutation as plot_permutation
    from relsurvey.reporting.figures.slopes import plot_resampled as plot_resampled
    from relsurvey.reporting.figures.slopes import plot_residuals as plot_residuals
    from relsurvey.reporting.figures.specification import (
        plot_specification_curve as plot_specification_curve,
    )
    from relsurvey.reporting.figures.spread import plot_spread as plot_spread
    from relsurvey.reporting.figures.structure import plot_adequacy as plot_adequacy
    from relsurvey.reporting.figures.structure import plot_differential as plot_differential
    from relsurvey.reporting.figures.structure import plot_efa as plot_efa
    from relsurvey.reporting.figures.structure import plot_invariance as plot_invariance
    from relsurvey.reporting.figures.structure import plot_items as plot_items
    from relsurvey.reporting.figures.structure import plot_levels as plot_levels
    from relsurvey.reporting.figures.structure import plot_loadings as plot_loadings
    from relsurvey.reporting.figures.structure import plot_models as plot_models
    from relsurvey.reporting.figures.structure import plot_partials as plot_partials
    from relsurvey.reporting.figures.structure import plot_scales_agreement as plot_scales_agreement
    from relsurvey.reporting.write import FORMATS as FORMATS
    from relsurvey.reporting.write import write_report as write_report

_HOME = {
    "Disclosure": "disclosure",
    "FORMATS": "write",
    "build_report": "build",
    "plot_adequacy": "figures.structure",
    "plot_agreement": "figures.agreement",
    "plot_association": "figures.association",
    "plot_bayes_factor": "figures.slopes",
    "plot_budget": "figures.slopes",
    "plot_change": "figures.change",
    "plot_coefficients": "figures.slopes",
    "plot_companions": "figures.slopes",
    "plot_comparison": "figures.data",
    "plot_content_validity": "figures.data",
    "plot_corrected_slopes": "figures.slopes",
    "plot_correlations_of_workers": "figures.slopes",
    "plot_delta": "figures.curves",
    "plot_detectable": "figures.slopes",
    "plot_differential": "figures.structure",
    "plot_disattenuated": "figures.slopes",
    "plot_draft": "figures.data",
    "plot_efa": "figures.structure",
    "plot_equivalence": "figures.slopes",
    "plot_exclusion": "figures.data",
    "plot_explained": "figures.slopes",
    "plot_family": "figures.family",
    "plot_flow": "figures.data",
    "plot_imputed": "figures.data",
    "plot_imputed_association": "figures.slopes",
    "plot_intake_log": "figures.data",
    "plot_invariance": "figures.structure",
    "plot_items": "figures.structure",
    "plot_left_out": "figures.slopes",
    "plot_levels": "figures.structure",
    "plot_link_log": "figures.data",
    "plot_linked": "figures.data",
    "plot_loadings": "figures.structure",
    "plot_missing_patterns": "figures.data",
    "plot_model_comparison": "figures.slopes",
    "plot_models": "figures.structure",
    "plot_moderation": "figures.moderation",
    "plot_parallel": "figures.parallel",
    "plot_partials": "figures.structure",
    "plot_permutation": "figures.slopes",
    "plot_power": "figures.power",
    "plot_quality": "figures.quality",
    "plot_readability": "figures.data",
    "plot_reliability": "figures.reliability",
    "plot_resampled": "figures.slopes",
    "plot_residuals": "figures.slopes",
    "plot_responses": "figures.data",
    "plot_scales_agreement": "figures.structure",
    "plot_sensitivity": "figures.sensitivity",
    "plot_simulated": "figures.data",
    "plot_specification_curve": "figures.specification",
    "plot_spread": "figures.spread",
    "plot_team_scores": "figures.data",
    "plot_verification": "figures.data",
    "write_report": "write",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    return taken_from(__name__, _HOME, name)


def __dir__() -> list[str]:
    return names_of(__name__, _HOME)
