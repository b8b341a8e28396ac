"""Reports kept as a file, so that they can be written again, in other formats, without a new run.

The file holds the views of every reader, all of them past disclosure control, as JSON; drawings
lie beside it as SVG and PNG and are named in it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from relsurvey import views
from relsurvey.errors import ReportError, listed
from relsurvey.json_text import json_text
from relsurvey.version import __version__
from relsurvey.views import AUDIENCES, Audience, Figure, Picture, Report

__all__ = [
    "FIGURES",
    "SCHEMA",
    "VIEWS",
    "StoredPicture",
    "drawings",
    "figures_of",
    "from_json",
    "to_json",
]

SCHEMA = 1
VIEWS = "views.json"
FIGURES = "figures"
_KIND = "kind"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_AGAIN = "Run the study again: relsurvey run <study file> --out <folder>."


@dataclass(frozen=True)
class StoredPicture:
    """A drawing that lies in two files, read when it is needed.

    Attributes
    ----------
    folder : pathlib.Path
        Where the files are.
    name : str
        Of the files, without ending.
    link : str or None
        How a report names the PNG that lies beside it; ``None`` where none does.
    """

    folder: Path
    name: str
    link: str | None = None

    @property
    def svg(self) -> str:
        """The drawing as an SVG element."""
        return self._read(".svg").decode("utf-8")

    def png(self) -> bytes:
        """Return the drawing as a PNG of 300 dots an inch."""
        return self._read(".png")

    @property
    def paths(self) -> tuple[Path, Path]:
        """Both files."""
        return self.folder / f"{self.name}.svg", self.folder / f"{self.name}.png"

    def _read(self, suffix: str) -> bytes:
        path = self.folder / f"{self.name}{suffix}"
        try:
            return path.read_bytes()
        except OSError as problem:
            raise ReportError(
                f"The drawing {path} cannot be read: {problem.strerror}.", hint=_AGAIN
            ) from problem


def drawings(reports: Mapping[Audience, Report]) -> dict[str, Picture]:
    """Return every drawing once, by the name of its files.

    Reports that show the same drawing share it; where two figures of one id are not the same, the
    later one has its reader in its name.
    """
    return dict(_named(reports).values())


def _named(reports: Mapping[Audience, Report]) -> dict[tuple[Audience, str], tuple[str, Picture]]:
    """Return the name and the drawing of each figure by reader and id."""
    taken: dict[str, str] = {}
    named: dict[tuple[Audience, str], tuple[str, Picture]] = {}
    for audience, report in reports.items():
        for figure in figures_of(report):
            plain = re.sub(r"[^A-Za-z0-9_.-]", "-", figure.id).lstrip(".-") or "figure"
            content = figure.picture.svg
            name, number = plain, 1
            while taken.setdefault(name, content) != content:
                name = f"{plain}-{audience}{f'-{number}' if number > 1 else ''}"
                number += 1
            named[audience, figure.id] = name, figure.picture
    return named


def figures_of(report: Report) -> list[Figure]:
    """Return the figures of a report in order."""
    return [figure for section in report.sections for figure in section.figures]


def to_json(reports: Mapping[Audience, Report]) -> str:
    """Write reports as JSON, drawings as the names of their files.

    Parameters
    ----------
    reports : dict of str to Report
        One for every reader.

    Returns
    -------
    str
        The same reports give the same text.

    Examples
    --------
    >>> from relsurvey.views import Headline, Report
    >>> said = Headline("The answer", "We found nothing.", "It is not sure.", (), ())
    >>> one = {
    ...     reader: Report("A study", None, "2026-01-31", reader, (), said, (), "relsurvey")
    ...     for reader in ("technical", "service", "plain")
    ... }
    >>> from_json(to_json(one), Path("figures")) == one
    True
    """
    names = _named(reports)
    content = {
        "schema": SCHEMA,
        "relsurvey": __version__,
        "reports": {
            audience: _encoded(
                report,
                {id_: name for (whose, id_), (name, _) in names.items() if whose == audience},
            )
            for audience, report in reports.items()
        },
    }
    return json_text(content)


def _encoded(value: Any, names: Mapping[str, str]) -> Any:
    if dataclasses.is_dataclass(value):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        if isinstance(value, Figure):
            fields["picture"] = names[value.id]
        return {
            _KIND: type(value).__name__,
            **{key: _encoded(part, names) for key, part in fields.items()},
        }
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_encoded(part, names) for part in value]
    return value


def from_json(text: str, folder: Path, *, linked: bool = False) -> dict[Audience, Report]:
    """Read reports that ``to_json`` wrote.

    Parameters
    ----------
    text : str
        The JSON.
    folder : pathlib.Path
        Where the drawings are.
    linked : bool
        Whether reports are written beside that folder, so that they can name the drawings in it.

    Returns
    -------
    dict of str to Report
        One for every reader; a drawing is read when it is asked for.

    Raises
    ------
    ReportError
        Where the text is not what ``to_json`` writes, is of another version, or was changed.
    """
    content = _content(text)
    reports = content["reports"]
    try:
        read = {
            audience: _Reader(folder, linked=linked).read(Report, reports[audience], audience)
            for audience in AUDIENCES
        }
        for audience, report in read.items():
            _check(audience, report)
    except _WrongError as problem:
        raise ReportError(
            f"The stored reports are not as relsurvey writes them: {problem}.", hint=_AGAIN
        ) from problem
    return read


def _content(text: str) -> dict[str, Any]:
    """Return what the file holds, when it is one of this version."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise ReportError("The stored reports are not JSON.", hint=_AGAIN) from problem
    if not isinstance(content, dict) or not {"schema", "relsurvey", "reports"} <= set(content):
        raise ReportError("The file does not hold stored reports of relsurvey.", hint=_AGAIN)
    if (content["schema"], content["relsurvey"]) != (SCHEMA, __version__):
        raise ReportError(
            f"The results were made with relsurvey {content['relsurvey']} (schema "
            f"{content['schema']}); this is relsurvey {__version__} (schema {SCHEMA}).",
            hint=f"{_AGAIN} Or use the version that made them.",
        )
    reports = content["reports"]
    lacking = [one for one in AUDIENCES if not isinstance(reports, dict) or one not in reports]
    if lacking:
        raise ReportError(f"The stored reports lack {listed(lacking)}.", hint=_AGAIN)
    return content


class _WrongError(ValueError):
    """Something in the file is not what a view has there."""


def _check(audience: Audience, report: Report) -> None:
    if report.audience != audience:
        raise _WrongError(f"the report for {audience} is one for {report.audience}")
    try:
        dt.date.fromisoformat(report.date)
    except ValueError as problem:
        raise _WrongError(f"{audience}.date is no date") from problem
    for table in (table for section in report.sections for table in section.tables):
        for row in table.rows:
            width = sum(1 if isinstance(cell, str) else cell.span for cell in row)
            if width != len(table.columns):
                raise _WrongError(
                    f"a row of {table.id} has {width} of {len(table.columns)} columns"
                )


@dataclass(frozen=True)
class _Reader:
    """Reads values as the types of the views ask for them."""

    folder: Path
    linked: bool

    def read(self, kind: Any, value: Any, place: str) -> Any:
        """Return a value as it was before it was written."""
        if kind is Picture:
            return self._picture(value, place)
        if dataclasses.is_dataclass(kind):
            return self._view(kind, value, place)
        origin, inside = get_origin(kind), get_args(kind)
        if origin in {Union, types.UnionType}:
            return self._one_of(inside, value, place)
        if origin is tuple:
            return self._several(inside, value, place)
        if origin is frozenset:
            return frozenset(self._several((inside[0], ...), value, place))
        if origin is Literal:
            if value in inside:
                return value
        elif type(value) is kind or (kind is types.NoneType and value is None):
            return value
        raise _WrongError(f"{place} is {_shown(value)}")

    def _picture(self, value: Any, place: str) -> StoredPicture:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise _WrongError(f"{place} is {_shown(value)}")
        link = f"{FIGURES}/{value}.png" if self.linked else None
        return StoredPicture(self.folder, value, link)

    def _view(self, kind: Any, value: Any, place: str) -> Any:
        names = [field.name for field in dataclasses.fields(kind)]
        if not isinstance(value, dict) or value.get(_KIND) != kind.__name__:
            raise _WrongError(f"{place} is no {kind.__name__.lower()}")
        if set(value) != {*names, _KIND}:
            off = sorted(set(value) ^ {*names, _KIND})
            raise _WrongError(f"{place} has missing or unknown keys ({listed(off)})")
        hints = _hints(kind)
        return kind(
            **{name: self.read(hints[name], value[name], f"{place}.{name}") for name in names}
        )

    def _one_of(self, kinds: Sequence[Any], value: Any, place: str) -> Any:
        """Read a view by the kind it says it is, anything else by the first type that fits."""
        if isinstance(value, dict):
            named = [kind for kind in kinds if getattr(kind, "__name__", "") == value.get(_KIND)]
            if len(named) == 1:
                return self.read(named[0], value, place)
        else:
            for kind in kinds:
                if not dataclasses.is_dataclass(kind) and isinstance(value, kind):
                    return value
        raise _WrongError(f"{place} is {_shown(value)}")

    def _several(self, inside: tuple[Any, ...], value: Any, place: str) -> tuple[Any, ...]:
        kinds = inside[:1] * len(value) if isinstance(value, list) and inside[-1] is ... else inside
        if not isinstance(value, list) or len(kinds) != len(value):
            raise _WrongError(f"{place} is {_shown(value)}")
        return tuple(
            self.read(kind, part, f"{place}[{position}]")
            for position, (kind, part) in enumerate(zip(kinds, value, strict=True))
        )


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, vars(views))


def _shown(value: Any) -> str:
    return f"{str(value)[:40]!r}"
