"""Input that is not as it should be: a clear error, or a fallback that is said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import ModelError
from relsurvey.evaluation import change

ORDER = ["before", "after"]


def test_words_are_not_ordered_by_their_letters(made):
    data = made()
    with pytest.raises(ModelError, match="comes first is not known: 'before', 'after'"):
        change(data, "score", group="worker_id")
    more = pd.concat([data, data.assign(wave="later on")])
    with pytest.raises(ModelError) as caught:
        change(more, "score", group="worker_id")
    assert "order=['before', 'after', 'later on']" in str(caught.value)
    assert "--order before --order after --order 'later on'" in str(caught.value)


def test_a_wrong_order_is_refused_with_everything_wrong(made):
    with pytest.raises(ModelError, match="not that of the waves") as caught:
        change(made(), "score", group="worker_id", order=["befor", "after", "after"])
    assert len(caught.value.failures) == 3
    assert "did you mean 'before'" in str(caught.value)


@pytest.mark.parametrize(
    ("waves", "labels", "unit"),
    [
        ([2, 10], ("2", "10"), "unit of wave"),
        (["2", "10"], ("2", "10"), "unit of wave"),
        ([2.0, 10.0], ("2", "10"), "unit of wave"),
        (["2024-03", "2023-11"], ("2023-11", "2024-03"), "year"),
        ([date(2024, 3, 1), date(2023, 3, 1)], ("2023-03-01", "2024-03-01"), "year"),
        (pd.to_datetime(["2024-03-01", "2023-03-01"]), ("2023-03-01", "2024-03-01"), "year"),
    ],
)
def test_numbers_and_dates_are_ordered(waves, labels, unit):
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"wave": list(waves) * 12, "kw": np.repeat(range(12), 2)})
    found = change(data.assign(y=rng.normal(size=24)), "y", group="kw")
    assert found.waves == labels
    assert found.time_unit == unit


def test_an_ordered_categorical_is_its_own_order(made):
    data = made()
    data["wave"] = pd.Categorical(data["wave"], categories=ORDER, ordered=True)
    found = change(data, "score", group="worker_id")
    assert found.waves == ("before", "after")
    data["wave"] = pd.Categorical(data["wave"].astype(str), categories=ORDER)
    with pytest.raises(ModelError, match="comes first is not known"):
        change(data, "score", group="worker_id")


def test_polars_gives_the_same(made):
    data = made()
    first = change(data, "score", group="worker_id", order=ORDER)
    second = change(pl.from_pandas(data), "score", group="worker_id", order=ORDER)
    assert first.estimate == second.estimate


def test_one_wave_many_waves_and_a_wave_seen_once(made):
    data = made()
    with pytest.raises(ModelError, match="holds 1 wave: 'before'; change needs two"):
        change(data[data["wave"] == "before"], "score", group="worker_id")
    with pytest.raises(ModelError, match="150 different values"):
        change(data.assign(wave=np.arange(300) // 2), "score", group="worker_id")
    data.loc[7, "wave"] = "aftr"
    with pytest.raises(ModelError, match="'aftr' has fewer"):
        change(data, "score", group="worker_id", order=["before", "aftr", "after"])


def test_ids_of_mixed_type(made):
    data = made()
    data["worker_id"] = data["worker_id"].astype(object)
    data.loc[0, "worker_id"] = 7
    with pytest.raises(ModelError, match="mixes text and numbers"):
        change(data, "score", group="worker_id", order=ORDER)
    with pytest.raises(ModelError, match="'wave', which tells waves apart, mixes text and num"):
        change({"wave": [1, "two"] * 4, "kw": [1, 1, 2, 2, 3, 3, 4, 4], "y": range(8)}, "y",
               group="kw")  # fmt: skip


def test_a_person_twice_in_a_wave(made):
    data = made()
    with pytest.raises(ModelError, match="several rows in one wave") as caught:
        change(pd.concat([data, data.head(2)]), "score", person="person", order=ORDER)
    assert caught.value.failures.to_dict(orient="records") == [
        {"wave": "before", "persons with several rows": 2}
    ]


def test_a_copied_row_of_a_worker_is_refused_and_many_answers_are_said(made):
    data = made(users=1)
    twice = pd.concat([data, data.head(1)])
    with pytest.raises(ModelError, match="one row a wave; 1 worker has several in one") as caught:
        change(twice, "score", group="worker_id", order=ORDER)
    assert caught.value.failures.to_dict(orient="records") == [
        {"wave": "before", "workers with several rows": 1}
    ]
    assert "Remove duplicates" in str(caught.value)
    # Answers of different people, nobody known: what the hint says to do works.
    unknown = change(twice.assign(p=""), "score", person="p", group="worker_id", order=ORDER)
    assert unknown.design.startswith("repeated cross-sections")
    many = change(made(), "score", group="worker_id", order=ORDER)
    assert many.design.startswith("repeated cross-sections")
    assert any(note.startswith("30 workers have several rows in one wave") for note in many.notes)
    assert not any("several rows" in note for note in
                   change(data, "score", group="worker_id", order=ORDER).notes)  # fmt: skip


def test_all_options_that_cannot_be_used_are_said_at_once(made):
    with pytest.raises(ModelError, match="6 options cannot be used") as caught:
        change(made(), "score", group="worker_id", order=ORDER, baseline="later", confidence=95,
               threshold=2, reliability=1.4, sd=-1, higher_is_better="yes")  # fmt: skip
    assert set(caught.value.failures["option"]) == {
        "confidence", "higher_is_better", "threshold", "reliability", "sd", "baseline",
    }  # fmt: skip
    with pytest.raises(ModelError, match="2 options cannot be used") as caught:
        change(made(), "score", group="worker_id", threshold=2)
    assert "comes first is not known" in str(caught.value)


def test_persons_in_two_teams_over_the_waves_are_counted_and_said(made):
    data = made()
    moved = (data["wave"] == "after") & data["person"].isin(["p0", "p1"])
    data.loc[moved, ["worker_id", "team"]] = ["w29", "t9"]
    found = change(data, "score", order=ORDER, person="person", team="team", group="worker_id")
    assert any(
        note.startswith("2 persons are in more than one worker_id over the waves")
        for note in found.notes
    )
    assert found.n_units["person"] == 152


def test_training_that_differs_within_a_team_or_is_all_or_none(made):
    data = made()
    options = {"order": ORDER, "group": "worker_id", "team": "team"}
    later = data.assign(trained=data["trained"] & (data["wave"] == "after"))
    with pytest.raises(ModelError, match="'trained' differs within 5 teams") as caught:
        change(later, "score", trained="trained", **options)
    assert caught.value.failures["team"].tolist() == ["t0", "t1", "t2", "t3", "t4"]
    assert "Say True in all waves" in str(caught.value)
    with pytest.raises(ModelError, match="differs within 5 teams") as caught:
        change(later.assign(trained=later["trained"] * 1), "score", trained="trained", **options)
    assert "Say 1 in all waves" in str(caught.value)
    named = later.assign(team=later["team"].where(later["team"] != "t0", "anna@example.org"))
    with pytest.raises(ModelError, match="differs within 5 teams") as caught:
        change(named, "score", trained="trained", **options)
    assert "anna" not in str(caught.value)
    with pytest.raises(ModelError, match="All teams were trained"):
        change(data.assign(trained=1), "score", trained="trained", **options)
    with pytest.raises(ModelError, match="No teams were trained"):
        change(data, "score", trained=[], **options)
    with pytest.raises(ModelError, match="it also holds 2"):
        change(data.assign(trained=data["trained"] + 1), "score", trained="trained", **options)
    with pytest.raises(ModelError, match="1 of the trained teams is not in the data"):
        change(data, "score", trained=["t0", "T99"], **options)


def test_an_arm_that_is_not_seen_in_a_wave(made):
    data = made()
    data = data[~(data["trained"] & (data["wave"] == "before"))]
    with pytest.raises(ModelError, match="both need at least 2 rows in every wave") as caught:
        change(data, "score", order=ORDER, group="worker_id", team="team", trained="trained")
    assert caught.value.failures.to_dict(orient="records") == [
        {"wave": "before", "of": "trained", "rows": 0}
    ]


def test_unbalanced_losses_are_compared(made):
    data = made(5)
    low = data[data["wave"] == "before"].nsmallest(40, "score")["person"]
    data = data[~((data["wave"] == "after") & data["person"].isin(low))]
    found = change(data, "score", order=ORDER, person="person", group="worker_id")
    lost = found.attrition.iloc[0]
    assert (lost["n_baseline"], lost["n_lost"]) == (150, 40)
    assert lost["conf_high"] < 0
    assert any("40 of 150 persons seen at the baseline" in note for note in found.notes)
    few = data[data["person"].isin(low.head(3)) | ~data["person"].isin(low)]
    hidden = change(few, "score", order=ORDER, person="person").attrition.iloc[0]
    assert hidden[["n_lost", "n_stayed", "mean_lost"]].isna().all()
    assert "fewer than 10" in hidden["note"]


def test_rows_without_ids(made):
    data = made()
    data.loc[:4, "person"] = None
    found = change(data, "score", order=ORDER, person="person", group="worker_id")
    assert any("5 rows without a person" in note for note in found.notes)
    assert found.n_rows == 300
    data.loc[:4, "worker_id"] = None
    found = change(data, "score", order=ORDER, person="person", group="worker_id")
    assert found.n_rows == 295


def test_nobody_to_follow_and_nobody_named(made):
    data = made()
    with pytest.raises(ModelError, match="Who belongs together is not known"):
        change(data, "score", order=ORDER)
    with pytest.raises(ModelError, match="No two answers belong together"):
        change(data.assign(p=np.arange(len(data))), "score", order=ORDER, person="p")
    with pytest.raises(ModelError, match="nobody can be followed"):
        change(data, "score", order=ORDER, group="worker_id", reliability=0.8)


def test_infinite_text_and_constant_outcomes(made):
    data = made()
    with pytest.raises(ModelError, match="Infinite values in 'score'"):
        change(data.assign(score=data["score"].where(data.index > 0, np.inf)), "score",
               order=ORDER, group="worker_id")  # fmt: skip
    with pytest.raises(ModelError, match="A model needs numbers"):
        change(data.assign(score="high"), "score", order=ORDER, group="worker_id")
    with pytest.raises(ModelError, match="'score'"):
        change(data.assign(score=3.0), "score", order=ORDER, group="worker_id")


def test_a_baseline_that_is_no_wave_or_the_last(made):
    for wrong in ("befor", "after"):
        with pytest.raises(ModelError, match="not a wave before the last"):
            change(made(), "score", order=ORDER, group="worker_id", baseline=wrong)
