"""Headings that ask for personal data, in the languages the platforms translate themselves to.

English, German, Spanish, French, Dutch, Italian and Swedish. A heading that is nothing but the
name of such a field ("Email", "RecipientLastName") is sure; a question that asks for it ("What is
your e-mail address?") is likely, and the cells decide whether it was a closed question after all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from relsurvey.personal.plain import unobscured

__all__ = ["HeadingKind", "asks_for_birth", "heading_kind"]

_LONGEST_FIELD = 8
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TAG = re.compile(r"<[^<>]*>|&nbsp;")
_NO_WORD = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^(?:q|question|frage|pregunta|item)?\s?\d+\w?\s(?=\D)")

_EMAIL = r"(?:e ?mail|correo(?: electr[oó]nico)?|courriel|mailadresse|e ?post|posta elettronica)"
_PHONE = (
    r"(?:(?:tele|i)?phone|telefon|telefoon|tel[eé]fono|t[eé]l[eé]phone|mobile|mobil|m[oó]vil|"
    r"cell(?: ?phone)?|handy|mobiel|cellulare|portable|contact)"
)
_NUMBER = r"(?:number|no|nr|num|num[eé]ro|n[uú]mero|numero|nummer)"
_ADDRESS = r"(?:address|adresse|direcci[oó]n|adres|indirizzo|adress)"
_PART = (
    r"(?:first|last|full|given|family|middle|maiden|preferred|christian|legal|your|own|complete|"
    r"respondent(?: s)?|participant(?: s)?|recipient(?: s)?(?: first| last)?|client(?: s)?|"
    r"patient(?: s)?|carer(?: s)?|contact|(?:of )?kin(?: contact)?|parent(?: s)?|mother(?: s)?|"
    r"father(?: s)?|child(?: s)?|staff|worker(?: s)?|user|gp|doctor(?: s)?|therapist(?: s)?)"
)
_NAME = (
    rf"(?:(?:\w+ ){{0,3}}{_PART} ?names?|name|(?:\w+ ){{0,2}}initials|"
    r"(?:\w+ )?signature|signed by|sur ?name|fore ?name|username|vorname|nachname|"
    r"familienname|vor und nachname|ihr name|nombre|apellidos?|nombre y apellidos?|"
    r"nombre completo|pr[eé]nom|nom|nom de famille|nom complet|nom et pr[eé]nom|naam|voornaam|"
    r"achternaam|volledige naam|nome|cognome|nome e cognome|nome completo|namn|f[oö]rnamn|"
    r"efternamn|recipient (?:first|last) name|vorname des empf[aä]ngers|"
    r"nachname des empf[aä]ngers|submitted by|"
    r"name of (?:the |your |my )?(?:\w+ )?(?:worker|carer|respondent|participant|person|client|"
    r"patient|nurse|doctor|gp|therapist|child|parent))"
)

# The whole heading, or its last part after a stem, is the name of the field.
_FIELDS: tuple[tuple[str, str], ...] = (
    ("ip_address", rf"ip|ip ?{_ADDRESS}|{_ADDRESS} ip"),
    ("email", rf"(?:\w+ ){{0,3}}{_EMAIL}s?(?: ?{_ADDRESS})?|{_ADDRESS} (?:e )?{_EMAIL}|"
     rf"{_ADDRESS} (?:de |di |des )?{_EMAIL}|email ?address"),
    ("phone", rf"(?:\w+ ){{0,3}}{_PHONE} ?(?:phone )?{_NUMBER}|(?:\w+ ){{0,2}}(?:tele)?phone|"
     r"tel|mobile|mobil|handy|telefon|telefoon|tel[eé]fono|t[eé]l[eé]phone|m[oó]vil|cellulare|"
     rf"(?:tele|mobil|handy|mobile)\w*nummer|{_NUMBER} de (?:t[eé]l[eé]phone|tel[eé]fono)|"
     rf"{_NUMBER} di (?:telefono|cellulare)|telephone \d"),
    ("date_of_birth", r"dob|d o b|(?:\w+ ){0,3}date of birth|birth ?date|birth ?day|geburtsdatum|"
     r"geburtstag|fecha de nacimiento|date de naissance|geboortedatum|data di nascita|"
     r"f[oö]delsedatum|(?:\w+ ){1,2}dob"),
    ("nhs_number", rf"(?:\w+ ){{0,2}}nhs ?{_NUMBER}|chi {_NUMBER}|nhs id"),
    ("national_insurance_number", rf"(?:\w+ )?national insurance(?: {_NUMBER})?|ni {_NUMBER}|nino"),
    ("postcode", r"(?:\w+ ){0,2}(?:full )?post ?codes?|(?:\w+ )?postal ?code|zip(?: ?code)?|plz|"
     r"postleitzahl|c[oó]digo postal|code postal|codice postale|postnummer"),
    ("location", r"(?:location )?(?:latitude|longitude|lat|lon|lng)|gps(?: \w+)?|geolocation|"
     r"breitengrad|l[aä]ngengrad|latitud|longitud|latitudine|longitudine|breedtegraad|"
     r"lengtegraad|(?:\w+ ){0,3}(?:latitude|longitude)"),
    ("address", r"(?:(?:\w+ ){0,3}(?:home|postal|street|full|your|mailing|current|kin|contact) )?"
     rf"{_ADDRESS}(?: line)?(?: \d)?|anschrift|wohnadresse|domicilio"),
    ("name", _NAME),
)  # fmt: skip
# A field that may also be a closed question, or no more than a hint: the cells decide.
_LIKELY = (
    ("date_of_birth", re.compile(r"(?:(?:your|my|the) )?(?:year of birth|birth year|born|yob)|"
     r"(?:in )?(?:what|which) (?:is your )?year (?:of birth|were you born)")),
    ("nhs_number", re.compile(r"(?:(?:your|my) )?nhs")),
)  # fmt: skip
_ASIDE = re.compile(
    r"\s*[(\[](?:optional|required|mandatory|voluntary|"
    r"if (?:you|known|any|applicable)[^()\[\]]{0,60}|please[^()\[\]]{0,60}|"
    r"not required|confidential)[)\]]\s*[*:]?\s*$",
    re.IGNORECASE,
)
_ASKED = (
    r"(?:what(?: i|)s|whats|please (?:enter|give|provide|leave|write|type|state|add|tell us)|enter|"
    r"provide|leave|give us|tell us|wie (?:lautet|ist|heißt)|cu[aá]l es|quel(?:le)? est|"
    r"wat is|qual [eè]|vad [aä]r|bitte geben sie)"
)
_QUESTION = re.compile(rf"^(?:{_ASKED}|what|which|who|where|when|wer|wie|was|qui|wat|chi|vad)\b")
_THING = (
    ("email", _EMAIL),
    ("phone", rf"(?:{_PHONE} {_NUMBER}|telephone|phone|telefonnummer|handynummer|tel[eé]fono)"),
    ("date_of_birth", r"(?:date of birth|dob|geburtsdatum|fecha de nacimiento|date de naissance|"
     r"geboortedatum|data di nascita|f[oö]delsedatum)"),
    ("nhs_number", rf"nhs {_NUMBER}"),
    ("national_insurance_number", r"national insurance number"),
    ("postcode", r"(?:post ?code|postal code|zip code|postleitzahl|code postal|c[oó]digo postal)"),
    ("address", rf"(?:home|full|postal|street|your) {_ADDRESS}"),
    ("name", r"(?:your|full|first|last|their) (?:\w+ )?(?:\w+ )?name|"
     r"(?:ihr|dein) name|(?:su|tu) nombre|(?:votre|ton) (?:pr[eé]?nom|nom)|(?:uw|je) naam|"
     r"(?:suo|tuo) nome|ditt namn"),
)  # fmt: skip
_WHO = re.compile(
    r"^(?:who (?:is|was) (?:your|the) (?!favou?rite|best|first to)|"
    r"what is the name of (?:your|the) (?:\w+ ){0,3}"
    r"(?:worker|nurse|doctor|carer|manager|therapist|person|gp|counsellor)|"
    r"wer ist ihr|qui est votre|qui[eé]n es su|wie is uw|chi [eè] il suo|vem [aä]r din)"
)
# Not the thing itself: what kind of it, whether there is one, what was done with it.
_ABOUT = re.compile(
    r"\b(?:how (?:often|many|much)|do you|did you|have you|has your|are you|is there|would you|"
    r"prefer\w*|permission|consent|agree|type|device|model|brand|app|version|validat\w*|"
    r"verified|confirm\w*|known?|knew|knows|first (?:part|half)|area|district|sector|outward|"
    r"event|team|form|file|survey|group|service|organi[sz]ation|school|company|product|brand|"
    r"field|variable|column|year|age|place|country|town|city|count|nationality)\b"
)
_BIRTH = re.compile(
    r"\b(?:birth|born|dob|d o b|birthday|geburt\w*|geboren|nacimiento|nacid[oa]|naissance|n[eé]e?|"
    r"geboorte\w*|nascita|nat[oa]|f[oö]dd|f[oö]delse\w*)\b"
)
_FIELD_RULES = tuple((kind, re.compile(pattern)) for kind, pattern in _FIELDS)
_ASKED_RULES = tuple(
    (kind, re.compile(rf"^(?:\w+ ){{0,8}}?{_ASKED} (?:\w+ ){{0,4}}?(?:{thing})\b"))
    for kind, thing in _THING
)


@dataclass(frozen=True)
class HeadingKind:
    """What a heading asks for.

    Attributes
    ----------
    kind : str
        One of ``KINDS``.
    sure : bool
        Whether the heading is the name of such a field; otherwise it is a question about it.
    """

    kind: str
    sure: bool


@lru_cache(maxsize=4096)
def heading_kind(heading: str) -> HeadingKind | None:
    """Say which personal data a heading asks for.

    Parameters
    ----------
    heading : str
        A name or a question, as it stands in an export.

    Examples
    --------
    >>> heading_kind("RecipientLastName"), heading_kind("Who is your social worker?")
    (HeadingKind(kind='name', sure=True), HeadingKind(kind='name', sure=False))
    >>> heading_kind("Did my worker use my name?") is None, heading_kind("team_name") is None
    (True, True)
    """
    words = _words(heading)
    if not words:
        return None
    if not _ABOUT.search(words) and words.count(" ") < _LONGEST_FIELD:
        for kind, rule in _FIELD_RULES:
            if rule.fullmatch(words):
                return HeadingKind(kind, sure=not _QUESTION.search(words))
    for kind, rule in _LIKELY:
        if rule.fullmatch(words):
            return HeadingKind(kind, sure=False)
    if _WHO.search(words):
        return HeadingKind("name", sure=False)
    if not _ABOUT.search(words):
        for kind, rule in _ASKED_RULES:
            if rule.search(words):
                return HeadingKind(kind, sure=False)
    return None


def asks_for_birth(heading: str) -> bool:
    """Say whether a heading speaks of being born, so that a date under it is a date of birth.

    Examples
    --------
    >>> asks_for_birth("When were you born?"), asks_for_birth("Date of completion")
    (True, False)
    """
    return _BIRTH.search(_words(heading)) is not None


def _words(heading: str) -> str:
    """Return the words of a heading in lower case, ``RecipientLastName`` and ``ec_phone`` too."""
    plain = _ASIDE.sub("", _TAG.sub(" ", unobscured(heading)).strip())
    if " " not in plain:
        plain = _HUMP.sub(" ", plain)
    words = _NO_WORD.sub(" ", plain).strip().casefold()
    return _NUMBERING.sub("", words)
