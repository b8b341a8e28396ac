"""Qualtrics exports of every shape: headings, roles, respondents, and why there is no answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from qualtrics_files import MATRIX, META, csv_of, matrix_question, modern, put, qsf_of, rows_of

from relsurvey.errors import IntakeError
from relsurvey.instruments import Instrument
from relsurvey.intake import read_responses
from relsurvey.intake.export import Export, ExportColumn, Platform
from relsurvey.intake.platforms.qualtrics import QUALTRICS
from relsurvey.intake.recognise import read_export

DATA = Path(__file__).parents[2] / "data" / "qualtrics"
PEOPLE = (
    {"Q3_1": "1", "Q3_2": "2", "Q3_3": "4"},
    {"Q3_1": "4", "Q3_2": "", "Q3_3": "9"},
)


def said(export: Export, step: str) -> str:
    return " ".join(one.what for one in export.table.entries if one.step == step)


def column(export: Export, name: str) -> ExportColumn:
    return next(one for one in export.columns if one.name == name)


@pytest.mark.parametrize(
    ("name", "why", "rows", "columns", "answers"),
    [
        ("matrix_insights", "Row 3 holds ImportIds in single quotes", 5, 30, 16),
        ("matrix_legacy", "Row 1 begins with V1, V2 and row 2 with ResponseID", 5, 29, 16),
        ("no_basis_insights", "Row 3 holds ImportIds in single quotes", 15, 49, 35),
        ("no_basis_legacy", "Row 1 begins with V1, V2", 15, 48, 35),
    ],
)
def test_real_exports(
    tmp_path: Path, name: str, why: str, rows: int, columns: int, answers: int
) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_bytes((DATA / path.name).read_bytes())
    export = read_export(path)
    assert export.platform == "qualtrics"
    assert export.why.startswith(why)
    assert (len(export.table.rows), len(export.columns)) == (rows, columns)
    assert [one.role for one in export.columns].count("answer") == answers
    warning = "Warning: there are no real respondents in this file: all its rows"
    assert f"{warning} ({rows} rows: {rows} tests)" in said(export, "rows")
    assert export.records["preview"].all()
    assert export.records["finished"].all()
    assert export.records["started"].notna().all()
    assert export.respondent is not None
    assert "ResponseID" in (
        export.columns[export.respondent].name,
        *export.columns[export.respondent].ids,
    )


def test_real_matrix_rows_are_taken_from_under_their_questions() -> None:
    export = read_export(DATA / "matrix_insights.csv", dictionary=DATA / "matrix.qsf")
    one = column(export, "Q4_2")
    assert one.ids == ("QID5-2", "QID5_2")
    assert one.text == "Click to write Statement 2"
    assert "Scale Points, aka Answers" in one.stem
    assert list(one.choices) == ["10", "11", "12", "13"]
    assert column(export, "Q3_question_one").code == "question_one"
    assert column(export, "matrix_question_five_question_two_TEXT").choices == {}


def test_real_matrix_without_the_definition(tmp_path: Path) -> None:
    path = put(tmp_path, "other.csv", (DATA / "matrix_insights.csv").read_text("utf-8"))
    export = read_export(path)
    one = column(export, "Q4_2")
    assert one.stem.endswith("aka, Sca...")
    assert one.text == "Click to write Statement 2"
    text = column(export, "matrix_question_five_question_two_TEXT").text
    assert text.endswith("Click to write Statement 2-Text")
    assert column(export, "Q3_question_one").code == "question_one"


def test_real_legacy_rows_with_the_same_heading_get_their_own_ids() -> None:
    export = read_export(DATA / "matrix_legacy.csv", dictionary=DATA / "matrix.qsf")
    same = [one for one in export.columns if one.name == "question_one"]
    assert [one.ids for one in same] == [
        ("QID3_1", "Q3_question_one"),
        ("QID6_1", "Q5_question_one"),
        ("QID4_1", "matrix_question_five_question_one"),
    ]
    assert [next(iter(one.choices)) for one in same] == ["1", "10", "10"]
    assert same[0].text == "Click to write Statement 1"
    assert column(export, "V5").role == "personal"
    assert "empty column at the end" in said(export, "columns")


def test_real_legacy_rows_after_a_text_box_are_split(tmp_path: Path) -> None:
    path = put(tmp_path, "x.csv", (DATA / "matrix_legacy.csv").read_text("utf-8-sig"))
    export = read_export(path)
    last = [one for one in export.columns if one.name == "question_three"][-1]
    assert last.text == "Click to write Statement 3"
    assert last.stem.startswith("This is a multiple answer")


def test_no_basis_keeps_its_label() -> None:
    export = read_export(DATA / "no_basis_insights.csv", dictionary=DATA / "no_basis.qsf")
    assert column(export, "Q3_1").choices["-1"] == "No Opinion"
    assert column(export, "Q4_1").choices["-2"] == "Never tried it"
    assert column(export, "Q2_-1").text == "No basis for evaluation"
    assert column(export, "Q2_-1").choices == {"1": "No basis for evaluation"}
    assert column(export, "Q5_1_-1").text == "ate baby food - Did not participate"


def test_modern_csv(tmp_path: Path, small: Instrument) -> None:
    path = put(tmp_path, "visits.csv", modern(PEOPLE))
    responses = read_responses(path, small)
    assert responses.platform == "qualtrics"
    assert responses.items["Q1"].tolist() == [1, 4]
    assert responses.reasons.loc[1].tolist() == [None, "unanswered", "not_applicable"]
    assert responses.meta["respondent_id"].tolist() == ["R_000000000000001", "R_000000000000002"]
    assert responses.meta["duration"].tolist() == [300, 300]
    assert responses.meta["language"].tolist() == ["EN", "EN"]
    assert responses.meta["submitted"].iloc[0] == pd.Timestamp("2026-03-01 10:05:00")
    assert responses.rows.tolist() == [4, 5]
    log = responses.log.summary()
    assert "Row 3 holds ImportIds." in log
    assert "Times are those of Europe/London." in log
    assert "it may also mean not shown" in log


def test_heading_cells_span_lines_and_are_split(tmp_path: Path) -> None:
    one = column(read_export(put(tmp_path, "v.csv", modern(PEOPLE))), "Q3_2")
    assert one.stem == "How often was it\nlike this,\xa0in your view?"
    assert one.text == "I was afraid of my social worker, at times."
    assert one.ids == ("QID7_4",)


def test_tsv_in_utf_16(tmp_path: Path, small: Instrument) -> None:
    content = "\ufeff" + csv_of(rows_of(MATRIX, PEOPLE), "\t")
    path = put(tmp_path, "visits.tsv", content, "utf-16-le")
    responses = read_responses(path, small)
    assert (responses.platform, responses.items["Q3"].iloc[0]) == ("qualtrics", 4)


def test_workbook(tmp_path: Path, small: Instrument) -> None:
    book = openpyxl.Workbook()
    for place, row in enumerate(rows_of(MATRIX, PEOPLE)):
        number = place > 2
        book.active.append([int(cell) if number and cell.isdigit() else cell for cell in row])
    path = tmp_path / "visits.xlsx"
    book.save(path)
    responses = read_responses(path, small)
    assert responses.platform == "qualtrics"
    assert responses.items["Q1"].tolist() == [1, 4]
    assert responses.rows.tolist() == [4, 5]


def test_choice_text_export(tmp_path: Path, small: Instrument) -> None:
    people = [
        {"Q3_1": "Never", "Q3_2": "Yes,\xa0always", "Status": "IP Address", "Finished": "True"},
        {"Q3_1": "Doesn't apply", "Q3_3": "-99", "Status": "Imported", "Finished": "False"},
        {"Q3_1": "Usually", "Status": "Survey Preview"},
        {"Q3_1": "Usually", "Status": "Survey Test"},
        {"Q3_1": "Usually", "Status": "Spam"},
    ]
    responses = read_responses(put(tmp_path, "v.csv", modern(people)), small)
    assert responses.items["Q1"].tolist()[0] == 1
    assert responses.reasons.loc[0].tolist() == [None, None, "not_shown"]
    assert responses.reasons.loc[1].tolist() == ["not_applicable", "not_shown", "unanswered"]
    assert responses.meta["finished"].tolist() == [True, False]
    assert "3 rows left out: 1 preview, 1 test, 1 spam." in responses.log.summary()


def test_seen_and_unanswered_is_kept_apart_from_not_shown(
    tmp_path: Path, small: Instrument
) -> None:
    people = [{"Q3_1": "-99", "Q3_2": "3", "Q3_3": ""}, {"Q3_1": "", "Q3_2": "2", "Q3_3": "1"}]
    responses = read_responses(put(tmp_path, "v.csv", modern(people)), small)
    assert responses.reasons["Q1"].tolist() == ["unanswered", "not_shown"]
    assert responses.reasons["Q3"].tolist() == ["not_shown", None]
    assert "blank as not shown" in responses.log.summary()


def test_minus_99_in_other_columns_says_nothing_of_the_questions(
    tmp_path: Path, small: Instrument
) -> None:
    columns = (*MATRIX, ("Q9", "Why?", "QID9_TEXT"), ("code", "code", "code"))
    people = [{"Q3_1": "1", "Q9": "-99", "code": "-99"}]
    responses = read_responses(put(tmp_path, "v.csv", modern(people, columns)), small)
    assert responses.reasons["Q2"].tolist() == ["unanswered"]


def two_questions(mine: str, other: str) -> list[str]:
    columns = (*MATRIX, ("Q8", "Your income?", "QID8"), ("Q9", "Your age?", "QID9"))
    return [modern([{"Q3_1": "1", "Q3_3": mine, "Q8": other}], columns), "v.csv"]


def test_minus_99_of_another_question_says_nothing_of_the_matrix(
    tmp_path: Path, small: Instrument
) -> None:
    content, name = two_questions("", "-99")
    responses = read_responses(put(tmp_path, name, content), small)
    assert responses.reasons["Q2"].tolist() == ["unanswered"]
    assert "4 columns without -99: blank was read as not answered" in responses.log.summary()
    assert "-99 stands in other questions" in responses.log.summary()


@pytest.mark.parametrize(("recode", "blank"), [("5", "not_shown"), ("-99", "unanswered")])
def test_minus_99_that_is_no_code_of_its_question_says_it_of_all(
    tmp_path: Path, small: Instrument, recode: str, blank: str
) -> None:
    income = matrix_question(
        ("1", "2", "3", "4", recode),
        QuestionID="QID8",
        DataExportTag="Q8",
        QuestionType="MC",
        Selector="SAVR",
        QuestionText="Your income?",
        QuestionDescription="Your income?",
    )
    income["Choices"], income["ChoiceOrder"] = income["Answers"], income["AnswerOrder"]
    put(tmp_path, "v.qsf", qsf_of(matrix_question(), income))
    columns = (*MATRIX, ("Q8", "Your income?", "QID8"))
    content = modern([{"Q3_1": "1", "Q8": "-99"}], columns)
    responses = read_responses(put(tmp_path, "v.csv", content), small)
    assert responses.reasons["Q2"].tolist() == [blank]


def test_minus_99_in_most_columns_says_it_of_all(tmp_path: Path) -> None:
    content, name = two_questions("-99", "")
    export = read_export(put(tmp_path, name, content))
    assert [one.missing.get("") for one in export.columns[-5:]] == ["not_shown"] * 5


def test_minus_99_in_one_row_of_a_matrix_says_it_of_the_whole_matrix(tmp_path: Path) -> None:
    more = [(f"Q{n}", f"Asked {n}?", f"QID{n}") for n in range(11, 20)]
    content = modern([{"Q3_1": "1", "Q3_3": "-99"}], (*MATRIX, *more))
    export = read_export(put(tmp_path, "v.csv", content))
    assert [one.missing.get("") for one in export.columns[-12:]] == [
        *["not_shown"] * 3,
        *[None] * 9,
    ]


def test_numbers_that_no_definition_explains_are_marked(tmp_path: Path) -> None:
    columns = (*MATRIX, ("Q9", "Why?", "QID9_TEXT"), ("code", "code", "code"))
    path = put(tmp_path, "v.csv", modern([{"Q3_1": "1"}], columns))
    export = read_export(path)
    marked = {one.name for one in export.columns if one.numbered}
    assert marked == {"Q3_1", "Q3_2", "Q3_3"}
    why = {"QuestionID": "QID9", "QuestionText": "Why?", "QuestionType": "TE", "Selector": "SL"}
    put(tmp_path, "v.qsf", qsf_of(matrix_question(), why))
    assert not any(one.numbered for one in read_export(path).columns)


@pytest.mark.parametrize(
    ("status", "channel", "kept"),
    [
        ("0", "anonymous", True),
        ("4", "email", True),
        ("16", "gl", True),
        ("32", "", True),
        ("1", "anonymous", False),
        ("2", "anonymous", False),
        ("8", "email", False),
        ("9", "email", False),
        ("12", "email", False),
        ("17", "email", False),
        ("IP-Adresse", "", True),
        ("Adresse IP", "", True),
        ("Offline Response", "", True),
        ("Umfragevorschau", "", False),
        ("Vista previa de la encuesta", "", False),
        ("Survey Preview Spam", "", False),
        ("0", "preview", False),
        ("IP Address", "test", False),
    ],
)
def test_who_is_a_respondent(tmp_path: Path, status: str, channel: str, *, kept: bool) -> None:
    people = [
        {"Q3_1": "1"},
        {"Q3_1": "2", "Status": status, "DistributionChannel": channel},
    ]
    export = read_export(put(tmp_path, "v.csv", modern(people)))
    assert len(export.table.rows) == 1 + kept
    assert len(export.records) == 1 + kept
    assert ("1 row left out" in said(export, "rows")) is not kept
    assert not export.records["preview"].any()


def test_a_status_nobody_knows_is_kept_and_named(tmp_path: Path) -> None:
    people = [{"Q3_1": "1", "Status": "Sonstiges"}, {"Q3_1": "2"}]
    export = read_export(put(tmp_path, "v.csv", modern(people)))
    assert len(export.table.rows) == 2
    assert "Status 'Sonstiges' in 1 row is not known" in said(export, "rows")


def test_unfinished_responses_are_kept_and_counted(tmp_path: Path) -> None:
    people = [{"Q3_1": "1"}, {"Q3_1": "2", "Finished": "0", "Progress": "40"}, {"Finished": "?"}]
    export = read_export(put(tmp_path, "v.csv", modern(people)))
    assert export.records["finished"].tolist() == [True, False, pd.NA]
    assert export.records["progress"].tolist() == [100, 40, 100]
    assert "1 response not finished; they were kept." in said(export, "respondents")
    assert export.records["submitted"].isna().tolist() == [False, True, False]
    assert export.records["started"].notna().all()


def test_what_each_column_is_for(tmp_path: Path) -> None:
    columns = (
        ("Q2", "Where? - Selected Choice", "QID2"),
        ("Q2_3_TEXT", "Where? - Elsewhere - Text", "QID2_3_TEXT"),
        ("Q2_DO_1", "Where? - Display Order - A", "QID2_DO+1"),
        ("Q4_1", "Which? - Selected Choice - Tea", "QID4+1"),
        ("Q4_2", "Which? - Selected Choice - Milk - warm", "QID4+2"),
        ("1_Q3_SEC1", "Ward A - How? - It was kind.", "1_QID7_1"),
        ("1_Q3_SEC2", "Ward A - How? - It was quick.", "1_QID7_2"),
        ("2_Q3_SEC1", "Ward B - How? - It was kind.", "2_QID7_1"),
        ("Q5#2_1", "Both - Now - Home", "QID5#2_1"),
        ("Q6_First Click", "Timing - First Click", "QID6_FIRST_CLICK"),
        ("Q6_Page Submit", "Timing - Page Submit", "QID6_PAGE_SUBMIT"),
        ("Q8_Operating System", "Meta - Operating System", "QID8_OS"),
        ("Q9_Id", "File - Id", "QID9_FILE_ID"),
        ("FL_5_DO_FL_6", "FL_5 - Block Randomizer", "FL_5_DO+FL_6"),
        ("SC0", "Score", "SC_3abc"),
        ("Q10", "Why?", "QID10_TEXT"),
        ("Q10 - Topics", "Q10 - Topics", "QID10_TEXT_eae5a8d0e7fd4bd183e983e5Topics"),
        ("Q_RecaptchaScore", "Q_RecaptchaScore", "Q_RecaptchaScore"),
        ("LastSeenFlowID", "LastSeenFlowID", "LastSeenFlowID"),
        ("worker", "worker", "worker"),
        ("Status", "Status", "Status"),
        ("by hand", "", ""),
    )
    export = read_export(put(tmp_path, "v.csv", modern([{"worker": "007"}], columns)))
    by_place = export.columns[len(META) :]
    platform = [one.name for one in by_place if one.role == "platform"]
    assert platform == [
        "Q2_DO_1",
        "Q6_First Click",
        "Q6_Page Submit",
        "Q8_Operating System",
        "Q9_Id",
        "FL_5_DO_FL_6",
        "SC0",
        "Q10 - Topics",
        "Q_RecaptchaScore",
        "LastSeenFlowID",
    ]
    assert {one.role for one in by_place} == {"platform", "answer"}
    roles = {one.name: one.role for one in export.columns[: len(META)]}
    assert {name for name, role in roles.items() if role == "personal"} == {
        "IPAddress",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "ExternalReference",
        "LocationLatitude",
        "LocationLongitude",
    }
    assert column(export, "Q2").text == "Where?"
    assert column(export, "Q4_2").ids == ("QID4_2",)
    assert (column(export, "Q4_2").stem, column(export, "Q4_2").text) == ("Which?", "Milk - warm")
    looped = column(export, "1_Q3_SEC1")
    assert (looped.code, looped.stem, looped.text) == ("SEC1", "Ward A - How?", "It was kind.")
    assert column(export, "Q5#2_1").text == "Home"
    assert column(export, "worker").ids == ("worker",)


def test_worker_codes_in_embedded_data(tmp_path: Path, small: Instrument) -> None:
    columns = (*MATRIX, ("worker_code", "worker_code", "worker_code"))
    people = [{"Q3_1": "1", "worker_code": "007"}]
    path = put(tmp_path, "v.csv", modern(people, columns))
    responses = read_responses(path, small, worker="worker_code")
    assert responses.meta["worker_id"].tolist() == ["007"]


def test_rows_below_the_first_deleted(tmp_path: Path) -> None:
    rows = rows_of(MATRIX, PEOPLE)
    bare = read_export(put(tmp_path, "bare.csv", csv_of([rows[0], *rows[3:]])))
    texts = read_export(put(tmp_path, "texts.csv", csv_of([rows[0], rows[1], *rows[3:]])))
    ids = read_export(put(tmp_path, "ids.csv", csv_of([rows[0], *rows[2:]])))
    assert bare.why.startswith("It has the columns StartDate, EndDate")
    assert [len(one.table.rows) for one in (bare, texts, ids)] == [2, 2, 2]
    assert column(texts, "Q3_3").text == "I felt safe."
    assert column(ids, "Q3_3").ids == ("QID7_5",)
    assert column(bare, "IPAddress").role == "personal"


def test_saved_again_by_a_spreadsheet(tmp_path: Path, small: Instrument) -> None:
    people = [{"Q3_1": "1", "StartDate": "3/31/2026 10:00", "EndDate": "3/31/2026 10:09"}]
    rows = [*rows_of(MATRIX, people), [""] * (len(META) + len(MATRIX))]
    path = put(tmp_path, "v.csv", "\ufeff" + csv_of(rows, ";"))
    responses = read_responses(path, small)
    assert responses.meta["started"].iloc[0] == pd.Timestamp("2026-03-31 10:00")
    assert len(responses.rows) == 1


@pytest.fixture
def sav(tmp_path: Path) -> Path:
    names = ["StartDate", "Status", "Finished", "Duration__in_seconds_", "ResponseId", "Q3_1"]
    names += ["Q3_2", "Q5_First_Click"]
    labels = ["Start Date", "Response Type", "Finished", "Duration (in seconds)", "Response ID"]
    labels += ["How? - I felt safe.", "How? - Asked beside it.", "Timing - First Click"]
    cells = [
        ("2026-03-01 10:00:00", 0.0, 1.0, 61.0, "R_1", 10.0, np.nan, 0.5),
        ("2026-03-02 10:00:00", 1.0, 1.0, 62.0, "R_2", 10.0, 10.0, 0.5),
        ("2026-03-02 10:00:00", 0.0, 0.0, 62.0, "R_3", -99.0, 11.0, 0.5),
    ]
    points = {10.0: "Never", 11.0: "Usually"}
    values = {"Status": {0.0: "IP Address", 1.0: "Survey Preview"}, "Q3_1": points, "Q3_2": points}
    path = tmp_path / "visits.sav"
    frame = pd.DataFrame(cells, columns=names)
    pyreadstat.write_sav(frame, path, column_labels=labels, variable_value_labels=values)
    return path


def test_spss_file_of_qualtrics(sav: Path) -> None:
    export = read_export(sav)
    assert export.platform == "qualtrics"
    assert export.why.startswith("It has the columns StartDate, Status")
    one = column(export, "Q3_1")
    assert (one.stem, one.text) == ("How?", "I felt safe.")
    assert one.choices == {"10": "Never", "11": "Usually"}
    assert one.missing == {"": "not_shown", "-99": "unanswered"}
    assert column(export, "Q5_First_Click").role == "platform"
    assert export.table.rows.tolist() == [1, 3]
    assert export.records["duration"].tolist() == [61, 62]
    assert "1 row left out: 1 preview." in said(export, "rows")


def test_spss_file_with_the_definition(sav: Path) -> None:
    question = matrix_question(("10", "11", "12", "13", "9"))
    question["Choices"] = {"1": {"Display": "I felt safe."}, "5": {"Display": "Asked beside it."}}
    question["ChoiceOrder"] = ["1", "5"]
    question["QuestionText"] = "How?"
    put(sav.parent, "visits.qsf", qsf_of(question))
    export = read_export(sav)
    assert column(export, "Q3_2").ids == ("QID7_5",)
    assert column(export, "Q3_2").choices["11"] == "Now and then"


def test_other_tables_are_not_taken_for_qualtrics(tmp_path: Path) -> None:
    plain = "id,Status,Progress,Duration,Finished,Name,Q1\n1,ok,3,4,1,x,2\n"
    assert read_export(put(tmp_path, "p.csv", plain)).platform != "qualtrics"
    v = "V1,V2,Q1\n3,4,5\n"
    assert read_export(put(tmp_path, "v.csv", v)).platform != "qualtrics"
    assert isinstance(QUALTRICS, Platform)


def test_named_but_not_qualtrics(tmp_path: Path) -> None:
    path = put(tmp_path, "p.csv", "id,Q1\n1,2\n")
    with pytest.raises(IntakeError, match="no heading rows as Qualtrics writes them"):
        read_export(path, "qualtrics")


def test_headings_without_responses(tmp_path: Path) -> None:
    path = put(tmp_path, "v.csv", modern([]))
    with pytest.raises(IntakeError, match="heading rows and no responses"):
        read_export(path)


def test_two_columns_with_the_wording_of_one_item(tmp_path: Path, small: Instrument) -> None:
    columns = (*MATRIX, ("Q8", "I felt safe.", "QID8"))
    path = put(tmp_path, "v.csv", modern(PEOPLE, columns))
    with pytest.raises(IntakeError, match="2 columns could hold Q3"):
        read_responses(path, small)


def test_a_label_in_another_language_is_named_with_its_place(
    tmp_path: Path, small: Instrument
) -> None:
    path = put(tmp_path, "v.csv", modern([{"Q3_1": "Toujours"}]))
    with pytest.raises(IntakeError, match="'Toujours' once \\(Q1\\)") as caught:
        read_responses(path, small)
    assert caught.value.failures.loc[0, ["row", "column"]].tolist() == [4, "Q3_1"]


def test_previews_go_where_row_3_has_other_letters(tmp_path: Path, small: Instrument) -> None:
    """Another program may write {"ImportId":"Status"}; a preview is no person there either."""
    rows = rows_of(MATRIX, [*PEOPLE, {**PEOPLE[0], "Status": "Survey Preview"}])
    rows[2][: len(META)] = [json.dumps({"ImportId": name}) for name, *_ in META]
    responses = read_responses(put(tmp_path, "visits.csv", csv_of(rows)), small)
    assert responses.n == len(PEOPLE)
    (said,) = responses.log.left_out
    assert said.startswith("1 row left out: 1 preview.")


def test_a_field_of_the_surveys_own_called_status_stays_an_answer(tmp_path: Path) -> None:
    rows = rows_of((*MATRIX, ("Status2", "Status", "Status")), PEOPLE)
    export = read_export(put(tmp_path, "visits.csv", csv_of(rows)))
    assert column(export, "Status2").role == "answer"
