"""Which column of an export belongs to which item of an instrument."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import ContextQuestion, Instrument, Item
from relsurvey.intake.export import ExportColumn, plain_columns
from relsurvey.intake.fold import fold_heading, shown
from relsurvey.intake.matching.headings import BY_TEXT, ColumnMatch, Headings
from relsurvey.intake.matching.likeness import like_columns, match_by_likeness
from relsurvey.intake.matching.loose_wording import match_loosely, match_refilled

__all__ = [
    "Matching",
    "count_items_found",
    "find_columns",
    "folded_wordings",
    "match_columns",
]


@dataclass(frozen=True)
class Matching:
    """Which columns are what, as far as it is clear.

    Attributes
    ----------
    index : Headings
        The columns.
    items, others : list of ColumnMatch
        Scored items; unscored items and context questions.
    misses : dict of str to list of int
        Columns by item, where none or several were found.
    faults : list of dict
        ``item, problem, headings`` of all that stops the reading.
    """

    index: Headings
    items: list[ColumnMatch]
    others: list[ColumnMatch]
    misses: dict[str, list[int]]
    faults: list[dict[str, str]]


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
    if matching.faults:
        raise _unclear(path, matching, instrument)
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
        With every fault, and no error.
    """
    index = Headings(columns)
    items, misses = _matched(index, instrument, instrument.item_ids, column_map)
    unscored = (item.id for item in instrument.items if not item.scored)
    beside = (*unscored, *instrument.context.ids)
    others, other_misses = _matched(index, instrument, beside, column_map)
    taken = {match.position for match in (*items, *others, *asked)}
    unmatched = [name for name, found in misses.items() if not found and name not in column_map]
    items += _nearly_matched(index, instrument, unmatched, taken)
    items.sort(key=lambda match: instrument.item_ids.index(match.name))
    taken |= {match.position for match in items}
    found = {match.name for match in items}
    misses = {name: places for name, places in misses.items() if name not in found}
    # What is only kept beside the items may be absent, unless somebody said where it is.
    asked_for = {name: miss for name, miss in other_misses.items() if miss or name in column_map}
    faults = [
        _fault(index, instrument, name, places, column_map, taken)
        for name, places in {**misses, **asked_for}.items()
    ]
    faults += _claimed_twice(items, others, asked)
    return Matching(index, items, others, misses, faults)


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
            rule, found = "by the column map", index.like(column_map[name])
        else:
            by_rule = index.found_by_rule(name, _wordings(instrument, name))
            rule, found = next((hit for hit in by_rule if hit[1]), ("", []))
        if len(found) == 1:
            by_text = rule in BY_TEXT
            matches.append(ColumnMatch(name, found[0], index.all[found[0]], rule, by_text))
        else:
            misses[name] = found
    return matches, misses


def _nearly_matched(
    index: Headings, instrument: Instrument, names: Sequence[str], taken: Collection[int]
) -> list[ColumnMatch]:
    """Match what no rule finds by nearly its wording: the strictest way first."""
    every = (*instrument.items.ids, *instrument.context.ids)
    folded = {name: folded_wordings(instrument, name) for name in every}
    matches: list[ColumnMatch] = []

    def left() -> tuple[dict[str, list[str]], dict[str, list[str]], set[int]]:
        missing = set(names) - {match.name for match in matches}
        wanted = {name: texts for name, texts in folded.items() if name in missing}
        rivals = {name: texts for name, texts in folded.items() if name not in missing}
        return wanted, rivals, {*taken, *(match.position for match in matches)}

    if names:
        matches += match_loosely(index, *left())
        wanted, _, used = left()
        templates = {name: _templates(instrument, name) for name in wanted}
        matches += match_refilled(index, templates, used)
        matches += match_by_likeness(index, *left())
    return matches


def _wordings(instrument: Instrument, name: str) -> list[str]:
    entry = _entry(instrument, name)
    return [instrument.wording_of(name, locale) for locale in entry.wording]


def _templates(instrument: Instrument, name: str) -> list[str]:
    return [fold_heading(wording) for wording in _entry(instrument, name).wording.values()]


def _entry(instrument: Instrument, name: str) -> Item | ContextQuestion:
    return instrument.context[name] if name in instrument.context.ids else instrument.items[name]


def folded_wordings(instrument: Instrument, name: str) -> list[str]:
    """Return the wordings of an item or question in all languages, folded for comparison."""
    return list(dict.fromkeys(filter(None, map(fold_heading, _wordings(instrument, name)))))


def _fault(
    index: Headings,
    instrument: Instrument,
    name: str,
    places: Sequence[int],
    column_map: Mapping[str, str],
    taken: Collection[int],
) -> dict[str, str]:
    likely = [index.all[place] for place in places]
    if not likely and name in column_map:
        likely = index.near([column_map[name]], taken)
    elif not likely:
        near = like_columns(index, folded_wordings(instrument, name), taken)
        likely = [index.all[place] for place, _ in near] or index.near([name], taken)
    return {
        "item": name,
        "problem": f"{len(places)} columns" if places else "no column",
        "headings": listed([shown(text) for text in likely], 3),
    }


def _claimed_twice(
    items: Sequence[ColumnMatch], others: Sequence[ColumnMatch], asked: Sequence[ColumnMatch]
) -> list[dict[str, str]]:
    claims: defaultdict[int, list[ColumnMatch]] = defaultdict(list)
    for match in (*items, *others):
        claims[match.position].append(match)
    # A column may be an id and be kept as context, or be two ids; but no item as well.
    answered = {match.position for match in items}
    for match in asked:
        if match.position in answered:
            claims[match.position].append(match)
    return [
        {
            "item": ", ".join(match.name for match in claim),
            "problem": "the same column",
            "headings": shown(claim[0].heading),
        }
        for claim in claims.values()
        if len(claim) > 1
    ]


def _unclear(path: Path, matching: Matching, instrument: Instrument) -> IntakeError:
    index, misses = matching.index, matching.misses
    absent = sum(not found for found in misses.values())
    doubled = {name: found for name, found in misses.items() if len(found) > 1}
    parts = []
    if absent:
        has = "has" if absent == 1 else "have"
        total = len(instrument.item_ids)
        parts.append(f"{absent} of the {total} items of {instrument.id} {has} no column")
    parts += [
        f"{len(found)} columns could hold {name}: "
        + " and ".join(f"column {place + 1}, {shown(index.all[place])}" for place in found[:3])
        for name, found in doubled.items()
    ]
    what = "; ".join(parts[:4]) or (
        f"it is not clear which columns hold the items of {instrument.id}"
    )
    rename = "Rename or delete all but one of the doubled columns in the file. " if doubled else ""
    draft = f"relsurvey columns {path.name} --instrument {instrument.id} --write map.yaml"
    return IntakeError(
        f"{path.name}: {what}.",
        hint=f"{rename}Name the columns in a map, one line 'item: heading' an item "
        f"(--columns map.yaml); this drafts one:  {draft}\n"
        f"Columns in the file: {listed([shown(t) for t in index.all])}.",
        failures=matching.faults,
    )
