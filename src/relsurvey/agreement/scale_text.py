"""The text on all scales of an instrument, side by side; no group is named in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from relsurvey.agreement.notes import DROPPED, INCOMPLETE
from relsurvey.agreement.readings import typical
from relsurvey.criteria import readings_text
from relsurvey.errors import listed
from relsurvey.text import aligned, notes_below, number, remark, share, wrapped

if TYPE_CHECKING:
    from relsurvey.agreement.by_scale import ScalesAgreement
    from relsurvey.agreement.result import AggregationResult

__all__ = ["legend", "scales_text"]

Row = Mapping[Any, Any]
LEFT_OUT = (
    "n: rows with a score and a group; left out: rows without; complete: rows with every item "
    "answered, on which r_wg(j) and AD rest."
)
WORDS = {
    "ICC(1)": "share of the differences between answers that lies between groups: how much one "
    "answer tells of its group",
    "ICC(2)": "reliability of the mean of a group of average size",
    "REML": "the same share from the restricted likelihood, which takes groups of unequal size "
    "as they are",
    "null": "how answers would spread if people did not agree at all; r_wg(j) compares with it",
    "r_wg(j)": "agreement within a group over the items: 1 is the same answers, 0 as the null",
    "AD": "average deviation of answers from the mean (or median) of their group, in steps of the "
    "answer scale",
}


def legend() -> list[str]:
    """Say in words what the columns are."""
    lines = ["What the columns are"]
    for name, words in WORDS.items():
        lines += wrapped(f"{name}: {words}.", indent="  ", hanging="    ")
    return lines


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
    table["n_groups"] = agreement.group_counts()
    hidden = {scale: one.withheld for scale, one in agreement.results.items() if one.withheld}
    if len(hidden) == len(agreement.results):
        head = f"Agreement and aggregation to {agreement.group}"
        return "\n".join([head, *wrapped(next(iter(hidden.values())))])
    table["note"] = [
        hidden.get(scale, note) for scale, note in zip(table["scale"], table["note"], strict=True)
    ]
    told = set(agreement.results) - set(hidden)
    rows = [row for row in table.to_dict("records") if row["scale"] in told]
    empty = [row for row in table.to_dict("records") if row["scale"] not in told]
    lines = [
        f"Agreement and aggregation to {agreement.group}",
        *aligned(
            [_coefficients(agreement.results[str(row["scale"])], row) for row in rows],
            left=["scale"],
        ),
        *notes_below((str(row["scale"]), str(row["note"])) for row in empty),
        "",
        *wrapped("Agreement within groups: r_wg(j) by null distribution, median over groups "
                 "(25% to 75%); AD is the median of the average deviation, or the average over "
                 "groups where it says so and the median is withheld"),
        *aligned(_within(agreement), left=["scale", "null"]),
        "",
        *wrapped("Share of groups whose mean is reliable enough, and how many answers a group "
                 "needs for .70 (with the limits of ICC(1))"),
        *aligned([_means(agreement, row) for row in rows], left=["scale", "answers for .70"]),
        "",
        *readings_text(agreement.readings),
        "",
        *legend(),
        *_notes(agreement),
    ]  # fmt: skip
    return "\n".join(lines)


def _few(count: int, threshold: int) -> str:
    return f"< {threshold}" if 0 < count < threshold else f"{count:,}"


def _span(row: Row, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    ends = "" if math.isnan(low) or math.isnan(high) else f" ({number(low)} to {number(high)})"
    return number(row[name], 3) + ends


def _coefficients(result: AggregationResult, row: Row) -> dict[str, str]:
    return {
        "scale": str(row["scale"]),
        "n": f"{row['n']:,.0f}",
        "left out": _few(result.n_dropped, result.threshold),
        "complete": f"{result.n_rows_items:,}",
        "groups": number(row["n_groups"], 0),
        "ICC(1)": _span(row, "icc1"),
        "ICC(2)": _span(row, "icc2"),
        "ICC(1) REML": _span(row, "icc_reml"),
    }


def _within(agreement: ScalesAgreement) -> list[dict[str, str]]:
    rows = []
    for scale, result in agreement.results.items():
        if result.withheld:
            continue
        middles = {row["around"]: _middle(row) for row in result.deviation.to_dict("records")}
        for place, null in enumerate(result.nulls.to_dict("records")):
            low, high = null["p25"], null["p75"]
            ends = "" if math.isnan(low) else f" ({number(low)} to {number(high)})"
            rows.append(
                {
                    "scale": "" if place else scale,
                    "null": str(null["null"]).replace("_", " "),
                    "r_wg(j)": number(null["p50"]) + ends,
                    "mean": number(null["mean"]),
                    "AD (mean)": "" if place else middles["mean"],
                    "AD (median)": "" if place else middles["median"],
                }
            )
    return rows


def _middle(row: Row) -> str:
    """Write the median, or the mean with its name where the median is withheld."""
    found = typical(row)
    mean = math.isnan(row["p50"]) and not math.isnan(found.value)
    return number(found.value) + (" (average)" if mean else "")


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
        for note in () if result.withheld else result.notes:
            # How many rows were left out stands in the first table, scale by scale.
            if DROPPED not in note and INCOMPLETE not in note:
                about.setdefault(note, []).append(scale)
    everywhere = len(agreement.results)
    texts = [
        note if len(scales) == everywhere else f"{listed(scales)}: {note}"
        for note, scales in about.items()
    ]
    lines = [line for text in [*texts, LEFT_OUT] for line in remark(text)]
    return ["", "Notes (not shown, n/a: few groups, or nothing to compute)", *lines]
