"""The answer first: what was found, how sure it is, what it does not show."""

from __future__ import annotations

import math

from relsurvey.reporting import wording
from relsurvey.reporting.labels import outcome_label, predictor_label
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import bounded, interval, number, p_value, places
from relsurvey.reporting.plain import plain, shortened
from relsurvey.reporting.subject import AssociationLike
from relsurvey.reporting.views import Headline, KeyFigure, Notice

__all__ = ["headline", "notices", "said_of"]

TITLE = "The answer in brief"


def said_of(material: Material, association: AssociationLike) -> wording.Said:
    """Collect what sentences about an association need."""
    study = material.study
    return wording.Said(
        predictor_label(study, association.predictor),
        outcome_label(study, association.outcome),
        material.level,
        study.alpha,
    )


def headline(material: Material) -> Headline:
    """Tell the primary association."""
    primary = material.study.primary
    said = said_of(material, primary)
    if not material.tells(primary):
        return Headline(
            TITLE,
            f"Whether {said.outcome.title} and the worker's {said.predictor.title} go together "
            f"is not reported: {material.rules.few} workers or service users could be used.",
            "Statistics of so few people could tell about one of them.",
            wording.LIMITS,
            (),
        )
    smallest = wording.smallest_of_interest(
        primary, material.study.plan.smallest_effect, material.level
    )
    return Headline(
        TITLE,
        wording.answer(primary, said),
        " ".join(part for part in (wording.certainty(primary, said), smallest) if part),
        wording.LIMITS,
        _figures(material, primary, said),
    )


def _figures(
    material: Material, primary: AssociationLike, said: wording.Said
) -> tuple[KeyFigure, ...]:
    rules = material.rules
    workers = rules.count(primary.n_workers, "worker")
    users = rules.count(primary.n_service_users, "service_user")
    people = (
        KeyFigure(workers, "workers in the analysis"),
        KeyFigure(users, "service users in the analysis"),
    )
    if not math.isfinite(primary.slope):
        return people
    digits = places((primary.slope_high - primary.slope_low) / 2)
    slope = KeyFigure(
        number(primary.slope, digits),
        f"points of {shortened(said.outcome.title, 40)} for each point of "
        f"{shortened(said.predictor.title, 40)}",
        f"{said.level} interval {interval(primary.slope_low, primary.slope_high, digits)}; "
        f"{p_value(primary.p_value)}",
    )
    if not math.isfinite(primary.correlation):
        return (slope, *people)
    r = KeyFigure(
        bounded(primary.correlation),
        "correlation across workers",
        f"{said.level} interval "
        f"{interval(primary.correlation_low, primary.correlation_high, below_one=True)}",
    )
    return (slope, r, *people)


def notices(material: Material) -> tuple[Notice, ...]:
    """Warn of instruments that are drafts."""
    instruments = [one.survey.instrument for one in material.surveys]
    drafts = [
        f"{plain(one.title)} ({one.id} {one.version})"
        for one in instruments
        if one.status == "draft"
    ]
    if not drafts:
        return ()
    what = "a draft that has" if len(drafts) == 1 else "drafts that have"
    verb = "is" if len(drafts) == 1 else "are"
    return (
        Notice(
            "Draft instrument",
            f"{wording.and_list(drafts)} {verb} {what} not been validated yet. "
            "Read what rests on it as provisional.",
        ),
    )
