"""Reliability of ordinal items: alpha on polychoric correlations, and ordinal omega.

They answer different questions and are kept apart by name. Raw alpha is about the sum of the
answers as numbers. Ordinal alpha is the standardised alpha of the polychoric correlations: the
reliability of a sum of continuous responses nobody has seen. Ordinal omega after Green and
Yang is about the sum of the answers again, under a one-factor model for ordinal items.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dposv
from scipy.special import ndtr

from relsurvey.errors import listed
from relsurvey.moments.tables import ItemTables
from relsurvey.psychometrics.bivariate_normal import binormal_cdf
from relsurvey.psychometrics.consistency import cronbach_alpha
from relsurvey.psychometrics.polychoric_covariance import asymptotic_variances, influence_of
from relsurvey.psychometrics.polychoric_fit import PolychoricFit, fit_polychoric

__all__ = [
    "OrdinalOmega",
    "green_yang_omega",
    "one_factor_loadings",
    "ordinal_alpha",
    "ordinal_omega",
]

Array: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int64]

STEPS = 500
CLOSE = 1e-12  # of a step, in units of a standardised loading
FEWEST_ITEMS = 3
LEVEL = 1e-10  # of the damping and of a curvature


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalOmega:
    """Ordinal omega of one scale and what it rests on.

    Attributes
    ----------
    omega : float
        NaN where it is not defined; ``note`` says why.
    loadings : ndarray, shape (k,)
        Standardised, of the one-factor model fitted by diagonally weighted least squares.
    note : str
        Empty where there is nothing to say.
    """

    omega: float
    loadings: Array
    note: str


def ordinal_alpha(polychoric: Array) -> float:
    """Return the standardised alpha of polychoric correlations.

    Parameters
    ----------
    polychoric : ndarray, shape (k, k)
        Polychoric correlations.

    Returns
    -------
    float
        NaN for one item, where a correlation is NaN, and where they sum to nothing.

    References
    ----------
    Zumbo BD, Gadermann AM, Zeisser C (2007). Ordinal versions of coefficients alpha and theta
    for Likert rating scales. Journal of Modern Applied Statistical Methods 6(1):21-29.
    doi 10.22237/jmasm/1177992180. That it is not the reliability of the sum of the answers:
    Chalmers RP (2018). Educational and Psychological Measurement 78(6):1056-1071.
    doi 10.1177/0013164417727036.

    Examples
    --------
    >>> round(ordinal_alpha(np.array([[1.0, 0.5], [0.5, 1.0]])), 4)
    0.6667
    """
    return cronbach_alpha(polychoric) if np.isfinite(polychoric).all() else math.nan


def ordinal_omega(tables: ItemTables, fit: PolychoricFit | None = None) -> OrdinalOmega:
    """Return the reliability of the sum of ordinal answers under a one-factor model.

    Parameters
    ----------
    tables : ItemTables
        Of the k items of the scale. Pairwise tables are weighted as though all pairs had the
        same number of rows.
    fit : PolychoricFit, optional
        Of these tables, where it is there already.

    Returns
    -------
    OrdinalOmega
        NaN with a reason for fewer than three items (one factor is not identified), for items
        that do not vary or are in perfect order with another, and where a loading exceeds one.

    References
    ----------
    Green SB, Yang Y (2009). Reliability of summed item scores using structural equation
    modeling: an alternative to coefficient alpha. Psychometrika 74(1):155-167.
    doi 10.1007/s11336-008-9099-3.

    Examples
    --------
    >>> import narwhals as nw
    >>> import pandas as pd
    >>> from relsurvey.moments.tables import item_tables
    >>> rng = np.random.default_rng(1)
    >>> answers = np.rint(3 + rng.normal(size=(400, 1)) + rng.normal(size=(400, 4))).clip(1, 5)
    >>> frame = nw.from_native(pd.DataFrame(answers, columns=list("abcd")))
    >>> tables = item_tables(frame, {"s": list("abcd")})["s"]
    >>> 0.7 < ordinal_omega(tables).omega < 0.85
    True
    """
    k = len(tables.columns)
    unknown = np.full(k, np.nan)
    if k < FEWEST_ITEMS:
        return OrdinalOmega(
            math.nan, unknown, f"{k} items do not identify one factor: no ordinal omega"
        )
    fit = fit_polychoric(tables) if fit is None else fit
    reason = _obstacle(fit)
    if reason:
        return OrdinalOmega(math.nan, unknown, f"{reason}: no ordinal omega")
    _, variances = asymptotic_variances(influence_of(tables, fit), tables)
    loadings = one_factor_loadings(fit.correlation, variances)
    if np.isnan(loadings).any():
        return OrdinalOmega(math.nan, loadings, "one factor could not be fitted: no ordinal omega")
    beyond = [name for name, own in zip(fit.columns, loadings, strict=True) if abs(own) > 1]
    if beyond:
        note = f"the loading of {listed(beyond)} exceeds one (Heywood case): no ordinal omega"
        return OrdinalOmega(math.nan, loadings, note)
    common = np.outer(loadings, loadings)
    omega = green_yang_omega(fit.thresholds, common, fit.correlation)
    return OrdinalOmega(omega, loadings, "" if np.isfinite(omega) else "the sum has no variance")


def green_yang_omega(thresholds: Sequence[Array], common: Array, total: Array) -> float:
    """Return the share of the variance of the sum of ordinal answers that is common.

    Parameters
    ----------
    thresholds : sequence of ndarray, length k
        Of each item, on the standard normal scale.
    common : ndarray, shape (k, k)
        Covariances of the latent responses that come of the factors counted as true.
    total : ndarray, shape (k, k)
        Correlations of the latent responses, with ones on the diagonal.

    Returns
    -------
    float
        NaN where the sum has no variance.

    References
    ----------
    Green and Yang (2009), equation 21; see ``ordinal_omega``.

    Examples
    --------
    >>> half = [np.array([0.0])] * 2
    >>> round(green_yang_omega(half, np.full((2, 2), 1.0), np.full((2, 2), 1.0)), 6)
    1.0
    """
    limits = np.concatenate(thresholds)
    item = np.repeat(np.arange(len(thresholds)), [len(own) for own in thresholds])
    x, y = limits[:, None], limits[None, :]
    apart = np.outer(ndtr(limits), ndtr(limits))
    place = np.ix_(item, item)
    true = float((binormal_cdf(x, y, common[place]) - apart).sum())
    whole = float((binormal_cdf(x, y, total[place]) - apart).sum())
    return true / whole if whole > 0 else math.nan


def one_factor_loadings(correlation: Array, variances: Array) -> Array:
    """Fit one factor to correlations by diagonally weighted least squares.

    Parameters
    ----------
    correlation : ndarray, shape (k, k)
        Correlations of at least three items.
    variances : ndarray, shape (k (k - 1) / 2,)
        Their asymptotic variances, the lower triangle read column by column: what is
        minimised is the sum of squared residuals over these.

    Returns
    -------
    ndarray, shape (k,)
        Loadings, their sum not negative. NaN where the search did not converge.
    """
    first, second = np.triu_indices(len(correlation), 1)
    residuals = _Residuals(first, second, correlation[first, second], 1 / variances)
    ends = [residuals.descend(start) for start in _starts(correlation)]
    reached = [end for end in ends if end is not None]
    if not reached:
        return np.full(len(correlation), np.nan)
    best = min(reached, key=residuals.misfit)
    return -best if best.sum() < 0 else best


def _obstacle(fit: PolychoricFit) -> str:
    if fit.unusable:
        return "; ".join(f"{name}: {why}" for name, why in fit.unusable.items())
    pairs = [f"{fit.columns[i]} and {fit.columns[j]}" for i, j in fit.ordered + fit.empty_pairs]
    return f"no standard error of the correlation of {listed(pairs)}" if pairs else ""


def _starts(correlation: Array) -> list[Array]:
    """Begin at the first principal component, and at equal loadings with its signs."""
    values, vectors = np.linalg.eigh(correlation)
    component = vectors[:, -1] * math.sqrt(max(values[-1], 0.0))
    level = np.where(component < 0, -1.0, 1.0) * 0.5
    return [np.clip(component, -0.95, 0.95), level]


@dataclass(frozen=True, slots=True)
class _Residuals:
    """Correlations less products of loadings, weighted: what one factor has to make small."""

    first: Places
    second: Places
    wanted: Array
    weight: Array

    def of(self, loadings: Array) -> Array:
        return self.wanted - loadings[self.first] * loadings[self.second]

    def misfit(self, loadings: Array) -> float:
        return float((self.weight * self.of(loadings) ** 2).sum())

    def descend(self, loadings: Array) -> Array | None:
        """Go down by damped Gauss-Newton steps; ``None`` where they do not settle."""
        damping, value = 1e-3, self.misfit(loadings)
        for _ in range(STEPS):
            slope = np.zeros((len(self.first), len(loadings)))
            pairs = np.arange(len(self.first))
            slope[pairs, self.first] = loadings[self.second]
            slope[pairs, self.second] = loadings[self.first]
            weighted = slope * self.weight[:, None]
            normal = weighted.T @ slope
            least = LEVEL * self.weight.max()
            normal += damping * np.diag(np.maximum(np.diag(normal), least))
            # Positive definite but for rounding: where weights lie far apart, damping has to help.
            _, step, failed = dposv(normal, weighted.T @ self.of(loadings), lower=1)
            if failed:
                damping = max(damping, LEVEL) * 10
                continue
            if np.abs(step).max() < CLOSE:
                end: Array = loadings + step
                return end
            there = self.misfit(loadings + step)
            if there <= value:
                loadings, value, damping = loadings + step, there, damping / 10
            else:
                damping = max(damping, LEVEL) * 10
        return None
