"""How all figures look.

The colours are those of Okabe and Ito, told apart by people with any colour vision; what is
told by colour is told by place, shape, hatch or words as well. Nothing here changes
matplotlib's settings for others.

References
----------
Okabe M, Ito K (2008). Color universal design.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.figure import Figure

__all__ = [
    "COLOURS",
    "INK",
    "MUTED",
    "NARROW",
    "WIDTH",
    "blank",
    "contrast",
    "ink_on",
    "shades",
    "styled",
]

COLOURS = {"worker": "#0072B2", "service_user": "#D55E00"}
INK = "#1c2833"
MUTED = "#5b6875"
GRID = "#d9dee3"
WIDTH = 6.9
NARROW = 5.0  # of drawings that have to be read on a phone as they are
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
