"""What every result can do: a table, a dictionary, a text, and a view in a notebook."""

from __future__ import annotations

import dataclasses
import importlib
import itertools
import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from relsurvey.errors import ReportError
from relsurvey.notebook import shown_in_notebook
from relsurvey.options import require_choice
from relsurvey.text import WIDTH

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from relsurvey.criteria import Reading
    from relsurvey.views import Table

__all__ = ["Drawn", "Read", "Result", "json_ready", "readings_below"]

Length: TypeAlias = Literal["short", "long"]
LENGTHS: tuple[Length, ...] = ("short", "long")

COLUMNS = "   "  # so much space inside a line stands between columns only
SHORT_FORMS = ("Cfa", "Efa", "Ols", "Mcar")


class Result:
    """Base of all result dataclasses.

    A subclass is a frozen dataclass and writes ``to_frame`` (tidy, one row a thing, full
    precision) and ``summary`` (text a person reads). What could not be computed is NaN in the
    frame, with the reason in its ``note`` column.
    """

    def to_frame(self) -> pd.DataFrame:
        """Return the result as a tidy frame, one row a thing, unrounded."""
        raise NotImplementedError(f"{type(self).__name__} has to define to_frame()")

    def summary(self) -> str:
        """Return the result as a text for people."""
        raise NotImplementedError(f"{type(self).__name__} has to define summary()")

    def to_dict(self) -> dict[str, Any]:
        """Return every field, ready for ``json.dumps`` (NaN becomes ``None``)."""
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        return {
            field.name: json_ready(getattr(self, field.name))
            for field in fields
            if not field.name.startswith("_")
        }

    def __str__(self) -> str:
        return self.summary()

    def to_table(self) -> Table:
        """Return the result as a table for people: what ``to_frame`` has, in rounded numbers.

        Returns
        -------
        Table
            The first rows of a long frame, with a note of how many there are more. Where
            ``to_frame`` names workers or teams, the table does not.
        """
        from relsurvey.frame_tables import frame_table

        name = _name_for_people(type(self).__name__)
        return frame_table(self._shown(), id=name.lower().replace(" ", "-"), caption=name)

    def to_text(self, length: Length = "short") -> str:
        """Return the result as a text for people.

        Parameters
        ----------
        length : {"short", "long"}
            "short": what was found, in a sentence or two. "long": all of ``summary()``.

        Returns
        -------
        str
            The text.

        Raises
        ------
        ReportError
            Where there is no such length.
        """
        require_choice("length", length, LENGTHS, ReportError)
        return self.summary() if length == "long" else self._short_text()

    def _short_text(self) -> str:
        """Return the sentence of the result where it has one, or else how its summary begins."""
        sentence = getattr(self, "sentence", "")
        return sentence if sentence else _as_sentence(_beginning(self.summary()))

    def _shown(self) -> pd.DataFrame:
        """Return the frame as others may see it: where ``to_frame`` names somebody, without."""
        return self.to_frame()

    def _repr_html_(self) -> str:
        """Show a card in a notebook: the short text, the table, the long text folded."""
        from relsurvey.cards import card

        return card(self.to_text("short"), self.to_table(), self.to_text("long"))


def _beginning(text: str) -> str:
    """Return the first paragraph of a text on one line, up to where columns begin in it."""
    lines = text.strip().split("\n\n")[0].split("\n")
    prose = list(itertools.takewhile(lambda line: COLUMNS not in line.strip(), lines))
    return " ".join("".join(_joined(line) for line in prose or lines[:1]).split()).rstrip(";")


def _as_sentence(text: str) -> str:
    """End a text as a sentence ends."""
    return text if text[-1:] in ".!?" else f"{text}."


def _joined(line: str) -> str:
    """Set a line apart from the next where it ends of its own accord, not at the margin."""
    ends = len(line) < WIDTH * 2 // 3 and line[-1:] not in ".,;:?!"
    return line + ("; " if ends else " ")


def _name_for_people(name: str) -> str:
    """Write the name of a class as words.

    Examples
    --------
    >>> _name_for_people("SpecificationCurve"), _name_for_people("CfaResult")
    ('Specification curve', 'CFA')
    """
    words = re.findall("[A-Z][a-z]*|[a-z]+", name.removesuffix("Result"))
    written = [word.upper() if word in SHORT_FORMS else word.lower() for word in words]
    return " ".join([written[0][0].upper() + written[0][1:], *written[1:]])


class Read(Result):
    """A result whose figures stand beside their criteria.

    A subclass has ``readings``, as a field or as a property, and writes ``to_frame`` and
    ``figures_text``; the dictionary and the summary then hold the readings too.
    """

    if TYPE_CHECKING:  # no attribute of its own: a field of that name would take it as default

        @property
        def readings(self) -> Iterable[Reading]:
            """Each figure that has a criterion beside it."""

    def figures_text(self) -> str:
        """Return the figures and what is to be said of them, without the readings."""
        raise NotImplementedError(f"{type(self).__name__} has to define figures_text()")

    def to_dict(self) -> dict[str, Any]:
        """Return every field and the readings, ready for ``json.dumps`` (NaN becomes ``None``)."""
        return {**super().to_dict(), "readings": json_ready(list(self.readings))}

    def summary(self) -> str:
        """Return the figures as a text, and how they read beside their criteria."""
        return "\n".join([self.figures_text(), *readings_below(self.readings)])


def readings_below(readings: Iterable[Reading]) -> list[str]:
    """Return readings as lines to stand below figures, under one heading; none for none."""
    from relsurvey.criteria import readings_text

    lines = readings_text(readings)
    return ["", "How the figures read", "", *lines] if lines else []


class Drawn(Result):
    """A result that has something to look at."""

    _figure: ClassVar[str]

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the result, the same figure as in a report.

        Parameters
        ----------
        axes : matplotlib.axes.Axes, optional
            Where to draw; on a figure of its own if not given.

        Returns
        -------
        matplotlib.axes.Axes
            The drawing; ``axes.figure.savefig(...)`` saves it. In a notebook it is shown at once,
            where it has a figure of its own.
        """
        # By name: the rooms that make results may not import the room that draws them.
        room = importlib.import_module("relsurvey.reporting")
        drawn: Axes = getattr(room, self._figure)(self, axes)
        if axes is None:
            shown_in_notebook(drawn.figure, self.to_text)
        return drawn


def json_ready(value: Any) -> Any:
    """Turn a value into what ``json.dumps`` takes: no NaN, no NumPy, no frames.

    Examples
    --------
    >>> json_ready({"a": (1, float("nan"))})
    {'a': [1, None]}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): json_ready(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_ready(entry) for entry in value]
    if hasattr(value, "model_dump"):
        return json_ready(value.model_dump(mode="json"))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: json_ready(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return _json_ready_array(value)


def _json_ready_array(value: Any) -> Any:
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        # Column by column: pandas' own records of a small table take ten times as long.
        columns = {str(name): _entries(column) for name, column in value.items()}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if hasattr(value, "tolist"):
        return json_ready(value.tolist())
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def _entries(column: Any) -> list[Any]:
    pairs = zip(column.tolist(), column.isna().tolist(), strict=True)
    return [None if missing else json_ready(entry) for entry, missing in pairs]
