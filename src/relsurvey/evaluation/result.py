"""The result of ``change``: what it holds, as a table and as a text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.results import Drawn
from relsurvey.text import aligned, number, p_value_text, percent, readable, wrapped

__all__ = ["ChangeResult"]


@dataclass(frozen=True, eq=False)
class ChangeResult(Drawn):
    """How scores changed over waves.

    Attributes
    ----------
    outcome, wave : str
        The columns.
    person, group, team : str or None
        The columns of ids, as far as they were named.
    design : str
        Whether the same people answered again, in words.
    waves : tuple of str
        In order; ``order_from`` says how that was found.
    baseline : str
        The wave others are compared with.
    with_training : bool
        Whether trained units are compared with others. ``estimate`` is then the difference of
        their changes (difference in differences).
    method : str
        The row of ``checks`` that the estimate is: "mixed model" (REML, Kenward-Roger), or the
        means of the units that training was given to.
    estimate, std_error, df, p_value, conf_low, conf_high : float
        Of the last wave less the baseline, in points of the outcome, by ``method``; NaN where
        withheld.
    standardised : float
        ``estimate`` by the standard deviation of the scores at the baseline.
    means : pandas.DataFrame
        One row a wave and arm: ``wave, who, n`` (answers), ``n_units`` (workers, persons or
        answers: who ``threshold`` counts), ``mean``, ``sd`` (as observed), ``estimate, conf_low,
        conf_high`` (from the model) and ``note``; NaN where withheld, as everywhere below, with
        the reason in ``note``.
    changes : pandas.DataFrame
        One row a wave and arm: ``wave, who`` ("all"; or "others", "trained" and "trained less
        others"), ``kind`` ("before training" where the wave is earlier than the baseline, else
        "change"), ``estimate, std_error, df, statistic, p_value, conf_low, conf_high``,
        ``p_holm`` (Holm's over the waves of one arm) and ``note``; by ``method``.
    by_model : pandas.DataFrame
        The same from the mixed model.
    trend : pandas.DataFrame
        The straight line over three waves or more, points per ``time_unit``; no rows for two.
    joint_p : float
        That no wave differs at all (in the difference in change, with training), by likelihood
        ratio; NaN for two waves.
    time_unit, order_from : str
        What the line counts in, and how the order of waves was found.
    variance : mapping of str to float
        By level, from the innermost out, and "residual"; squared points.
    checks : pandas.DataFrame
        The same change in every way: ``check, estimate, std_error, df, statistic, p_value,
        conf_low, conf_high, n, sd`` and ``note``.
    reliable : pandas.DataFrame or None
        Counts of reliable change: ``reading, n, share, expected, note``; NaN where a count is too
        small to be shown.
    attrition : pandas.DataFrame
        Who was lost between baseline and last wave, beside who stayed.
    n_rows : int or None
        Answers used; ``None`` where withheld.
    n_units : mapping of str to int or None
        How many different units, by column of ids.
    unit : str
        What was trained; without training the outermost column of ids.
    confidence : float
        Coverage of the intervals.
    threshold : int
        Fewest people in a number that is shown.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_change"

    outcome: str
    wave: str
    person: str | None
    group: str | None
    team: str | None
    design: str
    waves: tuple[str, ...]
    baseline: str
    with_training: bool
    method: str
    estimate: float
    std_error: float
    df: float
    p_value: float
    conf_low: float
    conf_high: float
    standardised: float
    means: pd.DataFrame
    changes: pd.DataFrame
    by_model: pd.DataFrame
    trend: pd.DataFrame
    joint_p: float
    time_unit: str
    order_from: str
    variance: Mapping[str, float]
    checks: pd.DataFrame
    reliable: pd.DataFrame | None
    attrition: pd.DataFrame
    n_rows: int | None
    n_units: Mapping[str, int | None]
    unit: str
    confidence: float
    threshold: int
    sentence: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a wave and arm: the change from the baseline, unrounded."""
        return self.changes.copy()

    def summary(self) -> str:
        """Return the change as a text for people."""
        lines = [*wrapped(self.sentence), "", *wrapped(f"Design: {self.design}.")]
        if self.means["estimate"].notna().any():
            lines += ["", *self._means_text(), "", *self._changes_text()]
        if not math.isnan(self.estimate):
            lines += ["", *self._checks_text()]
        if self.reliable is not None:
            lines += ["", *self._reliable_text()]
        remarks = [line for note in self.notes for line in wrapped(f"Note: {note}")]
        return "\n".join([*lines, "", *remarks] if remarks else lines)

    def _means_text(self) -> list[str]:
        rows = [
            {
                "wave": row["wave"],
                **({"of": row["who"]} if self.with_training else {}),
                "answers": _count(row["n"]),
                "mean": "-" if math.isnan(row["mean"]) else number(row["mean"]),
                "sd": "-" if math.isnan(row["sd"]) else number(row["sd"]),
                f"model mean ({percent(self.confidence)})": _interval(row),
            }
            for row in self.means.to_dict(orient="records")
        ]
        return aligned(rows, left=["wave", "of"])

    def _changes_text(self) -> list[str]:
        rows = [
            {
                "from " + self.baseline + " to": row["wave"],
                **({"of": row["who"]} if self.with_training else {}),
                f"change ({percent(self.confidence)})": _interval(row),
                "df": "-" if math.isnan(row["df"]) else number(row["df"], 1),
                "p": _p(row["p_value"]),
                **({"p (Holm)": _p(row["p_holm"])} if len(self.waves) > 2 else {}),
            }
            for row in self.changes.to_dict(orient="records")
        ]
        text = aligned(rows, left=["from " + self.baseline + " to", "of"])
        lines = self.trend.dropna(subset="estimate") if len(self.trend) else self.trend
        for row in lines.to_dict(orient="records"):
            who = "" if row["who"] == "all" else f" ({row['who']})"
            text += wrapped(
                f"Straight line{who}, by the model: {_interval(row)} per {self.time_unit}, "
                f"{p_value_text(row['p_value'])}"
            )
        if not math.isnan(self.joint_p):
            text.append(f"Any difference between waves, by the model: {p_value_text(self.joint_p)}")
        return text

    def _checks_text(self) -> list[str]:
        what = "difference in change" if self.with_training else "change"
        rows = [
            {
                "the last, in every way": row["check"],
                what: _interval(row),
                "p": _p(row["p_value"]),
                "note": row["note"],
            }
            for row in self.checks.to_dict(orient="records")
        ]
        return aligned(rows, left=["the last, in every way", "note"])

    def _reliable_text(self) -> list[str]:
        if self.reliable is None:
            return []
        rows = [
            {
                "reliable change": row["reading"],
                "people": _count(row["n"]),
                "share": "-" if math.isnan(row["share"]) else f"{100 * row['share']:.1f} %",
                "by chance alone": f"{100 * row['expected']:.1f} %",
            }
            for row in self.reliable.to_dict(orient="records")
        ]
        return aligned(rows, left=["reliable change"])


def _count(value: float) -> str:
    return "few" if math.isnan(value) else f"{int(value):,}"


def _p(value: float) -> str:
    if math.isnan(value):
        return "-"
    return p_value_text(value).removeprefix("p ").removeprefix("= ")


def _interval(row: Mapping[Any, Any]) -> str:
    if math.isnan(row["estimate"]):
        return "-"
    if math.isnan(row["conf_low"]):
        return readable(row["estimate"])
    low, high = readable(row["conf_low"]), readable(row["conf_high"])
    return f"{readable(row['estimate'])} ({low} to {high})"
