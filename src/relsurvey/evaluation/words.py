"""What the units of a column of ids are called in a sentence."""

from __future__ import annotations

__all__ = ["noun", "several", "some"]

NOUNS = {
    "team": "team", "team_id": "team", "worker": "worker", "worker_id": "worker",
    "person": "person", "person_id": "person",
}  # fmt: skip


def several(column: str) -> str:
    """Name the units of a column, many of them.

    Examples
    --------
    >>> several("worker_id"), several("pid")
    ('workers', 'units of pid')
    """
    return f"{NOUNS[column]}s" if column in NOUNS else f"units of {column}"


def noun(count: int, column: str) -> str:
    """Name the units of a column: one, or many.

    Examples
    --------
    >>> noun(1, "team_id"), noun(2, "team_id"), noun(1, "pid")
    ('team', 'teams', 'unit of pid')
    """
    return several(column) if count != 1 else NOUNS.get(column, f"unit of {column}")


def some(count: int, column: str) -> str:
    """Count the units of a column.

    Examples
    --------
    >>> some(1, "team"), some(1200, "pid")
    ('1 team', '1,200 units of pid')
    """
    return f"{count:,} {noun(count, column)}"
