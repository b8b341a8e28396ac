"""How files of a form are called, by default."""

from __future__ import annotations

from collections.abc import Sequence

from relsurvey.forms.form import Form

__all__ = ["file_names"]


def file_names(forms: Sequence[Form], suffix: str) -> list[str]:
    """Name one file a form: by the instrument, and by the language too where there are several.

    Examples
    --------
    >>> from relsurvey.forms import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> file_names(forms_of(load_instrument("peech-sc")), ".csv")
    ['peech-sc.en-GB.csv', 'peech-sc.en-GB-x-easy.csv']
    """
    if len(forms) == 1:
        return [f"{forms[0].instrument.id}{suffix}"]
    return [f"{form.instrument.id}.{form.locale}{suffix}" for form in forms]
