"""The headings of an export, and what each may be known by.

The rules are tried in order, and the first that finds a column decides. None of them guesses:
a heading either is the item's id, code or wording, or it is not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from relsurvey.errors import suggestion
from relsurvey.instruments import fold_label
from relsurvey.intake.fold import fold_heading, trimmed

__all__ = ["ColumnMatch", "Headings"]

# LimeSurvey writes question[row] for the rows of an array, and "code. text" for all others.
_BRACKETED = re.compile(r"[A-Za-z]\w*\[([\w-]+)\](?!\[)")
_CODE_AND_TEXT = re.compile(r"([A-Za-z][\w-]*)\.\s")
# Any heading may say the code beside the text; two pairs in a row are a grid with two scales.
_IN_BRACKETS = re.compile(r"(?<!\])\[\s*([\w-]+)\s*\](?!\[)")
_COMPARED = 500


@dataclass(frozen=True)
class ColumnMatch:
    """A column that was found.

    Attributes
    ----------
    name : str
        Id of the item, or name of what was asked for.
    position : int
        Which column, counted from 0.
    heading : str
        Its heading in the file.
    rule : str
        How it was found, as the end of a sentence: "by item id".
    """

    name: str
    position: int
    heading: str
    rule: str


class Headings:
    """The headings of a file, each findable by text, folded text and survey code.

    Parameters
    ----------
    headings : sequence of str
        As they stand in the file.

    Attributes
    ----------
    all : list of str
        The headings without spaces around them.
    exact : dict of str to list of int
        Positions by heading.

    Examples
    --------
    >>> headings = Headings(["id", "Grid[A1]. Stem [row]"])
    >>> next(hit for hit in headings.found_by_rule("A1", []) if hit[1])
    ('by LimeSurvey code', [1])
    """

    def __init__(self, headings: Sequence[str]) -> None:
        self.all = [trimmed(heading) for heading in headings]
        self.exact: defaultdict[str, list[int]] = defaultdict(list)
        self._folded: defaultdict[str, list[int]] = defaultdict(list)
        self._coded: defaultdict[str, list[int]] = defaultdict(list)
        self._in_brackets: defaultdict[str, list[int]] = defaultdict(list)
        for position, heading in enumerate(self.all):
            if not heading:
                continue
            self.exact[heading].append(position)
            self._folded[fold_heading(heading)].append(position)
            code = _BRACKETED.match(heading) or _CODE_AND_TEXT.match(heading)
            if code:
                self._coded[code[1]].append(position)
            for inside in set(_IN_BRACKETS.findall(heading)):
                self._in_brackets[inside].append(position)

    def like(self, text: str) -> list[int]:
        """Return the columns whose heading is this text, or this text but for case and spaces."""
        return self.exact.get(trimmed(text)) or self._folded.get(fold_heading(text)) or []

    def found_by_rule(self, item: str, wordings: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
        """Yield what each rule finds for an item, in the order of the rules."""
        yield "by item id", self.exact.get(item, [])
        yield "by item id but for case or spacing", self._folded.get(fold_label(item), [])
        yield "by LimeSurvey code", self._coded.get(item, [])
        in_brackets = self._in_brackets.get(item, [])
        yield "by the code in brackets", in_brackets if len(in_brackets) == 1 else []
        folded = {fold_heading(wording) for wording in wordings}
        places = {place for text in folded for place in self._folded.get(text, [])}
        yield "by wording", sorted(places)
        # Two columns with the code are told as such, where nothing else settles it.
        yield "by the code in brackets", in_brackets

    def near(self, texts: Sequence[str], taken: Collection[int] = ()) -> list[str]:
        """Return the headings, but for those taken, that the texts are most likely slips for."""
        free = [text for place, text in enumerate(self.all[:_COMPARED]) if place not in taken]
        likely = (suggestion(text, free) for text in texts)
        return list(dict.fromkeys(text for text in likely if text))
