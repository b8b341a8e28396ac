"""Whether one odds ratio is enough for all cuts of an ordered outcome."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtrc

from relsurvey.association.companions.ordinal_fit import fit_ordinal, is_separated
from relsurvey.association.models.likelihood import Floats
from relsurvey.text import p_value_text, readable

__all__ = ["ProportionalOdds", "check_proportional_odds"]

LEVEL = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class ProportionalOdds:
    """The predictor's odds ratio at each cut of the outcome, and a test that they are one.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a cut: cut (answers from here on against those below), odds_ratio (NaN where a
        cut cannot be fitted), note.
    statistic, df_between, df_within, p_value : float
        F test; NaN where there is none, with the reason in ``reading``.
    reading : str
        In words.
    """

    table: pd.DataFrame
    statistic: float
    df_between: float
    df_within: float
    p_value: float
    reading: str


def check_proportional_odds(
    codes: npt.NDArray[np.intp],
    design: Floats,
    clusters: npt.NDArray[np.intp],
    labels: tuple[str, ...],
    scale: float,
) -> ProportionalOdds:
    """Compare the first term's odds ratio over the cuts of the outcome.

    Parameters
    ----------
    codes, design
        As in ``fit_ordinal``; the term of interest is the first column.
    clusters : numpy.ndarray of int
        Shape (n,).
    labels : tuple of str
        The K categories, lowest first.
    scale : float
        Standard deviation that the first column was divided by.

    Returns
    -------
    ProportionalOdds
        With two categories there is one cut and nothing to compare.

    Notes
    -----
    As Brant's test: a logistic regression for each of the K - 1 cuts, and a Wald test that the
    slopes of the term are equal, here with their joint covariance from sums over clusters, times
    C / (C - 1), and as Hotelling's F with C - p - 1 degrees of freedom.

    References
    ----------
    Brant, R. (1990). Assessing proportionality in the proportional odds model for ordinal
    logistic regression. Biometrics, 46(4), 1171-1178.
    """
    slopes: list[float] = []
    influences: list[Floats] = []
    rows = []
    for cut in range(1, len(labels)):
        above = (codes >= cut).astype(np.intp)
        fit = fit_ordinal(above, design)
        usable = fit.converged and not is_separated(fit, above, design)
        slope = float(fit.parameters[1]) if usable else math.nan
        rows.append(
            {
                "cut": labels[cut],
                "odds_ratio": math.exp(slope / scale) if usable else math.nan,
                "note": "" if usable else "the predictors separate the answers at this cut",
            }
        )
        if usable:
            slopes.append(slope)
            influence: Floats = np.bincount(clusters, fit.scores @ fit.inverse[:, 1]).astype(float)
            influences.append(influence)
    table = pd.DataFrame(rows)
    spare = int(clusters.max()) - design.shape[1]
    tested = _wald(np.array(slopes), influences, spare)
    return ProportionalOdds(table, *tested, _reading(table, *tested))


def _wald(
    slopes: Floats, influences: list[Floats], spare: int
) -> tuple[float, float, float, float]:
    between = len(slopes) - 1
    within = spare - between + 1.0
    missing = (math.nan, math.nan, math.nan, math.nan)
    if between < 1 or within <= 0:
        return missing
    table = np.stack(influences)
    count = table.shape[1]
    covariance = table @ table.T * (count / (count - 1.0))
    contrast = np.column_stack([-np.ones(between), np.eye(between)])
    differences, spread = contrast @ slopes, contrast @ covariance @ contrast.T
    if np.linalg.matrix_rank(spread, hermitian=True) < between:
        return missing
    distance = float(differences @ np.linalg.solve(spread, differences))
    statistic = distance * within / (spare * between)
    return statistic, float(between), within, float(fdtrc(between, within, statistic))


def _reading(table: pd.DataFrame, _f: float, _between: float, _within: float, p: float) -> str:
    ratios = table["odds_ratio"].dropna()
    if len(table) == 1:
        return "Two categories have one cut: this is logistic regression."
    if len(ratios) < 2:
        return (
            "Whether the odds ratio is the same at every cut cannot be checked: too few cuts fit."
        )
    span = (
        f"cut by cut the odds ratio runs from {readable(ratios.min())} to {readable(ratios.max())}"
    )
    if math.isnan(p):
        return f"{span[0].upper()}{span[1:]}; there are too few clusters to test the difference."
    if p < LEVEL:
        return (
            f"The odds ratio is not the same at every cut ({p_value_text(p)}): {span}; the one "
            "given is a summary of these."
        )
    return (
        f"{span[0].upper()}{span[1:]}, differences that chance can make ({p_value_text(p)}); a "
        "test with few clusters misses much."
    )
