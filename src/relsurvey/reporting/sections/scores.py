"""How people scored: each scale's distribution, and the answers to each item."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from relsurvey.instruments import Instrument
from relsurvey.reporting.disclosure import Disclosure, merged
from relsurvey.reporting.figures.answers import AnswerRow, Part, answers_drawing
from relsurvey.reporting.figures.scores import ScoreRow, scores_drawing
from relsurvey.reporting.labels import answer_labels
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import HALF, MISSING, number, percent, whole
from relsurvey.reporting.plain import plain
from relsurvey.reporting.summaries import ItemAnswers, ScoreSummary, bars_of
from relsurvey.views import Block, Cell, Figure, Paragraph, Section, Subheading, Table

__all__ = ["answer_parts", "answer_rows", "scores_section"]

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
    if one.withheld:
        yield Paragraph(
            f"Scores and answers of {one.people} are not shown: {one.withheld}, so that they "
            "would tell of single workers."
        )
        return
    told = [summary for summary in one.scores if rules.allows(summary.n)]
    if not told:
        yield Paragraph(f"Scores are not shown: {rules.few} {one.people} have one.")
        return
    yield Paragraph(_range_words(one, told))
    yield _score_figure(one, rules, told, f"figure-scores-{key}")
    yield _score_table(one, rules, f"table-scores-{key}")
    rows = list(answer_rows(one, rules))
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
    rows = [ScoreRow(s, bars_of(s, _codes(one), rules, one.role)) for s in one.scores]
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
        picture=scores_drawing(rows, one.role, _ends(one), name, words + "."),
        notes=(
            "The area of a bar is the share of people; very low bars are drawn a little higher, "
            "so that they can be seen. The diamond is the mean, the line one standard deviation "
            f"to each side. Bars with {rules.few} people are put together with their neighbours, "
            "and the outer bars reach to the ends of the scale whether or not anybody is there.",
        ),
    )


def _score_table(one: SurveyMaterial, rules: Disclosure, name: str) -> Table:
    with_pomp = any(np.isfinite(summary.pomp) for summary in one.scores)
    columns = ["Scale", "Range", "Items", "n", "Mean", "SD", "Lowest score", "Highest score"]
    if with_pomp:
        columns.insert(6, "% of maximum")
    return Table(
        id=name,
        caption=f"Scores of {one.people} on {plain(one.survey.instrument.short_title)}",
        columns=tuple(columns),
        rows=tuple(_score_row(one, rules, summary, with_pomp=with_pomp) for summary in one.scores),
        notes=(
            "SD: standard deviation. Lowest and highest score: share of people with the lowest "
            "and the highest score that is possible (floor and ceiling)."
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
    )


def answer_parts(answers: ItemAnswers, rules: Disclosure, role: str) -> tuple[Part, ...]:
    """Turn an item's answers into shares, few people put with neighbours.

    Each share is rounded by itself, so that equal counts have equal shares; together they may
    be a little less or more than 100.
    """
    if not rules.allows(answers.answered):
        return ()
    parts = []
    for group in merged(answers.counts, rules.threshold, empty=rules.zeros):
        people = sum(answers.counts[i] for i in group)
        # All answers together are those of everybody: that nobody is left tells of nobody.
        everything = len(group) == len(answers.counts)
        share = 1.0 if everything else rules.share_of(people, answers.answered, role)
        parts.append(Part(group, math.floor(100 * share + HALF), percent(share)))
    return tuple(parts)


def answer_rows(one: SurveyMaterial, rules: Disclosure) -> Iterator[AnswerRow]:
    """Turn every item's answers into a row of the figure, with no part of few people."""
    groups = _group_of_items(one.survey.instrument)
    for answers in one.answers:
        mark = " (R)" if answers.reverse else ""
        yield AnswerRow(
            label=f"{answers.id}{mark}  {plain(answers.gist)}",
            parts=answer_parts(answers, rules, one.role),
            aside=tuple(_short(rules, share) for share in _aside(one, rules, answers)),
            group=groups.get(answers.id, ""),
            reverse=answers.reverse,
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


def _group_of_items(instrument: Instrument) -> dict[str, str]:
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
    words = f"Answers to {len(told)} questions.{_ends_words(one, told)}"
    notes = [
        f"Answers as given, in percent of those who gave one; {_asides(one)} of all respondents, "
        f"“< {rules.threshold}” standing for {rules.few} people."
    ]
    if any(sum(part.percent for part in row.parts) not in {0, 100} for row in rows):
        notes.append("Each share is rounded by itself; together they need not be 100.")
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
        picture=answers_drawing(rows, labels, one.role, name, words),
        notes=tuple(notes),
    )


def _ends_words(one: SurveyMaterial, told: Sequence[AnswerRow]) -> str:
    """Say for which questions the answer that counts highest was given most and least often."""
    labels = answer_labels(one.survey.instrument)
    known = []
    for row in told:
        best = row.parts[0] if row.reverse else row.parts[-1]
        if len(best.codes) == 1:
            known.append((best.percent, plain(row.label)))
    turned = f" (“{labels[0]}” for a question marked (R))" if any(r.reverse for r in told) else ""
    start = f" The answer that counts highest, “{labels[-1]}”{turned},"
    if len(known) < 2:
        return f"{start} is put together with its neighbours for most of them."
    most, least = max(known), min(known)
    if most[0] == least[0]:
        return f"{start} was given as often to each question where it stands alone ({most[0]}%)."
    return (
        f"{start} was given most often to {most[1]} ({most[0]}%) and least often to {least[1]} "
        f"({least[0]}%)."
    )


def _answer_table(one: SurveyMaterial, rules: Disclosure, name: str) -> Table:
    labels = answer_labels(one.survey.instrument)
    aside = ("Does not apply", "No answer") if _can_not_apply(one) else ("No answer",)
    rows: list[Row] = []
    for answers in one.answers:
        parts = answer_parts(answers, rules, one.role)
        cells: Row = tuple(Cell(part.text, len(part.codes)) for part in parts) or (
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
            f"Shares of those who gave an answer, each rounded by itself; {_asides(one)} of all "
            "respondents.",
            *(
                (
                    "A cell over several answers holds them together, since "
                    f"{rules.few} people gave one of them.",
                )
                if any(isinstance(cell, Cell) and cell.span > 1 for row in rows for cell in row)
                else ()
            ),
        ),
        folded=True,
    )
