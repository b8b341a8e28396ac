"""The members of a family beside each other, so that one order of workers serves them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.orders import Places
from relsurvey.association.resampling.score_form import ScoreForm, score_form
from relsurvey.errors import ModelError
from relsurvey.moments.groups import GroupSums
from relsurvey.personal import masked

__all__ = ["FamilyMember", "FamilyTable", "line_up"]

ABSENT = 2.0  # no score is larger than 1


@dataclass(frozen=True, slots=True, eq=False)
class FamilyMember:
    """One hypothesis of a family: does ``focus`` go with ``outcome``, given the other terms.

    Attributes
    ----------
    sums : GroupSums
        Its own sums, so that each outcome keeps the rows it has; workers are matched by id.
    outcome : str
        A column of ``sums``.
    terms : tuple of str
        All predictors of the model, ``focus`` among them.
    focus : str
        The predictor tested: one value for each worker.
    """

    sums: GroupSums
    outcome: str
    terms: tuple[str, ...]
    focus: str


@dataclass(frozen=True, slots=True, eq=False)
class FamilyTable:
    """k members over all U units that any of them has.

    Attributes
    ----------
    scores : numpy.ndarray
        Shape (U, k): the scores that change places; ``ABSENT`` where a member lacks the unit.
    blocks : numpy.ndarray of int
        Shape (U,): what they change places within.
    forms : tuple of ScoreForm
        One a member, of the units it has.
    places : tuple of numpy.ndarray
        One a member: where its units stand among the U.
    """

    scores: Floats
    blocks: Places
    forms: tuple[ScoreForm, ...]
    places: tuple[Places, ...]

    def statistics(self, orders: Places) -> Floats:
        """Return studentised slopes of every member (B, k) for orders (B, U)."""
        found = [
            form.statistics(column[_passed_over(orders, places, len(column))])
            for form, places, column in zip(self.forms, self.places, self.scores.T, strict=True)
        ]
        return np.stack(found, axis=1)

    def testable(self) -> npt.NDArray[np.bool_]:
        """Whether any two scores of a member that differ can change places, shape (k,)."""
        return np.array(
            [
                any(np.ptp(form.scores[form.blocks == block]) > 0 for block in set(form.blocks))
                for form in self.forms
            ]
        )


def _passed_over(orders: Places, places: Places, n_units: int) -> Places:
    """Return whose score each unit of a member has: the next in its order that the member has.

    Following a random order from unit to unit until one is reached that belongs to a part is a
    random order of that part, with all orders as likely.
    """
    here = orders[:, places]
    if len(places) == n_units:
        return here
    there = np.zeros(n_units, dtype=np.bool_)
    there[places] = True
    rows = np.arange(len(orders))[:, None]
    while not (known := there[here]).all():
        here = np.where(known, here, orders[rows, here])
    return here


def line_up(members: Sequence[FamilyMember], units: str) -> FamilyTable:
    """Fit each member without its predictor, and find each unit in all of them.

    Parameters
    ----------
    members : sequence of FamilyMember
        At least one.
    units : str
        As for ``score_form``.

    Returns
    -------
    FamilyTable
        Units in an order that does not depend on that of the rows.

    Raises
    ------
    ModelError
        Where a member's model cannot be fitted, or a worker is in different teams.
    """
    forms = [_form(member, units) for member in members]
    names = [_unit_ids(member.sums, units) for member in members]
    position: dict[object, int] = {}
    for ids in names:
        for name in ids:
            position.setdefault(name, len(position))
    blocks = _blocks(members, position, units)
    places = [np.array([position[name] for name in ids], dtype=np.intp) for ids in names]
    scores = np.full((len(position), len(members)), ABSENT)
    weight = np.zeros(len(position))
    for column, (form, place) in enumerate(zip(forms, places, strict=True)):
        scores[place, column] = form.scores
        weight[place] += form.linear
    order = np.lexsort([weight, *scores.T[::-1]])
    rank = np.argsort(order)
    placed = [np.argsort(rank[place]) for place in places]
    return FamilyTable(
        scores[order],
        blocks[order],
        tuple(form.reordered(line) for form, line in zip(forms, placed, strict=True)),
        tuple(np.sort(rank[place]) for place in places),
    )


def _form(member: FamilyMember, units: str) -> ScoreForm:
    try:
        return score_form(member.sums, member.outcome, member.terms, member.focus, units)
    except ModelError as error:
        raise ModelError(
            f"{member.outcome!r} by {member.focus!r}: {error.message}",
            hint=error.hint,
            failures=error.failure_rows,
        ) from error


def _unit_ids(sums: GroupSums, units: str) -> npt.NDArray[np.object_]:
    return sums.parent_ids if units == "teams" and sums.parent_ids is not None else sums.ids


def _blocks(members: Sequence[FamilyMember], position: dict[object, int], units: str) -> Places:
    """Return the team of each unit where scores stay within teams, otherwise one block."""
    blocks = np.zeros(len(position), dtype=np.intp)
    if units != "workers within teams":
        return blocks
    team_of: dict[object, object] = {}
    for member in members:
        sums = member.sums
        if sums.parents is None or sums.parent_ids is None:
            continue
        for name, team in zip(sums.ids, sums.parent_ids[sums.parents], strict=True):
            if team_of.setdefault(name, team) != team:
                shown = masked(name) if isinstance(name, str) else name
                raise ModelError(
                    f"{shown!r} is in different {sums.nested_in} in different members of the "
                    "family.",
                    hint="Give each worker the one team it mostly belongs to.",
                )
    numbers: dict[object, int] = {}
    for name, place in position.items():
        blocks[place] = numbers.setdefault(team_of[name], len(numbers))
    return blocks
