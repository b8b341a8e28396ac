"""LimeSurvey survey structure: a tab-separated text file, to be imported as a new survey.

One row a setting (S), a text of the survey (SL), a group (G), a question (Q), a subquestion (SQ)
and an answer (A); the groups and all below them are repeated for every language. The items are
the subquestions of one array (type F), so that an export of codes has headings such as
``peechsc[SEC1]``. The number that is scored stands in the column ``relevance`` of an answer row:
that is where LimeSurvey looks for the assessment value. LimeSurvey adds these values up as they
are; it does not know reverse-keyed items.

References
----------
LimeSurvey manual, "Tab Separated Value survey structure", https://www.limesurvey.org/manual.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from relsurvey.errors import listed
from relsurvey.forms.escapes import as_html, one_line
from relsurvey.forms.form import Choice, Form, Question
from relsurvey.forms.limesurvey_names import (
    array_name,
    assessment_value,
    codes_of,
    language_of,
    names_of,
    surveys,
)
from relsurvey.forms.printable import require_writable
from relsurvey.forms.remarks import renamed, worker_not_asked

__all__ = ["remarks", "write_limesurvey"]

SUFFIX = ".txt"
COLUMNS = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language",
    "validation", "mandatory", "other", "default", "same_default",
)  # fmt: skip

_TYPES = {"choice": "L", "number": "N", "text": "T"}
_SIGNS = "{}\\"  # expressions, and the sign PHP takes for an escape before a quote

Row = dict[str, str]


def write_limesurvey(forms: Sequence[Form]) -> dict[str, bytes]:
    r"""Write a survey structure.

    Parameters
    ----------
    forms : sequence of Form
        The instrument in one or several languages; the first is the base language.

    Returns
    -------
    dict of str to bytes
        One file, UTF-8 with a byte order mark as LimeSurvey writes it. LimeSurvey knows one
        kind of most languages (``en`` for ``en-GB`` and for its easy-read wording); a second
        kind of one of them makes a file of its own.

    Examples
    --------
    >>> from relsurvey.forms import form_of
    >>> from relsurvey.instruments import load_instrument
    >>> text = write_limesurvey([form_of(load_instrument("peech-sc"))])["peech-sc.txt"].decode()
    >>> [line.split("\t")[4:6] for line in text.splitlines() if line.split("\t")[2] == "A"][:5]
    [['0', '0'], ['1', '1'], ['2', '2'], ['3', '3'], ['9', '']]
    """
    require_writable(forms)
    files: dict[str, bytes] = {}
    for surveyed in surveys(forms):
        own = "" if not files else f".{surveyed[0].locale}"
        files[f"{forms[0].instrument.id}{own}{SUFFIX}"] = _file(_rows(surveyed))
    return files


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Return what a researcher has to know of the survey."""
    form = forms[0]
    names = names_of(form)
    return (
        *_language_remarks(forms),
        *renamed("LimeSurvey", "letters and digits only, 20 at most, as a code", names),
        *_code_remarks(form),
        *_hidden_remarks(form),
        *_assessment_remarks(form),
        *worker_not_asked(form),
    )


def _rows(forms: Sequence[Form]) -> Iterator[Row]:
    base, *others = (language_of(form.locale) for form in forms)
    settings = {
        "language": base,
        "additional_languages": " ".join(others),
        "format": "G",
        "datestamp": "Y",
        "assessments": "Y",
    }
    for name, text in settings.items():
        if not text:
            continue
        yield {"class": "S", "name": name, "text": text}
    for form in forms:
        title = as_html(one_line(form.instrument.title)[:200], _SIGNS)
        yield {
            "class": "SL",
            "name": "surveyls_title",
            "text": title,
            "language": language_of(form.locale),
        }
    for form in forms:
        for row in _questions(form):
            yield {**row, "language": language_of(form.locale)}


def _questions(form: Form) -> Iterator[Row]:
    """Yield group, questions, subquestions and answers; ids are the same in every language."""
    numbers, names, instrument = count(1), names_of(form), form.instrument
    yield {
        "id": "1",
        "class": "G",
        "type/scale": "G1",
        "name": as_html(one_line(instrument.short_title), _SIGNS),
        "relevance": "1",
    }
    number = str(next(numbers))
    yield _question(number, "F", array_name(form), form.instructions or instrument.title)
    for item in form.items:
        yield {
            "id": str(next(numbers)),
            "related_id": number,
            "class": "SQ",
            "type/scale": "0",
            "name": names[item.id],
            "relevance": "1",
            "text": as_html(item.text, _SIGNS),
        }
    yield from _answers(number, form.choices, scored=True)
    for asked in form.context:
        number = str(next(numbers))
        yield _question(number, _TYPES[asked.kind], names[asked.id], asked.text)
        yield from _answers(number, asked.choices, scored=False)


def _question(number: str, kind: str, name: str, text: str) -> Row:
    return {
        "id": number,
        "class": "Q",
        "type/scale": kind,
        "name": name,
        "relevance": "1",
        "text": as_html(text, _SIGNS),
        "mandatory": "N",
        "other": "N",
    }


def _answers(number: str, choices: Sequence[Choice], *, scored: bool) -> Iterator[Row]:
    """Yield answers; only those to items count in LimeSurvey's assessment."""
    codes = codes_of(choices)
    for choice in choices:
        yield {
            "id": number,
            "class": "A",
            "type/scale": "0",
            "name": codes[choice.code],
            "relevance": assessment_value(choice) if scored else "",
            "text": as_html(choice.label, _SIGNS),
        }


def _file(rows: Iterable[Row]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream, COLUMNS, restval="", delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
    )
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def _language_remarks(forms: Sequence[Form]) -> Iterator[str]:
    changed = [
        f"{form.locale} is {language_of(form.locale)}"
        for form in forms
        if form.locale != language_of(form.locale)
    ]
    if changed:
        yield f"LimeSurvey has its own list of languages: {listed(changed)} there."
    if len(surveys(forms)) > 1:
        yield (
            "LimeSurvey cannot hold two kinds of one language in a survey: the other kind is "
            "a survey of its own, with the same codes."
        )


def _code_remarks(form: Form) -> Iterator[str]:
    asked: list[Question | Form] = [form, *form.context]
    changed = [
        f"{old} is now {new}"
        for one in asked
        for old, new in codes_of(one.choices).items()
        if old != new
    ]
    if changed:
        yield (
            "LimeSurvey takes letters and digits only, 5 at most, as an answer code: "
            f"{listed(changed)}. Export full answers, not answer codes, so that they are read "
            "back as they are."
        )


def _hidden_remarks(form: Form) -> Iterator[str]:
    if any(choice.label.strip().upper() == "N/A" for choice in form.choices):
        yield (
            "LimeSurvey writes N/A in exports of full answers for a question that was hidden: the "
            "label N/A cannot be told from it. Word it otherwise, or export answer codes."
        )


def _assessment_remarks(form: Form) -> Iterator[str]:
    reversed_items = [item.id for item in form.items if item.reverse]
    if reversed_items:
        yield (
            "LimeSurvey's own assessment adds the answers up as they are given: it does not "
            f"reverse {listed(reversed_items)}. Score the export instead."
        )
    outside = [choice.code for choice in form.choices if choice.value is None]
    if outside:
        yield (
            f"LimeSurvey's own assessment has no value for {listed(outside)} (does not apply and "
            "the like) and adds nothing, as for an answer of 0. Score the export instead."
        )
    if any(choice.value is not None and not assessment_value(choice) for choice in form.choices):
        yield "LimeSurvey has whole numbers only as assessment values; the others were left out."
