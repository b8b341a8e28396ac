"""How much of a true association is lost to which error, step by step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.measurement_error.scores import Question
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.models.names import RESIDUAL
from relsurvey.results import Drawn
from relsurvey.text import aligned, notes_below, number, percent, readable, share

__all__ = ["Budget", "budget"]


@dataclass(frozen=True, eq=False)
class Budget(Drawn):
    """From the true association to the one observed, in steps.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a step: ``step`` ("true", "score", "few_users", "outcome_scale"), ``what`` in
        words, ``correlation_factor`` and ``correlation`` after the step, ``slope_factor`` and
        ``slope`` after it, ``lost``: the share of the true correlation gone by then; ``note``.
    score_reliability : float
        Of the workers' scores.
    mean_reliability : float
        Of the workers' mean outcomes at their numbers of service users: the share of these
        means' variance that is between workers. NaN where workers do not differ.
    mean_reliability_low, mean_reliability_middle, mean_reliability_high : float
        The same of one worker's mean: first quartile, median and third quartile over workers.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_budget"

    table: pd.DataFrame
    score_reliability: float
    mean_reliability: float
    mean_reliability_low: float
    mean_reliability_middle: float
    mean_reliability_high: float
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a step, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the budget as a text for people."""
        rows = [
            {
                "times": number(row["correlation_factor"]),
                "correlation": number(row["correlation"]),
                "slope": readable(row["slope"]),
                "lost": share(row["lost"]),
                "what": row["what"],
            }
            for row in self.table.to_dict("records")
        ]
        noted = notes_below([("Note", note) for note in self.notes])
        return "\n".join([*aligned(rows, left=["what"]), *noted])

    @property
    def sentence(self) -> str:
        """What is lost to what, in plain English."""
        last = self.table.iloc[-1]
        if not math.isfinite(last["lost"]):
            return "How much of a correlation over workers is lost to error cannot be said."
        parts = [
            f"{row['what']} leaves {percent(round(row['correlation_factor'], 2))}"
            for row in self.table.to_dict("records")[1:]
        ]
        return (
            f"Of a true correlation over workers of {readable(self.table['correlation'].iloc[0])}, "
            f"{readable(last['correlation'])} can be seen: {'; '.join(parts)}."
        )


def budget(
    question: Question, true_slope: float, attenuation: float, outcome_reliability: float | None
) -> Budget:
    """Work out what each error takes from the correlation over workers, and from the slope.

    Parameters
    ----------
    question : Question
        The model and the errors of the scores.
    true_slope : float
        The slope with the score's error taken out.
    attenuation : float
        The share of it that the score's error leaves.
    outcome_reliability : float, optional
        Of the service users' scale (alpha, omega), over service users.

    Returns
    -------
    Budget
        The correlation is Pearson's over workers, of the score with the mean outcome, not
        adjusted; the slope is adjusted. A correlation shrinks by the root of each reliability
        (Spearman 1904); a slope only by that of the predictor: few service users and errors
        of the outcome make it less certain, not smaller.

    References
    ----------
    Spearman, C. (1904). The proof and measurement of association between two things. American
    Journal of Psychology, 15(1), 72-101.
    Raudenbush, S. W., & Bryk, A. S. (2002). Hierarchical linear models (2nd ed.). Sage,
    equation 3.21.
    """
    sums = question.sums
    variances = fit_sums(sums, question.outcome, (), df="residual").variances
    row = variances[RESIDUAL]
    between = sum(variances.values()) - row
    scale_error = 0.0
    if outcome_reliability is not None:
        scale_error = min((1.0 - outcome_reliability) * (between + row), row)
    share_of_rows = float((1.0 / sums.counts).mean())
    few = between / (between + (row - scale_error) * share_of_rows) if between else math.nan
    whole = between / (between + row * share_of_rows) if between else math.nan
    each = between / (between + row / sums.counts) if between else np.full(1, np.nan)
    score = 1.0 - float(question.error_variance.mean() / question.scores.var(ddof=1))
    observed = _correlation(question)
    steps = [
        ("score", "error in the worker's score", math.sqrt(score), attenuation),
        ("few_users", "few service users for each worker", math.sqrt(few), 1.0),
    ]
    if outcome_reliability is not None:
        what = "error in the service users' scale"
        steps.append(("outcome_scale", what, math.sqrt(whole / few), 1.0))
    low, middle, high = np.quantile(each, [0.25, 0.5, 0.75]).tolist()
    true = observed / (math.sqrt(score) * math.sqrt(whole))
    notes = _notes(sums.group, true, between, scale_error, row)
    return Budget(_table(true, true_slope, steps), score, whole, low, middle, high, tuple(notes))


def _correlation(question: Question) -> float:
    answers = question.sums.means[:, question.sums.place(question.outcome)]
    if question.sums.equal_means(question.outcome):
        return math.nan
    return float(np.corrcoef(question.scores, answers)[0, 1])


def _table(true: float, slope: float, steps: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    rows = [("true", "with no error at all", 1.0, true, 1.0, slope, 0.0 * true)]
    kept = 1.0
    for step, what, factor, of_slope in steps:
        kept *= factor
        slope *= of_slope
        rows.append((step, what, factor, true * kept, of_slope, slope, 1.0 - kept))
    columns = [
        "step", "what", "correlation_factor", "correlation", "slope_factor", "slope", "lost",
    ]  # fmt: skip
    missing = "" if math.isfinite(true * kept) else "workers' mean outcomes do not differ"
    return pd.DataFrame(rows, columns=columns).assign(note=missing)


def _notes(group: str, true: float, between: float, scale_error: float, row: float) -> list[str]:
    notes = []
    if between == 0:
        notes.append(
            f"The variance between {group} is estimated as zero, so what few service users cost "
            "cannot be worked out."
        )
    if abs(true) > 1:
        notes.append(
            f"The true correlation comes out beyond 1 ({readable(true)}): the reliabilities are "
            "lower than these data bear out, or the sample is too small for them."
        )
    if scale_error and scale_error == row:
        notes.append(
            "The reliability given for the outcome leaves more error than there is variance "
            f"within {group}: all of that is counted as error of the scale."
        )
    return notes
