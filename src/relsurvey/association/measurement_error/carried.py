"""The slope of the primary question with the error of the worker's score carried into it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.measurement_error.budget import budget
from relsurvey.association.measurement_error.calibration import Calibrated, calibrate
from relsurvey.association.measurement_error.corrected import CorrectedSlope, corrected_slope
from relsurvey.association.measurement_error.plausible import PlausibleValues, plausible_values
from relsurvey.association.measurement_error.result import MeasurementError
from relsurvey.association.measurement_error.scores import Question, ScoreModel, score_model
from relsurvey.association.measurement_error.simex import Simex, simex
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_confidence, require_whole
from relsurvey.text import counted, percent, readable

__all__ = ["measurement_error"]

LITTLE_LEFT = 0.2  # of conditional reliability: five times the slope, and its error
FEW_WORKERS = 10
APART = 1.0  # standard errors between two corrections


def measurement_error(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    reliability: float | None = None,
    error_sd: float | str | None = None,
    outcome_reliability: float | None = None,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    split_covariates: bool | Sequence[str] = True,
    remeasurements: int | None = None,
    draws: int | None = None,
    seed: int,
    confidence: float = 0.95,
) -> MeasurementError:
    """Estimate a slope with the error of the worker's score carried into the model.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    outcome, predictor : str
        A number column of service users, and the worker's score.
    reliability : float, optional
        Of the score over workers (alpha, omega), above 0 and at most 1; its errors then have the
        same variance for all workers.
    error_sd : float or str, optional
        Instead: the standard error of measurement, in points of the score, for all workers, or
        the column that holds that of each.
    outcome_reliability : float, optional
        Of the service users' scale over service users, for the budget.
    covariates, group, team, split_covariates
        As for ``associate``.
    remeasurements : int, optional
        For SIMEX, at each of four lambdas: 100 if not given, or 10 where there are more than
        2,000 workers.
    draws : int, optional
        Plausible values of each worker: 200 if not given, or 100 where the model has a level for
        teams, or 20 where there are more than 2,000 workers. ``plausible_monte_carlo_error``
        says how far another seed may lead.
    seed : int
        Of all random numbers; the same seed gives the same result.
    confidence : float, default 0.95
        Coverage of the intervals.

    Returns
    -------
    MeasurementError
        The naive slope beside three corrected ones, and the budget of what is lost to which
        error. The method of moments is the check; SIMEX and plausible values the estimates.

    Raises
    ------
    ModelError
        Where neither or both of ``reliability`` and ``error_sd`` are given, or one is not
        allowed; the error is as large as what there is of the score; a worker has no error, or
        several; or the model cannot be fitted (see ``fit_mixed``).

    Notes
    -----
    Taken as known: the reliability (or the error), that errors are independent of true scores,
    of each other and of what service users say, and normal. The test of no association is that
    of the naive slope: a correction takes slope and standard error up together.

    References
    ----------
    Cook, J. R., & Stefanski, L. A. (1994). Simulation-extrapolation estimation in parametric
    measurement error models. Journal of the American Statistical Association, 89(428),
    1314-1328.
    Mislevy, R. J. (1991). Randomization-based inference about latent variables from complex
    samples. Psychometrika, 56(2), 177-196.
    Fuller, W. A. (1987). Measurement error models. Wiley.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> worker = np.repeat(np.arange(40), 5)
    >>> score = random.normal(size=40)[worker]
    >>> data = {"worker_id": worker, "reflection": score,
    ...         "experience": 0.4 * score + random.normal(size=200)}
    >>> found = measurement_error(data, "experience", "reflection", group="worker_id",
    ...                           reliability=0.8, draws=20, remeasurements=20, seed=1)
    >>> round(found.naive.estimate, 2), round(found.calibrated.estimate, 2)
    (0.32, 0.4)
    """
    require_confidence(confidence)
    require_whole("seed", seed, lowest=0)
    _require_error(reliability, error_sd)
    _require_share("outcome_reliability", outcome_reliability)
    ready = prepare(
        linked, outcome, predictor, covariates=covariates, group=group, team=team,
        split_covariates=split_covariates,
    )  # fmt: skip
    question = _question(ready, reliability, error_sd)
    model = score_model(question)
    calibrated = calibrate(question, model)
    # Two streams, so that asking for more of the one leaves the other as it was.
    seeds = [int(one) for one in np.random.SeedSequence(seed).generate_state(2)]
    extrapolated = simex(question, remeasurements=remeasurements, seed=seeds[0])
    drawn = plausible_values(question, model, draws=draws, seed=seeds[1])
    slopes = _slopes(question, (calibrated, extrapolated, drawn), confidence)
    lost = budget(question, calibrated.estimate, _kept(calibrated, model), outcome_reliability)
    return MeasurementError(
        outcome=outcome,
        predictor=predictor,
        group=ready.group,
        team=ready.team,
        covariates=ready.given,
        reliability=lost.score_reliability,
        conditional_reliability=model.reliability,
        error_sd=math.sqrt(float(question.error_variance.mean())),
        naive=slopes[0],
        calibrated=slopes[1],
        simex=slopes[2],
        plausible=slopes[3],
        path=pd.DataFrame(
            {
                "added": extrapolated.lambdas,
                "slope": extrapolated.slopes,
                "variance": extrapolated.variances,
            }
        ),
        monte_carlo_error=extrapolated.monte_carlo_error,
        plausible_monte_carlo_error=drawn.monte_carlo_error,
        plausible_error_uncertainty=drawn.uncertainty_of_error,
        draws=drawn.pooled.n_draws,
        quadratic=extrapolated.estimate_quadratic,
        fraction_missing=drawn.pooled.fraction_missing,
        budget=lost,
        n_workers=ready.sums.n_groups,
        n_service_users=ready.sums.n_rows,
        confidence=confidence,
        sentence=_sentence(question, slopes, lost.score_reliability, confidence),
        notes=(*ready.notes, *_notes(question, model, slopes)),
    )


def _require_error(reliability: object, error_sd: object) -> None:
    if (reliability is None) == (error_sd is None):
        raise ModelError(
            "The error of the score has to be given in one way: as its reliability, or as a "
            "standard error of measurement.",
            hint="For instance reliability=0.8 (alpha or omega), or error_sd=0.3.",
        )
    _require_share("reliability", reliability)
    number = isinstance(error_sd, Real) and not isinstance(error_sd, bool)
    if error_sd is None or isinstance(error_sd, str):
        return
    if not number or not 0.0 <= float(error_sd) < math.inf:  # type: ignore[arg-type]
        raise ModelError(
            f"error_sd has to be a number from 0, or a column; it is {error_sd!r}.",
            hint="It is the standard error of measurement, in points of the score.",
        )


def _require_share(name: str, value: object) -> None:
    number = isinstance(value, Real) and not isinstance(value, bool)
    if value is not None and not (number and 0.0 < float(value) <= 1.0):  # type: ignore[arg-type]
        raise ModelError(
            f"{name} has to be a number above 0 and at most 1; it is {value!r}.",
            hint="It is a reliability, such as alpha or omega; 1 stands for no error.",
        )


def _question(ready: Prepared, reliability: float | None, error_sd: float | str | None) -> Question:
    sums = ready.sums
    scores = sums.means[:, sums.place(ready.predictor)]
    if reliability is not None:
        variances = np.full(sums.n_groups, (1.0 - reliability) * scores.var(ddof=1))
    elif isinstance(error_sd, str):
        variances = _error_column(ready.frame, error_sd, sums) ** 2
    else:
        variances = np.full(sums.n_groups, float(error_sd or 0.0) ** 2)
    df = "satterthwaite" if ready.team is None else "kenward_roger"
    return Question(
        sums, ready.outcome, ready.predictor, ready.terms, df, variances, reliability is not None
    )


def _error_column(frame: Any, column: str, sums: GroupSums) -> Floats:
    """Return the standard error of measurement of each worker, from a column of rows."""
    found = group_sums(frame, [column], sums.group)
    known = dict(zip(found.ids.tolist(), found.means[:, 0].tolist(), strict=True))
    errors = np.array([known.get(one, math.nan) for one in sums.ids.tolist()])
    faults = {
        "differ between rows of one": int(found.varying[0]),
        "are missing for all rows of one": int(np.isnan(errors).sum()),
        "are negative for one": int((errors < 0).sum()),
    }
    failures = [{"errors": what, sums.group: count} for what, count in faults.items() if count]
    if failures:
        raise ModelError(
            f"The column {column!r} does not hold one standard error of measurement for each "
            f"{sums.group}.",
            hint="It needs one number from 0, the same in all rows of a worker, in points of the "
            "score.",
            failures=failures,
        )
    return errors


def _kept(calibrated: Calibrated, model: ScoreModel) -> float:
    kept = calibrated.attenuation
    return kept if math.isfinite(kept) else model.reliability


def _slopes(
    question: Question, found: tuple[Calibrated, Simex, PlausibleValues], confidence: float
) -> tuple[CorrectedSlope, ...]:
    calibrated, extrapolated, drawn = found
    naive = question.slope(question.fit())
    scores = question.scores
    outcome_sd = question.sums.standard_deviation(question.outcome)
    measured = float(scores.var(ddof=1))
    true = math.sqrt(max(measured - float(question.error_variance.mean()), 0.0)) / outcome_sd
    pooled = drawn.pooled
    no_variance = "" if extrapolated.std_error > 0 else "the extrapolated variance is not above 0"
    rows = [
        ("naive", naive["estimate"], naive["std_error"], naive["df"], "error ignored"),
        ("calibrated", calibrated.estimate, calibrated.std_error, calibrated.df, ""),
        ("simex", extrapolated.estimate, extrapolated.std_error, naive["df"], no_variance),
        ("plausible", pooled.estimate, pooled.std_error, pooled.df, ""),
    ]
    return tuple(
        corrected_slope(
            method, estimate, std_error, df, confidence=confidence, note=note,
            per_deviation=math.sqrt(measured) / outcome_sd if method == "naive" else true,
        )
        for method, estimate, std_error, df, note in rows
    )  # fmt: skip


def _sentence(
    question: Question, slopes: tuple[CorrectedSlope, ...], reliability: float, confidence: float
) -> str:
    naive, _, extrapolated, drawn = slopes
    of = f"the slope of {question.outcome} on {question.focus}"
    if not question.error_variance.any():
        return (
            f"With a score free of error, {of} is {readable(naive.estimate)} "
            f"({_interval(naive, confidence)}): nothing is to be corrected."
        )
    return (
        f"With the error of {question.focus} carried into the model (reliability "
        f"{readable(reliability)}), {of} is {readable(extrapolated.estimate)} "
        f"({_interval(extrapolated, confidence)}) by simulation-extrapolation and "
        f"{readable(drawn.estimate)} ({_interval(drawn, confidence)}) by plausible values; of the "
        f"score as measured it is {readable(naive.estimate)} ({_interval(naive, confidence)}). "
        "The correction takes a slope and its uncertainty up together: it is no further evidence "
        "that there is an association."
    )


def _interval(slope: CorrectedSlope, confidence: float) -> str:
    return (
        f"{percent(confidence)} confidence interval {readable(slope.conf_low)} to "
        f"{readable(slope.conf_high)}"
    )


def _notes(question: Question, model: ScoreModel, slopes: tuple[CorrectedSlope, ...]) -> list[str]:
    if not question.error_variance.any():
        return []
    what = "reliability" if question.by_reliability else "standard error of measurement"
    notes = [
        f"Taken as known: the {what} of {question.focus}, and that its errors are normal and go "
        "with nothing else. The test of no association is that of the score as measured."
    ]
    given = " and ".join(
        (["the covariates"] if question.others else [])
        + ([f"the {question.sums.nested_in}"] if question.teams is not None else [])
    )
    if given:
        notes.append(
            f"Given {given}, the reliability of {question.focus} is {readable(model.reliability)}: "
            "what they share with the score is free of error, so the rest has more."
        )
    if model.reliability < LITTLE_LEFT:
        notes.append(
            "Most of what is left of the score is error: the corrected slopes are uncertain "
            "beyond what their intervals say."
        )
    n_workers = question.sums.n_groups
    if n_workers < FEW_WORKERS:
        notes.append(
            f"With {counted(n_workers, 'worker')} the spread of true scores is hardly known, and "
            "no correction for error is to be relied on."
        )
    apart = abs(slopes[2].estimate - slopes[3].estimate)
    if apart > APART * min(slopes[2].std_error, slopes[3].std_error):
        notes.append(
            "Simulation-extrapolation and plausible values disagree by more than a standard "
            f"error over {counted(n_workers, 'worker')}: read both with care."
        )
    return notes
