"""Where a search begins: values of the parameters read off the covariances.

Every factor starts from the first principal component of what is left of its items; overlapping
factors (a general and a group factor) are taken off one after the other. The first item of a
factor may be keyed the other way round: signs come from the data, and a loading that is fixed
at 1 turns its factor, not its items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.estimators.protocol import Estimator, SampleMoments
from relsurvey.psychometrics.structure.parameters import ParameterTable

__all__ = ["generic_values", "start_values"]

Array: TypeAlias = npt.NDArray[np.float64]

MODERATE = 0.5  # a loading on standardised items
LARGEST = 0.9
SEED = 20240229
SHRINK = 0.8


@dataclass(slots=True)
class _Guess:
    """Standardised values of one group: loadings, loadings of factors, factor correlations."""

    loadings: Array
    effects: Array
    correlations: Array


def start_values(estimator: Estimator) -> Iterator[Array]:
    """Yield values to start from: from the data, plain ones, and then drawn ones without end.

    Parameters
    ----------
    estimator : Estimator
        With its table and moments.

    Yields
    ------
    ndarray, shape (q,)
        The same ones every time.
    """
    table = estimator.table
    guesses = [_from_data(table, place, seen) for place, seen in enumerate(estimator.moments)]
    yield _placed(estimator, guesses)
    yield _placed(estimator, [_levelled(table, place, g) for place, g in enumerate(guesses)])
    draw = np.random.default_rng(SEED)
    while True:
        yield _placed(estimator, [_drawn(table, place, draw) for place in range(len(guesses))])


def generic_values(estimator: Estimator) -> Array:
    """Return values of no particular kind, to find out what is identified."""
    draw = np.random.default_rng(SEED + 1)
    places = range(len(estimator.moments))
    return _placed(estimator, [_drawn(estimator.table, place, draw) for place in places])


def _pattern(table: ParameterTable, place: int) -> npt.NDArray[np.bool_]:
    """Return which items load on which factors."""
    cells = table.cells("lambda", place)
    found: npt.NDArray[np.bool_] = cells.base != 0
    found[cells.rows, cells.columns] = True
    return found


def _effect_pattern(table: ParameterTable, place: int) -> npt.NDArray[np.bool_]:
    cells = table.cells("beta", place)
    found: npt.NDArray[np.bool_] = cells.base != 0
    found[cells.rows, cells.columns] = True
    return found


def _from_data(table: ParameterTable, place: int, seen: SampleMoments) -> _Guess:
    pattern = _pattern(table, place)
    deviations = np.sqrt(np.diag(seen.covariance))
    left = seen.covariance / np.outer(deviations, deviations)
    whole = left.copy()
    m = len(table.factors)
    loadings, weights = np.zeros(pattern.shape), np.zeros(pattern.shape)
    # Broad factors first, so that what narrow ones share beyond them is left for those.
    for factor in sorted(range(m), key=lambda j: (-int(pattern[:, j].sum()), j)):
        inside = np.flatnonzero(pattern[:, factor])
        if not len(inside):
            continue
        loadings[inside, factor] = _component(left[np.ix_(inside, inside)])
        weights[inside, factor] = np.sign(loadings[inside, factor])
        shared = pattern[inside].sum(axis=1) > 1
        if shared.any():
            column = np.where(np.isin(np.arange(len(left)), inside), loadings[:, factor], 0.0)
            left = left - np.outer(column, column)
    correlations = _composites(whole, weights)
    effects = np.zeros((m, m))
    above = _effect_pattern(table, place)
    for factor in range(m):
        parts = np.flatnonzero(above[:, factor])
        if len(parts):
            effects[parts, factor] = _component(correlations[np.ix_(parts, parts)])
    return _Guess(loadings, effects, SHRINK * correlations)


def _component(correlation: Array) -> Array:
    """Return the loadings on the first principal component, kept away from 0 and 1."""
    values, vectors = np.linalg.eigh(correlation)
    found = vectors[:, -1] * np.sqrt(max(values[-1] - 0.5, 0.1))
    largest = np.argmax(np.abs(found))
    found = found * np.sign(found[largest])
    sizes = np.clip(np.abs(found), 0.1, LARGEST)
    loadings: Array = np.where(found < 0, -sizes, sizes)
    return loadings


def _composites(correlation: Array, weights: Array) -> Array:
    """Return the correlations of the sums of the items of each factor; 0 where it has none."""
    products = weights.T @ correlation @ weights
    variances = np.diag(products)
    scale = np.sqrt(np.where(variances > 0, variances, np.inf))
    found: Array = products / np.outer(scale, scale)
    np.fill_diagonal(found, 1.0)
    return found


def _levelled(table: ParameterTable, place: int, guess: _Guess) -> _Guess:
    """Return the guess with all loadings of one size, only their signs being kept."""
    pattern, above = _pattern(table, place), _effect_pattern(table, place)
    m = len(table.factors)
    sign = np.where(guess.loadings < 0, -1.0, 1.0)
    turn = np.where(guess.effects < 0, -1.0, 1.0)
    crowded = np.maximum(pattern.sum(axis=1, keepdims=True), 1)
    return _Guess(
        np.where(pattern, sign * MODERATE / np.sqrt(crowded), 0.0),
        np.where(above, turn * MODERATE, 0.0),
        np.eye(m),
    )


def _drawn(table: ParameterTable, place: int, draw: np.random.Generator) -> _Guess:
    pattern, above = _pattern(table, place), _effect_pattern(table, place)
    m = len(table.factors)
    crowded = np.sqrt(np.maximum(pattern.sum(axis=1, keepdims=True), 1))
    sizes = draw.uniform(0.2, LARGEST, pattern.shape) / crowded
    signs = np.where(draw.random(pattern.shape) < 0.2, -1.0, 1.0)
    effects = draw.uniform(0.3, LARGEST, above.shape) / max(1, int(above.sum(axis=1).max()))
    loose = draw.uniform(-0.9, 0.9, (m, m)) / m
    correlations = (loose + loose.T) / 2
    np.fill_diagonal(correlations, 1.0)
    return _Guess(
        np.where(pattern, sizes * signs, 0.0), np.where(above, effects, 0.0), correlations
    )


def _placed(estimator: Estimator, guesses: list[_Guess]) -> Array:
    """Put guesses of all groups in the place of the free parameters; equal ones are averaged."""
    table = estimator.table
    total, count = np.zeros(table.n_free), np.zeros(table.n_free)
    for place, (seen, guess) in enumerate(zip(estimator.moments, guesses, strict=True)):
        filled = _scaled(table, place, seen, guess) | estimator.known_values(place)
        for row in table.rows:
            if row.group == place and row.free:
                values = filled[row.matrix]
                total[row.index] += values[(row.row, row.column)[: values.ndim]]
                count[row.index] += 1
    return total / np.maximum(count, 1)


def _scaled(
    table: ParameterTable, place: int, seen: SampleMoments, guess: _Guess
) -> dict[str, Array]:
    """Bring a standardised guess into the units of the items and of the fixed values."""
    deviations = np.sqrt(np.diag(seen.covariance))
    explained = np.minimum((guess.effects**2).sum(axis=1), 0.8)
    loadings = guess.loadings * deviations[:, None] * np.sqrt(1 - explained)
    effects = guess.effects / np.sqrt(1 - explained)[:, None]
    unit = np.array([_unit(table, place, j, loadings, effects) for j in range(len(explained))])
    communal = np.minimum((guess.loadings**2).sum(axis=1), 0.8)
    theta = np.diag(deviations**2 * (1 - communal))
    return {
        "lambda": loadings * unit,
        "beta": effects * unit / unit[:, None],
        "psi": guess.correlations / np.outer(unit, unit),
        "theta": theta,
        "nu": seen.mean,
        "alpha": np.zeros(len(unit)),
        "tau": np.zeros(table.shapes["tau"]),
        "delta": np.ones(len(deviations)),
    }


def _unit(table: ParameterTable, place: int, factor: int, loadings: Array, effects: Array) -> float:
    """Return by what the loadings on a factor of variance 1 are multiplied to fit fixed values."""
    for matrix, guessed in (("lambda", loadings), ("beta", effects)):
        fixed = table.cells(matrix, place).base[:, factor]  # type: ignore[arg-type]
        held = np.flatnonzero(fixed)
        if len(held) and guessed[held[0], factor]:
            return float(fixed[held[0]] / guessed[held[0], factor])
    variances = table.cells("psi", place)
    free = ((variances.rows == factor) & (variances.columns == factor)).any()
    fixed_variance = float(variances.base[factor, factor])
    return 1.0 if free or fixed_variance <= 0 else 1 / np.sqrt(fixed_variance)
