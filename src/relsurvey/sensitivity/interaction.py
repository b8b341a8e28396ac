"""Whether the slope is another one where something else is higher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from relsurvey.association.associate import primary_df
from relsurvey.association.cluster_ols import cluster_ols
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.errors import ModelError
from relsurvey.sensitivity.check import Version
from relsurvey.sensitivity.design import split_columns
from relsurvey.sensitivity.question import Floats, Question
from relsurvey.sensitivity.slope import Slope

__all__ = ["interaction"]

WITHIN = " x predictor, within workers"
BETWEEN = " x predictor, between workers"
BOTH = " x predictor"
SIMPLE = "simple slope"


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """A moderator about its mean: deviation from the worker's mean, and that mean."""

    deviation: Floats
    worker_mean: Floats
    centre: float
    spread: float
    two_valued: bool
    varies: bool


def interaction(question: Question, moderator: str, name: str) -> list[Version]:
    """Test whether the slope differs with a moderator, and estimate simple slopes.

    Parameters
    ----------
    question : Question
        The question without the moderator.
    moderator : str
        A number column of ``question``, of the worker or of the service user.
    name : str
        What it is called.

    Returns
    -------
    list of Version
        The difference in slope per unit of the moderator, and the slope where the moderator is
        one standard deviation below and above its mean, or 0 and 1 where it has two values.
        A single entry with the reason where this cannot be estimated.

    Notes
    -----
    Predictor and moderator are centred before they are multiplied. A moderator of the worker
    enters the primary mixed model. One that differs between service users of a worker enters as
    deviation from the worker's mean and as that mean, each times the predictor; then the model
    is ordinary regression with CR2 standard errors, which allow for slopes of the moderator that
    differ between workers, as a model with a random intercept alone does not.
    The simple slopes are those of a worker whose mean of the moderator is average.

    References
    ----------
    Aiken, L. S., & West, S. G. (1991). Multiple regression: testing and interpreting
    interactions. Sage.
    Enders, C. K., & Tofighi, D. (2007). Centering predictor variables in cross-sectional
    multilevel models. Psychological Methods, 12(2), 121-138.
    Heisig, J. P., & Schaeffer, M. (2019). Why you should always include a random slope for the
    lower-level variable involved in a cross-level interaction. European Sociological Review,
    35(2), 258-279.
    """
    asked = question.holding(moderator)
    asked = asked.only(asked.used())
    what = f"difference in slope per point of {name}"
    if not asked.n_rows:
        return [Version("difference in slope", Slope(note="no complete row is left"), what)]
    parts = _parts(asked, moderator)
    if parts.spread == 0:
        return [Version("difference in slope", Slope(note=f"{name} is the same for all"), what)]
    if parts.two_valued and _rarer(asked.columns[moderator]) < question.threshold:
        few = f"fewer than {question.threshold} service users on one side"
        return [Version("difference in slope", Slope(note=few), what)]
    if parts.two_valued:
        points = {f"slope where {name} is {value:g}": value for value in _values(asked, moderator)}
        what = f"difference in slope, {name} 1 against 0"
    else:
        points = {
            f"slope, {name} 1 SD below mean": parts.centre - parts.spread,
            f"slope, {name} 1 SD above mean": parts.centre + parts.spread,
        }
    try:  # the product of two columns can be collinear with others
        tables = {label: _table(asked, moderator, parts, at) for label, at in points.items()}
    except ModelError as problem:
        why = Slope(note=f"not estimable: {problem.message}")
        return [Version("difference in slope", why, what)]
    return _versions(tables, question.predictor, moderator, what)


def _parts(asked: Question, moderator: str) -> _Parts:
    values = asked.columns[moderator]
    codes = asked.columns[asked.group].astype(np.intp)
    counts = np.bincount(codes)
    means = (np.bincount(codes, weights=values) / np.maximum(counts, 1))[codes]
    centre, spread = float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0
    deviation = values - means
    varies = bool(np.abs(deviation).max() > 1e-9 * max(spread, 1e-300))
    flat = spread <= 1e-12 * max(abs(centre), 1e-300)
    return _Parts(
        deviation, means - centre, centre, 0.0 if flat else spread,
        len(np.unique(values)) == 2, varies,
    )  # fmt: skip


def _values(asked: Question, moderator: str) -> list[float]:
    return [float(value) for value in np.unique(asked.columns[moderator])]


def _rarer(values: Floats) -> int:
    return int(np.unique(values, return_counts=True)[1].min())


def _table(asked: Question, moderator: str, parts: _Parts, at: float) -> pd.DataFrame:
    """Fit the model in which the predictor's coefficient is the slope where the moderator is at."""
    x = asked.columns[asked.predictor] - asked.columns[asked.predictor].mean()
    others = tuple(name for name in asked.standing() if name != moderator)
    shift = at - parts.centre
    columns: dict[str, Floats] = {}
    if not parts.varies:
        columns = {moderator: parts.worker_mean - shift}
        columns[moderator + BOTH] = columns[moderator] * x
    else:
        columns = {
            moderator + " about worker": parts.deviation - shift,
            moderator + WITHIN: (parts.deviation - shift) * x,
        }
        if np.ptp(parts.worker_mean) > 1e-9 * parts.spread:
            columns |= {
                moderator + " of worker": parts.worker_mean,
                moderator + BETWEEN: parts.worker_mean * x,
            }
    return _fitted(asked, others, columns, mixed=not parts.varies)


def _fitted(
    asked: Question, others: tuple[str, ...], columns: Mapping[str, Floats], *, mixed: bool
) -> pd.DataFrame:
    """Fit the model, split covariates as the primary does, and keep the products whole."""
    plain = Question(
        {**asked.columns, **columns}, asked.outcome, asked.predictor, others, asked.group,
        asked.team, asked.confidence, asked.threshold,
    )  # fmt: skip
    base = plain.prepared().terms
    split = split_columns(plain, base)
    whole = Question(
        {**plain.columns, **split}, plain.outcome, plain.predictor, (*base[1:], *columns),
        plain.group, plain.team, plain.confidence, plain.threshold,
    )  # fmt: skip
    ready = prepare(
        whole.columns, whole.outcome, whole.predictor, covariates=whole.covariates,
        group=whole.group, team=whole.team, split_covariates=False, each_within=not mixed,
    )  # fmt: skip
    table = _mixed_table(ready, asked.confidence) if mixed else _ols_table(ready, asked.confidence)
    return table.assign(n_workers=ready.sums.n_groups, n_service_users=ready.sums.n_rows)


def _mixed_table(ready: Prepared, confidence: float) -> pd.DataFrame:
    fit = fit_sums(ready.sums, ready.outcome, ready.terms, df=primary_df(ready))
    tested = fit.test(np.eye(len(fit.effects)), confidence)
    return pd.DataFrame(tested, index=["(Intercept)", *ready.terms])


def _ols_table(ready: Prepared, confidence: float) -> pd.DataFrame:
    fitted = cluster_ols(
        ready.sums, ready.outcome, ready.terms, by_parent=ready.team is not None,
        confidence=confidence,
    )  # fmt: skip
    return fitted.table.set_index("term")


def _versions(
    tables: Mapping[str, pd.DataFrame], predictor: str, moderator: str, what: str
) -> list[Version]:
    first = next(iter(tables.values()))
    labels = {
        BOTH: "difference in slope",
        WITHIN: "difference in slope, same worker",
        BETWEEN: "difference in slope, worker's mean",
    }
    found = [
        Version(label, _slope(first, moderator + ending), what)
        for ending, label in labels.items()
        if moderator + ending in first.index
    ]
    return found + [
        Version(label, _slope(table, predictor), SIMPLE) for label, table in tables.items()
    ]


def _slope(table: pd.DataFrame, term: str) -> Slope:
    row = table.loc[[term]]
    n_workers, n_rows = row[["n_workers", "n_service_users"]].to_numpy(dtype=float)[0]
    return replace(Slope.of(row), n_workers=float(n_workers), n_service_users=float(n_rows))
