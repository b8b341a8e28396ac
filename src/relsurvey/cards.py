"""How a result looks in a notebook: a small card of its own style, nothing fetched, nothing run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relsurvey.views import Cell, Table

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["card"]

# The variables are JupyterLab's, in its light and its dark look; elsewhere the page's own ink.
# Rules hold below the class alone, and say the same in every card: several do not disturb
# each other, and no id is needed.
STYLE = """
.relsurvey-card { max-width: 64rem; padding: .7rem 1rem; font-size: 14px; line-height: 1.45;
  color: var(--jp-ui-font-color1, inherit); border: 1px solid var(--jp-border-color2, #8886);
  border-radius: .4rem; overflow-wrap: anywhere; }
.relsurvey-card .relsurvey-lead { font-weight: 600; margin: 0 0 .6rem; max-width: 50rem; }
.relsurvey-card .relsurvey-scroll { overflow-x: auto; }
.relsurvey-card table { border-collapse: collapse; margin: 0; font-size: 13px;
  font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.relsurvey-card caption { text-align: left; caption-side: top; padding: 0 0 .3rem; font-size: 13px;
  color: var(--jp-ui-font-color1, inherit); opacity: .85; }
.relsurvey-card th, .relsurvey-card td { padding: .25rem .6rem; text-align: right;
  vertical-align: top; background: none; color: inherit; max-width: 24rem; white-space: normal;
  border: 0; border-bottom: 1px solid var(--jp-border-color2, #8886); }
.relsurvey-card thead th { vertical-align: bottom; font-weight: 600; }
.relsurvey-card tbody th { font-weight: 500; }
.relsurvey-card td:not(.relsurvey-words) { white-space: nowrap; }
.relsurvey-card .relsurvey-words { text-align: left; }
.relsurvey-card .relsurvey-note { margin: .4rem 0 0; font-size: 12px; opacity: .85; }
.relsurvey-card details { margin: .6rem 0 0; }
.relsurvey-card summary { cursor: pointer; }
.relsurvey-card pre { margin: .4rem 0 0; overflow-x: auto; font-size: 12px; color: inherit;
  background: none; white-space: pre; }
"""


def card(short: str, table: Table, long: str) -> str:
    """Return a result as HTML for a notebook.

    Parameters
    ----------
    short : str
        What it says, in a sentence or two.
    table : Table
        Its figures.
    long : str
        The whole text, which is folded.

    Returns
    -------
    str
        A piece of HTML with its style in it; every text is escaped.
    """
    # Here, because importing the package loads as little as can be.
    from markupsafe import Markup

    style = Markup("<style>{}</style>").format(Markup(STYLE))  # noqa: S704 - our own
    return str(
        Markup(
            '<div class="relsurvey-card">{style}<p class="relsurvey-lead" dir="auto">{short}</p>'
            "{table}<details><summary>In full</summary><pre>{long}</pre></details></div>"
        ).format(style=style, short=short, table=_table(table), long=long)
    )


def _table(table: Table) -> Markup:
    from markupsafe import Markup

    headings = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_kind(table, place), name)
        for place, name in enumerate(table.columns)
    )
    rows = Markup("").join(_row(table, row) for row in table.rows)
    notes = Markup("").join(
        Markup('<p class="relsurvey-note">{}</p>').format(note) for note in table.notes
    )
    return Markup(
        '<div class="relsurvey-scroll"><table><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>{}"
    ).format(table.caption, headings, rows, notes)


def _row(table: Table, row: tuple[str | Cell, ...]) -> Markup:
    from markupsafe import Markup

    texts = [cell.text if isinstance(cell, Cell) else cell for cell in row]
    cells = [
        Markup("<td{}>{}</td>").format(_kind(table, place), text)
        for place, text in enumerate(texts[1:], start=1)
    ]
    heading = Markup('<th scope="row"{}>{}</th>').format(_kind(table, 0), "".join(texts[:1]))
    return Markup("<tr>{}{}</tr>").format(heading, Markup("").join(cells))


def _kind(table: Table, place: int) -> Markup:
    from markupsafe import Markup

    return Markup(' class="relsurvey-words"') if place in table.text_columns else Markup("")
