"""A tuple of things that have an id, found by position or by id."""

from __future__ import annotations

from types import GenericAlias
from typing import Any, Protocol, SupportsIndex, TypeVar, get_args, overload

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from relsurvey.errors import InstrumentError, listed, suggestion

__all__ = ["Catalogue"]


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


EntryT = TypeVar("EntryT", bound=_HasId)


class Catalogue(tuple[EntryT, ...]):
    """Items, scales or context questions of an instrument, in the order of its file.

    It is a tuple; beyond that, ``catalogue["RIA1"]`` finds the entry with that id,
    ``"RIA1" in catalogue`` asks for it, and ``catalogue.ids`` lists all ids.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> items = load_instrument("rpq-16").items
    >>> items["RIA1"] is items[0], "RIA9" in items, items.ids[:2]
    (True, False, ('RIA1', 'RIA2'))
    """

    __slots__ = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id, in order."""
        return tuple(entry.id for entry in self)

    @overload
    def __getitem__(self, key: SupportsIndex | str) -> EntryT: ...

    @overload
    def __getitem__(self, key: slice) -> tuple[EntryT, ...]: ...

    def __getitem__(self, key: SupportsIndex | slice | str) -> EntryT | tuple[EntryT, ...]:
        if not isinstance(key, str):
            return super().__getitem__(key)
        for entry in self:
            if entry.id == key:
                return entry
        near = suggestion(key, self.ids)
        guess = f"Did you mean {near!r}? " if near else ""
        raise InstrumentError(
            f"There is nothing with the id {key!r}.", hint=f"{guess}Known: {listed(self.ids)}."
        )

    def __contains__(self, key: object) -> bool:
        return key in self.ids if isinstance(key, str) else super().__contains__(key)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        plain = handler.generate_schema(GenericAlias(tuple, (*get_args(source), ...)))
        return core_schema.no_info_after_validator_function(cls, plain)
