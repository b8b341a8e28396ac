"""Kenward and Roger's covariance and degrees of freedom, from sums per group alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.nested_likelihood import NestedSums, products
from relsurvey.association.models.optimum import Optimum

__all__ = ["KenwardRoger", "kenward_roger"]


@dataclass(frozen=True, slots=True, eq=False)
class KenwardRoger:
    """What single contrasts are tested with; M variance components, p fixed effects.

    Attributes
    ----------
    inverse : numpy.ndarray
        Shape (p, p): covariance of the fixed effects with the variances taken as known; the
        residual variance is the unit of it and of ``adjusted``.
    adjusted : numpy.ndarray
        Shape (p, p): the covariance with what the variances' being estimated adds to it.
    slopes : numpy.ndarray
        Shape (M, p, p): derivatives of ``inverse`` along the components.
    components : numpy.ndarray
        Shape (M, M): covariance of the estimated components, the inverse of their expected
        information under REML.
    """

    inverse: Floats
    adjusted: Floats
    slopes: Floats
    components: Floats

    def df(self, contrasts: Floats) -> Floats:
        """Return the degrees of freedom of each contrast.

        For one contrast Kenward and Roger's scale factor is 1, and their degrees of freedom are
        Satterthwaite's with the expected information: twice the squared variance of the
        contrast over the variance of that variance.

        Parameters
        ----------
        contrasts : numpy.ndarray
            Shape (r, p): one contrast a row, on the effects of the standardised columns.

        Returns
        -------
        numpy.ndarray
            Shape (r,).
        """
        # The length of a contrast plays no part; its square may not be held.
        contrasts = contrasts / np.abs(contrasts).max(axis=1, keepdims=True)
        variance = np.einsum("ri,ij,rj->r", contrasts, self.inverse, contrasts)
        relative = np.einsum("ri,kij,rj->kr", contrasts, self.slopes, contrasts) / variance
        degrees: Floats = 2.0 / np.einsum("kr,kl,lr->r", relative, self.components, relative)
        return degrees


def kenward_roger(best: Optimum, sums: NestedSums) -> KenwardRoger:
    """Adjust the covariance of the fixed effects for the variances' being estimated.

    Parameters
    ----------
    best : Optimum
        The REML fit: one variance ratio or two.
    sums : NestedSums
        What it was fitted to.

    Returns
    -------
    KenwardRoger
        In units of the residual variance.

    Notes
    -----
    V is linear in its components, so their second derivatives, R_ij of the paper, are zero. A
    component that is estimated as zero stays in the information, as in pbkrtest: the
    information is the expected one and is known at zero too, and an estimate of zero from few
    units is not knowledge that there is no variance. Leaving the component out gives the
    degrees of freedom of the smaller model, which reject too often when units are few. What the
    information says at zero is an approximation: the estimate cannot fall below its bound, so
    its variance there is smaller than the one that is used, and the test errs towards caution.

    References
    ----------
    Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from
    restricted maximum likelihood. Biometrics, 53(3), 983-997, sections 2 and 3.
    Halekoh, U., & Højsgaard, S. (2014). A Kenward-Roger approximation and parametric bootstrap
    methods for tests in linear mixed models - the R package pbkrtest. Journal of Statistical
    Software, 59(9), 1-32.
    """
    levels = len(best.ratios)
    ratios = np.zeros(2)
    ratios[:levels] = best.ratios
    parts = products(sums, ratios, residual=True)
    p, used = len(best.effects), levels + 1
    first = parts.first[:used, :p, :p]
    second = parts.second[:used, :used, :p, :p]
    inverse = best.inverse
    slopes = inverse @ first @ inverse
    # X'V^-1 G_i P G_j V^-1 X, with P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1.
    rest = second - first[:, None] @ inverse @ first[None, :]
    twice_information = parts.traces[:used, :used] - 2.0 * np.einsum("ij,klji->kl", inverse, second)
    twice_information += np.einsum("kij,lji->kl", slopes, first)
    components = 2.0 * _inverse(twice_information)
    added = np.einsum("kl,klij->ij", components, rest)
    adjusted = inverse + inverse @ (added + added.T) @ inverse
    return KenwardRoger(inverse, adjusted, slopes, components)


def _inverse(matrix: Floats) -> Floats:
    """Invert a positive definite matrix whose rows are in different units."""
    scale = np.sqrt(np.diag(matrix))
    units = np.outer(scale, scale)
    inverse: Floats = np.linalg.inv(matrix / units) / units
    return inverse
