"""Answers as ordered categories: each different one, or bands between cuts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from numbers import Real

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.errors import ModelError
from relsurvey.text import and_list, counted

__all__ = ["MOST_CATEGORIES", "ordered_categories"]

MOST_CATEGORIES = 12


def ordered_categories(
    answers: Floats, outcome: str, cuts: Sequence[float] | None
) -> tuple[npt.NDArray[np.intp], tuple[str, ...], list[str]]:
    """Sort answers into ordered categories that are all met.

    Parameters
    ----------
    answers : numpy.ndarray
        Shape (n,), without missing values.
    outcome : str
        Their column.
    cuts : sequence of float or None
        Where bands begin, ascending; an answer equal to a cut is in the band above.

    Returns
    -------
    codes : numpy.ndarray of int
        Shape (n,), from 0.
    labels : tuple of str
        The categories, lowest first.
    notes : list of str
        Which bands or answers in between nobody gave.

    Raises
    ------
    ModelError
        Where cuts are no ascending numbers, all answers are in one category, or there are more
        than twelve different answers and no cuts.

    Examples
    --------
    >>> codes, labels, notes = ordered_categories(np.array([1.0, 4.0, 2.5]), "y", [2, 3])
    >>> codes.tolist(), labels
    ([0, 2, 1], ('below 2', '2 to below 3', '3 and above'))
    """
    if cuts is not None:
        return _bands(answers, outcome, _checked(cuts))
    values, codes = np.unique(answers, return_inverse=True)
    if len(values) > MOST_CATEGORIES:
        raise ModelError(
            f"{outcome!r} has {len(values):,} different answers: too many for categories.",
            hint="Say where its bands begin, for instance cuts=[2, 3, 4]; or use the linear model.",
        )
    _require_two(len(values), outcome)
    notes = []
    if (values == np.round(values)).all():
        unmet = sorted(set(range(int(values[0]), int(values[-1]))) - {int(one) for one in values})
        if unmet and len(unmet) <= MOST_CATEGORIES:
            shown = and_list([str(one) for one in unmet])
            notes.append(f"Nobody answered {shown} on {outcome}: no category of its own.")
    return codes, tuple(f"{value:g}" for value in values), notes


def _checked(cuts: Sequence[float]) -> Floats:
    given = list(cuts)
    numbers = all(isinstance(cut, Real) and not isinstance(cut, bool) for cut in given)
    if not given or not numbers or not np.isfinite(given).all() or (np.diff(given) <= 0).any():
        raise ModelError(
            f"cuts have to be numbers that ascend; they are {given!r}.",
            hint="For the bands below 2, 2 to below 3, and 3 and above: cuts=[2, 3].",
        )
    return np.array(given, dtype=np.float64)


def _bands(
    answers: Floats, outcome: str, cuts: Floats
) -> tuple[npt.NDArray[np.intp], tuple[str, ...], list[str]]:
    bands = np.searchsorted(cuts, answers, side="right")
    names = [f"below {cuts[0]:g}"]
    names += [f"{low:g} to below {high:g}" for low, high in pairwise(cuts)]
    names.append(f"{cuts[-1]:g} and above")
    met, codes = np.unique(bands, return_inverse=True)
    _require_two(len(met), outcome)
    empty = [name for place, name in enumerate(names) if place not in met]
    notes = []
    if empty:
        verb = "is" if len(empty) == 1 else "are"
        notes.append(
            f"{counted(len(empty), 'band')} of {outcome} {verb} empty and left out: "
            f"{and_list(empty)}."
        )
    return codes, tuple(names[place] for place in met), notes


def _require_two(count: int, outcome: str) -> None:
    if count < 2:
        raise ModelError(
            f"All answers on {outcome!r} are in one category.",
            hint="What is the same for everyone can go with nothing: check the column, or choose "
            "other cuts.",
        )
