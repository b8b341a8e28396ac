"""Find the .qsf of an export, make sure that it belongs to it, and take from it what it says."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from relsurvey.errors import IntakeError, listed, suggested_file
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.qualtrics.columns import Described
from relsurvey.intake.platforms.qualtrics.definition import Match
from relsurvey.intake.platforms.qualtrics.headings import HeadingRows
from relsurvey.intake.platforms.qualtrics.match import matched
from relsurvey.intake.platforms.qualtrics.qsf import Survey, read_qsf
from relsurvey.intake.platforms.qualtrics.questions import plain_text
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["with_survey"]

_MOST_FILES = 10_000
_LONGEST_END = 55


def with_survey(
    table: RawTable, rows: HeadingRows, described: Described, dictionary: Path | None
) -> tuple[Collection[int], list[LogEntry]]:
    """Put into the columns what the survey's definition says of them.

    Parameters
    ----------
    table : RawTable
        The file.
    rows : HeadingRows
        What its heading rows say.
    described : Described
        The columns; changed in place.
    dictionary : pathlib.Path or None
        The .qsf that was named.

    Returns
    -------
    told : collection of int
        Positions of the columns that the .qsf describes.
    entries : list of LogEntry
        Which .qsf was used, or why none was.

    Raises
    ------
    IntakeError
        Where the .qsf that was named, or that bears the name of the export, cannot be read or
        is that of another survey, or calls columns something else than the heading rows do.
    """
    if dictionary is not None:
        return _used(table, rows, described, _read_named(dictionary), "It was named.")
    named, others = _beside(table.path)
    if named is not None:
        survey = read_qsf(named)
        return _used(table, rows, described, survey, "It stands beside the file with its name.")
    if len(others) != 1:
        return (), _not_chosen(others)
    try:
        survey = read_qsf(others[0])
        return _used(table, rows, described, survey, "It stands beside the file and fits it.")
    except IntakeError as problem:
        what = f"{others[0].name}, which stands beside the file, was not used."
        return (), [LogEntry("platform", "", 1, what, problem.message)]


def _read_named(path: Path) -> Survey:
    if not path.exists():
        folder = path.parent
        names = [one.name for one in itertools.islice(folder.glob("*"), 1_000)]
        near = suggested_file(path.name, sorted(names))
        raise IntakeError(
            f"There is no file {path}.", hint=f"Did you mean {near}?" if near else "Check the name."
        )
    return read_qsf(path)


def _beside(path: Path) -> tuple[Path | None, list[Path]]:
    """Return the .qsf with the name of the export, and the others in its folder.

    Qualtrics calls them ``Title.qsf`` and ``Title_November 21, 2026_10.00.csv``, with spaces or
    plus signs for whatever else the title holds.
    """
    files = itertools.islice(sorted(path.parent.glob("*.[qQ][sS][fF]")), _MOST_FILES)
    stem = path.stem
    ends = [place for place, sign in enumerate(stem) if not sign.isalnum()]
    starts = {_folded(stem[:end]) for end in (*ends, len(stem))} - {""}
    found = [one for one in files if one.is_file()]
    named = sorted(
        (one for one in found if _folded(one.stem) in starts), key=lambda one: -len(one.stem)
    )
    return (named[0] if named else None), [one for one in found if one not in named]


def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _not_chosen(others: Sequence[Path]) -> list[LogEntry]:
    if not others:
        return []
    what = f"{counted(len(others), '.qsf file')} beside the file, none with its name; none used."
    return [LogEntry("platform", "", len(others), what, "Name the right one as the dictionary.")]


def _used(
    table: RawTable, rows: HeadingRows, described: Described, survey: Survey, how: str
) -> tuple[Collection[int], list[LogEntry]]:
    found = matched(rows, described, survey)
    if not found.belongs:
        raise IntakeError(
            f"{survey.path.name} is not the survey of {table.path.name}: {found.why}.",
            hint="Name the .qsf of this survey as the dictionary, or move this one elsewhere to "
            "read the file without it.",
            failures=found.faults,
        )
    if found.contradicted:
        raise _contradiction(table, survey, found.contradicted)
    recoded = 0
    for position, match in found.columns.items():
        column = described.columns[position]
        described.columns[position] = _told(column, match, table.columns[position])
        recoded += _is_recoded(match.choices)
    entries = _entries(survey, found.unknown, len(found.columns), recoded, how)
    return found.columns.keys(), [*entries, *_reworded(found.reworded)]


def _contradiction(
    table: RawTable, survey: Survey, faults: Sequence[Mapping[str, str]]
) -> IntakeError:
    named = [
        f"{fault['column']} ({shown(_end(fault['in the file']))} in the file, "
        f"{shown(_end(fault['in the .qsf']))} in the .qsf)"
        for fault in faults
    ]
    return IntakeError(
        f"{table.path.name} and {survey.path.name} contradict each other: the heading rows and "
        f"the .qsf call {counted(len(faults), 'column')} something else: {listed(named, 4)}.",
        hint="One of them was exported before the survey was changed. Export the .qsf and the "
        "data again from the same version of the survey; or move the .qsf elsewhere, and export "
        "the data as choice text.",
        failures=faults,
    )


def _end(text: str) -> str:
    """Return the end of a text, where the row of a matrix stands."""
    plain = plain_text(text)
    return plain if len(plain) <= _LONGEST_END else f"...{plain[-_LONGEST_END:]}"


def _reworded(names: Sequence[str]) -> list[LogEntry]:
    if not names:
        return []
    what = (
        f"Warning: {counted(len(names), 'column')} with other words in the .qsf: {listed(names)}."
    )
    why = "The words of the file were taken, the labels of the .qsf."
    return [LogEntry("platform", "", len(names), what, why)]


def _told(column: ExportColumn, match: Match, cells: TextColumn) -> ExportColumn:
    """Return a column with what the definition says of it, which is never cut short."""
    choices = dict(match.choices)
    if match.others and choices:
        # Only where such texts stand in the column: they are no codes.
        there = set(cells.trimmed)
        choices |= {text: label for text, label in match.others.items() if trimmed(text) in there}
    return column.replaced(
        ids=tuple(dict.fromkeys((*column.ids, *match.ids))),
        stem=plain_text(match.stem),
        text=plain_text(match.text) or column.text,
        code=match.code or column.code,
        choices=choices or column.choices,
    )


def _is_recoded(choices: Mapping[str, str]) -> bool:
    return list(choices) != [str(place) for place in range(1, len(choices) + 1)]


def _entries(
    survey: Survey, unknown: Sequence[str], columns: int, recoded: int, how: str
) -> list[LogEntry]:
    title = f", {shown(survey.name)}," if survey.name else ""
    what = f"{survey.path.name}{title} says what {counted(columns, 'column')} hold."
    entries = [LogEntry("platform", "", columns, what, how)]
    if recoded:
        what = f"{counted(recoded, 'column')} with recode values other than 1, 2, 3."
        why = "Their labels in the .qsf say what they mean."
        entries.append(LogEntry("platform", "", recoded, what, why))
    if unknown:
        what = f"{counted(len(unknown), 'column')} not in the .qsf: {listed(unknown)}."
        why = "They are later or deleted questions, or data from elsewhere."
        entries.append(LogEntry("platform", "", len(unknown), what, why))
    return entries
