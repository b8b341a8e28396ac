"""How people scored: each scale's distribution, and the answers to each item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from relsurvey.reporting.disclosure import Disclosure, merged
from relsurvey.reporting.figures.answers import AnswerRow, Part, answers_svg
from relsurvey.reporting.figures.scores import ScoreRow, scores_svg
from relsurvey.reporting.labels import answer_labels
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import MISSING, number, whole
from relsurvey.reporting.plain import plain
from relsurvey.reporting.subject import InstrumentLike
from relsurvey.reporting.summaries import ItemAnswers, ScoreSummary, bars_of
from relsurvey.reporting.views import Block, Cell, Figure, Paragraph, Section, Subheading, Table

__all__ = ["answer_parts", "scores_section"]

Row = tuple[str | Cell, ...]


def scores_section(material: Material) -> Section:
    """Show scores and answers of both questionnaires."""
    blocks: list[Block] = []
    for one in material.surveys:
        blocks += _survey_blocks(one, material.rules)
    return Section("scores", "Scores", tuple(blocks))


def _survey_blocks(one: SurveyMaterial, rules: Disclosure) -> Iterator[Block]:
    instrument = one.survey.instrument
    key = one.role.replace("_", "-")
    yield Subheading(f"{plain(instrument.title)}: {one.people}")
    told = [summary for summary in one.scores if rules.allows(summary.n)]
    if not told:
        yield Paragraph(f"Scores are not shown: {rules.few} {one.people} have one.")
        return
    yield Paragraph(_range_words(one, told))
    yield _score_figure(one, rules, told, f"figure-scores-{key}")
    yield _score_table(one, rules, f"table-scores-{key}")
    rows = list(_answer_rows(one, rules))
    if any(row.parts for row in rows):
        yield _answer_figure(one, rules, rows, f"figure-answers-{key}")
        yield _answer_table(one, rules, f"table-answers-{key}")


def _range_words(one: SurveyMaterial, told: Sequence[ScoreSummary]) -> str:
    ordered = sorted(told, key=lambda summary: summary.mean)
    lowest, highest = ordered[0], ordered[-1]
    first = (
        f"{plain(one.survey.instrument.short_title)} asks {len(one.survey.instrument.item_ids)} "
        f"questions, answered from {whole(_codes(one)[0])} ({_ends(one)[0]}) to "
        f"{whole(_codes(one)[-1])} ({_ends(one)[1]})."
    )
    if lowest is highest:
        return f"{first} The mean of {plain(lowest.scale.title)} is {number(lowest.mean)}."
    if len({(summary.scale.minimum, summary.scale.maximum) for summary in told}) > 1:
        return f"{first} Its scales have different ranges, so that their means do not compare."
    return (
        f"{first} Means run from {number(lowest.mean)} ({plain(lowest.scale.title)}) to "
        f"{number(highest.mean)} ({plain(highest.scale.title)})."
    )


def _codes(one: SurveyMaterial) -> list[float]:
    return [float(code.value) for code in one.survey.instrument.response_scale.codes]


def _ends(one: SurveyMaterial) -> tuple[str, str]:
    labels = answer_labels(one.survey.instrument)
    return labels[0], labels[-1]


def _score_figure(
    one: SurveyMaterial, rules: Disclosure, told: Sequence[ScoreSummary], name: str
) -> Figure:
    rows = [ScoreRow(s, bars_of(s, _codes(one), rules.threshold)) for s in one.scores]
    short_title = plain(one.survey.instrument.short_title)
    words = "Mean scores (standard deviation): " + "; ".join(
        f"{plain(s.scale.title)} {number(s.mean)} ({number(s.sd)}) on a scale from "
        f"{whole(s.scale.minimum)} to {whole(s.scale.maximum)}"
        for s in told
    )
    return Figure(
        id=name,
        title=f"How {one.people} scored on each scale of {short_title}",
        alt=words + ".",
        svg=scores_svg(rows, one.role, _ends(one), name, words + "."),
        notes=(
            "The area of a bar is the share of people. The diamond is the mean, the line one "
            f"standard deviation to each side. Bars with {rules.few} people are put together "
            "with their neighbours.",
        ),
    )


def _score_table(one: SurveyMaterial, rules: Disclosure, name: str) -> Table:
    with_pomp = any(np.isfinite(summary.pomp) for summary in one.scores)
    columns = ["Scale", "Range", "Items", "n", "Mean", "SD", "Lowest score", "Highest score"]
    columns.append("No score")
    if with_pomp:
        columns.insert(6, "% of maximum")
    return Table(
        id=name,
        caption=f"Scores of {one.people} on {plain(one.survey.instrument.short_title)}",
        columns=tuple(columns),
        rows=tuple(_score_row(one, rules, summary, with_pomp=with_pomp) for summary in one.scores),
        notes=(
            "SD: standard deviation. Lowest and highest score: share of people with the lowest "
            "and the highest score that is possible (floor and ceiling). No score: too few "
            "questions answered."
            + (" % of maximum: the mean put on a scale from 0 to 100." if with_pomp else ""),
        ),
    )


def _score_row(
    one: SurveyMaterial, rules: Disclosure, summary: ScoreSummary, *, with_pomp: bool
) -> Row:
    scale, role = summary.scale, one.role
    told = rules.allows(summary.n)
    values = [number(summary.mean), number(summary.sd)] if told else [MISSING, MISSING]
    pomp = [number(summary.pomp, 0) if told else MISSING] if with_pomp else []
    return (
        plain(scale.title),
        f"{whole(scale.minimum)} to {whole(scale.maximum)}",
        str(summary.n_items),
        rules.count(summary.n, role),
        *values,
        *pomp,
        rules.share(summary.floor, summary.n, role),
        rules.share(summary.ceiling, summary.n, role),
        rules.share(summary.n_total - summary.n, summary.n_total, role),
    )


def answer_parts(answers: ItemAnswers, threshold: int) -> tuple[Part, ...]:
    """Turn an item's answers into shares that add up to 100, few people put with neighbours."""
    if answers.answered < max(threshold, 1):
        return ()
    groups = merged(answers.counts, threshold)
    sums = np.array([sum(answers.counts[i] for i in group) for group in groups])
    exact = 100 * sums / sums.sum()
    shares = np.floor(exact).astype(int)
    # Largest remainders, so that rounded shares fill the bar.
    for position in np.argsort(shares - exact, kind="stable")[: 100 - int(shares.sum())]:
        shares[position] += 1
    return tuple(Part(group, int(share)) for group, share in zip(groups, shares, strict=True))


def _answer_rows(one: SurveyMaterial, rules: Disclosure) -> Iterator[AnswerRow]:
    groups = _group_of_items(one.survey.instrument)
    for answers in one.answers:
        mark = " (R)" if answers.reverse else ""
        yield AnswerRow(
            label=f"{answers.id}{mark}  {plain(answers.gist)}",
            parts=answer_parts(answers, rules.threshold),
            aside=tuple(_short(rules, share) for share in _aside(one, rules, answers)),
            group=groups.get(answers.id, ""),
        )


def _aside(one: SurveyMaterial, rules: Disclosure, answers: ItemAnswers) -> tuple[str, ...]:
    """Return the shares without an answer on the scale; "does not apply" where it can be said."""
    missing = rules.share(answers.missing, answers.asked, one.role)
    if not _can_not_apply(one):
        return (missing,)
    return rules.share(answers.not_applicable, answers.asked, one.role), missing


def _can_not_apply(one: SurveyMaterial) -> bool:
    return bool(one.survey.instrument.response_scale.not_applicable)


def _asides(one: SurveyMaterial) -> str:
    return (
        "“does not apply” and “no answer” are shares"
        if _can_not_apply(one)
        else ("“no answer” is a share")
    )


def _short(rules: Disclosure, share: str) -> str:
    return f"< {rules.threshold}" if share == rules.few else share


def _group_of_items(instrument: InstrumentLike) -> dict[str, str]:
    """Return the title of the first scale that names each item itself."""
    groups: dict[str, str] = {}
    for scale in instrument.scales:
        for item in scale.items:
            groups.setdefault(item, plain(scale.title))
    return groups


def _answer_figure(
    one: SurveyMaterial, rules: Disclosure, rows: Sequence[AnswerRow], name: str
) -> Figure:
    labels = answer_labels(one.survey.instrument)
    told = [row for row in rows if row.parts]
    tops = [(_top(row, len(labels)), row.label) for row in told]
    most, least = max(tops), min(tops)
    words = (
        f"Answers to {len(told)} questions. “{labels[-1]}” was chosen most often for "
        f"{most[1]} ({most[0]}%) and least often for {least[1]} ({least[0]}%)."
    )
    notes = [
        f"Answers as given, in percent of those who gave one; {_asides(one)} of all respondents, "
        f"“< {rules.threshold}” standing for {rules.few} people."
    ]
    if any(len(part.codes) > 1 for row in rows for part in row.parts):
        notes.append("Hatched: neighbouring answers put together, since few people gave one.")
    if any(answers.reverse for answers in one.answers):
        notes.append(
            "(R): reverse-keyed, a low answer is the better one; it is turned round for scoring."
        )
    return Figure(
        id=name,
        title=f"What {one.people} answered to each question of "
        f"{plain(one.survey.instrument.short_title)}",
        alt=words,
        svg=answers_svg(rows, labels, one.role, name, words),
        notes=tuple(notes),
    )


def _top(row: AnswerRow, count: int) -> int:
    """Return the percent of the highest answer; of what it is put together with, if it is."""
    return next((part.percent for part in row.parts if count - 1 in part.codes), 0)


def _answer_table(one: SurveyMaterial, rules: Disclosure, name: str) -> Table:
    labels = answer_labels(one.survey.instrument)
    aside = ("Does not apply", "No answer") if _can_not_apply(one) else ("No answer",)
    rows: list[Row] = []
    for answers in one.answers:
        parts = answer_parts(answers, rules.threshold)
        cells: Row = tuple(Cell(f"{part.percent}%", len(part.codes)) for part in parts) or (
            Cell(rules.few, len(labels)),
        )
        rows.append(
            (
                f"{answers.id}{' (R)' if answers.reverse else ''}  {plain(answers.gist)}",
                *cells,
                *_aside(one, rules, answers),
            )
        )
    return Table(
        id=name,
        caption=f"Answers of {one.people} to each question, the figure in numbers",
        columns=("Question", *labels, *aside),
        rows=tuple(rows),
        notes=(
            f"Shares of those who gave an answer; {_asides(one)} of all respondents. A "
            f"cell over several answers holds them together, since {rules.few} "
            "people gave one of them.",
        ),
        folded=True,
    )
