"""The four questions, what they rest on, and what is refused."""

import json
import math

import pytest

from relsurvey.errors import ModelError
from relsurvey.planning.power import Effect, power, power_curve
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.effect import correlation_of
from relsurvey.planning.power.formula import formula_power
from relsurvey.text import percent

KNOWN = {"correlation": 0.5, "icc": 0.12}


def test_the_four_questions_give_one_another_back():
    workers = power(**KNOWN, users_per_worker=8, power=0.8).n_workers
    found = power(**KNOWN, users_per_worker=8, n_workers=workers)
    assert found.unknown == "power"
    assert found.power >= 0.8
    assert power(**KNOWN, users_per_worker=8, n_workers=workers - 1).power < 0.8
    assert power(**KNOWN, n_workers=workers, power=0.8).users_per_worker == 8
    weakest = power(icc=0.12, n_workers=workers, users_per_worker=8, power=0.8)
    assert weakest.correlation == pytest.approx(0.5, abs=0.01)
    assert weakest.correlation <= 0.5
    assert weakest.power == pytest.approx(0.8, abs=1e-4)


def test_the_three_ways_to_say_the_effect_are_one():
    effect = Effect(0.4, 0.09, 0.8, 0.9, predictor_sd=0.7, outcome_sd=3.0)
    options = {
        "icc": 0.09, "reliability_predictor": 0.8, "reliability_outcome": 0.9,
        "predictor_sd": 0.7, "outcome_sd": 3.0, "users_per_worker": 6, "n_workers": 50,
    }  # fmt: skip
    said = [power(**options, **{name: getattr(effect, name)})
            for name in ("correlation", "standardised_slope", "slope")]  # fmt: skip
    assert len({round(one.power, 12) for one in said}) == 1
    for one in said:
        assert one.slope == pytest.approx(effect.slope)
        assert one.slope_observed == pytest.approx(effect.slope * 0.8)
        assert one.standardised_slope == pytest.approx(0.4 * 0.3)


def test_the_observed_slope_is_the_attenuated_one():
    effect = Effect(0.5, 0.16, 0.64, 0.81, predictor_sd=2.0, outcome_sd=5.0)
    # Standardised on observed scores: r sqrt(icc) sqrt(both reliabilities).
    observed = effect.slope_observed * 2.0 / 5.0
    assert observed == pytest.approx(0.5 * 0.4 * math.sqrt(0.64 * 0.81))
    assert observed == pytest.approx(
        Design(10, 5, 0.5, 0.16, reliability_predictor=0.64, reliability_outcome=0.81)
        .slope_observed
    )  # fmt: skip
    assert correlation_of("slope", effect.slope, icc=0.16, reliability_predictor=0.64,
                          reliability_outcome=0.81, predictor_sd=2.0,
                          outcome_sd=5.0) == pytest.approx(0.5)  # fmt: skip


def test_the_sentence_says_the_answer_and_all_it_rests_on():
    found = power(
        **KNOWN, users_per_worker=8, power=0.8, reliability_predictor=0.85, workers_per_team=5,
        team_share=0.2, attrition_users=0.3, covariates=2, r_squared_between=0.2,
        user_count_cv=0.5, alpha=0.01,
    )  # fmt: skip
    for words in (
        f"{found.n_workers} workers", "power of 80%", "correlation of 0.50", "p < 0.01",
        "ICC of 0.12", "reliabilities of 0.85", "20% of the differences between workers",
        "30% of service users not answering", "2 covariates", "coefficient of variation of 0.5",
        "formula",
    ):  # fmt: skip
        assert words in found.sentence
    assert "without measurement error" in power(**KNOWN, n_workers=40, users_per_worker=5).sentence
    for causal in ("effect of", "leads to", "improve", "impact", "because"):
        assert causal not in found.summary()


def test_the_table_has_the_answer_among_its_neighbours():
    found = power(**KNOWN, users_per_worker=7, power=0.8)
    table = found.to_frame()
    assert table.loc[table["chosen"], "n_workers"].tolist() == [found.n_workers]
    assert table["n_workers"].is_monotonic_decreasing
    for row in table.itertuples():
        design = Design(int(row.n_workers), row.users_per_worker, 0.5, 0.12)
        assert row.power == pytest.approx(formula_power(design))
        assert row.power >= 0.8


def test_what_cannot_be_reached_in_the_table_has_its_reason():
    found = power(icc=0.05, n_workers=30, users_per_worker=20, power=0.8)
    rows = found.table[found.table["correlation"].isna()]
    assert len(rows)
    assert rows["note"].str.contains("cannot be reached").all()
    assert "none is enough" in found.summary()


def test_results_can_be_written_as_json():
    found = power(**KNOWN, users_per_worker=8, power=0.8)
    read = json.loads(json.dumps(found.to_dict()))
    assert read["n_workers"] == found.n_workers
    assert read["design"]["icc"] == 0.12
    assert read["power_low"] is None


def test_the_curve_rises_and_holds_the_chosen_design():
    found = power(**KNOWN, users_per_worker=8, power=0.8)
    for _, line in found.curve.groupby("users_per_worker"):
        assert line["power"].iloc[3:].is_monotonic_increasing
    chosen = found.curve.query("n_workers == @found.n_workers and users_per_worker == 8")
    assert chosen["power"].tolist() == [found.power]


def test_a_curve_over_a_grid():
    found = power_curve(n_workers=[20, 60], users_per_worker=[5, 10], **KNOWN)
    assert found.to_frame()[["n_workers", "users_per_worker"]].to_numpy().tolist() == [
        [20, 5], [60, 5], [20, 10], [60, 10],
    ]  # fmt: skip
    assert "10 users each" in found.summary()
    assert (
        "No design of the grid" in power_curve(n_workers=[8], users_per_worker=2, **KNOWN).sentence
    )


def test_a_curve_refuses_what_it_does_not_know():
    with pytest.raises(ModelError, match="does not know corelation"):
        power_curve(n_workers=[20], users_per_worker=5, icc=0.1, corelation=0.3)
    with pytest.raises(ModelError, match="n_workers has to be a list of numbers"):
        power_curve(n_workers="many", users_per_worker=5, **KNOWN)


def test_all_faults_are_said_at_once():
    with pytest.raises(ModelError, match="5 options cannot be used as given") as caught:
        power(correlation=0.0, icc=0.0, users_per_worker=0.5, power=1.2,
              reliability_predictor=0.0)  # fmt: skip
    assert caught.value.failures["parameter"].tolist() == [
        "users_per_worker", "icc", "reliability_predictor", "power", "correlation",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"correlation": 1.2}, "'correlation'.*from -1 to 1"),
        ({"correlation": None, "standardised_slope": 0.5}, "from -0.3464 to 0.3464"),
        ({"correlation": None, "slope": 0.0}, "a number other than 0"),
        ({"correlation": float("nan")}, "a number other than 0"),
        ({"icc": 1.0}, "above 0 and below 1"),
        ({"icc": float("nan")}, "above 0 and below 1"),
        ({"icc": "0.1"}, "above 0 and below 1"),
        ({"n_workers": 2}, "a whole number, 3 to"),
        ({"n_workers": 50.0}, "a whole number"),
        ({"standardised_slope": 0.1}, "one of them: they are three ways"),
        ({"power": 0.8}, "all given.*the one left out is what is worked out"),
        ({"n_workers": None}, "one left out; the others are needed"),
        ({"correlation": None, "n_workers": None}, "one left out"),
        ({"team_share": 0.2}, "0 without teams"),
        ({"n_teams": 40}, "at most half of n_workers"),
        ({"n_teams": 5, "workers_per_team": 4}, "one of them"),
        ({"r_squared_between": 0.2}, "0 without covariates"),
        ({"covariates": 60}, "enough that at least 63 answer"),
        ({"attrition_workers": 0.97}, "enough that at least 3 answer"),
        ({"user_count_cv": 0.5, "users_per_worker": 1}, "every worker has one"),
        ({"ceiling": 0.5}, "with method='simulation' only"),
        ({"items": True}, "with method='simulation' only"),
        ({"method": "simulation"}, r"a simulation needs a seed[\s\S]*Give a seed, for instance"),
        ({"method": "formular"}, "did you mean 'formula'"),
        ({"backend": "spark"}, "'processes' or 'threads' or 'dask'"),
    ],
)
def test_impossible_designs_are_refused_with_what_is_allowed(change, said):
    plain = {"n_workers": 50, "users_per_worker": 5, **KNOWN}
    with pytest.raises(ModelError, match=said):
        power(**{**plain, **change})


def test_faults_of_all_kinds_are_said_in_one_go():
    with pytest.raises(ModelError, match="options cannot be used as given") as caught:
        power(icc=1.5, n_workers=20, n_teams=15, team_share=0.2, r_squared_within=0.1,
              correlation=0.3, slope=0.2, ceiling=0.5)  # fmt: skip
    said = caught.value
    assert said.failures["parameter"].tolist() == [
        "icc", "correlation and slope", "n_teams", "r_squared_within", "ceiling",
        "users_per_worker, power",
    ]  # fmt: skip
    assert "not exactly one of the four is left out" in said.message
    assert "give three; the fourth is worked out" in said.hint


def test_the_association_said_twice_is_not_called_out_of_bounds():
    with pytest.raises(ModelError, match="they are three ways") as caught:
        power(icc=0.1, correlation=0.4, slope=0.3, users_per_worker=5, power=0.8)
    assert "bounds" not in str(caught.value)
    assert len(caught.value.failures) == 1


def test_power_at_or_below_alpha_is_no_aim():
    with pytest.raises(ModelError, match="above alpha"):
        power(**KNOWN, users_per_worker=5, power=0.05)


def test_a_power_out_of_reach_is_said_with_what_would_be_enough():
    with pytest.raises(ModelError, match=r"however many service users[\s\S]*workers would be"):
        power(correlation=0.3, icc=0.12, n_workers=20, power=0.8)
    with pytest.raises(ModelError, match="even a correlation of 1"):
        power(icc=0.02, n_workers=10, users_per_worker=2, power=0.9)
    with pytest.raises(ModelError, match="with up to 1,000,000 workers"):
        power(correlation=0.001, icc=0.02, users_per_worker=2, power=0.9)


def test_few_workers_and_single_users_have_their_notes():
    notes = " ".join(power(correlation=0.9, icc=0.3, n_workers=6, users_per_worker=1).notes)
    assert "Only 6 workers" in notes
    assert "With one service user each the power is that of ordinary regression" in notes
    assert "associate refuses such data" in notes
    assert "fewer than 6" not in notes


def test_fewer_than_six_workers_and_nearly_single_users_have_their_notes():
    found = power(correlation=0.9, icc=0.3, n_workers=5, users_per_worker=1.2)
    notes = " ".join(found.notes)
    assert "With fewer than 6 workers power can fall as workers are added" in notes
    assert f"In about {percent(round(0.8**5, 2))} of such studies no worker has more" in notes
    assert found.curve["n_workers"].min() == 6
    plain = power(**KNOWN, n_workers=40, users_per_worker=5)
    assert plain.notes == ()
    assert "formula for the model of the association" in plain.sentence
    alone = power(**KNOWN, n_workers=40, users_per_worker=1).sentence
    assert "formula for ordinary regression" in alone


def test_numbers_too_unequal_for_the_formula_are_refused_and_not_called_nan():
    uneven = {**KNOWN, "user_count_cv": 1.9}
    with pytest.raises(ModelError, match=r"There is no formula for 50 workers with 1\.05"):
        power(**uneven, n_workers=50, users_per_worker=1.05)
    with pytest.raises(ModelError, match=r"There is no formula for 50 workers with 1\.05"):
        power(icc=0.12, user_count_cv=1.9, n_workers=50, users_per_worker=1.05, power=0.8)
    with pytest.raises(ModelError, match="There is no formula for 6 workers with 2 "):
        power_curve(**uneven, n_workers=[6, 200], users_per_worker=2)
    found = power(**uneven, users_per_worker=2, power=0.8)
    assert found.power >= 0.8
    assert found.curve["power"].notna().all()
    table = power(**uneven, n_workers=20, users_per_worker=20).table
    rows = table[table["power"].isna()]
    assert len(rows)
    assert rows["note"].str.contains("There is no formula for 20 workers").all()
