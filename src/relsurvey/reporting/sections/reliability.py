"""How far the questions of each scale go together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from relsurvey.reporting import wording
from relsurvey.reporting.disclosure import Disclosure, uncounted
from relsurvey.reporting.figures.reliability import USUAL_ALPHA, reliability_drawing
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import MISSING, beside, bounded, interval, number
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.measurement import criteria_tables, further_tables
from relsurvey.reporting.sections.scores import answer_parts
from relsurvey.reporting.summaries import ItemAnswers
from relsurvey.text import and_list
from relsurvey.views import Block, Figure, Paragraph, Section, Table

__all__ = ["item_cells", "reliability_rows", "reliability_section"]

Row = Mapping[Any, Any]
MOST_OF_THEM = 2 / 3
STATISTICS = (
    "alpha",
    "alpha_low",
    "alpha_high",
    "alpha_standardised",
    "omega_total",
    "lambda6",
    "mean_inter_item_r",
    "split_half_all_min",
    "split_half_all_mean",
    "split_half_all_max",
    "ordinal_alpha",
    "ordinal_omega",
    "omega_hierarchical_second_order",
    "omega_hierarchical_bifactor",
    "sem",
    "mdc95",
)


def reliability_rows(material: Material, one: SurveyMaterial) -> list[dict[Any, Any]]:
    """Return a survey's reliability, nothing in the rows of few people or of one worker's."""
    rows = one.survey.reliability.to_frame().to_dict("records")
    hidden = dict.fromkeys(STATISTICS, float("nan"))
    why = "withheld" if one.withheld else "too few people"
    return [
        {**row, **hidden, "note": why}
        if one.withheld or not material.rules.allows(int(row["n"]))
        else {**row, **_interval_shown(material, one, row), "note": uncounted(str(row["note"]))}
        for row in rows
    ]


def _interval_shown(material: Material, one: SurveyMaterial, row: Row) -> dict[str, float]:
    """Return alpha's interval for the number of people shown: from its width follows theirs."""
    low, high = row["alpha_low"], row["alpha_high"]
    if material.rules.rounds(one.role) and math.isfinite(low):
        # Its functions of F take their time to load, and reports of many people need none.
        from relsurvey.psychometrics.consistency import feldt_interval

        n, level = material.rules.shown(int(row["n"]), one.role), one.survey.reliability.confidence
        low, high = feldt_interval(row["alpha"], n, int(row["n_items"]), level)
    return {"alpha_low": low, "alpha_high": high}


def reliability_section(material: Material) -> Section:
    """Show alpha with its interval for every scale of both questionnaires."""
    groups = [(one, reliability_rows(material, one)) for one in material.surveys]
    blocks: list[Block] = [Paragraph(_finding(groups))]
    if any(math.isfinite(row["alpha"]) for _, rows in groups for row in rows):
        blocks.append(_figure(groups))
    for one, rows in groups:
        blocks.append(_table(material, one, rows))
        blocks += further_tables(one, rows)
    blocks += criteria_tables(groups)
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
        whole = sum(len(rows) for _, rows in groups)
        shown = "" if len(known) == whole else " shown"
        how_many = {1: f"The scale{shown} reaches", 2: f"Both scales{shown} reach"}
        return f"{start} {how_many.get(len(known), f'All {len(known)} scales{shown} reach')} it."
    names = and_list(
        [f"{plain(row['title'])} ({beside(row['alpha'], USUAL_ALPHA)})" for row in low]
    )
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
        picture=reliability_drawing(drawn, "figure-reliability", words + "."),
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
        "Omega total",
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
        notes=(
            _missing_words(one),
            *_rounded_words(material, one),
            *_withheld_words(one),
            *_few_complete(material, one, rows),
        ),
        text_columns=frozenset({0, len(columns)}),
    )


def _row(material: Material, one: SurveyMaterial, row: Row, *, noted: bool) -> tuple[str, ...]:
    cells = (
        plain(row["title"]),
        str(int(row["n_items"])),
        material.rules.count(int(row["n"]), one.role),
        beside(row["alpha"], USUAL_ALPHA),
        interval(row["alpha_low"], row["alpha_high"], below_one=True),
        bounded(row["omega_total"]),
        bounded(row["alpha_standardised"]),
        bounded(row["lambda6"]),
        bounded(row["mean_inter_item_r"]),
    )
    return (*cells, plain(row["note"])) if noted else cells


def _missing_words(one: SurveyMaterial) -> str:
    if one.survey.reliability.missing == "listwise":
        return "n: people who answered all questions of the scale; only they are used."
    return (
        "n: the smallest number of people who answered both questions of a pair; each pair of "
        "questions uses all who answered both."
    )


def _rounded_words(material: Material, one: SurveyMaterial) -> Iterator[str]:
    if material.rules.rounds(one.role):
        yield (
            "The intervals are those for the rounded number of people, so that the exact one "
            "cannot be worked out."
        )


def _withheld_words(one: SurveyMaterial) -> Iterator[str]:
    if one.withheld:
        yield f"Figures of {one.people} are withheld: {one.withheld}."


def _few_complete(material: Material, one: SurveyMaterial, rows: Sequence[Row]) -> Iterator[str]:
    """Say which scales' figures rest on a part of the respondents only."""
    if one.survey.reliability.missing != "listwise":
        return
    for row in rows:
        n, total = int(row["n"]), int(row["n_total"])
        if math.isfinite(row["alpha"]) and n < MOST_OF_THEM * total:
            yield (
                f"{plain(row['title'])}: alpha rests on {material.rules.spoken(n, one.role)} of "
                f"{material.rules.spoken(total, one.role)} {one.people}, since one question "
                "without an answer leaves a person out. They may differ from the others."
            )


def _item_table(material: Material, one: SurveyMaterial) -> Iterator[Table]:
    if one.withheld:
        return
    # An item of a composite is an item of one of its scales already.
    own = [scale.id for scale in one.survey.instrument.scales if scale.items]
    frame = one.survey.items.to_frame()
    rows = frame[frame["scale"].isin(own)].to_dict("records")
    if not any(material.rules.allows(int(row["n"])) for row in rows):
        return
    titles = {scale.id: plain(scale.title) for scale in one.survey.instrument.scales}
    key = one.role.replace("_", "-")
    cells = tuple(_item_row(material, one, row, titles) for row in rows)
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
        rows=cells,
        notes=_item_notes(material, one, cells),
        text_columns=frozenset({0, 1}),
        folded=True,
    )


def _item_notes(
    material: Material, one: SurveyMaterial, cells: Sequence[tuple[str, ...]]
) -> tuple[str, ...]:
    base = (
        "people who answered all questions of the scale"
        if one.survey.reliability.missing == "listwise"
        else "all pairs of answers"
    )
    return (
        "After reverse-keying. Mean, SD, lowest and highest answer: of all who answered the "
        f"question. Item-rest r (correlation of the question with the sum of the others of its "
        f"scale) and alpha without it (what alpha would be if the question were dropped): from "
        f"{base}.",
        *(
            (
                f"{MISSING}: not shown. Where {material.rules.few} people gave one of the answers, "
                "its share is together with the neighbouring one in the table of answers; mean and "
                "SD would give it away, also those of the other questions of the scale.",
            )
            if any(MISSING in row for row in cells)
            else ()
        ),
    )


def _item_row(
    material: Material, one: SurveyMaterial, row: Row, titles: Mapping[str, str]
) -> tuple[str, ...]:
    rules = material.rules
    instrument = one.survey.instrument
    known = {answers.id: answers for answers in one.answers}
    mean, sd, lowest, highest = item_cells(
        known[str(row["item"])],
        [known[item] for item in instrument.items_of(str(row["scale"]))],
        [float(code.value) for code in instrument.response_scale.codes],
        rules,
        one.role,
    )
    told = rules.allows(int(row["n"]))
    return (
        f"{row['item']}{' (R)' if row['reversed'] else ''}  {plain(row['gist'])}",
        titles.get(row["scale"], str(row["scale"])),
        mean,
        sd,
        bounded(row["item_rest_r"]) if told else MISSING,
        bounded(row["alpha_if_dropped"]) if told else MISSING,
        lowest,
        highest,
    )


def item_cells(
    answers: ItemAnswers,
    of_scale: Sequence[ItemAnswers],
    codes: Sequence[float],
    rules: Disclosure,
    role: str,
) -> tuple[str, str, str, str]:
    """Write an item's mean, SD, and shares of the lowest and the highest answer, after keying.

    Parameters
    ----------
    answers : ItemAnswers
        The item.
    of_scale : sequence of ItemAnswers
        All items of its scale.
    codes : sequence of float
        Of the answers, in order.
    rules : Disclosure
        What may be shown.
    role : str
        Whose answers they are.

    Returns
    -------
    tuple of str
        Mean and SD where the whole scale allows them; shares as the table of answers has them,
        none where it has them together with others.
    """
    exact = rules.allows_moments([one.counts for one in of_scale], role)
    mean, sd = answers.moments(codes)
    parts = answer_parts(answers, rules, role)
    ends = [part.text if len(part.codes) == 1 else MISSING for part in (*parts[:1], *parts[-1:])]
    lowest, highest = (ends[::-1] if answers.reverse else ends) or (MISSING, MISSING)
    return (
        number(mean) if exact else MISSING,
        number(sd) if exact else MISSING,
        lowest,
        highest,
    )
