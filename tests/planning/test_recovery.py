"""The truth a study is drawn from comes back through scoring, linkage and the mixed model.

Every draw is scored, linked and fitted as a user would. Scoring looks at one row at a time, so
the draws are scored in one table and parted again by their number.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from relsurvey.association import AssociationResult, associate
from relsurvey.instruments import load_instrument
from relsurvey.linkage import link
from relsurvey.planning.parameters import SimulationParameters
from relsurvey.planning.plan import SimulationPlan, plan_simulation
from relsurvey.planning.simulate import draw_study
from relsurvey.planning.simulated import SimulatedStudy
from relsurvey.scoring import score

WORKERS, SERVICE_USERS = load_instrument("rpq-16"), load_instrument("peech-sc")
DRAWS, FEWER_DRAWS = 100, 30
MOST_STANDARD_ERRORS = 4.0
# Of 100 intervals of 95 %, 87 or fewer cover the truth with probability below 0.002.
LEAST_COVERING = 88

# The committed sample's parameters; see data/sample/make_sample.py.
SAMPLE = {
    "n_workers": 120,
    "n_teams": 14,
    "n_service_users": 900,
    "correlation": 0.45,
    "icc": 0.15,
    "team_share": 0.10,
    "general_share": 0.70,
    "loading": 0.75,
    "ceiling": 0.55,
    "missing": 0.03,
    "not_applicable": 0.04,
    "unmatched_workers": 7,
    "unmatched_service_users": 22,
    "without_id": 6,
    "largest_group": 20,
    "seed": 0,
}
LARGE = SAMPLE | {"n_workers": 20_000, "n_teams": 2_000, "n_service_users": 100_000}


def planned(**changes) -> SimulationPlan:
    parameters = SimulationParameters(**(SAMPLE | changes))
    return plan_simulation(WORKERS, SERVICE_USERS, parameters)


def drawn(plan: SimulationPlan, draws: int = DRAWS) -> list[SimulatedStudy]:
    return [draw_study(plan, seed) for seed in range(draws)]


def scored(studies: list[SimulatedStudy]) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    sides = []
    for name, instrument in (("workers", WORKERS), ("service_users", SERVICE_USERS)):
        stacked = pd.concat([getattr(study, name) for study in studies], keys=range(len(studies)))
        numbered = stacked.reset_index(level=0, names="draw")
        sides.append(dict(list(score(numbered, instrument).groupby("draw"))))
    return [
        tuple(side[draw].drop(columns="draw").reset_index(drop=True) for side in sides)
        for draw in range(len(studies))
    ]


def fitted(studies: list[SimulatedStudy]) -> list[AssociationResult]:
    return [associate(link(*files), "TOTAL", "RC") for files in scored(studies)]


@dataclass(frozen=True)
class Repeated:
    slopes: np.ndarray
    covered_by: np.ndarray  # shape (draws, 2): low, high
    iccs: np.ndarray

    @classmethod
    def of(cls, fits: list[AssociationResult]) -> "Repeated":
        return cls(
            np.array([fit.slope for fit in fits]),
            np.array([(fit.slope_low, fit.slope_high) for fit in fits]),
            np.array([fit.icc for fit in fits]),
        )

    def covering(self, truth: float) -> int:
        low, high = self.covered_by.T
        return int(((low <= truth) & (truth <= high)).sum())


def is_recovered(values: np.ndarray, truth: float, truth_error: float = 0.0) -> bool:
    error = np.hypot(values.std(ddof=1) / np.sqrt(values.size), truth_error)
    return bool(abs(values.mean() - truth) < MOST_STANDARD_ERRORS * error)


@pytest.fixture(scope="module")
def studies() -> list[SimulatedStudy]:
    return drawn(planned())


@pytest.fixture(scope="module")
def sample_fits(studies) -> Repeated:
    return Repeated.of(fitted(studies))


@pytest.fixture(scope="module")
def large() -> AssociationResult:
    return fitted([draw_study(planned(**LARGE), 1)])[0]


def pair_product(values: pd.Series, group: pd.Series) -> float:
    """Return the mean product over pairs of different members; their mean is known to be 0."""
    code = pd.factorize(group)[0]
    count, sums = np.bincount(code), np.bincount(code, values)
    squares = np.bincount(code, values**2)
    return (sums**2 - squares).sum() / (count * (count - 1)).sum()


def test_traits_of_the_drawn_studies_have_the_true_moments(studies) -> None:
    found = {"correlation": [], "icc": [], "team_share": [], "slope": []}
    for study in studies:
        workers, users = study.latent_workers, study.latent_service_users
        reflection, mean = workers["reflective_capacity"], workers["mean_experience"]
        found["correlation"].append((reflection * mean).mean())
        found["icc"].append(pair_product(users["experience"], users["worker_id"]))
        found["team_share"].append(pair_product(reflection, workers["team"]))
        own = users["worker_id"].map(dict(zip(workers["worker_id"], reflection, strict=True)))
        found["slope"].append((own * users["experience"]).mean())
    truth = studies[0].truth["latent"]
    for name, values in found.items():
        assert is_recovered(np.array(values), truth[name]), name


def test_slope_of_the_sample_is_that_of_a_very_large_draw(sample_fits, large) -> None:
    assert is_recovered(sample_fits.slopes, large.slope, large.std_error)
    assert sample_fits.covering(large.slope) >= LEAST_COVERING


def test_holes_hardly_move_the_implied_slope(large) -> None:
    implied = planned().truth["scores"]["slope"]["RC"]["TOTAL"]
    assert abs(large.slope - implied) < MOST_STANDARD_ERRORS * large.std_error
    assert large.std_error < 0.05 * implied


def test_slope_and_icc_of_complete_answers_are_the_implied_ones() -> None:
    plan = planned(missing=0.0, not_applicable=0.0)
    fits = Repeated.of(fitted(drawn(plan, FEWER_DRAWS)))
    scores = plan.truth["scores"]
    assert is_recovered(fits.slopes, scores["slope"]["RC"]["TOTAL"])
    assert is_recovered(fits.iccs, scores["service_users"]["TOTAL"]["icc"])


def test_without_an_association_there_is_none() -> None:
    fits = Repeated.of(fitted(drawn(planned(correlation=0.0), FEWER_DRAWS)))
    assert is_recovered(fits.slopes, 0.0)


def test_disattenuated_correlation_approaches_the_latent_one(large) -> None:
    """Reliable items without ceiling: the slope over the true spreads is the correlation."""
    plan = planned(
        loading=0.98, ceiling=None, general_share=1.0, n_workers=4_000, n_service_users=30_000
    )
    fit = fitted([draw_study(plan, 2)])[0]
    true_sd = np.sqrt(fit.null_model.variance["worker_id"])
    found = fit.slope * fit.predictor_sd / true_sd
    error = fit.std_error * fit.predictor_sd / true_sd
    # The codes are still coarse, which costs a little over one per cent of the correlation.
    assert found == pytest.approx(SAMPLE["correlation"], abs=MOST_STANDARD_ERRORS * error + 0.01)
    assert found > large.correlation + 0.05
