"""Microsoft Forms: no openly licensed export was found, so all files here are made.

Their shape follows real workbooks: five columns of the platform, then one a statement.
"""

import datetime as dt

import openpyxl
import pandas as pd
import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.recognise import read_export

STATEMENTS = [
    "My social worker\u00a0heard me.",
    "I was afraid of my social worker, at times.",
    "I felt safe.",
]
OWN = ["ID", "Start time", "Completion time", "Email", "Name"]
START = dt.datetime(2024, 5, 1, 10, 0, 0)
END = dt.datetime(2024, 5, 1, 10, 5, 11)


def workbook(path, heading, *rows):
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    for row in (heading, *rows):
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook(small, tmp_path):
    path = workbook(
        tmp_path / "Survey(1-2).xlsx",
        [*OWN, "Last modified time", *STATEMENTS, "How many months?", "Which?"],
        [3, START, END, "anonymous", None, None, "Never", "Usually", "Now and then", "12", "a;b;"],
        [5, START, END, "anonymous", None, None, "Yes, always", None, "Doesn't apply", "7", ""],
    )
    answers = read_responses(path, small)
    assert answers.platform == "msforms"
    assert answers.items["Q1"].tolist() == [1.0, 4.0]
    assert answers.reasons.loc[1, ["Q2", "Q3"]].tolist() == ["unanswered", "not_applicable"]
    assert answers.meta["respondent_id"].tolist() == ["3", "5"]
    assert answers.meta["started"].tolist() == [pd.Timestamp(START)] * 2
    assert answers.meta["duration"].tolist() == [311.0, 311.0]
    assert answers.context["months"].tolist() == ["12", "7"]
    found = read_export(path)
    assert [column.role for column in found.columns[:6]] == [
        "record",
        "record",
        "record",
        "personal",
        "personal",
        "record",
    ]
    assert found.why.startswith("Its first columns are Microsoft Forms' own")


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        (("4/28/21 11:21:47", "4/28/21 11:22:00"), 13.0),
        (("12/24/2019 8:41", "12/24/2019 8:43"), 120.0),
        (("28.04.2021 11:21", "28.04.2021 11:22"), 60.0),
    ],
)
def test_saved_again_as_csv(small, export, times, seconds):
    quoted = ";".join(f'"{text}"' for text in [*OWN, *STATEMENTS])
    path = export(f"\ufeff{quoted}\n1;{times[0]};{times[1]};anonymous;;Never;Usually;Never\n")
    answers = read_responses(path, small)
    assert answers.platform == "msforms"
    assert answers.meta["duration"].tolist() == [seconds]


@pytest.mark.parametrize(
    "own",
    [
        ["ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name"],
        ["ID", "Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre"],
        ["ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom"],
        ["ID", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"],
        ["ID", "Ora di inizio", "Ora di completamento", "Posta elettronica", "Nome"],
        ["ID", "Hora de início", "Hora de conclusão", "Email", "Nome"],
        ["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn"],
        ["Id", "Starttid", "Slutförandetid", "E-post", "Namn"],
        ["ID", "Aloitusaika", "Valmistumisaika", "Sähköposti", "Nimi"],
        ["ID", "開始時刻", "完了時刻", "メール", "名前"],
    ],
)
def test_every_language(small, tmp_path, own):
    path = workbook(
        tmp_path / "x.xlsx",
        [*own, *STATEMENTS],
        [1, START, END, "anonymous", None, "Nie", "Never", "Immer"],
        [2, START, END, "a@b.example", "A B", "Nie", "Never", "Immer"],
    )
    answers = read_responses(path, small)
    assert answers.platform == "msforms"
    assert answers.meta["duration"].tolist() == [311.0, 311.0]
    roles = [column.role for column in read_export(path).columns[:5]]
    assert roles == ["record", "record", "record", "personal", "personal"]


@pytest.mark.parametrize(
    "marks",
    [("Points - {}", "Feedback - {}"), ("Punkte – {}", "Feedback – {}"), ("Puntos: {}", None)],
)
def test_a_quiz(small, tmp_path, marks):
    heading, answers = [*OWN, "Total points", "Quiz feedback"], [1, START, END, "a@b.example", "A"]
    answers += [3, ""]
    for statement in STATEMENTS:
        heading += [statement, *(mark.format(statement) for mark in marks if mark)]
        answers += ["Never", *(1 for mark in marks if mark)]
    path = workbook(tmp_path / "quiz.xlsx", heading, answers)
    assert read_responses(path, small).items.iloc[0].tolist() == [1.0, 1.0, 1.0]
    roles = [column.role for column in read_export(path).columns]
    assert roles.count("platform") == 2 + 3 * sum(mark is not None for mark in marks)


def test_a_statement_that_stands_twice_is_not_chosen_between(small, tmp_path):
    twice = [*STATEMENTS, f"{STATEMENTS[2]}2", f"{STATEMENTS[2]}3"]
    path = workbook(
        tmp_path / "x.xlsx",
        [*OWN, *twice],
        [1, START, END, "anonymous", None, *["Never"] * 4, "Usually"],
    )
    with pytest.raises(IntakeError, match=r"3 columns could hold Q3: column 8, .* and column 9"):
        read_responses(path, small)
    answers = read_responses(path, small, columns={"Q3": "I felt safe.3"})
    assert answers.items.loc[0, "Q3"] == 3.0


def test_numerals_that_are_part_of_a_statement_stay(tmp_path):
    heading = [*OWN, "Item 1", "Item 12", "Plan 2", "Q", "Q3", "Column", "2"]
    path = workbook(tmp_path / "x.xlsx", heading, [1, START, END, "anonymous", None, *["x"] * 7])
    assert [column.text for column in read_export(path).columns[5:]] == heading[5:]


@pytest.mark.parametrize(
    "content",
    [
        "ID,Q1,Q2,Q3\n1,1,2,3\n",
        "ID,Start time,Q1,Q2,Q3,Name\n1,2024-05-01 10:00,2,3,1,x\n",
        "id,from,to,worker,team,Q1\n1,2024-05-01 10:00,2024-05-01 10:05,W7,T1,3\n",
    ],
)
def test_what_other_tables_have_too_is_not_enough(export, content):
    assert read_export(export(content)).platform == "csv"
