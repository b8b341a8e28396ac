"""Languages that are used but not declared, and placeholders that nothing fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.documents import Fault, Place
from relsurvey.errors import listed, suggestion
from relsurvey.instruments.checks.plain import entries, mapping, pairs, texts
from relsurvey.instruments.labels import fold_label
from relsurvey.instruments.placeholders import placeholder_names

__all__ = ["language_faults"]


def language_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield undeclared languages, unknown placeholders, and wordings that stand twice."""
    if isinstance(content.get("languages"), list):
        yield from _undeclared(content)
    if isinstance(content.get("placeholders", {}), dict):
        yield from _placeholder_faults(content)
    yield from _double_wordings(content)


def _undeclared(content: Mapping[str, Any]) -> Iterator[Fault]:
    declared = [locale for _, locale in texts(content.get("languages"), ())]
    for place, locale, _ in _localised(content):
        if locale not in declared:
            near = suggestion(locale, declared)
            guess = f"; did you mean {near!r}?" if near else ""
            known = listed(declared) or "none"
            yield Fault(place, repr(locale), f"a language declared in 'languages': {known}{guess}")


def _localised(content: Mapping[str, Any]) -> Iterator[tuple[Place, str, Any]]:
    """Yield every text by language: place, language, text."""
    yield from pairs(content.get("instructions"), ("instructions",))
    for key in ("items", "context"):
        for place, entry in entries(content.get(key), (key,)):
            yield from pairs(entry.get("wording"), (*place, "wording"))
            for code_place, code in entries(entry.get("codes"), (*place, "codes")):
                yield from pairs(code.get("label"), (*code_place, "label"))
    scale = mapping(content.get("response_scale"))
    for key in ("codes", "not_applicable", "missing"):
        for place, code in entries(scale.get(key), ("response_scale", key)):
            yield from pairs(code.get("label"), (*place, "label"))
    for place, band in entries(content.get("bands"), ("bands",)):
        yield from pairs(band.get("label"), (*place, "label"))


def _placeholder_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    declared = list(mapping(content.get("placeholders")))
    for place, _, text in _localised(content):
        if not isinstance(text, str) or ("wording" not in place and "instructions" not in place):
            continue
        names = placeholder_names(text)
        for name in names:
            if name not in declared and name[:1].lower() + name[1:] not in declared:
                near = suggestion(name, declared)
                guess = f"; did you mean {near!r}?" if near else ""
                yield Fault(
                    place,
                    f"the placeholder {{{name}}}",
                    f"one that 'placeholders' fills: {listed(declared) or 'none'}{guess}",
                )
        if text.count("{") != len(names) or text.count("}") != len(names):
            yield Fault(place, "a brace without its partner", "placeholders such as {worker}")


def _double_wordings(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield wordings that two items share: a column found by its wording would be in doubt."""
    seen: dict[tuple[str, str], str] = {}
    for place, item in entries(content.get("items"), ("items",)):
        for where, locale, text in pairs(item.get("wording"), (*place, "wording")):
            if not isinstance(text, str):
                continue
            owner = seen.setdefault((locale, fold_label(text)), str(item.get("id")))
            if owner != str(item.get("id")):
                yield Fault(
                    where, "the same wording twice", f"a wording of its own; {owner} has it"
                )
