"""Values for the empty cells of one column, drawn from its model or taken from donors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.imputation.posterior import Codes, Drawing, Floats, Observed, draw_parameters

__all__ = ["DONORS", "METHODS", "Levels", "draw_missing"]

METHODS = ("normal", "matched")
DONORS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Which units get a random intercept; both may be ``None``."""

    groups: Codes | None = None
    n_groups: int = 0
    parents: Codes | None = None


def draw_missing(
    y: Floats,
    x: Floats,
    missing: npt.NDArray[np.bool_],
    levels: Levels,
    method: str,
    rng: np.random.Generator,
) -> Floats:
    """Draw a value for each empty cell of a column.

    Parameters
    ----------
    y : numpy.ndarray
        Shape (n,): the column; what stands in its empty cells is not looked at.
    x : numpy.ndarray
        Shape (n, k): the other columns, complete, without one of ones. Those that do not vary
        over the rows with a value play no part.
    missing : numpy.ndarray of bool
        Shape (n,): the empty cells.
    levels : Levels
        Random intercepts.
    method : {"normal", "matched"}
        Drawn from the model; or the value of one of the five rows whose expected value is
        nearest (predictive mean matching: expected values with estimated effects for those
        with a value, with drawn effects for those without).
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    numpy.ndarray
        Shape (missing.sum(),).

    References
    ----------
    Little, R. J. A. (1988). Missing-data adjustments in large surveys. Journal of Business &
    Economic Statistics, 6(3), 287-296.
    van Buuren, S. (2018). Flexible imputation of missing data (2nd ed.), algorithm 3.3.
    """
    seen = ~missing
    own = y[seen]
    centre, unit = float(own.mean()), float(own.std())
    if np.ptp(own) == 0:
        return np.full(int(missing.sum()), own[0])
    design = _design(x, seen)
    groups = levels.groups
    observed = Observed(
        (own - centre) / unit,
        design[seen],
        None if groups is None else groups[seen],
        levels.n_groups,
        levels.parents,
    )
    drawing = draw_parameters(observed, rng)
    place = None if groups is None else groups[missing]
    predicted = _predicted(design[missing], drawing.effects, drawing.intercepts, place)
    if method == "normal":
        noise = drawing.residual_sd * rng.standard_normal(len(predicted))
        return centre + unit * (predicted + noise)
    return own[_donors(_expected(observed, drawing), predicted, rng)]


def _design(x: Floats, seen: npt.NDArray[np.bool_]) -> Floats:
    spread = x[seen].std(axis=0)
    moving = spread > 0
    standard = (x[:, moving] - x[seen][:, moving].mean(axis=0)) / spread[moving]
    return np.column_stack([np.ones(len(x)), standard])


def _predicted(x: Floats, effects: Floats, intercepts: Floats, groups: Codes | None) -> Floats:
    predicted: Floats = x @ effects
    return predicted if groups is None else predicted + intercepts[groups]


def _expected(observed: Observed, drawing: Drawing) -> Floats:
    return _predicted(
        observed.x, drawing.expected_effects, drawing.expected_intercepts, observed.groups
    )


def _donors(expected: Floats, predicted: Floats, rng: np.random.Generator) -> Codes:
    """Return for each prediction the place of one of the nearest expected values, at random."""
    # Ties in an order of chance, so that rows of equal expectation all may give.
    order = np.lexsort([rng.random(len(expected)), expected])
    ranked = expected[order]
    reach = min(DONORS, len(ranked))
    middle = np.searchsorted(ranked, predicted)
    first = np.clip(middle - reach, 0, len(ranked) - 1)
    window = np.minimum(first[:, None] + np.arange(2 * reach), len(ranked) - 1)
    distance = np.abs(ranked[window] - predicted[:, None])
    # The last place may stand in the window several times: it counts once.
    distance[:, 1:][np.diff(window, axis=1) == 0] = np.inf
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :reach]
    chosen = nearest[np.arange(len(predicted)), rng.integers(reach, size=len(predicted))]
    places: Codes = order[window[np.arange(len(predicted)), chosen]]
    return places
