"""SurveyMonkey: two real exports, and small ones built as its help pages describe."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from relsurvey.errors import IntakeError
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses
from relsurvey.intake.recognise import read_export

DATA = Path(__file__).parents[2] / "data" / "surveymonkey"
OWN = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,"
    "Last Name,Custom Data 1"
)
TWO_ROWS = (
    f"{OWN},How often?,,,How many months?\n"
    ",,,,,,,,,My social worker heard me.,I felt safe.,"
    '"I was afraid of my social worker, at times.",Open-Ended Response\n'
    "10001,77,04/28/2021 10:00:00 AM,04/28/2021 10:05:30 AM,127.0.0.1,,,,W7,Never,Usually,,12\n"
    "10002,77,04/28/2021 01:00:00 PM,04/28/2021 01:01:00 PM,127.0.0.1,,,,W8,,Never,9,\n"
)


def test_the_real_file_with_two_rows():
    found = read_export(DATA / "starwars.csv")
    assert (found.platform, len(found.table.rows), len(found.columns)) == ("surveymonkey", 40, 38)
    assert found.table.rows[0] == 3
    names = found.table.heading
    stem = "Which of the following Star Wars films have you seen? Please select all that apply."
    assert names[1].endswith("Star Wars franchise?")
    assert names[3] == f"{stem} [Star Wars: Episode I  The Phantom Menace]"
    assert names[8] == f"{stem} [Star Wars: Episode VI Return of the Jedi]"
    assert (found.columns[15].text, found.columns[28].text) == ("Han Solo", "Yoda")
    assert found.columns[28].stem.startswith("Please state whether you view")
    assert names[-1] == "Location (Census Region)"
    assert found.respondent == 0
    grid = {text for column in found.table.columns[15:29] for text in column.trimmed}
    # A label among others: what it means is for the instrument to say.
    assert "Unfamiliar (N/A)" in grid
    assert not found.columns[15].missing
    assert not found.columns[15].declared


def test_the_real_file_with_one_row():
    found = read_export(DATA / "flying_etiquette.csv")
    assert (found.platform, len(found.table.rows)) == ("surveymonkey", 5)
    assert found.table.row(0)[0] == "3436139758"
    assert found.columns[1].text == "How often do you travel by plane?"


def test_records_and_names(small, export):
    answers = read_responses(export(TWO_ROWS), small, worker="Custom Data 1")
    assert answers.platform == "surveymonkey"
    assert answers.items["Q1"].tolist()[0] == 1.0
    assert answers.reasons["Q2"].tolist() == ["unanswered", "not_applicable"]
    assert answers.meta["respondent_id"].tolist() == ["10001", "10002"]
    assert answers.meta["worker_id"].tolist() == ["W7", "W8"]
    assert answers.meta["started"].tolist()[1] == pd.Timestamp("2021-04-28 13:00")
    assert answers.meta["duration"].tolist() == [330.0, 60.0]
    assert answers.context["months"].tolist()[0] == "12"
    assert answers.rows.tolist() == [3, 4]
    assert "Row 2 was read as part of the heading." in answers.log.summary()
    found = read_export(export(TWO_ROWS))
    personal = [column.name for column in found.columns if column.role == "personal"]
    assert personal == ["IP Address", "Email Address", "First Name", "Last Name"]
    assert found.columns[10].name == "How often? [I felt safe.]"


def test_bytes_that_are_not_utf8(small, export):
    content = TWO_ROWS.replace("How often?", "How often\u2026 \u00e0 peu pr\u00e8s?")
    answers = read_responses(export(content, encoding="cp1252"), small)
    assert answers.platform == "surveymonkey"
    assert "Windows-1252" in answers.log.summary()


def test_a_workbook_that_ends_in_a_grid(small, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Respondent ID", "Collector ID", "Start Date", "End Date", "How often?"])
    book.active.append([*[None] * 4, "Q1", "Q2", "Q3"])
    book.active.append([118, 7, "04/28/2021", "04/28/2021", 1, 2, 3])
    book.save(tmp_path / "x.xlsx")
    answers = read_responses(tmp_path / "x.xlsx", small)
    assert (answers.platform, answers.n) == ("surveymonkey", 1)
    assert answers.items.iloc[0].tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    "heading",
    [
        "respondent_id,collector_id,date_created,date_modified,q0001_0001,Q1,Q2,Q3",
        "Respondent ID,Collector ID,Start Date,End Date,x,Q1,Q2,Q3",
    ],
)
def test_one_heading_row(small, export, heading):
    path = export(f"{heading}\n118,77,2021-04-28 10:00,2021-04-28 10:05,x,1,2,3\n")
    answers = read_responses(path, small)
    assert answers.platform == "surveymonkey"
    assert answers.meta["duration"].tolist() == [300.0]


def test_a_second_row_without_a_word_in_it(small, export):
    content = "Respondent ID,Collector ID,Q1,Q2,Q3\n,,,,\n118,77,1,2,3\n"
    assert read_responses(export(content), small).n == 1


@pytest.mark.parametrize(
    "content",
    [
        "respondent_id,Q1,Q2,Q3\n61617,1,2,3\n",
        "Respondent ID,Q1,Q2,Q3\n1234567890,1,2,3\n",
        "id,How often?,,Why?\n1,a,b,c\n",
        "id,Q1,Q2\n,Response,x\n",
    ],
)
def test_what_other_tables_have_too_is_not_enough(export, content):
    assert read_export(export(content)).platform == "csv"


def numbers_of(instrument, cells):
    items = load_instrument(instrument).item_ids
    heading = f"Respondent ID,Collector ID,Start Date,End Date,{','.join(items)}\n"
    answers = ",".join((cells.split(",") * len(items))[: len(items)])
    return heading + "".join(f"{row},7,04/28/2021,04/28/2021,{answers}\n" for row in range(99))


def test_numbers_on_a_scale_from_0_are_refused(export):
    with pytest.raises(IntakeError, match="SurveyMonkey numbers answers 1, 2, 3"):
        read_responses(export(numbers_of("peech-sc", "1,2,3")), "peech-sc")


@pytest.mark.parametrize("cells", ["0,1,2,3", "1,2,3,9"])
def test_codes_no_platform_counts_are_those_of_the_instrument(export, cells):
    answers = read_responses(export(numbers_of("peech-sc", cells)), "peech-sc")
    assert answers.items.iloc[0, 1] == float(cells[2])
    assert "Please confirm that 0 stands for 'Never'" in answers.log.summary()


def test_numbers_on_a_scale_from_1_are_to_be_confirmed(export):
    answers = read_responses(export(numbers_of("rpq-16", "1,2,6")), "rpq-16")
    (said,) = [entry.what for entry in answers.log.warnings if "stands for" in entry.what]
    assert said.startswith("Please confirm that 1 stands for 'Not at all' and 6 stands for")


def test_texts_need_no_confirmation(small, export):
    assert "stands for" not in read_responses(export(TWO_ROWS), small).log.summary()
