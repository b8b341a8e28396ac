"""The check of the answers in words, for a researcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relsurvey.criteria import missing_answers, readings_text
from relsurvey.criteria.answers import HIGHEST_AT_END
from relsurvey.intake.decoding.answer_key import REASONS
from relsurvey.quality.rules import CAUTION
from relsurvey.text import aligned, and_list, counted, remark, share, wrapped

if TYPE_CHECKING:
    from relsurvey.criteria import Reading
    from relsurvey.quality.result import QualityResult

__all__ = ["quality_text"]

MOST_ITEMS = 12
_GAPS = missing_answers("", 0.0).criterion
_REASONS = [reason for reason in REASONS if reason is not None]
WHERE = "flagged where (source), or why not judged"


def quality_text(result: QualityResult) -> str:
    """Write what was checked, how many were flagged, which items stand out, what to do."""
    head = f"Quality of answers: {result.title}"
    who = f"{counted(result.n, 'respondent')}, {counted(len(result.items), 'item')}"
    lines = [
        head,
        who,
        "",
        *_flags(result),
        "",
        *_items(result),
        *_scores(result),
        "",
        *_missing(result),
    ]
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
            WHERE: (f"{row['looks_at']} ({row['source']})" if row["judged"] else str(row["note"])),
        }
        for row in result.rules.to_dict(orient="records")
    ]
    total = wrapped(
        f"{counted(len(result.flags), 'flag')} on {counted(result.n_flagged, 'respondent')}"
        + (f" ({share(result.n_flagged / result.n)})" if result.n else "")
        + ("; nobody was left out for it." if result.exclusion is None else ".")
    )
    return ["Flags", *aligned(rows, left=["rule", WHERE]), *total]


def _items(result: QualityResult) -> list[str]:
    gaps = {one.about for one in result.readings if one.criterion == _GAPS and _missed(one)}
    ends = result.items[["floor", "ceiling"]].max(axis=1, skipna=True)
    found = result.items[result.items["item"].isin(gaps) | (ends > HIGHEST_AT_END)]
    lines = wrapped(
        f"Items: {len(gaps)} of {len(result.items)} with more than 10 % missing (of those asked; "
        "'does not apply' is an answer). Beside them those with more than 15 % at one end: a "
        "skewed item is no fault, the criterion of Terwee et al. 2007 is about scores"
    )
    worst = found.assign(gap=found["item"].isin(gaps), end=ends[found.index]).sort_values(
        ["gap", "end"], ascending=False, kind="stable"
    )
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
    odd = result.items[(result.items["note"] != "") & ~result.items["item"].isin(found["item"])]
    if len(odd) and len(odd) < len(result.items):
        lines += [f"{row.item}: {row.note}" for row in odd.itertuples()]
    return lines


def _missed(reading: Reading) -> bool:
    return reading.verdict == "not met"


def _scores(result: QualityResult) -> list[str]:
    """Write the ends of the scales, on which there is a criterion."""
    ends = [one for one in result.readings if one.criterion != _GAPS]
    return ["", *readings_text(ends)] if ends else []


def _missing(result: QualityResult) -> list[str]:
    lines = _reasons(result)
    for line in result.missing.summary().splitlines():
        lines += wrapped(line) if len(line) > 88 and not line.startswith(" ") else [line]
    return lines


def _reasons(result: QualityResult) -> list[str]:
    """Say why cells hold no answer, those that hold something else too."""
    there = [name for name in _REASONS if name in result.items]
    counts = {name: int(result.items[name].sum()) for name in there}
    told = [f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    return wrapped(f"Cells without an answer: {and_list(told)}.") if told else []


def _next(result: QualityResult) -> list[str]:
    todo = ["What to do next"]
    if result.n_flagged:
        todo += remark(
            "Look at the flagged rows in the file: the command writes them to --out, in Python "
            "they are in .flags."
        )
        todo += remark(CAUTION)
        todo += remark(
            "Nothing is dropped unless rules are named: exclude=[...] in Python, "
            "quality: in a study file, which then gives the association with and without."
        )
    else:
        todo += remark("Nobody is flagged. That answers were given with care is not shown by it.")
    return todo
