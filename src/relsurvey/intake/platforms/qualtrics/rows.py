"""Which rows of a Qualtrics export are respondents, and which are previews, tests or spam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["FINISHED", "Sorted", "kind_of_status", "sort_rows"]

# The codes add up: 1 preview, 2 test, 4 imported, 8 spam, 16 offline, 32 employee experience;
# 9 is the preview that was taken for spam, 12 the import that was.
# (Qualtrics support, "Understanding your data set", Status.)
_BITS = ((1, "preview"), (2, "test"), (8, "spam"))

# What the labels hold. Accounts in other languages write them in theirs.
_WORDS = {
    "preview": (
        "preview",
        "vorschau",
        "aperçu",
        "vista previa",
        "vista prévia",
        "pré-visualização",
        "anteprima",
        "voorbeeld",
        "förhandsgranskning",
        "forhåndsvisning",
        "esikatselu",
        "podgląd",
        "プレビュー",
        "预览",
        "預覽",
        "미리 보기",
        "미리보기",
    ),
    "test": ("test", "prueba", "prova", "テスト", "测试", "測試", "테스트"),
    "spam": ("spam", "スパム", "垃圾", "스팸"),
}
_RESPONDENTS = (
    "ip",
    "import",
    "offline",
    "ex",
    "anonymous",
    "email",
    "gl",
    "social",
    "personal",
    "sms",
    "qr",
)

FINISHED = {
    **dict.fromkeys(
        ("1", "true", "yes", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar", "sant"),
        True,
    ),
    **dict.fromkeys(("0", "false", "no", "falsch", "faux", "falso", "onwaar", "falskt"), False),
}


def kind_of_status(text: str) -> str | None:
    """Return "preview", "test" or "spam"; "" for a respondent, ``None`` where it is not known.

    Examples
    --------
    >>> kind_of_status("1"), kind_of_status("Spam"), kind_of_status("IP Address")
    ('preview', 'spam', '')
    """
    number = text.removesuffix(".0")
    if number.isascii() and number.isdigit():
        return next((kind for bit, kind in _BITS if int(number) & bit), "")
    folded = text.casefold()
    for kind, words in _WORDS.items():
        if any(word in folded for word in words):
            return kind
    if not folded or any(folded.startswith(word) for word in _RESPONDENTS):
        return ""
    return "" if "ip" in folded.replace("-", " ").split() else None


@dataclass(frozen=True, eq=False)
class Sorted:
    """Rows that are not respondents.

    Attributes
    ----------
    marked : ndarray of bool
        Which rows are previews, tests or spam; the heading rows are counted as well.
    kept : bool
        Whether they stay, as there are no others.
    entries : list of LogEntry
        How many of which kind.
    """

    marked: NDArray[np.bool_]
    kept: bool
    entries: list[LogEntry]


def sort_rows(status: TextColumn | None, channel: TextColumn | None, skipped: int) -> Sorted | None:
    """Tell previews, tests and spam from respondents.

    Parameters
    ----------
    status, channel : TextColumn or None
        The columns Status and DistributionChannel, with the heading rows.
    skipped : int
        How many heading rows stand above the respondents.

    Returns
    -------
    Sorted or None
        ``None`` where the file has neither column.
    """
    columns = [one for one in (status, channel) if one is not None]
    if not columns:
        return None
    kinds = np.zeros(len(columns[0]), dtype=np.int8)
    names = ("", *(kind for _, kind in _BITS))
    entries: list[LogEntry] = []
    for column in columns:
        known = [kind_of_status(text) for text in column.trimmed]
        found = np.array([names.index(kind or "") for kind in known], dtype=np.int8)
        kinds = np.where(kinds == 0, found[column.codes], kinds)
        if column is status:
            entries += _unknown(column, [kind is None for kind in known], skipped)
    kinds[:skipped] = 0
    marked = kinds > 0
    kept = bool(marked.any() and marked[skipped:].all())
    counts = np.bincount(kinds, minlength=len(names)).tolist()
    if marked.any():
        entries.append(_entry(dict(zip(names[1:], counts[1:], strict=True)), kept=kept))
    return Sorted(marked, kept, entries)


def _entry(counts: dict[str, int], *, kept: bool) -> LogEntry:
    total = sum(counts.values())
    plural = {"spam": "spam"}
    parts = [
        f"{count:,} {plural.get(kind, kind if count == 1 else f'{kind}s')}"
        for kind, count in counts.items()
        if count
    ]
    if kept:
        what = (
            "Warning: there are no real respondents in this file: all its rows "
            f"({counted(total, 'row')}: {', '.join(parts)}) come from trying the survey out."
        )
        why = "They were kept, as there are no others; publish nothing of them."
    else:
        what = f"{counted(total, 'row')} left out: {', '.join(parts)}."
        why = "Status or DistributionChannel says that they are no respondents."
    return LogEntry("rows", "", total, what, why)


def _unknown(column: TextColumn, unknown: list[bool], skipped: int) -> list[LogEntry]:
    counts = np.bincount(column.codes[skipped:], minlength=len(column.texts)).tolist()
    return [
        LogEntry(
            "rows",
            "",
            count,
            f"Warning: Status {shown(text)} in {counted(count, 'row')} is not known.",
            "They were kept; leave them out of the file if they are tests.",
        )
        for text, count, strange in zip(column.trimmed, counts, unknown, strict=True)
        if strange and count
    ]
