"""Look into plain content of unknown shape without stumbling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from relsurvey.documents import Fault, Place
from relsurvey.errors import listed, suggestion
from relsurvey.instruments.fields import plain_number

__all__ = ["entries", "ids_of", "mapping", "number", "pairs", "texts", "unknown"]


def mapping(value: Any) -> Mapping[str, Any]:
    """Return the value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def entries(value: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield place and entry for each mapping in a list."""
    for position, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, dict):
            yield (*place, position), entry


def pairs(value: Any, place: Place) -> Iterator[tuple[Place, str, Any]]:
    """Yield place, key and value of a mapping."""
    for key, entry in mapping(value).items():
        yield (*place, key), key, entry


def texts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield place and text for each text in a list."""
    for position, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, str):
            yield (*place, position), entry


def number(value: Any) -> float | None:
    """Return the value if it is a number (``true`` is none), else ``None``."""
    found = plain_number(value)
    return None if found is None else float(found)


def ids_of(value: Any) -> list[str]:
    """Return the ids in a list of mappings, in order."""
    return [entry["id"] for _, entry in entries(value, ()) if isinstance(entry.get("id"), str)]


def unknown(place: Place, name: str, what: str, known: Iterable[str]) -> Fault:
    """Return the fault of a name that is not among the known ones."""
    known = list(dict.fromkeys(known))
    near = suggestion(name, known)
    guess = f"; did you mean {near!r}?" if near else ""
    return Fault(place, f"{name!r}", f"the id of {what}: {listed(known) or 'there is none'}{guess}")
