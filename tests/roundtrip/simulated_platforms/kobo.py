"""KoboToolbox and ODK Central: import an XLSForm, export values or labels.

Columns as KoboToolbox's support pages and ODK Central's documentation describe them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta

import openpyxl
from made_people import Person

from relsurvey.forms.form import Form
from simulated_platforms.asked import Asked, Option, Survey, as_csv, cell


def imported(file: bytes) -> Survey:
    """Read the workbook's sheets: one group of questions, and questions after it."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    survey, choices = (_rows(book[name]) for name in ("survey", "choices"))
    titles = [key for key in survey[0] if key.startswith("label::")]
    lists: dict[str, list[Option]] = {}
    for row in choices:
        labels = {title: row[title] for title in titles}
        lists.setdefault(row["list_name"], []).append(Option(row["name"], labels))
    questions: list[Asked] = []
    name, stem, within = "", {}, False
    extra = {}
    for row in survey:
        kind, _, options = row["type"].partition(" ")
        if kind == "begin_group":
            name, stem, within = row["name"], {title: row[title] for title in titles}, True
        elif kind == "end_group":
            within = False
        elif kind in ("start", "end"):
            extra[kind] = row["name"]
        else:
            texts = {title: row[title] for title in titles}
            questions.append(Asked(row["name"], texts, tuple(lists.get(options, ())), within))
    return Survey(name, stem, tuple(questions), html=False, extra=extra)


def _rows(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[dict[str, str]]:
    heading, *rows = sheet.iter_rows(values_only=True)
    return [{str(key): text or "" for key, text in zip(heading, row, strict=True)} for row in rows]


def exported(
    survey: Survey,
    forms: Sequence[Form],
    people: Sequence[Person],
    *,
    labels: int | None = None,
    groups: str = "/",
    workbook: bool = False,
) -> bytes:
    """Write what KoboToolbox exports: XML values, or the labels of one language."""
    titles = list(survey.stem)
    title = "" if labels is None else titles[labels]
    names = [_heading(survey, one, title, groups) for one in survey.questions]
    own = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_tags"]
    own += ["_status", "_submitted_by", "__version__", "_index"]
    rows = [[*survey.extra.values(), *names, "worker_code", *own]]
    for number, person in enumerate(people, start=1):
        cells = _cells(survey, forms, person, title)
        sent = person.submitted + timedelta(hours=3)
        record = [f"4{number}", f"u-{person.id}", f"{sent:%Y-%m-%dT%H:%M:%S}", "", "", ""]
        record += ["submitted_via_web", "", "v1", str(number)]
        rows.append([*_times(survey, person), *cells, person.worker, *record])
    return _as_workbook(rows) if workbook else as_csv(rows, ";", end="\n").encode()


def from_central(
    survey: Survey, forms: Sequence[Form], people: Sequence[Person], *, groups: bool = True
) -> bytes:
    """Write what ODK Central exports: XML values only."""
    names = [_heading(survey, one, "", "-" if groups else "") for one in survey.questions]
    after = ["meta-instanceID", "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent"]
    after += ["AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion"]
    rows = [["SubmissionDate", *survey.extra.values(), *names, "worker_code", *after]]
    for person in people:
        sent = f"{person.submitted + timedelta(hours=3):%Y-%m-%dT%H:%M:%S}.000Z"
        key = f"uuid:{person.id}"
        cells = _cells(survey, forms, person, "")
        last = [key, key, "5", "Web", "0", "0", "", "", "", "0", "1.0.0"]
        rows.append([sent, *_times(survey, person), *cells, person.worker, *last])
    return as_csv(rows, quote=False, end="\n").encode()


def _heading(survey: Survey, one: Asked, title: str, sign: str) -> str:
    name, group = (one.texts[title], survey.stem[title]) if title else (one.name, survey.name)
    return f"{group}{sign}{name}" if one.in_grid and sign else name


def _cells(survey: Survey, forms: Sequence[Form], person: Person, title: str) -> list[str]:
    place = [form.locale for form in forms].index(person.locale)
    given = survey.answered(forms[place], person, list(survey.stem)[place])
    return [cell(one, labels=title) for one in given]


def _times(survey: Survey, person: Person) -> list[str]:
    times = {"start": person.started, "end": person.submitted}
    return [f"{times[kind]:%Y-%m-%dT%H:%M:%S}.000+00:00" for kind in survey.extra]


def _as_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if text:
                sheet.cell(line, column, text).data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
