"""Diagonally weighted least squares on thresholds and polychoric correlations (WLSMV).

Behind every ordinal answer stands a continuous one that thresholds cut into categories. Its
correlations (polychoric) and the thresholds are estimated first; the model is then fitted to
them by least squares, each weighted by its own variance. Standard errors and the test use
their whole covariance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError
from relsurvey.psychometrics.ordinal import green_yang_omega
from relsurvey.psychometrics.structure.estimators.ordinal_groups import (
    OrdinalGroup,
    ordinal_groups,
)
from relsurvey.psychometrics.structure.estimators.protocol import (
    Estimator,
    Options,
    Point,
    SampleMoments,
    Test,
    inverse_information,
)
from relsurvey.psychometrics.structure.estimators.scaled_chisq import (
    blocks,
    scaled_difference,
    scaled_test,
)
from relsurvey.psychometrics.structure.implied import GroupModel, directions, group_model
from relsurvey.psychometrics.structure.parameters import ParameterTable, parameter_table

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.data import StructureData
    from relsurvey.psychometrics.structure.specification import Structure

__all__ = ["WLSMV"]

Array: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True)
class WLSMV(Estimator):
    """Ordinal items of all groups under one model, in the delta parameterisation.

    Residual variances are no parameters: the continuous answer behind an item has variance one
    in the first group. With equal thresholds, the scales of these answers and the means of the
    factors are free in the later groups; with equal loadings, so are the variances of the
    factors. This, the divisors (n - 1 for chi-square, n for standard errors) and the
    scaled-and-shifted test are those of lavaan's estimator of the same name.

    References
    ----------
    Muthén B, du Toit SHC, Spisic D (1997). Robust inference using weighted least squares and
    quadratic estimating equations in latent variable modeling with categorical and continuous
    outcomes. Unpublished technical report.
    Asparouhov T, Muthén B (2010). Simple second order chi-square correction. Mplus technical
    appendix.
    """

    name: ClassVar[str] = "WLSMV"
    label: ClassVar[str] = (
        "diagonally weighted least squares for ordinal answers (WLSMV), from complete rows"
    )
    ordinal: ClassVar[bool] = True
    has_likelihood: ClassVar[bool] = False
    scaled: ClassVar[bool] = True
    table: ParameterTable
    groups: tuple[OrdinalGroup, ...]
    moments: tuple[SampleMoments, ...]
    notes: tuple[str, ...]

    @classmethod
    def from_data(cls, data: StructureData, structure: Structure, options: Options) -> Self:
        """Estimate thresholds and polychoric correlations, and their covariance, by group.

        Raises
        ------
        ModelError
            Where an item is not ordinal, does not vary in a group, or is in perfect order with
            another; where residual variances are to be equal, which are no parameters here.
        """
        require_no_residuals(options)
        groups, notes = ordinal_groups(data)
        thresholds = {
            item: len(own) for item, own in zip(data.items, groups[0].fit.thresholds, strict=True)
        }
        table = parameter_table(
            structure,
            groups=[group.label for group in data.groups],
            std_lv=options.std_lv,
            equal=options.equal,
            thresholds=thresholds,
        )
        moments = tuple(
            SampleMoments(
                label=rows.label,
                n=group.n,
                n_total=group.n_total,
                mean=np.zeros(len(data.items)),
                covariance=group.fit.correlation,
            )
            for rows, group in zip(data.groups, groups, strict=True)
        )
        return cls(table, groups, moments, notes)

    def with_table(self, table: ParameterTable) -> Self:
        """Return the same data under another table."""
        return replace(self, table=table)

    def value(self, theta: Array) -> float:
        """Return half the chi-square; infinite where a scale is not positive."""
        total = 0.0
        for place, group in enumerate(self.groups):
            model = group_model(self.table, theta, place)
            if not (model.delta > 0).all():
                return math.inf
            residual = group.observed - self._implied(model)
            total += (group.n - 1) * float(residual @ (group.weights * residual))
        return total / 2 if math.isfinite(total) else math.inf

    def objective(self, theta: Array) -> Point:
        """Return half the chi-square, its gradient and the Gauss-Newton information."""
        gradient = np.zeros(self.table.n_free)
        information = np.zeros((self.table.n_free, self.table.n_free))
        for place, group in enumerate(self.groups):
            model = group_model(self.table, theta, place)
            slope = self._slope(model, place)
            weighted = slope * ((group.n - 1) * group.weights)[:, None]
            gradient -= weighted.T @ (group.observed - self._implied(model))
            information += weighted.T @ slope
        return Point(self.value(theta), gradient, information)

    def score(self, theta: Array) -> tuple[Array, Array]:
        """Return the gradient by n - 1 and the information by n, as lavaan's indices have them."""
        return self.objective(theta).gradient, self._information(theta)

    def test(self, theta: Array) -> Test:
        """Return chi-square, and its mean- and variance-adjusted form."""
        df = sum(len(group.observed) for group in self.groups) - self.table.n_free
        return scaled_test(2 * self.value(theta), df, self._residual_weights(theta), self._gammas)

    def baseline(self) -> Test:
        """Return the test of thresholds alone: no item correlated with another."""
        return self._baseline

    def covariance(self, theta: Array) -> Array:
        """Return the robust (sandwich) covariance of the estimates."""
        meat = np.zeros((self.table.n_free, self.table.n_free))
        for place, group in enumerate(self.groups):
            weighted = self._slope(group_model(self.table, theta, place), place)
            weighted = weighted * group.weights[:, None]
            meat += group.n * weighted.T @ group.gamma @ weighted
        bread = inverse_information(self._information(theta))
        return bread @ meat @ bread * (self.n / self._divisor)

    def omega(self, theta: Array) -> list[dict[str, float]] | None:
        """Return ordinal omega (Green & Yang 2009) by group and factor; NaN for one item."""
        found = []
        for place, group in enumerate(self.groups):
            model = group_model(self.table, theta, place)
            found.append(
                {
                    factor: self._factor_omega(model, group, number)
                    for number, factor in enumerate(self.table.factors)
                }
            )
        return found

    def known_values(self, place: int) -> dict[str, Array]:
        """Return the thresholds as they were observed in the group."""
        found = np.zeros(self.table.shapes["tau"])
        found[self._places] = self.groups[place].observed[: len(self._places[0])]
        return {"tau": found}

    def more_fit(self, theta: Array, fit: dict[str, Any]) -> dict[str, float]:  # noqa: ARG002
        """Return SRMR of the correlations, RMSEA by n - 1, and the indices of the scaled test."""
        from relsurvey.psychometrics.structure import fit_measures as measures

        plain, baseline = self.test(theta), self.baseline()
        scaled, groups = Test(plain.scaled["chisq_scaled"], plain.df), len(self.groups)
        scaled_baseline = Test(baseline.scaled["chisq_scaled"], baseline.df)
        more = {
            "srmr": self._srmr(theta),
            "cfi_scaled": measures.comparative_fit(scaled, scaled_baseline),
            "tli_scaled": measures.tucker_lewis(scaled, scaled_baseline),
        }
        for end, test in (("", plain), ("_scaled", scaled)):
            low, high = measures.rmsea_limits(test, self._divisor, groups)
            more[f"rmsea{end}"] = measures.rmsea(test, self._divisor, groups)
            more[f"rmsea_low{end}"], more[f"rmsea_high{end}"] = low, high
        return more

    def difference(
        self, chisq: float, freedom: float, theta: Array, inner: Estimator, inner_theta: Array
    ) -> float:
        """Return the difference scaled and shifted (Satorra 2000), linearised at this model."""
        if not isinstance(inner, WLSMV):
            return math.nan
        weights = np.concatenate([group.weights * group.n / self.n for group in self.groups])
        slopes = self.slope(theta), inner.slope(inner_theta)
        return scaled_difference(chisq, freedom, weights, self._gammas, slopes)

    def slope(self, theta: Array) -> Array:
        """Return the derivatives of all thresholds and correlations, group below group.

        Shape (statistics of all groups, q).
        """
        places = range(len(self.groups))
        slopes = [self._slope(group_model(self.table, theta, place), place) for place in places]
        return np.concatenate(slopes)

    def _factor_omega(self, model: GroupModel, group: OrdinalGroup, factor: int) -> float:
        direct = model.loadings[:, factor]
        # Of a factor of factors, the loadings are those through the factors below it.
        loadings = direct if direct.any() else model.all_loadings[:, factor]
        members = np.flatnonzero(loadings)
        scaled = (model.delta * loadings)[members]
        common = np.outer(scaled, scaled) * model.factor_covariance[factor, factor]
        if len(members) < 2 or not (np.diag(common) <= 1).all():
            return math.nan
        limits = [self._limits(model, item) for item in members]
        return green_yang_omega(limits, common, group.fit.correlation[np.ix_(members, members)])

    def _limits(self, model: GroupModel, item: np.intp) -> Array:
        own = model.tau[item, : self._counts[int(item)]]
        limits: Array = model.delta[item] * (own - model.mean[item])
        return limits

    def _srmr(self, theta: Array) -> float:
        """Weigh the groups by their rows; the diagonal, which always fits, counts as cells."""
        total = 0.0
        for place, group in enumerate(self.groups):
            residual = group.observed - self._implied(group_model(self.table, theta, place))
            p = len(self.table.items)
            own = residual[-p * (p - 1) // 2 :] if p > 1 else residual[:0]
            total += group.n / self.n * math.sqrt(float(own @ own) / (p * (p + 1) / 2))
        return total

    @property
    def _divisor(self) -> int:
        """The n of standard errors and RMSEA: the rows, less one in every group."""
        return self.n - len(self.groups)

    @cached_property
    def _counts(self) -> list[int]:
        return [self.table.thresholds[item] for item in self.table.items]

    @cached_property
    def _pairs(self) -> tuple[Places, Places]:
        return np.triu_indices(len(self.table.items), 1)

    @cached_property
    def _places(self) -> tuple[Places, Places]:
        """Item and number of every threshold, in the order in which they are observed."""
        item = np.repeat(np.arange(len(self._counts)), self._counts)
        number = np.concatenate([np.arange(count) for count in self._counts])
        return item, number

    @cached_property
    def _gammas(self) -> list[Array]:
        return [group.gamma * self.n / group.n for group in self.groups]

    @cached_property
    def _baseline(self) -> Test:
        weights, chisq, df = [], 0.0, 0
        pairs = len(self._pairs[0])
        for group in self.groups:
            weight = np.zeros(len(group.weights))
            weight[len(weight) - pairs :] = group.weights[len(weight) - pairs :]
            chisq += (group.n - 1) * float(weight @ group.observed**2)
            weights.append(np.diag(weight * group.n / self.n))
            df += pairs
        return scaled_test(chisq, df, blocks(weights), self._gammas)

    def _implied(self, model: GroupModel) -> Array:
        """Return the thresholds and correlations of a group as the model has them."""
        item, number = self._places
        first, second = self._pairs
        limits = model.delta[item] * (model.tau[item, number] - model.mean[item])
        correlations = (model.delta[first] * model.delta[second]) * model.covariance[first, second]
        return np.concatenate([limits, correlations])

    def _slope(self, model: GroupModel, place: int) -> Array:
        """Return the derivatives of these, shape (thresholds and correlations, q)."""
        item, number = self._places
        first, second = self._pairs
        delta, sigma = model.delta, model.covariance
        way = directions(self.table, model, place)
        slope = np.zeros((self.table.n_free, len(item) + len(first)))
        moved = way.u[:, first] * way.v[:, second] + way.u[:, second] * way.v[:, first]
        cells = np.concatenate(
            [-way.mean[:, item] * delta[item], moved * (delta[first] * delta[second])], axis=1
        )
        np.add.at(slope, way.index, cells)
        tau, scale = self.table.cells("tau", place), self.table.cells("delta", place)
        at = (tau.rows[:, None] == item) & (tau.columns[:, None] == number)
        np.add.at(slope, tau.index, np.pad(at * delta[item], ((0, 0), (0, len(first)))))
        own = scale.rows[:, None]
        by_limit = (own == item) * (model.tau[item, number] - model.mean[item])
        by_pair = (own == first) * delta[second] + (own == second) * delta[first]
        by_pair = by_pair * sigma[first, second]
        np.add.at(slope, scale.index, np.concatenate([by_limit, by_pair], axis=1))
        return slope.T

    def _information(self, theta: Array) -> Array:
        total = np.zeros((self.table.n_free, self.table.n_free))
        for place, group in enumerate(self.groups):
            slope = self._slope(group_model(self.table, theta, place), place)
            total += group.n * slope.T @ (group.weights[:, None] * slope)
        return total

    def _residual_weights(self, theta: Array) -> Array:
        """Return W - W D (D' W D)^-1 D' W over all groups, with W a row's share of weight."""
        share = [group.weights * group.n / self.n for group in self.groups]
        slopes = [
            self._slope(group_model(self.table, theta, place), place)
            for place in range(len(self.groups))
        ]
        weighted = np.concatenate([w[:, None] * d for w, d in zip(share, slopes, strict=True)])
        # What moves nothing, the loadings of a factor that vanishes, is no use in fitting.
        moving = np.flatnonzero(weighted.any(axis=0))
        information = self._information(theta)[np.ix_(moving, moving)]
        weighted = weighted[:, moving]
        middle = inverse_information(information / self.n)
        found: Array = np.diag(np.concatenate(share)) - weighted @ middle @ weighted.T
        return found


def require_no_residuals(options: Options) -> None:
    """Refuse equal residual variances."""
    if "residuals" in options.equal:
        raise ModelError(
            "Residual variances of ordinal items cannot be set equal: in the delta "
            "parameterisation they are no parameters.",
            hint="Compare loadings and thresholds; that is as far as WLSMV goes here.",
        )
