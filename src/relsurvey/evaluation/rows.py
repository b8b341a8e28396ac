"""The rows of a study of change: who answered when, to whom they belong, who was trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.evaluation.trained import read_trained
from relsurvey.evaluation.waves import Codes, Waves, read_waves
from relsurvey.evaluation.words import several, some
from relsurvey.linkage import Linked
from relsurvey.moments.group_columns import (
    Columns,
    Floats,
    number_matrix,
    require_finite,
    take_columns,
)
from relsurvey.moments.group_ids import group_codes
from relsurvey.text import counted

__all__ = ["ChangeRows", "find_baseline", "read_change"]

FEWEST_IN_WAVE = 2
MOST_DOUBLED = 0.2
"""Share of units' waves with several rows up to which those are taken for a mistake.

Where each worker answered once a wave, a few copied rows would otherwise turn the study, unsaid,
into one in which nobody can be followed.
"""


@dataclass(frozen=True, slots=True, eq=False)
class ChangeRows:
    """The rows that can be used; n rows, K waves.

    Attributes
    ----------
    outcome : str
        The column.
    y : numpy.ndarray
        Shape (n,): its values.
    waves : Waves
        The wave of each row.
    baseline : int
        The place of the wave that others are compared with.
    levels : dict of str to numpy.ndarray of int
        By column, from the innermost level out: the unit of each row. A unit that is in several
        units of the level above counts as several.
    person, group, team : str or None
        The columns.
    trained : numpy.ndarray of bool or None
        Shape (n,): whether the row belongs to a unit that was trained.
    unit : str
        The column of units that training was given to, or the outermost level.
    notes : tuple of str
        What was left out or counted apart.
    """

    outcome: str
    y: Floats
    waves: Waves
    baseline: int
    levels: dict[str, Codes]
    person: str | None
    group: str | None
    team: str | None
    trained: npt.NDArray[np.bool_] | None
    unit: str
    notes: tuple[str, ...]

    @property
    def last(self) -> int:
        """The place of the last wave."""
        return len(self.waves.labels) - 1

    @property
    def panel(self) -> str | None:
        """The column whose units are there once a wave, several waves: who can be followed."""
        name = self.person or next(iter(self.levels))
        codes = self.levels[name]
        pairs = len(np.unique(codes * len(self.waves.labels) + self.waves.codes))
        return name if pairs == len(codes) and len(np.unique(codes)) < len(codes) else None

    def at(self, wave: int) -> npt.NDArray[np.bool_]:
        """Return which rows are of a wave."""
        here: npt.NDArray[np.bool_] = self.waves.codes == wave
        return here


def read_change(
    data: Any,
    outcome: str,
    wave: str,
    columns: tuple[str | None, str | None, str | None],
    trained: str | Sequence[Any] | None,
    order: Sequence[Any] | None,
) -> ChangeRows:
    """Read rows of several waves.

    Parameters
    ----------
    data : Linked, frame or mapping of arrays
        One row an answer: of a person at a wave, or of a worker at a wave.
    outcome, wave : str
        Columns.
    columns : tuple of str or None
        Those of person, group and team, as far as there are.
    trained, order
        As in ``change``.

    Returns
    -------
    ChangeRows
        Rows with a value of all of them, compared with the first wave. Rows without a person's
        id count as people seen once.

    Raises
    ------
    ModelError
        Where a column cannot be used, the order of waves is not known, a wave is in one row, a
        person (or, where most are there once, a worker) is there twice in a wave, or who was
        trained cannot be told.
    """
    person, group, team = columns
    if isinstance(data, Linked):
        group, team, data = group or data.on, team or data.team, data.frame
    names = [name for name in (person, group, team) if name is not None]
    if not names:
        raise ModelError(
            "Who belongs together is not known: neither persons, workers nor teams are named.",
            hint="Name the columns of ids: person=, group= (the worker), team=.",
        )
    by = [trained] if isinstance(trained, str) and trained not in names else []
    table = take_columns(data, [outcome, wave, *names, *by])
    y = number_matrix(table, [outcome])
    require_finite(y, [outcome], table)
    waves = read_waves(table.by_name[wave], wave, order)
    units = {name: group_codes(table.by_name[name], name) for name in names}
    keep = ~np.isnan(y[0]) & (waves.codes >= 0)
    for name in names:
        if name != person:
            keep &= units[name][0] >= 0
    unit = team or group or str(person)
    in_training = None
    if trained is not None:
        in_training, known = read_trained(table, trained, unit, units[unit])
        keep &= known
    notes = _left_out(table, keep, outcome)
    waves = replace(waves, codes=waves.codes[keep])
    _require_rows(waves, wave)
    inner = {name: units[name][0][keep] for name in names}
    if person is not None:
        inner[person], more = _strangers(inner[person], person)
        notes += more
        _require_once(inner[person], waves, person, wave)
    levels, more = _nested(inner)
    if person is None:
        more += _several_a_wave(levels, waves)
    arms = None if in_training is None else in_training[keep]
    if arms is not None:
        _require_both_arms(arms, waves)
    return ChangeRows(
        outcome, y[0][keep], waves, 0, levels, person, group, team, arms,
        unit, (*notes, *more),
    )  # fmt: skip


def _left_out(table: Columns, keep: npt.NDArray[np.bool_], outcome: str) -> list[str]:
    count = table.n_rows - int(keep.sum())
    if count == table.n_rows:
        raise ModelError(
            f"None of the {counted(table.n_rows, 'row')} is complete.",
            hint=f"Each needs a value of {outcome!r}, a wave, and the ids that are named.",
        )
    if not count:
        return []
    return [f"{counted(count, 'row')} left out for a missing value, wave or id."]


def _require_rows(waves: Waves, wave: str) -> None:
    counts = np.bincount(waves.codes, minlength=len(waves.labels))
    failures = [
        {"wave": label, "rows": int(count)}
        for label, count in zip(waves.labels, counts, strict=True)
        if count < FEWEST_IN_WAVE
    ]
    if failures:
        raise ModelError(
            f"A wave of {wave!r} needs at least {FEWEST_IN_WAVE} rows with a value: "
            f"{listed([repr(one['wave']) for one in failures])} "
            f"{'has' if len(failures) == 1 else 'have'} fewer.",
            hint="If the name of a wave is misspelt there, correct it; otherwise leave those rows "
            "out.",
            failures=failures,
        )


def _strangers(codes: Codes, person: str) -> tuple[Codes, list[str]]:
    """Make each row without an id a person of its own."""
    unknown = codes < 0
    count = int(unknown.sum())
    if not count:
        return codes, []
    found = codes.copy()
    found[unknown] = codes.max(initial=-1) + 1 + np.arange(count)
    return found, [
        f"{counted(count, 'row')} without a {person}: each counts as someone seen once."
    ]  # fmt: skip


def _require_once(codes: Codes, waves: Waves, person: str, wave: str) -> None:
    pairs, counts = np.unique(np.stack([codes, waves.codes]), axis=1, return_counts=True)
    twice = pairs[1][counts > 1]
    if not len(twice):
        return
    failures = [
        {"wave": waves.labels[one], f"{several(person)} with several rows": int(count)}
        for one, count in zip(*np.unique(twice, return_counts=True), strict=True)
    ]
    raise ModelError(
        f"The same {person} has several rows in one wave of {wave!r}.",
        hint="Keep one row of each person in a wave (are there copies?); where "
        "ids are of workers, give them as group=, not person=.",
        failures=failures,
    )


def _several_a_wave(levels: dict[str, Codes], waves: Waves) -> list[str]:
    """Say how many units have several rows in a wave; refuse where few do and most have one."""
    name, codes = next(iter(levels.items()))
    pairs, counts = np.unique(np.stack([codes, waves.codes]), axis=1, return_counts=True)
    doubled = pairs[1][counts > 1]
    if not len(doubled):
        return []
    units = len(np.unique(pairs[0][counts > 1]))
    if len(doubled) > MOST_DOUBLED * len(counts):
        return [
            f"{some(units, name)} {'has' if units == 1 else 'have'} "
            "several rows in one wave: read as answers of different people, whom nobody follows. "
            "Where the same people answered again, name their ids (person=, --person)."
        ]
    raise ModelError(
        f"Most {several(name)} have one row a wave; {some(units, name)} "
        f"{'has' if units == 1 else 'have'} several in one.",
        hint="Remove duplicates, so that each is there once a wave. If the rows are answers of "
        "different people, name the column of their ids (person=, --person); it may be empty "
        "where someone has none.",
        failures=[
            {"wave": waves.labels[one], f"{several(name)} with several rows": int(count)}
            for one, count in zip(*np.unique(doubled, return_counts=True), strict=True)
        ],
    )


def _nested(units: dict[str, Codes]) -> tuple[dict[str, Codes], list[str]]:
    """Make each unit belong to one unit of the level above; those that move count as several."""
    names = list(units)
    levels, notes = dict(units), []
    for inner, outer in zip(names[-2::-1], names[:0:-1], strict=True):
        pairs, codes = np.unique(
            np.stack([units[inner], levels[outer]]), axis=1, return_inverse=True
        )
        levels[inner] = codes.reshape(-1).astype(np.intp)
        moved = int((np.unique(pairs[0], return_counts=True)[1] > 1).sum())
        if moved:
            notes.append(
                f"{some(moved, inner)} {'is' if moved == 1 else 'are'} in more than one {outer} "
                "over the waves: each stay counts as one of its own."
            )
    return levels, notes


def _require_both_arms(trained: npt.NDArray[np.bool_], waves: Waves) -> None:
    failures = []
    for place, label in enumerate(waves.labels):
        here = waves.codes == place
        for name, arm in (("trained", trained), ("not trained", ~trained)):
            count = int((here & arm).sum())
            if count < FEWEST_IN_WAVE:
                failures.append({"wave": label, "of": name, "rows": count})
    if failures:
        raise ModelError(
            "Trained and others cannot be compared: both need at least "
            f"{FEWEST_IN_WAVE} rows in every wave.",
            hint="Leave out the waves where one of them is not seen, or do without trained=.",
            failures=failures,
        )


def find_baseline(waves: Waves, baseline: Any) -> int:
    """Return the place of the wave that others are compared with; the first if not given.

    Raises
    ------
    ModelError
        Where it is none of the waves before the last.
    """
    if baseline is None:
        return 0
    label = str(baseline)
    last = len(waves.labels) - 1
    if label not in waves.labels[:last]:
        near = suggestion(label, waves.labels[:last])
        guess = f"Did you mean {near!r}? " if near else ""
        raise ModelError(
            f"baseline={baseline!r} is not a wave before the last.",
            hint=f"{guess}Allowed: {listed(waves.labels[:last])}.",
        )
    return waves.labels.index(label)
