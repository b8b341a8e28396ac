"""Several fixed effects tested at once, such as all levels of a category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from relsurvey.association.models.fitted import fit_of
from relsurvey.association.models.kenward_roger import KenwardRoger, kenward_roger
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.names import INTERCEPT
from relsurvey.association.models.nested_likelihood import nested_sums
from relsurvey.errors import ModelError, listed, suggestion

if TYPE_CHECKING:
    from relsurvey.association.models.fit import MixedFit
    from relsurvey.association.models.mixed import MixedResult

__all__ = ["test_terms"]

SAME_DF = 1e-8
FEWEST_DF = 2.0  # an F distribution of fewer has no mean
NEARLY_TWO = 1e-2
NOTHING = 1e-10


def test_terms(
    result: MixedResult, terms: Mapping[str, Sequence[str]] | Sequence[str]
) -> pd.DataFrame:
    """Test for each term whether all its fixed effects are zero.

    Parameters
    ----------
    result : MixedResult
        A fitted model.
    terms : mapping of str to sequence of str, or sequence of str
        The predictors behind each term, as with a category its indicators
        (``Encoded.parts``); or predictors that are to be tested one by one.

    Returns
    -------
    pandas.DataFrame
        One row a term: term, df1 (how many effects), df2, statistic (F), p_value, method. By the
        degrees of freedom of the fit: Fai and Cornelius' (as lmerTest's) with "satterthwaite",
        Kenward and Roger's scaled F with "kenward_roger".

    Raises
    ------
    ModelError
        Where a term has no predictors, one twice, or one that the model has not; all of them are
        named.

    Notes
    -----
    Fai and Cornelius' degrees of freedom, as lmerTest's, depend a little on which level of a
    category is the reference level; F, and Kenward and Roger's, do not.

    References
    ----------
    Fai, A. H.-T., & Cornelius, P. L. (1996). Approximate F-tests of multiple degree of freedom
    hypotheses in generalized least squares analyses of unbalanced split-plot experiments.
    Journal of Statistical Computation and Simulation, 54(4), 363-378.
    Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from
    restricted maximum likelihood. Biometrics, 53(3), 983-997, section 3.

    Examples
    --------
    >>> from relsurvey.association.models.mixed import fit_mixed
    >>> data = {"worker": list("aabbccdd"), "x": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "z": [0, 1, 1, 0, 0, 1, 0, 1], "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0]}
    >>> tested = test_terms(fit_mixed(data, "y", ["x", "z"], "worker"), {"both": ["x", "z"]})
    >>> tested[["term", "df1", "statistic"]].round(2)
       term  df1  statistic
    0  both    2       4.87
    """
    fit = fit_of(result)
    asked = _asked(fit, terms)
    places = {name: 1 + place for place, name in enumerate(fit.predictors)}
    places[INTERCEPT] = 0
    adjusted = _kenward_roger(fit) if fit.df == "kenward_roger" else None
    rows = []
    for term, names in asked.items():
        contrasts = np.eye(len(fit.effects))[[places[name] for name in names]]
        if adjusted is None:
            statistic, df2 = _approximate(fit, contrasts)
        else:
            statistic, df2 = _scaled(fit, adjusted, contrasts)
        df1 = len(names)
        p_value = float(fdtrc(df1, df2, statistic))
        rows.append({"term": term, "df1": df1, "df2": df2, "statistic": statistic,
                     "p_value": p_value, "method": fit.df})  # fmt: skip
    return pd.DataFrame(rows, columns=["term", "df1", "df2", "statistic", "p_value", "method"])


test_terms.__test__ = False  # type: ignore[attr-defined]  # its name is no test's


def _asked(
    fit: MixedFit, terms: Mapping[str, Sequence[str]] | Sequence[str]
) -> dict[str, tuple[str, ...]]:
    if isinstance(terms, str):
        terms = [terms]
    if not isinstance(terms, Mapping):
        terms = {str(name): (str(name),) for name in terms}
    asked = {str(t): (n,) if isinstance(n, str) else tuple(n) for t, n in terms.items()}
    known = (INTERCEPT, *fit.predictors)
    faults = []
    for term, names in asked.items():
        if not names or len(set(names)) < len(names):
            faults.append(
                {"term": term, "problem": "has a predictor twice" if names else "has no predictor"}
            )
        for name in names:
            if name not in known:
                near = suggestion(str(name), known)
                guess = f"; did you mean {near!r}?" if near else ""
                faults.append({"term": term, "problem": f"{name!r} is not in the model{guess}"})
    if faults:
        raise ModelError(
            "Not all terms can be tested.",
            hint=f"The model's predictors are: {listed(fit.predictors)}.",
            failures=faults,
        )
    return asked


def _kenward_roger(fit: MixedFit) -> KenwardRoger:
    return kenward_roger(fit.best, nested_sums(fit.sums, fit.outcome, fit.predictors))


def _approximate(fit: MixedFit, contrasts: Floats) -> tuple[float, float]:
    """Return F and its denominator's df, by the squares of uncorrelated contrasts.

    A sum of q squared t variables, each of its own df, has the mean q E[F]; that gives the df.
    """
    values, vectors = np.linalg.eigh(contrasts @ fit.covariance @ contrasts.T)
    turned = vectors.T @ contrasts
    statistic = float(((turned @ fit.effects) ** 2 / values).mean())
    each = fit.test(turned, 0.95)["df"]
    if np.ptp(each) < SAME_DF:
        return statistic, float(each.mean())
    if (each <= FEWEST_DF).any():
        return statistic, FEWEST_DF
    mean = float((each / (each - 2.0)).sum())
    return statistic, 2.0 * mean / (mean - len(each))


def _scaled(fit: MixedFit, by: KenwardRoger, contrasts: Floats) -> tuple[float, float]:
    """Return Kenward and Roger's scaled F and its denominator's df.

    A1 and A2 are their measures of how much the variances' being estimated adds; the first two
    moments of the scaled F are matched, in the form that is exact where exact tests exist.
    """
    standard = contrasts @ fit.to_standard
    q = len(standard)
    middle = standard.T @ np.linalg.inv(standard @ by.inverse @ standard.T) @ standard
    turned = middle @ by.slopes
    traces = np.einsum("kii->k", turned)
    pairs = np.einsum("kij,lji->kl", turned, turned)
    a1 = float(traces @ by.components @ traces)
    a2 = float((by.components * pairs).sum())
    unit = float(fit.sums.units[fit.sums.place(fit.outcome)])
    effects = contrasts @ fit.effects / unit
    spread = standard @ by.adjusted @ standard.T * fit.best.residual_variance
    statistic = float(effects @ np.linalg.solve(spread, effects)) / q
    df2 = _matched_df(a1, a2, q)
    scale = 1.0 if abs(df2 - 2.0) < NEARLY_TWO else df2 * (1.0 - a2 / q) / (df2 - 2.0)
    return statistic * scale, df2


def _matched_df(a1: float, a2: float, q: int) -> float:
    b = (a1 + 6.0 * a2) / (2.0 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    below = 3.0 * q + 2.0 * (1.0 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    v0, v1, v2 = (0.0 if abs(v) < NOTHING else v for v in (1 + c1 * b, 1 - c2 * b, 1 - c3 * b))
    mean = 1.0 - a2 / q
    first = 1.0 if abs(mean) < NOTHING and abs(v1) < NOTHING else mean / v1
    ratio = first**2 * v0 / v2 / q
    return 4.0 + (q + 2) / (q * ratio - 1.0)
