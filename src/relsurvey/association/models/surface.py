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
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
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
    """Sums of J groups, those of one unit together; q = p + 1 columns of [1 X y].

    Attributes
    ----------
    counts : numpy.ndarray
        Shape (J,).
    means : numpy.ndarray
        Shape (J, q): group means of the standardised columns.
    within : numpy.ndarray
        Shape (q, q): cross-products of deviations from the group means.
    starts : numpy.ndarray of int or None
        Shape (T,): the first group of each unit; ``None`` with two levels.
    divisor : int
        n - p under REML, n under maximum likelihood.
    reml : bool
        The criterion.
    """

    counts: Floats
    means: Floats
    within: Floats
    starts: npt.NDArray[np.intp] | None
    divisor: int
    reml: bool

    @property
    def n_levels(self) -> int:
        """Ratios that the likelihood depends on: 1 or 2."""
        return 1 if self.starts is None else 2

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
        spread = ratios[:, :1] * self.counts
        weights = self.counts / (1.0 + spread)
        log_terms = np.log1p(spread).sum(axis=1)
        products = self.within + self._between(weights, ratios, log_terms)
        scale = np.sqrt(np.einsum("gii->gi", products))
        factor = np.linalg.cholesky(products / (scale[:, :, None] * scale[:, None, :]))
        roots = np.einsum("gii->gi", factor) * scale
        if self.reml:
            log_terms += 2.0 * np.log(roots[:, :-1]).sum(axis=1)
        return SurfacePoint(roots[:, -1] ** 2, log_terms, products)

    def _between(self, weights: Floats, ratios: Floats, log_terms: Floats) -> Floats:
        """Return what is between groups; add the units' determinant to ``log_terms``."""
        deviations = np.broadcast_to(self.means, (len(weights), *self.means.shape))
        of_units: Floats | float = 0.0
        if self.starts is not None:
            sizes = np.diff(self.starts, append=len(self.counts))
            carried = np.add.reduceat(weights, self.starts, axis=1)
            means = np.add.reduceat(weights[:, :, None] * self.means, self.starts, axis=1)
            means /= carried[:, :, None]
            spread = ratios[:, 1:] * carried
            log_terms += np.log1p(spread).sum(axis=1)
            of_units = np.swapaxes(means * (carried / (1.0 + spread))[:, :, None], 1, 2) @ means
            deviations = deviations - np.repeat(means, sizes, axis=1)
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
    chosen = [sums.place(name) for name in (*predictors, outcome)]
    q = len(chosen) + 1
    within = np.zeros((q, q))
    within[1:, 1:] = sums.within[np.ix_(chosen, chosen)]
    means = np.column_stack([np.ones(sums.n_groups), sums.sums[:, chosen] / sums.counts[:, None]])
    order: npt.NDArray[np.intp] = np.arange(sums.n_groups)
    starts = None
    if sums.parents is not None:
        order = np.argsort(sums.parents, kind="stable")
        starts = np.flatnonzero(np.diff(sums.parents[order], prepend=-1))
    return Surface(
        counts=sums.counts[order],
        means=means[order],
        within=within,
        starts=starts,
        divisor=sums.n_rows - (q - 1) * reml,
        reml=reml,
    )
