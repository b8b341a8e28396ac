"""Whether the factor models are made of items that exist, and are of the kind they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.documents import Fault, Place
from relsurvey.instruments.checks.plain import ids_of, mapping, pairs, texts, unknown

__all__ = ["model_faults"]


def model_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield models that name what is not there, or are not of their kind."""
    items = ids_of(content.get("items"))
    for place, _, model in pairs(content.get("models"), ("models",)):
        if isinstance(model, dict):
            yield from _known(model, place, items)
            yield from _factor_names(model, place, items)
            yield from _kind(model, place)
            yield from _overlap(model, place)


def _known(model: Mapping[str, Any], place: Place, items: list[str]) -> Iterator[Fault]:
    factors = list(mapping(model.get("factors")))
    kinds = (
        ("factors", "an item", items),
        ("method_factors", "an item", items),
        ("second_order", "a factor of this model", factors),
    )
    for key, what, known in kinds:
        for where, _, members in pairs(model.get(key), (*place, key)):
            if members == []:
                yield Fault(where, "nothing on it", f"at least {what}")
            seen: set[str] = set()
            for at, name in texts(members, where):
                if name not in known:
                    yield unknown(at, name, what, known)
                elif name in seen:
                    yield Fault(at, f"{name!r} a second time", "each once")
                seen.add(name)


def _factor_names(model: Mapping[str, Any], place: Place, items: list[str]) -> Iterator[Fault]:
    taken = dict.fromkeys(items, "an item")
    for key in ("factors", "second_order", "method_factors"):
        for where, name, _ in pairs(model.get(key), (*place, key)):
            if name in taken:
                yield Fault(where, repr(name), f"a name of its own; it is that of {taken[name]}")
            taken[name] = "another factor"


def _kind(model: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    kind, count = model.get("kind"), len(mapping(model.get("factors")))
    least = {"correlated": 2, "second_order": 2, "bifactor": 3}
    if kind == "one_factor" and count > 1:
        yield Fault((*place, "factors"), f"{count} factors", "one factor, or another kind")
    if isinstance(kind, str) and 0 < count < least.get(kind, 1):
        yield Fault((*place, "factors"), f"{count} factors", f"at least {least[kind]} for {kind}")
    if (kind == "second_order") != bool(model.get("second_order")):
        yield Fault(
            (*place, "second_order") if model.get("second_order") else (*place, "kind"),
            repr(kind),
            "'second_order' as a kind and as a key, both or neither",
        )


def _overlap(model: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    """Yield items on two factors; in a bifactor model one factor, the general, has them all."""
    factors = mapping(model.get("factors"))
    on = {name: {item for _, item in texts(factors[name], ())} for name in factors}
    everything = set().union(*on.values())
    general = [name for name in on if on[name] == everything]
    if model.get("kind") == "bifactor":
        if len(general) != 1:
            found = "no factor" if not general else f"{len(general)} factors"
            yield Fault((*place, "factors"), f"{found} with every item", "one, the general factor")
            return
        factors = {name: factors[name] for name in factors if name != general[0]}
    owners: dict[str, str] = {}
    for name in factors:
        for where, item in texts(factors[name], (*place, "factors", name)):
            if owners.setdefault(item, name) != name:
                yield Fault(where, repr(item), f"an item on one factor; {owners[item]} has it")
