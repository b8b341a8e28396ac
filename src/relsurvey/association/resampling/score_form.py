"""The studentised slope of any order of the scores, from a few sums over workers.

Given the variances of the model without the predictor, the generalised least squares slope of
scores e is e'P y / e'P e, with P = V^-1 - V^-1 Z (Z'V^-1 Z)^-1 Z'V^-1 and Z the other terms. A
score is one value for each worker, so P is needed only as sums over the rows of workers:

    e'P y = u'e,    e'P e = sum_j c_j e_j^2 - sum_t b_t (sum_{j in t} c_j e_j)^2 - |C e|^2,

with c = n / (1 + n theta) and b of the teams t. Orders of the same scores then cost one product
of a matrix each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.models.likelihood import Floats
from relsurvey.errors import ModelError
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_choice

__all__ = ["ScoreForm", "same_within_teams", "score_form"]

NOTHING = 1e-10  # share of a spread that only rounding makes
UNITS = ("workers", "workers within teams", "teams")


@dataclass(frozen=True, slots=True, eq=False)
class ScoreForm:
    """What the studentised slope of any scores of U units is made of.

    Attributes
    ----------
    scores : numpy.ndarray
        Shape (U,): the predictor's residuals on the terms that are constant within units, at
        the largest 1 in size; all 0 where nothing is left to change places.
    linear, diagonal : numpy.ndarray
        Shape (U,): u and c, outcome in units of the residual standard deviation.
    low_rank : numpy.ndarray
        Shape (r, U): C.
    blocks : numpy.ndarray of int
        Shape (U,): scores change places within these.
    teams : numpy.ndarray of int
        Shape (U,): the team of each unit, for ``team_weights``.
    team_weights : numpy.ndarray
        Shape (T,): b; of length 0 where there are no teams.
    slope_unit : float
        Turns u'e / e'Pe into points of the outcome per point of the predictor.
    """

    scores: Floats
    linear: Floats
    diagonal: Floats
    low_rank: Floats
    blocks: npt.NDArray[np.intp]
    teams: npt.NDArray[np.intp]
    team_weights: Floats
    slope_unit: float

    def spread(self, scores: Floats) -> Floats:
        """Return e'Pe of rows of scores (B, U), shape (B,)."""
        found: Floats = (scores * scores) @ self.diagonal
        found -= ((scores @ self.low_rank.T) ** 2).sum(axis=1)
        if self.team_weights.any():
            order = np.argsort(self.teams, kind="stable")
            starts = np.searchsorted(self.teams[order], np.arange(len(self.team_weights)))
            weighted = (scores * self.diagonal)[:, order]
            found -= np.add.reduceat(weighted, starts, axis=1) ** 2 @ self.team_weights
        return found

    def statistics(self, scores: Floats) -> Floats:
        """Return studentised slopes of rows of scores (B, U), shape (B,).

        They are 0 where the other terms make up the scores, which then say nothing.
        """
        spread = self.spread(scores)
        sure = spread > NOTHING * (scores * scores @ self.diagonal)
        found: Floats = np.where(sure, scores @ self.linear, 0.0)
        found /= np.sqrt(np.where(sure, spread, 1.0))
        return found

    def reordered(self, order: npt.NDArray[np.intp]) -> ScoreForm:
        """Return the same with its units in another order."""
        return replace(
            self,
            scores=self.scores[order],
            linear=self.linear[order],
            diagonal=self.diagonal[order],
            low_rank=self.low_rank[:, order],
            blocks=self.blocks[order],
            teams=self.teams[order],
        )

    @property
    def slope(self) -> float:
        """The slope of the scores as they are, given the variances of the model without them."""
        spread = float(self.spread(self.scores[None])[0])
        if not self.scores.any() or spread <= 0:
            return float("nan")
        return float(self.scores @ self.linear) / spread * self.slope_unit


def same_within_teams(sums: GroupSums, name: str) -> bool:
    """Whether a column is the same for all workers of each team, up to rounding."""
    if sums.parents is None:
        return False
    means = sums.sums[:, sums.place(name)] / sums.counts
    sizes = np.bincount(sums.parents)
    centred = means - (_by_team(means, sums.parents) / sizes)[sums.parents]
    return bool(np.abs(centred).max() <= NOTHING * np.ptp(means))


def score_form(
    sums: GroupSums, outcome: str, terms: tuple[str, ...], focus: str, units: str
) -> ScoreForm:
    """Fit the model without the predictor, and keep what its score needs.

    Parameters
    ----------
    sums : GroupSums
        With the outcome and the terms among its columns.
    outcome : str
        The outcome.
    terms : tuple of str
        All predictors, ``focus`` among them.
    focus : str
        One value for each worker.
    units : {"workers", "workers within teams", "teams"}
        What changes places. Within teams, team means are taken out of everything (V with an
        infinite variance between teams): only differences within teams are left.

    Returns
    -------
    ScoreForm
        Units in the order of ``sums.ids`` or ``sums.parent_ids``.

    Raises
    ------
    ModelError
        Where the predictor varies within workers, the units do not go with the sums, or the
        model without the predictor cannot be fitted.
    """
    _require_usable(sums, focus, units)
    others = tuple(name for name in terms if name != focus)
    ratios = [*fit_sums(sums, outcome, others).best.ratios.tolist(), 0.0]
    team_ratio = np.inf if units == "workers within teams" else ratios[1]
    field = _field(sums, (*others, outcome), ratios[0], team_ratio)
    linear, low_rank, deviation = _without(field, sums.n_rows)
    constant = [name for name in others if not sums.varying[sums.place(name)]]
    teams = np.zeros(sums.n_groups, dtype=np.intp) if sums.parents is None else sums.parents
    diagonal, team_weights, means = field.weights, field.team_weights, _means(sums, [focus])[:, 0]
    known = _means(sums, constant)
    if units == "teams":
        constant = [name for name in constant if same_within_teams(sums, name)]
        totals, first = _by_team(diagonal, teams), np.unique(teams, return_index=True)[1]
        diagonal, team_weights = totals * (1.0 - totals * team_weights), np.zeros(0)
        linear, low_rank = _by_team(linear, teams), _by_team(low_rank.T, teams).T
        means, known = means[first], _means(sums, constant)[first]
        teams = np.zeros(len(first), dtype=np.intp)
    blocks = teams if units == "workers within teams" else np.zeros_like(teams)
    scores, size = _left_over(means, known, blocks)
    unit = deviation * sums.units[sums.place(outcome)] / sums.units[sums.place(focus)] / size
    return ScoreForm(
        scores, linear / deviation, diagonal, low_rank, blocks, teams, team_weights, float(unit)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """V^-1 [1 others y] summed per worker (J, q), its cross-products (q, q), and the weights."""

    pulled: Floats
    products: Floats
    size: Floats  # (q,): the sums of squares that were left of nothing but rounding
    weights: Floats
    team_weights: Floats


def _field(sums: GroupSums, columns: tuple[str, ...], ratio: float, team_ratio: float) -> _Field:
    """Weigh the columns by the inverse of V, without the difference of two large sums."""
    weights = sums.counts / (1.0 + sums.counts * ratio)
    means = np.column_stack([np.ones(sums.n_groups), _means(sums, columns)])
    centred, kept, team_weights = means, means, np.zeros(0)
    products = np.zeros((means.shape[1],) * 2)
    if sums.parents is not None:
        totals = _by_team(weights, sums.parents)
        left = np.zeros_like(totals) if np.isinf(team_ratio) else 1.0 / (1.0 + team_ratio * totals)
        team_weights = (1.0 - left) / totals
        of_teams = _by_team(weights[:, None] * means, sums.parents) / totals[:, None]
        products += (of_teams * (totals * left)[:, None]).T @ of_teams
        centred = means - of_teams[sums.parents]
        kept = centred + (left[:, None] * of_teams)[sums.parents]
    products += (centred * weights[:, None]).T @ centred
    places = [sums.place(name) for name in columns]
    products[1:, 1:] += sums.within[np.ix_(places, places)]
    size = (means**2 * weights[:, None]).sum(axis=0)
    size[1:] += np.diag(sums.within)[places]
    return _Field(kept * weights[:, None], products, size, weights, team_weights)


def _means(sums: GroupSums, names: Sequence[str]) -> Floats:
    """Return the standardised means of workers, shape (J, k)."""
    means: Floats = sums.sums[:, [sums.place(name) for name in names]] / sums.counts[:, None]
    return means


def _by_team(values: Floats, teams: npt.NDArray[np.intp]) -> Floats:
    """Sum values of workers (J,) or (J, k) over the workers of each team."""
    totals = np.zeros((int(teams.max()) + 1, *values.shape[1:]))
    np.add.at(totals, teams, values)
    return totals


def _without(field: _Field, n_rows: int) -> tuple[Floats, Floats, float]:
    """Take the other terms out: u (J,), C (r, J), and the residual standard deviation."""
    products, target = field.products[:-1, :-1], field.products[:-1, -1]
    # Within teams, the intercept and what teams differ in are gone.
    there = np.diag(products) > NOTHING**2 * field.size[:-1]
    scale = np.sqrt(np.diag(products)[there])
    roots, directions = np.linalg.eigh(products[np.ix_(there, there)] / np.outer(scale, scale))
    sure = roots > NOTHING
    root = (directions[:, sure] / np.sqrt(roots[sure])).T / scale
    weights = np.zeros(len(products))
    weights[there] = root.T @ (root @ target[there])
    linear = field.pulled[:, -1] - field.pulled[:, :-1] @ weights
    low_rank = root @ field.pulled[:, :-1][:, there].T
    within_teams = len(field.team_weights) if not there[0] else 0
    freedom = max(n_rows - int(sure.sum()) - within_teams, 1)
    residual = float(field.products[-1, -1] - target @ weights)
    return linear, low_rank, float(np.sqrt(max(residual, 0.0) / freedom)) or 1.0


def _left_over(scores: Floats, known: Floats, blocks: npt.NDArray[np.intp]) -> tuple[Floats, float]:
    """Take what is known of each unit, and its block, out of the scores; scale to at most 1."""
    table = np.column_stack([known, scores])
    sizes = np.bincount(blocks)
    centred = table - (_by_team(table, blocks) / sizes[:, None])[blocks]
    design, left = centred[:, :-1], centred[:, -1]
    spread = np.abs(known).max(axis=0, initial=0.0)
    design = design[:, np.abs(design).max(axis=0, initial=0.0) > NOTHING * spread]
    weights, _, rank, _ = np.linalg.lstsq(design, left, rcond=NOTHING)
    left = left - design @ weights
    size = float(np.abs(left).max())
    if size <= NOTHING * np.abs(scores).max() or len(scores) <= len(sizes) + rank:
        return np.zeros_like(scores), 1.0
    return left / size, size


def _require_usable(sums: GroupSums, focus: str, units: str) -> None:
    require_choice("units", units, UNITS, ModelError)
    if units != "workers" and sums.parents is None:
        raise ModelError(
            f"units={units!r} needs to know which team each {sums.group} is in.",
            hint="Prepare the question with its team column, or use units='workers'.",
        )
    if sums.varying[sums.place(focus)]:
        raise ModelError(
            f"{focus!r} differs between rows of the same {sums.group}: only what is one value "
            "for each can change places with another's.",
            hint="Use the worker's score, or the mean of the column for each worker.",
        )
    if units == "teams" and not same_within_teams(sums, focus):
        raise ModelError(
            f"{focus!r} differs within {sums.nested_in}: whole teams cannot change places.",
            hint="Use units='workers within teams'.",
        )
