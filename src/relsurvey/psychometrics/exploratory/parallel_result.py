"""What a parallel analysis found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, number, remark, wrapped

__all__ = ["ParallelResult", "suggestions"]

Array: TypeAlias = npt.NDArray[np.float64]

_KINDS = {"pearson": "Pearson", "polychoric": "polychoric"}


@dataclass(frozen=True, eq=False)
class ParallelResult(Drawn):
    """Eigenvalues of items beside those that chance makes.

    Attributes
    ----------
    table : pandas.DataFrame
        One row an eigenvalue, the largest first: ``position``, ``observed``, ``normal_mean``,
        ``normal_percentile`` (of draws of normal items), ``permuted_mean``,
        ``permuted_percentile`` (of the answers dealt out anew); NaN where that was not done.
    suggested : pandas.DataFrame
        One row a rule: ``reference`` (normal, permuted), ``rule`` (mean: Horn; percentile:
        Glorfeld), ``n_factors``: how many leading eigenvalues exceed it before the first that
        does not.
    n_factors : int
        By the percentile of normal items; of permuted ones where there are no normal ones.
    n, n_total : int
        Rows used (every item answered) and given.
    n_draws, n_permutations : int
        How many of each.
    percentile : float
        Of the percentile columns.
    method : {"components", "factors"}
        Eigenvalues of the correlation matrix, or with squared multiple correlations in its
        diagonal.
    correlation : {"pearson", "polychoric"}
        Which.
    seed : int
        As given.
    notes : tuple of str
        What else has to be known.
    """

    _figure: ClassVar[str] = "plot_parallel"

    table: pd.DataFrame
    suggested: pd.DataFrame
    n_factors: int
    n: int
    n_total: int
    n_draws: int
    n_permutations: int
    percentile: float
    method: str
    correlation: str
    seed: int
    notes: tuple[str, ...]

    @property
    def reference(self) -> str:
        """What ``n_factors`` was decided by: "normal" or "permuted"."""
        return "normal" if self.n_draws else "permuted"

    @property
    def rule(self) -> str:
        """The rule behind ``n_factors`` in words."""
        items = "normal items" if self.n_draws else "the answers dealt out anew"
        return (
            f"the leading eigenvalues above the {self.percentile:g}th percentile of those of "
            f"{items} that have nothing in common, up to the first that is not"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row an eigenvalue, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the number suggested with its rule, the eigenvalues, and the other rules."""
        dimensions = self.method.removesuffix("s")
        others = [
            f"{row['reference']}, {row['rule']}: {row['n_factors']}"
            for row in self.suggested.to_dict("records")
        ]
        lines = [
            f"Parallel analysis suggests {counted(self.n_factors, dimensions)} of "
            f"{counted(len(self.table), 'item')} ({self.n:,} of {counted(self.n_total, 'row')}, "
            f"{_KINDS[self.correlation]} correlations)",
            *wrapped(f"Rule: {self.rule}."),
            *wrapped(f"By each rule: {'; '.join(others)}."),
            "",
            *aligned(self._rows(), left=[]),
        ]
        notes = [line for note in self.notes for line in remark(note, indent="")]
        return "\n".join([*lines, *(["", *notes] if notes else [])])

    def _rows(self) -> list[dict[str, str]]:
        level = f"{self.percentile:g}%"
        heads = {
            "observed": "observed",
            "normal_mean": "normal mean",
            "normal_percentile": f"normal {level}",
            "permuted_mean": "permuted mean",
            "permuted_percentile": f"permuted {level}",
        }
        there = {key: head for key, head in heads.items() if self.table[key].notna().any()}
        return [
            {"": str(row["position"])} | {head: number(row[key], 3) for key, head in there.items()}
            for row in self.table.to_dict("records")
        ]


def suggestions(
    observed: Array, drawn: Mapping[str, Array], percentile: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put observed eigenvalues beside those drawn, and count how many exceed them.

    Parameters
    ----------
    observed : ndarray, shape (p,)
        The largest first.
    drawn : mapping of str to ndarray, shape (draws, p)
        By reference: normal, permuted.
    percentile : float
        Which.

    Returns
    -------
    table, suggested : pandas.DataFrame
        As in ``ParallelResult``.
    """
    p = len(observed)
    columns: dict[str, Any] = {"position": np.arange(1, p + 1), "observed": observed}
    counts = []
    for reference in ("normal", "permuted"):
        values = drawn.get(reference)
        empty = np.full(p, np.nan)
        levels = {
            "mean": empty if values is None else values.mean(axis=0),
            "percentile": empty if values is None else np.percentile(values, percentile, axis=0),
        }
        for rule, level in levels.items():
            columns[f"{reference}_{rule}"] = level
            if values is not None:
                leading = int(np.argmin(np.append(observed > level, False)))
                counts.append({"reference": reference, "rule": rule, "n_factors": leading})
    return pd.DataFrame(columns), pd.DataFrame(counts)
