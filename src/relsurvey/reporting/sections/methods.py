"""What was done, as a paper would say it, made from what was done."""

from __future__ import annotations

from collections.abc import Iterator

from relsurvey.association import AssociationResult
from relsurvey.association.association_result import TESTS
from relsurvey.association.caveats import is_ordinary
from relsurvey.association.family import FamilyResult
from relsurvey.moments.groups import within_name
from relsurvey.reporting.disclosure import rules_in_words
from relsurvey.reporting.labels import covariate_title, spoken
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import number
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.exclusions import spoken_rule
from relsurvey.reporting.sections.headline import (
    differing_words,
    said_of,
    too_few,
    why_not_computed,
)
from relsurvey.reporting.sentences.differing import differing_of
from relsurvey.reporting.wording import is_computed
from relsurvey.text import and_list
from relsurvey.views import Block, Paragraph, Section, Subheading

__all__ = ["methods_section"]


def methods_section(material: Material) -> Section:
    """Describe participants, missing answers, reliability, models and disclosure rules."""
    blocks: tuple[Block, ...] = (
        Paragraph(_opening(material)),
        Subheading("Participants and linkage"),
        Paragraph(_participants(material)),
        Subheading("Missing answers"),
        Paragraph(_missing(material)),
        Subheading("Reliability and structure"),
        Paragraph(_reliability(material)),
        Subheading("The association"),
        *_analysis(material),
        *_others(material),
        Subheading("Disclosure"),
        Paragraph(rules_in_words(material.study.small_groups)),
        Subheading("Software"),
        Paragraph(_software(material)),
    )
    return Section("methods", "Methods", blocks)


def _opening(material: Material) -> str:
    """Say in a sentence what was done."""
    study = material.study
    teams = "" if study.primary.team is None else " and teams"
    return (
        "Service users' scores were related to the score of their worker in a model that knows "
        f"that people share workers{teams}; the questionnaires are described in the section on "
        "instruments."
    )


def _participants(material: Material) -> str:
    study = material.study
    rules = [
        f"{one.people} by {and_list([spoken_rule(name) for name in one.survey.excluded])}"
        for one in material.surveys
        if one.survey.excluded
    ]
    left_out = (
        f"The study file names rules by which answers are left out ({'; '.join(rules)})."
        if rules
        else "Nobody was left out for the way they answered."
    )
    files = "two" if study.teams is None else "three"
    return (
        f"All answers in the {files} files are taken in; how many people were invited is not in "
        f"them. {left_out} Each service user's answers were joined to those of their worker by "
        f"“{plain(study.linked.on)}”; a service user is linked when the answer names a worker who "
        "answered too."
    )


def _missing(material: Material) -> str:
    """Say what became of missing answers, from the single answer to the association."""
    kinds = {one.survey.reliability.missing for one in material.surveys}
    used = (
        "people who answered every question of a scale"
        if kinds == {"listwise"}
        else "all answers there are, pair of questions by pair"
    )
    covariates = " and a value on every covariate" if material.study.primary.covariates else ""
    return (
        "A score is made where enough questions of its scale were answered, from those that were; "
        f"otherwise there is none. Reliability uses {used}. The association uses everybody with a "
        f"score on both scales{covariates}; nothing was filled in for it."
    )


def _reliability(material: Material) -> str:
    """Describe reliability, and the factor models and agreement where there are any."""
    structures = [s for one in material.surveys if (s := one.survey.structure) is not None]
    factors = (
        " The factor models that the instruments name were fitted side by side "
        f"({and_list(list(dict.fromkeys(plain(s.estimator) for s in structures)))})."
        if structures
        else ""
    )
    agreement = (
        " How far service users of one worker agree is told by the intraclass correlation (Bliese "
        "2000) and by the within-group agreement index (James, Demaree and Wolf 1984; LeBreton and "
        "Senter 2008)."
        if material.study.agreement is not None
        else ""
    )
    return (
        f"Reliability is Cronbach's alpha (Cronbach 1951) with Feldt's {material.level} interval "
        "(Feldt 1965); beside it stand omega total of a one-factor model (McDonald 1999), "
        "standardised alpha, Guttman's lambda 6 (Guttman 1945), the mean inter-item correlation, "
        "ordinal coefficients, split halves and the error of a score. Figures are read beside the "
        f"criteria of COSMIN (Prinsen et al. 2018).{factors}{agreement}"
    )


def _analysis(material: Material) -> Iterator[Paragraph]:
    """Describe the model; where its results are withheld, say so in place of the details."""
    study = material.study
    if not is_computed(study.primary):
        said = said_of(material, study.primary)
        yield Paragraph(
            f"The association of {said.outcome.title} with the worker's {said.predictor.title} was "
            "to be computed in a linear mixed model with a random intercept for each worker. It "
            f"could not be. {why_not_computed(material, study.primary)}"
        )
    elif material.tells(study.primary):
        yield Paragraph(_model(material))
        yield Paragraph(_beside(material))
        yield from _moderated(material)
    else:
        said = said_of(material, study.primary)
        yield Paragraph(
            f"The association of {said.outcome.title} with the worker's "
            f"{said.predictor.title} was computed in a linear mixed model with a random intercept "
            f"for each worker{_for_teams(study.primary)}. What was found is withheld: it "
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
        f"{_split(material, primary)} The random intercepts take in that people who share a worker "
        "are more alike. The slope of the worker's score was tested with "
        f"{TESTS[primary.model.df]} degrees of freedom{_source(primary)}, two-sided, at alpha "
        f"{study.alpha:g}.{zero}"
    )


def _source(primary: AssociationResult) -> str:
    """Name the work after which degrees of freedom were found."""
    works = {
        "satterthwaite": "Fai and Cornelius 1996",
        "kenward_roger": "Kenward and Roger 1997",
    }
    work = works.get(primary.model.df)
    return f" ({work})" if work else ""


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
        "person's difference from it (Mundlak 1978)."
    )


def _beside(material: Material) -> str:
    """Describe what stands beside the slope."""
    study = material.study
    unadjusted = ", not adjusted for covariates" if study.primary.covariates else ""
    interest = (
        f" The study file names {number(study.plan.smallest_effect)} standard deviations as the "
        "smallest association of interest; that any is smaller is shown by two one-sided tests "
        f"(Schuirmann 1987; Lakens 2017), each at alpha {study.alpha:g}, and that it is larger by "
        "the minimal-effect test (Murphy and Myors 1999)."
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


def _moderated(material: Material) -> Iterator[Paragraph]:
    """Describe how a moderator was asked about, and say what became of it."""
    planned = material.study.plan.primary.moderator
    if planned is None:
        return
    said = said_of(material, material.study.primary)
    name = spoken(covariate_title(material.study, planned))
    yield Paragraph(
        f"Whether the slope differs with {name} was asked in a second model, with {name} and its "
        f"product with the worker's {said.predictor.title} beside the other terms (Aiken and West "
        "1991). The slope and all that is said of it are those of the model without them, which "
        f"are averages over {name}. {differing_words(differing_of(material))}".rstrip()
    )


def _adjusted(family: FamilyResult | None) -> str:
    """Say how the p values of secondary associations were adjusted."""
    if family is None:
        return ""
    max_t = (
        f" and by step-down max-T (Westfall and Young 1993) over {family.permutations:,} "
        "permutations of the workers' scores"
        if family.permutations
        else ""
    )
    return (
        f", and their p values adjusted for how many there are, by Holm's method (Holm 1979){max_t}"
    )


def _others(material: Material) -> Iterator[Paragraph]:
    """Say which other looks were taken at the primary question; nothing where none is told."""
    study = material.study
    if not material.tells(study.primary):
        return
    parts = []
    if study.companions is not None:
        parts.append("Other methods were asked the primary question and stand beside its answer.")
    if study.sensitivity is not None:
        parts.append("It was also asked with one thing changed at a time.")
    if study.curve is not None:
        parts.append(
            "A specification curve has the slope in every combination of defensible choices "
            "(Simonsohn, Simmons and Nelson 2020)."
        )
    if parts:
        yield Paragraph(" ".join(parts))


def _software(material: Material) -> str:
    software = material.study.provenance.software
    versions = and_list([f"{plain(k)} {plain(v)}" for k, v in software.items()])
    return f"Software: {versions}."
