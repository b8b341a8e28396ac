"""The columns that are asked for by their heading: ids, team, wave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.matching.headings import ColumnMatch, Headings

__all__ = ["find_asked"]

_MAY_BE_ONE = {"respondent_id", "worker_id"}


def find_asked(
    path: Path, columns: Sequence[ExportColumn], asked: Mapping[str, str | None]
) -> list[ColumnMatch]:
    """Find each column that was asked for.

    Parameters
    ----------
    path : pathlib.Path
        The file, for messages.
    columns : sequence of ExportColumn
        Its columns.
    asked : mapping of str to str or None
        Heading by canonical name; ``None`` where nothing was asked for.

    Returns
    -------
    list of ColumnMatch
        One for each name with a heading.

    Raises
    ------
    IntakeError
        Where a name is empty; a heading is not there or there twice, and ``.failures`` has
        ``asked, column, problem``; or one column is asked for as two things.
    """
    index = Headings(columns)
    matches: list[ColumnMatch] = []
    faults: list[dict[str, str]] = []
    for name, heading in asked.items():
        if heading is None:
            continue
        if not trimmed(str(heading)):
            raise IntakeError(
                f"The name of the column for {name} is empty.",
                hint="Name the column, or leave the option out.",
            )
        found = index.like(str(heading))
        if len(found) == 1:
            exact = trimmed(str(heading)) in index.exact
            rule = "by the name given" + ("" if exact else ", but for case or spacing")
            matches.append(ColumnMatch(name, found[0], index.all[found[0]], rule))
        else:
            problem = f"{len(found)} columns have this heading" if found else "no such column"
            near = [] if found else index.near([str(heading)])
            guess = f"; did you mean {index.quoted(near[0])}?" if near else ""
            faults.append({"asked": name, "column": str(heading), "problem": problem + guess})
    if faults:
        raise IntakeError(
            f"{path.name} does not have one column each for: "
            f"{listed([fault['column'] for fault in faults])}.",
            hint=f"Its columns: {listed([shown(text) for text in index.all])}.",
            failures=faults,
        )
    _refuse_two_roles(path, matches)
    return matches


def _refuse_two_roles(path: Path, matches: Sequence[ColumnMatch]) -> None:
    """Refuse one column for two things, but for a survey in which workers answer themselves."""
    roles: defaultdict[int, list[ColumnMatch]] = defaultdict(list)
    for match in matches:
        roles[match.position].append(match)
    faults = [
        {"column": claim[0].heading, "asked for as": ", ".join(match.name for match in claim)}
        for claim in roles.values()
        if len(claim) > 1 and {match.name for match in claim} != _MAY_BE_ONE
    ]
    if faults:
        raise IntakeError(
            f"{path.name}: {listed([shown(fault['column']) for fault in faults])} is asked for "
            "as more than one thing.",
            hint="Only the respondent's and the worker's id may be the same column.",
            failures=faults,
        )
