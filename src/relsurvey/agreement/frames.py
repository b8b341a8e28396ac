"""The tables of an aggregation: one of groups, which names them, and those that do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.agreement.intraclass import Estimate, OneWay
from relsurvey.agreement.needed import mean_reliability
from relsurvey.agreement.notes import group_notes
from relsurvey.agreement.nulls import Null
from relsurvey.agreement.rows import Rows
from relsurvey.agreement.unnamed import quantiles_of
from relsurvey.agreement.within import agreement_within, item_agreement, rwg_name
from relsurvey.moments.group_spread import GroupSpread
from relsurvey.moments.groups import GroupSums

__all__ = [
    "deviation_table",
    "group_table",
    "icc_table",
    "item_table",
    "null_table",
    "reliability_table",
]


def group_table(
    sums: GroupSums,
    outcome: str,
    spread: GroupSpread | None,
    rows: Rows,
    nulls: Sequence[Null],
    icc: Mapping[str, Estimate],
) -> pd.DataFrame:
    """Return one row a group, in the order of the ids."""
    order = _id_order(sums.ids)
    frame = pd.DataFrame(
        {
            "group": sums.ids[order],
            "n": sums.counts[order].astype(np.int64),
            "mean": sums.means[order, sums.place(outcome)],
        }
    )
    if spread is None:
        frame[rwg_name("uniform", several=rows.several)] = np.nan
        frame["n_items_answered"] = 0
    else:
        place = {group: number for number, group in enumerate(spread.ids.tolist())}
        found = np.array([place.get(one, -1) for one in sums.ids[order].tolist()], dtype=np.intp)
        within = agreement_within(spread, nulls, several=rows.several)
        # One row more than there are groups: whoever answered no item takes it, all NaN.
        within = within.reindex(range(len(within) + 1)).iloc[found].reset_index(drop=True)
        answered = np.append(spread.counts, 0.0)[found].astype(np.int64)
        frame = pd.concat([frame, within, pd.Series(answered, name="n_items_answered")], axis=1)
    frame["reliability"] = mean_reliability(icc["icc1"].value, frame["n"])
    frame["reliability_reml"] = mean_reliability(icc["icc_reml"].value, frame["n"])
    frame["note"] = group_notes(frame, rows, spread is not None)
    return frame


def _id_order(ids: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Return the order of the ids, which does not hang on that of the rows."""
    listed = ids.tolist()
    try:
        places = sorted(range(len(listed)), key=listed.__getitem__)
    except TypeError:
        places = sorted(range(len(listed)), key=lambda place: str(listed[place]))
    return np.array(places, dtype=np.intp)


def icc_table(icc: Mapping[str, Estimate], anova: OneWay) -> pd.DataFrame:
    """Return one row a coefficient, with its limits and how they were found."""
    of_f = "limits of F, exact" if anova.balanced else "limits of F, approximate: unequal groups"
    return pd.DataFrame(
        [
            {
                "coefficient": name,
                "estimate": one.value,
                "conf_low": one.low,
                "conf_high": one.high,
                "interval": "profile of the restricted likelihood" if "reml" in name else of_f,
            }
            for name, one in icc.items()
        ]
    )


def null_table(
    groups: pd.DataFrame, nulls: Sequence[Null], threshold: int, *, several: bool
) -> pd.DataFrame:
    """Return one row a null distribution: r_wg or r_wg(j) over groups under it."""
    parts = []
    for null in nulls:
        values = groups[rwg_name(null.name, several=several)].to_numpy(dtype=np.float64)
        cut = int((groups["variance"].to_numpy() > null.variance).sum())
        kept = int((~np.isnan(values)).sum()) - cut
        shown = all(count == 0 or count >= threshold for count in (cut, kept))
        head = pd.DataFrame([{"null": null.name, "variance": null.variance, "source": null.source}])
        tail = pd.DataFrame([{"n_cut": float(cut) if shown else np.nan}])
        parts.append(pd.concat([head, quantiles_of(values, threshold), tail], axis=1))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def deviation_table(groups: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the average deviation over groups, around the mean and the median."""
    if "ad_mean" not in groups:
        return pd.DataFrame()
    return pd.concat(
        [
            quantiles_of(groups[f"ad_{around}"].to_numpy(), threshold).assign(around=around)
            for around in ("mean", "median")
        ],
        ignore_index=True,
    )


def reliability_table(groups: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the reliability of a group's own mean over groups, by ICC(1) and by REML."""
    columns = {"icc1": "reliability", "icc_reml": "reliability_reml"}
    return pd.concat(
        [
            quantiles_of(groups[column].to_numpy(), threshold).assign(based_on=name)
            for name, column in columns.items()
        ],
        ignore_index=True,
    )


def item_table(
    spread: GroupSpread | None, rows: Rows, nulls: Sequence[Null], threshold: int
) -> pd.DataFrame:
    """Return the agreement on each item; no row where few groups can be compared."""
    if spread is None or not rows.several:
        return pd.DataFrame()
    compared = int((spread.counts > 1).sum())
    if compared < threshold:
        return pd.DataFrame()
    return item_agreement(spread, rows.items, nulls)
