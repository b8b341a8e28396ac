"""No group is named, and no cell of few groups is shown or follows by subtraction."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from relsurvey.agreement import aggregation
from relsurvey.agreement.needed import mean_reliability
from relsurvey.agreement.unnamed import by_number_of_users, quantiles_of, shares_reliable
from relsurvey.errors import ModelError
from relsurvey.reporting import plot_agreement


@pytest.fixture(scope="module")
def named():
    rng = np.random.default_rng(5)
    sizes = np.r_[rng.integers(1, 9, 50), 60]
    worker = np.repeat([f"Zebra{i:02d}" for i in range(51)], sizes)
    effect = np.repeat(rng.normal(0, 0.7, 51), sizes)
    q = {
        f"q{i}": np.clip(np.round(3 + effect + rng.normal(0, 0.9, len(worker))), 1, 5)
        for i in (1, 2)
    }
    frame = pd.DataFrame({"worker_id": worker, **q})
    return frame.assign(score=frame[["q1", "q2"]].mean(axis=1))


def test_nothing_for_others_names_a_group(named):
    found = aggregation(named, "score", "worker_id", items=["q1", "q2"], categories=5)
    axes = found.plot()
    drawn = " ".join(text.get_text() for text in axes.texts) + axes.get_title()
    shown = [found.summary(), str(found), repr(found), json.dumps(found.to_dict()),
             found._repr_html_(), drawn]  # fmt: skip
    for text in shown:
        assert "Zebra" not in text
    assert found.to_frame()["group"].iloc[0] == "Zebra00"


def test_the_worker_with_by_far_the_most_is_not_told_apart(named):
    found = aggregation(named, "score", "worker_id", items=["q1", "q2"], categories=5)
    assert found.by_users["n_workers"].min() >= 10
    assert np.isnan(found.by_users["users_to"].iloc[-1])
    assert found.by_users["n_workers"].sum() == 51
    assert found.by_users["users_median"].max() < 60
    assert "60" not in found.by_users["users"].str.cat(sep=" ")


def test_fewer_groups_than_the_threshold_show_nothing_by_group(named):
    few = named[named["worker_id"] < "Zebra08"]
    found = aggregation(few, "score", "worker_id", items=["q1", "q2"], categories=5)
    assert len(found.by_users) == 0
    assert len(found.items) == 0
    assert found.shares["share"].isna().all()
    assert found.nulls[["mean", "p50"]].isna().all().all()
    assert found.mean_reliability[["mean", "p50"]].isna().all().all()
    assert np.isfinite(found.icc1)
    assert any("Nothing is shown by group" in note for note in found.notes)
    with pytest.raises(ModelError, match="5 or more; it is 1"):
        aggregation(few, "score", "worker_id", items=["q1", "q2"], categories=5, threshold=1)


def test_a_small_number_of_lost_groups_is_not_told():
    frame = pd.DataFrame({"g": np.repeat(np.arange(20), 3), "y": np.tile([1.0, 2, 4], 20)})
    frame.loc[frame["g"] < 2, "y"] = np.nan
    found = aggregation(frame, "y", "g")
    assert found.n_groups_dropped == 2
    assert found.to_dict()["n_groups_dropped"] is None
    assert any("some groups with them" in note for note in found.notes)


def test_quantiles_leave_enough_on_either_side():
    row = quantiles_of(np.arange(40.0), 10).iloc[0]
    assert np.isnan(row["p10"])
    assert row["p25"] == np.quantile(np.arange(40.0), 0.25)
    row = quantiles_of(np.r_[np.arange(40.0), np.nan], 10).iloc[0]
    assert np.isnan(row["n_workers"])
    row = quantiles_of(np.full(30, np.nan), 10).iloc[0]
    assert row["n_workers"] == 0
    assert np.isnan(row["mean"])


@settings(max_examples=60)
@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=90),
    st.floats(0.01, 0.6),
    st.integers(5, 12),
)
def test_no_difference_of_shown_counts_is_small(sizes, icc, threshold):
    n = np.array(sizes, dtype=float)
    reliability = mean_reliability(icc, n)
    shares = shares_reliable(reliability, threshold)
    taken = shares["n_workers"].dropna().tolist()
    rows = by_number_of_users(n, reliability, threshold, taken)
    counts = {0, len(sizes), *(len(sizes) - int(count) for count in taken)}
    counts |= set(np.cumsum(rows["n_workers"].to_numpy(dtype=int)).tolist())
    gaps = np.diff(sorted(counts))
    if len(sizes) >= threshold:
        assert (gaps >= threshold).all()
        assert rows["n_workers"].sum() == len(sizes)
    else:
        assert not taken
        assert rows.empty
    assert len(rows) <= 6
    for row in shares.dropna().to_dict("records"):
        assert row["share"] == np.mean(reliability >= row["reliability"] - 1e-12)


def test_the_figure_draws_sets_and_takes_an_axes(named):
    found = aggregation(named, "score", "worker_id", items=["q1", "q2"], categories=5)
    axes = plot_agreement(found)
    assert isinstance(axes, Axes)
    labels = [text.get_text() for text in axes.texts]
    assert labels == ["the usual .70", *(f"{count}" for count in found.by_users["n_workers"])]
    assert len(axes.collections[0].get_offsets()) == len(found.by_users)
    curve = axes.lines[0]
    assert curve.get_ydata()[0] == pytest.approx(found.icc1)
    assert plot_agreement(found, axes) is axes


def test_the_figure_without_an_icc_or_without_sets(named):
    alone = named.drop_duplicates("worker_id")
    axes = aggregation(alone, "score", "worker_id").plot()
    assert axes.texts[0].get_text() == "no ICC(1), so no reliability"
    few = aggregation(named[named["worker_id"] < "Zebra08"], "score", "worker_id").plot()
    assert [text.get_text() for text in few.texts] == ["the usual .70"]
    assert not few.collections
