"""Exploratory factor analysis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, get_args

import numpy as np
import pandas as pd

from relsurvey.criteria import sample_size
from relsurvey.errors import ModelError, listed
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.items import MissingRule
from relsurvey.options import require_choice
from relsurvey.psychometrics.exploratory.correlations import (
    Correlation,
    ItemCorrelations,
    item_correlations,
    perfect_pairs,
    singular,
)
from relsurvey.psychometrics.exploratory.efa_fit import degrees_of_freedom, fit_figures
from relsurvey.psychometrics.exploratory.extraction import LOWEST, Extraction, Method, extract
from relsurvey.psychometrics.exploratory.result import EfaResult
from relsurvey.psychometrics.exploratory.rotation import Rotated, Rotation, rotate
from relsurvey.scoring.items import ScaleChoice
from relsurvey.text import counted

__all__ = ["efa"]

NOT_OF_POLYCHORICS = (
    "chisq",
    "p_value",
    "rmsea",
    "rmsea_low",
    "rmsea_high",
    "tli",
    "bic",
    "null_chisq",
)
FEW_AGREE = 0.1
NOTHING = 1e-3  # sum of squared loadings


def efa(
    data: Any,
    n_factors: int,
    instrument: InstrumentLike | None = None,
    *,
    items: Sequence[str] | None = None,
    scales: ScaleChoice | None = None,
    method: Method = "ml",
    rotation: Rotation = "oblimin",
    correlation: Correlation = "pearson",
    missing: MissingRule = "listwise",
) -> EfaResult:
    """Find the common factors of items.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none. A lazy frame is collected.
    n_factors : int
        How many; ``parallel_analysis`` suggests a number.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    items : sequence of str, optional
        Which items. Without them and without ``scales``: all scored items of the instrument,
        or all numeric columns of the frame, which a note then names.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        The items of these scales, together.
    method : {"ml", "minres"}
        Maximum likelihood (Jöreskog 1967), or minimum residuals, which is unweighted least
        squares (Harman & Jones 1966) and also takes matrices that cannot be inverted.
    rotation : {"oblimin", "promax", "varimax", "none"}
        Oblimin is direct quartimin (gamma 0) without Kaiser's normalisation; varimax is with
        it; promax is varimax to the power 4.
    correlation : {"pearson", "polychoric"}
        Polychoric for items with few ordered answers.
    missing : {"listwise", "pairwise"}
        Rows that answer every item, or every correlation from the rows that answer both. "Does
        not apply" is a missing answer here.

    Returns
    -------
    EfaResult
        Loadings, structure, factor correlations, communalities, what the factors account for,
        and the fit. Factors are ordered by what they account for; the loadings of each add up
        to a positive number. Neither the order of rows nor that of columns changes anything.

    Raises
    ------
    ModelError
        Where there are too many factors for the items, an item does not vary or nobody answered
        it, the correlation matrix cannot be inverted (maximum likelihood only), or an option
        cannot be.
    ScoringError
        Where a column is missing or not numeric, or a value is off the scale.

    Notes
    -----
    Pairwise, means and variances of a correlation are those of the same rows, as in R's
    ``cor(use = "pairwise")``; the fit takes the smallest number of rows that two items share.

    Uniquenesses are searched between .005 and 1 from many starts; those that end at .005 are
    Heywood cases, which ``notes`` names. The rotation is the best of 31 starts. Both are the
    same at every call.

    References
    ----------
    Jöreskog KG (1967). Psychometrika 32(4):443-482. doi 10.1007/BF02289658.
    Harman HH, Jones WH (1966). Psychometrika 31(3):351-368. doi 10.1007/BF02289468.
    Jennrich RI (2002). Psychometrika 67(1):7-19. doi 10.1007/BF02294706.
    Kaiser HF (1958). Psychometrika 23(3):187-200. doi 10.1007/BF02289233.

    Examples
    --------
    >>> import pandas as pd
    >>> draw = np.random.default_rng(1).normal
    >>> trust, hope = draw(size=(2, 500))
    >>> answers = pd.DataFrame(
    ...     {f"t{i}": trust + draw(size=500) for i in range(3)}
    ...     | {f"h{i}": hope + draw(size=500) for i in range(3)}
    ... )
    >>> result = efa(answers, 2)
    >>> result.n, result.converged, result.loadings.loc["h0"].abs().idxmax()
    (500, True, 'F1')
    """
    require_choice("method", method, get_args(Method), ModelError)
    require_choice("rotation", rotation, get_args(Rotation), ModelError)
    found = item_correlations(
        data, instrument, items, scales, correlation=correlation, missing=missing
    )
    matrix = found.required()
    _require_fewer_factors(n_factors, len(matrix))
    _require_definite(found, method, missing)
    extracted = extract(matrix, int(n_factors), method)
    _require_spread(extracted, rotation)
    rotated = rotate(extracted.loadings, rotation)
    model = extracted.loadings @ extracted.loadings.T + np.diag(extracted.uniqueness)
    fit = fit_figures(matrix, model, found.n, int(n_factors))
    notes = [*found.notes, *_notes(found, extracted, rotated), *_fit_notes(fit, found)]
    if correlation == "polychoric":
        fit |= dict.fromkeys(NOT_OF_POLYCHORICS, math.nan)
        notes.append(
            "polychoric correlations: the chi-square does not hold for them, so that it and what "
            "follows from it are not given; srmr and rms are"
        )
    return EfaResult(
        **_tables(found, extracted, rotated, matrix - model),
        fit=fit,
        n=found.n,
        n_total=found.n_total,
        n_factors=int(n_factors),
        method=method,
        rotation=rotation,
        correlation=correlation,
        missing=missing,
        converged=extracted.converged and rotated.converged,
        notes=tuple(notes),
        readings=(sample_size("factor analysis", found.n, len(matrix)),),
    )


def _require_fewer_factors(k: object, p: int) -> None:
    whole = isinstance(k, int | np.integer) and not isinstance(k, bool)
    most = max((m for m in range(p) if degrees_of_freedom(p, m) >= 0), default=0)
    if most < 1:
        raise ModelError(
            f"A factor analysis needs three items or more; found {p}.",
            hint="One or two items have no factor that could be told from others.",
        )
    if not whole or int(k) < 1:  # type: ignore[call-overload]
        raise ModelError(
            f"n_factors has to be a whole number from 1; it is {k!r}.",
            hint="parallel_analysis suggests a number.",
        )
    if int(k) > most:  # type: ignore[call-overload]
        raise ModelError(
            f"{counted(int(k), 'factor')} of {counted(p, 'item')} cannot be told apart: "  # type: ignore[call-overload]
            "there would be more parameters than correlations.",
            hint=f"{counted(p, 'item')} hold {counted(most, 'factor')} at most.",
        )


def _require_definite(found: ItemCorrelations, method: Method, missing: MissingRule) -> None:
    why = singular(found, missing)
    if why and method == "ml":
        raise ModelError(
            f"Maximum likelihood is not possible: {why}.",
            hint='Leave an item out, or have more rows; method="minres" goes without.',
        )


def _require_spread(extracted: Extraction, rotation: Rotation) -> None:
    if rotation == "promax" and _empty_factors(extracted):
        raise ModelError(
            "Promax is not possible: a factor accounts for nothing, so that its axes are not "
            "determined.",
            hint="Take fewer factors, or another rotation.",
        )


def _empty_factors(extracted: Extraction) -> int:
    return int(np.count_nonzero((extracted.loadings**2).sum(axis=0) < NOTHING))


def _notes(found: ItemCorrelations, extracted: Extraction, rotated: Rotated) -> list[str]:
    notes = []
    twins = perfect_pairs(found)
    if twins:
        notes.append(f"{listed(twins, most=4)} correlate perfectly: do they stand twice?")
    heywood = [name for name, at in zip(found.columns, extracted.at_bound, strict=True) if at]
    if heywood:
        notes.append(
            f"Heywood case: the uniqueness of {listed(heywood)} is at the lowest allowed "
            f"({LOWEST}), so that the factors would account for all of it; there may be too many "
            "factors, too few rows, or two items that say the same"
        )
    empty = _empty_factors(extracted)
    if empty:
        verb = "accounts" if empty == 1 else "account"
        notes.append(f"{counted(empty, 'factor')} of those asked for {verb} for nothing")
    if not extracted.converged:
        notes.append("the search for the uniquenesses did not converge: do not use the loadings")
    elif extracted.local:
        notes.append(
            f"{counted(extracted.local, 'start')} ended in a worse optimum than the one shown; "
            "that happens where the number of factors does not suit the items, or rows are few"
        )
    if not rotated.converged:
        notes.append("the rotation did not converge")
    elif rotated.agreeing < FEW_AGREE:
        notes.append("few starts lead to the best rotation: others are nearly as good")
    return notes


def _fit_notes(fit: dict[str, float], found: ItemCorrelations) -> list[str]:
    if fit["df"] == 0:
        return ["no degrees of freedom: the factors fit whatever the data, and nothing is tested"]
    if not math.isnan(fit["chisq"]):
        untold = math.isnan(fit["tli"])
        return ["no TLI: the items are no more related than by chance"] if untold else []
    why = "too few rows" if found.n <= len(found.columns) else "a matrix that cannot be inverted"
    return [f"{why}: no chi-square, and nothing that follows from it"]


def _tables(
    found: ItemCorrelations, extracted: Extraction, rotated: Rotated, residual: Any
) -> dict[str, Any]:
    """Return what there is to show, items in the order they came in."""
    names = [f"F{i + 1}" for i in range(rotated.loadings.shape[1])]
    rows, order = pd.Index(found.columns, name="item"), list(found.given)
    pattern = rotated.loadings
    communality = (extracted.loadings**2).sum(axis=1)
    squares = pattern**2
    accounted = np.diag(rotated.factor_correlations @ pattern.T @ pattern)
    share = accounted / len(rows)
    with np.errstate(invalid="ignore"):  # an item without loadings has no complexity
        complexity = squares.sum(axis=1) ** 2 / (squares**2).sum(axis=1)
    wide: dict[str, Any] = {
        "loadings": pd.DataFrame(pattern, rows, names),
        "structure": pd.DataFrame(pattern @ rotated.factor_correlations, rows, names),
        "communalities": pd.Series(communality, rows, name="communality"),
        "uniqueness": pd.Series(extracted.uniqueness, rows, name="uniqueness"),
        "complexity": pd.Series(complexity, rows, name="complexity"),
    }
    factors = pd.Index(names, name="factor")
    return {key: table.loc[order] for key, table in wide.items()} | {
        "factor_correlations": pd.DataFrame(rotated.factor_correlations, factors, names),
        "variance": pd.DataFrame(
            {"ss_loadings": accounted, "proportion": share, "cumulative": share.cumsum()}, factors
        ),
        "residuals": pd.DataFrame(residual, rows, list(found.columns)).loc[order, order],
    }
