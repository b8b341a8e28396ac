"""Whether the series, bands, published figures and adaptation records speak of what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.documents import Fault
from relsurvey.errors import listed
from relsurvey.instruments.checks.plain import entries, ids_of, mapping, number, texts, unknown

__all__ = ["record_faults"]


def record_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield records that name an unknown item, scale, model, sub-scale or change."""
    yield from _series_faults(content)
    yield from _band_faults(content)
    yield from _published_faults(content)
    yield from _adaptation_faults(content)


def _series_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    own = {
        scale["id"]: [name for _, name in texts(scale.get("items"), ())]
        for _, scale in entries(content.get("scales"), ())
        if isinstance(scale.get("id"), str) and scale.get("items")
    }
    for place, series in entries(content.get("series"), ("series",)):
        name, scale = series.get("id"), series.get("scale")
        if isinstance(scale, str) and scale not in own:
            yield unknown((*place, "scale"), scale, "a scale that names items", own)
        elif isinstance(scale, str) and isinstance(name, str):
            numbered = [f"{name}{k}" for k in range(1, len(own[scale]) + 1)]
            if own[scale] != numbered:
                found = f"{name!r}, while {scale} has {listed(own[scale])}"
                yield Fault((*place, "id"), found, f"items numbered from 1: {listed(numbered)}")


def _band_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    scales = {
        scale["id"]: scale
        for _, scale in entries(content.get("scales"), ())
        if isinstance(scale.get("id"), str)
    }
    for place, band in entries(content.get("bands"), ("bands",)):
        name = band.get("scale")
        if not isinstance(name, str):
            continue
        if name not in scales:
            yield unknown((*place, "scale"), name, "a scale", scales)
            continue
        low, high = number(scales[name].get("minimum")), number(scales[name].get("maximum"))
        for key in ("minimum", "maximum"):
            end = number(band.get(key))
            if None not in (low, high, end) and not low <= end <= high:  # type: ignore[operator]
                yield Fault((*place, key), f"{end:g}", f"from {low:g} to {high:g}, as {name} goes")
        first, last = number(band.get("minimum")), number(band.get("maximum"))
        if first is not None and last is not None and first >= last:
            yield Fault((*place, "maximum"), f"{last:g}", f"more than the minimum, {first:g}")


def _published_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    known = {
        "scale": ids_of(content.get("scales")),
        "model": list(mapping(content.get("models"))),
    }
    for place, figure in entries(content.get("published"), ("published",)):
        for key, names in known.items():
            name = figure.get(key)
            if isinstance(name, str) and name not in names:
                yield unknown((*place, key), name, f"a {key}", names)
        given = [key for key in ("value", "low", "finding") if figure.get(key) not in (None, "")]
        if len(given) != 1 or ("low" in figure) != ("high" in figure):
            yield Fault(
                place, ", ".join(given) or "no figure", "one of: value; low and high; finding"
            )
        low, high = number(figure.get("low")), number(figure.get("high"))
        if low is not None and high is not None and low > high:
            yield Fault((*place, "high"), f"{high:g}", f"at least {low:g}, the low end")


def _adaptation_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    record = mapping(content.get("adaptation"))
    items, changes = ids_of(content.get("items")), ids_of(record.get("changes"))
    subscales = list(mapping(record.get("subscales")))
    seen: set[str] = set()
    for place, entry in entries(record.get("items"), ("adaptation", "items")):
        for key, what, names in (
            ("item", "an item", items),
            ("subscale", "a sub-scale of the original", subscales),
        ):
            name = entry.get(key)
            if isinstance(name, str) and name not in names:
                yield unknown((*place, key), name, what, names)
        name = entry.get("item")
        if isinstance(name, str) and name in seen:
            yield Fault((*place, "item"), f"{name!r} a second time", "one record an item")
        seen.add(str(name))
        for where, change in texts(entry.get("changes"), (*place, "changes")):
            if change not in changes:
                yield unknown(where, change, "a change", changes)
