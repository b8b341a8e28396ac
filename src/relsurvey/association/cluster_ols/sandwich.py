"""Cluster-robust covariance of least squares, from cross-products of each cluster alone.

With the design in orthonormal coordinates, Q = X W' with Q'Q = I, everything about a cluster w
that these estimators need is in K_w = Q_w'Q_w (p x p). Where K_w = V diag(lambda) V', the block
I - H_ww of the residual maker has the eigenvalues 1 - lambda along Q_w v and 1 elsewhere, so that
for any power a

    Q_w' (I - H_ww)^a = V diag((1 - lambda)^a) V' Q_w'.

The n x n matrix is never formed, and nothing is approximated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.t_test import t_test
from relsurvey.moments.groups import GroupSums

__all__ = ["ESTIMATORS", "ClusterFit", "cluster_products", "fit_products"]

# How the residuals of a cluster are adjusted: the power of I - H_ww.
POWERS = {"CR0": 0.0, "CR1": 0.0, "CR1S": 0.0, "CR2": -0.5, "CR3": -1.0}
ESTIMATORS = tuple(POWERS)
SATTERTHWAITE = ("CR2", "CR3")
# An eigenvalue of I - H_ww below this is rounding: the cluster decides that direction alone.
SINGULAR = 1e-10
# Share of a coefficient's variance below which the estimator sees none of it.
UNSEEN = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class ClusterFit:
    """Least squares with what is needed to test any contrast; C clusters, p coefficients.

    Attributes
    ----------
    effects : numpy.ndarray
        Shape (p,): of the columns as the cross-products hold them, the constant first.
    whiten : numpy.ndarray
        Shape (p, p): W.
    scores : numpy.ndarray
        Shape (C, p): adjusted sums Q_w' A_w e_w of each cluster.
    leverage, adjustment : numpy.ndarray
        Shape (C, p, p): K_w, and B_w with Q_w' A_w = B_w Q_w'.
    factor : float
        What the sum of squared scores is multiplied by.
    residual_squares, total_squares : float
        Of the outcome, about the fit and about its mean.
    vcov : str
        The estimator.
    """

    effects: Floats
    whiten: Floats
    scores: Floats
    leverage: Floats
    adjustment: Floats
    factor: float
    residual_squares: float
    total_squares: float
    vcov: str

    @property
    def n_clusters(self) -> int:
        """Number of clusters, C."""
        return len(self.scores)

    @property
    def r_squared(self) -> float:
        """Share of the outcome's variance over rows that goes with the predictors."""
        return 1.0 - self.residual_squares / self.total_squares

    def covariance(self) -> Floats:
        """Return the covariance of ``effects``, shape (p, p)."""
        seen = self.scores @ self.whiten
        table: Floats = self.factor * seen.T @ seen
        return table

    def test(self, contrasts: Floats, confidence: float) -> dict[str, Floats]:
        """Estimate and test contrasts of the coefficients.

        Parameters
        ----------
        contrasts : numpy.ndarray
            Shape (r, p).
        confidence : float
            Coverage of the intervals.

        Returns
        -------
        dict of str to numpy.ndarray
            Each of shape (r,): estimate, std_error, df, statistic, p_value, conf_low, conf_high;
            all but the estimate NaN where no two clusters speak to the contrast.
        """
        estimate = contrasts @ self.effects
        direction = contrasts @ self.whiten.T
        std_error = np.sqrt(self.factor * ((self.scores @ direction.T) ** 2).sum(axis=0))
        expected, degrees = self._moments(direction)
        if self.vcov not in SATTERTHWAITE:
            degrees = np.full(len(contrasts), self.n_clusters - 1.0)
        unseen = expected <= UNSEEN * (direction**2).sum(axis=1)
        std_error[unseen] = degrees[unseen] = np.nan
        return t_test(estimate, std_error, degrees, confidence)

    def seen_share(self, contrasts: Floats) -> Floats:
        """Return the share of each contrast's variance that the estimator can see, shape (r,).

        It is 1 under CR2 with independent rows, below 1 where a cluster alone decides a part.
        """
        direction = contrasts @ self.whiten.T
        share: Floats = self._moments(direction)[0] / (direction**2).sum(axis=1)
        return share

    def _moments(self, direction: Floats) -> tuple[Floats, Floats]:
        """Return expectation and degrees of freedom of c'Vc for independent rows of variance 1.

        c'Vc = sum over w of (g_w' e_w)^2 with g_w = A_w Q_w c, a quadratic form whose matrix has
        the same eigenvalues as P = diag(g_w'g_w) - G G', where row w of G is Q_w'g_w.
        """
        adjusted = direction @ self.adjustment  # both factors are symmetric
        rows = adjusted @ self.leverage
        own = (adjusted * rows).sum(axis=2).T
        lost = (rows**2).sum(axis=2).T
        trace = (own - lost).sum(axis=1)
        shared = rows.transpose(1, 2, 0) @ rows.transpose(1, 0, 2)
        squares = (own**2 - 2.0 * own * lost).sum(axis=1) + (shared**2).sum(axis=(1, 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            return trace, trace**2 / squares


def cluster_products(sums: GroupSums, columns: tuple[str, ...], *, by_parent: bool) -> Floats:
    """Return each cluster's cross-products of a constant and the columns.

    Parameters
    ----------
    sums : GroupSums
        Made with ``each_within=True``.
    columns : tuple of str
        The columns.
    by_parent : bool
        Whether the larger units (teams) are the clusters, rather than the groups.

    Returns
    -------
    numpy.ndarray
        Shape (clusters, 1 + k, 1 + k), of the standardised columns.

    Raises
    ------
    ValueError
        Where the sums were made without ``each_within``, or have no larger units.
    """
    if sums.within_each is None:
        raise ValueError("cluster_products() needs sums made with each_within=True")
    places = [sums.place(name) for name in columns]
    totals = np.column_stack([sums.counts, sums.sums[:, places]])
    products = totals[:, :, None] * (totals / sums.counts[:, None])[:, None, :]
    products[:, 1:, 1:] += sums.within_each[:, places][:, :, places]
    if not by_parent:
        return products
    if sums.parents is None:
        raise ValueError("cluster_products() needs sums with nested_in to cluster by it")
    together = np.zeros((sums.n_parents, *products.shape[1:]))
    np.add.at(together, sums.parents, products)
    return together


def fit_products(products: Floats, vcov: str) -> ClusterFit:
    """Fit the last column on the others by least squares, robust to clusters.

    Parameters
    ----------
    products : numpy.ndarray
        Shape (C, 1 + p, 1 + p): cross-products of each cluster; constant first, outcome last.
    vcov : str
        One of ``ESTIMATORS``.

    Returns
    -------
    ClusterFit
        The fit.
    """
    total = products.sum(axis=0)
    scale = np.sqrt(np.diag(total)[:-1])
    triangle = np.linalg.cholesky(total[:-1, :-1] / np.outer(scale, scale))
    # Not scipy's: it wakes threads, which costs more than a matrix this small.
    whiten = np.linalg.solve(triangle, np.diag(1.0 / scale))
    leverage = whiten @ products[:, :-1, :-1] @ whiten.T
    target = products[:, :-1, -1] @ whiten.T
    white = target.sum(axis=0)
    white += (target - leverage @ white).sum(axis=0)  # takes back what rounding did
    adjustment = _adjustment(leverage, POWERS[vcov])
    raw = target - leverage @ white
    n_rows, p = total[0, 0], len(white)
    return ClusterFit(
        effects=white @ whiten,
        whiten=whiten,
        scores=np.einsum("wij,wj->wi", adjustment, raw),
        leverage=leverage,
        adjustment=adjustment,
        factor=_factor(vcov, len(products), n_rows, p),
        residual_squares=max(float(total[-1, -1] - white @ white), 0.0),
        total_squares=float(total[-1, -1] - total[0, -1] ** 2 / n_rows),
        vcov=vcov,
    )


def _adjustment(leverage: Floats, power: float) -> Floats:
    if power == 0.0:
        return np.broadcast_to(np.eye(leverage.shape[-1]), leverage.shape)
    values, vectors = np.linalg.eigh(leverage)
    left = 1.0 - values
    kept = left > SINGULAR
    weights = np.where(kept, np.where(kept, left, 1.0) ** power, 0.0)
    table: Floats = (vectors * weights[:, None, :]) @ vectors.transpose(0, 2, 1)
    return table


def _factor(vcov: str, n_clusters: int, n_rows: float, p: int) -> float:
    factor = 1.0 if vcov not in ("CR1", "CR1S") else n_clusters / (n_clusters - 1.0)
    if vcov == "CR1S":
        factor *= (n_rows - 1.0) / (n_rows - p)
    return factor
