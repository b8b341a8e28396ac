"""Respondents alike: the same answers to everything, or the same id.

Whole patterns are compared, and only those without a gap: two people who left the same items
open, and agree on the two they answered, are not alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.quality.sheet import NOT_APPLICABLE, AnswerSheet

__all__ = ["Alike", "alike", "group_numbers", "repeated_ids"]

Array: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
Groups: TypeAlias = npt.NDArray[np.int64]

_LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class Alike:
    """Who answered as somebody else did; arrays have one entry a respondent.

    Attributes
    ----------
    group : ndarray of int
        The same number for the same pattern; -1 for a pattern with a gap.
    others : ndarray of int
        Other respondents with the same pattern; 0 where it has a gap.
    others_same_worker : ndarray of int
        Those of them who name the same worker; 0 where no worker is named.
    varied : ndarray
        Share of the answers that differ from the respondent's commonest one, raw or keyed,
        whichever is smaller; only for patterns that somebody else has, otherwise NaN. 0 is one
        answer throughout.
    by_chance : ndarray
        How many other respondents would be expected to have the pattern if answers to different
        items were independent; likewise.
    by_chance_same_worker : ndarray
        How many of them would be with the same worker; 0 where no worker is named.
    """

    group: Groups
    others: Counts
    others_same_worker: Counts
    varied: Array
    by_chance: Array
    by_chance_same_worker: Array


def alike(sheet: AnswerSheet) -> Alike:
    """Find respondents with the same answers to every item.

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents. "Does not apply" is an answer here; a respondent with any other gap, or
        without an answer, is not compared.
    """
    marks = np.where(sheet.there, sheet.given + 2, sheet.has(NOT_APPLICABLE)).astype(np.int64)
    whole = (marks > 0).all(axis=0) & sheet.there.any(axis=0)
    group = np.full(sheet.n, -1, dtype=np.int64)
    group[whole] = group_numbers(marks[:, whole], len(sheet.codes) + 2)
    others = _others(group)
    again = np.flatnonzero(others > 0)
    varied, by_chance = np.full(sheet.n, np.nan), np.full(sheet.n, np.nan)
    varied[again] = _varied(sheet, again)
    by_chance[again] = _by_chance(marks, again)
    worker = _workers(sheet)
    with_worker = by_chance * _others(worker) / max(sheet.n - 1, 1)
    return Alike(group, others, _with_same_worker(worker, group), varied, by_chance, with_worker)


def group_numbers(rows: npt.NDArray[np.int64], n_values: int) -> Groups:
    """Give equal columns the same number.

    Parameters
    ----------
    rows : ndarray of int, shape (k, n)
        Values from 0 up to ``n_values``, which is not among them.
    n_values : int
        How many values there are.

    Returns
    -------
    ndarray of int, shape (n,)
        Columns with the same number are the same in every row, and no others.

    Examples
    --------
    >>> group_numbers(np.array([[1, 1, 0], [2, 2, 2]]), 3).tolist()
    [0, 0, 1]
    """
    # Rows become digits of one number, as many as fit; then numbers become digits.
    found = np.zeros(rows.shape[1], dtype=np.int64)
    size = 1
    for row in rows:
        if size > _LARGEST // n_values:
            found = pd.factorize(found)[0].astype(np.int64)
            size = int(found.max(initial=0)) + 1
        found = found * n_values + row
        size *= n_values
    return np.asarray(pd.factorize(found)[0], dtype=np.int64)


def repeated_ids(sheet: AnswerSheet) -> Counts:
    """Count, for each respondent, the rows with the same id (in the same wave).

    Parameters
    ----------
    sheet : AnswerSheet
        The id is ``respondent_id`` where it came with the data; of a survey of workers for
        which nobody named a column of such ids, also ``worker_id``.

    Returns
    -------
    ndarray of int, shape (n,)
        1 where nobody else has it, and where there is no id.
    """
    most = np.ones(sheet.n, dtype=np.int64)
    for name in ["respondent_id"] * sheet.named + ["worker_id"] * sheet.worker_answered:
        ids = [sheet.people[one] for one in (name, "wave") if one in sheet.people]
        np.maximum(most, _others(_joined(ids)) + 1, out=most)
    return most


def _joined(ids: Iterable[pd.Series[Any]]) -> Groups:
    """Give equal combinations the same number; -1 where the first of the columns is missing."""
    first, *rest = (pd.factorize(one)[0].astype(np.int64) for one in ids)
    found = first
    for more in rest:
        found = found * (int(more.max(initial=0)) + 2) + more + 1
    return np.where(first < 0, -1, pd.factorize(found)[0]).astype(np.int64)


def _others(group: Groups) -> Counts:
    sizes = np.bincount(group[group >= 0], minlength=1)
    return np.where(group >= 0, sizes[group] - 1, 0).astype(np.int64)


def _workers(sheet: AnswerSheet) -> Groups:
    """Return a number for the worker that each respondent names; -1 for none."""
    if "worker_id" not in sheet.people or sheet.worker_answered:
        return np.full(sheet.n, -1, dtype=np.int64)
    return pd.factorize(sheet.people["worker_id"])[0].astype(np.int64)


def _with_same_worker(worker: Groups, group: Groups) -> Counts:
    pairs = np.where((worker >= 0) & (group >= 0), group * (len(worker) + 1) + worker, -1)
    numbers = pd.factorize(pairs)[0].astype(np.int64)
    return _others(np.where(pairs < 0, -1, numbers))


def _varied(sheet: AnswerSheet, who: npt.NDArray[np.intp]) -> Array:
    """Return the share of answers, raw or keyed, that are not the respondent's commonest one."""
    commonest = [_most_alike(places[:, who]) for places in (sheet.given, sheet.keyed_places)]
    return np.asarray(1 - np.maximum(*commonest) / sheet.answered[who])


def _most_alike(places: npt.NDArray[np.int32]) -> Counts:
    """Return how often each respondent gave their commonest answer."""
    run, commonest = (np.zeros(places.shape[1], dtype=np.int64) for _ in range(2))
    last = np.full(places.shape[1], -1)
    for answers in np.sort(places, axis=0):
        run = np.where(answers < 0, 0, np.where(answers == last, run + 1, 1))
        np.maximum(commonest, run, out=commonest)
        last = answers
    return commonest


def _by_chance(marks: npt.NDArray[np.int64], who: npt.NDArray[np.intp]) -> Array:
    """Multiply the shares of all respondents who gave the same answer to each item."""
    if not len(who):
        return np.zeros(0)
    n = marks.shape[1]
    logs = np.zeros(len(who))
    for row in marks:
        shares = np.bincount(row, minlength=1) / n
        logs += np.log(shares[row[who]])
    return np.asarray((n - 1) * np.exp(logs))
