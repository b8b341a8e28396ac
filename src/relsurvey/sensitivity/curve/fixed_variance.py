"""The slope and its t at fixed variances, for many dealings of the scores at once.

With the variances held, generalised least squares of an outcome on a worker's score x and
other terms Z needs nothing of the rows but sums per worker. x is the same in all rows of a
worker, so for any column v

    x' V^-1 v = sum_j x_j g_j(v),   x' V^-1 x = sum_j w_j x_j^2 - sum_t phi_t (sum_j w_j x_j)^2,

the last for workers j of team t, with w_j = n_j / (1 + n_j a), a and b the variances between
workers and teams over the residual one, c_j(v) = s_j(v) / (1 + n_j a), phi_t = b / (1 + b W_t),
W_t the sum of w_j, and g_j(v) = c_j(v) - w_j phi_t (sum of c over the team). g does not depend
on x: thousands of dealings cost one product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import Prepared
from relsurvey.moments.groups import GroupSums
from relsurvey.sensitivity.slope import worker_means

__all__ = ["FixedVariance", "fixed_variance"]

Floats = npt.NDArray[np.float64]
NOTHING_LEFT = 1e-12  # of the score's variation: collinear with the other terms


@dataclass(frozen=True, slots=True, eq=False)
class FixedVariance:
    """Generalised least squares with everything but the score worked out.

    Attributes
    ----------
    weights : numpy.ndarray
        Shape (J,): w_j.
    pull_outcome, pull_terms : numpy.ndarray
        Shape (J,) and (J, p): g_j of the outcome and of intercept and other terms, less what
        the terms account for in the outcome.
    inverse : numpy.ndarray
        Shape (p, p): of Z' V^-1 Z.
    left : float
        y' V^-1 y that the other terms leave.
    divisor : int
        Rows less coefficients, the score's among them.
    parents : numpy.ndarray of int or None
        Shape (J,): team of each worker.
    phi : numpy.ndarray
        Shape (T,); no teams, no entries.
    outcome_sd : float
        Standard deviation of the outcome over rows, in the unit of ``left``.
    """

    weights: Floats
    pull_outcome: Floats
    pull_terms: Floats
    inverse: Floats
    left: float
    divisor: int
    parents: npt.NDArray[np.intp] | None
    phi: Floats
    outcome_sd: float

    def slopes(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return standardised slopes and t values.

        Parameters
        ----------
        scores : numpy.ndarray
            Shape (B, J): the workers' scores in B dealings.

        Returns
        -------
        slopes, t : numpy.ndarray
            Shape (B,) each: slope times SD of the scores over workers by SD of the outcome; 0
            where a dealing leaves scores that do not vary beyond the other terms.
        """
        x = scores - scores.mean(axis=1, keepdims=True)
        terms = x @ self.pull_terms
        own = (x * x) @ self.weights
        if self.parents is not None:
            own = own - (self._by_team(x, self.parents) ** 2) @ self.phi
        beyond = own - np.einsum("bi,ij,bj->b", terms, self.inverse, terms)
        usable = beyond > NOTHING_LEFT * np.maximum(own, np.finfo(float).tiny)
        safe = np.where(usable, beyond, 1.0)
        pulled = np.where(usable, x @ self.pull_outcome, 0.0)
        slope = pulled / safe
        residual = np.maximum(self.left - pulled * slope, np.finfo(float).tiny)
        spread = x.std(axis=1, ddof=1) / self.outcome_sd
        return slope * spread, pulled / np.sqrt(safe * residual / self.divisor)

    def _by_team(self, x: Floats, parents: npt.NDArray[np.intp]) -> Floats:
        """Return weighted sums of scores by team, shape (B, T)."""
        from scipy.sparse import csr_array

        # One entry a worker: with many teams nearly all of the matrix is zero.
        places = (np.arange(len(self.weights)), parents)
        members = csr_array((self.weights, places), shape=(len(self.weights), len(self.phi)))
        return np.asarray(x @ members)


def fixed_variance(ready: Prepared, model: str) -> FixedVariance:
    """Work out all but the score, with the variances that fit without it.

    Parameters
    ----------
    ready : Prepared
        The question.
    model : {"mixed", "cluster_ols", "worker_means"}
        "mixed" takes the variances of the model without the predictor, which dealing the scores
        anew does not change; the others have none but the residual one.

    Returns
    -------
    FixedVariance
        Of the workers in the order of ``ready.sums``.

    Raises
    ------
    ModelError
        Where the model without the predictor cannot be fitted.
    """
    sums, terms = ready.sums, tuple(name for name in ready.terms if name != ready.predictor)
    between, of_teams = 0.0, 0.0
    if model == "mixed":
        variances = fit_sums(sums, ready.outcome, terms).variances
        residual = variances["residual"]
        between = variances[sums.group] / residual
        of_teams = variances[ready.team] / residual if ready.team is not None else 0.0
    elif model == "worker_means":
        terms = tuple(name for name in terms if not sums.equal_means(name))
        sums = worker_means(sums)
    # Standardised as in the table: by the spread of rows, also where means are regressed.
    unit = float(ready.sums.units[ready.sums.place(ready.outcome)])
    outcome_sd = ready.sums.standard_deviation(ready.outcome) / unit
    return _arranged(sums, (*terms, ready.outcome), (between, of_teams), outcome_sd)


def _arranged(
    sums: GroupSums, columns: tuple[str, ...], ratios: tuple[float, float], outcome_sd: float
) -> FixedVariance:
    """Arrange [1 Z y]; the outcome comes last."""
    between, of_teams = ratios
    chosen = [sums.place(name) for name in columns]
    of_workers = np.column_stack([sums.counts, sums.sums[:, chosen]])
    shrink = 1.0 / (1.0 + sums.counts * between)
    weights = sums.counts * shrink
    pulls: Floats = of_workers * shrink[:, None]
    products = (of_workers / sums.counts[:, None]).T @ pulls
    products[1:, 1:] += sums.within[np.ix_(chosen, chosen)]
    parents, phi = None, np.zeros(0)  # no team has a say
    if of_teams > 0 and sums.parents is not None:
        parents = sums.parents
        phi = np.asarray(of_teams / (1.0 + of_teams * np.bincount(parents, weights=weights)))
        by_team = np.zeros((len(phi), pulls.shape[1]))
        np.add.at(by_team, parents, pulls)
        products -= (by_team * phi[:, None]).T @ by_team
        pulls -= weights[:, None] * (phi[:, None] * by_team)[parents]
    inverse: Floats = np.asarray(np.linalg.inv(products[:-1, :-1]), dtype=np.float64)
    effects = inverse @ products[:-1, -1]
    return FixedVariance(
        weights=weights,
        pull_outcome=pulls[:, -1] - pulls[:, :-1] @ effects,
        pull_terms=pulls[:, :-1],
        inverse=inverse,
        left=float(products[-1, -1] - products[-1, :-1] @ effects),
        divisor=max(sums.n_rows - len(columns) - 1, 1),
        parents=parents,
        phi=phi,
        outcome_sd=outcome_sd,
    )
