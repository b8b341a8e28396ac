"""Velicer's minimum average partial: how many components leave the least in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.items import MissingRule
from relsurvey.psychometrics.exploratory.correlations import Correlation, item_correlations
from relsurvey.results import Drawn
from relsurvey.scoring.items import ScaleChoice
from relsurvey.text import aligned, counted, number, remark

__all__ = ["PartialsResult", "minimum_average_partial"]

Array: TypeAlias = npt.NDArray[np.float64]

NOTHING_LEFT = 1e-10  # of the variance of an item


@dataclass(frozen=True, eq=False)
class PartialsResult(Drawn):
    """Average partial correlations by number of components removed.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a number of components: ``n_components`` (from 0), ``squared`` and ``fourth``
        (means of the second and fourth powers of the partial correlations).
    n_factors, n_factors_fourth : int
        Where each is lowest.
    n, n_total : int
        Rows used and given.
    notes : tuple of str
        What else has to be known.
    """

    _figure: ClassVar[str] = "plot_partials"

    table: pd.DataFrame
    n_factors: int
    n_factors_fourth: int
    n: int
    n_total: int
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the table, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the numbers suggested and the averages."""
        rows = [
            {
                "components": str(row["n_components"]),
                "squared": number(row["squared"], 5),
                "fourth power": number(row["fourth"], 5),
            }
            for row in self.table.to_dict("records")
        ]
        head = (
            f"Minimum average partial: {counted(self.n_factors, 'component')} by squared partial "
            f"correlations, {self.n_factors_fourth} by their fourth power ({self.n:,} of "
            f"{counted(self.n_total, 'row')})"
        )
        notes = [line for note in self.notes for line in remark(note, indent="")]
        return "\n".join([head, "", *aligned(rows, left=[]), *(["", *notes] if notes else [])])


def minimum_average_partial(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    items: Sequence[str] | None = None,
    scales: ScaleChoice | None = None,
    correlation: Correlation = "pearson",
    missing: MissingRule = "listwise",
) -> PartialsResult:
    """Find the number of components without which items correlate least.

    Parameters
    ----------
    data, instrument, items, scales, correlation, missing
        As in ``efa``.

    Returns
    -------
    PartialsResult
        From no component to as many as leave every item some variance.

    Raises
    ------
    ModelError
        Where there are fewer than three items, or no correlations.
    ScoringError
        As ``efa``.

    References
    ----------
    Velicer WF (1976). Determining the number of components from the matrix of partial
    correlations. Psychometrika 41(3):321-327. doi 10.1007/BF02293557.
    Velicer WF, Eaton CA, Fava JL (2000). Construct explication through factor or component
    analysis. In: Goffin RD, Helmes E (eds), Problems and Solutions in Human Assessment, 41-71.
    doi 10.1007/978-1-4615-4397-8_3.

    Examples
    --------
    >>> draw = np.random.default_rng(1).normal
    >>> trust = draw(size=300)
    >>> answers = pd.DataFrame({f"t{i}": trust + draw(size=300) for i in range(6)})
    >>> minimum_average_partial(answers).n_factors
    1
    """
    found = item_correlations(
        data, instrument, items, scales, correlation=correlation, missing=missing
    )
    matrix = found.required()
    if len(matrix) < 3:
        raise ModelError(
            f"Average partial correlations need three items or more; found {len(matrix)}.",
            hint="One or two items have no more than one dimension worth asking for.",
        )
    averages = _averages(matrix)
    table = pd.DataFrame(averages, columns=["squared", "fourth"])
    table.insert(0, "n_components", np.arange(len(table)))
    return PartialsResult(
        table=table,
        n_factors=int(table["squared"].argmin()),
        n_factors_fourth=int(table["fourth"].argmin()),
        n=found.n,
        n_total=found.n_total,
        notes=found.notes,
    )


def _averages(correlation: Array) -> Array:
    """Return means of second and fourth powers, for 0, 1, ... components removed."""
    roots, vectors = np.linalg.eigh(correlation)
    left = correlation.copy()
    off = np.triu_indices(len(correlation), 1)
    averages: list[tuple[float, float]] = []
    for root, vector in zip(roots[::-1], vectors.T[::-1], strict=True):
        variance = np.diag(left)
        if variance.min() < NOTHING_LEFT or len(averages) == len(correlation) - 1:
            break
        partial = left[off] / np.sqrt(np.outer(variance, variance)[off])
        averages.append((float((partial**2).mean()), float((partial**4).mean())))
        left = left - root * np.outer(vector, vector)
    return np.array(averages)
