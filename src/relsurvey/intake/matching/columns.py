"""Which column of an export belongs to which item of an instrument."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from relsurvey.instruments import Instrument
from relsurvey.intake.export import ExportColumn, plain_columns
from relsurvey.intake.fold import fold_heading
from relsurvey.intake.matching.contradictions import BY_MAP, with_doubts
from relsurvey.intake.matching.headings import TO_CONFIRM, ColumnMatch, Headings
from relsurvey.intake.matching.likeness import match_by_likeness
from relsurvey.intake.matching.loose_wording import match_loosely, match_refilled
from relsurvey.intake.matching.result import Matching
from relsurvey.intake.matching.unclear import unclear
from relsurvey.intake.matching.unmatched import Unmatched
from relsurvey.intake.matching.wordings import folded_wordings, templates, wordings

__all__ = ["count_items_found", "find_columns", "match_columns"]


def find_columns(
    path: Path,
    columns: Sequence[ExportColumn],
    instrument: Instrument,
    column_map: Mapping[str, str],
    asked: Sequence[ColumnMatch] = (),
) -> tuple[list[ColumnMatch], list[ColumnMatch]]:
    """Find the columns of the items and of the questions that are kept beside them.

    Parameters
    ----------
    path : pathlib.Path
        The file, for messages.
    columns : sequence of ExportColumn
        Its columns.
    instrument : Instrument
        Its questionnaire.
    column_map : mapping of str to str
        Headings that were named for items; these go before every rule.
    asked : sequence of ColumnMatch
        Columns that hold ids, which no item can claim.

    Returns
    -------
    items, others : list of ColumnMatch
        One match for every scored item, in the instrument's order; and one for each context
        question or unscored item that has a column.

    Raises
    ------
    IntakeError
        Where a scored item has no column or several, or a column is claimed twice.
        ``.failures`` has ``item, problem, headings``.
    """
    matching = match_columns(columns, instrument, column_map, asked)
    if not matching.is_clear:
        raise unclear(path, matching, instrument)
    return matching.items, matching.others


def match_columns(
    columns: Sequence[ExportColumn],
    instrument: Instrument,
    column_map: Mapping[str, str],
    asked: Sequence[ColumnMatch] = (),
) -> Matching:
    """Match columns to items as far as it is clear; the parameters are those of `find_columns`.

    Returns
    -------
    Matching
        With all that is unclear, and no error.
    """
    index = Headings(columns)
    folded = folded_wordings(instrument)
    items, misses = _matched(index, instrument, instrument.item_ids, column_map)
    unscored = (item.id for item in instrument.items if not item.scored)
    beside = (*unscored, *instrument.context.ids)
    others, other_misses = _matched(index, instrument, beside, column_map)
    items, crossed = with_doubts(index, items, folded)
    others, others_crossed = with_doubts(index, others, folded)
    crossed |= others_crossed
    matched = (*items, *others, *asked, *(match for match, _ in crossed.values()))
    unmatched = [name for name, found in misses.items() if not found and name not in column_map]
    items += _nearly_matched(index, instrument, unmatched, {match.position for match in matched})
    items.sort(key=lambda match: instrument.item_ids.index(match.name))
    names = {match.name for match in items}
    misses = {name: places for name, places in misses.items() if name not in names}
    # What is only kept beside the items may be absent, unless somebody said where it is.
    misses |= {name: miss for name, miss in other_misses.items() if miss or name in column_map}
    return Matching(index, items, others, misses, crossed, tuple(asked), column_map, folded)


def count_items_found(headings: Sequence[str], instrument: Instrument) -> int:
    """Return how many items have a column; it tells sheets apart."""
    columns = [
        column.replaced(code=last, text=last.rpartition("[")[2].removesuffix("]"))
        for column in plain_columns(headings)
        # Sheets are told apart before their platform is known: groups end in / . or -.
        for last in (re.split(r"[/.-](?=\w+$)|/", column.name)[-1],)
    ]
    found, _ = _matched(Headings(columns), instrument, instrument.item_ids, {})
    return len(found)


def _matched(
    index: Headings,
    instrument: Instrument,
    names: Iterable[str],
    column_map: Mapping[str, str],
) -> tuple[list[ColumnMatch], dict[str, list[int]]]:
    """Return a match by name, and for all other names the columns that were found (0 or more)."""
    matches: list[ColumnMatch] = []
    misses: dict[str, list[int]] = {}
    for name in names:
        if name in column_map:
            rule, found = BY_MAP, index.like(column_map[name])
        else:
            by_rule = index.found_by_rule(name, wordings(instrument, name))
            rule, found = next((hit for hit in by_rule if hit[1]), ("", []))
        if len(found) == 1:
            by_text = rule in TO_CONFIRM
            matches.append(ColumnMatch(name, found[0], index.all[found[0]], rule, by_text))
        else:
            misses[name] = found
    return matches, misses


def _nearly_matched(
    index: Headings, instrument: Instrument, names: Sequence[str], taken: Collection[int]
) -> list[ColumnMatch]:
    """Match what no rule finds by nearly its wording: the strictest way first."""
    folded = folded_wordings(instrument)
    matches: list[ColumnMatch] = []

    def left() -> Unmatched:
        missing = set(names) - {match.name for match in matches}
        wanted = {name: texts for name, texts in folded.items() if name in missing}
        rivals = {name: texts for name, texts in folded.items() if name not in missing}
        used = {*taken, *(match.position for match in matches)}
        return Unmatched(index, wanted, rivals, used)

    if names:
        usual = {name: fold_heading(text) for name, text in instrument.placeholders.items()}
        matches += match_loosely(left())
        matches += match_refilled(left(), templates(instrument), usual)
        matches += match_by_likeness(left())
    return matches
