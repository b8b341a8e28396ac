"""The error where it is not clear which column is which item: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import Instrument
from relsurvey.intake.matching.contradictions import BY_MAP
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.matching.result import Matching

__all__ = ["unclear"]

_MOST_TOLD = 4
_ASKED_AGAIN = (
    "If the same items were asked more than once (loops, two time points), make one map a time "
    "point and read the file once with each. Otherwise name the column that counts in a map, or "
    "delete the others in the file."
)
_CROSSED = (
    "Where the names are right, say so in a map; where the texts are, map each item to the column "
    "that asks it."
)


def unclear(path: Path, matching: Matching, instrument: Instrument) -> IntakeError:
    """Return the error that tells of everything at once; ``item, problem, headings`` each."""
    told = [*_absent(matching, instrument), *_doubled(matching)]
    told += [*_crossed(matching), *_shared(matching)]
    what = "; ".join(told[:_MOST_TOLD])
    return IntakeError(
        f"{path.name}: {what}.",
        hint="\n".join(_advice(path, matching, instrument)),
        failures=_failures(matching),
    )


def _absent(matching: Matching, instrument: Instrument) -> Iterator[str]:
    total = len(instrument.item_ids)
    absent = [name for name, found in matching.misses.items() if not found]
    items = sum(name in instrument.item_ids for name in absent)
    if items == total:
        yield f"none of the {total} items of {instrument.id} has a column"
    elif items:
        has = "has" if items == 1 else "have"
        yield f"{items} of the {total} items of {instrument.id} {has} no column"
    beside = [name for name in absent if name not in instrument.item_ids]
    if beside:
        yield f"no column for {listed(beside)}, which the map names"


def _doubled(matching: Matching) -> Iterator[str]:
    for name, found in matching.misses.items():
        if len(found) > 1:
            places = " and ".join(_column(matching, place) for place in found[:3])
            yield f"{len(found)} columns could hold {name}: {places}"


def _crossed(matching: Matching) -> Iterator[str]:
    for name, (match, other) in matching.crossed.items():
        heading = matching.index.quoted(match.position)
        named = f"named {name}" if heading == repr(name) else f"{heading}, found as {name}"
        yield f"column {match.position + 1} is {named}, but asks what item {other} asks"


def _shared(matching: Matching) -> Iterator[str]:
    for claim in matching.claimed_twice:
        names = " and ".join(match.name for match in claim)
        place = _column(matching, claim[0].position)
        if all(match.rule == BY_MAP for match in claim):
            lines = ", ".join(f"'{one.name}: {matching.column_map[one.name]}'" for one in claim)
            yield f"the map has one column for {names}: {place} (lines {lines})"
        else:
            rules = ", ".join(f"{match.name} {match.rule}" for match in claim)
            yield f"it is not clear whether {place} is {_either(claim)} ({rules})"


def _either(claim: Sequence[ColumnMatch]) -> str:
    return " or ".join(match.name for match in claim)


def _column(matching: Matching, place: int) -> str:
    return f"column {place + 1}, {matching.index.quoted(place)}"


def _advice(path: Path, matching: Matching, instrument: Instrument) -> Iterator[str]:
    if any(len(found) > 1 for found in matching.misses.values()):
        yield _ASKED_AGAIN
    if matching.crossed:
        yield _CROSSED
    if not any(item.wording for item in instrument.items) and not matching.items:
        yield (
            f"{instrument.id} ships no wording; where the headings are questions, give a wording "
            "pack with --wording."
        )
    draft = f"relsurvey columns {path.name} --instrument {instrument.id} --write map.yaml"
    yield (
        "A map has one line 'item: column' an item (--columns map.yaml), the column named by its "
        f"heading, the platform's id, or 'column 12'; this drafts one:  {draft}"
    )
    refilled = {match.position for match in matching.items if match.refilled}
    headings = [
        f"column {place + 1}" if place in refilled else matching.index.quoted(place)
        for place in range(len(matching.index.all))
    ]
    yield f"Columns in the file: {listed(headings)}."


def _failures(matching: Matching) -> list[dict[str, str]]:
    index = matching.index
    rows = []
    for name, places in matching.misses.items():
        likely = places or [place for place, _ in matching.likely(name)]
        problem = f"{len(places)} columns" if places else "no column"
        rows.append((name, problem, listed([index.quoted(place) for place in likely], 3)))
    for name, (match, other) in matching.crossed.items():
        rows.append((name, f"asks what {other} asks", index.quoted(match.position)))
    for claim in matching.claimed_twice:
        names = ", ".join(match.name for match in claim)
        rows.append((names, "the same column", index.quoted(claim[0].position)))
    return [dict(zip(("item", "problem", "headings"), row, strict=True)) for row in rows]
