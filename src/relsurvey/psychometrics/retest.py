"""Intraclass correlations: do repeated measurements, or raters, agree on the same targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtri

from relsurvey.criteria import retest_reliability
from relsurvey.errors import ModelError
from relsurvey.moments.group_columns import (
    Columns,
    number_matrix,
    require_finite,
    take_columns,
)
from relsurvey.moments.group_ids import group_codes
from relsurvey.options import require_choice, require_confidence
from relsurvey.text import counted
from relsurvey.with_pingouin import intraclass_correlation

__all__ = ["icc"]

Floats: TypeAlias = npt.NDArray[np.float64]
Gaps: TypeAlias = Literal["stop", "listwise"]

# A mean square this small beside the whole variation is what rounding leaves of zero.
ROUNDING = 1e-12
FEWEST_RATINGS = 5
MEANING = {
    "ICC(1,1)": "one rating, each target with raters of its own",
    "ICC(A,1)": "one rating, absolute agreement",
    "ICC(C,1)": "one rating, consistency",
    "ICC(1,k)": "mean of the k ratings, each target with raters of its own",
    "ICC(A,k)": "mean of the k ratings, absolute agreement",
    "ICC(C,k)": "mean of the k ratings, consistency",
}


@dataclass(frozen=True, slots=True)
class _Ratings:
    """A complete table of n targets by k raters, and how many targets were left out of it."""

    table: Floats
    left_out: int


def icc(
    data: Any,
    targets: str,
    raters: str,
    ratings: str,
    *,
    missing: Gaps = "stop",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the six intraclass correlations, for instance of a test and its retest.

    Parameters
    ----------
    data : pandas, Polars (eager or lazy) or PyArrow frame, or mapping of arrays
        Long form, one row a rating.
    targets, raters, ratings : str
        The columns of what is rated (a person), of who or when (a rater, an occasion), and of
        the rating (a score). Targets and raters may be text, whole numbers or categories.
    missing : {"stop", "listwise"}
        What happens where a target lacks the rating of a rater: an error that names the
        targets, or only complete targets are used, which ``note`` then says.
    confidence : float
        Of the limits.

    Returns
    -------
    pandas.DataFrame
        Six rows, named as McGraw and Wong do: ``Type``, ``description``, ``ICC``, ``F``,
        ``df1``, ``df2``, ``pval`` (one-sided, of no agreement; all these as pingouin computes
        them), ``conf_low`` and ``conf_high`` (unrounded), ``n_targets``, ``n_raters``,
        ``reading`` (the criterion of COSMIN, whether it is met, and why) and ``note``. For test
        and retest with one score each, COSMIN prefers ICC(A,1). NaN where ratings do not vary,
        with the reason in ``note``.

    Raises
    ------
    ModelError
        Where a column is unknown or does not hold what it should, a rater rated a target
        twice, a target lacks a rating (with ``missing="stop"``), or fewer than two targets or
        raters are left.

    References
    ----------
    Shrout PE, Fleiss JL (1979). Intraclass correlations: uses in assessing rater reliability.
    Psychological Bulletin 86(2):420-428. doi 10.1037/0033-2909.86.2.420.
    McGraw KO, Wong SP (1996). Forming inferences about some intraclass correlation
    coefficients. Psychological Methods 1(1):30-46. doi 10.1037/1082-989X.1.1.30.

    Examples
    --------
    >>> scores = {"person": [1, 2, 3, 4] * 2, "time": [1] * 4 + [2] * 4,
    ...           "score": [2.0, 3.0, 4.5, 5.0, 2.5, 3.0, 4.0, 5.5]}
    >>> print(icc(scores, "person", "time", "score")[["Type", "ICC"]].head(3).round(3))
           Type    ICC
    0  ICC(1,1)  0.948
    1  ICC(A,1)  0.948
    2  ICC(C,1)  0.937
    """
    require_choice("missing", missing, get_args(Gaps), ModelError)
    require_confidence(confidence)
    found = _complete(data, targets, raters, ratings, missing)
    table = found.table
    n, k = table.shape
    notes = []
    if found.left_out:
        notes.append(
            f"{counted(found.left_out, 'target')} without a rating of every rater left out"
        )
    if np.ptp(table) <= ROUNDING * np.abs(table).max(initial=0.0):
        notes.append("all ratings are the same: no intraclass correlation")
        result = _without_variation(n, k)
    else:
        result = _point_values(table)
        result["conf_low"], result["conf_high"] = _limits(table, confidence).T
    result.insert(1, "description", [MEANING[kind] for kind in result["Type"]])
    result["n_targets"], result["n_raters"] = n, k
    result["reading"] = [
        _reading(kind, value) for kind, value in zip(result["Type"], result["ICC"], strict=True)
    ]
    result["note"] = "; ".join(notes)
    return result


def _reading(kind: str, value: float) -> str:
    reading = retest_reliability(kind, value)
    return f"{reading.verdict}: {reading.criterion} (COSMIN); {reading.because}"


def _without_variation(n: int, k: int) -> pd.DataFrame:
    nothing = np.full(len(MEANING), np.nan)
    within = [n * (k - 1) if kind.startswith("ICC(1") else (n - 1) * (k - 1) for kind in MEANING]
    columns = {"Type": list(MEANING), "ICC": nothing, "F": nothing, "df1": n - 1, "df2": within}
    return pd.DataFrame(
        {**columns, "pval": nothing, "conf_low": nothing, "conf_high": nothing},
    )


def _point_values(table: Floats) -> pd.DataFrame:
    n, k = table.shape
    # Codes instead of the labels: whatever those are, they are not pingouin's concern.
    long = pd.DataFrame(
        {
            "target": np.repeat(np.arange(n), k),
            "rater": np.tile(np.arange(k), n),
            "rating": table.ravel(),
        }
    )
    return intraclass_correlation(long, targets="target", raters="rater", ratings="rating")


def _limits(table: Floats, confidence: float) -> Floats:
    """Return the limits of the six, shape (6, 2), in the order of ``MEANING``."""
    n, k = table.shape
    tail = (1 + confidence) / 2
    between, rater, error, within = _mean_squares(table)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = _ratio_limits(between, within, k, (n - 1, n * (k - 1)), tail)
        consistent = _ratio_limits(between, error, k, (n - 1, (n - 1) * (k - 1)), tail)
        agreeing = _agreement_limits((between, rater, error), n, k, tail)
        single = np.array([own, agreeing, consistent])
        # The mean of k ratings, by Spearman and Brown.
        mean = k * single / (1 + (k - 1) * single)
    return np.vstack([single, mean])


def _mean_squares(table: Floats) -> tuple[float, float, float, float]:
    """Return the mean squares of targets, raters, residual, and raters with residual."""
    n, k = table.shape
    centred = table - table.mean()
    of_targets, of_raters = centred.mean(axis=1), centred.mean(axis=0)
    rest = centred - of_targets[:, None] - of_raters
    targets, raters = k * float(of_targets @ of_targets), n * float(of_raters @ of_raters)
    residual = float((rest**2).sum())
    if residual <= ROUNDING * (targets + raters):
        residual = 0.0
    freedom = (n - 1) * (k - 1)
    within = (raters + residual) / (n * (k - 1))
    return targets / (n - 1), raters / (k - 1), residual / freedom, within


def _ratio_limits(
    between: float, within: float, k: int, df: tuple[int, int], tail: float
) -> tuple[float, float]:
    """Invert the F test of one mean square over another (Shrout and Fleiss, cases 1 and 3)."""
    widest = float(fdtri(df[0], df[1], tail))
    narrowest = 1 / float(fdtri(df[1], df[0], tail))
    low, high = (
        np.divide(between - q * within, between + (k - 1) * q * within) for q in (widest, narrowest)
    )
    return float(low), float(high)


def _agreement_limits(
    squares: tuple[float, float, float], n: int, k: int, tail: float
) -> tuple[float, float]:
    """Return the limits of ICC(A,1), whose degrees of freedom are Satterthwaite's."""
    between, rater, error = squares
    point = np.divide(between - error, between + (k - 1) * error + k * (rater - error) / n)
    # McGraw and Wong (1996), table 7, the ratio of mean squares multiplied out so that an
    # error of zero is no special case.
    raters = k * point * rater
    errors = (n * (1 + (k - 1) * point) - k * point) * error
    spread = (n - 1) * raters**2 + errors**2
    # Without any disagreement both limits are 1, whatever the degrees of freedom.
    freedom = (k - 1) * (n - 1) * ((raters + errors) ** 2 / spread if spread > 0 else 1.0)
    upper, lower = fdtri(n - 1, freedom, tail), fdtri(freedom, n - 1, tail)
    rest = k * rater + (k * n - k - n) * error
    low = np.divide(n * (between - upper * error), upper * rest + n * between)
    high = np.divide(n * (lower * between - error), rest + n * lower * between)
    return float(low), float(high)


def _complete(data: Any, targets: str, raters: str, ratings: str, missing: Gaps) -> _Ratings:
    """Turn rows into a table of targets by raters without gaps."""
    columns = take_columns(data, [targets, raters, ratings])
    target, target_ids = group_codes(columns.by_name[targets], targets)
    rater, rater_ids = group_codes(columns.by_name[raters], raters)
    rating = number_matrix(columns, [ratings])
    require_finite(rating, [ratings], columns)
    _require_ids(columns, {targets: target, raters: rater})
    _require_once(columns, target, rater, (target_ids, rater_ids))
    table = np.full((len(target_ids), len(rater_ids)), np.nan)
    table[target, rater] = rating[0]
    gaps = np.isnan(table)
    lacking = gaps.any(axis=1)
    if missing == "stop" and lacking.any():
        raise _lacking(gaps, target_ids, rater_ids)
    kept = table[~lacking]
    if len(kept) < 2 or len(rater_ids) < 2:
        raise ModelError(
            f"An intraclass correlation needs two targets and two raters; there are {len(kept)} "
            f"with every rating and {len(rater_ids)}.",
            hint=f"Check the columns {targets!r} and {raters!r}: each row is one rating of one "
            "target by one rater (or on one occasion).",
        )
    if kept.size < FEWEST_RATINGS:
        raise ModelError(
            f"{kept.size} ratings are too few for an intraclass correlation.",
            hint="Add targets or raters: with two of each there is one degree of freedom.",
        )
    # Sorted, so that the order of the rows does not even touch the rounding.
    kept = kept[np.lexsort(kept.T)]
    return _Ratings(kept, int(lacking.sum()))


def _require_ids(columns: Columns, codes: dict[str, npt.NDArray[np.intp]]) -> None:
    rows = columns.rows()
    failures = [
        {"row": int(rows[place]), "column": name}
        for name, found in codes.items()
        for place in np.flatnonzero(found < 0)
    ]
    if failures:
        raise ModelError(
            f"{counted(len(failures), 'rating')} without an id.",
            hint="Each row needs its target and its rater. (Rows as in a spreadsheet.)",
            failures=failures,
        )


def _require_once(
    columns: Columns,
    target: npt.NDArray[np.intp],
    rater: npt.NDArray[np.intp],
    ids: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
) -> None:
    cells = target * len(ids[1]) + rater
    _, first = np.unique(cells, return_index=True)
    again = np.setdiff1d(np.arange(len(cells)), first)
    if not len(again):
        return
    rows = columns.rows()
    raise ModelError(
        f"{counted(len(again), 'rating')} of a target that the same rater has rated already.",
        hint="One rating a target and rater: take their mean first, or the one that counts.",
        failures=[
            {"row": int(rows[i]), "target": ids[0][target[i]], "rater": ids[1][rater[i]]}
            for i in again
        ],
    )


def _lacking(
    gaps: npt.NDArray[np.bool_],
    targets: npt.NDArray[np.object_],
    raters: npt.NDArray[np.object_],
) -> ModelError:
    without = np.flatnonzero(gaps.any(axis=1))
    return ModelError(
        f"{len(without):,} of {counted(len(targets), 'target')} "
        f"{'lacks' if len(without) == 1 else 'lack'} the rating of a rater.",
        hint='To use complete targets only: missing="listwise".',
        failures=[
            {"target": targets[i], "lacks": ", ".join(str(one) for one in raters[gaps[i]])}
            for i in without
        ],
    )
