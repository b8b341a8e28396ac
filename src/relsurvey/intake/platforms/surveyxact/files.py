"""The two files that SurveyXact writes beside a dataset: its structure, and its labels.

Seen in real exports (sample files of readSX): a structure has a heading with fixed English
names, labels have none and hold variable, value and label. Both come with commas, semicolons or
tabs, in Windows-1252 or UTF-16, as the dataset does. In a structure some lines end in a delimiter
and others do not, which no table of answers may do.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from relsurvey.errors import IntakeError
from relsurvey.intake.files.delimiter import find_delimiter
from relsurvey.intake.files.encoding import find_encoding
from relsurvey.intake.fold import trimmed
from relsurvey.intake.table import RawTable, TableBuilder

__all__ = [
    "STRUCTURE",
    "Variable",
    "companion",
    "is_labels",
    "is_structure",
    "read_companion",
    "read_labels",
    "read_structure",
]

STRUCTURE = (
    "questionName",
    "variableName",
    "questionType",
    "subType",
    "questionText",
    "choiceValue",
    "choiceText",
)
_WHOLE_NUMBER = re.compile(r"-?\d{1,9}")
_NAME = re.compile(r"[^\W\d]\w*")
_ROWS_LOOKED_AT = 200
# Stem and row of a grid stand in one text (seen in real exports).
_BETWEEN = " - "


@dataclass(frozen=True)
class Variable:
    """One variable of a survey.

    Attributes
    ----------
    question : str
        Name of its question; the overall status is ``statoverall``.
    stem, text : str
        The question, and the row of a grid or the choice to tick; without either the text is
        the question.
    multiple : bool
        Whether it is one choice of several to tick.
    choices : dict of str to str
        Label by value.
    """

    question: str = ""
    stem: str = ""
    text: str = ""
    multiple: bool = False
    choices: dict[str, str] = field(default_factory=dict)


def is_structure(table: RawTable) -> bool:
    """Say whether a table is a structure."""
    heading = [trimmed(text) for text in table.heading]
    return set(STRUCTURE[:5]) <= set(heading)


def is_labels(table: RawTable) -> bool:
    """Say whether a table is a list of labels: each value of each variable once."""
    rows = [*_label_rows(table, _ROWS_LOOKED_AT)]
    return (
        len(table.heading) == 3
        and all(_NAME.fullmatch(row[0]) and _WHOLE_NUMBER.fullmatch(row[1]) for row in rows)
        and len({row[:2] for row in rows}) == len(rows)
        and len({row[0] for row in rows}) < len(rows)
    )


def _label_rows(table: RawTable, most: int | None = None) -> Iterator[tuple[str, ...]]:
    """Yield the rows of labels; the first of them was taken for a heading."""
    yield tuple(trimmed(text) for text in table.heading)
    for place in range(len(table.rows) if most is None else min(most, len(table.rows))):
        yield table.row(place)


def read_labels(table: RawTable) -> dict[str, dict[str, str]]:
    """Return the labels by value, by variable."""
    found: dict[str, dict[str, str]] = {}
    for variable, value, label in _label_rows(table):
        found.setdefault(variable, {})[value] = label
    return found


def read_structure(table: RawTable) -> dict[str, Variable]:
    """Return the variables by name, in the order of the survey."""
    places = {trimmed(text): place for place, text in enumerate(table.heading)}
    cells = [table.row(number) for number in range(len(table.rows))]
    rows = [
        {name: row[places[name]] if name in places else "" for name in STRUCTURE} for row in cells
    ]
    stems = _stems([row["questionText"] for row in rows if row["subType"] != "Multiple"])
    found = {}
    for row in rows:
        text = row["questionText"]
        multiple = row["subType"] == "Multiple"
        if multiple:
            stem, text = text, row["choiceText"]
        else:
            stem = next((one for one in _beginnings(text) if one in stems), "")
            text = text[len(stem) :].removeprefix(_BETWEEN).strip() if stem else text
        found[row["variableName"]] = Variable(row["questionName"], stem, text, multiple)
    return found


def _stems(texts: Sequence[str]) -> set[str]:
    counts = Counter(one for text in texts for one in _beginnings(text))
    return {text for text, count in counts.items() if count > 1}


def _beginnings(text: str) -> Iterator[str]:
    """Yield what stands before each dash, the longest first."""
    end = text.rfind(_BETWEEN)
    while end > 0:
        yield text[:end]
        end = text.rfind(_BETWEEN, 0, end)


def companion(path: Path, kind: str) -> RawTable | None:
    """Return the labels or the structure that lie beside a file of the same export.

    Parameters
    ----------
    path : pathlib.Path
        Any of the three files; the others have "dataset", "labels" or "structure" where it has
        its own word, and the same name besides.
    kind : {"labels", "structure"}
        Which one.

    Returns
    -------
    RawTable or None
        ``None`` where there is no such file, or it is something else.
    """
    names = re.compile(r"dataset|labels|structure", re.IGNORECASE)
    if not names.search(path.stem):
        return None
    wanted = names.sub(kind, path.stem).lower() + path.suffix.lower()
    beside = sorted(one for one in path.parent.iterdir() if one.name.lower() == wanted.lower())
    if len(beside) != 1 or not beside[0].is_file():
        return None
    try:
        table = read_companion(beside[0])
    except IntakeError:
        return None
    return table if (is_labels if kind == "labels" else is_structure)(table) else None


def read_companion(path: Path) -> RawTable:
    """Read a structure or labels; empty cells that a line has too many are left out.

    Parameters
    ----------
    path : pathlib.Path
        A file that may be one.

    Returns
    -------
    RawTable
        As a reader of answers would make it.

    Raises
    ------
    IntakeError
        Where it is no text, or a line is too wide or too narrow.
    """
    try:
        codec = find_encoding(path).codec
        text = path.read_text(encoding=codec)
    except OSError as problem:
        raise IntakeError(f"{path} cannot be read: {problem.strerror or problem}.") from problem
    try:
        lines = csv.reader(text.splitlines(keepends=True), delimiter=find_delimiter(text))
        heading, *records = [line for line in lines if line]
    except (csv.Error, ValueError) as problem:
        raise IntakeError(f"{path.name} is no structure or labels of SurveyXact.") from problem
    width = len(heading)
    if any(len(one) < width or any(map(trimmed, one[width:])) for one in records):
        raise IntakeError(
            f"{path.name} has lines with more or fewer cells than its first one, which has "
            f"{width}.",
            hint="Export labels and structure again.",
        )
    builder = TableBuilder(width)
    builder.add([one[:width] for one in records], range(2, len(records) + 2))
    columns, rows = builder.finish()
    return RawTable(path, tuple(heading), columns, rows, "text")
