"""From what a user gives to the sums that every answer to the question is worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.models.categories import by_category, encode_categories
from relsurvey.association.models.names import column_names, require_free_names
from relsurvey.errors import ModelError, listed
from relsurvey.linkage import Linked
from relsurvey.linkage.ids import look_alikes
from relsurvey.moments.group_columns import number_matrix, require_column_names, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums, between_name, within_name
from relsurvey.options import require_flag
from relsurvey.personal import masked
from relsurvey.text import and_list, counted

__all__ = ["Prepared", "prepare"]

WORKER_ID = "worker_id"
MOST_NAMED = 20


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A question made ready: sums per worker, and the terms of the model in order.

    Attributes
    ----------
    frame : frame or mapping of arrays
        The rows, with indicator columns beside categories.
    sums : GroupSums
        Of all terms and the outcome; where ``team`` is set, workers are nested in teams.
    outcome, predictor : str
        Columns of ``sums``.
    terms : tuple of str
        All predictors of the model, the one of interest first; covariates that vary within
        workers stand as two.
    covariates : tuple of str
        Columns of ``frame``: numbers as given, categories as their indicators.
    given : tuple of str
        The covariates as given.
    group : str
        The column of worker ids.
    team : str or None
        The team column where the model has a level for it.
    n_teams : int or None
        Teams in the rows used, where a team column is known, with or without a level.
    persons : bool
        Whether groups are workers and rows their service users.
    split : bool or tuple of str
        Which covariates were to be split, as given.
    notes : tuple of str
        What a reader has to know of how the question was made ready.
    """

    frame: Any
    sums: GroupSums
    outcome: str
    predictor: str
    terms: tuple[str, ...]
    covariates: tuple[str, ...]
    given: tuple[str, ...]
    group: str
    team: str | None
    n_teams: int | None
    persons: bool
    split: bool | tuple[str, ...]
    notes: tuple[str, ...]


def prepare(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    split_covariates: bool | Sequence[str] = True,
    whole: Sequence[str] = (),
    each_within: bool = False,
) -> Prepared:
    """Read the rows once, decide on the levels, and split covariates.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    outcome, predictor : str
        A number column of service users, and one of workers: the same value in all rows of one
        worker.
    covariates : str or sequence of str
        Other columns; of words or categories each level but the most frequent becomes an
        indicator (see ``encode_categories``).
    group, team : str, optional
        The columns of worker and team ids; known for ``Linked``.
    split_covariates : bool or sequence of str, default True
        Enter a covariate that varies within workers as its deviation from the worker's mean and
        that mean (Mundlak 1978). Names: only these, and each has to vary within workers.
    whole : sequence of str
        Further number columns that are never split, such as a moderator and its product with the
        predictor; they follow the predictor among the terms, and are none of the covariates.
    each_within : bool, default False
        Whether the sums hold the cross-products of each worker apart.

    Returns
    -------
    Prepared
        Sums, terms, levels and notes. There is a level for teams where there are at least two,
        every worker is in one, and some team has more than one worker; otherwise a note says
        why there is none.

    Raises
    ------
    ModelError
        Where ``group`` is not known, a column cannot be used, or the predictor varies within
        workers.

    References
    ----------
    Mundlak, Y. (1978). On the pooling of time series and cross section data. Econometrica,
    46(1), 69-85.

    Examples
    --------
    >>> data = {"worker_id": list("aabbccdd"), "team": list("ttttuuuu"),
    ...         "x": [1, 1, 2, 2, 3, 3, 4, 4], "y": [2.0, 4, 3, 5, 8, 9, 7, 9],
    ...         "age": [30, 40, 50, 20, 30, 60, 40, 50]}
    >>> ready = prepare(data, "y", "x", covariates="age", group="worker_id", team="team")
    >>> ready.terms, ready.team
    (('x', 'age (within)', 'age (between)'), 'team')
    """
    frame, group, team, persons = _where(linked, group, team)
    given = column_names(covariates, "covariates")
    asked = _asked(given, split_covariates)
    require_free_names([predictor, *whole, *given], group)
    require_column_names([predictor, *whole, *given, outcome, group])
    encoded = encode_categories(frame, given, used=[predictor, *whole, outcome, group])
    frame, names = encoded.data, encoded.names
    columns = [predictor, *whole, *names, outcome]
    nested, n_teams, notes = _team_level(frame, columns, group, team, persons=persons)
    sums = group_sums(frame, columns, group, nested_in=nested, each_within=each_within)
    sums = replace(sums, missing=by_category(sums.missing, encoded))
    notes += _about_ids(sums)
    notes += _about_values(frame, outcome)
    _require_constant(sums, predictor)
    wanted = tuple(part for name in asked for part in encoded.parts.get(name, (name,)))
    if split_covariates is not True:
        _require_within(sums, wanted)
    sums, terms, about_terms = _terms(sums, (predictor, *whole), names, wanted)
    return Prepared(
        frame, sums, outcome, predictor, terms, names, given, group, nested, n_teams, persons,
        split_covariates if isinstance(split_covariates, bool) else asked,
        (*encoded.notes, *about_terms, *notes),
    )  # fmt: skip


def _where(linked: Any, group: str | None, team: str | None) -> tuple[Any, str, str | None, bool]:
    """Return the frame, the group and team columns, and whether groups are workers."""
    if isinstance(linked, Linked):
        column = group or linked.on
        return linked.frame, column, team or linked.team, column == linked.on
    if group is None:
        raise ModelError(
            "Which column holds the worker's id is not known.",
            hint=f"Name it, for instance group={WORKER_ID!r}, or give the result of link().",
        )
    return linked, group, team, group == WORKER_ID


def _asked(
    given: tuple[str, ...],
    split_covariates: bool | Sequence[str],  # noqa: FBT001
) -> tuple[str, ...]:
    """Return the covariates that are to be entered as a within part and a mean."""
    if isinstance(split_covariates, bool):
        return given if split_covariates else ()
    if isinstance(split_covariates, str) or not isinstance(split_covariates, Sequence):
        require_flag("split_covariates", split_covariates)
    asked = column_names(split_covariates, "split_covariates")
    strangers = [name for name in asked if name not in given]
    if strangers:
        raise ModelError(
            f"{listed([repr(name) for name in strangers])} cannot be split: no covariate of that "
            "name was given.",
            hint=f"The covariates are {listed([repr(name) for name in given]) or 'none'}.",
        )
    return asked


def _require_within(sums: GroupSums, asked: Sequence[str]) -> None:
    """Refuse a covariate that was asked for as within workers and does not vary there."""
    still = [name for name in asked if sums.varying[sums.place(name)] == 0]
    if still:
        raise ModelError(
            f"{listed([repr(name) for name in still])} cannot be entered as a difference within "
            f"{sums.group}: it is the same in all rows of each {sums.group}.",
            hint="It is a property of the worker: leave it out of split_covariates (--within), and "
            "it enters as it is.",
        )


def _team_level(
    frame: Any, used: Sequence[str], group: str, team: str | None, *, persons: bool
) -> tuple[str | None, int | None, list[str]]:
    """Return the team column where the model can have a level for it, how many there are, why."""
    if team is None:
        return None, None, []
    table = take_columns(frame, list(dict.fromkeys([*used, group, team])))
    workers, _ = group_codes(table.by_name[group], group)
    teams, _ = group_codes(table.by_name[team], team)
    complete = ~np.isnan(number_matrix(table, list(dict.fromkeys(used)))).any(axis=0)
    known = complete & (workers >= 0) & (teams >= 0)
    if not known.any():
        return None, 0, [f"Nobody with complete answers has a {team}: the model has no such level."]
    # One number for each pair: to sort pairs takes fifty times as long.
    beyond = int(teams.max()) + 1
    # Few of many rows are distinct: to find them first and then sort them is quicker.
    distinct = np.sort(pd.unique(workers[known] * beyond + teams[known]))
    pairs = np.stack(np.divmod(distinct, beyond))
    sizes = np.bincount(pairs[1])
    n_teams = int((sizes > 0).sum())
    several = int((np.bincount(pairs[0]) > 1).sum())
    noun, plural = ("worker", "workers") if persons else (f"group of {group}", f"groups of {group}")
    if several:
        verb = "belongs" if several == 1 else "belong"
        return None, n_teams, [
            f"{counted(several, noun, plural)} {verb} to more than one {team}, which a level for "
            f"{team} cannot hold: the model has none, so if {team} differ the interval may be too "
            "narrow."
        ]  # fmt: skip
    if n_teams == 1:
        return None, 1, [
            f"All are in one {team}, so nothing can be said of differences between {team}."
        ]  # fmt: skip
    if sizes.max() == 1:
        return None, n_teams, [
            f"Every {team} has one {noun} only, so the two levels cannot be told apart: the model "
            f"has none for {team}."
        ]  # fmt: skip
    return team, n_teams, []


def _about_ids(sums: GroupSums) -> list[str]:
    """Say which ids may be one and the same, written in different ways."""
    alike = look_alikes(label for label in sums.ids if isinstance(label, str))
    if not alike:
        return []
    ways = and_list([f"{way} ({count:,})" for way, count in alike.items()])
    return [
        f"Some ids of {sums.group} differ from another one only in {ways}: they are taken as "
        f"different. If they are one and the same, there are up to {sum(alike.values()):,} fewer; "
        "correct the ids then."
    ]


def _about_values(frame: Any, outcome: str) -> list[str]:
    """Say what a slope is where the outcome has two values."""
    table = take_columns(frame, [outcome])
    values = number_matrix(table, [outcome])[0]
    first, last = np.nanmin(values), np.nanmax(values)
    if first == last or not np.isin(values[~np.isnan(values)], (first, last)).all():
        return []
    ends = f"{first:g} and {last:g}"
    share = ", here a difference in shares" if (first, last) == (0.0, 1.0) else ""
    return [
        f"{outcome} has two values, {ends}: the slope is that of a straight line{share}. A "
        "logistic model suits such an outcome better: read the cumulative logit among the other "
        "methods, which is that for two values."
    ]


def _require_constant(sums: GroupSums, predictor: str) -> None:
    varying = int(sums.varying[sums.place(predictor)])
    if varying:
        raise ModelError(
            f"The predictor {predictor!r} is not a property of {sums.group}: it differs between "
            f"rows of the same {sums.group} in {varying:,} of {sums.n_groups:,}.",
            failures=_differing(sums, predictor),
            hint="The predictor has to be one value for each worker, such as the worker's score: "
            "correct the rows that differ, or choose another column. An answer of service users "
            "can be a covariate (--covariate, covariates=); as a predictor of its own it needs "
            "fit_mixed() in Python.",
        )


def _differing(sums: GroupSums, predictor: str) -> list[dict[str, Any]]:
    """Name the first workers whose rows differ, ids that look personal masked."""
    places = np.flatnonzero(sums.varies[:, sums.place(predictor)])[:MOST_NAMED]
    return [
        {sums.group: masked(label) if isinstance(label, str) else label, "rows": int(rows)}
        for label, rows in zip(sums.ids[places], sums.counts[places], strict=True)
    ]


def _terms(
    sums: GroupSums, first: tuple[str, ...], covariates: tuple[str, ...], split: tuple[str, ...]
) -> tuple[GroupSums, tuple[str, ...], list[str]]:
    """Split covariates that vary within workers, and name all terms of the model in order."""
    moving = [name for name in split if sums.varying[sums.place(name)] > 0]
    parts_of = {part(name): name for name in moving for part in (within_name, between_name)}
    clashes = [name for name in sums.columns if name in parts_of]
    if clashes:
        raise ModelError(
            f"The column {clashes[0]!r} is called like a part of {parts_of[clashes[0]]!r}, which "
            "varies within workers and is split.",
            hint="Rename it, or enter covariates unsplit (split_covariates=False).",
        )
    divided = sums.split(moving)
    same = [name for name in moving if divided.equal_means(between_name(name))]
    unwanted = {between_name(name) for name in same}
    wanted = [*first]
    for name in covariates:
        parts = [within_name(name), between_name(name)] if name in moving else [name]
        wanted += [column for column in parts if column not in unwanted]
    notes = []
    if moving:
        verb = "varies" if len(moving) == 1 else "vary"
        notes.append(
            f"{and_list(moving)} {verb} within {sums.group}: entered as a within part and a mean "
            f"of each {sums.group}."
        )
    notes += [
        f"The mean of {name} is the same for every {sums.group}; only its within part entered."
        for name in same
    ]
    return divided, tuple(wanted), notes
