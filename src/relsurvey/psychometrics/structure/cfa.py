"""Fit a factor model, from answers or from a covariance matrix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError, listed
from relsurvey.instruments import InstrumentLike
from relsurvey.options import Estimation, require_flag
from relsurvey.psychometrics.grouping import FEWEST_SHOWN, require_minimum_group
from relsurvey.psychometrics.structure.data import (
    StructureData,
    columns_of,
    large_groups,
    structure_data,
)
from relsurvey.psychometrics.structure.estimators import (
    Options,
    SampleMoments,
    estimator_class,
)
from relsurvey.psychometrics.structure.fitting import fit_estimator, solve
from relsurvey.psychometrics.structure.parameters import parameter_table, require_equal
from relsurvey.psychometrics.structure.result import CfaResult
from relsurvey.psychometrics.structure.sample_checks import require_positive_definite
from relsurvey.psychometrics.structure.specification import ModelLike, structure_of
from relsurvey.scoring.answers import instrument_of
from relsurvey.text import counted

__all__ = ["fit_cfa", "fit_covariance", "fit_estimator", "solve"]


def fit_cfa(
    data: Any,
    model: ModelLike,
    *,
    instrument: InstrumentLike | None = None,
    estimator: Estimation = "ML",
    group: Any = None,
    equal: Iterable[str] = (),
    std_lv: bool = True,
    minimum_group: int = FEWEST_SHOWN,
) -> CfaResult:
    """Fit a confirmatory factor model.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none.
    model : mapping, str, Model or Structure
        ``{factor: [items]}``, the name of a model of the instrument, or text such as
        ``"trust =~ q1 + q2 + q3"`` (see ``relsurvey.psychometrics.structure.syntax``).
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    estimator : {"ML", "FIML", "WLSMV"}
        Maximum likelihood from complete rows; from all rows, under the assumption that answers
        are missing at random; or weighted least squares for ordinal answers.
    group : str, or one label a row, optional
        Fit the model in each group at once; the labels may be of any kind. Rows without a
        label are left out and counted.
    equal : iterable of {"loadings", "intercepts", "thresholds", "residuals"}
        What is the same in all groups; see ``parameter_table`` for what becomes free with it.
    std_lv : bool
        Whether the scale of a factor is set by a variance of 1, or by a loading of 1 of its
        first item. The fit is the same.
    minimum_group : int
        Rows that can be used which a group needs; smaller ones are left out, and how many they
        are is not shown. At least 10, as in ``invariance``.

    Returns
    -------
    CfaResult
        Estimates, fit, omega, and ``notes`` on what is improper about them. Standard errors
        are from the expected information (FIML: from the observed one).

    Raises
    ------
    ModelError
        Where the model cannot be read, names what is not there, is not identified, or the
        data cannot carry it (items that are constant or follow from each other, too few rows).
    ScoringError, InstrumentError
        As ``score``.

    References
    ----------
    Jöreskog KG (1969). A general approach to confirmatory maximum likelihood factor analysis.
    Psychometrika 34(2):183-202. doi 10.1007/BF02289343.
    Rosseel Y (2012). lavaan: an R package for structural equation modeling. Journal of
    Statistical Software 48(2). doi 10.18637/jss.v048.i02 (conventions of the figures).

    Examples
    --------
    >>> draw = np.random.default_rng(1)
    >>> trait = draw.normal(size=(400, 1))
    >>> answers = pd.DataFrame(trait + draw.normal(size=(400, 4)), columns=list("abcd"))
    >>> result = fit_cfa(answers, {"trust": ["a", "b", "c", "d"]})
    >>> result.fit["df"], round(result.omega["trust"], 2)
    (2, 0.78)
    """
    require_flag("std_lv", std_lv)
    wanted = require_equal(equal)
    if wanted and group is None:
        raise ModelError(
            f"{listed(wanted)} cannot be held equal: there are no groups.",
            hint="Name the group column with group=.",
        )
    minimum = require_minimum_group(minimum_group)
    chosen = estimator_class(estimator)
    found = instrument_of(data, instrument)
    structure = structure_of(model, found, found.item_ids if found else columns_of(data))
    rows = structure_data(data, structure.items, found, group)
    rows = large_groups(rows, minimum, gaps=chosen.uses_gaps)
    fitted = chosen.from_data(rows, structure, Options(std_lv, wanted))
    result = fit_estimator(fitted, equal=wanted)
    return replace(result, n_total=rows.n_total, notes=(*_on_groups(rows, minimum), *result.notes))


def _on_groups(rows: StructureData, minimum: int) -> Iterator[str]:
    if rows.without_group:
        yield f"{counted(rows.without_group, 'row')} left out: no group is given."
    if rows.left_out:
        small = listed([str(label) for label in rows.left_out])
        yield f"Left out, fewer than {minimum} rows: {small}."


def fit_covariance(
    model: ModelLike,
    covariance: pd.DataFrame | npt.NDArray[np.float64],
    n: int,
    *,
    std_lv: bool = True,
) -> CfaResult:
    """Fit a factor model to a covariance matrix by maximum likelihood.

    Parameters
    ----------
    model : mapping, str or Structure
        As in ``fit_cfa``.
    covariance : pandas.DataFrame, or ndarray of shape (p, p)
        Covariances with the number of rows less one as divisor. A frame is read by its names;
        an array has the items in the order in which the model names them.
    n : int
        Rows they come from.
    std_lv : bool
        As in ``fit_cfa``.

    Returns
    -------
    CfaResult
        As from rows.

    Raises
    ------
    ModelError
        As in ``fit_cfa``; also where the matrix is not square and symmetric.

    Examples
    --------
    >>> seen = np.array([[1.0, 0.48, 0.4], [0.48, 1.0, 0.3], [0.4, 0.3, 1.0]])
    >>> result = fit_covariance({"f": ["a", "b", "c"]}, seen, 200)
    >>> result.loadings["standardised"].round(3).tolist()
    [0.8, 0.6, 0.5]
    """
    from relsurvey.psychometrics.structure.estimators.ml import ML

    if isinstance(covariance, pd.DataFrame):
        square = covariance.rename(index=str, columns=str)
        structure = structure_of(model, None, list(square.columns))
        seen = square.reindex(index=structure.items, columns=structure.items).to_numpy(np.float64)
    else:
        structure = structure_of(model)
        seen = np.asarray(covariance, dtype=np.float64)
    _require_covariance(seen, structure.items, n)
    require_positive_definite(structure.items, seen)
    p = len(structure.items)
    moments = SampleMoments(None, n, n, np.zeros(p), seen * ((n - 1) / n))
    return fit_estimator(ML(parameter_table(structure, std_lv=std_lv), [moments]))


def _require_covariance(seen: npt.NDArray[np.float64], items: tuple[str, ...], n: int) -> None:
    p = len(items)
    if seen.shape != (p, p):
        raise ModelError(
            f"The covariance matrix has shape {seen.shape}; the model has {p} items.",
            hint="Give it as a frame with the items as names, or only those of the model.",
        )
    whole = bool(np.isfinite(seen).all())
    if not whole or not np.allclose(seen, seen.T, rtol=1e-8) or not (np.diag(seen) > 0).all():
        raise ModelError(
            "This is no covariance matrix: it has gaps, is not symmetric, or an item has no "
            "variance.",
            hint=f"Covariances of {listed(items)} are needed.",
        )
    if n <= p:
        raise ModelError(
            f"{n} rows are too few for {p} items.", hint=f"More than {p} are needed, far more."
        )
