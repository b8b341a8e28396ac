"""A strategy for instruments: valid definitions with everything that platforms get wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from relsurvey.instruments import Instrument, load_instrument

# Every language has words of its own, so that no label of one is an answer of another.
_WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en-GB": {
        "starts": (
            "My worker", 'Someone said "yes, do"', "A <b>bold</b> claim, 5 < 6 & 7 > 6:",
            "Really? - well", "At 10:30", "Either/or", "[In brackets] it", "=1+1 was",
            "-minus", "Fish &amp; chips", "It's 50 % of", "First line\nsecond line", "@home",
            "A | B", "{Worker}", "C:\\path", "Café", "It cost $5", "a.b-c/d",
        ),
        "ends": (".", "?", " (sometimes).", "…", "", ' "quoted"', " - at times", " [now]"),
        "labels": (
            "Never", "No, not really", 'Quite "often"', "A < B & more", "Don't agree",
            "Half/half", "Yes: always", "1 to 2 times", "Mostly; yes", "(none)", "So-so | fair",
            "Über", "-", "Totally [sic]",
        ),
        "specials": ("Does not apply", "Don't know", "Prefer not to say"),
        "stems": ("", "How often, all in all?", "Read this,\nthen tick one - please", "A/B: [1]"),
    },
    "de": {
        "starts": ("Meine Kraft", "„Ja“, ich wäre", "Größer als 3 & <i>so</i>", "Früher/später"),
        "ends": (".", "?", " (öfter)", "", " - manchmal"),
        "labels": (
            "Nie", "Nein, gar nicht", "Ziemlich „oft“", "Stimme zu", "Über die Hälfte", "Immer",
            "Ab und zu", "Weiß", "Größtenteils", "Kaum", "Ganz & gar", "Eher/ja", "Völlig", "Öfter",
        ),
        "specials": ("Trifft nicht zu", "Weiß nicht", "Keine Angabe"),
        "stems": ("", "Wie oft?", "Bitte lesen,\ndann ankreuzen"),
    },
    "ar": {
        "starts": ("كان العامل", "شعرت، نعم،", "هل تعتقد؟", "قال «نعم»"),
        "ends": (".", "؟", "", "…"),
        "labels": (
            "أبدا", "نادرا", "أحيانا", "غالبا", "دائما", "لا، مطلقا", "نعم", "ربما", "قليلا",
            "كثيرا", "جدا", "نوعا ما", "أوافق", "بشدة",
        ),
        "specials": ("لا ينطبق", "لا أعرف", "أفضل عدم الإجابة"),
        "stems": ("", "كم مرة؟"),
    },
    "en-GB-x-easy": {
        "starts": ("Easy:", "They", "Was it & is it"),
        "ends": (".", "?"),
        "labels": (
            "No way", "Not much", "A bit", "Some", "A lot", "All the time", "Nope", "Yep",
            "Rarely", "Often", "Sure", "Meh", "Fine", "Top",
        ),
        "specials": ("Not for me", "No idea", "I will not say"),
        "stems": ("", "Tick one."),
    },
}  # fmt: skip
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_ITEM_IDS = (
    ("SEC1", "SEC2", "SEC3", "SEC4", "SEC5", "SEC6", "SEC7", "SEC8"),
    ("Q1", "Q2", "Q3", "Q10", "Q11", "Q12", "Q4", "Q5"),
    ("ria01", "ria02", "ria03", "ria04", "ria05", "ria06", "ria07", "ria08"),
    ("A", "b", "C", "d", "E", "f", "G", "h"),
)
_NOT_APPLICABLE = ("9", "NA", "n/a", "-8", "88", "nicht")
_DONT_KNOW = ("DK", "98", "-7", "d.k.")
_PREFER_NOT = ("PN", "refused", "97", "-6")
_UNANSWERED = ("-99", "99", "skipped")


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """Draw an instrument with two languages."""
    ids = draw(st.sampled_from(_ITEM_IDS))[: draw(st.integers(2, 8))]
    languages = ["en-GB", draw(st.sampled_from([one for one in _WORDS if one != "en-GB"]))]
    words = {
        language: {part: draw(st.permutations(_WORDS[language][part])) for part in ("labels",)}
        for language in languages
    }
    values = draw(_values())
    scale = {
        "minimum": values[0],
        "maximum": values[-1],
        "codes": [
            {"value": value, "label": {one: words[one]["labels"][place] for one in languages}}
            for place, value in enumerate(values)
        ],
        **draw(_specials(values, languages)),
    }
    wordings = iter(
        [
            {one: draw(_wording(one, number)) for one in languages}
            for number in _NUMBERS[: len(ids) + 3]
        ]
    )
    reverse = draw(st.lists(st.booleans(), min_size=len(ids), max_size=len(ids)))
    items = [
        {"id": one, "gist": one, "reverse": turned, "wording": next(wordings)}
        for one, turned in zip(ids, reverse, strict=True)
    ]
    definition = {
        "id": draw(st.sampled_from(["made", "Made-up_1", "peech"])),
        "version": "1.0.0",
        "status": "draft",
        "title": draw(st.sampled_from(["Made", 'The "made" one, <b>bold</b> & [so]'])),
        "short_title": "Made",
        "construct": "Anything",
        "respondent": "service_user",
        "description": "Made for tests.",
        "sources": [{"citation": "None.", "licence": "None."}],
        "languages": languages,
        "placeholders": {"worker": "my social worker"},
        "instructions": draw(_instructions(languages)),
        "response_scale": scale,
        "items": items,
        "context": draw(_context(wordings, languages)),
        "scales": [
            {
                "id": "S",
                "title": "All",
                "items": list(ids),
                "method": "mean",
                "minimum": values[0],
                "maximum": values[-1],
                "minimum_answered": {"count": draw(st.integers(1, 2))},
            }
        ],
    }
    return made(definition)


def made(definition: Mapping[str, Any]) -> Instrument:
    """Load a definition as from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.yaml"
        path.write_text(yaml.safe_dump(dict(definition), allow_unicode=True), encoding="utf-8")
        return load_instrument(path)


@st.composite
def _values(draw: st.DrawFn) -> list[float]:
    """Draw codes that mirror each other: negative, decimal, with gaps, from anywhere."""
    count = draw(st.integers(2, 7))
    step = draw(st.sampled_from([1, 1, 2, 0.5, 10]))
    start = draw(st.sampled_from([1, 0, -3, 2, 4, 10, -0.5, -1]))
    values = [start + step * place for place in range(count)]
    if count % 2 and count > 2 and draw(st.booleans()):
        del values[count // 2]
    return values


@st.composite
def _specials(
    draw: st.DrawFn, values: Sequence[float], languages: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Draw what stands beside the scale; its codes are none of the scale's."""
    taken = {f"{value:g}" for value in values}

    def code(of: Sequence[str]) -> st.SearchStrategy[str]:
        return st.sampled_from([one for one in of if one not in taken])

    labels = [{one: _WORDS[one]["specials"][place] for one in languages} for place in range(3)]
    missing: list[dict[str, Any]] = []
    for reason, codes, label in (
        ("dont_know", _DONT_KNOW, labels[1]),
        ("prefer_not", _PREFER_NOT, labels[2]),
    ):
        if draw(st.booleans()):
            missing.append({"code": draw(code(codes)), "reason": reason, "label": label})
    if draw(st.booleans()):
        missing.append({"code": draw(code(_UNANSWERED)), "reason": "unanswered"})
    applicable = [{"code": draw(code(_NOT_APPLICABLE)), "label": labels[0]}]
    return {"missing": missing} | ({"not_applicable": applicable} if draw(st.booleans()) else {})


@st.composite
def _wording(draw: st.DrawFn, language: str, number: str) -> str:
    words = _WORDS[language]
    start, end = draw(st.sampled_from(words["starts"])), draw(st.sampled_from(words["ends"]))
    return f"{start} {number}{end}"


@st.composite
def _instructions(draw: st.DrawFn, languages: Sequence[str]) -> dict[str, str]:
    stems = {one: draw(st.sampled_from(_WORDS[one]["stems"])) for one in languages}
    return {one: stem for one, stem in stems.items() if stem}


@st.composite
def _context(draw: st.DrawFn, wordings: Any, languages: Sequence[str]) -> list[dict[str, Any]]:
    codes = [
        {"value": value, "label": {one: f"{one} {value}" for one in languages}}
        for value in draw(st.permutations([3, 10, -1]))
    ]
    kinds = draw(st.lists(st.sampled_from(["number", "text", "choice"]), unique=True, max_size=3))
    return [
        {"id": f"about_{kind}", "gist": kind, "answer": kind, "wording": next(wordings)}
        | ({"codes": codes} if kind == "choice" else {})
        for kind in kinds
    ]
