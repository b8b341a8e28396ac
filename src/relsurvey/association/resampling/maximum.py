"""What the fits of many replicates give, whatever the levels, and which have one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.factors import (
    COLLINEAR,
    inverse_factor,
    residual_within,
)

__all__ = ["Maximum", "blank", "estimable", "put"]

NO_RESIDUAL = 1e-13
NO_SPREAD = 1e-13  # of a column's sum of squares: it is the same in all rows drawn


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Fits of B replicates in the standardised columns; NaN where ``degenerate``.

    Attributes
    ----------
    ratios : numpy.ndarray
        Shape (B, levels): variances over the residual variance.
    effects : numpy.ndarray
        Shape (B, p): fixed effects, the intercept first.
    covariance : numpy.ndarray
        Shape (B, p, p): the inverse of X'V^-1 X, sigma^2 left out.
    residual_variance, deviance : numpy.ndarray
        Shape (B,).
    converged, degenerate : numpy.ndarray of bool
        Shape (B,): whether the search came to its end; whether there is no fit.
    """

    ratios: Floats
    effects: Floats
    covariance: Floats
    residual_variance: Floats
    deviance: Floats
    converged: npt.NDArray[np.bool_]
    degenerate: npt.NDArray[np.bool_]


def blank(n: int, levels: int, p: int) -> Maximum:
    """Return n replicates without a fit, to be filled in by ``put``."""
    return Maximum(
        np.full((n, levels), np.nan), np.full((n, p), np.nan), np.full((n, p, p), np.nan),
        np.full(n, np.nan), np.full(n, np.nan), np.zeros(n, np.bool_), np.ones(n, np.bool_),
    )  # fmt: skip


def put(
    found: Maximum, places: npt.NDArray[np.intp], ratios: Floats, deviance: Floats,
    factors: tuple[Floats, Floats], rows: Floats, converged: npt.NDArray[np.bool_], *, reml: bool,
) -> None:  # fmt: skip
    """Fill in fits from the inverse factor and pivots of A at their maximum."""
    factor, pivots = factors
    p = len(pivots) - 1
    found.ratios[places] = ratios
    found.effects[places] = -(factor[-1, :-1] * np.sqrt(pivots[-1])).T
    found.covariance[places] = np.einsum("kin,kjn->nij", factor[:-1, :-1], factor[:-1, :-1])
    found.residual_variance[places] = pivots[-1] / (rows - p if reml else rows)
    found.deviance[places] = deviance
    found.converged[places] = converged
    found.degenerate[places] = False


def estimable(
    within: Floats, total: Floats, rows: Floats, workers: Floats
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the residual sums of squares within workers, and which replicates have a fit.

    Parameters
    ----------
    within, total : numpy.ndarray
        Shape (q, q, N): cross-products of [1 X y] within workers and over all rows.
    rows, workers : numpy.ndarray
        Shape (N,).
    """
    residual, rank = residual_within(within)
    pivots = inverse_factor(total)[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = np.einsum("iin->in", total)
        centred = squares - total[0] ** 2 / total[0, 0]
        ok = (pivots[1:-1] > COLLINEAR * centred[1:-1]).all(axis=0)
        ok &= (centred[1:] > NO_SPREAD * squares[1:]).all(axis=0)
        ok &= (residual > NO_RESIDUAL * squares[-1]) & (pivots[-1] > 0)
    ok &= (rows - workers - rank > 0) & (workers > 1)
    return residual, ok
