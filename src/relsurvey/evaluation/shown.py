"""What may be shown: one rule for means, changes, lines, totals, texts and the figure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from relsurvey.evaluation.model import DIFFERENCE, EVERYONE, OTHERS, TRAINED
from relsurvey.evaluation.rows import ChangeRows
from relsurvey.evaluation.words import several

__all__ = ["Shown", "what_is_shown"]

FEWEST_TEAMS = 2
KEYS = ("wave", "who", "kind", "check", "reading", "unit", "expected", "note")


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Which cells (a wave of everyone, of the trained, or of the others) may be shown.

    Attributes
    ----------
    reasons : mapping
        By wave and who: why the cell is withheld; "" where it is shown.
    counts : mapping
        By wave and who: how many people are in the cell.
    baseline, last : str
        The waves.
    """

    reasons: Mapping[tuple[str, str], str]
    counts: Mapping[tuple[str, str], int]
    baseline: str
    last: str

    def reason(self, who: str, waves: Iterable[str] | None = None) -> str:
        """Return why numbers of these waves (all, if not given) are withheld, "" if they are not.

        A difference of trained and others is withheld with either: with the one that is shown
        it would give the other.
        """
        arms = (TRAINED, OTHERS) if who == DIFFERENCE else (who,)
        within = {wave for wave, _ in self.reasons} if waves is None else set(waves)
        found = [why for (wave, arm), why in self.reasons.items() if arm in arms and wave in within]
        return " or ".join(dict.fromkeys(why for why in found if why))

    @property
    def totals(self) -> bool:
        """Whether totals are shown: only where no cell is withheld, which they would give away."""
        return not any(self.reasons.values())

    @property
    def whole_reason(self) -> str:
        """Why totals are withheld; "" where they are shown."""
        return " or ".join(dict.fromkeys(why for why in self.reasons.values() if why))

    @property
    def headline(self) -> str:
        """Why the change to the last wave is withheld; "" where it is shown."""
        arms = dict.fromkeys(who for _, who in self.reasons)
        why = (self.reason(who, (self.baseline, self.last)) for who in arms)
        return " or ".join(dict.fromkeys(one for one in why if one))

    def changes(self, table: pd.DataFrame) -> pd.DataFrame:
        """Withhold rows of a table of changes, and say why in ``note``."""
        pairs = zip(table["wave"], table["who"], strict=True)
        return _withheld(table, [self.reason(who, (wave, self.baseline)) for wave, who in pairs])

    def lines(self, table: pd.DataFrame) -> pd.DataFrame:
        """Withhold straight lines of whom any wave is withheld."""
        if table.empty:
            return table
        return _withheld(table, [self.reason(who) for who in table["who"]])

    def whole(self, table: pd.DataFrame, why: str) -> pd.DataFrame:
        """Withhold a whole table for a reason; as it is where there is none."""
        return _withheld(table, [why] * len(table)) if why else table


def what_is_shown(rows: ChangeRows, threshold: int) -> Shown:
    """Judge every cell.

    Parameters
    ----------
    rows : ChangeRows
        The answers.
    threshold : int
        Fewest people in a cell.

    Returns
    -------
    Shown
        A cell is shown where ``threshold`` people or more are in it: workers where their column
        is named, or else persons, or else (nobody told apart) answers; and where teams were
        trained, people of two teams or more.
    """
    column = rows.group or rows.person
    people = np.arange(len(rows.y)) if column is None else rows.levels[column]
    word = "answers" if column is None else several(column)
    teams = rows.levels[rows.team] if rows.team and rows.trained is not None else None
    reasons, counts = {}, {}
    for place, label in enumerate(rows.waves.labels):
        for who in (EVERYONE,) if rows.trained is None else (TRAINED, OTHERS):
            here = rows.at(place)
            if rows.trained is not None:
                here = here & (rows.trained if who == TRAINED else ~rows.trained)
            counts[label, who] = len(np.unique(people[here]))
            reasons[label, who] = ""
            if counts[label, who] < threshold:
                reasons[label, who] = f"fewer than {threshold} {word}"
            elif teams is not None and len(np.unique(teams[here])) < FEWEST_TEAMS:
                reasons[label, who] = (
                    f"people of fewer than {FEWEST_TEAMS} {several(str(rows.team))}"
                )
    labels = rows.waves.labels
    return Shown(reasons, counts, labels[rows.baseline], labels[rows.last])


def _withheld(table: pd.DataFrame, why: list[str]) -> pd.DataFrame:
    """Make the numbers of rows with a reason NaN."""
    hidden = np.array([bool(one) for one in why])
    found = table.copy()
    for name in found.columns.difference(list(KEYS)):
        found[name] = found[name].astype(np.float64).where(~hidden, math.nan)
    old = found["note"] if "note" in found else pd.Series("", index=found.index)
    found["note"] = np.where(hidden, why, old)
    return found
