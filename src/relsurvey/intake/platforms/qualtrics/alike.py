"""Whether an export and a survey definition say the same: texts may be cut or hold a name."""

from __future__ import annotations

from relsurvey.intake.platforms.qualtrics.definition import Match
from relsurvey.intake.platforms.qualtrics.questions import plain_text

__all__ = ["COMPARED", "alike", "bare", "wordings_of"]

COMPARED = 40


def bare(text: str) -> str:
    """Return letters and digits up to the first text that is put in when the survey is taken."""
    # Twice: a tag that people are to see is an entity in the survey, and a plain sign in the file.
    kept = plain_text(plain_text(text)).partition("${")[0].removesuffix("...")
    return "".join(filter(str.isalnum, kept.casefold()))


def alike(text: str, wording: str) -> bool:
    """Say whether a heading holds a question; it may be cut, or follow a loop's name."""
    return wording[:COMPARED] in text or (len(text) >= COMPARED and text[:COMPARED] in wording)


def wordings_of(one: Match) -> list[str]:
    """Return what a question may be called, in letters and digits."""
    return [plain for part in (one.stem or one.text, one.question) if (plain := bare(part))]
