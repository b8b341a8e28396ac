import html
import re
from pathlib import Path

from relsurvey.forms import form_of, forms_of
from relsurvey.forms.qualtrics import remarks, write_qualtrics
from relsurvey.instruments import load_instrument

AWKWARD = Path(__file__).with_name("awkward.yaml")


def questions_of(text):
    """Read a file back as Qualtrics does: every tag begins something."""
    assert text.startswith("[[AdvancedFormat]]\n")
    return [part.strip() for part in re.split(r"(?=\[\[Question:)", text)[1:]]


def recoded(question, tag):
    return re.findall(rf"\[\[{tag}:([^\]]*)\]\]\n(.*)", question)


def test_the_matrix_has_items_as_statements_and_codes_as_recode_values():
    form = form_of(load_instrument("peech-sc"))
    matrix = questions_of(write_qualtrics([form])["peech-sc.txt"].decode())[0]
    assert matrix.startswith(f"[[Question:Matrix]]\n[[ID:peech_sc]]\n{form.instructions}\n")
    statements = matrix.split("[[Choices]]\n")[1].split("\n\n[[AdvancedAnswers]]")[0]
    assert statements.split("\n") == [item.text for item in form.items]
    assert recoded(matrix, "Answer") == [(one.code, one.label) for one in form.choices]


def test_context_questions_keep_id_kind_and_codes():
    form = form_of(load_instrument("peech-sc"))
    others = questions_of(write_qualtrics([form])["peech-sc.txt"].decode())[1:]
    assert [re.search(r"\[\[ID:(.*)\]\]", one)[1] for one in others] == [
        one.id for one in form.context
    ]
    assert others[0].startswith("[[Question:TE:SingleLine]]")
    assert others[2].startswith("[[Question:MC:SingleAnswer:Vertical]]")
    assert recoded(others[2], "Choice") == [("1", "Starting"), ("2", "Ongoing"), ("3", "Ending")]


def test_no_wording_is_taken_for_a_tag_or_piped_text():
    form = form_of(load_instrument(AWKWARD), fillings={"worker": "${e://Field/x}"})
    text = write_qualtrics([form])["Awk-ward_1.txt"].decode()
    tags = re.findall(r"\[\[.*?\]\]", text)
    assert tags.count("[[Choices]]") == 1
    assert "${" not in text
    matrix = questions_of(text)[0]
    lines = matrix.split("[[Choices]]\n")[1].split("\n\n")[0].split("\n")
    shown = [html.unescape(line.replace("<br>", "\n")) for line in lines]
    assert shown == [one.text.replace("\t", " ") for one in form.items]


def test_codes_that_are_no_numbers_get_free_ones_and_that_is_told():
    forms = [form_of(load_instrument(AWKWARD))]
    matrix = questions_of(write_qualtrics(forms)["Awk-ward_1.txt"].decode())[0]
    assert [code for code, _ in recoded(matrix, "Answer")] == ["-1", "0.5", "2", "99", "100"]
    assert any("n/a is now 99, refused is now 100" in one for one in remarks(forms))


def test_a_question_with_the_name_of_an_export_column_is_renamed():
    forms = [form_of(load_instrument(AWKWARD))]
    assert "[[ID:Status2]]" in write_qualtrics(forms)["Awk-ward_1.txt"].decode()
    assert any("Status is now Status2" in one for one in remarks(forms))


def test_each_language_has_a_file_of_its_own():
    forms = forms_of(load_instrument(AWKWARD))
    files = write_qualtrics(forms)
    assert list(files) == [f"Awk-ward_1.{tag}.txt" for tag in ("en-GB", "en-GB-x-easy", "cy")]
    assert "Tri." in files["Awk-ward_1.cy.txt"].decode()
    assert "3 files were made" in remarks(forms)[0]


def test_what_has_to_be_set_by_hand_is_told():
    said = "\n".join(remarks([form_of(load_instrument("peech-sc"))]))
    assert "peech_sc_1 to peech_sc_23" in said
    assert "'Number' for months_known, workers_12_months" in said
