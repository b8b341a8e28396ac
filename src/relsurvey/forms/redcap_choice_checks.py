"""Checks of the choices of one field of a REDCap data dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from relsurvey.forms.redcap_field_checks import Field

__all__ = ["choice_faults"]

_COLUMN = "Choices, Calculations, OR Slider Labels"
_WITH_CHOICES = ("dropdown", "radio", "checkbox")
_WITHOUT = ("text", "notes", "yesno", "truefalse", "file", "descriptive")
_CODE = re.compile(r"[A-Za-z0-9_.-]+")
_SLIDER_LABELS = 3

Fault = tuple[str, str]


def choice_faults(field: Field) -> Iterator[Fault]:
    """Yield column and fault for everything wrong with the choices of one field."""
    text = field[_COLUMN]
    if field.kind in _WITH_CHOICES:
        yield from _list_faults(text)
    elif field.kind in _WITHOUT and text:
        yield _COLUMN, f"a field of type {field.kind} has no choices"
    elif field.kind == "calc" and not text:
        yield _COLUMN, "a calc field needs an equation"
    elif field.kind == "slider" and text.count("|") >= _SLIDER_LABELS:
        yield _COLUMN, "a slider has three labels at most"


def _list_faults(text: str) -> Iterator[Fault]:
    if not text:
        yield _COLUMN, "there are no choices"
        return
    if "\n" in text or "\r" in text:
        yield _COLUMN, "choices stand on one line, with | between them"
    codes: list[str] = []
    labels: list[str] = []
    for part in text.split("|"):
        code, comma, label = (piece.strip() for piece in part.partition(","))
        if not part.strip():
            yield _COLUMN, "an empty choice between two |"
            continue
        if not comma:
            yield _COLUMN, f"{part.strip()!r} has no comma between code and label"
            continue
        if not _CODE.fullmatch(code):
            yield _COLUMN, f"{code!r} is no code: letters, digits, _ . - only"
        if not label:
            yield _COLUMN, f"the code {code!r} has no label"
        codes.append(code)
        labels.append(label)
    yield from _repeated(codes, "code")
    yield from _repeated([label for label in labels if label], "label")


def _repeated(found: list[str], what: str) -> Iterator[Fault]:
    for one in dict.fromkeys(found):
        if found.count(one) > 1:
            yield _COLUMN, f"the {what} {one!r} stands there {found.count(one)} times"
