"""What was asked: each questionnaire, how it is scored, where its questions come from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from relsurvey.instruments import Instrument, Scale
from relsurvey.instruments.evidence import Adaptation
from relsurvey.reporting.labels import answer_labels
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import whole
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.published import published_table
from relsurvey.text import and_list, counted
from relsurvey.views import Block, Paragraph, Section, Subheading, Table

__all__ = ["instruments_section", "short_citation"]

NOT_APPLICABLE = {
    "excluded": "left out of the score",
    "best": "counted as the best answer",
    "missing": "counted as no answer",
}
DONE = {"kept": "kept", "reworded": "reworded", "added": "added"}


def instruments_section(material: Material) -> Section:
    """Describe every questionnaire, and how an adapted one was adapted."""
    blocks: list[Block] = [Paragraph(_finding(material))]
    for one in material.surveys:
        published = published_table(material, one)
        key = one.role.replace("_", "-")
        blocks += _instrument(one.survey.instrument, one.people, key, published)
    if material.study.teams is not None:
        blocks += _instrument(material.study.teams.instrument, "staff", "staff", None)
    return Section("instruments", "Instruments and adaptation", tuple(blocks))


def _finding(material: Material) -> str:
    asked = [(one.people, one.survey.instrument) for one in material.surveys]
    if material.study.teams is not None:
        asked.append(("staff", material.study.teams.instrument))
    return " ".join(
        f"{people.capitalize()} answered {plain(instrument.short_title)}, {_standing(instrument)}."
        for people, instrument in asked
    )


def _standing(instrument: Instrument) -> str:
    status = (
        "a draft that has not been validated"
        if instrument.status == "draft"
        else "a published questionnaire"
    )
    if instrument.adaptation is None:
        return status
    return f"{status}, adapted from {plain(instrument.adaptation.original)}"


def _instrument(
    instrument: Instrument, people: str, key: str, published: Table | None
) -> Iterator[Block]:
    yield Subheading(f"{plain(instrument.title)}: {people}")
    yield Paragraph(_identity(instrument))
    yield _scales(instrument, f"table-scoring-{key}")
    yield _items(instrument, f"table-questions-{key}")
    if instrument.adaptation is not None:
        yield from _adaptation(instrument, instrument.adaptation, key)
    if published is not None:
        yield published
    yield Paragraph(_sources(instrument))


def _identity(instrument: Instrument) -> str:
    codes, labels = instrument.response_scale.codes, answer_labels(instrument)
    reversed_items = [item.id for item in instrument.items if item.reverse]
    keyed = (
        f" Reverse-keyed question{'s' if reversed_items[1:] else ''} "
        f"({', '.join(reversed_items)}) {'were' if reversed_items[1:] else 'was'} turned round."
        if reversed_items
        else " No question is reverse-keyed."
    )
    return (
        f"{plain(instrument.title)} ({instrument.id}, version {instrument.version}): "
        f"{len(instrument.item_ids)} questions with {len(codes)} answers from "
        f"{whole(codes[0].value)} ({labels[0]}) to {whole(codes[-1].value)} ({labels[-1]}). "
        f"What it is meant to measure: {plain(instrument.construct)}.{keyed}"
    )


def _scales(instrument: Instrument, name: str) -> Table:
    return Table(
        id=name,
        caption=f"How the scores of {plain(instrument.short_title)} are made",
        columns=("Scale", "Questions", "Score", "Range", "Answers needed for a score"),
        rows=tuple(
            (
                f"{plain(scale.title)} ({scale.id})",
                str(len(instrument.items_of(scale.id))),
                _made(scale),
                f"{whole(scale.minimum)} to {whole(scale.maximum)}",
                _needed(scale),
            )
            for scale in instrument.scales
        ),
        notes=tuple(_not_applicable(instrument)),
        text_columns=frozenset({0, 2, 3, 4}),
    )


def _made(scale: Scale) -> str:
    return f"{scale.method} of {'scores' if scale.composite_of == 'scores' else 'answers'}"


def _not_applicable(instrument: Instrument) -> Iterator[str]:
    """Say what "does not apply" counts as; scales that treat it alike are named together."""
    if not instrument.response_scale.not_applicable:
        return
    kinds: dict[str, list[str]] = {}
    for scale in instrument.scales:
        kinds.setdefault(NOT_APPLICABLE[scale.not_applicable], []).append(plain(scale.title))
    for kind, titles in kinds.items():
        of = "" if len(kinds) == 1 else f" ({and_list(titles)})"
        yield f"“Does not apply” is {kind}{of}."


def _needed(scale: Scale) -> str:
    rule = scale.minimum_answered
    every = ", and a score on each of its scales" if scale.every_scale_scored else ""
    if rule.share is None:
        return f"at least {rule.count}{every}"
    least = f" and never fewer than {rule.at_least}" if rule.at_least > 1 else ""
    return f"at least {rule.share} of those that apply{least}{every}"


def _items(instrument: Instrument, name: str) -> Table:
    scales: dict[str, list[str]] = {}
    for scale in instrument.scales:
        for item in scale.items:
            scales.setdefault(item, []).append(plain(scale.title))
    return Table(
        id=name,
        caption=f"The questions of {plain(instrument.short_title)}",
        columns=("Question", "What it asks", "Scale", "Keyed"),
        rows=tuple(
            (
                item.id,
                plain(item.gist),
                and_list(scales.get(item.id, [])) or "not scored",
                "reversed" if item.reverse else "as answered",
            )
            for item in instrument.items
        ),
        notes=("In short words of the instrument's definition, not in the wording people read.",),
        text_columns=frozenset({0, 1, 2, 3}),
        folded=True,
    )


def _adaptation(instrument: Instrument, record: Adaptation, key: str) -> Iterator[Block]:
    counts = {
        word: sum(item.operation == operation for item in record.items)
        for operation, word in DONE.items()
    }
    done = [f"{n} {word}" for word, n in counts.items() if n]
    yield Paragraph(
        f"Adapted from {plain(record.original)}: {counted(len(record.items), 'question')}, "
        f"{and_list(done) or 'none of them on record'}."
    )
    if record.changes:
        yield Table(
            id=f"table-changes-{key}",
            caption=f"What was changed throughout {plain(instrument.short_title)}, and why",
            columns=("Change", "What was changed", "Why"),
            rows=tuple(
                (change.id, plain(change.change), plain(change.reason)) for change in record.changes
            ),
            text_columns=frozenset({0, 1, 2}),
            folded=True,
        )
    if record.items:
        yield _adapted_items(instrument, record, f"table-adaptation-{key}")


def _adapted_items(instrument: Instrument, record: Adaptation, name: str) -> Table:
    gists = {item.id: plain(item.gist) for item in instrument.items}
    return Table(
        id=name,
        caption=f"Where each question of {plain(instrument.short_title)} comes from",
        columns=("Question", "Original sub-scale", "What was done", "Changes", "Why"),
        rows=tuple(
            (
                f"{item.item}  {gists.get(item.item, '')}",
                plain(record.subscales[item.subscale]) if item.subscale else "none",
                DONE[item.operation],
                ", ".join(item.changes),
                plain(item.reason),
            )
            for item in record.items
        ),
        text_columns=frozenset(range(5)),
        folded=True,
    )


def _sources(instrument: Instrument) -> str:
    cited = "; ".join(short_citation(plain(source.citation)) for source in instrument.sources)
    licences = dict.fromkeys(plain(source.licence).rstrip(".") for source in instrument.sources)
    return f"Sources: {cited}. Rights: {'. '.join(licences)}."


def short_citation(citation: str) -> str:
    """Return a citation as a text names it; the whole of it where it has no usual form.

    Examples
    --------
    >>> short_citation("Priddis L, Rogers SL (2018). Development of a questionnaire. RP 19:89.")
    'Priddis and Rogers 2018'
    >>> short_citation("Kelly et al. (2018). RAC-Q."), short_citation("A report of 2019")
    ('Kelly et al. 2018', 'A report of 2019')
    """
    found = re.match(r"(?P<authors>[^(]+?),? \((?P<year>\d{4})\)", citation)
    if not found:
        return citation.rstrip(".")
    authors = found["authors"].removesuffix(" et al.").split(", ")
    first, *others = [re.sub(r" [A-Z]{1,4}$", "", author) for author in authors]
    if len(others) > 1 or found["authors"].endswith("et al."):
        return f"{first} et al. {found['year']}"
    return f"{and_list([first, *others])} {found['year']}"
