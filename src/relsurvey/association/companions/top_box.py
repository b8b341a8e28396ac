"""The share who give the best answer: logistic regression for clusters (GEE)."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.companions.odds_ratios import (
    odds_ratio_companion,
    odds_ratio_lines,
    odds_ratio_table,
)
from relsurvey.association.companions.ordinal_fit import fit_ordinal, is_separated
from relsurvey.association.companions.rows import Rows, require_fittable, rows_of
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.prepared import Prepared
from relsurvey.association.t_test import t_test_of_one
from relsurvey.options import require_confidence, require_number
from relsurvey.results import Drawn
from relsurvey.text import counted, percent, wrapped

__all__ = ["TopBox", "top_box"]

SOURCE = "Liang and Zeger 1986; Mancl and DeRouen 2001, t with C - p - 1 df"
LARGEST = 1e300
MOST_STEPS = 200
RARE = 10  # fewest answers on either side for each term (Peduzzi et al. 1996)
NOBODY = (
    "Nobody gave the best answer: it counts from {best:g}, and the largest value of {outcome} is "
    "{end:g}. No odds ratio can be given; look whether {best:g} is what was meant."
)
EVERYBODY = (
    "Everybody gave the best answer: it counts from {best:g}, and the smallest value of {outcome} "
    "is {end:g}. No odds ratio can be given; look whether {best:g} is what was meant."
)
SEPARATED = (
    "The predictors separate those who gave the best answer from the others, so that no finite "
    "odds ratio fits best: none is given."
)
UNFINISHED = "The search for the estimates did not come to its end: none are given."
UNEVEN = (
    "Nearly all are on one side, with fewer than ten answers on the other for each term: the odds "
    "ratio is likely too far from 1 and its interval rough."
)
SMALL = "There are too few clusters of {by} for a test with so many terms."
DIFFERENCE = {
    "difference": "estimate",
    "difference_std_error": "std_error",
    "difference_low": "conf_low",
    "difference_high": "conf_high",
}


@dataclass(frozen=True, eq=False)
class TopBox(Drawn):
    """How the odds of the best answer go with the terms.

    Attributes
    ----------
    outcome, by : str
        The column of answers; the column of clusters.
    best : float
        From this answer on it counts as the best.
    share : float
        Who gave it, of all rows.
    table : pandas.DataFrame
        One row a term: term, estimate (log odds ratio per unit), std_error, df, statistic,
        p_value, conf_low, conf_high, odds_ratio, odds_ratio_low, odds_ratio_high.
    difference, difference_std_error, difference_low, difference_high : float
        Of the probability of the best answer per unit of the first term, on average over the
        rows; 0.01 is one in a hundred.
    working_correlation : float
        Between two rows of a cluster, as the estimates are weighted by.
    n_rows, n_groups, n_clusters : int
        Rows, workers, clusters.
    converged : bool
        Whether there are estimates.
    confidence : float
        Coverage of the intervals.
    notes : tuple of str
        What a reader has to know; why numbers are NaN.
    """

    _figure: ClassVar[str] = "plot_coefficients"

    outcome: str
    by: str
    best: float
    share: float
    table: pd.DataFrame
    difference: float
    difference_std_error: float
    difference_low: float
    difference_high: float
    working_correlation: float
    n_rows: int
    n_groups: int
    n_clusters: int
    converged: bool
    confidence: float
    notes: tuple[str, ...]

    def to_companion(self) -> Companion:
        """Return the line of the panel, of the first term."""
        return odds_ratio_companion("Best answer, logistic GEE", self.table, self.notes, SOURCE)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a term, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the model as a text for people."""
        lines = [
            f"Odds of {self.outcome} at {self.best:g} or above ({percent(self.share)} of "
            f"{counted(self.n_rows, 'row')}), {counted(self.n_clusters, 'cluster')} of {self.by}, "
            f"intervals {percent(self.confidence)}",
            "",
            *odds_ratio_lines(self.table),
        ]
        if not math.isnan(self.difference):
            lines += ["", *wrapped(self._difference_text())]
        return "\n".join([*lines, *(line for n in self.notes for line in wrapped(f"Note: {n}"))])

    def _difference_text(self) -> str:
        found, low, high = (
            f"{100 * one:+.1f}"
            for one in (self.difference, self.difference_low, self.difference_high)
        )
        return (
            f"Per point of {self.table['term'].iloc[0]}, {found} in a hundred give the best answer "
            f"({percent(self.confidence)} interval {low} to {high})."
        )


def top_box(
    prepared: Prepared, *, best: float, outcome: str | None = None, confidence: float = 0.95
) -> TopBox:
    """Ask how the odds of giving the best answer go with the question's terms.

    Parameters
    ----------
    prepared : Prepared
        The question: predictor, covariates, workers and teams.
    best : float
        From this answer on it counts as the best; for a column that is 0 or 1 already, 1.
    outcome : str, optional
        Another column of answers than the question's own.
    confidence : float, default 0.95
        Coverage of the intervals.

    Returns
    -------
    TopBox
        Terms enter as in the primary model. Numbers are NaN, with the reason in ``notes``, where
        everybody or nobody gave the best answer, the predictors separate those who did, the
        search did not come to its end, or clusters are too few.

    Raises
    ------
    ModelError
        Where a column cannot be used, ``best`` is no number, there is one cluster, or predictors
        are collinear.

    Notes
    -----
    Generalised estimating equations with a logit link and an exchangeable working correlation
    within clusters, fitted by statsmodels: teams where the question has a level for them,
    otherwise workers. The covariance is the one of Mancl and DeRouen, which takes back the
    smallness of residuals where clusters are few; the test is t with C - p - 1 degrees of freedom
    for C clusters and p terms. The difference in probability is the average over rows of the
    derivative, with an interval by the delta method, the rows' terms taken as they are.

    References
    ----------
    Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika, 73(1), 13-22.
    Mancl, L. A., & DeRouen, T. A. (2001). A covariance estimator for GEE with improved
    small-sample properties. Biometrics, 57(1), 126-134.
    Peduzzi, P., Concato, J., Kemper, E., Holford, T. R., & Feinstein, A. R. (1996). A simulation
    study of the number of events per variable in logistic regression analysis. Journal of
    Clinical Epidemiology, 49(12), 1373-1379.

    Examples
    --------
    >>> from relsurvey.association.prepared import prepare
    >>> data = {"worker": list("aabbccddeeff"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    ...         "y": [1, 2, 3, 1, 3, 2, 2, 3, 1, 3, 3, 3]}
    >>> found = top_box(prepare(data, "y", "x", group="worker"), best=3)
    >>> found.share, found.to_frame()["odds_ratio"].round(2).tolist(), round(found.difference, 3)
    (0.5, [1.96], 0.128)
    """
    require_confidence(confidence)
    level = require_number("best", best, lowest=-LARGEST, below=LARGEST)
    rows = rows_of(prepared, outcome)
    gave = (rows.answers >= level).astype(np.intp)
    share = float(gave.mean())
    scale, centre = rows.design.std(axis=0), rows.design.mean(axis=0)
    notes: list[str] = []
    fitted = None
    if 0 < share < 1:
        require_fittable(rows)
        fitted, reason = _fitted(gave, (rows.design - centre) / scale, rows)
        notes += [reason] if reason else []
    else:
        said, end = (EVERYBODY, rows.answers.min()) if share else (NOBODY, rows.answers.max())
        notes.append(said.format(best=level, outcome=rows.outcome, end=end))
    if fitted is not None and min(share, 1.0 - share) * rows.n_rows < RARE * len(rows.terms):
        notes.append(UNEVEN)
    df = rows.n_clusters - len(rows.terms) - 1.0
    if df < 1:
        notes.append(SMALL.format(by=rows.by))
        df = math.nan
    if fitted is None:
        df = math.nan
    table, difference = _numbers(fitted, rows, scale, df, confidence)
    return TopBox(
        outcome=rows.outcome,
        by=rows.by,
        best=level,
        share=share,
        table=table,
        working_correlation=math.nan if fitted is None else float(fitted.cov_struct.dep_params),
        n_rows=rows.n_rows,
        n_groups=rows.n_groups,
        n_clusters=rows.n_clusters,
        converged=fitted is not None,
        confidence=confidence,
        notes=tuple(notes),
        **difference,
    )


def _fitted(gave: Any, design: Floats, rows: Rows) -> tuple[Any, str]:
    """Return statsmodels' result, or none and the reason."""
    if is_separated(fit_ordinal(gave, design), gave, design):
        return None, SEPARATED
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE
    from statsmodels.tools.sm_exceptions import (
        ConvergenceWarning,
        IterationLimitWarning,
        SingularMatrixWarning,
    )

    columns = np.column_stack([np.ones(len(design)), design])
    model = GEE(gave, columns, rows.clusters, family=Binomial(), cov_struct=Exchangeable())
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        for expected in (ConvergenceWarning, IterationLimitWarning, SingularMatrixWarning):
            warnings.simplefilter("ignore", expected)
        try:
            result = model.fit(maxiter=MOST_STEPS, ctol=1e-10, cov_type="bias_reduced")
            covariance = np.asarray(result.cov_params())
        except (np.linalg.LinAlgError, ValueError, FloatingPointError):
            return None, UNFINISHED
    sound = bool(result.converged) and np.isfinite(covariance).all()
    return (result, "") if sound and (np.diag(covariance) > 0).all() else (None, UNFINISHED)


def _numbers(
    fitted: Any, rows: Rows, scale: Floats, df: float, confidence: float
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the terms in their own units, and the difference in probability."""
    p = len(scale)
    beta, covariance = np.full(p + 1, np.nan), np.full((p + 1, p + 1), np.nan)
    difference = dict.fromkeys(DIFFERENCE, math.nan)
    if fitted is not None:
        beta, covariance = np.asarray(fitted.params), np.asarray(fitted.cov_params())
        found = _difference(fitted, beta, covariance, float(scale[0]))
        tested = t_test_of_one(*found, df, confidence)
        difference = {name: tested[figure] for name, figure in DIFFERENCE.items()}
    estimate, std_error = beta[1:] / scale, np.sqrt(np.diag(covariance))[1:] / scale
    return odds_ratio_table(rows.terms, estimate, std_error, df, confidence), difference


def _difference(fitted: Any, beta: Floats, covariance: Floats, scale: float) -> tuple[float, float]:
    """Return the difference in probability per unit of the first term, and its standard error."""
    chance = np.asarray(fitted.fittedvalues)
    spread = chance * (1.0 - chance)
    gradient = beta[1] * (spread * (1.0 - 2.0 * chance)) @ fitted.model.exog / len(chance)
    gradient[1] += spread.mean()
    gradient = gradient / scale
    found = float(beta[1] * spread.mean() / scale)
    return found, math.sqrt(float(gradient @ covariance @ gradient))
