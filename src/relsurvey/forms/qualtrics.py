"""Qualtrics advanced text: a file for "Import/Export > Import survey".

The items are the statements of one matrix, under ``[[Choices]]``; the answers are its columns,
under ``[[AdvancedAnswers]]``, each with its recode value (``[[Answer:3]]``), so that an export of
numbers holds the codes of the definition. What the format cannot say is told as a remark, because
Qualtrics would show a comment in the file to respondents: export tags of single statements,
number validation, numbers that are not codes, a second language.

References
----------
Qualtrics support, "Import & export surveys", the section on advanced format TXT files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count

from relsurvey.errors import listed
from relsurvey.forms.escapes import as_html, one_line
from relsurvey.forms.file_names import file_names
from relsurvey.forms.form import Choice, Form, Question, code_text
from relsurvey.forms.names import safe_names
from relsurvey.forms.printable import require_writable
from relsurvey.forms.remarks import one_language_a_file, renamed, worker_not_asked

__all__ = ["remarks", "write_qualtrics"]

SUFFIX = ".txt"
LONGEST_NAME = 50
_SIGNS = "[]$"  # tags of the format, and piped text
_KINDS = {
    "choice": "MC:SingleAnswer:Vertical",
    "number": "TE:SingleLine",
    "text": "TE:Essay",
}
_SEEN = "-99"  # "Recode seen but unanswered questions as -99", an option of the export
# Columns that every export has anyway.
_RESERVED = (
    "StartDate", "EndDate", "Status", "IPAddress", "Progress", "Finished", "RecordedDate",
    "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail",
    "ExternalReference", "LocationLatitude", "LocationLongitude", "DistributionChannel",
    "UserLanguage",
)  # fmt: skip


def write_qualtrics(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write advanced-format text.

    Parameters
    ----------
    forms : sequence of Form
        The instrument in one or several languages.

    Returns
    -------
    dict of str to bytes
        One file a language, UTF-8.

    Examples
    --------
    >>> from relsurvey.forms import form_of
    >>> from relsurvey.instruments import load_instrument
    >>> text = write_qualtrics([form_of(load_instrument("peech-sc"))])["peech-sc.txt"].decode()
    >>> text.splitlines()[4:6], "[[Answer:9]]" in text
    (['[[Question:Matrix]]', '[[ID:peech_sc]]'], True)
    """
    require_writable(forms)
    named = zip(file_names(forms, SUFFIX), forms, strict=True)
    return {name: _text(form).encode("utf-8") for name, form in named}


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Return what a researcher has to set by hand, or to know of the survey."""
    form = forms[0]
    names = {one.id: _names(form)[one.id] for one in form.context}
    tag = _names(form)[form.instrument.id]
    numbers = [names[one.id] for one in form.context if one.kind == "number"]
    return (
        *one_language_a_file("Qualtrics", forms),
        f"Qualtrics names the columns of the items {tag}_1 to {tag}_{len(form.items)}, in the "
        "order of the form: keep all heading rows of an export, their wording tells the items "
        "apart; or set the item ids as question export tags under 'Recode values'.",
        *renamed("Qualtrics", "letters, digits and _ only as a question id", names),
        *_recode_remarks(form),
        *((f"Set content validation to 'Number' for {listed(numbers)}.",) if numbers else ()),
        *worker_not_asked(form),
    )


def _names(form: Form) -> dict[str, str]:
    asked = safe_names([one.id for one in form.context], _plain, LONGEST_NAME, _RESERVED)
    name = form.instrument.id
    return asked | safe_names([name], _plain, LONGEST_NAME, (*_RESERVED, *asked.values()))


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", text)


def _text(form: Form) -> str:
    names, instrument = _names(form), form.instrument
    lines = ["[[AdvancedFormat]]", ""]
    lines += [f"[[Block:{_block_title(form)}]]", ""]
    lines += ["[[Question:Matrix]]", f"[[ID:{names[instrument.id]}]]"]
    lines += [as_html(form.instructions or instrument.title, _SIGNS), "", "[[Choices]]"]
    lines += [as_html(item.text, _SIGNS) for item in form.items]
    lines += ["", "[[AdvancedAnswers]]", *_recoded("Answer", form.choices, form), ""]
    if form.context:
        lines += ["[[PageBreak]]", ""]
    for asked in form.context:
        lines += [*_question(asked, names[asked.id], form), ""]
    return "\n".join(lines)


def _block_title(form: Form) -> str:
    return re.sub(r"[\[\]]", "", one_line(form.instrument.short_title))


def _question(asked: Question, name: str, form: Form) -> Iterator[str]:
    yield f"[[Question:{_KINDS[asked.kind]}]]"
    yield f"[[ID:{name}]]"
    yield as_html(asked.text, _SIGNS)
    if asked.choices:
        yield ""
        yield "[[AdvancedChoices]]"
        yield from _recoded("Choice", asked.choices, form)


def _recoded(tag: str, choices: Sequence[Choice], form: Form) -> Iterator[str]:
    recodes = _recodes(choices, form)
    for choice in choices:
        yield f"[[{tag}:{recodes[choice.code]}]]"
        yield as_html(choice.label, _SIGNS)


def _recodes(choices: Sequence[Choice], form: Form) -> dict[str, str]:
    """Return the recode value of every code: itself where it is a number, else a free one.

    A number that the definition has a meaning for is not free, even where nobody can choose it:
    it would be read as that.
    """
    codes = [choice.code for choice in choices]
    numbers = {code: float(code) for code in codes if _is_number(code)}
    known = {float(text) for text in (*codes, *_spellings(form)) if _is_number(text)}
    free = (number for number in count(99) if number not in known)
    return {code: code if code in numbers else str(next(free)) for code in codes}


def _spellings(form: Form) -> Iterator[str]:
    """Yield every text that the definition takes for an answer or for none."""
    scale = form.instrument.response_scale
    for code in scale.codes:
        yield from (code_text(code.value), *code.label.values(), *code.aliases)
    for special in (*scale.not_applicable, *scale.missing):
        yield from (special.code, *special.label.values(), *special.aliases)


def _is_number(code: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", code) is not None


def _recode_remarks(form: Form) -> Iterator[str]:
    asked: list[Question | Form] = [form, *form.context]
    changed = [
        f"{old} is now {new}"
        for one in asked
        for old, new in _recodes(one.choices, form).items()
        if old != new
    ]
    if changed:
        yield (
            f"Qualtrics takes numbers only as recode values: {listed(changed)}. Export choice "
            "text, not numeric values, so that they are read back as they are."
        )
    if any(choice.code == _SEEN for choice in form.choices):
        yield (
            f"{_SEEN} is also what Qualtrics writes where a question was seen and not answered: "
            "leave that option of the export off, or export choice text."
        )
