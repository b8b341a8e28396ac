"""Placeholders in a wording: ``{worker}`` within a sentence, ``{Worker}`` where it begins one."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["filled", "placeholder_names"]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholder_names(text: str) -> tuple[str, ...]:
    """Return the names in braces, as they are written.

    Examples
    --------
    >>> placeholder_names("{Worker} told me, and I told {worker}.")
    ('Worker', 'worker')
    """
    return tuple(_PLACEHOLDER.findall(text))


def filled(text: str, fillings: Mapping[str, str]) -> str:
    """Put the fillings in; a placeholder with a capital gets its filling with a capital.

    Parameters
    ----------
    text : str
        A wording.
    fillings : mapping of str to str
        By placeholder name; a name that is not there is left as it stands.

    Returns
    -------
    str
        The wording as a respondent reads it.

    Examples
    --------
    >>> filled("{Worker} heard me. I trusted {worker}.", {"worker": "my social worker"})
    'My social worker heard me. I trusted my social worker.'
    """

    def put_in(match: re.Match[str]) -> str:
        name = match[1]
        if name in fillings:
            return fillings[name]
        lower = name[:1].lower() + name[1:]
        filling = fillings.get(lower)
        return match[0] if filling is None else filling[:1].upper() + filling[1:]

    return _PLACEHOLDER.sub(put_in, text)
