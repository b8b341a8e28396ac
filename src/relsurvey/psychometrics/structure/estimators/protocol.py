"""What an estimator is: the one thing that the search, the fit measures and the results ask.

A new estimator is a module of this folder with one class that derives from `Estimator`, named
in the registry of ``estimators/__init__.py``. Everything after the estimates (identification,
search, standardised solution, fit measures, modification indices, checks) is written on this
class and need not be touched.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.parameters import ParameterTable

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.data import StructureData
    from relsurvey.psychometrics.structure.specification import Structure

__all__ = ["Estimator", "Options", "Point", "SampleMoments", "Test"]

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Options:
    """How a model is laid out over groups; see ``parameter_table``."""

    std_lv: bool = True
    equal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleMoments:
    """What was seen in one group, as the model is compared with it.

    Attributes
    ----------
    label : hashable
        Of the group; ``None`` where there are no groups.
    n : int
        Rows used.
    n_total : int
        Rows given.
    mean : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
        With the number of rows as divisor (FIML: of the saturated model; WLSMV: polychoric
        correlations, and means of 0).
    """

    label: Hashable
    n: int
    n_total: int
    mean: Array
    covariance: Array


class Point(NamedTuple):
    """The objective at some values of the parameters.

    Attributes
    ----------
    value : float
        Minus the log-likelihood up to a constant, or what stands in its place: what is
        minimised, so scaled that twice its distance from the saturated model is chi-square.
        Infinite where the values are not possible.
    gradient : ndarray, shape (q,)
    information : ndarray, shape (q, q)
        Expected second derivatives (Gauss-Newton for least squares).
    """

    value: float
    gradient: Array
    information: Array


@dataclass(frozen=True, slots=True)
class Test:
    """A chi-square and its degrees of freedom.

    ``scaled`` holds further figures where the estimator has a scaled form of the test, under
    the names they have in ``CfaResult.fit``.
    """

    __test__: ClassVar[bool] = False  # what pytest would ask: no class of tests

    chisq: float
    df: int
    scaled: dict[str, float] = field(default_factory=dict)


class Estimator(ABC):
    """Data of all groups under one model, seen through one way of estimation.

    Attributes
    ----------
    name : str
        As in ``fit_cfa(estimator=...)``.
    label : str
        In words, for people.
    uses_gaps : bool
        Whether rows with unanswered items are used.
    ordinal : bool
        Whether items have thresholds in place of intercepts, and no residual variances.
    has_likelihood : bool
        Whether there is one, and so an AIC and a BIC.
    scaled : bool
        Whether ``test`` has a scaled form, by which the model is then judged.
    table : ParameterTable
        The model.
    moments : tuple of SampleMoments
        What was seen, by group, in the order of ``table.groups``.
    notes : tuple of str
        What a reader has to know of how the data were used (rows left out, categories
        collapsed).
    """

    name: ClassVar[str]
    label: ClassVar[str]
    uses_gaps: ClassVar[bool] = False
    ordinal: ClassVar[bool] = False
    has_likelihood: ClassVar[bool] = True
    scaled: ClassVar[bool] = False
    table: ParameterTable
    moments: tuple[SampleMoments, ...]
    notes: tuple[str, ...]

    @classmethod
    @abstractmethod
    def from_data(cls, data: StructureData, structure: Structure, options: Options) -> Self:
        """Take what is needed from the rows of every group, and lay out the parameters.

        ``data.groups`` holds one frame of keyed items a group. Raises `ModelError` where these
        data cannot be used.
        """

    @abstractmethod
    def with_table(self, table: ParameterTable) -> Self:
        """Return the same data under another table (one with further free parameters)."""

    @abstractmethod
    def value(self, theta: Array) -> float:
        """Return the objective alone, for line searches; infinite where it is not defined."""

    @abstractmethod
    def objective(self, theta: Array) -> Point:
        """Return the objective, its gradient and the information."""

    @abstractmethod
    def test(self, theta: Array) -> Test:
        """Return the test of the model against the saturated one at the estimates."""

    @abstractmethod
    def baseline(self) -> Test:
        """Return the test of the model in which all items are uncorrelated."""

    def covariance(self, theta: Array) -> Array:
        """Return the covariances of the estimates, shape (q, q); NaN where there are none."""
        return inverse_information(self.objective(theta).information)

    def difference(
        self,
        chisq: float,
        freedom: float,  # noqa: ARG002
        theta: Array,  # noqa: ARG002
        inner: Estimator,  # noqa: ARG002
        inner_theta: Array,  # noqa: ARG002
    ) -> float:
        """Return what a difference of chi-squares from a special case is tested by.

        Parameters
        ----------
        chisq, freedom : float
            The difference as it is, and its degrees of freedom.
        theta : ndarray, shape (q,)
            Estimates of this model, the more general one.
        inner : Estimator
            The same data under the special case.
        inner_theta : ndarray
            Estimates of that.

        Returns
        -------
        float
            The difference itself where it has a chi-square distribution; NaN where it has none
            that is known.
        """
        return chisq

    def score(self, theta: Array) -> tuple[Array, Array]:
        """Return gradient and information as score tests (modification indices) take them."""
        point = self.objective(theta)
        return point.gradient, point.information

    def log_likelihood(self, theta: Array) -> float:  # noqa: ARG002
        """Return the log-likelihood at the estimates; NaN where the estimator has none."""
        return math.nan

    def omega(self, theta: Array) -> list[dict[str, float]] | None:  # noqa: ARG002
        """Return omega by group and factor, where it is not that of sums of the items."""
        return None

    def known_values(self, place: int) -> dict[str, Array]:  # noqa: ARG002
        """Return model matrices of a group from which a search had better start, by name."""
        return {}

    def more_fit(self, theta: Array, fit: dict[str, Any]) -> dict[str, float]:  # noqa: ARG002
        """Return fit figures to be added to the common ones, such as scaled indices."""
        return {}

    @property
    def n(self) -> int:
        """Rows used, over all groups."""
        return sum(group.n for group in self.moments)

    @property
    def n_total(self) -> int:
        """Rows given, over all groups."""
        return sum(group.n_total for group in self.moments)


def inverse_information(information: Array) -> Array:
    """Return the inverse of an information matrix; NaN throughout where it has none.

    Rows and columns are brought to one scale first, so that the answer does not depend on the
    units of the items.
    """
    scale = np.sqrt(np.diag(information))
    nothing: Array = np.full_like(information, np.nan)
    if not (np.isfinite(information).all() and (scale > 0).all()):
        return nothing
    scaled = information / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(scaled)
    if len(values) and not values[0] > SINGULAR:
        return nothing
    found: Array = (vectors / values) @ vectors.T / np.outer(scale, scale)
    return found


# An eigenvalue of a scaled information this small is what rounding leaves of zero.
SINGULAR = 1e-9
