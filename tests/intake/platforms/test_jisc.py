"""Jisc Online Surveys: a real SPSS file of version 2, and small exports made like its CSV."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from relsurvey.errors import IntakeError
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses
from relsurvey.intake.decoding.answer_key import REASONS, AnswerKey
from relsurvey.intake.decoding.column_choices import ColumnChoices
from relsurvey.intake.recognise import read_export

REAL = Path(__file__).parents[2] / "data" / "jisc" / "bossier_example.sav"
ONE, TWO = "356806-356797-33882794", "356806-356797-33883022"


def column(export, name):
    return export.columns[export.table.heading.index(name)]


@pytest.fixture
def real():
    return read_export(REAL)


def test_the_real_file_is_recognised(real):
    assert (real.platform, len(real.table.rows), len(real.columns)) == ("jisc", 13, 28)
    assert "BOS" in real.why
    assert real.table.heading[real.respondent] == "URN"
    assert column(real, "URN").role == "record"
    assert column(real, "Q14_1_a").text == "Write an R Package"
    assert list(real.records) == []


def test_zero_is_unanswered_on_a_scale_and_not_ticked_on_a_box(real, small):
    assert column(real, "Q14_1_a").declared == {"0": "unanswered"}
    assert column(real, "Q3_1").declared == {}
    box = real.table.columns[real.table.heading.index("Q3_1")]
    assert [box.text(row) for row in range(13)].count("0") == 5
    scale = ColumnChoices(column(real, "Q14_1_a"), AnswerKey(small))
    assert REASONS[scale.meaning("0").reason] == "unanswered"
    (said,) = [entry for entry in real.table.entries if "tick boxes" in entry.what]
    assert "17 columns, and not ticked in 5 columns" in said.what


def test_what_was_routed_past_was_not_shown(real):
    place = real.table.heading.index
    first, second = (real.not_asked[place(name)] for name in ("Q8", "Q9"))
    assert (first | second).all()
    assert np.flatnonzero(first & second).tolist() == [6, 7]


def test_a_blank_row_of_a_grid_was_seen_where_another_row_is_answered(real):
    place = real.table.heading.index("Q14_1_a")
    assert real.table.columns[place].text(7) == ""
    assert real.table.columns[place + 2].text(7) == "1"
    assert not real.not_asked[place].any()


def test_reasons_of_an_spss_file(small, tmp_path):
    path = tmp_path / "jisc.sav"
    frame = pd.DataFrame(
        {
            "URN": [ONE, TWO, "1-2-3"],
            "Q1_1_a": [1.0, None, 0.0],
            "Q1_2_a": [2.0, None, None],
            "Q1_3_a": [0.0, None, 4.0],
        }
    )
    scale = {1.0: "Never", 2.0: "Now and then", 3.0: "Usually", 4.0: "Yes, always"}
    names = list(frame)[1:]
    pyreadstat.write_sav(
        frame,
        path,
        column_labels=[
            "Unique Response Number",
            "My social worker heard me.",
            "I was afraid of my social worker, at times.",
            "I felt safe.",
        ],
        missing_ranges={name: [0.0] for name in names},
        variable_value_labels=dict.fromkeys(names, scale),
    )
    responses = read_responses(path, small)
    assert responses.platform == "jisc"
    assert responses.meta["respondent_id"].tolist() == [ONE, TWO, "1-2-3"]
    assert responses.reasons["Q1"].tolist() == [None, "not_shown", "unanswered"]
    assert responses.reasons["Q2"].tolist() == [None, "not_shown", "unanswered"]
    assert responses.reasons["Q3"].tolist() == ["unanswered", "not_shown", None]


def test_answers_without_codes_and_with_times(small, export):
    path = export(
        "\ufeffUnique Response Number,Started,Submitted,1. My social worker heard me.,"
        '"1.1.a. I was afraid of my social worker, at times.",2. I felt safe.,71. Completion date\n'
        f'{ONE},14/04/2018 09:00:00,14/04/2018 09:05:30,"Yes, always",Never,,x\n'
        f"{TWO},03/05/2018 10:00:00,03/05/2018 09:00:00,Usually,Sometimes,Never,y\n"
    )
    responses = read_responses(path, small)
    assert responses.platform == "jisc"
    assert responses.items.iloc[0, :2].tolist() == [4.0, 1.0]
    assert responses.reasons["Q3"].tolist() == ["unanswered", None]
    assert responses.meta["respondent_id"].tolist() == [ONE, TWO]
    assert responses.meta["started"].tolist() == [
        pd.Timestamp("2018-04-14 09:00"), pd.Timestamp("2018-05-03 10:00")
    ]  # fmt: skip
    assert responses.meta["duration"].iloc[0] == 330.0
    log = responses.log.summary()
    assert "does not tell a question left open from one routed past" in log
    assert "1 respondent submitted before they started" in log
    assert pd.isna(responses.meta["duration"].iloc[1])


def test_coded_answers_need_a_map(small, export):
    path = export(f"Unique Response Number,Q12,Q14_1_a,Q14_2_a\n{ONE},4,1,2\n{TWO},1,,9\n")
    with pytest.raises(IntakeError, match="of the 3 items of small ha"):
        read_responses(path, small)
    columns = {"Q1": "Q12", "Q2": "Q14_1_a", "Q3": "Q14_2_a"}
    responses = read_responses(path, small, columns=columns)
    assert responses.items["Q1"].tolist() == [4.0, 1.0]
    assert responses.reasons["Q3"].tolist() == [None, "not_applicable"]
    said = responses.log.summary()
    assert "Please confirm that 1 stands for 'Never' and 4 stands for 'Yes, always' in 3" in said


@pytest.mark.parametrize("cells", ["1,2,3", "1,2,4", "5,4,0"])
def test_coded_answers_of_a_scale_from_0_are_refused(export, cells):
    items = load_instrument("peech-sc").item_ids
    rows = [f"{number}-1-1,{','.join((cells.split(',') * 8)[:23])}\n" for number in range(1, 9)]
    path = export(f"Unique Response Number,{','.join(items)}\n{''.join(rows)}")
    for unknown in ("stop", "missing"):
        with pytest.raises(
            IntakeError, match="Jisc Online Surveys numbers answers 1, 2, 3"
        ) as told:
            read_responses(path, "peech-sc", unknown=unknown)
        assert "the codes of peech-sc are 0 to 3" in told.value.message
        assert len(told.value.failures) >= 15
        assert "Export the answers as texts" in told.value.hint


def test_version_3(small, export):
    path = export(
        "Response ID,Start date,Completion date,Q1,Q2,Q3\n"
        "A1,2024-05-01T10:00:00Z,2024-05-01T10:01:00Z,1,2,3\n"
    )
    responses = read_responses(path, small)
    assert responses.platform == "jisc"
    assert responses.meta["duration"].tolist() == [60.0]
    assert responses.meta["respondent_id"].tolist() == ["A1"]


@pytest.mark.parametrize(
    "content",
    [
        "URN,Q1,Q2,Q3\n17,1,2,3\n",
        "id,Q1,Q2,Q3\n1,1,2,3\n",
        "Response ID,Q1,Q2,Q3\n1,1,2,3\n",
    ],
)
def test_a_plain_table_is_not_taken(export, content):
    assert read_export(export(content)).platform == "csv"


def test_an_export_without_response_numbers(export):
    read = read_export(export("Q1,Q14_1_a\n1,2\n"), "jisc")
    assert read.respondent is None


def test_another_file_named_as_jisc(export):
    with pytest.raises(IntakeError, match="no export of Jisc Online Surveys") as caught:
        read_export(export("name,age\na,2\n"), "jisc")
    assert "--platform csv" in caught.value.hint
