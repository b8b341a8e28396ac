"""Checks beside what R gives for the same data (golden_sensitivity.R)."""

import numpy as np
import pytest

from relsurvey.sensitivity import check_sensitivity, linked_against_unlinked
from relsurvey.sensitivity.censored import fit_censored
from relsurvey.sensitivity.checks.who_is_missing import standardised_difference
from relsurvey.sensitivity.interaction import interaction
from relsurvey.sensitivity.question import ask


@pytest.fixture(scope="module")
def checked(hsb):
    return check_sensitivity(
        hsb, "MathAch", "MEANSES", group="School", minimum_users=(1, 60), continuity="catholic"
    )


def row(checked, check, version):
    frame = checked.to_frame()
    found = frame[(frame["check"] == check) & (frame["version"] == version)]
    assert len(found) == 1
    return found.iloc[0]


def test_one_worker_one_vote_is_hc2_regression_of_means(checked, reference):
    found, wanted = row(checked, "users per worker", "one worker, one vote"), reference[
        "one_worker_one_vote"
    ]  # fmt: skip
    assert found["estimate"] == pytest.approx(wanted["estimate"], rel=1e-10)
    assert found["std_error"] == pytest.approx(wanted["std_error"], rel=1e-8)
    assert found["df"] == pytest.approx(wanted["df"], rel=1e-6)


def test_the_number_of_users_is_a_covariate_of_the_worker(checked, reference):
    found = row(checked, "users per worker", "number of service users itself")
    for name in ("estimate", "std_error"):
        assert found[name] == pytest.approx(reference["size"][name], rel=1e-6)
    assert found["df"] == pytest.approx(reference["size"]["df"], rel=1e-3)
    held = row(checked, "users per worker", "that number held equal")
    assert held["estimate"] == pytest.approx(reference["size"]["slope_held"], rel=1e-6)


def test_a_squared_term_is_centred_over_workers(checked, reference):
    found, wanted = row(checked, "straight line", "squared term"), reference["squared"]
    assert found["estimate"] == pytest.approx(wanted["estimate"], rel=2e-5)
    assert found["std_error"] == pytest.approx(wanted["std_error"], rel=1e-5)
    assert found["df"] == pytest.approx(wanted["df"], rel=1e-3)
    assert found["p_value"] == pytest.approx(wanted["p_value"], rel=1e-4)


def test_a_minimum_of_users_leaves_out_workers_below_it(checked, reference):
    found, wanted = row(checked, "minimum of users", "at least 60 a worker"), reference[
        "at_least_60"
    ]  # fmt: skip
    assert found["estimate"] == pytest.approx(wanted["estimate"], rel=1e-6)
    assert found["df"] == pytest.approx(wanted["df"], rel=1e-3)
    assert (found["n_workers"], found["n_service_users"]) == (wanted["n_groups"], wanted["n_rows"])


def test_a_moderator_of_the_worker_enters_the_mixed_model(hsb, reference):
    question = ask(hsb, "MathAch", "MEANSES", covariates=(), group="School", team=None,
                   further=["catholic"])  # fmt: skip
    found = {one.name: one.found for one in interaction(question, "catholic", "catholic")}
    wanted = reference["interaction"]
    tested = found["difference in slope"]
    assert tested.estimate == pytest.approx(wanted["estimate"], rel=1e-5)
    assert tested.std_error == pytest.approx(wanted["std_error"], rel=1e-5)
    assert tested.df == pytest.approx(wanted["df"], rel=1e-3)
    at_zero = found["slope where catholic is 0"]
    assert at_zero.estimate == pytest.approx(wanted["slope_at_zero"], rel=1e-6)
    assert at_zero.std_error == pytest.approx(wanted["slope_at_zero_se"], rel=1e-5)
    difference = found["slope where catholic is 1"].estimate - at_zero.estimate
    assert difference == pytest.approx(tested.estimate, rel=1e-9)


def test_censored_regression_with_clustered_errors(hsb, reference):
    wanted = reference["censored"]
    design = np.column_stack([np.ones(len(hsb)), hsb["MEANSES"], hsb["SES"]])
    codes = np.unique(hsb["School"].to_numpy(), return_inverse=True)[1]
    fit = fit_censored(hsb["MathAch"].to_numpy(float), design, wanted["top"], codes)
    assert fit.effects == pytest.approx(list(wanted["effects"].values()), rel=1e-8)
    assert fit.sigma == pytest.approx(wanted["sigma"], rel=1e-8)
    assert fit.n_clusters == wanted["n_clusters"]
    plain = np.sqrt(np.diag(fit.covariance) * (fit.n_clusters - 1) / fit.n_clusters)
    robust = [wanted["robust_se"][name] for name in wanted["effects"]]
    assert plain == pytest.approx(robust, rel=1e-6)


def test_a_standardised_difference_without_clusters_has_welchs_error(hsb, reference):
    schools = hsb.groupby("School").first()
    found = standardised_difference(
        schools["MEANSES"].to_numpy(float), schools["catholic"].to_numpy() == 1, None, 0.95
    )
    wanted = reference["welch"]
    assert found.estimate == pytest.approx(wanted["difference_sd"], rel=1e-10)
    assert found.std_error == pytest.approx(wanted["std_error_sd"], rel=1e-8)
    # Bell and McCaffrey's degrees of freedom are not Welch's, which take variances as unequal.
    assert found.df == pytest.approx(wanted["df"], rel=0.1)


def test_linked_schools_are_found_by_their_ids(hsb, reference):
    schools = hsb.groupby("School", as_index=False).first()
    catholic = hsb[hsb["catholic"] == 1]
    found = linked_against_unlinked(schools, catholic, ["MEANSES"], on="School").versions[0].found
    assert found.estimate == pytest.approx(reference["welch"]["difference_sd"], rel=1e-10)
