"""Write a report as Markdown, in which nothing that a person wrote is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from relsurvey.reporting.writers.csv_tables import rows_of
from relsurvey.reporting.writers.words import KICKERS, LIMITS, foot, heading, led
from relsurvey.views import (
    Block,
    Bullets,
    Figure,
    Headline,
    Paragraph,
    References,
    Report,
    Subheading,
    Table,
)

__all__ = ["as_markdown", "escaped"]

# Signs that mean something anywhere in a line, and those that mean something where it begins.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>|~$&@]")
_BEGINNING = re.compile(r"^(\s*)([#+=:-]|\d{1,9}(?=[.)](?:\s|$)))")


def as_markdown(report: Report) -> str:
    """Return a report as Markdown with the tables of GitHub.

    Figures are links where their pictures lie beside the report, and words otherwise.
    """
    return "\n\n".join(filter(None, _parts(report))) + "\n"


def escaped(text: str) -> str:
    r"""Return text so that a reader of Markdown shows it as it is, on one line.

    References
    ----------
    CommonMark 0.31, 2.4; GitHub Flavored Markdown, tables, autolinks and mathematics.

    Examples
    --------
    >>> print(escaped("<b> a|b"), escaped("# 1*2"), escaped("1. a"))
    \<b\> a\|b \# 1\*2 1\. a
    """
    line = _ANYWHERE.sub(r"\\\g<0>", " ".join(text.split()))
    found = _BEGINNING.match(line)
    if found is None:
        return line
    sign = found[2]
    if sign.isdigit():
        return f"{sign}\\{line[len(sign) :]}"
    return f"\\{line}"


def _parts(report: Report) -> Iterator[str]:
    yield f"{KICKERS[report.audience]} · {escaped(report.date)}"
    yield f"# {escaped(heading(report))}"
    yield f"*{escaped(report.question)}*" if report.question else ""
    for notice in report.notices:
        yield f"> **{escaped(notice.title)}.** {escaped(notice.text)}"
    yield from _answer(report.headline)
    for section in report.sections:
        yield f"## {escaped(section.title)}"
        for block in section.blocks:
            yield from _block(block)
    yield "---"
    yield escaped(foot(report))


def _answer(headline: Headline) -> Iterator[str]:
    yield f"## {escaped(headline.title)}"
    yield f"**{escaped(headline.answer)}**"
    yield escaped(headline.certainty)
    yield _points(
        f"**{escaped(one.value)}** {escaped(' '.join([one.label, one.detail]))}"
        for one in headline.figures
    )
    if headline.limits:
        yield f"### {LIMITS}"
        yield _points(escaped(limit) for limit in headline.limits)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield escaped(text)
        case Subheading(text):
            yield f"### {escaped(text)}"
        case Bullets(points):
            yield _points(
                f"**{escaped(led(name))}** {escaped(text)}" if name else escaped(text)
                for name, text in points
            )
        case References(entries):
            yield _points(escaped(entry) for entry in entries)
        case Table():
            yield f"**{escaped(block.caption)}**"
            yield _table(block)
            yield from (escaped(note) for note in block.notes)
        case Figure():
            yield from _figure(block)


def _points(lines: Iterator[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _figure(figure: Figure) -> Iterator[str]:
    place = getattr(figure.picture, "link", None)
    if place is None:
        yield f"**{escaped(figure.title)}**"
        yield escaped(figure.alt)
    else:
        yield f"![{escaped(figure.alt)}]({place})"
        yield f"**{escaped(figure.title)}**"
    yield from (escaped(note) for note in figure.notes)


def _table(table: Table) -> str:
    signs = [":--" if place in table.text_columns else "--:" for place in range(len(table.columns))]
    rows = [table.columns, *rows_of(table)]
    lines = [_row([escaped(text) for text in row]) for row in rows]
    return "\n".join([lines[0], _row(signs), *lines[1:]])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
