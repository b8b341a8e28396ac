"""Holes: shares as asked for, and blanks that cluster in people."""

import numpy as np
import pytest

from relsurvey.planning.holes import blank_cells, not_applicable_cells

DRAWS = 50
MOST_STANDARD_ERRORS = 4.0


@pytest.mark.parametrize("share", [0.01, 0.03, 0.4])
def test_share_of_blanks(share) -> None:
    shares = np.array(
        [blank_cells(np.random.default_rng(s), 900, 23, share).mean() for s in range(DRAWS)]
    )
    error = shares.std(ddof=1) / np.sqrt(DRAWS)
    assert abs(shares.mean() - share) < MOST_STANDARD_ERRORS * error


def test_blanks_cluster_in_people() -> None:
    per_person = blank_cells(np.random.default_rng(1), 20_000, 20, 0.05).mean(axis=1)
    independent = 0.05 * 0.95 / 20
    assert per_person.var() > 3 * independent
    # Independent blanks would leave 0.95 ** 20 = 0.36 of the people without any.
    assert (per_person == 0).mean() > 0.5


def test_share_of_nothing_is_no_blank() -> None:
    assert not blank_cells(np.random.default_rng(1), 100, 10, 0.0).any()


def test_does_not_apply_follows_each_item() -> None:
    shares = np.array([0.0, 0.02, 0.10, 1.0])
    drawn = not_applicable_cells(np.random.default_rng(1), 20_000, shares).mean(axis=0)
    error = np.sqrt(shares * (1 - shares) / 20_000)
    assert np.all(np.abs(drawn - shares) <= MOST_STANDARD_ERRORS * error)
