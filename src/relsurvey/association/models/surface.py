"""The likelihood at any variances, not only the best ones: of two and of three levels, from sums.

For rows in groups j in units t, with ratios g and t of the variances between groups and between
units to that within groups, and Z = [1 X y] with group means z_j,

    Z' V^-1 Z = W + sum_j w_j (z_j - z_t)(z_j - z_t)' + sum_t c_t / (1 + t c_t) z_t z_t',

where w_j = n_j / (1 + n_j g), c_t is the sum of w_j over the unit's groups and z_t their mean so
weighted. Every part is positive: nothing cancels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.nested_likelihood import NestedSums, nested_sums
from relsurvey.moments.groups import GroupSums

__all__ = ["Surface", "SurfacePoint", "likelihood_surface"]


@dataclass(frozen=True, slots=True, eq=False)
class SurfacePoint:
    """The parts of the likelihood at G pairs of ratios.

    Attributes
    ----------
    residual : numpy.ndarray
        Shape (G,): generalised residual sum of squares.
    log_terms : numpy.ndarray
        Shape (G,): log determinants in the deviance.
    products : numpy.ndarray
        Shape (G, q, q): Z' V^-1 Z with the residual variance left out.
    """

    residual: Floats
    log_terms: Floats
    products: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The likelihood as a function of the variances.

    Attributes
    ----------
    data : NestedSums
        Groups in the order of their units.
    n_levels : int
        Ratios that the likelihood depends on: 1 (of groups), or 2 (of units too).
    reml : bool
        The criterion.
    """

    data: NestedSums
    n_levels: int
    reml: bool

    @property
    def divisor(self) -> int:
        """Of the residual: n - p under REML, n under maximum likelihood."""
        return self.data.n_rows - (len(self.data.within) - 1) * self.reml

    def at(self, ratios: Floats) -> SurfacePoint:
        """Evaluate the parts of the likelihood.

        Parameters
        ----------
        ratios : numpy.ndarray
            Shape (G, levels): variance between groups, and between units, over that within;
            at least 0.

        Returns
        -------
        SurfacePoint
            At each of them.
        """
        spread = ratios[:, :1] * self.data.sizes
        weights = self.data.sizes / (1.0 + spread)
        log_terms = np.log1p(spread).sum(axis=1)
        products = self.data.within + self._between(weights, ratios, log_terms)
        scale = np.sqrt(np.einsum("gii->gi", products))
        factor = np.linalg.cholesky(products / (scale[:, :, None] * scale[:, None, :]))
        roots = np.einsum("gii->gi", factor) * scale
        if self.reml:
            log_terms += 2.0 * np.log(roots[:, :-1]).sum(axis=1)
        return SurfacePoint(roots[:, -1] ** 2, log_terms, products)

    def _between(self, weights: Floats, ratios: Floats, log_terms: Floats) -> Floats:
        """Return what is between groups; add the units' determinant to ``log_terms``."""
        data = self.data
        deviations = np.broadcast_to(data.means, (len(weights), *data.means.shape))
        of_units: Floats | float = 0.0
        if self.n_levels > 1:
            carried = np.add.reduceat(weights, data.starts, axis=1)
            means = np.add.reduceat(weights[:, :, None] * data.means, data.starts, axis=1)
            means /= carried[:, :, None]
            spread = ratios[:, 1:] * carried
            log_terms += np.log1p(spread).sum(axis=1)
            of_units = np.swapaxes(means * (carried / (1.0 + spread))[:, :, None], 1, 2) @ means
            deviations = deviations - means.take(data.units, axis=1)
        total: Floats = np.swapaxes(deviations * weights[:, :, None], 1, 2) @ deviations + of_units
        return total

    def deviance(self, ratios: Floats, residual_variance: Floats) -> Floats:
        """Return -2 log-likelihood, of standardised columns, at given variances.

        Parameters
        ----------
        ratios : numpy.ndarray
            Shape (G, levels).
        residual_variance : numpy.ndarray
            Shape (G,).

        Returns
        -------
        numpy.ndarray
            Shape (G,).
        """
        here = self.at(ratios)
        deviance: Floats = (
            self.divisor * np.log(2.0 * np.pi * residual_variance)
            + here.log_terms
            + here.residual / residual_variance
        )
        return deviance


def likelihood_surface(
    sums: GroupSums, outcome: str, predictors: tuple[str, ...], *, reml: bool
) -> Surface:
    """Arrange group sums for `Surface`.

    Parameters
    ----------
    sums : GroupSums
        Of two levels, or of three where ``nested_in`` is set.
    outcome : str
        The outcome.
    predictors : tuple of str
        The predictors.
    reml : bool
        Restricted or full maximum likelihood.

    Returns
    -------
    Surface
        The data of the likelihood.
    """
    levels = 1 if sums.parents is None else 2
    return Surface(nested_sums(sums, outcome, predictors), levels, reml)
