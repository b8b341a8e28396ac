"""Split halves against R psych, and against every split written out."""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.psychometrics import split_halves as module
from relsurvey.psychometrics.split_halves import _halves, canonical_order, split_halves

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "reliability_reference.json").read_text())
BFI = json.loads((REFERENCE / "bfi_reference.json").read_text())
SCALES = {"agree": "A", "conscientious": "C", "extraversion": "E", "neuroticism": "N",
          "openness": "O"}  # fmt: skip
EXACT = 1e-6


def sets():
    alphas = json.loads((REFERENCE / "alpha_reference.json").read_text())
    deep = pd.DataFrame(GOLDEN["hierarchical"]["data"])
    yield "attitude", pd.DataFrame(alphas["attitude"]["data"])
    yield "twelve", pd.DataFrame(alphas["twelve"]["data"], dtype=float).dropna()
    yield "four", deep[["d1", "d2", "d5", "d9"]]
    yield "eight", deep.iloc[:, :8]


def of(frame, names=None, **settings):
    return split_halves(np.corrcoef(frame.T), names or list(frame.columns), **settings)


@pytest.mark.parametrize("scale", SCALES)
def test_bfi_is_that_of_psych(bfi_answers, bfi, scale):
    letter = SCALES[scale]
    keyed = bfi_answers[[f"{letter}{i}" for i in range(1, 6)]].dropna()
    keyed = keyed.assign(**{n: 7 - keyed[n] for n in bfi.reversed_items if n in keyed})
    found, psych = of(keyed), BFI[scale]["listwise"]["split_half"]
    assert found.low == pytest.approx(psych["min"], abs=EXACT)
    assert found.mean == pytest.approx(psych["mean"], abs=EXACT)
    assert found.high == pytest.approx(psych["max"], abs=EXACT)
    every = GOLDEN["split_half"]["bfi"][letter]
    assert found.all_low == pytest.approx(every["all_min"], abs=EXACT)
    assert found.all_mean == pytest.approx(every["all_mean"], abs=EXACT)
    assert found.all_high == pytest.approx(every["all_max"], abs=EXACT)


@pytest.mark.parametrize(("name", "frame"), list(sets()), ids=[name for name, _ in sets()])
def test_further_numbers_of_items(name, frame):
    # In the order of the names, "attitude" has another list of splits than psych went through.
    found, golden = of(frame, [f"q{i}" for i in range(frame.shape[1])]), GOLDEN["split_half"][name]
    assert found.low == pytest.approx(golden["psych_min"], abs=EXACT)
    assert found.high == pytest.approx(golden["psych_max"], abs=EXACT)
    if golden["n_items"] % 4 != 3:
        # With 7 items psych divides the sum over 18 splits by 17.5.
        assert found.mean == pytest.approx(golden["psych_mean"], abs=EXACT)
    else:
        assert found.mean == pytest.approx(golden["psych_mean"] * 17.5 / 18, abs=EXACT)
    assert found.all_low == pytest.approx(golden["all_min"], abs=EXACT)
    assert found.all_mean == pytest.approx(golden["all_mean"], abs=EXACT)
    assert found.all_high == pytest.approx(golden["all_max"], abs=EXACT)


@pytest.mark.parametrize("k", [2, 3, 6, 7, 12])
def test_every_split_is_counted_once(k):
    halves, first = module._halves(k, 0)
    size = k // 2
    expected = {frozenset(c) for c in itertools.combinations(range(k), size)}
    seen = {frozenset(np.flatnonzero(row)) for row in halves}
    assert len(seen) == len(halves)
    if k % 2:
        assert seen == expected
        assert first == -(-len(expected) // 2)
    else:
        assert seen | {frozenset(range(k)) - one for one in seen} == expected
        assert first == len(halves) == len(expected) // 2


def correlation(k, r=0.3, seed=0):
    own = np.random.default_rng(seed).uniform(r, 0.8, k)
    return np.outer(own, own) + np.diag(1 - own**2)


@pytest.mark.parametrize("k", [5, 6, 13, 16])
def test_the_order_of_items_does_not_matter(k):
    names, r = [f"x{i}" for i in range(k)], correlation(k)
    found = split_halves(r, names)
    order = np.random.default_rng(2).permutation(k)
    again = split_halves(r[np.ix_(order, order)], [names[i] for i in order])
    for name in found.__slots__:
        assert getattr(again, name) == pytest.approx(getattr(found, name), abs=1e-14)


def test_parallel_items_have_one_figure_that_is_alpha():
    r = np.full((6, 6), 0.4) + 0.6 * np.eye(6)
    found = split_halves(r, list("abcdef"))
    alpha = 6 * 0.4 / (1 + 5 * 0.4)
    assert [found.low, found.mean, found.high] == pytest.approx([alpha] * 3, abs=1e-14)


def test_many_items_are_drawn_and_near_all():
    r, names = correlation(14), [f"x{i}" for i in range(14)]
    found = split_halves(r, names, seed=1)
    sums = [
        4 * r[np.ix_(one, [i for i in range(14) if i not in one])].sum() / r.sum()
        for one in map(list, itertools.combinations(range(14), 7))
    ]
    assert found.all_mean == pytest.approx(np.mean(sums), abs=5e-4)
    assert min(sums) <= found.all_low <= np.quantile(sums, 0.01)
    assert found == split_halves(r, names, seed=1)
    assert found != split_halves(r, names, seed=2)
    assert found.mean == found.all_mean


@pytest.mark.parametrize("r", [[[1.0]], [[1.0, -1.0], [-1.0, 1.0]], [[1.0, np.nan], [np.nan, 1]]])
def test_without_a_sum_there_are_no_halves(r):
    found = split_halves(np.array(r), ["a", "b"][: len(r)])
    assert all(np.isnan(getattr(found, name)) for name in found.__slots__)


def test_numbers_in_names_are_counted_as_numbers():
    names = ["q10", "q9", "q1", "Q2", "7", "q"]
    assert [names[i] for i in canonical_order(names)] == ["7", "Q2", "q", "q1", "q9", "q10"]


@pytest.mark.parametrize("k", [5, 14])
def test_the_splits_kept_for_later_cannot_be_written_to(k):
    halves, _ = _halves(k, 0)
    with pytest.raises(ValueError, match="read-only"):
        halves[0, 0] = True
