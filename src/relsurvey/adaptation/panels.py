"""The result of a content validity study, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.adaptation.ratings import ALL
from relsurvey.errors import listed
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, number, remark, wrapped

__all__ = ["ContentValidity"]

ENOUGH_ON_AVERAGE = 0.90
_READING = (
    "I-CVI: share of the raters who called the item relevant. k*: the same, less what chance would "
    "give. The bar is 1.00 with up to five raters and .78 with six or more (5 of 6 is .83). "
    "S-CVI/Ave: mean I-CVI, .90 or more is wanted. S-CVI/UA: share of the items that all raters "
    "called relevant. An item below the bar is one to talk over with the panel, not one to drop "
    "by a number."
)


@dataclass(frozen=True, eq=False)
class ContentValidity(Drawn):
    """What a panel thinks of the items.

    Attributes
    ----------
    instrument : str
        Id and version.
    items : pandas.DataFrame
        One row an item within a group, groups in the order of the file and, where there are
        several, all raters together last: ``group, item, gist``, ``n`` (ratings given),
        ``n_relevant``, ``i_cvi``, ``pc`` (chance of as many agreeing), ``kappa`` (modified),
        ``evaluation`` (poor, fair, good, excellent), ``bar``, ``below_bar`` and ``note``, which
        says why a value is NaN.
    panels : pandas.DataFrame
        One row a group: ``group``, ``raters``, ``items`` (with an I-CVI), ``s_cvi_ave``,
        ``s_cvi_ua``, ``n_below``, ``below`` (the items below the bar), ``missing`` (ratings not
        given) and ``note``.
    relevant : tuple of int
        The ratings that count as relevant.
    """

    _figure: ClassVar[str] = "plot_content_validity"

    instrument: str
    items: pd.DataFrame
    panels: pd.DataFrame
    relevant: tuple[int, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an item within a group, unrounded."""
        return self.items.copy()

    def summary(self) -> str:
        """Return each group with the items below the bar, then the figures of all together."""
        lines = [f"Content validity of {self.instrument}", ""]
        for panel in self.panels.to_dict(orient="records"):
            rows = self.items[self.items["group"] == panel["group"]]
            lines += _heading(panel)
            if panel["group"] == ALL:
                # Groups are not to be averaged away: together they have figures, and no list.
                continue
            below = rows[rows["below_bar"]].sort_values("i_cvi", kind="stable")
            lines += _table(below.to_dict(orient="records"))
            at_bar = rows[rows["i_cvi"].notna() & ~rows["below_bar"]]
            names = listed(at_bar["item"].tolist(), 100)
            lines += remark(f"At or above the bar: {names or 'none'}.")
            for note, those in rows[rows["note"] != ""].groupby("note", sort=False):
                lines += remark(f"{listed(those['item'].tolist(), 100)}: {note}.")
            lines += remark(panel["note"]) if panel["note"] else []
            lines.append("")
        if lines[-1]:
            lines.append("")
        relevant = " or ".join(map(str, self.relevant))
        text = f"A rating of {relevant} counts as relevant. {_READING}"
        return "\n".join([*lines, *remark(text, indent="", bullet="")])


def _heading(panel: Mapping[Any, Any]) -> list[str]:
    low = " (below .90)" if panel["s_cvi_ave"] < ENOUGH_ON_AVERAGE else ""
    together = panel["group"] == ALL
    name = "all raters together (groups differ: read them first)" if together else panel["group"]
    return [
        *wrapped(
            f"{name}, {counted(panel['raters'], 'rater')}: "
            f"{panel['n_below'] or 'none'} of {counted(panel['items'], 'item')} below the bar"
        ),
        f"  S-CVI/Ave {number(panel['s_cvi_ave'])}{low}, S-CVI/UA {number(panel['s_cvi_ua'])}",
    ]


def _table(rows: Sequence[Mapping[Any, Any]]) -> list[str]:
    cells = [
        {
            "  item": f"  {row['item']}",
            "relevant": f"{row['n_relevant']:g} of {row['n']}",
            "I-CVI": number(row["i_cvi"]),
            "k*": number(row["kappa"]),
            "evaluation": str(row["evaluation"]),
            "gist": str(row["gist"]),
        }
        for row in rows
    ]
    return aligned(cells, left=("  item", "evaluation", "gist"))
