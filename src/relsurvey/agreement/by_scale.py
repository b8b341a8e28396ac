"""Agreement and aggregation of every scale of an instrument, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.agreement.aggregate import aggregate_rows
from relsurvey.agreement.nulls import require_nulls
from relsurvey.agreement.result import AggregationResult
from relsurvey.agreement.rows import Rows, scale_rows
from relsurvey.agreement.scale_text import scales_text
from relsurvey.agreement.within import rwg_name
from relsurvey.criteria import Reading, readings_frame
from relsurvey.errors import ModelError
from relsurvey.faults import Faults
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.group_columns import number_matrix, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.options import require_confidence
from relsurvey.results import Drawn, json_ready
from relsurvey.small_groups import USUAL_THRESHOLD, require_threshold
from relsurvey.text import counted, number

__all__ = ["ScalesAgreement", "scale_agreement"]

NOBODY = "no row has both a score and an id in the group column"


@dataclass(frozen=True, eq=False)
class ScalesAgreement(Drawn):
    """Agreement of the scales of one instrument; no group is named but in ``group_rows()``.

    Attributes
    ----------
    group : str
        The column of group ids.
    table : pandas.DataFrame
        One row a scale: ``scale``, ``title``, ``n`` (rows used), ``n_groups``, ``mean_size``;
        ``icc1``, ``icc2`` and ``icc_reml``, each with ``_low`` and ``_high``; ``p_value`` of the
        F test; over groups, ``rwg_j`` under each null as ``_p25``, ``_p50``, ``_p75`` and
        ``_mean``; ``ad_mean`` and ``ad_median`` (their median, and
        with ``_average`` their mean); ``share_50``, ``share_60``,
        ``share_70`` of groups with so reliable a mean; ``needed_70`` with limits; ``note``.
    results : dict of str to AggregationResult
        By scale; without those nobody has a score on.
    """

    _figure: ClassVar[str] = "plot_scales_agreement"

    group: str
    table: pd.DataFrame
    results: dict[str, AggregationResult] = field(repr=False)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The figures of all scales beside their criteria."""
        shown = [result for result in self.results.values() if not result.withheld]
        return tuple(reading for result in shown for reading in result.readings)

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a scale, unrounded."""
        return self.table.copy()

    def group_rows(self) -> pd.DataFrame:
        """Return one row a group and scale, with the ids: restricted, since it names groups.

        The ids are in a column of the name they had in the data, or in ``group`` where that is
        the name of a figure.
        """
        frames = []
        for scale, result in self.results.items():
            frame = result.to_frame()
            if self.group not in frame:
                frame = frame.rename(columns={"group": self.group})
            frame.insert(1, "scale", scale)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """Return what is known of scales, ready for ``json.dumps``; no group is in it."""
        return {
            **super().to_dict(),
            "table": json_ready(self._shown()),
            "results": {scale: result.to_dict() for scale, result in self.results.items()},
            "readings": readings_frame(self.readings).to_dict("records"),
        }

    def _shown(self) -> pd.DataFrame:
        """Return the table without the figures of scales that too few groups have."""
        kept = ["scale", "title", "note"]
        hidden = {scale: one.withheld for scale, one in self.results.items() if one.withheld}
        table = self.table.copy()
        table["n_groups"] = self.group_counts()
        if hidden:
            few = table["scale"].isin(list(hidden))
            table = table.astype({name: float for name in table if name not in kept})
            table.loc[few, [name for name in table if name not in kept]] = np.nan
            table["note"] = [
                hidden.get(scale, note)
                for scale, note in zip(table["scale"], table["note"], strict=True)
            ]
        return table

    def group_counts(self) -> list[float]:
        """Return the number of groups of each scale as it may be shown.

        Two scales whose numbers lie close together would tell how few have the one only: where
        they differ by fewer than the threshold, all but the largest are NaN.
        """
        counts = self.table["n_groups"].to_numpy(dtype=np.float64)
        most = max(one.threshold for one in self.results.values())
        top = np.nanmax(counts)
        close = (counts < top) & (top - counts < most)
        return [float(count) for count in np.where(close, np.nan, counts)]

    def _short_text(self) -> str:
        known = self._shown().dropna(subset=["icc1"])
        if known.empty:
            return f"How far answers about one {self.group} agree is not known or not shown."
        low, high = (float(known["icc1"].agg(end)) for end in ("min", "max"))
        share = number(low) if low == high else f"{number(low)} to {number(high)}"
        return (
            f"Of the differences between answers, {share} (ICC(1)) lie between groups of "
            f"{self.group}, over {counted(len(known), 'scale')}."
        )

    def summary(self) -> str:
        """Return the scales as a text for people, in which no group is named."""
        return scales_text(self)


def scale_agreement(
    data: Any,
    group: str = "worker_id",
    instrument: InstrumentLike | None = None,
    *,
    nulls: Mapping[str, Sequence[float]] | None = None,
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
) -> ScalesAgreement:
    """Say for every scale whether answers may be aggregated to groups.

    Parameters
    ----------
    data : Responses, Linked or frame
        One row a service user, items as answered.
    group : str, default "worker_id"
        The column of group ids.
    instrument : Instrument, str or path, optional
        The definition. Responses bring their own.
    nulls, confidence, threshold
        As in ``aggregation``.

    Returns
    -------
    ScalesAgreement
        A scale that nobody has a score on is a row of NaN with a note.

    Raises
    ------
    ModelError
        As ``aggregation``; or where no scale has a score.
    ScoringError
        Where items are not in the data, or a value is off the scale.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> items = load_instrument("peech-sc").item_ids
    >>> answers = [[3] * 23, [2] * 23, [1] * 23, [0, 1] * 11 + [1]]
    >>> data = pd.DataFrame(answers, columns=items).assign(worker_id=["a", "a", "b", "b"])
    >>> scale_agreement(data, instrument="peech-sc").to_frame().loc[0, ["scale", "n", "n_groups"]]
    scale       SEC
    n             4
    n_groups      2
    Name: 0, dtype: object
    """
    faults = Faults()
    faults.of("confidence", lambda: require_confidence(confidence))
    faults.of("threshold", lambda: require_threshold(threshold))
    faults.of("nulls", lambda: require_nulls(nulls))
    faults.refuse()
    results, lines = {}, []
    for scale, rows in scale_rows(data, group, instrument).items():
        if _somebody(rows, scale, group):
            results[scale] = aggregate_rows(
                rows, scale, group, nulls=nulls, confidence=confidence, threshold=threshold
            )
            lines.append(_line(scale, results[scale]))
        else:
            lines.append({"scale": scale, "title": rows.title, "n": 0, "note": NOBODY})
    if not results:
        raise ModelError(
            f"No scale can be aggregated to {group}: {NOBODY}.",
            hint="Check the group column, and why nobody answered enough of the items.",
        )
    table = pd.DataFrame(lines)
    last = table.pop("note")
    return ScalesAgreement(group, table.assign(note=last), results)


def _somebody(rows: Rows, scale: str, group: str) -> bool:
    table = take_columns(rows.outcomes, [scale, group])
    codes, _ = group_codes(table.by_name[group], group)
    return bool(((codes >= 0) & ~np.isnan(number_matrix(table, [scale])[0])).any())


def _line(scale: str, result: AggregationResult) -> dict[str, Any]:
    estimates = result.icc.set_index("coefficient")
    line: dict[str, Any] = {
        "scale": scale,
        "title": result.title,
        "n": result.n_rows,
        "n_groups": result.n_groups,
        "mean_size": result.mean_size,
    }
    for name in ("icc1", "icc2", "icc_reml"):
        low, high = estimates.loc[name, "conf_low"], estimates.loc[name, "conf_high"]
        line |= {name: estimates.loc[name, "estimate"], f"{name}_low": low, f"{name}_high": high}
    line["p_value"] = result.test["p_value"]
    for row in result.nulls.to_dict("records"):
        name = rwg_name(str(row["null"]), several=True)
        line |= {f"{name}_{key}": row[key] for key in ("p25", "p50", "p75", "mean")}
    for row in result.deviation.to_dict("records"):
        line |= {f"ad_{row['around']}": row["p50"], f"ad_{row['around']}_average": row["mean"]}
    for row in result.shares.to_dict("records"):
        line[f"share_{100 * row['reliability']:.0f}"] = row["share"]
    needed = result.needed.set_index("reliability").loc[0.7]
    line |= {"needed_70": needed["users"], "needed_70_low": needed["users_low"]}
    line |= {"needed_70_high": needed["users_high"], "note": " ".join(result.notes)}
    return line
