"""associate: Raudenbush and Bryk's figures, by-hand arithmetic, and who may be seen."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.association.equivalence import equivalence
from relsurvey.errors import ModelError

EXACT = 1e-9
CORRELATION = 1e-10


def study(seed: int = 1, n_workers: int = 40, slope: float = 0.8) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    users = random.integers(1, 15, n_workers)
    code = np.repeat(np.arange(n_workers), users)
    reflection = random.normal(4, 0.7, n_workers)[code]
    age = random.normal(45, 12, len(code)) + 3 * random.normal(size=n_workers)[code]
    shift = 0.5 * random.normal(size=n_workers)[code]
    experience = slope * reflection + 0.02 * age + shift + random.normal(size=len(code))
    return pd.DataFrame(
        {
            "worker_id": [f"w{number:03}" for number in code],
            "team": [f"t{number % 6}" for number in code],
            "reflection": reflection,
            "years": random.integers(0, 30, n_workers)[code],
            "age": age,
            "experience": experience,
        }
    )


def linked_study(**options) -> rs.Linked:
    frame = study(**options)
    workers = frame[["worker_id", "team", "reflection", "years"]].drop_duplicates()
    return rs.link(workers, frame[["worker_id", "age", "experience"]], team="team")


def test_means_as_outcomes_of_raudenbush_and_bryk(hsb) -> None:
    result = rs.associate(hsb, "MathAch", "MEANSES", group="School")
    assert round(result.slope, 2) == 5.86
    assert round(result.std_error, 2) == 0.36
    assert round(result.icc, 2) == 0.18
    assert round(result.between_variance_explained, 2) == 0.69
    assert (result.n_workers, result.n_service_users) == (160, 7185)


def test_slope_and_models_are_those_of_fit_mixed(hsb) -> None:
    result = rs.associate(hsb, "MathAch", "MEANSES", group="School")
    row = rs.fit_mixed(hsb, "MathAch", ["MEANSES"], "School").table.iloc[1]
    found = (result.slope, result.std_error, result.df, result.p_value, result.slope_low)
    wanted = row[["estimate", "std_error", "df", "p_value", "conf_low"]].tolist()
    assert found == pytest.approx(wanted, rel=EXACT, abs=0)
    null = rs.fit_mixed(hsb, "MathAch", [], "School")
    assert result.null_model.deviance == pytest.approx(null.deviance, abs=1e-8)


def test_correlation_over_workers_is_that_of_r(hsb, reference) -> None:
    wanted = reference["school_mean_correlation"]
    result = rs.associate(hsb, "MathAch", "MEANSES", group="School")
    assert result.correlation == pytest.approx(wanted["pearson"], rel=CORRELATION)
    assert [result.correlation_low, result.correlation_high] == pytest.approx(
        wanted["ci"], rel=1e-8
    )
    assert result.correlation_p == pytest.approx(wanted["p"], rel=1e-8)


def test_derived_figures_are_those_computed_by_hand() -> None:
    frame = study()
    result = rs.associate(frame, "experience", "reflection", group="worker_id")
    workers = frame.groupby("worker_id")["reflection"].first()
    sizes = frame.groupby("worker_id").size()
    factor = workers.std() / frame["experience"].std()
    assert result.predictor_sd == pytest.approx(workers.std(), rel=EXACT)
    assert result.predictor_mean == pytest.approx(workers.mean(), rel=EXACT)
    assert result.outcome_sd == pytest.approx(frame["experience"].std(), rel=EXACT)
    assert result.outcome_mean == pytest.approx(frame["experience"].mean(), rel=EXACT)
    for part in ("slope", "slope_low", "slope_high"):
        standardised = getattr(result, part.replace("slope", "slope_standardised"))
        assert standardised == pytest.approx(getattr(result, part) * factor, rel=EXACT)
    typical = (sizes**2).sum() / sizes.sum()
    assert result.design_effect == pytest.approx(1 + (typical - 1) * result.icc, rel=EXACT)
    before, after = (fit.variance["worker_id"] for fit in (result.null_model, result.model))
    assert result.between_variance_explained == pytest.approx(1 - after / before, rel=EXACT)
    intercept, slope = result.model.table["estimate"]
    assert result.intercept_at_mean == pytest.approx(intercept + slope * workers.mean(), rel=EXACT)


def test_linked_needs_no_group_and_gives_the_same() -> None:
    one = rs.associate(linked_study(), "experience", "reflection")
    two = rs.associate(study(), "experience", "reflection", group="worker_id", team="team")
    assert (one.slope, one.icc, one.sentence) == (two.slope, two.icc, two.sentence)
    assert one.n_teams == 6
    assert "in 6 teams" in one.sentence


def test_teams_are_a_level_and_the_test_is_then_kenward_roger() -> None:
    with_teams = rs.associate(linked_study(), "experience", "reflection")
    fitted = rs.fit_mixed(
        study(), "experience", ["reflection"], "worker_id", nested_in="team", df="kenward_roger"
    )
    pd.testing.assert_frame_equal(with_teams.model.to_frame(), fitted.to_frame())
    null = with_teams.null_model.variance
    total = sum(null.values())
    assert with_teams.icc == pytest.approx((null["worker_id"] + null["team"]) / total, rel=EXACT)
    assert with_teams.icc_team == pytest.approx(null["team"] / total, rel=EXACT)
    sizes = study().groupby("worker_id").size()
    of_teams = study().groupby("team").size()
    kish, kish_team = ((one**2).sum() / one.sum() for one in (sizes, of_teams))
    expected = 1 + (kish - 1) * with_teams.icc + (kish_team - kish) * with_teams.icc_team
    assert with_teams.design_effect == pytest.approx(expected, rel=EXACT)
    assert with_teams.to_frame()["quantity"].tolist()[4] == "icc_team"
    assert "Kenward-Roger" in with_teams.summary()


def test_without_teams_the_test_is_satterthwaite_unless_asked() -> None:
    result = rs.associate(study(), "experience", "reflection", group="worker_id")
    assert (result.team, result.model.df) == (None, "satterthwaite")
    assert np.isnan(result.icc_team)
    other = rs.associate(study(), "experience", "reflection", group="worker_id", df="kenward_roger")
    assert other.model.df == "kenward_roger"
    assert other.slope == result.slope
    with pytest.raises(ModelError, match="df cannot be 'satterthwait'"):
        rs.associate(study(), "experience", "reflection", group="worker_id", df="satterthwait")


def test_a_worker_in_two_teams_means_two_levels_and_is_told() -> None:
    frame = study()
    frame.loc[frame.index[frame["worker_id"] == frame["worker_id"].mode()[0]][0], "team"] = "t9"
    result = rs.associate(frame, "experience", "reflection", group="worker_id", team="team")
    assert (result.n_teams, result.team) == (7, None)
    assert any("1 worker belongs to more than one team, which" in note for note in result.notes)


def test_only_teams_of_rows_that_are_used_are_counted() -> None:
    frame = study()
    frame.loc[frame["team"] == "t5", "experience"] = np.nan
    result = rs.associate(frame, "experience", "reflection", group="worker_id", team="team")
    assert (result.n_teams, result.model.n_parents) == (5, 5)


def test_one_team_and_no_team_are_said_in_words() -> None:
    frame = study()
    for team, count, said in (
        ("t1", 1, "All are in one team"),
        (None, 0, "Nobody with complete answers has a team"),
        (" ", 0, "Nobody with complete answers has a team"),
        (frame["worker_id"], None, "Every team has one worker only"),
    ):
        result = rs.associate(
            frame.assign(team=team), "experience", "reflection", group="worker_id", team="team"
        )
        about = [note for note in result.notes if "team" in note]
        assert result.n_teams == (frame["worker_id"].nunique() if count is None else count)
        assert result.team is None
        assert said in about[0]
        assert len(about) == 1


def test_rows_without_a_team_are_left_out_and_counted() -> None:
    frame = study()
    frame.loc[frame.index[:4], "team"] = None
    first = frame["worker_id"].iloc[:4].nunique()
    assert first >= 1
    result = rs.associate(frame, "experience", "reflection", group="worker_id", team="team")
    assert result.n_dropped == 4
    assert any("(team 4)" in note for note in result.notes)


def test_the_smallest_slope_that_would_matter_gives_a_verdict() -> None:
    plain = rs.associate(study(), "experience", "reflection", group="worker_id")
    assert plain.equivalence is None
    found = rs.associate(
        study(), "experience", "reflection", group="worker_id", smallest_effect=0.1
    )
    ratio = found.predictor_sd / found.outcome_sd
    wanted = equivalence(found.slope * ratio, found.std_error * ratio, found.df, 0.1)
    assert found.equivalence.verdict == wanted.verdict
    assert found.equivalence.p_value == pytest.approx(wanted.p_value, rel=EXACT)
    assert found.equivalence.sentence in " ".join(found.summary().split())
    with pytest.raises(ModelError, match="smallest_effect has to be a number above 0"):
        rs.associate(study(), "experience", "reflection", group="worker_id", smallest_effect=-1)


def test_with_few_workers_no_verdict_contradicts_the_sentence() -> None:
    frame = study()
    few = frame[frame["worker_id"].isin(frame["worker_id"].unique()[:6])]
    found = rs.associate(few, "experience", "reflection", group="worker_id", smallest_effect=0.01)
    assert found.equivalence.verdict == "too little data"
    assert "With 6 workers there are too few" in found.equivalence.sentence
    assert "With 6 workers there are too few" in found.sentence


def test_covariates_to_be_split_can_be_named() -> None:
    named = rs.associate(
        linked_study(), "experience", "reflection", covariates=["age", "years"],
        split_covariates=["age"],
    )  # fmt: skip
    assert named.model.predictors == ("reflection", "age (within)", "age (between)", "years")
    with pytest.raises(ModelError, match="'years' cannot be entered as a difference within"):
        rs.associate(
            linked_study(), "experience", "reflection", covariates=["age", "years"],
            split_covariates=["years"],
        )  # fmt: skip
    with pytest.raises(ModelError, match="'height' cannot be split"):
        rs.associate(
            linked_study(), "experience", "reflection", covariates="age",
            split_covariates=["height"],
        )  # fmt: skip


def test_words_are_categories_and_a_missing_one_counts_once() -> None:
    frame = study().assign(role=lambda rows: np.array(["a", "b", "c"])[np.arange(len(rows)) % 3])
    frame.loc[frame.index[:7], "role"] = None
    result = rs.associate(frame, "experience", "reflection", covariates="role", group="worker_id")
    assert result.covariates == ("role",)
    assert any("7 rows left out for missing values (role 7)" in note for note in result.notes)


def test_two_values_and_ids_that_look_alike_are_told() -> None:
    frame = study()
    two = rs.associate(
        frame.assign(experience=frame["experience"] > 3), "experience", "reflection",
        group="worker_id",
    )  # fmt: skip
    assert any("two values, 0 and 1" in note and "shares" in note for note in two.notes)
    mixed = frame.assign(
        worker_id=[f"{7 + code}.0" if row % 2 else f"{7 + code}"
                   for row, code in enumerate(pd.factorize(frame["worker_id"])[0])]
    )  # fmt: skip
    result = rs.associate(mixed, "experience", "reflection", group="worker_id")
    assert any("a decimal point" in note and "taken as different" in note for note in result.notes)
    assert not any("different" in note for note in two.notes)


def test_the_spread_shows_no_worker() -> None:
    frame = study()
    result = rs.associate(frame, "experience", "reflection", group="worker_id", fewest_workers=5)
    means = frame.groupby("worker_id")["experience"].mean()
    assert (result.spread["n_workers"] >= 5).all()
    assert result.spread["n_workers"].sum() == len(means)
    edges = [*result.spread["low"], result.spread["high"].iloc[-1]]
    inside = means.clip(edges[0] + 1e-9, edges[-1] - 1e-9)
    assert np.histogram(inside, edges)[0].tolist() == result.spread["n_workers"].tolist()
    assert not set(np.round(edges, 9)) & set(np.round(means, 9))
    stranger = frame.assign(
        experience=frame["experience"].where(frame["worker_id"] != means.idxmax(), 400.0)
    )
    far = rs.associate(stranger, "experience", "reflection", group="worker_id", fewest_workers=5)
    centre, deviation = (
        getattr(stranger.groupby("worker_id")["experience"].mean(), name)()
        for name in ("mean", "std")
    )
    assert far.spread["high"].iloc[-1] < centre + 3.6 * deviation < 400.0
    few = rs.associate(
        frame, "experience", "reflection", group="worker_id", fewest_workers=len(means)
    )
    assert few.spread.empty


def test_groups_that_are_no_workers_are_named_by_their_column() -> None:
    frame = study().rename(columns={"worker_id": "ward"})
    frame["team"] = np.arange(len(frame)) % 3
    result = rs.associate(frame, "experience", "reflection", group="ward", team="team")
    assert any(
        "groups of ward belong to more than one team, which" in note for note in result.notes
    )


def test_all_parts_use_the_same_rows() -> None:
    frame = study()
    frame.loc[frame.index[::5], "age"] = np.nan
    whole = frame.dropna()
    one = rs.associate(frame, "experience", "reflection", covariates="age", group="worker_id")
    two = rs.associate(whole, "experience", "reflection", covariates="age", group="worker_id")
    assert one.n_dropped == len(frame) - len(whole)
    assert one.null_model.n_rows == one.model.n_rows == len(whole)
    assert one.correlation == pytest.approx(two.correlation, rel=EXACT)
    assert one.icc == pytest.approx(two.icc, rel=EXACT)


def test_covariates_that_vary_within_workers_are_split() -> None:
    frame = study()
    covariates = ["age", "years"]
    result = rs.associate(
        frame, "experience", "reflection", covariates=covariates, group="worker_id"
    )
    assert result.model.table["term"].tolist() == [
        "(Intercept)", "reflection", "age (within)", "age (between)", "years",
    ]  # fmt: skip
    mean = frame.groupby("worker_id")["age"].transform("mean")
    by_hand = frame.assign(within=frame["age"] - mean, between=mean)
    names = ["reflection", "within", "between", "years"]
    wanted = rs.fit_mixed(by_hand, "experience", names, "worker_id")
    np.testing.assert_allclose(
        result.model.table["estimate"], wanted.table["estimate"], 1e-7, atol=1e-10
    )
    np.testing.assert_allclose(result.model.table["std_error"], wanted.table["std_error"], 1e-7)
    assert result.model.deviance == pytest.approx(wanted.deviance, abs=1e-8)
    assert any("age varies within worker_id" in note for note in result.notes)
    assert "with age and years held equal" in result.sentence


def test_covariates_enter_as_they_are_on_request() -> None:
    result = rs.associate(
        study(), "experience", "reflection", covariates=["age"], group="worker_id",
        split_covariates=False,
    )  # fmt: skip
    assert result.model.predictors == ("reflection", "age")


def test_a_covariate_with_equal_means_enters_within_only() -> None:
    frame = study()
    frame["age"] -= frame.groupby("worker_id")["age"].transform("mean") - 50
    result = rs.associate(frame, "experience", "reflection", covariates="age", group="worker_id")
    assert result.model.predictors == ("reflection", "age (within)")
    assert any("The mean of age is the same for every worker_id" in note for note in result.notes)


def test_a_covariate_that_gives_the_predictor_away_is_told(hsb) -> None:
    result = rs.associate(hsb, "MathAch", "MEANSES", covariates="SES", group="School")
    assert any("MEANSES can hardly be told from the covariates" in note for note in result.notes)


def test_the_curve_is_the_fitted_line_over_the_middle_of_the_workers() -> None:
    frame = study()
    result = rs.associate(frame, "experience", "reflection", covariates="age", group="worker_id")
    curve = result.curve
    workers = frame.groupby("worker_id")["reflection"].first()
    ends = curve["predictor"].iloc[[0, -1]]
    np.testing.assert_allclose(ends, workers.quantile([0.05, 0.95]), EXACT)
    np.testing.assert_allclose(
        np.diff(curve["expected"]) / np.diff(curve["predictor"]), result.slope
    )
    assert (curve["low"] < curve["expected"]).all()
    assert (curve["expected"] < curve["high"]).all()
    middle = np.interp(result.predictor_mean, curve["predictor"], curve["expected"])
    assert middle == pytest.approx(result.intercept_at_mean, rel=EXACT)


@pytest.mark.parametrize(("n_workers", "bins"), [(19, 0), (20, 2), (45, 4), (300, 8)])
def test_no_bin_shows_a_single_worker(n_workers: int, bins: int) -> None:
    frame = study(n_workers=n_workers)
    found = rs.associate(frame, "experience", "reflection", group="worker_id").bins
    assert len(found) == bins
    assert found.columns.tolist() == [
        "n_workers", "n_service_users", "predictor_mean", "outcome_mean",
    ]  # fmt: skip
    if bins:
        assert found["n_workers"].min() >= 10
        assert found["n_workers"].sum() == n_workers
        assert found["n_service_users"].sum() == len(frame)
        assert found["predictor_mean"].is_monotonic_increasing


def test_bins_never_part_workers_of_one_value_and_the_fewest_are_kept() -> None:
    frame = study(n_workers=100)
    frame["reflection"] = frame["reflection"].round()
    found = rs.associate(
        frame, "experience", "reflection", group="worker_id", fewest_workers=20
    ).bins
    assert found["n_workers"].min() >= 20
    assert found["predictor_mean"].is_unique
    workers = frame.groupby("worker_id").agg(x=("reflection", "first"), y=("experience", "mean"))
    weighted = (found["outcome_mean"] * found["n_workers"]).sum() / 100
    assert weighted == pytest.approx(workers["y"].mean(), rel=EXACT)


def test_what_goes_out_as_json_holds_no_worker() -> None:
    text = json.dumps(rs.associate(linked_study(), "experience", "reflection").to_dict())
    assert "w001" not in text
    assert "t1" not in text


def test_no_variance_between_workers_is_said_in_words() -> None:
    frame = study()
    frame["experience"] -= frame.groupby("worker_id")["experience"].transform("mean")
    result = rs.associate(frame, "experience", "reflection", group="worker_id")
    assert result.icc == 0
    assert result.design_effect == 1
    assert np.isnan(result.between_variance_explained)
    row = result.to_frame().set_index("quantity").loc["between_variance_explained"]
    assert row["note"] == "no variance between workers to explain"
    assert any("there is none to explain" in note for note in result.notes)


def test_worker_means_that_differ_by_rounding_have_no_correlation() -> None:
    frame = study()
    frame["experience"] += 30 - frame.groupby("worker_id")["experience"].transform("mean")
    means = frame.groupby("worker_id")["experience"].mean()
    assert 0 < np.ptp(means) < 1e-13
    result = rs.associate(frame, "experience", "reflection", group="worker_id")
    assert np.isnan([result.correlation, result.correlation_low, result.correlation_p]).all()
    assert result.correlation_note == "all workers have the same mean outcome"


def test_no_variance_left_by_the_predictor_is_not_no_variance() -> None:
    frame = study()
    centred = frame["experience"] - frame.groupby("worker_id")["experience"].transform("mean")
    frame["experience"] = centred + frame["reflection"]
    result = rs.associate(frame, "experience", "reflection", group="worker_id")
    assert result.model.boundary
    assert not result.null_model.boundary
    said = [note for note in result.notes if "estimated as zero" in note]
    assert "beyond what the predictors account for is estimated as zero" in said[0]
    null = rs.fit_mixed(frame.assign(experience=centred), "experience", [], "worker_id")
    assert "beyond" not in null.notes[0]


def test_the_correlation_beside_covariates_is_marked_as_not_adjusted() -> None:
    options = {"group": "worker_id"}
    plain = rs.associate(study(), "experience", "reflection", **options).summary()
    adjusted = rs.associate(
        study(), "experience", "reflection", covariates="years", **options
    ).summary()
    assert "not adjusted" not in plain
    assert "correlation of group means, not adjusted" in adjusted


def test_collinear_covariates_go_by_the_name_that_was_given() -> None:
    frame = study()
    frame["again"] = 2 * frame["age"] + 1
    with pytest.raises(ModelError, match=r"'again' \(within\) follows from 'age' \(within\)"):
        rs.associate(
            frame, "experience", "reflection", covariates=["age", "again"], group="worker_id"
        )


def test_a_column_called_like_a_part_of_another_is_refused() -> None:
    frame = study()
    frame["age (within)"] = frame["age"]
    with pytest.raises(ModelError, match=r"'age \(within\)' is called like a part of 'age'"):
        rs.associate(
            frame, "experience", "reflection", covariates=["age", "age (within)"],
            group="worker_id",
        )  # fmt: skip


def test_a_negative_share_explained_is_noted(hsb) -> None:
    schools = hsb["School"].unique()
    without_relation = dict(zip(schools, np.arange(160) % 7, strict=True))
    result = rs.associate(
        hsb.assign(chance=hsb["School"].map(without_relation)), "MathAch", "chance", group="School"
    )
    assert result.between_variance_explained < 0
    assert any("explained is negative (-0." in note for note in result.notes)


def test_three_workers_have_no_correlation_but_a_reason() -> None:
    result = rs.associate(study(n_workers=3), "experience", "reflection", group="worker_id")
    assert np.isnan(result.correlation)
    row = result.to_frame().set_index("quantity").loc["correlation"]
    assert row["note"] == "fewer than 4 workers"
    assert "fewer than 4 workers" in result.summary()


def test_summary_and_frame_hold_what_was_found() -> None:
    result = rs.associate(linked_study(), "experience", "reflection")
    text = result.summary()
    assert result.sentence in " ".join(text.split())
    assert "share of variance between (ICC)" in text
    frame = result.to_frame().set_index("quantity")
    assert frame.loc["slope", "estimate"] == result.slope
    assert frame.loc["correlation", "conf_high"] == result.correlation_high
    assert (frame["n_workers"] == 40).all()


def test_truth_is_recovered() -> None:
    results = [
        rs.associate(study(seed), "experience", "reflection", group="worker_id")
        for seed in range(40)
    ]
    assert np.mean([result.slope for result in results]) == pytest.approx(0.8, abs=0.06)
    assert np.mean([result.slope_low <= 0.8 <= result.slope_high for result in results]) >= 0.85


def test_a_predictor_that_varies_within_workers_is_refused() -> None:
    frame = study()
    several = int((frame.groupby("worker_id").size() > 1).sum())
    message = f"'age' is not a property of worker_id.* in {several} of 40"
    with pytest.raises(ModelError, match=message) as caught:
        rs.associate(frame, "experience", "age", group="worker_id")
    assert "--covariate" in str(caught.value)


def test_the_group_of_a_frame_has_to_be_named() -> None:
    with pytest.raises(ModelError, match="worker's id is not known"):
        rs.associate(study(), "experience", "reflection")


def test_unknown_columns_and_bad_options_are_refused() -> None:
    with pytest.raises(ModelError, match="1 column is not in the table"):
        rs.associate(linked_study(), "experience", "reflexion")
    with pytest.raises(ModelError, match="1 column is not in the table"):
        rs.associate(linked_study(), "experience", "reflection", team="squad")
    for fewest in (0, "a", 2.5, True, None):
        with pytest.raises(ModelError, match="fewest_workers must be a whole number"):
            rs.associate(linked_study(), "experience", "reflection", fewest_workers=fewest)
    with pytest.raises(ModelError, match="split_covariates must be True or False"):
        rs.associate(linked_study(), "experience", "reflection", split_covariates="no")
    with pytest.raises(ModelError, match="between 0 and 1"):
        rs.associate(linked_study(), "experience", "reflection", confidence=95)
