"""The appendix for reviewers: what reporting guidelines ask, and where each of it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from relsurvey.reporting.material import Material
from relsurvey.reporting.plain import shortened
from relsurvey.reporting.sections.checklist_items import ITEMS, Item
from relsurvey.reporting.sections.headline import TITLE
from relsurvey.views import Block, Bullets, Cell, Figure, Paragraph, Section, Subheading, Table

__all__ = ["checklist_section"]

LONGEST = 90
ENDINGS = ("", "-worker", "-service-user", "-1")  # one for each survey; numbered ones


@dataclass(frozen=True)
class Place:
    """Where something stands: a section, and what of it."""

    section: str
    target: str
    what: str


def checklist_section(material: Material, sections: Sequence[Section]) -> Section:
    """Look up in the sections of a report where each item of the guidelines stands.

    Parameters
    ----------
    material : Material
        The study; it says why something cannot be there.
    sections : sequence of Section
        All other sections of the report: what is in none of them is not said to be there.
    """
    known = dict(_places(sections))
    rows = [_row(item, material, known) for item in ITEMS]
    stand = sum(isinstance(row[2], Cell) for row in rows)
    opening = Paragraph(
        f"{stand} of {len(rows)} items stand in this report; beside each of the others is why it "
        "does not. The items are those of STROBE for cross-sectional studies (von Elm et al. "
        "2007), of CHERRIES and CROSS for surveys (Eysenbach 2004; Sharma et al. 2021), of SAMPL "
        "for statistics (Lang and Altman 2015), of COSMIN for measurement (Prinsen et al. 2018; "
        "Mokkink et al. 2018) and of GRRAS for agreement (Kottner et al. 2011), in short words of "
        "our own: read the originals before a submission."
    )
    table = Table(
        id="table-checklist",
        caption="What reporting guidelines ask, and where it stands",
        columns=("Item", "What is asked", "Section", "What stands there, or why not"),
        rows=tuple(rows),
        text_columns=frozenset(range(4)),
    )
    return Section("checklist", "Checklist for reviewers", (opening, table))


def _row(item: Item, material: Material, known: Mapping[str, Place]) -> tuple[str | Cell, ...]:
    found = [_find(name, known) for name in item.places]
    # An item that asks for several things stands there only where all of them do.
    if not found or not all(found):
        return (item.name, item.asked, "–", item.otherwise(material))
    places = [place for several in found for place in several]
    where = ", ".join(dict.fromkeys(place.section for place in places))
    what = "; ".join(dict.fromkeys(place.what for place in places))
    lacks = item.lacks(material)
    said = f"{what}. {lacks}" if lacks else what
    return (item.name, item.asked, Cell(where, target=places[0].target), said)


def _find(name: str, known: Mapping[str, Place]) -> list[Place]:
    """Return the place of that name, and those of which there is one a survey, or a number."""
    return [known[name + end] for end in ENDINGS if name + end in known]


def _places(sections: Sequence[Section]) -> Iterator[tuple[str, Place]]:
    """Return everything an item can name: the answer, tables, figures, headings and points."""
    yield "answer", Place(TITLE, "answer", "the finding and what it does not show")
    for section in sections:
        yield section.id, Place(section.title, section.id, "the whole section")
        for block in section.blocks:
            yield from _of_block(section, block)


def _of_block(section: Section, block: Block) -> Iterator[tuple[str, Place]]:
    match block:
        case Table():
            yield block.id, Place(section.title, block.id, shortened(block.caption, LONGEST))
        case Figure():
            yield block.id, Place(section.title, block.id, shortened(block.title, LONGEST))
        case Subheading(text):
            yield f"{section.id}/{text}", Place(section.title, section.id, f"under “{text}”")
        case Bullets(points):
            for name, _ in points:
                yield f"{section.id}/{name}", Place(section.title, section.id, f"under “{name}”")
