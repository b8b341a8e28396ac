"""KoboToolbox and ODK Central: no openly licensed export was found, so all files here are made.

Their headings follow KoboToolbox's and ODK Central's documentation and real exports.
"""

import openpyxl
import pandas as pd
import pytest

from relsurvey.intake import read_responses
from relsurvey.intake.recognise import read_export

KOBO = (
    "start,end,today,deviceid,username,grid/Q1,grid/Q2,grid/Q3,why,why/money,why/time,"
    "place,_place_latitude,_place_longitude,_place_altitude,_place_precision,"
    "__version__,_id,_uuid,_submission_time,_validation_status,_notes,_tags,_status,"
    "_submitted_by,_index\n"
    "2024-05-01T10:00:00.000+01:00,2024-05-01T10:05:30.000+01:00,2024-05-01,c1,anna,1,2,3,"
    "money time,1,1,51.5 -0.1 0 5,51.5,-0.1,0,5,v1,11,u-1,2024-05-03T08:00:00,"
    "validation_status_not_approved,,,submitted_via_web,anna,1\n"
    "2024-05-02T10:00:00.000+01:00,2024-05-02T10:01:00.000+01:00,2024-05-02,c1,anna,4,,3,"
    "money,1,0,,,,,,v1,12,u-2,2024-05-03T08:00:01,validation_status_approved,,,"
    "submitted_via_web,anna,2\n"
)
CENTRAL = (
    "SubmissionDate,start,end,grid-Q1,grid-Q2,grid-Q3,why,why/money,home-Latitude,home-Longitude,"
    "home-Altitude,home-Accuracy,meta-instanceID,meta-instanceName,KEY,SubmitterID,"
    "SubmitterName,AttachmentsPresent,AttachmentsExpected,Status,ReviewState,DeviceID,Edits,"
    "FormVersion\n"
    "2024-05-03T08:00:00.000Z,2024-05-01T10:00:00.000+02:00,2024-05-01T10:05:00.000+02:00,"
    "1,2,3,money,1,1.0,2.0,0,0,uuid:1,Anna,uuid:1,5,Web,0,0,,rejected,dev,0,v2\n"
    "2024-05-03T09:00:00.000Z,,,4,,9,,0,,,,,uuid:2,Bert,uuid:2,5,Web,0,0,,approved,dev,1,v2\n"
)


def test_kobo_records(small, export):
    answers = read_responses(export(KOBO), small)
    assert answers.platform == "kobo"
    assert answers.items["Q1"].tolist() == [1.0, 4.0]
    assert answers.reasons.loc[1, "Q2"] == "unanswered"
    assert answers.meta["respondent_id"].tolist() == ["u-1", "u-2"]
    assert answers.meta["submitted"].tolist()[0] == pd.Timestamp("2024-05-03 08:00")
    # Filled in on the first of May and sent two days later: it did not take two days.
    assert answers.meta["duration"].tolist() == [330.0, 60.0]
    log = answers.log.summary()
    assert "1 row marked as rejected in '_validation_status'; kept." in log
    assert "it may also be a question that was not shown" in log


def test_kobo_columns(export):
    found = read_export(export(KOBO))
    roles = {column.name: column.role for column in found.columns}
    personal = {name for name, role in roles.items() if role == "personal"}
    assert personal == {
        "deviceid",
        "username",
        "_submitted_by",
        "place",
        "_place_latitude",
        "_place_longitude",
        "_place_altitude",
        "_place_precision",
    }
    assert {roles[name] for name in ("__version__", "_status", "_tags")} == {"platform"}
    assert {roles[name] for name in ("start", "_uuid", "_submission_time")} == {"record"}
    by_name = {column.name: column for column in found.columns}
    assert by_name["grid/Q1"].code == "Q1"
    assert by_name["why/money"].code == ""
    assert by_name["why/money"].ids == ("why/money",)


@pytest.mark.parametrize("sign", [".", "-"])
def test_other_signs_between_groups(small, export, sign):
    content = KOBO.replace("grid/", f"grid{sign}").replace("why/", f"why{sign}")
    answers = read_responses(export(content), small)
    assert answers.items["Q1"].tolist() == [1.0, 4.0]


def test_saved_again_by_r(small, export):
    heading, _, rest = KOBO.partition("\n")
    names = [f"X{name}" if name[0] == "_" else name for name in heading.split(",")]
    heading = ",".join(names).replace("/", ".")
    answers = read_responses(export(f"{heading}\n{rest}"), small)
    assert (answers.platform, answers.items["Q3"].tolist()) == ("kobo", [3.0, 3.0])
    assert answers.meta["respondent_id"].tolist() == ["u-1", "u-2"]


def test_labels_for_headings_and_values(small, export):
    content = (
        "start,end,Your worker/My social worker heard me.,"
        '"Your worker/I was afraid of my social worker, at times.",Your worker/I felt safe.,'
        "Is he/she kind?,_id,_uuid,_submission_time,_index\n"
        "2024-05-01T10:00:00,2024-05-01T10:05:00,Never,Sometimes,Usually,yes,1,u,"
        "2024-05-01T09:06:00,1\n"
    )
    answers = read_responses(export(content), small)
    assert answers.items.iloc[0].tolist() == [1.0, 2.0, 3.0]
    # The end of a form in local time is no earlier than its submission in UTC: no difference
    # between the two is taken.
    assert answers.meta["duration"].tolist() == [300.0]
    columns = read_export(export(content)).columns
    assert (columns[2].stem, columns[2].text) == ("Your worker", "My social worker heard me.")
    assert (columns[5].stem, columns[5].text) == ("", "Is he/she kind?")


def test_central(small, export):
    answers = read_responses(export(CENTRAL), small)
    assert answers.platform == "kobo"
    assert answers.meta["respondent_id"].tolist() == ["uuid:1", "uuid:2"]
    assert answers.reasons.loc[1, ["Q2", "Q3"]].tolist() == ["unanswered", "not_applicable"]
    assert answers.meta["duration"].tolist()[0] == 300.0
    assert "1 row marked as rejected in 'ReviewState'; kept." in answers.log.summary()
    roles = {column.name: column.role for column in read_export(export(CENTRAL)).columns}
    assert roles["home-Latitude"] == roles["SubmitterName"] == roles["DeviceID"] == "personal"
    assert roles["meta-instanceName"] == "personal"


def test_without_an_end_there_is_no_duration(export):
    found = read_export(export("start,Q1,_uuid,_submission_time\n2024-05-01T10:00:00,1,u,\n"))
    assert list(found.records) == ["started", "submitted"]


def test_a_workbook_with_the_sheet_of_a_repeated_group(small, tmp_path):
    book = openpyxl.Workbook()
    for line in (["start", "grid/Q1", "grid/Q2", "grid/Q3", "_id", "_uuid", "_index"],):
        book.active.append(line)
    book.active.append(["2024-05-01T10:00:00", 1, 2, 3, 7, "u-1", 1])
    repeated = book.create_sheet("visits")
    repeated.append(["visits/when", "_index", "_parent_table_name", "_parent_index"])
    repeated.append(["Monday", 1, "survey", 1])
    book.save(tmp_path / "survey.xlsx")
    answers = read_responses(tmp_path / "survey.xlsx", small)
    assert (answers.platform, answers.n) == ("kobo", 1)
    assert "1 other sheet not read: visits" in answers.log.summary()


def test_rows_of_a_repeated_group_are_said(small, export):
    content = (
        "visit/Q1,visit/Q2,visit/Q3,_index,_parent_table_name,_parent_index,_submission__uuid,"
        "_submission__submission_time\n1,2,3,1,main,1,u,\n1,2,3,2,main,1,u,\n"
    )
    answers = read_responses(export(content), small, platform="kobo")
    assert "The rows are those of a repeated group" in answers.log.summary()
    assert answers.meta["respondent_id"].tolist() == ["1", "2"]


@pytest.mark.parametrize("heading", ["_id,Q1,Q2", "KEY,Q1,Q2", "start,end,today,Q1", "_index,Q1"])
def test_what_other_tables_have_too_is_not_enough(export, heading):
    cells = ",".join("1" for _ in heading.split(","))
    assert read_export(export(f"{heading}\n{cells}\n")).platform == "csv"
