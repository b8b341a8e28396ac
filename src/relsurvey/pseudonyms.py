"""Stand-ins for ids in everything that is written: the same id always gets the same pseudonym.

A pseudonym is a keyed hash. Without the key nobody can get from a pseudonym to an id, not even
by trying all ids; with it, files made on different days still link. The key is a small file that
the user keeps, apart from the results.

References
----------
Krawczyk H, Bellare M, Canetti R (1997). HMAC: Keyed-hashing for message authentication. RFC 2104.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.errors import OutputError
from relsurvey.files import written_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KEY_NAME", "id_columns", "is_pseudonym", "load_key", "pseudonym", "pseudonymised"]

KEY_NAME = "relsurvey.key"
ID_COLUMNS = {"respondent_id": "respondent", "worker_id": "worker", "team": "team"}
_KEY_BYTES = 32
_LENGTH = 16
_FORM = re.compile(rf"P-[A-Z2-7]{{{_LENGTH}}}")


def id_columns(renamed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return which columns hold ids, and of what kind.

    Parameters
    ----------
    renamed : mapping of str to str, optional
        Columns that linking renamed (``Linked.log.renamed``); both names count.

    Examples
    --------
    >>> id_columns({"team": "worker_team"})["worker_team"]
    'team'
    """
    kinds = dict(ID_COLUMNS)
    for old, new in (renamed or {}).items():
        if old in kinds:
            kinds[new] = kinds[old]
    return kinds


def is_pseudonym(text: str) -> bool:
    """Say whether a text has the form of a pseudonym, whichever key it was made with.

    Examples
    --------
    >>> is_pseudonym("P-FTU3CUSCFTEZEUDR"), is_pseudonym("007")
    (True, False)
    """
    return _FORM.fullmatch(text) is not None


def load_key(path: str | Path) -> bytes:
    """Read the key in a file, or make the file with a new random key.

    Parameters
    ----------
    path : str or pathlib.Path
        The key file. A new one can be read by its owner only.

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    OutputError
        Where the file is not a key, or cannot be read or made.
    """
    path = Path(path)
    if not path.exists():
        with written_whole(path, private=True) as temporary:
            temporary.write_text(secrets.token_hex(_KEY_BYTES) + "\n", encoding="ascii")
    try:
        return _parsed(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as problem:
        raise OutputError(
            f"{path} is not a key file (one line of {2 * _KEY_BYTES} hex digits).",
            hint="Name another file with --key; a key file that does not exist is made.",
        ) from problem


def _parsed(text: str) -> bytes:
    key = bytes.fromhex(text.strip())
    if len(key) != _KEY_BYTES:
        raise ValueError("wrong length")
    return key


def pseudonym(value: str, kind: str, key: bytes) -> str:
    """Return the stand-in of one id.

    Parameters
    ----------
    value : str
        The id, exactly as in the data. What already is a pseudonym stays as it is.
    kind : str
        What the id names ("worker", "respondent", "team"): the same text gets different
        pseudonyms for different kinds.
    key : bytes
        From ``load_key``.

    Examples
    --------
    >>> pseudonym("007", "worker", bytes(32))
    'P-FTU3CUSCFTEZEUDR'
    """
    if is_pseudonym(value):
        return value
    digest = hmac.new(key, f"{kind}\0{value}".encode(), hashlib.sha256).digest()
    return "P-" + base64.b32encode(digest).decode("ascii")[:_LENGTH]


def pseudonymised(
    frame: pd.DataFrame, key: bytes, kinds: dict[str, str] | None = None
) -> pd.DataFrame:
    """Return a copy of a frame in which the id columns hold pseudonyms.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame.
    key : bytes
        From ``load_key``.
    kinds : dict of str to str, optional
        Which columns are ids, and of what kind; the package's own id columns if not given.
        Missing ids stay missing.
    """
    frame = frame.copy()
    for column, kind in (kinds or id_columns()).items():
        if column in frame:
            ids = frame[column]
            known = {v: pseudonym(str(v), kind, key) for v in ids.dropna().unique() if v != ""}
            frame[column] = ids.map(known).where(ids.isin(list(known)), ids)
    return frame
