"""Alchemer: no openly licensed export was found, so all files here are made.

Their headings follow programs that read its exports.
"""

import pandas as pd
import pytest

from relsurvey.intake import read_responses
from relsurvey.intake.recognise import read_export

CONTENT = (
    "Response ID,Time Started,Date Submitted,Status,Contact ID,Comments,Language,Referer,"
    "SessionID,User Agent,IP Address,Longitude,Latitude,Country,City,Region,Postal,"
    "My social worker heard me.:Rate: how often?,"
    '"I was afraid of my social worker, at times.:Rate: how often?",'
    "I felt safe.:Rate: how often?,How many months?,Note: anything else?\n"
    "5,2024-05-01 10:00:00,2024-05-01 10:05:00,Complete,,,English,,s,u,1.2.3.4,0,51,UK,,,,"
    "Never,Usually,Sometimes,7,\n"
    "6,2024-05-01 10:00:00,2024-05-01 10:01:00,Partial,,,English,,s,u,1.2.3.4,0,51,UK,,,,"
    "Never,,Doesn't apply,,\n"
)


def test_records_and_answers(small, export):
    answers = read_responses(export(CONTENT), small)
    assert answers.platform == "alchemer"
    assert answers.items["Q1"].tolist() == [1.0, 1.0]
    assert answers.reasons.loc[1, ["Q2", "Q3"]].tolist() == ["unanswered", "not_applicable"]
    assert answers.meta["respondent_id"].tolist() == ["5", "6"]
    assert answers.meta["finished"].tolist() == [True, False]
    assert answers.meta["duration"].tolist() == [300.0, 60.0]
    assert answers.meta["started"].tolist()[0] == pd.Timestamp("2024-05-01 10:00")
    assert answers.context["months"].tolist()[0] == "7"
    assert "1 response with the status 'Partial'; kept." in answers.log.summary()


def test_columns(export):
    found = read_export(export(CONTENT))
    roles = [column.role for column in found.columns]
    assert roles.count("personal") == 8
    assert roles[17:] == ["answer"] * 5
    assert (found.columns[17].stem, found.columns[17].text) == (
        "Rate: how often?",
        "My social worker heard me.",
    )
    assert (found.columns[21].stem, found.columns[21].text) == ("", "Note: anything else?")


@pytest.mark.parametrize(
    "heading", ["Response ID,Date Submitted,Q1", "Response ID,Status,Language,IP Address"]
)
def test_what_other_tables_have_too_is_not_enough(export, heading):
    cells = ",".join("1" for _ in heading.split(","))
    assert read_export(export(f"{heading}\n{cells}\n")).platform == "csv"
