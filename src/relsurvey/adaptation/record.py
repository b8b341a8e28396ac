"""The adaptation record of B, held against what the comparison itself sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from relsurvey.adaptation.matching import Pair
from relsurvey.errors import listed
from relsurvey.instruments import AdaptedItem, Change, Instrument, fold_label

__all__ = ["contradictions", "reason_of", "throughout"]

_SEEN = {
    "kept": "the same in A",
    "reworded": "worded otherwise in A",
    "added": "not in A",
}


def throughout(a: Instrument, b: Instrument) -> list[Change]:
    """Return the changes B records throughout, without those that A records already."""
    if b.adaptation is None:
        return []
    known = a.adaptation.changes if _same_original(a, b) and a.adaptation else ()
    return [change for change in b.adaptation.changes if change not in known]


def reason_of(a: Instrument, b: Instrument, pair: Pair) -> str:
    """Return why B says that it did this to an item; empty where it says nothing."""
    entry = _entry(a, b, pair)
    if entry is None or b.adaptation is None:
        return ""
    named = [b.adaptation.changes[name].change for name in entry.changes]
    return " ".join(
        f"{text[:1].upper()}{text[1:].rstrip(' .')}."
        for text in (entry.reason, *named)
        if text.strip(" .")
    )


def contradictions(a: Instrument, b: Instrument, pairs: Sequence[Pair]) -> list[str]:
    """Say where the record and the comparison do not agree; neither is taken for the truth."""
    if b.adaptation is None:
        return list(_swapped(a, b))
    clashes: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        entry = _entry(a, b, pair) or _kept_in_both(b, pair)
        if entry is not None and _clash(entry, pair):
            clashes.setdefault((entry.operation, pair.operation), []).append(pair.name)
    found = [
        f"B's adaptation record says {said} of {listed(names, 30)}, but "
        f"{'it is' if len(names) == 1 else 'they are'} {_SEEN[seen]}. Look which of the two is "
        "right."
        for (said, seen), names in clashes.items()
    ]
    if found and not _names(b.adaptation.original, a):
        found.append(
            f"B's record says that B was made from {b.adaptation.original!r}, which is not the "
            f"id or title of A ({a.id}): the record may speak of another questionnaire."
        )
    return found


def _entry(a: Instrument, b: Instrument, pair: Pair) -> AdaptedItem | None:
    """Return what B records of an item, unless A records the very same of it.

    Then both were made from one original, and the entry tells of that, not of the way from A
    to B.
    """
    if pair.b is None or b.adaptation is None:
        return None
    entry = _find(b.adaptation.items, pair.b.id)
    if entry is None or pair.a is None or a.adaptation is None or not _same_original(a, b):
        return entry
    inherited = _find(a.adaptation.items, pair.a.id)
    renamed = inherited and inherited.model_copy(update={"item": entry.item})
    return None if renamed == entry else entry


def _kept_in_both(b: Instrument, pair: Pair) -> AdaptedItem | None:
    """Return an entry that says kept of a wording that differs, though A says the same of it.

    Two wordings that differ cannot both be the original's.
    """
    if pair.operation != "reworded" or pair.b is None or b.adaptation is None:
        return None
    entry = _find(b.adaptation.items, pair.b.id)
    return entry if entry is not None and entry.operation == "kept" else None


def _find(entries: Iterable[AdaptedItem], name: str) -> AdaptedItem | None:
    return next((entry for entry in entries if entry.item == name), None)


def _clash(entry: AdaptedItem, pair: Pair) -> bool:
    # Without a wording on both sides, kept and reworded cannot be told apart.
    told = "added" in (pair.operation, entry.operation) or bool(pair.languages)
    return told and pair.operation in _SEEN and entry.operation != pair.operation


def _same_original(a: Instrument, b: Instrument) -> bool:
    if a.adaptation is None or b.adaptation is None:
        return False
    return fold_label(a.adaptation.original) == fold_label(b.adaptation.original)


def _names(original: str, instrument: Instrument) -> bool:
    text = fold_label(original)
    return any(
        fold_label(name) in text
        for name in (instrument.id, instrument.title, instrument.short_title)
    )


def _swapped(a: Instrument, b: Instrument) -> Iterator[str]:
    if a.adaptation is not None and _names(a.adaptation.original, b):
        yield (
            f"A records that it was made from {a.adaptation.original!r}, and B records nothing: "
            "name the original first and the adaptation second to have its reasons."
        )
