"""How strongly something not measured would have to go with both, to account for the slope."""

from __future__ import annotations

import math

from relsurvey.sensitivity.check import Check, Version
from relsurvey.sensitivity.slope import Slope
from relsurvey.text import readable

__all__ = ["check_unmeasured", "e_value", "risk_ratio"]

NAME = "unmeasured confounding"
ASKED = "How strongly would something unmeasured have to go with both?"
FACTOR = 0.91


def risk_ratio(standardised: float) -> float:
    """Turn a standardised difference into an approximate risk ratio, exp(0.91 d).

    Parameters
    ----------
    standardised : float
        Standard deviations of the outcome.

    Returns
    -------
    float
        The risk ratio that such a difference is about as large as.

    References
    ----------
    VanderWeele, T. J. (2017). On a square-root transformation of the odds ratio for a common
    outcome. Epidemiology, 28(6), e58-e60.
    VanderWeele, T. J., & Ding, P. (2017). Sensitivity analysis in observational research:
    introducing the E-value. Annals of Internal Medicine, 167(4), 268-274, Table 2.

    Examples
    --------
    >>> round(risk_ratio(0.5), 3)
    1.576
    """
    return math.exp(FACTOR * standardised)


def e_value(ratio: float) -> float:
    """Return the E-value of a risk ratio, RR + sqrt(RR (RR - 1)).

    Parameters
    ----------
    ratio : float
        Above 0; below 1 its inverse is taken.

    Returns
    -------
    float
        At least 1: the risk ratio by which something unmeasured would have to go with predictor
        and outcome both, beyond what is held equal, to account for all of the association.

    References
    ----------
    VanderWeele, T. J., & Ding, P. (2017). Sensitivity analysis in observational research:
    introducing the E-value. Annals of Internal Medicine, 167(4), 268-274.

    Examples
    --------
    >>> round(e_value(3.9), 2), round(e_value(1 / 3.9), 2), e_value(1.0)
    (7.26, 7.26, 1.0)
    """
    above = max(ratio, 1.0 / ratio)
    return above + math.sqrt(above * (above - 1.0))


def check_unmeasured(primary: Slope) -> Check:
    """Give the E-value of the standardised slope and of the limit nearest to zero.

    Parameters
    ----------
    primary : Slope
        The primary answer.

    Returns
    -------
    Check
        Two E-values. That of the limit is 1 where the interval holds zero. They are per
        standard deviation of the predictor, and as approximate as the risk ratio is.
    """
    estimate = e_value(risk_ratio(primary.estimate * primary.per_sd))
    nearest = primary.conf_low if primary.estimate > 0 else primary.conf_high
    limit = 1.0
    if primary.verdict in ("higher", "lower"):
        limit = e_value(risk_ratio(nearest * primary.per_sd))
    versions = (
        Version("the estimate", _number(estimate, primary), "E-value"),
        Version("the limit nearest zero", _number(limit, primary), "E-value"),
    )
    return Check(NAME, ASKED, versions, _sentence(primary, estimate, limit))


def _sentence(primary: Slope, estimate: float, limit: float) -> str:
    if primary.verdict == "not known" or math.isnan(estimate):
        return "There is no interval, or no spread, to work this out from."
    if primary.verdict == "not shown":
        return (
            "The interval includes zero as it is: nothing unmeasured is needed for these data to "
            "agree with no association (E-value of the limit 1.00). That of the estimate "
            f"({readable(estimate)}) says little then."
        )
    return (
        "As a rough approximation (a slope turned into a risk ratio), something unmeasured would "
        "have to go with predictor and outcome by risk ratios of about "
        f"{readable(estimate)} each, per standard deviation of the predictor, to account for the "
        f"estimate, and of about {readable(limit)} each for the interval to reach zero."
    )


def _number(value: float, primary: Slope) -> Slope:
    return Slope(value, n_workers=primary.n_workers, n_service_users=primary.n_service_users)
