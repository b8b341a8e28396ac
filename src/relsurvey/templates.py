"""How HTML pages are filled from templates: everything escaped, nothing left undefined."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["html_environment", "style_sheet"]


def html_environment(folder: Path) -> Environment:
    """Return what fills the templates of a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where the templates are; they come with the package.

    Returns
    -------
    jinja2.Environment
        It escapes every text, refuses names that have no value, and leaves no lines where
        only a statement stood. A room adds its own filters and tests.

    Examples
    --------
    >>> made = html_environment(Path())
    >>> made.from_string("<p>{{ text }}</p>").render(text="a < b")
    '<p>a &lt; b</p>'
    """
    # Here, because the command line loads this module for jobs that fill no page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def style_sheet(path: Path) -> Markup:
    """Return a style sheet that passes as it is; it comes with the package."""
    from markupsafe import Markup

    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704
