"""The result of ``associate_family``: what it holds, as a table and as a text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.results import Drawn
from relsurvey.text import (
    NOT_AVAILABLE,
    aligned,
    and_list,
    notes_below,
    number,
    p_value_text,
    percent,
)

__all__ = ["ADJUSTMENTS", "FamilyResult"]

ADJUSTMENTS = {
    "holm": "Holm",
    "benjamini_hochberg": "Benjamini-Hochberg",
    "max_t": "max-T permutation",
}


@dataclass(frozen=True, eq=False)
class FamilyResult(Drawn):
    """Every predictor by every outcome, raw and adjusted.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a pair: outcome, predictor, primary; estimate, std_error, df, statistic, p_value,
        conf_low, conf_high (points per point); standardised, standardised_low,
        standardised_high; holm, benjamini_hochberg, max_t: adjusted p values, NaN for the
        primary pair, which is not part of the adjustment; verdict and equivalence_p, where there
        is a smallest effect; n_workers, n_service_users; note: why numbers are NaN.
    outcomes, predictors, covariates : tuple of str
        As given.
    group : str
        The column of worker ids.
    primary : tuple of (outcome, predictor) or None
        The pair fixed beforehand.
    n_tests : int
        How many tests the adjustments are for.
    permutations : int
        Orders of the scores looked at for max-T; 0 where there was none.
    smallest_effect : float or None
        The margin, in standard deviations per standard deviation.
    alpha, confidence : float
        Level of the tests; coverage of the intervals, which are not adjusted.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_family"

    table: pd.DataFrame
    outcomes: tuple[str, ...]
    predictors: tuple[str, ...]
    covariates: tuple[str, ...]
    group: str
    primary: tuple[str, str] | None
    n_tests: int
    permutations: int
    smallest_effect: float | None
    alpha: float
    confidence: float
    sentence: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a pair, unrounded."""
        return self.table.copy()

    def surviving(self, adjustment: str) -> tuple[tuple[str, str], ...]:
        """Return the pairs (outcome, predictor) whose adjusted p is below ``alpha``."""
        kept = self.table[self.table[adjustment] < self.alpha]
        return tuple(zip(kept["outcome"], kept["predictor"], strict=True))

    def summary(self) -> str:
        """Return the family as a text for people."""
        adjusted = f", adjusted for {and_list(self.covariates)}" if self.covariates else ""
        rows = [self._cells(row) for row in self.table.to_dict("records")]
        noted = [
            (f"{row['outcome']} by {row['predictor']}", row["note"])
            for row in self.table.to_dict("records")
        ]
        lines = [
            f"{len(self.outcomes)} outcomes by {len(self.predictors)} predictors{adjusted}",
            "",
            self.sentence,
            "",
            *aligned(rows, left=["outcome", "predictor", "verdict"]),
            "",
            f"Standardised slopes with {percent(self.confidence)} intervals, which are not "
            "adjusted; p raw and adjusted.",
            *notes_below(noted),
        ]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])

    def _cells(self, row: Mapping[Any, Any]) -> dict[str, str]:
        def value(name: str) -> str:
            return number(float(row[name]))

        cells = {
            "outcome": str(row["outcome"]),
            "predictor": f"{row['predictor']}{' (primary)' if row['primary'] else ''}",
            "slope": value("standardised"),
            "low": value("standardised_low"),
            "high": value("standardised_high"),
            "p": _p_cell(row["p_value"]),
            "Holm": _p_cell(row["holm"]),
            "B-H": _p_cell(row["benjamini_hochberg"]),
            "max-T": _p_cell(row["max_t"]),
        }
        if self.smallest_effect is not None:
            cells["verdict"] = str(row["verdict"] or NOT_AVAILABLE)
        return cells


def _p_cell(p_value: float) -> str:
    if math.isnan(p_value):
        return NOT_AVAILABLE
    return p_value_text(p_value).removeprefix("p ").removeprefix("= ")
