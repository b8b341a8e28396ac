import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest

from relsurvey.forms.codebook import codebook_frame, write_codebook
from relsurvey.forms.form import forms_of
from relsurvey.instruments import load_instrument
from relsurvey.tables import FORMULA_STARTS

ODD = Path(__file__).parent / "odd.yaml"


@pytest.fixture(scope="module")
def files():
    return write_codebook(forms_of(load_instrument(ODD)))


@pytest.fixture(scope="module")
def rows(files):
    text = files["odd_form-1-codebook.csv"].decode("utf-8")
    return {row["variable"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


@pytest.fixture(scope="module")
def page(files):
    return files["odd_form-1-codebook.html"].decode("utf-8")


def test_the_frame_needs_no_wording_and_shows_none():
    frame = codebook_frame(load_instrument("rpq-16"))
    assert len(frame) == 1 + 16 + 5
    item = frame.set_index("variable").loc["RIA1"]
    assert item["codes"].startswith("1 = Not at all; ")
    assert (item["minimum"], item["maximum"]) == (1, 6)
    assert "wording" not in frame.columns
    worded = codebook_frame(load_instrument("peech-sc")).to_csv()
    assert "Felt safe with the worker" in worded
    assert "I felt safe with" not in worded


def test_the_frame_is_not_neutralised_nor_rounded():
    frame = codebook_frame(load_instrument(ODD)).set_index("variable")
    assert frame.loc["A2", "gist"] == "=GIST-TWO"
    assert frame["reverse"].tolist().count(True) == 3
    assert frame["minimum"].isna().sum() == 4  # the respondent and three context questions


def test_one_row_a_variable(rows):
    names = [one for one in rows if one]
    assert names == codebook_frame(load_instrument(ODD))["variable"].tolist()


def test_an_item_row(rows):
    item = rows["A2"]
    assert item["wording"] == "'=1+1"
    assert item["wording_ar"] == "العامل غائب."
    assert item["codes"] == '\'-1 = =Never "ever"; 0.5 = <script>alert(1)</script>; 2 = +Always 🙂'
    assert item["codes_en-GB-x-easy"] == "'-1 = No; 0.5 = A bit; 2 = Yes"
    assert item["missing_codes"].startswith("NA = Does not apply; -77 = Rather not say")
    assert (item["reverse"], item["scales"], item["scoring"]) == ("yes", "A, C", "1 - answer")
    assert (item["minimum"], item["maximum"]) == ("-1", "2")


def test_a_score_row(rows):
    assert "at least 3 of 4 items answered, and every scale scored" in rows["C"]["scoring"]
    assert (rows["C"]["kind"], rows["C"]["reverse"]) == ("score", "")
    assert rows["A"]["scales"] == "C"


def test_no_cell_runs_as_a_formula(rows):
    for row in rows.values():
        for name, cell in row.items():
            if name not in {"minimum", "maximum"}:
                assert not cell.startswith(FORMULA_STARTS), cell


class Elements(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_one_file_without_scripts_or_resources(page):
    elements = Elements(page)
    assert page.startswith("<!DOCTYPE html>\n<html lang=")
    tags = {tag for tag, _ in elements.found}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "b", "i", "end"})
    assert not any({"src", "href", "onclick", "style"} & set(attrs) for _, attrs in elements.found)
    assert "url(" not in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_wordings_stand_in_the_page_as_text(page):
    text = "".join(Elements(page).text)
    assert "<script>alert('A1')</script> My worker said \"yes\" & 'no'." in text
    assert "]]> </style></title> --> [[7*7]] <!--" in text
    assert "Two\nlines, and a 👩🏽‍⚕️." in text


def test_the_tables_have_headings_and_the_texts_a_language(page):
    elements = Elements(page).found
    scopes = [attrs.get("scope") for tag, attrs in elements if tag == "th"]
    assert scopes.count("row") == 12
    assert None not in scopes
    arabic = [attrs for _, attrs in elements if attrs.get("lang") == "ar"]
    assert arabic
    assert all(attrs["dir"] == "rtl" for attrs in arabic)


def test_the_same_label_in_two_languages_stands_once():
    page = write_codebook(forms_of(load_instrument("peech-sc")))["peech-sc-codebook.html"].decode()
    assert "Never</span>\n" in page
    assert page.count(">Never</span>") == 23
    assert page.count(">Some of the time</span>") == 23


def test_a_draft_says_so():
    page = write_codebook(forms_of(load_instrument("peech-sc")))["peech-sc-codebook.html"].decode()
    assert "A draft, not yet validated." in page


def test_a_published_one_does_not(page):
    assert "not yet validated" not in page
