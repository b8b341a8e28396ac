"""The drafted column map: what it shows, and that it reads back as what was matched."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relsurvey.errors import IntakeError
from relsurvey.intake import draft_columns, read_responses
from relsurvey.intake.matching.column_map import read_column_map

WORDINGS = {
    "Q1": "My social worker heard me.",
    "Q2": "I was afraid of my social worker, at times.",
    "Q3": "I felt safe.",
}


def written(headings, cells=None):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([headings, cells or ["1"] * len(headings)])
    return stream.getvalue()


def rows(draft):
    table = draft.to_frame().set_index("item")
    return table["column"].astype("object").where(table["column"].notna(), None).to_dict()


def test_a_row_an_item_and_why(small, export):
    draft = draft_columns(export(written(["id", "3. I felt safe *", "q1", "x"])), small)
    table = draft.to_frame().set_index("item")
    assert rows(draft) == {"Q1": 3, "Q2": None, "Q3": 2, "Q4": None}
    assert table.loc["Q1", "found"] == "by item id but for case or spacing"
    assert table["confirm"].tolist() == [False, False, True, False]
    assert [one.split(":")[0] for one in draft.unused] == ["column 1 'id'", "column 4 'x'"]


def test_what_is_unclear_stands_first_and_columns_are_aligned(small, export):
    headings = ["id", "3. I felt safe *", "q1", "I was of my social worker, at times, afraid."]
    lines = draft_columns(export(written(headings)), small).summary().splitlines()
    titles = [line for line in lines[2:] if line and not line.startswith(" ")]
    assert titles == [
        "No column is clear for",
        "Found by a text; look whether it is the right one",
        "Found",
        "Columns that are none of these; ids, worker and team are to be named in the study file",
    ]
    unclear = lines[lines.index("No column is clear for") + 1]
    assert unclear.startswith("  Q2  Feared")
    assert "column 4 'I was of my social worker" in unclear
    assert unclear.endswith("% alike")


def test_long_ids_stay_aligned(export, tmp_path, small):
    renamed = small.path.read_text(encoding="utf-8").replace("Q2", "a_question_with_a_long_id")
    definition = tmp_path / "long.yaml"
    definition.write_text(renamed, encoding="utf-8")
    draft = draft_columns(export(written(["Q1", "a_question_with_a_long_id", "Q3"])), definition)
    lines = draft.summary().splitlines()
    found = lines[lines.index("Found") + 1 :][:3]
    assert len({line.index("column") for line in found}) == 1
    assert len({line.index("by item id") for line in found}) == 1


def test_a_column_two_items_claim_is_clear_for_none(small, export):
    draft = draft_columns(export(written(["Q1[Q2]", "Q3"])), small, columns={"Q1": "Q1[Q2]"})
    assert rows(draft)["Q1"] is None
    assert "column 1" in draft.to_frame().set_index("item").loc["Q2", "candidates"]


def test_columns_with_one_heading_are_named_by_number(small, export, tmp_path):
    path = export(written(["I felt safe.", "Q1", "Q2", "I felt safe."], ["4", "3", "2", "1"]))
    draft = draft_columns(path, small, columns={"Q3": "column 4"})
    assert '"Q3": "column 4"' in draft.to_yaml()
    columns = tmp_path / "map.yaml"
    columns.write_text(draft.to_yaml(), encoding="utf-8")
    assert read_responses(path, small, columns=columns).items["Q3"].tolist() == [1.0]


HEADING = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
)


@given(
    st.lists(
        st.one_of(
            HEADING,
            st.sampled_from([*WORDINGS, *WORDINGS.values(), "column 1", "Q3\n\"x\": 'y'", "# Q"]),
        ),
        min_size=2,
        max_size=7,
    )
)
@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_map_reads_back_as_the_same_matches(small, export, tmp_path, headings):
    # Dollar signs and the like go through; a file whose heading cannot be read is another matter.
    try:
        draft = draft_columns(export(written(["id", *headings])), small)
    except IntakeError:
        return
    found = {name: place for name, place in rows(draft).items() if place is not None}
    columns = tmp_path / "map.yaml"
    columns.write_text(draft.to_yaml(), encoding="utf-8")
    named = read_column_map(columns, small.item_ids) if found else {}
    assert set(named) == set(found)
    again = draft_columns(tmp_path / "export.csv", small, columns=named)
    assert {name: place for name, place in rows(again).items() if name in found} == found


def test_an_edited_map_is_the_truth(small, export, tmp_path):
    path = export(written(["Q1", "Q2", "Q3", "other"], ["1", "2", "3", "4"]))
    text = draft_columns(path, small).to_yaml()
    assert '"Q1": "Q1"' in text
    columns = tmp_path / "map.yaml"
    columns.write_text(text.replace('"Q1": "Q1"', '"Q1": "other"'), encoding="utf-8")
    responses = read_responses(path, small, columns=columns)
    assert responses.items.loc[0].tolist() == [4.0, 2.0, 3.0]
    assert "Found by the column map." in responses.log.summary()


def test_what_is_found_by_text_is_listed_to_confirm_when_read(small, export):
    path = export(written(["Q1", "Q2", "12. I felt safe: *"]))
    log = read_responses(path, small).log
    (said,) = [entry for entry in log.entries if "confirm" in entry.what]
    assert said.what == "Please confirm 1 column found by text: Q3 = column 3."


def test_a_map_with_unknown_items_is_refused(small, export):
    with pytest.raises(IntakeError, match="names what the instrument does not have") as caught:
        draft_columns(export(written(["Q1", "x"])), small, columns={"Q11": "x"})
    assert "did you mean 'Q1'" in caught.value.failures.loc[0, "allowed"]
