"""What the log says of blank cells, where a platform leaves open why a cell is blank."""

from __future__ import annotations

from relsurvey.intake.log import LogEntry

__all__ = ["blanks_left_open"]


def blanks_left_open(platform: str, more: str = "") -> LogEntry:
    """Return the entry for platforms that write "unanswered" and "not shown" alike.

    Nothing is counted: to look at every cell of columns that nobody asks for would cost more
    than the number is worth.

    Parameters
    ----------
    platform : str
        As its users call it.
    more : str
        How the sentence on the platform goes on, without its full stop.

    Returns
    -------
    LogEntry
        About the whole file.

    Examples
    --------
    >>> blanks_left_open("Microsoft Forms").why
    'Microsoft Forms does not tell them apart.'
    """
    return LogEntry(
        "answers",
        "",
        0,
        "A blank cell is read as unanswered; it may also be a question that was not shown.",
        f"{platform} does not tell them apart{more}.",
    )
