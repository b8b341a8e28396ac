"""Many fits at once are what one fit after the other gives."""

from __future__ import annotations

import numpy as np
import pytest

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.resampling.replicates import refit_weighted

from .studies import TERMS, drawn_again, study, sums_of

SAME = 1e-8


def compared(sums, terms, weights, *, level="worker", reml=True) -> None:
    found = refit_weighted(sums, "y", terms, weights, level=level, reml=reml)
    assert found.converged.all()
    assert not found.degenerate.any()
    for b, drawn in enumerate(weights):
        fit = fit_sums(drawn_again(sums, drawn, level=level), "y", terms, reml=reml)
        variances = np.array(list(fit.variances.values()))
        errors = fit.test(np.eye(len(terms) + 1), 0.95)["std_error"]
        np.testing.assert_allclose(found.effects[b], fit.effects, rtol=SAME, atol=SAME)
        np.testing.assert_allclose(found.std_errors[b], errors, rtol=SAME)
        np.testing.assert_allclose(found.variances[b], variances, atol=SAME)
        assert found.boundary[b] == fit.boundary


def weights_of(n: int, replicates: int, seed: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.multinomial(n, np.ones(n) / n, size=replicates).astype(float)


@pytest.mark.parametrize("terms", [("x",), TERMS])
@pytest.mark.parametrize("between", [0.0, 0.6, 20.0])
def test_two_levels_equal_a_fit_of_the_same_workers(terms, between) -> None:
    sums = sums_of(study(25, 4, between=between))
    compared(sums, terms, weights_of(25, 40))


def test_maximum_likelihood_too() -> None:
    compared(sums_of(study(25, 4)), ("x",), weights_of(25, 10), reml=False)


@pytest.mark.parametrize(("level", "n"), [("worker", 36), ("team", 9)])
@pytest.mark.parametrize("between", [0.0, 0.6])
def test_three_levels_equal_a_fit_of_the_same_units(level, n, between) -> None:
    sums = sums_of(study(36, 4, teams=9, between=between), teams=True)
    compared(sums, ("x", "z (within)"), weights_of(n, 25), level=level)


def test_three_levels_with_one_team_a_worker_is_no_worse_than_two() -> None:
    data = study(20, 5)
    data["team"] = data["worker"]
    nested = refit_weighted(sums_of(data, teams=True), "y", ("x",), np.ones((1, 20)))
    plain = refit_weighted(sums_of(data), "y", ("x",), np.ones((1, 20)))
    np.testing.assert_allclose(nested.effects, plain.effects, rtol=1e-6)
    assert nested.deviance[0] == pytest.approx(plain.deviance[0], abs=1e-7)


def test_weights_of_one_are_the_data_as_they_are() -> None:
    sums = sums_of(study(30, 6))
    found = refit_weighted(sums, "y", TERMS, np.ones((1, 30)))
    np.testing.assert_allclose(found.effects[0], fit_sums(sums, "y", TERMS).effects, rtol=SAME)


def test_what_leaves_nothing_to_estimate_is_degenerate() -> None:
    data = study(6, 3)
    data["x"] = np.array([1.0, 1, 1, 1, 2, 3])[data["worker"]]
    sums = sums_of(data)
    same_score = np.array([3.0, 1, 1, 1, 0, 0])
    one_worker = np.array([6.0, 0, 0, 0, 0, 0])
    found = refit_weighted(sums, "y", ("x",), np.stack([same_score, one_worker, np.ones(6)]))
    assert found.degenerate.tolist() == [True, True, False]
    assert np.isnan(found.effects[:2]).all()
    assert np.isfinite(found.effects[2]).all()


def test_one_user_each_is_degenerate() -> None:
    data = study(8, 4)
    first = np.unique(data["worker"], return_index=True)[1]
    keep = np.isin(data["worker"], [0, 1]) | np.isin(np.arange(len(data["worker"])), first)
    sums = sums_of({name: column[keep] for name, column in data.items()})
    weights = np.array([[0.0, 0, 2, 2, 1, 1, 1, 1]])
    assert refit_weighted(sums, "y", ("x",), weights).degenerate.all()


def test_sums_without_each_worker_apart_are_refused() -> None:
    from dataclasses import replace

    sums = replace(sums_of(study(10, 4)), within_each=None)
    with pytest.raises(ValueError, match="each_within"):
        refit_weighted(sums, "y", ("x",), np.ones((1, 10)))
