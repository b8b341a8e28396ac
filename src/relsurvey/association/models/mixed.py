"""Random-intercept models: how much groups differ, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.models.categories import by_category, encode_categories
from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.fit_notes import fit_notes
from relsurvey.association.models.names import INTERCEPT, RESIDUAL, column_names, require_free_names
from relsurvey.linkage import Linked
from relsurvey.moments.group_columns import require_column_names
from relsurvey.moments.group_rows import group_sums
from relsurvey.options import require_confidence, require_flag
from relsurvey.results import Drawn
from relsurvey.text import counted, percent, readable

__all__ = ["MixedResult", "fit_mixed", "mixed_result"]


@dataclass(frozen=True, eq=False)
class MixedResult(Drawn):
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
        Variance of the random intercept under the group's name, then of that of the larger
        units, where there are any, under theirs, and "residual"; in squared units of the
        outcome.
    log_likelihood, deviance : float
        Restricted where ``reml``; the deviance is -2 log-likelihood with every constant.
    n_rows, n_groups, n_dropped : int
        Rows used, groups, rows left out for a missing value.
    converged : bool
        Whether the search for the variance came to its end.
    boundary : bool
        Whether a variance between groups or between larger units is estimated as zero.
    reml : bool
        Restricted or full maximum likelihood.
    df : str
        How degrees of freedom were found.
    confidence : float
        Coverage of the intervals.
    notes : tuple of str
        What a reader has to know.
    n_parents : int
        Larger units; 0 where there is no such level.
    nested_in : str or None
        The column of the larger units that groups are nested in.
    """

    _figure: ClassVar[str] = "plot_coefficients"

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
    n_parents: int = 0
    nested_in: str | None = None
    _fit: MixedFit | None = field(default=None, repr=False)

    @property
    def icc(self) -> float:
        """Share of the variance that lies between groups, given the predictors.

        The correlation of two rows of one group. With three levels the units that the groups
        are nested in count in it: they too are what two rows of one group share.
        """
        return 1.0 - self.shares[RESIDUAL] if self.nested_in else self.shares[self.group]

    @property
    def shares(self) -> dict[str, float]:
        """Share of the variance at each level, given the predictors; they sum to 1."""
        total = sum(self.variance.values())
        return {level: variance / total for level, variance in self.variance.items()}

    def to_frame(self) -> pd.DataFrame:
        """Return one row a fixed effect, unrounded."""
        return self.table.copy()

    def _short_text(self) -> str:
        rows = [row for row in self.table.to_dict("records") if row["term"] != "(Intercept)"]
        slopes = [
            f"{row['term']} {readable(row['estimate'])} ({readable(row['conf_low'])} to "
            f"{readable(row['conf_high'])})"
            for row in rows
        ]
        told = f"slopes with {percent(self.confidence)} intervals: {', '.join(slopes)}"
        return f"{self.outcome}, {self._design()}; {told if slopes else 'no predictor'}."

    def summary(self) -> str:
        """Return the model as a text for people."""
        criterion = "REML" if self.reml else "maximum likelihood"
        shown = self.table.rename(
            columns={"std_error": "std error", "statistic": "t", "p_value": "p",
                     "conf_low": "low", "conf_high": "high"}
        )  # fmt: skip
        lines = [
            f"Random-intercept model of {self.outcome} ({criterion}), {self._design()}",
            "",
            shown.to_string(
                index=False, float_format="{:.3f}".format,
                formatters={"p": "{:.3g}".format, "df": "{:.1f}".format},
            ),
            "",
            f"Intervals {percent(self.confidence)}; degrees of freedom: {self.df}",
            self._variances(),
            f"Deviance (-2 log-likelihood) {self.deviance:.3f}",
        ]  # fmt: skip
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])

    def _design(self) -> str:
        rows = counted(self.n_rows, "row")
        groups = f"{counted(self.n_groups, 'group')} of {self.group}"
        if self.nested_in is None:
            return f"{rows} in {groups}"
        return f"{rows} in {groups} in {counted(self.n_parents, 'unit')} of {self.nested_in}"

    def _variances(self) -> str:
        residual = f"residual {readable(self.variance[RESIDUAL])}"
        if self.nested_in is None:
            between = readable(self.variance[self.group])
            return (
                f"Variance between {self.group} {between}, {residual}; "
                f"share between {readable(self.icc)}"
            )
        shares = ", ".join(
            f"{level} {readable(self.shares[level])}" for level in (self.nested_in, self.group)
        )
        return (
            f"Variance between {self.nested_in} {readable(self.variance[self.nested_in])}, between "
            f"{self.group} within {self.nested_in} {readable(self.variance[self.group])}, "
            f"{residual}; shares: {shares}"
        )


def fit_mixed(
    data: Any,
    outcome: str,
    predictors: str | Sequence[str] | None,
    group: str,
    *,
    nested_in: str | None = None,
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
        Columns; numbers enter as given, a column of words or categories as an indicator of each
        level but the most frequent ("sector[Catholic]"; see ``encode_categories``). May be none:
        the null model.
    group : str
        The column of group ids (worker, school), text or numbers.
    nested_in : str, optional
        The column of the larger unit (team, district) that each group belongs to one of; it gets
        a random intercept too. Predictors may be of any level. A unit may have one group.
    reml : bool, default True
        Restricted maximum likelihood; otherwise full maximum likelihood.
    df : {"satterthwaite", "kenward_roger", "residual"}
        Degrees of freedom of the t tests. "kenward_roger" adjusts the standard errors too, and
        needs REML; with three levels and few units it is the one to be trusted. "residual" is
        rows minus fixed effects. A variance estimated as zero no longer counts in Satterthwaite's
        (two levels: the same as "residual" under REML); in Kenward and Roger's it does.
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
        complete; there is one group or one row a group; there is one larger unit, or one group
        in each, or a group in two of them; the outcome or a predictor has no variance;
        predictors are collinear or too many; ids cannot be told apart; a name or an option is
        not allowed.

    Notes
    -----
    The variance ratios minimise the profiled deviance (see
    ``relsurvey.association.models.likelihood`` and ``nested_likelihood``); all local minima and
    the bounds, ratios of 0, are compared.
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
    Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from
    restricted maximum likelihood. Biometrics, 53(3), 983-997.

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
    require_free_names(names, group, nested_in)
    frame = data.frame if isinstance(data, Linked) else data
    levels = [group] if nested_in is None else [group, nested_in]
    require_column_names([*names, outcome, *levels])
    encoded = encode_categories(frame, names, used=[outcome, *levels])
    sums = group_sums(encoded.data, [*encoded.names, outcome], group, nested_in=nested_in)
    sums = replace(sums, missing=by_category(sums.missing, encoded))
    result = mixed_result(fit_sums(sums, outcome, encoded.names, reml=reml, df=df), confidence)
    return replace(result, notes=(*result.notes, *encoded.notes))


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
        variance=fit.variances,
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
        notes=tuple(fit_notes(fit)),
        n_parents=sums.n_parents,
        nested_in=sums.nested_in,
        _fit=fit,
    )
