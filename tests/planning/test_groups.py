"""Groups: sizes, and who belongs to whom, before any answer is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.planning.groups import allocate, numbered


@given(st.integers(1, 60), st.integers(1, 25), st.floats(0, 1), st.floats(0.05, 10), st.integers(0))
@settings(deadline=None, max_examples=80)
def test_sizes_add_up_and_stay_within_bounds(groups, largest, fill, evenness, seed) -> None:
    total = groups + round(fill * groups * (largest - 1))
    sizes = allocate(np.random.default_rng(seed), total, groups, largest, evenness)
    assert sizes.shape == (groups,)
    assert sizes.sum() == total
    assert sizes.min() >= 1
    assert sizes.max() <= largest


def test_no_groups_for_nobody() -> None:
    assert allocate(np.random.default_rng(1), 0, 0, 20, 2.0).size == 0


def test_lower_evenness_gives_more_uneven_groups() -> None:
    spread = [
        np.mean([allocate(np.random.default_rng(s), 400, 50, 60, e).std() for s in range(20)])
        for e in (0.5, 2.0, 50.0)
    ]
    assert spread[0] > spread[1] > spread[2]


@pytest.mark.parametrize(("count", "last"), [(3, "W003"), (999, "W999"), (1000, "W1000")])
def test_ids_have_one_length(count, last) -> None:
    ids = numbered("W", count, 3)
    assert ids[-1] == last
    assert {len(name) for name in ids} == {len(last)}
