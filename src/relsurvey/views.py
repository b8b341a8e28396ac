"""What a report is made of, before anybody decides how it is written down.

Writers take these and nothing else: every number in them is text already, every count has passed
the disclosure rules, and no statistic is computed after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = [
    "AUDIENCES",
    "Audience",
    "Block",
    "Bullets",
    "Cell",
    "Figure",
    "Headline",
    "KeyFigure",
    "Notice",
    "Paragraph",
    "Picture",
    "References",
    "Report",
    "Section",
    "Subheading",
    "Table",
    "Withheld",
]


Audience: TypeAlias = Literal["technical", "service", "plain"]
AUDIENCES: tuple[Audience, ...] = ("technical", "service", "plain")


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes
    ----------
    text : str
        What stands in it.
    span : int
        How many columns it covers.
    target : str
        Id of the section, table or figure that it names; a writer that can links to it.
    """

    text: str
    span: int = 1
    target: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row is its heading.

    Attributes
    ----------
    id : str
        Unique in the report.
    caption : str
        What it shows; it can be read alone.
    columns : tuple of str
        Headings, the first for the column of row headings.
    rows : tuple of tuple of str or Cell
        As many columns in each row as there are headings.
    notes : tuple of str
        What stands below it.
    text_columns : frozenset of int
        Positions of columns that hold words (set left); all others hold numbers (set right).
    folded : bool
        Whether it is detail, that a reader opens if wanted.
    """

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    notes: tuple[str, ...] = ()
    text_columns: frozenset[int] = frozenset({0})
    folded: bool = False


class Picture(Protocol):
    """A drawing, as a vector and, when somebody asks, as pixels."""

    @property
    def svg(self) -> str:
        """The drawing as an SVG element, with no outside resource; it names its words itself."""
        ...

    def png(self) -> bytes:
        """Return the drawing as a PNG of 300 dots an inch."""
        ...


@dataclass(frozen=True)
class Figure:
    """A drawing and the same in words.

    Attributes
    ----------
    id : str
        Unique in the report.
    title : str
        Caption.
    alt : str
        The finding in words, for those who do not see the drawing.
    picture : Picture
        The drawing.
    notes : tuple of str
        How to read it.
    """

    id: str
    title: str
    alt: str
    picture: Picture
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """Points; each has a short name and a text."""

    points: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Subheading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class References:
    """The works that a report names, in full, in the order of the alphabet."""

    entries: tuple[str, ...]


Block: TypeAlias = Paragraph | Bullets | Subheading | Table | Figure | References


@dataclass(frozen=True)
class Section:
    """A part of the report with its own heading.

    Attributes
    ----------
    id, title : str
        Anchor and heading.
    blocks : tuple of Block
        What stands in it, in order.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables among the blocks."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures among the blocks."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))


@dataclass(frozen=True)
class Notice:
    """Something that has to be read before the rest."""

    title: str
    text: str


@dataclass(frozen=True)
class KeyFigure:
    """A number that is worth being seen from afar, with what it is."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Headline:
    """The answer, how sure it is, and what it does not say.

    Attributes
    ----------
    title : str
        Heading.
    answer : str
        The finding in plain words.
    certainty : str
        How sure it is.
    limits : tuple of str
        What it does not show.
    figures : tuple of KeyFigure
        The numbers behind it.
    """

    title: str
    answer: str
    certainty: str
    limits: tuple[str, ...]
    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Withheld:
    """Something that is not shown, said without its number.

    Attributes
    ----------
    where : str
        Section and table.
    what : str
        Row and columns, or what is meant in words.
    why : str
        The reason.
    """

    where: str
    what: str
    why: str


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes
    ----------
    title : str
        The study's title.
    question : str or None
        What the study asks.
    date : str
        ISO date.
    audience : {"technical", "service", "plain"}
        Who it is written for.
    notices : tuple of Notice
        To be read first.
    headline : Headline
        The answer.
    sections : tuple of Section
        The rest, in order.
    maker : str
        Program and version.
    withheld : tuple of Withheld
        What is not shown, and why.
    """

    title: str
    question: str | None
    date: str
    audience: Audience
    notices: tuple[Notice, ...]
    headline: Headline
    sections: tuple[Section, ...]
    maker: str
    withheld: tuple[Withheld, ...] = ()
