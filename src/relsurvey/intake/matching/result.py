"""Which columns are what, as far as it is clear, and where it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relsurvey.intake.matching.headings import ColumnMatch, Headings
from relsurvey.intake.matching.likeness import like_columns

__all__ = ["Matching"]


@dataclass(frozen=True)
class Matching:
    """Which columns are what, as far as it is clear.

    Attributes
    ----------
    index : Headings
        The columns.
    items, others : list of ColumnMatch
        Scored items; unscored items and context questions.
    misses : dict of str to list of int
        Columns by item, where none or several were found.
    crossed : dict of str to (ColumnMatch, str)
        Columns that are named after an item and ask another, and which.
    asked : tuple of ColumnMatch
        Columns that hold ids.
    column_map : mapping of str to str
        Headings that were named for items.
    wordings : mapping of str to sequence of str
        Folded wordings of all items and questions.
    """

    index: Headings
    items: list[ColumnMatch]
    others: list[ColumnMatch]
    misses: dict[str, list[int]]
    crossed: dict[str, tuple[ColumnMatch, str]]
    asked: tuple[ColumnMatch, ...]
    column_map: Mapping[str, str]
    wordings: Mapping[str, Sequence[str]]

    @property
    def taken(self) -> set[int]:
        """Columns that are something."""
        return {match.position for match in (*self.items, *self.others, *self.asked)}

    @property
    def claimed_twice(self) -> list[list[ColumnMatch]]:
        """What claims one column together, where only one may.

        A column may be an id and be kept as context, or be two ids; but no item as well.
        """
        claims: defaultdict[int, list[ColumnMatch]] = defaultdict(list)
        for match in (*self.items, *self.others):
            claims[match.position].append(match)
        answered = {match.position for match in self.items}
        for match in self.asked:
            if match.position in answered:
                claims[match.position].append(match)
        return [claim for claim in claims.values() if len(claim) > 1]

    @property
    def is_clear(self) -> bool:
        """Whether nothing stops the reading."""
        return not (self.unclear or self.claimed_twice)

    @property
    def unclear(self) -> set[str]:
        """Items and questions that have no column, or several, or one that asks another."""
        return {*self.misses, *self.crossed}

    def likely(self, name: str) -> list[tuple[int, float]]:
        """Return the columns that an item without one may be, with the likeness in percent.

        The likeness is 0 where it is not the wording that is alike.
        """
        if name in self.column_map:
            return [(place, 0.0) for place in self.index.near([self.column_map[name]], self.taken)]
        like = like_columns(self.index, self.wordings.get(name, ()), self.taken)
        return like or [(place, 0.0) for place in self.index.near([name], self.taken)]
