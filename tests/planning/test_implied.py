"""Population values: the expansion against the bivariate normal integral, scores against draws."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from relsurvey.instruments import load_instrument
from relsurvey.planning.implied import answer_covariance, item_moments, scale_weights
from relsurvey.planning.items import item_parameters
from relsurvey.planning.parameters import SimulationParameters
from relsurvey.planning.plan import plan_simulation
from relsurvey.planning.simulate import draw_study

# scipy integrates the bivariate normal to about 1e-8; the series is cut at 1e-10.
COVARIANCE_TOLERANCE = 1e-6
# One draw of this many service users; a standard error of the ICC is then about 0.004.
N_WORKERS, N_SERVICE_USERS = 4_000, 40_000
MOST_STANDARD_ERRORS = 4.0
ASKED = {
    "n_workers": N_WORKERS,
    "n_teams": 400,
    "n_service_users": N_SERVICE_USERS,
    "correlation": 0.5,
    "icc": 0.2,
    "team_share": 0.1,
    "general_share": 0.6,
    "loading": 0.7,
    "ceiling": 0.6,
    "missing": 0.0,
    "not_applicable": 0.0,
    "unmatched_workers": 0,
    "unmatched_service_users": 0,
    "without_id": 0,
    "largest_group": 40,
    "seed": 5,
}


def items_of(name: str, loading: float, ceiling: float | None = None):
    return item_parameters(
        load_instrument(name), loading=loading, ceiling=ceiling, not_applicable=0.0
    )


@pytest.mark.parametrize("loading", [0.3, 0.75, 0.95])
@pytest.mark.parametrize("trait", [-0.9, 0.2, 1.0])
def test_covariance_is_that_of_the_cut_normal_pair(loading, trait) -> None:
    left, right = items_of("rpq-16", loading), items_of("peech-sc", loading, ceiling=0.7)
    found = answer_covariance(left, right, np.full((16, 23), trait))
    for i, j in [(0, 6), (5, 22), (15, 3)]:
        correlation = trait * left.loadings[i] * right.loadings[j]
        pair = multivariate_normal(cov=[[1, correlation], [correlation, 1]])
        wanted = 0.0
        # The covariance of two sums of steps is the sum of the covariances of the steps.
        for a, low in zip(left.thresholds[i], np.diff(left.keyed_values[i]), strict=True):
            for b, high in zip(right.thresholds[j], np.diff(right.keyed_values[j]), strict=True):
                both = pair.cdf([a, b])
                alone = multivariate_normal.cdf(a) * multivariate_normal.cdf(b)
                wanted += low * high * (both - alone)
        assert found[i, j] == pytest.approx(wanted, abs=COVARIANCE_TOLERANCE)


def test_no_covariance_without_correlation() -> None:
    items = items_of("rpq-10", 0.7)
    assert not answer_covariance(items, items, np.zeros((10, 10))).any()


def test_item_moments_by_hand() -> None:
    items = items_of("peech-sc", 0.7, ceiling=0.55)
    means, variances = item_moments(items)
    shares = items.shares[0]
    mean = shares @ [0, 1, 2, 3]
    assert means[0] == pytest.approx(mean)
    assert variances[0] == pytest.approx(shares @ (np.array([0, 1, 2, 3]) - mean) ** 2)


def test_scale_weights_of_items_scores_and_sums() -> None:
    instrument = load_instrument("peech-sc")
    weights = scale_weights(instrument)
    assert weights["KNO"].sum() == pytest.approx(1.0)
    assert (weights["KNO"] > 0).sum() == 5
    assert weights["TOTAL"] == pytest.approx(np.full(23, 1 / 23))
    changed = {"composite_of": "scores"}
    total = instrument.scales["TOTAL"].model_copy(update=changed)
    security = instrument.scales["SEC"].model_copy(update={"method": "sum"})
    others = [scale for scale in instrument.scales if scale.id not in {"TOTAL", "SEC"}]
    catalogue = type(instrument.scales)([security, *others, total])
    weights = scale_weights(instrument.model_copy(update={"scales": catalogue}))
    assert weights["SEC"].sum() == pytest.approx(7.0)
    # The mean of four scores, one of them the sum of seven items, three the mean of theirs.
    assert weights["TOTAL"][0] == pytest.approx(1 / 4)
    assert weights["TOTAL"][7] == pytest.approx(1 / 4 / 5)


@pytest.fixture(scope="module")
def large():
    plan = plan_simulation("rpq-16", "peech-sc", SimulationParameters(**ASKED))
    study = draw_study(plan, 5)
    workers, users = load_instrument("rpq-16"), load_instrument("peech-sc")
    rc = study.workers[list(workers.item_ids)].to_numpy().mean(axis=1)
    keyed = study.service_users[list(users.item_ids)].to_numpy()
    flipped = np.isin(users.item_ids, users.reversed_items)
    keyed = np.where(flipped, 3.0 - keyed, keyed)
    place = study.workers["worker_id"].reset_index().set_index("worker_id")["index"]
    return plan.truth["scores"], rc, keyed, study.service_users["worker_id"].map(place).to_numpy()


def test_moments_of_a_large_draw_are_the_implied_ones(large) -> None:
    scores, rc, keyed, _ = large
    total = keyed.mean(axis=1)
    wanted = scores["service_users"]["TOTAL"]
    design = 1 + 10 * wanted["icc"]
    error = wanted["sd"] * np.sqrt(design / N_SERVICE_USERS)
    assert abs(total.mean() - wanted["mean"]) < MOST_STANDARD_ERRORS * error
    assert total.std() == pytest.approx(wanted["sd"], rel=0.02)
    assert rc.mean() == pytest.approx(scores["workers"]["RC"]["mean"], abs=0.06)
    assert rc.std() == pytest.approx(scores["workers"]["RC"]["sd"], rel=0.05)
    item_share = keyed.var(axis=0).sum() / keyed.sum(axis=1).var()
    assert 23 / 22 * (1 - item_share) == pytest.approx(wanted["alpha"], abs=0.004)


def test_icc_slope_and_correlation_of_a_large_draw_are_the_implied_ones(large) -> None:
    scores, rc, keyed, group = large
    total = keyed.mean(axis=1)
    centred = total - scores["service_users"]["TOTAL"]["mean"]
    count = np.bincount(group)
    sums, squares = np.bincount(group, centred), np.bincount(group, centred**2)
    shared = (sums**2 - squares).sum() / (count * (count - 1)).sum()
    wanted = scores["service_users"]["TOTAL"]
    assert shared / wanted["sd"] ** 2 == pytest.approx(wanted["icc"], abs=0.02)
    slope, correlation = scores["slope"]["RC"]["TOTAL"], scores["correlation"]["RC"]["TOTAL"]
    x = rc[group]
    found = np.polyfit(x, total, 1)[0]
    within = wanted["sd"] ** 2 * (1 + 9 * wanted["icc"]) / 10
    error = np.sqrt(within / N_WORKERS) / scores["workers"]["RC"]["sd"] * 1.5  # uneven groups
    assert abs(found - slope) < MOST_STANDARD_ERRORS * error
    assert MOST_STANDARD_ERRORS * error < 0.35 * slope
    implied_shared = wanted["icc"] * wanted["sd"] ** 2
    assert correlation == pytest.approx(
        slope * scores["workers"]["RC"]["sd"] / np.sqrt(implied_shared), rel=1e-9
    )


def test_reliable_items_without_ceiling_give_the_latent_correlation_back() -> None:
    found = []
    for loading in (0.4, 0.6, 0.8, 0.95, 0.99):
        asked = ASKED | {"loading": loading, "general_share": 1.0, "ceiling": None}
        plan = plan_simulation("rpq-16", "peech-sc", SimulationParameters(**asked))
        found.append(plan.truth["scores"]["correlation"]["RC"]["TOTAL"])
    assert found == sorted(found)
    assert found[0] < 0.46
    assert found[-1] == pytest.approx(0.5, abs=0.01)


def test_a_constant_truth_has_a_name_for_what_is_not_defined() -> None:
    asked = ASKED | {"icc": 0.0}
    plan = plan_simulation("rpq-16", "peech-sc", SimulationParameters(**asked))
    scores = plan.truth["scores"]
    assert scores["service_users"]["TOTAL"]["icc"] == 0.0
    assert scores["slope"]["RC"]["TOTAL"] == 0.0
    assert np.isnan(scores["correlation"]["RC"]["TOTAL"])
