"""Maximum likelihood from every answer that was given: full information, casewise.

Rows enter through sums by missing-data pattern alone, so that an evaluation costs as much as
there are patterns, however many rows there are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError
from relsurvey.moments.likelihood import (
    Kind,
    Likelihood,
    likelihood_with_information,
    log_likelihood,
)
from relsurvey.moments.patterns import PatternMoments, pattern_moments
from relsurvey.moments.saturated import SaturatedMoments, saturated_moments
from relsurvey.psychometrics.structure.estimators.protocol import (
    Estimator,
    Options,
    Point,
    SampleMoments,
    Test,
    inverse_information,
)
from relsurvey.psychometrics.structure.implied import (
    Directions,
    GroupModel,
    directions,
    group_model,
)
from relsurvey.psychometrics.structure.parameters import ParameterTable, parameter_table
from relsurvey.text import counted

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.data import StructureData
    from relsurvey.psychometrics.structure.specification import Structure

__all__ = ["FIML"]

Array: TypeAlias = npt.NDArray[np.float64]

# Of a complex step: the function is a polynomial in each parameter, and nothing is subtracted.
STEP = 1e-30


class _Seen(NamedTuple):
    """One group: its position, its sums and what the model says of it."""

    group: int
    patterns: PatternMoments
    model: GroupModel


@dataclass(frozen=True)
class FIML(Estimator):
    """Full information maximum likelihood.

    Attributes
    ----------
    patterns : tuple of PatternMoments
        Sums by missing-data pattern, by group.
    saturated : tuple of SaturatedMoments
        The model that restricts nothing, which the test compares with; its means count.

    Notes
    -----
    The search uses the information expected given the patterns. Standard errors are from the
    observed information, which alone is right where answers are missing at random but not
    completely at random.

    References
    ----------
    Arbuckle JL (1996). Full information estimation in the presence of incomplete data. In:
    Marcoulides GA, Schumacker RE (eds). Advanced structural equation modeling.
    Kenward MG, Molenberghs G (1998). Likelihood based frequentist inference when data are
    missing at random. Statistical Science 13(3):236-247. doi 10.1214/ss/1028905886.
    """

    name: ClassVar[str] = "FIML"
    label: ClassVar[str] = (
        "maximum likelihood with missing answers (FIML), from all rows with an answer"
    )
    uses_gaps: ClassVar[bool] = True
    table: ParameterTable
    patterns: tuple[PatternMoments, ...]
    saturated: tuple[SaturatedMoments, ...]
    moments: tuple[SampleMoments, ...]
    notes: tuple[str, ...]

    @classmethod
    def from_data(cls, data: StructureData, structure: Structure, options: Options) -> Self:
        """Take the sums by pattern of every group, and fit the saturated model to them.

        Raises
        ------
        ModelError
            Where the saturated model cannot be estimated: two items that no row answers
            together, an item with fewer than two answers or without variance, an item that
            follows from others, too few rows.
        """
        labels = [group.label for group in data.groups]
        patterns = tuple(pattern_moments(group.frame, structure.items) for group in data.groups)
        saturated = tuple(saturated_moments(found) for found in patterns)
        _require_saturated(labels, saturated)
        table = parameter_table(
            structure, groups=labels, std_lv=options.std_lv, equal=options.equal, means=True
        )
        moments = tuple(
            SampleMoments(label, found.n, found.n_total, full.mean, full.covariance)
            for label, found, full in zip(labels, patterns, saturated, strict=True)
        )
        return cls(table, patterns, saturated, moments, _notes(labels, patterns))

    def with_table(self, table: ParameterTable) -> Self:
        """Return the same sums under another table."""
        return replace(self, table=table)

    def value(self, theta: Array) -> float:
        """Return the log-likelihood of the saturated model less that of this one."""
        return self.saturated_log_likelihood - self.log_likelihood(theta)

    def objective(self, theta: Array) -> Point:
        """Return the same with its gradient and the expected information."""
        q = self.table.n_free
        total, gradient, information = 0.0, np.zeros(q), np.zeros((q, q))
        for seen in self._groups(theta):
            found, cells, way = self._slope_and_bend(seen, "expected")
            if not math.isfinite(found.value):
                return Point(math.inf, np.full(q, np.nan), np.full((q, q), np.nan))
            total += found.value
            np.add.at(gradient, way.index, -_slopes(way, found.for_mean, found.for_covariance))
            np.add.at(information, (way.index[:, None], way.index), cells)
        return Point(self.saturated_log_likelihood - total, gradient, information)

    def test(self, theta: Array) -> Test:
        """Return the likelihood ratio test against the saturated model, means counted."""
        p = len(self.table.items)
        df = len(self.patterns) * (p + p * (p + 1) // 2) - self.table.n_free
        return Test(2 * self.value(theta), df)

    def baseline(self) -> Test:
        """Return the test of the model with a mean and a variance an item and nothing else.

        Uncorrelated items have no part in each other's likelihood, so that its estimates are
        the mean and the variance of each item's own answers.
        """
        p = len(self.table.items)
        total = 0.0
        for found in self.patterns:
            _, variance = found.item_moments()
            total -= 0.5 * float(found.answered @ (np.log(2 * math.pi * variance) + 1))
        df = len(self.patterns) * (p * (p - 1) // 2)
        return Test(2 * (self.saturated_log_likelihood - total), df)

    def covariance(self, theta: Array) -> Array:
        """Return the inverse of the observed information; NaN where it has none."""
        return inverse_information(self.observed_information(theta))

    def observed_information(self, theta: Array) -> Array:
        """Return minus the second derivatives of the log-likelihood, shape (q, q)."""
        q = self.table.n_free
        information = np.zeros((q, q))
        for seen in self._groups(theta):
            found, cells, way = self._slope_and_bend(seen, "observed")
            if not math.isfinite(found.value):
                return np.full((q, q), np.nan)
            np.add.at(information, (way.index[:, None], way.index), cells)
            information -= self._bend(theta, seen.group, found.for_mean, found.for_covariance)
        return (information + information.T) / 2

    def log_likelihood(self, theta: Array) -> float:
        """Return the casewise log-likelihood of all groups, with its constants."""
        return sum(
            log_likelihood(seen.patterns, seen.model.mean, seen.model.covariance)
            for seen in self._groups(theta)
        )

    @property
    def saturated_log_likelihood(self) -> float:
        """The log-likelihood of the model that restricts nothing."""
        return sum(full.log_likelihood for full in self.saturated)

    def _groups(self, theta: Array) -> Iterator[_Seen]:
        for group, found in enumerate(self.patterns):
            yield _Seen(group, found, group_model(self.table, theta, group))

    def _slope_and_bend(self, seen: _Seen, kind: Kind) -> tuple[Likelihood, Array, Directions]:
        """Return the likelihood of a group, the information on its cells, and how they move."""
        way = directions(self.table, seen.model, seen.group)
        half = way.u[:, :, None] * way.v[:, None, :]
        changes = way.mean, half + half.transpose(0, 2, 1)
        mean, covariance = seen.model.mean, seen.model.covariance
        found, cells = likelihood_with_information(seen.patterns, mean, covariance, changes, kind)
        return found, cells, way

    def _bend(self, theta: Array, group: int, for_mean: Array, for_covariance: Array) -> Array:
        """Return the part of the second derivatives that is due to how the model itself bends.

        With the slopes by mean and covariance held, that is the derivative of the slopes by
        the parameters: no pattern is gone through again.
        """
        bend = np.zeros((self.table.n_free, self.table.n_free))
        for parameter in range(len(theta)):
            moved: npt.NDArray[Any] = theta.astype(np.complex128)
            moved[parameter] += 1j * STEP
            way = directions(self.table, group_model(self.table, moved, group), group)
            slopes = np.imag(_slopes(way, for_mean, for_covariance)) / STEP
            np.add.at(bend[:, parameter], way.index, slopes)
        return bend


def _slopes(way: Directions, for_mean: Array, for_covariance: Array) -> Array:
    """Return the derivative of the log-likelihood by each cell."""
    found: Array = way.mean @ for_mean + 2 * ((way.u @ for_covariance) * way.v).sum(axis=1)
    return found


def _require_saturated(labels: Sequence[object], saturated: Sequence[SaturatedMoments]) -> None:
    failures = [
        {"why": full.note} | ({} if label is None else {"group": label})
        for label, full in zip(labels, saturated, strict=True)
        if full.note
    ]
    if failures:
        raise ModelError(
            "FIML has nothing to compare the model with: means and covariances without "
            "restriction cannot be estimated from these answers.",
            hint="Leave out an item that is named, or use more rows. Look for an item entered "
            "twice, or a total among the items.",
            failures=failures,
        )


def _notes(labels: Sequence[object], patterns: Sequence[PatternMoments]) -> tuple[str, ...]:
    notes = []
    for label, found in zip(labels, patterns, strict=True):
        where = "" if label is None else f"Group {label}: "
        gaps = f"in {counted(len(found.counts), 'pattern')} of missing answers"
        if found.observed.all():
            gaps = "without a missing answer"
        text = f"{where}{counted(found.n, 'row')} {gaps}"
        if found.n_empty:
            text += f"; {counted(found.n_empty, 'row')} without any answer left out"
        notes.append(f"{text}.")
    if all(found.observed.all() for found in patterns):
        return (*notes, "No answer is missing, so that FIML is ML.")
    return (
        *notes,
        "Answers are taken to be missing at random: whether one is missing may depend "
        "on answers that were given, not on those that were not.",
    )
