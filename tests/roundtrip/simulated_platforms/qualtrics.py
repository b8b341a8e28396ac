"""Qualtrics: imports advanced-format text, exports three heading rows, and the survey as .qsf.

Columns, texts and ids as in real exports; what an import of advanced text makes of it as
Qualtrics support describes it ("Import & export surveys").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from made_people import Person

from relsurvey.forms.form import Form
from simulated_platforms.asked import Asked, Option, Survey, as_csv, cell, flat

_TAG = re.compile(r"\[\[(?P<tag>\w+)(?::(?P<value>[^\]]*))?\]\]")
_OWN = {
    "StartDate": ("Start Date", "startDate"),
    "EndDate": ("End Date", "endDate"),
    "Status": ("Response Type", "status"),
    "IPAddress": ("IP Address", "ipAddress"),
    "Progress": ("Progress", "progress"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration"),
    "Finished": ("Finished", "finished"),
    "RecordedDate": ("Recorded Date", "recordedDate"),
    "ResponseId": ("Response ID", "_recordId"),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName"),
    "RecipientFirstName": ("Recipient First Name", "recipientFirstName"),
    "RecipientEmail": ("Recipient Email", "recipientEmail"),
    "ExternalReference": ("External Data Reference", "externalDataReference"),
    "LocationLatitude": ("Location Latitude", "locationLatitude"),
    "LocationLongitude": ("Location Longitude", "locationLongitude"),
    "DistributionChannel": ("Distribution Channel", "distributionChannel"),
    "UserLanguage": ("User Language", "userLanguage"),
}


def imported(file: bytes, locale: str) -> Survey:
    """Read advanced-format text: a matrix, then single questions."""
    questions: list[Asked] = []
    name, stem = "", ""
    for part in re.split(r"(?=\[\[Question:)", file.decode("utf-8"))[1:]:
        found = _parts(part)
        if part.startswith("[[Question:Matrix]]"):
            options = _options(found["AdvancedAnswers"], "Answer", locale)
            name, stem = found["ID"][0], "\n".join(found["text"])
            questions += [
                Asked(f"{name}_{place}", {locale: text}, options, in_grid=True)
                for place, text in enumerate(found["Choices"], start=1)
            ]
        else:
            options = _options(found.get("AdvancedChoices", []), "Choice", locale)
            (text,) = found["text"]
            questions.append(Asked(found["ID"][0], {locale: text}, options))
    return Survey(name, {locale: stem}, tuple(questions))


def _parts(text: str) -> Mapping[str, list[str]]:
    """Return the lines under each tag; what belongs to no other tag is the question's text."""
    found: dict[str, list[str]] = {"text": []}
    here = "text"
    for line in text.splitlines():
        tag = _TAG.fullmatch(line)
        if tag is None:
            found[here] += [line] if line else []
        elif tag["tag"] == "ID":
            found["ID"] = [tag["value"]]
        elif tag["tag"] in ("Answer", "Choice"):
            found[here].append(line)
        elif tag["tag"] != "Question":
            here = tag["tag"]
            found[here] = []
    return found


def _options(lines: Sequence[str], tag: str, locale: str) -> tuple[Option, ...]:
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return tuple(
        Option(code.removeprefix(f"[[{tag}:").removesuffix("]]"), {locale: label})
        for code, label in pairs
    )


def exported(
    survey: Survey,
    form: Form,
    people: Sequence[Person],
    *,
    texts: bool = False,
    seen: bool = True,
    tabs: bool = False,
    row_two: bool = True,
) -> bytes:
    """Write the CSV or TSV: choice texts or recode values, with or without -99."""
    locale = form.locale
    headings = [*_OWN, *(one.name for one in survey.questions), "worker_code"]
    wordings = [_row_text(survey, one, locale) if row_two else "" for one in survey.questions]
    second = [*(text for text, _ in _OWN.values()), *wordings, "worker_code"]
    ids = [*(_own_id(one) for _, one in _OWN.values()), *_question_ids(survey), _id("worker_code")]
    rows = []
    for person in [_preview(people[0]), *people]:
        given = survey.answered(form, person, locale)
        cells = [
            flat(cell(one, labels=locale if texts else "", seen="-99" if seen else ""))
            for one in given
        ]
        rows.append([*_record(person, texts=texts), *cells, person.worker])
    text = as_csv([headings, second, ids, *rows], "\t" if tabs else ",", end="\n")
    return text.encode("utf-16" if tabs else "utf-8")


def _row_text(survey: Survey, one: Asked, locale: str) -> str:
    text = flat(one.texts[locale])
    return f"{flat(survey.stem[locale])} - {text}" if one.in_grid else text


def _question_ids(survey: Survey) -> list[str]:
    grid = sum(one.in_grid for one in survey.questions)
    single = len(survey.questions) - grid
    matrix = [_id(f"QID1_{place}") for place in range(1, grid + 1)]
    ids = [f"QID{place}" for place in range(2, single + 2)]
    kinds = [one.options for one in survey.questions if not one.in_grid]
    return matrix + [
        _id(one if options else f"{one}_TEXT") for one, options in zip(ids, kinds, strict=True)
    ]


def _id(text: str) -> str:
    return json.dumps({"ImportId": text}, separators=(",", ":"))


def _own_id(text: str) -> str:
    zone = {"timeZone": "Europe/London"} if text.endswith("Date") else {}
    return json.dumps({"ImportId": text, **zone}, separators=(",", ":"))


def _preview(person: Person) -> Person:
    return Person("preview", "000", *list(vars(person).values())[2:])


def _record(person: Person, *, texts: bool) -> list[str]:
    preview = person.id == "preview"
    status = ("Survey Preview" if preview else "IP Address") if texts else str(int(preview))
    seconds = int((person.submitted - person.started).total_seconds())
    return [
        f"{person.started:%Y-%m-%d %H:%M:%S}",
        f"{person.submitted:%Y-%m-%d %H:%M:%S}",
        status,
        "",
        "100" if person.finished else "62",
        str(seconds),
        str(person.finished) if texts else str(int(person.finished)),
        f"{person.submitted:%Y-%m-%d %H:%M:%S}",
        f"R_{person.id}abc",
        *[""] * 6,
        "preview" if preview else "anonymous",
        "EN-GB",
    ]


def survey_file(survey: Survey, locale: str) -> bytes:
    """Write the .qsf that Qualtrics exports of the imported survey."""
    grid = [one for one in survey.questions if one.in_grid]
    payloads = [
        {
            "QuestionID": "QID1",
            "DataExportTag": survey.name,
            "QuestionText": survey.stem[locale],
            "QuestionType": "Matrix",
            "Selector": "Likert",
            "SubSelector": "SingleAnswer",
            "Choices": _numbered([one.texts[locale] for one in grid]),
            "ChoiceOrder": [str(place) for place in range(1, len(grid) + 1)],
            "ChoiceDataExportTags": False,
            "Answers": _numbered([one.labels[locale] for one in grid[0].options]),
            "AnswerOrder": list(range(1, len(grid[0].options) + 1)),
            "RecodeValues": _recodes(grid[0].options),
        }
    ]
    single = (one for one in survey.questions if not one.in_grid)
    for number, one in enumerate(single, start=2):
        choice = {
            "Choices": _numbered([option.labels[locale] for option in one.options]),
            "ChoiceOrder": list(range(1, len(one.options) + 1)),
            "RecodeValues": _recodes(one.options),
        }
        payloads.append(
            {
                "QuestionID": f"QID{number}",
                "DataExportTag": one.name,
                "QuestionText": one.texts[locale],
                "QuestionType": "MC" if one.options else "TE",
                "Selector": "SAVR" if one.options else "SL",
                **(choice if one.options else {}),
            }
        )
    elements = [
        {"Element": "SQ", "PrimaryAttribute": one["QuestionID"], "Payload": one} for one in payloads
    ]
    flow = {"Flow": [{"Type": "EmbeddedData", "EmbeddedData": [{"Field": "worker_code"}]}]}
    elements.append({"Element": "FL", "PrimaryAttribute": "Survey Flow", "Payload": flow})
    whole = {"SurveyEntry": {"SurveyName": "Made"}, "SurveyElements": elements}
    return json.dumps(whole).encode()


def _numbered(texts: Sequence[str]) -> dict[str, dict[str, str]]:
    return {str(place): {"Display": text} for place, text in enumerate(texts, start=1)}


def _recodes(options: Sequence[Option]) -> dict[str, str]:
    return {str(place): one.code for place, one in enumerate(options, start=1)}
