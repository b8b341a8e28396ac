"""The drawn files: legal codes, exact counts, wanted shares, the same seed the same study."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from relsurvey.instruments import NotApplicableCode, load_instrument
from relsurvey.planning import simulate_study

WORKERS, SERVICE_USERS = load_instrument("rpq-16"), load_instrument("peech-sc")
WORKER_ITEMS, ITEMS = list(WORKERS.item_ids), list(SERVICE_USERS.item_ids)
DRAWS = 30
MOST_STANDARD_ERRORS = 4.0


def drawn(seed=1, **arguments):
    return simulate_study(WORKERS, SERVICE_USERS, seed=seed, **arguments)


@pytest.fixture(scope="module")
def repeated():
    return [drawn(seed) for seed in range(DRAWS)]


def test_same_seed_same_study_other_seed_other_study() -> None:
    first, again, other = drawn(7), drawn(7), drawn(8)
    for name in ("workers", "service_users", "latent_workers", "latent_service_users"):
        assert_frame_equal(getattr(first, name), getattr(again, name))
        assert not getattr(first, name).equals(getattr(other, name))
    assert first.truth == again.truth
    assert first.truth["scores"] == other.truth["scores"]


def test_fewer_holes_leave_people_and_their_other_answers_as_they_were() -> None:
    holes, whole = drawn(3), drawn(3, missing=0.0, not_applicable=0.0)
    assert_frame_equal(holes.latent_workers, whole.latent_workers)
    assert_frame_equal(holes.latent_service_users, whole.latent_service_users)
    answered = holes.service_users[ITEMS].isin([0.0, 1.0, 2.0, 3.0]).to_numpy()
    assert 0.85 < answered.mean() < 1
    same = holes.service_users[ITEMS].to_numpy() == whole.service_users[ITEMS].to_numpy()
    assert same[answered].all()


@settings(deadline=None, max_examples=30)
@given(
    n_workers=st.integers(12, 60),
    n_teams=st.integers(1, 12),
    per_worker=st.floats(1, 8),
    correlation=st.floats(-1, 1),
    icc=st.floats(0, 1),
    team_share=st.floats(0, 1),
    general_share=st.floats(0, 1),
    loading=st.floats(0, 0.99),
    ceiling=st.none() | st.floats(0.01, 0.99),
    missing=st.floats(0, 0.9),
    not_applicable=st.floats(0, 1),
    unmatched=st.tuples(st.integers(0, 5), st.integers(0, 30), st.integers(0, 5)),
    seed=st.integers(0, 2**32),
)
def test_any_study_is_legal(n_workers, n_teams, per_worker, unmatched, seed, **shares) -> None:
    apart, astray, unnamed = unmatched
    linked = round((n_workers - apart) * per_worker)
    study = drawn(
        seed,
        n_workers=n_workers,
        n_teams=n_teams,
        n_service_users=linked + astray + unnamed,
        unmatched_workers=apart,
        unmatched_service_users=astray,
        without_id=unnamed,
        **shares,
    )
    workers, users = study.workers, study.service_users
    assert list(workers) == ["worker_id", "team", *WORKER_ITEMS]
    assert list(users) == ["respondent_id", "worker_id", *ITEMS]
    assert (len(workers), len(users)) == (n_workers, linked + astray + unnamed)
    assert workers["worker_id"].is_unique
    assert users["respondent_id"].is_unique
    assert workers["team"].nunique() == n_teams
    assert set(workers[WORKER_ITEMS].stack().dropna()) <= {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}
    assert set(users[ITEMS].stack().dropna()) <= {0.0, 1.0, 2.0, 3.0, 9.0}
    known = users["worker_id"].isin(workers["worker_id"])
    assert users["worker_id"].isna().sum() == unnamed
    assert (~known).sum() == astray + unnamed
    assert (~workers["worker_id"].isin(users["worker_id"])).sum() == apart
    sizes = users["worker_id"].value_counts()
    assert sizes.min() >= 1
    assert sizes.max() <= 20


def test_the_latent_frames_stand_beside_the_files() -> None:
    study = drawn(4)
    users, latent = study.service_users, study.latent_service_users
    assert users["respondent_id"].equals(latent["respondent_id"])
    named = users["worker_id"].notna()
    assert users.loc[named, "worker_id"].equals(latent.loc[named, "worker_id"])
    answered = study.latent_workers.query("answered")
    assert answered["worker_id"].tolist() == study.workers["worker_id"].tolist()
    assert answered["team"].tolist() == study.workers["team"].tolist()
    assert latent["worker_id"].isin(study.latent_workers["worker_id"]).all()
    assert list(latent)[-4:] == ["trait_SEC", "trait_KNO", "trait_VAL", "trait_CON"]


def test_default_study_is_unbalanced(repeated) -> None:
    for study in repeated:
        sizes = study.service_users["worker_id"].value_counts()
        assert sizes.min() <= 2
        assert 15 <= sizes.max() <= 20
        teams = study.workers["team"].value_counts()
        assert teams.min() < teams.max()


def test_shares_of_answers_and_holes_are_the_wanted_ones(repeated) -> None:
    users = [study.service_users[ITEMS].to_numpy() for study in repeated]
    best = np.where(np.isin(ITEMS, SERVICE_USERS.reversed_items), 0.0, 3.0)
    found = {
        0.03: [np.isnan(table).mean() for table in users],
        0.04: [(table == 9).sum() / (~np.isnan(table)).sum() for table in users],
        0.55: [(table == best).sum() / np.isin(table, [0, 1, 2, 3]).sum() for table in users],
    }
    for wanted, shares in found.items():
        error = np.std(shares, ddof=1) / np.sqrt(DRAWS)
        assert abs(np.mean(shares) - wanted) < MOST_STANDARD_ERRORS * error
        assert MOST_STANDARD_ERRORS * error < 0.1 * wanted


def test_item_shares_in_the_truth_are_as_answered(repeated) -> None:
    items = repeated[0].truth["items"]["service_users"]
    assert items["SEC1"]["shares"][3.0] > items["SEC1"]["shares"][0.0]
    # SEC7 is reverse-keyed: the best answer is Never.
    assert items["SEC7"]["shares"][0.0] > items["SEC7"]["shares"][3.0]
    for item in ("SEC1", "SEC7"):
        table = pd.concat([study.service_users[item] for study in repeated])
        shares = table[table.isin([0, 1, 2, 3])].value_counts(normalize=True)
        for code, wanted in items[item]["shares"].items():
            assert shares[code] == pytest.approx(wanted, abs=0.02)


def test_reversed_items_are_answered_in_the_raw_direction() -> None:
    answers = drawn(5, n_service_users=1800, ceiling=None, loading=0.9).service_users[ITEMS]
    correlations = answers.where(answers != 9).corr()
    assert correlations.loc["SEC7", "SEC1"] < -0.4
    assert correlations.loc["SEC7", "VAL6"] > 0.3


@pytest.mark.parametrize("instrument", ["rpq-10", "rpq-40", "rpq-e"])
def test_every_worker_instrument_can_be_drawn(instrument) -> None:
    study = simulate_study(instrument, SERVICE_USERS, seed=1)
    definition = load_instrument(instrument)
    assert list(study.workers)[2:] == list(definition.item_ids)
    assert set(study.truth["scores"]["workers"]) == set(definition.scales.ids)


def test_text_codes_for_does_not_apply_are_kept_as_text() -> None:
    scale = SERVICE_USERS.response_scale.model_copy(
        update={"not_applicable": (NotApplicableCode(code="n/a"),)}
    )
    changed = SERVICE_USERS.model_copy(update={"response_scale": scale})
    answers = simulate_study(WORKERS, changed, not_applicable=0.2, seed=1).service_users[ITEMS]
    assert 0.15 < (answers == "n/a").to_numpy().mean() < 0.25
    numbers = simulate_study(WORKERS, changed, not_applicable=0.0, seed=1).service_users[ITEMS]
    assert {str(kind) for kind in numbers.dtypes} == {"float64"}


def test_an_instrument_without_does_not_apply_has_none() -> None:
    scale = SERVICE_USERS.response_scale.model_copy(update={"not_applicable": ()})
    changed = SERVICE_USERS.model_copy(update={"response_scale": scale})
    answers = simulate_study(WORKERS, changed, not_applicable=0.5, missing=0.0, seed=1)
    assert answers.service_users[ITEMS].notna().all(axis=None)


def test_a_cell_that_is_both_is_blank() -> None:
    # An item near the middle of a mean of one half says "does not apply" about half the time.
    answers = drawn(2, missing=0.5, not_applicable=0.5).service_users[ITEMS].to_numpy()
    assert np.isnan(answers).mean() == pytest.approx(0.5, abs=0.03)
    assert (answers == 9).mean() == pytest.approx(0.25, abs=0.03)


def test_the_result_has_its_ways_out() -> None:
    study = drawn(1)
    frame = study.to_frame()
    assert list(frame) == ["part", "quantity", "value"]
    slope = frame.query("part == 'TOTAL on RC' and quantity == 'slope'")["value"].item()
    assert slope == study.truth["scores"]["slope"]["RC"]["TOTAL"]
    assert "seed 1 (nobody in it is real)" in study.summary()
    assert "120 workers in 14 teams answered rpq-16" in study.summary()
    document = json.loads(json.dumps(study.to_dict(), allow_nan=False))
    assert len(document["service_users"]) == 900
    assert "<table" in study._repr_html_()
