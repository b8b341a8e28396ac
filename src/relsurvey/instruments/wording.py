"""Wording packs: wordings a user holds under licence, joined to an instrument when it is loaded.

A pack is read, joined in memory and used to find columns by their wording and to show items to
the person who holds it. Nothing here writes it anywhere, and a dump of an instrument leaves every
wording out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from relsurvey.errors import InstrumentError, listed, suggestion
from relsurvey.instruments.catalogue import Catalogue
from relsurvey.instruments.fields import is_locale
from relsurvey.instruments.items import Item, Series
from relsurvey.instruments.schema import Instrument
from relsurvey.instruments.wording_files import Entry, entries_of

__all__ = ["WordingPack", "load_wording", "with_wording"]


@dataclass(frozen=True)
class WordingPack:
    """The wordings of one file.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    entries : tuple
        Item id, locale, wording and line, as they stand in the file.
    """

    path: Path
    entries: tuple[Entry, ...] = field(repr=False)

    @property
    def wordings(self) -> dict[str, dict[str, str]]:
        """The wordings by item id and language."""
        found: dict[str, dict[str, str]] = {}
        for entry in self.entries:
            found.setdefault(entry.item, {})[entry.locale] = entry.wording
        return found


def load_wording(path: str | os.PathLike[str], instrument: Instrument | None = None) -> WordingPack:
    """Read a wording pack.

    Parameters
    ----------
    path : str or path
        A CSV (comma, semicolon or tab; columns ``item``, ``locale``, ``wording``; ``gist`` and
        ``note`` are passed over) or a YAML file (``wording:`` with item ids, below each its
        languages, and if wanted ``source:`` and ``licence:``).
    instrument : Instrument, optional
        The instrument it is for, so that unknown item ids are told with all other faults.

    Returns
    -------
    WordingPack
        To be given to `with_wording`.

    Raises
    ------
    InstrumentError
        Where the file cannot be read, an id is unknown or leaves out a number of its series, a
        wording is blank, a language is no
        language tag, or an item has two wordings in one language; every fault is in
        ``.failures`` with ``file, line, item, locale, fault``.
    """
    path = Path(path)
    pack = WordingPack(path, tuple(entries_of(path)))
    _raise_faults(pack, instrument)
    return pack


def with_wording(instrument: Instrument, pack: WordingPack | str | os.PathLike[str]) -> Instrument:
    """Join a wording pack to an instrument.

    Parameters
    ----------
    instrument : Instrument
        Stays as it is.
    pack : WordingPack, str or path
        The pack, or its file.

    Returns
    -------
    Instrument
        A new one with the pack's wordings added (in place of its own where both have one), and
        the pack's languages among its own. Gists, id, version and digest are unchanged. Where the
        pack names further items of a series, they are added to its scale; then the digest is
        another one.

    Raises
    ------
    InstrumentError
        As in `load_wording`.
    """
    if isinstance(pack, WordingPack):
        _raise_faults(pack, instrument)
    else:
        pack = load_wording(pack, instrument)
    wordings = pack.wordings
    locales = (locale for by_locale in wordings.values() for locale in by_locale)

    def joined(asked: Any) -> Any:
        wording = {**asked.wording, **wordings.get(asked.id, {})}
        return asked.model_copy(update={"wording": wording})

    instrument = _with_further(instrument, pack)
    return instrument.model_copy(
        update={
            "items": Catalogue(map(joined, instrument.items)),
            "context": Catalogue(map(joined, instrument.context)),
            "languages": tuple(dict.fromkeys((*instrument.languages, *locales))),
        }
    )


def _with_further(instrument: Instrument, pack: WordingPack) -> Instrument:
    """Add the items of a series that the pack names and the instrument does not have."""
    items, scales = list(instrument.items), list(instrument.scales)
    for series in instrument.series:
        further = _further(series, instrument, pack)
        place = instrument.scales.ids.index(series.scale)
        last = items.index(instrument.items[scales[place].items[-1]])
        items[last + 1 : last + 1] = [
            Item(id=f"{series.id}{number}", gist=f"{series.gist} {number}", reverse=False)
            for number in further
        ]
        ids = (*scales[place].items, *(f"{series.id}{number}" for number in further))
        scales[place] = scales[place].model_copy(update={"items": ids})
    if len(items) == len(instrument.items):
        return instrument
    extended = instrument.model_copy(
        update={"items": Catalogue(items), "scales": Catalogue(scales)}
    )
    # Another content than that of the file: its digest is that of what is used.
    extended._digest = ""
    return extended


def _further(series: Series, instrument: Instrument, pack: WordingPack) -> list[int]:
    """Return the numbers of a series that the pack names and the instrument does not have."""
    numbers = {series.number_of(entry.item) for entry in pack.entries} - {None}
    own = {series.number_of(item) for item in instrument.items_of(series.scale)}
    return sorted(number for number in numbers - own if number is not None)


def _raise_faults(pack: WordingPack, instrument: Instrument | None) -> None:
    faults = list(_faults(pack, instrument))
    if not faults and not pack.entries:
        faults = [{"file": pack.path.name, "fault": "it holds no wording"}]
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        target = f" for {instrument.id}" if instrument else ""
        raise InstrumentError(
            f"{pack.path.name} is not a valid wording pack{target}: {count}.",
            hint="A pack has one wording for each item id and language.",
            failures=faults,
        )


def _faults(pack: WordingPack, instrument: Instrument | None) -> Iterator[Mapping[str, Any]]:
    known = (*instrument.items.ids, *instrument.context.ids) if instrument else None
    gaps = dict(_gaps(pack, instrument)) if instrument else {}
    if known is not None and instrument is not None:
        known += tuple(
            f"{series.id}{number}"
            for series in instrument.series
            for number in _further(series, instrument, pack)
        )
    right = [one for one in known or () if one not in gaps]
    first: dict[tuple[str, str], int] = {}
    for entry in pack.entries:
        faults = []
        if known is not None and entry.item not in known:
            near = suggestion(entry.item, right)
            guess = f"did you mean {near!r}?" if near else f"known: {listed(right)}"
            faults.append(f"unknown item id; {guess}")
        elif not entry.item:
            faults.append("no item id")
        if entry.item in gaps:
            faults.append(f"{gaps[entry.item]} is missing before it")
        if not is_locale(entry.locale):
            faults.append("the locale is not a language tag such as en-GB")
        if not entry.wording.strip():
            faults.append("the wording is blank")
        key = (entry.item, entry.locale)
        if first.setdefault(key, entry.line) != entry.line:
            faults.append(f"a second wording; the first is on line {first[key]}")
        for fault in faults:
            place = {"file": pack.path.name, "line": entry.line}
            yield {**place, "item": entry.item, "locale": entry.locale, "fault": fault}


def _gaps(pack: WordingPack, instrument: Instrument) -> Iterator[tuple[str, str]]:
    """Yield further items of a series before which a number is left out, and that one."""
    for series in instrument.series:
        expected = len(instrument.items_of(series.scale)) + 1
        for number in _further(series, instrument, pack):
            if number != expected:
                yield f"{series.id}{number}", f"{series.id}{expected}"
            expected = number + 1
