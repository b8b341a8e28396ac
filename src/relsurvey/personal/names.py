"""Names of persons in free text: by title, by who they are said to be, by first and last name.

Nothing here understands a language. A name is taken for one where a title stands before it ("Mrs
Patel"), where the text says who somebody is ("my worker Sarah"), or where a common first name is
followed by a capitalised word that is no everyday word ("Sarah Jones"). A rare first name on its
own is not seen; nor are names in scripts without capitals.
"""

from __future__ import annotations

import re

from relsurvey.personal.first_names import CLEAR, UNCLEAR

__all__ = ["has_name"]

_UPPER = "A-ZÀ-ÖØ-ÞŁŠŽŚŹŻČĆĐİŞĀĒĪŌŪŇŘŤ"
_CAPITALISED = rf"[{_UPPER}](?:['-]?[^\W\d_])+"
_TITLES = """
mrs mr ms miss mx dr prof professor herr frau mme monsieur señor señora signor signora mevrouw
mevr dhr
"""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TITLED = re.compile(
    rf"(?<![\w'-])(?:[Mm]rs|[Mm]r|Ms|Miss|Mx|[Dd]r|Prof|Professor|Herr|Frau|Mme|Monsieur|Señora?|"
    rf"Signora?|Mevrouw|Mevr|Dhr)\.?\s({_CAPITALISED})"
)
_TITLED_CAPITALS = re.compile(
    rf"(?<![\w'-])M(?:RS|R|S|ISS)\.?\s([{_UPPER}]['{_UPPER}-]{{2,}})(?!\w)"
)
_TWO = re.compile(
    rf"(?<![\w'-])(?=({_CAPITALISED})\s(?:[{_UPPER}]\.?\s)?({_CAPITALISED}|[A-HJ-Z](?!\w)))"
)
_TWO_CAPITALS = re.compile(rf"(?<![\w'-])(?=([{_UPPER}]{{3,}})\s([{_UPPER}]{{3,}})(?!\w))")
_LAST_FIRST = re.compile(rf"\s*{_CAPITALISED}\s?,\s?({_CAPITALISED})(?:\s[{_UPPER}]\.?)?\s*")
_PERSON = (
    "worker|nurse|doctor|therapist|carer|counsellor|psychologist|psychiatrist|midwife|tutor|"
    "teacher|manager|assistant|advocate|colleague|friend|daughter|son|mum|mother|dad|father|"
    "husband|wife|brother|sister|partner|named|called|name is|name was|name's|i am|i'm"
)
_SAID_TO_BE = re.compile(rf"\b(?:{_PERSON})[,:]?\s(?:is |was )?([^\W\d_]{{2,}})", re.IGNORECASE)
_WITH = re.compile(
    r"\b(?:with|by|from|saw|met|[Tt]hank you|[Tt]hanks|[Tt]hanks to|[Dd]ear|[Hh]i|[Hh]ello),?"
    rf"\s({_CAPITALISED})"
)
_ENDS_LOWER = re.compile(r"[a-zß-öø-ÿ][,;]?\s$")

# What follows a title or a first name without being a surname: everyday words that open a
# sentence or stand in a label, and what is named after people.
_EVERYDAY = """
a about after again all always an and any appointment appointments are as at avenue because but
can care centre church class clinic close college could court day did do doses drive each every
few film films for foundation from gardens green had has have he helped her him his hospital
house how i if imaging in is it lane library made many me meals most much my never no not of on
or our out park pepper people place practice primary quite really road said scan school see she
should so some square station still street studies surgery that the them then there they this
to told trust university us very visit visits wants was ward way we were what when where which
who why will with word work would yes you your january february march april may june july august
september october november december monday tuesday wednesday thursday friday saturday sunday
"""
_NO_SURNAME = frozenset(_EVERYDAY.split())
_TITLES_AND_CLEAR = CLEAR.union(_TITLES.split())
_FIRST_NAMES = frozenset(map(str.title, UNCLEAR))


def has_name(text: str) -> bool:
    """Say whether the name of a person stands in a text.

    Examples
    --------
    >>> has_name("my worker Sarah Jones"), has_name("Mrs Patel rang me"), has_name("Star Wars")
    (True, True, False)
    >>> has_name("Does Not Apply"), has_name("Victoria Station"), has_name("Jones, Sarah")
    (False, False, True)
    """
    words = _WORD.findall(text)
    # Nearly all sentences end here: no title, and no word that could be a first name.
    if _FIRST_NAMES.isdisjoint(words) and _TITLES_AND_CLEAR.isdisjoint(map(str.casefold, words)):
        return False
    return _has_title(text) or _has_full_name(text) or _has_first_name(text)


def _has_title(text: str) -> bool:
    return any(
        match[1].casefold() not in _NO_SURNAME
        for pattern in (_TITLED, _TITLED_CAPITALS)
        for match in pattern.finditer(text)
    )


def _has_full_name(text: str) -> bool:
    turned = _LAST_FIRST.fullmatch(text) if "," in text else None
    if turned is not None and turned[1].casefold() in CLEAR:
        return True
    return any(
        _is_first(match[1], text, match.start()) and match[2].casefold() not in _NO_SURNAME
        for pattern in (_TWO, _TWO_CAPITALS)
        for match in pattern.finditer(text)
    )


def _is_first(word: str, text: str, start: int) -> bool:
    """Say whether a word before a capitalised one is a first name; unclear ones by what precedes.

    A capital at the beginning of a sentence or inside a title says nothing.
    """
    name = word.casefold()
    if name in CLEAR:
        return True
    before = text[max(0, start - 4) : start]
    return name in UNCLEAR and word.istitle() and _ENDS_LOWER.search(before) is not None


def _has_first_name(text: str) -> bool:
    for match in _SAID_TO_BE.finditer(text):
        word = match[1]
        name = word.casefold()
        if name in CLEAR or (name in UNCLEAR and word.istitle()):
            return True
    return any(match[1].casefold() in CLEAR for match in _WITH.finditer(text))
