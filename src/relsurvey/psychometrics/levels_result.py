"""What was found within and between workers: the table, its readings and its text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pandas as pd

from relsurvey.criteria import Reading, internal_consistency
from relsurvey.results import Drawn, Read
from relsurvey.text import aligned, notes_below, number, wrapped

__all__ = ["LevelsResult"]

FEWEST_GROUPS = 10
FIGURES = ["alpha", "omega", "share"]
WITHHELD = (
    f"withheld: with fewer than {FEWEST_GROUPS} groups, those in them could work out each other's "
    "results"
)
EXPLAINED = (
    "within: differences between people who answered about the same worker. between: "
    "differences between workers, as far as the people asked share them. The alpha between is "
    "that of what workers really differ in, not of a mean of few answers."
)


@dataclass(frozen=True, eq=False)
class LevelsResult(Read, Drawn):
    """How well items go together within workers and between them.

    Attributes
    ----------
    table : pandas.DataFrame
        Two rows a scale: ``scale``, ``title``, ``n_items``, ``level`` ("within", "between"),
        ``n`` (rows with every item and the group), ``n_groups`` (workers they belong to),
        ``alpha``, ``omega``, ``share`` (of the variance of the sum of the items that lies at
        the level, 0 to 1; between, it is the intraclass correlation), ``singular`` (whether the
        covariance matrix of the level is not positive definite, so that alpha rests on a part of
        it), and ``note``, which says why a value is NaN or to be read with care.
    group : str
        The column of groups.
    covariances : dict of str to dict of str to pandas.DataFrame
        By scale and level, the estimated covariance matrices the figures rest on.
    """

    _figure: ClassVar[str] = "plot_levels"

    table: pd.DataFrame
    group: str
    covariances: Mapping[str, Mapping[str, pd.DataFrame]]

    def to_frame(self) -> pd.DataFrame:
        """Return the table, two rows a scale, unrounded."""
        return self.table.copy()

    @property
    def shareable(self) -> pd.DataFrame:
        """The table with the figures of scales with fewer than 10 groups withheld, as NaN."""
        shared = self.table.copy()
        few = shared["n_groups"] < FEWEST_GROUPS
        known = few & shared[FIGURES].notna().any(axis="columns")
        shared.loc[few, FIGURES] = math.nan
        shared.loc[known, "note"] = WITHHELD
        return shared

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Each alpha beside its criterion; the structure at a level has not been looked at."""
        return tuple(_reading(row) for row in self.shareable.to_dict(orient="records"))

    def to_dict(self) -> dict[str, Any]:
        """Return what can be shared: the table, its readings, no matrix of few groups."""
        few = set(self.table.loc[self.table["n_groups"] < FEWEST_GROUPS, "scale"])
        kept = {scale: found for scale, found in self.covariances.items() if scale not in few}
        return super(LevelsResult, replace(self, table=self.shareable, covariances=kept)).to_dict()

    def _short_text(self) -> str:
        known = self.table.dropna(subset=["alpha"])
        if known.empty:
            return f"No reliability within and between {self.group} could be computed."
        said = []
        for level in ("within", "between"):
            alphas = known.loc[known["level"] == level, "alpha"]
            if len(alphas):
                low, high = number(alphas.min()), number(alphas.max())
                said.append(f"{low if low == high else f'{low} to {high}'} {level} {self.group}")
        return f"Cronbach's alpha is {' and '.join(said)}."

    def figures_text(self) -> str:
        """Return the table rounded and aligned, what the levels are, and the notes."""
        rows = [
            {
                "scale": str(row["scale"]),
                "level": str(row["level"]),
                "items": str(row["n_items"]),
                "people": f"{row['n']:,}",
                "groups": f"{row['n_groups']:,}",
                "alpha": number(row["alpha"], 3),
                "omega": number(row["omega"], 3),
                "share": number(row["share"], 3),
            }
            for row in self.shareable.to_dict(orient="records")
        ]
        about = self.table["scale"] + " " + self.table["level"]
        notes = [
            piece
            for line in notes_below(zip(about, self.shareable["note"], strict=True))
            for piece in (wrapped(line, hanging="  ") or [""])
        ]
        lines = [f"Reliability within and between {self.group} (ML, complete rows)"]
        return "\n".join([*lines, *aligned(rows, left=("scale", "level")), "",
                          *wrapped(EXPLAINED), *notes])  # fmt: skip


def _reading(row: Mapping[Any, Any]) -> Reading:
    about, note = f"{row['scale']} {row['level']}", str(row["note"])
    alpha = float(row["alpha"])
    reading = internal_consistency(
        about, alpha, structure=None, reason=note if math.isnan(alpha) else ""
    )
    if row["singular"] and not math.isnan(alpha):
        return replace(reading, verdict="not known", because=note)
    return reading
