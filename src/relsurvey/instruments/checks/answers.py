"""Whether the codes and labels of the response scale tell every answer apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.documents import Fault, Place
from relsurvey.instruments.checks.plain import entries, mapping, number, pairs, texts
from relsurvey.instruments.labels import fold_label

__all__ = ["answer_faults"]


def answer_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield codes and labels that are off the scale or not told apart."""
    scale = mapping(content.get("response_scale"))
    place: Place = ("response_scale",)
    yield from _range_faults(scale, place)
    yield from _order_faults(scale.get("codes"), (*place, "codes"))
    yield from _label_faults(scale, place)
    if any(item.get("reverse") is True for _, item in entries(content.get("items"), ())):
        yield from _mirror_faults(scale, place)
    for where, question in entries(content.get("context"), ("context",)):
        yield from _order_faults(question.get("codes"), (*where, "codes"), ascending=False)
        yield from _label_faults(question, where)
        if (question.get("answer") == "choice") != bool(question.get("codes")):
            yield Fault(
                (*where, "answer"),
                repr(question.get("answer")),
                "'choice' with codes, or another kind of answer without",
            )


def _values(codes: Any, place: Place) -> list[tuple[Place, float]]:
    found = [
        ((*where, "value"), number(code.get("value"))) for where, code in entries(codes, place)
    ]
    return [(where, value) for where, value in found if value is not None]


def _range_faults(scale: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    low, high = number(scale.get("minimum")), number(scale.get("maximum"))
    if low is None or high is None:
        return
    if low >= high:
        yield Fault((*place, "maximum"), f"{high:g}", f"more than the minimum, {low:g}")
        return
    values = _values(scale.get("codes"), (*place, "codes"))
    for where, value in values:
        if not low <= value <= high:
            yield Fault(where, f"{value:g}", f"a value from {low:g} to {high:g}")
    inside = [value for _, value in values if low <= value <= high]
    for key, end, code in (("minimum", low, min), ("maximum", high, max)):
        if inside and code(inside) != end:
            word = "lowest" if key == "minimum" else "highest"
            yield Fault((*place, key), f"{end:g}", f"the {word} code, which is {code(inside):g}")


def _order_faults(codes: Any, place: Place, *, ascending: bool = True) -> Iterator[Fault]:
    seen: set[float] = set()
    last = None
    for where, value in _values(codes, place):
        if value in seen:
            yield Fault(where, f"{value:g} a second time", "each code once")
        elif ascending and last is not None and value < last:
            yield Fault(where, f"{value:g} after {last:g}", "codes from lowest to highest")
        seen.add(value)
        last = value


def _mirror_faults(scale: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    """Yield codes whose reverse is no code: a reverse-keyed answer would fall beside the scale."""
    low, high = number(scale.get("minimum")), number(scale.get("maximum"))
    if low is None or high is None:
        return
    values = _values(scale.get("codes"), (*place, "codes"))
    known = {value for _, value in values}
    if not known or (low, high) != (min(known), max(known)):
        return  # the range is at fault, and told so
    for where, value in values:
        if low <= value <= high and low + high - value not in known:
            yield Fault(
                where,
                f"{value:g}, which reversed is {low + high - value:g}",
                "codes that mirror each other, because some items are reverse-keyed",
            )


def _label_faults(scale: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    """Yield texts that an export may hold and that would stand for two answers."""
    codes = list(entries(scale.get("codes"), (*place, "codes")))
    owners = {
        f"{value:g}": where[:-1] for where, value in _values(scale.get("codes"), (*place, "codes"))
    }
    special = [
        pair
        for key in ("not_applicable", "missing")
        for pair in entries(scale.get(key), (*place, key))
    ]
    for where, code in special:
        if isinstance(code.get("code"), str):
            yield from _claim(owners, code["code"], where, (*where, "code"))
    for where, code in codes + special:
        for label_place, _, text in pairs(code.get("label"), (*where, "label")):
            yield from _claim(owners, text, where, label_place)
        for alias_place, text in texts(code.get("aliases"), (*where, "aliases")):
            yield from _claim(owners, text, where, alias_place)


def _claim(owners: dict[str, Place], text: Any, owner: Place, place: Place) -> Iterator[Fault]:
    if not isinstance(text, str):
        return
    first = owners.setdefault(_comparable(text), owner)
    if first != owner:
        key, position = first[-2], first[-1]
        yield Fault(
            place,
            repr(text),
            "a text of its own (capitals, spaces and invisible characters do not count); "
            f"{key}[{position}] has it",
        )


def _comparable(text: str) -> str:
    folded = fold_label(text)
    try:
        return f"{float(folded):g}"
    except ValueError:
        return folded
