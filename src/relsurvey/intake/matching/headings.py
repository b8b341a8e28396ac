"""The headings of an export, and what each may be known by.

The rules are tried in order, and the first that finds a column decides. None of them guesses:
a heading either is the item's id, code or wording, or it is not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from relsurvey.errors import suggestion
from relsurvey.instruments import fold_label
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.fold import fold_heading, shown, trimmed

__all__ = ["BY_TEXT", "TO_CONFIRM", "ColumnMatch", "Headings"]

# Rules that compare texts, not codes: a person should look at what they find.
BY_TEXT = frozenset({"by wording", "by stem and wording", "by the row under its stem"})
_BEHIND_A_DOT = "by the code behind a dot"
TO_CONFIRM = BY_TEXT | {_BEHIND_A_DOT}

# LimeSurvey writes question[row] for the rows of an array, question[row#0] and question[row#1]
# for those with two scales, and "code. text" for all others.
_BRACKETED = re.compile(r"[A-Za-z]\w*\[([\w-]+)(?:#\d+)?\](?!\[)")
_CODE_AND_TEXT = re.compile(r"([A-Za-z][\w-]*)\.\s")
# Any heading may say the code beside the text; two pairs in a row are a grid with two scales.
_IN_BRACKETS = re.compile(r"(?<!\])\[\s*([\w-]+)(?:#\d+)?\s*\](?!\[)")
# R's make.names turns the brackets and slashes of a heading into dots.
_DOTTED = re.compile(r"[A-Za-z]\w*(?:\.\w+)*\.(\w+)\.?")
_COMPARED = 500
_COLUMN_NUMBER = re.compile(r"column (\d{1,5})")
# "Stem [row]", "Stem - row", "Stem: row", and a stem and a row on two lines.
_ROW_IN_BRACKETS = re.compile(r"[^\[\]]*\[(?P<row>[^\[\]]+)\]\s*", re.DOTALL)
_BEFORE_ROW = re.compile(r"\s[-–—]\s|(?<=[.?!…])-|:\s|\n")


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
    by_text : bool
        Whether it was found by a text, which a person should confirm.
    nearly : bool
        Whether that text is not quite the item's wording.
    refilled : bool
        Whether it names another person or role; that may be somebody's name.
    doubt : str
        What speaks against it though it was named or found by its id, as a sentence.
    """

    name: str
    position: int
    heading: str
    rule: str
    by_text: bool = False
    nearly: bool = False
    refilled: bool = False
    doubt: str = ""


class Headings:
    """The columns of an export, each findable by name, the platform's id, code and text.

    Parameters
    ----------
    columns : sequence of ExportColumn
        In the order of the file.

    Attributes
    ----------
    all : list of str
        The headings without spaces around them.
    texts : dict of int to list of str
        For each column that may be an item: its folded heading, wording, and rows.
    exact : dict of str to list of int
        Positions by heading.

    Examples
    --------
    >>> from relsurvey.intake.export import plain_columns
    >>> headings = Headings(plain_columns(["id", "Grid[A1]. Stem [row]"]))
    >>> next(hit for hit in headings.found_by_rule("A1", []) if hit[1])
    ('by the code in the heading', [1])
    """

    def __init__(self, columns: Sequence[ExportColumn]) -> None:
        self.columns = columns
        self.all = [trimmed(column.name) for column in columns]
        self.exact: defaultdict[str, list[int]] = defaultdict(list)
        self._ids: defaultdict[str, list[int]] = defaultdict(list)
        self._folded_ids: defaultdict[str, list[int]] = defaultdict(list)
        self._folded: defaultdict[str, list[int]] = defaultdict(list)
        self._coded: defaultdict[str, list[int]] = defaultdict(list)
        self._in_brackets: defaultdict[str, list[int]] = defaultdict(list)
        self._dotted: defaultdict[str, list[int]] = defaultdict(list)
        self._worded: defaultdict[str, list[int]] = defaultdict(list)
        self._under_stem: defaultdict[str, list[int]] = defaultdict(list)
        self._rows: defaultdict[str, list[int]] = defaultdict(list)
        self.texts: dict[int, list[str]] = {}
        for position, column in enumerate(columns):
            self._enter(position, column)

    def _enter(self, position: int, column: ExportColumn) -> None:
        heading = self.all[position]
        if not heading:
            return
        self.exact[heading].append(position)
        for one in dict.fromkeys(column.ids):
            self._ids[one].append(position)
        for one in dict.fromkeys(map(fold_label, column.ids)):
            self._folded_ids[one].append(position)
        self._folded[fold_heading(heading)].append(position)
        code = _BRACKETED.match(heading) or _CODE_AND_TEXT.match(heading)
        for found in dict.fromkeys(filter(None, (column.code, code and code[1]))):
            self._coded[found].append(position)
        for inside in set(_IN_BRACKETS.findall(heading)):
            self._in_brackets[inside].append(position)
        dotted = None if column.code or column.text else _DOTTED.fullmatch(heading)
        if dotted:
            self._dotted[dotted[1]].append(position)
        texts = [fold_heading(text) for text in (heading, column.text) if text]
        for text in dict.fromkeys(filter(None, texts)):
            self._worded[text].append(position)
        parts = [*_rows_in(column.text or heading), *(_after_groups(column) if column.stem else ())]
        rows = dict.fromkeys(filter(None, map(fold_heading, parts)))
        for row in rows:
            self._rows[row].append(position)
        if column.role == "answer":
            self.texts[position] = list(dict.fromkeys((*texts, *rows)))
        if column.stem and column.text:
            self._under_stem[fold_heading(f"{column.stem} {column.text}")].append(position)

    def like(self, text: str) -> list[int]:
        """Return the columns with this name, id or text, or with it but for case and spaces.

        "column 12" is the twelfth, where headings stand more than once.
        """
        bare = trimmed(text)
        return (
            self.exact.get(bare)
            or self._ids.get(bare)
            or self._folded.get(fold_heading(text))
            or self._worded.get(fold_heading(text))
            or self._numbered(bare)
        )

    def _numbered(self, text: str) -> list[int]:
        number = _COLUMN_NUMBER.fullmatch(text)
        place = int(number[1]) - 1 if number else -1
        return [place] if 0 <= place < len(self.columns) else []

    def found_by_rule(self, item: str, wordings: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
        """Yield what each rule finds for an item, in the order of the rules."""
        folded = {fold_heading(wording) for wording in wordings}
        in_brackets = self._in_brackets.get(item, [])
        hits = (
            ("by the platform's id", self._ids.get(item, [])),
            ("by item id", self.exact.get(item, [])),
            ("by item id but for case or spacing", self._folded.get(fold_label(item), [])),
            ("by the platform's id but for case", self._folded_ids.get(fold_label(item), [])),
            ("by the code in the heading", self._coded.get(item, [])),
            ("by the code in brackets", in_brackets if len(in_brackets) == 1 else []),
            ("by wording", _places(self._worded, folded)),
            ("by stem and wording", _places(self._under_stem, folded)),
            ("by the row under its stem", _places(self._rows, folded)),
            (_BEHIND_A_DOT, self._dotted.get(item, [])),
            # Two columns with the code are told as such, where nothing else settles it.
            ("by the code in brackets", in_brackets),
        )
        for rule, places in hits:
            yield rule, [place for place in places if self.columns[place].role == "answer"]

    def near(self, texts: Sequence[str], taken: Collection[int] = ()) -> list[int]:
        """Return the columns, but for those taken, whose headings hold a text or nearly are it."""
        free = [place for place in range(len(self.all[:_COMPARED])) if place not in taken]
        holding = [place for place in free if any(_holds(self.all[place], one) for one in texts)]
        places = {self.all[place]: place for place in reversed(free)}
        likely = (suggestion(text, places) for text in texts)
        return list(dict.fromkeys([*holding, *(places[text] for text in likely if text)]))

    def quoted(self, place: int) -> str:
        """Quote a heading for a message; nothing that looks personal is in it."""
        return shown(self.all[place])

    def known_texts(self, place: int) -> list[str]:
        """Return what a column asks, folded, as far as its heading or the file says more than ids.

        A heading with spaces is a text; one without is a name.
        """
        name = fold_heading(self.all[place])
        own = {name} if " " not in name else set()
        return [text for text in self.texts.get(place, ()) if text not in own]


def _rows_in(text: str) -> list[str]:
    """Return what may be a row under a stem in a text that holds both."""
    bracketed = _ROW_IN_BRACKETS.fullmatch(text)
    rows = [bracketed["row"]] if bracketed else []
    return rows + [text[cut.end() :] for cut in _BEFORE_ROW.finditer(text)]


def _after_groups(column: ExportColumn) -> list[str]:
    """Return all that may be the question in a path: labels hold slashes too ("he/she")."""
    return [column.name[cut.end() :] for cut in re.finditer("/", column.name)]


def _places(index: Mapping[str, list[int]], texts: Collection[str]) -> list[int]:
    return sorted({place for text in texts for place in index.get(text, [])})


def _holds(heading: str, text: str) -> bool:
    return bool(text) and re.search(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])", heading) is not None
