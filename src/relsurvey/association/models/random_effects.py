"""The random intercepts of a fitted model, predicted from its sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relsurvey.association.models.likelihood import Floats

if TYPE_CHECKING:
    from relsurvey.association.models.fit import MixedFit

__all__ = ["RandomEffects", "random_effects"]


@dataclass(frozen=True, slots=True, eq=False)
class RandomEffects:
    """Predicted random intercepts of J groups, and of T larger units where there are any.

    Attributes
    ----------
    groups, units : numpy.ndarray
        Shape (J,) and (T,): best linear unbiased predictions, in units of the outcome; ``units``
        has no element with two levels. All are 0 where their variance is.
    groups_pulled, units_pulled : numpy.ndarray
        By what share each is pulled to zero from what its own rows alone would say; 0 to 1.
    mean_residuals : numpy.ndarray
        Shape (J,): mean residual of each group, random intercepts taken out too.
    """

    groups: Floats
    units: Floats
    groups_pulled: Floats
    units_pulled: Floats
    mean_residuals: Floats


def random_effects(fit: MixedFit) -> RandomEffects:
    """Predict the random intercepts.

    Parameters
    ----------
    fit : MixedFit
        A model of two or three levels.

    Returns
    -------
    RandomEffects
        In the order of the sums' groups and units.

    References
    ----------
    Robinson, G. K. (1991). That BLUP is a good thing: The estimation of random effects.
    Statistical Science, 6(1), 15-32.
    """
    sums = fit.sums
    chosen = [sums.place(name) for name in fit.predictors]
    means = sums.means
    off = means[:, sums.place(fit.outcome)] - fit.effects[0] - means[:, chosen] @ fit.effects[1:]
    residual = fit.residual_variance
    ratio = fit.variances[sums.group] / residual
    weights = sums.counts / (1.0 + sums.counts * ratio)
    of_units: Floats = np.zeros(0)
    units_pulled: Floats = np.zeros(0)
    unit_effect: Floats = np.zeros(sums.n_groups)
    if sums.parents is not None and sums.nested_in is not None:
        unit_ratio = fit.variances[sums.nested_in] / residual
        carried = np.bincount(sums.parents, weights=weights)
        units_pulled = np.asarray(1.0 / (1.0 + unit_ratio * carried), dtype=np.float64)
        own = np.bincount(sums.parents, weights=weights * off) / carried
        of_units = np.asarray((1.0 - units_pulled) * own, dtype=np.float64)
        unit_effect = of_units[sums.parents]
    of_groups = ratio * weights * (off - unit_effect)
    return RandomEffects(
        groups=of_groups,
        units=of_units,
        groups_pulled=1.0 - ratio * weights,
        units_pulled=units_pulled,
        mean_residuals=off - unit_effect - of_groups,
    )
