"""The text of an aggregation for people; no group is named in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from relsurvey.criteria import readings_text
from relsurvey.text import aligned, counted, number, p_value_text, remark, share, wrapped

if TYPE_CHECKING:
    from relsurvey.agreement.result import AggregationResult

__all__ = ["aggregation_text"]

NAMES = {
    "icc1": "ICC(1), mean group size",
    "icc2": "ICC(2), mean group size",
    "icc1_n0": "ICC(1), n0",
    "icc2_n0": "ICC(2), n0",
    "icc_reml": "ICC(1), REML",
    "icc2_reml": "ICC(2), REML",
}


def aggregation_text(result: AggregationResult) -> str:
    """Write what an aggregation found.

    Parameters
    ----------
    result : AggregationResult
        What was found.

    Returns
    -------
    str
        Counts, coefficients, agreement, reliability of means, people needed, readings, notes.
    """
    lines = [
        f"{result.title}: {counted(result.n_rows, 'answer')} about "
        f"{counted(result.n_groups, 'group')} of {result.group}, "
        f"{number(result.mean_size)} each on average",
        "",
        *_coefficients(result),
        *_agreement(result),
        *_means(result),
        *_needed(result),
        "",
        *readings_text(result.readings),
    ]
    notes = [line for note in result.notes for line in remark(note)]
    return "\n".join([*lines, *(["", "Notes", *notes] if notes else [])])


def _limits(low: float, high: float, digits: int = 3) -> str:
    if math.isnan(low) or math.isnan(high):
        return "n/a"
    return f"{number(low, digits)} to {number(high, digits)}"


def _coefficients(result: AggregationResult) -> list[str]:
    interval = f"{100 * result.confidence:g}% interval"
    rows = [
        {
            "coefficient": NAMES[row["coefficient"]],
            "estimate": number(row["estimate"], 3),
            interval: _limits(row["conf_low"], row["conf_high"]),
        }
        for row in result.icc.to_dict("records")
    ]
    test = result.test
    if math.isnan(test["f_statistic"]):
        return aligned(rows, left=["coefficient"])
    p = p_value_text(test["p_value"])
    f = f"F({test['df_between']:,.0f}, {test['df_within']:,.0f}) = {number(test['f_statistic'])}"
    return [*aligned(rows, left=["coefficient"]), f"{f}, {p}"]


def _agreement(result: AggregationResult) -> list[str]:
    several = "r_wg(j)" if "rwg_j" in result.groups else "r_wg"
    rows = [
        {
            f"{several} by null": str(row["null"]).replace("_", " "),
            "variance": number(row["variance"]),
            **_quantiles(row),
        }
        for row in result.nulls.to_dict("records")
    ]
    spread = [
        {"average deviation": f"around the {row['around']}", **_quantiles(row)}
        for row in result.deviation.to_dict("records")
    ]
    lines = ["", *aligned(rows, left=[f"{several} by null"])] if rows else []
    items = [
        {
            "item": str(row["item"]),
            "r_wg": number(row["rwg"]),
            "AD mean": number(row["ad_mean"]),
            "AD median": number(row["ad_median"]),
        }
        for row in result.items.to_dict("records")
    ]
    lines += ["", *aligned(spread, left=["average deviation"])] if spread else []
    return lines + (["", *aligned(items, left=["item"])] if items else [])


def _quantiles(row: dict[Any, Any]) -> dict[str, str]:
    return {
        "groups": number(row["n_workers"], 0),
        "mean": number(row["mean"]),
        "25%": number(row["p25"]),
        "median": number(row["p50"]),
        "75%": number(row["p75"]),
    }


def _means(result: AggregationResult) -> list[str]:
    rows = [
        {"reliability of a group's mean": f"from {row['based_on']}", **_quantiles(row)}
        for row in result.mean_reliability.to_dict("records")
    ]
    shares = [
        {
            "groups with a reliability of at least": number(row["reliability"]),
            "share": share(row["share"]) if not row["note"] else row["note"],
        }
        for row in result.shares.to_dict("records")
    ]
    users = [
        {
            "answers in the group": str(row["users"]),
            "groups": f"{row['n_workers']:,}",
            "reliability (median)": number(row["reliability_median"]),
        }
        for row in result.by_users.to_dict("records")
    ]
    lines = ["", *aligned(rows, left=["reliability of a group's mean"])]
    lines += ["", *aligned(shares, left=["share"])]
    return lines + (["", *aligned(users, left=["answers in the group"])] if users else [])


def _needed(result: AggregationResult) -> list[str]:
    rows = [
        {"wanted reliability": number(row["reliability"], 1), "answers needed": row["note"]}
        for row in result.needed.to_dict("records")
    ]
    return ["", *wrapped("How many answers a group's mean needs (with the limits of ICC(1))"),
            *aligned(rows, left=["answers needed"])]  # fmt: skip
