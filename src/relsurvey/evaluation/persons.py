"""What is said of people one by one, as counts: reliable change, and who was lost."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from relsurvey.evaluation.differences import paired_means, welch
from relsurvey.evaluation.rows import ChangeRows
from relsurvey.evaluation.waves import Codes
from relsurvey.psychometrics.change import reliable_change

__all__ = ["attrition", "reliable_counts"]

READINGS = ("improved", "deteriorated", "no reliable change")


def reliable_counts(
    rows: ChangeRows,
    codes: Codes,
    *,
    reliability: float,
    sd: float | None,
    confidence: float,
    higher_is_better: bool,
    threshold: int,
) -> pd.DataFrame:
    """Count who changed by more than measurement error, from the baseline to the last wave.

    Parameters
    ----------
    rows : ChangeRows
        The answers.
    codes : numpy.ndarray of int
        The unit of each row whose score it is, once a wave.
    reliability, sd, confidence, higher_is_better
        As in ``reliable_change``; ``sd`` is that at the baseline if not given.
    threshold : int
        Counts from 1 to below it are not shown.

    Returns
    -------
    pandas.DataFrame
        ``reading, n, share, expected`` (what chance alone would give) and ``note``. Where a
        count is too small to be shown, the one nearest to it in size is left out as well, so that
        it cannot be worked out from the total; with only two left, all.
    """
    _, before, after = paired_means(rows, codes)
    spread = float(rows.y[rows.at(rows.baseline)].std(ddof=1)) if sd is None else sd
    read = reliable_change(
        before, after, reliability=reliability, sd=spread, confidence=confidence,
        higher_is_better=higher_is_better,
    )["reading"]  # fmt: skip
    counts = np.array([int((read == word).sum()) for word in READINGS])
    hidden = _hidden(counts, threshold)
    tail = (1.0 - confidence) / 2.0
    total = max(len(read), 1)
    note = f"fewer than {threshold} people, or what would give such a number away"
    return pd.DataFrame(
        {
            "reading": READINGS,
            "n": np.where(hidden, np.nan, counts),
            "share": np.where(hidden | (len(read) == 0), np.nan, counts / total),
            "expected": [tail, tail, confidence],
            "note": np.where(hidden, note, ""),
        }
    )


def _hidden(
    counts: np.ndarray[tuple[int], np.dtype[np.int_]], threshold: int
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which counts are not shown: small ones, and one more where one alone is small."""
    hidden = (counts > 0) & (counts < threshold)
    if hidden.sum() == 1:
        # The total is known from elsewhere; a second gap keeps the first from being worked out.
        others = np.flatnonzero(~hidden & (counts > 0))
        if len(others):
            hidden[others[np.argmin(counts[others])]] = True
    return hidden


def attrition(
    rows: ChangeRows, codes: Codes, unit: str, confidence: float, threshold: int
) -> pd.DataFrame:
    """Compare at the baseline those who are there at the last wave with those who are lost.

    Parameters
    ----------
    rows : ChangeRows
        The answers.
    codes : numpy.ndarray of int
        The unit of each row.
    unit : str
        What it is called.
    confidence : float
        Coverage of the interval.
    threshold : int
        Numbers of units from 1 to below it are not shown, nor means that rest on them.

    Returns
    -------
    pandas.DataFrame
        One row: ``unit, n_baseline, n_stayed, n_lost, mean_stayed, mean_lost, difference`` (lost
        less stayed), ``conf_low, conf_high, p_value`` (Welch) and ``note``; one value a unit.
    """
    here = rows.at(rows.baseline)
    size = int(codes.max()) + 1
    counts = np.bincount(codes[here], minlength=size)
    means = np.bincount(codes[here], weights=rows.y[here], minlength=size) / np.maximum(counts, 1)
    later = np.bincount(codes[rows.at(rows.last)], minlength=size) > 0
    stayed, lost = means[(counts > 0) & later], means[(counts > 0) & ~later]
    sizes = (len(stayed), len(lost))
    shown = not any(0 < one < threshold for one in sizes)
    found = welch(lost, stayed, confidence)
    note = "" if shown else f"fewer than {threshold} stayed or were lost: not shown"
    both = shown and min(sizes) > 0
    row = {
        "unit": unit,
        "n_baseline": sum(sizes) if shown else math.nan,
        "n_stayed": sizes[0] if shown else math.nan,
        "n_lost": sizes[1] if shown else math.nan,
        "mean_stayed": float(stayed.mean()) if both else math.nan,
        "mean_lost": float(lost.mean()) if both else math.nan,
        "difference": found.estimate if both else math.nan,
        "conf_low": found.conf_low if both else math.nan,
        "conf_high": found.conf_high if both else math.nan,
        "p_value": found.p_value if both else math.nan,
        "note": note,
    }
    return pd.DataFrame([row])
