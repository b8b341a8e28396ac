"""Say what was found: tables, figures and sentences, and a report that can be sent."""

from __future__ import annotations

from relsurvey.reporting.build import build_report
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.figures.agreement import plot_agreement
from relsurvey.reporting.figures.association import plot_association
from relsurvey.reporting.figures.change import plot_change
from relsurvey.reporting.figures.curves import plot_delta
from relsurvey.reporting.figures.data import (
    plot_comparison,
    plot_content_validity,
    plot_draft,
    plot_exclusion,
    plot_flow,
    plot_imputed,
    plot_intake_log,
    plot_link_log,
    plot_linked,
    plot_missing_patterns,
    plot_readability,
    plot_responses,
    plot_simulated,
    plot_team_scores,
    plot_verification,
)
from relsurvey.reporting.figures.family import plot_family
from relsurvey.reporting.figures.moderation import plot_moderation
from relsurvey.reporting.figures.parallel import plot_parallel
from relsurvey.reporting.figures.power import plot_power
from relsurvey.reporting.figures.quality import plot_quality
from relsurvey.reporting.figures.reliability import plot_reliability
from relsurvey.reporting.figures.sensitivity import plot_sensitivity
from relsurvey.reporting.figures.slopes import (
    plot_bayes_factor,
    plot_budget,
    plot_coefficients,
    plot_companions,
    plot_corrected_slopes,
    plot_correlations_of_workers,
    plot_detectable,
    plot_disattenuated,
    plot_equivalence,
    plot_explained,
    plot_imputed_association,
    plot_left_out,
    plot_model_comparison,
    plot_permutation,
    plot_resampled,
    plot_residuals,
)
from relsurvey.reporting.figures.specification import plot_specification_curve
from relsurvey.reporting.figures.spread import plot_spread
from relsurvey.reporting.figures.structure import (
    plot_adequacy,
    plot_differential,
    plot_efa,
    plot_invariance,
    plot_items,
    plot_levels,
    plot_loadings,
    plot_models,
    plot_partials,
    plot_scales_agreement,
)
from relsurvey.reporting.write import FORMATS, write_report

__all__ = [
    "FORMATS",
    "Disclosure",
    "build_report",
    "plot_adequacy",
    "plot_agreement",
    "plot_association",
    "plot_bayes_factor",
    "plot_budget",
    "plot_change",
    "plot_coefficients",
    "plot_companions",
    "plot_comparison",
    "plot_content_validity",
    "plot_corrected_slopes",
    "plot_correlations_of_workers",
    "plot_delta",
    "plot_detectable",
    "plot_differential",
    "plot_disattenuated",
    "plot_draft",
    "plot_efa",
    "plot_equivalence",
    "plot_exclusion",
    "plot_explained",
    "plot_family",
    "plot_flow",
    "plot_imputed",
    "plot_imputed_association",
    "plot_intake_log",
    "plot_invariance",
    "plot_items",
    "plot_left_out",
    "plot_levels",
    "plot_link_log",
    "plot_linked",
    "plot_loadings",
    "plot_missing_patterns",
    "plot_model_comparison",
    "plot_models",
    "plot_moderation",
    "plot_parallel",
    "plot_partials",
    "plot_permutation",
    "plot_power",
    "plot_quality",
    "plot_readability",
    "plot_reliability",
    "plot_resampled",
    "plot_residuals",
    "plot_responses",
    "plot_scales_agreement",
    "plot_sensitivity",
    "plot_simulated",
    "plot_specification_curve",
    "plot_spread",
    "plot_team_scores",
    "plot_verification",
    "write_report",
]
