"""Columns that are named after one item and ask something else.

A survey that was copied and reordered keeps its old names: the column Q2 asks what Q1 asks. Where
the file holds the questions' texts, a name alone does not decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from relsurvey.intake.matching.headings import BY_TEXT, ColumnMatch, Headings
from relsurvey.intake.matching.likeness import LONG_ENOUGH, UNLIKE, likeness
from relsurvey.intake.matching.loose_wording import bare_wording

__all__ = ["with_doubts"]

BY_MAP = "by the column map"


def with_doubts(
    index: Headings, matches: Sequence[ColumnMatch], wordings: Mapping[str, Sequence[str]]
) -> tuple[list[ColumnMatch], dict[str, tuple[ColumnMatch, str]]]:
    """Hold what each column asks against the wording of the item it was named for.

    Parameters
    ----------
    index : Headings
        The columns.
    matches : sequence of ColumnMatch
        Which column is which item.
    wordings : mapping of str to sequence of str
        Folded wordings of all items and questions, in all languages.

    Returns
    -------
    matches : list of ColumnMatch
        Those that hold. Where a text is unlike the item's wording, or a map names a column with
        another item's wording, they say so in ``doubt``.
    crossed : dict of str to (ColumnMatch, str)
        Those that ask another item, and which.
    """
    asks: dict[str, str] = {}
    for name, texts in wordings.items():
        for text in texts:
            asks.setdefault(bare_wording(text), name)
    kept: list[ColumnMatch] = []
    crossed: dict[str, tuple[ColumnMatch, str]] = {}
    for match in matches:
        other = _other_item(index, match, wordings, asks)
        if other and match.rule != BY_MAP:
            crossed[match.name] = (match, other)
        elif other:
            doubt = f"Column {match.position + 1} asks what item {other} asks."
            kept.append(replace(match, doubt=doubt))
        elif _is_unlike(index, match, wordings.get(match.name, ())):
            kept.append(replace(match, doubt="Its text is unlike the item's wording."))
        else:
            kept.append(match)
    return kept, crossed


def _other_item(
    index: Headings,
    match: ColumnMatch,
    wordings: Mapping[str, Sequence[str]],
    asks: Mapping[str, str],
) -> str:
    """Return the item whose wording a column has, where it is not that of its own."""
    if match.rule in BY_TEXT or match.by_text:
        return ""
    texts = set(map(bare_wording, index.known_texts(match.position)))
    if texts & set(map(bare_wording, wordings.get(match.name, ()))):
        return ""
    others = [asks[text] for text in sorted(texts) if text in asks]
    return others[0] if others else ""


def _is_unlike(index: Headings, match: ColumnMatch, wordings: Sequence[str]) -> bool:
    """Say whether a column found by its name has a question of its own, and another one.

    What is short may be a label somebody gave the question.
    """
    if match.by_text or match.rule == BY_MAP or not wordings:
        return False
    texts = [text for text in index.known_texts(match.position) if len(text) >= LONG_ENOUGH]
    bare = list(map(bare_wording, wordings))
    if not texts or any(wording in text for wording in bare for text in texts):
        return False
    return likeness(texts, wordings, UNLIKE) == 0.0
