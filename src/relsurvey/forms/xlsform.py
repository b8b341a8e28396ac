"""XLSForm: a workbook that KoboToolbox, ODK, Enketo and Survey123 turn into a form.

The items stand in a group whose label is what is read first, each one a ``select_one`` of the
same list with the appearance ``likert``: the statement above, the answers in a row below it. A
table would be closer to paper, but does not fit on a telephone, and adds a column to the export.

References
----------
https://xlsform.org
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from relsurvey.errors import InstrumentError, listed
from relsurvey.forms.form import Choice, Form, Question
from relsurvey.forms.languages import language_titles
from relsurvey.forms.names import safe_names
from relsurvey.forms.printable import require_writable
from relsurvey.forms.remarks import renamed, worker_not_asked
from relsurvey.tables import FORMULA_STARTS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["remarks", "write_xlsform"]

SUFFIX = ".xlsx"
LONGEST_NAME = 64
_ITEMS = "(items)"  # no id can have brackets
_SCALE = "(scale)"
# The device fills "start" and "end" with times: without them an export has no duration.
_TIMES = ("start", "end")
_RESERVED = ("meta", *_TIMES)
_TYPES = {"number": "decimal", "text": "text"}
# Markdown and HTML, as apps for such forms read them in labels.
_FORMATTED = re.compile(r"^\s*(?:#|\*|<)|<[a-z/]|\*\S|(?<!\w)_\S", re.IGNORECASE | re.MULTILINE)
_WIDTHS = {"type": 24, "list_name": 20, "name": 24}

Row = dict[str, str]


def write_xlsform(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write an XLSForm workbook.

    Parameters
    ----------
    forms : sequence of Form
        The instrument in one or several languages; the first is the default.

    Returns
    -------
    dict of str to bytes
        One workbook with the sheets ``survey``, ``choices`` and ``settings``.

    Raises
    ------
    InstrumentError
        Where a wording holds ``${``, which XLSForm reads as a reference to another question.

    Examples
    --------
    >>> from relsurvey.forms import form_of
    >>> from relsurvey.instruments import load_instrument
    >>> list(write_xlsform([form_of(load_instrument("peech-sc"))]))
    ['peech-sc.xlsx']
    """
    from openpyxl import Workbook

    require_writable(forms)
    _refuse_references(forms)
    titles = language_titles([form.locale for form in forms])
    labels = [f"label::{title}" for title in titles.values()]
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "relsurvey"
    sheets = {
        "survey": (["type", "name", *labels, "appearance"], _survey(forms, labels)),
        "choices": (["list_name", "name", *labels], _choices(forms, labels)),
        "settings": (
            ["form_title", "form_id", "version", "default_language"],
            [_settings(forms[0], titles)],
        ),
    }
    for name, (headings, rows) in sheets.items():
        _fill(book.create_sheet(name), headings, rows)
    stream = io.BytesIO()
    book.save(stream)
    return {f"{forms[0].instrument.id}{SUFFIX}": stream.getvalue()}


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Return what a researcher has to know of the workbook."""
    form = forms[0]
    names = {one.id: _names(form)[one.id] for one in form.questions}
    return (
        *renamed("XLSForm", "any name but its own 'meta', 'start' and 'end'", names),
        *_formatting(forms),
        *worker_not_asked(form),
    )


def _formatting(forms: Sequence[Form]) -> Iterable[str]:
    found = [
        what
        for form in forms
        for what, text in _texts(form)
        if what != "title" and _FORMATTED.search(text)
    ]
    if found:
        yield (
            "Apps read #, * and _ around words and tags in < > as formatting, and do not show "
            f"them: look at {listed(list(dict.fromkeys(found)))} in the form."
        )


def _names(form: Form) -> dict[str, str]:
    """Name questions and the group of the items; the ids keep their names before the group."""
    names = safe_names(
        [one.id for one in form.questions], lambda text: text, LONGEST_NAME, _RESERVED
    )
    group = safe_names(
        [form.instrument.id], _group_name, LONGEST_NAME, (*_RESERVED, *names.values())
    )
    return {**names, _ITEMS: group[form.instrument.id]}


def _group_name(text: str) -> str:
    # Exports join group and item by "-" in one platform, so the group has none.
    return text.replace("-", "_")


def _lists(form: Form) -> dict[str, str]:
    asked = [one.id for one in form.context if one.choices]
    names = safe_names(asked, lambda text: text, LONGEST_NAME, ["scale"])
    return {**names, _SCALE: "scale"}


def _survey(forms: Sequence[Form], labels: Sequence[str]) -> Iterable[Row]:
    first, names, lists = forms[0], _names(forms[0]), _lists(forms[0])
    stems = [form.instructions or form.instrument.title for form in forms]
    for name in _TIMES:
        yield {"type": name, "name": name}
    yield {"type": "begin_group", "name": names[_ITEMS], "appearance": "field-list"} | dict(
        zip(labels, stems, strict=True)
    )
    for position, item in enumerate(first.items):
        texts = [form.items[position].text for form in forms]
        yield {
            "type": f"select_one {lists[_SCALE]}",
            "name": names[item.id],
            "appearance": "likert",
        } | dict(zip(labels, texts, strict=True))
    yield {"type": "end_group"}
    for position, asked in enumerate(first.context):
        texts = [form.context[position].text for form in forms]
        yield {"type": _type(asked, lists), "name": names[asked.id]} | dict(
            zip(labels, texts, strict=True)
        )


def _type(asked: Question, lists: dict[str, str]) -> str:
    return f"select_one {lists[asked.id]}" if asked.choices else _TYPES[asked.kind]


def _choices(forms: Sequence[Form], labels: Sequence[str]) -> Iterable[Row]:
    lists = _lists(forms[0])
    yield from _list(lists[_SCALE], [form.choices for form in forms], labels)
    for position, asked in enumerate(forms[0].context):
        if asked.choices:
            alike = [form.context[position].choices for form in forms]
            yield from _list(lists[asked.id], alike, labels)


def _list(
    name: str, by_language: Sequence[Sequence[Choice]], labels: Sequence[str]
) -> Iterable[Row]:
    for same in zip(*by_language, strict=True):
        texts = dict(zip(labels, (choice.label for choice in same), strict=True))
        yield {"list_name": name, "name": same[0].code} | texts


def _settings(form: Form, titles: dict[str, str]) -> Row:
    return {
        "form_title": form.instrument.title,
        "form_id": form.instrument.id,
        "version": form.instrument.version,
        "default_language": titles[form.locale],
    }


def _fill(sheet: Worksheet, headings: Sequence[str], rows: Iterable[Row]) -> None:
    """Write every cell as text, so that no code becomes a number and no wording a formula."""
    from openpyxl.utils import get_column_letter

    for line, row in enumerate([{key: key for key in headings}, *rows], start=1):
        for column, heading in enumerate(headings, start=1):
            text = row.get(heading, "")
            if text:
                cell = sheet.cell(line, column, text)
                cell.data_type = "s"
                cell.quotePrefix = text.startswith(FORMULA_STARTS)
    for column, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(heading, 40)
    sheet.freeze_panes = "A2"


def _refuse_references(forms: Sequence[Form]) -> None:
    faults = [
        {"language": form.locale, "what": what, "found": text}
        for form in forms
        for what, text in _texts(form)
        if "${" in text
    ]
    if faults:
        raise InstrumentError(
            "XLSForm reads ${...} as a reference to another question; it cannot be shown.",
            hint="Put other signs there in the wording, the label or the filling.",
            failures=faults,
        )


def _texts(form: Form) -> Iterable[tuple[str, str]]:
    yield "instructions", form.instructions
    yield "title", form.instrument.title
    for one in form.questions:
        yield one.id, one.text
    for choices in (form.choices, *(one.choices for one in form.context)):
        yield from ((f"choice {choice.code}", choice.label) for choice in choices)
