"""What can be said of workers without naming one: no cell of few workers, and none by subtraction.

A count of workers is shown only where it, and what it leaves of every other count shown, is zero
or not below the threshold.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["LEVELS", "by_number_of_users", "quantiles_of", "shares_reliable"]

Floats = npt.NDArray[np.float64]
LEVELS = (0.7, 0.6, 0.5)
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
MOST_ROWS = 6


def quantiles_of(values: Floats, threshold: int) -> pd.DataFrame:
    """Return the distribution of a figure over workers.

    Parameters
    ----------
    values : numpy.ndarray
        One value a worker; NaN where a worker has none.
    threshold : int
        Fewest workers on either side of a quantile that is shown.

    Returns
    -------
    pandas.DataFrame
        One row: ``n_workers`` with a value (NaN where it, or the rest, is below the threshold but
        not zero), ``mean`` (NaN for fewer workers than the threshold), ``p10``, ``p25``,
        ``p50``, ``p75``, ``p90`` (NaN where fewer workers than the threshold would lie beyond).

    Examples
    --------
    >>> quantiles_of(np.arange(20.0), 10)[["mean", "p25", "p50"]].to_dict("records")
    [{'mean': 9.5, 'p25': nan, 'p50': 9.5}]
    """
    known = values[~np.isnan(values)]
    n = len(known)
    counted = n == len(values) or _apart(n, {0, len(values)}, threshold)
    row = {"n_workers": float(n) if counted else float("nan"), "mean": float("nan")}
    if n >= max(threshold, 1):
        row["mean"] = float(known.mean())
    for q in QUANTILES:
        shown = n > 0 and n * min(q, 1.0 - q) >= threshold
        row[f"p{100 * q:.0f}"] = float(np.quantile(known, q)) if shown else float("nan")
    return pd.DataFrame([row])


def shares_reliable(reliability: Floats, threshold: int) -> pd.DataFrame:
    """Return the share of workers whose mean is at least so reliable.

    Parameters
    ----------
    reliability : numpy.ndarray
        One value a worker.
    threshold : int
        Fewest workers of any cell.

    Returns
    -------
    pandas.DataFrame
        One row a level (.70, .60, .50): ``reliability``, ``n_workers`` and ``share`` (NaN where
        not shown), ``note`` (why not).

    Examples
    --------
    >>> shares_reliable(np.array([0.8] * 15 + [0.65] * 3 + [0.1] * 22), 10)["share"].tolist()
    [0.375, nan, nan]
    """
    known = reliability[~np.isnan(reliability)]
    n = len(known)
    shown = {0, n}
    rows = []
    for level in LEVELS:
        count = int((known >= level - 1e-12).sum())
        allowed = n >= max(threshold, 1) and _apart(count, shown, threshold)
        if allowed:
            shown.add(count)
        rows.append(
            {
                "reliability": level,
                "n_workers": float(count) if allowed else float("nan"),
                "share": count / n if allowed else float("nan"),
                "note": "" if allowed else _withheld(n, threshold),
            }
        )
    return pd.DataFrame(rows)


def _withheld(n: int, threshold: int) -> str:
    if n == 0:
        return "no group has a reliability"
    return f"not shown: it would tell of fewer than {threshold} groups"


def _apart(count: int, shown: set[int], threshold: int) -> bool:
    return all(count == other or abs(count - other) >= threshold for other in shown)


def by_number_of_users(
    sizes: Floats, reliability: Floats, threshold: int, taken: Sequence[float] = ()
) -> pd.DataFrame:
    """Return how reliable means are by the number of service users they rest on.

    Parameters
    ----------
    sizes, reliability : numpy.ndarray
        One value a worker.
    threshold : int
        Fewest workers in a row.
    taken : sequence of float
        Counts of workers with many service users that are shown elsewhere; a row neither gives
        nor leaves fewer than the threshold beside one of them.

    Returns
    -------
    pandas.DataFrame
        At most six rows: ``users_from``, ``users_to`` (NaN at both ends, where a number would be
        that of one worker), ``users`` (in words), ``n_workers``, ``users_median``,
        ``reliability_median``; none where there are fewer workers than the threshold in all.

    Examples
    --------
    >>> sizes = np.repeat([2.0, 3.0, 8.0, 40.0], [12, 4, 11, 1])
    >>> by_number_of_users(sizes, sizes / (sizes + 4), 10)[["users", "n_workers"]].values.tolist()
    [['up to 2', 12], ['3 or more', 16]]
    """
    columns = ["users_from", "users_to", "users", "n_workers", "users_median", "reliability_median"]
    n = len(sizes)
    fewest = max(threshold, -(-n // MOST_ROWS))
    if n < max(threshold, 1):
        return pd.DataFrame(columns=columns)
    order = np.argsort(sizes, kind="stable")
    ordered, values = sizes[order], reliability[order]
    shown = {0, n, *(n - int(count) for count in taken)}
    cuts = [0]
    for end in [*np.flatnonzero(np.diff(ordered) > 0) + 1]:
        if _apart(int(end), shown, threshold) and end - cuts[-1] >= fewest:
            cuts.append(int(end))
            shown.add(int(end))
    rows = []
    for start, end in zip(cuts, [*cuts[1:], n], strict=True):
        first = float(ordered[start]) if start else float("nan")
        last = float(ordered[end - 1]) if end < n else float("nan")
        rows.append(
            [first, last, _users(first, last), end - start,
             float(np.median(ordered[start:end])), float(np.median(values[start:end]))]
        )  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _users(first: float, last: float) -> str:
    if np.isnan(first):
        return "any number" if np.isnan(last) else f"up to {last:.0f}"
    if np.isnan(last):
        return f"{first:.0f} or more"
    return f"{first:.0f}" if first == last else f"{first:.0f} to {last:.0f}"
