"""Personal data in an export: which columns, which cells; never what stands in them."""

import json
from pathlib import Path

import numpy as np
import pytest

from relsurvey.intake.export import ExportColumn, plain_columns
from relsurvey.intake.fold import shown
from relsurvey.intake.personal import find_personal
from relsurvey.intake.table import RawTable, TableBuilder

SECRETS = [
    "Sarah",
    "Jones",
    "Patel",
    "example.org",
    "07700",
    "9434765919",
    "192.0.2",
    "1980",
    "SW1A",
]


def table_of(heading, *records, first_row=2):
    builder = TableBuilder(len(heading))
    builder.add([list(record) for record in records], range(first_row, first_row + len(records)))
    columns, rows = builder.finish()
    return RawTable(Path("export.csv"), tuple(heading), columns, rows, "text")


def everything(found):
    return "\n".join(
        [
            found.summary(),
            repr(found),
            found.to_frame().to_csv(),
            found.cells.to_csv(),
            json.dumps(found.to_dict()),
            *(f"{entry}" for entry in found.entries()),
        ]
    )


@pytest.fixture
def mixed():
    return table_of(
        [
            "ResponseId",
            "RecipientEmail",
            "Q1",
            "Any other comments",
            "When were you born?",
            "IPAddress",
        ],
        ["R_2xABC", "sarah@example.org", "4", "fine", "12/03/1980", ""],
        ["R_3xABC", "", "5", "My worker Sarah Jones\nring 07700 900123", "", ""],
        ["R_4xABC", "anonymous", "1", "Mrs Patel was kind", "not saying", ""],
        ["R_5xABC", "", "2", "NHS 943 476 5919", "1980-03-12", ""],
        ["R_6xABC", "", "2", "Mrs Patel was kind", "", ""],
    )


def test_columns_and_cells_are_listed_and_never_shown(mixed):
    found = find_personal(mixed)
    assert [entry.what for entry in found.entries()] == [
        "Column 2, 'RecipientEmail': asks for e-mail addresses; 1 cell filled.",
        "Column 4, 'Any other comments': 1 cell looks like an NHS number (row 5).",
        "Column 4, 'Any other comments': 1 cell looks like a phone number (row 3).",
        "Column 4, 'Any other comments': 3 cells look like names (rows 3, 4, 6).",
        "Column 5, 'When were you born?': 2 cells look like dates of birth (rows 2, 5).",
    ]
    assert {entry.step for entry in found.entries()} == {"personal"}
    assert [entry.count for entry in found.entries()] == [1, 1, 1, 3, 2]
    assert not any(secret in everything(found) for secret in SECRETS)
    assert found.positions == {1, 3, 4}
    assert found.rows_of(3).tolist() == [3, 4, 5, 6]
    assert found.rows_of(0).tolist() == []
    assert found.cells["column"].tolist() == [2, 4, 4, 4, 4, 4, 5, 5]
    blank = next(one for one in found.by_heading if one.heading == "IPAddress")
    assert (blank.kind, blank.cells) == ("ip_address", 0)


def test_wording_is_not_named_where_it_may_not_be(mixed):
    entries = find_personal(mixed).entries(named=False)
    assert entries[1].what == "Column 4: 1 cell looks like an NHS number (row 5)."
    assert entries[1].column == "Column 4"


def test_columns_that_were_decoded_are_not_looked_at(mixed):
    assert find_personal(mixed, skip={1, 3, 4, 5}).columns == ()
    assert find_personal(mixed, skip={1, 3, 4, 5}).cells.empty
    assert find_personal(mixed, skip={1, 3, 4, 5}).summary() == (
        "Nothing looks like personal data."
    )


def test_rows_are_those_of_the_file():
    table = table_of(["comment"], ["x"], ["Mrs Patel"], first_row=4)
    assert find_personal(table).rows_of(0).tolist() == [5]


def test_texts_of_rows_that_were_dropped_do_not_count(mixed):
    kept = mixed.taken(np.array([0]))
    assert find_personal(kept).rows_of(3).tolist() == []


def test_what_the_platform_marks_is_believed():
    table = table_of(["Q7", "tel"], ["x", "1"], ["y", "2"])
    columns = (ExportColumn("Q7", role="personal"), ExportColumn("tel"))
    found = find_personal(table, columns)
    assert [(one.kind, one.cells) for one in found.by_heading] == [("personal", 2), ("phone", 2)]


def test_the_question_counts_where_the_name_says_nothing():
    table = table_of(["Q7"], ["A"], ["B"], ["C"], ["D"])
    assert find_personal(table, plain_columns(["Q7"])).columns == ()
    asked = (ExportColumn("Q7", text="Who is your social worker?"),)
    assert find_personal(table, asked).by_heading[0].kind == "name"


def test_closed_questions_ask_for_nothing():
    question = "Please tell us your phone number if you like"
    answers = [["Yes"], ["No"]] * 8
    assert find_personal(table_of([question], *answers)).columns == ()
    open_ones = [[f"+44 7700 9001{i:02d}"] for i in range(16)]
    assert find_personal(table_of([question], *open_ones)).by_heading[0].cells == 16
    with_choices = (ExportColumn(question, choices={"1": "Yes"}),)
    assert find_personal(table_of([question], ["1"]), with_choices).columns == ()


def test_headings_that_are_personal_themselves_are_not_shown():
    table = table_of(["How was Mrs Patel?"], ["my worker Sarah"])
    found = find_personal(table)
    assert "Column 1, '[looks like a name]': 1 cell looks like a name" in found.summary()
    assert "Patel" not in everything(found)
    assert shown("How was Mrs Patel?") == "[looks like a name]"


def test_what_platforms_write_of_their_own_is_not_personal():
    table = table_of(
        ["StartDate", "Status", "Duration (in seconds)", "Finished", "ResponseId", "URN", "_uuid", "Q1", "Q2"],  # noqa: E501
        *(
            [
                f"2021-04-{day:02d} 09:07:{day:02d}",
                "IP Address",
                str(33044 + day),
                "True",
                f"R_{day}nkSz0pQ2LcGf1H",
                f"356806-3567{day:02d}-33882794",
                f"0a1b2c3d-0770-4900-8123-0770090012{day:02d}",
                "Neither Agree Nor Disagree",
                "N/A",
            ]
            for day in range(1, 29)
        ),
    )  # fmt: skip
    assert find_personal(table).columns == ()


def test_ten_digit_ids_are_no_nhs_numbers_by_chance():
    table = table_of(["code"], *([str(4_000_000_000 + i)] for i in range(300)))
    assert find_personal(table).columns == ()
    table = table_of(["code"], *([text] for text in ("9434765919", "9434765870", "5990128088")))
    assert find_personal(table).by_content[0].kind == "nhs_number"


def test_dates_of_long_ago_are_dates_of_birth():
    days = [["12/03/1980"], ["1 May 1971"], ["2001-02-03"], [""], ["not saying"]]
    found = find_personal(table_of(["Q9"], *days))
    assert [(one.kind, one.rows.tolist()) for one in found.by_content] == [
        ("date_of_birth", [2, 3, 4])
    ]
    lately = [["12/03/2024"], ["1 May 2023"], ["2022-02-03"], [""], ["not yet"]]
    assert find_personal(table_of(["Q9"], *lately)).columns == ()
    together = table_of(["Day they were born"], ["12031980"], ["12345"])
    assert [one.rows.tolist() for one in find_personal(together).by_content] == [[2]]


def test_a_list_of_workers_to_choose_from_is_a_list_of_names():
    question = "Who is your social worker?"
    named = find_personal(table_of([question], *[["Zbrqa"], ["Xytrw"]] * 8))
    assert [(one.kind, one.cells) for one in named.by_heading] == [("name", 16)]
    assert find_personal(table_of([question], *[["Not sure"], ["2"]] * 8)).columns == ()


def test_a_phone_number_without_its_zero_shows_an_open_question():
    question = "Please tell us your phone number if you like"
    found = find_personal(table_of([question], *[["7700900123"], ["No"]] * 8))
    assert [(one.kind, one.cells) for one in found.by_heading] == [("phone", 16)]


def test_names_in_another_script_among_other_texts():
    texts = [["good"], ["bad"], ["so so"], ["hm"], ["ok"], ["王小明"]]
    assert [one.rows.tolist() for one in find_personal(table_of(["Q3"], *texts)).by_content] == [
        [7]
    ]
    answers = [["同意"], ["不同意"], ["总是"]]
    assert find_personal(table_of(["Q3"], *answers)).columns == ()
