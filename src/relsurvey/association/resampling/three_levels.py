"""Many fits at once with workers in teams: the likelihood of each replicate, and its maximum.

The parts are those of ``models.nested_likelihood``; each replicate counts a worker of a team k
times and a team w times, so that workers or whole teams can be drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.bounded_steps import bounded_step, hollows
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.factors import inverse_factor, turned
from relsurvey.association.resampling.maximum import Maximum, blank, estimable, put

__all__ = ["NestedBatch", "maximise_nested"]

GRID_POINTS = 10
MOST_STARTS = 3
SMALLEST_RATIO = 1e-2  # of 1 / (largest unit)
MOST_STEPS = 100
MOST_HALVINGS = 40
STEP_TOLERANCE = 1e-12
STALLED = 1e-8
FLAT = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class NestedBatch:
    """B replicates of J workers, in the order of their T teams; q columns of [1 X y].

    Attributes
    ----------
    sizes : numpy.ndarray
        Shape (J,): rows per worker.
    means : numpy.ndarray
        Shape (J, q): means per worker of the standardised columns.
    starts : numpy.ndarray of int
        Shape (T,): where the workers of each team begin.
    copies : numpy.ndarray
        Shape (B or 1, J): how often each worker is in its team.
    teams : numpy.ndarray
        Shape (B, T): how often each team is in the replicate.
    within : numpy.ndarray
        Shape (B, q, q): cross-products of deviations from the workers' means.
    outcome : numpy.ndarray or None
        Shape (B, J): the workers' means of the outcome, where replicates differ in them.
    """

    sizes: Floats
    means: Floats
    starts: npt.NDArray[np.intp]
    copies: Floats
    teams: Floats
    within: Floats
    outcome: Floats | None = None

    @property
    def units(self) -> npt.NDArray[np.intp]:
        """The team of each worker, shape (J,)."""
        return np.repeat(np.arange(len(self.starts)), np.diff(self.starts, append=len(self.sizes)))

    def counts(self) -> tuple[Floats, Floats]:
        """Return rows and workers of each replicate, shape (B,)."""
        drawn = self.copies * self.teams[:, self.units]
        return drawn @ self.sizes, drawn.sum(axis=1)

    def columns(self) -> Floats:
        """Return the workers' means of all columns, shape (B or 1, J, q)."""
        if self.outcome is None:
            return self.means[None]
        columns = np.repeat(self.means[None], len(self.outcome), axis=0)
        columns[:, :, -1] = self.outcome
        return columns

    def take(self, replicates: npt.NDArray[np.intp]) -> NestedBatch:
        """Return some of the replicates, each as often as it is named."""
        return NestedBatch(
            self.sizes, self.means, self.starts,
            self.copies if len(self.copies) == 1 else self.copies[replicates],
            self.teams[replicates], self.within[replicates],
            None if self.outcome is None else self.outcome[replicates],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """The deviance of N replicates at a point each, with its derivatives in the two ratios."""

    ratios: Floats
    deviance: Floats
    slope: Floats
    curvature: Floats
    factor: Floats
    pivots: Floats

    def where(self, chosen: npt.NDArray[np.bool_], other: _Point) -> _Point:
        """Return the points of ``other`` where ``chosen``."""
        return _Point(
            np.where(chosen[:, None], other.ratios, self.ratios),
            np.where(chosen, other.deviance, self.deviance),
            np.where(chosen[:, None], other.slope, self.slope),
            np.where(chosen[:, None, None], other.curvature, self.curvature),
            np.where(chosen, other.factor, self.factor),
            np.where(chosen, other.pivots, self.pivots),
        )

    def take(self, kept: npt.NDArray[np.intp]) -> _Point:
        """Return some of the points."""
        return _Point(
            self.ratios[kept], self.deviance[kept], self.slope[kept], self.curvature[kept],
            self.factor[:, :, kept], self.pivots[:, kept],
        )  # fmt: skip


def maximise_nested(batch: NestedBatch, *, reml: bool = True) -> Maximum:
    """Fit every replicate as ``models.nested_search.minimise_nested`` fits one.

    Parameters
    ----------
    batch : NestedBatch
        The replicates.
    reml : bool, default True
        The criterion.

    Returns
    -------
    Maximum
        Of the lowest deviance among the minima reached from a grid over both ratios.
    """
    rows, workers = batch.counts()
    columns = batch.columns()
    drawn = batch.copies * batch.teams[:, batch.units] * batch.sizes
    total = batch.within + np.einsum(
        "bj,bjp,bjq->bpq", drawn, *(np.broadcast_to(columns, (len(drawn), *columns.shape[1:])),) * 2
    )
    residual, ok = estimable(
        batch.within.transpose(1, 2, 0), total.transpose(1, 2, 0), rows, workers
    )
    found = blank(len(rows), 2, batch.means.shape[1] - 1)
    good = np.flatnonzero(ok)
    if not len(good):
        return found
    part = batch.take(good)
    axes = _axes(part, rows[good] * total[good, -1, -1] / residual[good])
    table = _grid_deviance(part, axes, rows[good], reml=reml)
    where, starts = hollows(table, MOST_STARTS)
    ratios = np.stack([axes[0][starts[:, 0]], axes[1][starts[:, 1]]], axis=1)
    ends, converged = _newton(part.take(where), ratios, _floor(part), rows[good][where], reml=reml)
    order = np.lexsort([ends.deviance, where])
    best, first = np.unique(where[order], return_index=True)
    chosen = order[first]
    put(found, good[best], ends.ratios[chosen], ends.deviance[chosen],
        (ends.factor[:, :, chosen], ends.pivots[:, chosen]), rows[good][best], converged[chosen],
        reml=reml)  # fmt: skip
    return found


def _floor(batch: NestedBatch) -> Floats:
    """Return ratios below which little changes until 0."""
    of_teams = np.add.reduceat(batch.sizes, batch.starts)
    floor: Floats = SMALLEST_RATIO / np.array([batch.sizes.max(), of_teams.max()])
    return floor


def _axes(batch: NestedBatch, bounds: Floats) -> list[Floats]:
    floor = _floor(batch)
    top = max(10.0 * float(np.quantile(bounds, 0.99)), 1e3 * float(floor.max()))
    return [np.append(0.0, np.geomspace(low, top, GRID_POINTS)) for low in floor]


def _sum_teams(batch: NestedBatch, values: Floats) -> Floats:
    """Sum values of workers (N, J, ...) over each team."""
    total: Floats = np.add.reduceat(values, batch.starts, axis=1)
    return total


def _team_parts(batch: NestedBatch, ratio: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return c of a worker (N, J), a (N, T), mu (N, T, q) and m - mu (N, J, q).

    ``ratio`` has shape (N, 1). A team without a worker has a = 0 and mu = 0.
    """
    c = batch.sizes / (1.0 + batch.sizes * ratio)
    counted = batch.copies * c
    columns = batch.columns()
    a = _sum_teams(batch, counted)
    mu = _sum_teams(batch, counted[:, :, None] * columns) / np.where(a > 0, a, 1.0)[:, :, None]
    return c, a, mu, columns - mu[:, batch.units]


def _grid_deviance(batch: NestedBatch, axes: list[Floats], rows: Floats, *, reml: bool) -> Floats:
    """Return the deviance at every pair of ratios, shape (B, G1, G2)."""
    table = np.empty((len(rows), len(axes[0]), len(axes[1])))
    for i, ratio in enumerate(axes[0]):
        c, a, mu, off = _team_parts(batch, np.array([[ratio]]))
        workers = _within_teams(batch, batch.copies * c, off)
        squares = mu[:, :, :, None] * mu[:, :, None, :]
        log_workers = _sum_teams(batch, batch.copies * np.log1p(batch.sizes * ratio))
        base = batch.within + _over_teams(batch.teams, workers)
        for j, team_ratio in enumerate(axes[1]):
            spread = team_ratio * a
            weight = (a / (1.0 + spread))[:, :, None, None]
            value = base + _over_teams(batch.teams, weight * squares)
            log_v = _over_teams(batch.teams, log_workers + np.log1p(spread))
            pivots = inverse_factor(value.transpose(1, 2, 0))[1]
            table[:, i, j] = _deviance(pivots, log_v, rows, reml=reml)
    return table


def _within_teams(batch: NestedBatch, weights: Floats, columns: Floats) -> Floats:
    """Return sums over the workers of each team of weighted products, shape (N, T, q, q)."""
    q = columns.shape[2]
    found = np.empty((len(columns), len(batch.starts), q, q))
    for i in range(q):
        weighted = weights * columns[:, :, i]
        for j in range(i + 1):
            found[:, :, i, j] = found[:, :, j, i] = _sum_teams(batch, weighted * columns[:, :, j])
    return found


def _over_teams(teams: Floats, values: Floats) -> Floats:
    """Sum values of teams (N or 1, T, ...), each as often as it was drawn, shape (N, ...)."""
    if len(values) == 1:
        summed = teams @ values.reshape(teams.shape[1], -1)
        return summed.reshape(len(teams), *values.shape[2:])
    total: Floats = np.einsum("bt,bt...->b...", teams, values)
    return total


def _deviance(pivots: Floats, log_v: Floats, rows: Floats, *, reml: bool) -> Floats:
    divisor = rows - (len(pivots) - 1) if reml else rows
    deviance: Floats = divisor * (1.0 + np.log(2.0 * np.pi / divisor * pivots[-1])) + log_v
    return deviance + np.log(pivots[:-1]).sum(axis=0) if reml else deviance


def _squares(weights: Floats, columns: Floats, others: Floats | None = None) -> Floats:
    """Return sums over the second axis of weighted products, shape (N, q, q)."""
    others = columns if others is None else others
    weighted = weights[:, :, None] * columns
    summed: Floats = np.matmul(weighted.transpose(0, 2, 1), others)
    return summed


def _evaluate(batch: NestedBatch, ratios: Floats, rows: Floats, *, reml: bool) -> _Point:
    """Work out the deviance and its derivatives at one point a replicate."""
    copies, teams, units = batch.copies, batch.teams, batch.units
    c, a, mu, off = _team_parts(batch, ratios[:, :1])
    kept = 1.0 / (1.0 + ratios[:, 1:] * a)
    weight = a * kept  # 1' H^-1 1 of a team
    drawn = copies * teams[:, units]
    value = batch.within + _squares(drawn * c, off) + _squares(teams * weight, mu)
    solved = c[:, :, None] * (off + (kept[:, :, None] * mu)[:, units])
    of_teams = weight[:, :, None] * mu
    first = np.stack([_squares(drawn, solved), _squares(teams, of_teams)])
    counted = (copies * c)[:, :, None] * solved
    inner = _sum_teams(batch, counted) / np.where(a > 0, a, 1.0)[:, :, None]
    beyond = solved - inner[:, units]
    mixed = _squares(teams * weight, inner, of_teams)
    second = [
        _squares(drawn * c, beyond) + _squares(teams * weight, inner),
        0.5 * (mixed + mixed.transpose(0, 2, 1)),
        _squares(teams * weight, of_teams),
    ]
    log_v, traces = _log_parts(batch, ratios, (c, a, kept, weight), drawn)
    return _point(ratios, value, -first, 2.0 * np.stack(second), log_v, traces, rows, reml=reml)


def _log_parts(
    batch: NestedBatch, ratios: Floats, parts: tuple[Floats, Floats, Floats, Floats], drawn: Floats
) -> tuple[Floats, Floats]:
    """Return log|H| with its slopes (3, N), and tr(H^-1 G_i H^-1 G_j) for 11, 12, 22 (3, N)."""
    c, a, kept, weight = parts
    pull = ratios[:, 1:] * kept
    squares = _sum_teams(batch, batch.copies * c**2)
    own = c * (1.0 - pull[:, batch.units] * c)
    log_v = np.stack(
        [
            (drawn * np.log1p(batch.sizes * ratios[:, :1])).sum(axis=1)
            + (batch.teams * np.log1p(ratios[:, 1:] * a)).sum(axis=1),
            (drawn * own).sum(axis=1),
            (batch.teams * weight).sum(axis=1),
        ]
    )
    cubes = _sum_teams(batch, batch.copies * c**3)
    traces = np.stack(
        [
            (batch.teams * (squares - 2.0 * pull * cubes + (pull * squares) ** 2)).sum(axis=1),
            (batch.teams * kept**2 * squares).sum(axis=1),
            (batch.teams * weight**2).sum(axis=1),
        ]
    )
    return log_v, traces


def _point(
    ratios: Floats, value: Floats, first: Floats, second: Floats, log_v: Floats, traces: Floats,
    rows: Floats, *, reml: bool,
) -> _Point:  # fmt: skip
    factor, pivots = inverse_factor(value.transpose(1, 2, 0))
    f = [turned(factor, one.transpose(1, 2, 0)) for one in first]
    s = [turned(factor, one.transpose(1, 2, 0)) for one in second]
    p = len(pivots) - 1
    divisor = rows - p if reml else rows
    slope = [divisor * one[-1, -1] + log_v[place] for place, one in enumerate(f, start=1)]
    if reml:
        slope = [
            so_far + np.einsum("iin->n", one[:p, :p]) for so_far, one in zip(slope, f, strict=True)
        ]
    bends = []
    for place, (i, j) in enumerate(((0, 0), (0, 1), (1, 1))):
        bend = s[place][-1, -1] - 2.0 * (f[i][:p, -1] * f[j][:p, -1]).sum(axis=0)
        bend = divisor * (bend - f[i][-1, -1] * f[j][-1, -1]) - traces[place]
        if reml:
            bend = bend + np.einsum("iin->n", s[place][:p, :p])
            bend -= (f[i][:p, :p] * f[j][:p, :p]).sum(axis=(0, 1))
        bends.append(bend)
    curvature = np.stack([[bends[0], bends[1]], [bends[1], bends[2]]]).transpose(2, 0, 1)
    deviance = _deviance(pivots, log_v[0], rows, reml=reml)
    return _Point(ratios, deviance, np.stack(slope, axis=1), curvature, factor, pivots)


def _newton(
    batch: NestedBatch, ratios: Floats, floor: Floats, rows: Floats, *, reml: bool
) -> tuple[_Point, npt.NDArray[np.bool_]]:
    """Go down from each point to a minimum, each ratio at least 0."""
    converged = np.zeros(len(rows), dtype=np.bool_)
    here = _evaluate(batch, ratios, rows, reml=reml)
    ends = here
    left, last = np.arange(len(rows)), np.full(len(rows), np.inf)
    for _ in range(MOST_STEPS):
        step, fall = bounded_step(
            here.slope, here.curvature, here.ratios, np.maximum(here.ratios, floor)
        )
        size = np.max(np.abs(step) / (here.ratios + floor), axis=1)
        done = (size <= STEP_TOLERANCE) | ((size < STALLED) & (size >= last))
        ends = _replaced(ends, left, here, len(rows))
        converged[left[done]] = True
        keep = np.flatnonzero(~done)
        left, last = left[keep], size[keep]
        if not len(left):
            break
        batch, here, rows_left = batch.take(keep), here.take(keep), rows[left]
        here = _downhill(batch, here, step[keep], fall[keep], rows_left, reml=reml)
    return _replaced(ends, left, here, len(rows)) if len(left) else ends, converged


def _replaced(ends: _Point, left: npt.NDArray[np.intp], here: _Point, n: int) -> _Point:
    place = np.zeros(n, dtype=np.intp)
    place[left] = np.arange(len(left))
    chosen = np.zeros(n, dtype=np.bool_)
    chosen[left] = True
    return ends.where(chosen, here.take(place))


def _downhill(
    batch: NestedBatch, here: _Point, step: Floats, fall: Floats, rows: Floats, *, reml: bool
) -> _Point:
    """Take the steps, halved where the deviance would rise."""
    there = _evaluate(batch, np.maximum(here.ratios + step, 0.0), rows, reml=reml)
    for _ in range(MOST_HALVINGS):
        bad = np.flatnonzero(~((there.deviance < here.deviance) | (fall < FLAT)))
        if not len(bad):
            break
        step[bad], fall[bad] = step[bad] / 2.0, fall[bad] / 2.0
        again = _evaluate(
            batch.take(bad), np.maximum(here.ratios[bad] + step[bad], 0.0), rows[bad], reml=reml
        )
        there = _replaced(there, bad, again, len(rows))
    return there
