"""One question asked of one table, so that it can be asked again with something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.names import column_names
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.errors import ModelError
from relsurvey.linkage import Linked
from relsurvey.moments.group_columns import (
    number_matrix,
    require_finite,
    take_columns,
)
from relsurvey.moments.group_ids import group_codes
from relsurvey.options import require_confidence, require_name
from relsurvey.sensitivity.slope import Slope, model_slope, require_worker_level
from relsurvey.small_groups import USUAL_THRESHOLD, require_threshold

__all__ = ["Floats", "Mask", "Question", "as_mask", "ask", "category_codes"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """The rows as numbers, and what is asked of them.

    Attributes
    ----------
    columns : mapping of str to numpy.ndarray
        Shape (rows,) each. Ids of workers and teams are numbers here, so that no message can
        name one; NaN where a value or an id is missing.
    outcome, predictor : str
        The two in question.
    covariates : tuple of str
        What is held equal.
    group, team : str, str or None
        The columns of ids.
    confidence : float
        Coverage of intervals.
    threshold : int
        Fewest people of whom a count is shown.
    """

    columns: Mapping[str, Floats]
    outcome: str
    predictor: str
    covariates: tuple[str, ...]
    group: str
    team: str | None
    confidence: float
    threshold: int

    @property
    def n_rows(self) -> int:
        """Rows of the table, complete or not."""
        return len(self.columns[self.outcome])

    def used(self) -> Mask:
        """Return which rows have all that the question needs."""
        names = [self.outcome, self.predictor, *self.covariates, self.group]
        known: Mask = ~np.any([np.isnan(self.columns[name]) for name in names], axis=0)
        if self.team is not None and known.any() and self.prepared().team is not None:
            known &= ~np.isnan(self.columns[self.team])
        return known

    def only(self, keep: Mask) -> Question:
        """Return the question asked of some of the rows."""
        return replace(self, columns={name: one[keep] for name, one in self.columns.items()})

    def having(self, **columns: Floats) -> Question:
        """Return the question with further columns, under names that no other column has."""
        return replace(self, columns={**self.columns, **columns})

    def holding(self, *names: str) -> Question:
        """Return the question with further covariates, each once."""
        return replace(self, covariates=tuple(dict.fromkeys((*self.covariates, *names))))

    def prepared(self, *, each_within: bool = False) -> Prepared:
        """Return sums and terms of the question."""
        return prepare(
            self.columns, self.outcome, self.predictor, covariates=self.covariates,
            group=self.group, team=self.team, each_within=each_within,
        )  # fmt: skip

    def slope(self, model: str = "mixed") -> Slope:
        """Estimate the slope; where that is not possible, the note says why."""
        if not self.used_at_all():
            return Slope(note="no complete row is left")
        try:
            ready = self.prepared(each_within=model != "mixed")
            few = require_worker_level(ready)
            return Slope(note=few) if few else model_slope(ready, self.confidence, model)
        except ModelError as problem:
            return Slope(note=f"not estimable: {problem.message}")

    def used_at_all(self) -> bool:
        """Whether any row has outcome, predictor, covariates and the worker's id."""
        names = [self.outcome, self.predictor, *self.covariates, self.group]
        return bool(not np.any([np.isnan(self.columns[name]) for name in names], axis=0).all())


def ask(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    covariates: str | Sequence[str] | None,
    group: str | None,
    team: str | None,
    further: Sequence[str] = (),
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
) -> Question:
    """Read all columns once, as numbers.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user.
    outcome, predictor, covariates, group, team
        As in ``associate``.
    further : sequence of str
        Other number columns that checks need.
    confidence : float, default 0.95
        Coverage of intervals.
    threshold : int, default 10
        Fewest people of whom a count is shown.

    Returns
    -------
    Question
        Every row of the table.

    Raises
    ------
    ModelError
        Where ``group`` is not known, a column is missing, is no number or infinite, or an option
        cannot be used.
    """
    require_confidence(confidence)
    require_threshold(threshold, "people")
    require_name("outcome", outcome)
    require_name("predictor", predictor)
    names = column_names(covariates, "covariates")
    frame, group, team = _where(linked, group, team)
    numbers = list(dict.fromkeys([outcome, predictor, *names, *further]))
    ids = [group] if team is None else [group, team]
    table = take_columns(frame, list(dict.fromkeys([*numbers, *ids])))
    values = number_matrix(table, numbers)
    require_finite(values, numbers, table)
    columns = dict(zip(numbers, values, strict=True))
    for name in ids:
        codes, _ = group_codes(table.by_name[name], name)
        columns[name] = np.where(codes >= 0, codes, np.nan).astype(np.float64)
    return Question(columns, outcome, predictor, names, group, team, confidence, int(threshold))


def _where(linked: Any, group: str | None, team: str | None) -> tuple[Any, str, str | None]:
    if isinstance(linked, Linked):
        return linked.frame, group or linked.on, team or linked.team
    if group is None:
        raise ModelError(
            "Which column holds the worker's id is not known.",
            hint="Name it, for instance group='worker_id', or give the result of link().",
        )
    return linked, group, team


def category_codes(table: Any, name: str) -> tuple[Floats, list[str]]:
    """Return a column as numbers; text as codes of its categories, and their names.

    Parameters
    ----------
    table : frame or mapping of arrays
        The rows.
    name : str
        A column of numbers or text.

    Returns
    -------
    values : numpy.ndarray
        Shape (rows,); NaN where missing.
    labels : list of str
        The categories, in the order of the codes; none where the column holds numbers.
    """
    taken = take_columns(table, [name])
    try:
        values = number_matrix(taken, [name])
    except ModelError:
        codes, labels = group_codes(taken.by_name[name], name)
        return np.where(codes >= 0, codes, np.nan).astype(np.float64), [str(one) for one in labels]
    require_finite(values, [name], taken)
    return values[0], []


def as_mask(given: Any, n_rows: int, option: str) -> Mask:
    """Return one truth value a row, or refuse what is none.

    Raises
    ------
    ModelError
        Where it is no array of as many true and false (or 0 and 1) as there are rows.
    """
    values = np.asarray(given)
    if values.shape != (n_rows,) or not np.isin(values, [0, 1]).all():
        raise ModelError(
            f"{option} has to be a column, or one True or False for each of {n_rows:,} rows.",
            hint=f"It has shape {values.shape} and type {values.dtype}.",
        )
    return values.astype(bool)
