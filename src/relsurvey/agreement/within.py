"""Agreement within each group: r_wg, r_wg(j) and the average deviation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.agreement.nulls import Null
from relsurvey.moments.group_spread import GroupSpread

__all__ = ["agreement_within", "item_agreement", "rwg_name", "rwg_of"]

Floats = npt.NDArray[np.float64]


def rwg_name(null: str, *, several: bool) -> str:
    """Return the column of r_wg (several items: r_wg(j)) under a null; the uniform has no suffix.

    Examples
    --------
    >>> rwg_name("uniform", several=True), rwg_name("slightly_skewed", several=False)
    ('rwg_j', 'rwg_slightly_skewed')
    """
    stem = "rwg_j" if several else "rwg"
    return stem if null == "uniform" else f"{stem}_{null}"


def rwg_of(variance: Floats, expected: float, n_items: int = 1) -> Floats:
    """Return r_wg(j) from the mean variance of the items.

    Parameters
    ----------
    variance : numpy.ndarray
        Mean over the items of the variance within a group (divisor n - 1).
    expected : float
        Variance under the null.
    n_items : int, default 1
        J; with one item this is r_wg.

    Returns
    -------
    numpy.ndarray
        J (1 - v) / (J (1 - v) + v) with v the ratio of the two variances, and 0 where people
        differ more than the null has it (v above 1); NaN where the variance is.

    References
    ----------
    James LR, Demaree RG, Wolf G (1984). Journal of Applied Psychology 69(1):85-98; (1993)
    78(2):306-309, on setting values out of range to 0.

    Examples
    --------
    >>> rwg_of(np.array([0.5, 4.0]), 2.0, 4).round(4).tolist()
    [0.9231, 0.0]
    """
    ratio = np.minimum(variance / expected, 1.0)
    agreed = n_items * (1.0 - ratio)
    value: Floats = agreed / (agreed + ratio)
    return value


def agreement_within(spread: GroupSpread, nulls: Sequence[Null], *, several: bool) -> pd.DataFrame:
    """Return the agreement of every group.

    Parameters
    ----------
    spread : GroupSpread
        Of the J items, or of the one outcome.
    nulls : sequence of Null
        The uniform first; none where the categories are not known.
    several : bool
        Whether the columns are the items of a scale.

    Returns
    -------
    pandas.DataFrame
        One row a group, in the order of ``spread``: ``variance`` (mean over items), r_wg or
        r_wg(j) under each null (values out of range at 0), ``rwg_uncut`` or ``rwg_j_lindell``
        (1 minus the ratio of variances under the uniform null, negative where people differ
        more than at random; for items the r*_wg(j) of Lindell et al. 1999), ``ad_mean`` and
        ``ad_median`` (average deviation around the item mean and median, mean over items).

    References
    ----------
    Burke MJ, Finkelstein LM, Dusig MS (1999). Organizational Research Methods 2(1):49-68.
    Lindell MK, Brandt CJ, Whitney DJ (1999). Applied Psychological Measurement 23(2):127-135.
    """
    n_items = spread.variances.shape[1]
    variance = spread.variances.mean(axis=1)
    columns: dict[str, Floats] = {"variance": variance}
    nothing = np.full(len(variance), np.nan)
    uniform = next((null.variance for null in nulls if null.name == "uniform"), np.nan)
    columns[rwg_name("uniform", several=several)] = nothing
    for null in nulls:
        columns[rwg_name(null.name, several=several)] = rwg_of(variance, null.variance, n_items)
    columns["rwg_j_lindell" if several else "rwg_uncut"] = 1.0 - variance / uniform
    columns["ad_mean"] = spread.deviation_from_mean.mean(axis=1)
    columns["ad_median"] = spread.deviation_from_median.mean(axis=1)
    return pd.DataFrame(columns)


def item_agreement(
    spread: GroupSpread, items: Sequence[str], nulls: Sequence[Null]
) -> pd.DataFrame:
    """Return the agreement on each item over all groups of two or more.

    Parameters
    ----------
    spread : GroupSpread
        Of the items.
    items : sequence of str
        Their names.
    nulls : sequence of Null
        As in ``agreement_within``.

    Returns
    -------
    pandas.DataFrame
        One row an item: ``item``, and means over those groups of ``variance``, ``rwg``,
        ``ad_mean`` and ``ad_median``; NaN where there is no such group.
    """
    some = spread.counts > 1
    uniform = next((null.variance for null in nulls if null.name == "uniform"), np.nan)
    figures = {
        "variance": spread.variances,
        "rwg": rwg_of(spread.variances, uniform),
        "ad_mean": spread.deviation_from_mean,
        "ad_median": spread.deviation_from_median,
    }
    means = {
        name: table[some].mean(axis=0) if some.any() else np.full(len(items), np.nan)
        for name, table in figures.items()
    }
    return pd.DataFrame({"item": list(items), **means})
