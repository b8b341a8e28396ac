"""Whether what service users say may be put together by worker."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from relsurvey.agreement import ScalesAgreement, users_needed
from relsurvey.agreement.needed import mean_reliability
from relsurvey.agreement.within import rwg_name
from relsurvey.reporting.disclosure import uncounted
from relsurvey.reporting.figures.drawing import picture_of
from relsurvey.reporting.figures.structure import plot_scales_agreement
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, bounded, interval, number
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.estimates import p_cell
from relsurvey.text import and_list
from relsurvey.views import Block, Figure, Paragraph, Section, Table

__all__ = ["agreement_section", "design_effect"]

TITLE = "Do service users of one worker agree?"
WANTED_RELIABILITY = 0.70
ENDS = ("icc1_low", "icc1_high", "icc2_low", "icc2_high", "needed_70_low", "needed_70_high")
RWG = rwg_name("uniform", several=True)
Row = Mapping[Any, Any]


def agreement_section(material: Material) -> Section:
    """Show how far answers about one worker are alike, and how many a worker's mean needs."""
    return Section("agreement", TITLE, tuple(_blocks(material)))


def _blocks(material: Material) -> Iterator[Block]:
    agreement = material.study.agreement
    if agreement is None:
        note = plain(uncounted(material.study.agreement_note)).rstrip(".")
        yield Paragraph(f"This cannot be said: {note}." if note else "This was not computed.")
        return
    if material.service_users.withheld:
        yield Paragraph(f"Nothing is shown: {material.service_users.withheld}.")
        return
    rows = _rows(material, agreement)
    if not rows:
        few = f"fewer than {material.workers_in_group} workers"
        yield Paragraph(f"Nothing is shown: {few} can be compared.")
        return
    yield Paragraph(_finding(material, rows))
    yield _figure(_only(agreement, rows), rows)
    yield _table(material, agreement, rows)
    within = _within_rows(material, agreement, rows)
    if any(row[1] != MISSING for row in within):
        yield _within_table(within)


def _rows(material: Material, agreement: ScalesAgreement) -> list[Row]:
    """Return the scales with enough answers about enough workers, as they may be shown."""
    rules = material.rules
    return [
        _as_shown(material, row)
        for row in agreement.to_frame().to_dict("records")
        if row["scale"] in agreement.results
        and not agreement.results[row["scale"]].withheld
        and int(row["n_groups"]) >= material.workers_in_group
        and rules.allows(int(row["n"]))
    ]


def _rounded(material: Material) -> bool:
    return any(material.rules.rounds(role) for role in ("worker", "service_user"))


def _as_shown(material: Material, row: Row) -> Row:
    """Return a scale's figures; where counts are rounded, all that follow from ICC(1) made anew.

    Of the ICC(1) that is printed and the mean number that the rounded counts give: the exact
    ones, set beside each other, would tell the exact mean number, and so how many there are.
    """
    if not _rounded(material):
        return row
    rules, icc1 = material.rules, round(float(row["icc1"]), 2)
    users = rules.shown(int(row["n"]), "service_user")
    size = users / rules.shown(int(row["n_groups"]), "worker")
    return {
        **row,
        **dict.fromkeys(ENDS, math.nan),
        "icc1": icc1,
        "mean_size": size,
        "icc2": float(mean_reliability(icc1, size)),
        "needed_70": users_needed(icc1, WANTED_RELIABILITY),
    }


def _only(agreement: ScalesAgreement, rows: list[Row]) -> ScalesAgreement:
    """Return what is known of the scales of these rows, for the drawing."""
    return replace(
        agreement,
        table=pd.DataFrame(rows),
        results={row["scale"]: agreement.results[row["scale"]] for row in rows},
    )


def _finding(material: Material, rows: list[Row]) -> str:
    alpha = material.study.alpha
    differ = [plain(row["title"]) for row in rows if row["p_value"] < alpha]
    if len(differ) == len(rows):
        start = (
            "On every scale shown, people with the same worker answer more alike than chance "
            "would have it: what people say differs between workers."
        )
    elif differ:
        start = (
            f"On {and_list(differ)}, people with the same worker answer more alike than chance "
            "would have it; on the other scales this is not shown."
        )
    else:
        start = "It is not shown that people with the same worker answer more alike than others."
    reliable = [plain(row["title"]) for row in rows if row["icc2"] >= WANTED_RELIABILITY]
    usual = f"the {bounded(WANTED_RELIABILITY)} that is commonly asked"
    if len(reliable) == len(rows):
        means = f"The mean of a worker's answers is as reliable as {usual}."
    elif reliable:
        means = f"A worker's mean reaches {usual} on {and_list(reliable)} only."
    else:
        means = (
            f"The mean of one worker's answers does not reach {usual}: with as many answers as "
            "there are, single workers should not be compared. The association across workers "
            "does not need it, since the model takes this into account."
        )
    return f"{start} {means}"


def _figure(agreement: ScalesAgreement, rows: list[Row]) -> Figure:
    words = "; ".join(
        f"{plain(row['title'])}: ICC(1) {bounded(row['icc1'])}, ICC(2) {bounded(row['icc2'])}"
        for row in rows
    )
    alt = f"How alike answers about one worker are, and how reliable their mean is. {words}."
    picture = picture_of(plot_scales_agreement(agreement), "figure-agreement", alt)
    return Figure(
        id="figure-agreement",
        title="How alike answers about one worker are",
        alt=alt,
        picture=picture,
        notes=(
            "ICC(1): which share of the differences between single answers lies between workers. "
            "ICC(2): how reliable the mean of a worker's answers is, for the average number of "
            f"answers.{' The line is the interval.' if _has_intervals(rows) else ''}",
        ),
    )


def _has_intervals(rows: list[Row]) -> bool:
    return any(math.isfinite(row["icc1_low"]) for row in rows)


def design_effect(row: Row) -> float:
    """Return by how much clustering multiplies the variance of a mean; 1 where it does not.

    Examples
    --------
    >>> design_effect({"mean_size": 8.5, "icc1": 0.12})
    1.9
    """
    return float(1.0 + (row["mean_size"] - 1.0) * max(row["icc1"], 0.0))


def _table(material: Material, agreement: ScalesAgreement, rows: list[Row]) -> Table:
    digits = 1 if _rounded(material) else 2
    return Table(
        id="table-agreement",
        caption="Answers of service users, put together by worker",
        columns=(
            "Scale",
            "ICC(1)",
            f"{material.level} interval",
            "p",
            "ICC(2)",
            f"{material.level} interval",
            "Design effect",
            f"Answers needed for {bounded(WANTED_RELIABILITY)}",
        ),
        rows=tuple(
            (
                plain(row["title"]),
                bounded(row["icc1"]),
                interval(row["icc1_low"], row["icc1_high"], below_one=True),
                _p(material, row),
                bounded(row["icc2"]),
                interval(row["icc2_low"], row["icc2_high"], below_one=True),
                number(design_effect(row), digits),
                _needed(row),
            )
            for row in rows
        ),
        notes=(
            "p: F test that workers do not differ. Design effect: by how much a mean of all "
            "answers is less certain than one of as many independent people, for groups of the "
            "mean size; that of the association takes the size of the group that a person is in, "
            "which is more on average. Answers needed: how "
            "many a worker's mean needs to be as reliable"
            f"{' (with the limits of ICC(1))' if _has_intervals(rows) else ''}.",
            _rests_on(material, rows),
            *_rounded_words(material),
            *_not_shown(material, agreement, rows),
        ),
    )


def _rests_on(material: Material, rows: list[Row]) -> str:
    """Say whose answers these are; the numbers of one scale only, which no other is set beside."""
    most = max(rows, key=lambda row: row["n"])
    users = material.rules.count(int(most["n"]), "service_user")
    workers = material.rules.count(int(most["n_groups"]), "worker")
    return (
        "They rest on everybody who gave a worker's id and has a score, whether or not that "
        f"worker answered: on the scale with most, {users} service users of {workers} workers."
    )


def _p(material: Material, row: Row) -> str:
    """Write p; with ICC(2) it would tell how many people there are, where that is rounded."""
    if not _rounded(material):
        return p_cell(row["p_value"])
    return f"{'<' if row['p_value'] < material.study.alpha else 'not <'} {material.study.alpha:g}"


def _rounded_words(material: Material) -> Iterator[str]:
    if _rounded(material):
        yield (
            "Counts are rounded. ICC(2), the design effect and the answers needed are therefore "
            "made from ICC(1) as it is printed and from the rounded counts; intervals are not "
            "shown, and p only as below or above the level. The exact counts could be worked out "
            "from them otherwise."
        )


def _needed(row: Row) -> str:
    if not math.isfinite(row["needed_70"]):
        return MISSING
    ends = [number(row[f"needed_70_{end}"], 0) for end in ("low", "high")]
    if ends == [MISSING, MISSING]:
        return number(row["needed_70"], 0)
    return f"{number(row['needed_70'], 0)} ({ends[0]} to {ends[1]})"


def _not_shown(material: Material, agreement: ScalesAgreement, rows: list[Row]) -> Iterator[str]:
    told = {row["scale"] for row in rows}
    hidden = [
        plain(row["title"])
        for row in agreement.to_frame().to_dict("records")
        if row["scale"] not in told
    ]
    if hidden:
        yield (
            f"Not shown, since fewer than {material.workers_in_group} workers or "
            f"{material.rules.threshold} service users have answers: {and_list(hidden)}."
        )


def _within_rows(
    material: Material, agreement: ScalesAgreement, rows: list[Row]
) -> tuple[tuple[str, ...], ...]:
    """Write the mean r_wg(j), under the null of even answers, over all workers."""
    return tuple(
        (
            plain(row["title"]),
            bounded(_mean_within(material, agreement.results[row["scale"]].groups)),
            _share_of_workers(material, row),
        )
        for row in rows
    )


def _mean_within(material: Material, groups: pd.DataFrame) -> float:
    """Return the mean over workers; NaN where they are too few.

    No median or quarter, which of an odd number of workers is the value of one of them, and no
    means of halves, which with that of all would tell whether their number is odd.
    """
    known = groups[RWG].dropna() if RWG in groups else groups.iloc[:0, 0]
    return float(known.mean()) if len(known) >= material.workers_in_group else math.nan


def _within_table(rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(
        id="table-agreement-within",
        caption="Agreement within workers, r_wg(j), over workers",
        columns=("Scale", "Mean", "Means reliable to .50"),
        rows=rows,
        notes=(
            "r_wg(j): 1 where people with one worker answer all alike, 0 where they answer as at "
            "random (James, Demaree and Wolf 1984). The mean is over all workers; a median could "
            "be one worker's own value. Means reliable to .50: share of workers whose mean is so. "
            f"{MISSING}: it would be of too few workers.",
        ),
        folded=True,
    )


def _share_of_workers(material: Material, row: Row) -> str:
    """Write the share of workers with so reliable a mean; not where it is one of few workers."""
    share, workers = row["share_50"], int(row["n_groups"])
    if not math.isfinite(share):
        return MISSING
    return material.rules.share(round(share * workers), workers, "worker")
