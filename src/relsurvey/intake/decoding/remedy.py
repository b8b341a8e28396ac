"""What helps against cells that neither file nor instrument knows, by what they look like.

A line to paste is proposed only for what may well stand for no answer; to declare a misspelt
label or a shifted code as missing would lose answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from relsurvey.errors import listed
from relsurvey.instruments import Instrument
from relsurvey.intake.decoding.answer_key import AnswerKey, number_in
from relsurvey.intake.decoding.numbering import better_export
from relsurvey.intake.export import Export
from relsurvey.intake.fold import trimmed
from relsurvey.personal import masked_answer
from relsurvey.resources import shipped

__all__ = ["remedy"]

_TOKENS = frozenset(
    ["na", "n/a", "n.a.", "-", "--", ".", "none", "null", "#null!", "#n/a", "nan", "nil", "missing"]
)
_REPEATED = re.compile(r"(?:7+|8+|9+)(?:\.0+)?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_MOST_TOKENS = 4


def remedy(
    export: Export,
    instrument: Instrument,
    key: AnswerKey,
    unknown: Mapping[str, str],
    *,
    from_one: bool = False,
) -> str:
    """Say what to do about unknown cells.

    Parameters
    ----------
    export : Export
        The file.
    instrument : Instrument
        Which does not know them.
    key : AnswerKey
        What it knows.
    unknown : mapping of str to str
        The cells, each with the label that the file has for it; empty where it has none.
    from_one : bool
        Whether the numbers seem to be counted from 1.

    Returns
    -------
    str
        One sentence or more a kind of cell.
    """
    kinds: dict[str, list[str]] = {}
    for text, label in unknown.items():
        kinds.setdefault(_kind(key, trimmed(text), trimmed(label)), []).append(trimmed(text))
    better = better_export(export)
    hints = []
    if from_one or "number" in kinds:
        hints.append(f"To tell what a number stands for, {better}.")
    if "code" in kinds and not from_one:
        hints.append(
            f"Label all codes of a column in the file, or mend the labels that differ; or {better}."
        )
    if "comma" in kinds:
        one = kinds["comma"][0]
        hints.append(f"{one} looks like a number with a decimal comma: write {_with_point(one)}.")
    if "label" in kinds:
        hints.append(_of_labels(instrument))
    if "token" in kinds:
        hints.append(_of_tokens(instrument, kinds["token"]))
    return " ".join(hints)


def _kind(key: AnswerKey, text: str, label: str) -> str:
    """Tell what a cell looks like: code, number, comma, label or token."""
    if label and number_in(label) is None:
        return "label"
    if key.known_text(text):
        return "code"
    if _DECIMAL_COMMA.fullmatch(text):
        return "comma"
    number = number_in(text)
    if number is None:
        return "token" if text.casefold() in _TOKENS else "label"
    near = min(key.values) - 1 <= number <= max(key.values) + 1
    usual = number < 0 or bool(_REPEATED.fullmatch(text))
    return "token" if usual and not near else "number"


def _with_point(text: str) -> str:
    whole, _, rest = text.partition(",")
    return f"{whole}.{rest}" if rest.strip("0") else whole


def _of_labels(instrument: Instrument) -> str:
    return (
        f"{instrument.id} holds {listed(instrument.languages)}; a label in another language or "
        "wording goes into the labels of its code as a further language, or into its aliases, in "
        f"{_own(instrument)}. Correct misspelt labels in the file."
    )


def _of_tokens(instrument: Instrument, texts: list[str]) -> str:
    # What is masked in messages must not come back in a line to paste.
    safe = [text for text in texts if masked_answer(text) == text][:_MOST_TOKENS]
    entries = [
        f"{{code: {json.dumps(one, ensure_ascii=False)}, reason: unanswered}}" for one in safe
    ]
    return (
        "Where a value stands for no answer, declare it under response_scale in "
        f"{_own(instrument)}, by the line\n    missing: [{', '.join(entries)}]\n"
        "A value for 'does not apply' goes into not_applicable."
    )


def _own(instrument: Instrument) -> str:
    """Name the definition to change: a copy where the instrument came with the package."""
    if instrument.path is None or instrument.path.parent != shipped("instruments"):
        return "the instrument's definition"
    own = f"my-{instrument.id}.yaml"
    return (
        f"a copy of the definition (relsurvey instruments show {instrument.id} --yaml > {own}, "
        f"then use {own} as the instrument)"
    )
