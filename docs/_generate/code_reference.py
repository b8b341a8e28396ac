"""Pages of the public names, one a room, for mkdocstrings to fill from the docstrings."""

from __future__ import annotations

from collections import defaultdict

import relsurvey
from relsurvey import _HOME

__all__ = ["pages"]

# What each room is about, in the order in which a study meets them.
ROOMS = {
    "study": "A whole study",
    "instruments": "Instruments",
    "forms": "Forms for survey platforms",
    "adaptation": "Adapting an instrument",
    "intake": "Reading answers",
    "quality": "Quality of answers",
    "scoring": "Scores",
    "psychometrics": "Do the scales hold",
    "agreement": "Agreement within workers",
    "linkage": "Linking",
    "association": "Association",
    "imputation": "Missing answers",
    "sensitivity": "Sensitivity",
    "evaluation": "Change over time",
    "planning": "Planning",
    "reporting": "Reports",
    "errors": "Errors",
}


def pages() -> dict[str, str]:
    """Return the pages by file name: a list of all names, and a page a room."""
    rooms: dict[str, list[str]] = defaultdict(list)
    for name, home in _HOME.items():
        rooms[home.partition(".")[0]].append(name)
    strange = set(rooms) - set(ROOMS)
    if strange:
        raise ValueError(f"no heading for the rooms {sorted(strange)}")
    made = {"reference/python/index.md": _contents(rooms)}
    for room, title in ROOMS.items():
        # Functions first: a result is read about once somebody has one.
        names = sorted(rooms[room], key=lambda name: (name[0].isupper(), name))
        made[f"reference/python/{room}.md"] = "\n".join([f"# {title}\n", *map(_entry, names)])
    return made


def _entry(name: str) -> str:
    return f"::: {_place(name)}\n    options:\n      heading: {name}\n      toc_label: {name}\n"


def _place(name: str) -> str:
    """Return where a public name is defined, which is also what its place on the page is called."""
    value = getattr(relsurvey, name)
    return f"{value.__module__}.{value.__qualname__}"


def _contents(rooms: dict[str, list[str]]) -> str:
    lines = [
        "# Python names\n",
        "`import relsurvey as rs`, and each of these is `rs.NAME`. The pages are made from the "
        "docstrings; their examples are run by the tests.\n",
    ]
    for room, title in ROOMS.items():
        links = ", ".join(f"[`{name}`][{_place(name)}]" for name in sorted(rooms[room]))
        lines.append(f"- **[{title}]({room}.md)**: {links}")
    return "\n".join(lines) + "\n"
