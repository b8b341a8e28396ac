"""Who was left out by rules on their answers, and the main result with and without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relsurvey.association import AssociationResult
from relsurvey.reporting.disclosure import uncounted
from relsurvey.reporting.labels import outcome_label, predictor_label
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import MISSING, interval, number, places
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.estimates import p_cell
from relsurvey.text import and_list
from relsurvey.views import Block, Paragraph, Section, Table

__all__ = ["exclusions_section", "spoken_rule"]

TITLE = "Answers left out"
Row = tuple[str, ...]


def exclusions_section(material: Material) -> Section | None:
    """Show what the exclusions did; there is no such section where the plan names no rule."""
    named = [one for one in material.surveys if one.survey.excluded]
    if not named:
        return None
    blocks: list[Block] = [Paragraph(" ".join(_told(material, one) for one in named))]
    blocks.append(_rules(material, named))
    gone = [sum(one.survey.excluded.values()) for one in named]
    # Where nobody is a small count, a table that is there only for somebody would tell.
    if material.study.everyone or all(material.rules.is_small(count) for count in gone):
        blocks += _compared(material, next(iter(material.study.everyone), None))
    elif any(gone):
        blocks.append(
            Paragraph(
                "The association with everybody who answered could not be computed, so that what "
                "leaving them out did to it is not known."
            )
        )
    return Section("answers-left-out", TITLE, tuple(blocks))


def _told(material: Material, one: SurveyMaterial) -> str:
    counts, rules, role = one.survey.excluded, material.rules, one.role
    total = sum(counts.values())
    judged = {row["rule"] for row in one.survey.rules_named if row["judged"]}
    if not total and not rules.is_small(total):
        names = and_list([spoken_rule(name) for name in counts])
        idle = "" if judged >= set(counts) else " Not every rule could be judged."
        return f"Of the {one.people}, nobody was left out (rules named: {names}).{idle}"
    parts = [
        f"{spoken_rule(name)}: {rules.count(n, role) if name in judged else 'not judged'}"
        for name, n in counts.items()
    ]
    each = "" if len(parts) == 1 else ", each counted under the first rule that applies"
    return (
        f"Of {rules.count(one.survey.n_answered, role)} {one.people} who answered, "
        f"{rules.total(counts.values(), role)} were left out by rules that the study file names "
        f"({'; '.join(parts)}{each})."
    )


def _rules(material: Material, named: Sequence[SurveyMaterial]) -> Table:
    """State every rule as it was applied: in words, from where on, whose it is."""
    rows = [
        (
            one.people,
            spoken_rule(row["rule"]),
            plain(str(row["looks_at"])),
            f"{row['threshold']:g}",
            plain(str(row["source"])),
            material.rules.count(one.survey.excluded[row["rule"]], one.role)
            if row["judged"]
            else f"not judged: {plain(uncounted(str(row['note'])))}",
        )
        for one in named
        for row in one.survey.rules_named
    ]
    return Table(
        id="table-rules",
        caption="The rules by which somebody was to be left out",
        columns=("Survey", "Rule", "Left out where", "Threshold", "Source", "Left out"),
        rows=tuple(rows),
        notes=("Each person is counted under the first rule that applies.",),
    )


def spoken_rule(rule: str) -> str:
    """Return a rule's name as a sentence has it."""
    return plain(rule.replace("_", " "))


def _compared(material: Material, everyone: AssociationResult | None) -> Iterator[Block]:
    primary = material.study.primary
    outcome = outcome_label(material.study, primary.outcome).in_caption.title
    predictor = predictor_label(material.study, primary.predictor).in_caption.title
    yield Table(
        id="table-exclusions",
        caption=f"Primary association with and without those left out: {outcome} on the worker's "
        f"{predictor}",
        columns=(
            "Analysis",
            "Slope",
            f"{material.level} interval",
            "Standardised",
            "p",
            "Workers",
            "Service users",
        ),
        rows=(
            _row(material, "Without them (primary)", primary),
            _everybody(material, everyone),
        ),
        notes=(
            "The analysis without them is the primary one: every other figure of this report is "
            "from it. The other one is there to show what leaving them out did.",
        ),
    )
    yield Paragraph(
        "An unusual way of answering need not be careless. People with little schooling, or who "
        "answer in a second language or with help, are flagged more often, and so are people who "
        "are content with everything; outliers are often people who had a bad experience, and "
        "leaving them out makes a result look better. Where the two rows differ, that has to be "
        "asked about."
    )


def _everybody(material: Material, everyone: AssociationResult | None) -> Row:
    """Return the row with everybody, unless the two rows together would tell of a few people."""
    name = "With everybody who answered"
    if everyone is None or _few_more(material, everyone):
        few = f"{name} (withheld: {material.rules.few} more in it)"
        return (few, *[MISSING] * 6)
    return _row(material, name, everyone)


def _few_more(material: Material, everyone: AssociationResult) -> bool:
    primary = material.study.primary
    apart = (
        everyone.n_workers - primary.n_workers,
        everyone.n_service_users - primary.n_service_users,
    )
    return any(material.rules.is_small(abs(count)) for count in apart)


def _row(material: Material, name: str, one: AssociationResult) -> Row:
    counts = (
        material.rules.count(one.n_workers, "worker"),
        material.rules.count(one.n_service_users, "service_user"),
    )
    if not material.tells(one):
        return (name, *[MISSING] * 4, *counts)
    digits = places((one.slope_high - one.slope_low) / 2)
    return (
        name,
        number(one.slope, digits),
        interval(one.slope_low, one.slope_high, digits),
        number(one.slope_standardised),
        p_cell(one.p_value),
        *counts,
    )
