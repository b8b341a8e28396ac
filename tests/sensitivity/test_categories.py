"""Covariates in words: the same slopes as ``associate``, whatever rows a check leaves."""

import numpy as np
import pandas as pd
import pytest

from relsurvey.association import associate
from relsurvey.errors import ModelError
from relsurvey.sensitivity import check_sensitivity, specification_curve

LEVELS = {"group": "worker_id", "team": "team"}


@pytest.fixture(scope="module")
def study(make_study):
    made = make_study(n_workers=24)
    stage = made["stage"].copy()
    stage[3] = None
    return {**made, "stage": stage}


def own(data, keep=None, covariates=("stage",), **options):
    rows = {name: values if keep is None else values[keep] for name, values in data.items()}
    return associate(rows, "y", "x", covariates=covariates, **LEVELS, **options).slope


def estimate(result, version):
    return result.to_frame().set_index("version").loc[version, "estimate"]


def test_the_primary_slope_is_that_of_associate(study):
    result = check_sensitivity(study, "y", "x", covariates=["stage", "age"], **LEVELS)
    found = associate(study, "y", "x", covariates=["stage", "age"], **LEVELS)
    assert result.primary.estimate == pytest.approx(found.slope, rel=1e-9)
    assert result.primary.conf_low == pytest.approx(found.slope_low, rel=1e-7)
    assert result.primary.n_service_users == found.n_service_users == len(study["y"]) - 1
    assert result.covariates == ("stage", "age")
    assert any("stage is a category" in note for note in result.notes)
    assert "adjusted for stage and age" in result.summary()


@pytest.mark.parametrize("level", ["start", "middle", "end"])
def test_a_level_that_is_left_out_is_no_longer_compared(study, level):
    # One of the three is what the others are compared with.
    gone = (study["stage"] == level).astype(float)
    result = check_sensitivity({**study, "proxy": gone}, "y", "x", covariates="stage",
                               proxy="proxy", **LEVELS)  # fmt: skip
    assert estimate(result, "without proxy answers") == pytest.approx(
        own(study, gone == 0), rel=1e-9
    )


def test_one_level_left_is_nothing_to_hold_equal(study):
    gone = (study["stage"] != "end").astype(float)
    result = check_sensitivity({**study, "proxy": gone}, "y", "x", covariates="stage",
                               proxy="proxy", **LEVELS)  # fmt: skip
    assert estimate(result, "without proxy answers") == pytest.approx(
        own(study, gone == 0, covariates=()), rel=1e-9
    )


def test_a_moderator_in_words_may_be_a_covariate_too(study):
    two = np.where(study["stage"] == "end", "late", "early").astype(object)
    options = {"stage": "phase", **LEVELS}
    alone = check_sensitivity({**study, "phase": two}, "y", "x", **options)
    both = check_sensitivity({**study, "phase": two}, "y", "x", covariates="phase", **options)
    found, held = (
        next(one for one in result.checks if one.name == "stage of relationship").versions[0].found
        for result in (alone, both)
    )
    assert np.isfinite(found.estimate)
    assert held.estimate == pytest.approx(found.estimate, rel=1e-8)
    three = check_sensitivity(study, "y", "x", covariates="stage", stage="stage", **LEVELS)
    check = next(one for one in three.checks if one.name == "stage of relationship")
    assert len(check.versions) >= 6
    assert all(np.isfinite(one.found.estimate) for one in check.versions)


def test_the_curve_takes_words(study):
    curve = specification_curve(
        study, ["y", "y2"], "x", covariate_sets=[["stage", "age"], ["stage"], []],
        minimum_users=(1, 4), exclusions={"proxy": "proxy"}, permutations=20, seed=1, **LEVELS,
    )  # fmt: skip
    assert curve.n_fitted == curve.n_specifications
    table = curve.table.query("model == 'mixed' and outcome == 'y' and minimum_users == 1")
    nobody = table[table["excluded"] == "nobody"].set_index("covariates")["slope"]
    assert nobody["stage + age"] == pytest.approx(own(study, covariates=["stage", "age"]), rel=1e-9)
    assert nobody["stage"] == pytest.approx(own(study), rel=1e-9)
    assert nobody["nothing"] == pytest.approx(own(study, covariates=()), rel=1e-9)
    without = table[table["excluded"] == "proxy"].set_index("covariates")["slope"]
    assert without["stage"] == pytest.approx(own(study, study["proxy"] == 0), rel=1e-9)
    assert any("stage is a category" in note for note in curve.notes)


def test_words_of_people_who_could_not_be_linked_are_compared(study):
    users = pd.DataFrame({name: study[name] for name in ("worker_id", "y", "stage")})
    strangers = pd.DataFrame({"worker_id": ["?"] * 30, "y": 3.0, "stage": ["end"] * 30})
    everybody = pd.concat([users, strangers], ignore_index=True)
    result = check_sensitivity(study, "y", "x", covariates="stage", service_users=everybody,
                               **LEVELS)  # fmt: skip
    check = next(one for one in result.checks if one.name == "linked service users")
    names = [one.name for one in check.versions]
    assert [name for name in names if name.startswith("stage[")]
    others = pd.DataFrame({"worker_id": [f"P{code}" for code in range(40)], "x": np.arange(40.0)})
    with pytest.raises(ModelError, match="No worker_id of the linked table is among the workers"):
        check_sensitivity(study, "y", "x", workers=others, **LEVELS)


def test_an_id_is_no_category(study):
    names = np.array([f"person {place}" for place in range(len(study["y"]))], dtype=object)
    with pytest.raises(ModelError, match="'name' cannot enter as a category"):
        check_sensitivity({**study, "name": names}, "y", "x", covariates="name", **LEVELS)
