"""What LimeSurvey calls things: languages, question codes, answer codes, assessment values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from relsurvey.forms.form import Choice, Form, code_text
from relsurvey.forms.names import safe_names

__all__ = ["array_name", "assessment_value", "codes_of", "language_of", "names_of", "surveys"]

LONGEST_NAME = 20  # questions.title
LONGEST_CODE = 5  # answers.code; a longer one is dropped on import without a word

# Words that LimeSurvey keeps for itself in expressions and in its tables of answers.
_RESERVED = (
    "lang", "sid", "gid", "qid", "savedid", "token", "seed", "id", "submitdate", "lastpage",
    "startlanguage", "startdate", "datestamp", "ipaddr", "refurl", "time", "other", "comment",
    "self", "that", "question",
)  # fmt: skip
_OF_ITS_OWN = {
    "pt-BR", "es-AR", "es-CL", "es-MX", "zh-Hans", "zh-Hant-HK", "zh-Hant-TW", "de-informal",
    "de-easy", "nl-informal", "it-informal",
}  # fmt: skip


def surveys(forms: Sequence[Form]) -> list[list[Form]]:
    """Share the forms out, so that no survey has one of LimeSurvey's languages twice."""
    shared: list[dict[str, Form]] = []
    for form in forms:
        language = language_of(form.locale)
        home = next((one for one in shared if language not in one), None)
        if home is None:
            home = {}
            shared.append(home)
        home[language] = form
    return [list(one.values()) for one in shared]


def language_of(locale: str) -> str:
    """Return the language of LimeSurvey that is nearest to a language tag.

    Examples
    --------
    >>> language_of("en-GB"), language_of("pt-BR"), language_of("de-DE-x-easy")
    ('en', 'pt-BR', 'de-easy')
    """
    if locale in _OF_ITS_OWN:
        return locale
    language = locale.split("-")[0]
    easy = f"{language}-easy"
    return easy if "x-easy" in locale and easy in _OF_ITS_OWN else language


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text)


def names_of(form: Form) -> dict[str, str]:
    """Name items and context questions; the first are subquestions and have names apart."""
    items = safe_names(
        [item.id for item in form.items], _letters_and_digits, LONGEST_NAME, _RESERVED
    )
    others = safe_names(
        [one.id for one in form.context],
        _letters_and_digits,
        LONGEST_NAME,
        (*_RESERVED, *items.values(), array_name(form)),
    )
    return {**items, **others}


def array_name(form: Form) -> str:
    """Name the array that holds the items."""
    items = [_letters_and_digits(item.id) for item in form.items]
    name = form.instrument.id
    return safe_names([name], _letters_and_digits, LONGEST_NAME, (*_RESERVED, *items))[name]


def codes_of(choices: Sequence[Choice]) -> dict[str, str]:
    """Code the answers: as in the definition where LimeSurvey allows it."""
    return safe_names([choice.code for choice in choices], _code, LONGEST_CODE)


def _code(text: str) -> str:
    return _letters_and_digits(re.sub(r"^-", "m", text).replace(".", "p"))


def assessment_value(choice: Choice) -> str:
    """Return the number that LimeSurvey adds up, which has to be whole; empty where it is not."""
    whole = choice.value is not None and choice.value == int(choice.value)
    return code_text(choice.value) if whole and choice.value is not None else ""
