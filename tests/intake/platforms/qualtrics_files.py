"""Makes Qualtrics exports for the tests, in the shape of the real ones."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# Name, row 2, ImportId, and what a respondent has there.
META = (
    ("StartDate", "Start Date", "startDate", "2026-03-01 10:00:00"),
    ("EndDate", "End Date", "endDate", "2026-03-01 10:05:00"),
    ("Status", "Response Type", "status", "0"),
    ("IPAddress", "IP Address", "ipAddress", "192.0.2.1"),
    ("Progress", "Progress", "progress", "100"),
    ("Duration (in seconds)", "Duration (in seconds)", "duration", "300"),
    ("Finished", "Finished", "finished", "1"),
    ("RecordedDate", "Recorded Date", "recordedDate", "2026-03-01 10:05:01"),
    ("ResponseId", "Response ID", "_recordId", ""),
    ("RecipientLastName", "Recipient Last Name", "recipientLastName", ""),
    ("RecipientFirstName", "Recipient First Name", "recipientFirstName", ""),
    ("RecipientEmail", "Recipient Email", "recipientEmail", ""),
    ("ExternalReference", "External Data Reference", "externalDataReference", ""),
    ("LocationLatitude", "Location Latitude", "locationLatitude", "51.5"),
    ("LocationLongitude", "Location Longitude", "locationLongitude", "-0.1"),
    ("DistributionChannel", "Distribution Channel", "distributionChannel", "anonymous"),
    ("UserLanguage", "User Language", "userLanguage", "EN"),
)
ZONED = {"startDate", "endDate", "recordedDate"}
STEM = "How often was it\nlike this,\xa0in your view?"
MATRIX = (
    ("Q3_1", f"{STEM} - My social worker heard me.", "QID7_1"),
    ("Q3_2", f"{STEM} - I was afraid of my social worker, at times.", "QID7_4"),
    ("Q3_3", f"{STEM} - I felt safe.", "QID7_5"),
)
Column = tuple[str, str, str]
Person = Mapping[str, str]


def import_id(one: str) -> str:
    """Return a cell of row 3; an id may come with the choice of a split question."""
    if not one:
        return ""
    own, _, choice = one.partition("+")
    cell = {"ImportId": own}
    if choice:
        cell["choiceId"] = choice
    if own in ZONED:
        cell["timeZone"] = "Europe/London"
    return json.dumps(cell, separators=(",", ":"))


def rows_of(columns: Sequence[Column], people: Sequence[Person]) -> list[list[str]]:
    """Return the rows of an export: three heading rows, then one a person."""
    heading = [*(one[:3] for one in META), *columns]
    usual = {name: cell for name, _, _, cell in META}
    rows = [
        [name for name, _, _ in heading],
        [text for _, text, _ in heading],
        [import_id(one) for _, _, one in heading],
    ]
    for number, person in enumerate(people, start=1):
        cells = {**usual, "ResponseId": f"R_{number:015d}", **person}
        rows.append([cells.get(name, "") for name, _, _ in heading])
    return rows


def csv_of(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return stream.getvalue()


def modern(people: Sequence[Person], columns: Sequence[Column] = MATRIX) -> str:
    """Return a CSV as Qualtrics writes it today."""
    return csv_of(rows_of(columns, people))


LABELS = ("Never", "Now and then", "Usually", "<b>Yes,</b>&nbsp;always", "Doesn't apply")


def matrix_question(recodes: Sequence[str] = ("1", "2", "3", "4", "9"), **more: Any) -> Any:
    """Return the payload of the matrix in `MATRIX`; a row was deleted and another moved."""
    rows = {
        "1": "My social worker heard me.",
        "4": "I was afraid of my social worker, at times.",
        "5": "I felt safe.",
    }
    return {
        "QuestionID": "QID7",
        "DataExportTag": "Q3",
        "QuestionType": "Matrix",
        "Selector": "Likert",
        "SubSelector": "SingleAnswer",
        "QuestionText": "How often was it<br>like this,&nbsp;in your view?",
        "QuestionDescription": "How often was it like this, in your view?",
        "Choices": {key: {"Display": text} for key, text in rows.items()},
        "ChoiceOrder": ["1", 4, "5"],
        "ChoiceDataExportTags": False,
        "Answers": {str(key): {"Display": text} for key, text in enumerate(LABELS, start=1)},
        "AnswerOrder": [1, 2, 3, 4, 5],
        "RecodeValues": {str(key): code for key, code in enumerate(recodes, start=1)},
        "Language": [],
        **more,
    }


def qsf_of(*payloads: Mapping[str, Any], fields: Sequence[str] = ()) -> str:
    """Return a survey definition."""
    flow = {
        "Flow": [
            {
                "Type": "Branch",
                "Flow": [
                    {"Type": "EmbeddedData", "EmbeddedData": [{"Field": name} for name in fields]}
                ],
            }
        ]
    }
    elements: list[dict[str, Any]] = [{"Element": "FL", "Payload": flow}]
    elements += [
        {"Element": "SQ", "PrimaryAttribute": one["QuestionID"], "Payload": one} for one in payloads
    ]
    elements.append({"Element": "RS", "Payload": None})
    return json.dumps({"SurveyEntry": {"SurveyName": "Visits"}, "SurveyElements": elements})


def put(folder: Path, name: str, content: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path
