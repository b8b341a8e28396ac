import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake.matching.column_map import read_column_map

KNOWN = ("Q1", "Q2", "months")


def test_nothing_given():
    assert read_column_map(None, KNOWN) == {}


def test_a_file(export):
    path = export("Q1: Question one\nQ2: 12\n", "map.yaml")
    assert read_column_map(path, KNOWN) == {"Q1": "Question one", "Q2": "12"}
    assert read_column_map(str(path), KNOWN) == read_column_map(path, KNOWN)


def test_unknown_items_in_a_file_are_given_with_their_line(export):
    path = export("Q1: a\nmnths: b\nQ9: c\nQ1: d\n", "map.yaml")
    with pytest.raises(IntakeError, match="3 faults") as caught:
        read_column_map(path, KNOWN)
    failures = caught.value.failures
    assert failures["line"].tolist() == [2, 3, 4]
    assert "did you mean 'months'?" in failures["allowed"].iloc[0]


def test_unknown_items_in_a_mapping():
    with pytest.raises(IntakeError, match="does not have") as caught:
        read_column_map({"Q1": "a", "mnths": "b"}, KNOWN)
    assert caught.value.failures["key"].tolist() == ["mnths"]


@pytest.mark.parametrize("content", ["- a\n- b\n", "just text", "", "a: [", "Q1: [1, 2]\n"])
def test_a_map_that_is_none(export, content):
    with pytest.raises(IntakeError, match=r"map\.yaml"):
        read_column_map(export(content, "map.yaml"), KNOWN)


def test_no_such_map(tmp_path):
    with pytest.raises(IntakeError, match="no column map file"):
        read_column_map(tmp_path / "none.yaml", KNOWN)
