"""What a person has to know of a file that was written, because the format could not say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from relsurvey.errors import listed
from relsurvey.forms.form import Form
from relsurvey.instruments import Instrument
from relsurvey.instruments.placeholders import placeholder_names

__all__ = [
    "braces_left",
    "left_at_default",
    "one_language_a_file",
    "other_languages",
    "renamed",
    "supplied_wording",
    "with_supplied_wording",
    "worker_not_asked",
]

_SUPPLIED = (
    "holds wording supplied by the person who exported it: check its licence before passing it on."
)
# What a definition without wording says of it; not so once a wording was joined.
_NOT_INCLUDED = re.compile(r" and is not included|,? which is not included", re.IGNORECASE)


def renamed(platform: str, rule: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Say which ids have another name on the platform.

    Examples
    --------
    >>> renamed("REDCap", "small letters only", {"A": "a", "b": "b"})
    ('REDCap takes small letters only: A is now a.',)
    """
    changes = [f"{old} is now {new}" for old, new in names.items() if old != new]
    return (f"{platform} takes {rule}: {listed(changes)}.",) if changes else ()


def worker_not_asked(form: Form) -> tuple[str, ...]:
    """Say that a form that is about a worker does not ask whom it is about."""
    if form.instrument.respondent != "service_user":
        return ()
    return (
        "The form does not ask which worker an answer is about: give each worker a link or "
        "a field of their own before fielding, or answers cannot be linked.",
    )


def one_language_a_file(platform: str, forms: Sequence[Form]) -> tuple[str, ...]:
    """Say that several languages make several files."""
    if len(forms) == 1:
        return ()
    return (f"{platform} files hold one language each: {len(forms)} files were made.",)


def with_supplied_wording(instrument: Instrument) -> Instrument:
    """Return an instrument whose licences say that a wording was joined to it.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> with_supplied_wording(load_instrument("rpq-16")).sources[0].licence
    'The wording belongs to the authors; ask them before fielding. This file holds wording \
supplied by the person who exported it: check its licence before passing it on.'
    """
    sources = tuple(
        source.model_copy(
            update={"licence": f"{_NOT_INCLUDED.sub('', source.licence)} This file {_SUPPLIED}"}
        )
        for source in instrument.sources
    )
    return instrument.model_copy(update={"sources": sources})


def supplied_wording() -> str:
    """Say whose wording is in the files."""
    return f"It {_SUPPLIED}"


def other_languages(form: Form) -> tuple[str, ...]:
    """Say which languages were left out of a format of one language, and how to have them."""
    others = [tag for tag in form.instrument.languages if tag != form.locale]
    if not others:
        return ()
    return (f"Written in {form.locale}; {', '.join(f'{tag}: --locale {tag}' for tag in others)}.",)


def braces_left(forms: Iterable[Form]) -> tuple[str, ...]:
    """Say which names in braces are no placeholder, and so stand in the file as they are."""
    where: dict[str, list[str]] = {}
    for form in forms:
        texts = [("instructions", form.instructions), *((q.id, q.text) for q in form.questions)]
        for name, text in texts:
            for brace in placeholder_names(text):
                where.setdefault(brace, []).append(name)
    told = [f"{{{brace}}} ({listed(list(dict.fromkeys(ids)))})" for brace, ids in where.items()]
    if not told:
        return ()
    return (f"In braces and no placeholder, so that people will read it as it is: {listed(told)}.",)


def left_at_default(instrument: Instrument, fillings: Mapping[str, str]) -> tuple[str, ...]:
    """Say which other placeholders kept their default where one was filled in."""
    left = [
        f"{name} ({text!r})"
        for name, text in instrument.placeholders.items()
        if name not in fillings
    ]
    if not fillings or not left:
        return ()
    return (f"Left at what the definition says: {listed(left)}. Fill it in too if it should fit.",)
