"""REDCap: imports a data dictionary, exports raw data or labels.

Order of columns, status and times as in real exports and in REDCap's help.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from made_people import Person

from relsurvey.forms.form import Form
from simulated_platforms.asked import Asked, Option, Survey, as_csv, cell, flat


def imported(file: bytes, locale: str) -> Survey:
    """Read a data dictionary: the first field is the record's id."""
    _, *fields = csv.DictReader(io.StringIO(file.decode("utf-8")))
    name = fields[0]["Form Name"]
    questions = tuple(
        Asked(
            one["Variable / Field Name"],
            {locale: one["Field Label"]},
            _options(one["Choices, Calculations, OR Slider Labels"], locale),
            in_grid=bool(one["Matrix Group Name"]),
        )
        for one in fields
    )
    return Survey(name, {locale: fields[0]["Section Header"]}, questions)


def _options(text: str, locale: str) -> tuple[Option, ...]:
    pairs = [one.strip().partition(",") for one in text.split("|")] if text else []
    return tuple(Option(code.strip(), {locale: label.strip()}) for code, _, label in pairs)


def with_worker(file: bytes, survey: Survey) -> bytes:
    """Return the dictionary as it is downloaded after a hidden field was added."""
    text = file.decode("utf-8")
    last = ["worker_code", survey.name, "", "text", "Worker code", *[""] * 12, "@HIDDEN-SURVEY"]
    return (text + as_csv([last], end="\n")).encode()


def exported(
    survey: Survey, form: Form, people: Sequence[Person], *, labels: bool = False
) -> bytes:
    """Write the CSV, raw or with labels."""
    locale = form.locale
    if labels:
        names = [flat(one.texts[locale]) for one in survey.questions]
        headings = ["Record ID", "Survey Timestamp", *names, "Worker code", "Complete?"]
    else:
        names = [one.name for one in survey.questions]
        status = f"{survey.name}_complete"
        headings = ["record_id", f"{survey.name}_timestamp", *names, "worker_code", status]
    rows = []
    for person in people:
        given = survey.answered(form, person, locale)
        cells = [flat(cell(one, labels=locale if labels else "")) for one in given]
        time = f"{person.submitted:%Y-%m-%d %H:%M:%S}" if person.finished else "[not completed]"
        done = ("Complete", "Incomplete") if labels else ("2", "0")
        rows.append(
            [person.id, time, *cells, person.worker, done[0] if person.finished else done[1]]
        )
    return as_csv([headings, *rows], quote=labels, end="\n").encode("utf-8")
