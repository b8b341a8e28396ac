"""What the study asked, and what was settled before anybody looked at the answers."""

from __future__ import annotations

from collections.abc import Iterator

from relsurvey.association import AssociationResult
from relsurvey.reporting.labels import covariate_title, spoken
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import number
from relsurvey.reporting.plain import LONGEST_TITLE, plain
from relsurvey.reporting.sections.headline import differing_words, said_of
from relsurvey.reporting.sections.provenance import NO_LOCK
from relsurvey.reporting.sentences.differing import differing_of
from relsurvey.reporting.waves import pooled_words, waves_of
from relsurvey.reporting.wording import adjusted
from relsurvey.text import and_list
from relsurvey.views import Bullets, Paragraph, Section

__all__ = ["background_section"]

Point = tuple[str, str]


def background_section(material: Material) -> Section:
    """Name the question, the hypotheses and the smallest association of interest."""
    study = material.study
    asked = (
        f"The study asked: {plain(study.question)} "
        if study.question
        else "The study file names no question in words. "
    )
    title = plain(study.title)
    points = (
        *([("Full title", title)] if len(title) > LONGEST_TITLE else []),
        ("Design", _design(material)),
        ("Primary hypothesis", f"Service users' {_hypothesis(material, study.primary)}."),
        *_moderator(material),
        *_secondary(material),
        *_smallest(material),
        ("Fixed beforehand", _fixed(material)),
    )
    opening = Paragraph(f"{asked}One association was named as the primary one in the study file.")
    return Section("background", "Background and question", (opening, Bullets(points)))


def _design(material: Material) -> str:
    first, second = (plain(one.survey.instrument.short_title) for one in material.surveys)
    if waves_of(material):
        return (
            f"Several waves, read as one: workers answered {first}, the people they work with "
            f"{second}, and each service user's answers were joined to those of their worker. "
            f"{pooled_words(material)}"
        )
    return (
        f"Cross-sectional: workers answered {first}, the people they work with answered {second}, "
        "and each service user's answers were joined to those of their worker."
    )


def _hypothesis(material: Material, one: AssociationResult) -> str:
    said = said_of(material, one)
    return (
        f"{said.outcome.title} goes with their worker's {said.predictor.title}"
        f"{adjusted(said.covariates)}"
    )


def _moderator(material: Material) -> Iterator[Point]:
    """Name the property with which the primary association was expected to differ, if any."""
    planned = material.study.plan.primary.moderator
    if planned is None:
        return
    name = spoken(covariate_title(material.study, planned))
    said = differing_words(differing_of(material)) or (
        "What was found is withheld with the association itself."
    )
    yield "Moderator", f"Whether that association differs with {name} was asked too. {said}"


def _secondary(material: Material) -> Iterator[Point]:
    """Name the secondary hypotheses, under one heading for those that share all but the outcome."""
    together: dict[tuple[str, str], list[str]] = {}
    for one in material.study.secondary:
        said = said_of(material, one)
        key = (said.predictor.title, adjusted(said.covariates))
        together.setdefault(key, []).append(said.outcome.title)
    if not together:
        yield "Secondary hypotheses", "The study file names none."
        return
    texts = [
        f"Service users' {and_list(outcomes)} with their worker's {predictor}{held}"
        for (predictor, held), outcomes in together.items()
    ]
    yield "Secondary hypotheses", f"{'. '.join(texts)}."


def _smallest(material: Material) -> Iterator[Point]:
    smallest = material.study.plan.smallest_effect
    text = (
        "The study file names none."
        if smallest is None
        else f"{number(smallest)} standard deviations of the outcome for one standard deviation of "
        "the worker's score."
    )
    yield "Smallest association of interest", text


def _fixed(material: Material) -> str:
    """Say whether a locked plan shows what was settled before the answers were looked at."""
    lock = material.study.lock
    if lock is None:
        return NO_LOCK
    return f"{plain(' '.join(lock.sentences))} More on it stands in the section on provenance."
