"""Which item of one definition is which of another: by wording that is the same, or by id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from relsurvey.instruments import Instrument, Item, fold_label

__all__ = ["Operation", "Pair", "matched", "near_wordings", "same_wording", "shared_languages"]

Operation = Literal["kept", "reworded", "added", "dropped", "unclear"]

# Two wordings that share four fifths of their characters in order are worth a second look; the
# number only decides what is offered to the reader, never what is counted.
ALIKE = 0.8


@dataclass(frozen=True)
class Pair:
    """An item of A and what it is in B; one of them is missing where it was added or dropped."""

    a: Item | None
    b: Item | None

    @property
    def name(self) -> str:
        """The id in B, or in A where B does not have it."""
        item = self.b or self.a
        return item.id if item else ""

    @property
    def renamed(self) -> bool:
        """Whether both have it under ids that differ."""
        return self.a is not None and self.b is not None and self.a.id != self.b.id

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which both have a wording."""
        return () if self.a is None or self.b is None else shared_languages(self.a, self.b)

    @property
    def reworded_in(self) -> tuple[str, ...]:
        """The languages of ``languages`` in which the wording differs."""
        if self.a is None or self.b is None:
            return ()
        a, b = self.a.wording, self.b.wording
        return tuple(name for name in self.languages if fold_label(a[name]) != fold_label(b[name]))

    @property
    def operation(self) -> Operation:
        """What was done; ``unclear`` where only the id is the same and no wording can tell."""
        if self.a is None:
            return "added"
        if self.b is None:
            return "dropped"
        if self.languages:
            return "reworded" if self.reworded_in else "kept"
        return "kept" if fold_label(self.a.gist) == fold_label(self.b.gist) else "unclear"


def shared_languages(a: Item, b: Item) -> tuple[str, ...]:
    """Return the languages in which both items have a wording."""
    return tuple(language for language in a.wording if language in b.wording)


def same_wording(a: Item, b: Item) -> bool:
    """Say whether two items are worded alike in every language that both have, one at least."""
    pair = Pair(a, b)
    return bool(pair.languages) and not pair.reworded_in


def matched(a: Instrument, b: Instrument) -> list[Pair]:
    """Pair the items of two definitions, in the order of B; those that were dropped come last.

    An id with the same wording is the same item, and so is an id whose wordings cannot be
    compared. Then a wording that stands once on either side under another id is the same item,
    so that a list which was numbered anew is not taken for a list of new wordings. What is left
    is paired by its id. Nothing is paired because it is merely similar.
    """
    found: dict[str, Item] = {}

    def pair_up(by: Callable[[Item, Item], bool]) -> None:
        used = {item.id for item in found.values()}
        left_a = [item for item in a.items if item.id not in used]
        left_b = [item for item in b.items if item.id not in found]
        for item in left_b:
            candidates = [other for other in left_a if by(other, item)]
            # Two items with one wording cannot be told apart by it.
            if len(candidates) == 1 and sum(by(candidates[0], other) for other in left_b) == 1:
                found[item.id] = candidates[0]

    pair_up(lambda x, y: x.id == y.id and (same_wording(x, y) or not shared_languages(x, y)))
    pair_up(same_wording)
    pair_up(lambda x, y: x.id == y.id)
    used = {item.id for item in found.values()}
    pairs = [Pair(found.get(item.id), item) for item in b.items]
    return pairs + [Pair(item, None) for item in a.items if item.id not in used]


def near_wordings(item: Item, others: Sequence[Item]) -> list[str]:
    """Return the ids of items worded much like this one, to be looked at by a person."""
    return [other.id for other in others if _alike(item, other)]


def _alike(a: Item, b: Item) -> bool:
    languages = shared_languages(a, b)
    if not languages:
        return fold_label(a.gist) == fold_label(b.gist)
    return any(
        _near(fold_label(a.wording[name]), fold_label(b.wording[name])) for name in languages
    )


def _near(one: str, other: str) -> bool:
    match = SequenceMatcher(None, one, other, autojunk=False)
    # The first two are upper bounds of the third, and cost next to nothing.
    return all(
        ratio() >= ALIKE for ratio in (match.real_quick_ratio, match.quick_ratio, match.ratio)
    )
