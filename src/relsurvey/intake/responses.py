"""What came back: answers as codes, why a cell has none, and who answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from relsurvey.instruments import Instrument
from relsurvey.intake.log import IntakeLog
from relsurvey.results import Result

__all__ = ["Responses"]


@dataclass(frozen=True, eq=False)
class Responses(Result):
    """The answers of one export file, as they were given: nothing is reversed.

    Attributes
    ----------
    items : pandas.DataFrame of float64, shape (n_rows, n_items)
        Codes, one column an item in the instrument's order; NaN where there is no answer.
    reasons : pandas.DataFrame of object, same shape
        Why a cell has no answer: ``"unanswered"``, ``"not_applicable"``, ``"not_shown"``,
        ``"dont_know"`` or ``"prefer_not"``; ``None`` where there is one.
    meta : pandas.DataFrame
        Text columns ``respondent_id`` (the number of the row among the answers where no id
        column was named), ``worker_id``, ``team`` and ``wave`` (only those that were asked
        for; missing where the cell is blank), and ``row``, the row in the file as a
        spreadsheet counts it.
    context : pandas.DataFrame
        Text of the context questions and unscored items that the file has; missing where
        blank.
    instrument : Instrument
        What was answered.
    path : pathlib.Path
        The file.
    log : IntakeLog
        What was read, dropped and recoded, and why.
    """

    items: pd.DataFrame
    reasons: pd.DataFrame
    meta: pd.DataFrame
    context: pd.DataFrame
    instrument: Instrument
    path: Path
    log: IntakeLog

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.items)

    def to_frame(self) -> pd.DataFrame:
        """Return meta and items side by side, ready to be scored again.

        Returns
        -------
        pandas.DataFrame
            "Does not apply" stands as the instrument's first code for it where that is a
            number, otherwise as NaN like every cell without an answer.
        """
        items = self.items
        code = self._not_applicable_code()
        if code is not None:
            items = items.mask(self.reasons == "not_applicable", code)
        return pd.concat([self.meta, items], axis="columns")

    def _not_applicable_code(self) -> float | None:
        for special in self.instrument.response_scale.not_applicable:
            try:
                return float(special.code)
            except ValueError:
                continue
        return None

    def summary(self) -> str:
        """Return what was read, as a text for people."""
        reasons = self.reasons.to_numpy()
        answered = int(self.items.notna().to_numpy().sum())
        lines = [
            f"{self.instrument.short_title} ({self.instrument.id} {self.instrument.version})",
            f"{self.n:,} rows of {self.items.shape[1]} items from {self.path.name}",
            f"{answered:,} of {self.items.size:,} cells answered",
        ]
        for reason in ("unanswered", "not_applicable", "not_shown", "dont_know", "prefer_not"):
            count = int(np.count_nonzero(reasons == reason))
            if count:
                lines.append(f"{count:,} {reason.replace('_', ' ')}")
        return "\n".join([*lines, "", self.log.summary()])
