"""Match the columns of an export without ids to a survey definition: by names and texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from relsurvey.errors import listed
from relsurvey.intake.platforms.qualtrics.alike import COMPARED, alike, bare, wordings_of
from relsurvey.intake.platforms.qualtrics.columns import Described
from relsurvey.intake.platforms.qualtrics.contradictions import (
    fault_of,
    is_other_question,
    is_other_row,
)
from relsurvey.intake.platforms.qualtrics.definition import (
    Match,
    columns_of,
    names_of,
    siblings_of,
    with_ids,
)
from relsurvey.intake.platforms.qualtrics.headings import HeadingRows
from relsurvey.intake.platforms.qualtrics.matched import Matched
from relsurvey.intake.platforms.qualtrics.qsf import Survey

__all__ = ["by_names"]

_HALF = 0.5
_LOOP = re.compile(r"x?\d+_")


def by_names(rows: HeadingRows, described: Described, survey: Survey) -> Matched:
    """Match columns by their names, and by the texts of row 2 where names are not enough."""
    index: defaultdict[str, list[Match]] = defaultdict(list)
    for question in survey.questions.values():
        for rest, match in columns_of(question):
            for name in names_of(question, rest):
                index[_folded(name)].append(with_ids(match, question, rest))
    asked = [
        place
        for place, column in enumerate(described.columns)
        if column.role == "answer" and column.name not in survey.fields
    ]
    columns: dict[int, Match] = {}
    contradicted: list[dict[str, str]] = []
    siblings = siblings_of(survey)
    for position in asked:
        text = bare(rows.texts[position]) if rows.texts else ""
        name = _folded(described.columns[position].name)
        candidates = index.get(name) or index.get(_LOOP.sub("", name, count=1), [])
        chosen = _chosen(candidates, text)
        if chosen is not None:
            columns[position] = chosen
        elif text and (other := _other_of(rows, position, candidates, siblings)) is not None:
            contradicted.append(
                fault_of(described.columns[position].name, rows.texts[position], other)
            )
    unknown = [described.columns[place].name for place in asked if place not in columns]
    faults = [{"column": name, "problem": "not in the .qsf"} for name in unknown]
    why = f"it lacks {len(unknown)} of the file's {len(asked)} columns ({listed(unknown, 5)})"
    # A row that says something else stands under a question that says the same.
    same = len(columns) + len(contradicted)
    belongs = bool(same) and same >= _HALF * len(asked)
    return Matched(belongs, why, faults, columns, unknown, contradicted)


def _other_of(
    rows: HeadingRows,
    position: int,
    candidates: Sequence[Match],
    siblings: Mapping[str, Sequence[Match]],
) -> Match | None:
    """Return what the definition has under the name of a column that says something else."""
    said = rows.texts[position]
    text = bare(said)
    for one in candidates:
        if one.is_box or _could_be(one, text):
            continue
        if not one.stem:
            if is_other_question(said, siblings[""]):
                return one
            continue
        asked = any(alike(text, wording) for wording in wordings_of(one))
        others = siblings[one.ids[0].partition("_")[0]]
        if asked and is_other_row(said, rows, one, others, is_whole="#" not in one.ids[0]):
            return one
    return None


def _chosen(candidates: Sequence[Match], text: str) -> Match | None:
    """Return the one candidate that says what the file says."""
    if not text:
        return candidates[0] if len({one.ids for one in candidates}) == 1 else None
    alike = {one: _likeness(one, text) for one in candidates if _could_be(one, text)}
    best = [one for one in alike if alike[one] == max(alike.values())]
    return best[0] if len({one.ids for one in best}) == 1 else None


def _could_be(one: Match, text: str) -> bool:
    """Say whether the file's text holds the question, and the row where there is one."""
    question = any(alike(text, wording) for wording in wordings_of(one))
    return question and (not one.stem or bare(one.text)[:COMPARED] in text)


def _likeness(one: Match, text: str) -> int:
    """Return how much of the question stands at the beginning, and of the row at the end."""
    start = max(_same_start(text, wording) for wording in wordings_of(one))
    row = bare(one.text) if one.stem else ""
    return start + (len(row) if text.endswith(row) else 0)


def _same_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _folded(name: str) -> str:
    return re.sub(r"\W", "_", name).casefold()
