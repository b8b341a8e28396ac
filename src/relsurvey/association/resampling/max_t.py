"""Westfall and Young's max-T adjustment for a family of outcomes by predictors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.family_table import FamilyMember, line_up
from relsurvey.association.resampling.orders import count_orders, orders_text, tied
from relsurvey.association.resampling.permutation import EQUAL, dealt, ways_to_permute
from relsurvey.errors import ModelError, listed
from relsurvey.options import require_whole
from relsurvey.text import p_value_text

__all__ = ["FamilyMember", "MaxT", "max_t_adjusted"]


@dataclass(frozen=True, slots=True, eq=False)
class MaxT:
    """Tests of a family, in the order of its members; k of them.

    Attributes
    ----------
    statistics : numpy.ndarray
        Shape (k,): studentised slopes, NaN where one cannot be tested.
    p_values : numpy.ndarray
        Shape (k,): two-sided permutation p of each member for itself.
    adjusted : numpy.ndarray
        Shape (k,): step-down max-T p, controlling the chance of any false finding; NaN where
        the statistic is.
    single_step : numpy.ndarray
        Shape (k,): the same without stepping down.
    orders : int
        How many different orders of the scores there are.
    permutations : int
        How many were looked at, the observed one not counted unless ``exact``.
    exact : bool
        Whether these are all there are.
    units : str
        What changed places: "workers", "workers within teams" or "teams".
    notes : tuple of str
        What a reader has to know.
    """

    statistics: Floats
    p_values: Floats
    adjusted: Floats
    single_step: Floats
    orders: int
    permutations: int
    exact: bool
    units: str
    notes: tuple[str, ...]


def max_t_adjusted(
    members: Sequence[FamilyMember],
    *,
    permutations: int = 9_999,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> MaxT:
    """Adjust the tests of a family for their number, keeping how they hang together.

    Parameters
    ----------
    members : sequence of FamilyMember
        The hypotheses; all with a level for teams or none.
    permutations : int, default 9_999
        Random orders drawn where there are more than these.
    seed : int
        Of the draws.
    progress : callable, optional
        Called with the orders done and the orders asked for.

    Returns
    -------
    MaxT
        Raw and adjusted p values in the order of ``members``.

    Raises
    ------
    ModelError
        Where there is no member, only some know teams, a worker is in different teams in
        different members, or a member's model cannot be fitted (the member is named).

    Notes
    -----
    All scores of a worker change places together, so the tests hang together in each order as
    they do in the data: outcomes with each other, predictors with each other. The largest
    statistic of the family is then compared with the largest in each order; stepping down, each
    with the largest among those not larger than it (Westfall & Young 1993, algorithm 4.1; Ge,
    Dudoit & Speed 2003, box 2). Statistics and what changes places are those of
    ``permutation_test``, but a p value is the share of orders with a statistic at least as
    large in size, (b + 1) / (B + 1) in Monte Carlo.
    Where a worker has no rows for an outcome, its score is passed over and the next in the
    order taken, so that each member sees a random order of the scores it has.
    If the predictors differ in that only some are the same for all workers of a team, workers
    change places within teams and those members are not tested.

    References
    ----------
    Ge, Y., Dudoit, S., & Speed, T. P. (2003). Resampling-based multiple testing for microarray
    data analysis. Test, 12(1), 1-77.
    Westfall, P. H., & Young, S. S. (1993). Resampling-based multiple testing. Wiley.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> data = {"worker": list("aabbccdd"), "x": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "y": [2.0, 4, 3, 5, 8, 9, 7, 9], "z": [1.0, 2, 2, 1, 3, 2, 3, 4]}
    >>> sums = group_sums(data, ["x", "y", "z"], "worker")
    >>> family = [FamilyMember(sums, outcome, ("x",), "x") for outcome in ("y", "z")]
    >>> found = max_t_adjusted(family, seed=1)
    >>> found.orders, found.exact, bool((found.adjusted >= found.p_values).all())
    (24, True, True)
    """
    asked = require_whole("permutations", permutations, lowest=99)
    seed = require_whole("seed", seed, lowest=0)
    units = _family_units(members)
    table = line_up(members, units)
    codes = tied(table.scores)
    orders = count_orders(codes, table.blocks)
    exact = orders <= asked
    chunks = dealt(codes, table.blocks, asked, seed, exact=exact, progress=progress)
    drawn = np.concatenate([table.statistics(order) for order in chunks])
    observed = table.statistics(np.arange(len(codes))[None])[0]
    tested = table.testable()
    statistics = np.where(tested, observed, np.nan)
    sizes = np.abs(drawn), np.abs(observed)
    p_values, adjusted, single = (np.full(len(members), np.nan) for _ in range(3))
    if tested.any():
        found = _adjust(sizes[0][:, tested], sizes[1][tested], exact=exact)
        p_values[tested], adjusted[tested], single[tested] = found
    return MaxT(
        statistics, p_values, adjusted, single, orders, len(drawn), exact, units,
        _notes(members, tested, units, orders, exact=exact),
    )  # fmt: skip


def _family_units(members: Sequence[FamilyMember]) -> str:
    """Say what changes places in the whole family."""
    if not members:
        raise ModelError(
            "The family has no members.", hint="Give at least one outcome and predictor."
        )
    ways = [ways_to_permute(member.sums, member.focus) for member in members]
    if "workers" in ways and set(ways) != {"workers"}:
        without = [
            f"{member.outcome!r} by {member.focus!r}"
            for member, way in zip(members, ways, strict=True)
            if way == "workers"
        ]
        raise ModelError(
            f"Some of the family know teams, but not {listed(without)}.",
            hint="Prepare all with the team column, or all without.",
        )
    return "workers within teams" if "workers within teams" in ways else ways[0]


def _adjust(drawn: Floats, observed: Floats, *, exact: bool) -> tuple[Floats, Floats, Floats]:
    """Return raw, step-down and single-step p of sizes (B, k) beside those observed (k,)."""
    extra = 0 if exact else 1
    near = observed - EQUAL * max(1.0, float(drawn.max()))

    def p_of(found: Floats, limits: Floats) -> Floats:
        p: Floats = ((found >= limits).sum(axis=0) + extra) / (len(drawn) + extra)
        return p

    order = np.argsort(-observed, kind="stable")
    # The largest among the members from each on, the smallest observed last.
    largest = np.maximum.accumulate(drawn[:, order[::-1]], axis=1)[:, ::-1]
    adjusted = np.empty(len(observed))
    adjusted[order] = np.maximum.accumulate(p_of(largest, near[order]))
    return p_of(drawn, near), adjusted, p_of(largest[:, :1], near)


def _notes(
    members: Sequence[FamilyMember], tested: npt.NDArray[np.bool_], units: str, orders: int,
    *, exact: bool,
) -> tuple[str, ...]:  # fmt: skip
    notes = []
    left_out = [
        f"{member.outcome} by {member.focus}"
        for member, sure in zip(members, tested, strict=True)
        if not sure
    ]
    if left_out:
        notes.append(f"Not tested, as no score can change places: {listed(left_out)}.")
    if exact:
        notes.append(
            f"There {'is' if orders == 1 else 'are'} {orders_text(orders)} of the scores; the "
            f"smallest p there can be is {p_value_text(1.0 / orders)[4:]}."
        )
    if units == "workers within teams":
        notes.append("Scores changed places within teams: differences between teams play no part.")
    return tuple(notes)
