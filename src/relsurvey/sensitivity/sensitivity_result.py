"""The result of ``check_sensitivity``: every check as rows of one table, and as a text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.results import Drawn
from relsurvey.sensitivity.check import SLOPE, Check, Version, as_rows
from relsurvey.sensitivity.slope import FEW_WORKERS, Slope
from relsurvey.text import (
    aligned,
    and_list,
    counted,
    p_value_text,
    percent,
    readable,
    remark,
    wrapped,
)

__all__ = ["SensitivityResult"]


@dataclass(frozen=True, eq=False)
class SensitivityResult(Drawn):
    """What could fool us, checked one thing after the other.

    No worker or team is named in it, and no count of people below ``threshold`` follows from it.

    Attributes
    ----------
    outcome, predictor, group : str
        The columns.
    team : str or None
        The team column, where teams are a level of the model.
    covariates : tuple of str
        As given.
    primary : Slope
        The primary slope, as ``associate`` gives it.
    checks : tuple of Check
        In order; those that were not run say what they need.
    n_slopes : int
        Slopes compared with the primary one.
    n_other_direction, n_other_verdict : int
        Those of the other sign, and those of the same sign whose interval says something else.
    sentence : str
        What the checks say together.
    confidence : float
        Coverage of intervals.
    threshold : int
        Fewest people of whom a count is shown.
    notes : tuple of str
        What a reader has to know of the primary analysis.
    """

    _figure: ClassVar[str] = "plot_sensitivity"

    outcome: str
    predictor: str
    group: str
    team: str | None
    covariates: tuple[str, ...]
    primary: Slope
    checks: tuple[Check, ...]
    n_slopes: int
    n_other_direction: int
    n_other_verdict: int
    sentence: str
    confidence: float
    threshold: int
    notes: tuple[str, ...]

    @property
    def n_contradicting(self) -> int:
        """Slopes of another sign or verdict, without those that are merely of fewer people."""
        return sum(
            version.contradicts(self.primary) for check in self.checks for version in check.versions
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number: the primary slope first, then each version of each check."""
        own = Check("primary", "What is the slope?", (Version("as planned", self.primary),))
        rows = [row for check in (own, *self.checks) for row in as_rows(check, self.primary)]
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Return the checks as a text for people."""
        adjusted = f", adjusted for {and_list(self.covariates)}" if self.covariates else ""
        lines = [
            f"What could fool us: {self.outcome} by {self.predictor}{adjusted}",
            "",
            *wrapped(self.sentence),
            "",
            *aligned(self._cells(), left=["check", "changed"]),
            "",
        ]
        for check in self.checks:
            if not check.needs:
                lines += remark(f"{check.name}: {check.sentence}", indent="", bullet="- ")
        missing = [check for check in self.checks if check.needs]
        if missing:
            lines += ["", "Not run"]
            for check in missing:
                lines += remark(f"{check.name}: {check.needs}", indent="", bullet="- ")
        for note in self.notes:
            lines += wrapped(f"Note: {note}", hanging="  ")
        return "\n".join(lines)

    def _cells(self) -> list[dict[str, str]]:
        """Return the slopes that can be compared, as cells of a table."""
        cells = [_cell("primary", self.primary, "", self.confidence)]
        for check in self.checks:
            slopes = [one for one in check.versions if one.quantity == SLOPE]
            cells += [
                _cell(f"{check.name}: {one.name}", one.found, one.changed(self.primary),
                      self.confidence)
                for one in slopes
            ]  # fmt: skip
        return cells


def _cell(label: str, found: Slope, changed: str, confidence: float) -> dict[str, str]:
    interval = "n/a"
    if not math.isnan(found.conf_low):
        interval = f"{readable(found.conf_low)} to {readable(found.conf_high)}"
    return {
        "check": label,
        "slope": "n/a" if math.isnan(found.estimate) else readable(found.estimate),
        f"{percent(confidence)} interval": interval,
        "p": p_value_text(found.p_value).removeprefix("p ").removeprefix("= ")
        if not math.isnan(found.p_value)
        else "n/a",
        "workers": _count(found.n_workers),
        "users": _count(found.n_service_users),
        "changed": changed,
    }


def _count(value: float) -> str:
    return "-" if math.isnan(value) else f"{int(value):,}"


def overall(checks: tuple[Check, ...], primary: Slope) -> dict[str, Any]:
    """Count slopes that agree with the primary one, and say so."""
    slopes = [
        one
        for check in checks
        for one in check.versions
        if one.quantity == SLOPE and not math.isnan(one.found.estimate)
    ]
    turned = [one for one in slopes if one.same_direction(primary) is False]
    other = [
        one for one in slopes if one.same_direction(primary) and one.same_verdict(primary) is False
    ]
    says = {
        "higher": "higher, the interval above zero",
        "lower": "lower, the interval below zero",
        "not shown": "no direction shown, the interval includes zero",
    }.get(primary.verdict, "not known")
    sentence = (
        f"The primary slope is {readable(primary.estimate)} ({says}). Of "
        f"{counted(len(slopes), 'other slope')}, "
        f"{len(slopes) - len(turned):,} {'has' if len(slopes) - len(turned) == 1 else 'have'} "
        f"its sign and {len(slopes) - len(turned) - len(other):,} its verdict too."
    )
    estimates = [one.found.estimate for one in slopes]
    if primary.n_workers < FEW_WORKERS:
        sentence = (
            f"The primary slope is {readable(primary.estimate)} ({says}). It rests on fewer than "
            f"{FEW_WORKERS} workers: with so few, these checks can neither support nor refute it, "
            "whether or not they agree with it."
        )
    elif estimates:
        sentence += (
            f" They lie between {readable(min(estimates))} and {readable(max(estimates))}. None "
            "of this can tell why the two go together."
        )
    return {
        "n_slopes": len(slopes), "n_other_direction": len(turned), "n_other_verdict": len(other),
        "sentence": sentence,
    }  # fmt: skip
