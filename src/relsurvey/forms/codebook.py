"""Write a codebook: one row a variable, as CSV for machines and as HTML for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from relsurvey.forms.form import Form
from relsurvey.forms.printable import require_writable
from relsurvey.forms.variables import Value, Variable, number_text, variables_of
from relsurvey.instruments import Instrument

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["codebook_frame", "write_codebook"]

_KINDS = {
    "id": "identifier",
    "item": "item",
    "choice": "context question, one choice",
    "number": "context question, number",
    "text": "context question, text",
    "score": "score",
}


def codebook_frame(instrument: Instrument) -> pd.DataFrame:
    """Describe every variable of an instrument, by its gist.

    Parameters
    ----------
    instrument : Instrument
        With or without wording; no wording is in the result.

    Returns
    -------
    pandas.DataFrame
        One row a variable: ``variable, gist, kind, codes, missing_codes, reverse, scales,
        scoring, minimum, maximum, source``; texts are empty and the range is NaN where there is
        nothing to say.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> codebook = codebook_frame(load_instrument("rpq-16"))
    >>> codebook.loc[codebook["variable"] == "RIA1", ["kind", "scales", "maximum"]]
       kind   scales  maximum
    1  item  RIA, RC      6.0
    """
    import pandas as pd

    locale = instrument.languages[0]
    rows = [_row(variable, locale) for variable in variables_of(instrument)]
    frame = pd.DataFrame(rows)
    return frame.astype({"minimum": float, "maximum": float})


def write_codebook(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write the codebook of an instrument with its wording.

    Parameters
    ----------
    forms : sequence of Form
        One instrument; each language has its columns of wordings and labels.

    Returns
    -------
    dict of str to bytes
        ``<id>-codebook.csv``, safe to open in a spreadsheet, and ``<id>-codebook.html``.

    Raises
    ------
    InstrumentError
        Where the forms do not belong together.

    Examples
    --------
    >>> from relsurvey.forms.form import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> list(write_codebook(forms_of(load_instrument("peech-sc"))))
    ['peech-sc-codebook.csv', 'peech-sc-codebook.html']
    """
    name = require_writable(forms).instrument.id
    frame = _with_wording(forms)
    return {
        f"{name}-codebook.csv": _as_csv(frame),
        f"{name}-codebook.html": _as_html(forms),
    }


def _row(variable: Variable, locale: str) -> dict[str, object]:
    return {
        "variable": variable.name,
        "gist": variable.gist,
        "kind": _KINDS[variable.kind],
        "codes": _codes(variable.values, locale),
        "missing_codes": _codes(variable.missing, locale),
        "reverse": variable.reverse,
        "scales": ", ".join(variable.scales),
        "scoring": variable.scoring,
        "minimum": variable.minimum,
        "maximum": variable.maximum,
        "source": variable.source,
    }


def _codes(values: Sequence[Value], locale: str) -> str:
    return "; ".join(value.in_words(locale) for value in values)


def _with_wording(forms: Sequence[Form]) -> pd.DataFrame:
    """Add what people read: a column a language, the first one without its tag."""
    frame = codebook_frame(forms[0].instrument)
    variables = variables_of(forms[0].instrument)
    for position, form in enumerate(forms):
        tag = f"_{form.locale}" if position else ""
        wording = {question.id: question.text for question in form.questions}
        frame[f"wording{tag}"] = [wording.get(one.name, "") for one in variables]
        frame[f"codes{tag}"] = [_codes(one.values, form.locale) for one in variables]
        frame[f"missing_codes{tag}"] = [_codes(one.missing, form.locale) for one in variables]
    wordings = [name for name in frame.columns if name.startswith("wording")]
    others = [name for name in frame.columns if name not in {"variable", "gist", *wordings}]
    return frame[["variable", "gist", *wordings, *others]]


def _as_csv(frame: pd.DataFrame) -> bytes:
    from relsurvey.tables import neutralised

    safe = frame.copy()
    turned = safe["reverse"].map({True: "yes", False: "no"})
    safe["reverse"] = turned.where(safe["kind"] == _KINDS["item"], "")
    for end in ("minimum", "maximum"):
        safe[end] = [number_text(None if value != value else value) for value in safe[end]]
    texts = safe.drop(columns=["minimum", "maximum"])
    for name in texts.columns:
        safe[name] = safe[name].map(neutralised)
    return safe.to_csv(index=False, lineterminator="\n").encode()


def _as_html(forms: Sequence[Form]) -> bytes:
    from relsurvey.forms.pages import rendered

    instrument = forms[0].instrument
    wordings = {
        form.locale: {question.id: question.text for question in form.questions} for form in forms
    }
    return rendered(
        "codebook",
        instrument=instrument,
        forms=forms,
        wordings=wordings,
        variables=variables_of(instrument),
        labels=lambda value: _labels(value, forms),
        kinds=_KINDS,
        number=number_text,
    )


def _labels(value: Value, forms: Sequence[Form]) -> list[tuple[str, str]]:
    """Return language and label, the same words once."""
    labels = {value.label.get(form.locale, ""): form.locale for form in reversed(forms)}
    first = {form.locale: position for position, form in enumerate(forms)}
    found = [(locale, label) for label, locale in labels.items() if label]
    return sorted(found, key=lambda pair: first[pair[0]])
