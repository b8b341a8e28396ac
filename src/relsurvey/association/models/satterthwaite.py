"""Satterthwaite's degrees of freedom for linear combinations of fixed effects."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.optimum import Optimum

__all__ = ["satterthwaite_df"]


def satterthwaite_df(best: Optimum, contrasts: Floats) -> Floats:
    """Return the degrees of freedom of each contrast.

    The variance of a contrast c is f = sigma^2 c' (X'V^-1 X)^-1 c, a function of the variance
    ratios and sigma^2. Matching its mean and variance to a chi-squared gives 2 f^2 / (g' A g),
    where g is the gradient of f and A = 2 H^-1, with H the Hessian of the deviance; both are
    analytic. Ratios estimated as zero are left out, as in lmerTest; where all are, only sigma^2
    is left to estimate and the degrees of freedom are its divisor.

    Parameters
    ----------
    best : Optimum
        The fit.
    contrasts : numpy.ndarray
        Shape (r, p): one contrast a row, on the effects of the standardised columns.

    Returns
    -------
    numpy.ndarray
        Shape (r,).

    References
    ----------
    Fai, A. H.-T., & Cornelius, P. L. (1996). Approximate F-tests of multiple degree of freedom
    hypotheses in generalized least squares analyses of unbalanced split-plot experiments.
    Journal of Statistical Computation and Simulation, 54(4), 363-378.
    Kuznetsova, A., Brockhoff, P. B., & Christensen, R. H. B. (2017). lmerTest package. Journal
    of Statistical Software, 82(13), 1-26.
    """
    free = np.flatnonzero(best.ratios > 0)
    if not len(free):
        return np.full(len(contrasts), float(best.divisor))
    # The length of a contrast plays no part; its square may not be held.
    contrasts = contrasts / np.abs(contrasts).max(axis=1, keepdims=True)
    variance = np.einsum("ri,ij,rj->r", contrasts, best.inverse, contrasts)
    slopes = np.einsum("ri,kij,rj->kr", contrasts, best.inverse_slopes[free], contrasts)
    # Derivatives along the logarithms: at a minimum they are the others times the parameters.
    ratios = best.ratios[free]
    gradient = np.vstack([slopes * ratios[:, None] / variance, np.ones(len(contrasts))])
    spread = np.einsum("ir,ir->r", gradient, np.linalg.solve(_hessian(best, free), gradient))
    degrees: Floats = 1.0 / spread
    return degrees


def _hessian(best: Optimum, free: npt.NDArray[np.intp]) -> Floats:
    """Return the Hessian of the deviance along the logarithms of the ratios and of sigma^2."""
    sigma_squared, ratios = best.residual_variance, best.ratios[free]
    hessian = np.empty((len(free) + 1, len(free) + 1))
    curvatures = best.residual_curvatures / sigma_squared + best.log_curvatures
    hessian[:-1, :-1] = curvatures[np.ix_(free, free)] * np.outer(ratios, ratios)
    hessian[-1, :-1] = hessian[:-1, -1] = -best.residual_slopes[free] / sigma_squared * ratios
    hessian[-1, -1] = best.divisor
    return hessian
