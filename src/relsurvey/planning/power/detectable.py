"""The smallest association that a study already collected could find."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.special import chdtri, ndtr, stdtrit

from relsurvey.association import AssociationResult, associate
from relsurvey.errors import ModelError
from relsurvey.faults import Faults
from relsurvey.options import require_name, require_number
from relsurvey.planning.power.formula_two_levels import chi_squared_nodes
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, percent, readable, remark, wrapped

__all__ = ["DetectableResult", "noncentrality", "smallest_detectable"]

POINTS = 64
COVERAGE = 0.95
CLOSE = 1e-10
WARNING = (
    "This is not 'observed power': it does not use the association that was found, and it says "
    "nothing of whether that is real. How strong an association these data allow for is said by "
    "the interval of the slope."
)


@dataclass(frozen=True, eq=False)
class DetectableResult(Drawn):
    """The smallest slope, and correlation, that a collected study could find.

    Attributes
    ----------
    outcome, predictor : str
        The columns.
    power, alpha : float
        Chance of p below alpha with the smallest association.
    slope, slope_low, slope_high : float
        Points of the outcome per point of the true worker score, and the 95% interval that
        comes of the variances being estimated.
    standardised_slope, standardised_slope_low, standardised_slope_high : float
        The same in standard deviations of the outcome (over service users) and of the observed
        worker score.
    correlation, correlation_low, correlation_high : float
        Of the true worker score with the worker's true mean; NaN where no variance between
        workers is left, or none so strong can be, with the reason in the notes.
    std_error, df : float
        Of the slope in the model.
    n_workers, n_service_users : int
        Used.
    n_teams : int or None
        Teams, where they are known.
    sentence : str
        The answer.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_detectable"

    outcome: str
    predictor: str
    power: float
    alpha: float
    slope: float
    slope_low: float
    slope_high: float
    standardised_slope: float
    standardised_slope_low: float
    standardised_slope_high: float
    correlation: float
    correlation_low: float
    correlation_high: float
    std_error: float
    df: float
    n_workers: int
    n_service_users: int
    n_teams: int | None
    sentence: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a way to speak of the association: estimate, low, high, note."""
        rows = []
        for name in ("slope", "standardised_slope", "correlation"):
            values = [getattr(self, f"{name}{part}") for part in ("", "_low", "_high")]
            missing = any(map(math.isnan, values))
            rows.append((name, *values, self.notes[0] if missing else ""))
        return pd.DataFrame(rows, columns=["quantity", "estimate", "low", "high", "note"])

    def summary(self) -> str:
        """Return the answer as a text for people."""
        rows = [
            {
                "quantity": str(row["quantity"]).replace("_", " "),
                "smallest": readable(row["estimate"]),
                "95% interval": f"{readable(row['low'])} to {readable(row['high'])}",
            }
            for row in self.to_frame().to_dict("records")
        ]
        lines = ["Smallest association that could be found", "", *wrapped(self.sentence), ""]
        lines += aligned(rows, left=["quantity"])
        return "\n".join([*lines, "", *(line for note in self.notes for line in remark(note))])


def smallest_detectable(
    study: Any,
    outcome: str | None = None,
    predictor: str | None = None,
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    power: float = 0.80,
    alpha: float = 0.05,
    reliability_predictor: float = 1.0,
) -> DetectableResult:
    """Work out the smallest association that a study already collected could find.

    Parameters
    ----------
    study : AssociationResult, Linked, frame or mapping of arrays
        What ``associate`` returned, or what it is given.
    outcome, predictor, covariates, group, team
        As for ``associate``, where ``study`` is no result of it.
    power : float
        Chance of finding it.
    alpha : float
        Level of the two-sided test.
    reliability_predictor : float
        Share of the worker score's variance that is true; the slope and the correlation are
        those of the true score.

    Returns
    -------
    DetectableResult
        From the worker scores and numbers of service users as they are, and the variances as
        estimated: the slope's standard error and degrees of freedom in the model. The 95%
        interval comes of the standard error being an estimate.

    Raises
    ------
    ModelError
        Where an option is out of bounds, or the association cannot be estimated.

    Notes
    -----
    With standard error s and degrees of freedom v, the slope is d s, with d the non-centrality
    at which the t test of v degrees of freedom has this power. s^2 is taken for a chi-squared
    of v degrees of freedom times its expectation over v, as the test itself takes it. With b
    the observed slope, sd the standard deviation of the worker scores and t^2 the variance left
    between workers, the correlation is b sd / sqrt(t^2 + b^2 sd^2), over the root of the
    reliability.

    References
    ----------
    Hoenig, J. M., & Heisey, D. M. (2001). The abuse of power: the pervasive fallacy of power
    calculations for data analysis. American Statistician, 55(1), 19-24.
    Bloom, H. S. (1995). Minimum detectable effects. Evaluation Review, 19(5), 547-556.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> worker = np.repeat(np.arange(40), 6)
    >>> score, level = rng.normal(size=40)[worker], rng.normal(size=40)[worker]
    >>> rows = {"worker_id": worker, "x": score, "y": level + rng.normal(size=240)}
    >>> found = smallest_detectable(rows, "y", "x", group="worker_id")
    >>> bool(found.slope_low < found.slope < found.slope_high)
    True
    """
    faults = Faults()
    for name, value, below in (("power", power, 1.0), ("alpha", alpha, 0.5)):
        faults.of(name, lambda n=name, v=value, b=below: _share(n, v, b))  # type: ignore[misc]
    faults.of("reliability_predictor", lambda: _reliability(reliability_predictor))
    if not isinstance(study, AssociationResult):
        faults.of("outcome", lambda: require_name("outcome", outcome))
        faults.of("predictor", lambda: require_name("predictor", predictor))
    faults.refuse()
    if power <= alpha:
        raise ModelError(f"power has to be above alpha ({alpha:g}); it is {power!r}.")
    found = study if isinstance(study, AssociationResult) else associate(
        study, str(outcome), str(predictor), covariates=covariates, group=group, team=team
    )  # fmt: skip
    return _detectable(found, power, alpha, reliability_predictor)


def _share(name: str, value: object, below: float) -> float:
    number = require_number(name, value, lowest=0.0, below=below)
    if number == 0.0:
        raise ModelError(f"{name} has to be a number above 0 and below {below:g}; it is 0.")
    return number


def _reliability(value: object) -> float:
    number = isinstance(value, float | int) and not isinstance(value, bool)
    if not number or not 0.0 < float(value) <= 1.0:  # type: ignore[arg-type]
        raise ModelError(
            f"reliability_predictor has to be a number above 0 and at most 1; it is {value!r}."
        )
    return float(value)  # type: ignore[arg-type]


def noncentrality(df: float, power: float, alpha: float) -> float:
    """Return the expectation, in standard errors, at which a t test has a power.

    Parameters
    ----------
    df : float
        Degrees of freedom.
    power, alpha : float
        Of the two-sided test; power above alpha.

    Examples
    --------
    >>> round(noncentrality(1e6, 0.8, 0.05), 3), round(noncentrality(10, 0.8, 0.05), 2)
    (2.802, 3.11)
    """
    squares, chances = chi_squared_nodes(df, POINTS)
    limit = stdtrit(df, 1.0 - alpha / 2.0) * np.sqrt(squares / df)
    low, high = 0.0, 1.0

    def reached(shift: float) -> bool:
        return float(chances @ (ndtr(shift - limit) + ndtr(-shift - limit))) >= power

    while not reached(high):
        low, high = high, 2.0 * high
    while high - low > CLOSE * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _detectable(
    found: AssociationResult, power: float, alpha: float, reliable: float
) -> DetectableResult:
    shift = noncentrality(found.df, power, alpha) * found.std_error
    tail = (1.0 - COVERAGE) / 2.0
    # chdtri takes the upper tail: the first is the larger quantile, and the smaller slope.
    slopes = np.array(
        [shift, *(shift * math.sqrt(found.df / chdtri(found.df, p)) for p in (tail, 1.0 - tail))]
    )
    left = sum(value for level, value in found.model.variance.items() if level != "residual")
    scaled = slopes * found.predictor_sd
    with np.errstate(divide="ignore", invalid="ignore"):
        correlations = scaled / np.sqrt(left + scaled**2) / math.sqrt(reliable)
    correlations = np.where((left > 0) & (correlations <= 1.0), correlations, np.nan)
    standardised = scaled / found.outcome_sd
    notes = [*_about(left, correlations), WARNING]
    observed = " observed" if reliable == 1.0 else ""
    of_true = "" if reliable == 1.0 else f", the worker score having a reliability of {reliable:g}"
    sentence = (
        f"With {counted(found.n_workers, 'worker')} and "
        f"{counted(found.n_service_users, 'service user')}, the smallest{observed} slope of "
        f"{found.outcome} on {found.predictor} found with a power of {percent(power)} at "
        f"p < {alpha:g} is {readable(slopes[0] / reliable)} points per point (95% interval "
        f"{readable(slopes[1] / reliable)} to {readable(slopes[2] / reliable)}, the variances "
        f"being estimates){of_true}."
    )
    named = {
        f"{name}{part}": float(value)
        for name, values in (
            ("slope", slopes / reliable), ("standardised_slope", standardised),
            ("correlation", correlations),
        )
        for part, value in zip(("", "_low", "_high"), values, strict=True)
    }  # fmt: skip
    return DetectableResult(
        outcome=found.outcome, predictor=found.predictor, power=power, alpha=alpha,
        std_error=found.std_error, df=found.df, n_workers=found.n_workers,
        n_service_users=found.n_service_users, n_teams=found.n_teams, sentence=sentence,
        notes=tuple(notes), **named,
    )  # fmt: skip


def _about(left: float, correlations: np.ndarray[Any, np.dtype[np.float64]]) -> list[str]:
    if left == 0.0:
        return [
            "The variance left between workers is estimated as zero, so the smallest slope cannot "
            "be turned into a correlation."
        ]
    if np.isnan(correlations).any():
        return [
            "A correlation is not available where the smallest slope would need one above 1: no "
            "association so weak as to be possible could be found with this power."
        ]
    return []
