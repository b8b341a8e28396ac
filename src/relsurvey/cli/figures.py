"""Write the figure of a result beside what a command prints."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from relsurvey.cli.output import note
from relsurvey.files import ensure_free

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FigureFile", "check_figure", "save_figure"]

SUFFIXES = (".svg", ".png", ".pdf")
DOTS_PER_INCH = 150
# The date would make every drawing another file.
UNDATED: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
    "png": {},
}

FigureFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--figure", help="Also draw it, into this file (.svg, .png or .pdf)."),
]


def check_figure(
    figure: Path | None, *, force: bool, inputs: Iterable[str | Path | None] = ()
) -> None:
    """Refuse a place for a figure before any work is done."""
    if figure is not None:
        keep = [Path(path) for path in inputs if path is not None]
        ensure_free(figure, force=force, suffixes=SUFFIXES, keep=keep)


def save_figure(axes: Axes, figure: Path, *, force: bool) -> None:
    """Write a drawing, whole or not at all."""
    from relsurvey.files import written_whole
    from relsurvey.reporting.figures.style import styled

    ensure_free(figure, force=force, suffixes=SUFFIXES)
    kind = figure.suffix[1:].lower()
    drawing = axes.get_figure(root=True)
    assert drawing is not None, "axes made by a plot function stand on a figure"  # noqa: S101
    with styled(), written_whole(figure) as temporary:
        drawing.savefig(
            temporary, format=kind, dpi=DOTS_PER_INCH, bbox_inches="tight", metadata=UNDATED[kind]
        )
    note(f"Wrote {figure}.")
