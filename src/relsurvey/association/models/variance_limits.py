"""How sure one may be of a variance: limits from the profile of the likelihood, and Wald's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from relsurvey.association.models.fitted import fit_of
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.profile_limits import deviances, profile_limits
from relsurvey.association.models.surface import Surface, likelihood_surface
from relsurvey.errors import ModelError
from relsurvey.options import require_choice, require_confidence

if TYPE_CHECKING:
    from relsurvey.association.models.fit import MixedFit
    from relsurvey.association.models.mixed import MixedResult

__all__ = ["METHODS", "variance_intervals"]

METHODS = ("profile", "wald")
WIDE_STEP = 3e-3  # of the log of a variance, for curvatures by differences


def variance_intervals(
    result: MixedResult | MixedFit, *, method: str = "profile", confidence: float | None = None
) -> pd.DataFrame:
    """Give limits for the variance of every level.

    Parameters
    ----------
    result : MixedResult
        A fitted model of two or three levels.
    method : {"profile", "wald"}
        "profile": all values of the standard deviation at which the deviance, minimised over all
        else, is within the chi-squared quantile of its minimum. "wald": the estimate and its
        standard error on the log scale; there is none for a variance estimated as zero.
    confidence : float, optional
        Coverage; that of the result if not given.

    Returns
    -------
    pandas.DataFrame
        One row a level, the smallest units first and "residual" last: level, variance, std_dev,
        low, high (of the variance, squared units of the outcome), std_dev_low, std_dev_high,
        method, note. NaN where there is no limit, with the reason in ``note``.

    Raises
    ------
    ModelError
        Where ``method`` is not known or ``confidence`` is no probability.

    Notes
    -----
    The profile is of the likelihood by which the model was fitted, which ``note`` names: of a
    model fitted by maximum likelihood these are the limits of lme4's ``confint``, which profiles
    the full likelihood also where the fit was by REML. A lower limit is zero, exactly, where the
    deviance without that level is within the quantile. The quantile is that of one degree of
    freedom throughout; at zero it is too large (see ``compare_mixed``), so that an interval
    holding zero covers more often than it says.

    References
    ----------
    Bates, D., Mächler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models
    using lme4. Journal of Statistical Software, 67(1), 1-48, section 5.1.
    Pinheiro, J. C., & Bates, D. M. (2000). Mixed-effects models in S and S-PLUS. Springer,
    section 2.4.

    Examples
    --------
    >>> from relsurvey.association.models.mixed import fit_mixed
    >>> data = {"worker": list("aabbccdd"), "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0]}
    >>> limits = variance_intervals(fit_mixed(data, "y", None, "worker"))
    >>> limits[["level", "std_dev", "std_dev_low", "std_dev_high"]].round(2)
          level  std_dev  std_dev_low  std_dev_high
    0    worker     2.63         0.43          8.16
    1  residual     1.27         0.73          3.13
    """
    require_choice("method", method, METHODS, ModelError)
    fit = fit_of(result)
    coverage = getattr(result, "confidence", 0.95) if confidence is None else confidence
    require_confidence(coverage)
    surface = likelihood_surface(fit.sums, fit.outcome, fit.predictors, reml=fit.reml)
    unit = float(fit.sums.units[fit.sums.place(fit.outcome)])
    levels = list(fit.variances)
    variances = np.array([fit.variances[level] for level in levels]) / unit**2
    found = (profile_limits if method == "profile" else _wald)(surface, variances, coverage)
    rows = [
        {
            "level": level, "variance": variance * unit**2, "std_dev": math.sqrt(variance) * unit,
            "low": (low * unit) ** 2, "high": (high * unit) ** 2,
            "std_dev_low": low * unit, "std_dev_high": high * unit, "method": method,
            "note": _note(level, (low, high), variance, method=method, reml=fit.reml),
        }
        for level, variance, (low, high) in zip(levels, variances, found, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _note(
    level: str, limits: tuple[float, float], variance: float, *, method: str, reml: bool
) -> str:
    if method == "wald":
        if variance == 0:
            return (
                f"the variance between {level} is estimated as zero, where there is no standard "
                "error; method='profile' gives an upper limit"
            )
        return "standard error of the log variance"
    said = [f"profile of the {'restricted' if reml else 'full'} likelihood"]
    if limits[0] == 0:
        said.append(f"zero is within the limits: {level} may differ by nothing beyond chance")
    if math.isinf(limits[1]):
        said.append("there is no upper limit: the likelihood does not fall far enough")
    return "; ".join(said)


def _wald(surface: Surface, variances: Floats, confidence: float) -> list[tuple[float, float]]:
    """Return limits of the standard deviations from the curvature in the log variances."""
    free = np.flatnonzero(variances > 0)
    n_free = len(free)
    steps = WIDE_STEP * np.eye(n_free)
    points = np.array(
        [
            one * steps[row] + other * steps[column]
            for row in range(n_free)
            for column in range(n_free)
            for one, other in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        ]
    )
    moved = np.tile(variances, (len(points), 1))
    moved[:, free] *= np.exp(points)
    corners = deviances(surface, moved).reshape(n_free, n_free, 4) @ np.array([1, -1, -1, 1])
    spread = np.full(len(variances), np.nan)
    # The deviance is -2 log-likelihood: its curvature is twice the information.
    spread[free] = np.sqrt(np.diag(np.linalg.inv(corners / (4.0 * WIDE_STEP**2) / 2.0)))
    half = float(ndtri(0.5 + confidence / 2.0)) * spread / 2.0
    std_dev = np.sqrt(variances)
    return list(zip(std_dev * np.exp(-half), std_dev * np.exp(half), strict=True))
