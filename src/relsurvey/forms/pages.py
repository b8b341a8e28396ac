"""Fill the HTML pages of this room: everything escaped, the style sheet inside, nothing fetched."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.templates import as_shipped, html_environment

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["direction", "plain_language", "rendered"]

TEMPLATES = Path(__file__).parent / "templates"

_RIGHT_TO_LEFT = {
    *("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"),
}


def rendered(page: str, **values: object) -> bytes:
    """Return a page as UTF-8.

    Parameters
    ----------
    page : str
        Name of the template and of its style sheet.
    **values : object
        What the template shows; text is escaped.

    Returns
    -------
    bytes
        A whole HTML document.
    """
    template = _environment().get_template(f"{page}.html.jinja")
    return template.render(style=as_shipped(TEMPLATES / f"{page}.css"), **values).encode()


def direction(locale: str) -> str:
    """Return which way a language is written.

    Examples
    --------
    >>> direction("ar-EG"), direction("en-GB-x-easy"), direction("az-Arab")
    ('rtl', 'ltr', 'rtl')
    """
    parts = locale.lower().split("-")
    scripts = {"arab", "hebr", "thaa", "syrc", "nkoo"}
    if len(parts) > 1 and len(parts[1]) == 4 and parts[1].isalpha():
        return "rtl" if parts[1] in scripts else "ltr"
    return "rtl" if parts[0] in _RIGHT_TO_LEFT else "ltr"


def plain_language(locale: str) -> str:
    """Return a language tag without its private part, for programs that know no such part.

    Examples
    --------
    >>> plain_language("en-GB-x-easy")
    'en-GB'
    """
    return locale.split("-x-")[0]


@functools.cache
def _environment() -> Environment:
    environment = html_environment(TEMPLATES)
    environment.filters["direction"] = direction
    return environment
