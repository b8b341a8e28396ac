"""The result of a look at readability, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, number, remark

__all__ = ["FEWEST_WORDS", "Readability"]

FEWEST_WORDS = 3
_READING = (
    "A formula counts letters, words and sentences and knows nothing of meaning. On one sentence "
    "it is rough: one long word can move it by years. Use it to find wordings to look at again; "
    "it is no substitute for trying the questionnaire out with the people who will be asked. "
    "Reading age: mean of the automated readability index and the Coleman-Liau index, which are US "
    "grades, plus five years (a pupil is g + 5 when grade g begins and g + 6 when it ends); not "
    "below 5, not above 18."
)


@dataclass(frozen=True, eq=False)
class Readability(Drawn):
    """How hard each text of a questionnaire reads.

    Attributes
    ----------
    instrument : str
        Id and version.
    table : pandas.DataFrame
        One row a text in a language: ``kind`` (item, instructions, label, context), ``item``
        (its id, or the code of a label), ``locale``, ``words``, ``sentences``,
        ``letters_per_word``, ``ari`` and ``cli`` (US grades as the formulas give them),
        ``reading_age`` (NaN where there is no text, or fewer than three words), ``flagged``
        (above eleven), ``long_words`` (of more than six letters, the longest first) and
        ``note``. The texts themselves are not in it.
    left_out : tuple of str
        Languages that are not English, for which the formulas do not hold.
    """

    _figure: ClassVar[str] = "plot_readability"

    instrument: str
    table: pd.DataFrame
    left_out: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a text in a language, unrounded."""
        return self.table.copy()

    def _short_text(self) -> str:
        items = self.table[(self.table["kind"] == "item") & self.table["reading_age"].notna()]
        if items.empty:
            return f"{self.instrument} has no English item whose reading age can be told."
        return (
            f"{self.instrument} has {int(items['flagged'].sum()) or 'none'} of "
            f"{counted(len(items), 'item')} above a reading age of eleven; the median is "
            f"{number(items['reading_age'].median(), 1)}, the highest "
            f"{number(items['reading_age'].max(), 1)}."
        )

    def summary(self) -> str:
        """Return the texts above eleven first, then the others, language by language."""
        lines = [f"Reading age of {self.instrument}", ""]
        for locale, rows in self.table.groupby("locale", sort=False):
            items = rows[(rows["kind"] == "item") & rows["reading_age"].notna()]
            middle = number(items["reading_age"].median(), 1)
            flagged = int(items["flagged"].sum())
            highest = number(items["reading_age"].max(), 1)
            lines.append(
                f"{locale}: {flagged or 'none'} of {counted(len(items), 'item')} above eleven; "
                f"median {middle}, highest {highest}"
            )
            lines += [*_listed(rows), ""]
        if self.left_out:
            text = f"Left out: {', '.join(self.left_out)}; the formulas were made for English."
            lines += [*remark(text, indent="", bullet=""), ""]
        return "\n".join([*lines, *remark(_READING, indent="", bullet="")])


def _listed(rows: pd.DataFrame) -> list[str]:
    ordered = rows.sort_values("reading_age", ascending=False, kind="stable", na_position="last")
    cells = [
        {
            "": " !" if row["flagged"] else "",
            "text": _named(row),
            "age": number(row["reading_age"], 1) if row["words"] >= FEWEST_WORDS else "-",
            "words": str(row["words"]),
            "ARI": number(row["ari"], 1) if row["words"] >= FEWEST_WORDS else "-",
            "CLI": number(row["cli"], 1) if row["words"] >= FEWEST_WORDS else "-",
            "long words": " ".join(filter(None, (row["long_words"], _aside(row["note"])))),
        }
        for row in ordered.to_dict(orient="records")
    ]
    return aligned(cells, left=("", "text", "long words"))


def _named(row: Mapping[Any, Any]) -> str:
    name = str(row["item"])
    return {"label": f"label {name}", "context": f"({name})"}.get(row["kind"], name)


def _aside(note: str) -> str:
    return f"({note})" if note else ""
