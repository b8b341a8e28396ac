"""How hard a questionnaire reads: a reading age for each item, from formulas.

References
----------
Smith EA, Senter RJ (1967). Automated readability index. AMRL-TR-66-220.
Coleman M, Liau TL (1975). A computer readability formula designed for machine scoring. J Appl
Psychol 60:283-284.
Björnsson CH (1968). Läsbarhet. Stockholm: Liber. (A long word has more than six letters.)
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from relsurvey.adaptation.reading_ages import FEWEST_WORDS, Readability
from relsurvey.errors import InstrumentError, listed
from relsurvey.instruments import Instrument, InstrumentLike, load_instrument, with_wording
from relsurvey.instruments.placeholders import filled

__all__ = ["coleman_liau", "readability"]


HIGHEST_AGE = 11.0
YOUNGEST, OLDEST = 5.0, 18.0
AGE_OF_GRADE_0 = 5.0
LONG_WORD = 7
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def readability(
    instrument: InstrumentLike,
    *,
    wording: str | os.PathLike[str] | None = None,
    locale: str | None = None,
) -> Readability:
    """Estimate the reading age of every item, the instructions and the response labels.

    A formula on one sentence is rough, and no substitute for trying a questionnaire out with
    people: it finds wordings to look at again, nothing more.

    Parameters
    ----------
    instrument : Instrument, str or path
        The definition, its id or its file; placeholders are filled with their defaults.
    wording : str or path, optional
        A wording pack, where the definition holds no wording.
    locale : str, optional
        One language; all that are English by default.

    Returns
    -------
    Readability
        With ``to_frame()`` and ``summary()``. Texts above a reading age of eleven are flagged.

    Raises
    ------
    InstrumentError
        Where there is no wording (gists are none), no such language, or it is not English.

    Notes
    -----
    The automated readability index is 4.71 characters a word + 0.5 words a sentence - 21.43
    (Smith & Senter 1967); the Coleman-Liau index is 0.0588 L - 0.296 S - 15.8 with L letters and
    S sentences a hundred words (Coleman & Liau 1975). Both give a US grade and need no dictionary
    of syllables. Reading age is their mean plus five: in grade g pupils are from g + 5 to g + 6
    years old. Ages below 5 and above 18 are given as 5 and 18. Texts of one or two words have
    none: no formula holds for them. Words, letters, characters and sentences are counted by
    textstat, which takes a sentence of one or two words together with its neighbour.

    Examples
    --------
    >>> table = readability("peech-sc", locale="en-GB").to_frame()
    >>> table.loc[18:19, ["item", "words", "ari", "cli", "reading_age", "flagged"]].round(2)
        item  words   ari   cli  reading_age  flagged
    18  CON1      5  2.74  4.15         8.44    False
    19  CON2      7  4.27  6.85        10.56    False
    """
    definition = load_instrument(instrument)
    if wording is not None:
        definition = with_wording(definition, wording)
    locales, left_out = _locales(definition, locale)
    rows = [
        {**start, "locale": name, **_figures(text)}
        for name in locales
        for start, text in _texts(definition, name)
    ]
    table = pd.DataFrame(rows)
    return Readability(f"{definition.id} {definition.version}", table, left_out)


def coleman_liau(letters: int, words: int, sentences: int) -> float:
    """Return the Coleman-Liau index, a US grade.

    The formula stands here because textstat has 0.058 where the paper has 0.0588, which makes
    an ordinary sentence a third of a grade too easy.

    Examples
    --------
    The abstract of the paper itself, with 639 letters, 119 words and 5 sentences:

    >>> round(coleman_liau(639, 119, 5), 1)
    14.5
    """
    return 0.0588 * (100 * letters / words) - 0.296 * (100 * sentences / words) - 15.8


def _figures(text: str) -> dict[str, Any]:
    # Loading textstat takes seconds, and only this needs it.
    import textstat

    words = textstat.lexicon_count(text)
    sentences, letters = textstat.sentence_count(text), textstat.letter_count(text)
    nan = float("nan")
    row = {
        "words": words,
        "sentences": sentences,
        "letters_per_word": letters / words if words else nan,
        "ari": nan,
        "cli": nan,
        "reading_age": nan,
        "flagged": False,
        "long_words": ", ".join(_long_words(text)),
        "note": "no wording in this language" if not words else "one or two words: no formula",
    }
    if words < FEWEST_WORDS:
        return row
    ari, cli = textstat.automated_readability_index(text), coleman_liau(letters, words, sentences)
    age = min(max((ari + cli) / 2 + AGE_OF_GRADE_0, YOUNGEST), OLDEST)
    return {**row, "ari": ari, "cli": cli, "reading_age": age, "flagged": age > HIGHEST_AGE,
            "note": ""}  # fmt: skip


def _long_words(text: str) -> list[str]:
    words = dict.fromkeys(word.casefold() for word in _WORD.findall(text))
    return sorted((word for word in words if len(word) >= LONG_WORD), key=len, reverse=True)


def _texts(definition: Instrument, locale: str) -> Iterator[tuple[dict[str, str], str]]:
    for item in definition.items:
        yield {"kind": "item", "item": item.id}, definition.wording_of(item.id, locale)
    if instructions := definition.instructions.get(locale):
        text = filled(instructions, definition.placeholders)
        yield {"kind": "instructions", "item": "instructions"}, text
    scale = definition.response_scale
    for code in scale.codes:
        if label := code.label.get(locale):
            yield {"kind": "label", "item": f"{code.value:g}"}, label
    for special in (*scale.not_applicable, *scale.missing):
        if label := special.label.get(locale):
            yield {"kind": "label", "item": special.code}, label
    for question in definition.context:
        if locale in question.wording:
            text = definition.wording_of(question.id, locale)
            yield {"kind": "context", "item": question.id}, text


def _locales(definition: Instrument, locale: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    worded = tuple(dict.fromkeys(name for item in definition.items for name in item.wording))
    if not worded:
        raise InstrumentError(
            f"{definition.id} holds no wording, and its gists are none: there is nothing to read.",
            hint="Give the wording you hold as a wording pack: --wording pack.csv / wording=, a "
            "CSV with the columns item, locale and wording.",
        )
    if locale is not None and locale not in worded:
        raise InstrumentError(
            f"No item of {definition.id} is worded in {locale!r}.",
            hint=f"It is worded in: {listed(worded)}.",
        )
    asked = worded if locale is None else (locale,)
    english = tuple(name for name in asked if name.split("-")[0] == "en")
    if not english:
        raise InstrumentError(
            f"The reading-age formulas were made for English; {definition.id} is worded in "
            f"{listed(asked)}.",
            hint="Use a formula that was made for that language, and try it out with people.",
        )
    return english, tuple(name for name in asked if name not in english)
