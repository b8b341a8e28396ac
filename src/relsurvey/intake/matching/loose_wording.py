"""Columns whose wording is an item's but for its number, its end marks, or who it is about.

Platforms put "12." or "a)" before a question and "*" after one that must be answered, and a form
asks about "my support worker" where the definition says "my social worker".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from relsurvey.intake.matching.headings import ColumnMatch, Headings

__all__ = ["TURNING", "bare_wording", "match_loosely", "match_refilled", "only_matches"]

# Such a word more or less turns a statement round, and leaves it nearly the same text.
# fmt: off
TURNING = frozenset({
    "not", "no", "never", "none", "nothing", "nobody", "without", "hardly", "rarely", "seldom",
    "unable", "cannot", "cant", "dont", "didnt", "doesnt", "wasnt", "werent", "isnt", "arent",
    "wont", "couldnt", "wouldnt", "shouldnt", "havent", "hasnt", "hadnt",
    "nicht", "nie", "niemals", "kein", "keine", "keinen", "ohne", "jamais", "pas", "sans",
    "nunca", "sin", "ikke", "aldri", "aldrig", "niet", "nooit", "geen",
    "before", "after", "in", "on", "with", "more", "less",
})
# fmt: on
_NUMBERING = re.compile(
    r"^(?:\*\s*)?(?:q(?:uestion)?\s?)?\(?(?:\d{1,3}(?:\.\d{1,3})*(?:\.?[a-z])?|[a-z])[.):]+\)?\s+"
)
_END_MARKS = " .…?!:;*"
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
_LONGEST_FILLING = 40
_FEWEST_ITEMS = 2


def bare_wording(folded: str) -> str:
    """Take the number before a folded wording off, and the marks at its end.

    Examples
    --------
    >>> bare_wording("12. i felt safe. *"), bare_wording("a) i felt safe"), bare_wording("q3.")
    ('i felt safe', 'i felt safe', 'q3')
    """
    return _NUMBERING.sub("", folded).rstrip(_END_MARKS)


def match_loosely(
    index: Headings,
    wanted: Mapping[str, Sequence[str]],
    rivals: Mapping[str, Sequence[str]],
    taken: Collection[int],
) -> list[ColumnMatch]:
    """Match items to columns with their wording but for numbering and end marks.

    Parameters
    ----------
    index : Headings
        The columns.
    wanted, rivals : mapping of str to sequence of str
        Folded wordings of the items without a column, and of all others: what could be theirs
        as well is left alone.
    taken : collection of int
        Columns that are something else already.

    Returns
    -------
    list of ColumnMatch
        Items with exactly one such column, which no other item can claim.
    """
    bare = _bare_texts(index, taken)
    claims = {
        name: {place for text in set(map(bare_wording, texts)) for place in bare.get(text, ())}
        for name, texts in {**rivals, **wanted}.items()
    }
    rule = "by wording but for its number or end marks"
    return [
        ColumnMatch(name, place, index.all[place], rule, by_text=True)
        for name, place in only_matches(claims)
        if name in wanted
    ]


def match_refilled(
    index: Headings, wanted: Mapping[str, Sequence[str]], taken: Collection[int]
) -> list[ColumnMatch]:
    """Match items to columns that fill their placeholders otherwise, all with the same text.

    Parameters
    ----------
    index : Headings
        The columns.
    wanted : mapping of str to sequence of str
        Folded wordings by item, the placeholders in braces.
    taken : collection of int
        Columns that are something else already.

    Returns
    -------
    list of ColumnMatch
        Items whose column is clear. One text has to fill the placeholder in two items at least:
        in a single one it could be any words.
    """
    bare = _bare_texts(index, taken)
    by_filling: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for name, templates in wanted.items():
        for template in templates:
            pattern = _pattern(bare_wording(template))
            for text, places in bare.items():
                found = pattern.fullmatch(text) if pattern else None
                if found and all(map(_may_fill, found.groups())):
                    by_filling[" / ".join(found.groups())][name].update(places)
    matches: dict[str, ColumnMatch] = {}
    # The text that most items share first.
    for filling, claims in sorted(by_filling.items(), key=lambda pair: -len(pair[1])):
        if len(claims) < _FEWEST_ITEMS:
            continue
        rule = f"by wording, filled with {filling!r}"
        for name, place in only_matches(claims):
            match = ColumnMatch(name, place, index.all[place], rule, by_text=True)
            matches.setdefault(name, match)
    claimed = {name: {match.position} for name, match in matches.items()}
    return [matches[name] for name, _ in only_matches(claimed)]


def only_matches(claims: Mapping[str, Collection[int]]) -> Iterator[tuple[str, int]]:
    """Yield the names that claim one place only, and one that no other name claims."""
    claimants: defaultdict[int, int] = defaultdict(int)
    for places in claims.values():
        for place in places:
            claimants[place] += 1
    for name, places in claims.items():
        for place in places:
            if len(places) == 1 and claimants[place] == 1:
                yield name, place


def _bare_texts(index: Headings, taken: Collection[int]) -> dict[str, set[int]]:
    bare: defaultdict[str, set[int]] = defaultdict(set)
    for place, texts in index.texts.items():
        if place not in taken:
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
    return len(text) <= _LONGEST_FILLING and not TURNING & set(words) and text == text.strip()
