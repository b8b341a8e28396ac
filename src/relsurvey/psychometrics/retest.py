"""Intraclass correlations: do repeated measurements, or raters, agree on the same targets."""

from __future__ import annotations

from typing import Any, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.criteria import retest_reliability
from relsurvey.errors import ModelError
from relsurvey.options import require_choice, require_confidence
from relsurvey.psychometrics.icc_limits import ROUNDING, icc_limits
from relsurvey.psychometrics.rating_table import Gaps, complete_ratings
from relsurvey.text import counted
from relsurvey.with_pingouin import intraclass_correlation

__all__ = ["icc"]

Floats: TypeAlias = npt.NDArray[np.float64]

MEANING = {
    "ICC(1,1)": "one rating, each target with raters of its own",
    "ICC(A,1)": "one rating, absolute agreement",
    "ICC(C,1)": "one rating, consistency",
    "ICC(1,k)": "mean of the k ratings, each target with raters of its own",
    "ICC(A,k)": "mean of the k ratings, absolute agreement",
    "ICC(C,k)": "mean of the k ratings, consistency",
}


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
    found = complete_ratings(data, targets, raters, ratings, missing)
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
        result["conf_low"], result["conf_high"] = icc_limits(table, confidence).T
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
