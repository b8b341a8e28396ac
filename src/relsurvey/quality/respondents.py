"""One row a respondent: how much was answered, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.quality.alike import Alike, alike, repeated_ids
from relsurvey.quality.attention import AttentionItems, attention_counts
from relsurvey.quality.consistency import even_odd, person_total, response_variability
from relsurvey.quality.distance import Distances
from relsurvey.quality.runs import longest_runs
from relsurvey.quality.sheet import NOT_APPLICABLE, NOT_SHOWN, AnswerSheet

__all__ = ["Measured", "measured"]

Array: TypeAlias = npt.NDArray[np.float64]

_TIMES = ("started", "submitted", "duration")


@dataclass(frozen=True, eq=False)
class Measured:
    """What is known of n respondents.

    Attributes
    ----------
    table : pandas.DataFrame
        As ``QualityResult.respondents``.
    contradicting : ndarray of int, shape (n,)
        Longest run of one raw answer that contradicts itself.
    alike : Alike
        Who answered as somebody else did.
    """

    table: pd.DataFrame
    contradicting: npt.NDArray[np.int32]
    alike: Alike


def measured(sheet: AnswerSheet, attention: AttentionItems, distance: Distances) -> Measured:
    """Take every measure of every respondent."""
    k, n = sheet.given.shape
    asked = k - sheet.has(NOT_SHOWN).sum(axis=0)
    applies_not = sheet.has(NOT_APPLICABLE).sum(axis=0)
    longest, contradicting = longest_runs(sheet)
    consistency, pairs = even_odd(sheet)
    same = alike(sheet)
    columns = {
        **{
            name: sheet.people[name]
            for name in sheet.people
            if name not in ("started", "submitted")
        },
        "n_asked": asked,
        "n_answered": sheet.answered,
        "missing_share": _share(asked - sheet.answered - applies_not, asked),
        "not_applicable_share": _share(applies_not, asked),
        "longstring": longest,
        "longstring_contradicting": contradicting,
        "irv": response_variability(sheet),
        "mahalanobis_d2": distance.squared,
        "mahalanobis_df": distance.df,
        "mahalanobis_p": distance.p_value,
        "even_odd": consistency,
        "even_odd_scales": pairs,
        "person_total": person_total(sheet),
        "duplicate_of": same.others,
        "duplicate_of_same_worker": same.others_same_worker,
        "rows_with_id": repeated_ids(sheet),
    }
    seconds = _seconds(sheet)
    if seconds is not None:
        columns["seconds_per_item"] = _share(seconds, sheet.answered + applies_not)
    if attention:
        passed, failed = attention_counts(sheet, attention)
        columns |= {"attention_passed": passed, "attention_failed": failed}
    return Measured(pd.DataFrame(columns, index=range(n), copy=False), contradicting, same)


def _share(part: npt.ArrayLike, whole: npt.ArrayLike) -> Array:
    top, bottom = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    found: Array = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return found


def _seconds(sheet: AnswerSheet) -> Array | None:
    """Return how long each respondent took, in seconds; ``None`` where the platform is silent."""
    people = sheet.people
    if "duration" in people:
        numbers = pd.to_numeric(people["duration"], errors="coerce").to_numpy(dtype=np.float64)
        return np.where(np.isfinite(numbers) & (numbers >= 0), numbers, np.nan)
    if not {"started", "submitted"} <= set(people):
        return None
    ends = [pd.to_datetime(people[name], errors="coerce") for name in ("started", "submitted")]
    gone = (ends[1] - ends[0]).dt.total_seconds().to_numpy(dtype=np.float64)
    return np.where(gone >= 0, gone, np.nan)
