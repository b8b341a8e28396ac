"""What fills HTML pages: it escapes, refuses names without a value, and adds no lines."""

import pytest
from jinja2 import UndefinedError

from relsurvey.templates import as_shipped, html_environment


def test_text_is_escaped_and_statements_leave_no_line(tmp_path):
    (tmp_path / "page.html.jinja").write_text(
        "<ul>\n  {% for one in texts %}\n<li>{{ one }}</li>\n  {% endfor %}\n</ul>\n"
    )
    page = html_environment(tmp_path).get_template("page.html.jinja")
    assert page.render(texts=["<script>", "b"]) == (
        "<ul>\n<li>&lt;script&gt;</li>\n<li>b</li>\n</ul>\n"
    )


def test_a_name_without_a_value_is_a_fault(tmp_path):
    with pytest.raises(UndefinedError, match="'title' is undefined"):
        html_environment(tmp_path).from_string("{{ title }}").render()


def test_what_is_shipped_passes_as_it_is_one_after_the_other(tmp_path):
    sheets = [tmp_path / "colours.css", tmp_path / "page.css"]
    for sheet, text in zip(sheets, ("a > b { color: red }\n", "p { margin: 0 }\n"), strict=True):
        sheet.write_text(text)
    page = html_environment(tmp_path).from_string("{{ style }}")
    assert page.render(style=as_shipped(*sheets)) == "a > b { color: red }\np { margin: 0 }\n"
