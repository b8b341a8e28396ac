"""Show a drawing where it is asked for, if that is a notebook."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["shown_in_notebook"]

DOTS_PER_INCH = 144
ON_SCREEN = 72  # dots an inch at which it is shown: half as large, so that it is sharp


def shown_in_notebook(figure: Any, words: Callable[[], str]) -> bool:
    """Show a figure below the cell of a notebook that runs; do nothing anywhere else.

    The figures of this package belong to no window, so that scripts and threads may draw them;
    a notebook would not see them by itself.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing.
    words : callable
        Returns what it says, for those who do not see it.

    Returns
    -------
    bool
        Whether it was shown.

    Examples
    --------
    >>> shown_in_notebook(None, str)
    False
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return False
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    width, height = (round(ON_SCREEN * side) for side in figure.get_size_inches())
    sys.modules["IPython"].display.display(
        {"image/png": stream.getvalue(), "text/plain": words()},
        metadata={"image/png": {"width": width, "height": height}},
        raw=True,
    )
    return True
