"""Write a form to print as one HTML page; opened on a screen, it can be filled in by keyboard.

It shows what people are asked and nothing else: no codes, no gists, no mark on a reverse-keyed
item, and no words that are not the instrument's own, so that a form is in one language.
"""

from __future__ import annotations

from collections.abc import Sequence

from relsurvey.forms.file_names import file_names
from relsurvey.forms.form import Form
from relsurvey.forms.pages import rendered
from relsurvey.forms.printable import require_writable
from relsurvey.forms.remarks import one_language_a_file, worker_not_asked

__all__ = ["is_easy_read", "remarks", "write_html"]


def write_html(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write forms to print, one page of HTML a language.

    Parameters
    ----------
    forms : sequence of Form
        One instrument. A language tag that ends in ``-x-easy`` gets large type and one question
        a block.

    Returns
    -------
    dict of str to bytes
        ``<id>.html``; ``<id>.<language>.html`` each, where there are several languages.

    Raises
    ------
    InstrumentError
        Where the forms do not belong together.

    Examples
    --------
    >>> from relsurvey.forms.form import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> list(write_html(forms_of(load_instrument("peech-sc"))))
    ['peech-sc.en-GB.html', 'peech-sc.en-GB-x-easy.html']
    """
    require_writable(forms)
    pages = [rendered("paper", form=form, easy=is_easy_read(form.locale)) for form in forms]
    return dict(zip(file_names(forms, ".html"), pages, strict=True))


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Say what a person has to know of the pages."""
    return (*one_language_a_file("HTML", forms), *worker_not_asked(forms[0]))


def is_easy_read(locale: str) -> bool:
    """Say whether a language tag is that of an easy-read wording.

    Examples
    --------
    >>> is_easy_read("en-GB-x-easy"), is_easy_read("en-GB")
    (True, False)
    """
    return locale.lower().endswith("-x-easy")
