"""Find an instrument by its id or its file, and read it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from relsurvey.documents import read_yaml, validate
from relsurvey.errors import InstrumentError, listed, suggestion
from relsurvey.files import sha256_of
from relsurvey.instruments.checks import faults_in
from relsurvey.instruments.schema import Instrument
from relsurvey.resources import shipped

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "InstrumentLike",
    "instrument_ids",
    "list_instruments",
    "load_instrument",
    "validate_instrument",
]

_SUFFIXES = {".yaml", ".yml"}


def instrument_ids() -> tuple[str, ...]:
    """Return the ids of the instruments that come with the package, sorted.

    Examples
    --------
    >>> instrument_ids()
    ('peech-sc', 'rpq-10', 'rpq-16', 'rpq-40', 'rpq-e', 'sword')
    """
    return tuple(sorted(path.stem for path in shipped("instruments").glob("*.yaml")))


# An instrument, the id of a shipped one, or a definition file.
InstrumentLike: TypeAlias = Instrument | str | os.PathLike[str]


def load_instrument(id_or_path: InstrumentLike) -> Instrument:
    """Load an instrument that comes with the package, or one of your own.

    Parameters
    ----------
    id_or_path : str, path or Instrument
        An id such as ``"rpq-16"``, or a YAML file: a path object, or a text that ends in
        ``.yaml`` or ``.yml`` or names a folder. An instrument is returned as it is.

    Returns
    -------
    Instrument
        Frozen.

    Raises
    ------
    InstrumentError
        Where there is no such id or file, or the file is not valid; then ``.failures`` has
        one row a fault with ``file, line, key, found, allowed``.

    Examples
    --------
    >>> instrument = load_instrument("rpq-16")
    >>> instrument.title, len(instrument.items), instrument.scales.ids
    ('Reflective Practice Questionnaire, reflective capacity', 16, ('RIA', 'ROA', 'RO', 'SA', 'RC'))
    """
    if isinstance(id_or_path, Instrument):
        return id_or_path
    if isinstance(id_or_path, os.PathLike) or _is_file_name(id_or_path):
        return validate_instrument(id_or_path)
    known = instrument_ids()
    if id_or_path not in known:
        near = suggestion(id_or_path, known)
        guess = f"Did you mean {near!r}? " if near else ""
        raise InstrumentError(
            f"There is no instrument with the id {id_or_path!r}.",
            hint=f"{guess}Known: {listed(known)}; or name a YAML file of your own.",
        )
    return validate_instrument(shipped("instruments") / f"{id_or_path}.yaml")


def validate_instrument(path: str | os.PathLike[str]) -> Instrument:
    """Read an instrument file and hold it against the schema.

    Parameters
    ----------
    path : str or path
        The YAML file.

    Returns
    -------
    Instrument
        Frozen, with its ``path`` and ``digest``.

    Raises
    ------
    InstrumentError
        Where it cannot be read or is not valid; every fault is in ``.failures``.
    """
    path = Path(path)
    raw = read_yaml(path, InstrumentError, "instrument")
    instrument = validate(raw, Instrument, InstrumentError, "instrument", faults_in)
    instrument._path = path
    instrument._digest = sha256_of(path)
    return instrument


def list_instruments() -> pd.DataFrame:
    """List the instruments that come with the package.

    Returns
    -------
    pandas.DataFrame
        One row an instrument: ``id, version, title, respondent, n_items, n_scales, status``.

    Examples
    --------
    >>> list_instruments().loc[:, ["id", "n_items", "status"]]
             id  n_items     status
    0  peech-sc       23      draft
    1    rpq-10       10  published
    2    rpq-16       16  published
    3    rpq-40       40  published
    4     rpq-e       30  published
    5     sword       10      draft
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "id": instrument.id,
                "version": instrument.version,
                "title": instrument.title,
                "respondent": instrument.respondent,
                "n_items": len(instrument.item_ids),
                "n_scales": len(instrument.scales),
                "status": instrument.status,
            }
            for instrument in map(load_instrument, instrument_ids())
        ]
    )


def _is_file_name(text: str) -> bool:
    return Path(text).suffix.lower() in _SUFFIXES or "/" in text or os.sep in text
