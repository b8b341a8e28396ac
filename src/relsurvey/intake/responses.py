"""What came back: answers as codes, why a cell has none, and who answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.instruments import Instrument
from relsurvey.intake.decoding.answer_key import REASONS, SPOKEN
from relsurvey.intake.export import RECORDS
from relsurvey.intake.log import IntakeLog, LogEntry
from relsurvey.results import Drawn

__all__ = ["Responses"]


@dataclass(frozen=True, eq=False)
class Responses(Drawn):
    """The answers of one export file, as they were given: nothing is reversed.

    All frames have the rows of the file that hold answers, in order, under the same index 0, 1,
    2 and so on.

    Attributes
    ----------
    items : pandas.DataFrame of float64, shape (n_rows, n_items)
        Codes, one column an item in the instrument's order; NaN where there is no answer.
    reason_codes : numpy.ndarray of int8, same shape
        Why a cell has no answer, as a position in ``REASONS``; 0 where there is one.
    reasons : pandas.DataFrame of object, same shape
        The same as texts: ``"unanswered"``, ``"not_applicable"``, ``"not_shown"``,
        ``"dont_know"``, ``"prefer_not"``; and, only where it was asked for, ``"out_of_scale"``
        or ``"unreadable"``. ``None`` where there is an answer.
    meta : pandas.DataFrame
        Text columns ``respondent_id`` (the number of the row among the answers where no id
        column was named and the platform has no id of its own), ``worker_id``, ``team`` and
        ``wave`` (only those that were asked for; missing where the cell is blank). Then what
        the platform records, as far as it does: ``started``, ``submitted`` (times, NaT where
        unknown), ``finished``, ``preview`` (boolean), ``duration`` (seconds), ``progress``
        (percent), ``language``.
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
    platform : str
        The platform it was read as; "csv" for a plain table.
    log : IntakeLog
        What was read, dropped and recoded, and why.
    """

    _figure: ClassVar[str] = "plot_responses"

    items: pd.DataFrame
    reason_codes: npt.NDArray[np.int8]
    meta: pd.DataFrame
    context: pd.DataFrame
    instrument: Instrument
    path: Path
    rows: npt.NDArray[np.int64]
    digest: str
    platform: str
    log: IntakeLog

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """Why a cell has no answer, as texts; ``None`` where there is one."""
        words = np.array(REASONS, dtype=object)[self.reason_codes]
        return pd.DataFrame(words, self.items.index, self.items.columns, dtype=object, copy=False)

    @property
    def not_applicable(self) -> npt.NDArray[np.bool_]:
        """Which cells hold "does not apply", shape (n_rows, n_items)."""
        return np.equal(self.reason_codes, REASONS.index("not_applicable"))

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.items)

    @property
    def ids(self) -> pd.DataFrame:
        """The columns of ``meta`` that say who answered, when, and about whom."""
        return self.meta[[name for name in self.meta if name not in RECORDS]]

    def kept(self, who: npt.NDArray[np.bool_], entry: LogEntry) -> Responses:
        """Return the responses of some of the rows, with an entry in the log that says why.

        Parameters
        ----------
        who : ndarray of bool, shape (n,)
            The rows to keep.
        entry : LogEntry
            What was left out, and why.
        """
        frames = {
            name: getattr(self, name)[who].reset_index(drop=True)
            for name in ("items", "meta", "context")
        }
        return replace(
            self,
            **frames,
            reason_codes=self.reason_codes[who],
            rows=self.rows[who],
            log=IntakeLog((*self.log.entries, entry)),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return ids and items side by side, ready to be scored again.

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
            items = items.mask(self.not_applicable, codes[0])
        return pd.concat([self.ids, items], axis="columns")

    def summary(self) -> str:
        """Return what was read, as a text for people."""
        answered = int(self.items.notna().to_numpy().sum())
        lines = [
            f"{self.instrument.short_title} ({self.instrument.id} {self.instrument.version})",
            f"{self.n:,} rows of {self.items.shape[1]} items from {self.path.name}",
            f"{answered:,} of {self.items.size:,} cells answered",
        ]
        counts = np.bincount(self.reason_codes.ravel(), minlength=len(REASONS)).tolist()
        for reason, count in zip(REASONS, counts, strict=True):
            if reason and count:
                lines.append(f"{count:,} {SPOKEN[reason]}")
        return "\n".join([*lines, "", self.log.summary()])
