"""Random-intercept models: how much groups differ, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.names import INTERCEPT, RESIDUAL, column_names, require_free_names
from relsurvey.errors import listed
from relsurvey.linkage import Linked
from relsurvey.moments.group_rows import group_sums
from relsurvey.options import require_confidence, require_flag
from relsurvey.results import Result
from relsurvey.text import counted, percent, readable

__all__ = ["MixedResult", "fit_mixed", "mixed_result"]

FEW_GROUPS = 10


@dataclass(frozen=True, eq=False)
class MixedResult(Result):
    """A fitted random-intercept model.

    Attributes
    ----------
    outcome, group : str
        The outcome and the column of group ids.
    predictors : tuple of str
        The predictors, as given.
    table : pandas.DataFrame
        One row a fixed effect: term, estimate, std_error, df, statistic, p_value, conf_low,
        conf_high. Units: of the outcome, per unit of the predictor.
    variance : mapping of str to float
        Variance of the random intercept (under the group's name) and "residual", in squared
        units of the outcome.
    log_likelihood, deviance : float
        Restricted where ``reml``; the deviance is -2 log-likelihood with every constant.
    n_rows, n_groups, n_dropped : int
        Rows used, groups, rows left out for a missing value.
    converged : bool
        Whether the search for the variance came to its end.
    boundary : bool
        Whether the variance between groups is estimated as zero.
    reml : bool
        Restricted or full maximum likelihood.
    df : str
        How degrees of freedom were found.
    confidence : float
        Coverage of the intervals.
    notes : tuple of str
        What a reader has to know.
    """

    outcome: str
    predictors: tuple[str, ...]
    group: str
    table: pd.DataFrame
    variance: Mapping[str, float]
    log_likelihood: float
    deviance: float
    n_rows: int
    n_groups: int
    n_dropped: int
    converged: bool
    boundary: bool
    reml: bool
    df: str
    confidence: float
    notes: tuple[str, ...]

    @property
    def icc(self) -> float:
        """Share of the variance that lies between groups, given the predictors."""
        between, residual = self.variance[self.group], self.variance[RESIDUAL]
        return between / (between + residual)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a fixed effect, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the model as a text for people."""
        criterion = "REML" if self.reml else "maximum likelihood"
        shown = self.table.rename(
            columns={"std_error": "std error", "statistic": "t", "p_value": "p",
                     "conf_low": "low", "conf_high": "high"}
        )  # fmt: skip
        between, residual = self.variance[self.group], self.variance[RESIDUAL]
        lines = [
            f"Random-intercept model of {self.outcome} ({criterion}), "
            f"{counted(self.n_rows, 'row')} in {counted(self.n_groups, 'group')} of {self.group}",
            "",
            shown.to_string(
                index=False, float_format="{:.3f}".format,
                formatters={"p": "{:.3g}".format, "df": "{:.1f}".format},
            ),
            "",
            f"Intervals {percent(self.confidence)}; degrees of freedom: {self.df}",
            f"Variance between {self.group} {readable(between)}, residual {readable(residual)}; "
            f"share between {readable(self.icc)}",
            f"Deviance (-2 log-likelihood) {self.deviance:.3f}",
        ]  # fmt: skip
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def fit_mixed(
    data: Any,
    outcome: str,
    predictors: str | Sequence[str] | None,
    group: str,
    *,
    reml: bool = True,
    df: str = "satterthwaite",
    confidence: float = 0.95,
) -> MixedResult:
    """Fit a linear model with a random intercept for each group.

    The rows are read once, into sums per group; the fit works on these alone and is exact.
    Its cost does not depend on the number of rows.

    Parameters
    ----------
    data : frame, mapping of arrays or Linked
        pandas, Polars (eager or lazy) or another frame Narwhals knows; or the result of ``link``.
    outcome : str
        A number column.
    predictors : str, sequence of str or None
        Number or boolean columns; they enter as given. May be none: the null model.
    group : str
        The column of group ids (worker, school), text or numbers.
    reml : bool, default True
        Restricted maximum likelihood; otherwise full maximum likelihood.
    df : {"satterthwaite", "residual"}
        Degrees of freedom of the t tests; "residual" is rows minus fixed effects. Where the
        variance between groups is estimated as zero, both are the same under REML.
    confidence : float, default 0.95
        Coverage of the intervals.

    Returns
    -------
    MixedResult
        Nothing in its table is NaN. Rows with a missing value in a column used are left out
        and counted in ``n_dropped``.

    Raises
    ------
    ModelError
        Where columns are unknown, twice, text, infinite or too large to square; no row is
        complete; there is one group or one row a group; the outcome or a predictor has no
        variance; predictors are collinear or too many; ids cannot be told apart; a name or an
        option is not allowed.

    Notes
    -----
    The variance ratio theta minimises the profiled deviance (see
    ``relsurvey.association.models.likelihood``); all its local minima and theta = 0 are compared.
    Standard errors take the variances as known; Satterthwaite's degrees of freedom allow for
    their being estimated.
    The residual sum of squares is what the predictors leave of the outcome's: where they leave
    a share of 1e-k of it, the variances are exact to about 16 - k digits.

    References
    ----------
    Bates, D., Mächler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models
    using lme4. Journal of Statistical Software, 67(1), 1-48.
    Fai, A. H.-T., & Cornelius, P. L. (1996). Approximate F-tests of multiple degree of freedom
    hypotheses. Journal of Statistical Computation and Simulation, 54(4), 363-378.

    Examples
    --------
    >>> data = {"worker": list("aabbccdd"), "x": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0]}
    >>> result = fit_mixed(data, "y", ["x"], "worker")
    >>> result.to_frame()[["term", "estimate", "std_error"]].round(3)
              term  estimate  std_error
    0  (Intercept)      1.00      1.770
    1            x      1.95      0.646
    """
    require_confidence(confidence)
    require_flag("reml", reml)
    names = column_names(predictors, "predictors")
    require_free_names(names, group)
    frame = data.frame if isinstance(data, Linked) else data
    sums = group_sums(frame, [*names, outcome], group)
    return mixed_result(fit_sums(sums, outcome, names, reml=reml, df=df), confidence)


def mixed_result(fit: MixedFit, confidence: float) -> MixedResult:
    """Present a fit: the table of fixed effects, variances, and notes."""
    tested = fit.test(np.eye(len(fit.effects)), confidence)
    table = pd.DataFrame({"term": [INTERCEPT, *fit.predictors], **tested})
    deviance = fit.deviance
    sums = fit.sums
    return MixedResult(
        outcome=fit.outcome,
        predictors=fit.predictors,
        group=sums.group,
        table=table,
        variance={
            sums.group: fit.between_variance,
            RESIDUAL: fit.residual_variance,
        },
        log_likelihood=-deviance / 2.0,
        deviance=deviance,
        n_rows=sums.n_rows,
        n_groups=sums.n_groups,
        n_dropped=sums.n_dropped,
        converged=fit.converged,
        boundary=fit.boundary,
        reml=fit.reml,
        df=fit.df,
        confidence=confidence,
        notes=tuple(_notes(fit)),
    )


def _notes(fit: MixedFit) -> list[str]:
    notes = []
    sums = fit.sums
    if sums.n_dropped:
        causes = listed([f"{name} {count:,}" for name, count in sums.missing.items()])
        notes.append(f"{counted(sums.n_dropped, 'row')} left out for missing values ({causes}).")
    if fit.boundary:
        beyond = " beyond what the predictors account for" if fit.predictors else ""
        notes.append(
            f"The variance between {sums.group}{beyond} is estimated as zero: the groups differ no "
            f"more{beyond} than chance within them would make them differ, and the estimates are "
            "those of ordinary regression."
        )
    if not fit.converged:
        notes.append("The search for the variance did not come to its end: read with care.")
    if sums.n_groups < FEW_GROUPS:
        notes.append(
            f"Only {sums.n_groups} groups of {sums.group}: the variance between them is "
            "uncertain, and so is what depends on it."
        )
    return notes
