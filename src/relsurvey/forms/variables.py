"""The variables of a table of answers: what a codebook and the metadata formats describe.

Made of the definition alone, so that an instrument whose wording may not be shipped can still be
documented by its gists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from relsurvey.instruments import (
    Code,
    ContextQuestion,
    Instrument,
    Item,
    Scale,
    SpecialCode,
    minimum_answered_in_words,
)

__all__ = [
    "Value",
    "Variable",
    "number_text",
    "plain",
    "reverse_in_words",
    "scoring_in_words",
    "variables_of",
]

_REASONS = {
    "not_applicable": "does not apply",
    "dont_know": "does not know",
    "prefer_not": "prefers not to say",
    "not_shown": "not shown",
    "unanswered": "not answered",
}
_NOT_APPLICABLE = {
    "excluded": "left out of the items",
    "best": "counted as the best answer",
    "missing": "counted as no answer",
}


@dataclass(frozen=True)
class Value:
    """One code a variable can hold.

    Attributes
    ----------
    code : str
        As it stands in the data.
    label : dict of str to str
        What it stands for, by language; empty where the definition has no label.
    meaning : str
        For a missing code why there is no answer; empty for a code that counts.
    """

    code: str
    label: dict[str, str]
    meaning: str = ""

    def in_words(self, locale: str) -> str:
        """Return the code with its label, such as "9 = Does not apply"."""
        label = self.label.get(locale) or next(iter(self.label.values()), "")
        # A label in other words than the reason says both: what people saw, and what it means.
        says_more = self.meaning and self.meaning.casefold() != label.casefold()
        meaning = f"({self.meaning})" if label and says_more else self.meaning if says_more else ""
        words = " ".join(part for part in (label, meaning) if part)
        return f"{self.code} = {words}" if words else self.code


@dataclass(frozen=True)
class Variable:
    """One column of a table of answers or scores.

    Attributes
    ----------
    name : str
        The column's heading.
    gist : str
        What it is, in a few words.
    kind : {"id", "item", "choice", "number", "text", "score"}
        An item is answered on the response scale; choice, number and text are context questions.
    values, missing : tuple of Value
        Codes that count, and codes that stand for no answer.
    reverse : bool
        Whether a high answer means little of what is measured.
    scales : tuple of str
        Ids of the scores it goes into, composites included.
    scoring : str
        How a score is made; for a reverse-keyed item how it is turned round.
    minimum, maximum : float or None
        The range of the answers or the score.
    source : str
        The instrument and, for an adapted item, what was done to it.
    """

    name: str
    gist: str
    kind: Literal["id", "item", "choice", "number", "text", "score"]
    values: tuple[Value, ...] = ()
    missing: tuple[Value, ...] = ()
    reverse: bool = False
    scales: tuple[str, ...] = ()
    scoring: str = ""
    minimum: float | None = None
    maximum: float | None = None
    source: str = ""


def variables_of(instrument: Instrument) -> tuple[Variable, ...]:
    """List the variables: respondent, items, context questions, scores.

    Parameters
    ----------
    instrument : Instrument
        With or without wording.

    Returns
    -------
    tuple of Variable
        In the order a table has them.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> variables = variables_of(load_instrument("peech-sc"))
    >>> len(variables), variables[7].name, variables[7].scoring
    (35, 'SEC7', '3 - answer')
    """
    respondent = Variable("respondent_id", "Identifier of the respondent", "id")
    return (
        respondent,
        *(_item(instrument, item) for item in instrument.items),
        *(_context(instrument, asked) for asked in instrument.context),
        *(_score(instrument, scale) for scale in instrument.scales),
    )


def scoring_in_words(instrument: Instrument, scale: Scale) -> str:
    """Say how a score is made, in one sentence.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    scale : Scale
        One of its scales.

    Returns
    -------
    str
        Items, reverse-keyed ones, what does-not-apply counts as, the answers it needs.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> instrument = load_instrument("rpq-16")
    >>> scoring_in_words(instrument, instrument.scales["RIA"])
    'Mean of RIA1, RIA2, RIA3, RIA4; at least 3 of 4 items answered.'
    """
    items = tuple(dict.fromkeys(instrument.items_of(scale.id)))
    of_scores = scale.composite_of == "scores"
    parts = scale.scales if of_scores else items
    kind = "the scores " if of_scores else ""
    words = [f"Mean of {kind}{', '.join(parts)}"]
    if scale.method == "sum":
        words[0] += f", times {len(parts)} (a prorated sum)"
    turned = [name for name in items if instrument.items[name].reverse]
    if turned and not of_scores:
        words.append(f"reverse-keyed: {', '.join(turned)} ({_turned(instrument)})")
    if instrument.response_scale.not_applicable:
        words.append(f'"does not apply" is {_NOT_APPLICABLE[scale.not_applicable]}')
    words.append(minimum_answered_in_words(scale, len(items)))
    return "; ".join(words) + "."


def reverse_in_words(variable: Variable) -> str:
    """Say that an item is reverse-keyed, and how it is scored.

    Examples
    --------
    >>> reverse_in_words(Variable("A2", "Felt judged", "item", reverse=True, scoring="3 - answer"))
    'Reverse-keyed: scored as 3 - answer.'
    """
    return (
        f"Reverse-keyed: {f'scored as {variable.scoring}' if variable.scoring else 'not scored'}."
    )


def plain(value: float) -> int | float:
    """Return a whole number as one, so that JSON holds 3 and not 3.0.

    Examples
    --------
    >>> plain(3.0), plain(-1.5)
    (3, -1.5)
    """
    return int(value) if float(value).is_integer() else float(value)


def number_text(value: float | None) -> str:
    """Write a number in full, nothing where there is none.

    Examples
    --------
    >>> number_text(1234567.0), number_text(0.5), number_text(None)
    ('1234567', '0.5', '')
    """
    return "" if value is None else str(plain(value))


def _item(instrument: Instrument, item: Item) -> Variable:
    scale = instrument.response_scale
    return Variable(
        name=item.id,
        gist=item.gist,
        kind="item",
        values=_values(scale.codes),
        missing=tuple(_missing(instrument)),
        reverse=item.reverse,
        scales=tuple(
            score.id for score in instrument.scales if item.id in instrument.items_of(score.id)
        ),
        scoring=_turned(instrument) if item.reverse and item.scored else "",
        minimum=scale.minimum,
        maximum=scale.maximum,
        source=_source(instrument, item.id),
    )


def _context(instrument: Instrument, asked: ContextQuestion) -> Variable:
    return Variable(
        name=asked.id,
        gist=asked.gist,
        kind=asked.answer,
        values=_values(asked.codes),
        source=_source(instrument, asked.id),
    )


def _score(instrument: Instrument, scale: Scale) -> Variable:
    return Variable(
        name=scale.id,
        gist=scale.title,
        kind="score",
        scales=tuple(other.id for other in instrument.scales if scale.id in other.scales),
        scoring=scoring_in_words(instrument, scale),
        minimum=scale.minimum,
        maximum=scale.maximum,
        source=_source(instrument, scale.id),
    )


def _turned(instrument: Instrument) -> str:
    scale = instrument.response_scale
    return f"{number_text(scale.minimum + scale.maximum)} - answer"


def _values(codes: tuple[Code, ...]) -> tuple[Value, ...]:
    return tuple(Value(number_text(code.value), dict(code.label)) for code in codes)


def _missing(instrument: Instrument) -> Iterator[Value]:
    scale = instrument.response_scale
    specials: tuple[SpecialCode, ...] = (*scale.not_applicable, *scale.missing)
    for one in specials:
        reason = getattr(one, "reason", "")
        yield Value(one.code, dict(one.label), _REASONS[reason])


def _source(instrument: Instrument, name: str) -> str:
    source = f"{instrument.id} {instrument.version}"
    record = instrument.adaptation
    entry = next((one for one in record.items if one.item == name), None) if record else None
    if record is None or entry is None:
        return source
    part = f", {record.subscales.get(entry.subscale, entry.subscale)}" if entry.subscale else ""
    return f"{source}; {entry.operation} ({record.original}{part}): {entry.reason}"
