"""What every result can do: a table, a dictionary, a text, and a view in a notebook."""

from __future__ import annotations

import dataclasses
import html
import importlib
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from relsurvey.criteria import Reading

__all__ = ["Drawn", "Read", "Result", "json_ready", "readings_below"]


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

    def _repr_html_(self) -> str:
        """Show the summary and the table in a notebook, everything escaped."""
        table = self.to_frame().to_html(index=False, escape=True, float_format="{:.4g}".format)
        return f"<pre>{html.escape(self.summary())}</pre>{table}"


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
            The drawing; ``axes.figure.savefig(...)`` saves it.
        """
        # By name: the rooms that make results may not import the room that draws them.
        room = importlib.import_module("relsurvey.reporting")
        drawn: Axes = getattr(room, self._figure)(self, axes)
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
        return json_ready(value.to_dict(orient="records"))
    if hasattr(value, "tolist"):
        return json_ready(value.tolist())
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)
