"""The result of ``differential_functioning``: what it holds, as a table and as a text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.criteria import LARGEST_R2_CHANGE, Reading, readings_text
from relsurvey.errors import listed
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, notes_below, number, p_value_text, wrapped

__all__ = ["DifferentialResult", "finding"]


@dataclass(frozen=True, eq=False)
class DifferentialResult(Drawn):
    """Whether groups of people answer items alike at the same score.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a grouping and item: ``by, scale, item, n`` (rows used; missing where fewer than
        10 people were left out, whose number could be told by subtraction), ``n_groups``,
        ``n_answers`` (different answers given), ``r2_matching`` (McFadden's R-squared of the
        matching score alone); then for ``uniform``, ``non_uniform`` and ``total`` each
        ``chisq_, df_, p_, p_adjusted_, r2_change_``; ``finding`` in words and ``note``, which
        says why a value is NaN.
    effects : pandas.DataFrame
        One row a grouping, item and group: ``by, scale, item, group, reference, log_odds,
        std_error, odds_ratio, conf_low, conf_high``. The log odds of a higher (keyed) answer
        against the reference group, at the same matching score; 95% interval of the log odds.
    groups : pandas.DataFrame
        One row a grouping, scale and group: ``by, scale, group, n`` (rows with every item of
        the scale answered; missing where fewer than the threshold, and where fewer than 10
        people were left out in all), ``used``, ``note``.
    readings : tuple of Reading
        Each item's change of R-squared, and the size of the groups, beside their criteria.
    matching : {"rest", "scale"}
        What people were matched on.
    purified : bool
        Whether items that function differently were taken out of the matching score.
    adjust : {"benjamini-hochberg", "holm", "none"}
        How p values were adjusted for the number of items.
    alpha : float
        The level of ``finding``, for the adjusted p values.
    minimum_group : int
        Smaller groups are left out.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_differential"

    table: pd.DataFrame
    effects: pd.DataFrame
    groups: pd.DataFrame
    readings: tuple[Reading, ...]
    matching: str
    purified: bool
    adjust: str
    alpha: float
    minimum_group: int
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a grouping and item, unrounded."""
        return self.table.copy()

    def _short_text(self) -> str:
        tested = self.table["p_adjusted_total"].notna()
        found = self.table["p_adjusted_total"] < self.alpha
        return (
            f"{int(found.sum())} of {counted(int(tested.sum()), 'item')} that could be tested "
            f"{'is' if found.sum() == 1 else 'are'} answered otherwise by some group at the same "
            f"score (p below {self.alpha:g}, adjusted for their number: {self.adjust})."
        )

    def summary(self) -> str:
        """Return the tests as a text for people, one part a grouping."""
        lines = [
            "Differential item functioning (ordinal logistic regression)",
            *wrapped(
                "Do groups answer an item alike at the same score on the other items? Uniform: "
                "one group answers higher throughout. Non-uniform: the difference depends on the "
                "score."
                if self.matching == "rest"
                else "Do groups answer an item alike at the same score? Uniform: one group "
                "answers higher throughout. Non-uniform: the difference depends on the score."
            ),
        ]
        for by in dict.fromkeys(self.table["by"]):
            lines += ["", *self._part(by)]
        lines += [line for note in self.notes for line in ("", *wrapped(f"Note: {note}"))]
        return "\n".join([*lines, "", *self._readings()])

    def _readings(self) -> list[str]:
        """Return the readings, those of items that meet the criterion counted in one line."""
        met = [r for r in self.readings if r.criterion == self.readings[0].criterion]
        met = [reading for reading in met if reading.verdict == "met"]
        lines = readings_text(reading for reading in self.readings if reading not in met)
        if met:
            tests = counted(len(self.table), "test")
            text = f"Met in {len(met):,} of {tests}: {met[0].criterion} ({met[0].source})."
            lines = [*wrapped(text), "", *lines]
        return lines

    def _part(self, by: str) -> list[str]:
        rows = self.table[self.table["by"] == by].to_dict(orient="records")
        cells = [
            {
                "scale": str(row["scale"]),
                "item": str(row["item"]),
                "n": f"{row['n']:,.0f}" if row["n"] > 0 else "n/a",
                "uniform": _p(row["p_adjusted_uniform"]),
                "non-uniform": _p(row["p_adjusted_non_uniform"]),
                "together": _p(row["p_adjusted_total"]),
                "R2 change": number(row["r2_change_total"], 4),
                "finding": str(row["finding"]),
            }
            for row in rows
        ]
        notes = [(f"{row['scale']} {row['item']}", str(row["note"])) for row in rows]
        return [
            *wrapped(f"By {by}: {self._who(by)}", hanging="  "),
            *aligned(cells, left=("scale", "item", "finding")),
            *notes_below(notes),
        ]

    def _who(self, by: str) -> str:
        mine = self.groups[self.groups["by"] == by]
        first = mine.drop_duplicates("scale")["scale"].tolist()[:1]
        one_scale = mine[mine["scale"].isin(first)]
        used = [
            row["group"] if math.isnan(row["n"]) else f"{row['group']} ({row['n']:,.0f})"
            for row in one_scale[one_scale["used"]].to_dict(orient="records")
        ]
        out = one_scale.loc[~one_scale["used"], "group"].tolist()
        text = listed(used) if used else "no group is large enough"
        if len(set(mine["scale"])) > 1 and used:
            text += f", rows of {first[0]}"
        if out and used:
            text += f"; left out, fewer than {self.minimum_group} people: {listed(out)}"
        return text


def _p(value: Any) -> str:
    return "n/a" if math.isnan(value) else p_value_text(value)


def finding(r2_change: float, p_adjusted: float, alpha: float) -> str:
    """Say what a test of an item comes to, from its size and from chance, both."""
    if math.isnan(r2_change):
        return "not tested"
    important = r2_change >= LARGEST_R2_CHANGE
    if p_adjusted < alpha:
        return "important" if important else "beyond chance, small"
    return "large, but may be chance" if important else "none"
