"""The report in a real browser: seen, sorted, printed, read aloud, and shut off from outside."""

import dataclasses
import io
import itertools
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import axe_playwright_python
import pypdf
import pytest
from playwright.sync_api import sync_playwright

from relsurvey.reporting.build import build_reports
from relsurvey.reporting.writers.html import as_html
from relsurvey.views import Cell, Section, Table

WIDTHS = (360, 768, 1440)
NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READERS = ("technical", "service", "plain")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

STICKING_OUT = """width => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const out = [];
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest(".scroll, .card, .skip, .unseen, caption")) continue;
    const box = element.getBoundingClientRect();
    if (box.right > width + 1 || box.left < -1) out.push(element.tagName + "#" + element.id);
  }
  return {scrolls: document.documentElement.scrollWidth, out};
}"""

# A drawing is one picture to those who are read to; its lines need no looking at one by one.
CHECKING = """rules => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const part of document.querySelectorAll("svg > *:not(title)")) part.remove();
  return axe.run(document, {
    resultTypes: ["violations"],
    runOnly: {type: "tag", values: rules},
    rules: {"target-size": {enabled: true}},
  }).then(found => found.violations.map(
    one => [one.id, ...one.nodes.slice(0, 5).map(node => node.html.slice(0, 120))]
  ));
}"""

SORTED_COLUMN = """(table, column) => [...table.tBodies[0].rows].map(
  row => row.cells[column].textContent
)"""


@pytest.fixture(scope="module")
def browser():
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("These tests need Chromium (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        yield started
        started.close()


@pytest.fixture
def show(browser, tmp_path):
    """Open a text in the browser; what it says and asks for is kept, and has to be nothing."""
    contexts, numbers = [], itertools.count()

    def opened(text, **how):
        path = tmp_path / f"{next(numbers)}.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(**how)
        contexts.append(context)
        page = context.new_page()
        heard = SimpleNamespace(said=[], asked=[], refused=[], dialogs=[])
        page.on("console", lambda message: heard.said.append(message.text))
        page.on("pageerror", lambda error: heard.said.append(str(error)))
        page.on("request", lambda request: heard.asked.append(request.url))
        page.on("requestfailed", lambda request: heard.refused.append(request.failure))
        page.on("dialog", lambda dialog: (heard.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        page.heard, page.address = heard, path.as_uri()
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def reports(made_up):
    return build_reports(made_up)


@pytest.fixture(scope="module")
def pages(reports):
    """The page of each reader."""
    return {reader: as_html(report) for reader, report in reports.items()}


@pytest.fixture(scope="module")
def technical_print(browser, pages, tmp_path_factory):
    path = tmp_path_factory.mktemp("print") / "report.html"
    path.write_text(pages["technical"], encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    found = printed(page)
    page.close()
    return found


def printed(page):
    """The pages of a print on A4."""
    return pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages


def flat(text):
    return re.sub(r"\s+", "", text)


def with_table(report, table):
    """The report with one section, of one table."""
    return dataclasses.replace(report, sections=(Section("made-up", "Made up", (table,)),))


def sticking_out(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate(STICKING_OUT, width)


def test_nothing_sticks_out_at_any_width(show, sample_report, pages):
    texts = [sample_report.read_text(encoding="utf-8"), pages["service"], pages["plain"]]
    for text in texts:
        page = show(text)
        for width in WIDTHS:
            found = sticking_out(page, width)
            assert found["scrolls"] <= width
            assert found["out"] == []


def test_the_measuring_finds_what_sticks_out(show):
    page = show("<!DOCTYPE html><body><div style='width:900px'>wide</div>")
    assert sticking_out(page, 360) == {"scrolls": 908, "out": ["DIV#"]}
    assert sticking_out(page, 1440)["out"] == []


@pytest.mark.usefixtures("undrawn")
def test_a_title_without_spaces_does_not_stick_out(show, fake):
    study = fake.study(title="x" * 10_000, question="y" * 3_000)
    for scale in study.workers.instrument.scales:
        scale.title = "z" * 300
    for report in build_reports(study).values():
        page = show(as_html(report))
        for width in WIDTHS:
            assert sticking_out(page, width)["scrolls"] <= width


def test_nothing_is_asked_for_and_nothing_complained_of(show, sample_report, pages):
    texts = [sample_report.read_text(encoding="utf-8"), pages["service"], pages["plain"]]
    for text in texts:
        page = show(text)
        page.wait_for_load_state("networkidle")
        assert page.heard.said == []
        assert page.heard.asked == [page.address]
    assert max(len(text.encode()) for text in texts) < 5_000_000


def test_the_policy_lets_nothing_else_in(show, pages):
    """What somebody adds to the page neither runs nor is fetched."""
    intruders = (
        '<img src="https://example.invalid/a.png"><style>body{color:red}</style>'
        "<script>document.title = 'in'</script><link rel=stylesheet href=https://example.invalid/>"
    )
    page = show(pages["technical"].replace("</main>", intruders + "</main>"))
    assert page.title() != "in"
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
    assert page.heard.refused == ["csp"] * (len(page.heard.asked) - 1)
    assert len(page.heard.said) >= 3
    assert all("Content Security Policy" in text for text in page.heard.said)


@pytest.mark.parametrize("reader", READERS)
def test_nobody_is_kept_from_reading(show, pages, reader):
    """Axe finds no violation of WCAG 2.2 AA, light or dark, with everything unfolded."""
    page = show(pages[reader])
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(CHECKING, list(RULES)) == []


def test_the_check_finds_what_keeps_people_from_reading(show, pages):
    grey = pages["plain"].replace("--ink: #1c2833", "--ink: #cccccc")
    page = show(grey, bypass_csp=True)
    page.evaluate(AXE)
    assert "color-contrast" in {fault[0] for fault in page.evaluate(CHECKING, list(RULES))}


@pytest.mark.parametrize(("scheme", "least", "most"), [("light", 200, 255), ("dark", 0, 80)])
def test_the_page_is_drawn_light_and_dark(show, pages, scheme, least, most):
    page = show(pages["technical"], color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert all(least <= int(part) <= most for part in re.findall(r"\d+", ground))


NUMBERS = ("12", "1,203.50", "−0.20", "fewer than 10", ".86", "–", "10", "0.1 to 0.2", "p < .001",
           "0.1 to 0.15", "over 99%", "13%", "p = .001")  # fmt: skip
UPWARDS = ("−0.20", "p < .001", "p = .001", "0.1 to 0.15", "0.1 to 0.2", ".86", "fewer than 10",
           "10", "12", "13%", "over 99%", "1,203.50", "–")  # fmt: skip


@pytest.fixture
def sortable(show, reports):
    rows = tuple((f"Item {place}", text) for place, text in enumerate(NUMBERS, start=1))
    table = Table("numbers", "All kinds of numbers", ("Item", "Value"), rows)
    return show(as_html(with_table(reports["plain"], table)))


def column(page, which):
    return tuple(page.locator("#numbers").evaluate(SORTED_COLUMN, which))


def test_numbers_are_sorted_as_people_read_them(sortable):
    heading = sortable.get_by_role("columnheader", name="Value")
    button = heading.get_by_role("button", name="Value", exact=True)
    button.click()
    assert column(sortable, 1) == UPWARDS
    assert heading.get_attribute("aria-sort") == "ascending"
    assert sortable.get_by_role("status").inner_text() == (
        "All kinds of numbers: sorted upwards by Value."
    )
    button.click()
    assert column(sortable, 1) == (*reversed(UPWARDS[:-1]), "–")
    assert heading.get_attribute("aria-sort") == "descending"
    button.click()
    assert column(sortable, 1) == NUMBERS
    assert heading.get_attribute("aria-sort") is None
    assert sortable.get_by_role("status").inner_text() == (
        "All kinds of numbers: in its first order."
    )


def test_words_are_sorted_by_the_keyboard_and_one_column_at_a_time(sortable):
    button = sortable.locator("#numbers").get_by_role("button", name="Item", exact=True)
    button.focus()
    sortable.keyboard.press("Enter")
    sortable.keyboard.press("Space")
    assert column(sortable, 0) == tuple(f"Item {place}" for place in range(13, 0, -1))
    sortable.locator("#numbers").get_by_role("button", name="Value", exact=True).click()
    sorts = sortable.locator("#numbers th[aria-sort]")
    assert [one.inner_text() for one in sorts.all()] == ["Value"]


def test_a_cell_over_two_columns_is_sorted_in_both(show, reports):
    rows = (("a", "3", "1"), ("b", Cell("2", 2)), ("c", "1", "3"))
    table = Table("numbers", "Merged", ("Who", "One", "Two"), rows)
    page = show(as_html(with_table(reports["plain"], table)))
    for name, order in (("One", "cba"), ("Two", "abc")):
        page.locator("#numbers").get_by_role("button", name=name).click()
        assert "".join(column(page, 0)) == order


def test_without_scripts_everything_is_there(show, pages):
    page = show(pages["technical"], java_script_enabled=False)
    assert page.locator("button").count() == 0
    folds = page.locator("details")
    assert folds.count() >= 4
    for fold in folds.all():
        fold.locator("summary").click()
    seen = flat(page.locator("body").inner_text())
    words = re.sub(r"<(script|style|svg).*?</\1>|<title>.*?</title>", "", pages["technical"],
                   flags=re.DOTALL)  # fmt: skip
    for cell in re.findall(r"<(?:td|th|p|li)\b[^>]*>([^<&]+)<", words):
        assert flat(cell) in seen


def test_the_technical_print_has_every_part(technical_print, reports):
    """Folded tables among them, the last row too; no page is blank, and each has its number."""
    texts = [flat(one.extract_text()) for one in technical_print]
    assert 5 <= len(texts) <= 40
    together = "".join(texts)
    sections = reports["technical"].sections
    tables = [table for section in sections for table in section.tables]
    assert sum(table.folded for table in tables) >= 4
    wanted = [section.title for section in sections] + [table.caption for table in tables]
    last = [table.rows[-1][0] for table in tables]
    wanted += [cell if isinstance(cell, str) else cell.text for cell in last]
    assert [text for text in wanted if flat(text) not in together] == []
    for number, text in enumerate(texts, start=1):
        assert len(text) > 60, f"page {number} is blank"
        assert f"{number}/{len(texts)}" in text


@pytest.fixture(scope="module")
def sample_reports(sample):
    return build_reports(sample, audiences=("service", "plain"))


@pytest.fixture(scope="module")
def sample_of_long_names(sample):
    """The sample with scales of names as long as any that is published."""
    named = {}
    for survey in ("workers", "service_users"):
        one = getattr(sample, survey)
        scales = type(one.instrument.scales)(
            scale.model_copy(update={"title": f"{scale.title}, as people who answered see it"})
            for scale in one.instrument.scales
        )
        instrument = one.instrument.model_copy(update={"scales": scales})
        named[survey] = dataclasses.replace(one, instrument=instrument)
    return build_reports(dataclasses.replace(sample, **named), audiences=("service", "plain"))


@pytest.mark.parametrize(("reader", "most"), [("service", 2), ("plain", 1)])
@pytest.mark.parametrize("which", ["sample_reports", "sample_of_long_names"])
def test_the_short_reports_of_the_sample_are_short(show, request, reader, most, which):
    found = printed(show(as_html(request.getfixturevalue(which)[reader])))
    assert len(found) <= most
    assert "Made with relsurvey" in found[-1].extract_text()


@pytest.mark.parametrize("title", ["A pilot", "x" * 10_000], ids=["usual", "without end"])
@pytest.mark.parametrize(("reader", "most"), [("service", 2), ("plain", 1)])
def test_the_short_reports_are_short(show, reports, reader, most, title):
    found = printed(show(as_html(dataclasses.replace(reports[reader], title=title))))
    assert 1 <= len(found) <= most
    assert all(one.extract_text().strip() for one in found)
    assert all((round(one.mediabox.width), round(one.mediabox.height)) == (595, 842)
               for one in found)  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_no_print_is_cut_at_the_right(show, pages, reader):
    """At the width of an A4 page's text nothing needs more room than there is."""
    page = show(pages[reader], viewport={"width": 680, "height": 900})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    wide = page.evaluate(
        """() => [...document.querySelectorAll("table, svg, p, li, h1, h2, h3")].filter(
          one => one.getBoundingClientRect().right > 681
            && !one.closest(".skip, .unseen, caption")
        ).map(one => one.tagName + one.id)"""
    )
    assert wide == []


def test_the_plain_print_is_in_big_type(show, pages):
    page = show(pages["plain"])
    page.emulate_media(media="print")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("main *, header *")].filter(
          one => !one.closest("svg") && [...one.childNodes].some(
            node => node.nodeType === 3 && node.textContent.trim())
        ).map(one => parseFloat(getComputedStyle(one).fontSize) * 72 / 96)"""
    )
    assert min(sizes) >= 13.99


def test_a_print_has_no_buttons(show, pages):
    page = show(pages["technical"])
    assert page.locator("th .sort").count() > 20
    page.emulate_media(media="print")
    marks = page.evaluate(
        """() => [...document.querySelectorAll(".sort")].map(
          one => getComputedStyle(one, "::after").content)"""
    )
    assert set(marks) == {"none"}


def test_markup_is_never_run(show, reports):
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    table = Table("bad", bad, ("Who", bad), ((bad, bad),), notes=(bad,), folded=True)
    report = dataclasses.replace(reports["plain"], title=bad, question=bad)
    page = show(as_html(with_table(report, table)))
    assert page.heard.dialogs == []
    assert page.heard.said == []
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.locator("h1").inner_text() == bad


def test_writing_goes_the_way_of_its_script(show, reports):
    arabic = "تقرير عن الرعاية 😀"
    emoji = "Wie geht es? 👍🏽"
    report = dataclasses.replace(reports["service"], title=arabic, question=emoji)
    page = show(as_html(report))
    assert page.locator("h1").inner_text() == arabic
    way = "one => getComputedStyle(one).direction"
    assert page.locator("h1").evaluate(way) == "rtl"
    assert page.locator(".question").evaluate(way) == "ltr"
    for width in WIDTHS:
        assert sticking_out(page, width)["out"] == []


def test_figures_are_drawn_without_styles_of_their_own(pages, reports):
    """So that the page may forbid every style but its own."""
    sections = reports["technical"].sections
    drawings = [figure.picture.svg for section in sections for figure in section.figures]
    assert len(drawings) >= 7
    assert " style=" not in pages["technical"]
    for drawing in drawings:
        assert "<style" not in drawing
        assert 'fill="#' in drawing
