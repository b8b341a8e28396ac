"""Whether correlations are worth a factor analysis: KMO and Bartlett's test of sphericity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

from relsurvey.criteria import Reading, readings_text, sample_size
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.items import MissingRule
from relsurvey.psychometrics.exploratory.correlations import (
    Correlation,
    item_correlations,
    singular,
)
from relsurvey.results import Drawn
from relsurvey.scoring.items import ScaleChoice
from relsurvey.text import aligned, counted, number, p_value_text, remark

__all__ = ["AdequacyResult", "kaiser_word", "sampling_adequacy"]

Array: TypeAlias = npt.NDArray[np.float64]

_KAISER = (
    (0.9, "marvelous"),
    (0.8, "meritorious"),
    (0.7, "middling"),
    (0.6, "mediocre"),
    (0.5, "miserable"),
    (-math.inf, "unacceptable"),
)


@dataclass(frozen=True, eq=False)
class AdequacyResult(Drawn):
    """Sampling adequacy of items.

    Attributes
    ----------
    kmo : float
        Kaiser-Meyer-Olkin measure of all items; NaN where there is none.
    table : pandas.DataFrame
        One row an item: ``item``, ``kmo``, ``kaiser`` (Kaiser's word for it).
    chisq, p_value : float
        Bartlett's test that all correlations are zero.
    df : int
        Its degrees of freedom.
    n, n_total : int
        Rows used (pairwise: the fewest that two items share) and given.
    correlation, missing : str
        As asked for.
    notes : tuple of str
        Why a value is NaN, and what else has to be known.
    readings : tuple of Reading
        The size of the sample beside its criterion.
    """

    _figure: ClassVar[str] = "plot_adequacy"

    kmo: float
    table: pd.DataFrame
    chisq: float
    df: int
    p_value: float
    n: int
    n_total: int
    correlation: Correlation
    missing: MissingRule
    notes: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def bartlett(self) -> dict[str, float]:
        """Bartlett's test as a dictionary: ``chisq``, ``df``, ``p_value``."""
        return {"chisq": self.chisq, "df": self.df, "p_value": self.p_value}

    def to_frame(self) -> pd.DataFrame:
        """Return one row an item, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return both figures in words, the items, and the notes."""
        rows = [
            {"item": str(row["item"]), "KMO": number(row["kmo"], 3), "Kaiser": row["kaiser"]}
            for row in self.table.to_dict("records")
        ]
        word = f" ({kaiser_word(self.kmo)})" if not math.isnan(self.kmo) else ""
        lines = [
            f"Sampling adequacy: {counted(len(rows), 'item')}, {self.n:,} of "
            f"{counted(self.n_total, 'row')} ({self.missing})",
            f"KMO {number(self.kmo, 3)}{word}",
            f"Bartlett's test of sphericity: chi-square {number(self.chisq, 2)}, df {self.df}, "
            f"{p_value_text(self.p_value)}",
            "",
            *aligned(rows, left=["item", "Kaiser"]),
            "",
            *readings_text(self.readings),
        ]
        notes = [line for note in self.notes for line in remark(note, indent="")]
        return "\n".join([*lines, *(["", *notes] if notes else [])])


def sampling_adequacy(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    items: Sequence[str] | None = None,
    scales: ScaleChoice | None = None,
    correlation: Correlation = "pearson",
    missing: MissingRule = "listwise",
) -> AdequacyResult:
    """Judge whether items have enough in common for a factor analysis.

    Parameters
    ----------
    data, instrument, items, scales, correlation, missing
        As in ``efa``.

    Returns
    -------
    AdequacyResult
        KMO, overall and by item (Kaiser 1974: squared correlations, as a share of them and the
        squared partial correlations), and Bartlett's test (1951). What cannot be computed is
        NaN, with the reason in ``notes``.

    Raises
    ------
    ModelError, ScoringError
        Where an option cannot be, or a column is missing or not numeric.

    References
    ----------
    Kaiser HF (1974). An index of factorial simplicity. Psychometrika 39(1):31-36.
    doi 10.1007/BF02291575.
    Bartlett MS (1951). The effect of standardization on a chi-square approximation in factor
    analysis. Biometrika 38(3/4):337-344. doi 10.2307/2332580.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 4, 5], "b": [2, 1, 3, 5], "c": [1, 3, 3, 4]})
    >>> result = sampling_adequacy(answers)
    >>> round(result.kmo, 3), round(result.chisq, 3), result.df
    (0.484, 3.8, 3)
    """
    found = item_correlations(
        data, instrument, items, scales, correlation=correlation, missing=missing
    )
    p = len(found.columns)
    notes = list(found.notes)
    trouble = found.trouble or ("one item: nothing to correlate it with" if p == 1 else "")
    trouble = trouble or singular(found, missing)
    overall, by_item, chisq = math.nan, np.full(p, np.nan), math.nan
    if trouble:
        notes.append(f"no KMO and no test: {trouble}")
    else:
        overall, by_item = _kmo(found.matrix)
        chisq = _bartlett(found.matrix, found.n)
        notes += _doubts(overall, p)
    if correlation == "polychoric" and not trouble:
        chisq = math.nan
        notes.append("Bartlett's test does not hold for polychoric correlations: not given")
    elif not trouble and math.isnan(chisq):
        notes.append("too few rows for Bartlett's test")
    df = p * (p - 1) // 2
    table = pd.DataFrame(
        {"item": found.columns, "kmo": by_item, "kaiser": [kaiser_word(value) for value in by_item]}
    )
    return AdequacyResult(
        kmo=overall,
        table=table.set_index("item").loc[list(found.given)].reset_index(),
        chisq=chisq,
        df=df,
        p_value=float(chdtrc(df, chisq)) if df else math.nan,
        n=found.n,
        n_total=found.n_total,
        correlation=correlation,
        missing=missing,
        notes=tuple(notes),
        readings=(sample_size("factor analysis", found.n, p),),
    )


def kaiser_word(kmo: float) -> str:
    """Return Kaiser's word for a value of KMO; an empty text for NaN.

    Examples
    --------
    >>> kaiser_word(0.84), kaiser_word(0.49)
    ('meritorious', 'unacceptable')
    """
    return "" if math.isnan(kmo) else next(word for bar, word in _KAISER if kmo >= bar)


def _kmo(correlation: Array) -> tuple[float, Array]:
    inverse = np.linalg.inv(correlation)
    scale = np.sqrt(np.diag(inverse))
    partial = (inverse / np.outer(scale, scale)) ** 2
    simple = correlation**2
    for squares in (partial, simple):
        np.fill_diagonal(squares, 0.0)
    kept, left = simple.sum(axis=0), partial.sum(axis=0)
    whole = np.where(kept + left > 0, kept + left, np.nan)
    total = float(kept.sum() + left.sum())
    return (float(kept.sum()) / total if total > 0 else math.nan), kept / whole


def _bartlett(correlation: Array, n: int) -> float:
    p = len(correlation)
    multiplier = n - 1 - (2 * p + 5) / 6
    if multiplier <= 0:
        return math.nan
    return float(-multiplier * np.linalg.slogdet(correlation)[1])


def _doubts(kmo: float, p: int) -> list[str]:
    if math.isnan(kmo):
        return ["no two items correlate at all: no KMO"]
    return ["two items: KMO is .5 whatever they have in common"] if p == 2 else []
