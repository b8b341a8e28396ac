"""What two definitions say beside their items: answers, scales, languages, instructions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from relsurvey.adaptation.matching import Pair
from relsurvey.instruments import (
    ContextQuestion,
    Instrument,
    Scale,
    SpecialCode,
    fold_label,
    minimum_answered_in_words,
)

__all__ = ["IS_THERE", "Difference", "differences", "relabelled"]

IS_THERE = "is there"

# What it is about, which side of it, and what A and B say.
Difference: TypeAlias = tuple[str, str, str, str]
_Facts: TypeAlias = dict[str, dict[str, str]]


def differences(
    a: Instrument, b: Instrument, pairs: Iterable[Pair], *, show_wording: bool
) -> list[Difference]:
    """List what differs beside the wording of items.

    Parameters
    ----------
    a, b : Instrument
        The two definitions.
    pairs : iterable of Pair
        Their items; an item of A that was renamed counts as the one it is in B.
    show_wording : bool
        Whether the wording of context questions may be put out.

    Returns
    -------
    list of Difference
        What it is about, which side of it, what A says and what B says. Texts that differ in
        case, spacing or the shape of quotes and dashes are the same.
    """
    pairs = list(pairs)
    renamed = {pair.a.id: pair.b.id for pair in pairs if pair.a and pair.b and pair.renamed}
    there, here = _facts(a, renamed), _facts(b, {})
    found: list[Difference] = list(_of_items(pairs))
    for part in dict.fromkeys((*there, *here)):
        if part not in there or part not in here:
            found.append((part, IS_THERE, _yes(part in there), _yes(part in here)))
            continue
        found += _of_part(part, there[part], here[part], show_wording=show_wording)
    return found


def relabelled(a: Instrument, b: Instrument) -> Iterator[str]:
    """Name the answers that have another label in a language that both label them in."""
    there = {code.value: code.label for code in a.response_scale.codes}
    for code in b.response_scale.codes:
        known = there.get(code.value, {})
        for language, label in code.label.items():
            if language in known and fold_label(known[language]) != fold_label(label):
                yield f"{code.value:g} in {language}"


def _of_items(pairs: Iterable[Pair]) -> Iterator[Difference]:
    for pair in pairs:
        if pair.a is None or pair.b is None:
            continue
        if pair.a.reverse != pair.b.reverse:
            yield f"item {pair.name}", "reverse-keyed", _yes(pair.a.reverse), _yes(pair.b.reverse)
        if pair.a.scored != pair.b.scored:
            yield f"item {pair.name}", "scored", _yes(pair.a.scored), _yes(pair.b.scored)


def _of_part(
    part: str, a: Mapping[str, str], b: Mapping[str, str], *, show_wording: bool
) -> Iterator[Difference]:
    for side in dict.fromkeys((*a, *b)):
        left, right = a.get(side, ""), b.get(side, "")
        if fold_label(left) == fold_label(right):
            continue
        if side.startswith("wording") and not show_wording:
            left, right = ("not shown" if text else "" for text in (left, right))
        yield part, side, left, right


def _facts(instrument: Instrument, renamed: Mapping[str, str]) -> _Facts:
    facts: _Facts = {
        "questionnaire": {
            "construct": instrument.construct,
            "answered by": instrument.respondent.replace("_", " "),
            "languages": ", ".join(instrument.languages),
        },
        "instructions": dict(instrument.instructions),
        "placeholders": dict(instrument.placeholders),
        "response scale": dict(_answers(instrument)),
    }
    for scale in instrument.scales:
        facts[f"scale {scale.id}"] = dict(_scale(instrument, scale, renamed))
    for question in instrument.context:
        facts[f"context question {question.id}"] = dict(_context(question))
    return facts


def _answers(instrument: Instrument) -> Iterator[tuple[str, str]]:
    scale = instrument.response_scale
    yield "range", f"{scale.minimum:g} to {scale.maximum:g}"
    yield "codes", ", ".join(f"{value:g}" for value in scale.values)
    for code in scale.codes:
        for language, label in code.label.items():
            yield f"label of {code.value:g} ({language})", label
    yield "does not apply", _special(scale.not_applicable)
    yield "no answer", _special(scale.missing)


def _special(codes: Iterable[SpecialCode]) -> str:
    return ", ".join(
        f"{code.code} ({getattr(code, 'reason', '').replace('_', ' ')})" for code in codes
    )


def _scale(
    instrument: Instrument, scale: Scale, renamed: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    yield "title", scale.title
    # The order in which items are named does not change a score.
    yield "items", ", ".join(sorted(renamed.get(name, name) for name in scale.items))
    yield "scales", ", ".join(sorted(scale.scales))
    yield "composite of", scale.composite_of or ""
    yield "method", scale.method
    yield "range", f"{scale.minimum:g} to {scale.maximum:g}"
    size = len(instrument.items_of(scale.id))
    yield "minimum answered", minimum_answered_in_words(scale, size)
    if instrument.response_scale.not_applicable:
        yield "does not apply counts as", scale.not_applicable
        yield "second rule for does not apply", scale.not_applicable_second or ""
    yield "percent of maximum possible", _yes(scale.pomp)
    yield "share of best answers", _yes(scale.top_box)


def _context(question: ContextQuestion) -> Iterator[tuple[str, str]]:
    yield "gist", question.gist
    yield "answer", question.answer
    yield "codes", ", ".join(f"{code.value:g}" for code in question.codes)
    for language, text in question.wording.items():
        yield f"wording ({language})", text


def _yes(value: object) -> str:
    return "yes" if value else "no"
