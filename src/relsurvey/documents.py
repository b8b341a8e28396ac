"""Read a YAML definition against a strict schema, and say where each fault stands.

Instruments, studies and column maps are YAML that people write by hand. A fault is answered
with file, line, key path, what was found, what is allowed and the likely slip; all faults
of a file are given at once.
"""

from __future__ import annotations

import contextlib
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from relsurvey.errors import RelSurveyError, suggested_file, suggestion

__all__ = ["Fault", "Place", "Raw", "read_yaml", "validate"]

ModelT = TypeVar("ModelT", bound=BaseModel)
Place = tuple[str | int, ...]

LARGEST_FILE = 4_000_000
MOST_NODES = 200_000

# Only what everybody reads as a number. YAML 1.1 would also make 8 of 010, 630 of 10:30 and
# 1000 of 1_000; those stay the text that the person typed.
_MOST_NESTED = 1_000
_MOST_QUICKLY = 200_000
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a definition.

    Attributes
    ----------
    place : tuple of str and int
        The keys and list positions that lead to it.
    found : str
        What stands there.
    allowed : str
        What may stand there, with the likely slip where one is near.
    """

    place: Place
    found: str
    allowed: str


@dataclass(frozen=True)
class Raw:
    """A YAML file as plain Python values, with the line of every key."""

    path: Path
    content: Any
    lines: Mapping[Place, int] = field(repr=False)
    faults: tuple[Fault, ...] = ()

    def line(self, place: Place) -> int:
        """Return the line (from 1) of a place, or of the nearest place above it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(path: str | Path, error: type[RelSurveyError], what: str) -> Raw:
    """Read a YAML file as plain values; only text, numbers, lists and mappings.

    Parameters
    ----------
    path : str or pathlib.Path
        The file.
    error : type of RelSurveyError
        What to raise.
    what : str
        What the file is, for messages: "instrument", "study".

    Returns
    -------
    Raw
        Values and lines. A key written twice is among ``faults``.

    Raises
    ------
    RelSurveyError
        Of the class ``error``, where the file is missing, a folder, too large, not text,
        not YAML, or not a mapping.
    """
    path = Path(path)
    text = _text_of(path, error, what)
    try:
        node = _composed(text)
        reader = _Reader()
        content = None if node is None else reader.value(node, ())
    except RecursionError as problem:
        raise error(
            f"{path.name} is not valid YAML: its values are nested too deeply.",
            hint=f"Start from a working {what} file and change it.",
        ) from problem
    except ValueError as problem:
        raise error(
            f"{path.name} is not valid YAML: {problem}.",
            hint="Write every key as a word, and every value out where it stands.",
        ) from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = getattr(problem, "problem", None) or str(problem) or type(problem).__name__
        raise error(
            f"{path.name}{where} is not valid YAML: {reason}.",
            hint="Check indentation, colons and quotes on that line and the one above it.",
        ) from problem
    if not isinstance(content, dict):
        found = "an empty file" if content is None else f"a {_kind(content)}"
        raise error(
            f"{path.name} must be a mapping (lines of the form 'key: value'); found {found}.",
            hint=f"Start from a working {what} file and change it.",
        )
    return Raw(path, content, reader.lines, tuple(reader.faults))


def _composed(text: str) -> yaml.Node | None:
    """Parse with libyaml where it is there: ten times as fast, and every command reads a file.

    It has no guard against values nested without end, and says less of what is wrong: such
    texts, and all that it refuses, go to the parser written in Python.
    """
    quick = getattr(yaml, "CSafeLoader", None)
    nested = sum(map(text.count, ("[", "{", "?", "- -")))
    if quick is not None and nested < _MOST_NESTED and len(text) < _MOST_QUICKLY:
        with contextlib.suppress(yaml.YAMLError):
            node: yaml.Node | None = yaml.compose(text, Loader=quick)
            return node
    return yaml.compose(text, Loader=yaml.SafeLoader)


def validate(
    raw: Raw,
    model: type[ModelT],
    error: type[RelSurveyError],
    what: str,
    check: Callable[[Mapping[str, Any]], Iterable[Fault]] | None = None,
) -> ModelT:
    """Hold a raw document against a pydantic model and a semantic check.

    Parameters
    ----------
    raw : Raw
        What ``read_yaml`` returned.
    model : type of pydantic.BaseModel
        The schema, with ``extra="forbid"``.
    error : type of RelSurveyError
        What to raise.
    what : str
        What the file is, for messages.
    check : callable, optional
        Gets the plain content, yields a ``Fault`` for what a schema cannot say (a scale that
        names an unknown item). It is run even where the schema found faults, so it has to be
        tolerant of wrong shapes.

    Returns
    -------
    BaseModel
        The validated document.

    Raises
    ------
    RelSurveyError
        Of the class ``error``; ``.failures`` has ``file, line, key, found, allowed``.
    """
    faults = list(raw.faults)
    document: ModelT | None = None
    try:
        document = model.model_validate(raw.content)
    except ValidationError as problem:
        faults += [_schema_fault(model, raw.content, detail) for detail in problem.errors()]
    if check is not None:
        faults += list(check(raw.content))
    if document is None or faults:
        raise _as_error(raw, faults, error, what)
    return document


def _as_error(
    raw: Raw, faults: list[Fault], error: type[RelSurveyError], what: str
) -> RelSurveyError:
    rows = [
        {
            "file": raw.path.name,
            "line": raw.line(fault.place),
            "key": _dotted(fault.place),
            "found": fault.found,
            "allowed": fault.allowed,
        }
        for fault in faults
    ]
    rows.sort(key=lambda row: (row["line"], row["key"]))
    count = "1 fault" if len(rows) == 1 else f"{len(rows)} faults"
    return error(f"{raw.path.name} is not a valid {what}: {count}.", failures=rows)


def _text_of(path: Path, error: type[RelSurveyError], what: str) -> str:
    try:
        if path.is_dir():
            raise error(
                f"{path} is a folder; the {what} is a file.", hint="Name the YAML file in it."
            )
        # Bounded by what is read, not by the size said: a device says 0 and never ends.
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        near = suggested_file(path.name, [p.name for p in path.parent.glob("*.y*ml")])
        hint = f"Did you mean {near}?" if near else "Check the name and the folder."
        raise error(f"There is no {what} file {path}.", hint=hint) from None
    except OSError as problem:
        raise error(f"{path} cannot be read: {problem.strerror}.") from problem
    except ValueError as problem:
        raise error(f"{str(path)!r} is not a file name: {problem}.") from problem
    if len(data) > LARGEST_FILE:
        raise error(f"{path.name} is larger than {LARGEST_FILE // 10**6} MB; not a {what} file.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise error(
            f"{path.name}, line {line}, is not UTF-8 text.", hint="Save the file as UTF-8."
        ) from problem


class _Reader:
    """Turns YAML nodes into plain values and remembers the line of every key."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []
        self._seen = 0
        self._open: set[yaml.Node] = set()

    def value(self, node: yaml.Node, place: Place) -> Any:
        self._seen += 1
        if self._seen > MOST_NODES:
            raise ValueError(f"more than {MOST_NODES} values (aliases that multiply?)")
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return _plain(node)
        if node in self._open:
            line = node.start_mark.line + 1
            raise ValueError(f"the value with an anchor (&) on line {line} refers to itself")
        self._open.add(node)
        content: Any
        if isinstance(node, yaml.MappingNode):
            content = dict(self._pairs(node, place))
        else:
            content = [self.value(child, (*place, i)) for i, child in enumerate(node.value)]
        self._open.remove(node)
        return content

    def _pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = self.value(key_node, (*place, "?"))
            self.lines.pop((*place, "?"), None)
            if not isinstance(key, str | int | float | bool) or key is None:
                raise ValueError(f"a key on line {key_node.start_mark.line + 1} is not a word")
            name = str(key)
            here = (*place, name)
            if name in seen:
                self.faults.append(Fault(here, f"{name!r} a second time", "each key once"))
            seen.add(name)
            self.lines[here] = key_node.start_mark.line + 1
            yield name, self.value(value_node, here)


def _plain(node: yaml.Node) -> Any:
    """Return a scalar as a number, a truth value, ``None``, or the text that stands there."""
    text = str(node.value)
    if node.tag == "tag:yaml.org,2002:null":
        return None
    # Dates, and yes, no, on and off, stay text: a label "No" is not false.
    if node.tag == "tag:yaml.org,2002:bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if node.tag == "tag:yaml.org,2002:int" and _INT.fullmatch(text):
        return int(text)
    if node.tag == "tag:yaml.org,2002:float" and _FLOAT.fullmatch(text):
        return float(text)
    return text


# Pydantic's kinds of fault in the words of somebody who writes a YAML file.
_IN_WORDS = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a mapping (key: value)",
    "finite_number": "a finite number",
    "float_parsing": "a number, without quotes",
    "float_type": "a number, without quotes",
    "greater_than": "a number above {gt}",
    "greater_than_equal": "a number of at least {ge}",
    "int_from_float": "a whole number, without quotes",
    "int_parsing": "a whole number, without quotes",
    "int_type": "a whole number, without quotes",
    "less_than": "a number below {lt}",
    "less_than_equal": "a number of at most {le}",
    "list_type": "a list",
    "string_pattern_mismatch": "a text of the form {pattern}",
    "string_too_long": "a text of at most {max_length} characters",
    "too_long": "at most {max_length} entries",
    "too_short": "at least {min_length} entries",
    "string_too_short": "some text",
    "string_type": "text (put it in quotes)",
    "tuple_type": "a list",
}


def _schema_fault(model: type[BaseModel], content: Any, detail: Mapping[str, Any]) -> Fault:
    place = tuple(detail["loc"])
    while place and not _exists(content, place) and detail["type"] != "missing":
        place = place[:-1]
    if detail["type"] == "extra_forbidden":
        allowed = _keys_at(model, place[:-1])
        near = suggestion(str(place[-1]), allowed)
        guess = f"; did you mean {near!r}?" if near else ""
        return Fault(place, f"unknown key {place[-1]!r}", f"one of: {', '.join(allowed)}{guess}")
    if detail["type"] == "missing":
        return Fault(place, "nothing", f"the key {place[-1]!r} is required")
    found = detail.get("input")
    if detail["type"] == "model_type":
        return Fault(place, _shown(found), f"a mapping of: {', '.join(_keys_at(model, place))}")
    expected = str(detail.get("ctx", {}).get("expected", ""))
    words = _IN_WORDS.get(detail["type"], "").format(**detail.get("ctx", {}))
    allowed_words = words or expected or detail["msg"]
    if detail["type"] == "literal_error" and isinstance(found, str):
        choices = [word.strip("' ") for word in allowed_words.replace(" or ", ",").split(",")]
        near = suggestion(found, choices)
        allowed_words += f"; did you mean {near!r}?" if near else ""
    return Fault(place, _shown(found), allowed_words.removeprefix("Value error, "))


def _exists(content: Any, place: Place) -> bool:
    for step in place:
        inside = isinstance(content, dict) and step in content
        inside |= isinstance(content, list) and isinstance(step, int) and step < len(content)
        if not inside:
            return False
        content = content[step]
    return True


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
    """Return the keys the schema allows in the mapping at ``place``."""
    candidates: list[Any] = [model]
    for step in place:
        following: list[Any] = []
        for candidate in candidates:
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                found = candidate.model_fields.get(str(step))
                following += list(_flat(found.annotation)) if found else []
            else:
                following += [arm for arg in typing.get_args(candidate) for arm in _flat(arg)]
        candidates = following
    keys = [
        key
        for candidate in candidates
        if isinstance(candidate, type) and issubclass(candidate, BaseModel)
        for key in candidate.model_fields
    ]
    return list(dict.fromkeys(keys))


def _flat(annotation: Any) -> Iterator[Any]:
    """Yield the arms of unions and annotated types."""
    origin = typing.get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        for arm in typing.get_args(annotation):
            yield from _flat(arm)
    elif origin is typing.Annotated:
        yield from _flat(typing.get_args(annotation)[0])
    else:
        yield annotation


def _dotted(place: Place) -> str:
    dotted = ""
    for step in place:
        dotted += f"[{step}]" if isinstance(step, int) else f".{step}" if dotted else str(step)
    return dotted or "(top)"


def _kind(value: Any) -> str:
    return {dict: "mapping", list: "list", str: "text", int: "number", float: "number"}.get(
        type(value), type(value).__name__
    )


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return f"a {_kind(value)}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
