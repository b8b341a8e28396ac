"""Where an export and a survey definition say different things of one column.

Data keep the words under which they were collected. A definition of another version may have the
same ids and the same question above a matrix, and rows in another order: labels and items taken
from it would be those of other rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from relsurvey.instruments import fold_label
from relsurvey.intake.platforms.qualtrics.alike import bare, wordings_of
from relsurvey.intake.platforms.qualtrics.columns import CHOSEN
from relsurvey.intake.platforms.qualtrics.definition import Match
from relsurvey.intake.platforms.qualtrics.headings import HeadingRows
from relsurvey.intake.platforms.qualtrics.questions import plain_text

__all__ = ["fault_of", "fits", "is_other_question", "is_other_row", "may_be_cut"]

# Text that is put in when the survey is taken; an export shows another name for it.
_PIPED = re.compile(r"\$\{[^{}]*\}")
# What an export writes behind the text of a question or a row.
_ADDED = ("Selected Choice", "Text")
_DOTS = ("...", "\N{HORIZONTAL ELLIPSIS}")
# Labels in SPSS files have a largest length, and end there without a sign.
_LONG_LABEL = 100


def may_be_cut(said: str, *, label: bool) -> bool:
    """Say whether a text may lack its end: it ends in dots, or is the long label of SPSS.

    Examples
    --------
    >>> may_be_cut("I could reach my wor...", label=False), may_be_cut("I felt safe.", label=True)
    (True, False)
    """
    return said.rstrip().endswith(_DOTS) or (label and len(said) >= _LONG_LABEL)


def fits(said: str, wordings: Iterable[str], sign: str, *, cut: bool = False) -> bool:
    """Say whether a heading ends with one of the wordings, from a sign between parts on.

    Parameters
    ----------
    said : str
        What the export says of the column: the question, and mostly the row.
    wordings : iterable of str
        What the definition may call the row: its text, translations.
    sign : str
        What stands between question and row.
    cut : bool
        Whether the heading may lack its end.

    Returns
    -------
    bool
        ``True`` as well where no wording has anything to compare.

    Examples
    --------
    >>> fits("How often? - I felt safe.", ["I felt <b>safe</b>."], " - ")
    True
    >>> fits("How often? - They said I felt safe.", ["I felt safe."], " - ")
    False
    >>> fits("How often? - I saw [Field-Name] today", ["I saw ${e://Field/Name} today"], " - ")
    True
    """
    told = [one for one in map(_pieces, wordings) if any(one)]
    if not told:
        return True
    ends = _ends(said, sign)
    if cut and any(_begins(end, pieces) for end in ends for pieces in told):
        return True
    patterns = [re.compile(".*".join(map(re.escape, pieces))) for pieces in told]
    return any(pattern.fullmatch(end) for pattern in patterns for end in ends)


def _begins(end: str, pieces: Sequence[str]) -> bool:
    first = pieces[0]
    return bool(end) and (first.startswith(end) or (len(pieces) > 1 and end.startswith(first)))


def _ends(said: str, sign: str) -> list[str]:
    """Return the heading from each sign on, longest first; with and without what is added."""
    parts = plain_text(plain_text(said)).split(sign)
    wholes = [parts]
    while len(wholes[-1]) > 1 and wholes[-1][-1] in _ADDED:
        wholes.append(wholes[-1][:-1])
    return [_folded(sign.join(one[place:])) for one in wholes for place in range(len(one))]


@lru_cache(maxsize=4096)
def _pieces(wording: str) -> tuple[str, ...]:
    """Return what stands between texts that are put in, folded."""
    return tuple(_folded(piece) for piece in _PIPED.split(plain_text(plain_text(wording))))


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, fold_label(text)))


def is_other_row(
    said: str, rows: HeadingRows, match: Match, others: Sequence[Match], *, is_whole: bool
) -> bool:
    """Say whether a heading is that of another row, or of none that the definition knows."""
    # Without heading rows below the first, texts are the labels of an SPSS file.
    cut = may_be_cut(said, label=not rows.count)
    if not said or fits(said, (match.text, *match.also), rows.sign, cut=cut):
        return False
    if any(fits(said, (one.text, *one.also), rows.sign) for one in others if bare(one.text)):
        return True
    # A matrix says question and row wherever it has both.
    return bool(match.choices) and is_whole and rows.sign in said and not cut


def is_other_question(said: str, others: Sequence[Match]) -> bool:
    """Say whether a heading is one of these questions, word for word."""
    text = bare(said.removesuffix(CHOSEN))
    return bool(text) and any(text == wording for one in others for wording in wordings_of(one))


def fault_of(name: str, said: str, match: Match) -> dict[str, str]:
    """Return what file and definition say of a column, for a message."""
    return {"column": name, "in the file": said, "in the .qsf": plain_text(match.text)}
