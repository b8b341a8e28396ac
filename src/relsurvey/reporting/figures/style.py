"""How all figures look, and how a drawing becomes an SVG that can stand inside a page.

The colours are those of Okabe and Ito, told apart by people with any colour vision; what is
told by colour is told by place, shape, hatch or words as well. Nothing here changes
matplotlib's settings for others.

References
----------
Okabe M, Ito K (2008). Color universal design.
"""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.figure import Figure
from PIL import Image

__all__ = [
    "COLOURS",
    "INK",
    "MUTED",
    "WIDTH",
    "Drawing",
    "as_picture",
    "blank",
    "contrast",
    "ink_on",
    "picture_of",
    "shades",
    "styled",
]

COLOURS = {"worker": "#0072B2", "service_user": "#D55E00"}
INK = "#1c2833"
MUTED = "#5b6875"
GRID = "#d9dee3"
WIDTH = 6.9
DOTS_PER_INCH = 300
READABLE = 4.5

_RAMPS = {
    "worker": ("#dbe9f6", "#6aaed6", "#08457f"),
    "service_user": ("#fde3c8", "#f08a3c", "#7a2a02"),
}

_SETTINGS: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.5,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": True,
    "figure.facecolor": "white",
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "hatch.color": "white",
    "hatch.linewidth": 1.4,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "relsurvey",
    "text.color": INK,
    # Titles and labels come from users; a dollar sign in them is a dollar sign.
    "text.parse_math": False,
    "text.usetex": False,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 9,
}


@contextmanager
def styled() -> Iterator[None]:
    """Use this package's look inside the block, whatever the user has set."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def blank(width: float = WIDTH, height: float = 3.0) -> Figure:
    """Return an empty figure of so many inches that no window knows of."""
    figure = Figure(figsize=(width, height), layout=None)
    FigureCanvasSVG(figure)
    return figure


def shades(role: str, count: int) -> list[str]:
    """Return colours from light to dark for the answers of a response scale."""
    ramp = LinearSegmentedColormap.from_list(role, _RAMPS[role])
    return [to_hex(ramp(i / max(count - 1, 1))) for i in range(count)]


def ink_on(colour: str) -> str:
    """Return a dark or a light ink that is read easily on a colour.

    The first of ink, white and black with a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3);
    on any colour, white or black has it.

    Examples
    --------
    >>> ink_on("#ffffff"), ink_on("#000000"), ink_on("#c96a29")
    ('#1c2833', 'white', 'black')
    """
    return next(ink for ink in (INK, "white", "black") if contrast(ink, colour) >= READABLE)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted(_luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@dataclass(frozen=True)
class Drawing:
    """A figure of a report: an SVG element, and pixels when somebody asks for them.

    Attributes
    ----------
    svg : str
        The element, without width and height, the same at every call.
    """

    svg: str
    _figure: Figure = field(repr=False)

    def png(self) -> bytes:
        """Return the drawing as a PNG of 300 dots an inch, the same bytes at every call."""
        stream = io.BytesIO()
        with styled(), _quiet_about_glyphs():
            canvas = FigureCanvasAgg(self._figure)
            self._figure.set_dpi(DOTS_PER_INCH)
            canvas.draw()  # type: ignore[no-untyped-call]
            drawing = bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        pixels = Image.frombytes("RGB", canvas.get_width_height(), drawing, "raw", "RGBX")
        # At most 256 colours, of which a drawing has fewer: a third of the bytes.
        small = pixels.quantize(256, method=Image.Quantize.FASTOCTREE)
        # Level 3 takes half the time of the usual 6, for a few kilobytes more.
        small.save(stream, format="PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), compress_level=3)
        return stream.getvalue()


def picture_of(axes: Axes, name: str, alt: str) -> Drawing:
    """Return the figure that holds an Axes as a picture for a report."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("These axes are on no figure.")
    with styled():
        return as_picture(figure, name, alt)


def as_picture(figure: Figure, name: str, alt: str) -> Drawing:
    """Return a figure as a picture for a report.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing; call it inside ``styled()``.
    name : str
        Unique in the page; every id inside the drawing begins with it.
    alt : str
        The finding in words.

    Returns
    -------
    Drawing
        Its SVG can stand inside HTML.
    """
    stream = io.StringIO()
    with _quiet_about_glyphs():
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
    return Drawing(_headed(drawing.strip(), name, alt), figure)


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
