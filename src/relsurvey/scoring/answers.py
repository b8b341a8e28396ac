"""What is to be scored, in one shape: a frame of codes, and the instrument that explains them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ScoringError
from relsurvey.instruments import Instrument, SpecialCode, load_instrument
from relsurvey.intake import Responses
from relsurvey.scoring.columns import Frame, as_frame

__all__ = ["Answers", "InstrumentLike", "answers_of", "instrument_of", "require_instrument"]

InstrumentLike: TypeAlias = Instrument | str | os.PathLike[str]


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
    rows : numpy.ndarray of int, shape (n,), or None
        Spreadsheet row of each row, where the frame came from a file.
    """

    frame: Frame
    instrument: Instrument
    not_applicable: tuple[float, ...]
    missing: tuple[float, ...]
    rows: npt.NDArray[np.int64] | None = None

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
        For responses, ``meta`` (without ``row``) stands before the items.

    Raises
    ------
    ScoringError
        Where ``data`` is neither, or a column name stands twice.
    """
    scale = instrument.response_scale
    not_applicable = _numbers(scale.not_applicable, scale.values)
    missing = _numbers(scale.missing, scale.values)
    if not isinstance(data, Responses):
        return Answers(as_frame(data), instrument, not_applicable, missing)
    # Does-not-apply is a reason there, not a number; any number off the scale can stand for it,
    # and responses hold no declared missing codes that it could be taken for.
    stand_in = (
        not_applicable[0] if not_applicable else max(code.value for code in scale.codes) + 1.0
    )
    items = data.items.mask(data.reasons == "not_applicable", stand_in)
    meta = data.meta.drop(columns="row", errors="ignore")
    return Answers(
        as_frame(pd.concat([meta, items], axis="columns")),
        instrument,
        not_applicable or (float(stand_in),),
        (),
        data.meta["row"].to_numpy(dtype=np.int64) if "row" in data.meta else None,
    )


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


def _numbers(codes: tuple[SpecialCode, ...], answers: tuple[float, ...]) -> tuple[float, ...]:
    spellings = [text for code in codes for text in (code.code, *code.aliases)]
    numbers = [number for text in spellings if (number := _number(text)) is not None]
    return tuple(number for number in dict.fromkeys(numbers) if number not in answers)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    # "nan" and "inf" are words here; NaN in a frame means no answer anyway.
    return number if np.isfinite(number) else None
