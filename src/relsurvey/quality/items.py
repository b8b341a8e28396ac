"""One row an item: what was answered, what was not and why, and how the answers lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.intake.decoding.answer_key import REASONS
from relsurvey.quality.sheet import NOT_APPLICABLE, NOT_SHOWN, AnswerSheet

__all__ = ["COUNT", "item_table"]

COUNT = "count_"
_GAPS = tuple((place, reason) for place, reason in enumerate(REASONS) if reason is not None)
_ALWAYS = ("unanswered", "not_applicable")
# More different values than this are no response scale.
MOST_CODES = 30


def item_table(sheet: AnswerSheet) -> pd.DataFrame:
    """Describe every item.

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents to k items.

    Returns
    -------
    pandas.DataFrame
        As ``QualityResult.items``.
    """
    table = pd.DataFrame([_row(sheet, item) for item in range(len(sheet.items))])
    rare = [reason for _, reason in _GAPS if reason not in _ALWAYS and not table[reason].any()]
    return table.drop(columns=rare)


def _row(sheet: AnswerSheet, item: int) -> dict[str, Any]:
    given, known = sheet.given[item], sheet.instrument
    counts = np.bincount(given[given >= 0], minlength=len(sheet.codes))
    reasons = np.bincount(sheet.reasons[item], minlength=len(REASONS))
    asked, answered = sheet.n - int(reasons[NOT_SHOWN]), int(counts.sum())
    mean, deviation, skewness = _shape(_keyed_codes(sheet, item), counts)
    floor, ceiling = _ends(sheet, item, counts)
    used = zip(sheet.codes, counts, strict=True)
    return {
        "item": sheet.items[item],
        "gist": known.items[sheet.items[item]].gist if known else "",
        "reversed": bool(sheet.reversed[item]),
        "n_asked": asked,
        "n": answered,
        "missing_share": _share(asked - answered - int(reasons[NOT_APPLICABLE]), asked),
        **{reason: int(reasons[place]) for place, reason in _GAPS},
        "floor": floor,
        "ceiling": ceiling,
        "mean": mean,
        "sd": deviation,
        "skewness": skewness,
        **_distribution(sheet, counts),
        "unused": ", ".join(f"{code:g}" for code, count in used if not count) if known else "",
        "note": _note(sheet, answered, asked, counts),
    }


def _ends(sheet: AnswerSheet, item: int, counts: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Return the shares of answers at the lowest and the highest keyed answer."""
    answered = int(counts.sum())
    if sheet.instrument is None or not answered:
        return np.nan, np.nan
    ends = (int(counts[0]) / answered, int(counts[-1]) / answered)
    return (ends[1], ends[0]) if sheet.reversed[item] else ends


def _keyed_codes(sheet: AnswerSheet, item: int) -> npt.NDArray[np.float64]:
    if not sheet.reversed[item] or sheet.instrument is None:
        return sheet.codes
    scale = sheet.instrument.response_scale
    return np.asarray(scale.minimum + scale.maximum - sheet.codes)


def _shape(
    values: npt.NDArray[np.float64], counts: npt.NDArray[np.int64]
) -> tuple[float, float, float]:
    """Return mean, standard deviation and skewness of keyed answers, from their counts."""
    n = int(counts.sum())
    if not n:
        return np.nan, np.nan, np.nan
    mean = float(values @ counts) / n
    apart = values - mean
    square = float(apart**2 @ counts)
    deviation = float(np.sqrt(square / (n - 1))) if n > 1 else np.nan
    if np.count_nonzero(counts) < 2:
        return mean, 0.0 if n > 1 else np.nan, np.nan
    # As psych::describe gives it by default (b1 of Joanes & Gill 1998).
    return mean, deviation, float(apart**3 @ counts) / n / deviation**3


def _distribution(sheet: AnswerSheet, counts: npt.NDArray[np.int64]) -> dict[str, int]:
    if len(sheet.codes) > MOST_CODES:
        return {}
    return {
        f"{COUNT}{value:g}": int(count) for value, count in zip(sheet.codes, counts, strict=True)
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else np.nan


def _note(sheet: AnswerSheet, answered: int, asked: int, counts: npt.NDArray[np.int64]) -> str:
    if not sheet.n:
        return "no respondents"
    if not asked:
        return "shown to nobody"
    if not answered:
        return "nobody answered"
    notes = []
    if np.count_nonzero(counts) == 1:
        notes.append(
            "everybody who answered gave the same answer" if answered > 1 else "one answer"
        )
    if sheet.instrument is None:
        notes.append("the response scale is not known without an instrument: no floor or ceiling")
    return "; ".join(notes)
