"""The association over completed data sets, beside the one of complete cases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.associate import primary_df
from relsurvey.association.models.fit import DF_METHODS, MixedFit, fit_sums
from relsurvey.association.models.names import INTERCEPT, column_names
from relsurvey.association.pooling import Pooled, pool_estimates
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.association.sentence import Finding, association_sentence
from relsurvey.errors import ModelError
from relsurvey.imputation.imputed import Imputed
from relsurvey.options import require_choice, require_confidence
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, number, p_value_text, percent, readable

__all__ = ["ImputedAssociation", "associate_imputed", "pool_association"]

SAME_TWICE = 2


@dataclass(frozen=True, eq=False)
class ImputedAssociation(Drawn):
    """An association pooled over completed data sets.

    Attributes
    ----------
    outcome, predictor, group : str
        The columns.
    team : str or None
        The team column, where teams are a level of the model.
    covariates : tuple of str
        As given.
    slope, slope_low, slope_high, std_error, df, p_value : float
        Of the predictor, pooled (Rubin); df of Barnard and Rubin.
    fraction_missing : float
        Share of the information on the slope that is missing, from 0 to 1.
    slope_standardised : float
        Slope x SD(predictor over workers) / SD(outcome over rows), mean over data sets.
    table : pandas.DataFrame
        One row a term: ``term, estimate, std_error, df, statistic, p_value, conf_low,
        conf_high, fraction_missing, between, within`` (variance between data sets, mean
        sampling variance).
    complete_table : pandas.DataFrame or None
        The same model on rows with no missing value: ``term, estimate, std_error, df, statistic,
        p_value, conf_low, conf_high``; ``None`` where it cannot be fitted.
    n_rows, n_groups : int
        In the completed data sets.
    n_complete_rows, n_complete_groups : int
        Among complete cases; 0 where there are none.
    n_imputations : int
        Completed data sets.
    df_method : str
        How the degrees of freedom of each data set were found.
    confidence : float
        Coverage of the intervals.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_imputed_association"

    outcome: str
    predictor: str
    covariates: tuple[str, ...]
    group: str
    team: str | None
    slope: float
    slope_low: float
    slope_high: float
    std_error: float
    df: float
    p_value: float
    fraction_missing: float
    slope_standardised: float
    table: pd.DataFrame
    complete_table: pd.DataFrame | None
    n_rows: int
    n_groups: int
    n_complete_rows: int
    n_complete_groups: int
    n_imputations: int
    df_method: str
    confidence: float
    sentence: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a term and ``analysis``: "imputed" and "complete cases", unrounded."""
        parts = [self.table.assign(analysis="imputed")]
        if self.complete_table is not None:
            parts.append(self.complete_table.assign(analysis="complete cases"))
        return pd.concat(parts, ignore_index=True)

    def summary(self) -> str:
        """Return the two answers side by side as a text for people."""
        rows = [self._row("imputed", self.table, self.n_rows, self.n_groups)]
        if self.complete_table is not None:
            rows.append(
                self._row(
                    "complete cases", self.complete_table,
                    self.n_complete_rows, self.n_complete_groups,
                )
            )  # fmt: skip
        return "\n".join(
            [
                self.sentence,
                "",
                *aligned(rows, left=["slope from"]),
                "",
                f"Share of the information on the slope that is missing: "
                f"{percent(round(self.fraction_missing, 3))}",
                *(f"Note: {note}" for note in self.notes),
            ]
        )

    def _row(self, name: str, table: pd.DataFrame, rows: int, groups: int) -> dict[str, str]:
        found = _numbers_of(table, self.predictor)
        return {
            "slope from": name,
            "slope": readable(found["estimate"]),
            "std error": readable(found["std_error"]),
            percent(self.confidence): f"{readable(found['conf_low'])} to "
            f"{readable(found['conf_high'])}",
            "p": p_value_text(found["p_value"]).removeprefix("p ").removeprefix("= "),
            "df": number(found["df"], 1),
            "rows": f"{rows:,}",
            "workers": f"{groups:,}",
        }


def associate_imputed(
    imputed: Imputed,
    outcome: str,
    predictor: str,
    *,
    covariates: str | Sequence[str] | None = (),
    team: str | None = None,
    split_covariates: bool | Sequence[str] = True,
    confidence: float = 0.95,
    df: str = "auto",
) -> ImputedAssociation:
    """Fit the model of ``associate`` to each completed data set, and pool.

    Parameters
    ----------
    imputed : Imputed
        From ``impute``; outcome, predictor and covariates are among its columns.
    outcome, predictor : str
        As in ``associate``.
    covariates : str or sequence of str
        As in ``associate``.
    team : str, optional
        The team column; that of ``imputed`` if not given. Another one cannot be named: its level
        would be in the model and not in the imputed values.
    split_covariates : bool, default True
        As in ``associate``.
    confidence : float, default 0.95
        Coverage of the intervals.
    df : {"auto", "satterthwaite", "kenward_roger", "residual"}
        As in ``associate``. Their mean over the data sets stands for the degrees of freedom of
        complete data in Barnard and Rubin's.

    Returns
    -------
    ImputedAssociation
        The pooled model beside that of complete cases.

    Raises
    ------
    ModelError
        Where columns were not imputed, or the model cannot be fitted.

    References
    ----------
    Rubin, D. B. (1987). Multiple imputation for nonresponse in surveys. Wiley.
    Barnard, J., & Rubin, D. B. (1999). Small-sample degrees of freedom with multiple
    imputation. Biometrika, 86(4), 948-955.

    Examples
    --------
    >>> from relsurvey.imputation import impute
    >>> nan = float("nan")
    >>> data = {"worker_id": list("aabbccddee"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
    ...         "y": [2.0, 4.0, 3.0, nan, 8.0, 9.0, nan, 9.0, 7.0, 8.0]}
    >>> imputed = impute(data, ["y", "x"], group="worker_id", n_imputations=20, seed=1)
    >>> result = associate_imputed(imputed, "y", "x")
    >>> result.n_rows, result.n_complete_rows, 0 < result.fraction_missing < 1
    (10, 8, True)
    """
    require_confidence(confidence)
    require_choice("df", df, ("auto", *DF_METHODS), ModelError)
    names = column_names(covariates, "covariates")
    parts = imputed.categories
    used = tuple(part for name in names for part in parts.get(name, (name,)))
    _require_imputed(imputed, (outcome, predictor, *used), team)

    def fitted(data: pd.DataFrame) -> tuple[MixedFit, Prepared]:
        ready = prepare(
            data, outcome, predictor, covariates=used, group=imputed.group, team=imputed.team,
            split_covariates=split_covariates,
        )  # fmt: skip
        method = primary_df(ready) if df == "auto" else df
        return fit_sums(ready.sums, outcome, ready.terms, df=method), ready

    # Where nothing is missing all copies are the same: two of them say it.
    count = SAME_TWICE if imputed.complete else imputed.n_imputations
    fits = [fitted(imputed.completed(number)) for number in range(1, count + 1)]
    table = pool_association([fit for fit, _ in fits], confidence)
    try:
        complete, _ = fitted(imputed.observed())
        reason = ""
    except ModelError as problem:
        complete, reason = None, f"There is no answer from complete cases: {problem.message}"
    return _result(imputed, table, fits, complete, reason, names, confidence)


def pool_association(fits: Sequence[MixedFit], confidence: float) -> pd.DataFrame:
    """Pool the fixed effects of the same model over completed data sets.

    Parameters
    ----------
    fits : sequence of MixedFit
        At least two, of the same terms.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row a term; see ``ImputedAssociation.table``.
    """
    terms = [INTERCEPT, *fits[0].predictors]
    tests = [fit.test(np.eye(len(terms)), confidence) for fit in fits]
    rows = []
    for place, term in enumerate(terms):
        estimates, errors, degrees = (
            np.array([test[name][place] for test in tests])
            for name in ("estimate", "std_error", "df")
        )
        pooled = pool_estimates(estimates, errors**2, float(degrees.mean()))
        rows.append({"term": term, **_pooled_row(pooled, confidence)})
    return pd.DataFrame(rows)


def _pooled_row(pooled: Pooled, confidence: float) -> dict[str, float]:
    low, high = pooled.interval(confidence)
    return {
        "estimate": pooled.estimate,
        "std_error": pooled.std_error,
        "df": pooled.df,
        "statistic": pooled.statistic,
        "p_value": pooled.p_value,
        "conf_low": low,
        "conf_high": high,
        "fraction_missing": pooled.fraction_missing,
        "between": pooled.between,
        "within": pooled.within,
    }


def _require_imputed(imputed: Imputed, used: Iterable[str], team: str | None) -> None:
    absent = [name for name in used if name not in imputed.columns]
    if absent:
        raise ModelError(
            f"Not among the imputed columns: {', '.join(map(repr, absent))}.",
            hint="Impute all columns of the analysis together, complete ones too: "
            f"impute(..., {[*imputed.columns, *absent]!r}, ...).",
        )
    if team is not None and team != imputed.team:
        raise ModelError(
            f"The values were imputed with {imputed.team or 'no'!s} level for teams, not {team!r}.",
            hint=f"Impute with team={team!r} first.",
        )


def _result(
    imputed: Imputed,
    table: pd.DataFrame,
    fits: Sequence[tuple[MixedFit, Prepared]],
    complete: MixedFit | None,
    reason: str,
    covariates: tuple[str, ...],
    confidence: float,
) -> ImputedAssociation:
    fit, ready = fits[0]
    row = _numbers_of(table, ready.predictor)
    standardised = row["estimate"] * float(np.mean([_ratio(one) for one, _ in fits]))
    finding = Finding(
        ready.outcome, ready.predictor, covariates, ready.group, imputed.persons,
        row["estimate"], row["conf_low"], row["conf_high"],
        row["p_value"], standardised, confidence, fit.sums.n_groups, fit.sums.n_rows,
        fit.sums.n_parents or None,
    )  # fmt: skip
    notes = [*imputed.notes, *ready.notes, *([reason] if reason else [])]
    notes += _unsettled_fits([one for one, _ in fits])
    return ImputedAssociation(
        outcome=ready.outcome,
        predictor=ready.predictor,
        covariates=covariates,
        group=ready.group,
        team=ready.team,
        slope=finding.slope,
        slope_low=finding.low,
        slope_high=finding.high,
        std_error=row["std_error"],
        df=row["df"],
        p_value=finding.p_value,
        fraction_missing=row["fraction_missing"],
        slope_standardised=standardised,
        table=table,
        complete_table=None if complete is None else _complete_table(complete, confidence),
        n_rows=fit.sums.n_rows,
        n_groups=fit.sums.n_groups,
        n_complete_rows=0 if complete is None else complete.sums.n_rows,
        n_complete_groups=0 if complete is None else complete.sums.n_groups,
        n_imputations=imputed.n_imputations,
        df_method=fit.df,
        confidence=confidence,
        sentence=_sentence(imputed, finding),
        notes=tuple(notes),
    )


def _numbers_of(table: pd.DataFrame, term: str) -> dict[str, float]:
    """Return the numbers of one term."""
    numbers = table.drop(columns="term")
    place = table["term"].tolist().index(term)
    return {str(name): float(numbers[name].iloc[place]) for name in numbers}


def _ratio(fit: MixedFit) -> float:
    predictor = fit.sums.means[:, fit.sums.place(fit.predictors[0])]
    spread = fit.sums.standard_deviation(fit.outcome)
    return float(predictor.std(ddof=1)) / spread if spread else math.nan


def _complete_table(fit: MixedFit, confidence: float) -> pd.DataFrame:
    terms = [INTERCEPT, *fit.predictors]
    return pd.DataFrame({"term": terms, **fit.test(np.eye(len(terms)), confidence)})


def _unsettled_fits(fits: Sequence[MixedFit]) -> list[str]:
    bounded = sum(fit.boundary for fit in fits)
    lost = sum(not fit.converged for fit in fits)
    notes = []
    if bounded:
        notes.append(
            f"In {counted(bounded, 'completed data set')} of {len(fits)} a variance between "
            f"{fits[0].sums.group} beyond what the predictors account for is estimated as zero."
        )
    if lost:
        notes.append(
            f"In {counted(lost, 'completed data set')} of {len(fits)} the search for the variance "
            "did not come to its end: read with care."
        )
    return notes


def _sentence(imputed: Imputed, finding: Finding) -> str:
    said = association_sentence(finding)
    if imputed.complete:
        return f"{said} No answer was missing."
    return (
        f"{said} Missing scores were imputed {imputed.n_imputations} times from the other answers "
        "of the same and of other people, as if nothing but these told why they are missing."
    )
