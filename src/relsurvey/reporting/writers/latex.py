"""Write the tables of a report for a LaTeX manuscript."""

from __future__ import annotations

import re
from collections.abc import Iterable

from relsurvey.reporting.numbered import parted
from relsurvey.reporting.writers.csv_tables import tables_of
from relsurvey.views import Cell, Report, Table

__all__ = ["as_latex", "escaped"]

_HEAD = r"""% Tables of a study report, made with {maker}.
% Put % before what you do not want, and \input this file. In the preamble:
%   \usepackage[T1]{{fontenc}}\usepackage{{array}}\usepackage{{booktabs}}\usepackage{{graphicx}}
%   \usepackage{{longtable}}
%   (with LuaLaTeX: \usepackage{{fontspec}} instead of fontenc, and a font that has your letters)
% A letter that pdfLaTeX has no font for is printed as its number, LuaLaTeX prints the letter.
\providecommand{{\reportletter}}[2]{{\ifdefined\Umathchar #2\else [U+#1]\fi}}
"""

LONG = 30  # rows; a table of more goes over several pages
WORDY = 18  # letters; a column with longer cells is broken into lines
WIDE = 84  # letters; a table of more gets smaller type
MOST = 0.92  # of the line, for all columns that are broken into lines

# A table that is wider than the line is made smaller.
FITTED = "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n"

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "-": "{-}",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "…": r"\ldots{}",
    "\u00a0": "~",
    "\u2009": r"\,",
    "\u202f": r"\,",
    "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}",
    "±": r"\ensuremath{\pm}",
    "·": r"\ensuremath{\cdot}",
    "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}",
    "≈": r"\ensuremath{\approx}",
    "≠": r"\ensuremath{\neq}",
    "→": r"\ensuremath{\rightarrow}",
    "√": r"\ensuremath{\surd}",
    "°": r"\ensuremath{{}^\circ}",
    "²": r"\ensuremath{{}^2}",
    "³": r"\ensuremath{{}^3}",
    "½": r"\ensuremath{\frac{1}{2}}",
    "α": r"\ensuremath{\alpha}",
    "β": r"\ensuremath{\beta}",
    "λ": r"\ensuremath{\lambda}",
    "μ": r"\ensuremath{\mu}",
    "ρ": r"\ensuremath{\rho}",
    "σ": r"\ensuremath{\sigma}",
    "τ": r"\ensuremath{\tau}",
    "χ": r"\ensuremath{\chi}",
    "ω": r"\ensuremath{\omega}",
}
# Letters with accents that the T1 encoding has.
_KNOWN = re.compile("[À-ÖØ-öø-žẞ]")


def as_latex(report: Report) -> str:
    r"""Return every table of a report as a ``table`` with the rules of booktabs and a label.

    The file is one to ``\input``: pdfLaTeX and LuaLaTeX take it, whatever letters are in it.
    """
    tables = "\n".join(_table(table) for table in tables_of(report))
    return f"{_HEAD.format(maker=_in_comment(report.maker))}\n{tables}"


def escaped(text: str) -> str:
    r"""Return text so that LaTeX prints it as it is, on one line.

    Examples
    --------
    >>> print(escaped("50% of A&B, −0.2"))
    50\% of A\&B, \ensuremath{-}0.2
    >>> print(escaped(r"\input{x}"))
    \textbackslash{}input\{x\}
    """
    return "".join(map(_letter, " ".join(text.split())))


def _letter(letter: str) -> str:
    if letter in _SPECIAL:
        return _SPECIAL[letter]
    if (letter.isascii() and letter.isprintable()) or _KNOWN.fullmatch(letter):
        return letter
    if not letter.isprintable():
        return ""
    return rf"\reportletter{{{ord(letter):04X}}}{{{letter}}}"


def _in_comment(text: str) -> str:
    return " ".join(text.split())


def _table(table: Table) -> str:
    widths = _widths(table)
    size = r"\footnotesize" if sum(widths) > WIDE else r"\small"
    heading = rf"\toprule{chr(10)}{_row(table.columns)}{chr(10)}\midrule"
    rows = "\n".join(_row(row) for row in table.rows)
    notes = "\n".join(rf"\par {escaped(note)}" for note in table.notes)
    label = f"tab:{re.sub('[^A-Za-z0-9-]', '-', table.id)}"
    # LaTeX counts tables itself.
    caption = rf"\caption{{{escaped(parted(table.caption)[1])}}}\label{{{label}}}"
    columns = _columns(table, widths)
    if len(table.rows) > LONG:
        return (
            f"{{{size}\n\\begin{{longtable}}{{{columns}}}\n{caption}\\\\\n{heading}\n\\endfirsthead\n"
            f"{heading}\n\\endhead\n{rows}\n\\bottomrule\n\\end{{longtable}}\n{notes}\n\\par}}\n"
        )
    return (
        f"\\begin{{table}}[htbp]\n\\centering\n{caption}\n{size}\n{FITTED}"
        f"\\begin{{tabular}}{{{columns}}}\n{heading}\n{rows}\n\\bottomrule\n"
        f"\\end{{tabular}}}}\n{notes}\n\\end{{table}}\n"
    )


def _row(cells: Iterable[str | Cell]) -> str:
    written = []
    for entry in cells:
        cell = entry if isinstance(entry, Cell) else Cell(entry)
        text = escaped(cell.text)
        written.append(text if cell.span == 1 else rf"\multicolumn{{{cell.span}}}{{l}}{{{text}}}")
    return " & ".join(written) + r" \\"


def _widths(table: Table) -> list[int]:
    """Return the longest text of each column, in letters."""
    longest = [max(map(len, name.split()), default=0) for name in table.columns]
    for row in table.rows:
        place = 0
        for entry in row:
            cell = entry if isinstance(entry, Cell) else Cell(entry)
            if cell.span == 1:
                longest[place] = max(longest[place], len(cell.text))
            place += cell.span
    return longest


def _columns(table: Table, widths: list[int]) -> str:
    """Set numbers right and words left, long words in lines."""
    wordy = [width > WORDY for width in widths]
    room = MOST - sum(width for width, broken in zip(widths, wordy, strict=True) if not broken) / 90
    long = sum(min(width, 60) for width, broken in zip(widths, wordy, strict=True) if broken) or 1
    columns = ""
    for place, (width, broken) in enumerate(zip(widths, wordy, strict=True)):
        if broken:
            share = max(room, 0.2) * min(width, 60) / long
            columns += rf">{{\raggedright\arraybackslash}}p{{{share:.2f}\linewidth}}"
        else:
            columns += "l" if place in table.text_columns else "r"
    return columns
