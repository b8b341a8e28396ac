"""What came back: answers as codes, why a cell has none, and who answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.instruments import Instrument
from relsurvey.intake.log import IntakeLog
from relsurvey.results import Result

__all__ = ["Responses"]


@dataclass(frozen=True, eq=False)
class Responses(Result):
    """The answers of one export file, as they were given: nothing is reversed.

    All frames have the rows of the file that hold answers, in order, under the same index 0, 1,
    2 and so on.

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
        for; missing where the cell is blank).
    context : pandas.DataFrame
        Text of the context questions and unscored items that the file has; missing where
        blank.
    instrument : Instrument
        What was answered.
    path : pathlib.Path
        The file.
    rows : numpy.ndarray of int, shape (n_rows,)
        The row in the file as a spreadsheet counts: the heading is row 1.
    digest : str
        SHA-256 of the file.
    log : IntakeLog
        What was read, dropped and recoded, and why.
    """

    items: pd.DataFrame
    reasons: pd.DataFrame
    meta: pd.DataFrame
    context: pd.DataFrame
    instrument: Instrument
    path: Path
    rows: npt.NDArray[np.int64]
    digest: str
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
            "Does not apply" stands as the instrument's first number for it; where it has none
            (the code is a text such as "NA"), as infinity, which nobody can take for an answer.
            Every other cell without an answer is NaN.
        """
        items = self.items
        codes = self.instrument.response_scale.not_applicable_numbers
        if codes:
            items = items.mask(self.reasons == "not_applicable", codes[0])
        return pd.concat([self.meta, items], axis="columns")

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
