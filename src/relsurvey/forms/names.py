"""Names that a platform accepts, as near to the ids of the definition as it allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["safe_names", "shortened"]


def safe_names(
    ids: Iterable[str],
    clean: Callable[[str], str],
    longest: int,
    taken: Iterable[str] = (),
) -> dict[str, str]:
    """Give every id a name that a platform accepts, no two alike when capitals are folded.

    Parameters
    ----------
    ids : iterable of str
        Ids of items and context questions.
    clean : callable
        Returns an id without the characters that the platform refuses.
    longest : int
        How many characters a name may have.
    taken : iterable of str
        Names the platform keeps for itself.

    Returns
    -------
    dict of str to str
        Name by id, in the order given. An id that is a name already keeps it, whatever comes
        before it, and so does one that is but for capitals: headings are matched to ids without
        regard to them. Of ids that would be alike, the later ones end in a number.

    Examples
    --------
    >>> safe_names(["A-1", "A1", "other"], lambda text: text.replace("-", ""), 20, ["other"])
    {'A-1': 'A12', 'A1': 'A1', 'other': 'other2'}
    """
    ids = list(ids)
    used = {name.casefold() for name in taken}
    names: dict[str, str] = {}
    for keeps in (str, str.casefold, None):
        for one in ids:
            name = shortened(clean(one), longest)
            own = keeps is None or (keeps(name) == keeps(one) and name.casefold() not in used)
            if one in names or not own:
                continue
            names[one] = _free(name, used, longest)
            used.add(names[one].casefold())
    return {one: names[one] for one in ids}


def shortened(name: str, longest: int) -> str:
    """Shorten a name in its middle: what tells ids of one series apart is mostly at the end.

    Examples
    --------
    >>> shortened("a_long_name_12", 9)
    'a_long_12'
    """
    tail = longest // 3
    return name if len(name) <= longest else name[: longest - tail] + name[-tail:]


def _free(name: str, used: set[str], longest: int) -> str:
    candidate, number = name, 1
    while candidate.casefold() in used or not candidate:
        number += 1
        candidate = f"{name[: longest - len(str(number))]}{number}"
    return candidate
