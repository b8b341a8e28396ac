"""Every id once, and no two columns of a table of answers or scores with one name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.documents import Fault, Place
from relsurvey.instruments.checks.plain import entries, mapping

__all__ = ["id_faults"]

# Columns every table of answers has beside the items.
_RESERVED = ("respondent_id", "worker_id", "team", "wave", "row")
_SUFFIXES = {"pomp": "_pomp", "top_box": "_top_box"}


def id_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield ids that stand twice, or that would name two columns alike."""
    taken = dict.fromkeys(_RESERVED, "a column that every table of answers has")
    for key, what in (("items", "an item"), ("context", "a context question")):
        for place, entry in entries(content.get(key), (key,)):
            yield from _once(taken, entry.get("id"), (*place, "id"), what)
    for place, scale in entries(content.get("scales"), ("scales",)):
        yield from _once(taken, scale.get("id"), (*place, "id"), "a scale")
    for place, scale in entries(content.get("scales"), ("scales",)):
        for column in _derived(scale):
            if column.casefold() in taken:
                owner = taken[column.casefold()]
                yield Fault(
                    (*place, "id"),
                    repr(scale["id"]),
                    f"an id whose column {column!r} is free; it is the name of {owner}",
                )
    changes = mapping(content.get("adaptation")).get("changes")
    own: dict[str, str] = {}
    for place, change in entries(changes, ("adaptation", "changes")):
        yield from _once(own, change.get("id"), (*place, "id"), "a change")


def _once(taken: dict[str, str], name: Any, place: Place, what: str) -> Iterator[Fault]:
    if not isinstance(name, str):
        return
    folded = name.casefold()
    if folded in taken:
        yield Fault(place, repr(name), f"each id once (capitals apart); it names {taken[folded]}")
    taken.setdefault(folded, f"{what} already")


def _derived(scale: Mapping[str, Any]) -> list[str]:
    name = scale.get("id")
    if not isinstance(name, str):
        return []
    suffixes = ["_answered", *(end for key, end in _SUFFIXES.items() if scale.get(key) is True)]
    return [name + suffix for suffix in suffixes]
