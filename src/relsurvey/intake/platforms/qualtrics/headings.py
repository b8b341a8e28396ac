"""The heading rows of a Qualtrics export, and what Qualtrics itself writes into columns.

Four shapes are in use. Today's files have three heading rows: names, question texts, and ids as
JSON (``{"ImportId":"QID3_1"}``). The first files of that kind (2016) wrote the ids with single
quotes and hyphens, which is not JSON. Files before that have two rows: V1 to V10 in row 1, and
what they are in row 2. SPSS files, and files of which somebody deleted the rows below the first,
have one. (All seen in real exports.)
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from relsurvey.intake.export import Role
from relsurvey.intake.fold import trimmed
from relsurvey.intake.table import RawTable

__all__ = ["KNOWN", "HeadingRows", "Known", "Place", "heading_rows", "place_of"]

_IMPORT_ID = re.compile(r"""\{\s*["']ImportId["']\s*:\s*(["'])(?P<id>.*?)\1\s*[,}]""")
_RESPONSE_ID = re.compile(r"(?:R|FS|SPSS)_[A-Za-z0-9]+")
_MOST_HEADINGS = 3
_ENOUGH_NAMES = 5


@dataclass(frozen=True)
class Known:
    """A column that Qualtrics adds by itself: what it is, and whom it concerns."""

    name: str
    role: Role


# By the name with nothing but small letters. Qualtrics support, "Understanding your data set",
# for today's names; real exports for those of 2016 and before (LocationAccuracy, ResponseSet).
KNOWN = {
    "startdate": Known("started", "record"),
    "enddate": Known("ended", "record"),
    "status": Known("status", "record"),
    "ipaddress": Known("ip", "personal"),
    "progress": Known("progress", "record"),
    "duration": Known("duration", "record"),
    "durationinseconds": Known("duration", "record"),
    "finished": Known("finished", "record"),
    "recordeddate": Known("recorded", "record"),
    "recordid": Known("respondent", "record"),
    "responseid": Known("respondent", "record"),
    "responsesetid": Known("set", "record"),
    "responseset": Known("set", "record"),
    "recipientlastname": Known("last name", "personal"),
    "recipientfirstname": Known("first name", "personal"),
    "recipientemail": Known("e-mail", "personal"),
    "externalreference": Known("reference", "personal"),
    "externaldatareference": Known("reference", "personal"),
    "locationlatitude": Known("latitude", "personal"),
    "locationlongitude": Known("longitude", "personal"),
    "locationaccuracy": Known("accuracy", "personal"),
    "distributionchannel": Known("channel", "record"),
    "userlanguage": Known("language", "record"),
}
# Only the second row of a legacy file says it in these words.
_LEGACY_ONLY = {
    "name": Known("name", "personal"),
    "emailaddress": Known("e-mail", "personal"),
}
# Row 3 writes them like this; an embedded data field of the survey's own may be called "Status".
_IDS = frozenset(
    {
        "startDate",
        "endDate",
        "status",
        "ipAddress",
        "progress",
        "duration",
        "finished",
        "recordedDate",
        "_recordId",
        "recordId",
        "responseId",
        "responseID",
        "ResponseID",
        "responseSetId",
        "recipientLastName",
        "recipientFirstName",
        "recipientEmail",
        "externalDataReference",
        "externalReference",
        "locationLatitude",
        "locationLongitude",
        "locationAccuracy",
        "distributionChannel",
        "userLanguage",
    }
)


@dataclass(frozen=True)
class Place:
    """Where in the survey a column belongs, as its import id says.

    Attributes
    ----------
    question : str
        The question, ``QID3``; with a number (``QID3#2``) the column of a side-by-side.
    loop : str
        The pass of a loop, ``1`` in ``1_QID3_1``; empty outside of loops.
    rest : str
        Row, choice or part: ``1``, ``2_TEXT``, ``FIRST_CLICK``.
    """

    question: str
    loop: str = ""
    rest: str = ""

    @property
    def id(self) -> str:
        """The id without the loop, as the survey's definition knows it."""
        return f"{self.question}_{self.rest}" if self.rest else self.question


_PLACE = re.compile(
    r"(?:(?P<loop>x?\d+)_)?(?P<question>QID\d+(?:#\d+)?)(?:[_-](?P<rest>.+))?", re.ASCII
)


def place_of(import_id: str) -> Place | None:
    """Return where a column belongs; ``None`` where it is no question's.

    Examples
    --------
    >>> place_of("2_QID3_1")
    Place(question='QID3', loop='2', rest='1')
    >>> place_of("QID4-2-TEXT").id, place_of("worker_code") is None
    ('QID4_2_TEXT', True)
    """
    found = _PLACE.fullmatch(import_id)
    if found is None:
        return None
    rest = found["rest"] or ""
    return Place(found["question"], found["loop"] or "", rest.replace("-", "_"))


@dataclass(frozen=True)
class HeadingRows:
    """What the rows under the first heading row say.

    Attributes
    ----------
    why : str
        What shows that it is Qualtrics.
    count : int
        How many rows below the first are headings.
    texts : tuple of str
        Question texts, one a column; empty where there are none.
    ids : tuple of str
        Import ids, one a column; empty where there are none.
    zone : str
        Time zone of the times, where told.
    legacy : bool
        Whether row 2 names the columns V1 to V10.
    sign : str
        What stands between a question and its row.
    """

    why: str
    count: int
    texts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    zone: str = ""
    legacy: bool = False
    sign: str = " - "

    @functools.cached_property
    def _spelled_anew(self) -> bool:
        """Whether row 3 has none of the ids as Qualtrics writes them, and many in other letters.

        So it is where another program wrote the file, with ``StartDate`` in the place of
        ``startDate``. Previews would be taken for people if ``Status`` were one of the answers.
        """
        if not _IDS.isdisjoint(self.ids):
            return False
        return sum(_folded(one) in KNOWN for one in self.ids) >= _ENOUGH_NAMES

    def known(self, place: int, name: str) -> Known | None:
        """Return what a column is, where Qualtrics adds it by itself."""
        if self.ids and self.ids[place]:
            bare = self.ids[place].removeprefix("panel-").removeprefix("Location-")
            own = bare in _IDS or bare != self.ids[place] or self._spelled_anew
            return KNOWN.get(_folded(bare)) if own else None
        if self.legacy and re.fullmatch(r"V\d+", name):
            said = _folded(self.texts[place])
            return KNOWN.get(said) or _LEGACY_ONLY.get(said)
        return None if self.ids else KNOWN.get(_folded(name))


def heading_rows(table: RawTable) -> HeadingRows | None:
    """Return what the heading rows say; ``None`` where nothing shows that it is Qualtrics."""
    rows = table.first_rows(_MOST_HEADINGS)
    names = tuple(map(trimmed, table.heading))
    return _with_ids(rows) or _legacy(names, rows, table) or _by_names(names, rows, table)


def _with_ids(rows: Sequence[tuple[str, ...]]) -> HeadingRows | None:
    for place, row in enumerate(rows):
        ids = [_import_id(cell) for cell in row]
        filled = sum(bool(cell) for cell in row)
        if filled and sum(map(bool, ids)) * 2 >= filled:
            why = f"Row {place + 2} holds ImportIds"
            first = not any('"ImportId"' in cell for cell in row)
            if first:
                why += " in single quotes, as the first Insights exports do"
            zone = next((zone for cell in row if (zone := _zone(cell))), "")
            texts = rows[0] if place else ()
            sign = "-" if first else " - "
            return HeadingRows(why, place + 1, texts, tuple(ids), zone, sign=sign)
    return None


def _import_id(cell: str) -> str:
    """Return the id in a cell of row 3, with the choice of a split multi-answer question."""
    if "ImportId" not in cell:
        return ""
    try:
        said = json.loads(cell)
        found, choice = str(said["ImportId"]), said.get("choiceId")
    except (ValueError, KeyError, TypeError, AttributeError):
        match = _IMPORT_ID.search(cell)
        found, choice = (match["id"] if match else ""), None
    return f"{found}_{choice}" if found and choice is not None else found


def _zone(cell: str) -> str:
    found = re.search(r'"timeZone"\s*:\s*"([^"]+)"', cell)
    return found[1] if found else ""


def _legacy(
    names: Sequence[str], rows: Sequence[tuple[str, ...]], table: RawTable
) -> HeadingRows | None:
    described = tuple(one.text for one in table.described)
    texts = described or (rows[0] if rows else ())
    if names[:2] != ("V1", "V2") or not texts or _folded(texts[0]) != "responseid":
        return None
    why = "Row 1 begins with V1, V2 and row 2 with ResponseID, as exports before 2016 do"
    if described:
        why = "V1 is labelled ResponseID, as in exports before 2016"
    return HeadingRows(why, 0 if described else 1, tuple(texts), legacy=True, sign="-")


def _by_names(
    names: Sequence[str], rows: Sequence[tuple[str, ...]], table: RawTable
) -> HeadingRows | None:
    """Take a file by the names of its first columns, where nothing below them says more."""
    found = {folded: name for name in names if (folded := _folded(name)) in KNOWN}
    own = {"durationinseconds", "recordeddate", "responseid", "distributionchannel"} & set(found)
    if len(found) < _ENOUGH_NAMES or len(own) < 2 or not {"startdate", "finished"} & set(found):
        return None
    why = f"It has the columns {', '.join(list(found.values())[:4])} and others of Qualtrics"
    if table.described:
        return HeadingRows(why, 0, tuple(one.text for one in table.described))
    row = rows[0] if rows else ()
    told = {_folded(name): cell for name, cell in zip(names, row, strict=False)}
    respondent = told.get("responseid", "")
    is_heading = not _RESPONSE_ID.fullmatch(respondent) and not any(
        any(map(str.isdigit, told.get(name, ""))) for name in ("startdate", "recordeddate")
    )
    texts = row if is_heading and any(row) else ()
    return HeadingRows(why, 1 if texts else 0, texts)


def _folded(name: str) -> str:
    return "".join(filter(str.isalpha, name.lower()))
