"""The .qsf of a Qualtrics survey: found, proved to belong, and used for labels and recodes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qualtrics_files import LABELS, MATRIX, STEM, csv_of, matrix_question, modern, put, qsf_of

from relsurvey.errors import IntakeError
from relsurvey.instruments import Instrument
from relsurvey.intake import read_responses
from relsurvey.intake.platforms.qualtrics import qsf as qualtrics_qsf
from relsurvey.intake.platforms.qualtrics.qsf import read_qsf
from relsurvey.intake.recognise import read_export

RECODES = ("10", "11", "12", "13", "-1")
PEOPLE = ({"Q3_1": "10", "Q3_2": "11", "Q3_3": "13"}, {"Q3_1": "-1", "Q3_2": "12", "Q3_3": "10"})
CSV = "Visits_November 21, 2026_10.00.csv"


def other_survey() -> str:
    """Return the definition of a survey whose first questions have the same ids and tags."""
    changed = matrix_question(RECODES, QuestionText="Which bus do you take to work?")
    changed["QuestionDescription"] = changed["QuestionText"]
    return qsf_of(changed)


def log_of(path: Path, **more: Any) -> str:
    export = read_export(path, **more)
    return " ".join(f"{one.what} {one.why}" for one in export.table.entries)


@pytest.mark.parametrize("qsf", ["Visits.qsf", "visits.QSF", "other.qsf"])
def test_numbers_are_read_by_the_labels_of_their_recodes(
    tmp_path: Path, small: Instrument, qsf: str
) -> None:
    put(tmp_path, qsf, qsf_of(matrix_question(RECODES)))
    responses = read_responses(put(tmp_path, CSV, modern(PEOPLE)), small)
    assert responses.items.loc[0, ["Q1", "Q2", "Q3"]].tolist() == [1, 2, 4]
    assert responses.reasons["Q1"].tolist() == [None, "not_applicable"]
    log = responses.log.summary()
    assert f"{qsf}, 'Visits', says what 3 columns hold." in log
    assert "3 columns with recode values other than 1, 2, 3." in log


def test_without_the_definition_such_numbers_stop_the_reading(
    tmp_path: Path, small: Instrument
) -> None:
    with pytest.raises(IntakeError, match="cells are no answer that small knows"):
        read_responses(put(tmp_path, CSV, modern(PEOPLE)), small)


def test_named_definition(tmp_path: Path, small: Instrument) -> None:
    (tmp_path / "elsewhere").mkdir()
    qsf = put(tmp_path / "elsewhere", "a.qsf", qsf_of(matrix_question(RECODES)))
    path = put(tmp_path, CSV, modern(PEOPLE))
    responses = read_responses(path, small, dictionary=qsf)
    assert responses.items["Q2"].tolist() == [2, 3]
    assert "It was named." in responses.log.summary()


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    recodes=st.lists(st.integers(-98, 99).map(str), min_size=5, max_size=5, unique=True),
    chosen=st.lists(st.integers(0, 5), min_size=3, max_size=3),
    as_text=st.booleans(),
)
def test_any_recodes_and_either_kind_of_export_say_the_same(
    tmp_path: Path, small: Instrument, recodes: list[str], chosen: list[int], *, as_text: bool
) -> None:
    written = [*(("Never", "Now and then", "Usually", "Yes, always", "Doesn't apply")), "-99"]
    cells = written if as_text else [*recodes, "-99"]
    person = {name: cells[one] for (name, _, _), one in zip(MATRIX, chosen, strict=True)}
    put(tmp_path, "Visits.qsf", qsf_of(matrix_question(recodes)))
    responses = read_responses(put(tmp_path, CSV, modern([person])), small)
    expected = [("not_applicable", "unanswered")[one - 4] if one > 3 else None for one in chosen]
    assert responses.reasons.loc[0].tolist() == expected
    codes = responses.items.loc[0].tolist()
    assert [code for code in codes if code == code] == [one + 1 for one in chosen if one < 4]


def test_variable_names_and_translations_are_read_as_their_label(
    tmp_path: Path, small: Instrument
) -> None:
    names = {"1": "NEV", "2": "NOW", "3": "USU", "4": "ALW"}
    welsh = {"Answers": {"1": {"Display": "Byth"}}}
    question = matrix_question(VariableNaming=names, Language={"CY": welsh})
    put(tmp_path, "Visits.qsf", qsf_of(question))
    people = [{"Q3_1": "NEV", "Q3_2": "ALW", "Q3_3": "Byth"}]
    responses = read_responses(put(tmp_path, CSV, modern(people)), small)
    assert responses.items.loc[0].tolist() == [1, 4, 1]


def test_the_row_tag_is_the_item(tmp_path: Path) -> None:
    question = matrix_question(ChoiceDataExportTags={"1": "SEC1", "4": "SEC2", "5": "Q15_5"})
    put(tmp_path, "Visits.qsf", qsf_of(question))
    export = read_export(put(tmp_path, CSV, modern(PEOPLE)))
    last = export.columns[-3:]
    assert [one.code for one in last] == ["SEC1", "SEC2", ""]
    assert [one.ids for one in last] == [
        ("QID7_1", "Q3_SEC1"),
        ("QID7_4", "Q3_SEC2"),
        ("QID7_5",),
    ]


def test_a_label_that_is_minus_99_is_not_taken_for_the_option(tmp_path: Path) -> None:
    put(tmp_path, "Visits.qsf", qsf_of(matrix_question(("1", "2", "3", "4", "-99"))))
    path = put(tmp_path, CSV, modern([{"Q3_1": "-99"}]))
    export = read_export(path)
    assert export.columns[-3].missing == {}
    assert export.columns[-3].choices["-99"] == "Doesn't apply"


def test_a_definition_with_the_files_name_has_to_belong(tmp_path: Path) -> None:
    put(tmp_path, "Visits.qsf", other_survey())
    path = put(tmp_path, CSV, modern(PEOPLE))
    with pytest.raises(IntakeError, match=r"Visits.qsf is not the survey of Visits_Nov") as caught:
        read_export(path)
    assert "move this one elsewhere" in (caught.value.hint or "")
    assert caught.value.failures.loc[0].tolist() == ["QID7", "Q3_1", "says something else"]


def test_a_named_definition_has_to_belong(tmp_path: Path) -> None:
    question = matrix_question(QuestionID="QID70")
    qsf = put(tmp_path, "a.qsf", qsf_of(question))
    path = put(tmp_path, CSV, modern(PEOPLE))
    with pytest.raises(IntakeError, match=r"lacks 1 of the file's 1 questions \(QID7\)"):
        read_export(path, dictionary=qsf)


@pytest.mark.parametrize("content", ["other", '{"SurveyElements": [', "{}"])
def test_any_other_definition_beside_the_file_is_only_tried(tmp_path: Path, content: str) -> None:
    put(tmp_path, "bus.qsf", other_survey() if content == "other" else content)
    path = put(tmp_path, CSV, modern(PEOPLE))
    assert "bus.qsf, which stands beside the file, was not used." in log_of(path)
    assert read_export(path).columns[-1].choices == {}


def test_which_of_several_is_not_guessed(tmp_path: Path) -> None:
    put(tmp_path, "a.qsf", qsf_of(matrix_question()))
    put(tmp_path, "b.qsf", qsf_of(matrix_question(RECODES)))
    path = put(tmp_path, CSV, modern(PEOPLE))
    assert "2 .qsf files beside the file, none with its name" in log_of(path)
    put(tmp_path, "Visits_November.qsf", qsf_of(matrix_question(RECODES)))
    assert "Visits_November.qsf, 'Visits', says what 3 columns hold." in log_of(path)


@pytest.mark.parametrize(
    ("qsf", "export"),
    [
        ("Side-by-Side_Questions.qsf", "SidebySide_Questions (Legacy).csv"),
        ("My visits 2.qsf", "My+visits+2_March+1%2C+2026.csv"),
        ("Visits.qsf", "Visits.csv"),
    ],
)
def test_titles_lose_signs_in_the_names_of_files(tmp_path: Path, qsf: str, export: str) -> None:
    put(tmp_path, qsf, other_survey())
    with pytest.raises(IntakeError, match="is not the survey of"):
        read_export(put(tmp_path, export, modern(PEOPLE)))


def test_a_title_that_only_begins_alike_is_another(tmp_path: Path) -> None:
    put(tmp_path, "Visit.qsf", other_survey())
    assert "was not used" in log_of(put(tmp_path, "Visits.csv", modern(PEOPLE)))


def test_questions_added_later_are_named(tmp_path: Path) -> None:
    questions = [
        matrix_question(QuestionID=f"QID{number}", DataExportTag=f"Q{number}")
        for number in range(20, 30)
    ]
    columns = [(f"Q{number}_1", MATRIX[0][1], f"QID{number}_1") for number in range(20, 30)]
    put(tmp_path, "Visits.qsf", qsf_of(*questions))
    path = put(tmp_path, CSV, modern([{}], [*columns, ("Q99", "New?", "QID99")]))
    assert "1 column not in the .qsf: Q99." in log_of(path)


ROWS = {
    "1": "My social worker heard me.",
    "4": MATRIX[1][1].rpartition(" - ")[2],
    "5": "I felt safe.",
}


def with_rows(texts: dict[str, str], **more: Any) -> str:
    """Return the definition with other texts under the numbers of the rows."""
    rows = {number: {"Display": text} for number, text in {**ROWS, **texts}.items()}
    return qsf_of(matrix_question(Choices=rows, **more))


def legacy() -> str:
    """Return an export without ids, as before 2016."""
    heading = [["V1", "V2", *(name for name, _, _ in MATRIX)]]
    heading.append(["ResponseID", "ResponseSet", *(text for _, text, _ in MATRIX)])
    return csv_of([*heading, ["R_1", "Default", "4", "3", "1"]]).replace(" - ", "-")


@pytest.mark.parametrize("without_ids", [False, True])
@pytest.mark.parametrize(
    ("texts", "columns"),
    [
        ({"1": ROWS["5"], "5": ROWS["1"]}, ["Q3_1", "Q3_3"]),
        ({"1": ROWS["4"], "4": ROWS["5"], "5": ROWS["1"]}, ["Q3_1", "Q3_2", "Q3_3"]),
        ({"4": "I was never afraid of my social worker."}, ["Q3_2"]),
        ({"5": "They said that I felt safe."}, ["Q3_3"]),
    ],
)
def test_a_row_that_says_something_else_stops_the_reading(
    tmp_path: Path, texts: dict[str, str], columns: list[str], *, without_ids: bool
) -> None:
    put(tmp_path, "Visits.qsf", with_rows(texts))
    path = put(tmp_path, CSV, legacy() if without_ids else modern(PEOPLE))
    if without_ids:
        # Rows are named by place there, not by number.
        path.write_text(path.read_text("utf-8").replace("_2", "_4").replace("_3", "_5"), "utf-8")
        columns = [{"Q3_2": "Q3_4", "Q3_3": "Q3_5"}.get(one, one) for one in columns]
    with pytest.raises(IntakeError, match=r"Visits.qsf contradict each other") as caught:
        read_export(path)
    assert caught.value.failures["column"].tolist() == columns
    assert "from the same version of the survey" in (caught.value.hint or "")
    assert all(one in caught.value.message for one in columns)


@pytest.mark.parametrize(
    "texts",
    [
        {"5": "<p>I felt&nbsp;<b>safe</b>.</p>"},
        {"5": "I FELT SAFE"},
        {"1": "${e://Field/Worker} heard me."},
        {"5": ""},
    ],
)
def test_rows_that_say_the_same_in_other_signs_do_not(
    tmp_path: Path, texts: dict[str, str]
) -> None:
    put(tmp_path, "Visits.qsf", with_rows(texts))
    export = read_export(put(tmp_path, CSV, modern(PEOPLE)))
    assert len(export.columns[-1].choices) == 5


def test_rows_in_another_language_or_cut_short_say_the_same(tmp_path: Path) -> None:
    german = {"DE": {"Choices": {"5": {"Display": "Ich war sicher."}}}}
    put(tmp_path, "Visits.qsf", with_rows({}, Language=german))
    columns = [MATRIX[0], ("Q3_2", f"{STEM} - I was afra...", "QID7_4")]
    columns.append(("Q3_3", f"{STEM} - Ich war sicher.", "QID7_5"))
    export = read_export(put(tmp_path, CSV, modern(PEOPLE, columns)))
    assert export.columns[-2].text == ROWS["4"]
    assert export.columns[-1].text == "I felt safe."


def test_a_definition_beside_the_file_that_contradicts_it_is_not_used(tmp_path: Path) -> None:
    put(tmp_path, "other.qsf", with_rows({"1": ROWS["5"], "5": ROWS["1"]}))
    path = put(tmp_path, CSV, modern(PEOPLE))
    assert "other.qsf, which stands beside the file, was not used." in log_of(path)
    assert read_export(path).columns[-1].text == "I felt safe."


def single(number: int, text: str) -> dict[str, Any]:
    return matrix_question(
        QuestionID=f"QID{number}",
        DataExportTag=f"Q{number}",
        QuestionType="MC",
        Selector="SAVR",
        QuestionText=text,
        QuestionDescription=text,
        Choices={str(key): {"Display": text} for key, text in enumerate(LABELS, start=1)},
        ChoiceOrder=[1, 2, 3, 4, 5],
    )


def test_single_questions_that_changed_places_stop_the_reading(tmp_path: Path) -> None:
    asked = ("I was heard.", "I was safe.", "I was seen.", "I was told.")
    columns = [(f"Q{n}", text, f"QID{n}") for n, text in enumerate(asked, start=1)]
    swapped = ("I was safe.", "I was heard.", *asked[2:])
    put(tmp_path, "Visits.qsf", qsf_of(*(single(n, text) for n, text in enumerate(swapped, 1))))
    path = put(tmp_path, CSV, modern([{"Q1": "1"}], columns))
    with pytest.raises(IntakeError, match=r"call 2 columns something else: Q1 \('I was heard"):
        read_export(path)


def test_a_reworded_question_keeps_the_words_of_the_file(tmp_path: Path) -> None:
    asked = ("I was heard.", "I was safe.", "I was seen.")
    columns = [(f"Q{n}", text, f"QID{n}") for n, text in enumerate(asked, start=1)]
    reworded = (*asked[:2], "People looked at me.")
    put(tmp_path, "Visits.qsf", qsf_of(*(single(n, text) for n, text in enumerate(reworded, 1))))
    path = put(tmp_path, CSV, modern([{"Q1": "1"}], columns))
    export = read_export(path)
    assert [one.text for one in export.columns[-3:]] == list(asked)
    assert len(export.columns[-1].choices) == 5
    assert "Warning: 1 column with other words in the .qsf: Q3." in log_of(path)


def test_a_reworded_question_still_belongs_by_the_others(tmp_path: Path) -> None:
    single = {
        "QuestionID": "QID8",
        "DataExportTag": "Q4",
        "QuestionType": "MC",
        "Selector": "SAVR",
        "QuestionText": "Reworded since ${e://Field/x}",
        "Choices": [None, {"Display": "Yes"}, {"Display": "No", "TextEntry": "true"}],
        "RecodeValues": [],
    }
    put(tmp_path, "Visits.qsf", qsf_of(matrix_question(), single))
    columns = [*MATRIX, ("Q4", "Asked - Selected Choice", "QID8")]
    columns.append(("Q4_2_TEXT", "Asked - No - Text", "QID8_2_TEXT"))
    export = read_export(put(tmp_path, CSV, modern([{"Q4": "1"}], columns)))
    assert dict(export.columns[-2].choices) == {"1": "Yes", "2": "No"}
    assert export.columns[-1].text == "No - Text"
    assert export.columns[-1].choices == {}


def test_each_kind_of_question(tmp_path: Path) -> None:
    text = {"QuestionText": "Say"}
    pair = {"1": {"Display": "Tea"}, "2": {"Display": "Milk"}}
    points = {"1": {"Display": "Low"}, "2": {"Display": "High"}}
    several = {
        **text,
        "QuestionID": "QID1",
        "QuestionType": "MC",
        "Selector": "MAVR",
        "Choices": pair,
        "RecodeValues": {"1": "4", "2": "7"},
    }
    grid = {
        **text,
        "QuestionID": "QID2",
        "QuestionType": "Matrix",
        "Selector": "Likert",
        "SubSelector": "MultipleAnswer",
        "Choices": pair,
        "Answers": points,
    }
    profile = {
        **text,
        "QuestionID": "QID3",
        "QuestionType": "Matrix",
        "Selector": "Profile",
        "SubSelector": "SingleAnswer",
        "Choices": pair,
        "Answers": {"1": points, "2": {"1": {"Display": "Never"}}},
    }
    sides = {
        **text,
        "QuestionID": "QID4",
        "DataExportTag": "Q4",
        "QuestionType": "SBS",
        "Selector": "SBSMatrix",
        "Choices": pair,
        "AdditionalQuestions": {
            "1": {
                "QuestionText": "Now",
                "QuestionType": "Matrix",
                "Selector": "Likert",
                "SubSelector": "DL",
                "Answers": points,
                "RecodeValues": {"1": "5", "2": "6"},
            }
        },
    }
    slider = {
        **text,
        "QuestionID": "QID5",
        "QuestionType": "Slider",
        "Selector": "HBAR",
        "Choices": pair,
        "Answers": points,
    }
    columns = [
        ("Q1_1", "Say - Tea", "QID1+1"),
        ("Q1_2", "Say - Milk", "QID1+2"),
        ("Q2_1_2", "Say - Tea - High", "QID2_1_2"),
        ("Q3_1", "Say - Tea", "QID3_1"),
        ("Q3_2", "Say - Milk", "QID3_2"),
        ("Q4#1_2", "Say - Now - Milk", "QID4#1_2"),
        ("Q5_2", "Say - Milk", "QID5_2"),
    ]
    put(tmp_path, "Visits.qsf", qsf_of(several, grid, profile, sides, slider))
    export = read_export(put(tmp_path, CSV, modern([{}], columns)))
    told = {one.name: (dict(one.choices), one.stem, one.text) for one in export.columns[-7:]}
    assert told == {
        "Q1_1": ({"1": "Tea"}, "Say", "Tea"),
        "Q1_2": ({"1": "Milk"}, "Say", "Milk"),
        "Q2_1_2": ({"1": "High"}, "Say", "Tea - High"),
        "Q3_1": ({"1": "Low", "2": "High"}, "Say", "Tea"),
        "Q3_2": ({"1": "Never"}, "Say", "Milk"),
        "Q4#1_2": ({"5": "Low", "6": "High"}, "Say - Now", "Milk"),
        "Q5_2": ({}, "Say", "Milk"),
    }


def test_loops_are_the_question_they_repeat(tmp_path: Path) -> None:
    columns = [
        (f"{loop}_{n}", f"Ward {loop} - {t}", f"{loop}_{i}") for loop in "12" for n, t, i in MATRIX
    ]
    put(tmp_path, "Visits.qsf", qsf_of(matrix_question(RECODES)))
    export = read_export(put(tmp_path, CSV, modern([{"1_Q3_1": "10"}], columns)))
    assert {tuple(one.choices) for one in export.columns[-6:]} == {RECODES}
    assert export.columns[-4].text == export.columns[-1].text == "I felt safe."


def test_embedded_data_is_no_question(tmp_path: Path) -> None:
    survey = read_qsf(put(tmp_path, "a.qsf", qsf_of(matrix_question(), fields=["worker"])))
    assert survey.fields == {"worker"}
    assert survey.name == "Visits"
    assert list(survey.questions["QID7"].choices.values()) == [
        *LABELS[:3],
        "Yes, always",
        "Doesn't apply",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"SurveyElements": [', "not valid JSON at line 1, column 21"),
        ("", "not valid JSON at line 1"),
        ("[]", "holds no questions"),
        ('{"SurveyElements": [{"Element": "SQ", "Payload": null}, 3]}', "holds no questions"),
        ("[" * 200_000, "damaged or no .qsf"),
    ],
)
def test_damaged_definitions(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(IntakeError, match=problem):
        read_qsf(put(tmp_path, "a.qsf", content))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.qsf"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(IntakeError, match="byte 0 is not UTF-8"):
        read_qsf(path)


def test_folder_missing_and_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, CSV, modern(PEOPLE))
    put(tmp_path, "Visits.qsf", qsf_of(matrix_question()))
    with pytest.raises(IntakeError, match="is a folder"):
        read_qsf(tmp_path)
    with pytest.raises(IntakeError, match="There is no file") as caught:
        read_export(path, dictionary=tmp_path / "Vists.qsf")
    assert caught.value.hint == "Did you mean Visits.qsf?"
    monkeypatch.setattr(qualtrics_qsf, "_LARGEST", 10)
    with pytest.raises(IntakeError, match="at most 0 MB"):
        read_export(path)


@settings(deadline=None, max_examples=60)
@given(
    junk=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    ),
    key=st.sampled_from(
        ["Choices", "Answers", "RecodeValues", "ChoiceOrder", "VariableNaming", "Language",
         "ChoiceDataExportTags", "AdditionalQuestions", "QuestionText", "Selector"]
    ),
)  # fmt: skip
def test_odd_values_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, junk: Any, key: str
) -> None:
    payload = json.loads(json.dumps(matrix_question(**{key: junk})))
    path = put(tmp_path_factory.mktemp("q"), "a.qsf", qsf_of(payload))
    assert "QID7" in read_qsf(path).questions
