"""What is asked of pingouin. The only module that knows it, because it is GPL-3."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["intraclass_correlation", "pearson"]


def pearson(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return Pearson's r and its two-sided p value.

    Parameters
    ----------
    x, y : numpy.ndarray
        Shape (n,), without missing values.

    Returns
    -------
    (float, float)
        As pingouin gives them, in full.

    References
    ----------
    Vallat R (2018). Pingouin: statistics in Python. Journal of Open Source Software 3(31):1026.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # It also computes a Bayes factor and power, not used here, that warn near r = 1.
        warnings.simplefilter("ignore")
        import pingouin

        row = pingouin.corr(x, y, method="pearson").iloc[0]
    return float(row["r"]), float(row["p_val"])


def intraclass_correlation(
    data: pd.DataFrame, *, targets: str, raters: str, ratings: str
) -> pd.DataFrame:
    """Return the six intraclass correlations of Shrout and Fleiss.

    Parameters
    ----------
    data : pandas.DataFrame
        Long form, one row a rating; every target rated once by every rater, nothing missing.
    targets, raters, ratings : str
        Its columns.

    Returns
    -------
    pandas.DataFrame
        As pingouin gives it; its limits are rounded, so they are left out.

    References
    ----------
    Shrout PE, Fleiss JL (1979). Intraclass correlations: uses in assessing rater reliability.
    Psychological Bulletin 86(2):420-428. doi 10.1037/0033-2909.86.2.420.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        import pingouin

        table: pd.DataFrame = pingouin.intraclass_corr(
            data, targets=targets, raters=raters, ratings=ratings
        )
    return table.drop(columns=[name for name in table if str(name).startswith("CI")])
