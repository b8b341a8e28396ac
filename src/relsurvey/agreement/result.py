"""What an aggregation found; groups are named in one frame only, which stays with the analyst."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.agreement.notes import NO_ICC
from relsurvey.agreement.summary import aggregation_text
from relsurvey.criteria import Reading
from relsurvey.results import Drawn
from relsurvey.text import wrapped

__all__ = ["AggregationResult"]

RESTRICTED = ("groups",)


@dataclass(frozen=True, eq=False)
class AggregationResult(Drawn):
    """May answers be aggregated to groups, and how far can the means be relied on.

    ``summary()``, ``to_dict()``, ``plot()`` and the view in a notebook name no group and show no
    cell of fewer groups than ``threshold``. ``to_frame()`` has the group ids: keep it restricted.

    Attributes
    ----------
    outcome, group, title : str
        The outcome, the column of group ids, and what the outcome is called.
    n_rows, n_groups, n_dropped, n_groups_dropped : int
        Rows used, groups, rows left out for a missing outcome or group, groups lost with them.
    n_rows_items : int
        Rows with every item answered, on which r_wg and the average deviation rest.
    mean_size, n0 : float
        Mean number of rows a group, and the number that stands for unequal groups.
    balanced : bool
        Whether every group has the same number of rows.
    icc : pandas.DataFrame
        ``coefficient`` (icc1, icc2, icc1_n0, icc2_n0, icc_reml, icc2_reml), ``estimate``,
        ``conf_low``, ``conf_high``, ``interval`` (how the limits were found).
    test : dict of str to float
        ``f_statistic``, ``df_between``, ``df_within``, ``p_value``, ``ms_between``,
        ``ms_within``, ``smith_std_error`` (of icc1_n0).
    nulls : pandas.DataFrame
        One row a null distribution: ``null``, ``variance``, ``source``, and the distribution of
        r_wg or r_wg(j) over groups: ``n_workers``, ``mean``, ``p10``, ``p25``, ``p50``, ``p75``,
        ``p90``, ``n_cut`` (groups whose value was out of range and set to 0; NaN where that
        would tell of few).
    deviation : pandas.DataFrame
        The same quantiles of the average deviation, ``around`` the mean and the median.
    items : pandas.DataFrame
        One row an item: ``item``, means over groups of ``variance``, ``rwg``,
        ``ad_mean``, ``ad_median``; no row where there are no items or too few groups.
    mean_reliability : pandas.DataFrame
        Distribution over groups of the reliability of a group's own mean: one row ``based_on``
        icc1 and one icc_reml, with the same quantiles.
    shares : pandas.DataFrame
        ``reliability`` (.70, .60, .50), ``n_workers``, ``share`` of groups whose mean is as
        reliable, ``note``.
    by_users : pandas.DataFrame
        Reliability by number of rows; see ``by_number_of_users``.
    needed : pandas.DataFrame
        How many rows a group's mean needs; see ``needed_table``.
    readings : tuple of Reading
        The figures beside their criteria.
    notes : tuple of str
        What a reader has to know.
    threshold : int
        Fewest groups in a cell that is shown.
    confidence : float
        Coverage of the limits.
    """

    _figure: ClassVar[str] = "plot_agreement"

    outcome: str
    group: str
    title: str
    n_rows: int
    n_groups: int
    n_dropped: int
    n_groups_dropped: int
    n_rows_items: int
    mean_size: float
    n0: float
    balanced: bool
    icc: pd.DataFrame
    test: dict[str, float]
    nulls: pd.DataFrame
    deviation: pd.DataFrame
    items: pd.DataFrame
    mean_reliability: pd.DataFrame
    shares: pd.DataFrame
    by_users: pd.DataFrame
    needed: pd.DataFrame
    readings: tuple[Reading, ...]
    notes: tuple[str, ...]
    threshold: int
    confidence: float
    groups: pd.DataFrame = field(repr=False)

    def _coefficient(self, name: str) -> float:
        return float(self.icc.set_index("coefficient").loc[name, "estimate"])  # type: ignore[arg-type]

    @property
    def icc1(self) -> float:
        """ICC(1) by analysis of variance with the mean group size; negative ones are kept."""
        return self._coefficient("icc1")

    @property
    def icc2(self) -> float:
        """ICC(2), the reliability of group means: (MSB - MSW) / MSB."""
        return self._coefficient("icc2")

    @property
    def icc1_n0(self) -> float:
        """ICC(1) with n0 in place of the mean size."""
        return self._coefficient("icc1_n0")

    @property
    def icc2_n0(self) -> float:
        """ICC(1) with n0 stepped up to the mean size."""
        return self._coefficient("icc2_n0")

    @property
    def icc_reml(self) -> float:
        """Share of variance between groups of the null model by REML, at least 0."""
        return self._coefficient("icc_reml")

    @property
    def icc2_reml(self) -> float:
        """The REML share stepped up to the mean size."""
        return self._coefficient("icc2_reml")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a group, unrounded, with its id; restricted, since it names groups.

        Returns
        -------
        pandas.DataFrame
            ``group``, ``n``, ``mean``; r_wg (``rwg``, or ``rwg_j`` of items) under each null,
            ``rwg_uncut`` or ``rwg_j_lindell``, ``variance``, ``ad_mean``, ``ad_median``;
            ``n_items_answered`` (rows behind these), ``reliability`` and ``reliability_reml`` of
            the group's mean; ``note``, why a value is NaN. In the order of the ids.
        """
        return self.groups.copy()

    def to_dict(self) -> dict[str, Any]:
        """Return every field but the groups, ready for ``json.dumps``; a small count is None.

        Of fewer groups than the threshold there are no figures, but why: ``withheld``.
        """
        if self.withheld:
            whose = {name: getattr(self, name) for name in ("outcome", "group", "title")}
            return {**whose, "threshold": self.threshold, "withheld": self.withheld}
        # Groups can be many, and to make them ready only to leave them out takes long.
        without = replace(self, groups=self.groups.iloc[:0])
        fields = {k: value for k, value in Drawn.to_dict(without).items() if k not in RESTRICTED}
        if 0 < self.n_groups_dropped < self.threshold:
            fields["n_groups_dropped"] = None
        return fields

    @property
    def withheld(self) -> str:
        """Why nothing is shown to others; empty where something is.

        Of two groups the ICC and the mean squares give away how far apart their means are.
        """
        if self.n_groups >= self.threshold:
            return ""
        return (
            f"There are fewer than {self.threshold} groups of {self.group}: what is computed over "
            "so few would tell of each, and nothing of it is shown. In Python the figures are in "
            "the fields of the result (such as .icc); keep them restricted."
        )

    def summary(self) -> str:
        """Return the result as a text for people, in which no group is named."""
        if self.withheld:
            why = [note for note in self.notes if note.startswith(NO_ICC)]
            lines = [line for note in [self.withheld, *why] for line in wrapped(note)]
            return "\n".join([self.title, *lines])
        return aggregation_text(self)

    def _shown(self) -> pd.DataFrame:
        """Return the coefficients, or why there are none: ``to_frame`` names groups."""
        if self.withheld:
            return pd.DataFrame({"coefficient": self.icc["coefficient"], "estimate": np.nan})
        return self.icc
