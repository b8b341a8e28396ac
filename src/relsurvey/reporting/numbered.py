"""Numbers of tables and figures, so that a print and its checklist can point to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from relsurvey.views import Block, Figure, Section, Table

__all__ = ["numbered", "parted"]


def numbered(sections: Sequence[Section], after: Sequence[Section] = ()) -> tuple[Section, ...]:
    """Put a number before the caption of each table and the title of each figure.

    Parameters
    ----------
    sections : sequence of Section
        In the order of the report.
    after : sequence of Section
        Those that stand before them and have their numbers already.

    Returns
    -------
    tuple of Section
        The same, with captions such as "Table 3. Scores".

    Examples
    --------
    >>> table = Table("table-a", "Scores", ("Scale",), ())
    >>> made = numbered([Section("a", "A", (table,))])
    >>> made[0].tables[0].caption, numbered(made, after=made)[0].tables[0].caption
    ('Table 1. Scores', 'Table 2. Table 1. Scores')
    """
    tables = count(1 + sum(len(one.tables) for one in after))
    figures = count(1 + sum(len(one.figures) for one in after))
    return tuple(
        replace(one, blocks=tuple(_blocks(one.blocks, tables, figures))) for one in sections
    )


def parted(text: str) -> tuple[int | None, str]:
    """Return the number of a caption, and the caption without it.

    Examples
    --------
    >>> parted("Table 12. Scores"), parted("Scores")
    ((12, 'Scores'), (None, 'Scores'))
    """
    found = re.match(r"(?:Table|Figure) (\d+)\. ", text)
    return (int(found[1]), text[found.end() :]) if found else (None, text)


def _blocks(
    blocks: Sequence[Block], tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Table):
            yield replace(block, caption=f"Table {next(tables)}. {block.caption}")
        elif isinstance(block, Figure):
            yield replace(block, title=f"Figure {next(figures)}. {block.title}")
        else:
            yield block
