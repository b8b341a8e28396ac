"""The test of a model against one that it is a special case of."""

from __future__ import annotations

import math
from typing import NamedTuple

from relsurvey.psychometrics.structure.result import CfaResult

__all__ = ["Difference", "difference_test"]

ROUNDING = 1e-7  # of a chi-square, which may be left of a difference of nothing


class Difference(NamedTuple):
    """A difference of two chi-squares.

    Attributes
    ----------
    chisq : float
        NaN where there is no test. For WLSMV the scaled and shifted one, which is not the
        difference of the scaled chi-squares of the two models.
    df : float
        Degrees of freedom.
    p_value : float
    note : str
        Why there is no test; empty where there is one.
    """

    chisq: float
    df: float
    p_value: float
    note: str = ""


def difference_test(inner: CfaResult, outer: CfaResult) -> Difference:
    """Test a model against a more general one fitted to the same rows of the same items.

    Parameters
    ----------
    inner : CfaResult
        The special case.
    outer : CfaResult
        The more general model, by the same estimator.

    Returns
    -------
    Difference
        For ML and FIML the difference of chi-squares. For WLSMV that difference scaled and
        shifted to the mean and variance of a chi-square (Satorra 2000, in the form of
        Asparouhov & Muthen 2010), the restrictions being linearised at the more general model.

    References
    ----------
    Satorra A (2000). Scaled and adjusted restricted tests in multi-sample analysis of moment
    structures. In Heijmans RDH, Pollock DSG, Satorra A, Innovations in multivariate statistical
    analysis, 233-247. doi 10.1007/978-1-4615-4603-0_17.
    Asparouhov T, Muthen B (2010). Simple second order chi-square correction. Mplus technical
    appendix.
    """
    freedom = float(inner.fit["df"] - outer.fit["df"])
    if not (inner.converged and outer.converged):
        return Difference(math.nan, freedom, math.nan, "not tested: a fit did not converge")
    if freedom <= 0:
        why = "not tested: both have the same degrees of freedom"
        return Difference(math.nan, freedom, math.nan, why)
    chisq = float(inner.fit["chisq"] - outer.fit["chisq"])
    if chisq < -ROUNDING * max(1.0, inner.fit["chisq"]):
        # A special case cannot fit better: then the larger model has not found its optimum.
        why = "not tested: the larger model fits worse than its special case"
        return Difference(math.nan, freedom, math.nan, why)
    chisq = outer._estimator.difference(
        max(chisq, 0.0), freedom, outer._theta, inner._estimator, inner._theta
    )
    if math.isnan(chisq):
        why = "not tested: the smaller model lies at an edge of the larger one"
        return Difference(math.nan, freedom, math.nan, why)
    return Difference(chisq, freedom, _chance(chisq, freedom))


def _chance(chisq: float, freedom: float) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(freedom, max(chisq, 0.0)))
