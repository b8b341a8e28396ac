"""Is a slope too small to matter, or larger than that: the test against a smallest effect."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import ClassVar

import pandas as pd
from scipy.special import stdtr, stdtrit

from relsurvey.errors import ModelError
from relsurvey.options import require_number
from relsurvey.results import Drawn
from relsurvey.text import p_value_text, percent, readable

__all__ = [
    "CLEAR",
    "CLEAR_BUT_SMALL",
    "LARGER",
    "NOT_KNOWN",
    "TOO_LITTLE",
    "UNCERTAIN",
    "VERDICTS",
    "WITHIN",
    "Equivalence",
    "equivalence",
]

LARGER = "larger than the margin"
CLEAR = "clear"
CLEAR_BUT_SMALL = "clear, but within the margin"
WITHIN = "none that matters"
UNCERTAIN = "uncertain"
TOO_LITTLE = "too little data"
NOT_KNOWN = "not known"
VERDICTS = (LARGER, CLEAR, CLEAR_BUT_SMALL, WITHIN, UNCERTAIN, TOO_LITTLE, NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Equivalence(Drawn):
    """A slope held against the smallest one that would matter.

    Attributes
    ----------
    estimate, std_error, df : float
        The slope, as given.
    margin : float
        The smallest slope that would matter, either way, in the units of ``estimate``.
    margin_standardised : float
        The same in standard deviations of the outcome per standard deviation of the predictor;
        NaN where it was given in raw units and the deviations are not known.
    alpha : float
        Level of each test.
    p_lower, p_upper : float
        One-sided p of the slope's being above ``-margin``, and below ``margin``.
    p_value : float
        The equivalence test (TOST): the larger of the two.
    p_larger : float
        The minimal-effect test, two-sided: is the slope beyond the margin.
    p_difference : float
        The usual two-sided test against zero.
    conf_low, conf_high : float
        The interval of coverage 1 - 2 alpha; it lies within the margin where and only where
        ``p_value`` is below ``alpha``.
    interval_low, interval_high : float
        The interval of coverage 1 - alpha, which goes with ``p_difference`` and ``p_larger``.
    verdict : str
        One of ``VERDICTS``; ``NOT_KNOWN`` where the slope is not.
    sentence : str
        The verdict in plain English.
    note : str
        Why numbers are NaN, if so.
    """

    _figure: ClassVar[str] = "plot_equivalence"

    estimate: float
    std_error: float
    df: float
    margin: float
    margin_standardised: float
    alpha: float
    p_lower: float
    p_upper: float
    p_value: float
    p_larger: float
    p_difference: float
    conf_low: float
    conf_high: float
    interval_low: float
    interval_high: float
    verdict: str
    sentence: str
    note: str = ""

    def adjusted_verdict(self, *, p_value: float, p_larger: float, p_difference: float) -> str:
        """Return the verdict with p values adjusted for how many slopes are looked at.

        Parameters
        ----------
        p_value, p_larger, p_difference : float
            Of the same three tests, adjusted. A slope is larger than the margin only where it
            is different from zero too.

        Returns
        -------
        str
            One of ``VERDICTS``; "too little data" is said of the slope taken alone.
        """
        if self.verdict == NOT_KNOWN:
            return NOT_KNOWN
        hopeless = self.conf_high - self.estimate >= self.margin
        return _verdict(
            p_value, max(p_larger, p_difference), p_difference, self.alpha, hopeless=hopeless
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row, unrounded."""
        return pd.DataFrame([asdict(self)])

    def summary(self) -> str:
        """Return the verdict and what it rests on as a text for people."""
        lines = [
            self.sentence,
            "",
            f"  equivalence (TOST)           {p_value_text(self.p_value)}, "
            f"{percent(1 - 2 * self.alpha)} interval {readable(self.conf_low)} to "
            f"{readable(self.conf_high)}",
            f"  larger than the margin       {p_value_text(self.p_larger)}",
            f"  different from zero          {p_value_text(self.p_difference)}",
        ]
        return "\n".join([*lines, *([f"Note: {self.note}"] if self.note else [])])


def equivalence(
    estimate: float,
    std_error: float,
    df: float,
    margin: float,
    alpha: float = 0.05,
    *,
    per_deviation: float | None = None,
    outcome: str = "the outcome",
    predictor: str = "the predictor",
) -> Equivalence:
    """Test whether a slope is too small to matter, or larger than that.

    Parameters
    ----------
    estimate, std_error : float
        The slope and its standard error: points of the outcome per point of the predictor.
    df : float
        Degrees of freedom of its t test (Satterthwaite's, Kenward and Roger's); may be infinite.
    margin : float
        The smallest slope that would matter, above 0: it stands for both directions. In the
        units of ``estimate``; where ``per_deviation`` is given, in standard deviations of the
        outcome per standard deviation of the predictor.
    alpha : float, default 0.05
        Level of each test, above 0 and below 0.5.
    per_deviation : float, optional
        SD of the predictor over SD of the outcome: turns a raw slope into a standardised one.
        Taken as known.
    outcome, predictor : str
        For the sentence.

    Returns
    -------
    Equivalence
        Two one-sided tests, the minimal-effect test, and a verdict. Only the verdict "none
        that matters" says that there is no association worth the name; a p value above
        ``alpha`` against zero does not. All is NaN, and the verdict "not known", where the
        slope, its standard error or df is.

    Raises
    ------
    ModelError
        Where the margin is not a number above zero, ``alpha`` not between 0 and 0.5, or
        ``per_deviation`` not above zero.

    Notes
    -----
    "clear": the interval of coverage 1 - alpha leaves out zero. "larger than the margin": it
    lies beyond the margin altogether, which is the minimal-effect test, two-sided so that a
    margin near zero gives the usual test. "none that matters": the interval of coverage
    1 - 2 alpha lies within the margin (TOST). "too little data": it is at least as wide as the
    margin, so that no estimate whatever could have shown that; otherwise "uncertain".

    References
    ----------
    Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power
    approach for assessing the equivalence of average bioavailability. Journal of
    Pharmacokinetics and Biopharmaceutics, 15(6), 657-680.
    Lakens, D. (2017). Equivalence tests: a practical primer for t tests, correlations, and
    meta-analyses. Social Psychological and Personality Science, 8(4), 355-362.
    Murphy, K. R., & Myors, B. (1999). Testing the hypothesis that treatments have negligible
    effects: minimum-effect tests in the general linear model. Journal of Applied Psychology,
    84(2), 234-248.

    Examples
    --------
    >>> found = equivalence(0.02, 0.03, 40.0, 0.1)
    >>> found.verdict, round(found.p_value, 4)
    ('none that matters', 0.0055)
    """
    _require_options(margin, alpha, per_deviation)
    standardised = margin if per_deviation is not None else math.nan
    raw = margin / per_deviation if per_deviation is not None else float(margin)
    if not (math.isfinite(estimate) and std_error > 0 and df > 0):
        return _unknown(estimate, std_error, df, raw, standardised, alpha)
    p_lower = float(stdtr(df, -(estimate + raw) / std_error))
    p_upper = float(stdtr(df, (estimate - raw) / std_error))
    beyond = min(stdtr(df, (estimate + raw) / std_error), stdtr(df, (raw - estimate) / std_error))
    half = float(stdtrit(df, 1.0 - alpha)) * std_error
    wide = float(stdtrit(df, 1.0 - alpha / 2.0)) * std_error
    p_value = max(p_lower, p_upper)
    p_larger = float(min(2.0 * beyond, 1.0))
    p_difference = float(2.0 * stdtr(df, -abs(estimate) / std_error))
    verdict = _verdict(p_value, p_larger, p_difference, alpha, hopeless=half >= raw)
    ends = (estimate - wide, estimate + wide)
    return Equivalence(
        estimate=estimate,
        std_error=std_error,
        df=df,
        margin=raw,
        margin_standardised=standardised,
        alpha=alpha,
        p_lower=p_lower,
        p_upper=p_upper,
        p_value=p_value,
        p_larger=p_larger,
        p_difference=p_difference,
        conf_low=estimate - half,
        conf_high=estimate + half,
        interval_low=ends[0],
        interval_high=ends[1],
        verdict=verdict,
        sentence=_sentence(verdict, (outcome, predictor), estimate, ends, half, raw, alpha),
    )


def _require_options(margin: float, alpha: float, per_deviation: float | None) -> None:
    require_number("alpha", alpha, lowest=1e-6, below=0.5, hint="Usual is alpha=0.05.")
    hint = (
        "It is the smallest slope that would matter in practice, fixed before the data are seen; "
        "for instance 0.1 standard deviations per standard deviation."
    )
    require_number("margin", margin, lowest=0.0, below=math.inf, hint=hint)
    if margin == 0:
        raise ModelError("margin has to be above 0.", hint=hint)
    if per_deviation is not None and not 0.0 < per_deviation < math.inf:
        raise ModelError(
            f"per_deviation has to be a number above 0; it is {per_deviation!r}.",
            hint="It is the predictor's standard deviation over the outcome's.",
        )


def _verdict(
    p_value: float, p_larger: float, p_difference: float, alpha: float, *, hopeless: bool
) -> str:
    if p_larger < alpha:
        return LARGER
    if p_difference < alpha:
        return CLEAR_BUT_SMALL if p_value < alpha else CLEAR
    if p_value < alpha:
        return WITHIN
    return TOO_LITTLE if hopeless else UNCERTAIN


def _sentence(
    verdict: str,
    names: tuple[str, str],
    estimate: float,
    ends: tuple[float, float],
    half: float,
    margin: float,
    alpha: float,
) -> str:
    outcome, predictor = names
    wide = f"{percent(1 - alpha)} confidence interval {readable(ends[0])} to {readable(ends[1])}"
    narrow = (
        f"{percent(1 - 2 * alpha)} confidence interval {readable(estimate - half)} to "
        f"{readable(estimate + half)}"
    )
    slope = f"the slope of {outcome} on {predictor} is {readable(estimate)}"
    matters = f"the smallest slope held to matter, {readable(margin)}"
    kind = "positive" if estimate > 0 else "negative"
    return {
        LARGER: f"There is a {kind} association, larger than {matters}: {slope} ({wide}).",
        CLEAR: f"There is a {kind} association: {slope} ({wide}); whether it is larger than "
        f"{matters}, these data do not show.",
        CLEAR_BUT_SMALL: f"There is a {kind} association, but it is smaller than {matters}: "
        f"{slope} ({narrow}).",
        WITHIN: f"There is no association that would matter: {slope} ({narrow}), and anything as "
        f"large as {matters}, in either direction is ruled out.",
        UNCERTAIN: f"Uncertain: {slope} ({wide}), so neither none at all nor one as large as "
        f"{matters}, can be ruled out.",
        TOO_LITTLE: f"Too little data: {slope} ({wide}). The interval is so wide that even an "
        f"estimate of exactly zero would not have ruled out {matters}.",
    }[verdict]


def _unknown(
    estimate: float, std_error: float, df: float, margin: float, standardised: float, alpha: float
) -> Equivalence:
    no = math.nan
    return Equivalence(
        estimate, std_error, df, margin, standardised, alpha, no, no, no, no, no, no, no, no, no,
        NOT_KNOWN, "Not known: there is no slope to hold against the margin.",
        "the slope, its standard error or its degrees of freedom are not known",
    )  # fmt: skip
