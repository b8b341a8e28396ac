"""Which platform takes which file: each its own, and plain tables none."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from relsurvey.intake.files.containers import read_container
from relsurvey.intake.platforms import PLATFORMS
from relsurvey.intake.recognise import read_export

TESTS = Path(__file__).parents[2]
ROOT = TESTS.parent
DATA = TESTS / "data"

# Structures, dictionaries and label files are no answers, and are tried in their own tests.
REAL = sorted(
    path
    for name in PLATFORMS
    for path in (DATA / name).glob("*")
    if path.suffix in {".csv", ".tsv", ".xlsx", ".sav", ".dta"}
    and not any(word in path.stem for word in ("dictionary", "labels", "structure"))
)
PLAIN = [
    *sorted((ROOT / "data" / "sample").glob("*.csv")),
    TESTS / "reference" / "bfi.csv",
    TESTS / "reference" / "hsb.csv",
]

# One line of each platform as its own tests have it, and lines between two of them.
MADE = {
    "Response ID,Date submitted,Last page,Start language,Seed,Q [a],Q [b]": "limesurvey",
    "id,submitdate,lastpage,startlanguage,token,Q1,Q2,Q3": "limesurvey",
    "id. Response ID,submitdate. Date submitted,a[b]. Stem [row],x. y": "limesurvey",
    "start,end,g/Q1,g/Q2,_id,_uuid,_submission_time,_validation_status,_index": "kobo",
    "SubmissionDate,g-Q1,g-Q2,meta-instanceID,KEY,SubmitterID,ReviewState": "kobo",
    "ID,Start time,Completion time,Email,Name,I felt heard.,I felt safe.": "msforms",
    "Id,Starttid,Slutförandetid,E-post,Namn,Fråga ett,Fråga två": "msforms",
    "Timestamp,How often? [Heard],How often? [Safe],Why?": "googleforms",
    "Timestamp,Email Address,Q1,Q2,Q3": "googleforms",
    "Respondent ID,Collector ID,Start Date,End Date,Q1,Q2,Q3": "surveymonkey",
    "respondent_id,collector_id,date_created,date_modified,q0001,q0002": "surveymonkey",
    "Response ID,Time Started,Date Submitted,Status,a:b,c:b": "alchemer",
    # A form that asks for an id; a survey that asks for a time; a table of either's columns.
    "Timestamp,Respondent ID,Collector ID,Q1": "csv",
    "id,Start time,End time,Q1,Q2,Q3": "csv",
    "worker_id,team,Q1,Q2,Q3": "csv",
    "id,wave,SEC1,SEC2,Date submitted,Status": "csv",
    "participant,theta[1],theta[2],theta[3]": "csv",
    "KEY,VALUE,Q1": "csv",
}


def cells_of(heading):
    """Return a row that suits a heading: times where it names times, numbers elsewhere."""
    timed = ("time", "date", "start", "end", "tid", "_submission_time")
    return ",".join(
        "2024-05-01 10:00:00"
        if any(word in name.lower() for word in timed) and "[" not in name
        else "1"
        for name in heading.split(",")
    )


def claims(path):
    """Return every platform that would take a file, in the order in which they are asked."""
    table = read_container(path)
    return [name for name, platform in PLATFORMS.items() if platform.recognise(table)]


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_real_file_is_taken_by_its_own_platform_and_no_other(path):
    own = path.parent.name
    taken_by = claims(path)
    assert taken_by[0] == own
    # Any SPSS file is one of SPSS as well, whichever platform wrote it; that comes last.
    assert set(taken_by) <= {own, "spss"}


def test_there_are_real_files():
    assert {path.parent.name for path in REAL} >= {"limesurvey", "surveymonkey"}


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.name)
def test_a_plain_table_is_taken_by_none(path):
    assert claims(path) == []
    assert read_export(path).platform == "csv"


def test_the_reference_survey_is_limesurvey():
    assert claims(TESTS / "reference" / "rse2017_uk_code_and_text.csv") == ["limesurvey"]


@pytest.mark.parametrize(("heading", "platform"), MADE.items())
def test_headings_are_taken_by_their_own_platform_and_no_other(export, heading, platform):
    path = export(f"{heading}\n{cells_of(heading)}\n")
    assert claims(path) == ([] if platform == "csv" else [platform])


@pytest.mark.parametrize("heading", ["id,submitdate,lastpage", "KEY,SubmissionDate,start"])
def test_a_file_that_describes_its_columns_keeps_its_labels(tmp_path, heading):
    names = heading.split(",")
    frame = pd.DataFrame({name: ["1"] for name in names})
    pyreadstat.write_sav(frame, tmp_path / "x.sav")
    assert claims(tmp_path / "x.sav") == ["spss"]


def test_why_is_said(export):
    heading = next(iter(MADE))
    why = read_export(export(f"{heading}\n{cells_of(heading)}\n")).why
    assert why == "Its headings hold LimeSurvey's own: 'Response ID', 'Date submitted', 'Last page'"
