import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.forms.form import form_of, forms_of
from relsurvey.forms.pages import direction, plain_language
from relsurvey.forms.paper_html import remarks, write_html
from relsurvey.forms.printable import hidden_in
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"
VOID = {"meta", "col", "input", "br"}


class Page(HTMLParser):
    """Elements with their text; fails where the tags do not nest."""

    def __init__(self, content):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(content.decode("utf-8"))
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        parents = [parent["tag"] for parent in self.open]
        element = {"tag": tag, "attrs": dict(attrs), "text": "", "in": parents}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **attrs):
        return [
            one
            for one in self.elements
            if one["tag"] == tag and all(one["attrs"].get(key) == attrs[key] for key in attrs)
        ]

    def by_id(self, name):
        (one,) = [one for one in self.elements if one["attrs"].get("id") == name]
        return one


def page_of(source, locale):
    form = form_of(load_instrument(source), locale)
    (content,) = write_html([form]).values()
    return form, Page(content), content.decode("utf-8")


@pytest.fixture(
    scope="module",
    params=[("peech-sc", "en-GB"), ("peech-sc", "en-GB-x-easy"), (ODD, "en-GB"), (ODD, "ar")],
    ids=["peech-sc", "easy", "odd", "arabic"],
)
def trio(request):
    return page_of(*request.param)


def test_files_are_named_by_language_where_there_are_several():
    instrument = load_instrument(ODD)
    assert list(write_html(forms_of(instrument, ["ar"]))) == ["odd_form-1.html"]
    assert list(write_html(forms_of(instrument))) == [
        "odd_form-1.en-GB.html",
        "odd_form-1.ar.html",
        "odd_form-1.en-GB-x-easy.html",
    ]
    assert "3 files were made" in remarks(forms_of(instrument))[0]
    assert remarks(forms_of(instrument, ["ar"])) == ()


def test_one_file_without_scripts_or_anything_from_outside(trio):
    _, page, text = trio
    tags = {one["tag"] for one in page.elements}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "form", "a"})
    attributes = {key for one in page.elements for key in one["attrs"]}
    assert attributes.isdisjoint({"src", "href", "action", "style", "onclick", "onload"})
    assert "url(" not in text
    assert "@import" not in text


def test_the_language_and_its_direction(trio):
    form, page, _ = trio
    (root,) = page.all("html")
    assert root["attrs"]["lang"] == form.locale
    assert root["attrs"]["dir"] == ("rtl" if form.locale == "ar" else "ltr")


def test_every_answer_of_every_question_is_a_radio_button(trio):
    form, page, _ = trio
    for question in form.questions:
        choices = form.choices if question.kind == "scale" else question.choices
        radios = page.all("input", type="radio", name=question.id)
        assert [one["attrs"]["value"] for one in radios] == [one.code for one in choices]
    assert len({one["attrs"].get("id") for one in page.elements if "id" in one["attrs"]}) == len(
        [one for one in page.elements if "id" in one["attrs"]]
    )


def test_every_control_has_a_name_that_says_question_and_answer(trio):
    form, page, _ = trio
    wording = {question.id: question.text for question in form.questions}
    for control in page.all("input") + page.all("textarea"):
        name = control["attrs"]["name"]
        if "aria-labelledby" in control["attrs"]:
            parts = control["attrs"]["aria-labelledby"].split()
            spoken = " ".join(page.by_id(part)["text"] for part in parts)
            label = next(one.label for one in form.choices if one.code == control["attrs"]["value"])
            assert wording[name] in spoken
            assert label in spoken
        elif control["attrs"].get("type") == "radio":
            assert {"fieldset", "label"} <= set(control["in"])
        else:
            (label,) = page.all("label", **{"for": control["attrs"]["id"]})
            assert wording[name] in label["text"]


def test_the_grid_has_headings_both_ways():
    form, page, _ = page_of("peech-sc", "en-GB")
    columns = page.all("th", scope="col")
    assert [one["text"] for one in columns] == [choice.label for choice in form.choices]
    assert all("thead" in one["in"] for one in columns)
    rows = page.all("th", scope="row")
    assert [one["text"] for one in rows] == [
        f"{number}.{question.text}" for number, question in enumerate(form.items, start=1)
    ]
    (table,) = page.all("table")
    assert page.by_id(table["attrs"]["aria-describedby"])["text"] == form.instructions


def test_easy_read_has_one_question_a_block_in_large_type():
    form, page, text = page_of("peech-sc", "en-GB-x-easy")
    assert page.all("table") == []
    choices = [question for question in form.questions if question.kind in {"scale", "choice"}]
    assert len(page.all("fieldset")) == len(choices)
    legends = [one["text"] for one in page.all("legend")]
    assert legends[0] == f"1.{form.items[0].text}"
    (body,) = page.all("body")
    assert body["attrs"]["class"] == "easy"
    sizes = re.findall(r"^\s*\.easy \{ font-size: ([\d.]+)(rem|pt)", text, re.MULTILINE)
    points = [float(size) * (12 if unit == "rem" else 1) for size, unit in sizes]
    assert len(points) == 2
    assert min(points) >= 16


def test_a_print_repeats_the_heading_and_breaks_no_row():
    _, _, text = page_of("peech-sc", "en-GB")
    print_rules = text[text.index("@media print") :]
    assert "thead { display: table-header-group; }" in print_rules
    assert "tr, fieldset, .asked, legend { break-inside: avoid; }" in print_rules
    assert "size: A4" in text


def test_people_see_the_wording_and_nothing_that_is_ours():
    form, page, _ = page_of(ODD, "en-GB")
    (main,) = page.all("main")
    for item in form.items:
        assert item.text in main["text"]
        assert item.gist not in main["text"]
    for word in ("reverse", "GIST", "X-9", "-77", "1234567", "code", "score"):
        assert word not in main["text"].lower().replace("gist", "GIST")


def test_a_label_too_many_makes_the_first_column_narrower():
    form = form_of(load_instrument(ODD), "en-GB")
    more = tuple(dataclasses.replace(form.choices[0], code=str(n)) for n in range(5, 10))
    (content,) = write_html([dataclasses.replace(form, choices=(*form.choices, *more))]).values()
    (table,) = Page(content).all("table")
    assert table["attrs"]["class"] == "many"


def test_without_instructions_nothing_is_described():
    form = dataclasses.replace(form_of(load_instrument(ODD), "en-GB"), instructions="")
    (content,) = write_html([form]).values()
    (table,) = Page(content).all("table")
    assert "aria-describedby" not in table["attrs"]
    assert Page(content).all("p") == []


TEXTS = st.text(min_size=1, max_size=40).filter(
    lambda text: text.strip() and not hidden_in(text) and "\r" not in text
)


@given(text=TEXTS, label=TEXTS)
@settings(deadline=None, max_examples=20)
def test_any_text_is_text(text, label):
    form = form_of(load_instrument(ODD), "en-GB")
    item = dataclasses.replace(form.items[0], text=text)
    choice = dataclasses.replace(form.choices[0], label=label)
    changed = dataclasses.replace(
        form, items=(item, *form.items[1:]), choices=(choice, *form.choices[1:])
    )
    (content,) = write_html([changed]).values()
    page = Page(content)
    assert page.all("th", scope="row")[0]["text"] == f"1.{text}"
    assert page.all("th", scope="col")[0]["text"] == label


@pytest.mark.parametrize(
    ("locale", "way"),
    [("en-GB", "ltr"), ("ur", "rtl"), ("he-IL", "rtl"), ("ku-Arab", "rtl"), ("ar-Latn", "ltr")],
)
def test_the_direction_follows_language_and_script(locale, way):
    assert direction(locale) == way


def test_the_private_part_of_a_tag_is_left_off():
    assert plain_language("cy") == "cy"
    assert plain_language("ar-EG-x-easy") == "ar-EG"
