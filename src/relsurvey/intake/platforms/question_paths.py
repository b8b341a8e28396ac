"""Questions named by the path of the groups they stand in, as XLSForm tools export them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from relsurvey.intake.export import ExportColumn
from relsurvey.intake.fold import trimmed

__all__ = ["QuestionPaths"]

_NAME = r"[A-Za-z_]\w*"
# A heading without spaces is a path of names; labels of one word do no harm as one.
_PATH = re.compile(r"[\w.\-/]+")


class QuestionPaths:
    """The headings of one export, and how their paths are written.

    Parameters
    ----------
    headings : sequence of str
        Those of the questions, without the platform's own.
    dashes : bool
        Whether groups are set apart with dashes, as ODK Central does.

    Examples
    --------
    >>> paths = QuestionPaths(["grid/SEC1", "why", "why/money"], dashes=False)
    >>> paths.column("grid/SEC1").code, paths.column("why/money").code
    ('SEC1', '')
    """

    def __init__(self, headings: Sequence[str], *, dashes: bool) -> None:
        self._all = {trimmed(heading) for heading in headings}
        self._sign = self._separator(dashes=dashes)
        self._under = Counter(
            prefix for heading in self._all for prefix, _ in self._splits(heading)
        )

    def _separator(self, *, dashes: bool) -> str:
        """Return what stands between groups; names may hold dots and dashes themselves."""
        if dashes:
            return "-"
        if any("/" in heading for heading in self._all):
            return "/"
        for sign in (".", "-"):
            path = re.compile(rf"{_NAME}(?:\{sign}{_NAME})+")
            if any(path.fullmatch(heading) for heading in self._all):
                return sign
        return "/"

    def _splits(self, heading: str) -> Iterator[tuple[str, str]]:
        """Yield the ways to take a path apart, the longest first part first."""
        place = heading.rfind(self._sign)
        while place > 0:
            yield trimmed(heading[:place]), trimmed(heading[place + 1 :])
            place = heading.rfind(self._sign, 0, place)

    def column(self, heading: str) -> ExportColumn:
        """Return what a heading says of its column."""
        bare = trimmed(heading)
        question, choice = self._choice(bare)
        if choice:
            last = self._last(question)
            return ExportColumn(heading, ids=(f"{last}/{choice}",), stem=question, text=choice)
        if _PATH.fullmatch(bare):
            return ExportColumn(heading, code=self._last(bare))
        # A label may hold the sign as well ("he/she"): a group has more than one question, and
        # more than those of its questions that begin alike.
        groups = [part for part in self._splits(bare) if self._under[part[0]] > 1]
        stem, text = max(groups, key=lambda part: self._under[part[0]], default=("", bare))
        return ExportColumn(heading, stem=stem.rpartition(self._sign)[2], text=text)

    def _choice(self, heading: str) -> tuple[str, str]:
        """Return question and choice, where the heading is one choice of several."""
        question, _, choice = heading.rpartition("/")
        if question in self._all:
            return question, choice
        split = next(self._splits(heading), ("", ""))
        return split if split[0] in self._all else ("", "")

    def _last(self, path: str) -> str:
        return path.rpartition(self._sign)[2]
