"""What a person should look at once: columns that no id or code decided, or that seem wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relsurvey.instruments import Instrument
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.fold import fold_heading, shown, without_html
from relsurvey.intake.log import LogEntry
from relsurvey.intake.matching.contradictions import BY_MAP
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.matching.likeness import likeness
from relsurvey.intake.matching.wordings import wordings
from relsurvey.text import counted

__all__ = ["entries_to_confirm", "most_alike", "question"]

_SIDE_BY_SIDE = "'relsurvey columns' shows them side by side and writes them as a map to check."


def entries_to_confirm(
    matches: Sequence[ColumnMatch],
    columns: Sequence[ExportColumn],
    instrument: Instrument,
    *,
    named: bool,
) -> list[LogEntry]:
    """List what to confirm, what is most likely wrong first.

    Parameters
    ----------
    matches : sequence of ColumnMatch
        Which column is which item or question.
    columns : sequence of ExportColumn
        Those of the file.
    instrument : Instrument
        Its questionnaire.
    named : bool
        Whether texts may be told; a licensed wording may not.

    Returns
    -------
    list of LogEntry
        One for each column that was found by nearly its wording, one for each that a map names
        though it asks another item, one for those that an id found though their text is unlike
        the wording, and one for those that have the wording.
    """
    entries = []
    for match in matches:
        if match.nearly:
            texts = ""
            if named:
                texts = _beside(match, columns[match.position], instrument)
            what = f"Please confirm {match.name} = column {match.position + 1}, found {match.rule}"
            entries.append(LogEntry("columns", "", 1, f"{what}{texts or '.'}", ""))
    entries += _warnings(matches)
    unlike = [match for match in matches if match.doubt and match.rule != BY_MAP]
    entries += _listed(unlike, "found by id or code, whose text is unlike the item's wording")
    by_text = [match for match in matches if match.by_text and not match.nearly]
    return [*entries, *_listed(by_text, "found by text")]


def _warnings(matches: Sequence[ColumnMatch]) -> Iterator[LogEntry]:
    for match in matches:
        if match.doubt and match.rule == BY_MAP:
            what = f"Warning: {match.doubt} The map names it for {match.name}."
            yield LogEntry("columns", "", 1, what, "A map is taken as it stands.")


def _listed(matches: Sequence[ColumnMatch], how: str) -> Iterator[LogEntry]:
    if matches:
        pairs = ", ".join(f"{match.name} = column {match.position + 1}" for match in matches)
        what = f"Please confirm {counted(len(matches), 'column')} {how}: {pairs}."
        yield LogEntry("columns", "", len(matches), what, _SIDE_BY_SIDE)


def _beside(match: ColumnMatch, column: ExportColumn, instrument: Instrument) -> str:
    wording = shown(most_alike(match, column, instrument), None)
    if match.refilled:
        return f"; the item: {wording}"
    return f": {shown(question(column), None)} for {wording}"


def question(column: ExportColumn) -> str:
    """Return what a column asks, as far as it is known."""
    return " ".join(without_html(column.text or column.name).split())


def most_alike(match: ColumnMatch, column: ExportColumn, instrument: Instrument) -> str:
    """Return the wording of an item, of all languages the one most like a column's text."""
    texts = [fold_heading(question(column))]
    every = wordings(instrument, match.name)
    best = max(every, key=lambda wording: likeness(texts, [fold_heading(wording)]), default="")
    return " ".join(without_html(best).split())
