"""The result of ``compare_models``: what it holds, as a table and as a text."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from relsurvey.criteria import Reading, readings_text
from relsurvey.psychometrics.structure.estimators import estimator_class
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, notes_below, number, p_value_text, wrapped

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.result import CfaResult

__all__ = ["StructureResult"]


@dataclass(frozen=True, eq=False)
class StructureResult(Drawn):
    """Several factor models of the same rows.

    Attributes
    ----------
    instrument : str
        Its id; empty where models were given without one.
    estimator : str
        How they were fitted.
    n, n_total : int
        Rows used by every model, and rows given.
    items : tuple of str
        All items of all models.
    table : pandas.DataFrame
        One row a model: ``model, title``, the figures of the fit as in ``CfaResult.fit``,
        ``converged``, ``improper`` (as in ``CfaResult``), ``fitted`` (whether there are
        estimates at all) and ``note``: what is odd
        about the estimates, or why there are none.
    nested : pandas.DataFrame
        One row a pair of models of which the first is provably a special case of the second:
        ``inner, outer, delta_chisq, delta_df, p_value, why`` (the proof in words), ``note``.
    best : str
        The model with the lowest BIC; empty where BIC cannot be compared.
    fits : dict of str to CfaResult
        By model; those that could be fitted.
    readings : tuple of Reading
        The number of rows, and the fit of each model, beside their criteria.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_models"

    instrument: str
    estimator: str
    n: int
    n_total: int
    items: tuple[str, ...]
    table: pd.DataFrame
    nested: pd.DataFrame
    best: str
    fits: dict[str, CfaResult] = field(repr=False)
    readings: tuple[Reading, ...]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a model, unrounded."""
        return self.table.copy()

    def _short_text(self) -> str:
        titles = dict(zip(self.table["model"], self.table["title"], strict=True))
        fitted = counted(len(self.fits), "factor model")
        best = f"; the lowest BIC has “{titles[self.best]}”" if self.best else ""
        return f"{fitted} fitted to the answers of {self.n} of {self.n_total} people{best}."

    def summary(self) -> str:
        """Return the models side by side as a text for people."""
        rows = self.table.to_dict(orient="records")
        of = f" of {self.instrument}" if self.instrument else ""
        lines = [
            f"Factor models{of} ({self.estimator}, {counted(self.n, 'row')}, "
            f"{counted(len(self.items), 'item')})",
            *aligned([self._line(row) for row in rows], left=("model",)),
            *self._tests(),
        ]
        for line in notes_below((str(row["model"]), str(row["note"])) for row in rows):
            lines += wrapped(line, hanging="  ") or [""]
        lines += [""] * bool(self.notes)
        lines += [line for note in self.notes for line in wrapped(f"Note: {note}.", hanging="  ")]
        return "\n".join([*lines, "", *readings_text(self.readings)])

    def _line(self, row: dict[Any, Any]) -> dict[str, str]:
        ending = "_scaled" if "cfi_scaled" in self.table else ""
        cells = {
            "model": str(row["model"]) + ("" if row["converged"] else " (no fit)"),
            "chi-square": number(row["chisq" + ending], 1),
            "df": number(row["df" + ending], 0),
            "CFI": number(row["cfi" + ending], 3),
            "TLI": number(row["tli" + ending], 3),
            "RMSEA": number(row["rmsea" + ending], 3),
            "90% interval": _interval(row["rmsea_low" + ending], row["rmsea_high" + ending]),
            "SRMR": number(row["srmr"], 3),
        }
        likelihood = estimator_class(self.estimator).has_likelihood
        return cells | {"BIC": number(row["bic"], 1)} if likelihood else cells

    def _tests(self) -> list[str]:
        tested = self.nested[self.nested["p_value"].notna()].to_dict(orient="records")
        cells = [
            {
                "special case": str(row["inner"]),
                "of": str(row["outer"]),
                "chi-square": number(row["delta_chisq"], 1),
                "df": number(row["delta_df"], 0),
                "p": p_value_text(row["p_value"]),
            }
            for row in tested
        ]
        if not cells:
            return []
        heading = "A small p: the simpler model leaves something out that the other holds."
        rough = [
            f"{row['inner']} in {row['outer']}: {row['note']}" for row in tested if row["note"]
        ]
        return [
            "",
            *wrapped(heading),
            *aligned(cells, left=("special case", "of")),
            *(line for text in rough for line in wrapped(text, hanging="  ")),
        ]


def _interval(low: float, high: float) -> str:
    return "n/a" if math.isnan(low) else f"{number(low, 3)} to {number(high, 3)}"
