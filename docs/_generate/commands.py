"""The page of commands, from walking the commands themselves."""

from __future__ import annotations

import html
import inspect
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from typer.main import get_command

__all__ = ["page", "walk"]

HEAD = """# Commands

This page is made from the commands themselves. `relsurvey COMMAND --help` shows the same in a
terminal.

Exit codes: 0 done; 1 stopped, or a fault of the program (`verify`, `reidentify`: not all the
same, not all found); 2 wrong call; 3 unusable input or output place.
"""

# On a narrow screen the rows stand below each other (style.css).
STACKED = '<div class="stacked" markdown>\n\n{}\n\n</div>'


def page() -> str:
    """Return the page as Markdown."""
    from relsurvey.cli.app import app

    return "\n".join([HEAD, *(_section(name, command) for name, command in walk(get_command(app)))])


def walk(command: Any, name: str = "relsurvey") -> Iterator[tuple[str, Any]]:
    """Yield every command below one, with the words that call it."""
    yield name, command
    for word, below in getattr(command, "commands", {}).items():
        yield from walk(below, f"{name} {word}")


def _section(name: str, command: Any) -> str:
    help_text = inspect.cleandoc(command.help or "").replace("\f", "")
    level = "##" if name.count(" ") < 2 else "###"
    parts = [f"{level} `{name}`", html.escape(help_text, quote=False)]
    given = [one for one in command.params if not getattr(one, "hidden", False)]
    for kind, heading in (("argument", "Argument"), ("option", "Option")):
        rows = [_row(one, kind) for one in given if one.param_type_name == kind]
        if rows:
            table = [f"| {heading} | What it is | |", "|---|---|---|", *rows]
            parts.append(STACKED.format("\n".join(table)))
    return "\n\n".join(parts) + "\n"


def _row(parameter: Any, kind: str) -> str:
    if kind == "argument":
        named = f"`{parameter.name}`"
    else:
        named = ", ".join(f"`{word}`" for word in (*parameter.opts, *parameter.secondary_opts))
    choices = list(_choices(parameter.type_descriptor.annotation))
    text = parameter.help or ""
    if choices:
        text += " One of: " + ", ".join(f"`{one}`" for one in choices) + "."
    return f"| {named} | {_cell(text)} | {_default(parameter)} |"


def _choices(annotation: Any) -> Iterator[str]:
    """Yield the words of which an option takes one."""
    for one in get_args(annotation):
        if get_origin(annotation) is Literal:
            yield str(one)
        else:
            yield from _choices(one)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    if value is None or value == () or value == [] or callable(value):
        return ""
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(one) for one in value)
    return f"default `{value}`"


def _cell(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False).replace("|", "\\|")
