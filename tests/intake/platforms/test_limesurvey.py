"""LimeSurvey: real exports, and small ones built as its own export writes them."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.recognise import read_export

DATA = Path(__file__).parents[2] / "data" / "limesurvey"
REFERENCE = Path(__file__).parents[2] / "reference"

ANSWERS = """id,submitdate,lastpage,startlanguage,seed,g[Q1],g[Q2],g[Q3],g[other]
7,2024-05-01 10:05:00,3,en,123,1,2,3,
9,,1,de,124,4,N/A,,
"""


def read(path, instrument, **more):
    return read_responses(path, instrument, platform="limesurvey", **more)


def test_real_codes():
    found = read_export(DATA / "codes.csv")
    assert (found.platform, len(found.table.rows), len(found.columns)) == ("limesurvey", 50, 45)
    assert found.why == "35 headings are a question's code with a row's code in brackets"
    assert [column.code for column in found.columns[:3]] == ["", "QMI01", "QMI02"]
    assert found.columns[1].ids == ("QMIQ02[QMI01]", "QMIQ02_QMI01")
    assert {column.role for column in found.columns} == {"answer"}
    assert found.records.empty
    assert found.respondent is None


def test_real_german_full_text():
    found = read_export(DATA / "german_full_text.csv")
    assert (found.platform, len(found.table.rows), len(found.columns)) == ("limesurvey", 15, 317)
    assert found.why == "'Antwort ID' and headings with their row in brackets"
    assert found.respondent == 0
    assert found.columns[0].role == "record"
    assert found.columns[1].stem == "Welchen fachlichen Hintergrund haben Sie?"
    assert found.columns[1].text == "Maschinenbau"
    assert found.columns[8].text == "Er simuliert das zugehörige Cyber-physische System (CPS)."
    cells = [text for column in found.table.columns for text in map(column.text, range(15))]
    assert cells.count("N/A") == 2600
    assert found.columns[8].missing == {"N/A": "not_shown"}


def test_real_code_and_text_without_any_metadata():
    found = read_export(REFERENCE / "rse2017_uk_code_and_text.csv")
    assert (found.platform, len(found.table.rows), len(found.columns)) == ("limesurvey", 253, 245)
    named = next(column for column in found.columns if column.code == "time3can")
    assert named.stem == "In an average month, how much time do you spend on:"
    assert named.text == "People management"


def test_records_and_missing_reasons(small, export):
    answers = read_responses(export(ANSWERS), small)
    assert answers.platform == "limesurvey"
    assert answers.items["Q1"].tolist() == [1.0, 4.0]
    assert answers.reasons.loc[1, ["Q2", "Q3"]].tolist() == ["not_shown", "unanswered"]
    assert answers.meta["respondent_id"].tolist() == ["7", "9"]
    assert answers.meta["finished"].tolist() == [True, False]
    assert answers.meta["submitted"][0] == pd.Timestamp("2024-05-01 10:05")
    assert answers.meta["language"].tolist() == ["en", "de"]
    log = answers.log.summary()
    assert "1 response not submitted; kept, and marked in 'finished'." in log
    assert "a blank cell is unanswered" in log


def test_the_instrument_goes_before_na(small, export):
    # Code 9 means "does not apply" in this instrument; only what it does not know is LimeSurvey's.
    answers = read_responses(export(ANSWERS.replace("N/A", "9")), small)
    assert answers.reasons.loc[1, "Q2"] == "not_applicable"


@pytest.mark.parametrize("date", ["1980-01-01 00:00:00", "1/1/1980 0:00", "01.01.1980 00:00"])
def test_no_date_stamps(small, export, date):
    answers = read_responses(export(ANSWERS.replace("2024-05-01 10:05:00", date)), small)
    assert answers.meta["finished"].tolist() == [True, False]
    assert answers.meta["submitted"].isna().all()
    assert "1 response without a date in 'submitdate'." in answers.log.summary()


@pytest.mark.parametrize(
    "heading",
    [
        "Response ID;Date submitted;Last page;Start language",
        "Response_ID;Date_submitted;Last_page;Start_language",
        "id. Response ID;submitdate. Date submitted;lastpage. Last page;startlanguage. Start",
        "Antwort ID;Datum Abgeschickt;Letzte Seite;Start-Sprache",
        "ID de respuesta;Fecha de envío;Última página;Lenguaje inicial",
        "ID de la réponse;Date de soumission;Dernière page;Langue de départ",
        "ID risposta;Data invio;Ultima pagina;Lingua iniziale",
        "Antwoord ID;Datum ingestuurd;Laatste pagina;Starttaal",
        "ID da resposta;Data de envio;Última página;Língua inicial",
    ],
)
def test_metadata_in_every_way_of_writing_headings(small, export, heading):
    body = "Stem [My social worker heard me.];Stem [I was afraid of my social worker, at times.]"
    content = (
        f"\ufeff{heading};{body};Stem [I felt safe.]\n"
        "4;2024-05-01 10:05:00;3;nl-informal;Never;\ufeffUsually;Yes, always\n"
    )
    answers = read_responses(export(content), small)
    assert answers.platform == "limesurvey"
    assert answers.items.iloc[0].tolist() == [1.0, 3.0, 4.0]
    assert answers.meta.loc[0, ["respondent_id", "language"]].tolist() == ["4", "nl-informal"]
    assert answers.meta["finished"].tolist() == [True]


def test_underscores_for_brackets(small, export):
    content = ANSWERS.replace("[", "_").replace("]", "")
    answers = read_responses(export(content), small)
    assert answers.items["Q1"].tolist() == [1.0, 4.0]
    found = read_export(export(content))
    assert found.columns[5].ids == ("g[Q1]", "g_Q1")


def test_times_and_personal_columns(export):
    heading = (
        "id,submitdate,lastpage,startlanguage,token,startdate,datestamp,ipaddr,refurl,"
        "firstname,lastname,email,LeisureTime,g[Q1],interviewtime,groupTime12,gTime,age"
    )
    cells = (
        "1,2024-05-01 10:05:00,2,en,x7,2024-05-01 10:00:00,2024-05-01 10:05:00,127.0.0.1,u,"
        "A,B,a@b.example,5,1,61.5,30,31.5,44"
    )
    found = read_export(export(f"{heading}\n{cells}\n"))
    roles = {column.name: column.role for column in found.columns}
    personal = {name for name, role in roles.items() if role == "personal"}
    assert personal == {"ipaddr", "refurl", "firstname", "lastname", "email"}
    assert [roles[name] for name in ("groupTime12", "gTime")] == ["platform", "platform"]
    assert roles["LeisureTime"] == roles["age"] == roles["g[Q1]"] == "answer"
    # The sum of the page times leaves out the pauses; it goes before the difference.
    assert found.records["duration"].tolist() == [61.5]
    assert found.records["started"].tolist() == [pd.Timestamp("2024-05-01 10:00")]


def test_two_scales_are_not_one_item(small, export):
    content = "id,submitdate,g[Q1][1],g[Q1][2],g[Q2],g[Q3]\n1,2024-05-01,1,2,3,4\n"
    with pytest.raises(IntakeError, match="2 columns could hold Q1"):
        read_responses(export(content), small)
    answers = read_responses(export(content), small, columns={"Q1": "g[Q1][2]"})
    assert answers.items.iloc[0].tolist() == [2.0, 3.0, 4.0]


def test_two_scales_in_full_text(export):
    content = "Response ID,Last page,How? [Row][Scale 1],How? [Row][Scale 2]\n1,2,a,b\n"
    found = read_export(export(content))
    assert [(one.stem, one.text) for one in found.columns[2:]] == [("How?", "Row")] * 2


def test_the_text_of_other_and_of_comments_is_no_row(export):
    found = read_export(export("id,lastpage,g[SQ1],g[SQ1comment],g[other]\n1,1,Y,,x\n"))
    assert [column.code for column in found.columns[2:]] == ["SQ1", "", ""]


def test_a_workbook_is_read_alike(small, tmp_path):
    book = openpyxl.Workbook()
    for line in ANSWERS.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(tmp_path / "results.xlsx")
    answers = read_responses(tmp_path / "results.xlsx", small)
    assert answers.platform == "limesurvey"
    assert answers.reasons.loc[1, ["Q2", "Q3"]].tolist() == ["not_shown", "unanswered"]
    assert answers.meta["finished"].tolist() == [True, False]


@pytest.mark.parametrize(
    "heading",
    [
        "id,seed,Q1,Q2,Q3",
        "id,datestamp,Q1,Q2,Q3",
        "token,Q1,Q2,Q3",
        "theta[1],theta[2],theta[3],theta[4]",
    ],
)
def test_what_other_tables_have_too_is_not_enough(export, heading):
    cells = ",".join("1" for _ in heading.split(","))
    assert read_export(export(f"{heading}\n{cells}\n")).platform == "csv"


def test_the_structure_of_a_survey_is_no_answers(small, export):
    tsv = "id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\n1\t\tS\t\tsid\t\t12\n"
    with pytest.raises(IntakeError, match="structure of a LimeSurvey survey") as caught:
        read_responses(export(tsv, "survey.txt"), small)
    assert "Export the answers" in caught.value.hint
    lss = '<?xml version="1.0"?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType>\n'
    with pytest.raises(IntakeError, match=r"XML document, such as the structure of a survey"):
        read_responses(export(lss + "<a>1, 2</a></document>\n", "survey.lss"), small)


def test_named_for_a_plain_table(small, export):
    answers = read(export("Q1,Q2,Q3\n1,2,N/A\n"), small)
    assert answers.reasons.iloc[0].tolist() == [None, None, "not_shown"]
    assert np.isnan(answers.items.loc[0, "Q3"])


def test_named_for_another_platform(small, export):
    with pytest.raises(IntakeError, match="it looks like LimeSurvey"):
        read_responses(export(ANSWERS), small, platform="msforms")


HEADINGS = (
    "id,submitdate,lastpage,startlanguage,g[Q1],g[Q2],g[Q3]",
    "id,submitdate,lastpage,startlanguage,g_Q1,g_Q2,g_Q3",
    "id. Response ID,submitdate. Date submitted,lastpage. Last page,startlanguage. Start language,"
    "g[Q1]. Stem [a],g[Q2]. Stem [b],g[Q3]. Stem [c]",
    "Antwort ID,Datum Abgeschickt,Letzte Seite,Start-Sprache,Stem [Man hörte mich.],"
    '"Stem [I was afraid of my social worker, at times.]",Stem [I felt safe.]',
)
# Code, label and what LimeSurvey writes without an answer, with what each means.
CELLS = {
    "1": (1.0, None),
    "Immer": (4.0, None),
    "N/A": (None, "not_shown"),
    "": (None, "unanswered"),
    "9": (None, "not_applicable"),
    "Don't know": (None, "dont_know"),
}


@given(heading=st.sampled_from(HEADINGS), cells=st.lists(st.sampled_from(list(CELLS)), min_size=3))
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_cell_comes_back_under_every_heading(small, export, heading, cells):
    # One column holds codes or labels, never both.
    cells = [cell if place % 3 else cell.replace("Immer", "1") for place, cell in enumerate(cells)]
    cells = [cell.replace("1", "Immer") if place % 3 else cell for place, cell in enumerate(cells)]
    rows = [cells[start : start + 3] for start in range(0, len(cells) - 2, 3)]
    lines = [f"{place},2024-05-01,2,de,{','.join(row)}" for place, row in enumerate(rows)]
    answers = read_responses(export("\n".join([heading, *lines]) + "\n"), small)
    for place, row in enumerate(rows):
        values = [None if np.isnan(value) else value for value in answers.items.iloc[place]]
        reasons = answers.reasons.iloc[place].tolist()
        assert list(zip(values, reasons, strict=True)) == [CELLS[cell] for cell in row]


def test_underscores_for_spaces(small, export):
    rows = ["My social worker heard me.", "I was afraid of my social worker, at times."]
    headings = ["Response ID", "Date submitted", "Last page", *(f"How? [{row}]" for row in rows)]
    heading = ",".join(f'"{one}"' for one in [*headings, "I felt safe."]).replace(" ", "_")
    answers = read_responses(
        export(f"{heading}\n1,2024-05-01 10:05:00,3,Never,N/A,Usually\n"), small
    )
    assert answers.platform == "limesurvey"
    assert answers.items.iloc[0].tolist()[::2] == [1.0, 3.0]
    assert answers.reasons["Q2"].tolist() == ["not_shown"]


def test_two_scales_with_a_number_sign(small, export):
    content = "id,submitdate,lastpage,g[Q1#0],g[Q1#1],g[Q2#0],g[Q3#0]\n1,2024-05-01,1,1,2,3,4\n"
    with pytest.raises(IntakeError, match=r"2 columns could hold Q1: column 4, 'g\[Q1#0\]'"):
        read_responses(export(content), small)
    answers = read_responses(export(content), small, columns={"Q1": "g[Q1#1]"})
    assert answers.items.iloc[0].tolist() == [2.0, 3.0, 4.0]
