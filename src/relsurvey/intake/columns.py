"""Which column of an export belongs to which item of an instrument."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import Instrument
from relsurvey.intake.fold import shown
from relsurvey.intake.headings import ColumnMatch, Headings

__all__ = ["count_items_found", "find_columns"]


def find_columns(
    path: Path,
    headings: Sequence[str],
    instrument: Instrument,
    column_map: Mapping[str, str],
    asked: Sequence[ColumnMatch] = (),
) -> tuple[list[ColumnMatch], list[ColumnMatch]]:
    """Find the columns of the items and of the questions that are kept beside them.

    Parameters
    ----------
    path : pathlib.Path
        The file, for messages.
    headings : sequence of str
        Its headings.
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
    index = Headings(headings)
    items, item_misses = _matched(index, instrument, instrument.item_ids, column_map)
    unscored = (item.id for item in instrument.items if not item.scored)
    beside = (*unscored, *instrument.context.ids)
    others, other_misses = _matched(index, instrument, beside, column_map)
    # What is only kept beside the items may be absent, unless somebody said where it is.
    asked_for = {name: miss for name, miss in other_misses.items() if miss or name in column_map}
    taken = {match.position for match in (*items, *others, *asked)}
    faults = []
    for name, miss in {**item_misses, **asked_for}.items():
        known_as = (
            [column_map[name]] if name in column_map else [name, *_wordings(instrument, name)]
        )
        likely = [index.all[place] for place in miss] or index.near(known_as, taken)
        faults.append(_fault(name, len(miss), likely))
    faults += _claimed_twice(items, others, asked)
    if faults:
        raise _unclear(path, index, instrument, faults, item_misses)
    return items, others


def count_items_found(headings: Sequence[str], instrument: Instrument) -> int:
    """Return how many items have a column; it tells sheets apart."""
    found, _ = _matched(Headings(headings), instrument, instrument.item_ids, {})
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
            matches.append(ColumnMatch(name, found[0], index.all[found[0]], rule))
        else:
            misses[name] = found
    return matches, misses


def _wordings(instrument: Instrument, name: str) -> list[str]:
    entry = instrument.context[name] if name in instrument.context.ids else instrument.items[name]
    return [instrument.wording_of(name, locale) for locale in entry.wording]


def _fault(name: str, found: int, likely: Sequence[str]) -> dict[str, str]:
    return {
        "item": name,
        "problem": f"{found} columns" if found else "no column",
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


def _unclear(
    path: Path,
    index: Headings,
    instrument: Instrument,
    faults: list[dict[str, str]],
    item_misses: Mapping[str, list[int]],
) -> IntakeError:
    absent = sum(not found for found in item_misses.values())
    doubled = {name: found for name, found in item_misses.items() if len(found) > 1}
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
    return IntakeError(
        f"{path.name}: {what}.",
        hint=f"{rename}Name the headings in a map, one line 'item: heading' an item "
        f"(--columns map.yaml). Columns in the file: {listed([shown(t) for t in index.all])}.",
        failures=faults,
    )
