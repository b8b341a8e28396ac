"""The bootstrap of a slope over workers, or over teams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.bca import Bca, bca_interval
from relsurvey.association.resampling.replicates import refit_weighted, replicates_at_once
from relsurvey.errors import ModelError
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_choice, require_confidence, require_whole
from relsurvey.results import Drawn
from relsurvey.text import counted, percent, readable, remark

__all__ = ["BootstrapResult", "bootstrap_slope", "canonical_units", "drawn_units"]

Progress = Callable[[int, int], None]
FEW_UNITS = 20  # with 12 teams it rejected 11 to 12% at a nominal 5% (simulations/)
MOST_DEGENERATE = 0.2
SOURCE = "Efron 1987; Davison & Hinkley 1997, sections 3.8 and 5.3"
LEVELS = ("worker", "team")


@dataclass(frozen=True, eq=False)
class BootstrapResult(Drawn):
    """How a slope varies when workers, or teams, are drawn again.

    Attributes
    ----------
    outcome, predictor : str
        The columns.
    level : str
        What was drawn with replacement: "worker" or "team".
    top : bool
        Whether that is the highest level of the model, which is the one to read.
    estimate : float
        The slope by REML, points per point.
    std_error, bias : float
        Standard deviation of the replicates, and their mean less the estimate.
    conf_low, conf_high : float
        The BCa interval; NaN where there is none (see ``note``).
    percentile_low, percentile_high : float
        The percentile interval.
    p_value : float
        Two-sided, by inverting the BCa interval.
    z0, acceleration : float
        What BCa corrects with; the acceleration is by jackknife over the same units.
    confidence : float
        Coverage of the intervals.
    n_units : int
        Workers or teams.
    replicates : int
        Drawn.
    degenerate : float
        Share of them from which nothing could be estimated; left out.
    boundary : float
        Share of the others with a variance of zero.
    seed : int
        Of the draws.
    note : str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_resampled"

    outcome: str
    predictor: str
    level: str
    top: bool
    estimate: float
    std_error: float
    bias: float
    conf_low: float
    conf_high: float
    percentile_low: float
    percentile_high: float
    p_value: float
    z0: float
    acceleration: float
    confidence: float
    n_units: int
    replicates: int
    degenerate: float
    boundary: float
    seed: int
    note: str
    _slopes: Floats

    @property
    def slopes(self) -> Floats:
        """The slope of every replicate, NaN where degenerate; shape (replicates,)."""
        return self._slopes

    def to_frame(self) -> pd.DataFrame:
        """Return one row, unrounded."""
        return pd.DataFrame([{name: getattr(self, name) for name in self.to_dict()}])

    def summary(self) -> str:
        """Return the interval as a text for people."""
        lines = [
            f"{self.outcome} by {self.predictor}: bootstrap over {self.level}s",
            f"  slope {readable(self.estimate)} (standard error {readable(self.std_error)})",
            f"  {percent(self.confidence)} BCa interval {readable(self.conf_low)} to "
            f"{readable(self.conf_high)}; percentile interval {readable(self.percentile_low)} to "
            f"{readable(self.percentile_high)}",
            f"  {self.replicates:,} replicates of {counted(self.n_units, self.level)}",
        ]
        return "\n".join([*lines, *(remark(self.note) if self.note else [])])

    def to_companion(self) -> Companion:
        """Return the interval as a line of the panel."""
        none = float("nan")
        return Companion(
            name=f"BCa bootstrap over {self.level}s", scale="points per point",
            estimate=self.estimate, std_error=self.std_error, df=none, statistic=none,
            p_value=self.p_value, conf_low=self.conf_low, conf_high=self.conf_high,
            note=self.note, source=SOURCE,
            able=self.n_units >= FEW_UNITS,
        )  # fmt: skip


def bootstrap_slope(
    sums: GroupSums,
    outcome: str,
    terms: tuple[str, ...],
    focus: str,
    *,
    replicates: int = 10_000,
    seed: int,
    confidence: float = 0.95,
    level: str | None = None,
    progress: Progress | None = None,
) -> BootstrapResult:
    """Draw whole workers, or whole teams, with replacement, and fit the model to each draw.

    Parameters
    ----------
    sums : GroupSums
        Made with ``each_within=True``, with the outcome and the terms among its columns.
    outcome : str
        The outcome.
    terms : tuple of str
        All predictors of the model.
    focus : str
        The one whose slope is asked about.
    replicates : int, default 10_000
        Draws.
    seed : int
        Of the draws.
    confidence : float, default 0.95
        Coverage.
    level : {"worker", "team"}, optional
        What is drawn; by default the highest level of the model, which is the one to read:
        drawing workers leaves the teams as they are, and its interval is too narrow where
        teams differ.
    progress : callable, optional
        Called with the replicates done and the replicates asked for.

    Returns
    -------
    BootstrapResult
        Standard error, bias, BCa and percentile intervals.

    Raises
    ------
    ModelError
        Where an option cannot be used, teams are asked for and not known, or the model cannot
        be fitted to the data as they are.

    Notes
    -----
    A unit drawn twice counts as two units. Each replicate is a full REML fit, from sums. A
    replicate is degenerate where the units drawn leave nothing to estimate from (all with the
    same score, one service user each); these are left out, their share is given, and above 20%
    there is no interval.

    References
    ----------
    Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application. Cambridge
    University Press.
    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
    Association, 82(397), 171-185.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> rng = np.random.default_rng(1)
    >>> worker, x = np.repeat(np.arange(20), 5), np.repeat(rng.normal(size=20), 5)
    >>> data = {"worker": worker, "x": x, "y": 0.5 * x + rng.normal(size=100)}
    >>> sums = group_sums(data, ["x", "y"], "worker", each_within=True)
    >>> found = bootstrap_slope(sums, "y", ("x",), "x", replicates=999, seed=1)
    >>> found.conf_low < found.estimate < found.conf_high
    True
    """
    wanted = require_whole("replicates", replicates, lowest=99)
    seed = require_whole("seed", seed, lowest=0)
    require_confidence(confidence)
    level = _level(sums, level)
    place = 1 + terms.index(focus)
    estimate = float(fit_sums(sums, outcome, terms).effects[place])
    order = canonical_units(sums, outcome, focus, level)
    slopes, at_zero = np.full(wanted, np.nan), np.zeros(wanted, dtype=np.bool_)
    step, done = replicates_at_once(sums, len(terms) + 2), 0
    for drawn in drawn_units(len(order), wanted, step, np.random.default_rng(seed)):
        weights = np.empty_like(drawn)
        weights[:, order] = drawn
        found = refit_weighted(sums, outcome, terms, weights, level=level)
        part = slice(done, done + len(drawn))
        slopes[part], at_zero[part] = found.effects[:, place], found.boundary
        done += len(drawn)
        if progress is not None:
            progress(done, wanted)
    left_out = refit_weighted(sums, outcome, terms, 1.0 - np.eye(len(order)), level=level)
    return _result(
        slopes, at_zero, estimate, left_out.effects[:, place], sums, (outcome, focus, level),
        confidence, seed,
    )  # fmt: skip


def _level(sums: GroupSums, level: str | None) -> str:
    if sums.within_each is None:
        raise ModelError(
            "The bootstrap needs the sums of each worker apart.",
            hint="Prepare the question with each_within=True.",
        )
    top = "worker" if sums.nested_in is None else "team"
    if level is None:
        return top
    require_choice("level", level, LEVELS, ModelError)
    if level == "team" and top != "team":
        raise ModelError(
            "level='team' needs to know which team each worker is in.",
            hint="Prepare the question with its team column, or draw workers.",
        )
    return level


def canonical_units(sums: GroupSums, outcome: str, focus: str, level: str) -> npt.NDArray[np.intp]:
    """Return the units in an order that does not depend on that of the rows."""
    of_outcome, of_focus = sums.sums[:, [sums.place(outcome), sums.place(focus)]].T
    keys: list[npt.NDArray[Any]] = [of_outcome, sums.counts, of_focus / sums.counts]
    if level == "team" and sums.parents is not None:
        keys = [np.bincount(sums.parents, key) for key in keys]
    return np.lexsort(keys)


def drawn_units(
    n_units: int, replicates: int, at_once: int, generator: np.random.Generator
) -> Iterator[Floats]:
    """Yield how often each unit is drawn, (some, units): as many draws as there are units."""
    for start in range(0, replicates, at_once):
        n = min(at_once, replicates - start)
        drawn = generator.integers(0, n_units, size=(n, n_units))
        drawn += n_units * np.arange(n)[:, None]
        counts = np.bincount(drawn.reshape(-1), minlength=n * n_units)
        yield counts.reshape(n, n_units).astype(np.float64)


def _result(
    slopes: Floats, at_zero: npt.NDArray[np.bool_], estimate: float, left_out: Floats,
    sums: GroupSums, about: tuple[str, str, str], confidence: float, seed: int,
) -> BootstrapResult:  # fmt: skip
    outcome, focus, level = about
    there = np.isfinite(slopes)
    kept, share = slopes[there], 1.0 - float(there.mean())
    none = float("nan")
    found = Bca(none, none, none, none, none, none, none, at_the_end=False)
    if share <= MOST_DEGENERATE:
        found = bca_interval(kept, estimate, left_out, confidence)
    spread = float(kept.std(ddof=1)) if len(kept) > 1 else none
    bias = float(kept.mean()) - estimate if len(kept) else none
    top = (level == "team") == (sums.nested_in is not None)
    return BootstrapResult(
        outcome, focus, level, top, estimate, spread, bias, found.low, found.high,
        found.percentile_low, found.percentile_high, found.p_value, found.z0,
        found.acceleration, confidence, len(left_out), len(slopes), share,
        float(at_zero[there].mean()) if len(kept) else none, seed,
        _note(found, share, level, len(left_out), top=top), slopes,
    )  # fmt: skip


def _note(found: Bca, share: float, level: str, n_units: int, *, top: bool) -> str:
    notes = []
    if share > MOST_DEGENERATE:
        notes.append(
            f"Not computed: in {percent(share)} of the replicates the {level}s drawn leave nothing "
            "to estimate the slope from."
        )
    elif share > 0:
        notes.append(
            f"In {percent(share)} of the replicates the {level}s drawn leave nothing to estimate "
            "the slope from; they were left out."
        )
    if share <= MOST_DEGENERATE and np.isnan(found.low):
        notes.append(
            "No BCa interval: "
            + (
                f"the model cannot be fitted without some one {level}."
                if np.isnan(found.acceleration)
                else "all replicates lie on one side of the estimate."
            )
        )
    if n_units < FEW_UNITS:
        notes.append(
            f"With {counted(n_units, level)} the bootstrap is not to be trusted: the BCa interval "
            "is too narrow."
        )
    if found.at_the_end:
        notes.append("The interval ends at the most extreme replicate: draw more.")
    if not top:
        notes.append("Teams are a level of the model: the bootstrap over teams is the one to read.")
    return " ".join(notes)
