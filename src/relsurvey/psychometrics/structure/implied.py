"""What a model implies: covariances and means of the items, and how they move with parameters.

Sigma = L A Psi A' L' + Theta and mu = nu + L A alpha, with A = (I - B)^-1. Every entry of a
matrix moves Sigma by u v' + v u' for two vectors u and v, so that derivatives are kept as two
rows of numbers each, and products with them need no three-way array. The diagonal of Sigma lacks
the residual variance of ordinal items, which is no parameter.

References
----------
Jöreskog KG, Sörbom D (1996). LISREL 8: user's reference guide. Scientific Software.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.parameters import ParameterTable
from relsurvey.psychometrics.structure.specification import Matrix

__all__ = [
    "Directions",
    "GroupModel",
    "directions",
    "group_model",
    "latent_directions",
]

Array: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class GroupModel:
    """The model matrices of one group at some values of the parameters.

    Attributes
    ----------
    loadings : ndarray, shape (p, m)
    effects : ndarray, shape (m, m)
        Loadings of factors on factors (B).
    total : ndarray, shape (m, m)
        A = (I - B)^-1.
    psi : ndarray, shape (m, m)
    theta : ndarray, shape (p, p)
        The diagonal is 0 for ordinal items.
    nu : ndarray, shape (p,)
    alpha : ndarray, shape (m,)
    tau : ndarray, shape (p, most thresholds)
        NaN where an item has fewer.
    delta : ndarray, shape (p,)
        1 for items that are not ordinal.
    """

    loadings: Array
    effects: Array
    total: Array
    psi: Array
    theta: Array
    nu: Array
    alpha: Array
    tau: Array
    delta: Array

    @property
    def all_loadings(self) -> Array:
        """L A, shape (p, m): direct and indirect loadings of the items."""
        found: Array = self.loadings @ self.total
        return found

    @property
    def factor_covariance(self) -> Array:
        """A Psi A', shape (m, m)."""
        found: Array = self.total @ self.psi @ self.total.T
        return found

    @property
    def covariance(self) -> Array:
        """Sigma, shape (p, p)."""
        through = self.all_loadings
        found: Array = through @ self.psi @ through.T + self.theta
        return found

    @property
    def mean(self) -> Array:
        """Mu, shape (p,)."""
        found: Array = self.nu + self.all_loadings @ self.alpha
        return found


@dataclass(frozen=True, slots=True)
class Directions:
    """How Sigma and mu of one group move with its free cells.

    Attributes
    ----------
    u, v : ndarray, shape (cells, p)
        The derivative of Sigma with respect to a cell is u v' + v u'.
    mean : ndarray, shape (cells, p)
        The derivative of mu.
    index : ndarray of int, shape (cells,)
        Which parameter the cell is; cells of equal parameters have the same.
    """

    u: Array
    v: Array
    mean: Array
    index: Places


def group_model(table: ParameterTable, theta: Array, group: int) -> GroupModel:
    """Fill the model matrices of a group.

    Parameters
    ----------
    table : ParameterTable
        The model.
    theta : ndarray, shape (q,)
        Values of the free parameters (complex ones are let through, for checks).
    group : int
        Position of the group.

    Examples
    --------
    >>> from relsurvey.psychometrics.structure.parameters import parameter_table
    >>> from relsurvey.psychometrics.structure.specification import structure_of
    >>> table = parameter_table(structure_of({"f": ["a", "b", "c"]}))
    >>> theta = np.array([0.8, 0.6, 0.5, 0.36, 0.64, 0.75])
    >>> group_model(table, theta, 0).covariance.round(2)
    array([[1.  , 0.48, 0.4 ],
           [0.48, 1.  , 0.3 ],
           [0.4 , 0.3 , 1.  ]])
    """

    def filled(matrix: Matrix, *, symmetric: bool = False) -> Array:
        cells = table.cells(matrix, group)
        if not len(cells.index):
            return cells.base
        found = cells.base.astype(theta.dtype)
        where = (cells.rows, cells.columns)[: found.ndim]
        found[where] = theta[cells.index]
        if symmetric:
            found[where[::-1]] = theta[cells.index]
        return found

    effects = filled("beta")
    total: Array = np.eye(len(effects), dtype=theta.dtype)
    if table.higher_order:
        total = np.linalg.inv(total - effects).astype(theta.dtype, copy=False)
    return GroupModel(
        loadings=filled("lambda"),
        effects=effects,
        total=total,
        psi=filled("psi", symmetric=True),
        theta=filled("theta", symmetric=True),
        nu=filled("nu"),
        alpha=filled("alpha"),
        tau=filled("tau"),
        delta=filled("delta"),
    )


def directions(table: ParameterTable, model: GroupModel, group: int) -> Directions:
    """Return how Sigma and mu of a group move with each of its free cells."""
    p = len(table.items)
    through = model.all_loadings.T  # factors by items
    mixed = model.total @ model.psi @ through  # factors by items: A Psi A' L'
    means = model.total @ model.alpha
    cells = {matrix: table.cells(matrix, group) for matrix in _MOVING}
    unit = np.eye(p)
    load, effect, psi = cells["lambda"], cells["beta"], cells["psi"]
    theta, nu, alpha = cells["theta"], cells["nu"], cells["alpha"]
    u = [unit[load.rows], through[effect.rows], through[psi.rows], unit[theta.rows]]
    v = [
        mixed[load.columns],
        mixed[effect.columns],
        through[psi.columns] * _half(psi.rows, psi.columns),
        unit[theta.columns] * _half(theta.rows, theta.columns),
    ]
    still = np.zeros((len(nu.index) + len(alpha.index), p))
    moved = [
        unit[load.rows] * means[load.columns, None],
        through[effect.rows] * means[effect.columns, None],
        np.zeros((len(psi.index) + len(theta.index), p)),
        unit[nu.rows],
        through[alpha.rows],
    ]
    index = np.concatenate([cells[matrix].index for matrix in _MOVING])
    return Directions(
        np.concatenate([*u, still]), np.concatenate([*v, still]), np.concatenate(moved), index
    )


_MOVING: tuple[Matrix, ...] = ("lambda", "beta", "psi", "theta", "nu", "alpha")


def _half(rows: Places, columns: Places) -> Array:
    """Return one half for a variance, where u v' and v u' are the same, and 1 else."""
    return np.where(rows == columns, 0.5, 1.0)[:, None]


def latent_directions(table: ParameterTable, model: GroupModel, group: int) -> Array:
    """Return how the factor variances, the diagonal of A Psi A', move with the parameters.

    Returns
    -------
    ndarray, shape (q, m)
        Zero for parameters that do not touch them.
    """
    found = np.zeros((table.n_free, len(table.factors)))
    mixed = model.factor_covariance
    effect, psi = table.cells("beta", group), table.cells("psi", group)
    down = model.total.T
    np.add.at(found, effect.index, 2 * down[effect.rows] * mixed[effect.columns])
    twice = 2 * _half(psi.rows, psi.columns)
    np.add.at(found, psi.index, twice * down[psi.rows] * down[psi.columns])
    return found
