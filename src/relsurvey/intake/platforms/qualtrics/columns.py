"""What the columns of a Qualtrics export are, as far as its heading rows tell."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relsurvey.intake.export import ExportColumn, Role
from relsurvey.intake.fold import trimmed
from relsurvey.intake.platforms.qualtrics.headings import HeadingRows, Known, Place, place_of
from relsurvey.intake.platforms.qualtrics.stems import split_rows
from relsurvey.intake.table import RawTable

__all__ = ["CHOSEN", "Described", "describe", "questions_of"]

# Parts that Qualtrics measures beside the answers: page timings, the browser, uploaded files,
# the order in which things were shown, text analysis (a hash after TEXT).
# (Qualtrics support, "Understanding your data set"; seen in real exports.)
_PARTS = re.compile(
    r"(?:FIRST_CLICK|LAST_CLICK|PAGE_SUBMIT|CLICK_COUNT|BROWSER|VERSION|OS|RESOLUTION"
    r"|FILE_(?:ID|NAME|SIZE|TYPE)|(?:\w+_)?DO(?:_\w+)?|(?:\w+_)?TEXT_[0-9a-f]{8,}\w*)"
)
_ORDER_OR_SCORE = re.compile(r"(?:BL|FL)_\w+_DO(?:_\w+)?|SC_\w+")
# Fields Qualtrics itself puts among the survey's embedded data (fraud and quality checks).
_OWN_FIELDS = re.compile(
    r"Q_(?:BallotBoxStuffing|TotalDuration|RecaptchaScore|DataPolicyViolations|URL|Language"
    r"|DuplicateRespondent|Unanswered\w+|Straightlining\w+|AmbiguousText\w+|RelevantID\w+"
    r"|TerminateFlag|CHL|EED|PopulateResponse)"
    # Exports of responses in progress say where people are.
    r"|LastSeen(?:FlowID|Questions)"
)
# Where there are no ids, the names say it; SPSS allows no spaces in them.
_NAMED_PARTS = re.compile(r".+_(?:(?:First|Last)[ _]Click|Page[ _]Submit|Click[ _]Count)")
_NAMED_BROWSER = re.compile(r"(.+)_(?:Browser|Version|Operating[ _]System|Resolution)")
_TEXT_BOX = re.compile(r".+_TEXT")
_DEFAULT_NAME = re.compile(r"(?:x?\d+_)?Q\d+(?:\.\d+)?_")
CHOSEN = " - Selected Choice"


@dataclass(frozen=True)
class Described:
    """The columns, and which of them is what.

    Attributes
    ----------
    columns : list of ExportColumn
        One a column of the file.
    places : list of Place or None
        Where each belongs in the survey.
    known : dict of str to int
        Positions of the columns that Qualtrics adds: "started", "status".
    """

    columns: list[ExportColumn]
    places: list[Place | None]
    known: dict[str, int]


def describe(table: RawTable, rows: HeadingRows) -> Described:
    """Say what each column is."""
    names = [trimmed(name) for name in table.heading]
    ids = rows.ids or ("",) * len(names)
    places = [place_of(one) for one in ids]
    known = [rows.known(place, name) for place, name in enumerate(names)]
    measured = set(names) if not rows.ids else set()
    columns = []
    for place, name in enumerate(names):
        one: ExportColumn = table.described[place] if table.described else ExportColumn(name)
        columns.append(
            one.replaced(
                name=name,
                role=_role(known[place], places[place], ids[place], name, measured),
                ids=_ids(rows, place, ids[place], places[place], known[place]),
                text=rows.texts[place] if rows.texts else one.text,
            )
        )
    _splitquestions_of(columns, places, rows)
    return Described(columns, places, _first_of_each(known))


def _first_of_each(known: Sequence[Known | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, one in enumerate(known):
        if one is not None:
            found.setdefault(one.name, place)
    return found


def _role(
    known: Known | None, place: Place | None, one: str, name: str, measured: set[str]
) -> Role:
    """Return what a column is for; embedded data stays an answer, worker codes live there."""
    if known is not None:
        return known.role
    if place is not None:
        return "platform" if _PARTS.fullmatch(place.rest) else "answer"
    if _ORDER_OR_SCORE.fullmatch(one) or _OWN_FIELDS.fullmatch(one or name):
        return "platform"
    if measured and (_NAMED_PARTS.fullmatch(name) or _is_browser(name, measured)):
        return "platform"
    return "answer"


def _is_browser(name: str, names: set[str]) -> bool:
    found = _NAMED_BROWSER.fullmatch(name)
    return found is not None and any(
        f"{found[1]}_Operating{gap}System" in names for gap in (" ", "_")
    )


def _ids(
    rows: HeadingRows, position: int, one: str, place: Place | None, known: Known | None
) -> tuple[str, ...]:
    if rows.legacy and known is not None and rows.texts:
        return (rows.texts[position],)
    if not one:
        return ()
    usual = f"{place.loop}_{place.id}" if place and place.loop else place.id if place else one
    return tuple(dict.fromkeys((one, usual)))


def _splitquestions_of(
    columns: list[ExportColumn], places: Sequence[Place | None], rows: HeadingRows
) -> None:
    """Take question and row apart, question by question."""
    for members in questions_of(columns, places, with_ids=bool(rows.ids)).values():
        boxes = [place for place in members if _is_box(columns[place], places[place])]
        answers = [place for place in members if place not in boxes]
        texts = [columns[place].text for place in answers]
        pairs = split_rows(texts, rows.sign)
        if len(answers) == 1 and (boxes or _has_row(places[answers[0]])):
            pairs = [_at_last(texts[0], rows.sign, row=_has_row(places[answers[0]]))]
        for place, (stem, text) in zip(answers, pairs, strict=True):
            stem = stem.removesuffix(CHOSEN)
            columns[place] = columns[place].replaced(stem=stem, text=text)
        start = _start([columns[place].name for place in answers])
        for place in answers:
            columns[place] = columns[place].replaced(code=_code(columns[place].name, start))
        for place in boxes:
            text = columns[place].text
            # Files of 2016 give the text box the same words as the choice it stands beside.
            columns[place] = columns[place].replaced(
                text=f"{text}{rows.sign}Text" if text in texts else text
            )
    if not rows.ids:
        _split_left(columns, rows.sign)


def _split_left(columns: list[ExportColumn], sign: str) -> None:
    """Split what stands alone, such as a row after a text box, by the question before it."""
    stem = ""
    for place, column in enumerate(columns):
        start = f"{column.stem or stem}{sign}"
        if column.stem:
            stem = column.stem
        elif (
            stem
            and column.role == "answer"
            and column.text.startswith(start)
            and not _TEXT_BOX.fullmatch(column.name)
        ):
            columns[place] = column.replaced(stem=stem, text=column.text[len(start) :])


def questions_of(
    columns: Sequence[ExportColumn], places: Sequence[Place | None], *, with_ids: bool
) -> Mapping[object, list[int]]:
    """Group the columns by question: by their ids, or by names alike that stand together."""
    found: defaultdict[object, list[int]] = defaultdict(list)
    run, last = 0, ""
    for position, (column, place) in enumerate(zip(columns, places, strict=True)):
        if column.role != "answer":
            last = ""
        elif place is not None:
            found[place.loop, place.question].append(position)
        elif not with_ids:
            name = column.name.removesuffix("_TEXT").rpartition("_")[0] or column.name
            if not (last and (name == last or name.startswith(f"{last}_"))):
                run, last = run + 1, name
            found[run].append(position)
    return found


def _is_box(column: ExportColumn, place: Place | None) -> bool:
    """Say whether a column is the text box beside a choice or a row."""
    if place is not None:
        return place.rest != "TEXT" and place.rest.endswith("_TEXT")
    return bool(_TEXT_BOX.fullmatch(column.name))


def _has_row(place: Place | None) -> bool:
    return place is not None and bool(re.fullmatch(r"x?\d+", place.rest))


def _at_last(text: str, sign: str, *, row: bool) -> tuple[str, str]:
    """Cut a text where no second row tells where the question ends."""
    stem, found, rest = text.rpartition(sign)
    if not found:
        return "", text
    return (stem, rest) if row else ("", stem)


def _code(name: str, start: str) -> str:
    """Return what follows the question in a name; bare numbers are only the place of a row.

    A row may have a tag of its own (``Q3_SEC1``).
    """
    default = _DEFAULT_NAME.match(name)
    rest = name[default.end() :] if default else name[len(start) + 1 :] if start else ""
    return rest if re.search(r"[^\W\d_]", rest) else ""


def _start(names: Sequence[str]) -> str:
    """Return what all names of a question begin with, up to a line between words."""
    if len(names) < 2:
        return ""
    pairs = zip(min(names), max(names), strict=False)
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)
    return "".join(sign for sign, _ in same).rpartition("_")[0]
