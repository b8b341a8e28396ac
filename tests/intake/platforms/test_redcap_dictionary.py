import pytest
from redcap_exports import API_HEADING, DATA, DICTIONARY_HEADING, dictionary_line, instrument_of

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.platforms.redcap.dictionary import column_of, read_dictionary
from relsurvey.intake.recognise import read_export

RAW = 'record_id,a,box____90,box___abc,weight,mail,first_complete\n1,7,1,0,"1,5",x@y.org,2\n'


def dictionary(export, *lines, heading=DICTIONARY_HEADING, name="any.csv"):
    first = dictionary_line("record_id", "first")
    return export("\n".join([heading, first, *lines]), name, "utf-8-sig")


def fitting(export, choices="7, <i>Never</i>|8,Now, and then", heading=DICTIONARY_HEADING):
    return dictionary(
        export,
        dictionary_line("a", "first", "radio", "A", choices, matrix="m", section="Stem of<br>all"),
        dictionary_line("a2", "first", "radio", "A2", choices, matrix="m", logic="[a] = '7'"),
        dictionary_line("box", "first", "checkbox", "Boxes", "-90, None | ABC, Letters"),
        dictionary_line("weight", "first", "text", "Weight", check="number_1dp_comma_decimal"),
        dictionary_line("mail", "first", "text", "Mail", check="email"),
        heading=heading,
    )


@pytest.mark.parametrize("heading", [DICTIONARY_HEADING, API_HEADING])
def test_both_kinds_of_headings(export, heading):
    fields = read_dictionary(fitting(export, heading=heading))
    assert list(fields) == ["record_id", "a", "a2", "box", "weight", "mail"]
    assert fields["a"].choices == {"7": "Never", "8": "Now, and then"}
    assert (fields["a"].stem, fields["a2"].stem, fields["box"].stem) == (
        "Stem of all",
        "Stem of all",
        "",
    )
    assert fields["mail"].personal
    assert fields["a2"].conditional
    assert fields["weight"].decimal_comma


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("1, one|2, two", {"1": "one", "2": "two"}),
        (" M, Male  |F,Female ", {"M": "Male", "F": "Female"}),
        ("-1, a &amp; b | 0, ", {"-1": "a & b", "0": ""}),
        ("1, one \\n 2, two", {"1": "one", "2": "two"}),
        ("plain", {"plain": "plain"}),
    ],
)
def test_choices(export, text, choices):
    path = dictionary(export, dictionary_line("a", "first", "dropdown", "A", text))
    assert read_dictionary(path)["a"].choices == choices


def test_sliders_and_calculations_have_no_choices(export):
    path = dictionary(
        export,
        dictionary_line("s", "first", "slider", "S", "0 | 50 | 100"),
        dictionary_line("c", "first", "calc", "C", "[a] + 1"),
    )
    fields = read_dictionary(path)
    assert (fields["s"].choices, fields["c"].choices) == ({}, {})
    assert column_of(fields["c"], "c").role == "platform"


def test_columns_of_a_raw_export(tmp_path, export):
    exported = read_export(export(RAW), dictionary=fitting(export))
    columns = {one.name: one for one in exported.columns}
    assert (columns["a"].stem, columns["a"].text) == ("Stem of all", "A")
    assert columns["box____90"].text == "None"
    assert columns["box___abc"].text == "Letters"
    assert columns["mail"].role == "personal"
    assert exported.table.columns[4].text(0) == "1.5"
    assert exported.table.columns[4].texts == ("1.5",)
    made = instrument_of(tmp_path, ("a",), labels=("Never", "Always"))
    responses = read_responses(export(RAW), made, dictionary=fitting(export))
    # 7 is no code of the instrument, and its label is: the label goes before the code.
    assert responses.items["a"].tolist() == [0]


def test_a_dictionary_of_another_project():
    with pytest.raises(IntakeError, match=r"is not the dictionary of survey_data\.csv") as caught:
        read_export(DATA / "survey_data.csv", dictionary=DATA / "longitudinal_dictionary.csv")
    assert {"participant_id", "has_diabetes"} <= set(caught.value.failures["column"])


def test_a_dictionary_of_another_project_for_labels(export):
    path = export('"Record ID","I felt safe","Complete?"\n1,Yes,Complete\n')
    with pytest.raises(IntakeError, match="'I felt safe'"):
        read_export(path, dictionary=fitting(export))


def test_a_column_that_was_added_by_hand(export):
    path = export(RAW.replace("first_complete", "first_complete,worker").replace(",2\n", ",2,w1\n"))
    exported = read_export(path, dictionary=fitting(export))
    told = [entry.what for entry in exported.table.entries if entry.step == "columns"]
    assert "Warning: 1 column not in the dictionary: 'worker'." in told


def test_no_dictionary_at_all(export):
    with pytest.raises(IntakeError, match="is no data dictionary of a REDCap project"):
        read_export(export(RAW), dictionary=export("a,b\n1,2\n", "other.csv"))


def test_a_dictionary_given_as_data():
    with pytest.raises(IntakeError, match="is the data dictionary of a REDCap project, not"):
        read_export(DATA / "survey_dictionary.csv")


def test_download_names_belong_together(export):
    name = "My_Project_DATA_2024-05-01_1200.csv"
    fits = fitting(export).rename(fitting(export).parent / "My_Project_DataDictionary_2024.csv")
    exported = read_export(export(RAW, name))
    assert exported.columns[1].choices
    told = " ".join(entry.what for entry in exported.table.entries)
    assert "taken from the dictionary My_Project_DataDictionary_2024.csv" in told
    (fits.parent / "My_Project_DataDictionary_2023.csv").write_bytes(fits.read_bytes())
    exported = read_export(export(RAW, name))
    assert not exported.columns[1].choices
    told = " ".join(entry.what for entry in exported.table.entries)
    assert "No dictionary used: My_Project_DataDictionary_2023.csv" in told


def test_what_lies_beside_and_does_not_fit_is_left(export):
    dictionary(export, dictionary_line("other", "first"), name="p_dictionary.csv")
    exported = read_export(export(RAW, "p_data.csv"))
    told = " ".join(f"{entry.what} {entry.why}" for entry in exported.table.entries)
    assert "p_dictionary.csv beside the data was not used" in told
    export("nothing\n", "p_dictionary.csv")
    again = read_export(export(RAW, "p_data.csv"))
    told = " ".join(f"{one.what} {one.why}" for one in again.table.entries)
    assert "It is not a dictionary." in told
