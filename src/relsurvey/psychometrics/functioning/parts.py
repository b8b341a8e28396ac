"""One scale by one grouping: who is compared, and the tests of every item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.criteria import LARGEST_R2_CHANGE
from relsurvey.frames import float_array
from relsurvey.psychometrics.functioning.item_tests import ItemTest, untested
from relsurvey.psychometrics.functioning.scale_tests import ScaleTests, scale_tests
from relsurvey.psychometrics.functioning.settings import ADJUSTMENTS, Adjustment, Settings
from relsurvey.psychometrics.grouping import Grouping
from relsurvey.scoring.items import KeyedItems

__all__ = ["Part", "adjusted", "tests_of"]

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """The tests of one scale by one grouping.

    Attributes
    ----------
    by, scale : str
        The grouping and the scale.
    items : tuple of str, length k
        The items of the scale.
    n : int
        Rows used.
    n_answers : list of int, length k
        Different answers given to each item.
    used : tuple of str
        The groups that are large enough.
    counts : dict of str to int
        Rows with every item answered, of every group: for the choice of groups, not to be shown
        where a group is small.
    tests : ScaleTests
        One test an item.
    """

    by: str
    scale: str
    items: tuple[str, ...]
    n: int
    n_answers: list[int]
    used: tuple[str, ...]
    counts: dict[str, int]
    tests: ScaleTests


def tests_of(items: KeyedItems, scale: str, groups: Grouping, settings: Settings) -> Part:
    """Test the items of a scale between the groups that are large enough."""
    columns = items.scales[scale]
    chosen = items.frame.select(*columns)
    answers = float_array(chosen.collect() if isinstance(chosen, nw.LazyFrame) else chosen)
    there = ~np.isnan(answers).any(axis=1) & (groups.codes >= 0)
    counts = np.bincount(groups.codes[there], minlength=len(groups.labels))
    enough = np.flatnonzero(counts >= settings.minimum_group)
    used = tuple(groups.labels[place] for place in enough)
    rows = there & np.isin(groups.codes, enough)
    answers, codes = answers[rows], np.searchsorted(enough, groups.codes[rows])
    if len(used) < 2:
        why = _too_few_groups(groups, settings.minimum_group)
        tests = ScaleTests([untested(len(used), why) for _ in columns], columns)
    else:
        flag = (lambda found: _flags(found, settings)) if settings.purify else None
        tests = scale_tests(columns, answers, codes, used, matching=settings.matching, flag=flag)
    n_answers = [len(np.unique(column)) for column in answers.T]
    by_label = dict(zip(groups.labels, counts.tolist(), strict=True))
    return Part(groups.name, scale, columns, len(answers), n_answers, used, by_label, tests)


def _too_few_groups(groups: Grouping, minimum: int) -> str:
    if not groups.labels:
        return f"nobody's {groups.name} is known"
    if len(groups.labels) == 1:
        return f"everybody has the same {groups.name}: there is nothing to compare"
    return f"fewer than two groups by {groups.name} have {minimum} people with every item answered"


def _flags(tests: Sequence[ItemTest], settings: Settings) -> list[bool]:
    changes = [test.figures["r2_change_total"] for test in tests]
    chances = adjusted([test.figures["p_total"] for test in tests], settings.adjust)
    return [
        bool(change >= LARGEST_R2_CHANGE and p < settings.alpha)
        for change, p in zip(changes, chances, strict=True)
    ]


def adjusted(values: Sequence[float], adjust: Adjustment) -> Array:
    """Return p values adjusted for their number; those that are NaN are not counted."""
    from statsmodels.stats.multitest import multipletests

    p = np.asarray(values, dtype=np.float64)
    there = ~np.isnan(p)
    method = ADJUSTMENTS[adjust]
    if method is not None and there.any():
        p = p.copy()
        p[there] = multipletests(p[there], method=method)[1]
    return p
