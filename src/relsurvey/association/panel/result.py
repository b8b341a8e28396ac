"""The result of ``companions``: the primary method and the others, side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.association.association_result import AssociationResult
from relsurvey.association.panel.verdicts import CANNOT
from relsurvey.results import Drawn
from relsurvey.text import aligned, number, percent, wrapped

__all__ = ["PRIMARY", "SHOWN_ONLY", "Companions"]

PRIMARY, COMPANION, SHOWN_ONLY = "primary", "companion", "shown only"


@dataclass(frozen=True, eq=False)
class Companions(Drawn):
    """The primary result, and what other methods say to the same question.

    Attributes
    ----------
    primary : AssociationResult
        The result itself; which method it is was settled before anything was computed.
    table : pandas.DataFrame
        One row a method, the primary first: name, standing ("primary", "companion", "shown
        only"), scale, estimate, std_error, df, statistic, p_value, conf_low, conf_high, agrees
        ("yes"; "partly": same direction, but only one of the two is beyond chance; "no"; "cannot
        tell" where the data are too few for the method; "" where it cannot be compared), note,
        source. The std_error of an odds ratio is that of its logarithm. NaN where a method has no
        such figure, or could not be used: ``note`` says why.
    not_run : tuple of str
        Methods that need something that was not given, with what they need.
    sentence : str
        How far the others bear the primary out.
    notes : tuple of str
        What a reader has to know: those of the primary result, which its own text has.
    seed : int
        Of everything drawn.
    """

    _figure: ClassVar[str] = "plot_companions"

    primary: AssociationResult
    table: pd.DataFrame
    not_run: tuple[str, ...]
    sentence: str
    notes: tuple[str, ...]
    seed: int

    @property
    def disagreeing(self) -> tuple[str, ...]:
        """Names of the methods that do not bear the primary one out, or do so in part only."""
        differ = self.table["agrees"].isin(["no", "partly"])
        differ &= self.table["standing"] == COMPANION
        return tuple(self.table.loc[differ, "name"])

    def to_frame(self) -> pd.DataFrame:
        """Return one row a method, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the panel as a text for people."""
        remarks = [*self._notes(), *(f"Not run: {one}." for one in self.not_run)]
        return "\n".join([*self._figures(), *_below(remarks)])

    def figures_text(self) -> str:
        """Return the table and what it comes to, with the notes of methods that do not agree.

        What could be run beside them is not told: it is for whoever chooses the methods.
        """
        return "\n".join([*self._figures(), *_below(self._notes(odd_only=True))])

    def _figures(self) -> list[str]:
        level = percent(self.primary.confidence)
        return [
            f"{self.primary.outcome} by {self.primary.predictor}: the primary method (*) and "
            f"others, intervals {level}",
            *self._tables(),
            "",
            *wrapped(self.sentence),
        ]

    def _notes(self, *, odd_only: bool = False) -> list[str]:
        """Return what is to be known of the methods, or of those only that do not agree."""
        odd = self.table["agrees"].isin(["no", "partly", CANNOT]) | self.table["estimate"].isna()
        shown = self.table[odd] if odd_only else self.table
        return [f"{row['name']}: {row['note']}" for row in shown.to_dict("records") if row["note"]]

    def _tables(self) -> list[str]:
        """Return the rows under one heading for each scale, columns alike in all."""
        scales = list(dict.fromkeys(self.table["scale"]))
        order = sorted(scales, key=lambda scale: (scale == "", scales.index(scale)))
        cells = [
            _cells(row)
            for scale in order
            for row in self.table[self.table["scale"] == scale].to_dict("records")
        ]
        heading, *body = aligned(cells, left=["method", "the same"])
        lines = ["", heading]
        for scale in order:
            n_rows = int((self.table["scale"] == scale).sum())
            lines += [HEADINGS.get(scale, scale[:1].upper() + scale[1:]), *body[:n_rows]]
            body = body[n_rows:]
        return lines


HEADINGS = {"points per point": "Slope, points of the outcome per point", "": "Could not be used"}
LARGE = 1e5
MARKS = {PRIMARY: " *", SHOWN_ONLY: " (not for use)"}


def _below(remarks: list[str]) -> list[str]:
    lines = [line for one in remarks for line in wrapped(one, hanging="  ")]
    return ["", *lines] if lines else []


def _cells(row: dict[Any, Any]) -> dict[str, str]:
    return {
        "method": f"  {row['name']}{MARKS.get(row['standing'], '')}",
        "estimate": _cell(row["estimate"]),
        "low": _cell(row["conf_low"]),
        "high": _cell(row["conf_high"]),
        "df": _degrees(row["df"]),
        "p": _p(row["p_value"]),
        "the same": row["agrees"],
    }


def _cell(value: float) -> str:
    if abs(value) >= LARGE:
        return f"{value:.1e}"
    return "" if math.isnan(value) else number(value, 3)


def _degrees(value: float) -> str:
    if math.isnan(value):
        return ""
    return "inf" if math.isinf(value) else number(value, 1)


def _p(value: float) -> str:
    if math.isnan(value):
        return ""
    return "<.001" if value < 0.001 else number(value, 3)
