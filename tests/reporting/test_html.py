import base64
import dataclasses
import hashlib
import html
import re
from itertools import pairwise

import pytest

from relsurvey.reporting import build_report
from relsurvey.reporting.build import build_reports
from relsurvey.reporting.writers.html import as_html
from relsurvey.views import Cell, Section, Table

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module", params=["made_up_report", "sample_report"])
def reader(request, read_page):
    return read_page(request.getfixturevalue(request.param))


def test_tags_are_closed_and_ids_unique(reader):
    assert reader.faults == []
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))


def test_headings_are_in_order(reader):
    assert reader.headings[0] == 1
    assert reader.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(reader.headings))


def test_nothing_comes_from_outside_and_nothing_runs_but_the_sorting(reader):
    assert reader.links
    assert all(link.startswith("#") and link[1:] in reader.ids for link in reader.links)
    tags = {tag for tag, _ in reader.tags}
    assert tags.isdisjoint({"link", "iframe", "object", "embed", "img", "form", "base"})
    assert [attributes for tag, attributes in reader.tags if tag == "script"] == [{}]
    for _, attributes in reader.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes)


def test_the_style_asks_for_nothing_outside(made_up_report):
    (style,) = re.findall(
        r"<style>(.*?)</style>", made_up_report.read_text(encoding="utf-8"), re.DOTALL
    )
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_names_the_style_and_the_script(made_up_report):
    text = made_up_report.read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    rules = dict(rule.split(" ", 1) for rule in html.unescape(policy).split("; "))
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (source,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert rules.pop(rule) == f"'sha256-{digest}'"
    assert rules == {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'",
                     "form-action": "'none'"}  # fmt: skip


@pytest.mark.usefixtures("undrawn")
def test_a_page_without_tables_has_no_script(made_up):
    report = dataclasses.replace(build_report(made_up, "plain"), sections=())
    text = as_html(report)
    assert "<script" not in text
    assert "script-src &#39;none&#39;" in text


@pytest.mark.usefixtures("undrawn")
def test_only_the_technical_report_has_contents(made_up):
    pages = {reader: as_html(report) for reader, report in build_reports(made_up).items()}
    found = {reader: (page.count("<nav"), page.count('<dl class="key"')) for reader, page in
             pages.items()}  # fmt: skip
    assert found == {"technical": (1, 1), "service": (0, 1), "plain": (0, 0)}


def test_a_cell_leads_to_the_part_that_it_names(made_up):
    table = Table("where", "Where", ("What", "Part"), (("a", Cell("b", target="main")),))
    report = dataclasses.replace(
        build_report(made_up, "plain"), sections=(Section("s", "S", (table,)),)
    )
    assert '<a href="#main">b</a></td>' in as_html(report)


def test_tables_can_be_read_aloud(reader):
    tables = [attributes for tag, attributes in reader.tags if tag == "table"]
    assert len(tables) >= 8
    captions = [tag for tag, _ in reader.tags if tag == "caption"]
    assert len(captions) == len(tables)
    assert {a.get("scope") for tag, a in reader.tags if tag == "th"} == {"col", "row"}


def test_figures_can_be_read_aloud(reader):
    drawings = [a for tag, a in reader.tags if tag == "svg"]
    assert len(drawings) >= 7
    for attributes in drawings:
        assert attributes["role"] == "img"
        assert attributes["aria-labelledby"] in reader.ids


def test_the_page_has_a_language_a_skip_link_and_contents(reader):
    assert ("html", {"lang": "en"}) in reader.tags
    assert reader.links[0] == "#main"
    assert {"#answer", "#who-answered", "#cautions", "#provenance"} <= set(reader.links)


def hostile(fake):
    workers = fake.survey(
        "worker",
        fake.workers_instrument(
            gists={"RIA1": HOSTILE},
            title=f"T{HOSTILE}",
            short_title=f"S{HOSTILE}",
            labels=(HOSTILE, "b", "c", "d", "e", "f"),
        ),
        140,
        1,
    )
    for scale in workers.instrument.scales:
        scale.title = f"{scale.id} {HOSTILE}"
    study = fake.study(workers=workers, title=HOSTILE, question=f"{HOSTILE} & so")
    provenance = study.provenance
    provenance.inputs = ((HOSTILE, "a" * 64, 140), ("b.csv", "b" * 64, 930))
    provenance.command = f"relsurvey run '{HOSTILE}'"
    provenance.software = {HOSTILE: HOSTILE, "relsurvey": "0.1.0"}
    study.linked.on = HOSTILE
    primary = dataclasses.replace(study.primary, covariates=(HOSTILE,))
    return dataclasses.replace(study, primary=primary)


@pytest.fixture
def hostile_instrument(fake, monkeypatch):
    """Let the made-up instrument take the names that are fixed in it."""
    original = fake.workers_instrument

    def made(**changes):
        return dataclasses.replace(original(), **changes)

    fake.workers_instrument = made
    return fake


def test_markup_from_users_is_text(hostile_instrument, read_page):
    text = as_html(build_report(hostile(hostile_instrument)))
    assert text.count("<script") == 1
    reader = read_page(text)
    assert reader.faults == []
    assert reader.words.count(HOSTILE) > 20


@pytest.mark.usefixtures("undrawn")
def test_very_long_titles_are_printed_whole(fake, read_page):
    title = "A study " + "x" * 9_992
    text = as_html(build_report(fake.study(title=title)))
    assert title in read_page(text).words
    (head,) = re.findall(r"<title>(A study [^<]*)</title>", text)
    assert len(head) <= 150


@pytest.mark.usefixtures("undrawn")
def test_control_characters_are_left_out(fake):
    text = as_html(build_report(fake.study(title="A\x00 \x1b[31mred\ud800 study")))
    assert "A [31mred? study" in text
    assert text.encode("utf-8")


def test_merged_answers_are_one_cell(made_up_report):
    text = made_up_report.read_text(encoding="utf-8")
    assert re.search(r'<td colspan="2" class="together">\d+%</td>', text)


def test_figures_stay_with_their_headings_and_short_tables_whole(made_up_report):
    """A print breaks no page inside a unit with a figure, nor inside a short table."""
    text = made_up_report.read_text(encoding="utf-8")
    units = text.split('<div class="unit">')[1:]
    with_figures = [unit for unit in units if "<figure>" in unit]
    assert len(with_figures) >= 7
    for heading in ("who-answered-title", "reliability-title", "association-title"):
        (unit,) = (unit for unit in with_figures if f'id="{heading}"' in unit)
        assert unit.index(heading) < unit.index("<figure>")
    boxes = re.findall(r'<div class="scroll( short)?".*?<tbody>(.*?)</tbody>', text, re.DOTALL)
    assert {bool(short) == (rows.count("<tr>") <= 8) for short, rows in boxes} == {True}
