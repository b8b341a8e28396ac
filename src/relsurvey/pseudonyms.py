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
import contextlib
import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "KEY_NAME",
    "by_pseudonym",
    "id_columns",
    "is_pseudonym",
    "key_mark",
    "load_key",
    "pseudonym",
    "pseudonymised",
    "read_key",
]

KEY_NAME = "relsurvey.key"
ID_COLUMNS = {"respondent_id": "respondent", "worker_id": "worker", "team": "team"}
_KEY_BYTES = 32
_LENGTH = 16
_DIGEST_BYTES = _LENGTH * 5 // 8  # a sign of base 32 stands for five bits
_OTHERS = 0o077  # what group and everybody may do
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
        The key file. A new one can be read by its owner only, and is never written over one
        that is there: of two runs that begin together, one makes it and both use it.

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    OutputError
        Where the file is not a key, can be read by others than its owner, or cannot be read or
        made.
    """
    path = Path(path)
    try:
        _make_key(path)
    except FileExistsError:
        pass
    except OSError as problem:
        raise OutputError(f"{path} cannot be written: {problem.strerror}.") from problem
    return read_key(path)


def _make_key(path: Path) -> None:
    """Make a key file that only its owner can read; a file that is there stays as it is."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_KEY_BYTES) + "\n")
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def read_key(path: str | Path) -> bytes:
    """Read the key in a file that has to be there, and that only its owner may read.

    Raises
    ------
    OutputError
        Where the file is missing, not a key, or can be read by others than its owner.
    """
    path = Path(path)
    try:
        key = _parsed(path.read_text(encoding="ascii"))
        mode = path.stat().st_mode
    except FileNotFoundError as problem:
        raise OutputError(
            f"There is no key file {path}.", hint="Name the file that the run used with --key."
        ) from problem
    except (OSError, ValueError) as problem:
        raise OutputError(
            f"{path} is not a key file (one line of {2 * _KEY_BYTES} hex digits).",
            hint="Name another file with --key; a key file that does not exist is made.",
        ) from problem
    # Where the system knows no owners, there is nothing to judge by.
    if os.name == "posix" and stat.S_IMODE(mode) & _OTHERS:
        raise OutputError(
            f"The key file {path} can be read by others than its owner (mode "
            f"{stat.S_IMODE(mode):o}); whoever has it can find out whose answers are whose.",
            hint=f"Close it first: chmod 600 {path}. If others may have read it, make a new key "
            "and run again.",
        )
    return key


def key_mark(key: bytes) -> str:
    """Return a short text by which a key is known again; nobody gets the key from it.

    Examples
    --------
    >>> key_mark(bytes(32))
    '25c71ddc808bf996'
    """
    return hmac.new(key, b"the mark of this key", hashlib.sha256).hexdigest()[:_LENGTH]


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
    return _pseudonyms([value], kind, key)[0]


def _pseudonyms(values: Sequence[str], kind: str, key: bytes) -> list[str]:
    """Return the stand-ins of several ids of one kind; their hashes are put into text at once."""
    digests = [
        hmac.digest(key, f"{kind}\0{value}".encode(), "sha256")[:_DIGEST_BYTES] for value in values
    ]
    # A digest fills its signs of five bits to the last, so the next one begins with a new sign.
    signs = base64.b32encode(b"".join(digests)).decode("ascii")
    return [
        value if is_pseudonym(value) else f"P-{signs[place * _LENGTH : (place + 1) * _LENGTH]}"
        for place, value in enumerate(values)
    ]


def by_pseudonym(ids: Mapping[str, Iterable[str]], key: bytes) -> dict[str, tuple[str, str]]:
    """Return whose each pseudonym is: a hash cannot be turned back, so every id is hashed again.

    Parameters
    ----------
    ids : mapping of str to iterable of str
        All ids that there are, by what they name ("worker", "respondent", "team").
    key : bytes
        The key that the pseudonyms were made with.

    Returns
    -------
    dict of str to (str, str)
        By pseudonym, what it names and the id.

    Examples
    --------
    >>> by_pseudonym({"worker": ["007"]}, bytes(32))
    {'P-FTU3CUSCFTEZEUDR': ('worker', '007')}
    """
    return {
        stand_in: (kind, one)
        for kind, several in ((kind, list(several)) for kind, several in ids.items())
        for stand_in, one in zip(_pseudonyms(several, kind, key), several, strict=True)
    }


def pseudonymised(
    frame: pd.DataFrame,
    key: bytes,
    kinds: dict[str, str] | None = None,
    *,
    made: dict[str, dict[str, str]] | None = None,
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
    made : dict of str to dict of str to str, optional
        Pseudonyms by kind and id, made with this key for other frames; new ones are added.
    """
    frame = frame.copy(deep=False)
    made = {} if made is None else made
    for column, kind in (kinds or id_columns()).items():
        if column in frame:
            frame[column] = _stand_ins(frame[column], kind, key, made.setdefault(kind, {}))
    return frame


def _stand_ins(ids: pd.Series, kind: str, key: bytes, known: dict[str, str]) -> pd.Series:
    """Return the pseudonyms of a column of ids, each distinct one hashed only once."""
    import numpy as np
    import pandas as pd

    places, distinct = pd.factorize(ids)
    texts = [str(one) for one in distinct.tolist()]
    new = [text for text in texts if text not in known]
    known.update(zip(new, _pseudonyms(new, kind, key), strict=True))
    names = [known[text] if text else "" for text in texts]
    # A place of -1, where the id is missing, is that of the last.
    taken = np.array([*names, None], dtype=object)[places]
    return pd.Series(taken, index=ids.index, dtype="str")
