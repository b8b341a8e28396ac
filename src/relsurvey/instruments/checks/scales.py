"""Whether each scale is made of things that exist, and can have the range it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.documents import Fault, Place
from relsurvey.instruments.checks.plain import (
    entries,
    ids_of,
    mapping,
    number,
    texts,
    unknown,
)

__all__ = ["scale_faults"]

Scales = Mapping[str, Mapping[str, Any]]


def scale_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield scales that name what is not there, or contradict themselves."""
    items = ids_of(content.get("items"))
    named = [(place, scale) for place, scale in entries(content.get("scales"), ("scales",))]
    by_id = {scale["id"]: scale for _, scale in named if isinstance(scale.get("id"), str)}
    special = mapping(content.get("response_scale")).get("not_applicable")
    for place, scale in named:
        yield from _made_of_faults(scale, place)
        yield from _member_faults(scale, place, "items", "an item", items)
        yield from _member_faults(scale, place, "scales", "a scale", list(by_id))
        yield from _composite_faults(scale, place, by_id)
        yield from _minimum_answered_faults(scale, place, by_id)
        yield from _range_faults(scale, place, by_id, content)
        yield from _not_applicable_faults(scale, place, declared=bool(special))
    yield from _membership_faults(content, by_id)


def members(scale: Mapping[str, Any], key: str) -> list[str]:
    """Return the ids a scale names under ``items`` or ``scales``."""
    return [name for _, name in texts(scale.get(key), ())]


def items_of(scale: Mapping[str, Any], by_id: Scales) -> list[str]:
    """Return the items of a scale, those of a composite's scales included."""
    inner = [
        item for name in members(scale, "scales") for item in members(by_id.get(name, {}), "items")
    ]
    return members(scale, "items") or inner


def _made_of_faults(scale: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    has_items, has_scales = bool(scale.get("items")), bool(scale.get("scales"))
    if has_items == has_scales:
        found = "both 'items' and 'scales'" if has_items else "neither 'items' nor 'scales'"
        yield Fault(place, found, "exactly one of the two")
    if has_scales and not has_items and "composite_of" not in scale:
        yield Fault(
            (*place, "scales"),
            "a composite without 'composite_of'",
            "composite_of: items (all items together) or scores (the scores of the scales)",
        )
    if not has_scales:
        for key in ("composite_of", "every_scale_scored"):
            if scale.get(key):
                yield Fault((*place, key), repr(scale[key]), "only where 'scales' are named")


def _member_faults(
    scale: Mapping[str, Any], place: Place, key: str, what: str, known: list[str]
) -> Iterator[Fault]:
    seen: set[str] = set()
    for where, name in texts(scale.get(key), (*place, key)):
        if name not in known:
            yield unknown(where, name, what, known)
        elif name in seen:
            yield Fault(where, f"{name!r} a second time", "each once")
        seen.add(name)


def _composite_faults(scale: Mapping[str, Any], place: Place, by_id: Scales) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for where, name in texts(scale.get("scales"), (*place, "scales")):
        member = by_id.get(name, {})
        if member.get("scales") and not member.get("items"):
            yield Fault(where, f"{name!r}, a composite itself", "scales that are made of items")
        for item in dict.fromkeys(members(member, "items")):
            if owners.setdefault(item, name) != name and scale.get("composite_of") == "items":
                yield Fault(
                    where, f"{name!r} with {item}", f"items once; {owners[item]} has it too"
                )


def _minimum_answered_faults(
    scale: Mapping[str, Any], place: Place, by_id: Scales
) -> Iterator[Fault]:
    rule = scale.get("minimum_answered")
    if not isinstance(rule, dict):
        return
    where = (*place, "minimum_answered")
    if ("count" in rule) == ("share" in rule):
        found = "both 'count' and 'share'" if "count" in rule else "neither 'count' nor 'share'"
        yield Fault(where, found, 'exactly one, such as {count: 3} or {share: "2/3", at_least: 3}')
    if "at_least" in rule and "share" not in rule:
        yield Fault((*where, "at_least"), repr(rule["at_least"]), "only beside 'share'")
    of_scores = scale.get("composite_of") == "scores"
    size = len(members(scale, "scales") if of_scores else items_of(scale, by_id))
    for key in ("count", "at_least"):
        least = number(rule.get(key))
        if least is not None and size and least > size:
            thing = "scales" if of_scores else "items"
            yield Fault((*where, key), f"{least:g}", f"at most {size}, the number of {thing}")


def _range_faults(
    scale: Mapping[str, Any], place: Place, by_id: Scales, content: Mapping[str, Any]
) -> Iterator[Fault]:
    response = mapping(content.get("response_scale"))
    expected = _score_range(scale, by_id, response, ids_of(content.get("items")))
    if expected is None:
        return
    for key, end in zip(("minimum", "maximum"), expected, strict=True):
        said = number(scale.get(key))
        if said is not None and abs(said - end) > 1e-9:
            yield Fault(
                (*place, key),
                f"{said:g}",
                f"{end:g}, which follows from the response scale and method {scale['method']!r}",
            )


def _score_range(
    scale: Mapping[str, Any], by_id: Scales, response: Mapping[str, Any], known: list[str]
) -> tuple[float, float] | None:
    """Return the range a score has, ``None`` where it cannot be told."""
    method = scale.get("method")
    if method not in ("mean", "sum"):
        return None
    if scale.get("composite_of") == "scores":
        parts = [by_id.get(name, {}) for name in members(scale, "scales")]
    else:
        parts = [response] * len(items_of(scale, by_id))
        if not set(items_of(scale, by_id)) <= set(known):
            return None
    lows = [number(part.get("minimum")) for part in parts]
    highs = [number(part.get("maximum")) for part in parts]
    if not parts or None in lows or None in highs:
        return None
    low, high = sum(filter(None, lows)), sum(filter(None, highs))
    count = len(parts) if method == "mean" else 1
    return low / count, high / count


def _not_applicable_faults(
    scale: Mapping[str, Any], place: Place, *, declared: bool
) -> Iterator[Fault]:
    first = scale.get("not_applicable", "excluded")
    for key in ("not_applicable", "not_applicable_second"):
        if scale.get(key) not in (None, "excluded") and not declared:
            yield Fault(
                (*place, key),
                repr(scale[key]),
                "only where response_scale.not_applicable declares such an answer",
            )
    if scale.get("not_applicable_second") == first:
        yield Fault((*place, "not_applicable_second"), repr(first), "a rule other than the first")


def _membership_faults(content: Mapping[str, Any], by_id: Scales) -> Iterator[Fault]:
    used = {item for scale in by_id.values() for item in members(scale, "items")}
    for place, item in entries(content.get("items"), ("items",)):
        name = item.get("id")
        if not isinstance(name, str):
            continue
        if name not in used and item.get("scored") is not False:
            yield Fault(
                (*place, "id"),
                f"{name!r}, which is on no scale",
                "an item of a scale, or 'scored: false' beside it",
            )
        if name in used and item.get("scored") is False:
            yield Fault((*place, "scored"), f"false, but {name} is on a scale", "true")
