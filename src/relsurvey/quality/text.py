"""The check of the answers in words, for a researcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relsurvey.quality.rules import CAUTION
from relsurvey.text import aligned, counted, remark, share, wrapped

if TYPE_CHECKING:
    from relsurvey.quality.result import QualityResult

__all__ = ["quality_text"]

MOST_ITEMS = 12


def quality_text(result: QualityResult) -> str:
    """Write what was checked, how many were flagged, which items stand out, what to do."""
    head = f"Quality of answers: {result.title}"
    who = f"{counted(result.n, 'respondent')}, {counted(len(result.items), 'item')}"
    lines = [head, who, "", *_flags(result), "", *_items(result), "", *_missing(result)]
    if result.notes:
        lines += ["", "Notes", *[line for note in result.notes for line in remark(note)]]
    if result.exclusion is not None:
        lines += ["", "Left out", *result.exclusion.summary().splitlines()]
    return "\n".join([*lines, "", *_next(result)])


def _flags(result: QualityResult) -> list[str]:
    rows = [
        {
            "rule": str(row["rule"]),
            "flagged": f"{row['n_flagged']:,}" if row["judged"] else "not judged",
            "threshold": f"{row['threshold']:g}",
            "flagged where (source)": (
                f"{row['looks_at']} ({row['source']})" if row["judged"] else str(row["note"])
            ),
        }
        for row in result.rules.to_dict(orient="records")
    ]
    total = wrapped(
        f"{counted(len(result.flags), 'flag')} on {counted(result.n_flagged, 'respondent')}"
        + (f" ({share(result.n_flagged / result.n)})" if result.n else "")
        + ("; nobody was left out for it." if result.exclusion is None else ".")
    )
    return ["Flags", *aligned(rows, left=["rule", "flagged where (source)"]), *total]


def _items(result: QualityResult) -> list[str]:
    missed = {one.about for one in result.readings if one.verdict == "not met"}
    found = result.items[result.items["item"].isin(missed)]
    lines = wrapped(
        f"Items: {len(found)} of {len(result.items)} miss a criterion (at most 10 % missing: "
        "usage in reports on service experience; at most 15 % at either end: Terwee et al. 2007, "
        "asked there of scores, here of each item)"
    )
    worst = found.assign(
        most=found[["missing_share", "floor", "ceiling"]].max(axis=1, skipna=True)
    ).sort_values("most", ascending=False, kind="stable")
    rows = [
        {
            "item": str(row["item"]),
            "missing": share(row["missing_share"]),
            "lowest": share(row["floor"]),
            "highest": share(row["ceiling"]),
            "about": str(row["note"] or row["gist"]),
        }
        for row in worst.head(MOST_ITEMS).to_dict(orient="records")
    ]
    lines += aligned(rows, left=["item", "about"])
    if len(found) > MOST_ITEMS:
        lines.append(f"... and {len(found) - MOST_ITEMS} more")
    odd = result.items[(result.items["note"] != "") & ~result.items["item"].isin(missed)]
    if len(odd) and len(odd) < len(result.items):
        lines += [f"{row.item}: {row.note}" for row in odd.itertuples()]
    return lines


def _missing(result: QualityResult) -> list[str]:
    lines: list[str] = []
    for line in result.missing.summary().splitlines():
        lines += wrapped(line) if len(line) > 88 and not line.startswith(" ") else [line]
    return lines


def _next(result: QualityResult) -> list[str]:
    todo = ["What to do next"]
    if result.n_flagged:
        todo += remark("Look at the flagged rows in the file (--out writes them, .flags has them).")
        todo += remark(CAUTION)
        todo += remark(
            "Nothing is dropped unless rules are named: exclude=[...] in Python, "
            "quality: in a study file, which then gives the association with and without."
        )
    else:
        todo += remark("Nobody is flagged. That answers were given with care is not shown by it.")
    return todo
