"""Permutation of scores over workers, within teams where there are teams."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.orders import (
    Places,
    all_orders,
    count_orders,
    drawn_orders,
    orders_text,
    tied,
)
from relsurvey.association.resampling.score_form import ScoreForm, same_within_teams, score_form
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_number, require_whole
from relsurvey.results import Drawn
from relsurvey.text import counted, p_value_text, readable, remark

__all__ = ["PermutationResult", "permutation_test", "ways_to_permute"]

Progress = Callable[[int, int], None]
EQUAL = 1e-9  # of a statistic: orders that differ by rounding only
NAME = {
    "workers": "Permutation over workers",
    "workers within teams": "Permutation of workers within teams",
    "teams": "Permutation of whole teams",
}
SOURCE = (
    "Freedman & Lane 1983; Potter 2005; Winkler, Ridgway, Webster, Smith & Nichols 2014; "
    "DiCiccio & Romano 2017"
)


@dataclass(frozen=True, eq=False)
class PermutationResult(Drawn):
    """How often orders of the scores that chance could have dealt give as large a slope.

    Attributes
    ----------
    outcome, predictor : str
        The columns.
    units : str
        What changed places: "workers", "workers within teams" or "teams".
    slope : float
        Generalised least squares slope, points per point, given the variances of the model
        without the predictor; within teams, of differences within teams only.
    statistic : float
        The slope over its standard error under no association.
    p_value : float
        Two-sided: twice the smaller of the shares of orders with a statistic at least as low,
        and at least as high. NaN where nothing can change places.
    p_std_error : float
        Monte Carlo standard error of ``p_value``; 0 where every order was looked at.
    smallest_p : float
        The smallest p value that could have been found.
    alpha : float
        The level asked about.
    reachable : bool
        Whether ``smallest_p`` is below or at ``alpha``.
    orders_text : str
        How many different orders there are, in words.
    log10_orders : float
        The same as a power of ten.
    permutations : int
        Orders looked at; the observed one is counted where ``exact``.
    exact : bool
        Whether every order was looked at.
    n_workers, n_teams : int
        Used; 0 teams where the sums know none.
    seed : int
        Of the draws.
    note : str
        What a reader has to know; why p is NaN.
    """

    _figure: ClassVar[str] = "plot_permutation"

    outcome: str
    predictor: str
    units: str
    slope: float
    statistic: float
    p_value: float
    p_std_error: float
    smallest_p: float
    alpha: float
    reachable: bool
    orders_text: str
    log10_orders: float
    permutations: int
    exact: bool
    n_workers: int
    n_teams: int
    seed: int
    note: str
    _orders: int

    @property
    def orders(self) -> int:
        """The exact number of different orders; ties in the scores make no new ones."""
        return self._orders

    def to_frame(self) -> pd.DataFrame:
        """Return one row, unrounded."""
        names = [name for name in self.to_dict() if name != "orders_text"]
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def summary(self) -> str:
        """Return the test as a text for people."""
        looked = "all looked at" if self.exact else f"{self.permutations:,} drawn at random"
        lines = [
            f"{self.outcome} by {self.predictor}: {NAME[self.units].lower()}",
            f"  slope {readable(self.slope)}, {p_value_text(self.p_value)}",
            f"  {self.orders_text} of the scores of {counted(self.n_workers, 'worker')}; {looked}",
        ]
        return "\n".join([*lines, *(remark(self.note) if self.note else [])])

    def to_companion(self) -> Companion:
        """Return the test as a line of the panel."""
        none = float("nan")
        return Companion(
            name=NAME[self.units], scale="points per point", estimate=self.slope, std_error=none,
            df=none, statistic=self.statistic, p_value=self.p_value, conf_low=none, conf_high=none,
            note=self.note, source=SOURCE, able=self.reachable,
        )  # fmt: skip


def ways_to_permute(sums: GroupSums, focus: str) -> str:
    """Return what has to change places: "workers", "workers within teams" or "teams".

    Without teams, workers; where all workers of each team have the same score, teams; otherwise
    workers within teams, so that differences between teams play no part.
    """
    if sums.parents is None:
        return "workers"
    return "teams" if same_within_teams(sums, focus) else "workers within teams"


def permutation_test(
    sums: GroupSums,
    outcome: str,
    terms: tuple[str, ...],
    focus: str,
    *,
    permutations: int = 9_999,
    seed: int,
    alpha: float = 0.05,
    units: str = "auto",
    progress: Progress | None = None,
) -> PermutationResult:
    """Test a slope by the orders in which the scores could have fallen on the workers.

    Parameters
    ----------
    sums : GroupSums
        With the outcome and the terms among its columns.
    outcome : str
        The outcome.
    terms : tuple of str
        All predictors of the model, ``focus`` among them.
    focus : str
        The predictor tested: one value for each worker.
    permutations : int, default 9_999
        Where there are at most this many different orders, each is looked at and p is exact;
        otherwise this many are drawn.
    seed : int
        Of the draws.
    alpha : float, default 0.05
        The level of which the result says whether p can reach it.
    units : {"auto", "workers", "workers within teams", "teams"}
        What changes places; "auto" is that of ``ways_to_permute``.
    progress : callable, optional
        Called with the orders done and the orders asked for.

    Returns
    -------
    PermutationResult
        The p value, the number of orders and what p could be reached.

    Raises
    ------
    ModelError
        Where an option cannot be used, the predictor varies within workers, or the model
        without it cannot be fitted.

    Notes
    -----
    The statistic is the score of the model: the generalised least squares slope over its
    standard error, at the variances of the model without the predictor, which no order changes.
    Where workers change places within teams, the means of teams are taken out of outcome and
    terms, as if the variance between teams were infinite: the statistic is then not at the
    variances of that model, and differs from the primary one where teams differ in the score.
    Without covariates the test is exact, however unequal the numbers of service users and
    whatever the distribution of the outcome, if the scores would be as likely in any other
    order (among all workers, or within teams); the model only makes the statistic a good one.
    With covariates the residuals of the scores on the covariates of workers change places
    (Potter 2005). The numerator is then that of Freedman & Lane (1983), who let the residuals
    of the outcome change places; but each worker gives one score, whereas worker means of the
    outcome rest on unequal numbers of users and are not exchangeable. As the slope is divided
    by its standard error in each order, the test holds in large samples also where the numbers
    of users go with the score (DiCiccio & Romano 2017); where the variance of the outcome
    itself does, cluster-robust errors are the ones to read.
    p is twice the smaller tail, so that each direction has half of alpha. In Monte Carlo each
    tail is (b + 1) / (B + 1).

    References
    ----------
    DiCiccio, C. J., & Romano, J. P. (2017). Robust permutation tests for correlation and
    regression coefficients. Journal of the American Statistical Association, 112(519),
    1211-1220.
    Freedman, D., & Lane, D. (1983). A nonstochastic interpretation of reported significance
    levels. Journal of Business & Economic Statistics, 1(4), 292-298.
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9(1), 39.
    Potter, D. M. (2005). A permutation test for inference in logistic regression with small-
    and moderate-sized data sets. Statistics in Medicine, 24(5), 693-708.
    Winkler, A. M., Ridgway, G. R., Webster, M. A., Smith, S. M., & Nichols, T. E. (2014).
    Permutation inference for the general linear model. NeuroImage, 92, 381-397.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> data = {"worker": list("aabbcc"), "x": [1, 1, 2, 2, 3, 3], "y": [2.0, 4, 3, 5, 8, 9]}
    >>> sums = group_sums(data, ["x", "y"], "worker")
    >>> result = permutation_test(sums, "y", ("x",), "x", seed=1)
    >>> result.orders, round(result.p_value, 3), round(result.smallest_p, 3), result.reachable
    (6, 0.333, 0.333, False)
    """
    asked = require_whole("permutations", permutations, lowest=99)
    seed = require_whole("seed", seed, lowest=0)
    alpha = require_number("alpha", alpha, lowest=1e-6, below=1.0)
    units = ways_to_permute(sums, focus) if units == "auto" else units
    form = canonical(score_form(sums, outcome, terms, focus, units))
    codes = tied(form.scores[:, None])
    orders = count_orders(codes, form.blocks)
    exact = orders <= asked
    found = _statistics(form, codes, asked, seed, exact=exact, progress=progress)
    observed = float(form.statistics(form.scores[None])[0])
    p_value, p_error, smallest = two_sided(found, observed, exact=exact)
    reason = _nothing_moves(sums, focus, units) if orders == 1 else ""
    if reason:
        p_value = p_error = smallest = float("nan")
    reachable = smallest <= alpha
    said = orders_text(orders)
    result = PermutationResult(
        outcome, focus, units, form.slope, observed, p_value, p_error, smallest, alpha, reachable,
        said, math.log10(orders), len(found), exact, sums.n_groups, sums.n_parents, seed,
        "", orders,
    )  # fmt: skip
    return _noted(result, reason)


def canonical(form: ScoreForm) -> ScoreForm:
    """Put the units in an order that does not depend on that of the rows."""
    return form.reordered(np.lexsort([form.linear, form.diagonal, form.scores]))


def dealt(
    codes: Places,
    blocks: npt.NDArray[np.intp],
    asked: int,
    seed: int,
    *,
    exact: bool,
    progress: Progress | None,
) -> Iterator[Places]:
    """Yield orders, many at a time: every one where ``exact``, or random ones."""
    total, done = asked, 0
    if exact:
        every = all_orders(codes, blocks)
        chunks: Iterator[Places] = iter([every])
        total = len(every)
    else:
        chunks = drawn_orders(blocks, asked, np.random.default_rng(seed))
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        if progress is not None:
            progress(done, total)


def _statistics(
    form: ScoreForm,
    codes: Places,
    asked: int,
    seed: int,
    *,
    exact: bool,
    progress: Progress | None,
) -> Floats:
    chunks = dealt(codes, form.blocks, asked, seed, exact=exact, progress=progress)
    return np.concatenate([form.statistics(form.scores[order]) for order in chunks])


def two_sided(found: Floats, observed: float, *, exact: bool) -> tuple[float, float, float]:
    """Return p, its Monte Carlo standard error, and the smallest p that could be reached.

    Parameters
    ----------
    found : numpy.ndarray
        Shape (B,): statistics of the orders; where ``exact``, of all, the observed one included.
    observed : float
        The statistic of the order as it is.
    exact : bool
        Whether these are all orders.

    Returns
    -------
    p_value, std_error, smallest : float
        p is twice the smaller tail, at most 1.
    """
    near = EQUAL * max(1.0, float(np.abs(found).max(initial=0.0)))
    tails = np.array([(found >= observed - near).sum(), (found <= observed + near).sum()])
    n_orders = len(found)
    if exact:
        ends = [(found >= found.max() - near).sum(), (found <= found.min() + near).sum()]
        smallest = min(1.0, 2.0 * float(min(ends)) / n_orders)
        return min(1.0, 2.0 * float(tails.min()) / n_orders), 0.0, smallest
    tail = float(tails.min() + 1) / (n_orders + 1)
    error = 2.0 * math.sqrt(tail * max(1.0 - tail, 0.0) / n_orders)
    return min(1.0, 2.0 * tail), error, 2.0 / (n_orders + 1)


def _nothing_moves(sums: GroupSums, focus: str, units: str) -> str:
    """Say why there is only one order."""
    if sums.equal_means(focus):
        return "all have the same score"
    if units == "workers within teams" and same_within_teams(sums, focus):
        return "no team has two workers with different scores"
    return "the covariates leave nothing of the scores to change places"


def _noted(result: PermutationResult, reason: str) -> PermutationResult:
    notes = [f"Not computed: {reason}."] if reason else []
    if not reason and not result.reachable:
        who = counted(result.n_teams, "team") if result.units == "teams" else (
            counted(result.n_workers, "worker")
            + (f" in {counted(result.n_teams, 'team')}" if result.n_teams else "")
        )  # fmt: skip
        verb = "is" if result.orders == 1 else "are"
        notes.append(
            f"With {who} there {verb} {result.orders_text}; the smallest p there can be is "
            f"{p_value_text(result.smallest_p)[4:]}, so p below {result.alpha:g} cannot be reached."
        )
    if result.units == "workers within teams":
        notes.append("Differences between teams play no part.")
    elif result.units == "teams":
        notes.append("All workers of a team have the same score, so whole teams changed places.")
    elif result.n_teams:
        notes.append("Teams are known; changing places across them asks more than within them.")
    return replace(result, note=" ".join(notes))
