"""What was done, as a paper would say it, made from what was done."""

from __future__ import annotations

from collections.abc import Iterator

from relsurvey.association import AssociationResult
from relsurvey.association.association_result import TESTS
from relsurvey.association.caveats import is_ordinary
from relsurvey.association.family import FamilyResult
from relsurvey.instruments import Scale
from relsurvey.moments.groups import within_name
from relsurvey.reporting.labels import answer_labels, covariate_title, spoken
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import number, whole
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.headline import said_of, too_few
from relsurvey.text import and_list
from relsurvey.views import Block, Bullets, Paragraph, Section

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
        *_analysis(material),
        Paragraph(_disclosure(material)),
        Paragraph(_software(material)),
        Bullets(tuple(_references(material))),
    )
    return Section("methods", "Methods", paragraphs)


def _instrument(one: SurveyMaterial) -> str:
    instrument = one.survey.instrument
    codes, labels = instrument.response_scale.codes, answer_labels(instrument)
    reversed_items = [item.id for item in instrument.items if item.reverse]
    keyed = (
        f" Reverse-keyed question{'s' if reversed_items[1:] else ''} "
        f"({', '.join(reversed_items)}) {'were' if reversed_items[1:] else 'was'} turned round."
        if reversed_items
        else " No question is reverse-keyed."
    )
    scales = list(instrument.scales)
    rules: dict[str, list[str]] = {}
    for scale in scales:
        rules.setdefault(f"{_method(scale)}, {_minimum(scale)}", []).append(plain(scale.title))
    how = "; ".join(f"{and_list(titles)}: {rule}" for rule, titles in rules.items())
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


def _method(scale: Scale) -> str:
    return f"{scale.method} of the {'scores' if scale.composite_of == 'scores' else 'answers'}"


def _minimum(scale: Scale) -> str:
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


def _analysis(material: Material) -> Iterator[Paragraph]:
    """Describe the model; where its results are withheld, say so in place of the details."""
    study = material.study
    joined = (
        f"Each service user's answers were joined to those of their worker by "
        f"“{plain(study.linked.on)}”."
    )
    if material.tells(study.primary):
        yield Paragraph(f"{joined} {_model(material)}")
        yield Paragraph(_beside(material))
    else:
        said = said_of(material, study.primary)
        yield Paragraph(
            f"{joined} The association of {said.outcome.title} with the worker's "
            f"{said.predictor.title} was computed in a linear mixed model with a random intercept "
            f"for each worker{_for_teams(study.primary)}. What was found is withheld, because it "
            f"rests on {too_few(material, study.primary)}."
        )


def _model(material: Material) -> str:
    study, primary = material.study, material.study.primary
    said = said_of(material, primary)
    method = "restricted maximum likelihood" if primary.model.reml else "maximum likelihood"
    on = and_list([f"the worker's {said.predictor.title}", *said.covariates])
    zero = (
        " As the variance between workers was estimated as zero, test and interval are those of "
        "ordinary regression."
        if is_ordinary(primary.model)
        else ""
    )
    return (
        f"{said.outcome.title} was regressed on {on} in a linear mixed model with a random "
        f"intercept for each worker{_for_teams(primary)}, fitted by {method}."
        f"{_split(material, primary)} The slope of the worker's score was tested with "
        f"{TESTS[primary.model.df]} degrees of freedom, two-sided, at alpha {study.alpha:g}.{zero}"
    )


def _for_teams(primary: AssociationResult) -> str:
    return "" if primary.team is None else " and one for each team"


def _split(material: Material, primary: AssociationResult) -> str:
    """Say which covariates entered as two terms."""
    split = [
        spoken(covariate_title(material.study, name))
        for name in primary.covariates
        if within_name(name) in primary.model.predictors
    ]
    if not split:
        return ""
    one = len(split) == 1
    return (
        f" {and_list(split)} {'differs' if one else 'differ'} among people with the same "
        f"worker and entered as two terms{'' if one else ' each'}: the worker's mean, and the "
        "person's difference from it."
    )


def _beside(material: Material) -> str:
    """Describe what stands beside the slope."""
    study = material.study
    unadjusted = ", not adjusted for covariates" if study.primary.covariates else ""
    interest = (
        f" The study file names {number(study.plan.smallest_effect)} standard deviations as the "
        "smallest association of interest."
        if study.plan.smallest_effect is not None
        else ""
    )
    secondary = (
        f" The secondary associations were computed in the same way{_adjusted(study.family)}."
        if study.secondary
        else ""
    )
    return (
        f"The intraclass correlation comes from the model without any predictor, fitted to the "
        f"same answers; the variance explained compares the variance between workers in the two "
        f"models. The correlation across workers is Pearson's, between workers' scores and the "
        f"means of their service users{unadjusted}.{interest}{secondary}"
    )


def _adjusted(family: FamilyResult | None) -> str:
    """Say how the p values of secondary associations were adjusted."""
    if family is None:
        return ""
    max_t = (
        f" and by step-down max-T over {family.permutations:,} permutations of the workers' scores"
        if family.permutations
        else ""
    )
    return f", and their p values adjusted for how many there are, by Holm's method{max_t}"


def _disclosure(material: Material) -> str:
    return (
        f"Counts of {material.rules.few} people, and what would give them away by subtraction, "
        f"are withheld or rounded; no statistic of {material.rules.few} people and no "
        "single score, smallest or largest, is shown."
    )


def _software(material: Material) -> str:
    software = material.study.provenance.software
    versions = and_list([f"{plain(k)} {plain(v)}" for k, v in software.items()])
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
    if material.study.primary.model.df == "kenward_roger":
        yield (
            "Degrees of freedom with teams",
            "Kenward MG, Roger JH (1997). Biometrics 53:983-997. doi 10.2307/2533558",
        )
    if material.study.family is not None:
        yield (
            "Adjusted p values",
            "Holm S (1979). Scandinavian Journal of Statistics 6:65-70; Westfall PH, Young SS "
            "(1993). Resampling-based multiple testing. Wiley",
        )
