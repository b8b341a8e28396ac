"""What a figure of an association is drawn from; no single worker can be seen in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relsurvey.association.models.fit import MixedFit
from relsurvey.association.models.likelihood import Floats
from relsurvey.moments.groups import GroupSums

__all__ = ["central_values", "expected_curve", "worker_bins", "worker_spread"]

CENTRAL = (0.05, 0.95)  # the extremes would show the value of one worker
CURVE_POINTS = 41
MOST_BINS = 8
MOST_STEPS = 24
FURTHEST = 3.0  # standard deviations: an end that depends on no single worker
NO_SPREAD = 1e-12  # of the means' size: rounding


def expected_curve(
    fit: MixedFit, predictor: str, values: Floats, confidence: float
) -> pd.DataFrame:
    """Return the fitted line with its confidence band, other terms at their mean.

    Parameters
    ----------
    fit : MixedFit
        The model.
    predictor : str
        The predictor on the horizontal axis.
    values : numpy.ndarray
        Where to evaluate it.
    confidence : float
        Coverage of the band, pointwise.

    Returns
    -------
    pandas.DataFrame
        predictor, expected, low, high; in the units of the columns.
    """
    centres = [fit.sums.centres[fit.sums.place(name)] for name in fit.predictors]
    contrasts = np.tile([1.0, *centres], (len(values), 1))
    contrasts[:, 1 + fit.predictors.index(predictor)] = values
    tested = fit.test(contrasts, confidence)
    return pd.DataFrame(
        {
            "predictor": values,
            "expected": tested["estimate"],
            "low": tested["conf_low"],
            "high": tested["conf_high"],
        }
    )


def central_values(worker_values: Floats) -> Floats:
    """Return evenly spaced values over the central 90% of the workers."""
    low, high = np.quantile(worker_values, CENTRAL)
    return np.linspace(low, high, CURVE_POINTS)


def worker_bins(sums: GroupSums, predictor: str, outcome: str, minimum: int) -> pd.DataFrame:
    """Gather workers of similar predictor values, at least ``minimum`` in each bin.

    Parameters
    ----------
    sums : GroupSums
        Sums per worker.
    predictor, outcome : str
        Its columns.
    minimum : int
        Fewest workers in a bin. Workers of the same value are never parted.

    Returns
    -------
    pandas.DataFrame
        n_workers, n_service_users, predictor_mean, outcome_mean; both means are over workers,
        one value each, so that no worker with many service users stands for a bin. At most
        eight bins; no rows where there are fewer than two bins' worth of workers.
    """
    values = sums.means[:, sums.place(predictor)]
    answers = sums.means[:, sums.place(outcome)]
    order = np.argsort(values, kind="stable")
    rows = [
        {
            "n_workers": len(members),
            "n_service_users": int(sums.counts[members].sum()),
            "predictor_mean": float(values[members].mean()),
            "outcome_mean": float(answers[members].mean()),
        }
        for members in np.split(order, _cuts(values[order], minimum))
    ]
    columns = ["n_workers", "n_service_users", "predictor_mean", "outcome_mean"]
    return pd.DataFrame(rows if len(rows) > 1 else [], columns=columns)


def _cuts(ordered: Floats, minimum: int) -> list[int]:
    """Return where to cut sorted values, between different ones, bins near equal size."""
    total = len(ordered)
    n_bins = min(total // minimum, MOST_BINS)
    if n_bins < 2:
        return []
    changes = np.flatnonzero(np.diff(ordered) > 0) + 1
    cuts = [0]
    for share in range(1, n_bins):
        target = max(round(share * total / n_bins), cuts[-1] + minimum)
        later = changes[(changes >= target) & (changes <= total - minimum)]
        if len(later):
            cuts.append(int(later[0]))
    return cuts[1:]


def worker_spread(sums: GroupSums, outcome: str, minimum: int) -> pd.DataFrame:
    """Count workers by their mean outcome, at least ``minimum`` in each step.

    Parameters
    ----------
    sums : GroupSums
        Sums per worker.
    outcome : str
        Its column.
    minimum : int
        Fewest workers in a step; smaller ones are put together with their neighbour.

    Returns
    -------
    pandas.DataFrame
        low, high, n_workers, from low to high. Steps begin and end at round numbers, the
        outermost at three standard deviations from the mean of the workers, whatever the lowest
        and the highest worker has; they hold those beyond, too. No rows where there are fewer than
        twice ``minimum`` workers or all have one mean.
    """
    columns = ["low", "high", "n_workers"]
    means = sums.means[:, sums.place(outcome)]
    if len(means) < 2 * minimum or np.ptp(means) <= NO_SPREAD * (1.0 + np.abs(means).max()):
        return pd.DataFrame([], columns=columns)
    centre, deviation = float(means.mean()), float(means.std(ddof=1))
    step = _round_step(2.0 * FURTHEST * deviation / MOST_STEPS)
    first, last = (
        np.floor((centre - FURTHEST * deviation) / step),
        np.ceil((centre + FURTHEST * deviation) / step),
    )
    places = np.clip(np.floor(means / step) - first, 0, last - first - 1).astype(np.intp)
    counts = np.bincount(places, minlength=int(last - first))
    rows: list[list[float]] = []
    for place, count in enumerate(counts.tolist()):
        edges = [(first + place) * step, (first + place + 1) * step]
        if rows and rows[-1][2] < minimum:
            rows[-1] = [rows[-1][0], edges[1], rows[-1][2] + count]
        else:
            rows.append([*edges, count])
    if len(rows) > 1 and rows[-1][2] < minimum:
        _, high, count = rows.pop()
        rows[-1] = [rows[-1][0], high, rows[-1][2] + count]
    return pd.DataFrame(rows, columns=columns).astype({"n_workers": int})


def _round_step(least: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(power * next(unit for unit in (1.0, 2.0, 5.0, 10.0) if unit * power >= least))
