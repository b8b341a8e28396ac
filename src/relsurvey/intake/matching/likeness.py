"""Columns for items that nothing exact finds: by how alike heading and wording are.

Wording changes on its way through a platform: a comma is lost, a name put in, a word corrected.
What is left unmatched is compared here, and taken only where the likeness is high and nothing
else comes near; all of it is listed for the person to confirm.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from relsurvey.intake.matching.headings import ColumnMatch, Headings
from relsurvey.intake.matching.loose_wording import TURNING, bare_wording, only_matches

__all__ = ["LIKENESS", "like_columns", "match_by_likeness"]

LIKENESS = 90.0
_OFFERED = 60.0
_SHORTEST = 20
_SIGNS = re.compile(r"[^\w\s]")


def match_by_likeness(
    index: Headings,
    wanted: Mapping[str, Sequence[str]],
    rivals: Mapping[str, Sequence[str]],
    taken: Collection[int],
) -> list[ColumnMatch]:
    """Match items to columns that are alike, and to no two.

    Parameters
    ----------
    index : Headings
        The columns.
    wanted, rivals : mapping of str to sequence of str
        Folded wordings of the items without a column, and of all others: what is like theirs
        as well is left alone.
    taken : collection of int
        Columns that are something else already.

    Returns
    -------
    list of ColumnMatch
        Items whose wording is at least `LIKENESS` percent alike to the text of exactly one
        column (Indel similarity, `rapidfuzz.fuzz.ratio`), which is so for no other item. A
        text that differs in a word such as "not" or "never" is not alike, and short wordings
        are not compared.
    """
    alike = {
        name: _scores(index, texts, taken, LIKENESS, shortest=_SHORTEST if name in wanted else 0)
        for name, texts in {**rivals, **wanted}.items()
    }
    return [
        ColumnMatch(
            name,
            place,
            index.all[place],
            f"by a wording {alike[name][place]:.0f}% alike",
            by_text=True,
        )
        for name, place in only_matches(alike)
        if name in wanted
    ]


def like_columns(
    index: Headings, wordings: Sequence[str], taken: Collection[int], most: int = 3
) -> list[tuple[int, float]]:
    """Return the columns most alike to a wording, with the likeness in percent, best first."""
    scores = _scores(index, wordings, taken, _OFFERED, shortest=0, turning=True)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:most]


def _scores(
    index: Headings,
    wordings: Sequence[str],
    taken: Collection[int],
    cutoff: float,
    *,
    shortest: int = _SHORTEST,
    turning: bool = False,
) -> dict[int, float]:
    from rapidfuzz import fuzz

    found: dict[int, float] = {}
    bare = [text for text in map(bare_wording, wordings) if len(text) >= shortest]
    for place, texts in index.texts.items():
        if place in taken:
            continue
        for text in map(bare_wording, texts):
            for wording in bare:
                score = fuzz.ratio(text, wording, score_cutoff=cutoff)
                if score > found.get(place, 0.0) and (turning or not _turned(text, wording)):
                    found[place] = score
    return found


def _turned(one: str, other: str) -> bool:
    words, others = (set(_SIGNS.sub("", text).split()) for text in (one, other))
    return bool((words ^ others) & TURNING)
