"""Satterthwaite's degrees of freedom for linear combinations of fixed effects."""

from __future__ import annotations

import numpy as np

from relsurvey.association.models.likelihood import Floats, Profile

__all__ = ["satterthwaite_df"]


def satterthwaite_df(best: Profile, sigma_squared: float, contrasts: Floats) -> Floats:
    """Return the degrees of freedom of each contrast.

    The variance of a contrast c is f = sigma^2 c' (X'V^-1 X)^-1 c, a function of (theta,
    sigma^2). Matching its mean and variance to a chi-squared gives 2 f^2 / (g' A g), where g
    is the gradient of f and A = 2 H^-1, with H the Hessian of the deviance; both are analytic.

    Parameters
    ----------
    best : Profile
        The fit, at one theta, above 0.
    sigma_squared : float
        Residual variance.
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
    # The length of a contrast plays no part; its square may not be held.
    contrasts = contrasts / np.abs(contrasts).max(axis=1, keepdims=True)
    per_sigma = np.einsum("ri,ij,rj->r", contrasts, best.inverse[0], contrasts)
    along_theta = sigma_squared * np.einsum(
        "ri,ij,rj->r", contrasts, best.inverse_slope[0], contrasts
    )
    gradient = np.stack([along_theta, per_sigma])
    _, residual_slope, residual_curvature = best.residual[:, 0]
    cross = -residual_slope / sigma_squared**2
    hessian = np.array(
        [
            [residual_curvature / sigma_squared + best.log_terms[2, 0], cross],
            [cross, best.divisor / sigma_squared**2],
        ]
    )
    spread = np.einsum("ir,ir->r", gradient, np.linalg.solve(hessian, gradient))
    degrees: Floats = (sigma_squared * per_sigma) ** 2 / spread
    return degrees
