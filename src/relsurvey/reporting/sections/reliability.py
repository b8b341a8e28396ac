"""How far the questions of each scale go together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.reporting import wording
from relsurvey.reporting.figures.reliability import USUAL_ALPHA, reliability_svg
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import MISSING, bounded, interval, number
from relsurvey.reporting.plain import plain
from relsurvey.reporting.views import Block, Figure, Paragraph, Section, Table

__all__ = ["reliability_rows", "reliability_section"]

Row = Mapping[Any, Any]
STATISTICS = (
    "alpha",
    "alpha_low",
    "alpha_high",
    "alpha_standardised",
    "lambda6",
    "mean_inter_item_r",
)


def reliability_rows(material: Material, one: SurveyMaterial) -> list[dict[Any, Any]]:
    """Return a survey's reliability, nothing in the rows of few people."""
    rows = one.survey.reliability.to_frame().to_dict("records")
    hidden = dict.fromkeys(STATISTICS, float("nan"))
    return [
        row if material.rules.allows(int(row["n"])) else {**row, **hidden, "note": "too few people"}
        for row in rows
    ]


def reliability_section(material: Material) -> Section:
    """Show alpha with its interval for every scale of both questionnaires."""
    groups = [(one, reliability_rows(material, one)) for one in material.surveys]
    blocks: list[Block] = [Paragraph(_finding(groups))]
    if any(math.isfinite(row["alpha"]) for _, rows in groups for row in rows):
        blocks.append(_figure(groups))
    blocks += [_table(material, one, rows) for one, rows in groups]
    blocks += [table for one in material.surveys for table in _item_table(material, one)]
    return Section("reliability", "Reliability", tuple(blocks))


def _finding(groups: list[tuple[SurveyMaterial, list[dict[Any, Any]]]]) -> str:
    known = [row for _, rows in groups for row in rows if math.isfinite(row["alpha"])]
    start = (
        "Cronbach's alpha says how far the questions of one scale go together, from 0 (not at "
        f"all) to 1; {bounded(USUAL_ALPHA)} or more is commonly asked where groups are compared."
    )
    if not known:
        return f"{start} It could not be shown for any scale."
    low = [row for row in known if row["alpha"] < USUAL_ALPHA]
    if not low:
        how_many = "The scale reaches" if len(known) == 1 else f"All {len(known)} scales reach"
        return f"{start} {how_many} it."
    names = wording.and_list([f"{plain(row['title'])} ({bounded(row['alpha'])})" for row in low])
    return f"{start} Below it: {names}."


def _figure(groups: list[tuple[SurveyMaterial, list[dict[Any, Any]]]]) -> Figure:
    words = "Cronbach's alpha with its interval: " + "; ".join(
        wording.alpha_words(plain(row["title"]), row["alpha"], row["alpha_low"], row["alpha_high"])
        for _, rows in groups
        for row in rows
    )
    drawn = [
        (one.role, f"{plain(one.survey.instrument.short_title)} ({one.people})", rows)
        for one, rows in groups
    ]
    return Figure(
        id="figure-reliability",
        title="Cronbach's alpha of each scale",
        alt=words + ".",
        svg=reliability_svg(drawn, "figure-reliability", words + "."),
        notes=(f"The dashed line marks {bounded(USUAL_ALPHA)}.",),
    )


def _table(material: Material, one: SurveyMaterial, rows: list[dict[Any, Any]]) -> Table:
    noted = any(row["note"] for row in rows)
    columns = (
        "Scale",
        "Items",
        "n",
        "Alpha",
        f"{material.level} interval",
        "Standardised alpha",
        "Lambda 6",
        "Mean inter-item r",
    )
    key = one.role.replace("_", "-")
    return Table(
        id=f"table-reliability-{key}",
        caption=f"Reliability of {plain(one.survey.instrument.short_title)}, {one.people}",
        columns=(*columns, "Note") if noted else columns,
        rows=tuple(_row(material, one, row, noted=noted) for row in rows),
        notes=(_missing_words(one),),
        text_columns=frozenset({0, len(columns)}),
    )


def _row(material: Material, one: SurveyMaterial, row: Row, *, noted: bool) -> tuple[str, ...]:
    cells = (
        plain(row["title"]),
        str(int(row["n_items"])),
        material.rules.count(int(row["n"]), one.role),
        bounded(row["alpha"]),
        interval(row["alpha_low"], row["alpha_high"], below_one=True),
        bounded(row["alpha_standardised"]),
        bounded(row["lambda6"]),
        bounded(row["mean_inter_item_r"]),
    )
    return (*cells, plain(row["note"])) if noted else cells


def _missing_words(one: SurveyMaterial) -> str:
    if one.survey.reliability.missing == "listwise":
        return "n: people who answered all questions of the scale; only they are used."
    return "n: people who answered at least one question; each pair of questions uses all it can."


def _item_table(material: Material, one: SurveyMaterial) -> Iterator[Table]:
    # An item of a composite is an item of one of its scales already.
    own = [scale.id for scale in one.survey.instrument.scales if scale.items]
    frame = one.survey.items.to_frame()
    rows = frame[frame["scale"].isin(own)].to_dict("records")
    if not any(material.rules.allows(int(row["n"])) for row in rows):
        return
    titles = {scale.id: plain(scale.title) for scale in one.survey.instrument.scales}
    key = one.role.replace("_", "-")
    yield Table(
        id=f"table-items-{key}",
        caption=f"Questions of {plain(one.survey.instrument.short_title)}, one by one",
        columns=(
            "Question",
            "Scale",
            "Mean",
            "SD",
            "Item-rest r",
            "Alpha without it",
            "Lowest answer",
            "Highest answer",
        ),
        rows=tuple(_item_row(material, one, row, titles) for row in rows),
        notes=(
            "After reverse-keying. Item-rest r: correlation of the question with the sum of the "
            "others of its scale. Alpha without it: what alpha would be if the question were "
            "dropped. Lowest and highest answer: share of people who gave it.",
        ),
        text_columns=frozenset({0, 1}),
        folded=True,
    )


def _item_row(
    material: Material, one: SurveyMaterial, row: Row, titles: Mapping[str, str]
) -> tuple[str, ...]:
    name = f"{row['item']}{' (R)' if row['reversed'] else ''}  {plain(row['gist'])}"
    scale = titles.get(row["scale"], str(row["scale"]))
    n = int(row["n"])
    if not material.rules.allows(n):
        return (name, scale, *[MISSING] * 6)
    return (
        name,
        scale,
        number(row["mean"]),
        number(row["sd"]),
        bounded(row["item_rest_r"]),
        bounded(row["alpha_if_dropped"]),
        *(_share(material, one, row[key], n) for key in ("floor", "ceiling")),
    )


def _share(material: Material, one: SurveyMaterial, share: float, n: int) -> str:
    if not math.isfinite(share):
        return MISSING
    return material.rules.share(round(share * n), n, one.role)
