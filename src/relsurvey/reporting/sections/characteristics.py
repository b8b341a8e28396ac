"""Who answered, by what they said of themselves; all of them and those in the main analysis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from relsurvey.reporting.characteristics import Characteristic, characteristics_of, in_analysis
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.disclosure.audit import bounds
from relsurvey.reporting.disclosure.tables import Suppressed, knowledge, suppressed
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import number, percent
from relsurvey.reporting.plain import plain
from relsurvey.views import Block, Paragraph, Section, Table

__all__ = ["WITHHELD", "characteristics_section", "question_rows"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Row = tuple[str, ...]

WITHHELD = "withheld"
FEWEST_POSSIBLE = 3  # numbers of people that a rounded total must go on to allow


def characteristics_section(material: Material) -> Section | None:
    """Count the answers to context questions; no section where neither survey has any."""
    found = [(one, characteristics_of(one.survey)) for one in material.surveys]
    blocks: list[Block] = []
    for one, characteristics in found:
        if characteristics and one.withheld:
            blocks.append(
                Paragraph(
                    f"Who the {one.people} are is not shown: {one.withheld}, so that it would "
                    "tell of single workers."
                )
            )
        elif characteristics:
            blocks.append(_table(material, one, characteristics))
    return Section("characteristics", "Who they are", tuple(blocks)) if blocks else None


def _table(
    material: Material, one: SurveyMaterial, characteristics: tuple[Characteristic, ...]
) -> Table:
    rules, n = material.rules, one.survey.responses.n
    used = _apart(material, one)
    who = np.zeros(n, dtype=bool) if used is None else used
    totals = [n] if used is None else [n, int(who.sum())]
    possible = [_could_be(total, rules, one.role) for total in totals]
    rows: list[Row] = []
    if not rules.rounds(one.role):
        rows.append(("All", *(rules.count(total, one.role) for total in totals)))
    for characteristic in characteristics:
        rows += question_rows(characteristic, who, rules, one.role, possible)
    return Table(
        id=f"table-characteristics-{one.role.replace('_', '-')}",
        caption=f"Who the {one.people} are who answered {plain(one.survey.instrument.short_title)}",
        columns=("Characteristic", "All", *(["In the main analysis"] if used is not None else [])),
        rows=tuple(rows),
        notes=tuple(_notes(rules, one.role, rows, apart=used is not None)),
    )


def _notes(rules: Disclosure, role: str, rows: Sequence[Row], *, apart: bool) -> Iterator[str]:
    withheld = any(WITHHELD in cell for row in rows for cell in row[1:])
    yield (
        "Numbers of people, and their share of all in the column, made from the numbers shown. "
        "SD: standard deviation."
    )
    if rules.rounds(role):
        yield (
            "Numbers are rounded one by one, and the total of a question is the sum of those shown "
            "below it, so that totals may differ a little from each other and from the number who "
            "answered"
            + (
                "; where an answer is withheld, the total is rounded by itself."
                if withheld
                else "."
            )
        )
    if withheld:
        yield (
            f"“{WITHHELD}” stands where {rules.few} people gave an answer, and where the number "
            "would give another one away; that none of them can be worked out was checked by "
            "solving the sums of the table."
        )
    if not apart:
        yield (
            "Those in the main analysis are not counted apart: nobody else answered, or the others "
            "are so few, or of so few workers, that the difference would tell of them, or the "
            "analysis is withheld."
        )


def _apart(material: Material, one: SurveyMaterial) -> Bools | None:
    """Say who is in the main analysis, where they can be told apart from all who answered."""
    if not material.tells(material.study.primary):
        return None
    used = in_analysis(material.study, one.survey)
    if used is None or material.few_apart(one, ~used):
        return None
    return used


def question_rows(
    asked: Characteristic,
    used: Bools,
    rules: Disclosure,
    role: str,
    possible: list[range],
) -> list[Row]:
    """Write the rows of one question.

    Parameters
    ----------
    asked : Characteristic
        The question and the answers.
    used : numpy.ndarray of bool, shape (n,)
        Who is in the main analysis.
    rules : Disclosure
        What may be shown.
    role : str
        Whose answers they are.
    possible : list of range
        How many people there can be in each column, from what is shown already: of all, and, if
        there is such a column, of the main analysis. Narrowed by what this question tells.

    Returns
    -------
    list of tuple of str
        One row a category, and one with mean and SD for a number.
    """
    counts = asked.counts(used)
    table = suppressed(counts if possible[1:] else counts.sum(axis=1, keepdims=True), rules, role)
    table = _telling_no_total(table, rules, role, possible)
    columns = [(counts.sum(axis=1), table.hidden_totals), (counts[:, 0], table.hidden[:, 0])]
    columns = columns[: len(possible)]
    totals = [_total(*column, rules, role) for column in columns]
    rows: list[Row] = []
    if rules.rounds(role):
        rows.append((f"{asked.title}: all", *(number(total, 0) for total in totals)))
    for i, name in enumerate(asked.categories):
        cells = (
            WITHHELD if hidden[i] else _cell(rules.shown(int(people[i]), role), total)
            for (people, hidden), total in zip(columns, totals, strict=True)
        )
        rows.append((f"{asked.title}: {name}", *cells))
    if asked.values is not None:
        everybody = np.ones(len(used), dtype=bool)
        groups = [everybody, used][: len(possible)]
        rows.append(
            (
                f"{asked.title}: mean (SD)",
                *(_moments(asked.values, group, rules) for group in groups),
            )
        )
    return rows


def _telling_no_total(
    table: Suppressed, rules: Disclosure, role: str, possible: list[range]
) -> Suppressed:
    """Hide all of a question whose rounded counts, with the others', tell how many there are."""
    if not rules.rounds(role):
        return table
    known, places = knowledge(table, rules, role), np.arange(table.counts.size)
    sums = [places, places.reshape(table.counts.shape)[:, 0]][: len(possible)]
    narrowed = []
    for before, parts in zip(possible, sums, strict=True):
        least, most = bounds(table.counts.size, known, parts.tolist())
        narrowed.append(range(max(before.start, int(least)), min(before.stop, int(most) + 1)))
    if any(len(one) < min(FEWEST_POSSIBLE, rules.base) for one in narrowed):
        return Suppressed(
            table.counts,
            np.ones_like(table.hidden),
            np.ones_like(table.hidden_totals),
        )
    possible[:] = narrowed
    return table


def _could_be(total: int, rules: Disclosure, role: str) -> range:
    return rules.could_be(rules.shown(total, role), role)


def _total(people: Counts, hidden: Bools, rules: Disclosure, role: str) -> int:
    """Return a question's total: the sum of what is shown, or rounded where a part is withheld."""
    if hidden.any():
        return rules.shown(int(people.sum()), role)
    return rules.shown_total(people.tolist(), role)


def _cell(shown: int, of: int) -> str:
    """Write a number of people and its share, made from the numbers shown."""
    return f"{number(shown, 0)} ({percent(min(shown / of, 1.0))})" if of else number(shown, 0)


def _moments(values: Floats, group: Bools, rules: Disclosure) -> str:
    """Write mean and SD with one decimal; not where they, or all less these, are of few people."""
    there = ~np.isnan(values)
    own, rest = values[there & group], int((there & ~group).sum())
    if not rules.allows(len(own)) or 0 < rest < rules.threshold:
        return WITHHELD
    spread = float(own.std(ddof=1))
    # Where all say the same, mean and SD are everybody's own answer.
    return f"{number(float(own.mean()), 1)} ({number(spread, 1)})" if spread > 0 else WITHHELD
