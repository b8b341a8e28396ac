"""What no exact rule has found: the items without a column, and the columns without an item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from relsurvey.intake.matching.headings import Headings

__all__ = ["Unmatched", "only_matches"]


@dataclass(frozen=True)
class Unmatched:
    """What is left to be matched by nearly the wording.

    Attributes
    ----------
    index : Headings
        The columns.
    wanted : mapping of str to sequence of str
        Folded wordings of the items without a column.
    rivals : mapping of str to sequence of str
        Those of all other items and questions: what could be theirs as well is left alone.
    taken : collection of int
        Columns that are something else already.
    """

    index: Headings
    wanted: Mapping[str, Sequence[str]]
    rivals: Mapping[str, Sequence[str]]
    taken: Collection[int]

    @property
    def all(self) -> dict[str, Sequence[str]]:
        """The wordings of the rivals and of the wanted."""
        return {**self.rivals, **self.wanted}

    def free_texts(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the folded texts of each column that is nothing else."""
        for place, texts in self.index.texts.items():
            if place not in self.taken:
                yield place, texts


def only_matches(claims: Mapping[str, Collection[int]]) -> Iterator[tuple[str, int]]:
    """Yield the names that claim one place only, and one that no other name claims."""
    claimants: defaultdict[int, int] = defaultdict(int)
    for places in claims.values():
        for place in places:
            claimants[place] += 1
    for name, places in claims.items():
        for place in places:
            if len(places) == 1 and claimants[place] == 1:
                yield name, place
