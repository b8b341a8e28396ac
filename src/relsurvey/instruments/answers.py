"""What can be answered: the codes of a response scale, and the answers that are not on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from relsurvey.instruments.definition import Definition
from relsurvey.instruments.fields import Localised, Number, Real, Text, at_least

__all__ = ["Code", "MissingCode", "NotApplicableCode", "ResponseScale", "SpecialCode"]


class Code(Definition):
    """One answer of a response scale: its number, and what people see.

    Attributes
    ----------
    value : int or float
        The number that is averaged or added.
    label : dict of str to str
        The label by language.
    aliases : tuple of str
        Other spellings that an export may hold.
    """

    value: Number
    label: Localised = Field(default_factory=dict)
    aliases: tuple[Text, ...] = ()


class SpecialCode(Definition):
    """An answer that is not on the scale; see its two subclasses.

    Attributes
    ----------
    code : str
        As text, because an export may hold "9" as well as "NA".
    label, aliases
        As in `Code`.
    """

    code: Text
    label: Localised = Field(default_factory=dict)
    aliases: tuple[Text, ...] = ()


class NotApplicableCode(SpecialCode):
    """The answer "does not apply", which is not the same as no answer."""

    reason: Literal["not_applicable"] = "not_applicable"


class MissingCode(SpecialCode):
    """A code that stands for no answer. A blank cell is unanswered without saying so."""

    reason: Literal["not_shown", "unanswered", "dont_know", "prefer_not"]


class ResponseScale(Definition):
    """What can be answered, the same for every item of the instrument.

    Attributes
    ----------
    minimum, maximum : float
        The ends of the scale; reverse-keying is ``minimum + maximum - answer``.
    codes : tuple of Code
        Every answer that counts, from lowest to highest.
    not_applicable : tuple of NotApplicableCode
        Answers that mean "does not apply".
    missing : tuple of MissingCode
        Codes that mean "no answer", with the reason.
    """

    minimum: Real
    maximum: Real
    codes: Annotated[tuple[Code, ...], at_least(2)]
    not_applicable: tuple[NotApplicableCode, ...] = ()
    missing: tuple[MissingCode, ...] = ()

    @property
    def values(self) -> tuple[float, ...]:
        """Every answer that counts, as a number, lowest first."""
        return tuple(float(code.value) for code in self.codes)

    @property
    def not_applicable_numbers(self) -> tuple[float, ...]:
        """Every number that means "does not apply" in a table of numbers.

        Infinity alone where it is declared with texts only: a number next to the scale could
        be a slip of the keys, and would then count as "does not apply" instead of stopping
        the scoring.
        """
        return self._numbers(self.not_applicable) or ((math.inf,) if self.not_applicable else ())

    @property
    def missing_numbers(self) -> tuple[float, ...]:
        """Every number that means "no answer" in a table of numbers."""
        return self._numbers(self.missing)

    def _numbers(self, codes: Sequence[SpecialCode]) -> tuple[float, ...]:
        spellings = [text for code in codes for text in (code.code, *code.aliases)]
        numbers = dict.fromkeys(number for text in spellings for number in _number(text))
        return tuple(number for number in numbers if number not in self.values)


def _number(text: str) -> tuple[float, ...]:
    try:
        number = float(text)
    except ValueError:
        return ()
    # "nan" and "inf" are words here; NaN in a frame means no answer anyway.
    return (number,) if math.isfinite(number) else ()
