"""Which answers are missing together, and whether that goes with the answers that are there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import chdtrc

from relsurvey.instruments import InstrumentLike
from relsurvey.moments.likelihood import pattern_distances
from relsurvey.moments.patterns import PatternMoments, pattern_moments, pattern_table
from relsurvey.moments.saturated import SaturatedMoments, saturated_moments
from relsurvey.results import Drawn, Result, json_ready
from relsurvey.scoring import keyed_items
from relsurvey.scoring.items import ScaleChoice
from relsurvey.small_groups import USUAL_THRESHOLD
from relsurvey.text import aligned, counted, notes_below, p_value_text, readable, share

__all__ = ["McarResult", "little_mcar", "mcar_test"]

SHOWN_PATTERNS = 10


@dataclass(frozen=True, slots=True)
class McarResult(Drawn):
    """Little's test that answers are missing completely at random.

    Attributes
    ----------
    statistic : float
        Little's d-squared; NaN where it cannot be computed.
    df : int
        Answered items summed over the patterns, less the number of items.
    p_value : float
        Upper tail of chi-square; NaN where there is nothing to test.
    n_patterns : int
        Patterns of missing answers among the rows used; rows that answer everything are one.
    n : int
        Rows used: those with at least one answer.
    n_empty : int
        Rows without any answer, which are left out.
    patterns : pandas.DataFrame
        One row a pattern, the most frequent first: ``pattern, missing, n_missing, count,
        share`` and ``distance``, what it adds to the statistic (NaN for rows left out).
    note : str
        Why something is NaN, or what to mind.
    """

    _figure: ClassVar[str] = "plot_missing_patterns"

    statistic: float
    df: int
    p_value: float
    n_patterns: int
    n: int
    n_empty: int
    patterns: pd.DataFrame
    note: str

    def to_frame(self) -> pd.DataFrame:
        """Return the test as one row, unrounded."""
        row = {
            "statistic": self.statistic,
            "df": self.df,
            "p_value": self.p_value,
            "n_patterns": self.n_patterns,
            "n": self.n,
            "n_empty": self.n_empty,
            "note": self.note,
        }
        return pd.DataFrame([row])

    @property
    def frequent(self) -> pd.DataFrame:
        """The patterns of ten rows or more: a rare one can be that of one person."""
        return self.patterns[self.patterns["count"] >= USUAL_THRESHOLD]

    def to_dict(self) -> dict[str, Any]:
        """Return the test, ready for ``json.dumps``; patterns of few rows are only counted."""
        rare = len(self.patterns) - len(self.frequent)
        fields = {**Result.to_dict(self), "n_patterns_of_few_rows": rare}
        return {**fields, "patterns": json_ready(self.frequent)}

    def summary(self) -> str:
        """Return the test in words, and the most frequent patterns of ten rows or more."""
        shown = self.frequent.head(SHOWN_PATTERNS).to_dict(orient="records")
        rows = [
            {
                "rows": f"{row['count']:,}",
                "share": share(row["share"]),
                "missing": row["missing"] or "none",
            }
            for row in shown
        ]
        unseen = len(self.patterns) - len(rows)
        few = len(self.patterns) - len(self.frequent)
        small = f", {few:,} of them of fewer than {USUAL_THRESHOLD} rows" if few else ""
        more = [f"... and {counted(unseen, 'more pattern')}{small}"] if unseen else []
        test = notes_below([("Little's test", self.note)])
        return "\n".join([self._finding(), *aligned(rows, left=["missing"]), *more, *test])

    def _finding(self) -> str:
        where = f"{counted(self.n_patterns, 'pattern')} in {counted(self.n, 'row')}"
        if math.isnan(self.p_value):
            return f"Missing answers: {where}; Little's MCAR test not available"
        return (
            f"Missing answers: {where}; Little's MCAR test: chi-square({self.df}) = "
            f"{readable(self.statistic)}, {p_value_text(self.p_value)}"
        )


def little_mcar(
    data: Any, instrument: InstrumentLike | None = None, *, scales: ScaleChoice | None = None
) -> McarResult:
    """Test whether answers are missing completely at random.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; a lazy frame is collected.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        With an instrument, ids of its scales (all by default); without one, the columns of
        each scale. The items of all of them are tested together.

    Returns
    -------
    McarResult
        A small p says that whether an answer is missing goes with the answers that were given.
        A large p is no proof that it does not, and whether it goes with the missing answer
        itself cannot be seen in any data.

    Raises
    ------
    ScoringError, InstrumentError
        As ``keyed_items``.

    See Also
    --------
    mcar_test : the same from sums by pattern.

    Examples
    --------
    >>> rows = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 6], "b": [1.0, 3, 2, 4, None, None]})
    >>> result = little_mcar(rows, scales={"trust": ["a", "b"]})
    >>> round(result.statistic, 3), result.df, round(result.p_value, 3)
    (4.114, 1, 0.043)
    """
    items = keyed_items(data, instrument, scales)
    frame = items.frame.collect() if isinstance(items.frame, nw.LazyFrame) else items.frame
    return mcar_test(pattern_moments(frame, frame.columns))


def mcar_test(moments: PatternMoments, saturated: SaturatedMoments | None = None) -> McarResult:
    """Test from sums by pattern whether answers are missing completely at random.

    Parameters
    ----------
    moments : PatternMoments
        Of the items that are tested together.
    saturated : SaturatedMoments, optional
        Their estimates, where they are there already.

    Returns
    -------
    McarResult
        NaN, with the reason in ``note``, where the covariance of the items cannot be
        estimated or there is one pattern only.

    Notes
    -----
    Little's equation 5: the sum over patterns of rows times the squared Mahalanobis distance
    of the pattern's means from the means of all rows. Means and covariance of all rows are
    maximum likelihood estimates (EM), the covariance with divisor n, as in other programs that
    offer the test; with divisor n - 1 the statistic would be (n - 1) / n of this one.

    References
    ----------
    Little RJA (1988). A test of missing completely at random for multivariate data with
    missing values. Journal of the American Statistical Association 83(404):1198-1202.
    doi 10.1080/01621459.1988.10478722.
    """
    table = pattern_table(moments)
    df = max(int(moments.observed.sum()) - len(moments.columns), 0)
    saturated = saturated or saturated_moments(moments)
    distances = np.full(len(moments.counts), np.nan)
    if not math.isnan(saturated.log_likelihood):
        distances = pattern_distances(moments, saturated.mean, saturated.covariance)
    table["distance"] = np.append(distances, np.full(len(table) - len(distances), np.nan))
    statistic = float(distances.sum()) if len(distances) else math.nan
    return McarResult(
        statistic=statistic,
        df=df,
        p_value=float(chdtrc(df, statistic)) if df else math.nan,
        n_patterns=len(moments.counts),
        n=moments.n,
        n_empty=moments.n_empty,
        patterns=table,
        note=_note(moments, saturated.note, df),
    )


def _note(moments: PatternMoments, problem: str, df: int) -> str:
    notes = [problem]
    if not problem and not df:
        complete = bool(moments.observed.all())
        notes.append(
            "no answer is missing: nothing to test"
            if complete
            else "every item is answered in one pattern only: nothing to test"
        )
    single = int(np.count_nonzero(moments.counts == 1))
    if df and not problem and single:
        notes.append(
            f"{single} of {counted(len(moments.counts), 'pattern')} "
            f"{'has' if single == 1 else 'have'} one row only, and the p value is rough for "
            "small patterns"
        )
    if moments.n_empty:
        notes.append(f"{counted(moments.n_empty, 'row')} without any answer left out")
    return "; ".join(filter(None, notes))
