"""What an instrument is, put together from its parts.

Every class is frozen and refuses unknown keys. What no class can see on its own (a scale that
names an item which does not exist) is in ``checks``.
"""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from relsurvey.errors import InstrumentError
from relsurvey.instruments.answers import ResponseScale
from relsurvey.instruments.catalogue import Catalogue
from relsurvey.instruments.definition import Definition
from relsurvey.instruments.evidence import Adaptation, Band, Model, PublishedFigure, Source
from relsurvey.instruments.fields import Id, Locale, Localised, Text, Version, at_least
from relsurvey.instruments.items import ContextQuestion, Item, Series
from relsurvey.instruments.placeholders import filled
from relsurvey.instruments.scales import Scale

__all__ = ["Instrument"]


with warnings.catch_warnings():
    # "construct" is the field's standard term; pydantic still has a deprecated method of that
    # name, which nothing here uses, and warns that it is hidden.
    warnings.filterwarnings("ignore", message='Field name "construct"', category=UserWarning)

    class _Measure(Definition):
        construct: Text  # type: ignore[assignment]


class Instrument(_Measure):
    """A questionnaire: what is asked, how it is scored, and what is known of it.

    Attributes
    ----------
    id, version, title, short_title, construct, description : str
        What it is; the version is semantic.
    status : {"published", "draft"}
        A draft is not yet validated, and every report on it says so.
    respondent : {"worker", "service_user"}
        Who answers.
    notes : tuple of str
        What to check or know before it is fielded.
    sources : tuple of Source
        Publications.
    instructions : dict of str to str
        What the respondent is told first, by language.
    languages : tuple of str
        Languages used in the file, the first one being the default.
    placeholders : dict of str to str
        What stands in braces in the wording, and what is put there by default.
    response_scale : ResponseScale
        What can be answered.
    items : Catalogue of Item
        What is asked.
    series : Catalogue of Series
        Where a wording pack may add further items to a scale.
    context : Catalogue of ContextQuestion
        What is asked beside it and never scored.
    scales : Catalogue of Scale
        The scores.
    models : dict of str to Model
        Factor structures by name.
    bands : tuple of Band
        Readings of scores.
    published : tuple of PublishedFigure
        What others found.
    adaptation : Adaptation or None
        How it was made from another instrument.
    """

    id: Id
    version: Version
    status: Literal["published", "draft"]
    title: Text
    short_title: Text
    respondent: Literal["worker", "service_user"]
    description: Text
    notes: tuple[Text, ...] = ()
    sources: Annotated[tuple[Source, ...], at_least(1)]
    languages: Annotated[tuple[Locale, ...], at_least(1)]
    placeholders: dict[Id, Text] = Field(default_factory=dict)
    instructions: Localised = Field(default_factory=dict)
    response_scale: ResponseScale
    items: Annotated[Catalogue[Item], at_least(1)]
    series: Catalogue[Series] = Catalogue()
    context: Catalogue[ContextQuestion] = Catalogue()
    scales: Annotated[Catalogue[Scale], at_least(1)]
    models: dict[Id, Model] = Field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    adaptation: Adaptation | None = None

    _path: Path | None = PrivateAttr(default=None)
    _digest: str = PrivateAttr(default="")

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Ids of the items that are scored, in the order of the file."""
        return tuple(item.id for item in self.items if item.scored)

    @property
    def reversed_items(self) -> tuple[str, ...]:
        """Ids of the scored items that are reverse-keyed, in the order of the file."""
        return tuple(item.id for item in self.items if item.scored and item.reverse)

    @property
    def path(self) -> Path | None:
        """The file it was read from; ``None`` where it was made in Python."""
        return self._path

    @property
    def digest(self) -> str:
        """SHA-256 of the definition file (of the content, where there is no file)."""
        return self._digest or hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def items_of(self, scale_id: str) -> tuple[str, ...]:
        """Return the ids of the items a scale is made of, in the order they are named.

        Parameters
        ----------
        scale_id : str
            Id of a scale; a composite is resolved to the items of its scales.

        Returns
        -------
        tuple of str
            Item ids.

        Raises
        ------
        InstrumentError
            Where there is no such scale.

        Examples
        --------
        >>> from relsurvey.instruments import load_instrument
        >>> len(load_instrument("rpq-16").items_of("RC"))
        16
        """
        scale = self.scales[scale_id]
        members = (self.items_of(member) for member in scale.scales)
        return scale.items or tuple(item for items in members for item in items)

    def wording_of(self, item_id: str, locale: str | None = None, **fillings: str) -> str:
        """Return what the respondent reads, with the placeholders filled.

        Parameters
        ----------
        item_id : str
            Id of an item or of a context question.
        locale : str, optional
            Language; the instrument's first one by default.
        **fillings : str
            What to put in place of a placeholder, where not its default.

        Returns
        -------
        str
            The wording; an empty text where the definition holds none in that language.

        Raises
        ------
        InstrumentError
            Where there is no such item or placeholder.

        Examples
        --------
        >>> from relsurvey.instruments import load_instrument
        >>> load_instrument("peech-sc").wording_of("SEC5", worker="my support worker")
        'My support worker stayed calm when things were hard.'
        """
        unknown = sorted(set(fillings) - set(self.placeholders))
        if unknown:
            raise InstrumentError(
                f"{self.id} has no placeholder {unknown[0]!r}.",
                hint=f"It has: {', '.join(self.placeholders) or 'none'}.",
            )
        asked: Item | ContextQuestion = (
            self.context[item_id] if item_id in self.context.ids else self.items[item_id]
        )
        text = asked.wording.get(locale or self.languages[0], "")
        return filled(text, {**self.placeholders, **fillings})
