"""Multiple imputation at scale level that respects who belongs to whom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.models.names import column_names
from relsurvey.errors import ModelError, suggestion
from relsurvey.imputation.chain import Plan, Shift, complete, require_enough
from relsurvey.imputation.draws import METHODS
from relsurvey.imputation.imputed import Imputed
from relsurvey.imputation.posterior import Floats
from relsurvey.imputation.settled import potential_scale_reduction
from relsurvey.imputation.table import Rows, read_rows
from relsurvey.linkage import Linked
from relsurvey.options import require_choice, require_whole

__all__ = ["LevelNames", "impute", "impute_rows", "where_from"]

WORKER_ID = "worker_id"

SETTLED = 1.2  # of the potential scale reduction: Gelman and Rubin's usual mark
MOST_MISSING = 0.5


def impute(
    linked: Any,
    columns: str | Sequence[str],
    *,
    seed: int,
    group: str | None = None,
    team: str | None = None,
    predictors: str | Sequence[str] | None = (),
    group_columns: Sequence[str] | None = None,
    methods: Mapping[str, str] | None = None,
    n_imputations: int = 20,
    iterations: int = 10,
    delta: Mapping[str, float] | None = None,
) -> Imputed:
    """Complete scale scores several times, each worker's people alike as they are.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    columns : str or sequence of str
        All columns of the analysis, the complete ones too: outcome, predictor and covariates.
        Leaving the outcome out would make the imputed values unrelated to it. A category (text)
        of which no value is missing stands as the indicators of its levels.
    seed : int
        The same seed gives the same values; imputation i is the same however many there are.
    group, team : str, optional
        Columns of worker and team ids; known for ``Linked``. With teams, both levels have a
        random intercept.
    predictors : str or sequence of str
        Further columns that tell of the missing values or of why they are missing; their own
        gaps are filled too.
    group_columns : sequence of str, optional
        Which columns are properties of the worker. Where not given: those of which no worker
        has two different values.
    methods : mapping of str to {"normal", "matched"}, optional
        For columns that are not to be drawn as they would be: from the normal model, and columns
        of two values matched.
    n_imputations : int, default 20
        At least 2. As many as there are per cent of incomplete rows is a good rule (White,
        Royston & Wood, 2011).
    iterations : int, default 10
        Rounds through the incomplete columns; with one of them, one round is all there is.
    delta : mapping of str to float, optional
        For answers missing not at random: what is added to every imputed value of a column, in
        standard deviations of its observed values.

    Returns
    -------
    Imputed
        Completed data sets. Observed values are never changed, and nobody without a worker gets
        values.

    Raises
    ------
    ModelError
        Where a column has no values or holds infinite ones, a category has missing values,
        options cannot be, or there are fewer values than the models have predictors.

    Notes
    -----
    Chained equations. A column of service users has a two-level normal model: a random
    intercept for each worker (and team), and as predictors the other columns of service users,
    *their means of each worker*, and the columns of workers. Without the means, the imputed
    values would tie what differs between workers to what differs within them (Grund, Lüdtke &
    Robitzsch, 2018). A column of workers has a model over workers, with worker means of the
    service users' columns as predictors. Each value is drawn with the parameters drawn from their
    posterior first.

    Scores have limits and the normal model has none, so single imputed scores may lie beyond
    the scale. That is left so by default: for means and slopes it is the less biased way, whereas
    rounding and cutting at the limits bias them (Rodwell et al., 2014; von Hippel, 2013). Where
    every value has to be a possible one, "matched" takes it from one of five people of like
    expectation (predictive mean matching); columns of two values are always done so unless
    asked otherwise.

    References
    ----------
    Grund, S., Lüdtke, O., & Robitzsch, A. (2018). Multiple imputation of missing data for
    multilevel models. Organizational Research Methods, 21(1), 111-149.
    Rodwell, L., Lee, K. J., Romaniuk, H., & Carlin, J. B. (2014). Comparison of methods for
    imputing limited-range variables. BMC Medical Research Methodology, 14, 57.
    van Buuren, S. (2018). Flexible imputation of missing data (2nd ed.), chapter 7.
    von Hippel, P. T. (2013). Should a normal imputation model be modified to impute skewed
    variables? Sociological Methods & Research, 42(1), 105-138.
    White, I. R., Royston, P., & Wood, A. M. (2011). Multiple imputation using chained equations.
    Statistics in Medicine, 30(4), 377-399.

    Examples
    --------
    >>> nan = float("nan")
    >>> data = {"worker_id": list("aabbccddee"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
    ...         "y": [2.0, 4.0, 3.0, nan, 8.0, 9.0, nan, 9.0, 7.0, 8.0]}
    >>> imputed = impute(data, ["y", "x"], group="worker_id", n_imputations=3, seed=1)
    >>> imputed.to_frame()[["column", "property_of", "n_missing"]]
      column property_of  n_missing
    0      y         row          2
    1      x   worker_id          0
    >>> imputed.completed(2)["y"].isna().sum().item()
    0
    """
    frame, levels = where_from(linked, group, team)
    names = list(dict.fromkeys([*column_names(columns, "columns"),
                                *column_names(predictors, "predictors")]))  # fmt: skip
    rows = read_rows(frame, names, levels.group, levels.team, group_columns)
    shifts = _shifts(rows, delta)
    return impute_rows(
        rows,
        levels,
        methods=methods,
        n_imputations=n_imputations,
        iterations=iterations,
        seed=seed,
        shifts=shifts,
        delta=dict(delta or {}),
    )


@dataclass(frozen=True, slots=True)
class LevelNames:
    """The columns of group and team ids, and whether groups are workers."""

    group: str
    team: str | None
    persons: bool


def where_from(linked: Any, group: str | None, team: str | None) -> tuple[Any, LevelNames]:
    """Return the rows, and who belongs to whom in them."""
    if isinstance(linked, Linked):
        column = group or linked.on
        return linked.frame, LevelNames(column, team or linked.team, column == linked.on)
    if group is None:
        raise ModelError(
            "Which column holds the worker's id is not known.",
            hint="Name it, for instance group='worker_id', or give the result of link().",
        )
    return linked, LevelNames(group, team, group == WORKER_ID)


def impute_rows(
    rows: Rows,
    levels: LevelNames,
    *,
    methods: Mapping[str, str] | None,
    n_imputations: int,
    iterations: int,
    seed: int,
    shifts: tuple[Shift, ...],
    delta: Mapping[str, float],
) -> Imputed:
    """Complete rows that are read already; see ``impute``."""
    require_whole("n_imputations", n_imputations, lowest=2, hint="Rubin's rules need two or more.")
    require_whole("iterations", iterations, lowest=1)
    require_whole("seed", seed, lowest=0, hint="Any whole number; keep it with the results.")
    require_enough(rows, levels.group)
    incomplete = np.flatnonzero(rows.missing.any(axis=1))
    rounds = iterations if len(incomplete) > 1 else 1
    plan = Plan(_methods(rows, methods), rounds, shifts)
    streams = np.random.SeedSequence(seed).spawn(n_imputations)
    completed = [complete(rows, plan, np.random.default_rng(stream)) for stream in streams]
    drawn = tuple(
        {int(place): values[place][rows.missing[place]] for place in incomplete}
        for values, _ in completed
    )
    traces = np.stack([trace for _, trace in completed])
    table = _table(rows, plan, levels.group, drawn, traces)
    return Imputed(
        columns=rows.columns,
        group=levels.group,
        team=levels.team,
        n_imputations=n_imputations,
        iterations=rounds,
        seed=seed,
        n_rows=rows.cells.shape[1],
        n_groups=rows.n_groups,
        table=table,
        trace=_trace(rows, incomplete.tolist(), traces),
        delta=dict(delta),
        persons=levels.persons,
        notes=(*rows.notes, *_notes(table)),
        _rows=rows,
        _drawn=drawn,
    )


def _methods(rows: Rows, asked: Mapping[str, str] | None) -> tuple[str, ...]:
    asked = dict(asked or {})
    _require_columns("methods", asked, rows.columns)
    for name, method in asked.items():
        require_choice(f"methods[{name!r}]", method, METHODS, ModelError)
    two = [len(np.unique(row[~np.isnan(row)])) <= 2 for row in rows.cells]
    return tuple(
        asked.get(name, "matched" if few else "normal")
        for name, few in zip(rows.columns, two, strict=True)
    )


def _require_columns(option: str, given: Mapping[str, Any], columns: Sequence[str]) -> None:
    failures = []
    for name in given:
        if name not in columns:
            near = suggestion(str(name), columns)
            failures.append({"column": name, "did you mean": near} if near else {"column": name})
    if failures:
        raise ModelError(
            f"{option} names columns that are not imputed.",
            hint=f"They are: {', '.join(columns)}.",
            failures=failures,
        )


def _shifts(rows: Rows, delta: Mapping[str, float] | None) -> tuple[Shift, ...]:
    _require_columns("delta", delta or {}, rows.columns)
    shifts: list[Shift] = []
    for name, amount in (delta or {}).items():
        if not isinstance(amount, Real) or not math.isfinite(amount):
            raise ModelError(
                f"delta[{name!r}] has to be a number; it is {amount!r}.",
                hint="It counts in standard deviations of the observed values, for instance -0.5.",
            )
        place = rows.columns.index(name)
        shifts.append(Shift(place, float(amount) * float(np.nanstd(rows.cells[place], ddof=1))))
    return tuple(shifts)


def _table(
    rows: Rows, plan: Plan, group: str, drawn: Sequence[Mapping[int, Floats]], traces: Floats
) -> pd.DataFrame:
    found = []
    for place, name in enumerate(rows.columns):
        values = rows.cells[place]
        of_group = bool(rows.of_group[place])
        values = rows.one_each(values) if of_group else values
        seen = values[~np.isnan(values)]
        imputed = (
            np.concatenate([rows.imputed(place, one[place]) for one in drawn])
            if place in drawn[0]
            else np.empty(0)
        )
        constant = bool(len(imputed)) and float(np.ptp(seen)) == 0.0
        found.append(
            {
                "column": name,
                "property_of": group if of_group else "row",
                "n_missing": len(values) - len(seen),
                "n": len(values),
                "share_missing": 1.0 - len(seen) / len(values),
                "method": plan.methods[place] if len(imputed) else "complete",
                "mean_observed": float(seen.mean()),
                "sd_observed": float(seen.std(ddof=1)),
                "mean_imputed": float(imputed.mean()) if len(imputed) else math.nan,
                "sd_imputed": float(imputed.std(ddof=1)) if len(imputed) > 1 else math.nan,
                "settled_mean": potential_scale_reduction(traces[:, :, place, 0]),
                "settled_sd": potential_scale_reduction(traces[:, :, place, 1]),
                "note": "all observed values are the same: so are the imputed" if constant else "",
            }
        )
    return pd.DataFrame(found)


def _trace(rows: Rows, incomplete: Sequence[int], traces: Floats) -> pd.DataFrame:
    n_imputations, rounds = traces.shape[:2]
    parts = [
        pd.DataFrame(
            {
                "imputation": np.repeat(np.arange(1, n_imputations + 1), rounds),
                "iteration": np.tile(np.arange(1, rounds + 1), n_imputations),
                "column": rows.columns[place],
                "mean": traces[:, :, place, 0].ravel(),
                "sd": traces[:, :, place, 1].ravel(),
            }
        )
        for place in incomplete
    ]
    columns = ["imputation", "iteration", "column", "mean", "sd"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _notes(table: pd.DataFrame) -> list[str]:
    notes = []
    if not table["n_missing"].any():
        notes.append("Nothing was missing: every completed data set is the one given.")
    unsettled = table.loc[table[["settled_mean", "settled_sd"]].max(axis=1) > SETTLED, "column"]
    if len(unsettled):
        notes.append(
            f"The chains of {', '.join(unsettled)} still differ: ask for more iterations, and look "
            "at the trace."
        )
    much = table.loc[table["share_missing"] > MOST_MISSING, "column"]
    if len(much):
        notes.append(
            f"More than half of {', '.join(much)} is imputed: what is found rests on the models of "
            "imputation more than on answers."
        )
    return notes
