"""Two models of the same rows, one within the other: the likelihood-ratio test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.fitted import fit_of
from relsurvey.errors import ModelError, listed
from relsurvey.results import Drawn
from relsurvey.text import aligned, and_list, counted, number, p_value_text, readable

if TYPE_CHECKING:
    from relsurvey.association.models.mixed import MixedResult

__all__ = ["ModelComparison", "compare_mixed"]

SAME_ROWS = 1e-7  # of a standard deviation: means of the same rows are as alike as this
FEW_GROUPS = 50


@dataclass(frozen=True, eq=False)
class ModelComparison(Drawn):
    """A model and a larger one that holds it.

    Attributes
    ----------
    outcome : str
        The outcome of both.
    table : pandas.DataFrame
        One row a model, the smaller first: model, predictors, levels, n_parameters,
        log_likelihood, deviance, aic, bic.
    statistic : float
        Fall of the deviance from the smaller to the larger model.
    df : int
        How many parameters more the larger model has.
    p_value : float
        Of no difference between the models.
    distribution : str
        What the statistic is compared with.
    reml : bool
        Whether the likelihoods are restricted.
    more_predictors, more_levels : tuple of str
        What the larger model has and the smaller has not.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_model_comparison"

    outcome: str
    table: pd.DataFrame
    statistic: float
    df: int
    p_value: float
    distribution: str
    reml: bool
    more_predictors: tuple[str, ...]
    more_levels: tuple[str, ...]
    sentence: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a model, unrounded, with the test beside the larger one."""
        test = {"statistic": self.statistic, "df": float(self.df), "p_value": self.p_value}
        return self.table.assign(**{name: [math.nan, value] for name, value in test.items()})

    def summary(self) -> str:
        """Return the comparison as a text for people."""
        rows = [
            {
                "model": str(row["model"]),
                "parameters": f"{row['n_parameters']}",
                "deviance": number(row["deviance"], 3),
                "AIC": number(row["aic"], 3),
                "BIC": number(row["bic"], 3),
            }
            for row in self.table.to_dict("records")
        ]
        likelihood = "restricted likelihood" if self.reml else "full likelihood"
        lines = [
            f"Two models of {self.outcome}, by {likelihood}",
            "",
            *aligned(rows, left=["model"]),
            "",
            self.sentence,
        ]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def compare_mixed(smaller: MixedResult, larger: MixedResult) -> ModelComparison:
    """Test whether a larger model describes the same rows better than one it holds.

    Parameters
    ----------
    smaller, larger : MixedResult
        Two fits to the same rows: all predictors and all levels of ``smaller`` are in
        ``larger``.

    Returns
    -------
    ModelComparison
        The likelihood-ratio test, AIC and BIC. Where predictors differ, or one fit is by REML
        and the other is not, both are fitted again by maximum likelihood, which a note says:
        restricted likelihoods of different fixed effects cannot be compared.

    Raises
    ------
    ModelError
        Where the rows, the outcome or the groups differ, the models are the same, or neither is
        within the other.

    Notes
    -----
    A variance cannot be below zero, so where the larger model has one level more, the statistic
    is zero in half of all samples in which that variance is zero: it is compared with half of
    chi-squared with k and half with k + 1 degrees of freedom, k the number of fixed effects more.
    AIC and BIC count the variances among the parameters; BIC takes the number of rows.

    References
    ----------
    Self, S. G., & Liang, K.-Y. (1987). Asymptotic properties of maximum likelihood estimators and
    likelihood ratio tests under nonstandard conditions. Journal of the American Statistical
    Association, 82(398), 605-610, case 5.
    Stram, D. O., & Lee, J. W. (1994). Variance components testing in the longitudinal mixed
    effects model. Biometrics, 50(4), 1171-1177.

    Examples
    --------
    >>> from relsurvey.association.models.mixed import fit_mixed
    >>> data = {"worker": list("aabbccdd"), "x": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0]}
    >>> tested = compare_mixed(*(fit_mixed(data, "y", x, "worker") for x in (None, "x")))
    >>> round(tested.statistic, 3), tested.df, round(tested.p_value, 3)
    (6.858, 1, 0.009)
    """
    fits = (fit_of(smaller), fit_of(larger))
    _require_same_rows(*fits)
    more_predictors, more_levels = _require_nested(*fits)
    notes = []
    if fits[0].reml != fits[1].reml or (more_predictors and fits[0].reml):
        fits = (_by_full_likelihood(fits[0]), _by_full_likelihood(fits[1]))
        notes.append(
            "Both models were fitted again by maximum likelihood: restricted likelihoods of "
            "different fixed effects cannot be compared."
        )
    named = zip(("smaller", "larger"), fits, strict=True)
    table = pd.DataFrame([_row(name, fit) for name, fit in named])
    statistic = max(fits[0].deviance - fits[1].deviance, 0.0)
    n_fixed = len(more_predictors)
    p_value, distribution = _tail(statistic, n_fixed, boundary=bool(more_levels))
    df = n_fixed + len(more_levels)
    return ModelComparison(
        outcome=fits[0].outcome,
        table=table,
        statistic=statistic,
        df=df,
        p_value=p_value,
        distribution=distribution,
        reml=fits[0].reml,
        more_predictors=more_predictors,
        more_levels=more_levels,
        sentence=_sentence(more_predictors, more_levels, statistic, distribution, p_value),
        notes=(*notes, *_notes(fits, more_predictors, more_levels)),
    )


def _require_same_rows(smaller: MixedFit, larger: MixedFit) -> None:
    """Refuse models of different outcomes or rows: their likelihoods have nothing in common."""
    if smaller.outcome != larger.outcome:
        raise ModelError(
            f"The models have different outcomes: {smaller.outcome!r} and {larger.outcome!r}.",
            hint="A likelihood-ratio test compares two models of one outcome.",
        )
    first, second = smaller.sums, larger.sums
    if first.n_rows != second.n_rows:
        raise ModelError(
            f"The models were fitted to different rows: {counted(first.n_rows, 'row')} and "
            f"{counted(second.n_rows, 'row')}.",
            hint="A row with a missing value in any column of either model has to be left out of "
            "both: keep the rows that are complete, and fit both models to these.",
        )
    shared = [smaller.outcome, *(one for one in smaller.predictors if one in larger.predictors)]
    changed = [
        name
        for name in shared
        if abs(first.mean(name) - second.mean(name)) > SAME_ROWS * first.standard_deviation(name)
        or not math.isclose(
            first.standard_deviation(name), second.standard_deviation(name), rel_tol=SAME_ROWS
        )
    ]
    if changed or (first.group == second.group and not _same_groups(smaller, larger)):
        where = f" {listed([repr(name) for name in changed])} has other values." if changed else ""
        raise ModelError(
            f"The models were fitted to different rows, as many as they are.{where}",
            hint="Fit both models to the same table.",
        )


def _same_groups(smaller: MixedFit, larger: MixedFit) -> bool:
    """Return whether each group has as many rows, and the same mean outcome, in both."""
    tables = []
    for fit in (smaller, larger):
        means = fit.sums.means[:, fit.sums.place(fit.outcome)]
        values = zip(fit.sums.counts, means, strict=True)
        tables.append(dict(zip(fit.sums.ids, values, strict=True)))
    if tables[0].keys() != tables[1].keys():
        return False
    pairs = np.array([[tables[0][one], tables[1][one]] for one in tables[0]])
    tolerance = SAME_ROWS * smaller.sums.standard_deviation(smaller.outcome)
    return bool(np.allclose(pairs[:, 0], pairs[:, 1], rtol=SAME_ROWS, atol=tolerance))


def _require_nested(smaller: MixedFit, larger: MixedFit) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the larger model has more, or refuse models that are not one in the other."""
    only_smaller = [one for one in smaller.predictors if one not in larger.predictors]
    only_smaller += [one for one in smaller.levels if one not in larger.levels]
    predictors = tuple(one for one in larger.predictors if one not in smaller.predictors)
    levels = tuple(one for one in larger.levels if one not in smaller.levels)
    more = [*predictors, *levels]
    if not only_smaller and more:
        return predictors, levels
    if not only_smaller:
        raise ModelError(
            "The two models are the same: the same predictors and the same levels.",
            hint="Give the larger model a predictor or a level more.",
        )
    if not more:
        raise ModelError("The first model holds the second.", hint="Give the smaller model first.")
    raise ModelError(
        f"Neither model is within the other: only the first has {listed(only_smaller)}, only the "
        f"second has {listed(more)}.",
        hint="The larger model has to have every predictor and every level of the smaller, by the "
        "same names.",
    )


def _by_full_likelihood(fit: MixedFit) -> MixedFit:
    if not fit.reml:
        return fit
    return fit_sums(fit.sums, fit.outcome, fit.predictors, reml=False)


def _row(name: str, fit: MixedFit) -> dict[str, object]:
    n_parameters = len(fit.predictors) + 1 + len(fit.levels) + 1
    return {
        "model": name,
        "predictors": ", ".join(fit.predictors),
        "levels": ", ".join(fit.levels),
        "n_parameters": n_parameters,
        "log_likelihood": -fit.deviance / 2.0,
        "deviance": fit.deviance,
        "aic": fit.deviance + 2.0 * n_parameters,
        "bic": fit.deviance + math.log(fit.sums.n_rows) * n_parameters,
    }


def _tail(statistic: float, n_fixed: int, *, boundary: bool) -> tuple[float, str]:
    """Return the p value, and what the statistic was compared with."""
    plain = _upper(statistic, n_fixed)
    if not boundary:
        return plain, f"chi-squared with {n_fixed} df"
    return (
        0.5 * plain + 0.5 * _upper(statistic, n_fixed + 1),
        f"half chi-squared with {n_fixed} df, half with {n_fixed + 1}",
    )


def _upper(statistic: float, df: int) -> float:
    """Return P(chi-squared >= statistic); with no degree of freedom all of it is at zero."""
    if df == 0:
        return 1.0 if statistic <= 0 else 0.0
    return float(chdtrc(df, statistic))


def _sentence(
    predictors: tuple[str, ...],
    levels: tuple[str, ...],
    statistic: float,
    distribution: str,
    p_value: float,
) -> str:
    parts = [and_list(predictors)] if predictors else []
    parts += [f"a level for {and_list(levels)}"] if levels else []
    verdict = "describes the outcome better" if p_value < 0.05 else "is not clearly better"
    return (
        f"The model with {and_list(parts)} {verdict} than the one without (likelihood ratio "
        f"{readable(statistic)}, {distribution}, {p_value_text(p_value)})."
    )


def _notes(
    fits: tuple[MixedFit, MixedFit], predictors: tuple[str, ...], levels: tuple[str, ...]
) -> list[str]:
    notes = []
    if levels:
        notes.append(
            f"A variance cannot be below zero: without differences between {and_list(levels)} the "
            "likelihood ratio is zero in about half of all samples, and the p value allows for it."
        )
    fewest = min(fit.sums.n_parents or fit.sums.n_groups for fit in fits)
    if predictors and fewest < FEW_GROUPS:
        notes.append(
            f"With {counted(fewest, 'unit')} on the highest level, the likelihood-ratio test of "
            "fixed effects finds differences too often; the t and F tests of the model allow "
            "for that."
        )
    notes += [
        f"The search for the variances of the {name} model did not come to its end."
        for name, fit in zip(("smaller", "larger"), fits, strict=True)
        if not fit.converged
    ]
    return notes
