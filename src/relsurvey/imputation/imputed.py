"""The result of ``impute``: completed data sets, and whether the chains had settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from relsurvey.imputation.posterior import Floats
from relsurvey.imputation.table import Rows
from relsurvey.options import require_whole
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, notes_below, number, share

__all__ = ["Imputed"]


@dataclass(frozen=True, eq=False)
class Imputed(Drawn):
    """Several completed copies of one table.

    The copies hold the rows of people; only ``completed`` gives them. Everything that is
    printed or written speaks of columns.

    Attributes
    ----------
    columns : tuple of str
        Those that were completed, and those that only helped.
    group : str
        The column of worker ids.
    team : str or None
        The column of team ids, where teams are a level of the imputation model.
    n_imputations, iterations, seed : int
        As asked for; ``iterations`` is 1 where one round is all there is to do.
    n_rows, n_groups : int
        Rows of people who belong to a group, and their groups.
    table : pandas.DataFrame
        One row a column: ``column``, ``property_of`` (the column of group ids, or "row"),
        ``n_missing`` (rows, or groups where it is their property), ``n``, ``share_missing``,
        ``method``, ``mean_observed``, ``sd_observed``, ``mean_imputed``, ``sd_imputed`` (over all
        imputations; NaN where nothing is missing), ``settled_mean``, ``settled_sd`` (see
        ``trace``; NaN where it cannot be judged) and ``note``.
    trace : pandas.DataFrame
        ``imputation``, ``iteration``, ``column``, ``mean``, ``sd`` of the imputed values. In the
        table, ``settled_mean`` and ``settled_sd`` are the potential scale reduction of these over
        the later half of the rounds (Gelman & Rubin, 1992): 1 where chains agree.
    delta : mapping of str to float
        What was added to imputed values, in standard deviations of those observed.
    persons : bool
        Whether groups are workers and rows their service users.
    notes : tuple of str
        What a reader has to know.

    References
    ----------
    Gelman, A., & Rubin, D. B. (1992). Inference from iterative simulation using multiple
    sequences. Statistical Science, 7(4), 457-472.
    """

    _figure: ClassVar[str] = "plot_imputed"

    columns: tuple[str, ...]
    group: str
    team: str | None
    n_imputations: int
    iterations: int
    seed: int
    n_rows: int
    n_groups: int
    table: pd.DataFrame
    trace: pd.DataFrame
    delta: Mapping[str, float]
    persons: bool
    notes: tuple[str, ...]
    _rows: Rows
    _drawn: tuple[Mapping[int, Floats], ...]

    @property
    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """The indicators among ``columns`` of each category that was given."""
        return self._rows.categories

    @property
    def complete(self) -> bool:
        """Whether nothing was missing."""
        return not self._drawn[0]

    def completed(self, number: int) -> pd.DataFrame:
        """Return one completed data set: rows of people, to be kept as such.

        Parameters
        ----------
        number : int
            From 1 to ``n_imputations``.

        Returns
        -------
        pandas.DataFrame
            Group and team ids and ``columns``, complete; the index is where each row stood in
            what was given, from 0.
        """
        require_whole("number", number, lowest=1, highest=self.n_imputations)
        values = self._rows.cells.copy()
        for place, drawn in self._drawn[number - 1].items():
            values[place, np.isnan(values[place])] = drawn
        return self._framed(values)

    def observed(self) -> pd.DataFrame:
        """Return the same rows with their missing values; rows of people, to be kept as such."""
        return self._framed(self._rows.cells)

    def _framed(self, values: Floats) -> pd.DataFrame:
        rows = self._rows
        ids = {self.group: rows.ids[rows.codes]}
        if self.team is not None and rows.parents is not None and rows.parent_ids is not None:
            ids[self.team] = rows.parent_ids[rows.parents[rows.codes]]
        columns = dict(zip(self.columns, values, strict=True))
        return pd.DataFrame({**ids, **columns}, index=rows.places)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a column; never rows of people."""
        return self.table.copy()

    def summary(self) -> str:
        """Return what was missing and imputed as a text for people."""
        rows = self.table.to_dict(orient="records")
        shown = [
            {
                "column": row["column"],
                "of": row["property_of"],
                "missing": f"{row['n_missing']:,} of {row['n']:,} ({share(row['share_missing'])})",
                "method": row["method"],
                "mean observed": number(row["mean_observed"]),
                "mean imputed": number(row["mean_imputed"]),
            }
            for row in rows
        ]
        level = "" if self.team is None else f" within {self.team}"
        return "\n".join(
            [
                f"{counted(self.n_imputations, 'imputation')} of {counted(self.n_rows, 'row')} in "
                f"{counted(self.n_groups, 'group')} of {self.group}{level} (seed {self.seed}, "
                f"{counted(self.iterations, 'round')} each)",
                "",
                *aligned(shown, left=["column", "of", "method"]),
                *notes_below((row["column"], row["note"]) for row in rows),
                *(f"Note: {note}" for note in self.notes),
            ]
        )
