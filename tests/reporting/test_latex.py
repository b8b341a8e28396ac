import re

import pytest

from relsurvey import views
from relsurvey.reporting.writers.latex import as_latex, escaped

COMMANDS = {
    "caption", "label", "toprule", "midrule", "bottomrule", "par", "centering", "small",
    "footnotesize", "begin", "end", "multicolumn", "raggedright", "arraybackslash", "linewidth",
    "ensuremath", "reportletter", "resizebox", "width", "ifdim", "else", "fi", "endfirsthead",
    "endhead", "ldots", "textendash", "textbackslash", "textasciicircum", "textasciitilde",
    "textless", "textgreater", "textbar", "textquotedbl", "textquotesingle", "textasciigrave",
}  # fmt: skip


def body(text):
    """Return what follows the head, which defines the one command of its own."""
    return text.split(r"\fi}", 1)[1]


def table(rows, columns=("A", "B")):
    return views.Table("table-made", "Made", columns, rows, text_columns=frozenset({0}))


def with_table(made_of, rows):
    return made_of(sections=(views.Section("made", "Made", (table(rows),)),))


def test_a_table_has_rules_a_caption_and_a_label(made_of):
    text = body(as_latex(made_of()))
    for part in (
        r"\begin{table}[htbp]",
        r"\caption{Caption: plain words}\label{tab:table-made}",
        r"\begin{tabular}{lrrl}",
        r"Scale & n & Mean plain words & Read \\",
        r"plain words & 1,204 & \ensuremath{-}0.50 & well \\",
        r"Second & \multicolumn{2}{l}{too few to say} & plain words \\",
        r"\par Note: plain words",
    ):
        assert part in text
    assert text.index(r"\toprule") < text.index(r"\midrule") < text.index(r"\bottomrule")


def test_what_the_preamble_needs_is_said(made_of):
    head = as_latex(made_of()).split(r"\providecommand")[0]
    assert all(line.startswith("%") for line in head.splitlines())
    for package in ("fontenc", "array", "booktabs", "graphicx", "longtable", "fontspec"):
        assert package in head


def test_awkward_text_is_text(made_of, awkward):
    text = body(as_latex(made_of(awkward)))
    assert set(re.findall(r"\\([A-Za-z]+)", text)) <= COMMANDS
    plain = re.sub(r"\\[{}$&#%_\\]", "", text)
    assert plain.count("{") == plain.count("}")
    assert not set("$#^~") & set(plain)
    # Only what can be typeset, or is the letter in the branch that pdfLaTeX does not read.
    assert all(
        ord(letter) < 0x180 for letter in re.sub(r"(reportletter\{\w+\})\{.\}", r"\1", plain)
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a–b", r"a\textendash{}b"),
        ("−0.2", r"\ensuremath{-}0.2"),
        ("é", "é"),
        ("😀", "\\reportletter{1F600}{😀}"),
        ("a\u200fb", "ab"),
        ("-- ``", r"{-}{-} \textasciigrave{}\textasciigrave{}"),
        ("[x]*", "{[}x{]}{*}"),
    ],
)
def test_letters_are_written_for_both_engines(text, written):
    assert escaped(text) == written


def test_a_long_table_goes_over_pages(made_of):
    text = as_latex(with_table(made_of, tuple((str(i), "1") for i in range(40))))
    assert r"\begin{longtable}{lr}" in text
    assert r"\endhead" in text
    assert r"\begin{table}" not in text


def test_a_column_of_long_words_is_broken_into_lines(made_of):
    text = as_latex(with_table(made_of, (("words " * 20, "1"),)))
    share = re.search(r"p\{(\d\.\d+)\\linewidth\}r", text)
    assert 0.2 <= float(share[1]) <= 0.92


def test_a_report_without_tables_is_a_comment_and_a_definition(made_of):
    assert body(as_latex(made_of(sections=()))).strip() == ""
