"""Write the files of a BIDS phenotype folder: the data dictionary, and the heading of its table.

BIDS takes a dictionary only beside its table, and each row of the table begins with
``participant_id``. The table has its heading row and no rows: the rows belong to the subjects of
a data set, which a questionnaire does not have.

References
----------
Brain Imaging Data Structure: modality agnostic files, phenotypic and assessment data; tabular
files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from relsurvey.errors import InstrumentError, listed
from relsurvey.forms.form import Form
from relsurvey.forms.printable import require_writable
from relsurvey.forms.variables import Variable, number_text, reverse_in_words, variables_of

__all__ = ["remarks", "write_bids"]

_TAKEN = ("participant_id", "session_id", "run_id", "MeasurementToolMetadata")
_PARTICIPANT = {
    "LongName": "Participant identifier",
    "Description": "The subject of the data set, written as in participants.tsv: sub-<label>.",
}


def write_bids(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write the sidecar and the heading row of a BIDS phenotype table.

    Parameters
    ----------
    forms : sequence of Form
        One instrument; wordings and labels are given in the first language.

    Returns
    -------
    dict of str to bytes
        ``phenotype/<id>.json`` and ``phenotype/<id>.tsv``.

    Raises
    ------
    InstrumentError
        Where the forms do not belong together, or an id is a name that BIDS uses.

    Examples
    --------
    >>> from relsurvey.forms.form import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> files = write_bids(forms_of(load_instrument("peech-sc")))
    >>> files["phenotype/peech-sc.tsv"].decode()[:24].split()
    ['participant_id', 'SEC1', 'SEC2']
    """
    form = require_writable(forms)
    instrument = form.instrument
    columns = [one for one in variables_of(instrument) if one.kind != "id"]
    taken = [one.name for one in columns if one.name in _TAKEN]
    if taken:
        raise InstrumentError(
            f"{instrument.id} has ids that mean something else in BIDS: {listed(taken)}.",
            hint="Rename them in the definition.",
        )
    wording = {question.id: question.text for question in form.questions}
    document = {
        "MeasurementToolMetadata": {"Description": _tool(form)},
        "participant_id": _PARTICIPANT,
        **{one.name: _column(one, wording.get(one.name, ""), form.locale) for one in columns},
    }
    heading = "\t".join(["participant_id", *(one.name for one in columns)])
    text = json.dumps(document, ensure_ascii=False, indent=2)
    stem = f"phenotype/{instrument.id}"
    return {f"{stem}.json": f"{text}\n".encode(), f"{stem}.tsv": f"{heading}\n".encode()}


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Say what has to be put in, and what was left out."""
    others = [form.locale for form in forms[1:]]
    left = (f"Left out, one language is described: {listed(others)}.",) if others else ()
    return (
        "The table holds its heading row only: put one row a participant in below it, with "
        "participant_id as in participants.tsv.",
        *left,
    )


def _tool(form: Form) -> str:
    instrument = form.instrument
    sources = " ".join(
        source.citation + (f" doi:{source.doi}" if source.doi else "")
        for source in instrument.sources
    )
    stem = f" Instructions: {form.instructions}" if form.instructions else ""
    return (
        f"{instrument.title} ({instrument.short_title}), version {instrument.version}, "
        f"{instrument.status}. {instrument.description}{stem} Sources: {sources}"
    )


def _column(variable: Variable, wording: str, locale: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "LongName": variable.gist,
        "Description": _description(variable, wording),
    }
    levels = (*variable.values, *variable.missing)
    if levels:
        # The code stands as the key; its label, or what it means, as the value.
        words = {one.code: one.in_words(locale) for one in levels}
        entry["Levels"] = {code: text.removeprefix(f"{code} = ") for code, text in words.items()}
    if variable.kind == "score":
        entry["Derivative"] = True
    return entry


def _description(variable: Variable, wording: str) -> str:
    if variable.kind == "score":
        ends = f"{number_text(variable.minimum)} to {number_text(variable.maximum)}"
        return f"{variable.gist}. {variable.scoring} Range: {ends}."
    words = wording or variable.gist
    if variable.reverse:
        return f"{words} ({reverse_in_words(variable)})"
    return words
