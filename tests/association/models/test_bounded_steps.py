"""Steps above zero, against a minimiser that knows bounds; hollows of a table."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from relsurvey.association.models.bounded_steps import bounded_step, hollows


def test_a_step_goes_to_the_bottom_of_the_parabola_above_the_bounds() -> None:
    rng = np.random.default_rng(4)
    root = rng.normal(size=(60, 2, 2))
    curvature = root @ root.transpose(0, 2, 1) + np.eye(2)
    slope, ratios = rng.normal(size=(60, 2)), rng.uniform(0.0, 0.5, (60, 2))
    ratios[::4, 0] = 0.0
    step, fall = bounded_step(slope, curvature, ratios, np.ones((60, 2)))
    kinds = set()
    for place in range(60):
        bowl = curvature[place]
        best = minimize(
            lambda at, bowl=bowl, place=place: slope[place] @ at + at @ bowl @ at / 2.0,
            np.zeros(2),
            bounds=[(-one, None) for one in ratios[place]],
            options={"ftol": 1e-15, "gtol": 1e-10},
        )
        np.testing.assert_allclose(step[place], best.x, atol=1e-6)
        kinds.add(tuple(np.isclose(step[place], -ratios[place])))
    assert len(kinds) == 4  # free, on either bound, on both
    np.testing.assert_allclose(fall, -(slope * step).sum(axis=1))


def test_where_the_deviance_is_not_convex_a_step_still_goes_down() -> None:
    curvature = np.array([[[-2.0, 0.5], [0.5, 1.0]]])
    slope = np.array([[0.3, -0.4]])
    _, fall = bounded_step(slope, curvature, np.ones((1, 2)), np.ones((1, 2)))
    assert fall[0] > 0


def test_hollows_are_the_places_lower_than_all_around_the_lowest_first() -> None:
    first = np.array([[5.0, 5, 5, 1], [5, 2, 5, 5], [5, 5, 5, 5], [3, 5, 5, 0]])
    where, places = hollows(np.stack([first, first[::-1]]), 3)
    assert where.tolist() == [0, 0, 0, 1, 1, 1]
    assert places.tolist() == [[3, 3], [0, 3], [1, 1], [0, 3], [3, 3], [2, 1]]
    assert len(hollows(first[None], 1)[0]) == 1
