"""Omega: reliability of a sum of items from a factor model that lets their loadings differ."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import listed
from relsurvey.instruments import Instrument
from relsurvey.psychometrics.consistency import ROUNDING, correlation_of, smallest_eigenvalue
from relsurvey.psychometrics.one_factor import fit_measures_of, one_factor
from relsurvey.psychometrics.structure.estimators.ml import ML
from relsurvey.psychometrics.structure.estimators.protocol import SampleMoments
from relsurvey.psychometrics.structure.fit_measures import fit_measures
from relsurvey.psychometrics.structure.implied import group_model
from relsurvey.psychometrics.structure.parameters import ParameterTable, parameter_table
from relsurvey.psychometrics.structure.search import Found, minimise
from relsurvey.psychometrics.structure.specification import Structure, structure_of
from relsurvey.text import counted

__all__ = ["FEWEST_ITEMS", "Omega", "omega_hierarchical", "omega_if_dropped", "omega_total"]

Array: TypeAlias = npt.NDArray[np.float64]

FEWEST_ITEMS = 3
# A model that the data bear is found in some twenty steps. One that they do not (group factors
# where there are none) is given up soon: here it is one figure among many.
MOST_WORK = 80
GENERAL = {"second_order": "second-order", "bifactor": "bifactor"}


@dataclass(frozen=True, slots=True, eq=False)
class Omega:
    """An omega and the model it comes from.

    Attributes
    ----------
    omega : float
        NaN where there is none.
    fit : mapping of str to float
        Fit measures of the model; empty where nothing was fitted.
    note : str
        Why there is no omega, or why not to rely on it; empty where there is nothing to say.
    """

    omega: float
    fit: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


def omega_total(covariance: Array, items: Sequence[str], n: int) -> Omega:
    """Return the share of the variance of the sum that one common factor accounts for.

    Parameters
    ----------
    covariance : ndarray, shape (k, k)
        Covariances of the items, with any divisor.
    items : sequence of str, length k
        Their names.
    n : int
        Rows behind them, for the fit of the model.

    Returns
    -------
    Omega
        (Sum of loadings) squared over the variance of the sum as observed, the one-factor model
        being fitted by maximum likelihood. NaN below three items: two do not identify a factor,
        unless their loadings are taken as equal, and then omega is alpha.

    Notes
    -----
    This is not the omega total of R's psych, which is that of several rotated minres factors.

    References
    ----------
    McDonald RP (1999). Test theory: a unified treatment. Erlbaum.
    Jöreskog KG (1971). Statistical analysis of sets of congeneric tests. Psychometrika
    36(2):109-133. doi 10.1007/BF02291393.

    Examples
    --------
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> covariance = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> round(omega_total(covariance, list("abcd"), 200).omega, 4)
    0.7494
    """
    if len(items) < FEWEST_ITEMS:
        what = "one item does" if len(items) == 1 else "two items do"
        return Omega(math.nan, note=f"{what} not identify a factor: no omega total")
    reason = _obstacle(covariance)
    if reason:
        return Omega(math.nan, note=f"{reason}: no omega total")
    correlation = correlation_of(covariance)
    found = one_factor(correlation)
    if found is None:
        return Omega(math.nan, note="one factor could not be fitted: no omega total")
    total = float(covariance.sum())
    if not total > ROUNDING * float(np.trace(covariance)):
        return Omega(math.nan, note="the sum of the items has no variance: no omega total")
    # Fitted to correlations: loadings times standard deviations are those of the items.
    common = float(found.loadings @ np.sqrt(np.diag(covariance))) ** 2
    fit = fit_measures_of(found, correlation, n)
    return Omega(common / total, fit, _doubts(found.loadings, found.residuals, items))


def omega_if_dropped(covariance: Array, items: Sequence[str], n: int) -> Array:
    """Return the omega total of the other items, for each item left out.

    Parameters
    ----------
    covariance, items, n
        As in ``omega_total``.

    Returns
    -------
    ndarray, shape (k,)
        NaN where fewer than three items are left, or there is no omega of them.
    """
    k = len(items)
    if k <= FEWEST_ITEMS:
        return np.full(k, np.nan)
    values = []
    for item in range(k):
        rest = [place for place in range(k) if place != item]
        part = covariance[np.ix_(rest, rest)]
        values.append(omega_total(part, [items[place] for place in rest], n).omega)
    return np.array(values)


def omega_hierarchical(
    covariance: Array, items: Sequence[str], n: int, instrument: Instrument | None
) -> dict[str, Omega]:
    """Return what the general factor alone accounts for, from each kind of model.

    Parameters
    ----------
    covariance, items, n
        As in ``omega_total``.
    instrument : Instrument or None
        Whose models of exactly these items are fitted by maximum likelihood: the first
        second-order one and the first bifactor one.

    Returns
    -------
    dict of str to Omega
        By kind, "second_order" and "bifactor"; only the kinds there is a model of.

    References
    ----------
    Zinbarg RE, Revelle W, Yovel I, Li W (2005). Cronbach's alpha, Revelle's beta, and
    McDonald's omega H. Psychometrika 70(1):123-133. doi 10.1007/s11336-003-0974-7.
    """
    found: dict[str, Omega] = {}
    for name, model in instrument.models.items() if instrument else ():
        if model.kind in GENERAL and model.kind not in found:
            structure = structure_of(name, instrument)
            if set(structure.items) == set(items):
                found[model.kind] = _hierarchical(structure, model.kind, covariance, items, n)
    return found


def _hierarchical(
    structure: Structure, kind: str, covariance: Array, items: Sequence[str], n: int
) -> Omega:
    said = f"no omega hierarchical from the {GENERAL[kind]} model"
    reason = _obstacle(covariance)
    if reason:
        return Omega(math.nan, note=f"{reason}: {said}")
    factor = _general(structure)
    if factor is None:
        return Omega(math.nan, note=f"no factor of all items: {said}")
    table = parameter_table(structure)
    if n <= table.n_free:
        few = f"{counted(n, 'row')} for {table.n_free} parameters"
        return Omega(math.nan, note=f"{few}: {said}")
    estimator, found = _fitted(table, covariance, items, n)
    if not found.converged:
        return Omega(math.nan, note=f"the {GENERAL[kind]} model did not converge: {said}")
    order = [list(items).index(name) for name in estimator.table.items]
    model = group_model(estimator.table, found.theta, 0)
    deviations = np.sqrt(np.diag(covariance))[order]
    column = estimator.table.factors.index(factor)
    loadings = model.all_loadings[:, column] * deviations
    common = loadings.sum() ** 2 * model.factor_covariance[column, column]
    below = [name for name, v in zip(estimator.table.items, np.diag(model.theta), strict=True)
             if v < 0]  # fmt: skip
    note = f"{GENERAL[kind]} model: {_heywood(below)}" if below else ""
    return Omega(
        float(common) / float(covariance.sum()), fit_measures(estimator, found.theta), note
    )


def _general(structure: Structure) -> str | None:
    """Return the factor that all items depend on."""
    for factor in structure.factors:
        own = set(structure.items_of(factor))
        for part in structure.parts_of(factor):
            own |= set(structure.items_of(part))
        if own == set(structure.items):
            return factor
    return None


def _obstacle(covariance: Array) -> str:
    """Say why no factor model can be fitted to these covariances."""
    if not np.isfinite(covariance).all() or not (np.diag(covariance) > 0).all():
        return "an item does not vary"
    if not smallest_eigenvalue(correlation_of(covariance)) > ROUNDING * len(covariance):
        return "the correlation matrix is not positive definite"
    return ""


def _fitted(
    table: ParameterTable, covariance: Array, items: Sequence[str], n: int
) -> tuple[ML, Found]:
    """Fit a model to the correlations: maximum likelihood does not depend on units."""
    places = [list(items).index(name) for name in table.items]
    correlation = correlation_of(covariance)[np.ix_(places, places)]
    estimator = ML(table, [SampleMoments(None, n, n, np.zeros(len(places)), correlation)])
    return estimator, minimise(estimator, work=MOST_WORK)


def _doubts(loadings: Array, residuals: Array, items: Sequence[str]) -> str:
    notes = []
    opposed = [name for name, own in zip(items, loadings, strict=True) if own < 0]
    if opposed:
        notes.append(
            f"{listed(opposed)} {'loads' if len(opposed) == 1 else 'load'} negatively on the "
            "common factor, which lowers omega: check the keying"
        )
    below = [name for name, own in zip(items, residuals, strict=True) if own < 0]
    if below:
        notes.append(_heywood(below))
    return "; ".join(notes)


def _heywood(items: Sequence[str]) -> str:
    return (
        f"negative residual variance of {listed(items)} (Heywood case): omega is not to be "
        "relied on"
    )
