"""Reliability within and between workers: what service users of one worker say, and workers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.group_columns import take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums
from relsurvey.psychometrics import grouping
from relsurvey.psychometrics.consistency import cronbach_alpha
from relsurvey.psychometrics.levels_result import LevelsResult
from relsurvey.psychometrics.omega import omega_total
from relsurvey.psychometrics.scales import eager
from relsurvey.psychometrics.two_level import TwoLevel, two_level_covariances
from relsurvey.scoring import keyed_items
from relsurvey.scoring.items import KeyedItems, ScaleChoice
from relsurvey.text import counted

__all__ = ["LevelsResult", "reliability_by_level"]

LEVELS = ("within", "between")


def reliability_by_level(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    group: str,
    scales: ScaleChoice | None = None,
) -> LevelsResult:
    """Estimate internal consistency within and between groups, such as workers.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a service user; items as answered where there is an instrument, keyed already
        where there is none.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    group : str
        The column of the worker's id: text, whole numbers or categories. Of responses, a column
        of ``context`` (context questions, and what ``read_responses(keep=...)`` kept) or of
        ``meta`` such as "worker_id". Rows without one are left out.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        As in ``reliability``.

    Returns
    -------
    LevelsResult
        Alpha of each level from the maximum likelihood estimates of the two covariance matrices
        (Geldhof, Preacher and Zyphur 2014), and omega of each level from a one-factor model
        fitted to that level's matrix (Yuan and Bentler 2007), with the matrix itself below, not
        the one the model implies. Where workers do not differ, or are too few, the matrix
        between them is singular, and ``note`` says so.

    Raises
    ------
    ModelError
        Where the group column is not there, is an item, or holds ids that cannot be told apart.
    ScoringError
        As ``reliability``.

    Notes
    -----
    Alpha over all rows mixes the two levels. Neither of them is the reliability of a worker's
    observed mean, which depends on how many people were asked: ``aggregation`` has that.

    References
    ----------
    Geldhof GJ, Preacher KJ, Zyphur MJ (2014). Reliability estimation in a multilevel
    confirmatory factor analysis framework. Psychological Methods 19(1):72-91.
    doi 10.1037/a0032138.
    Yuan KH, Bentler PM (2007). Multilevel covariance structure analysis by fitting multiple
    single-level models. Sociological Methodology 37(1):53-82.
    doi 10.1111/j.1467-9531.2007.00182.x.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> worker = np.repeat(np.arange(40), 6)
    >>> common = rng.normal(size=40)[worker] + rng.normal(size=240)
    >>> answers = pd.DataFrame({name: common + rng.normal(size=240) for name in "abc"})
    >>> found = reliability_by_level(
    ...     answers.assign(worker=worker), group="worker", scales={"s": ["a", "b", "c"]})
    >>> found.to_frame()[["level", "n", "n_groups", "alpha"]].round(2)
         level    n  n_groups  alpha
    0   within  240        40   0.72
    1  between  240        40   1.00
    """
    data = grouping.eager(data)
    items = keyed_items(data, instrument, scales)
    table = _with_group(data, items, group)
    rows: list[dict[str, Any]] = []
    covariances: dict[str, dict[str, pd.DataFrame]] = {}
    for key, columns in items.scales.items():
        sums = _sums(table, columns, group)
        found = sums if isinstance(sums, str) else _estimate(sums)
        title = items.instrument.scales[key].title if items.instrument else key
        common = {"scale": key, "title": title, "n_items": len(columns)}
        rows += [{**common, **row} for row in _rows(sums, found)]
        covariances[key] = {level: _covariance(found, level, columns) for level in LEVELS}
    return LevelsResult(pd.DataFrame(rows), group, covariances)


def _with_group(data: Any, items: KeyedItems, group: str) -> dict[str, Any]:
    """Return the keyed items and the group of each row as columns of one length."""
    column = take_columns(grouping.group_table(data, group), [group]).by_name[group]
    if group in items.frame.columns:
        raise ModelError(
            f"{group!r} is an item as well as the group.",
            hint="The group is the column of the worker's id.",
        )
    group_codes(column, group)  # ids that cannot be told apart are refused once, for all scales
    frame = eager(items)
    native = column.to_native() if isinstance(column, nw.Series) else column
    return {**{name: frame[name].to_native() for name in frame.columns}, group: native}


def _sums(table: dict[str, Any], columns: Sequence[str], group: str) -> GroupSums | str:
    """Return the sums per group, or why this scale has none."""
    try:
        return group_sums(table, columns, group)
    except ModelError as problem:
        return problem.message.rstrip(".")


def _covariance(found: TwoLevel | str, level: str, columns: Sequence[str]) -> pd.DataFrame:
    names = list(columns)
    unknown = np.full((len(names), len(names)), np.nan)
    values = unknown if isinstance(found, str) else getattr(found, level)
    return pd.DataFrame(values, index=names, columns=names)


def _estimate(sums: GroupSums) -> TwoLevel | str:
    """Return the two matrices, or why there are none."""
    groups, k = sums.n_groups, len(sums.columns)
    if k < 2:
        return "one item: internal consistency needs two or more"
    if groups < 2:
        return f"one value of {sums.group}: there is nothing to tell the levels apart"
    if sums.n_rows - groups < 1:
        return f"every {sums.group} has one row: there is nothing to tell the levels apart"
    still = [name for name, n in zip(sums.columns, sums.varying, strict=True) if not n]
    if still:
        return f"{', '.join(still)} does not vary within any {sums.group}"
    found = two_level_covariances(sums)
    if found is None:
        return (
            f"the covariance matrix within {sums.group} is singular: an item follows from the "
            "others, or there are too few rows"
        )
    return found if found.converged else "the search for the estimates did not settle"


def _rows(sums: GroupSums | str, found: TwoLevel | str) -> list[dict[str, Any]]:
    counted_rows = (0, 0) if isinstance(sums, str) else (sums.n_rows, sums.n_groups)
    size = dict(zip(("n", "n_groups"), counted_rows, strict=True))
    rows = []
    for level in LEVELS:
        figures = dict.fromkeys(("alpha", "omega", "share"), math.nan)
        notes = [found] if isinstance(found, str) else []
        singular = False
        if isinstance(found, TwoLevel) and isinstance(sums, GroupSums):
            figures, notes = _figures(sums, found, level)
            singular = level == "between" and found.boundary
        row = {"level": level, **size, **figures, "singular": singular}
        rows.append({**row, "note": "; ".join(notes)})
    return rows


def _figures(sums: GroupSums, found: TwoLevel, level: str) -> tuple[dict[str, float], list[str]]:
    covariance = found.within if level == "within" else found.between
    whole = float(found.within.sum() + found.between.sum())
    figures = {
        "alpha": cronbach_alpha(covariance),
        "omega": math.nan,
        "share": float(covariance.sum()) / whole if whole > 0 else math.nan,
    }
    notes = []
    singular = level == "between" and found.boundary
    if singular:
        notes.append(_singular(sums))
    else:
        n = sums.n_rows - sums.n_groups if level == "within" else sums.n_groups
        omega = omega_total(covariance, sums.columns, n)
        figures["omega"] = omega.omega
        notes += filter(None, [omega.note])
    if not math.isnan(figures["alpha"]) and figures["alpha"] < 0:
        notes.append("alpha is negative: the items do not go together at this level")
    return figures, notes


def _singular(sums: GroupSums) -> str:
    k = len(sums.columns)
    if sums.n_groups <= k:
        why = f"{counted(sums.n_groups, 'group')} are too few for {counted(k, 'item')}"
    else:
        why = "some items, or combinations of items, differ between groups no more than by chance"
    return (
        f"the covariance matrix between {sums.group} is not positive definite ({why}): alpha "
        "between rests on what is left and is not to be relied on; no omega"
    )
