"""What is known of an instrument: sources, structure, readings, figures, where it comes from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from relsurvey.instruments.catalogue import Catalogue
from relsurvey.instruments.definition import Definition
from relsurvey.instruments.fields import Count, Doi, Id, Localised, Real, Text, at_least

__all__ = ["Adaptation", "AdaptedItem", "Band", "Change", "Model", "PublishedFigure", "Source"]


class Source(Definition):
    """A publication the instrument rests on.

    Attributes
    ----------
    citation : str
        As it would stand in a reference list.
    doi : str or None
        Bare, without an address before it.
    licence : str
        Who holds the rights, and what may be done with the wording.
    """

    citation: Text
    doi: Doi | None = None
    licence: Text


class Model(Definition):
    """A factor structure that can be fitted.

    Attributes
    ----------
    title : str
        For tables.
    kind : {"one_factor", "correlated", "second_order", "bifactor"}
        How the factors stand to each other. In a bifactor model the factor that names every
        item is the general one, and no factors are correlated.
    factors : dict of str to tuple of str
        Items by factor.
    second_order : dict of str to tuple of str
        Factors by second-order factor.
    method_factors : dict of str to tuple of str
        Items that share the way they are asked, uncorrelated with all other factors.
    note : str
        Where the structure comes from.
    """

    title: Text
    kind: Literal["one_factor", "correlated", "second_order", "bifactor"]
    factors: Annotated[dict[Id, tuple[Id, ...]], at_least(1)]
    second_order: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    method_factors: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    note: str = ""


class Band(Definition):
    """A stretch of a score with a reading, for traffic-light tables.

    Attributes
    ----------
    scale : str
        Id of the scale.
    minimum, maximum : float
        The stretch, both ends included.
    level : {"green", "amber", "red"}
        The light.
    label : dict of str to str
        The reading, by language.
    of : {"score", "answer"}
        What the reading is of: the scale's score, or each answer to its questions, and then no
        mean has one.
    reason : str
        What the borders rest on.
    """

    scale: Id
    of: Literal["score", "answer"] = "score"
    minimum: Real
    maximum: Real
    level: Literal["green", "amber", "red"]
    label: Localised
    reason: Text


class PublishedFigure(Definition):
    """What others found, to compare with; one of ``value``, ``low`` and ``high``, ``finding``.

    Attributes
    ----------
    statistic : str
        What was estimated.
    of : str
        Of what, in words: "reflective capacity, 16 items".
    scale : str or None
        The id of this instrument's scale it can stand beside.
    model : str or None
        The name of this instrument's model it can stand beside.
    value : float or None
        The figure.
    low, high : float or None
        The figures' range, where several were given as one.
    finding : str
        What was found, where it is not a figure.
    sample : str
        Who answered.
    n : int
        How many.
    source : str
        Where it was published.
    doi : str or None
        Its DOI, if known.
    note : str
        Anything to know before comparing.
    """

    statistic: Literal[
        "alpha",
        "omega",
        "test_retest_icc",
        "mean",
        "sd",
        "cfi",
        "tli",
        "rmsea",
        "srmr",
        "structure",
    ]
    of: Text
    scale: Id | None = None
    model: Id | None = None
    value: Real | None = None
    low: Real | None = None
    high: Real | None = None
    finding: str = ""
    sample: Text
    n: Count
    source: Text
    doi: Doi | None = None
    note: str = ""


class Change(Definition):
    """One change that was made to the whole questionnaire, and why."""

    id: Id
    change: Text
    reason: Text


class AdaptedItem(Definition):
    """Where an item comes from.

    Attributes
    ----------
    item : str
        Its id.
    subscale : str or None
        Id of the original sub-scale; ``None`` where it comes from none.
    operation : {"kept", "reworded", "added"}
        What was done.
    changes : tuple of str
        The changes (by id) that led to it.
    reason : str
        Why, in a few words.
    """

    item: Id
    subscale: Id | None
    operation: Literal["kept", "reworded", "added"]
    changes: tuple[Id, ...] = ()
    reason: Text


class Adaptation(Definition):
    """The record of how an instrument was made from another.

    Attributes
    ----------
    original : str
        The instrument it was made from.
    subscales : dict of str to str
        The original's sub-scales: id and title.
    changes : Catalogue of Change
        What was changed throughout, and why.
    items : tuple of AdaptedItem
        Item by item.
    """

    original: Text
    subscales: dict[Id, Text] = Field(default_factory=dict)
    changes: Catalogue[Change] = Catalogue()
    items: tuple[AdaptedItem, ...] = ()
