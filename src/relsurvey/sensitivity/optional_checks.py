"""Checks that are run where what they need is given, and say what they need where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from relsurvey.association.models.categories import encode_categories
from relsurvey.sensitivity.check import Check, not_run
from relsurvey.sensitivity.checks import ceiling, scored_otherwise, unanswered, who_is_missing
from relsurvey.sensitivity.checks.flagged import FLAGS, check_flagged
from relsurvey.sensitivity.checks.moderators import MODERATORS, check_moderator, check_stages
from relsurvey.sensitivity.checks.one_left_out import check_one_left_out
from relsurvey.sensitivity.question import Question
from relsurvey.sensitivity.slope import Slope

__all__ = [
    "CATEGORIES",
    "check_flags",
    "check_missing_people",
    "check_moderators",
    "check_not_applicable",
    "check_teams",
    "check_top",
    "check_unanswered",
]

CATEGORIES = "(category of {})"
"""What the codes of a moderator in words are called."""
USUAL_IMPUTATIONS = 20


def check_teams(question: Question, team: str | None) -> Check:
    """Leave each team out in turn, where teams are a level of the model."""
    if team is not None:
        return check_one_left_out(question, "team")
    needs = "needs the column of the team (--team, team=)"
    if question.team is not None:
        needs = "needs teams as a level of the model (see the notes)"
    return not_run("one team left out", "Does it hang on one team?", needs)


def check_flags(question: Question, primary: Slope, given: Mapping[str, str | None]) -> list[Check]:
    """Compare slopes with and without answers that are flagged, one check a flag."""
    checks = []
    for flag in FLAGS:
        column = given[flag.option]
        option = flag.option.replace("_", "-")
        needs = f"needs a column of 0 and 1 (--{option}, {flag.option}=)"
        checks.append(
            not_run(flag.name, flag.question, needs)
            if column is None
            else check_flagged(question, primary, flag, column)
        )
    return checks


def check_not_applicable(question: Question, primary: Slope, scored: Mapping[str, str]) -> Check:
    """Compare slopes of the outcome scored by other rules."""
    if scored:
        return scored_otherwise.check_not_applicable(question, primary, scored)
    needs = "needs the outcome scored by another rule (--not-applicable, not_applicable=)"
    return not_run(scored_otherwise.NAME, scored_otherwise.ASKED, needs)


def check_top(question: Question, primary: Slope, highest: float | None) -> Check:
    """Allow for answers at the top of the scale, where it is known."""
    if highest is None:
        return not_run(
            ceiling.NAME, ceiling.ASKED, "needs the top of the scale (--highest, highest=)"
        )
    return ceiling.check_ceiling(question, primary, float(highest))


def check_moderators(
    question: Question, given: Mapping[str, str | None], categories: Mapping[str, list[str]]
) -> list[Check]:
    """Test whether the slope differs with each moderator given."""
    checks = []
    for moderator in MODERATORS:
        column = given[moderator.option]
        if column is None:
            needs = f"needs a column (--{moderator.option}, {moderator.option}=)"
            checks.append(not_run(moderator.name, moderator.question, needs))
        elif moderator.option in categories:
            codes, labels = CATEGORIES.format(column), categories[moderator.option]
            checks.append(check_stages(question, moderator, codes, labels, column))
        else:
            checks.append(check_moderator(question, moderator, column))
    return checks


def check_unanswered(
    question: Question,
    primary: Slope,
    team: str | None,
    given: tuple[int, bool, int],
) -> list[Check]:
    """Impute missing answers, and shift them; ``given``: how many times, whether, and the seed."""
    times, shifted, seed = given
    checks = []
    if times:
        checks.append(unanswered.check_imputed(question, primary, team, times, seed))
    else:
        needs = "needs to be asked for (--impute 20; imputations= and seed=)"
        checks.append(not_run(*unanswered.IMPUTED, needs))
    if shifted:
        times = times or USUAL_IMPUTATIONS
        checks.append(unanswered.check_tipping_point(question, team, times, seed))
    else:
        needs = "needs to be asked for (--delta; tipping_point= and seed=)"
        checks.append(not_run(*unanswered.TIPPING, needs))
    return checks


def check_missing_people(
    linked: Any, question: Question, tables: tuple[Any, Any], asked: tuple[Any, str | None]
) -> list[Check]:
    """Compare who is in the analysis with who is not, where the whole tables are known."""
    checks = []
    limits: dict[str, Any] = {"confidence": question.confidence, "threshold": question.threshold}
    wanted = (question.predictor, *question.given, question.outcome)
    for who, option, table in zip(
        ("workers", "service users"), ("workers", "service_users"), tables, strict=True
    ):
        name, about = f"linked {who}", f"Are the {who} who could be linked like the others?"
        columns: Sequence[str] = [] if table is None else _columns_of(table, wanted)
        if not columns:
            flag = option.replace("_", "-")
            needs = f"needs the whole table from before linking (--{flag}, {option}=)"
            checks.append(not_run(name, about, needs))
            continue
        encoded = encode_categories(table, columns)
        checks.append(who_is_missing.linked_against_unlinked(
            encoded.data, linked, encoded.names, who=who, on=question.group, **limits
        ))  # fmt: skip
    frame, responded = asked
    if frame is None or responded is None:
        needs = "needs everybody asked and who answered (frame=, responded= in Python)"
        checks.append(not_run("respondents", "Are those who answered like the rest?", needs))
        return checks
    known = [name for name in _columns_of(frame) if name not in (responded, question.group)]
    group = question.group if _columns_of(frame, [question.group]) else None
    checks.append(who_is_missing.respondents_against_rest(
        frame, responded, known, group=group, **limits
    ))  # fmt: skip
    return checks


def _columns_of(table: Any, wanted: Sequence[str] | None = None) -> list[str]:
    """Return number columns of a table, or those wanted that it has."""
    schema = nw.from_native(
        pd.DataFrame(table) if isinstance(table, Mapping) else table
    ).collect_schema()
    if wanted is not None:
        return [name for name in wanted if name in schema]
    return [name for name, dtype in schema.items() if dtype.is_numeric() or dtype == nw.Boolean]
