"""Microsoft Forms: a workbook with five columns of its own, then one column a statement.

``ID, Start time, Completion time, Email, Name`` in the language of whoever exported, then
perhaps the time of the last change, and in a quiz the points and the feedback of each question
(seen in real workbooks and in programs that read them). A Likert grid is one column a
statement, without its stem; a statement that stands twice has a numeral behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from relsurvey.intake.export import Export, ExportColumn, Platform, Role
from relsurvey.intake.fold import fold_heading, shown, trimmed
from relsurvey.intake.platforms.blanks import blanks_left_open
from relsurvey.intake.platforms.known_headings import fields_at, looks_like_time
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable

__all__ = ["MSFORMS"]

# English, Dutch, French, Norwegian, Portuguese and Spanish as programs that read exports have
# them; German, Italian, Swedish and Danish to our knowledge. Other languages are told by what
# stands in the first five columns.
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("ID",),
    "started": (
        "Start time",
        "Startzeit",
        "Hora de inicio",
        "Heure de début",
        "Begintijd",
        "Ora di inizio",
        "Hora de início",
        "Starttid",
        "Starttidspunkt",
    ),
    "submitted": (
        "Completion time",
        "Fertigstellungszeit",
        "Hora de finalización",
        "Heure de fin",
        "Tijd van voltooien",
        "Ora di completamento",
        "Hora de conclusão",
        "Slutförandetid",
        "Fuldførelsestidspunkt",
        "Fullføringstidspunkt",
    ),
    "email": (
        "Email",
        "E-Mail",
        "E-post",
        "Mail",
        "Correo electrónico",
        "Adresse de messagerie",
        "Posta elettronica",
        "Indirizzo di posta elettronica",
        "E-mailadres",
        "E-postadresse",
        "E-postadress",
        "Mailadresse",
        "Endereço de email",
    ),
    "name": ("Name", "Nombre", "Nom", "Naam", "Nome", "Namn", "Navn"),
}
_AFTER: dict[str, tuple[str, ...]] = {
    "changed": (
        "Last modified time",
        "Zeitpunkt der letzten Änderung",
        "Uhrzeit der letzten Änderung",
        "Hora de la última modificación",
        "Heure de la dernière modification",
        "Tijd van laatste wijziging",
        "Ora dell'ultima modifica",
        "Hora da última modificação",
        "Tidpunkt för senaste ändring",
        "Tidspunkt for siste endring",
        "Tidspunkt for seneste ændring",
    ),
    "points": ("Total points", "Gesamtpunktzahl", "Total de puntos", "Total de points"),
    "feedback": ("Quiz feedback", "Test-Feedback", "Comentarios del cuestionario"),
    "grade": ("Grade posted time", "Grade Posted"),
    "language": ("Language", "Sprache", "Idioma", "Langue", "Taal", "Lingua", "Språk", "Sprog"),
}
_ROLES: dict[str, Role] = {
    "id": "record",
    "started": "record",
    "submitted": "record",
    "changed": "record",
    "language": "record",
    "email": "personal",
    "name": "personal",
    "points": "platform",
    "feedback": "platform",
    "grade": "platform",
}
_MAIL = re.compile(r"[^@\s]+@[^@\s]+|anonym\w*|anónim\w*|anônim\w*|nimetön|")
_ROWS_LOOKED_AT = 5
_OWN = 5


def _recognise(table: RawTable) -> str | None:
    if table.described:
        return None
    fields = fields_at(table.heading[: _OWN + 1], _NAMES)
    if {"id", "started", "submitted"} <= fields.keys() and fields.keys() & {"email", "name"}:
        named = [shown(trimmed(table.heading[fields[name]])) for name in ("started", "submitted")]
        return f"Its first columns are Microsoft Forms' own: ID, {named[0]}, {named[1]}"
    if "id" in fields and fields["id"] == 0 and _looks_like_own(table):
        return "An ID, two times and an e-mail address or 'anonymous' stand first"
    return None


def _looks_like_own(table: RawTable) -> bool:
    """Tell the five columns by their cells, where their headings are in another language."""
    if len(table.heading) <= _OWN:
        return False
    rows = [row[:_OWN] for row in table.first_rows(_ROWS_LOOKED_AT)]
    return any(mail for _, _, _, mail, _ in rows) and all(
        number.isdigit()
        and looks_like_time(start)
        and looks_like_time(end)
        and _MAIL.fullmatch(mail.lower())
        for number, start, end, mail, _ in rows
    )


def _read(table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    why = _recognise(table) or "Named as the platform"
    fields = fields_at(table.heading[: _OWN + 1], _NAMES)
    if not {"started", "submitted"} <= fields.keys() and _recognise(table):
        fields = {name: place for place, name in enumerate(_NAMES)}
    first = max(fields.values(), default=-1) + 1
    later = fields_at(table.heading[first : first + len(_AFTER)], _AFTER)
    fields |= {name: first + place for name, place in later.items()}
    columns = _columns(table.heading, fields)
    records, entries = read_records(
        table,
        started=fields.get("started"),
        submitted=fields.get("submitted"),
        language=fields.get("language"),
    )
    table = table.with_entries(*entries, blanks_left_open("Microsoft Forms"))
    return Export("msforms", why, table, columns, records, fields.get("id"))


def _columns(headings: Sequence[str], fields: dict[str, int]) -> tuple[ExportColumn, ...]:
    named = {place: name for name, place in fields.items()}
    marks = _quiz_marks(headings)
    wordings = _without_numerals(headings, named)
    columns = []
    for place, heading in enumerate(headings):
        if place in named:
            columns.append(ExportColumn(heading, _ROLES[named[place]]))
        elif place in marks:
            columns.append(ExportColumn(heading, "platform"))
        else:
            columns.append(ExportColumn(heading, text=wordings.get(place, heading)))
    return tuple(columns)


def _quiz_marks(headings: Sequence[str]) -> set[int]:
    """Return where points and feedback stand: behind their question, whose text they end in."""
    folded = [fold_heading(heading) for heading in headings]
    marks: set[int] = set()
    for place, question in enumerate(folded[:-1]):
        if not question or place in marks:
            continue
        ending = re.compile(rf"\S+ ?[-\u2013:] ?{re.escape(question)}")
        behind = [later for later in (place + 1, place + 2) if later < len(folded)]
        found = {later for later in behind if ending.fullmatch(folded[later])}
        if place + 1 in found:
            marks |= found
    return marks


def _without_numerals(headings: Sequence[str], named: dict[int, str]) -> dict[int, str]:
    """Return the wording of statements that have a numeral only because they stand twice.

    The second is "...2", the third "...3": a numeral counts only where all before it are there,
    and never behind a digit, for "Item 1" and "Item 12" are two items.
    """
    places = {trimmed(heading): place for place, heading in enumerate(headings)}
    wordings = {}
    for place, heading in enumerate(headings):
        match = re.fullmatch(r"(.*\D)([2-9])", trimmed(heading), re.DOTALL)
        if place in named or match is None:
            continue
        before = [match[1], *(f"{match[1]}{number}" for number in range(2, int(match[2])))]
        if all(places.get(one, place) < place for one in before):
            wordings[place] = match[1]
    return wordings


MSFORMS = Platform("msforms", "Microsoft Forms", _recognise, _read)
