"""What every writer asks of its forms: one instrument, each language once, text that can be shown.

Control characters slip into a wording through copy and paste; XML cannot hold them and FHIR
forbids them. They are refused for every format alike, so that no two exports differ in wording.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from relsurvey.errors import InstrumentError
from relsurvey.forms.form import Form

__all__ = ["hidden_in", "require_writable"]

_ALLOWED = "\t\n\r"


def require_writable(forms: Sequence[Form]) -> Form:
    """Make sure that forms can be written as one instrument, and return the first.

    Parameters
    ----------
    forms : sequence of Form
        One instrument in one or several languages.

    Returns
    -------
    Form
        The first, the default language.

    Raises
    ------
    InstrumentError
        Where there is none, they are of several instruments, a language stands twice, or a text
        holds a character that cannot be shown; ``.failures`` lists ``locale, what, character``.

    Examples
    --------
    >>> from relsurvey.forms.form import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> require_writable(forms_of(load_instrument("peech-sc"))).locale
    'en-GB'
    """
    if not forms:
        raise InstrumentError("There is no form to write.", hint="Name at least one language.")
    names = list(dict.fromkeys(form.instrument.id for form in forms))
    if len(names) > 1:
        raise InstrumentError(
            f"One export holds one instrument; these are {len(names)}: {', '.join(names)}.",
            hint="Export them one by one.",
        )
    locales = [form.locale for form in forms]
    twice = sorted({locale for locale in locales if locales.count(locale) > 1})
    if twice:
        raise InstrumentError(
            f"The language {twice[0]} is asked for twice.", hint="Name each language once."
        )
    failures = [fault for form in forms for fault in _hidden(form)]
    if failures:
        raise InstrumentError(
            f"{names[0]} has texts with characters that cannot be shown.",
            hint="Take them out of the definition or the wording pack; they often come with "
            "text copied from another document.",
            failures=failures,
        )
    return forms[0]


def hidden_in(text: str) -> str:
    r"""Name the first character of a text that can be neither printed nor stored as XML.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Its code point; empty where every character is fine (new lines and tabs are).

    Examples
    --------
    >>> hidden_in("I felt\x0b safe."), hidden_in("Two\nlines 🙂")
    ('U+000B', '')
    """
    for character in text:
        control = unicodedata.category(character) in {"Cc", "Cs"} and character not in _ALLOWED
        if control or character in "\ufffe\uffff":
            return f"U+{ord(character):04X}"
    return ""


def _hidden(form: Form) -> Iterator[dict[str, str]]:
    for what, text in _texts(form):
        found = hidden_in(text)
        if found:
            yield {"locale": form.locale, "what": what, "character": found}


def _texts(form: Form) -> Iterator[tuple[str, str]]:
    yield "title", form.instrument.title
    yield "instructions", form.instructions
    for choice in form.choices:
        yield f"label of {choice.code}", choice.label
    for question in form.questions:
        yield question.id, question.text
        for choice in question.choices:
            yield f"{question.id}, label of {choice.code}", choice.label
