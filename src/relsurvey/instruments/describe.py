"""An instrument as a text that a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relsurvey.instruments.answers import Code, SpecialCode
from relsurvey.instruments.evidence import Adaptation, Model, PublishedFigure
from relsurvey.instruments.items import ContextQuestion, Item
from relsurvey.instruments.scales import MinimumAnswered, Scale
from relsurvey.instruments.schema import Instrument
from relsurvey.text import counted, remark, wrapped

__all__ = ["describe", "minimum_answered_in_words"]

_RESPONDENTS = {"worker": "the worker", "service_user": "the person who uses the service"}
_NOT_APPLICABLE = {
    "excluded": "left out of the items",
    "best": "counted as the best answer",
    "missing": "counted as no answer",
}
_STATISTICS = {
    "test_retest_icc": "test-retest ICC",
    "cfi": "CFI",
    "tli": "TLI",
    "rmsea": "RMSEA",
    "srmr": "SRMR",
    "sd": "SD",
}


def describe(instrument: Instrument) -> str:
    """Describe an instrument in plain text.

    Parameters
    ----------
    instrument : Instrument
        What ``load_instrument`` returned.

    Returns
    -------
    str
        Title, status, sources, response scale, scales with their items (reverse-keyed ones are
        marked), minimum answered in words, models, adaptation and published figures; no line is
        longer than 88 characters. Items are shown by their gist, never by their wording.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> print(describe(load_instrument("rpq-16")).splitlines()[0])
    Reflective Practice Questionnaire, reflective capacity (RPQ-16)
    """
    parts = [
        _heading(instrument),
        _section("Before it is used", _bullets(instrument.notes)),
        _section("Sources", _sources(instrument)),
        _section("Answers", _answers(instrument)),
        *(_scale(instrument, scale) for scale in instrument.scales),
        _section("Asked, not scored", _asked_beside(instrument)),
        _section("Factor models", _models(instrument)),
        _section("Adaptation", _adaptation(instrument.adaptation)),
        _section("Published figures", _published(instrument.published)),
        _section("Readings", _bands(instrument)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def minimum_answered_in_words(scale: Scale, n_items: int) -> str:
    """Say how many answers a score needs.

    Parameters
    ----------
    scale : Scale
        The scale.
    n_items : int
        How many items it has, those of a composite's scales included.

    Returns
    -------
    str
        For instance "at least 3 of 4 items answered".

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> instrument = load_instrument("peech-sc")
    >>> minimum_answered_in_words(instrument.scales["SEC"], 7)
    'at least 2/3 of the items that apply answered, and never fewer than 3'
    >>> minimum_answered_in_words(instrument.scales["TOTAL"], 23)
    'at least 16 of 23 items answered, and every scale scored'
    """
    of_scores = scale.composite_of == "scores"
    size, thing, done = (
        (len(scale.scales), "scales", "scored") if of_scores else (n_items, "items", "answered")
    )
    words = _rule_in_words(scale.minimum_answered, size, thing, done)
    return words + (", and every scale scored" if scale.every_scale_scored else "")


def _rule_in_words(rule: MinimumAnswered, size: int, thing: str, done: str) -> str:
    if rule.share is None:
        return f"at least {rule.needed(size)} of {size} {thing} {done}"
    floor = f", and never fewer than {rule.at_least}" if rule.at_least > 1 else ""
    return f"at least {rule.share} of the {thing} that apply {done}{floor}"


def _heading(instrument: Instrument) -> str:
    lines = wrapped(f"{instrument.title} ({instrument.short_title})")
    lines.append("=" * max(map(len, lines)))
    lines += wrapped(f"{instrument.id}, version {instrument.version}, {instrument.status}.")
    if instrument.status == "draft":
        lines += wrapped("*** DRAFT: NOT YET VALIDATED. Every report on it says so. ***")
    lines += wrapped(
        f"Measures {instrument.construct.lower()}; "
        f"answered by {_RESPONDENTS[instrument.respondent]}. "
        f"{counted(len(instrument.item_ids), 'item')}, "
        f"{counted(len(instrument.scales), 'scale')}."
    )
    lines += wrapped(instrument.description)
    worded = dict.fromkeys(locale for item in instrument.items for locale in item.wording)
    lines += wrapped(f"Wording: {', '.join(worded) or 'not included; join a wording pack'}.")
    return "\n".join(lines)


def _sources(instrument: Instrument) -> Iterator[str]:
    for source in instrument.sources:
        doi = f" doi:{source.doi}" if source.doi else ""
        yield from remark(f"{source.citation}{doi}")
        yield from wrapped(source.licence, indent="    ")


def _answers(instrument: Instrument) -> Iterator[str]:
    scale, locale = instrument.response_scale, instrument.languages[0]
    for code in scale.codes:
        yield from wrapped(f"{code.value:g}  {_label(code, locale)}".rstrip(), indent="  ")
    special: tuple[SpecialCode, ...] = (*scale.not_applicable, *scale.missing)
    for extra in special:
        reason = "not on the scale" if extra in scale.not_applicable else "no answer"
        yield from wrapped(f"{extra.code}  {_label(extra, locale)} ({reason})", indent="  ")
    yield from wrapped("An empty cell is unanswered.", indent="  ")


def _label(code: Code | SpecialCode, locale: str) -> str:
    return code.label.get(locale, "") or next(iter(code.label.values()), "")


def _scale(instrument: Instrument, scale: Scale) -> str:
    items = instrument.items_of(scale.id)
    of_scores = scale.composite_of == "scores"
    size = len(scale.scales) if of_scores else len(items)
    # A sum is prorated, so that it keeps its range where an answer is missing.
    times = f", times {size} (a prorated sum)" if scale.method == "sum" else ""
    made_of = "the items answered"
    if scale.scales:
        what = "all items" if scale.composite_of == "items" else "the scores"
        made_of = f"{what} of {', '.join(scale.scales)}"
    extras = [name for name, on in _extras(scale) if on]
    rule = minimum_answered_in_words(scale, len(items))
    lines = wrapped(
        f"Mean of {made_of}{times}, from {scale.minimum:g} to {scale.maximum:g}; {rule}."
        + (f" Also: {' and '.join(extras)}." if extras else ""),
        indent="  ",
    )
    if instrument.response_scale.not_applicable:
        second = scale.not_applicable_second
        beside = f"; for a sensitivity table, {_NOT_APPLICABLE[second]}" if second else ""
        lines += wrapped(
            f'"Does not apply" is {_NOT_APPLICABLE[scale.not_applicable]}{beside}.', indent="  "
        )
    if scale.note:
        lines += wrapped(scale.note, indent="  ")
    if not scale.scales:
        lines += _items([instrument.items[name] for name in items])
    return _section(f"{scale.id}  {scale.title}", lines)


def _extras(scale: Scale) -> tuple[tuple[str, bool], ...]:
    return (
        ("percent of maximum possible (POMP)", scale.pomp),
        ("share of best answers (top box)", scale.top_box),
    )


def _items(items: Iterable[Item]) -> list[str]:
    items = list(items)
    widest = max(len(item.id) for item in items)
    lines = []
    for item in items:
        # The sign stands in its own column, where the eye runs down it.
        text = f"{'-' if item.reverse else '+'} {item.id:<{widest}}  {item.gist}"
        text += " (reverse-keyed)" if item.reverse else ""
        lines += wrapped(text, indent="  ", hanging=" " * (widest + 4))
    return lines


def _asked_beside(instrument: Instrument) -> Iterator[str]:
    unscored = [item for item in instrument.items if not item.scored]
    beside: tuple[Item | ContextQuestion, ...] = (*unscored, *instrument.context)
    for asked in beside:
        yield from remark(f"{asked.id}: {asked.gist}")


def _models(instrument: Instrument) -> Iterator[str]:
    for name, model in instrument.models.items():
        yield from remark(f"{name}: {model.title} ({_factors(model)})")
        if model.note:
            yield from wrapped(model.note, indent="    ")


def _factors(model: Model) -> str:
    parts = [", ".join(model.factors)]
    parts += [f"{name} over {', '.join(on)}" for name, on in model.second_order.items()]
    parts += [f"method factor {name}: {', '.join(on)}" for name, on in model.method_factors.items()]
    return "; ".join(parts)


def _adaptation(record: Adaptation | None) -> Iterator[str]:
    if record is None:
        return
    yield from wrapped(f"Made from {record.original}.", indent="  ")
    for change in record.changes:
        yield from remark(f"{change.change} Why: {change.reason}")
    for operation in ("kept", "reworded", "added"):
        entries = [entry for entry in record.items if entry.operation == operation]
        if entries:
            words = ", ".join(f"{entry.item} ({entry.reason})" for entry in entries)
            if operation != "added":
                words = ", ".join(entry.item for entry in entries)
            yield from remark(
                f"{operation.capitalize()}, {counted(len(entries), 'item')}: {words}."
            )


def _published(figures: Iterable[PublishedFigure]) -> Iterator[str]:
    for figure in figures:
        statistic = _STATISTICS.get(figure.statistic, figure.statistic)
        found = figure.finding.rstrip(".") or _figure(figure)
        doi = f" doi:{figure.doi}" if figure.doi else ""
        yield from remark(
            f"{statistic}, {figure.of}: {found} ({figure.sample}, n {figure.n}). "
            f"{figure.source}.{doi}"
        )
        if figure.note:
            yield from wrapped(figure.note, indent="    ")


def _figure(figure: PublishedFigure) -> str:
    if figure.value is not None:
        return f"{figure.value:g}"
    return f"{figure.low:g} to {figure.high:g}"


def _bands(instrument: Instrument) -> Iterator[str]:
    for band in instrument.bands:
        label = band.label.get(instrument.languages[0]) or next(iter(band.label.values()), "")
        yield from remark(
            f"{band.scale} from {band.minimum:g} to {band.maximum:g}: {band.level}, {label}. "
            f"{band.reason}"
        )


def _section(title: str, lines: Iterable[str]) -> str:
    body = list(lines)
    return "\n".join([*wrapped(title), *body]) if body else ""


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from remark(text)
