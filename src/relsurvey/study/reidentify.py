"""From pseudonyms back to ids, for whoever holds the key and the exports."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from relsurvey.errors import OutputError
from relsurvey.intake import read_table
from relsurvey.pseudonyms import by_pseudonym, id_columns, is_pseudonym
from relsurvey.study.plan import load_plan
from relsurvey.study.reading import read_survey
from relsurvey.tables import neutralised

__all__ = ["Reidentified", "ids_in_column", "ids_of_study", "reidentify_table", "reidentify_words"]

Ids = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Reidentified:
    """Pseudonyms with the ids they stand for.

    Attributes
    ----------
    rows : tuple of tuple of str
        A table, its heading first.
    found, unknown : tuple of str
        Pseudonyms of which the id is known, and those of which it is not.
    """

    rows: tuple[tuple[str, ...], ...]
    found: tuple[str, ...]
    unknown: tuple[str, ...]


def ids_of_study(path: str | Path) -> dict[str, list[str]]:
    """Return every id in the exports of a study, by what it names.

    The exports are read as a run reads them, so that an id is the same text in both.

    Raises
    ------
    RelSurveyError
        Where the study file or an export cannot be read.
    """
    path = Path(path)
    plan = load_plan(path)
    ids: dict[str, dict[str, None]] = {}
    for survey in (plan.workers, plan.service_users):
        frame = read_survey(survey, path.parent).ids
        for column, kind in id_columns().items():
            if column in frame:
                ids.setdefault(kind, {}).update(dict.fromkeys(frame[column].dropna().astype(str)))
    return {kind: list(several) for kind, several in ids.items()}


def ids_in_column(path: str | Path, column: str, kind: str) -> dict[str, list[str]]:
    """Return the ids in one column of a table.

    Raises
    ------
    RelSurveyError
        Where the table cannot be read or has no such column.
    """
    frame = read_table(path)
    if column not in frame:
        raise OutputError(
            f"{Path(path).name} has no column {column!r}.",
            hint=f"It has: {', '.join(map(str, frame.columns))}.",
        )
    return {kind: list(dict.fromkeys(frame[column].dropna().astype(str)))}


def reidentify_words(words: Iterable[str], ids: Ids, key: bytes) -> Reidentified:
    """Say for each pseudonym what it names and the id.

    Returns
    -------
    Reidentified
        Rows ``pseudonym, names, id``, in the order asked for; those not known are left out.
    """
    known = by_pseudonym(ids, key)
    asked = tuple(dict.fromkeys(words))
    found = tuple(word for word in asked if word in known)
    rows = [(word, *map(_safe, known[word])) for word in found]
    unknown = tuple(word for word in asked if word not in known)
    return Reidentified((("pseudonym", "names", "id"), *rows), found, unknown)


def reidentify_table(path: str | Path, ids: Ids, key: bytes) -> Reidentified:
    """Put ids in the place of pseudonyms in a CSV file that this package wrote.

    Returns
    -------
    Reidentified
        The table, every other cell as it stands; a pseudonym that is not known stays.

    Raises
    ------
    OutputError
        Where the file cannot be read, or has no pseudonym in it.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        # The system's own words without its number and the path, which stands there already.
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise OutputError(
            f"{path} cannot be read as a CSV file: {reason}.",
            hint="Name a table that relsurvey wrote, such as restricted/linked.csv.",
        ) from problem
    asked = dict.fromkeys(cell for row in rows for cell in row if is_pseudonym(cell))
    if not asked:
        raise OutputError(
            f"There is no pseudonym in {path}.",
            hint="Pseudonyms look like P-FTU3CUSCFTEZEUDR; this table may have its ids already.",
        )
    known = by_pseudonym(ids, key)
    named = {one: _safe(known[one][1]) for one in asked if one in known}
    return Reidentified(
        tuple(tuple(named.get(cell, cell) for cell in row) for row in rows),
        tuple(named),
        tuple(one for one in asked if one not in known),
    )


def _safe(text: str) -> str:
    return str(neutralised(text))
