"""The result of ``associate_family``: what it holds, as a table and as a text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.association.family.sentence import others_sentence, pair_names
from relsurvey.results import Drawn
from relsurvey.text import (
    NOT_AVAILABLE,
    aligned,
    and_list,
    counted,
    notes_below,
    number,
    p_value_text,
    percent,
    readable,
    wrapped,
)

__all__ = ["FamilyResult"]


@dataclass(frozen=True, eq=False)
class FamilyResult(Drawn):
    """Every predictor by every outcome, raw and adjusted.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a pair: outcome, predictor, covariates (in words), primary; estimate, std_error,
        df, statistic, p_value, conf_low, conf_high (points per point); standardised,
        standardised_low, standardised_high; holm, benjamini_hochberg: ``p_value`` adjusted;
        permutation_p, max_t: p by the orders of the scores, alone and adjusted; stands: whether
        Holm's and max-T's p (the one of them that is known), or the primary pair's own p, are
        below ``alpha``. Where there is a smallest effect: equivalence_p, larger_p (the tests of
        ``equivalence``, alone), equivalence_holm, larger_holm (adjusted), and verdict, which
        rests on adjusted p values. Adjusted p values are NaN for the primary pair, which is no
        part of the adjustment. n_workers, n_service_users: used; n_dropped: rows left out for
        a missing value; all three 0 where a pair cannot be made ready. note: why numbers are NaN.
    outcomes, predictors : tuple of str
        As given, each once.
    covariates : tuple of str
        Those of every pair.
    group : str
        The column of worker ids.
    primary : tuple of (outcome, predictor) or None
        The pair named as the primary one.
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
    _persons: bool = True

    def to_frame(self) -> pd.DataFrame:
        """Return one row a pair, unrounded."""
        return self.table.copy()

    def surviving(self, adjustment: str) -> tuple[tuple[str, str], ...]:
        """Return the pairs (outcome, predictor) whose adjusted p is below ``alpha``."""
        kept = self.table[self.table[adjustment] < self.alpha]
        return tuple(zip(kept["outcome"], kept["predictor"], strict=True))

    def others(self, noun: str = "pair") -> str:
        """Return how many pairs but the primary one stand, as a text; ``noun``: one of them."""
        return others_sentence(self.table, self.alpha, noun)

    def summary(self) -> str:
        """Return the family as a text for people."""
        adjusted = f", adjusted for {and_list(self.covariates)}" if self.covariates else ""
        table = self.table
        noted = zip(pair_names(table), table["note"], strict=True)
        lines = [
            f"{counted(len(self.outcomes), 'outcome')} by "
            f"{counted(len(self.predictors), 'predictor')}{adjusted}",
            "",
            *wrapped(self.sentence),
            "",
            *aligned(self._rows(), left=["outcome", "predictor", "given", "verdict"]),
            "",
            *wrapped(self._reading()),
            "",
            *self._used(),
            *(line for text in notes_below(noted) for line in wrapped(text) or [""]),
        ]
        remarks = (line for note in self.notes for line in wrapped(f"Note: {note}", hanging="  "))
        return "\n".join([*lines, *remarks])

    def _rows(self) -> list[dict[str, str]]:
        records = self.table.to_dict("records")
        varied = len(set(self.table["covariates"])) > 1
        return [self._cells(row, varied=varied) for row in records]

    def _cells(self, row: Mapping[Any, Any], *, varied: bool) -> dict[str, str]:
        def value(name: str) -> str:
            return number(float(row[name]))

        cells = {
            "outcome": str(row["outcome"]),
            "predictor": f"{row['predictor']}{' (primary)' if row['primary'] else ''}",
            **({"given": str(row["covariates"])} if varied else {}),
            "slope": value("standardised"),
            "low": value("standardised_low"),
            "high": value("standardised_high"),
            "p": _p_cell(row["p_value"]),
            "Holm": _p_cell(row["holm"]),
            "B-H": _p_cell(row["benjamini_hochberg"]),
            "perm.": _p_cell(row["permutation_p"]),
            "max-T": _p_cell(row["max_t"]),
        }
        if self.smallest_effect is not None:
            cells["verdict"] = str(row["verdict"] or NOT_AVAILABLE)
        return cells

    def _reading(self) -> str:
        """Say what the columns are."""
        text = (
            f"Standardised slopes with {percent(self.confidence)} intervals, which are not "
            "adjusted; p raw, and adjusted by Holm and by Benjamini and Hochberg; perm. is p by "
            "permutation of the scores, max-T the same adjusted."
        )
        if self.smallest_effect is None:
            return text
        return (
            f"{text} Verdicts rest on adjusted p, those of the primary pair on its own; the margin "
            f"is {readable(self.smallest_effect)}."
        )

    def _used(self) -> list[str]:
        """Say how many workers and rows each pair rests on: once, where it is the same for all."""
        group, row = (
            (("worker",), ("service user",))
            if self._persons
            else ((f"group of {self.group}", f"groups of {self.group}"), ("row",))
        )
        fitted = self.table[self.table["p_value"].notna()]
        counts = [
            (counted(int(groups), *group), counted(int(rows), *row), f"{int(dropped):,}")
            for groups, rows, dropped in zip(
                fitted["n_workers"], fitted["n_service_users"], fitted["n_dropped"], strict=True
            )
        ]
        if len(set(counts)) == 1:
            groups, rows, dropped = counts[0]
            return wrapped(f"Each pair: {groups}, {rows}; rows left out: {dropped}.")
        cells = [
            {"pair": name, "used": f"{groups}, {rows}", "rows left out": dropped}
            for name, (groups, rows, dropped) in zip(
                pair_names(self.table)[fitted.index], counts, strict=True
            )
        ]
        return aligned(cells, left=["pair", "used"])


def _p_cell(p_value: float) -> str:
    if math.isnan(p_value):
        return NOT_AVAILABLE
    return p_value_text(p_value).removeprefix("p ").removeprefix("= ")
