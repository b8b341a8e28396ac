"""Regression calibration: the model with the best guess of the true scores in their place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relsurvey.association.measurement_error.scores import Question, ScoreModel

__all__ = ["Calibrated", "calibrate"]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The calibrated slope, its standard error and df, and the attenuation it undoes.

    ``attenuation`` is the share of the true slope that the naive one has kept: NaN where the
    calibrated slope is exactly zero.
    """

    estimate: float
    std_error: float
    df: float
    attenuation: float


def calibrate(question: Question, model: ScoreModel) -> Calibrated:
    """Fit the model to the expected true scores.

    Parameters
    ----------
    question : Question
        The model.
    model : ScoreModel
        What is expected of true scores.

    Returns
    -------
    Calibrated
        With equal errors and no teams this is exactly the naive slope over the conditional
        reliability, the method of moments: reliability less what the other terms explain of
        the score counts. The standard error allows for that reliability's being estimated.

    References
    ----------
    Fuller, W. A. (1987). Measurement error models. Wiley, sections 1.2 and 2.2.
    Carroll, R. J., Ruppert, D., Stefanski, L. A., & Crainiceanu, C. M. (2006). Measurement error
    in nonlinear models (2nd ed.). Chapman & Hall/CRC, chapter 4.
    """
    naive = question.slope(question.fit())
    if not question.error_variance.any():
        return Calibrated(naive["estimate"], naive["std_error"], naive["df"], 1.0)
    found = question.slope(question.fit(model.expected(question.scores)))
    slope = found["estimate"]
    lost = 1.0 - model.reliability
    uncertain = (slope * lost / model.reliability) ** 2 * _log_variance(question, model)
    return Calibrated(
        estimate=slope,
        std_error=float(np.sqrt(found["std_error"] ** 2 + uncertain)),
        df=found["df"],
        attenuation=naive["estimate"] / slope if slope else float("nan"),
    )


def _log_variance(question: Question, model: ScoreModel) -> float:
    """Return the variance of the logarithm of error over variance of the scores.

    With the error known, that of a sample variance; with the reliability known, that of what
    the other terms leave, 1 - R squared, which has none where there are no other terms.
    """
    if not question.by_reliability:
        return 2.0 / model.df
    if not question.others and question.teams is None:
        return 0.0
    total = model.variance + float(model.error_variance.mean())
    left = total / float(question.scores.var(ddof=1))
    return 4.0 * max(1.0 - left, 0.0) / question.sums.n_groups
