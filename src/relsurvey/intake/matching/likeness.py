"""Columns for items that nothing exact finds: by how alike heading and wording are.

Wording changes on its way through a platform: a comma is lost, a letter dropped, a plural put in.
What is left unmatched is compared here, and taken only where the likeness is high, every word is
accounted for and nothing else comes near; all of it is listed for the person to confirm.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from relsurvey.intake.matching.headings import ColumnMatch, Headings
from relsurvey.intake.matching.loose_wording import bare_wording
from relsurvey.intake.matching.slips import same_but_for_slips
from relsurvey.intake.matching.unmatched import Unmatched, only_matches

__all__ = ["LIKENESS", "LONG_ENOUGH", "UNLIKE", "like_columns", "likeness", "match_by_likeness"]

LIKENESS = 90.0
UNLIKE = 60.0
LONG_ENOUGH = 20


def match_by_likeness(left: Unmatched) -> list[ColumnMatch]:
    """Match items to columns that are alike, and to no two.

    Parameters
    ----------
    left : Unmatched
        What is left.

    Returns
    -------
    list of ColumnMatch
        Items whose wording is at least `LIKENESS` percent alike to the text of exactly one
        column (Indel similarity, `rapidfuzz.fuzz.ratio`) and the same but for slips, which is
        so for no other item. Short wordings are not compared.
    """
    alike = {
        name: _alike(left, texts, shortest=LONG_ENOUGH if name in left.wanted else 0)
        for name, texts in left.all.items()
    }
    return [
        ColumnMatch(
            name,
            place,
            left.index.all[place],
            f"by a wording {alike[name][place]:.0f}% alike",
            by_text=True,
            nearly=True,
        )
        for name, place in only_matches(alike)
        if name in left.wanted
    ]


def like_columns(
    index: Headings, wordings: Sequence[str], taken: Collection[int], most: int = 3
) -> list[tuple[int, float]]:
    """Return the columns most alike to a wording, with the likeness in percent, best first."""
    scores = {
        place: likeness(texts, wordings, UNLIKE)
        for place, texts in index.texts.items()
        if place not in taken
    }
    found = ((place, score) for place, score in scores.items() if score)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:most]


def likeness(texts: Sequence[str], wordings: Sequence[str], cutoff: float = 0.0) -> float:
    """Return how alike the most alike of texts and wordings are in percent; 0 below the cutoff."""
    from rapidfuzz import fuzz

    bare = list(map(bare_wording, wordings))
    return max(
        (
            fuzz.ratio(text, wording, score_cutoff=cutoff)
            for text in map(bare_wording, texts)
            for wording in bare
        ),
        default=0.0,
    )


def _alike(left: Unmatched, wordings: Sequence[str], *, shortest: int) -> dict[int, float]:
    """Return the likeness of the columns that say the same."""
    from rapidfuzz import fuzz

    found: dict[int, float] = {}
    bare = [text for text in map(bare_wording, wordings) if len(text) >= shortest]
    for place, texts in left.free_texts():
        for text in map(bare_wording, texts):
            for wording in bare:
                score = fuzz.ratio(text, wording, score_cutoff=LIKENESS)
                if score > found.get(place, 0.0) and same_but_for_slips(text, wording):
                    found[place] = score
    return found
