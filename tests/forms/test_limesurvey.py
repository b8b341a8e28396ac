import csv
import html
import io
from pathlib import Path

import pytest

from relsurvey.forms import form_of, forms_of
from relsurvey.forms.limesurvey import COLUMNS, remarks, write_limesurvey
from relsurvey.instruments import load_instrument

AWKWARD = Path(__file__).with_name("awkward.yaml")


def rows_of(content):
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter="\t", strict=True))
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def only(rows, kind, **equal):
    return [row for row in rows if row["class"] == kind and equal.items() <= row.items()]


def test_items_are_subquestions_of_one_array():
    form = form_of(load_instrument("peech-sc"))
    rows = rows_of(write_limesurvey([form])["peech-sc.txt"])
    (array,) = [row for row in only(rows, "Q") if row["type/scale"] == "F"]
    assert array["name"] == "peechsc"
    assert array["text"] == form.instructions
    items = only(rows, "SQ")
    assert [row["name"] for row in items] == [item.id for item in form.items]
    assert [row["text"] for row in items] == [item.text for item in form.items]
    assert {row["related_id"] for row in items} == {array["id"]}


def test_answers_have_the_codes_of_the_definition_and_their_assessment_values():
    rows = rows_of(write_limesurvey([form_of(load_instrument("peech-sc"))])["peech-sc.txt"])
    answers = [row for row in only(rows, "A") if row["id"] == "1"]
    assert [(row["name"], row["relevance"]) for row in answers] == [
        ("0", "0"), ("1", "1"), ("2", "2"), ("3", "3"), ("9", "")
    ]  # fmt: skip
    assert only(rows, "S", name="assessments")[0]["text"] == "Y"
    beside = [row for row in only(rows, "A") if row["id"] != "1"]
    assert len(beside) == 10
    assert {row["relevance"] for row in beside} == {""}


def test_reverse_keyed_items_are_not_reversed_and_that_is_told():
    forms = [form_of(load_instrument("peech-sc"))]
    rows = rows_of(write_limesurvey(forms)["peech-sc.txt"])
    assert len(only(rows, "A", name="0", text="Never")) == 1
    assert any("does not reverse SEC7, VAL6" in one for one in remarks(forms))


def test_ids_of_questions_are_told_apart():
    rows = rows_of(write_limesurvey([form_of(load_instrument("peech-sc"))])["peech-sc.txt"])
    ids = [row["id"] for row in rows if row["class"] in ("Q", "SQ")]
    assert len(ids) == len(set(ids)) == 30


def test_a_second_language_repeats_everything_with_the_same_ids_and_codes():
    forms = forms_of(load_instrument(AWKWARD), ["en-GB", "cy"])
    ((name, content),) = write_limesurvey(forms).items()
    assert name == "Awk-ward_1.txt"
    rows = rows_of(content)
    assert only(rows, "S", name="additional_languages")[0]["text"] == "cy"
    keys = ("id", "related_id", "class", "type/scale", "name", "relevance")
    structure = {
        language: [
            [row[key] for key in keys]
            for row in rows
            if row["language"] == language and row["class"] != "SL"
        ]
        for language in ("en", "cy")
    }
    assert structure["en"] == structure["cy"]
    assert len(only(rows, "SQ", language="cy", text="Tri.")) == 1


def test_two_kinds_of_one_language_are_two_surveys():
    forms = forms_of(load_instrument(AWKWARD))
    files = write_limesurvey(forms)
    assert list(files) == ["Awk-ward_1.txt", "Awk-ward_1.en-GB-x-easy.txt"]
    easy = rows_of(files["Awk-ward_1.en-GB-x-easy.txt"])
    assert only(easy, "S", name="language")[0]["text"] == "en"
    assert only(easy, "SQ")[0]["text"] == "One."
    assert any("two kinds of one language" in one for one in remarks(forms))


def test_codes_and_names_are_ones_that_limesurvey_takes_and_changes_are_told():
    forms = [form_of(load_instrument(AWKWARD))]
    rows = rows_of(write_limesurvey(forms)["Awk-ward_1.txt"])
    for row in only(rows, "A"):
        assert row["name"].isalnum()
        assert len(row["name"]) <= 5
    for row in (*only(rows, "Q"), *only(rows, "SQ")):
        assert row["name"].isalnum()
        assert row["name"][0].isalpha()
        assert len(row["name"]) <= 20
        assert row["name"] != "other"
    said = "\n".join(remarks(forms))
    assert "-1 is now m1, 0.5 is now 0p5, n/a is now na" in said
    assert "A-1 is now A1" in said
    assert "whole numbers only" in said


def test_texts_read_as_written_and_hold_no_expression_and_no_formula():
    form = form_of(load_instrument(AWKWARD), fillings={"worker": "{TOKEN}"})
    rows = rows_of(write_limesurvey([form])["Awk-ward_1.txt"])
    texts = [row["text"] for row in only(rows, "SQ")]
    assert "{" not in "".join(texts)
    assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)
    shown = [html.unescape(text.replace("<br>", "\n")) for text in texts]
    assert shown == [one.text.replace("\t", " ") for one in form.items]


@pytest.mark.parametrize(
    ("locale", "language"), [("pt-BR", "pt-BR"), ("de-DE-x-easy", "de-easy"), ("cy-GB", "cy")]
)
def test_languages_are_those_of_limesurvey(locale, language):
    import dataclasses

    form = dataclasses.replace(form_of(load_instrument("peech-sc")), locale=locale)
    rows = rows_of(write_limesurvey([form])["peech-sc.txt"])
    assert only(rows, "S", name="language")[0]["text"] == language
