"""Whether those in the analysis are like those who are not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association.cluster_ols import fit_cluster_ols
from relsurvey.errors import ModelError
from relsurvey.linkage import Linked
from relsurvey.linkage.ids import read_ids
from relsurvey.moments.group_columns import number_matrix, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.sensitivity.check import Check, Version
from relsurvey.sensitivity.question import Floats, Mask
from relsurvey.sensitivity.slope import Slope
from relsurvey.small_groups import USUAL_THRESHOLD, few_units, require_threshold
from relsurvey.text import and_list, percent, readable

__all__ = ["linked_against_unlinked", "respondents_against_rest", "standardised_difference"]

DIFFERENCE = "difference in SD"
FEW_WORKERS = "one side is of too few workers"


def linked_against_unlinked(
    everybody: Any,
    linked: Linked | Any,
    columns: Sequence[str],
    *,
    who: str = "workers",
    on: str | None = None,
    team: str | None = None,
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
) -> Check:
    """Compare workers, or service users, whose other side is known with those where it is not.

    Parameters
    ----------
    everybody : frame
        The whole table of one side, as it was before linking.
    linked : Linked or frame
        What was linked.
    columns : sequence of str
        Number columns of ``everybody`` to compare.
    who : {"workers", "service users"}
        Which side ``everybody`` is.
    on : str, optional
        The column of worker ids; known for ``Linked``.
    team : str, optional
        A column of ``everybody`` within which people are alike; by it errors are clustered.
        Service users are clustered by worker where none is given.
    confidence : float, default 0.95
        Coverage of intervals.
    threshold : int, default 10
        Fewest people on either side for which a difference is shown; of service users, the
        fewest workers as well, of whom no one or two may have most of them.

    Returns
    -------
    Check
        One row a column: the mean of the linked less that of the others, in standard deviations
        within the two (pooled).

    Raises
    ------
    ModelError
        Where columns are missing or no numbers, the id column is not known, or the two tables
        have no id in common.

    Examples
    --------
    >>> import pandas as pd
    >>> workers = pd.DataFrame({"worker_id": range(40), "reflection": [1.0, 2, 3, 4] * 10})
    >>> users = pd.DataFrame({"worker_id": range(20)})
    >>> linked_against_unlinked(workers, users, ["reflection"], on="worker_id").sentence
    'Those linked differ most from the others in reflection: 0.00 standard deviations
    (95% interval ...).'
    """
    column = on or (linked.on if isinstance(linked, Linked) else None)
    if column is None:
        raise ModelError(
            "Which column holds the worker's id is not known.", hint="Name it: on='worker_id'."
        )
    frame = linked.frame if isinstance(linked, Linked) else linked
    known = {text for text in _ids(frame, column, "service_users") if text is not None}
    side = "workers" if who == "workers" else "service_users"
    own = _ids(everybody, column, side)
    is_linked = np.array([text in known for text in own], dtype=bool)
    if known and not is_linked.any():
        raise ModelError(
            f"No {column} of the linked table is among the {who} before linking: these are not "
            "the tables that were linked.",
            hint="Ids may be pseudonyms in one and not in the other: link with the ids as they "
            "are (--keep-ids), or give the tables with the same pseudonyms.",
        )
    worker = column if who == "service users" else None
    name = f"linked {who}"
    asked = f"Are the {who} who could be linked like those who could not?"
    return _compared(
        everybody,
        is_linked,
        columns,
        (name, asked, "linked"),
        (team or worker, worker),
        confidence,
        threshold,
    )


def respondents_against_rest(
    frame: Any,
    responded: str,
    columns: Sequence[str],
    *,
    group: str | None = None,
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
) -> Check:
    """Compare those who answered with the rest of the sampling frame.

    Parameters
    ----------
    frame : frame
        Everybody who was asked, one row each.
    responded : str
        A column of 0 and 1: whether they answered.
    columns : sequence of str
        Number columns known of everybody.
    group : str, optional
        A column of units within which people are alike, such as the worker; by it errors are
        clustered, and of fewer of them than the threshold nothing is shown.
    confidence, threshold
        As in ``linked_against_unlinked``.

    Returns
    -------
    Check
        One row a column: the mean of respondents less that of the rest, in standard deviations
        within the two (pooled).

    Raises
    ------
    ModelError
        Where columns are missing or no numbers, or ``responded`` is anything else but 0 and 1.
    """
    table = take_columns(frame, [responded])
    values = number_matrix(table, [responded])[0]
    if not np.isin(values, [0.0, 1.0]).all():
        raise ModelError(
            f"{responded!r} has to be 0 or 1 in every row of the frame.",
            hint="1 (or True) for those who answered, 0 for those who were asked and did not.",
        )
    words = ("respondents", "Are those who answered like the rest of those asked?", "who answered")
    return _compared(frame, values == 1, columns, words, (group, group), confidence, threshold)


def standardised_difference(
    values: Floats, inside: Mask, clusters: Any | None, confidence: float
) -> Slope:
    """Return the mean inside less that outside, in pooled standard deviations.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (people,), without missing values.
    inside : numpy.ndarray of bool
        Shape (people,).
    clusters : array, optional
        Shape (people,): within which people are alike; everybody for themselves if not given.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    Slope
        By regression on being inside, with CR2 standard errors, which are Welch's where there are
        no clusters. The standard deviation is taken as known.

    References
    ----------
    Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline
    covariates between treatment groups in propensity-score matched samples. Statistics in
    Medicine, 28(25), 3083-3107.
    """
    sides = (values[inside], values[~inside])
    squares = sum(float(((side - side.mean()) ** 2).sum()) for side in sides)
    spread = math.sqrt(squares / (len(values) - 2))
    if spread <= 1e-12 * float(np.abs(values).max()):
        return Slope(note="no variance")
    data = {
        "value": values / spread,
        "inside": inside.astype(np.float64),
        "cluster": np.arange(len(values)) if clusters is None else clusters,
    }
    try:
        table = fit_cluster_ols(data, "value", ["inside"], "cluster", confidence=confidence).table
    except ModelError as problem:
        return Slope(note=f"not estimable: {problem.message}")
    return Slope.of(table[table["term"] == "inside"])


def _ids(frame: Any, column: str, side: str) -> list[str | None]:
    take_columns(frame, [column])
    if isinstance(frame, Mapping):
        frame = pd.DataFrame({column: frame[column]})
    eager = nw.from_native(frame)
    if isinstance(eager, nw.LazyFrame):
        eager = eager.select(column).collect()
    return list(read_ids(eager.get_column(column), side).by_row())


def _compared(
    frame: Any,
    inside: Mask,
    columns: Sequence[str],
    words: tuple[str, str, str],
    units: tuple[str | None, str | None],
    confidence: float,
    threshold: int,
) -> Check:
    """Compare two sides; ``units``: by which errors are clustered, and of which few may not be.

    Who names no unit is not compared, where units count: whose they are is not known.
    """
    least = require_threshold(threshold, "people")
    name, asked, who = words
    table = take_columns(frame, list(dict.fromkeys(columns)))
    values = number_matrix(table, list(dict.fromkeys(columns)))
    clusters, persons = (None if one is None else _codes(frame, one) for one in units)
    versions = []
    for column, own in zip(dict.fromkeys(columns), values, strict=True):
        known = np.isfinite(own)
        for one in (clusters, persons):
            known &= True if one is None else one >= 0
        note = _few_on_one_side((known & inside, known & ~inside), persons, least)
        found = Slope(note=note)
        if not note:
            found = standardised_difference(
                own[known], inside[known], None if clusters is None else clusters[known], confidence
            )
        versions.append(Version(column, found, DIFFERENCE))
    return Check(name, asked, tuple(versions), _sentence(versions, who, confidence))


def _codes(frame: Any, column: str) -> npt.NDArray[np.intp]:
    return group_codes(take_columns(frame, [column]).by_name[column], column)[0]


def _few_on_one_side(
    sides: tuple[Mask, Mask], persons: npt.NDArray[np.intp] | None, least: int
) -> str:
    """Say why a difference would tell of few people or of one worker; nothing if it does not."""
    if min(int(side.sum()) for side in sides) < least:
        return f"fewer than {least} on one side"
    if persons is None:
        return ""
    sizes = (np.unique(persons[side], return_counts=True)[1].tolist() for side in sides)
    if any(few_units(counts, least) for counts in sizes):
        return FEW_WORKERS
    return ""


def _sentence(versions: Sequence[Version], who: str, confidence: float) -> str:
    known = [one for one in versions if not math.isnan(one.found.estimate)]
    if not known:
        return "They cannot be compared: one of the two groups is of too few people or workers."
    largest = max(known, key=lambda one: abs(one.found.estimate))
    text = (
        f"Those {who} differ most from the others in {largest.name}: "
        f"{readable(largest.found.estimate)} standard deviations ({percent(confidence)} interval "
        f"{readable(largest.found.conf_low)} to {readable(largest.found.conf_high)})."
    )
    sure = [one.name for one in known if one.found.verdict in ("higher", "lower")]
    if sure:
        text += f" The interval excludes no difference in {and_list(sure)}."
    return text
