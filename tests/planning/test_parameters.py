"""Parameters: each fault is named with what is allowed, all at once."""

import math

import numpy as np
import pytest

from relsurvey.errors import ModelError
from relsurvey.planning import simulate_study


def rejected(**arguments) -> dict[str, str]:
    with pytest.raises(ModelError, match="No study can be simulated") as caught:
        simulate_study(**({"seed": 1} | arguments))
    rows = caught.value.failures
    assert list(rows.columns) == ["parameter", "value", "allowed"]
    return dict(zip(rows["parameter"], rows["allowed"], strict=True))


@pytest.mark.parametrize(
    ("parameter", "value", "allowed"),
    [
        ("n_workers", 0, "whole number, 1 or more"),
        ("n_workers", 12.5, "whole number"),
        ("n_workers", True, "whole number"),
        ("n_teams", -1, "whole number"),
        ("unmatched_workers", -1, "0 or more"),
        ("correlation", 1.01, "-1 to 1"),
        ("correlation", math.nan, "-1 to 1"),
        ("icc", -0.1, "0 to 1"),
        ("team_share", "0.1", "0 to 1"),
        ("general_share", math.inf, "0 to 1"),
        ("loading", 1.0, "not including, 1"),
        ("missing", 1, "not including, 1"),
        ("ceiling", 0.0, "None, or"),
        ("ceiling", 1.0, "None, or"),
        ("seed", None, "0 or more"),
        ("seed", -4, "0 or more"),
    ],
)
def test_a_value_out_of_bounds_is_named(parameter, value, allowed) -> None:
    found = rejected(**{parameter: value})
    assert list(found) == [parameter]
    assert allowed in found[parameter]


def test_all_faults_come_at_once() -> None:
    assert set(rejected(icc=2, loading=-1, n_teams=0, seed=1.5)) == {
        "icc",
        "loading",
        "n_teams",
        "seed",
    }


def test_faults_between_parameters_come_at_once() -> None:
    found = rejected(n_workers=10, n_teams=11, n_service_users=500, unmatched_workers=0)
    assert found["n_teams"] == "at most n_workers (10)"
    assert found["n_service_users"].startswith("from 35 to 225, so that each of the 10 workers")


def test_every_worker_without_service_users_is_refused() -> None:
    found = rejected(n_workers=20, unmatched_workers=20)
    assert found == {"unmatched_workers": "below n_workers (20)"}


@pytest.mark.parametrize("n_service_users", [10, 50])
def test_the_bounds_that_are_named_can_be_used(n_service_users) -> None:
    study = simulate_study(
        n_workers=10,
        n_teams=10,
        n_service_users=n_service_users,
        unmatched_workers=0,
        unmatched_service_users=0,
        without_id=0,
        largest_group=5,
        seed=3,
    )
    sizes = study.service_users["worker_id"].value_counts()
    assert sizes.tolist() == [n_service_users // 10] * 10


def test_numpy_numbers_are_numbers() -> None:
    study = simulate_study(n_workers=np.int64(60), icc=np.float64(0.2), seed=np.int64(2))
    assert len(study.workers) == 60


def test_an_instrument_of_the_other_side_is_refused() -> None:
    with pytest.raises(ModelError, match="answered by the other side") as caught:
        simulate_study("peech-sc", "rpq-16", seed=1)
    assert caught.value.failures["parameter"].tolist() == [
        "instrument_workers",
        "instrument_service_users",
    ]
