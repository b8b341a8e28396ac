"""Item analysis: how each item stands to the rest of its scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.instruments import InstrumentLike
from relsurvey.moments.items import ItemMoments, MissingRule
from relsurvey.psychometrics.consistency import alpha_if_dropped, item_rest_correlation
from relsurvey.psychometrics.omega import FEWEST_ITEMS, omega_if_dropped
from relsurvey.psychometrics.reasons import constant_items, obstacle
from relsurvey.psychometrics.scales import ScaleMoments, scale_moments
from relsurvey.results import Drawn
from relsurvey.scoring.items import ScaleChoice
from relsurvey.text import aligned, counted, notes_below, number, share

__all__ = ["ItemResult", "item_analysis"]


@dataclass(frozen=True, eq=False)
class ItemResult(Drawn):
    """The items of each scale.

    Attributes
    ----------
    table : pandas.DataFrame
        One row an item within a scale: ``scale``, ``item``, ``gist``, ``reversed`` (whether
        it was turned; all figures are after that), ``n`` (answers used), ``missing_share``
        (of all rows given), ``mean``, ``sd``, ``item_rest_r`` (with the sum of the other
        items), ``alpha_if_dropped``, ``omega_if_dropped`` (omega total of the others, of four
        items and more), ``floor`` and ``ceiling`` (shares of the answers used
        that are the lowest and the highest code of the response scale), and ``note``, which
        says why a value is NaN.
    missing : {"listwise", "pairwise"}
        How missing answers were treated.
    """

    _figure: ClassVar[str] = "plot_items"

    table: pd.DataFrame
    missing: MissingRule

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row an item within a scale, unrounded."""
        return self.table.copy()

    def _short_text(self) -> str:
        known = self.table.dropna(subset=["item_rest_r"])
        scales = counted(self.table["scale"].nunique(), "scale")
        asked = f"{counted(self.table['item'].nunique(), 'item')} of {scales}"
        if known.empty:
            return f"{asked}; no correlation of an item with the rest of its scale is known."
        low = min(known.to_dict("records"), key=lambda row: row["item_rest_r"])
        return (
            f"{asked}; the item that goes least with the rest of its scale is {low['item']} of "
            f"{low['scale']} (r = {number(low['item_rest_r'])})."
        )

    def summary(self) -> str:
        """Return the table rounded and aligned, with the notes below it."""
        rows = [
            {
                "scale": str(row["scale"]),
                "item": f"{row['item']}{' (reversed)' if row['reversed'] else ''}",
                "n": f"{row['n']:,}",
                "missing": share(row["missing_share"]),
                "mean": number(row["mean"], 2),
                "sd": number(row["sd"], 2),
                "item-rest r": number(row["item_rest_r"], 3),
                "alpha if dropped": number(row["alpha_if_dropped"], 3),
                "omega if dropped": number(row["omega_if_dropped"], 3),
                "floor": share(row["floor"]),
                "ceiling": share(row["ceiling"]),
            }
            for row in self.table.to_dict(orient="records")
        ]
        about = self.table["scale"] + " " + self.table["item"]
        notes = zip(about, self.table["note"], strict=True)
        lines = [f"Items ({self.missing})", *aligned(rows, left=("scale", "item"))]
        return "\n".join([*lines, *notes_below(notes)])


def item_analysis(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    scales: ScaleChoice | None = None,
    missing: MissingRule = "listwise",
) -> ItemResult:
    """Describe each item and how it goes with the rest of its scale.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none. A lazy frame is collected.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        With an instrument, ids of its scales (all by default); without one, the columns of
        each scale. A composite scale is taken as all the items below it.
    missing : {"listwise", "pairwise"}
        Rows that answer every item of the scale, or for each figure all rows it can be had
        from. "Does not apply" is a missing answer here.

    Returns
    -------
    ItemResult
        Means, standard deviations (n - 1 below), item-rest correlations, alpha and omega total
        if the item is dropped, floor and ceiling shares. What cannot be computed is NaN, with
        the reason in ``note``; without an instrument the response scale is not known, and
        nothing is guessed from the data, so that there are no floor and ceiling shares.

    Raises
    ------
    ScoringError
        Where a column is missing or not numeric, a value is off the scale, or a scale is
        unknown.
    ModelError
        Where ``missing`` cannot be.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 4, 5], "b": [2, 2, 3, 5], "c": [1, 3, 3, 4]})
    >>> result = item_analysis(answers, scales={"trust": ["a", "b", "c"]})
    >>> result.to_frame()[["item", "mean", "item_rest_r", "alpha_if_dropped"]].round(3)
      item  mean  item_rest_r  alpha_if_dropped
    0    a  3.00        0.949             0.853
    1    b  3.00        0.868             0.897
    2    c  2.75        0.838             0.933
    """
    rows = [
        row
        for scale in scale_moments(data, instrument, scales, missing, ends=True)
        for row in _item_rows(scale)
    ]
    return ItemResult(pd.DataFrame(rows), missing)


def _item_rows(scale: ScaleMoments) -> list[dict[str, Any]]:
    moments = scale.moments
    rest = item_rest_correlation(moments.covariance)
    dropped = alpha_if_dropped(moments.covariance)
    omega = omega_if_dropped(moments.covariance, moments.columns, moments.n)
    deviation = np.sqrt(np.diag(moments.covariance))
    used = np.where(moments.used > 0, moments.used, np.nan)
    unknown = np.full(len(moments.columns), np.nan)
    floor = unknown if moments.floor is None else moments.floor / used
    ceiling = unknown if moments.ceiling is None else moments.ceiling / used
    total = moments.n_total or np.nan
    rows: list[dict[str, Any]] = []
    for i, name in enumerate(moments.columns):
        item = scale.instrument.items[name] if scale.instrument else None
        rows.append(
            {
                "scale": scale.id,
                "item": name,
                "gist": item.gist if item else "",
                "reversed": bool(item and item.reverse),
                "n": int(moments.used[i]),
                "missing_share": float(1 - moments.answered[i] / total),
                "mean": float(moments.mean[i]),
                "sd": float(deviation[i]),
                "item_rest_r": float(rest[i]),
                "alpha_if_dropped": float(dropped[i]),
                "omega_if_dropped": float(omega[i]),
                "floor": float(floor[i]),
                "ceiling": float(ceiling[i]),
                "note": "; ".join(
                    _notes(moments, i, float(rest[i]), float(dropped[i]), float(omega[i]))
                ),
            }
        )
    return rows


def _notes(moments: ItemMoments, i: int, rest: float, dropped: float, omega: float) -> list[str]:
    notes = []
    reason = obstacle(moments)
    k = len(moments.columns)
    if k == 1:
        notes.append("one item: there is no rest to compare it with")
    if reason:
        notes.append(reason)
    elif k > 1:
        if moments.columns[i] in constant_items(moments):
            notes.append("does not vary: no item-rest r")
        elif np.isnan(rest):
            notes.append("the sum of the other items has no variance: no item-rest r")
        elif rest < 0:
            notes.append("item-rest r is negative: check its keying")
        if k == 2:
            notes.append("two items: alpha without one of them is not defined")
        elif np.isnan(dropped):
            notes.append("the sum of the other items has no variance: no alpha without it")
        elif k == FEWEST_ITEMS:
            notes.append("three items: two do not identify an omega without one of them")
        elif np.isnan(omega):
            notes.append("one factor could not be fitted to the other items: no omega without it")
    if moments.floor is None:
        notes.append("the response scale is not known without an instrument: no floor or ceiling")
    return notes
