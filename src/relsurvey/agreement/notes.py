"""What a reader of an aggregation has to know, in words; no group is named."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from relsurvey.agreement.intraclass import Estimate, OneWay
from relsurvey.agreement.nulls import FEWEST_SHAPED, MOST_SHAPED
from relsurvey.agreement.rows import Rows
from relsurvey.errors import listed
from relsurvey.moments.group_spread import GroupSpread
from relsurvey.moments.groups import GroupSums
from relsurvey.text import counted

__all__ = ["DROPPED", "INCOMPLETE", "NO_ICC", "group_notes", "notes_of"]

FEW_GROUPS = 10
NO_ICC = "No ICC:"
DROPPED = "left out for missing values"
INCOMPLETE = "without an answer to every item"


def group_notes(frame: pd.DataFrame, rows: Rows, answered: bool) -> list[str]:  # noqa: FBT001
    """Say for each group why it has no r_wg; an empty text where it has one.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``n_items_answered``.
    rows : Rows
        What was read.
    answered : bool
        Whether there are answers to compare at all.
    """
    if not answered:
        return [rows.obstacle] * len(frame)
    return [
        rows.obstacle if count > 1 else f"{_people(int(count))}: agreement needs two"
        for count in frame["n_items_answered"]
    ]


def _people(count: int) -> str:
    return f"{counted(count, 'person', 'people')} answered everything"


def _few(count: int, threshold: int) -> str:
    return f"fewer than {threshold}" if 0 < count < threshold else f"{count:,}"


def _rows(count: int, threshold: int) -> str:
    small = 0 < count < threshold
    return f"Fewer than {threshold} rows" if small else counted(count, "row")


def notes_of(
    sums: GroupSums,
    anova: OneWay,
    icc: Mapping[str, Estimate],
    groups: pd.DataFrame,
    rows: Rows,
    spread: GroupSpread | None,
    threshold: int,
) -> list[str]:
    """Return the notes of an aggregation, the gravest first."""
    notes = _on_icc(anova, icc, sums.group)
    if sums.n_groups < FEW_GROUPS and not anova.obstacle:
        notes.append(
            f"Only {counted(sums.n_groups, 'group')} of {sums.group}: how much groups differ is "
            "uncertain, as the intervals show."
        )
    if sums.n_groups < threshold:
        notes.append(
            f"Nothing is shown by group: there are fewer than {threshold} groups of {sums.group}."
        )
    if not anova.balanced and not anova.obstacle:
        notes.append(
            "Groups are of unequal size: ICC(1) depends on how the size is taken (mean, n0, REML), "
            "and the limits of the first two are approximate."
        )
    if sums.n_dropped:
        causes = listed([f"{name} {_few(n, threshold)}" for name, n in sums.missing.items()])
        few = sums.n_groups_dropped < threshold
        lost = f", and {'some' if few else f'{sums.n_groups_dropped:,}'} groups with them"
        notes.append(
            f"{_rows(sums.n_dropped, threshold)} {DROPPED} ({causes})"
            f"{lost if sums.n_groups_dropped else ''}."
        )
    return notes + _on_agreement(groups, rows, spread, threshold)


def _on_icc(anova: OneWay, icc: Mapping[str, Estimate], group: str) -> list[str]:
    if anova.obstacle:
        return [f"{NO_ICC} {anova.obstacle}."]
    notes = []
    if anova.ms_within == 0:
        notes.append(
            f"Nobody differs from others of the same {group}: ICC(1) is 1, without limits, and "
            "REML has no estimate."
        )
    if anova.ms_between == 0:
        notes.append(f"The means of all groups of {group} are the same: no ICC(2).")
    if icc["icc1"].value <= 0:
        notes.append(
            "ICC(1) is not above 0: groups differ no more than chance makes them differ. It is "
            "kept as it is; REML has 0. Means then do not tell groups apart, their reliability is "
            "0, and no number of answers is enough."
        )
    return notes


def _on_agreement(
    groups: pd.DataFrame, rows: Rows, spread: GroupSpread | None, threshold: int
) -> list[str]:
    notes = [f"No r_wg: {rows.obstacle}."] if rows.obstacle else _on_nulls(rows)
    if spread is None:
        return notes
    if spread.n_dropped and rows.several:
        notes.append(
            f"{_rows(spread.n_dropped, threshold)} {INCOMPLETE} (or without a group) left out of "
            "r_wg and the average deviation."
        )
    alone = int((groups["n_items_answered"] < 2).sum())
    if alone:
        few = f"Some groups (fewer than {threshold})"
        who = few if alone < threshold else f"{counted(alone, 'group')} of {len(groups):,}"
        notes.append(f"{who} have fewer than two people to compare: no r_wg for them.")
    if rows.codes and np.any(groups["variance"] > _uniform(rows)):
        notes.append(
            "Where people differ more than at random, r_wg is out of range and set to 0; the value "
            f"as it is stands in {'rwg_j_lindell' if rows.several else 'rwg_uncut'}."
        )
    return notes


def _uniform(rows: Rows) -> float:
    return float(np.var(rows.codes))


def _on_nulls(rows: Rows) -> list[str]:
    if FEWEST_SHAPED <= len(rows.codes) <= MOST_SHAPED:
        return []
    return [
        f"For {len(rows.codes)} answer categories no skewed, triangular or normal null is "
        f"published ({FEWEST_SHAPED} to {MOST_SHAPED} have one: LeBreton & Senter 2008). The "
        "uniform null flatters agreement where most people give the same high answers: give a "
        "null of your own beside it."
    ]
