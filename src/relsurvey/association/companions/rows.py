"""The rows of a prepared question, for methods that have to see each answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.estimability import require_regression
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.prepared import Prepared
from relsurvey.errors import ModelError
from relsurvey.moments.group_columns import number_matrix, require_finite, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import between_name, within_name
from relsurvey.text import counted

__all__ = ["Rows", "require_fittable", "rows_of"]

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Complete rows: n of them, p terms, C clusters.

    Attributes
    ----------
    outcome : str
        The column of the answers.
    answers : numpy.ndarray
        Shape (n,).
    terms : tuple of str
        The terms, the predictor first.
    design : numpy.ndarray
        Shape (n, p), without a constant; in the units of the columns.
    clusters : numpy.ndarray of int
        Shape (n,): the cluster of each row, from 0: the team where the model has a level for
        teams, otherwise the worker.
    n_clusters : int
        C.
    n_groups : int
        Workers.
    by : str
        The column of clusters.
    """

    outcome: str
    answers: Floats
    terms: tuple[str, ...]
    design: Floats
    clusters: Codes
    n_clusters: int
    n_groups: int
    by: str

    @property
    def n_rows(self) -> int:
        """Number of rows, n."""
        return len(self.answers)


def rows_of(prepared: Prepared, outcome: str | None = None) -> Rows:
    """Read the rows of a question again, terms and clusters as its model has them.

    Parameters
    ----------
    prepared : Prepared
        The question.
    outcome : str, optional
        Another column of answers than the question's own, such as a single item.

    Returns
    -------
    Rows
        Rows without a missing value in a column used, or a missing id.

    Raises
    ------
    ModelError
        Where a column is unknown, no number, or infinite; or no row is complete.
    """
    answers = prepared.outcome if outcome is None else outcome
    columns = [prepared.predictor, *prepared.covariates, answers]
    levels = [prepared.group] + ([prepared.team] if prepared.team else [])
    table = take_columns(prepared.frame, [*columns, *levels])
    values = number_matrix(table, columns)
    require_finite(values, columns, table)
    codes = [group_codes(table.by_name[level], level)[0] for level in levels]
    keep = ~np.isnan(values).any(axis=0) & np.all([code >= 0 for code in codes], axis=0)
    if not keep.any():
        raise ModelError(
            f"No row has {answers!r}, all predictors and an id.",
            hint="Check the column names, and how missing answers are coded.",
        )
    values = values[:, keep]
    kept = [np.unique(code[keep], return_inverse=True)[1] for code in codes]
    by_name = dict(zip(columns, values, strict=True))
    design = np.column_stack([_term(name, prepared, by_name, kept[0]) for name in prepared.terms])
    return Rows(
        outcome=answers,
        answers=by_name[answers],
        terms=prepared.terms,
        design=design,
        clusters=kept[-1],
        n_clusters=int(kept[-1].max()) + 1,
        n_groups=int(kept[0].max()) + 1,
        by=levels[-1],
    )


def _term(name: str, prepared: Prepared, by_name: dict[str, Floats], groups: Codes) -> Floats:
    """Return one term: a column as it is, or a part of a covariate that is split."""
    for covariate in prepared.covariates:
        if name in (within_name(covariate), between_name(covariate)):
            values = by_name[covariate]
            means = (np.bincount(groups, values) / np.bincount(groups))[groups]
            return means if name == between_name(covariate) else values - means
    return by_name[name]


def require_fittable(rows: Rows) -> None:
    """Refuse rows that no regression on these terms can be fitted to.

    Raises
    ------
    ModelError
        Where there is one cluster, the answers or a term do not vary, or terms are too many or
        collinear.
    """
    if rows.n_clusters == 1:
        raise ModelError(
            f"All {counted(rows.n_rows, 'row')} are of one {rows.by}: errors that allow for "
            "clusters need at least two.",
            hint="Check the column of ids; results are worth reading with 10 or more.",
        )
    columns = dict(zip(rows.terms, rows.design.T, strict=True))
    table = {**columns, rows.outcome: rows.answers, rows.by: rows.clusters}
    sums = group_sums(table, [*rows.terms, rows.outcome], rows.by)
    require_regression(sums, rows.outcome, rows.terms)
