"""The documentation builds without a warning, keeps to itself, and says what the program does."""

import ast
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from playwright.sync_api import sync_playwright
from typer.main import get_command

import relsurvey as rs
from relsurvey.cli import main
from relsurvey.cli.app import app
from relsurvey.study.plan import StudyPlan

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
# Elements that make a browser fetch something, and where the address of it stands.
FETCHING = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LOOKED_AT = ("index", "start/install", "methods", "reference/study-file")


def commands():
    """Return every command by the words that call it."""

    def below(command, words):
        yield " ".join(words), command
        for word, one in getattr(command, "commands", {}).items():
            yield from below(one, [*words, word])

    return dict(below(get_command(app), ["relsurvey"]))


COMMANDS = commands()


class Page(HTMLParser):
    """What a page links to, what it fetches, what can be linked to in it, and its text."""

    def __init__(self, path):
        super().__init__()
        self.links, self.fetched, self.ids, self.texts = [], [], set(), []
        self.feed(path.read_text(encoding="utf-8"))
        self.text = "".join(self.texts)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if given.get(FETCHING.get(tag)):
            self.fetched.append(given[FETCHING[tag]])

    def handle_data(self, data):
        self.texts.append(data)


def test_the_site_builds_holds_together_and_names_everything(tmp_path):
    # One test for all that needs the built pages: with several processes each would build them.
    site = tmp_path / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", site],
        cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    pages = {path: Page(path) for path in site.rglob("*.html")}
    assert fetched_from_elsewhere(site, pages) == []
    assert broken_links(site, pages) == []
    ids = set().union(*(page.ids for page in pages.values()))
    assert [name for name in rs._HOME if place_of(name) not in ids] == []
    assert options_left_out(pages[site / "reference" / "commands.html"].text) == []
    assert not list(site.rglob("*.py"))
    assert seen_in_a_browser(site) == []


def fetched_from_elsewhere(site, pages):
    found = [(path.name, where) for path, page in pages.items() for where in page.fetched
             if urlsplit(where).netloc]  # fmt: skip
    sheets = ((path.name, path.read_text(encoding="utf-8")) for path in site.rglob("*.css"))
    for name, text in sheets:
        found += [
            (name, where) for where in re.findall(r"url\(\s*['\"]?((?:https?:)?//[^)]+)", text)
        ]
        found += [(name, where) for where in re.findall(r"@import[^;]+", text)]
    return found


def broken_links(site, pages):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            # The page for addresses that are not there links from the top of a server.
            if parts.scheme or parts.netloc or path.name == "404.html":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and anchor not in pages[target].ids):
                broken.append((str(path.relative_to(site)), link))
    return broken


def place_of(name):
    value = getattr(rs, name)
    return f"{value.__module__}.{value.__qualname__}"


def options_left_out(text):
    """Return commands that have no section, and options that are not in it."""
    parts = re.split(r"^(relsurvey[^\n¶]*)¶", text, flags=re.M)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    return [
        (name, word)
        for name, command in COMMANDS.items()
        for one in command.params
        for word in (one.opts if one.param_type_name == "option" else [one.name])
        if word not in sections.get(name, "")
    ]


def seen_in_a_browser(site):
    """Open pages as from a disk, wide and narrow, and return what is wrong with them."""
    found = next(path for name in BROWSERS if (path := shutil.which(name)))
    wrong = []

    def asked(request):
        if urlsplit(request.url).scheme in ("http", "https"):
            wrong.append(request.url)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--disable-quic", "--no-sandbox"]
        )
        page = browser.new_page()
        page.on("request", asked)
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        for width, name in itertools.product((360, 1280), LOOKED_AT):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto((site / f"{name}.html").as_uri())
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name} is wider than {width} px")
        browser.close()
    return wrong


COMPUTING = ("adaptation", "agreement", "association", "evaluation", "imputation", "moments",
             "planning", "psychometrics", "quality", "scoring", "sensitivity", "small_groups",
             "with_pingouin")  # fmt: skip


def with_references():
    """Return what has references in its docstring, in the rooms that compute, by name."""
    source = ROOT / "src" / "relsurvey"
    for path in sorted(source.rglob("*.py")):
        place = ".".join(path.relative_to(source).with_suffix("").parts)
        if place.split(".")[0] in COMPUTING:
            yield from cited_in(ast.parse(path.read_text(encoding="utf-8")), place)


def cited_in(node, place):
    if "References\n---" in (ast.get_docstring(node) or ""):
        yield place
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.ClassDef):
            yield from cited_in(one, f"{place}.{one.name}")


def test_the_methods_page_has_all_that_the_code_cites():
    page = (DOCS / "methods.md").read_text(encoding="utf-8")
    named = {
        name for line in re.findall("^::source (.+)$", page, re.M) for name in line.split(", ")
    }
    found = set(with_references())
    assert len(found) > 100
    # What is missing is added with a line such as: ::source scoring.score.score
    assert sorted(found - named) == []


def blocks(path, language):
    """Return the blocks of code of one language, set back to the left margin."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", text, re.M | re.S)
    return [re.sub(rf"^{margin}", "", block, flags=re.M) for margin, block in found]


def lines_of_commands(path):
    found = [line for block in blocks(path, "sh") for line in block.splitlines()]
    found += re.findall(r"`(relsurvey [^`\n]+)`", path.read_text(encoding="utf-8"))
    return [line for line in found if line.startswith("relsurvey ")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_command_on_a_page_can_be_called(path):
    for line in lines_of_commands(path):
        words = shlex.split(line, comments=True)
        called = max(
            (" ".join(words[:n]) for n in (1, 2, 3) if " ".join(words[:n]) in COMMANDS), key=len
        )
        # A command of its own, not the name of one that there is not.
        assert called != "relsurvey" or words[1].startswith("--"), line
        known = {opt for one in COMMANDS[called].params for opt in getattr(one, "opts", [])}
        options = {word for word in words if word.startswith("--")}
        assert options <= known | {"--help"}, line


def test_the_pages_name_commands():
    assert sum(len(lines_of_commands(path)) for path in PAGES) > 30


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_piece_of_a_study_file_on_a_page_has_keys_that_there_are(path):
    for block in blocks(path, "yaml"):
        unknown = []
        for key, value in yaml.safe_load(block).items():
            field = StudyPlan.model_fields.get(key)
            if field is None:
                unknown.append(key)
            elif isinstance(value, dict):
                part = field.annotation
                models = [part, *getattr(part, "__args__", ())]
                keys = {name for one in models for name in getattr(one, "model_fields", {})}
                unknown += [f"{key}.{name}" for name in value if name not in keys]
        assert unknown == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_linked_from_the_contents_and_names_no_place_to_load_from(path):
    contents = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert f" {path.relative_to(DOCS).as_posix()}\n" in contents
    assert not re.search(r"<script|<iframe|<link |!\[[^]]*\]\(https?:", path.read_text("utf-8"))


def printed(capsys, monkeypatch, *words):
    monkeypatch.setenv("COLUMNS", "88")
    with pytest.raises(SystemExit):
        main([str(word) for word in words])
    streams = capsys.readouterr()
    return streams.out + streams.err


def shown(page):
    return [line.strip() for block in blocks(DOCS / page, "text") for line in block.splitlines()]


@pytest.mark.parametrize(
    ("page", "line", "first"),
    [
        ("how-to/planning.md", "plan --correlation 0.3 --icc 0.12 --users 8 --power 0.8", "With 8"),
        ("how-to/adapt.md", "instruments readability peech-sc", "Reading age"),
        ("start/install.md", "--version", "relsurvey"),
    ],
)
def test_what_a_page_shows_is_what_the_command_prints(capsys, monkeypatch, page, line, first):
    said = [one.strip() for one in printed(capsys, monkeypatch, *line.split()).splitlines()]
    (block,) = [one for one in blocks(DOCS / page, "text") if one.startswith(first)]
    assert [one for one in block.splitlines() if one.strip() not in said] == []


def test_the_errors_on_the_page_are_those_of_the_program(
    tmp_path, capsys, monkeypatch, copy_sample
):
    copy_sample(tmp_path)
    (tmp_path / "study.yaml").unlink()
    monkeypatch.chdir(tmp_path)
    assert printed(capsys, monkeypatch, "init", "study.yaml").strip() in shown("start/own-study.md")
    text = Path("study.yaml").read_text(encoding="utf-8")
    text = text.replace("workers.csv", "workrs.csv", 1).replace("predictor: RC", "predictor: RD", 1)
    Path("study.yaml").write_text(text, encoding="utf-8")
    said = printed(capsys, monkeypatch, "run", "study.yaml").splitlines()
    page = shown("start/own-study.md")
    assert len(said) > 10
    assert [line for line in said if line.strip() not in page] == []
