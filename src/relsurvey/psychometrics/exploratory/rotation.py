"""Rotation of factor loadings: varimax, promax and oblimin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.exploratory.rotation_search import (
    Found,
    Oblique,
    Orthogonal,
    search,
)

__all__ = ["Rotated", "Rotation", "rotate"]

Array: TypeAlias = npt.NDArray[np.float64]
Rotation: TypeAlias = Literal["oblimin", "promax", "varimax", "none"]

POWER = 4  # of promax


@dataclass(frozen=True, slots=True)
class Rotated:
    """Rotated loadings of p items on k factors.

    Attributes
    ----------
    loadings : ndarray, shape (p, k)
        The pattern: what each factor adds, the others held constant. Factors stand in the
        order of what they account for, the largest first; the loadings of each add up to a
        positive number.
    factor_correlations : ndarray, shape (k, k)
        The identity where the rotation is orthogonal.
    criterion : float
        Of the search (of varimax for promax, which follows from it); NaN where nothing was
        searched.
    converged : bool
        Whether it is a stationary point.
    agreeing : float
        Share of the starts that lead to it.
    """

    loadings: Array
    factor_correlations: Array
    criterion: float
    converged: bool
    agreeing: float


def rotate(loadings: Array, rotation: Rotation) -> Rotated:
    """Rotate loadings.

    Parameters
    ----------
    loadings : ndarray, shape (p, k)
        Unrotated. One factor is left as it is, but for its sign.
    rotation : {"oblimin", "promax", "varimax", "none"}
        Oblimin is direct quartimin (gamma 0), without Kaiser's normalisation; varimax is with
        it, promax is varimax raised to the power 4, as in R's ``promax``.

    Returns
    -------
    Rotated
        The best of many starts.

    References
    ----------
    Kaiser HF (1958). Psychometrika 23(3):187-200. doi 10.1007/BF02289233.
    Hendrickson AE, White PO (1964). Promax: a quick method for rotation to oblique simple
    structure. British Journal of Statistical Psychology 17(1):65-70.
    doi 10.1111/j.2044-8317.1964.tb00244.x.
    Jennrich RI (2002). Psychometrika 67(1):7-19. doi 10.1007/BF02294706.

    Examples
    --------
    >>> simple = np.array([[0.8, 0.0], [0.7, 0.0], [0.0, 0.6], [0.0, 0.5]])
    >>> turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    >>> rotate(simple @ turn, "varimax").loadings.round(6) + 0.0
    array([[0.8, 0. ],
           [0.7, 0. ],
           [0. , 0.6],
           [0. , 0.5]])
    """
    k = loadings.shape[1]
    if k == 1 or rotation == "none":
        return _in_order(
            loadings, np.eye(k), Found(np.eye(k), np.nan, converged=True, agreeing=1.0)
        )
    if rotation == "oblimin":
        found = search(Oblique(loadings), k)
        pattern = loadings @ np.linalg.inv(found.rotation).T
        return _in_order(pattern, found.rotation.T @ found.rotation, found)
    found = search(Orthogonal(_normalised(loadings)), k)
    turned = loadings @ found.rotation
    if rotation == "varimax":
        return _in_order(turned, np.eye(k), found)
    return _in_order(*_promax(turned), found)


def _normalised(loadings: Array) -> Array:
    """Give every item the same communality (Kaiser), but for items without any."""
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    scaled: Array = loadings / np.where(length > 0, length, 1.0)
    return scaled


def _promax(varimax: Array) -> tuple[Array, Array]:
    target = varimax * np.abs(varimax) ** (POWER - 1)
    turn = np.linalg.lstsq(varimax, target, rcond=None)[0]
    # Factors of variance one: the columns are scaled by what their inverse would have.
    turn = turn * np.sqrt(np.diag(np.linalg.inv(turn.T @ turn)))
    inverse = np.linalg.inv(turn)
    return varimax @ turn, inverse @ inverse.T


def _in_order(pattern: Array, correlations: Array, found: Found) -> Rotated:
    """Order factors by what they account for, and give them the sign of most of it."""
    accounted = np.diag(correlations @ pattern.T @ pattern)
    order = np.argsort(-accounted, kind="stable")
    sign = np.where(pattern.sum(axis=0) < 0, -1.0, 1.0)[order]
    return Rotated(
        loadings=pattern[:, order] * sign,
        factor_correlations=correlations[np.ix_(order, order)] * np.outer(sign, sign),
        criterion=found.value,
        converged=found.converged,
        agreeing=found.agreeing,
    )
