"""REDCap data dictionary: the CSV that "Designer > Upload a data dictionary" takes.

The first field is the record id, the items are radio fields that share a matrix group, and the
section header of the first of them is what is read first. REDCap shows labels as HTML, pipes
``[field]``, and parts choices at ``|``: signs that it would take for its own are written as HTML
entities, which read the same on the form. What is written is held against our own checks of a
dictionary before it leaves (see `redcap_checks`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from relsurvey.errors import InstrumentError, listed
from relsurvey.forms.escapes import as_html
from relsurvey.forms.file_names import file_names
from relsurvey.forms.form import Choice, Form, Question
from relsurvey.forms.names import safe_names, shortened
from relsurvey.forms.printable import require_writable
from relsurvey.forms.redcap_checks import HEADINGS, LONGEST_NAME, dictionary_faults
from relsurvey.forms.remarks import one_language_a_file, renamed, worker_not_asked

__all__ = ["remarks", "write_redcap"]

SUFFIX = ".csv"
RECORD_ID = "record_id"
LONGEST_FORM_NAME = 50
_SIGNS = "["
_NUMBER = "number"

Row = dict[str, str]


def write_redcap(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write a data dictionary.

    Parameters
    ----------
    forms : sequence of Form
        The instrument in one or several languages.

    Returns
    -------
    dict of str to bytes
        One CSV a language with the same fields, UTF-8; REDCap's multi-language module takes the
        further ones.

    Raises
    ------
    InstrumentError
        Where REDCap would refuse what the definition asks for; ``.failures`` lists why.

    Examples
    --------
    >>> from relsurvey.forms import form_of
    >>> from relsurvey.instruments import load_instrument
    >>> text = write_redcap([form_of(load_instrument("peech-sc"))])["peech-sc.csv"].decode()
    >>> "0, Never | 1, Sometimes | 2, Usually | 3, Always | 9, Does not apply" in text
    True
    """
    require_writable(forms)
    files = {}
    for name, form in zip(file_names(forms, SUFFIX), forms, strict=True):
        files[name] = _file(_rows(form))
        faults = dictionary_faults(files[name])
        if faults:
            raise InstrumentError(
                f"{form.instrument.id} cannot be a REDCap data dictionary as it is.",
                hint="Change the definition, or use another format.",
                failures=faults,
            )
    return files


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Return what a researcher has to know of the dictionary."""
    form = forms[0]
    names = _names(form)
    other = {old: new for old, new in names.items() if old.lower() != new}
    lowered = [old for old, new in names.items() if old != new and old not in other]
    return (
        *one_language_a_file("REDCap", forms),
        *(
            ("REDCap has small letters only in field names; capitals were lowered.",)
            if lowered
            else ()
        ),
        *renamed("REDCap", "a to z, 0 to 9 and _ only, 26 at most, as a field name", other),
        *_code_remarks(form),
        *worker_not_asked(form),
    )


def _names(form: Form) -> dict[str, str]:
    own = _form_name(form)
    taken = (RECORD_ID, f"{own}_complete", f"{own}_timestamp", own)
    return safe_names([one.id for one in form.questions], _field_name, LONGEST_NAME, taken)


def _field_name(text: str) -> str:
    name = _single_underscores(re.sub(r"[^a-z0-9_]", "_", text.lower()))
    name = f"q_{name}" if name.startswith("redcap_") else name
    return _single_underscores(shortened(name, LONGEST_NAME))


def _single_underscores(name: str) -> str:
    return re.sub(r"_{2,}", "_", name).strip("_")


def _form_name(form: Form) -> str:
    return re.sub(r"[^a-z0-9]+", "_", form.instrument.id.lower())[:LONGEST_FORM_NAME].strip("_")


def _rows(form: Form) -> Iterator[Row]:
    names = _names(form)
    yield _row(form, RECORD_ID, "text", "Record ID")
    header = as_html(form.instructions or form.instrument.title, _SIGNS)
    for item in form.items:
        yield _row(form, names[item.id], "radio", as_html(item.text, _SIGNS)) | {
            "Section Header": header,
            "Choices, Calculations, OR Slider Labels": _choices(form.choices),
            "Matrix Group Name": _form_name(form),
        }
        header = ""
    for asked in form.context:
        yield _row(form, names[asked.id], _kind(asked), as_html(asked.text, _SIGNS)) | {
            "Choices, Calculations, OR Slider Labels": _choices(asked.choices),
            "Text Validation Type OR Show Slider Number": _NUMBER if asked.kind == "number" else "",
        }


def _row(form: Form, name: str, kind: str, label: str) -> Row:
    return {
        "Variable / Field Name": name,
        "Form Name": _form_name(form),
        "Field Type": kind,
        "Field Label": label,
    }


def _kind(asked: Question) -> str:
    return {"choice": "radio", "number": "text", "text": "notes"}[asked.kind]


def _choices(choices: Sequence[Choice]) -> str:
    codes = _codes(choices)
    return " | ".join(
        f"{codes[choice.code]}, {as_html(choice.label.replace(chr(10), ' '), _SIGNS + '|')}"
        for choice in choices
    )


def _codes(choices: Sequence[Choice]) -> dict[str, str]:
    return safe_names(
        [choice.code for choice in choices],
        lambda text: re.sub(r"[^A-Za-z0-9_.-]", "_", text),
        LONGEST_FORM_NAME,
    )


def _code_remarks(form: Form) -> tuple[str, ...]:
    asked: list[Question | Form] = [form, *form.context]
    changed = [
        f"{old} is now {new}"
        for one in asked
        for old, new in _codes(one.choices).items()
        if old != new
    ]
    if not changed:
        return ()
    return (
        f"REDCap takes letters, digits, _ . - only as a code: {listed(changed)}. Export labels, "
        "not raw data, so that they are read back as they are.",
    )


def _file(rows: Iterator[Row]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, HEADINGS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")
