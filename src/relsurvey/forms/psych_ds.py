"""Write a data dictionary as Psych-DS: dataset_description.json and the heading of the data file.

The description names every column; the data file has its heading row and no rows, so that the
two agree from the start and the answers only have to be put in.

References
----------
Psych-DS 1.x: schema.org Dataset with name, description and variableMeasured; a column that is in
a data file only, or in variableMeasured only, is an error; names of data files are keywords such
as ``study-abc_data.csv``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from relsurvey.errors import InstrumentError, listed
from relsurvey.forms.form import Form
from relsurvey.forms.printable import require_writable
from relsurvey.forms.psych_ds_checks import CONTEXT, psych_ds_faults
from relsurvey.forms.variables import Variable, plain, reverse_in_words, variables_of

__all__ = ["remarks", "write_psych_ds"]


def write_psych_ds(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write the description of a data set of this form's answers.

    Parameters
    ----------
    forms : sequence of Form
        One instrument; wordings and labels are given in the first language.

    Returns
    -------
    dict of str to bytes
        ``dataset_description.json`` and ``data/study-<id>_data.csv`` (the heading row).

    Raises
    ------
    InstrumentError
        Where the forms do not belong together, or a rule of Psych-DS would be broken.

    Examples
    --------
    >>> from relsurvey.forms.form import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> files = write_psych_ds(forms_of(load_instrument("peech-sc")))
    >>> list(files)
    ['dataset_description.json', 'data/study-peechsc_data.csv']
    """
    form = require_writable(forms)
    instrument = form.instrument
    wording = {question.id: question.text for question in form.questions}
    columns = [one for one in variables_of(instrument) if one.kind != "score"]
    document = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": f"Answers to {instrument.title}",
        "description": instrument.description,
        "version": instrument.version,
        "inLanguage": form.locale,
        "measurementTechnique": f"Questionnaire: {instrument.short_title} {instrument.version}",
        "citation": [source.citation for source in instrument.sources],
        "variableMeasured": [
            _variable(one, wording.get(one.name, ""), form.locale) for one in columns
        ],
    }
    # A keyword's value takes letters and digits only.
    name = f"data/study-{re.sub('[^A-Za-z0-9]', '', instrument.id)}_data.csv"
    text = json.dumps(document, ensure_ascii=False, indent=2)
    files = {
        "dataset_description.json": f"{text}\n".encode(),
        name: _heading([one.name for one in columns]),
    }
    faults = psych_ds_faults(files)
    if faults:
        raise InstrumentError(
            f"{instrument.id} cannot be written as Psych-DS.",
            hint="Change the definition where the faults are.",
            failures=faults,
        )
    return files


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Say what has to be put in, and what was left out."""
    others = [form.locale for form in forms[1:]]
    left = (f"Left out, one language is described: {listed(others)}.",) if others else ()
    return ("The data file holds its heading row only: put the answers in below it.", *left)


def _variable(variable: Variable, wording: str, locale: str) -> dict[str, Any]:
    parts = [wording or variable.gist]
    if variable.reverse:
        parts.append(reverse_in_words(variable))
    if variable.missing:
        codes = "; ".join(one.in_words(locale) for one in variable.missing)
        parts.append(f"Not on the scale: {codes}.")
    entry: dict[str, Any] = {
        "@type": "PropertyValue",
        "name": variable.name,
        "alternateName": variable.gist,
        "description": " ".join(parts),
    }
    if variable.minimum is not None and variable.maximum is not None:
        entry |= {"minValue": plain(variable.minimum), "maxValue": plain(variable.maximum)}
    if variable.values:
        entry["value"] = "; ".join(one.in_words(locale) for one in variable.values)
    return entry


def _heading(names: Sequence[str]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(names)
    return stream.getvalue().encode()
