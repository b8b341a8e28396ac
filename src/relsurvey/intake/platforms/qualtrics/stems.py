"""Take the text of a matrix row apart from the question it stands under.

Qualtrics puts both into one cell: "question - row" today, "question-row" in exports of 2016 and
before (both seen in real exports). Either part may hold such a sign of its own; what the rows of
one question have in common tells where the question ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

__all__ = ["split_rows"]


def split_rows(texts: Sequence[str], sign: str) -> list[tuple[str, str]]:
    """Return question and row for each text of one question.

    Parameters
    ----------
    texts : sequence of str
        What the second row says of the columns of one question.
    sign : str
        What stands between question and row.

    Returns
    -------
    list of (str, str)
        One a text. Where the texts have nothing in common, the question is empty.

    Examples
    --------
    >>> split_rows(["How - now? - We met", "How - now? - We spoke"], " - ")
    [('How - now?', 'We met'), ('How - now?', 'We spoke')]
    >>> split_rows(["Do they listen?"], " - ")
    [('', 'Do they listen?')]
    """
    counts = Counter(stem for text in texts for stem in set(_stems(text, sign)))
    shared = {stem: count for stem, count in counts.items() if count > 1}
    return [_split(text, sign, shared) for text in texts]


def _stems(text: str, sign: str) -> list[str]:
    parts = text.split(sign)
    return [sign.join(parts[:number]) for number in range(1, len(parts))]


def _split(text: str, sign: str, shared: dict[str, int]) -> tuple[str, str]:
    # Most rows share the question; two rows that begin alike share more than that.
    stems = [stem for stem in _stems(text, sign) if stem.strip() and stem in shared]
    if not stems:
        return "", text
    stem = max(stems, key=lambda one: (shared[one], len(one)))
    return stem.strip(), text[len(stem) + len(sign) :].strip()
