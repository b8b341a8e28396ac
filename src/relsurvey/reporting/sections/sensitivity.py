"""What could fool us: the primary association with one thing changed at a time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from relsurvey.reporting.disclosure import side_by_side
from relsurvey.reporting.figures.sensitivity import (
    sensitivity_drawing,
    singles_out,
    slopes_shown,
)
from relsurvey.reporting.labels import covariate_title, outcome_label, predictor_label
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, interval, number, p_value, places
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.estimates import p_cell
from relsurvey.sensitivity import SensitivityResult
from relsurvey.sensitivity.check import SLOPE, Check, Version
from relsurvey.sensitivity.checks.who_is_missing import DIFFERENCE, FEW_WORKERS
from relsurvey.sensitivity.slope import Slope
from relsurvey.sensitivity.verdicts import versions_sentence
from relsurvey.text import and_list
from relsurvey.views import Block, Bullets, Figure, Paragraph, Section, Table

__all__ = ["sensitivity_section", "shown_counts", "without_near_ones"]

TITLE = "What could fool us"
Pair = tuple[Check, Version]
SAID = {
    "no": "the same",
    "verdict": "another verdict",
    "direction": "another direction",
    "no interval": "same direction, no interval",
    "not estimated": "cannot be estimated",
}


def sensitivity_section(material: Material) -> Section:
    """Show the checks in plain words, and each slope beside the primary one."""
    return Section("sensitivity", TITLE, tuple(_blocks(material)))


def _blocks(material: Material) -> Iterator[Block]:
    found = material.study.sensitivity
    if found is None:
        yield Paragraph("No check of the main result was asked for, or none could be run.")
        return
    if not material.tells(material.study.primary):
        yield Paragraph(
            "The checks are withheld, as the main result is: it rests on too few people."
        )
        return
    shown, hidden = without_near_ones(found, material.rules.threshold)
    pairs = slopes_shown(shown)
    yield Paragraph(_finding(shown, pairs))
    run = [check for check in shown.checks if not check.needs]
    if run:
        yield Bullets(tuple((_upper(check.question), _told(material, check)) for check in run))
    if pairs or hidden:
        yield _figure(material, shown, pairs)
        yield _table(material, shown, pairs, hidden)
    yield from _other_table(material, shown)
    yield from _not_run_table(material, shown)


def without_near_ones(
    found: SensitivityResult, threshold: int
) -> tuple[SensitivityResult, tuple[Pair, ...]]:
    """Take out the slopes of nearly the same people as another one, which tell of the few.

    Parameters
    ----------
    found : SensitivityResult
        All checks.
    threshold : int
        Fewest people of whom something is said.

    Returns
    -------
    SensitivityResult
        The checks without these slopes; what is said of a check is of the others alone.
    tuple of (Check, Version)
        The slopes taken out.
    """
    pairs = slopes_shown(found)
    people = [_people(found.primary), *(_people(version.found) for _, version in pairs)]
    told = side_by_side(people, max(threshold, found.threshold))[1:]
    hidden = tuple(pair for pair, kept in zip(pairs, told, strict=True) if not kept)
    out = {id(version) for _, version in hidden}
    checks = tuple(_without(check, out, found.primary) for check in found.checks)
    return replace(found, checks=checks), hidden


def _people(slope: Slope) -> tuple[float, float]:
    return slope.n_workers, slope.n_service_users


def _without(check: Check, out: set[int], primary: Slope) -> Check:
    """Return a check without some of its versions, and with a sentence that is not of them."""
    kept = tuple(version for version in check.versions if id(version) not in out)
    if len(kept) == len(check.versions):
        return check
    said = versions_sentence(kept, primary)
    hidden = [version.name for version in check.versions if id(version) in out]
    withheld = f"Withheld, since few people differ: {and_list(hidden)}."
    return replace(check, versions=kept, sentence=f"{said} {withheld}".strip())


def _upper(text: str) -> str:
    text = plain(text)
    return text[:1].upper() + text[1:]


def _finding(found: SensitivityResult, pairs: Sequence[Pair]) -> str:
    first = (
        "Each check changes one thing about the main analysis and asks whether the answer is "
        "still the same. A check can show that a result hangs on a choice; none can show that "
        "one thing is the reason for the other."
    )
    if not pairs:
        return f"{first} No other slope could be computed."
    said = [version.changed(found.primary) for _, version in pairs]
    same, turned = said.count("no"), said.count("direction")
    direction = len(pairs) - turned
    count = "The one slope" if len(pairs) == 1 else f"Of {len(pairs)} slopes"
    if len(pairs) == 1:
        words = "says the same" if same else "has the same direction but another verdict"
        return f"{first} {count} below {'has another direction' if turned else words}."
    return (
        f"{first} {count} below, {direction} have the direction of the primary one, and {same} "
        "of these also its verdict (whether the interval lies above zero, below it, or holds it)."
    )


def _told(material: Material, check: Check) -> str:
    """Return what a check found, its numbers and scores written as the rest of the report is."""
    text = _sentence(check)
    for version in check.versions:
        title = _version_title(material, version)
        if title != plain(version.name):
            name = rf"(?<!\w){re.escape(plain(version.name))}(?!\w)"
            text = re.sub(name, title.replace("\\", r"\\"), text)
    text = re.sub(r"p = (\.\d+)", lambda found: p_value(float(found[1])), text)
    return re.sub(r"(?<![\w.])-(?=\d)", "−", text)


def _version_title(material: Material, version: Version) -> str:
    """Name a version; where it is a column of the study, by what that is called."""
    if version.quantity == DIFFERENCE:
        return covariate_title(material.study, version.name)
    return plain(version.name)


def _sentence(check: Check) -> str:
    """Return what a check found, with nothing that follows from one worker or one team."""
    if not singles_out(check):
        return plain(check.sentence)
    unit = check.name.split()[1]
    counts = {
        version.name.split()[0]: version.found.estimate
        for version in check.versions
        if version.quantity != SLOPE
    }
    if "verdict" not in counts:
        return f"This cannot be tried: the model needs every {unit}."
    if counts["sign"]:
        return f"Leaving out a single {unit} can turn the direction: the result hangs on it."
    if counts["verdict"]:
        return (
            f"The direction stays the same, but leaving out a single {unit} can change the verdict."
        )
    return f"Whichever {unit} is left out, direction and verdict stay the same."


def _figure(material: Material, found: SensitivityResult, pairs: Sequence[Pair]) -> Figure:
    words = f"{_finding(found, pairs).rpartition('reason for the other. ')[2]}"
    outcome = outcome_label(material.study, found.outcome).in_sentence.title
    predictor = predictor_label(material.study, found.predictor).in_sentence.title
    return Figure(
        id="figure-sensitivity",
        title=f"Slope of {outcome} on {predictor}, with one thing changed at a time",
        alt=words,
        picture=sensitivity_drawing(found, "figure-sensitivity", words),
        notes=(
            "Diamond: the slope as planned. Dots say the same; hollow squares say something else. "
            f"Slopes with one worker{_or_team(material)} left out are not drawn, since they would "
            "tell of that one.",
        ),
    )


def _or_team(material: Material) -> str:
    return " or one team" if material.study.primary.n_teams else ""


def shown_counts(material: Material, pairs: Sequence[Pair], role: str) -> list[str]:
    """Write how many people each slope rests on, so that no small number follows from two.

    Parameters
    ----------
    material : Material
        The study.
    pairs : sequence of (Check, Version)
        The slopes.
    role : {"worker", "service_user"}
        Whose counts.

    Returns
    -------
    list of str
        One a slope; an en dash where the count lies so close to another one shown that the
        difference would tell of few people.
    """
    name = "n_workers" if role == "worker" else "n_service_users"
    linked = material.study.linked.log
    primary = material.study.primary
    told = {int(getattr(primary, name)), int(getattr(linked, f"{name}_linked"))}
    cells = []
    for _, version in pairs:
        value = getattr(version.found, name)
        near = any(0 < abs(value - one) < material.rules.threshold for one in told)
        if math.isnan(value) or (near and value not in told):
            cells.append(MISSING)
            continue
        told.add(int(value))
        cells.append(material.rules.count(int(value), role))
    return cells


def _p(material: Material, slope: Slope) -> float:
    ends = (slope.conf_low, slope.conf_high)
    return material.p_shown(slope.p_value, slope.estimate, ends, slope.df)


def _table(
    material: Material,
    found: SensitivityResult,
    pairs: Sequence[Pair],
    hidden: Sequence[Pair],
) -> Table:
    own = found.primary
    digits = places((own.conf_high - own.conf_low) / 2)
    counts = [shown_counts(material, pairs, role) for role in ("worker", "service_user")]
    primary = material.study.primary
    first = (
        "primary: as planned",
        number(own.estimate, digits),
        interval(own.conf_low, own.conf_high, digits),
        p_cell(_p(material, own)),
        material.rules.count(primary.n_workers, "worker"),
        material.rules.count(primary.n_service_users, "service_user"),
        "",
    )
    rows: list[tuple[str, ...]] = [
        (
            f"{plain(check.name)}: {plain(version.name)}",
            number(version.found.estimate, digits),
            interval(version.found.conf_low, version.found.conf_high, digits),
            p_cell(_p(material, version.found)),
            workers,
            users,
            SAID[version.changed(own)],
        )
        for (check, version), workers, users in zip(pairs, *counts, strict=True)
    ]
    rows += [_withheld_row(material, *pair) for pair in hidden]
    return Table(
        id="table-sensitivity",
        caption="The primary slope with one thing changed at a time",
        columns=(
            "Check",
            "Slope",
            f"{material.level} interval",
            "p",
            "Workers",
            "Service users",
            "Says",
        ),
        rows=(first, *rows),
        notes=(
            "p is not adjusted: these are checks of one result, not further findings.",
            *(
                (f"{MISSING}: not shown: the number would tell of {material.rules.few} people.",)
                if hidden or any(MISSING in cells for cells in counts)
                else ()
            ),
        ),
        text_columns=frozenset({0, 6}),
        folded=True,
    )


def _withheld_row(material: Material, check: Check, version: Version) -> tuple[str, ...]:
    why = f"withheld: {material.rules.few} people differ"
    return (f"{plain(check.name)}: {plain(version.name)} ({why})", *[MISSING] * 5, "")


def _other_table(material: Material, found: SensitivityResult) -> Iterator[Table]:
    """Tabulate what the checks found that is no slope to set beside the primary one."""
    rows = tuple(
        (
            f"{plain(check.name)}: {_version_title(material, version)}",
            plain(version.quantity),
            number(version.found.estimate, places(_half(version))),
            interval(version.found.conf_low, version.found.conf_high, places(_half(version))),
        )
        for check in found.checks
        for version in check.versions
        if version.quantity != SLOPE
        and not singles_out(check)
        and math.isfinite(version.found.estimate)
    )
    rows += tuple(
        (
            f"{plain(check.name)}: {_version_title(material, version)}",
            plain(version.quantity),
            f"withheld: {FEW_WORKERS}",
            MISSING,
        )
        for check in found.checks
        for version in check.versions
        if version.quantity == DIFFERENCE and FEW_WORKERS in version.found.note
    )
    if rows:
        yield Table(
            id="table-sensitivity-other",
            caption="Further figures of the checks",
            columns=("Check", "What it is", "Estimate", "Interval"),
            rows=rows,
            notes=(
                (
                    "E-value: how strongly something unmeasured would have to go with both scores "
                    "(VanderWeele and Ding 2017).",
                )
                if any(row[1] == "E-value" for row in rows)
                else ()
            ),
            text_columns=frozenset({0, 1}),
            folded=True,
        )


def _half(version: Version) -> float:
    return (version.found.conf_high - version.found.conf_low) / 2


def _not_run_table(material: Material, found: SensitivityResult) -> Iterator[Table]:
    """Tabulate what was not asked; nothing on teams where there are none."""
    teams = bool(material.study.primary.n_teams)
    rows = tuple(
        (_upper(check.question), _upper(_needs(check.needs)))
        for check in found.checks
        if check.needs and (teams or "team" not in check.name)
    )
    if rows:
        yield Table(
            id="table-sensitivity-not-run",
            caption="Checks that were not run, and what they need",
            columns=("Question", "Why not"),
            rows=rows,
            text_columns=frozenset({0, 1}),
            folded=True,
        )


def _needs(text: str) -> str:
    """Return what a check needs, without the names of options, which are no reader's business."""
    words = re.sub(r"\s*\([^()]*(?:--|=)[^()]*\)", "", text)
    # A study knows it from the instrument; the check is one of those that have to be asked for.
    words = words.replace("needs the top of the scale", "needs to be asked for")
    return re.sub(
        r"^needs a column\b.*", "no question that this check would need is named in the plan", words
    )
