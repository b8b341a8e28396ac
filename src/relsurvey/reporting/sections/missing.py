"""Which answers are missing, by question, scale and reason."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import number, p_value
from relsurvey.reporting.plain import plain
from relsurvey.reporting.summaries import ItemAnswers
from relsurvey.text import and_list
from relsurvey.views import Block, Cell, Paragraph, Section, Subheading, Table

__all__ = ["MUCH_MISSING", "missing_section"]

MUCH_MISSING = 0.10
REASONS = {
    "unanswered": "Left open",
    "not_shown": "Not shown",
    "dont_know": "Do not know",
    "prefer_not": "Prefer not to say",
}


def missing_section(material: Material) -> Section:
    """Show the shares of answers that are missing or do not apply, reasons apart."""
    blocks: list[Block] = []
    for one in material.surveys:
        blocks += _survey(material, one)
    return Section("missing", "Missing answers", tuple(blocks))


def _survey(material: Material, one: SurveyMaterial) -> Iterator[Block]:
    rules, key = material.rules, one.role.replace("_", "-")
    title = plain(one.survey.instrument.title)
    yield Subheading(f"{title}: {one.people}")
    if one.withheld or not any(rules.allows(answers.asked) for answers in one.answers):
        why = one.withheld or f"{rules.few} {one.people} answered"
        yield Paragraph(f"Shares of missing answers of {one.people} are not shown: {why}.")
        return
    yield Paragraph(" ".join(filter(None, [_often(rules, one), _at_random(material, one)])))
    yield _scales(material, one, f"table-missing-scales-{key}")
    yield _items(material, one, f"table-missing-{key}")


def _often(rules: Disclosure, one: SurveyMaterial) -> str:
    """Name the questions that were left open often, by shares as they are shown."""
    often = [
        f"{answers.id} ({rules.share(answers.missing, answers.asked, one.role)})"
        for answers in one.answers
        if rules.share_of(answers.missing, answers.asked, one.role) > MUCH_MISSING
    ]
    if often:
        return f"More than {MUCH_MISSING:.0%} of {one.people} gave no answer to {and_list(often)}."
    return f"No question was left without an answer by more than {MUCH_MISSING:.0%}."


def _at_random(material: Material, one: SurveyMaterial) -> str:
    """Give Little's test, where those with and without missing answers are both many."""
    rules, found = material.rules, one.survey.quality.missing
    complete = int(found.patterns.loc[found.patterns["n_missing"] == 0, "count"].sum())
    if not math.isfinite(found.p_value):
        return ""
    if not (rules.allows(complete) and rules.allows(found.n - complete)):
        return (
            "Little's test of whether answers are missing completely at random (Little 1988) is "
            f"not shown: {rules.few} people answered everything, or left something open."
        )
    says = (
        "whether an answer is missing goes with the answers that were given"
        if found.p_value <= material.study.alpha
        else "it finds no sign that whether an answer is missing goes with the answers that were "
        "given, which is no proof that it does not"
    )
    single = int((found.patterns["count"] == 1).sum())
    rough = (
        " Most patterns of missing answers are of one person only, so that p is rough."
        if 2 * single > len(found.patterns)
        else ""
    )
    statistic = (
        f"chi-square {number(found.statistic, 1)} with {number(found.df, 0)} degrees of freedom, "
        if _tells_patterns(rules, one)
        else ""
    )
    return (
        "Little's test of whether answers are missing completely at random (Little 1988): "
        f"{statistic}{p_value(found.p_value)}; {says}.{rough}"
    )


def _tells_patterns(rules: Disclosure, one: SurveyMaterial) -> bool:
    """Say whether degrees of freedom, and what goes with them, may be shown.

    They count how many answers each pattern of missing ones has: from them follows how many
    people left something open, and whether each question was left open by one of them only.
    """
    return not rules.rounds(one.role) and not any(rules.is_small(a.missing) for a in one.answers)


def _scales(material: Material, one: SurveyMaterial, name: str) -> Table:
    """Tabulate who has all answers and who has no score; both counts are in other tables too."""
    rules, listwise = material.rules, one.survey.reliability.missing == "listwise"
    complete = {
        str(row["scale"]): int(row["n"])
        for row in one.survey.reliability.to_frame().to_dict("records")
    }
    return Table(
        id=name,
        caption=f"Missing answers by scale of {plain(one.survey.instrument.short_title)}",
        columns=(
            "Scale",
            "Questions",
            *(("Answered every question",) if listwise else ()),
            "No score: too few answered",
        ),
        rows=tuple(
            (
                plain(s.scale.title),
                str(s.n_items),
                *(
                    (rules.share(complete.get(s.scale.id, 0), s.n_total, one.role),)
                    if listwise
                    else ()
                ),
                rules.share(s.n_total - s.n, s.n_total, one.role),
            )
            for s in one.scores
        ),
        notes=(f"Shares of all {one.people} whose answers are used.",),
    )


def _items(material: Material, one: SurveyMaterial, name: str) -> Table:
    reasons = _reasons(one)
    columns = ("Question", *(("Does not apply",) if _can_not_apply(one) else ()))
    rows = tuple(_item(material, one, answers, reasons) for answers in one.answers)
    return Table(
        id=name,
        caption=f"Missing answers to each question of {plain(one.survey.instrument.short_title)}",
        columns=(*columns, *(REASONS[reason] for reason in reasons)),
        rows=rows,
        notes=tuple(_about_items(material, one, rows)),
        folded=True,
    )


def _about_items(
    material: Material, one: SurveyMaterial, rows: Sequence[tuple[str | Cell, ...]]
) -> Iterator[str]:
    yield f"Shares of all {one.people}."
    if _can_not_apply(one):
        yield "“Does not apply” is an answer and counts as no gap."
    if any(isinstance(cell, Cell) for row in rows for cell in row):
        yield (
            f"A cell over several reasons holds them together, since {material.rules.few} people "
            "gave one of them."
        )


def _can_not_apply(one: SurveyMaterial) -> bool:
    return bool(one.survey.instrument.response_scale.not_applicable)


def _reasons(one: SurveyMaterial) -> tuple[str, ...]:
    """Return the reasons that occur; an open question is always there."""
    there = set(one.survey.responses.reasons.to_numpy().ravel())
    return tuple(reason for reason in REASONS if reason == "unanswered" or reason in there)


def _item(
    material: Material, one: SurveyMaterial, answers: ItemAnswers, reasons: tuple[str, ...]
) -> tuple[str | Cell, ...]:
    rules, role = material.rules, one.role
    aside = (
        (rules.share(answers.not_applicable, answers.asked, role),) if _can_not_apply(one) else ()
    )
    label = f"{answers.id}  {plain(answers.gist)}"
    counts = _counts(one, answers.id, reasons)
    # With the whole known, the others would give a small one away: then all stand together.
    apart = sum(counts.values()) == answers.missing and not any(
        rules.is_small(count) for count in counts.values()
    )
    if len(reasons) > 1 and not apart:
        together = rules.share(answers.missing, answers.asked, role)
        return (label, *aside, Cell(together, len(reasons)))
    if len(reasons) == 1:
        return (label, *aside, rules.share(answers.missing, answers.asked, role))
    return (label, *aside, *(rules.share(n, answers.asked, role) for n in counts.values()))


def _counts(one: SurveyMaterial, item: str, reasons: tuple[str, ...]) -> Mapping[str, int]:
    column = one.survey.responses.reasons[item]
    return {reason: int((column == reason).sum()) for reason in reasons}
