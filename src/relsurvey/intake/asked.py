"""The columns that are asked for by their heading: ids, team, wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.headings import ColumnMatch, Headings

__all__ = ["find_asked"]


def find_asked(
    path: Path, headings: Sequence[str], asked: Mapping[str, str | None]
) -> list[ColumnMatch]:
    """Find each column that was asked for.

    Parameters
    ----------
    path : pathlib.Path
        The file, for messages.
    headings : sequence of str
        Its headings.
    asked : mapping of str to str or None
        Heading by canonical name; ``None`` where nothing was asked for.

    Returns
    -------
    list of ColumnMatch
        One for each name with a heading.

    Raises
    ------
    IntakeError
        Where a heading is not there or there twice; ``.failures`` has
        ``asked, column, problem``.
    """
    index = Headings(headings)
    matches: list[ColumnMatch] = []
    faults: list[dict[str, str]] = []
    for name, heading in asked.items():
        if heading is None:
            continue
        found = index.like(str(heading))
        if len(found) == 1:
            exact = trimmed(str(heading)) in index.exact
            rule = "by the name given" + ("" if exact else ", but for case or spacing")
            matches.append(ColumnMatch(name, found[0], index.all[found[0]], rule))
        else:
            problem = f"{len(found)} columns have this heading" if found else "no such column"
            near = [] if found else index.near([str(heading)])
            guess = f"; did you mean {near[0]!r}?" if near else ""
            faults.append({"asked": name, "column": str(heading), "problem": problem + guess})
    if faults:
        raise IntakeError(
            f"{path.name} does not have one column each for: "
            f"{listed([fault['column'] for fault in faults])}.",
            hint=f"Its columns: {listed([shown(text) for text in index.all])}.",
            failures=faults,
        )
    return matches
