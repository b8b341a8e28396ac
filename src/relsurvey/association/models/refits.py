"""A model fitted again without some of its groups, from the sums alone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.estimability import require_estimable
from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.nested_likelihood import nested_sums
from relsurvey.association.models.nested_search import descend_nested
from relsurvey.errors import ModelError

__all__ = ["Refit", "focus_numbers", "refit_without"]

FEW_GROUPS = 200  # up to here all maxima of the likelihood are looked for each time

Mask = npt.NDArray[np.bool_]
Refit = dict[str, float]
NUMBERS = ("estimate", "std_error", "df", "conf_low", "conf_high")


def refit_without(fit: MixedFit, gone: Mask) -> MixedFit | ModelError:
    """Fit the model to the groups that are left.

    Parameters
    ----------
    fit : MixedFit
        The model of all groups; its sums hold the cross-products of each.
    gone : numpy.ndarray of bool
        Shape (J,): groups to leave out.

    Returns
    -------
    MixedFit or ModelError
        The fit; or why there is none: what is left out may be all that made a predictor vary.

    Notes
    -----
    With three levels and more than 200 groups the search starts from the ratios of the whole fit
    and ends in the minimum next to them; otherwise all minima are compared.
    """
    try:
        left = fit.sums.take(~gone)
        if left.nested_in is None or left.n_groups <= FEW_GROUPS:
            return fit_sums(left, fit.outcome, fit.predictors, reml=fit.reml, df=fit.df)
        require_estimable(left, fit.outcome, fit.predictors)
    except ModelError as problem:
        return problem
    table = nested_sums(left, fit.outcome, fit.predictors)
    best, converged = descend_nested(table, fit.best.ratios, reml=fit.reml)
    own = left.place(fit.outcome)
    effects = left.units[own] * (fit.to_standard @ best.effects)
    effects[0] += left.centres[own]
    return replace(fit, best=best, sums=left, effects=effects, converged=converged)


def focus_numbers(fit: MixedFit | ModelError, focus: int, confidence: float) -> Refit:
    """Return estimate, std_error, df and interval of one effect; NaN where there is no fit."""
    if isinstance(fit, ModelError):
        return dict.fromkeys(NUMBERS, math.nan)
    contrast: Floats = np.eye(len(fit.effects))[[focus]]
    tested = fit.test(contrast, confidence)
    return {name: float(tested[name][0]) for name in NUMBERS}
