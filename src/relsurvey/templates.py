"""How HTML pages are filled from templates: everything escaped, nothing left undefined."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["as_shipped", "html_environment", "source_hash"]


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


def as_shipped(*paths: Path) -> Markup:
    """Return style sheets or scripts, one after the other, that pass as they are.

    Parameters
    ----------
    *paths : pathlib.Path
        Files that come with the package; nothing of a user's is ever among them.

    Returns
    -------
    markupsafe.Markup
        Their text, which no template escapes.
    """
    from markupsafe import Markup

    return Markup("".join(path.read_text(encoding="utf-8") for path in paths))  # noqa: S704


def source_hash(text: str) -> str:
    """Return the name of a style or script in a Content-Security-Policy, which lets only it pass.

    References
    ----------
    W3C, Content Security Policy Level 3, 2.3.1.

    Examples
    --------
    >>> source_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
