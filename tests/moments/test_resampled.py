"""Bootstrap moments: those of frames really resampled, whatever the order of rows and columns."""

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.moments import resampled
from relsurvey.moments.items import item_moments
from relsurvey.moments.resampled import resampled_moments

NAMES = ["a", "b", "c"]


def answers(rows: int, *, gaps: float, codes: int = 5, seed: int = 1) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    table = draw.integers(1, codes + 1, (rows, 3)).astype(float)
    table[draw.random(table.shape) < gaps] = np.nan
    return pd.DataFrame(table, columns=NAMES)


def drawn(frame, *, replicates=50, seed=3, missing="listwise", scales=None):
    return resampled_moments(
        nw.from_native(frame), scales or {"s": NAMES},
        replicates=replicates, seed=seed, missing=missing,
    )  # fmt: skip


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_each_sample_has_the_moments_of_its_rows(missing, gaps):
    # Continuous, so that no two rows are alike and the order of the sorted rows is known.
    frame = answers(30, gaps=gaps) + np.random.default_rng(0).normal(size=(30, 3))
    found = drawn(frame, replicates=20, missing=missing)["s"]
    ordered = frame.sort_values(NAMES, na_position="last").reset_index(drop=True)
    draw = np.random.default_rng(3)
    for trace, total in zip(found.trace, found.total, strict=True):
        sample = ordered.iloc[draw.integers(0, 30, size=30, dtype=np.int32)]
        expected = item_moments(nw.from_native(sample), {"s": NAMES}, missing=missing)["s"]
        assert trace == pytest.approx(np.trace(expected.covariance), rel=1e-10)
        assert total == pytest.approx(expected.covariance.sum(), rel=1e-10)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("rows", [60, 4_000])  # the second is drawn by patterns
def test_orders_and_other_scales_do_not_matter(missing, rows):
    frame = answers(rows, gaps=0.1, codes=3)
    found = drawn(frame, missing=missing)["s"]
    shuffled = frame.sample(frac=1, random_state=0)[["c", "a", "b"]]
    shuffled["z"] = np.arange(rows) % 7
    again = drawn(shuffled, missing=missing, scales={"z": ["z", "a"], "s": NAMES})["s"]
    np.testing.assert_array_equal(again.trace, found.trace)
    np.testing.assert_array_equal(again.total, found.total)
    other = drawn(frame, missing=missing, seed=4)["s"]
    assert not np.array_equal(other.total, found.total)


def test_drawing_patterns_is_drawing_rows(monkeypatch):
    frame = answers(2_000, gaps=0.05, codes=3)
    by_pattern = drawn(frame, replicates=3_000)["s"]
    monkeypatch.setattr(resampled, "ROWS_PER_PATTERN", 10**9)
    by_row = drawn(frame, replicates=3_000)["s"]
    for name in ("trace", "total"):
        one, other = getattr(by_pattern, name), getattr(by_row, name)
        assert one.mean() == pytest.approx(other.mean(), abs=5 * one.std() / np.sqrt(3_000))
        assert one.std() == pytest.approx(other.std(), rel=0.1)


def test_blocks_make_no_difference(monkeypatch):
    frame = answers(50, gaps=0.1)
    whole = drawn(frame)["s"]
    monkeypatch.setattr(resampled, "DRAWS", 120)
    np.testing.assert_allclose(drawn(frame)["s"].total, whole.total, rtol=1e-12)


def test_samples_without_two_rows_have_no_moments():
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, None], "c": [2.0, 1.0]})
    found = drawn(frame, replicates=100)["s"]
    # Of two draws, only two of the complete row leave two rows, and those are the same row.
    known = found.total[~np.isnan(found.total)]
    assert 10 < len(known) < 45
    assert (known == 0).all()


def test_polars_gives_the_same():
    frame = answers(40, gaps=0.1)
    other = pl.DataFrame(frame.to_dict("list"), nan_to_null=True)
    np.testing.assert_array_equal(drawn(other)["s"].total, drawn(frame)["s"].total)
