"""What all parts of a report share: the study, its summaries and its disclosure rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from relsurvey.association import AssociationResult
from relsurvey.linkage import Linked
from relsurvey.reporting.disclosure import Disclosure, Split, dominated
from relsurvey.reporting.labels import PEOPLE
from relsurvey.reporting.subject import StudyLike, SurveyLike
from relsurvey.reporting.summaries import ItemAnswers, ScoreSummary, answers_of, scores_of

__all__ = ["Material", "SurveyMaterial", "gathered"]


@dataclass(frozen=True)
class SurveyMaterial:
    """One survey with its summaries.

    Attributes
    ----------
    survey : Survey
        The survey.
    scores : tuple of ScoreSummary
        One a scale.
    answers : tuple of ItemAnswers
        One an item.
    withheld : str
        Why neither scores nor answers are shown, in words; both are empty then. Empty where
        they are.
    """

    survey: SurveyLike
    scores: tuple[ScoreSummary, ...]
    answers: tuple[ItemAnswers, ...]
    withheld: str = ""

    @property
    def role(self) -> str:
        """Who answered: "worker" or "service_user"."""
        return self.survey.role

    @property
    def people(self) -> str:
        """Who answered, as a word for sentences."""
        return PEOPLE[self.role]


@dataclass(frozen=True)
class Material:
    """A study, ready to be told.

    Attributes
    ----------
    study : StudyResult
        The result.
    workers, service_users : SurveyMaterial
        The two surveys.
    rules : Disclosure
        What may be shown.
    """

    study: StudyLike
    workers: SurveyMaterial
    service_users: SurveyMaterial
    rules: Disclosure

    @property
    def surveys(self) -> tuple[SurveyMaterial, SurveyMaterial]:
        """Workers first."""
        return self.workers, self.service_users

    @property
    def level(self) -> str:
        """Confidence of the study's intervals, as in "95%"."""
        return f"{100 * (1 - self.study.alpha):g}%"

    def tells(self, association: AssociationResult) -> bool:
        """Say whether an association rests on enough people to be shown."""
        return self.rules.allows(association.n_workers) and self.rules.allows(
            association.n_service_users
        )


def gathered(study: StudyLike) -> Material:
    """Describe a study's scores and answers and settle what may be shown of them."""
    workers, service_users = (
        SurveyMaterial(survey, scores_of(survey), answers_of(survey))
        for survey in (study.workers, study.service_users)
    )
    splits = [*_flow_splits(study), *_scale_splits(workers), *_scale_splits(service_users)]
    rules = Disclosure.of(study.threshold, splits)
    reason = _few_behind(study.linked, rules)
    if reason:
        service_users = SurveyMaterial(study.service_users, (), (), reason)
    return Material(study, workers, service_users, rules)


def _few_behind(linked: Linked, rules: Disclosure) -> str:
    """Say why service users' scores would tell of single workers; nothing where they do not."""
    if not rules.allows(linked.log.n_workers_linked):
        return f"the service users who could be linked have {rules.few} workers between them"
    counts = linked.log.users_per_worker["counts"]
    if dominated(np.repeat(counts["n_service_users"], counts["n_workers"])):
        return "one or two workers have most of the service users who could be linked"
    return ""


def _flow_splits(study: StudyLike) -> Iterator[Split]:
    log = study.linked.log
    analyses = (study.primary, *study.secondary, *study.everyone)
    flows = (
        (study.workers, log.n_workers, log.n_workers_linked, [a.n_workers for a in analyses]),
        (
            study.service_users,
            log.n_service_users,
            log.n_service_users_linked,
            [a.n_service_users for a in analyses],
        ),
    )
    for survey, in_link, linked, used in flows:
        role, people, answered = survey.role, PEOPLE[survey.role], survey.n_answered
        kept = survey.responses.n
        yield Split(role, answered, kept, f"{people} were left out for their answers")
        for n in survey.excluded.values():
            yield Split(role, answered - kept, n, f"{people} were left out by one of the rules")
        yield Split(role, kept, in_link, f"{people} did not enter the linkage")
        for whole in {answered, kept}:
            yield Split(role, whole, linked, f"{people} could not be linked")
        for n in used:
            if n <= linked:
                yield Split(role, linked, n, f"linked {people} are not in an analysis")
            yield Split(role, answered, n, f"{people} who answered are not in an analysis")
        for one, other in combinations(used, 2):
            whole, part = max(one, other), min(one, other)
            # Where part is zero there is no second analysis to subtract.
            if part:
                yield Split(role, whole, part, f"{people} are in one analysis but not in another")


def _scale_splits(material: SurveyMaterial) -> Iterator[Split]:
    role, people = material.role, material.people
    scored = {summary.scale.id: summary.n for summary in material.scores}
    rows = material.survey.reliability.to_frame().to_dict("records")
    complete = {str(row["scale"]): int(row["n"]) for row in rows}
    for summary in material.scores:
        yield Split(role, summary.n_total, summary.n, f"{people} have no score on a scale")
        # Who has a composite's score, or answered all of it, did so on its scales as well.
        for counts in (scored, complete):
            whole = counts.get(summary.scale.id, 0)
            for member in summary.scale.scales:
                yield Split(
                    role, counts.get(member, whole), whole, f"{people} have one scale, not all"
                )
    for row in rows:
        n, what = int(row["n"]), f"{people} answered a scale in part"
        yield Split(role, int(row["n_total"]), n, what)
        yield Split(role, scored.get(str(row["scale"]), n), n, what)
