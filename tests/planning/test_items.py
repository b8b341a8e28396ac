"""Items: the graded response model, and the category shares it was asked for."""

import numpy as np
import pytest
from scipy.special import ndtr

from relsurvey.instruments import load_instrument
from relsurvey.planning.items import draw_categories, item_parameters

PEOPLE = 100_000
MOST_STANDARD_ERRORS = 4.5  # some 90 shares are looked at in one test


def items_of(name="peech-sc", loading=0.75, ceiling=0.55, not_applicable=0.04):
    return item_parameters(
        load_instrument(name), loading=loading, ceiling=ceiling, not_applicable=not_applicable
    )


@pytest.mark.parametrize(("name", "ceiling"), [("peech-sc", 0.55), ("rpq-16", None)])
def test_drawn_shares_are_the_wanted_ones(name, ceiling) -> None:
    items = items_of(name, ceiling=ceiling)
    rng = np.random.default_rng(1)
    traits = rng.standard_normal((PEOPLE, len(items.domain_ids)))
    categories = draw_categories(rng, traits, items)
    for k in range(items.codes.size):
        wanted = items.shares[:, k]
        error = np.sqrt(wanted * (1 - wanted) / PEOPLE)
        drawn = (categories == k).mean(axis=0)
        assert np.all(np.abs(drawn - wanted) < MOST_STANDARD_ERRORS * error)


def test_response_functions_are_samejimas() -> None:
    items = items_of()
    trait, rng = 0.8, np.random.default_rng(2)
    categories = draw_categories(rng, np.full((PEOPLE, 4), trait), items)
    a = (items.loadings / np.sqrt(1 - items.loadings**2))[:, np.newaxis]
    b = items.thresholds / items.loadings[:, np.newaxis]
    wanted = ndtr(a * (trait - b))
    drawn = np.stack([(categories > k).mean(axis=0) for k in range(3)], axis=1)
    error = np.sqrt(wanted * (1 - wanted) / PEOPLE)
    assert np.all(np.abs(drawn - wanted) < MOST_STANDARD_ERRORS * error)


def test_means_over_items_are_what_was_asked_for() -> None:
    items = items_of(loading=0.6, ceiling=0.7, not_applicable=0.1)
    assert items.loadings.mean() == pytest.approx(0.6, abs=1e-12)
    assert items.shares[:, -1].mean() == pytest.approx(0.7, abs=1e-12)
    assert items.not_applicable.mean() == pytest.approx(0.1, abs=1e-12)
    assert np.ptp(items.loadings) == pytest.approx(0.2)
    assert items.shares.sum(axis=1) == pytest.approx(np.ones(23))


@pytest.mark.parametrize("extreme", [0.0, 1e-9, 0.5, 0.999999])
def test_extreme_loadings_stay_legal(extreme) -> None:
    loadings = items_of(loading=extreme).loadings
    assert loadings.min() >= 0
    assert loadings.max() < 1


def test_domains_are_the_scales_that_list_items() -> None:
    items = items_of()
    assert items.domain_ids == ("SEC", "KNO", "VAL", "CON")
    assert np.bincount(items.domain).tolist() == [7, 5, 6, 5]


def test_an_item_of_two_scales_belongs_to_the_shorter_and_of_none_to_no_domain() -> None:
    instrument = load_instrument("rpq-16")
    long, short = instrument.scales[0], instrument.scales[1]
    overlapping = long.model_copy(update={"items": (*long.items, *short.items[:2])})
    changed = instrument.model_copy(
        update={"scales": type(instrument.scales)([overlapping, short])}
    )
    items = item_parameters(changed, loading=0.7, ceiling=None, not_applicable=0.0)
    assert items.domain_ids == ("RIA", "ROA", "(none)")
    assert np.bincount(items.domain).tolist() == [4, 4, 8]


def test_an_instrument_without_the_code_has_no_does_not_apply() -> None:
    assert not items_of("rpq-16", not_applicable=0.3).not_applicable.any()
    assert items_of(not_applicable=0.3).not_applicable.any()


def test_keyed_values_turn_reversed_items_round() -> None:
    items = items_of()
    assert items.reversed.sum() == 2
    # On evenly spaced codes a turned scale has the same values in the same order.
    assert np.array_equal(items.keyed_values, np.tile([0.0, 1.0, 2.0, 3.0], (23, 1)))
