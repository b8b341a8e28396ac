"""What holds for scores whatever was answered."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from relsurvey.scoring import score

ITEMS = ["a", "b", "c", "d", "e"]
SCORES = ["P", "Q", "T"]

answers = st.lists(
    st.tuples(*[st.sampled_from([0, 1, 2, 3, 9, None]) for _ in ITEMS]), min_size=1, max_size=6
).map(lambda rows: pl.DataFrame(rows, schema=dict.fromkeys(ITEMS, pl.Float64), orient="row"))
quick = settings(
    deadline=None,
    max_examples=30,
    # One instrument serves all examples; it is frozen.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def tiny(instrument, a_scale):
    rule = {"share": "2/3", "at_least": 1}
    extras = {"pomp": True, "top_box": True, "minimum_answered": rule}
    return instrument(
        ITEMS,
        [
            a_scale("P", items=["a", "b", "c"], **extras),
            a_scale("Q", items=["d", "e"], **extras),
            a_scale(
                "T", scales=["P", "Q"], composite_of="items", every_scale_scored=True, **extras
            ),
        ],
        reverse=("b", "e"),
        not_applicable=("9",),
    )


def turned(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.when(pl.col(item) <= 3).then(3 - pl.col(item)).otherwise(pl.col(item)).alias(item)
        for item in ITEMS
    )


def values(frame: pl.DataFrame) -> np.ndarray:
    return frame[SCORES].cast(pl.Float64).to_numpy()


@quick
@given(frame=answers, seed=st.integers(0, 999))
def test_order_of_rows_and_items_does_not_matter(tiny, frame, seed):
    draw = np.random.default_rng(seed)
    rows, items = draw.permutation(len(frame)).tolist(), draw.permutation(ITEMS).tolist()
    assert_frame_equal(score(frame[rows].select(items), tiny), score(frame, tiny)[rows])


@quick
@given(frame=answers)
def test_turning_answers_twice_is_nothing(tiny, frame):
    assert_frame_equal(score(turned(turned(frame)), tiny), score(frame, tiny))


@quick
@given(frame=answers)
def test_turning_every_answer_turns_the_scores(tiny, frame):
    mirrored = values(score(turned(frame), tiny))
    np.testing.assert_allclose(mirrored, 3 - values(score(frame, tiny)), atol=1e-12)


@quick
@given(frame=answers)
def test_scores_stay_in_their_range(tiny, frame):
    found = score(frame, tiny)
    for name in SCORES:
        assert found[name].drop_nulls().is_between(0, 3).all()
        assert found[f"{name}_pomp"].drop_nulls().is_between(0, 100).all()
        assert found[f"{name}_top_box"].drop_nulls().is_between(0, 1).all()
        assert (found[name].is_null() == found[f"{name}_top_box"].is_null()).all()


@quick
@given(frame=answers)
def test_the_best_rule_never_lowers_a_score(tiny, frame):
    left_out = values(score(frame, tiny))
    best = values(score(frame, tiny, not_applicable="best"))
    assert not (best < left_out - 1e-12).any()
