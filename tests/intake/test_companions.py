"""Definitions, dictionaries and labels, given as answers or as another platform's dictionary."""

from __future__ import annotations

import json

import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake.companions import companion_in
from relsurvey.intake.recognise import read_export

QSF = json.dumps({"SurveyEntry": {"SurveyName": "a"}, "SurveyElements": []})
DICTIONARY = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label\n"
    "record_id,first,,text,Record\n"
)
# Some lines end in a delimiter, as those of real files do.
STRUCTURE = (
    "questionName;variableName;questionType;subType;questionText;choiceValue;choiceText\n"
    "s_1;s_1;Closed;Single;How old?;;;\n"
    "s_2;s_2;Closed;Single;How tall?;;\n"
)
LABELS = "s_1,1,Young\ns_1,2,Old\ns_2,1,Tall\n"
REDCAP = "record_id,redcap_event_name,a\n1,start,2\n"
SURVEYXACT = "respondent,stato_1,stato_2,stato_3,stato_4,stato_5,s_1\n1,0,0,0,1,0,2\n"
QUALTRICS = (
    'StartDate,QID1\nStart Date,How?\n"{""ImportId"":""startDate""}","{""ImportId"":""QID1""}"\n'
    "2026-01-01,2\n"
)


@pytest.mark.parametrize(
    ("content", "name", "encoding", "platform"),
    [
        (QSF, "a.txt", "utf-8-sig", "qualtrics"),
        (DICTIONARY, "a.csv", "utf-8-sig", "redcap"),
        (STRUCTURE, "a.csv", "utf-16", "surveyxact"),
        (LABELS, "a.csv", "cp1252", "surveyxact"),
    ],
)
def test_what_a_file_is_shows_in_what_it_holds(export, content, name, encoding, platform) -> None:
    found = companion_in(export(content, name, encoding))
    assert found is not None
    assert found.platform == platform


@pytest.mark.parametrize(
    "content", ["", "{}", "a,b\n1,2\n", REDCAP, QUALTRICS, b"\x00\xff\xd8", b"PK\x03\x04"]
)
def test_other_files_are_none(export, content) -> None:
    assert companion_in(export(content)) is None


def test_a_folder_and_no_file_are_none(tmp_path) -> None:
    assert companion_in(tmp_path) is None
    assert companion_in(tmp_path / "none.qsf") is None


@pytest.mark.parametrize(
    ("answers", "content", "name", "message"),
    [
        (REDCAP, QSF, "a.qsf", "a.qsf is a .qsf.* in Qualtrics; export.csv was read as REDCap"),
        (REDCAP, STRUCTURE, "a.csv", "the structure of a survey in SurveyXact"),
        (QUALTRICS, DICTIONARY, "a.csv", "data dictionary of a project in REDCap; .* as Qualtrics"),
        (SURVEYXACT, QSF, "a.qsf", "in Qualtrics; export.csv was read as SurveyXact"),
    ],
)
def test_the_dictionary_of_another_platform(export, answers, content, name, message) -> None:
    path = export(answers)
    with pytest.raises(IntakeError, match=message) as caught:
        read_export(path, dictionary=export(content, name))
    assert "leave it out" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (QSF, "a.qsf", "a.qsf holds no answers: it is a .qsf"),
        (json.dumps(json.loads(QSF), indent=1), "a.qsf", "a.qsf holds no answers: it is a .qsf"),
        (STRUCTURE, "structure.csv", "holds no answers: it is the structure of a survey"),
    ],
)
def test_given_as_answers(export, content, name, message) -> None:
    with pytest.raises(IntakeError, match=message) as caught:
        read_export(export(content, name))
    assert "--dictionary" in (caught.value.hint or "")
