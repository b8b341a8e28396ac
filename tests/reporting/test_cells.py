"""Cells of tables are hidden so that nobody can work them out, whoever knows the rule included."""

from collections import defaultdict
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.disclosure.audit import Known, bounds, covers
from relsurvey.reporting.disclosure.tables import Suppressed, knowledge, suppressed

EXACT = Disclosure(10)
ROUNDED = Disclosure(10, frozenset({"worker"}))
ZEROS_TOO = Disclosure(10, frozenset({"worker"}), zeros=False)


def ways(people, cells):
    """Every way to put so many people into so many cells."""
    for bars in combinations(range(people + cells - 1), cells - 1):
        yield tuple(b - a - 1 for a, b in pairwise((-1, *bars, people + cells - 1)))


def seen(table, rules):
    """All that readers see of a table: its cells, its row totals, and its column totals."""
    cells = [
        "hidden" if hidden else rules.count(int(count), "worker")
        for count, hidden in zip(table.counts.ravel(), table.hidden.ravel(), strict=True)
    ]
    totals = [
        "hidden" if hidden else rules.count(int(row.sum()), "worker")
        for row, hidden in zip(table.counts, table.hidden_totals, strict=True)
    ]
    columns = [rules.count(int(total), "worker") for total in table.counts.sum(axis=0)]
    return (*cells, *totals, *columns, rules.count(int(table.counts.sum()), "worker"))


def test_bounds_are_those_of_all_whole_numbers_that_fit():
    known = [Known((0, 1, 2), 20, 20), Known((0, 1), 6, 9), Known((2,), 0, 12)]
    fit = [way for way in ways(20, 3) if 6 <= way[0] + way[1] <= 9 and way[2] <= 12]
    for cell in range(3):
        values = [way[cell] for way in fit]
        assert bounds(3, known, [cell]) == (min(values), max(values))
    assert bounds(2, [Known((0,), 1, np.inf)], [0, 1]) == (1, np.inf)
    assert np.isnan(bounds(1, [Known((0,), 3, 2)], [0])).all()


def test_a_cell_that_could_be_only_some_small_numbers_is_not_covered():
    assert not covers((3, 9), 1, 9)
    assert not covers((1, 8), 1, 9)
    assert not covers((float("nan"), float("nan")), 1, 9)


@pytest.mark.parametrize(
    ("people", "shape", "rules"),
    [
        (14, (3, 1), Disclosure(5)),
        (7, (3, 1), Disclosure(5, frozenset({"worker"}))),
        (12, (3, 1), Disclosure(5, zeros=False)),
        (8, (2, 2), Disclosure(5)),
    ],
)
def test_no_small_cell_is_known_to_somebody_who_tries_every_table(people, shape, rules):
    """Who knows the rule too, and so how each table would have been shown."""
    possible = defaultdict(list)
    for whole in rules.could_be(rules.shown(people, "worker"), "worker"):
        for way in ways(whole, shape[0] * shape[1]):
            table = suppressed(np.array(way).reshape(shape), rules, "worker")
            possible[seen(table, rules)].append(way)
    for view, tables in possible.items():
        array = np.array(tables)
        found = array.min(axis=0) == array.max(axis=0)
        known = array[0][found]
        assert not any(rules.is_small(int(count)) for count in known), (view, tables[:3])


@pytest.mark.parametrize("rules", [EXACT, ROUNDED, ZEROS_TOO, Disclosure(5)])
@settings(max_examples=25)
@given(st.data())
def test_every_small_cell_can_be_anything_that_is_small(rules, data):
    shape = data.draw(st.sampled_from([(3, 1), (5, 1), (3, 2), (4, 2)]))
    cells = shape[0] * shape[1]
    counts = np.array(
        data.draw(st.lists(st.integers(0, 60), min_size=cells, max_size=cells))
    ).reshape(shape)
    table = suppressed(counts, rules, "worker")
    small = [i for i, count in enumerate(counts.ravel()) if rules.is_small(int(count))]
    assert all(table.hidden.ravel()[i] for i in small)
    if table.hidden_totals.all():
        return  # all that is shown are the margins, which the whole report protects
    known = knowledge(table, rules, "worker")
    for place in small:
        found = bounds(counts.size, known, [place])
        assert covers(found, rules.least, rules.threshold - 1), (counts.tolist(), place, found)


def test_the_audit_finds_what_a_careless_table_gives_away():
    """A lone hidden cell beside its row total and the column totals."""
    counts = np.array([[40, 30], [4, 25], [31, 22]])
    hidden = np.zeros(counts.shape, dtype=bool)
    hidden[1, 0] = True
    careless = Suppressed(counts, hidden, np.zeros(3, dtype=bool))
    assert bounds(6, knowledge(careless, EXACT, "worker"), [2]) == (4, 4)
    careful = suppressed(counts, EXACT, "worker")
    assert covers(bounds(6, knowledge(careful, EXACT, "worker"), [2]), 1, 9)
    assert careful.hidden.sum() > 1


def test_which_others_are_hidden_goes_by_place_and_not_by_size():
    first = suppressed(np.array([[4], [30], [90], [25]]), EXACT, "worker")
    second = suppressed(np.array([[4], [90], [30], [25]]), EXACT, "worker")
    assert first.hidden.ravel().tolist() == second.hidden.ravel().tolist()
    assert first.hidden.ravel().tolist() == [True, True, False, False]


def test_nothing_is_hidden_where_nothing_is_small():
    table = suppressed(np.array([[40, 20], [0, 30], [15, 0]]), EXACT, "worker")
    assert not table.hidden.any()
    assert not table.hidden_totals.any()


def test_rounded_margins_need_fewer_hidden_cells():
    counts = np.array([[3], [40], [30], [52], [61]])
    assert suppressed(counts, ROUNDED, "worker").hidden.sum() <= (
        suppressed(counts, EXACT, "worker").hidden.sum()
    )
