"""Google Forms: no openly licensed export was found, so all files here are made.

Their shape follows real exports and the help pages: a time stamp, then the questions.
"""

import pandas as pd
import pytest

from relsurvey.intake import read_responses
from relsurvey.intake.recognise import read_export

GRID = (
    "How often? [My social worker heard me.],"
    '"How often? [I was afraid of my social worker, at times.]",How often? [I felt safe.]'
)
ROWS = "12/13/2019 9:50:30,Never,Usually,Sometimes\n12/14/2019 8:00:00,Never,,Doesn't apply\n"


def test_a_grid(small, export):
    answers = read_responses(export(f"Timestamp,{GRID}\n{ROWS}"), small)
    assert answers.platform == "googleforms"
    assert answers.items["Q2"].tolist()[0] == 3.0
    assert answers.reasons.loc[1, ["Q2", "Q3"]].tolist() == ["unanswered", "not_applicable"]
    assert answers.meta["submitted"].tolist()[0] == pd.Timestamp("2019-12-13 09:50:30")
    assert "holds submitted responses only" in answers.log.summary()
    assert "Found by wording" in answers.log.summary()
    found = read_export(export(f"Timestamp,{GRID}\n{ROWS}"))
    assert found.why == "'Timestamp' stands first, and questions have their rows in brackets"
    assert (found.columns[1].stem, found.columns[3].text) == ("How often?", "I felt safe.")
    assert found.respondent is None


@pytest.mark.parametrize(
    "first",
    [
        "Timestamp",
        "Zeitstempel",
        "Marca temporal",
        "Horodateur",
        "Informazioni cronologiche",
        "Tijdstempel",
        "Carimbo de data/hora",
        "Tidsstämpel",
    ],
)
def test_every_language(small, export, first):
    assert read_responses(export(f"{first},{GRID}\n{ROWS}"), small).platform == "googleforms"


def test_address_and_score_are_no_answers(export):
    content = (
        "Timestamp,Email Address,Score,Q1,Q1 [Score],Q1 [Feedback]\n"
        "2019/12/13 9:50:30 AM GMT+1,a@b.example,5 / 10,Never,1.00 / 1,\n"
    )
    found = read_export(export(content))
    assert found.platform == "googleforms"
    roles = [column.role for column in found.columns]
    assert roles == ["record", "personal", "platform", "answer", "platform", "platform"]
    assert found.records["submitted"].tolist() == [pd.Timestamp("2019-12-13 08:50:30")]


def test_questions_without_a_grid(small, export):
    content = (
        '"Timestamp","My social worker heard me.","I was afraid of my social worker, at times.",'
        '"I felt safe.","How many months?"\n"13.12.2019 09:50:30","1","2","3","7"\n'
    )
    answers = read_responses(export(content), small)
    assert answers.platform == "googleforms"
    assert answers.context["months"].tolist() == ["7"]


def test_dates_that_do_not_tell_day_from_month_are_left_out(small, export):
    answers = read_responses(export(f"Timestamp,{GRID}\n1/2/2020 9:00:00,1,2,3\n"), small)
    assert answers.meta["submitted"].isna().all()
    assert "whether the day or the month stands first" in answers.log.summary()


@pytest.mark.parametrize(
    "content",
    [
        "Timestamp,id,Q1,Q2,Q3\n2024-05-01 10:00,1,1,2,3\n",
        "Timestamp,country,city,age,rent\n3/24/2022 13:06:29,a,b,24,40\n",
        "timestamp,temperature,humidity\n2024-05-01T10:00:00,20,40\n",
        "Timestamp,Do you like it?,And this here as well?\n1714557600,1,2\n",
        "id,Timestamp,How often do you come here?\n1,2024-05-01 10:00,2\n",
    ],
)
def test_a_column_of_times_is_not_enough(export, content):
    assert read_export(export(content)).platform == "csv"


def test_named_where_items_stand_as_codes(small, export):
    path = export("Timestamp,Q1,Q2,Q3\n2024-05-01 10:00:00,1,2,3\n")
    assert "submitted" not in read_responses(path, small).meta
    answers = read_responses(path, small, platform="Google Forms")
    assert answers.meta["submitted"].tolist() == [pd.Timestamp("2024-05-01 10:00")]


def test_a_language_that_is_not_known(small, export):
    answers = read_responses(export(f"Stampila de timp,{GRID}\n{ROWS}"), small)
    assert answers.platform == "googleforms"
    assert answers.meta["submitted"].tolist()[0] == pd.Timestamp("2019-12-13 09:50:30")
    why = read_export(export(f"Stampila de timp,{GRID}\n{ROWS}")).why
    assert why.startswith("'Stampila de timp' stands first with dates and times, and questions")
    no_times = ROWS.replace(" 9:50:30", "").replace(" 8:00:00", "")
    for heading, rows in ((f"when,{GRID}", no_times), ("when,A thing?,Another?,And this?", ROWS)):
        assert read_export(export(f"{heading}\n{rows}")).platform != "googleforms"
