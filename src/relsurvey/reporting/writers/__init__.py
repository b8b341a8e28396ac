"""How a report becomes files: one module a format; a writer takes views and computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from relsurvey.reporting.writers.html import as_html
from relsurvey.views import Report

__all__ = ["FORMATS", "Writer"]


@dataclass(frozen=True)
class Writer:
    """A format that reports are written in.

    Attributes
    ----------
    suffix : str
        Of the file, with its dot; empty for a format of several files, which get a folder.
    write : callable
        Takes a ``Report``; returns the bytes of each file by its name, where a format of one file
        has the empty name.
    """

    suffix: str
    write: Callable[[Report], Mapping[str, bytes]]


def _text(write: Callable[[Report], str]) -> Callable[[Report], Mapping[str, bytes]]:
    return lambda report: {"": write(report).encode("utf-8")}


FORMATS: Mapping[str, Writer] = {
    "html": Writer(".html", _text(as_html)),
}
