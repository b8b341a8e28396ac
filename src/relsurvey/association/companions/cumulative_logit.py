"""An ordered outcome taken as ordered: proportional odds with cluster-robust errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.companions.odds_ratios import (
    odds_ratio_companion,
    odds_ratio_lines,
    odds_ratio_table,
)
from relsurvey.association.companions.ordered_categories import ordered_categories
from relsurvey.association.companions.ordinal_fit import OrdinalFit, fit_ordinal, is_separated
from relsurvey.association.companions.proportional_odds import (
    ProportionalOdds,
    check_proportional_odds,
)
from relsurvey.association.companions.rows import Rows, require_fittable, rows_of
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.prepared import Prepared
from relsurvey.options import require_confidence
from relsurvey.results import Drawn
from relsurvey.text import counted, percent, wrapped

__all__ = ["CumulativeLogit", "cumulative_logit"]

NAME = "Cumulative logit, cluster-robust"
SOURCE = "McCullagh 1980; cluster-robust covariance times C / (C - 1), t with C - p - 1 df"
FEW_CLUSTERS = 40
SEPARATED = (
    "The predictors separate the answers, so that no finite odds ratio fits best: none is given."
)
UNFINISHED = "The search for the estimates did not come to its end: none are given."


@dataclass(frozen=True, eq=False)
class CumulativeLogit(Drawn):
    """A proportional-odds model of ordered answers.

    Attributes
    ----------
    outcome, by : str
        The column of answers; the column of clusters.
    categories : tuple of str
        The K categories, lowest first.
    table : pandas.DataFrame
        One row a term: term, estimate (log odds ratio of a higher answer per unit), std_error,
        df, statistic, p_value, conf_low, conf_high, odds_ratio, odds_ratio_low, odds_ratio_high.
    thresholds : pandas.DataFrame
        One row a cut: cut, estimate (log odds of an answer below it where all terms are 0),
        std_error.
    log_likelihood : float
        Of the answers taken as independent.
    proportional_odds : ProportionalOdds or None
        Whether one odds ratio is enough; ``None`` where the model has no estimates.
    n_rows, n_groups, n_clusters : int
        Rows, workers, clusters.
    converged : bool
        Whether there are estimates.
    confidence : float
        Coverage of the intervals.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_coefficients"

    outcome: str
    by: str
    categories: tuple[str, ...]
    table: pd.DataFrame
    thresholds: pd.DataFrame
    log_likelihood: float
    proportional_odds: ProportionalOdds | None
    n_rows: int
    n_groups: int
    n_clusters: int
    converged: bool
    confidence: float
    notes: tuple[str, ...]

    def to_companion(self) -> Companion:
        """Return the line of the panel, of the first term."""
        return odds_ratio_companion(NAME, self.table, self.notes, SOURCE)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a term, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the model as a text for people."""
        lines = [
            f"Odds of a higher {self.outcome} ({len(self.categories)} categories), "
            f"{counted(self.n_rows, 'row')} in {counted(self.n_clusters, 'cluster')} of {self.by}, "
            f"intervals {percent(self.confidence)}",
            "",
            *odds_ratio_lines(self.table),
        ]
        remarks = [line for note in self.notes for line in wrapped(f"Note: {note}")]
        return "\n".join([*lines, *remarks])


def cumulative_logit(
    prepared: Prepared,
    *,
    outcome: str | None = None,
    cuts: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> CumulativeLogit:
    """Fit a proportional-odds model to a single item or a banded score.

    Parameters
    ----------
    prepared : Prepared
        The question: predictor, covariates, workers and teams.
    outcome : str, optional
        Another column of answers than the question's own.
    cuts : sequence of float, optional
        Where bands begin, in ascending order: an answer equal to a cut is in the band above.
        Without them each different answer is a category, at most twelve.
    confidence : float, default 0.95
        Coverage of the intervals.

    Returns
    -------
    CumulativeLogit
        Terms enter as in the primary model. Numbers are NaN, with the reason in ``notes``, where
        the predictors separate the answers or clusters are too few.

    Raises
    ------
    ModelError
        Where a column cannot be used, all answers are in one category, there are more than twelve
        without ``cuts``, these do not ascend, there is one cluster, or predictors are collinear.

    Notes
    -----
    logit P(Y <= k) = threshold_k - x'slopes, fitted as if answers were independent, and the
    covariance made robust to clusters: teams where the question has a level for them, otherwise
    workers. It is multiplied by C / (C - 1), and tested by t with C - p - 1 degrees of freedom for
    C clusters and p terms; with fewer than about 40 clusters it still rejects too often. The odds
    ratio is that of the population (over all workers), which is nearer to 1 than one that
    compares workers alike in all else. With two categories it is logistic regression.

    References
    ----------
    Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika, 73(1), 13-22.
    McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical
    Society B, 42(2), 109-142.

    Examples
    --------
    >>> from relsurvey.association.prepared import prepare
    >>> data = {"worker": list("aabbccddeeff"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    ...         "y": [1, 2, 1, 1, 3, 2, 2, 3, 1, 3, 3, 2]}
    >>> found = cumulative_logit(prepare(data, "y", "x", group="worker"))
    >>> found.to_frame()[["term", "odds_ratio", "df"]].round(2)
      term  odds_ratio   df
    0    x        1.74  4.0
    """
    require_confidence(confidence)
    rows = rows_of(prepared, outcome)
    codes, labels, notes = ordered_categories(rows.answers, rows.outcome, cuts)
    require_fittable(rows)
    scale = rows.design.std(axis=0)
    design = (rows.design - rows.design.mean(axis=0)) / scale
    fit = fit_ordinal(codes, design)
    separated = is_separated(fit, codes, design)
    usable = fit.converged and not separated
    check = None
    if usable:
        check = check_proportional_odds(codes, design, rows.clusters, labels, float(scale[0]))
        notes.append(check.reading)
    else:
        notes.append(SEPARATED if separated else UNFINISHED)
    table, thresholds = _tables(fit, rows, scale, labels, confidence, usable=usable)
    df = rows.n_clusters - len(rows.terms) - 1
    if df < 1:
        notes.append(f"There are too few clusters of {rows.by} for a test with so many terms.")
    elif rows.n_clusters < FEW_CLUSTERS and usable:
        notes.append(
            f"With {rows.n_clusters} clusters of {rows.by} this test rejects somewhat too often."
        )
    return CumulativeLogit(
        outcome=rows.outcome,
        by=rows.by,
        categories=labels,
        table=table,
        thresholds=thresholds,
        log_likelihood=fit.log_likelihood if usable else math.nan,
        proportional_odds=check,
        n_rows=rows.n_rows,
        n_groups=rows.n_groups,
        n_clusters=rows.n_clusters,
        converged=usable,
        confidence=confidence,
        notes=tuple(notes),
    )


def _tables(
    fit: OrdinalFit,
    rows: Rows,
    scale: Floats,
    labels: tuple[str, ...],
    confidence: float,
    *,
    usable: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return terms and thresholds, back in the units of the columns."""
    top, p = len(labels) - 1, len(scale)
    back = np.diag(np.concatenate([np.ones(top), 1.0 / scale]))
    back[:top, top:] = rows.design.mean(axis=0) / scale
    estimate = back @ fit.parameters if usable else np.full(top + p, np.nan)
    covariance = np.full((top + p, top + p), np.nan)
    if usable:
        covariance = back @ fit.cluster_covariance(rows.clusters) @ back.T
    std_error = np.sqrt(np.diag(covariance))
    df = rows.n_clusters - p - 1.0
    table = odds_ratio_table(
        rows.terms, estimate[top:], std_error[top:], df if df >= 1 else math.nan, confidence
    )
    cuts = pd.DataFrame(
        {"cut": labels[1:], "estimate": estimate[:top], "std_error": std_error[:top]}
    )
    return table, cuts
