"""The text on all scales of an instrument, side by side; no group is named in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from relsurvey.criteria import readings_text
from relsurvey.errors import listed
from relsurvey.text import aligned, notes_below, number, remark, share, wrapped

if TYPE_CHECKING:
    from relsurvey.agreement.by_scale import ScalesAgreement

__all__ = ["scales_text"]

Row = Mapping[Any, Any]


def scales_text(agreement: ScalesAgreement) -> str:
    """Write the agreement of every scale.

    Parameters
    ----------
    agreement : ScalesAgreement
        What was found.

    Returns
    -------
    str
        Coefficients, agreement within groups, reliable means, answers needed, readings, notes.
    """
    table = agreement.to_frame()
    rows = [row for row in table.to_dict("records") if row["scale"] in agreement.results]
    empty = [row for row in table.to_dict("records") if row["scale"] not in agreement.results]
    lines = [
        f"Agreement and aggregation to {agreement.group}",
        *aligned([_coefficients(row) for row in rows], left=["scale", "title"]),
        *notes_below((str(row["scale"]), str(row["note"])) for row in empty),
        "",
        *wrapped("Agreement within groups: r_wg(j) by null distribution, median over groups "
                 "(25% to 75%); AD is the median of the average deviation"),
        *aligned(_within(agreement), left=["scale", "null"]),
        "",
        *wrapped("Share of groups whose mean is reliable enough, and how many answers a group "
                 "needs for .70 (with the limits of ICC(1))"),
        *aligned([_means(agreement, row) for row in rows], left=["scale", "answers for .70"]),
        "",
        *readings_text(agreement.readings),
        *_notes(agreement),
    ]  # fmt: skip
    return "\n".join(lines)


def _span(row: Row, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    ends = "" if math.isnan(low) or math.isnan(high) else f" ({number(low)} to {number(high)})"
    return number(row[name], 3) + ends


def _coefficients(row: Row) -> dict[str, str]:
    return {
        "scale": str(row["scale"]),
        "n": f"{row['n']:,.0f}",
        "groups": f"{row['n_groups']:,.0f}",
        "ICC(1)": _span(row, "icc1"),
        "ICC(2)": _span(row, "icc2"),
        "ICC(1) REML": _span(row, "icc_reml"),
    }


def _within(agreement: ScalesAgreement) -> list[dict[str, str]]:
    rows = []
    for scale, result in agreement.results.items():
        middles = dict(zip(result.deviation["around"], result.deviation["p50"], strict=True))
        for place, null in enumerate(result.nulls.to_dict("records")):
            low, high = null["p25"], null["p75"]
            ends = "" if math.isnan(low) else f" ({number(low)} to {number(high)})"
            rows.append(
                {
                    "scale": "" if place else scale,
                    "null": str(null["null"]).replace("_", " "),
                    "r_wg(j)": number(null["p50"]) + ends,
                    "mean": number(null["mean"]),
                    "AD (mean)": "" if place else number(middles["mean"]),
                    "AD (median)": "" if place else number(middles["median"]),
                }
            )
    return rows


def _means(agreement: ScalesAgreement, row: Row) -> dict[str, str]:
    result = agreement.results[str(row["scale"])]
    needed = result.needed.set_index("reliability")["note"]
    return {
        "scale": str(row["scale"]),
        **{f"{level:.2f}": share(row[f"share_{100 * level:.0f}"]) for level in (0.5, 0.6, 0.7)},
        "answers for .70": str(needed.loc[0.7]),
    }


def _notes(agreement: ScalesAgreement) -> list[str]:
    """Return every note once, with the scales it is about."""
    about: dict[str, list[str]] = {}
    for scale, result in agreement.results.items():
        for note in result.notes:
            about.setdefault(note, []).append(scale)
    everywhere = len(agreement.results)
    texts = [
        note if len(scales) == everywhere else f"{listed(scales)}: {note}"
        for note, scales in about.items()
    ]
    lines = [line for text in texts for line in remark(text)]
    return ["", "Notes (not shown, n/a: few groups, or nothing to compute)", *lines]
