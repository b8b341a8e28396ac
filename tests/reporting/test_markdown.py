import dataclasses
import re
from pathlib import Path

import pytest

from relsurvey.reporting.stored import StoredPicture
from relsurvey.reporting.writers.html import as_html
from relsurvey.reporting.writers.markdown import as_markdown, escaped
from relsurvey.reporting.writers.words import KICKERS, heading

# What CommonMark lets stand behind a backslash, so that it is the sign itself.
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def shown(text):
    return ESCAPED.sub(r"\1", text)


def test_every_part_is_there_in_order(made_of):
    lines = [line for line in as_markdown(made_of()).splitlines() if line]
    begins = [
        "Study report · 2026",
        "# plain words",
        "*Question: plain words*",
        "> **Notice plain words.** plain words",
        "## The answer in brief",
        "**Answer: plain words**",
        "Sure: plain words",
        "- **0.24** label plain words detail plain words",
        "### What this does not show",
        "- Limit: plain words",
        "## Section: plain words",
        "plain words",
        "### Below: plain words",
        "**Caption: plain words**",
        "| Scale | n | Mean plain words | Read |",
        "| :-- | --: | --: | :-- |",
        "| plain words | 1,204 | −0.50 | well |",
        "| Second | too few to say |  | plain words |",
        "| Third | 12 | .86 | Methods |",
        "Note: plain words",
        "**Figure: plain words**",
        "It shows plain words",
        "Read it: plain words",
        "- **plain words.** point plain words",
        r"- Somebody A (2020). plain words. A journal 1:1.",
    ]
    for line, begin in zip(lines, begins, strict=False):
        assert line.startswith(begin)
    assert lines[-1].startswith("Made with relsurvey 0.1.0")


def test_a_figure_is_a_link_where_its_picture_lies_beside(made_of):
    report = made_of()
    (section,) = report.sections
    picture = StoredPicture(Path("figures"), "figure-made", "figures/figure-made.png")
    blocks = tuple(
        dataclasses.replace(block, picture=picture) if hasattr(block, "picture") else block
        for block in section.blocks
    )
    linked = dataclasses.replace(report, sections=(dataclasses.replace(section, blocks=blocks),))
    assert "![It shows plain words](figures/figure-made.png)" in as_markdown(linked)
    assert "![" not in as_markdown(report)


def test_awkward_text_is_text(made_of, awkward):
    page = as_markdown(made_of(awkward))
    assert shown(page.splitlines()[2]) == f"# {heading(made_of(awkward))}"
    assert not re.search(r"(?<!\\)<", page)
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
    assert not re.search(r"(?<!\\)`|(?<!\\)!?\[", page)


@pytest.mark.parametrize(
    "text", ["# a", "- a", "+ a", "1. a", "12) a", "=== a", "--- a", ": a", "> a", "* a"]
)
def test_a_line_does_not_begin_with_what_means_something(text):
    assert re.match(r"\\[#+=:>*-]|\d+\\[.)]", escaped(text))
    assert shown(escaped(text)) == text


def test_a_text_of_several_lines_is_one_line():
    assert escaped("a\n\n# b\r\n- c") == "a # b - c"


@pytest.mark.parametrize("audience", ["technical", "service", "plain"])
def test_the_top_line_is_that_of_the_page(made_of, audience):
    report = made_of(audience=audience)
    top = KICKERS[audience]
    assert as_markdown(report).startswith(f"{top} · 2026-01-31")
    assert f'<p class="kicker">{top} · ' in as_html(report)
