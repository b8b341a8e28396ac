"""SPSS and Stata files that no platform left its mark on."""

import pandas as pd
import pyreadstat
import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.recognise import read_export

LABELS = {5.0: "Never", 4.0: "Now and then", 3.0: "Usually", 2.0: "Yes, always"}


def frame():
    answers = [5.0, 4.0, 3.0, 2.0, None]
    return pd.DataFrame({"id": list("abcde"), "Q1": answers, "Q2": answers, "Q3": answers})


@pytest.mark.parametrize(("name", "platform"), [("x.sav", "spss"), ("x.dta", "stata")])
def test_labels_turn_codes_round(small, tmp_path, name, platform):
    path = tmp_path / name
    write = pyreadstat.write_sav if platform == "spss" else pyreadstat.write_dta
    labels = {int(code): label for code, label in LABELS.items()}
    write(frame(), path, variable_value_labels=dict.fromkeys(("Q1", "Q2", "Q3"), labels))
    responses = read_responses(path, small, id="id")
    assert responses.platform == platform
    assert responses.items["Q2"].tolist()[:4] == [1.0, 2.0, 3.0, 4.0]
    assert responses.reasons["Q2"].tolist()[4] == "unanswered"
    assert "'5' read as 1 in 1 cell" in "".join(entry.what for entry in responses.log.entries)


def test_items_are_found_by_their_variable_label(small, tmp_path):
    path = tmp_path / "labels.sav"
    texts = ["Id", "How often? - My social worker heard me.",
             "How often? - I was afraid of my social worker, at times.",
             "I felt safe."]  # fmt: skip
    renamed = frame().set_axis(["id", "v1", "v2", "v3"], axis=1).replace(5.0, 1.0)
    pyreadstat.write_sav(renamed, path, column_labels=texts)
    responses = read_responses(path, small)
    assert responses.items["Q1"].tolist()[:4] == [1.0, 4.0, 3.0, 2.0]
    assert "Please confirm 3 columns found by text" in responses.log.summary()


def test_partly_labelled_scale(small, tmp_path):
    path = tmp_path / "ends.sav"
    ends = {1: "Never", 4: "Yes, always"}
    names = ("Q1", "Q2", "Q3")
    pyreadstat.write_sav(
        frame().replace(5.0, 1.0), path, variable_value_labels=dict.fromkeys(names, ends)
    )
    assert read_responses(path, small).items["Q3"].tolist()[:4] == [1.0, 4.0, 3.0, 2.0]


def test_partly_labelled_scale_that_is_recoded_stops(small, tmp_path):
    path = tmp_path / "turned.sav"
    ends = {4: "Never", 1: "Yes, always"}
    names = ("Q1", "Q2", "Q3")
    pyreadstat.write_sav(
        frame().replace(5.0, 1.0), path, variable_value_labels=dict.fromkeys(names, ends)
    )
    with pytest.raises(IntakeError, match=r"'3' 3 times \(Q1, Q2, Q3\)"):
        read_responses(path, small)


def test_another_platform_is_not_spss(export, tmp_path):
    path = tmp_path / "x.sav"
    pyreadstat.write_sav(frame(), path)
    assert read_export(path).why == "It is an SPSS file"
    with pytest.raises(IntakeError, match="is not from Qualtrics; it looks like SPSS"):
        read_export(path, "qualtrics")
    with pytest.raises(IntakeError):
        read_export(path, "csv")
