"""Maximum likelihood from the covariances (and means) of complete rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dpotri

from relsurvey.moments.items import ItemMoments, item_moments
from relsurvey.psychometrics.structure.data import GroupRows, StructureData
from relsurvey.psychometrics.structure.estimators.protocol import (
    Estimator,
    Options,
    Point,
    SampleMoments,
    Test,
)
from relsurvey.psychometrics.structure.implied import Directions, directions, group_model
from relsurvey.psychometrics.structure.parameters import ParameterTable, parameter_table
from relsurvey.psychometrics.structure.sample_checks import require_usable
from relsurvey.psychometrics.structure.specification import Structure

__all__ = ["ML", "log_determinant_and_inverse", "saturated_moments"]

Array: TypeAlias = npt.NDArray[np.float64]


class ML(Estimator):
    """Normal-theory maximum likelihood; rows with a missing answer are left out.

    Covariances have the number of rows as divisor, and chi-square is that number times the
    discrepancy (Wishart's n - 1 is not used).

    References
    ----------
    Jöreskog KG (1969). A general approach to confirmatory maximum likelihood factor analysis.
    Psychometrika 34(2):183-202. doi 10.1007/BF02289343.
    """

    name: ClassVar[str] = "ML"
    label: ClassVar[str] = "maximum likelihood (ML), from complete rows"

    def __init__(
        self,
        table: ParameterTable,
        moments: Sequence[SampleMoments],
        notes: Sequence[str] = (),
    ) -> None:
        self.table = table
        self.moments = tuple(moments)
        self.notes = tuple(notes)
        self._log_determinants = [
            log_determinant_and_inverse(group.covariance)[0] for group in self.moments
        ]

    @classmethod
    def from_data(cls, data: StructureData, structure: Structure, options: Options) -> Self:
        """Take the moments of the complete rows of every group."""
        moments = [_group_moments(group, data.items) for group in data.groups]
        labels = [group.label for group in data.groups]
        table = parameter_table(
            structure, groups=labels, std_lv=options.std_lv, equal=options.equal
        )
        return cls(table, moments)

    def with_table(self, table: ParameterTable) -> Self:
        """Return the same moments under another table."""
        return type(self)(table, self.moments, self.notes)

    def value(self, theta: Array) -> float:
        """Return half of n times the discrepancy, summed over groups."""
        total = 0.0
        for place, seen in enumerate(self.moments):
            model = group_model(self.table, theta, place)
            log_determinant, inverse = log_determinant_and_inverse(model.covariance)
            if not math.isfinite(log_determinant):
                return math.inf
            total += self._half_discrepancy(place, inverse, log_determinant, seen, model.mean)
        return total

    def _half_discrepancy(
        self,
        place: int,
        inverse: Array,
        log_determinant: float,
        seen: SampleMoments,
        mean: Array,
    ) -> float:
        misfit = float((inverse * self._about(seen, mean)).sum())
        own = self._log_determinants[place] + len(inverse)
        return 0.5 * seen.n * (log_determinant + misfit - own)

    def _about(self, seen: SampleMoments, mean: Array) -> Array:
        """Return the covariances about the implied means."""
        if not self.table.means:
            return seen.covariance
        off = seen.mean - mean
        about: Array = seen.covariance + np.outer(off, off)
        return about

    def objective(self, theta: Array) -> Point:
        """Return half of n times the discrepancy, its gradient and Fisher's information."""
        q = self.table.n_free
        total, gradient, information = 0.0, np.zeros(q), np.zeros((q, q))
        for place, seen in enumerate(self.moments):
            model = group_model(self.table, theta, place)
            log_determinant, inverse = log_determinant_and_inverse(model.covariance)
            if not math.isfinite(log_determinant):
                return Point(math.inf, np.full(q, np.nan), np.full((q, q), np.nan))
            total += self._half_discrepancy(place, inverse, log_determinant, seen, model.mean)
            way = directions(self.table, model, place)
            off = seen.mean - model.mean if self.table.means else np.zeros(len(seen.mean))
            part, block = _slope(way, inverse, self._about(seen, model.mean), off)
            np.add.at(gradient, way.index, seen.n * part)
            np.add.at(information, (way.index[:, None], way.index), seen.n * block)
        return Point(total, gradient, information)

    def test(self, theta: Array) -> Test:
        """Return the likelihood-ratio test against the saturated model."""
        p, groups = len(self.table.items), len(self.moments)
        figures = saturated_moments(p, means=self.table.means) * groups
        # A perfect fit leaves rounding on either side of zero.
        return Test(max(0.0, 2 * self.value(theta)), figures - self.table.n_free)

    def baseline(self) -> Test:
        """Return the test of uncorrelated items, with variances and means of their own."""
        chisq = sum(
            group.n * (float(np.log(np.diag(group.covariance)).sum()) - own)
            for group, own in zip(self.moments, self._log_determinants, strict=True)
        )
        p = len(self.table.items)
        return Test(chisq, len(self.moments) * p * (p - 1) // 2)

    def log_likelihood(self, theta: Array) -> float:
        """Return the log-likelihood of the rows; means that are not modelled fit exactly."""
        saturated = sum(
            -0.5 * group.n * (len(group.mean) * (1 + math.log(2 * math.pi)) + own)
            for group, own in zip(self.moments, self._log_determinants, strict=True)
        )
        return saturated - self.value(theta)


def saturated_moments(p: int, *, means: bool) -> int:
    """Return how many covariances (and means) there are to be explained in one group."""
    return p * (p + 1) // 2 + (p if means else 0)


def log_determinant_and_inverse(matrix: Array) -> tuple[float, Array]:
    """Return both of a positive definite matrix; an infinite log determinant for any other."""
    factor, failed = dpotrf(matrix, lower=1)
    if failed:
        return math.inf, matrix
    # Only the lower triangle is filled; above it stand zeros.
    lower, _ = dpotri(factor, lower=1)
    inverse = lower + lower.T
    inverse.ravel()[:: len(inverse) + 1] /= 2
    return 2 * float(np.log(factor.diagonal()).sum()), inverse


def _slope(way: Directions, inverse: Array, about: Array, off: Array) -> tuple[Array, Array]:
    """Return gradient and information of one row, cell by cell.

    With dSigma = u v' + v u' the trace formulas come down to products of the rows of u and v:
    tr(P dS_i P dS_j) / 2 = (u_i P v_j)(v_i P u_j) + (u_i P u_j)(v_i P v_j), P = Sigma^-1.
    """
    left, right = way.u @ inverse, way.v @ inverse
    residual = inverse - inverse @ about @ inverse
    pull = inverse @ off
    gradient = np.einsum("ij,ij->i", way.u @ residual, way.v) - way.mean @ pull
    crossed = left @ way.v.T
    information = crossed * crossed.T + (left @ way.u.T) * (right @ way.v.T)
    information += (way.mean @ inverse) @ way.mean.T
    return gradient, information


def _group_moments(group: GroupRows, items: Sequence[str]) -> SampleMoments:
    moments = item_moments(group.frame, {"model": items})["model"]
    require_usable(moments, group.label)
    return sample_moments(moments, group.label)


def sample_moments(moments: ItemMoments, label: object) -> SampleMoments:
    """Return moments of complete rows as a model is compared with them, divided by n."""
    return SampleMoments(
        label=label,
        n=moments.n,
        n_total=moments.n_total,
        mean=moments.mean,
        covariance=moments.covariance * ((moments.n - 1) / moments.n),
    )
