"""What is asked: the items that are scored, and the questions beside them that are not."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool

from relsurvey.instruments.answers import Code
from relsurvey.instruments.definition import Definition
from relsurvey.instruments.fields import Id, Localised, Text

__all__ = ["ContextQuestion", "Item", "Series"]


class Item(Definition):
    """One statement or question that is answered on the response scale.

    Attributes
    ----------
    id : str
        Names the item in tables and, as a rule, in the export.
    gist : str
        A short label in the file's own words: enough to read a table or a figure.
    wording : dict of str to str
        What the respondent reads, by language; empty where the wording may not be shipped. It
        is left out wherever the instrument is printed or dumped, because it can be a licensed
        wording that was joined.
        The easy-read wording has the language tag ``en-GB-x-easy``.
    reverse : bool
        Whether a high answer means little of what the scale measures.
    scored : bool
        Whether it is on a scale; an item that is asked but not scored says ``false``.
    note : str
        Anything to know about the item.
    """

    id: Id
    gist: Text
    wording: Localised = Field({}, repr=False, exclude=True)
    reverse: StrictBool
    scored: StrictBool = True
    note: str = ""


class ContextQuestion(Definition):
    """A question that is kept with the answers and never scored.

    Attributes
    ----------
    id, gist, wording, note
        As in `Item`.
    answer : {"choice", "number", "text"}
        What kind of answer is expected.
    codes : tuple of Code
        The choices, where it is a choice.
    """

    id: Id
    gist: Text
    wording: Localised = Field({}, repr=False, exclude=True)
    answer: Literal["choice", "number", "text"]
    codes: tuple[Code, ...] = ()
    note: str = ""


class Series(Definition):
    """Items of a scale that are numbered on, where the file does not know how many there are.

    A wording pack that names further ones adds them (see ``with_wording``).

    Attributes
    ----------
    id : str
        What the items' ids begin with, before their number: "SB" for SB1, SB2, ...
    scale : str
        The scale they are on.
    gist : str
        What their gists begin with, before the number.
    """

    id: Id
    scale: Id
    gist: Text

    def number_of(self, item_id: str) -> int | None:
        """Return the number of an item of this series; ``None`` for any other id.

        Examples
        --------
        >>> series = Series(id="SB", scale="SECURE", gist="Secure base, statement")
        >>> series.number_of("SB12"), series.number_of("SB0"), series.number_of("SA1")
        (12, None, None)
        """
        number = item_id.removeprefix(self.id)
        plain = item_id.startswith(self.id) and number.isascii() and number.isdigit()
        return int(number) if plain and not number.startswith("0") else None
