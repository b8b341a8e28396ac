"""References for the methods page, taken from the docstrings of the functions that compute."""

from __future__ import annotations

import html
import inspect
import pkgutil
import re

__all__ = ["filled", "references"]

_MARK = re.compile(r"^::source (?P<names>[\w., ]+)$", re.MULTILINE)
_SECTION = re.compile(r"^References\n-+\n(?P<text>.*?)(?=\n\n[A-Z]\w+\n-+\n|\Z)", re.M | re.S)
_NEW = re.compile(r"``\w+``:|[A-ZÅÄÖÜ][^()]*\(\d{4}")
_DOI_AT_END = re.compile(r"doi[ :]\S+$")


def filled(markdown: str) -> str:
    """Replace each line ``::source psychometrics.consistency.cronbach_alpha`` by what it cites.

    Several names stand with commas between them. A name that is gone, or that cites nothing,
    stops the build.
    """
    return _MARK.sub(lambda found: _note(found["names"]), markdown)


def references(name: str) -> list[str]:
    """Return the references in the docstring of a function, a class or a module.

    An entry begins where a sentence has ended and a name and a year follow.
    """
    found = _SECTION.search(inspect.getdoc(pkgutil.resolve_name(f"relsurvey.{name}")) or "")
    if found is None:
        raise ValueError(f"relsurvey.{name} has no references in its docstring")
    lines = [line.strip() for line in found["text"].splitlines() if line.strip()]
    entries: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        ended = not entries or entries[-1][-1] in ".)" or _DOI_AT_END.search(entries[-1])
        if not entries or (ended and _NEW.match(f"{line} {following}")):
            entries.append(line)
        else:
            entries[-1] += f" {line}"
    return entries


def _note(names: str) -> str:
    wanted = [name.strip() for name in names.split(",")]
    entries = dict.fromkeys(entry for name in wanted for entry in references(name))
    places = ", ".join(f"<code>{name}</code>" for name in wanted)
    cited = "<br>".join(html.escape(entry).replace("``", "") for entry in entries)
    return f'<p class="source">{cited}<br>In the code: {places}</p>'
