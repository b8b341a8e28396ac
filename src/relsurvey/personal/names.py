"""Names of persons in free text: by title, by who they are said to be, by first and last name.

Nothing here understands a language. A name is taken for one where a title stands before it ("Mrs
Patel"), where the text says who somebody is ("my worker Sarah"), or where a common first name is
followed by a capitalised word that is no everyday word ("Sarah Jones"). A rare first name on its
own is not seen; nor are names in scripts without capitals.
"""

from __future__ import annotations

import re

from relsurvey.personal.first_names import CLEAR, UNCLEAR
from relsurvey.personal.label_words import is_label
from relsurvey.personal.plain import without_accents

__all__ = ["has_name", "is_cjk_name", "is_first_name"]

_UPPER = "A-ZÀ-ÖØ-ÞŁŠŽŚŹŻČĆĐİŞĀĒĪŌŪŇŘŤ"
_CAPITALISED = rf"[{_UPPER}](?:['-]?[^\W\d_])+"
_TITLES = """
mrs mr ms miss mx dr prof professor herr frau mme monsieur señor señora signor signora mevrouw
mevr dhr
"""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TITLED = re.compile(
    rf"(?<![\w'-])(?:[Mm]rs|[Mm]r|Ms|Miss|Mx|[Dd]r|Prof|Professor|Herr|Frau|Mme|Monsieur|Señora?|"
    rf"Signora?|Mevrouw|Mevr|Dhr)\.?\s(?:[{_UPPER}]\.?\s?){{0,3}}({_CAPITALISED})"
)
# In small letters "dr" and "ms" are words too ("the dr listened", "ms symptoms").
_TITLED_SMALL = re.compile(r"(?<![\w'-])(mrs|mr|dr|ms|prof)\.?\s(?:[a-z]\.?\s)?([a-z][\w'-]{2,})")
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
_SAID_TO_BE = re.compile(rf"\b(?=(?:{_PERSON})[,:]?\s(?:is |was )?([^\W\d_]{{2,}}))", re.IGNORECASE)
_WITH = re.compile(
    r"\b(?:with|by|from|saw|met|[Tt]hank you|[Tt]hanks|[Tt]hanks to|[Dd]ear|[Hh]i|[Hh]ello),?"
    rf"\s({_CAPITALISED})"
)
_DID = re.compile(
    rf"(?<![\w'-])({_CAPITALISED})\s(?:has |always |really )?(?:helped|listened|rang|called|"
    r"phoned|visited|came|told|said|explained|supported|was|is|made|gave|understood|knows|knew)\b"
)
# "J. Smith", "A. B. Smith"; "A. Never" is an answer with its letter.
_INITIALS = re.compile(rf"(?<![\w'.-])((?:[{_UPPER}]\.\s?){{1,3}})({_CAPITALISED})(?![\w.])")
_LAST_INITIALS = re.compile(rf"\s*({_CAPITALISED})\s?,\s?(?:[{_UPPER}]\.\s?){{1,3}}\s*")
_LETTERED = frozenset("ABCDEFIVX")
_CJK = re.compile(r"[\u4e00-\u9fff]{2,4}|[\uac00-\ud7a3]{2,4}")
_COMMON_SURNAMES = """
ahmed akhtar ali allen anderson bailey baker begum bell bennett brown campbell carter chapman
clark clarke collins cook cooper cox davies davis edwards ellis evans foster graham gray griffiths
hall harris harrison hill hughes hussain jackson james johnson jones kaur kelly khan king lewis
marshall martin mason mcdonald miah miller mills mitchell moore morgan morris murphy murray
o'brien o'connor o'neill palmer parker patel phillips powell price richards richardson roberts
robertson robinson rogers russell scott shah shaw simpson singh smith stevens stewart taylor
thomas thompson turner walker ward watson webb white wilkinson williams wilson wood wright young
"""
_SURNAMES = frozenset(_COMMON_SURNAMES.split())
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
_CLEAR = CLEAR.union(map(without_accents, CLEAR))
_TITLES_AND_CLEAR = _CLEAR.union(_TITLES.split())
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
    if "." in text and _has_initials(text):
        return True
    words = _WORD.findall(text)
    # Nearly all sentences end here: no title, and no word that could be a first name.
    if _FIRST_NAMES.isdisjoint(words) and _TITLES_AND_CLEAR.isdisjoint(map(_first_part, words)):
        return False
    return _has_title(text) or _has_full_name(text) or _has_first_name(text)


def is_first_name(word: str) -> bool:
    """Say whether a word is a common first name and hardly anything else.

    Examples
    --------
    >>> is_first_name("Siân"), is_first_name("anne-marie"), is_first_name("May")
    (True, True, False)
    """
    return _is_clear(word)


def is_cjk_name(text: str) -> bool:
    """Say whether a text has the length of a Chinese, Japanese or Korean full name.

    Most words have it too: this says something only where other texts are in other scripts.

    Examples
    --------
    >>> is_cjk_name("王小明"), is_cjk_name("Wang")
    (True, False)
    """
    return _CJK.fullmatch(text.strip()) is not None


def _first_part(word: str) -> str:
    return without_accents(word.casefold()).partition("-")[0]


def _is_clear(word: str) -> bool:
    return word.casefold() in _CLEAR or _first_part(word) in _CLEAR


def _has_initials(text: str) -> bool:
    turned = _LAST_INITIALS.fullmatch(text)
    if turned is not None and not is_label(turned[1]):
        return True
    for match in _INITIALS.finditer(text):
        initials, last = match[1], match[2].casefold()
        if last in _NO_SURNAME or is_label(last):
            continue
        if initials.count(".") > 1 or initials[0] not in _LETTERED or last in _SURNAMES:
            return True
    return False


def _has_title(text: str) -> bool:
    if any(
        match[1].casefold() not in _NO_SURNAME
        for pattern in (_TITLED, _TITLED_CAPITALS)
        for match in pattern.finditer(text)
    ):
        return True
    return any(_is_small_title(match[1], match[2]) for match in _TITLED_SMALL.finditer(text))


def _is_small_title(title: str, last: str) -> bool:
    if title in ("mr", "mrs"):
        return last not in _NO_SURNAME and not is_label(last)
    return last in _SURNAMES or _is_clear(last)


def _has_full_name(text: str) -> bool:
    turned = _LAST_FIRST.fullmatch(text) if "," in text else None
    if turned is not None and _is_clear(turned[1]):
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
    if _is_clear(word):
        return True
    before = text[max(0, start - 4) : start]
    return name in UNCLEAR and word.istitle() and _ENDS_LOWER.search(before) is not None


def _has_first_name(text: str) -> bool:
    for match in _SAID_TO_BE.finditer(text):
        word = match[1]
        name = word.casefold()
        if _is_clear(word) or (name in UNCLEAR and word.istitle()):
            return True
    return any(_is_clear(match[1]) for pattern in (_WITH, _DID) for match in pattern.finditer(text))
