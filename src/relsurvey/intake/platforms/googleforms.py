"""Google Forms: a time stamp, then one column a question with its full text.

A grid is one column a row, ``Question [Row]``; e-mail address and score are columns of their
own where the form asks for them. Forms keeps what was submitted and nothing else: no start, no
duration, no id of the respondent (seen in real exports; Docs Editors Help, "View and manage
form responses").

Many tables that no form wrote begin with a column of times. A file is therefore taken for one
of Forms only where the rest reads like a form as well: rows in brackets under one question, an
e-mail address or a score behind the time, or headings of which at least half are questions or
sentences. In a language whose word for the time stamp is not known here, only dates with times in
the first column and rows in brackets say so. Where items stand as codes the table is read as it
is, which comes to the same but for the time; ``platform="googleforms"`` keeps that too.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from relsurvey.intake.export import Export, ExportColumn, Platform, Role
from relsurvey.intake.fold import fold_heading, shown, trimmed
from relsurvey.intake.platforms.blanks import blanks_left_open
from relsurvey.intake.platforms.bracketed import split_rows
from relsurvey.intake.platforms.known_headings import fields_at, looks_like_time
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable

__all__ = ["GOOGLEFORMS"]

# As seen in exports and in programs that read them, or as Forms has them to our knowledge.
_TIMES = (
    "Timestamp",
    "Zeitstempel",
    "Marca temporal",
    "Horodateur",
    "Informazioni cronologiche",
    "Tijdstempel",
    "Carimbo de data/hora",
    "Carimbo de data e hora",
    "Carimbo de tempo",
    "Tidsstämpel",
    "Tidsstempel",
    "Tidsmerke",
    "Aikaleima",
    "Sygnatura czasowa",
    "Časové razítko",
    "Časová pečiatka",
    "Időbélyeg",
    "Zaman damgası",
    "Отметка времени",
    "Позначка часу",
    "Χρονική σήμανση",
    "タイムスタンプ",
    "时间戳记",
    "時間戳記",
    "타임스탬프",
)
_NAMES: dict[str, tuple[str, ...]] = {
    "submitted": _TIMES,
    "email": (
        "Email Address",
        "Username",
        "Email",
        "E-Mail-Adresse",
        "Nutzername",
        "Dirección de correo electrónico",
        "Nombre de usuario",
        "Adresse e-mail",
        "Nom d'utilisateur",
        "Indirizzo email",
        "Nome utente",
        "E-mailadres",
        "Gebruikersnaam",
        "Endereço de e-mail",
        "Endereço de email",
        "E-postadress",
    ),
    "score": (
        "Score",
        "Total score",
        "Punktzahl",
        "Punkte",
        "Puntuación",
        "Note",
        "Punteggio",
        "Pontuação",
        "Poäng",
    ),
}
_ROLES: dict[str, Role] = {"submitted": "record", "email": "personal", "score": "platform"}
_MARKS = frozenset({"score", "feedback"})
_OWN = 3
_WORDS_OF_A_SENTENCE = 4


def _recognise(table: RawTable) -> str | None:
    if table.described:
        return None
    fields = _fields(table)
    if "submitted" not in fields or len(table.heading) == 1 or not _times_first(table):
        return None
    known = "submitted" in fields_at(table.heading[:1], _NAMES)
    first = shown(trimmed(table.heading[0]))
    others = [trimmed(heading) for heading in table.heading[len(fields) :]]
    stems = Counter(stem for stem, rows in map(split_rows, others) if len(rows) == 1 and stem)
    if any(count > 1 for count in stems.values()):
        times = "" if known else " with dates and times"
        return f"{first} stands first{times}, and questions have their rows in brackets"
    if not known:
        return None
    if len(fields) > 1:
        named = shown(trimmed(table.heading[1]))
        return f"{first} and {named} stand first"
    asked = sum(map(_is_question, others))
    if asked * 2 >= len(others):
        return f"{first} stands first, and the other headings are questions"
    return None


def _fields(table: RawTable) -> dict[str, int]:
    found = fields_at(table.heading[:_OWN], _NAMES)
    if 0 not in found.values() and _times_first(table):
        found["submitted"] = 0
    # They follow each other without a gap; a question may have such a name further on.
    own = sorted(found, key=found.__getitem__)
    return {name: place for place, name in enumerate(own) if found[name] == place}


def _times_first(table: RawTable) -> bool:
    cells = [row[0] for row in table.first_rows()]
    return any(cells) and all(looks_like_time(cell) for cell in cells if cell)


def _is_question(heading: str) -> bool:
    sentence = len(heading.split()) >= _WORDS_OF_A_SENTENCE
    return sentence or heading.endswith(("?", "]", "？", "؟"))


def _read(table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    why = _recognise(table) or "Named as the platform"
    fields = _fields(table)
    named = {place: name for name, place in fields.items()}
    columns = tuple(
        ExportColumn(heading, _ROLES[named[place]]) if place in named else _column(heading)
        for place, heading in enumerate(table.heading)
    )
    records, entries = read_records(table, submitted=fields.get("submitted"))
    table = table.with_entries(
        *entries, blanks_left_open("Google Forms", ", and holds submitted responses only")
    )
    return Export("googleforms", why, table, columns, records)


def _column(heading: str) -> ExportColumn:
    stem, rows = split_rows(heading)
    row = " ".join(rows)
    # The form's own CSV of a quiz has a score and a feedback to each question.
    if fold_heading(row) in _MARKS:
        return ExportColumn(heading, "platform")
    return ExportColumn(heading, stem=stem, text=row) if row else ExportColumn(heading, text=stem)


GOOGLEFORMS = Platform("googleforms", "Google Forms", _recognise, _read)
