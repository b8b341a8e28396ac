"""How a figure becomes an SVG that can stand inside a page, and pixels for Word."""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from relsurvey.reporting.figures.style import styled

__all__ = ["Drawing", "as_picture", "drawn_by", "picture_of"]

DOTS_PER_INCH = 300

Begin = Callable[..., Callable[[], tuple[str, bytes]]]

_BEGIN: ContextVar[Begin | None] = ContextVar("begin", default=None)


@dataclass(frozen=True)
class Drawing:
    """A figure of a report: an SVG element, and pixels when somebody asks for them."""

    _svg: Callable[[], str] = field(repr=False)
    _png: Callable[[], bytes] = field(repr=False)

    @property
    def svg(self) -> str:
        """The element, without width and height, the same at every call."""
        return self._svg()

    def png(self) -> bytes:
        """Return the drawing as a PNG of 300 dots an inch, the same bytes at every call."""
        return self._png()


@contextmanager
def drawn_by(begin: Begin) -> Iterator[None]:
    """Have figures drawn by somebody else inside the block, while more of them are made.

    Parameters
    ----------
    begin : callable
        Called with a function and what to give it; returns a callable that waits for its result.
    """
    token = _BEGIN.set(begin)
    try:
        yield
    finally:
        _BEGIN.reset(token)


def picture_of(axes: Axes, name: str, alt: str) -> Drawing:
    """Return the figure that holds an Axes as a picture for a report."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("These axes are on no figure.")
    return as_picture(figure, name, alt)


def as_picture(figure: Figure, name: str, alt: str) -> Drawing:
    """Return a figure as a picture for a report.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing; nothing may be changed in it afterwards.
    name : str
        Unique in the page; every id inside the drawing begins with it.
    alt : str
        The finding in words.

    Returns
    -------
    Drawing
        Its SVG can stand inside HTML.
    """
    begin = _BEGIN.get()
    if begin is None:
        svg = _as_svg(figure, name, alt)
        return Drawing(lambda: svg, lambda: _as_png(figure))
    both = cache(begin(_as_both, figure, name, alt))
    return Drawing(lambda: both()[0], lambda: both()[1])


def _as_both(figure: Figure, name: str, alt: str) -> tuple[str, bytes]:
    return _as_svg(figure, name, alt), _as_png(figure)


def _as_svg(figure: Figure, name: str, alt: str) -> str:
    stream = io.StringIO()
    with styled(), _quiet_about_glyphs():
        figure.savefig(stream, format="svg")
    drawing = stream.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r"\bid=\"([^\"]+)\"", rf'id="{name}-\1"', drawing)
    drawing = re.sub(r"href=\"#([^\"]+)\"", rf'href="#{name}-\1"', drawing)
    drawing = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", drawing)
    drawing = _unstyled(drawing)
    drawing = re.sub(r"(?<= d=\")[^\"]+|(?<=translate\()[^)]+", _rounded, drawing)
    drawing = re.sub(r">\s+<", "><", drawing)
    return _headed(drawing.strip(), name, alt)


def _as_png(figure: Figure) -> bytes:
    stream = io.BytesIO()
    with styled(), _quiet_about_glyphs():
        canvas = FigureCanvasAgg(figure)
        figure.set_dpi(DOTS_PER_INCH)
        canvas.draw()  # type: ignore[no-untyped-call]
        drawing = bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    pixels = Image.frombytes("RGB", canvas.get_width_height(), drawing, "raw", "RGBX")
    # At most 256 colours, of which a drawing has fewer: a third of the bytes.
    small = pixels.quantize(256, method=Image.Quantize.FASTOCTREE)
    # Level 3 takes half the time of the usual 6, for a few kilobytes more.
    small.save(stream, format="PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), compress_level=3)
    return stream.getvalue()


@contextmanager
def _quiet_about_glyphs() -> Iterator[None]:
    """Say nothing of letters that the font lacks."""
    # A label in a script that the font lacks is drawn as boxes; its table has the text.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _rounded(match: re.Match[str]) -> str:
    """Shorten coordinates to hundredths of a point, which no eye can tell."""
    return re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", match[0])


def _unstyled(drawing: str) -> str:
    """Say in attributes what is said in styles: a page may then forbid every style but its own."""
    drawing = re.sub(r"<style\b[^>]*>.*?</style>", "", drawing, flags=re.DOTALL)
    return re.sub(r' style="([^"]*)"', _as_attributes, drawing)


def _as_attributes(match: re.Match[str]) -> str:
    pairs = (part.split(":", 1) for part in match[1].split(";") if part.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def _headed(drawing: str, name: str, alt: str) -> str:
    box = re.search(r'viewBox="[^"]+"', drawing)
    body = drawing[drawing.index(">") + 1 :]
    words = html.escape(alt, quote=True)
    return (
        f'<svg id="{name}" role="img" aria-labelledby="{name}-words" {box[0] if box else ""} '
        # What matplotlib's own style sheet says, which every part of the drawing inherits.
        'stroke-linejoin="round" stroke-linecap="butt" '
        f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-words">{words}</title>{body}'
    )
