"""What was found of the reliability of scales: the table, its readings and its text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from relsurvey.criteria import (
    Reading,
    internal_consistency,
    measurement_error,
    structural_validity,
)
from relsurvey.moments.items import MissingRule
from relsurvey.psychometrics.legend import legend_lines
from relsurvey.results import Drawn, Read
from relsurvey.text import aligned, notes_below, number, wrapped

__all__ = ["ReliabilityResult"]

HIERARCHICAL = {
    "omega_hierarchical_second_order": "omega h (second-order)",
    "omega_hierarchical_bifactor": "omega h (bifactor)",
}


@dataclass(frozen=True, eq=False)
class ReliabilityResult(Read, Drawn):
    """How well the items of each scale go together.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a scale: ``scale``, ``title``, ``n_items``, ``n`` (rows used; pairwise, the
        smallest number of rows that two items share), ``n_total`` (rows given);
        ``alpha``, ``alpha_low``, ``alpha_high`` (Feldt interval with ``n``),
        ``alpha_boot_low``, ``alpha_boot_high`` (percentile bootstrap; NaN where none was asked
        for), ``alpha_standardised``;
        ``omega_total`` (one-factor model, ML), ``lambda6``, ``mean_inter_item_r``;
        ``split_half_min``, ``split_half_mean``, ``split_half_max`` (over the splits that R psych
        goes through, see ``reliability``) and ``split_half_all_min``, ``split_half_all_mean``,
        ``split_half_all_max`` (over every split up to 12 items, else 10,000 drawn);
        ``ordinal_alpha`` (of polychoric correlations), ``ordinal_omega`` (Green and Yang);
        ``omega_hierarchical_second_order``, ``omega_hierarchical_bifactor`` (NaN where the
        instrument has no such model of exactly these items);
        ``sem`` and ``mdc95`` (in units of the score); and ``note``, which says why a value is
        NaN or to be read with care.
    missing : {"listwise", "pairwise"}
        How missing answers were treated.
    confidence : float
        Of the intervals.
    bootstrap : int
        Samples behind the bootstrap interval.
    fits : dict of str to dict of str to float
        By scale, the fit measures of the one-factor model behind ``omega_total``.
    """

    _figure: ClassVar[str] = "plot_reliability"

    table: pd.DataFrame
    missing: MissingRule
    confidence: float
    bootstrap: int = 0
    fits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a scale, unrounded."""
        return self.table.copy()

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Alpha and the smallest detectable change of each scale beside their criteria."""
        rows = self.table.to_dict(orient="records")
        alphas = [_reading_of_alpha(row, self.fits.get(str(row["scale"]), {})) for row in rows]
        errors = [
            measurement_error(str(row["scale"]), row["mdc95"], reason=_NO_ERROR) for row in rows
        ]
        return (*alphas, *errors)

    def legend(self) -> str:
        """Return what each column of the summary is, for a reader who has not met them."""
        return "\n".join(legend_lines(self.confidence, bootstrap=self.bootstrap > 0))

    def _short_text(self) -> str:
        known = self.table.dropna(subset=["alpha"])
        if known.empty:
            return "No alpha could be computed; the table says why."
        low, high = (known.loc[known["alpha"].agg(which)] for which in ("idxmin", "idxmax"))
        if len(known) == 1:
            return f"Cronbach's alpha of {low['scale']} is {number(low['alpha'])}."
        return (
            f"Cronbach's alpha of {len(known)} scales lies between {number(low['alpha'])} "
            f"({low['scale']}) and {number(high['alpha'])} ({high['scale']})."
        )

    def figures_text(self) -> str:
        """Return two tables rounded and aligned, with the notes below them."""
        rows = self.table.to_dict(orient="records")
        left = ("scale", "title")
        notes = notes_below(zip(self.table["scale"], self.table["note"], strict=True))
        short = [piece for line in notes for piece in (wrapped(line, hanging="  ") or [""])]
        lines = [
            f"Reliability ({self.missing})",
            *aligned([self._alpha_row(row) for row in rows], left=left),
            "",
            *aligned([self._further_row(row) for row in rows], left=left),
            *self._hierarchical(rows),
            *short,
        ]
        return "\n".join(lines)

    def _alpha_row(self, row: Mapping[Any, Any]) -> dict[str, str]:
        interval = f"{100 * self.confidence:g}% interval"
        cells = {
            "scale": str(row["scale"]),
            "title": str(row["title"]),
            "items": str(row["n_items"]),
            "n": f"{row['n']:,}",
            "of": f"{row['n_total']:,}",
            "alpha": number(row["alpha"], 3),
            interval: _between(row["alpha_low"], row["alpha_high"]),
            "standardised": number(row["alpha_standardised"], 3),
            "lambda-6": number(row["lambda6"], 3),
            "mean r": number(row["mean_inter_item_r"], 3),
        }
        if self.bootstrap:
            cells["bootstrap"] = _between(row["alpha_boot_low"], row["alpha_boot_high"])
        return cells

    def _further_row(self, row: Mapping[Any, Any]) -> dict[str, str]:
        return {
            "scale": str(row["scale"]),
            "omega": number(row["omega_total"], 3),
            "ordinal alpha": number(row["ordinal_alpha"], 3),
            "ordinal omega": number(row["ordinal_omega"], 3),
            "split halves": _between(row["split_half_all_min"], row["split_half_all_max"]),
            "their mean": number(row["split_half_all_mean"], 3),
            "SEM": number(row["sem"], 3),
            "MDC95": number(row["mdc95"], 3),
        }

    def _hierarchical(self, rows: Sequence[Mapping[Any, Any]]) -> list[str]:
        """Return the table of what composites have in common, of composites only."""
        shown = [
            {
                "scale": str(row["scale"]),
                **{heading: number(row[name], 3) for name, heading in HIERARCHICAL.items()},
            }
            for row in rows
            if not all(math.isnan(row[name]) for name in HIERARCHICAL)
        ]
        return ["", *aligned(shown, left=("scale",))] if shown else []


_NO_ERROR = "there is no alpha above 0 to take it from"


def _reading_of_alpha(row: Mapping[Any, Any], fit: Mapping[str, float]) -> Reading:
    """Read an alpha with the one-factor model as evidence on the structure."""
    scale, alpha = str(row["scale"]), float(row["alpha"])
    if math.isnan(alpha):
        return internal_consistency(scale, alpha, structure=None, reason=str(row["note"]))
    evidence = structural_validity(scale, fit)
    if evidence.verdict == "not known" or not fit.get("df"):
        why = (
            "three items fit one factor whatever was answered"
            if fit
            else "no one-factor model could be fitted"
        )
        reason = f"alpha is enough, but whether the scale is one dimension is not known: {why}"
        return internal_consistency(scale, alpha, structure=None, reason=reason)
    holds = evidence.verdict == "met"
    reason = f"of the fit of one factor, {evidence.because}"
    return internal_consistency(scale, alpha, structure=holds, reason=reason)


def _between(low: float, high: float) -> str:
    return "n/a" if math.isnan(low) else f"{number(low, 3)} to {number(high, 3)}"
