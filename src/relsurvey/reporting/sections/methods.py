"""What was done, as a paper would say it, made from what was done."""

from __future__ import annotations

from collections.abc import Iterator

from relsurvey.reporting import wording
from relsurvey.reporting.labels import answer_labels
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import number, whole
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.headline import said_of
from relsurvey.reporting.subject import ScaleLike
from relsurvey.reporting.views import Block, Bullets, Paragraph, Section

__all__ = ["methods_section"]

NOT_APPLICABLE = {
    "excluded": "“Does not apply” was left out of the score",
    "best": "“Does not apply” counted as the best answer",
    "missing": "“Does not apply” counted as no answer",
}


def methods_section(material: Material) -> Section:
    """Describe instruments, scoring, reliability, linkage, model and disclosure rules."""
    paragraphs: tuple[Block, ...] = (
        *(Paragraph(_instrument(one)) for one in material.surveys),
        Paragraph(_reliability(material)),
        Paragraph(_model(material)),
        Paragraph(_disclosure(material)),
        Paragraph(_software(material)),
        Bullets(tuple(_references(material))),
    )
    return Section("methods", "Methods", paragraphs)


def _instrument(one: SurveyMaterial) -> str:
    instrument = one.survey.instrument
    codes, labels = instrument.response_scale.codes, answer_labels(instrument)
    reversed_items = [answers.id for answers in one.answers if answers.reverse]
    keyed = (
        f" Reverse-keyed questions ({', '.join(reversed_items)}) were turned round."
        if reversed_items
        else " No question is reverse-keyed."
    )
    scales = list(instrument.scales)
    rules: dict[str, list[str]] = {}
    for scale in scales:
        rules.setdefault(f"{_method(scale)}, {_minimum(scale)}", []).append(plain(scale.title))
    how = "; ".join(f"{wording.and_list(titles)}: {rule}" for rule, titles in rules.items())
    aside = ""
    if instrument.response_scale.not_applicable:
        kinds = dict.fromkeys(NOT_APPLICABLE[scale.not_applicable] for scale in scales)
        aside = " " + ". ".join(kinds) + "."
    return (
        f"{one.people.capitalize()} answered {plain(instrument.title)} ({instrument.id}, version "
        f"{instrument.version}): {len(instrument.item_ids)} questions with {len(codes)} answers "
        f"from {whole(codes[0].value)} ({labels[0]}) to {whole(codes[-1].value)} ({labels[-1]})."
        f"{keyed} Scores: {how}.{aside}"
    )


def _method(scale: ScaleLike) -> str:
    return f"{scale.method} of the {'scores' if scale.composite_of == 'scores' else 'answers'}"


def _minimum(scale: ScaleLike) -> str:
    rule = scale.minimum_answered
    every = ", and a score on each scale" if scale.every_scale_scored else ""
    if rule.share is None:
        return f"at least {rule.count} of them needed{every}"
    least = f" and never fewer than {rule.at_least}" if rule.at_least > 1 else ""
    return f"at least {rule.share} of those that apply needed{least}{every}"


def _reliability(material: Material) -> str:
    kinds = {one.survey.reliability.missing for one in material.surveys}
    used = (
        "people who answered every question of a scale"
        if kinds == {"listwise"}
        else "all answers there are, pair of questions by pair"
    )
    return (
        f"Reliability is Cronbach's alpha with Feldt's {material.level} interval, from {used}; "
        "standardised alpha, Guttman's lambda 6 and the mean inter-item correlation "
        "stand beside it."
    )


def _model(material: Material) -> str:
    study = material.study
    said = said_of(material, study.primary)
    method = "restricted maximum likelihood" if study.primary.model.reml else "maximum likelihood"
    covariates = ""
    if study.primary.covariates:
        names = wording.and_list([str(name) for name in study.primary.covariates])
        covariates = (
            f" with the covariates {names}, each split into a within part and a "
            "worker mean where it varies within workers"
        )
    smallest = study.plan.smallest_effect
    interest = (
        f" The smallest association of interest was set at {number(smallest)} standard "
        "deviations beforehand."
        if smallest is not None
        else ""
    )
    return (
        f"Each service user's answers were joined to those of their worker by “{study.linked.on}”. "
        f"{said.outcome.title} was regressed on the worker's {said.predictor.title}{covariates} in "
        f"a linear mixed model with a random intercept for each worker, fitted by {method}; the "
        f"slope was tested with Satterthwaite degrees of freedom, two-sided, at alpha "
        f"{study.alpha:g}. The intraclass correlation and the variance between workers come from "
        f"the model without the worker's score. The correlation across workers is Pearson's, "
        f"between workers' scores and the means of their service users.{interest}"
    )


def _disclosure(material: Material) -> str:
    return (
        f"Counts of {material.rules.few} people, and what would give them away by subtraction, "
        f"are withheld or rounded; nothing is computed for {material.rules.few} people, and no "
        "single score, smallest or largest, is shown."
    )


def _software(material: Material) -> str:
    software = material.study.provenance.software
    versions = wording.and_list([f"{plain(k)} {plain(v)}" for k, v in software.items()])
    return f"Software: {versions}."


def _references(material: Material) -> Iterator[tuple[str, str]]:
    for one in material.surveys:
        for source in one.survey.instrument.sources:
            doi = f" doi {plain(source.doi)}" if source.doi else ""
            yield plain(one.survey.instrument.short_title), f"{plain(source.citation)}{doi}"
    yield "Intervals of alpha", "Feldt LS (1965). Psychometrika 30:357-370. doi 10.1007/BF02289499"
    yield (
        "Degrees of freedom",
        "Fai AH, Cornelius PL (1996). Journal of Statistical Computation and Simulation "
        "54:363-378. doi 10.1080/00949659608811740",
    )
