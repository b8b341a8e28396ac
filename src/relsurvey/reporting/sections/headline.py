"""The answer first: what was found, how sure it is, what it does not show."""

from __future__ import annotations

import math
from collections.abc import Iterator

from relsurvey.association import AssociationResult
from relsurvey.reporting import wording
from relsurvey.reporting.labels import (
    NAME_LENGTH,
    covariate_title,
    outcome_label,
    predictor_label,
    spoken,
)
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import bounded, interval, number, p_value, places
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sentences.differing import Differing, differing_of
from relsurvey.reporting.sentences.doubts import bend_words
from relsurvey.text import and_list
from relsurvey.views import Headline, KeyFigure, Notice

__all__ = ["differing_words", "headline", "notices", "said_of", "too_few", "why_not_computed"]

TITLE = "The answer in brief"
REST = "Everything else that was asked is in this report."


def said_of(material: Material, association: AssociationResult) -> wording.Said:
    """Collect what sentences about an association need."""
    study = material.study
    return wording.Said(
        predictor_label(study, association.predictor).in_sentence,
        outcome_label(study, association.outcome).in_sentence,
        material.level,
        study.alpha,
        tuple(spoken(covariate_title(study, name)) for name in association.covariates),
    )


def too_few(material: Material, association: AssociationResult) -> str:
    """Say of whom there are too few for an association to be shown."""
    rules = material.rules
    if not rules.allows(association.n_workers):
        return f"{rules.few} workers"
    if not rules.allows(association.n_service_users):
        return f"{rules.few} service users"
    return f"{rules.few} workers or service users"


def why_not_computed(material: Material, association: AssociationResult) -> str:
    """Say why there is no association, without numbers of few people."""
    if not material.tells(association):
        return f"It would rest on {too_few(material, association)}."
    return wording.NO_SLOPE


def headline(material: Material) -> Headline:
    """Tell the primary association."""
    primary = material.as_shown(material.study.primary)
    said = said_of(material, primary)
    limits = wording.limits(
        wording.direction_of(primary, said) if material.tells(primary) else "withheld"
    )
    if not wording.is_computed(primary):
        return Headline(
            TITLE,
            wording.answer(primary, said),
            " ".join((why_not_computed(material, primary), REST)),
            limits,
            _figures(material, primary, said) if material.tells(primary) else (),
        )
    if not material.tells(primary):
        return Headline(
            TITLE,
            f"How {said.outcome.title} goes with the worker's {said.predictor.title} is withheld: "
            f"it rests on {too_few(material, primary)}.",
            "It was computed, but statistics of so few people are uncertain and could tell about "
            "one of them.",
            limits,
            (),
        )
    panel = material.study.companions
    differing = differing_of(material)
    parts = (
        wording.certainty(primary, said),
        "" if differing is None else differing.figures,
        bend_words(material),
        wording.other_methods(() if panel is None else panel.disagreeing),
        wording.smallest_of_interest(primary, said),
    )
    return Headline(
        TITLE,
        f"{wording.answer(primary, said)} {differing_words(differing)}".rstrip(),
        " ".join(part for part in parts if part),
        limits,
        _figures(material, primary, said),
    )


def differing_words(found: Differing | None) -> str:
    """Say whether the slope differs with the moderator; nothing where there is none."""
    if found is None:
        return ""
    if found.way == "withheld":
        return (
            f"Whether the slope differs with {found.moderator} is withheld: too few people or "
            "teams are there."
        )
    if found.way == "unknown":
        return f"Whether the slope differs with {found.moderator} could not be computed."
    if found.way == "open":
        return f"Whether the slope differs with {found.moderator}, these answers do not show."
    return f"The slope was {found.way} where {found.moderator} was higher."


def _figures(
    material: Material, primary: AssociationResult, said: wording.Said
) -> tuple[KeyFigure, ...]:
    rules = material.rules
    workers = rules.spoken(primary.n_workers, "worker")
    users = rules.spoken(primary.n_service_users, "service_user")
    people = (
        KeyFigure(workers, "workers in the analysis"),
        KeyFigure(users, "service users in the analysis"),
    )
    if not wording.is_computed(primary):
        return people
    digits = places((primary.slope_high - primary.slope_low) / 2)
    slope = KeyFigure(
        number(primary.slope, digits),
        _slope_label(said),
        f"{said.level} interval {interval(primary.slope_low, primary.slope_high, digits)}; "
        f"{p_value(primary.p_value)}",
    )
    if not math.isfinite(primary.correlation):
        return (slope, *people)
    r = KeyFigure(
        bounded(primary.correlation),
        "correlation across workers" + (", not adjusted" if said.covariates else ""),
        f"{said.level} interval "
        f"{interval(primary.correlation_low, primary.correlation_high, below_one=True)}"
        + _other_sign(primary),
    )
    return (slope, r, *people)


def _other_sign(primary: AssociationResult) -> str:
    """Say why the correlation may have another sign than the slope, where it has."""
    if primary.correlation * primary.slope >= 0:
        return ""
    adjusted = " and is adjusted" if primary.covariates else ""
    return (
        "; of the other sign than the slope, since every worker counts the same in it, while the "
        f"slope weighs workers by how many people answered{adjusted}"
    )


def _slope_label(said: wording.Said) -> str:
    """Say what the slope is in a small space: long titles are those of the sentence above."""
    both = (said.outcome.title, said.predictor.title)
    names = both if max(map(len, both)) <= NAME_LENGTH else ("the outcome", "the worker's score")
    held = ", adjusted" if said.covariates else ""
    return f"points of {names[0]} for each point of {names[1]}{held}"


def notices(material: Material) -> tuple[Notice, ...]:
    """Give what has to be read first: the study file's notice, and instruments that are drafts."""
    return (*_notice(material), *_drafts(material))


def _notice(material: Material) -> Iterator[Notice]:
    if material.study.notice:
        yield Notice("Please note", plain(material.study.notice))


def _drafts(material: Material) -> Iterator[Notice]:
    drafts = [
        f"{plain(one.title)} ({one.id} {one.version})"
        for one in material.instruments
        if one.status == "draft"
    ]
    if drafts:
        what = "is a draft that has" if len(drafts) == 1 else "are drafts that have"
        yield Notice(
            "Draft instrument",
            f"{and_list(drafts)} {what} not been validated yet. "
            "Read what rests on it as provisional.",
        )
