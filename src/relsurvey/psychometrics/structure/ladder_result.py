"""The result of ``invariance``: what it holds, as a table and as a text."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from relsurvey.criteria import Reading, readings_text
from relsurvey.errors import listed
from relsurvey.results import Drawn
from relsurvey.text import aligned, number, p_value_text, wrapped

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.result import CfaResult

__all__ = ["InvarianceResult"]

MEANINGS = {
    "none": "not even the same pattern of factors could be shown to fit all groups",
    "configural": "the same items go with the same factors; neither relations nor means of the "
    "groups should be compared",
    "metric": "loadings are equal: relations of the factors can be compared between groups, "
    "their means should not be",
    "scalar": "loadings and intercepts are equal: means of the factors can be compared between "
    "groups",
    "strict": "loadings, intercepts and residual variances are equal: means of the observed "
    "scores can be compared between groups too",
}


@dataclass(frozen=True, eq=False)
class InvarianceResult(Drawn):
    """Whether a model means the same in several groups.

    Attributes
    ----------
    model, group : str
        The model, and the column that makes the groups.
    groups : pandas.DataFrame
        ``group, n`` (rows used; missing where the group is too small, and for all groups where
        fewer than 10 people were left out, whose number could be told by subtraction), ``used``.
    estimator : str
        How the models were fitted.
    table : pandas.DataFrame
        One row a step: ``step``, ``equal`` (what is held equal), the figures of the fit as in
        ``CfaResult.fit``, ``converged``; against the step before ``delta_chisq``,
        ``delta_df``, ``delta_p`` (of the difference test), ``delta_cfi``, ``delta_rmsea``
        (negative: it fell), ``delta_srmr``; ``verdict``, ``reading`` in words, and ``note``,
        which says why a value is NaN. A verdict is "holds", "fails", "disputed" (the change in
        fit and the test disagree), "open" (its own change allows it, but a step before does not
        hold) or "not known". The configural step is judged by its own fit.
    level : {"none", "configural", "metric", "scalar", "strict"}
        The last step up to which every one holds by all criteria.
    fits : dict of str to CfaResult
        The fit of each step.
    readings : tuple of Reading
        Each step, and the size of the groups, beside their criteria.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_invariance"

    model: str
    group: str
    groups: pd.DataFrame
    estimator: str
    table: pd.DataFrame
    level: str
    fits: dict[str, CfaResult] = field(repr=False)
    readings: tuple[Reading, ...]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a step, unrounded."""
        return self.table.copy()

    def to_dict(self) -> dict[str, Any]:
        """Return every field but the fits, which have dictionaries of their own."""
        return {name: value for name, value in super().to_dict().items() if name != "fits"}

    def _short_text(self) -> str:
        held = {
            "none": "no step of equality holds by all criteria",
            "configural": "the same items belong to the same factors, and no more",
            "metric": "loadings hold as equal, and no more",
            "scalar": "loadings and intercepts hold as equal, and no more",
            "strict": "loadings, intercepts and residuals hold as equal",
        }[self.level]
        groups = int(self.groups["used"].sum())
        return f"Of {self.model} in {groups} groups of {self.group}: {held}."

    def summary(self) -> str:
        """Return the steps as a text for people."""
        ending = "_scaled" if "cfi_scaled" in self.table else ""
        rows = self.table.to_dict(orient="records")
        cells = [
            {
                "step": str(row["step"]),
                "equal too": str(row["equal"]).rpartition(", ")[2] or "nothing",
                "chi-square": number(row["chisq" + ending], 2),
                "df": number(row["df" + ending], 0),
                "CFI": number(row["cfi" + ending], 3),
                "RMSEA": number(row["rmsea" + ending], 3),
                "change in CFI": _change(row["delta_cfi"]),
                "in RMSEA": _change(row["delta_rmsea"]),
                "p": _change_p(row["delta_p"]),
                "verdict": str(row["verdict"]),
            }
            for row in rows
        ]
        used = self.groups[self.groups["used"]]
        sizes = [
            str(group) if math.isnan(n) else f"{group} ({int(n):,})"
            for group, n in zip(used["group"], used["n"], strict=True)
        ]
        lines = [
            f"Measurement invariance of {self.model} by {self.group} ({self.estimator})",
            *wrapped(f"Groups: {listed(sizes)}"),
            "",
            *aligned(cells, left=("step", "equal too", "verdict")),
            "",
            *wrapped(f"Level shown: {self.level}. That means: {MEANINGS[self.level]}."),
        ]
        for row in rows:
            if row["verdict"] not in ("holds", "fails"):
                lines += wrapped(f"{row['step']}: {row['reading']}; it is not declared to hold.")
        lines += [line for note in self.notes for line in wrapped(f"Note: {note}")]
        return "\n".join([*lines, "", *readings_text(self.readings)])


def _change(value: float) -> str:
    return "" if math.isnan(value) else f"{number(value, 4)}"


def _change_p(value: float) -> str:
    return "" if math.isnan(value) else p_value_text(value)
