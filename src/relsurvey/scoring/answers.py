"""What is to be scored, in one shape: a frame of codes, and the instrument that explains them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from relsurvey.errors import ScoringError
from relsurvey.frames import ROW
from relsurvey.instruments import Instrument, InstrumentLike, load_instrument
from relsurvey.intake import Responses
from relsurvey.scoring.columns import Frame, as_frame, readable

__all__ = ["Answers", "answers_of", "instrument_of", "require_instrument"]


@dataclass(frozen=True, slots=True)
class Answers:
    """Codes as they were answered, before any keying.

    Attributes
    ----------
    frame : narwhals frame, n rows
        Items and whatever else came with them.
    instrument : Instrument
        What the codes mean.
    not_applicable : tuple of float
        Numbers that mean "does not apply".
    missing : tuple of float
        Numbers that the instrument declares to mean "no answer".
    """

    frame: Frame
    instrument: Instrument
    not_applicable: tuple[float, ...]
    missing: tuple[float, ...]

    @property
    def codes(self) -> tuple[float, ...]:
        """Every number that is an answer on the scale, lowest first."""
        return tuple(float(code.value) for code in self.instrument.response_scale.codes)

    @property
    def blanks(self) -> tuple[float, ...]:
        """Every number that is not an answer on the scale."""
        return self.not_applicable + self.missing


def instrument_of(data: Any, instrument: InstrumentLike | None) -> Instrument | None:
    """Return the instrument that was given, or the one that came with the responses."""
    if instrument is not None:
        return load_instrument(instrument)
    return data.instrument if isinstance(data, Responses) else None


def answers_of(data: Any, instrument: Instrument) -> Answers:
    """Bring responses or a frame into the one shape.

    Parameters
    ----------
    data : Responses, or a pandas, Polars or PyArrow frame
        The answers.
    instrument : Instrument
        What they answer.

    Returns
    -------
    Answers
        For responses, ``meta`` stands before the items.

    Raises
    ------
    ScoringError
        Where ``data`` is neither, or a column name stands twice.
    """
    scale = instrument.response_scale
    not_applicable = scale.not_applicable_numbers
    if not isinstance(data, Responses):
        frame = as_frame(readable(data, instrument.items.ids))
        return Answers(frame, instrument, not_applicable, scale.missing_numbers)
    # Does-not-apply is a reason there, not a number, also where this is another instrument than
    # the one they were read by; and they hold no declared missing codes.
    not_applicable = not_applicable or (math.inf,)
    items = data.items.mask(data.not_applicable, not_applicable[0])
    table = pd.concat([data.ids, items], axis="columns")
    table.index = pd.Index(data.rows, name=ROW)
    return Answers(as_frame(table), instrument, not_applicable, ())


def require_instrument(data: Any, instrument: InstrumentLike | None) -> Instrument:
    """Return the instrument, or say that there is none.

    Raises
    ------
    ScoringError
        Where the data bring no instrument and none was named.
    """
    found = instrument_of(data, instrument)
    if found is None:
        raise ScoringError(
            "To score a frame, the instrument has to be named.",
            hint='For instance score(data, "rpq-16"), or the path of your own YAML file.',
        )
    return found
