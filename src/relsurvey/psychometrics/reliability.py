"""Reliability of every scale: one row of coefficients a scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.instruments import InstrumentLike
from relsurvey.moments.items import ItemMoments, MissingRule
from relsurvey.options import require_confidence
from relsurvey.psychometrics.consistency import (
    correlation_of,
    cronbach_alpha,
    feldt_interval,
    guttman_lambda6,
    mean_correlation,
)
from relsurvey.psychometrics.reasons import doubts, obstacle
from relsurvey.psychometrics.scales import scale_moments
from relsurvey.results import Drawn
from relsurvey.scoring.items import ScaleChoice
from relsurvey.text import aligned, notes_below, number

__all__ = ["ReliabilityResult", "reliability"]

_COEFFICIENTS = (
    "alpha",
    "alpha_low",
    "alpha_high",
    "alpha_standardised",
    "lambda6",
    "mean_inter_item_r",
)


@dataclass(frozen=True, eq=False)
class ReliabilityResult(Drawn):
    """How well the items of each scale go together.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a scale: ``scale``, ``title``, ``n_items``, ``n`` (rows used; pairwise, the
        smallest number of rows that two items share), ``n_total`` (rows given), ``alpha``,
        ``alpha_low``, ``alpha_high`` (Feldt interval with ``n``), ``alpha_standardised``,
        ``lambda6``, ``mean_inter_item_r``, and ``note``, which says why a value is NaN.
    missing : {"listwise", "pairwise"}
        How missing answers were treated.
    confidence : float
        Of the interval.
    """

    _figure: ClassVar[str] = "plot_reliability"

    table: pd.DataFrame
    missing: MissingRule
    confidence: float

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a scale, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the table rounded and aligned, with the notes below it."""
        interval = f"{100 * self.confidence:g}% interval"
        rows = [
            {
                "scale": str(row["scale"]),
                "title": str(row["title"]),
                "items": str(row["n_items"]),
                "n": f"{row['n']:,}",
                "alpha": number(row["alpha"], 3),
                interval: _between(row["alpha_low"], row["alpha_high"]),
                "standardised": number(row["alpha_standardised"], 3),
                "lambda-6": number(row["lambda6"], 3),
                "mean r": number(row["mean_inter_item_r"], 3),
            }
            for row in self.table.to_dict(orient="records")
        ]
        notes = zip(self.table["scale"], self.table["note"], strict=True)
        lines = [f"Reliability ({self.missing})", *aligned(rows, left=("scale", "title"))]
        return "\n".join([*lines, *notes_below(notes)])


def reliability(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    scales: ScaleChoice | None = None,
    missing: MissingRule = "listwise",
    confidence: float = 0.95,
) -> ReliabilityResult:
    """Estimate the internal consistency of scales.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none. A lazy frame is collected.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        With an instrument, ids of its scales (all by default); without one, the columns of
        each scale. A composite scale is taken as all the items below it.
    missing : {"listwise", "pairwise"}
        Rows that answer every item of the scale, or every covariance from the rows that
        answer both items. "Does not apply" is a missing answer here.
    confidence : float
        Of the interval of alpha, between 0 and 1.

    Returns
    -------
    ReliabilityResult
        Alpha (Cronbach 1951) with its interval (Feldt 1965), standardised alpha, lambda-6
        (Guttman 1945) and the mean inter-item correlation of each scale. What cannot be
        computed is NaN, with the reason in ``note``. No item is ever turned: where alpha is
        negative, the note names the items whose keying to check.

    Raises
    ------
    ScoringError
        Where a column is missing or not numeric, a value is off the scale, or a scale is
        unknown.
    ModelError
        Where ``missing`` or ``confidence`` cannot be.

    Notes
    -----
    Pairwise there is no one number of rows; the interval uses the smallest of them, which
    makes it wider rather than narrower.

    References
    ----------
    Cronbach LJ (1951). Psychometrika 16(3):297-334. doi 10.1007/BF02310555.
    Feldt LS (1965). Psychometrika 30(3):357-370. doi 10.1007/BF02289499.
    Guttman L (1945). Psychometrika 10(4):255-282. doi 10.1007/BF02288892.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 4, 5], "b": [2, 2, 3, 5], "c": [1, 3, 3, 4]})
    >>> result = reliability(answers, scales={"trust": ["a", "b", "c"]})
    >>> result.to_frame()[["scale", "n", "alpha", "alpha_low", "alpha_high"]].round(3)
       scale  n  alpha  alpha_low  alpha_high
    0  trust  4  0.932      0.548       0.995
    """
    require_confidence(confidence)
    rows = []
    for scale in scale_moments(data, instrument, scales, missing, ends=False):
        moments = scale.moments
        values, note = _coefficients(moments, confidence)
        rows.append(
            {
                "scale": scale.id,
                "title": scale.title,
                "n_items": len(moments.columns),
                "n": moments.n,
                "n_total": moments.n_total,
                **values,
                "note": note,
            }
        )
    return ReliabilityResult(pd.DataFrame(rows), missing, confidence)


def _coefficients(moments: ItemMoments, confidence: float) -> tuple[dict[str, float], str]:
    k = len(moments.columns)
    nothing = dict.fromkeys(_COEFFICIENTS, math.nan)
    reason = obstacle(moments)
    if k == 1:
        single = "one item: internal consistency needs two or more"
        return nothing, "; ".join(filter(None, [single, reason]))
    if reason:
        return nothing, reason
    correlation = correlation_of(moments.covariance)
    alpha = cronbach_alpha(moments.covariance)
    low, high = feldt_interval(alpha, moments.n, k, confidence)
    figures = (
        alpha,
        low,
        high,
        cronbach_alpha(correlation),
        guttman_lambda6(correlation),
        mean_correlation(correlation),
    )
    values = dict(zip(_COEFFICIENTS, figures, strict=True))
    return values, "; ".join(doubts(moments, values))


def _between(low: float, high: float) -> str:
    return "n/a" if math.isnan(low) else f"{number(low, 3)} to {number(high, 3)}"
