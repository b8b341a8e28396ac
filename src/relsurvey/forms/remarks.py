"""What a person has to know of a file that was written, because the format could not say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relsurvey.errors import listed
from relsurvey.forms.form import Form

__all__ = ["one_language_a_file", "renamed", "worker_not_asked"]


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
