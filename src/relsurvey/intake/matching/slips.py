"""Whether two wordings say the same but for slips: a typing error, a plural, an article.

How alike two texts are says little on what they mean: "I felt unsafe with her" is nearly the same
text as "I felt safe with her". So every word that stands in one of them only has to be accounted
for. It is one of a few words that change nothing, or it stands for a word of the other text as
a slip, an inflection or another spelling. A prefix is neither, as the first letter stays; nor is
a comparative, or another number or length of time. No word list of a language is asked: what
a slip can be is kept narrow, since a changed letter often makes another word (adopted, adapted).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

__all__ = ["same_but_for_slips"]

_OWN = frozenset({"my", "your", "our"})
_THEIRS = frozenset({"his", "her", "their"})
# Words that may come and go. No form of "be": with it "I told" becomes "I was told".
_FREE = _OWN | _THEIRS | {"the", "a", "an", "that", "who", "has", "have", "had"}
_SWAPPED = (
    frozenset({"is", "are", "am", "was", "were"}),
    frozenset({"he", "she", "they"}),
)
# fmt: off
_AS_IT_STANDS = frozenset({
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "once", "twice", "first", "second", "third", "fourth", "half",
    "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years",
    "ever", "every", "more", "most", "less", "least",
})
_PREFIXES = frozenset({
    "a", "i", "an", "no", "not", "non", "un", "in", "im", "ir", "il", "dis", "mis", "anti",
})
_IN_FULL = tuple((re.compile(short), full) for short, full in (
    (r"\bwon'?t\b", "will not"), (r"\b(can)'?t\b|\b(can)not\b", "can not"),
    (r"\b(do|does|did|is|are|was|were|has|have|had|could|would|should|must|need)n'?t\b", r"\1 not"),
    (r"\b(he|she|it|that|what|who|there|how)'s\b", r"\1 is"),
    (r"\b(\w+)'re\b", r"\1 are"), (r"\b(\w+)'ve\b", r"\1 have"), (r"\b(\w+)'ll\b", r"\1 will"),
    (r"\bi'm\b", "i am"), (r"'", ""),
))
# British to American, as far as it is regular; both texts are written so, to be compared.
_SPELT = tuple((re.compile(ours), theirs) for ours, theirs in (
    (r"(?<=\w{3})our", "or"), (r"(?<=\w{3})is(?=(?:e[ds]?|ing|ations?)$)", "iz"),
    (r"(?<=\w{3})ys(?=(?:e[ds]?|ing)$)", "yz"), (r"(?<=[^aeiou])re(?=s?$)", "er"),
    (r"(?<=\w{2})ence(?=s?$)", "ense"), (r"practis", "practic"), (r"programme", "program"),
    (r"(?<=\w)ae(?=\w)", "e"), (r"^grey", "gray"), (r"dgement", "dgment"), (r"(.)\1", r"\1"),
))
# fmt: on
_WORD = re.compile(r"[^\W_]+")
# Scripts that are written letter by letter, with spaces between words.
_LETTERS = re.compile(r"[a-zß-ɏͰ-ϿЀ-ӿ]+")
_VOWELS = frozenset("aeiouy")
_CONFUSED = frozenset("aeiy")
_SHORTEST, _SHORTEST_STEM = 4, 3
_MEDIUM, _LONG = 6, 8


def same_but_for_slips(one: str, other: str) -> bool:
    """Say whether each word of two folded wordings is accounted for by the other.

    Examples
    --------
    >>> same_but_for_slips("i felt conected to my worker", "i felt connected to the worker")
    True
    >>> same_but_for_slips("i felt unsafe with her", "i felt safe with her")
    False
    """
    words, others = _words(one), _words(other)
    words, others = _joined(words, others), _joined(others, words)
    (kept, free), (others_kept, others_free) = _parted(words), _parted(others)
    return (
        len(kept) == len(others_kept)
        and all(map(_same_word, kept, others_kept))
        and not any(map(_changes_hands, free, others_free))
    )


def _words(text: str) -> list[str]:
    for short, full in _IN_FULL:
        text = short.sub(full, text)
    return _WORD.findall(text)


def _joined(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """Write as one word what is one in the other text: "well being", "social worker"."""
    result: list[str] = []
    whole = set(others) - set(words)
    for word in words:
        if result and result[-1] + word in whole and not {result[-1], word} & _PREFIXES:
            word = result.pop() + word
        result.append(word)
    return result


def _parted(words: Sequence[str]) -> tuple[list[str], list[set[str]]]:
    """Return the words that have to be there, and the free ones before each and at the end."""
    kept: list[str] = []
    free: list[set[str]] = [set()]
    for word in words:
        if word in _FREE:
            free[-1].add(word)
        else:
            kept.append(word)
            free.append(set())
    return kept, free


def _changes_hands(free: set[str], others: set[str]) -> bool:
    """Say whether what is mine in one text is theirs in the other."""
    only, others_only = free - others, others - free
    return bool((only & _OWN and others_only & _THEIRS) or (only & _THEIRS and others_only & _OWN))


def _same_word(word: str, other: str) -> bool:
    if word == other or any({word, other} <= group for group in _SWAPPED):
        return True
    if min(len(word), len(other)) < _SHORTEST or {word, other} & _AS_IT_STANDS:
        return False
    if not (_LETTERS.fullmatch(word) and _LETTERS.fullmatch(other)):
        return False
    spelt, others_spelt = _spelt(word), _spelt(other)
    return (
        spelt == others_spelt
        or _inflected(word, other)
        or _mistyped(word, other)
        or _mistyped(spelt, others_spelt)
    )


def _spelt(word: str) -> str:
    """Return a word without accents and doubled letters, and in one of two spellings."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign)
    )
    for ours, theirs in _SPELT:
        plain = ours.sub(theirs, plain)
    return plain


def _inflected(word: str, other: str) -> bool:
    """Say whether two words are one stem; "judged" and "judging" say who does it to whom."""
    return any(
        _spelt(stem) == _spelt(others_stem) and {ending, others_ending} != {"ed", "ing"}
        for stem, ending in _stems(word)
        for others_stem, others_ending in _stems(other)
    )


def _stems(word: str) -> Iterator[tuple[str, str]]:
    found = [(word, "")]
    if word.endswith("s") and not word.endswith("ss"):
        found += [(word[:-1], "s"), (word.removesuffix("es"), "s")]
    for ending in ("ed", "ing"):
        bare = word.removesuffix(ending)
        if bare != word:
            found += [(bare, ending), (f"{bare}e", ending)]
    for ending in ("ies", "ied"):
        if word.endswith(ending):
            found.append((f"{word.removesuffix(ending)}y", ending[1:]))
    return ((stem, ending) for stem, ending in found if len(stem) >= _SHORTEST_STEM)


def _mistyped(word: str, other: str) -> bool:
    """Say whether a letter inside a word is left out, or two are swapped or confused."""
    if word[0] != other[0] or word[-1] != other[-1]:
        return False
    if len(word) == len(other):
        return _swapped_or_confused(word, other)
    shorter, longer = sorted((word, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    place = next(i for i, sign in enumerate(longer) if shorter[i : i + 1] != sign)
    least = _MEDIUM if longer[place] in _VOWELS else _LONG
    return len(longer) >= least and longer[:place] + longer[place + 1 :] == shorter


def _swapped_or_confused(word: str, other: str) -> bool:
    places = [i for i, pair in enumerate(zip(word, other, strict=True)) if pair[0] != pair[1]]
    long = len(word) >= _LONG
    if len(places) == 1:
        # Of the vowels those that sound alike where they are not stressed.
        comparative = word.endswith(("er", "est"))
        return long and not comparative and {word[places[0]], other[places[0]]} <= _CONFUSED
    if len(places) != 2:
        return False
    first, second = places
    swapped = word[first] == other[second] and word[second] == other[first]
    return swapped and (long or second == first + 1)
