"""Leaving respondents out by named rules: who is kept, and how many went for which reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.intake import LogEntry, Responses
from relsurvey.results import Drawn
from relsurvey.text import aligned, and_list, counted, wrapped

__all__ = ["Exclusion", "excluded"]


@dataclass(frozen=True, eq=False)
class Exclusion(Drawn):
    """Who was left out, by which rule.

    Attributes
    ----------
    data : Responses, or a frame of the kind that came in
        Without those who were left out. The log of responses has an entry on it.
    rules : tuple of str
        That were named.
    counts : pandas.DataFrame
        One row a rule: ``rule``, ``n_flagged`` (all it flags) and ``n_excluded`` (those whom no
        rule before it had left out), which adds up to ``n_excluded``.
    n_before, n_excluded : int
        Respondents before, and those left out.
    kept : ndarray of bool, shape (n_before,)
        Who was kept.
    """

    _figure: ClassVar[str] = "plot_exclusion"

    data: Any
    rules: tuple[str, ...]
    counts: pd.DataFrame
    n_before: int
    n_excluded: int
    kept: npt.NDArray[np.bool_]

    @property
    def n_kept(self) -> int:
        """Respondents that are left."""
        return self.n_before - self.n_excluded

    def to_frame(self) -> pd.DataFrame:
        """Return the counts, one row a rule."""
        return self.counts.copy()

    def to_dict(self) -> dict[str, Any]:
        """Return the counts, ready for ``json.dumps``; never rows of persons."""
        return {
            "rules": list(self.rules),
            "n_before": self.n_before,
            "n_excluded": self.n_excluded,
            "counts": self.counts.to_dict(orient="records"),
        }

    def summary(self) -> str:
        """Return how many were left out, and why."""
        rows = [
            {
                "rule": str(row["rule"]),
                "flagged": f"{row['n_flagged']:,}",
                "left out": f"{row['n_excluded']:,}",
            }
            for row in self.counts.to_dict(orient="records")
        ]
        first = (
            f"{self.n_excluded:,} of {counted(self.n_before, 'respondent')} left out; each is "
            "counted under the first rule in the list that applies."
        )
        return "\n".join([*wrapped(first), *aligned(rows, left=["rule"])])


def excluded(
    data: Any, rules: tuple[str, ...], flagged: dict[str, npt.NDArray[np.bool_]], n: int
) -> Exclusion:
    """Leave out whomever one of the rules flags.

    Parameters
    ----------
    data : Responses or frame
        All n respondents.
    rules : tuple of str
        In the order in which they count.
    flagged : dict of str to ndarray of bool
        By rule.
    n : int
        Number of respondents.
    """
    gone = np.zeros(n, dtype=bool)
    counts = []
    for rule in rules:
        new = flagged[rule] & ~gone
        gone |= flagged[rule]
        row = {
            "rule": rule,
            "n_flagged": int(flagged[rule].sum()),
            "n_excluded": int(new.sum()),
        }
        counts.append(row)
    table = pd.DataFrame(counts, columns=["rule", "n_flagged", "n_excluded"])
    kept = ~gone
    left = _without(data, kept, table) if gone.any() else data
    return Exclusion(left, rules, table, n, int(gone.sum()), kept)


def _without(data: Any, kept: npt.NDArray[np.bool_], counts: pd.DataFrame) -> Any:
    if isinstance(data, Responses):
        return data.kept(kept, _entry(kept, counts))
    frame = nw.from_native(data)
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    left = eager.filter(kept.tolist())
    was_lazy = isinstance(frame, nw.LazyFrame)
    return left.lazy().to_native() if was_lazy else left.to_native()


def _entry(kept: npt.NDArray[np.bool_], counts: pd.DataFrame) -> LogEntry:
    some = counts[counts["n_excluded"] > 0]
    parts = [f"{n:,} by {rule}" for rule, n in zip(some["rule"], some["n_excluded"], strict=True)]
    gone = int((~kept).sum())
    return LogEntry(
        "quality",
        "",
        gone,
        f"{counted(gone, 'respondent')} left out: {and_list(parts)}.",
        "These rules were named to be excluded.",
    )
