"""One question asked of one table, so that it can be asked again with something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.categories import indicator_name
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
from relsurvey.sensitivity.coded import Floats, coded_covariates
from relsurvey.sensitivity.slope import Slope, model_slope, require_worker_level
from relsurvey.small_groups import USUAL_THRESHOLD, require_threshold

__all__ = ["Floats", "Mask", "Question", "as_mask", "ask", "category_codes"]

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
        What is held equal; a category as its indicators.
    group, team : str, str or None
        The columns of ids.
    confidence : float
        Coverage of intervals.
    threshold : int
        Fewest people of whom a count is shown.
    categories : mapping of str to tuple of str
        The indicators of each category among the covariates: of all its levels but one.
    notes : tuple of str
        What a reader has to know of the categories.
    """

    columns: Mapping[str, Floats]
    outcome: str
    predictor: str
    covariates: tuple[str, ...]
    group: str
    team: str | None
    confidence: float
    threshold: int
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def given(self) -> tuple[str, ...]:
        """The covariates, a category by its own name."""
        of = {part: name for name, parts in self.categories.items() for part in parts}
        return tuple(dict.fromkeys(of.get(name, name) for name in self.covariates))

    @property
    def n_rows(self) -> int:
        """Rows of the table, complete or not."""
        return len(self.columns[self.outcome])

    def used(self) -> Mask:
        """Return which rows have all that the question needs."""
        known = self._complete()
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

    def standing(self, rows: Mask | None = None) -> tuple[str, ...]:
        """Return the covariates, without indicators of which the rows leave nothing to tell.

        These are indicators of levels that none of the rows has (the complete ones if not
        given); and, where none has the level that the others are compared with, the first that
        is left is compared with in its place.
        """
        if not self.categories:
            return self.covariates
        complete = self._complete() if rows is None else rows
        gone: set[str] = set()
        for parts in self.categories.values():
            cells = np.stack([self.columns[name] for name in parts])[:, complete]
            there = [name for name, row in zip(parts, cells, strict=True) if row.any()]
            if not (cells == 0).all(axis=0).any():
                there = there[1:]
            gone |= set(parts) - set(there)
        return tuple(name for name in self.covariates if name not in gone)

    def without_level(self, category: str, level: str) -> Question:
        """Return the question without one indicator of a category, that of ``level`` if it can.

        A column of that level may then be added: with the indicators left it says the same.
        """
        parts = self.categories.get(category, ())
        if not parts:
            return self
        own = indicator_name(category, level)
        gone = own if own in parts else parts[0]
        left = tuple(name for name in parts if name != gone)
        categories = {name: one for name, one in self.categories.items() if name != category}
        return replace(
            self,
            covariates=tuple(name for name in self.covariates if name != gone),
            categories={**categories, category: left} if left else categories,
        )

    def prepared(self, *, each_within: bool = False) -> Prepared:
        """Return sums and terms of the question."""
        asked = self.only(self._complete()) if self.categories else self
        return prepare(
            asked.columns, self.outcome, self.predictor, covariates=asked.standing(),
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
        return bool(self._complete().any())

    def _complete(self) -> Mask:
        names = [self.outcome, self.predictor, *self.covariates, self.group]
        complete: Mask = ~np.any([np.isnan(self.columns[name]) for name in names], axis=0)
        return complete


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
    coded = coded_covariates(frame, names)
    plain = [name for name in names if name not in coded.categories]
    numbers = list(dict.fromkeys([outcome, predictor, *plain, *further]))
    ids = [group] if team is None else [group, team]
    table = take_columns(frame, list(dict.fromkeys([*numbers, *ids])))
    values = number_matrix(table, numbers)
    require_finite(values, numbers, table)
    columns = {**dict(zip(numbers, values, strict=True)), **coded.columns}
    for name in ids:
        codes, _ = group_codes(table.by_name[name], name)
        columns[name] = np.where(codes >= 0, codes, np.nan).astype(np.float64)
    covariates = tuple(part for name in names for part in coded.categories.get(name, (name,)))
    return Question(
        columns, outcome, predictor, covariates, group, team, confidence, int(threshold),
        coded.categories, coded.notes,
    )  # fmt: skip


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
