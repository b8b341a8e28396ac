"""Columns whose wording is an item's but for its number, its end marks, or who it is about.

Platforms put "12." or "a)" before a question and "*" after one that must be answered, and a form
asks about "my support worker" where the definition says "my social worker".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.matching.unmatched import Unmatched, only_matches

__all__ = ["bare_wording", "match_loosely", "match_refilled"]

# A filling with such a word may turn the statement round.
# fmt: off
_TURNING = frozenset({
    "not", "no", "never", "none", "nothing", "nobody", "without", "hardly", "rarely", "seldom",
    "unable", "cannot", "cant", "dont", "didnt", "doesnt", "wasnt", "werent", "isnt", "arent",
    "wont", "couldnt", "wouldnt", "shouldnt", "havent", "hasnt", "hadnt",
    "nicht", "nie", "niemals", "kein", "keine", "keinen", "ohne", "jamais", "pas", "sans",
    "nunca", "sin", "ikke", "aldri", "aldrig", "niet", "nooit", "geen",
    "before", "after", "in", "on", "with", "more", "less",
})
# With such a word it is one more of the same kind.
_ANOTHER_ONE = frozenset({
    "another", "other", "previous", "last", "former", "new", "next", "old", "different", "second",
    "first", "any", "every", "each", "one", "two", "some", "many",
})
_DETERMINERS = frozenset({"my", "your", "our", "his", "her", "their", "the", "a", "an"})
# fmt: on
_NUMBERING = re.compile(
    r"^(?:\*\s*)?(?:q(?:uestion)?\s?)?\(?(?:\d{1,3}(?:\.\d{1,3})*(?:\.?[a-z])?|[a-z])[.):]+\)?\s+"
)
_END_MARKS = " .…?!:;*"
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
_LONGEST_FILLING = 40
_FEWEST_ITEMS = 2
_REFILLED = "by wording, with another name or role filled in"


def bare_wording(folded: str) -> str:
    """Take the number before a folded wording off, and the marks at its end.

    Examples
    --------
    >>> bare_wording("12. i felt safe. *"), bare_wording("a) i felt safe"), bare_wording("q3.")
    ('i felt safe', 'i felt safe', 'q3')
    """
    return _NUMBERING.sub("", folded).rstrip(_END_MARKS)


def match_loosely(left: Unmatched) -> list[ColumnMatch]:
    """Match items to columns with their wording but for numbering and end marks.

    Parameters
    ----------
    left : Unmatched
        What is left.

    Returns
    -------
    list of ColumnMatch
        Items with exactly one such column, which no other item can claim.
    """
    bare = _bare_texts(left)
    claims = {
        name: {place for text in set(map(bare_wording, texts)) for place in bare.get(text, ())}
        for name, texts in left.all.items()
    }
    rule = "by wording but for its number or end marks"
    return [
        ColumnMatch(name, place, left.index.all[place], rule, by_text=True)
        for name, place in only_matches(claims)
        if name in left.wanted
    ]


def match_refilled(
    left: Unmatched, templates: Mapping[str, Sequence[str]], usual: Mapping[str, str]
) -> list[ColumnMatch]:
    """Match items to columns that fill their placeholders otherwise, all with the same text.

    Parameters
    ----------
    left : Unmatched
        What is left.
    templates : mapping of str to sequence of str
        Folded wordings by item, the placeholders in braces.
    usual : mapping of str to str
        What usually fills each placeholder, folded.

    Returns
    -------
    list of ColumnMatch
        Items whose column is clear. One text (but for "my" or "a" before it) has to fill the
        placeholder in two items at least: in a single one it could be any words, unless it is
        the same kind of person, such as a support worker for a social worker.
    """
    by_filling: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    kindred: defaultdict[str, set[int]] = defaultdict(set)
    for name, filled, places in _filled(left, templates):
        by_filling[" / ".join(map(_role, filled.values()))][name].update(places)
        if all(_is_kindred(text, usual.get(one, "")) for one, text in filled.items()):
            kindred[name].update(places)
    matches: dict[str, ColumnMatch] = {}
    # The text that most items share first. It may be a person's name, so nothing repeats it.
    shared = (claims for claims in by_filling.values() if len(claims) >= _FEWEST_ITEMS)
    for claims in (*sorted(shared, key=len, reverse=True), kindred):
        for name, place in only_matches(claims):
            heading = left.index.all[place]
            match = ColumnMatch(
                name, place, heading, _REFILLED, by_text=True, nearly=True, refilled=True
            )
            matches.setdefault(name, match)
    claimed = {name: {match.position} for name, match in matches.items()}
    return [matches[name] for name, _ in only_matches(claimed)]


def _filled(
    left: Unmatched, templates: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, dict[str, str], set[int]]]:
    """Yield item, what fills each of its placeholders, and the columns in which it does."""
    bare = _bare_texts(left)
    for name in left.wanted:
        for template in templates.get(name, ()):
            pattern = _pattern(bare_wording(template))
            for text, places in bare.items():
                found = pattern.fullmatch(text) if pattern else None
                if found and all(map(_may_fill, found.groups())):
                    yield name, found.groupdict(), places


def _role(filling: str) -> str:
    """Take "my" or "a" off: one form asks about "my tutor" and why "a tutor" was involved."""
    first, _, rest = filling.partition(" ")
    return rest if rest and first in _DETERMINERS else filling


def _is_kindred(filling: str, usual: str) -> bool:
    words = _role(filling).split()
    if _role(filling) == filling:
        return False
    return _role(usual).split()[-1:] == words[-1:] and not _ANOTHER_ONE & set(words)


def _bare_texts(left: Unmatched) -> dict[str, set[int]]:
    bare: defaultdict[str, set[int]] = defaultdict(set)
    for place, texts in left.free_texts():
        for text in texts:
            bare[bare_wording(text)].add(place)
    bare.pop("", None)
    return bare


def _pattern(template: str) -> re.Pattern[str] | None:
    """Return what finds a wording whatever fills its placeholders; None where it has none."""
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found[1]
        again = name in seen
        seen.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>.+?)"

    pattern = _PLACEHOLDER.sub(group, re.escape(template))
    return re.compile(pattern) if seen else None


def _may_fill(text: str) -> bool:
    words = text.replace("'", "").split()
    return len(text) <= _LONGEST_FILLING and not _TURNING & set(words) and text == text.strip()
