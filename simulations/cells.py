"""What is simulated: the designs, how workers and their users are drawn, and what is true of them.

The worker's score x has variance 1, of which 0.8 is true score. A latent experience has variance
1 over all service users, of which ``icc`` lies between workers (and ``team_variance`` between
teams). The correlation of true score and the worker's true mean is ``correlation``. The outcome is
the latent experience itself ("normal"), or an answer from 1 to 5 that 60% give the best
("ceiling").
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import kendalltau, spearmanr

Floats = npt.NDArray[np.float64]

SEED = 20260501
RELIABILITY = 0.8
BEST = 5.0
ANSWERS = (0.02, 0.04, 0.09, 0.25)  # share of 1, 2, 3 and 4; the rest answer 5
CUTS = ndtri(np.cumsum(ANSWERS))
BETWEEN_TEAMS = 0.5  # share of the score's variance
MANY = 200_000  # workers from which a true value without a formula is found


@dataclass(frozen=True, slots=True)
class Cell:
    """One design.

    Attributes
    ----------
    workers : int
        All of them; the same number in each team where there are teams.
    least, most : int
        Users of a worker are drawn evenly from least to most.
    icc : float
        Share of the variance of the latent outcome between workers; in three levels between
        workers of one team.
    outcome : str
        "normal" or "ceiling".
    correlation : float
        Between the worker's true score and true mean; three levels know only 0.
    teams : int
        0 where there are two levels.
    team_variance : float
        Share of the variance of the latent outcome between teams.
    """

    workers: int
    least: int
    most: int
    icc: float
    outcome: str = "normal"
    correlation: float = 0.0
    teams: int = 0
    team_variance: float = 0.0

    @property
    def users(self) -> str:
        """Users per worker in words."""
        return f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"

    @property
    def key(self) -> int:
        """A number of its own, from which the random numbers of this cell come."""
        parts = (
            self.workers, self.least, self.most, self.icc, self.outcome, self.correlation,
            self.teams, self.team_variance,
        )  # fmt: skip
        return zlib.crc32(repr(parts).encode())

    @property
    def slope(self) -> float:
        """The latent outcome's slope on the true score."""
        return self.correlation * math.sqrt(self.icc / RELIABILITY)

    def generator(self, replicate: int) -> np.random.Generator:
        """Return the random numbers of one replicate, whatever else is run."""
        seeds = np.random.SeedSequence(SEED, spawn_key=(self.key, replicate))
        return np.random.default_rng(seeds)


def draw(cell: Cell, random: np.random.Generator) -> dict[str, npt.NDArray[np.generic]]:
    """Draw one study: rows of worker, (team,) score x and outcome y."""
    users = random.integers(cell.least, cell.most + 1, cell.workers)
    worker = np.repeat(np.arange(cell.workers), users)
    score, mean = _workers(cell, random)
    within = 1.0 - cell.icc - cell.team_variance
    latent = mean[worker] + math.sqrt(within) * random.standard_normal(len(worker))
    y = latent if cell.outcome == "normal" else answers(latent)
    rows: dict[str, npt.NDArray[np.generic]] = {"worker": worker, "x": score[worker], "y": y}
    if cell.teams:
        rows["team"] = (worker * cell.teams) // cell.workers
    return rows


def _workers(cell: Cell, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw measured scores and true means of the workers."""
    one, other, error = random.standard_normal((3, cell.workers))
    mean = math.sqrt(cell.icc) * other
    if cell.teams:
        size = cell.workers // cell.teams
        of_score, of_mean = random.standard_normal((2, cell.teams)).repeat(size, axis=1)
        score = math.sqrt(BETWEEN_TEAMS) * of_score + math.sqrt(1.0 - BETWEEN_TEAMS) * one
        return score, mean + math.sqrt(cell.team_variance) * of_mean
    true = math.sqrt(RELIABILITY) * one
    score = true + math.sqrt(1.0 - RELIABILITY) * error
    left = math.sqrt(1.0 - cell.correlation**2)
    return score, cell.slope * true + left * mean


def answers(latent: Floats) -> Floats:
    """Return answers from 1 to 5."""
    return 1.0 + np.searchsorted(CUTS, latent).astype(np.float64)


@cache
def truths(cell: Cell) -> dict[str, float]:
    """Return what each kind of estimate estimates in this cell, by the name of its scale.

    slope: per point of the score as measured; corrected slope: per point of the true score. Both
    exact: the covariance of a standard normal variable's indicator of exceeding a cut with another
    normal variable is the normal density there, times their covariance. The others, where not
    zero, are from one large draw.
    """
    names = ("slope", "corrected slope", "Pearson", "Spearman", "Kendall", "disattenuated",
             "cumulative logit", "top box")  # fmt: skip
    if cell.correlation == 0.0:
        return dict.fromkeys(names, 0.0)
    density = np.exp(-(CUTS**2) / 2.0) / math.sqrt(2.0 * math.pi)
    pull = 1.0 if cell.outcome == "normal" else float(density.sum())
    slope = pull * cell.slope
    values = (slope * RELIABILITY, slope, *_correlations(cell), *_log_odds(cell))
    return dict(zip(names, values, strict=True))


def _large(cell: Cell, users: int | None) -> dict[str, npt.NDArray[np.generic]]:
    """Draw many workers of a design, all with one user, or as the design has it."""
    least, most = (users, users) if users else (cell.least, cell.most)
    many = Cell(MANY, least, most, cell.icc, cell.outcome, cell.correlation)
    return draw(many, many.generator(0))


def _correlations(cell: Cell) -> tuple[float, float, float, float]:
    """Return Pearson's, Spearman's and Kendall's over workers, and that of true values."""
    rows = _large(cell, None)
    count = np.bincount(rows["worker"])
    score, mean = (np.bincount(rows["worker"], rows[name]) / count for name in ("x", "y"))
    pearson = float(np.corrcoef(score, mean)[0, 1])
    spearman = float(spearmanr(score, mean).statistic)
    kendall = float(kendalltau(score, mean).statistic)
    return pearson, spearman, kendall, _of_true_values(cell)


def _of_true_values(cell: Cell) -> float:
    """Return the correlation of true score and the mean that endless users would give."""
    if cell.outcome == "normal":
        return cell.correlation
    # The expected answer given the worker's latent mean, which is normal with variance icc; both
    # over a grid of its quantiles.
    from scipy.special import ndtr

    grid = math.sqrt(cell.icc) * ndtri((np.arange(MANY) + 0.5) / MANY)
    expected = 1.0 + ndtr((grid[:, None] - CUTS) / math.sqrt(1.0 - cell.icc)).sum(axis=1)
    return cell.correlation * float(np.corrcoef(grid, expected)[0, 1])


def _log_odds(cell: Cell) -> tuple[float, float]:
    """Return the log odds per point of x that the two logit models come to; NaN where normal."""
    if cell.outcome == "normal":
        return math.nan, math.nan
    from relsurvey.association.companions.ordinal_fit import fit_ordinal

    rows = _large(cell, 1)
    codes = rows["y"].astype(np.intp) - 1
    design = rows["x"].astype(np.float64)[:, None]
    whole = fit_ordinal(codes, design).parameters[-1]
    top = fit_ordinal((codes == codes.max()).astype(np.intp), design).parameters[-1]
    return float(whole), float(top)
