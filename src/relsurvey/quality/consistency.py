"""Does a respondent answer like somebody who reads: spread, even-odd, person-total.

References
----------
Dunn AM, Heggestad ED, Shanock LR, Theilgard N (2018). Intra-individual response variability as
an indicator of insufficient effort responding. Journal of Business and Psychology 33:105-121.
doi 10.1007/s10869-016-9479-0.
Jackson DN (1976). The appraisal of personal reliability. Paper, Society of Multivariate
Experimental Psychology.
Curran PG (2016). Methods for the detection of carelessly invalid responses in survey data.
Journal of Experimental Social Psychology 66:4-19. doi 10.1016/j.jesp.2015.07.006.
Donlon TF, Fischer FE (1968). An index of an individual's agreement with group-determined item
difficulties. Educational and Psychological Measurement 28(1):105-113.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.quality.sheet import AnswerSheet

__all__ = ["FEWEST_PAIRS", "even_odd", "item_means", "person_total", "response_variability"]

Array: TypeAlias = npt.NDArray[np.float64]

# Two points always lie on a line: a correlation over them says nothing.
FEWEST_PAIRS = 3
# A sum of squares this small beside that of the values is what rounding leaves of a constant.
ROUNDING = 1e-24


def response_variability(sheet: AnswerSheet) -> Array:
    """Return each respondent's standard deviation over the raw answers (IRV).

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents.

    Returns
    -------
    ndarray, shape (n,)
        With the number of answers less one below; over fewer items where some are unanswered.
        0 for one answer throughout; NaN only for fewer than two answers.
    """
    count = sheet.answered.astype(np.float64)
    filled = np.where(sheet.there, sheet.raw, 0.0)
    mean = _divided(filled.sum(axis=0), count)
    square = np.zeros(sheet.n)
    for answers, there in zip(filled, sheet.there, strict=True):
        square += np.where(there, (answers - mean) ** 2, 0.0)
    deviation = np.sqrt(_divided(square, np.where(count >= 2, count - 1, 0.0)))
    deviation[_uniform(sheet) & (count >= 2)] = 0.0
    return deviation


def item_means(sheet: AnswerSheet) -> Array:
    """Return the mean raw answer to each item, shape (k,); NaN where nobody answered."""
    filled = np.where(sheet.there, sheet.raw, 0.0)
    return _divided(filled.sum(axis=1), sheet.there.sum(axis=1).astype(np.float64))


def person_total(sheet: AnswerSheet) -> Array:
    """Correlate each respondent's raw answers with the mean answers of all respondents.

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents to k items.

    Returns
    -------
    ndarray, shape (n,)
        Pearson, over the items that the respondent answered, their means taken from everybody
        (the respondent included). NaN for fewer than three answers, one answer throughout, item
        means that do not differ, or a single respondent.

    Notes
    -----
    On raw answers, so that it does not depend on which items are keyed in reverse: whoever
    overlooks that an item is turned round differs from the others there.
    """
    if sheet.n < 2:
        return np.full(sheet.n, np.nan)
    means = np.broadcast_to(item_means(sheet)[:, None], sheet.raw.shape)
    r = _correlations(sheet.raw, means)
    r[_uniform(sheet)] = np.nan
    return r


def even_odd(sheet: AnswerSheet) -> tuple[Array, npt.NDArray[np.int64]]:
    """Correlate the halves of each scale, over the scales of a respondent.

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents; scales of one item are left out.

    Returns
    -------
    consistency : ndarray, shape (n,)
        The correlation over scales of the mean keyed answer to the first, third, fifth item of
        each with that to the second, fourth and so on, stepped up to full length (Spearman-Brown)
        and set to -1 where that falls below it. Near 1 is consistent. NaN where fewer than three
        scales have both halves answered, or a half does not differ between scales.
    pairs : ndarray of int, shape (n,)
        Scales with both halves answered.

    Notes
    -----
    As in the R package careless, but for the sign: since its version 1.2.0 it returns minus this
    value, so that a high value speaks for carelessness. It computes it from two scales as well,
    which always gives 1 or -1.
    """
    halves: tuple[list[Array], list[Array]] = ([], [])
    for places in sheet.scales.values():
        if len(places) >= 2:
            for half, start in zip(halves, (0, 1), strict=True):
                half.append(_mean_of(sheet.keyed[places[start::2]]))
    if not halves[0]:
        return np.full(sheet.n, np.nan), np.zeros(sheet.n, dtype=np.int64)
    odd, even = (np.stack(half) for half in halves)
    both = ~np.isnan(odd) & ~np.isnan(even)
    r = _correlations(np.where(both, odd, np.nan), np.where(both, even, np.nan))
    with np.errstate(divide="ignore"):
        stepped = np.maximum(2 * r / (1 + r), -1.0)
    return stepped, both.sum(axis=0, dtype=np.int64)


def _uniform(sheet: AnswerSheet) -> npt.NDArray[np.bool_]:
    """Say who gave one answer throughout."""
    highest = sheet.given.max(axis=0, initial=-1)
    same = np.ones(sheet.n, dtype=bool)
    for given in sheet.given:
        same &= (given == highest) | (given < 0)
    same &= highest >= 0
    return same


def _mean_of(values: Array) -> Array:
    there = ~np.isnan(values)
    return _divided(np.where(there, values, 0.0).sum(axis=0), there.sum(axis=0).astype(np.float64))


def _correlations(left: Array, right: Array) -> Array:
    """Correlate columns, over the rows in which the left one is there; NaN for under three."""
    there = ~np.isnan(left) & ~np.isnan(right)
    count = there.sum(axis=0).astype(np.float64)
    means = [_divided(np.where(there, side, 0.0).sum(axis=0), count) for side in (left, right)]
    product, first, second, size = (np.zeros(left.shape[1]) for _ in range(4))
    for x, y, here in zip(left, right, there, strict=True):
        from_x, from_y = np.where(here, x - means[0], 0.0), np.where(here, y - means[1], 0.0)
        product += from_x * from_y
        first += from_x**2
        second += from_y**2
        size += np.where(here, x**2 + y**2, 0.0)
    varies = (np.minimum(first, second) > ROUNDING * size) & (count >= FEWEST_PAIRS)
    r = _divided(product, np.where(varies, np.sqrt(first * second), 0.0))
    return np.clip(r, -1.0, 1.0)


def _divided(total: Array, count: Array) -> Array:
    found: Array = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return found
