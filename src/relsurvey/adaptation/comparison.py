"""The result of a comparison, and how it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.adaptation.facts import IS_THERE
from relsurvey.results import Drawn
from relsurvey.text import aligned, counted, remark

__all__ = ["Comparison"]

_OPERATIONS = ("kept", "reworded", "added", "dropped", "unclear")
_READING = (
    "Kept and reworded are told by the wording, where case, spacing and the shape of quotes do "
    "not count; where a definition does not hold the wording, by id and gist, and that is said."
)


@dataclass(frozen=True, eq=False)
class Comparison(Drawn):
    """What B did to A.

    Attributes
    ----------
    a, b : str
        Id and version of the two, with the file's name where it is not a shipped one.
    items : pandas.DataFrame
        One row an item, in the order of B, those that were dropped last: ``item`` (its id in B,
        or in A where it was dropped), ``gist``, ``operation`` (kept, reworded, added, dropped;
        unclear where the id is the same, the gists differ and no wording is there to tell),
        ``in_a`` and ``in_b`` (its id there; missing where it is not), ``basis`` ("wording", or
        "id and gist" where no language has a wording on both sides), ``reverse_a`` and
        ``reverse_b``,
        ``language``, ``wording_a`` and ``wording_b`` (in the first language that differs, or
        the first there is; empty where wordings are not put out), ``reason`` (as B records it)
        and ``note``.
    differences : pandas.DataFrame
        What differs beside the wording: ``about`` (the response scale, a scale, an item's
        keying, languages, instructions, a context question), ``what``, ``a``, ``b``.
    changes : pandas.DataFrame
        The changes throughout that B records and A does not: ``id, change, reason``.
    findings : tuple of str
        What a person has to look at, such as a record that does not agree with the wordings.
    """

    _figure: ClassVar[str] = "plot_comparison"

    a: str
    b: str
    items: pd.DataFrame
    differences: pd.DataFrame
    changes: pd.DataFrame
    findings: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an item."""
        return self.items.copy()

    def summary(self) -> str:
        """Return what is to be looked at, the items that changed, then all other differences."""
        counts = self.items["operation"].value_counts()
        numbers = [f"{counts[name]} {name}" for name in _OPERATIONS if counts.get(name)]
        lines = [f"A: {self.a}", f"B: {self.b}", f"Items: {', '.join(numbers)}.", ""]
        if self.findings:
            lines += ["Look at this first", *_remarks(self.findings), ""]
        lines += [*self._changed(), *self._kept(), ""]
        if len(self.differences):
            lines += ["Beside the items", *_remarks(self._beside()), ""]
        if len(self.changes):
            texts = (
                f"{_sentence(str(row.change))} Why: {row.reason}"
                for row in self.changes.itertuples()
            )
            lines += ["Changed throughout, as B records it", *_remarks(texts), ""]
        return "\n".join([*lines, *remark(_READING, indent="", bullet="")])

    def _changed(self) -> list[str]:
        # What all items that were kept by id and gist have in common is said once, below.
        plain = (self.items["operation"] == "kept") & (
            (self.items["note"] == "") | (self.items["basis"] != "wording")
        )
        rows = [
            {
                "item": str(row["item"]),
                "what": str(row["operation"]),
                "about, why, and what to know": " ".join(_told(row)),
            }
            for row in self.items[~plain].to_dict(orient="records")
        ]
        return aligned(rows, left=rows[0]) if rows else ["No item changed."]

    def _beside(self) -> Iterator[str]:
        """Yield the other differences; what is on one side only is said in one line a side."""
        there = self.differences["what"] == IS_THERE
        for name, column in (("A", "a"), ("B", "b")):
            only = self.differences[there & (self.differences[column] == "yes")]["about"]
            if len(only):
                yield f"Only in {name}: {', '.join(only)}."
        for row in self.differences[~there].to_dict(orient="records"):
            yield _difference(row)

    def _kept(self) -> list[str]:
        kept = self.items[self.items["operation"] == "kept"]
        lines: list[str] = []
        for basis, rows in kept.groupby("basis"):
            text = f"Kept by {basis}, {counted(len(rows), 'item')}: {', '.join(rows['item'])}."
            lines += ["", *remark(text, indent="", bullet="")]
        return lines


def _difference(row: Mapping[Any, Any]) -> str:
    return f"{row['about']}, {row['what']}: {row['a'] or 'nothing'} -> {row['b'] or 'nothing'}"


def _told(row: Mapping[Any, Any]) -> Iterator[str]:
    yield f"{str(row['gist']).rstrip('.')}."
    if row["operation"] == "reworded" and row["wording_a"] and row["wording_b"]:
        yield f"A: {row['wording_a']!r} B: {row['wording_b']!r}"
    yield from filter(None, (row["reason"], row["note"]))


def _remarks(texts: Iterable[object]) -> list[str]:
    return [line for text in texts for line in remark(str(text))]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip(' .')}."
