"""Ordinary regression of rows in clusters, with robust standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.cluster_ols.notes import ols_notes
from relsurvey.association.cluster_ols.sandwich import (
    ESTIMATORS,
    ClusterFit,
    cluster_products,
    fit_products,
)
from relsurvey.association.models.categories import by_category, encode_categories
from relsurvey.association.models.estimability import require_regression
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.names import INTERCEPT, column_names, require_free_names
from relsurvey.association.t_test import t_test
from relsurvey.errors import ModelError
from relsurvey.linkage import Linked
from relsurvey.moments.group_columns import require_column_names
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_choice, require_confidence
from relsurvey.personal import masked
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, number, percent, readable, wrapped

__all__ = ["OlsResult", "cluster_ols", "fit_cluster_ols"]

NO_RESIDUAL = 1e-13  # share of the outcome's sum of squares that is left: rounding


@dataclass(frozen=True, eq=False)
class OlsResult(Drawn):
    """Ordinary regression with cluster-robust tests.

    Attributes
    ----------
    outcome, group : str
        The outcome, and the column whose values are the clusters.
    predictors : tuple of str
        The predictors, as given.
    table : pandas.DataFrame
        One row a coefficient: term, estimate, std_error, df, statistic, p_value, conf_low,
        conf_high. Units: of the outcome, per unit of the predictor. NaN, but for the estimate,
        where no two clusters speak to a coefficient; ``notes`` say so.
    n_rows, n_groups, n_dropped : int
        Rows used, clusters, rows left out for a missing value.
    r_squared : float
        Share of the outcome's variance over rows that goes with the predictors.
    vcov : str
        The covariance estimator.
    confidence : float
        Coverage of the intervals.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_coefficients"

    outcome: str
    predictors: tuple[str, ...]
    group: str
    table: pd.DataFrame
    n_rows: int
    n_groups: int
    n_dropped: int
    r_squared: float
    vcov: str
    confidence: float
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a coefficient, unrounded."""
        return self.table.copy()

    def _short_text(self) -> str:
        rows = [row for row in self.table.to_dict("records") if row["term"] != "(Intercept)"]
        slopes = [
            f"{row['term']} {readable(row['estimate'])} ({readable(row['conf_low'])} to "
            f"{readable(row['conf_high'])})"
            for row in rows
        ]
        told = f"slopes with {percent(self.confidence)} intervals: {', '.join(slopes)}"
        rows_text = f"{counted(self.n_rows, 'row')} in {counted(self.n_groups, 'cluster')}"
        return f"{self.outcome}, {rows_text}; {told if slopes else 'no predictor'}."

    def summary(self) -> str:
        """Return the regression as a text for people."""
        rows = [
            {
                "term": str(row["term"]),
                "estimate": number(row["estimate"], 3),
                "std error": number(row["std_error"], 3),
                "df": number(row["df"], 1),
                "t": number(row["statistic"], 3),
                "p": "n/a" if np.isnan(row["p_value"]) else f"{row['p_value']:.3g}",
                "low": number(row["conf_low"], 3),
                "high": number(row["conf_high"], 3),
            }
            for row in self.table.to_dict("records")
        ]
        lines = [
            f"Ordinary regression of {self.outcome}, {counted(self.n_rows, 'row')} in "
            f"{counted(self.n_groups, 'cluster')} of {self.group}",
            "",
            *aligned(rows, left=["term"]),
            "",
            f"Standard errors: {self.vcov}, robust to clusters; intervals "
            f"{percent(self.confidence)}; R-squared {readable(self.r_squared)}",
        ]
        remarks = [line for note in self.notes for line in wrapped(f"Note: {note}")]
        return "\n".join([*lines, *remarks])


def fit_cluster_ols(
    data: Any,
    outcome: str,
    predictors: str | Sequence[str] | None,
    group: str,
    *,
    vcov: str = "CR2",
    confidence: float = 0.95,
) -> OlsResult:
    """Fit ordinary regression with standard errors that allow for clusters.

    The rows are read once, into cross-products per cluster; all that follows is exact in them,
    and its cost does not depend on the number of rows.

    Parameters
    ----------
    data : frame, mapping of arrays or Linked
        pandas, Polars (eager or lazy) or another frame Narwhals knows; or the result of ``link``.
    outcome : str
        A number column.
    predictors : str, sequence of str or None
        Number or boolean columns; they enter as given.
    group : str
        The column of cluster ids (worker, team), text or numbers. Where workers are in teams,
        the team is the cluster.
    vcov : {"CR2", "CR0", "CR1", "CR1S", "CR3"}
        How residuals are adjusted before they are summed by cluster. CR0: not at all. CR1: times
        C/(C - 1) for C clusters; CR1S: also times (n - 1)/(n - p), as Stata and statsmodels do.
        CR2: by the inverse square root of each cluster's block of the residual maker, exactly
        unbiased where rows are independent. CR3: by its inverse, close to leaving clusters out
        one at a time.
    confidence : float, default 0.95
        Coverage of the intervals.

    Returns
    -------
    OlsResult
        Rows with a missing value in a column used are left out and counted in ``n_dropped``.

    Raises
    ------
    ModelError
        Where columns are unknown, twice, text, infinite or too large to square; no row is
        complete; there is one cluster; the outcome or a predictor has no variance; predictors
        are collinear, too many, or give the outcome without remainder; ids cannot be told apart;
        a name or an option is not allowed.

    Notes
    -----
    CR2 and CR3 are tested with Satterthwaite's degrees of freedom under the working model of
    independent rows of one variance, which tell how many clusters a coefficient really rests on;
    below 4 the test is not to be relied on (Tipton, 2015). The others have C - 1.
    Where a cluster alone decides a coefficient in part, its block of the residual maker has no
    inverse; the generalised inverse takes its place, as in R's clubSandwich, and a note says
    which coefficients it concerns.

    References
    ----------
    Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear
    regression with multi-stage samples. Survey Methodology, 28(2), 169-181.
    Pustejovsky, J. E., & Tipton, E. (2018). Small-sample methods for cluster-robust variance
    estimation and hypothesis testing in fixed effects models. Journal of Business & Economic
    Statistics, 36(4), 672-683. Equations 4 to 11.
    Tipton, E. (2015). Small sample adjustments for robust variance estimation with
    meta-regression. Psychological Methods, 20(3), 375-393.

    Examples
    --------
    >>> data = {"worker": list("aabbccddeeff"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    ...         "y": [2.0, 4, 3, 5, 8, 9, 7, 9, 8, 12, 11, 13]}
    >>> result = fit_cluster_ols(data, "y", ["x"], "worker")
    >>> result.to_frame()[["term", "estimate", "std_error", "df"]].round(3)
              term  estimate  std_error     df
    0  (Intercept)     1.333      0.744  1.994
    1            x     1.786      0.116  2.413
    """
    require_confidence(confidence)
    require_choice("vcov", vcov, ESTIMATORS, ModelError)
    names = column_names(predictors, "predictors")
    require_free_names(names, group)
    frame = data.frame if isinstance(data, Linked) else data
    require_column_names([*names, outcome, group])
    encoded = encode_categories(frame, names, used=[outcome, group])
    sums = group_sums(encoded.data, [*encoded.names, outcome], group, each_within=True)
    sums = replace(sums, missing=by_category(sums.missing, encoded))
    result = cluster_ols(sums, outcome, encoded.names, vcov=vcov, confidence=confidence)
    return replace(result, notes=(*result.notes, *encoded.notes))


def cluster_ols(
    sums: GroupSums,
    outcome: str,
    terms: tuple[str, ...],
    *,
    vcov: str = "CR2",
    by_parent: bool = False,
    confidence: float = 0.95,
) -> OlsResult:
    """Fit ordinary regression with clustered errors to sums per group.

    Parameters
    ----------
    sums : GroupSums
        Made with ``each_within=True``.
    outcome : str
        The outcome.
    terms : tuple of str
        The predictors.
    vcov, confidence
        As in ``fit_cluster_ols``.
    by_parent : bool, default False
        Whether the larger units (``sums.nested_in``) are the clusters.

    Returns
    -------
    OlsResult
        The regression.

    Raises
    ------
    ModelError
        As in ``fit_cluster_ols``.
    """
    clusters = str(sums.nested_in) if by_parent else sums.group
    ids = sums.parent_ids if by_parent and sums.parent_ids is not None else sums.ids
    if len(ids) == 1:
        only = repr(masked(ids[0]) if isinstance(ids[0], str) else ids[0])
        raise ModelError(
            f"All {counted(sums.n_rows, 'row')} have the same {clusters} ({only}): standard errors "
            "that allow for clusters need at least two.",
            hint="Check the column of clusters; results are worth reading with 10 or more.",
        )
    require_regression(sums, outcome, terms)
    fit = fit_products(cluster_products(sums, (*terms, outcome), by_parent=by_parent), vcov)
    if fit.residual_squares <= NO_RESIDUAL * fit.total_squares:
        raise ModelError(
            f"The predictors give {outcome!r} without remainder: nothing is left to judge "
            "uncertainty by.",
            hint="Is the outcome among the predictors under another name? Or use fewer.",
        )
    contrasts = _to_standard(sums, terms)
    tested = _in_own_units(fit, sums, outcome, contrasts, confidence)
    table = pd.DataFrame({"term": [INTERCEPT, *terms], **tested})
    return OlsResult(
        outcome=outcome,
        predictors=terms,
        group=clusters,
        table=table,
        n_rows=sums.n_rows,
        n_groups=fit.n_clusters,
        n_dropped=sums.n_dropped,
        r_squared=fit.r_squared,
        vcov=vcov,
        confidence=confidence,
        notes=ols_notes(table, fit.seen_share(contrasts), sums, clusters, vcov, fit.n_clusters),
    )


def _to_standard(sums: GroupSums, terms: tuple[str, ...]) -> Floats:
    """Return the contrasts of standardised columns that are the raw coefficients, (p, p)."""
    places = [sums.place(name) for name in terms]
    table: Floats = np.diag([1.0, *(1.0 / sums.units[places])])
    table[0, 1:] = -sums.centres[places] / sums.units[places]
    return table


def _in_own_units(
    fit: ClusterFit, sums: GroupSums, outcome: str, contrasts: Floats, confidence: float
) -> dict[str, Floats]:
    """Test each coefficient, back in the outcome's units and about its own zero."""
    own = sums.place(outcome)
    unit, centre = sums.units[own], sums.centres[own]
    tested = fit.test(contrasts, confidence)
    estimate = unit * tested["estimate"]
    estimate[0] += centre
    return t_test(estimate, unit * tested["std_error"], tested["df"], confidence)
