"""The likelihood with groups nested in larger units, from sums per group alone.

With t1 and t2 the variances of the two random intercepts over the residual variance, a group of
n rows has weight c = n / (1 + n t1), a unit the weight a, the sum of its groups' c, and the mean
mu, weighted by c, of its groups' means m. Over Z = [1 X y] then

    A = Z' H^-1 Z = W + sum_groups c (m - mu)(m - mu)' + sum_units a / (1 + t2 a) mu mu',
    log|H| = sum_groups log(1 + n t1) + sum_units log(1 + t2 a),       V = sigma^2 H,

with W the cross-products of deviations from the group means. Every part is positive, so nothing
cancels however large a ratio is; and so are the derivatives' parts, which are of the same form:
H^-1 applied to whatever is constant within groups is again a set of group means.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.optimum import Products
from relsurvey.moments.groups import GroupSums

__all__ = ["NestedSums", "nested_sums", "products"]


@dataclass(frozen=True, eq=False)
class NestedSums:
    """Groups in the order of their units; J groups, T units, q columns of [1 X y].

    Attributes
    ----------
    sizes : numpy.ndarray
        Shape (J,): rows per group.
    means : numpy.ndarray
        Shape (J, q): means per group of the standardised columns.
    starts : numpy.ndarray of int
        Shape (T,): where the groups of each unit begin.
    within : numpy.ndarray
        Shape (q, q): cross-products of deviations from the group means.
    n_rows : int
        Number of rows.
    """

    sizes: Floats
    means: Floats
    starts: npt.NDArray[np.intp]
    within: Floats
    n_rows: int

    @property
    def n_groups(self) -> int:
        """Number of groups, J."""
        return len(self.sizes)

    @cached_property
    def units(self) -> npt.NDArray[np.intp]:
        """The unit of each group, shape (J,)."""
        each = np.diff(self.starts, append=self.n_groups)
        return np.repeat(np.arange(len(each)), each)

    @cached_property
    def unit_sizes(self) -> Floats:
        """Rows per unit, shape (T,)."""
        sizes: Floats = np.add.reduceat(self.sizes, self.starts)
        return sizes

    def of_groups(self, values: Floats) -> Floats:
        """Give each group its unit's values: of shape (T, ...), shape (J, ...)."""
        # Several times as fast as an index.
        return values.take(self.units, axis=0)


def nested_sums(sums: GroupSums, outcome: str, predictors: tuple[str, ...]) -> NestedSums:
    """Arrange group sums as means of [1 X y], standardised, unit after unit.

    Without larger units all groups stand in one: with a ratio of 0 it plays no part.
    """
    chosen = [sums.place(name) for name in (*predictors, outcome)]
    within = np.zeros((len(chosen) + 1, len(chosen) + 1))
    within[1:, 1:] = sums.within[np.ix_(chosen, chosen)]
    parents = np.zeros(sums.n_groups, np.intp) if sums.parents is None else sums.parents
    order = np.argsort(parents, kind="stable")
    sizes = sums.counts[order]
    means = np.ones((len(sizes), len(chosen) + 1))
    means[:, 1:] = sums.sums[order][:, chosen] / sizes[:, None]
    starts = np.flatnonzero(np.diff(parents[order], prepend=-1))
    return NestedSums(sizes, means, starts, within, sums.n_rows)


def products(sums: NestedSums, ratios: Floats, *, residual: bool = False) -> Products:
    """Work out the parts of the deviance and of its derivatives at one point.

    Parameters
    ----------
    sums : NestedSums
        The data.
    ratios : numpy.ndarray
        Shape (2,), all at least 0: variance ratio of the groups, and of the units.
    residual : bool, default False
        Whether the residual variance is among the components, as the first one (its G is the
        identity); otherwise there are two, groups and units.

    Returns
    -------
    Products
        With K = 2 or 3.
    """
    c, a, kept = _weights(sums, ratios)
    mu = _unit_means(sums, c, a, sums.means)
    off = sums.means - sums.of_groups(mu)
    weight = a * kept  # 1' H^-1 1 of a unit
    value = sums.within + (off * c[:, None]).T @ off + (mu * weight[:, None]).T @ mu
    # H^-1 Z, as group means times sqrt(n): what the groups' and the units' G make of it.
    solved = off + sums.of_groups(kept[:, None] * mu)
    of_groups, of_units = c[:, None] * solved, weight[:, None] * mu
    first = [of_groups.T @ of_groups, of_units.T @ of_units]
    inner = [of_groups]
    if residual:
        rest = solved * (c / sums.sizes)[:, None]
        first.insert(0, sums.within + (rest * sums.sizes[:, None]).T @ rest)
        inner.insert(0, rest)
    return Products(
        value=value,
        first=np.stack(first),
        second=_second(sums, (c, a, weight), inner, of_units, residual=residual),
        log_determinant=float(
            np.log1p(sums.sizes * ratios[0]).sum() + np.log1p(ratios[1] * a).sum()
        ),
        log_slopes=np.array([c @ _off_diagonal(sums, c, a, kept), weight.sum()]),
        traces=_traces(sums, c, a, kept, residual=residual),
    )


def _weights(sums: NestedSums, ratios: Floats) -> tuple[Floats, Floats, Floats]:
    """Return c of the groups, a of the units, and what of a unit's mean is kept, 1/(1 + t2 a)."""
    c = sums.sizes / (1.0 + sums.sizes * ratios[0])
    a = np.add.reduceat(c, sums.starts)
    return c, a, 1.0 / (1.0 + ratios[1] * a)


def _unit_means(sums: NestedSums, c: Floats, a: Floats, columns: Floats) -> Floats:
    means: Floats = np.add.reduceat(columns * c[:, None], sums.starts) / a[:, None]
    return means


def _second(
    sums: NestedSums, weights: tuple[Floats, Floats, Floats], inner: list[Floats],
    of_units: Floats, *, residual: bool,
) -> Floats:  # fmt: skip
    """Return Z'H^-1 G_i H^-1 G_j H^-1 Z, shape (K, K, q, q)."""
    c, a, weight = weights
    q, k = of_units.shape[1], len(inner) + 1
    columns = np.hstack(inner)
    mu = _unit_means(sums, c, a, columns)
    off = columns - sums.of_groups(mu)
    mu = np.hstack([mu, of_units])
    table = (mu * weight[:, None]).T @ mu
    table[: (k - 1) * q, : (k - 1) * q] += (off * c[:, None]).T @ off
    if residual:
        table[:q, :q] += sums.within
    return np.swapaxes(table.reshape(k, q, k, q), 1, 2)


def _off_diagonal(sums: NestedSums, c: Floats, a: Floats, kept: Floats) -> Floats:
    """Return 1 - t2 c / (1 + t2 a): the diagonal of H^-1, times 1 + n t1; shape (J,)."""
    share = c / sums.of_groups(a)
    return (1.0 - share) + sums.of_groups(kept) * share


def _traces(sums: NestedSums, c: Floats, a: Floats, kept: Floats, *, residual: bool) -> Floats:
    """Return tr(H^-1 G_i H^-1 G_j), shape (K, K).

    Within a unit, H^-1 is D^-1/2 (I - k s s') D^-1/2 with D = diag(1 + n t1), s s = c / a and
    k = 1 - kept; the squares of its diagonal and of what is off it are summed apart.
    """
    diagonal = [c / sums.sizes, c] if residual else [c]
    share = c / sums.of_groups(a)
    columns = np.stack(diagonal, axis=1)
    own = columns * _off_diagonal(sums, c, a, kept)[:, None]
    shared = np.add.reduceat(columns * share[:, None], sums.starts) * (1.0 - kept)[:, None]
    again = columns * (share * sums.of_groups(1.0 - kept))[:, None]
    k = len(diagonal) + 1
    table = np.zeros((k, k))
    table[:-1, :-1] = own.T @ own + (shared.T @ shared - again.T @ again)
    if residual:
        table[0, 0] += sums.n_rows - sums.n_groups
    across = kept**2 @ np.add.reduceat(columns * c[:, None], sums.starts)
    table[-1, :-1] = table[:-1, -1] = across
    table[-1, -1] = (a * kept) @ (a * kept)
    return table
