"""One estimate from several completed data sets: Rubin's rules."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.t_test import t_test
from relsurvey.errors import ModelError
from relsurvey.options import require_confidence

__all__ = ["Pooled", "pool_estimates"]

FEWEST = 2
LARGEST = 1e300  # degrees of freedom beyond it are infinite


@dataclass(frozen=True, slots=True)
class Pooled:
    """An estimate pooled over m completed data sets.

    Attributes
    ----------
    estimate : float
        The mean of the m estimates.
    std_error : float
        The root of the total variance, ``within + (1 + 1/m) between``.
    df : float
        Degrees of freedom of Barnard and Rubin (1999); those of the complete data where the
        estimates do not differ at all. Infinite where they do not differ and those of the
        complete data are infinite.
    between, within : float
        Variance of the m estimates (divisor m - 1), and mean of their m sampling variances.
    fraction_missing : float
        Share of the information on the estimate that is missing, from 0 to 1.
    statistic, p_value : float
        t against zero and its two-sided p value. NaN where estimate and standard error are
        both zero.
    n_draws : int
        How many completed data sets, m.
    """

    estimate: float
    std_error: float
    df: float
    between: float
    within: float
    fraction_missing: float
    statistic: float
    p_value: float
    n_draws: int

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the two ends of the confidence interval."""
        require_confidence(confidence)
        found = t_test(self.estimate, self.std_error, self.df, confidence)
        return float(found["conf_low"]), float(found["conf_high"])


def pool_estimates(
    estimates: npt.ArrayLike, variances: npt.ArrayLike, df_complete: float = math.inf
) -> Pooled:
    """Pool one quantity estimated in each of m completed data sets.

    Parameters
    ----------
    estimates : array-like
        Shape (m,), m at least 2: the estimates.
    variances : array-like
        Shape (m,): their squared standard errors.
    df_complete : float
        Degrees of freedom the test would have had with nothing missing; infinite for a z test.
        Where each data set has its own, such as Satterthwaite's, their mean.

    Returns
    -------
    Pooled
        Estimate, standard error, degrees of freedom and test.

    Raises
    ------
    ModelError
        Where there are fewer than two data sets, lengths differ, a value is missing or
        infinite, a variance is negative, or ``df_complete`` is not above zero.

    References
    ----------
    Rubin, D. B. (1987). Multiple imputation for nonresponse in surveys. Wiley, equations
    3.1.2 to 3.1.8.
    Barnard, J., & Rubin, D. B. (1999). Small-sample degrees of freedom with multiple
    imputation. Biometrika, 86(4), 948-955, equations 1 to 3.

    Examples
    --------
    >>> pooled = pool_estimates([0.42, 0.50, 0.38, 0.47], [0.010, 0.012, 0.011, 0.010], 25.0)
    >>> round(pooled.estimate, 4), round(pooled.std_error, 4), round(pooled.df, 1)
    (0.4425, 0.1195, 12.9)
    """
    values, squares = _checked(estimates, variances, df_complete)
    m = len(values)
    estimate, within = float(values.mean()), float(squares.mean())
    between = float(values.var(ddof=1)) if np.ptp(values) > 0 else 0.0
    added = (1.0 + 1.0 / m) * between
    total = within + added
    df = _degrees_of_freedom(m, added / total if total > 0 else 0.0, float(df_complete))
    ratio = added / within if within > 0 else math.inf
    std_error = math.sqrt(total)
    tested = t_test(estimate, std_error, df, 0.95)  # the test knows no coverage
    return Pooled(
        estimate=estimate,
        std_error=std_error,
        df=df,
        between=between,
        within=within,
        fraction_missing=_fraction_missing(ratio, df) if added > 0 else 0.0,
        statistic=float(tested["statistic"]),
        p_value=float(tested["p_value"]),
        n_draws=m,
    )


def _checked(
    estimates: npt.ArrayLike, variances: npt.ArrayLike, df_complete: float
) -> tuple[Floats, Floats]:
    values = np.asarray(estimates, dtype=np.float64)
    squares = np.asarray(variances, dtype=np.float64)
    if values.ndim != 1 or values.shape != squares.shape or len(values) < FEWEST:
        raise ModelError(
            "Estimates and variances have to be two lists of the same length, one entry a "
            f"completed data set and at least {FEWEST}; their shapes are {values.shape} and "
            f"{squares.shape}.",
            hint="Ask for more draws or imputations.",
        )
    bad = np.flatnonzero(~(np.isfinite(values) & np.isfinite(squares) & (squares >= 0.0)))
    if len(bad):
        raise ModelError(
            f"{len(bad)} of {len(values)} completed data sets have no usable estimate: estimates "
            "have to be finite, variances finite and not negative.",
            hint="Look at the fits to these data sets.",
            failures=[
                {"data set": int(one) + 1, "estimate": values[one], "variance": squares[one]}
                for one in bad
            ],
        )
    if not df_complete > 0:
        raise ModelError(
            f"df_complete has to be above 0; it is {df_complete!r}.",
            hint="Give the degrees of freedom of the test with complete data, math.inf for z.",
        )
    return values, squares


def _degrees_of_freedom(m: int, share: float, df_complete: float) -> float:
    """Return Barnard and Rubin's degrees of freedom; ``share`` of the variance is missingness."""
    if share == 0.0:
        return df_complete
    lost = share**2 / (m - 1)  # may be so small that its inverse cannot be held
    if math.isinf(df_complete):
        return 1.0 / lost if lost > 1.0 / LARGEST else math.inf
    of_data = (df_complete + 1.0) / (df_complete + 3.0) * df_complete * (1.0 - share)
    return of_data / (1.0 + of_data * lost)


def _fraction_missing(ratio: float, df: float) -> float:
    """Return Rubin's fraction of missing information (1987, equation 3.1.10)."""
    if math.isinf(ratio):
        return 1.0
    return (ratio + 2.0 / (df + 3.0)) / (ratio + 1.0)
