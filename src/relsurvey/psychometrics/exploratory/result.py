"""What an exploratory factor analysis found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.criteria import Reading, readings_text
from relsurvey.moments.items import MissingRule
from relsurvey.psychometrics.exploratory.correlations import Correlation
from relsurvey.psychometrics.exploratory.extraction import Method
from relsurvey.psychometrics.exploratory.rotation import Rotation
from relsurvey.results import Drawn, json_ready
from relsurvey.text import aligned, counted, number, p_value_text, remark, share, wrapped

__all__ = ["SHOWN", "EfaResult"]

SHOWN = 0.30  # loadings below are left blank in the summary, and only there

_METHODS = {"ml": "maximum likelihood", "minres": "minimum residuals"}
_KINDS = {"pearson": "Pearson", "polychoric": "polychoric"}
_ROTATIONS = {
    "oblimin": "oblimin (direct quartimin)",
    "promax": "promax (power 4)",
    "varimax": "varimax (Kaiser-normalised)",
    "none": "not rotated",
}


@dataclass(frozen=True, eq=False)
class EfaResult(Drawn):
    """Common factors of items.

    Attributes
    ----------
    loadings : pandas.DataFrame
        Items by factors ("F1", "F2", ...), the pattern: what a factor adds, the others held
        constant. Of orthogonal factors, correlations.
    structure : pandas.DataFrame
        Items by factors: correlations of items with factors.
    factor_correlations : pandas.DataFrame
        Factors by factors; the identity where they are orthogonal.
    communalities, uniqueness, complexity : pandas.Series
        By item: what the factors account for; what they do not (between .005 and 1); Hofmann's
        index of how many factors the item loads on.
    variance : pandas.DataFrame
        By factor: ``ss_loadings`` (oblique: its share of all communality), ``proportion`` of
        the variance of the items, ``cumulative``.
    fit : dict
        ``chisq``, ``df``, ``p_value``, ``rmsea``, ``rmsea_low``, ``rmsea_high`` (90%), ``tli``,
        ``bic``, ``srmr``, ``rms`` (of the residual correlations), ``objective``,
        ``null_chisq``, ``null_df``; NaN where there is none, which ``notes`` explains.
    residuals : pandas.DataFrame
        Items by items: observed less reproduced correlations.
    n, n_total : int
        Rows used (pairwise: the fewest that two items share) and given.
    n_factors : int
        How many factors.
    method, rotation, correlation, missing : str
        As asked for.
    converged : bool
        Whether both searches ended where slopes vanish.
    notes : tuple of str
        What has to be known to read the result, Heywood cases among it.
    readings : tuple of Reading
        The size of the sample beside its criterion.
    """

    _figure: ClassVar[str] = "plot_efa"

    loadings: pd.DataFrame
    structure: pd.DataFrame
    factor_correlations: pd.DataFrame
    communalities: pd.Series
    uniqueness: pd.Series
    complexity: pd.Series
    variance: pd.DataFrame
    fit: dict[str, float]
    residuals: pd.DataFrame
    n: int
    n_total: int
    n_factors: int
    method: Method
    rotation: Rotation
    correlation: Correlation
    missing: MissingRule
    converged: bool
    notes: tuple[str, ...]
    readings: tuple[Reading, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an item: its loadings, communality, uniqueness and complexity."""
        by_item = [self.loadings, self.communalities, self.uniqueness, self.complexity]
        return pd.concat(by_item, axis="columns").reset_index()

    def to_dict(self) -> dict[str, Any]:
        """Return every field, ready for ``json.dumps``; tables keep the names of their rows."""
        tables = {
            name: json_ready(value.reset_index())
            for name, value in vars(self).items()
            if isinstance(value, pd.DataFrame | pd.Series)
        }
        return super().to_dict() | tables

    def _short_text(self) -> str:
        told = f"{counted(self.n_factors, 'factor')} of {counted(len(self.loadings), 'item')}"
        if not self.converged:
            return f"{told}: the estimation did not converge."
        return (
            f"{told}, from {self.n:,} of {counted(self.n_total, 'row')}: RMSEA "
            f"{number(self.fit['rmsea'], 3)}, TLI {number(self.fit['tli'], 3)}, SRMR "
            f"{number(self.fit['srmr'], 3)}."
        )

    def summary(self) -> str:
        """Return loadings of at least .30 in size by factor, variance, fit and notes."""
        heads = [
            f"Exploratory factor analysis: {counted(self.n_factors, 'factor')} of "
            f"{counted(len(self.loadings), 'item')}, {self.n:,} of {counted(self.n_total, 'row')} "
            f"({self.missing})",
            f"{_METHODS[self.method]}, {_ROTATIONS[self.rotation]}, "
            f"{_KINDS[self.correlation]} correlations",
        ]
        lines = [
            *heads,
            *([] if self.converged else ["NOT CONVERGED: see the notes below"]),
            "",
            *self._loading_lines(),
            "",
            *self._variance_lines(),
            "",
            *wrapped(_fit_text(self.fit)),
            "",
            *readings_text(self.readings),
        ]
        return "\n".join([*lines, *_note_lines(self.notes)])

    def _loading_lines(self) -> list[str]:
        values = self.loadings.to_numpy()
        size = np.abs(values)
        order = np.lexsort((-size.max(axis=1), size.argmax(axis=1)))
        names = [str(name) for name in self.loadings.columns]
        communality, complexity = self.communalities.to_numpy(), self.complexity.to_numpy()
        rows = [
            {"item": str(self.loadings.index[i])}
            | {
                name: number(values[i, j], 2) if size[i, j] >= SHOWN else ""
                for j, name in enumerate(names)
            }
            | {
                "communality": number(communality[i], 2),
                "complexity": number(complexity[i], 1),
            }
            for i in order
        ]
        return [f"Loadings (blank: below {SHOWN:.2f} in size)", *aligned(rows, left=["item"])]

    def _variance_lines(self) -> list[str]:
        phi = self.factor_correlations.to_numpy()
        oblique = self.rotation in ("oblimin", "promax") and self.n_factors > 1
        names = [str(name) for name in self.loadings.columns]
        rows = [
            {
                "factor": names[i],
                "SS loadings": number(row["ss_loadings"], 2),
                "of variance": share(row["proportion"]),
                "cumulative": share(row["cumulative"]),
            }
            | {f"r with {name}": number(phi[i, j], 2) for j, name in enumerate(names) if oblique}
            for i, row in enumerate(self.variance.to_dict("records"))
        ]
        return aligned(rows, left=["factor"])


def _fit_text(fit: dict[str, float]) -> str:
    tail = p_value_text(fit["p_value"])
    return (
        f"Fit: chi-square {number(fit['chisq'], 2)}, df {fit['df']:.0f}, {tail}; RMSEA "
        f"{number(fit['rmsea'], 3)} (90% {number(fit['rmsea_low'], 3)} to "
        f"{number(fit['rmsea_high'], 3)}); TLI {number(fit['tli'], 3)}; BIC "
        f"{number(fit['bic'], 1)}; SRMR {number(fit['srmr'], 3)}"
    )


def _note_lines(notes: Sequence[str]) -> list[str]:
    return ["", *[line for note in notes for line in remark(note, indent="")]] if notes else []
