"""Personal data in an export: which columns and which cells, never what stands in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from relsurvey.intake.export import ExportColumn
from relsurvey.intake.fold import SPACE, trimmed
from relsurvey.intake.personal_data import PersonalColumn, PersonalData
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn
from relsurvey.personal import (
    KINDS,
    HeadingKind,
    asks_for_birth,
    heading_kind,
    masked,
    personal_kinds,
    personal_texts,
)
from relsurvey.personal.label_words import is_label
from relsurvey.personal.names import is_cjk_name
from relsurvey.personal.numbers import is_date, is_written_together, year_of

__all__ = ["PersonalColumn", "PersonalData", "find_personal"]

# A question with no more than so many different answers offered them; nobody's name is offered.
_MOST_CHOICES = 12
# Dates of birth: most cells of a column are dates, and most of these lie before this year. A study
# may well ask for dates of its own, such as the first appointment; these are later.
_BORN_BEFORE = 2010
_FEWEST_DATES = 3
_FEWEST_DIGITS = 9
# One text in so many may be in another script before that says nothing of a person any more.
_SELDOM = 5
# What platforms write in place of what they did not ask for.
_ANONYMOUS = "anonymous anonym anonyme anónimo anonimo anoniem n/a na none - * *******"
_NOBODY = frozenset(_ANONYMOUS.split())


def find_personal(
    table: RawTable, columns: Sequence[ExportColumn] | None = None, skip: Collection[int] = ()
) -> PersonalData:
    """Look for personal data in the headings and the cells of an export.

    Parameters
    ----------
    table : RawTable
        The file as text. Every distinct text is looked at once.
    columns : sequence of ExportColumn, optional
        What the platform knows of each column: its question, and whether it is personal.
    skip : collection of int
        Columns, counted from 0, that are not looked at: items whose cells were all decoded.

    Returns
    -------
    PersonalData
        Where it stands and what it looks like.

    Examples
    --------
    >>> from pathlib import Path
    >>> texts = TextColumn(("fine", "My worker Sarah Jones was kind"), np.array([0, 1, 0]))
    >>> table = RawTable(Path("x.csv"), ("Comments",), (texts,), np.array([2, 3, 4]), "text")
    >>> print(find_personal(table).summary())
    Column 1, 'Comments': 1 cell looks like a name (row 3).
    """
    by_heading: list[PersonalColumn] = []
    by_content: list[PersonalColumn] = []
    for position, column in enumerate(table.columns):
        if position in skip:
            continue
        described = None if columns is None else columns[position]
        heading = table.heading[position]
        asked = _asked(heading, column, described)
        if asked is not None:
            rows = table.rows[_filled(column)]
            by_heading.append(
                PersonalColumn(position, masked(trimmed(heading)), asked, "heading", rows)
            )
            continue
        kinds = _kinds(column, _texts_of(heading, described))
        by_content += [
            PersonalColumn(position, masked(trimmed(heading)), kind, "content", table.rows[marks])
            for kind, marks in _marks(column, kinds)
        ]
    return PersonalData(tuple(by_heading), tuple(by_content))


def _texts_of(heading: str, described: ExportColumn | None) -> tuple[str, ...]:
    """Return what a column is called and asks, each text once."""
    if described is None:
        return (heading,)
    own = (heading, described.name, described.text, *described.ids)
    return tuple(dict.fromkeys(text for text in own if text))


def _asked(heading: str, column: TextColumn, described: ExportColumn | None) -> str | None:
    """Return the kind that the heading asks for, unless the cells show a closed question."""
    found = [hit for text in _texts_of(heading, described) if (hit := heading_kind(text))]
    best = next((hit for hit in found if hit.sure), next(iter(found), None))
    if described is not None and described.role == "personal":
        return "personal" if best is None else best.kind
    if best is None or (not best.sure and _is_closed(column, described, best)):
        return None
    return best.kind


def _is_closed(column: TextColumn, described: ExportColumn | None, hit: HeadingKind) -> bool:
    if described is not None and described.choices:
        return True
    different = {text for text, used in zip(column.trimmed, column.used, strict=True) if used}
    different.discard("")
    if hit.kind == "name":
        # A list of workers to choose from is closed, and holds names.
        return not any(map(_may_name, different))
    few = len(different) <= min(_MOST_CHOICES, len(column.codes) // 3)
    if any(sum(map(str.isdigit, text)) >= _FEWEST_DIGITS for text in different):
        return False
    return few and hit.kind not in personal_texts(list(different)).values()


def _may_name(text: str) -> bool:
    return any(map(str.isalpha, text)) and text.casefold() not in _NOBODY and not is_label(text)


def _filled(column: TextColumn) -> npt.NDArray[np.bool_]:
    cells = column.arrow()
    if cells is None:
        texts = column.trimmed
        return column.marked([bool(text) and text.casefold() not in _NOBODY for text in texts])
    # Without making codes: a column of a million addresses is only counted here.
    import pyarrow as pa
    from pyarrow import compute

    spelt = {way(text) for text in _NOBODY for way in (str.lower, str.capitalize, str.upper)}
    unnamed = pa.array(["", *sorted(spelt)], pa.string())
    nobody = compute.is_in(compute.utf8_trim(cells, characters=SPACE), value_set=unnamed)
    filled: npt.NDArray[np.bool_] = np.invert(np.asarray(nobody))
    return filled


def _kinds(column: TextColumn, headings: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return the kinds by the place of the distinct text, for those that look personal."""
    distinct = column.texts
    places = np.flatnonzero(column.used).tolist()
    texts = list(distinct) if len(places) == len(distinct) else [distinct[p] for p in places]
    kinds = {
        places[place]: tuple(dict.fromkeys((kind, *personal_kinds(texts[place]))))
        for place, kind in personal_texts(texts).items()
    }
    born = _birth_dates(column, places, asked=any(map(asks_for_birth, headings)))
    others = [*dict.fromkeys(born, ("date_of_birth",)).items()]
    others += dict.fromkeys(_cjk_names(distinct, places), ("name",)).items()
    for place, kind in others:
        kinds.setdefault(place, kind)
    return kinds


def _birth_dates(column: TextColumn, places: Sequence[int], *, asked: bool) -> list[int]:
    """Return the texts that are dates of birth, by the heading or by how long ago they are."""
    texts = column.trimmed
    if asked:
        return [one for one in places if is_date(texts[one]) or is_written_together(texts[one])]
    filled = [place for place in places if texts[place]]
    years = {place: year for place in filled if (year := year_of(texts[place])) is not None}
    if len(years) < _FEWEST_DATES or 2 * len(years) <= len(filled):
        return []
    return list(years) if np.median(list(years.values())) < _BORN_BEFORE else []


def _cjk_names(texts: Sequence[str], places: Sequence[int]) -> list[int]:
    found = [place for place in places if not texts[place].isascii() and is_cjk_name(texts[place])]
    return found if _SELDOM * len(found) <= len(places) else []


def _marks(
    column: TextColumn, kinds: dict[int, tuple[str, ...]]
) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    there = {kind for found in kinds.values() for kind in found}
    for kind in (kind for kind in KINDS if kind in there):
        marks = np.zeros(len(column.texts), dtype=bool)
        marks[[place for place, found in kinds.items() if kind in found]] = True
        yield kind, marks[column.codes]
