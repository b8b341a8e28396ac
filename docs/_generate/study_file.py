"""Pages made from the study file's model, the disclosure presets and the instruments."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from commands import STACKED
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import relsurvey
from relsurvey.quality.rules import RULES
from relsurvey.resources import study_template
from relsurvey.small_groups import PRESETS, USUAL_RULES
from relsurvey.study.plan import StudyPlan

__all__ = ["instruments_page", "keys", "page", "presets_page"]

MEANINGS = Path(__file__).with_name("study_keys.yaml")
WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}
HEAD = """# Study file

A study file is a text file in YAML. `relsurvey init` writes one with comments; this page has
every key. It is made from the model that the program checks study files with, so what is not
here is not allowed, and a slip is reported with its line.

Names of files are relative to the folder of the study file.

"""
RULES_HEAD = """## Rules of quality

For `quality: exclude` and `thresholds`. A rule points to people; it leaves nobody out unless it is
named under `exclude`.

"""
PRESETS_HEAD = """# Disclosure presets

One word in the study file, `disclosure: {preset: ons10}`, settles all the numbers below. A
number that stands beside the preset wins over it, and the report says so. [What a report may say
about few people](../few-people.md) says what the numbers do.

"""


def page() -> str:
    """Return the page of the study file as Markdown."""
    rows, meanings = list(keys(StudyPlan)), yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
    names = [name for name, _, _ in rows]
    if set(names) != set(meanings):
        wrong = sorted(set(names) ^ set(meanings))
        raise ValueError(f"{MEANINGS.name} and the model differ in {wrong}")
    groups = dict.fromkeys(name.partition(".")[0] for name in names if "." in name)
    parts = [HEAD, _table("The study", [row for row in rows if "." not in row[0]], meanings)]
    for group in groups:
        own = [row for row in rows if row[0].startswith(f"{group}.")]
        parts.append(_table(f"`{group}`", own, meanings, f"{group}."))
    parts.append(_rules())
    parts.append(f"## The file that `init` writes\n\n```yaml\n{study_template()}```\n")
    return "\n".join(parts)


def _rules() -> str:
    rows = ["| rule | what it looks at | usual | source |", "|---|---|---|---|"]
    rows += [
        f"| `{rule.name}` | {html.escape(rule.looks_at, quote=False)} | "
        f"{rule.threshold:g} | {html.escape(rule.source, quote=False)} |"
        for rule in RULES
    ]
    return f"{RULES_HEAD}{STACKED.format(chr(10).join(rows))}\n"


def _table(
    title: str, rows: list[tuple[str, str, str]], meanings: dict[str, str], before: str = ""
) -> str:
    """Write one part of the study file; its keys stand without what they all begin with."""
    lines = ["| key | what may stand there | | what it does |", "|---|---|---|---|"]
    lines += [
        f"| `{name.removeprefix(before)}` | {kind} | {default} | "
        f"{html.escape(meanings[name], quote=False)} |"
        for name, kind, default in rows
    ]
    said = f"{meanings[before[:-1]]}\n\n" if before else ""
    return f"## {title}\n\n{said}{STACKED.format(chr(10).join(lines))}\n"


def keys(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield every key of a model and of those inside it: name, what is allowed, default."""
    for name, field in model.model_fields.items():
        place = f"{before}{name}"
        inside = _model_in(field.annotation)
        yield place, _kind(field.annotation, field), _default(field)
        if inside is not None:
            yield from keys(inside, f"{place}.")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(one) for one in get_args(annotation))
    return next((one for one in found if one is not None), None)


def _kind(annotation: Any, field: FieldInfo | None = None) -> str:
    """Say in words what may stand at a key."""
    limits = _limits(field.metadata) if field is not None else ""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inside[0]) + _limits([*_flat(inside[1:])])
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in inside)
    if origin in (Union, UnionType):
        words = [_kind(one) for one in inside if one is not type(None)]
        return " or ".join(words) + limits
    if origin is list:
        return f"list of {_kind(inside[0])}"
    if origin is dict:
        return f"{_kind(inside[0])}: {_kind(inside[1])}"
    if _model_in(annotation) is not None:
        return "the keys below"
    return WORDS[annotation] + limits


def _flat(metadata: tuple[Any, ...]) -> Iterator[Any]:
    for one in metadata:
        yield from getattr(one, "metadata", [one])


def _limits(metadata: list[Any]) -> str:
    words = {"ge": "{} or more", "gt": "above {}", "le": "{} or less", "lt": "below {}"}
    words["multiple_of"] = "in steps of {}"
    found = [
        text.format(getattr(one, name))
        for one in metadata
        for name, text in words.items()
        if getattr(one, name, None) is not None
    ]
    return f", {', '.join(found)}" if found else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or isinstance(value, BaseModel) or value in ([], {}):
        return ""
    if isinstance(value, list):
        return "default " + ", ".join(f"`{one}`" for one in value)
    return f"default `{str(value).lower() if isinstance(value, bool) else value}`"


def presets_page() -> str:
    """Return the page of the disclosure presets as Markdown."""
    names = [field.name for field in fields(USUAL_RULES) if field.name != "preset"]
    columns = {"without a preset": USUAL_RULES, **PRESETS}
    lines = [
        "| | " + " | ".join(name if " " in name else f"`{name}`" for name in columns) + " |",
        "|---|" + "---|" * len(columns),
    ]
    for name in names:
        values = [getattr(rules, name) for rules in columns.values()]
        lines.append(f"| `{name}` | " + " | ".join(_value(name, value) for value in values) + " |")
    return (
        PRESETS_HEAD
        + "\n".join(lines)
        + "\n\n## Where they come from\n\n"
        + "::source "
        + ("small_groups.SmallGroupRules\n")
    )


def _value(name: str, value: object) -> str:
    if value is None:
        return "exact counts" if name == "round_to" else "the threshold"
    return str(value)


def instruments_page() -> str:
    """Return the page of the instruments that come with the program as Markdown."""
    parts = [
        "# Instruments\n\nThese come with the program. `relsurvey instruments show ID` prints "
        "more, and `--yaml` the definition itself. The published wording of the RPQ belongs to "
        "its authors and is not shipped: items carry gists in our own words.\n"
    ]
    for row in relsurvey.list_instruments().to_dict("records"):
        one = relsurvey.load_instrument(row["id"])
        answered = str(row["respondent"]).replace("_", " ")
        parts.append(
            f"## `{one.id}`\n\n{row['title']}. Version {row['version']}, {row['status']}; answered "
            f"by a {answered}; {row['n_items']} items.\n"
        )
        parts.append("| scale | what |\n|---|---|")
        parts[-1] += "".join(f"\n| `{scale.id}` | {scale.title} |" for scale in one.scales) + "\n"
    return "\n".join(parts)
