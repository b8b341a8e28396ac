from pathlib import Path

import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.platforms.surveyxact.files import read_companion, read_labels, read_structure
from relsurvey.intake.recognise import read_export

DATA = Path(__file__).parents[2] / "data" / "surveyxact"

# As SurveyXact writes them: lines of choices to tick end in a delimiter, the others do not.
STRUCTURE = (
    "questionName,variableName,questionType,subType,questionText,choiceValue,choiceText\n"
    'v_1,v_1_1,Closed,Multiple,"Which subjects? (several)",1,"Art, drama",\n'
    'v_1,v_1_2,Closed,Multiple,"Which subjects? (several)",2,"Språkfag",\n'
    'g_1,g_1,Closed,Single,"How much - if at all - do you agree? - Heard ",,\n'
    'g_2,g_2,Closed,Single,"How much - if at all - do you agree? - Feared - really",,\n'
    's_3,s_3,Closed,Single,"Safe - or not?",,\n'
    'id,id,Open,String,"Kontaktopplysninger - id",,\n'
    'statoverall,stato_1,Closed,Multiple,"Samlet status",1,"Ny",\n'
    'statoverall,stato_2,Closed,Multiple,"Samlet status",2,"Distribuert",\n'
    'statoverall,stato_3,Closed,Multiple,"Samlet status",3,"Noen svar",\n'
    'statoverall,stato_4,Closed,Multiple,"Samlet status",4,"Gjennomført",\n'
    'statoverall,stato_5,Closed,Multiple,"Samlet status",5,"Frafalt",\n'
)
LABELS = "".join(
    f'"{name}",{value},"{label}"\n'
    for name, labels in {
        "v_1_1": {0: "Ikke valgt", 1: "Valgt"},
        "g_1": {5: "Nie", 6: "Ab und zu", 7: "Meistens", 8: "Immer"},
        "g_2": {5: "Nie", 6: "Ab und zu", 7: "Meistens", 8: "Immer"},
        "s_3": {5: "Nie", 6: "Ab und zu", 7: "Meistens", 8: "Immer"},
        "stato_4": {0: "Ikke valgt", 1: "Valgt"},
    }.items()
    for value, label in labels.items()
)
DATASET = (
    "v_1_1,v_1_2,g_1,g_2,s_3,id,forn,stato_1,stato_2,stato_3,stato_4,stato_5\n"
    '1,0,5,8,7,"7","Made up",0,0,0,1,0\n'
    '0,0,,6,,"8","Made up",0,0,1,0,0\n'
    '0,0,,,,"9","Made up",0,1,0,0,0\n'
    '0,0,,,,"","",1,0,0,0,0\n'
)
ITEMS = {"Q1": "g_1", "Q2": "g_2", "Q3": "s_3"}


@pytest.fixture(params=[("comma", "cp1252"), ("semicolon", "cp1252"), ("tab", "utf-16")])
def package(request, export):
    """Write the three files, and return the dataset."""
    name, encoding = request.param
    delimiter = {"comma": ",", "semicolon": ";", "tab": "\t"}[name]

    def cells(text):
        # No text of these files but "Art, drama" holds a comma.
        kept = text.replace("Art, drama", "Art| drama").replace(",", delimiter)
        return kept.replace("Art| drama", "Art, drama")

    export(cells(STRUCTURE), "structure.csv", encoding)
    export(cells(LABELS), "labels.csv", encoding)
    return export(cells(DATASET), "dataset.csv", encoding)


def test_three_files(package, small):
    responses = read_responses(package, small, columns=ITEMS, id="id")
    assert responses.platform == "surveyxact"
    assert responses.items.fillna(0).to_numpy().tolist() == [[1, 4, 3], [0, 2, 0]]
    assert responses.reasons["Q1"].tolist() == [None, "unanswered"]
    assert responses.meta["respondent_id"].tolist() == ["7", "8"]
    assert responses.meta["finished"].tolist() == [True, False]
    log = responses.log.summary()
    assert "stato_1 to stato_5" in log
    assert "2 rows left out: new, or sent out and not opened." in log
    assert "11 variables described by structure.csv, labels.csv" in log
    assert "2 columns with a box to tick: 0 is not ticked or not answered" in log


def test_stems_and_texts(package):
    columns = {column.name: column for column in read_export(package).columns}
    stem = "How much - if at all - do you agree?"
    assert (columns["g_1"].stem, columns["g_1"].text) == (stem, "Heard")
    assert (columns["g_2"].stem, columns["g_2"].text) == (stem, "Feared - really")
    assert (columns["s_3"].stem, columns["s_3"].text) == ("", "Safe - or not?")
    assert columns["v_1_1"].stem == "Which subjects? (several)"
    assert columns["v_1_1"].text == "Art, drama"
    assert columns["v_1_1"].choices == {"0": "Ikke valgt", "1": "Valgt"}
    roles = {name: column.role for name, column in columns.items()}
    assert roles["id"] == roles["forn"] == "personal"
    assert roles["stato_4"] == "platform"


def test_names_with_a_word_before_them(export):
    export(STRUCTURE, "Survey_structure.csv")
    export(LABELS, "Survey_Labels.CSV")
    path = export(DATASET.replace("stato_", "st_"), "Survey_dataset.csv")
    exported = read_export(path)
    assert exported.why == "Its Survey_structure.csv and Survey_Labels.CSV lie beside it"
    assert len(exported.table.rows) == 4
    assert "finished" not in exported.records


def test_labels_named_as_the_dictionary(export, small):
    labels = export(LABELS, "elsewhere.csv")
    path = export(DATASET, "answers.csv")
    responses = read_responses(path, small, columns=ITEMS, dictionary=labels)
    assert responses.items["Q2"].tolist() == [4, 2]
    assert "5 variables described by elsewhere.csv" in responses.log.summary()


def test_neither_labels_nor_structure(export):
    exported = read_export(export(DATASET, "answers.csv"))
    assert exported.platform == "surveyxact"
    assert any(entry.what == "Neither labels nor structure." for entry in exported.table.entries)


@pytest.mark.parametrize("name", ["semicolon_ansi_labels.csv", "tab_utf16_labels.csv"])
def test_labels_given_as_data(name):
    with pytest.raises(IntakeError, match=f"{name} holds the labels of a SurveyXact survey") as no:
        read_export(DATA / name)
    assert "Give the dataset of the same export" in no.value.hint


@pytest.mark.parametrize("name", ["semicolon_ansi_labels.csv", "tab_utf16_labels.csv"])
def test_real_labels(name):
    labels = read_labels(read_companion(DATA / name))
    assert labels["v_1_16"] == {"0": "Ikke valgt", "1": "Valgt"}
    assert labels["s_6"]["5"] == "Da jeg gikk på barneskolen"
    assert list(labels["s_6"]) == ["5", "1", "3", "4", "7", "6", "8"]


def test_a_structure_given_as_data(export):
    even = STRUCTURE.replace('",\n', '"\n').replace(",,\n", ",,\n")
    lines = [line for line in even.splitlines() if "Single" not in line and "String" not in line]
    with pytest.raises(IntakeError, match="holds the structure of a SurveyXact survey"):
        read_export(export("\n".join(lines), "structure.csv"))


def test_labels_of_another_survey(export):
    other = LABELS.replace("g_", "h_").replace("s_3", "t_3")
    with pytest.raises(IntakeError, match="do not belong to answers") as caught:
        read_export(export(DATASET, "answers.csv"), dictionary=export(other, "other.csv"))
    assert "h_1" in caught.value.failures["variable"].tolist()
    export(other, "labels.csv")
    exported = read_export(export(DATASET, "dataset.csv"))
    assert any(entry.what == "labels.csv not used." for entry in exported.table.entries)
    assert not exported.columns[2].choices


def test_something_else_as_the_dictionary(export):
    with pytest.raises(IntakeError, match="is neither the structure nor the labels"):
        read_export(export(DATASET, "answers.csv"), dictionary=export("a,b\n1,2\n", "other.csv"))


def test_a_damaged_structure(export):
    torn = export(STRUCTURE + "g_9,g_9,Closed\n", "torn.csv")
    with pytest.raises(IntakeError, match="lines with more or fewer cells"):
        read_companion(torn)
    with pytest.raises(IntakeError, match="cannot be read"):
        read_companion(torn.parent / "absent.csv")


def test_a_plain_table_named_as_surveyxact(export):
    with pytest.raises(IntakeError, match="is no dataset of SurveyXact"):
        read_export(export("id,a\n1,2\n"), "surveyxact")


@pytest.mark.parametrize("content", ["id,1,x\na,2,y\nb,3,z\n", "id,Q1,Q2\nid,1,2\n"])
def test_plain_tables_of_three_columns(export, content):
    assert read_export(export(content)).platform == "csv"


def test_structure_of_uneven_lines(export):
    variables = read_structure(read_companion(export(STRUCTURE, "structure.csv")))
    assert list(variables)[:4] == ["v_1_1", "v_1_2", "g_1", "g_2"]
    assert variables["stato_4"].question == "statoverall"
    assert variables["v_1_2"].multiple
