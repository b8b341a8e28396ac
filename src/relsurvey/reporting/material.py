"""What all parts of a report share: the study, its summaries and its disclosure rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from relsurvey.association import AssociationResult
from relsurvey.instruments import Instrument
from relsurvey.linkage import Linked
from relsurvey.reporting.disclosure import Disclosure, Split
from relsurvey.reporting.disclosure.statistics import (
    correlation_of,
    equivalence_of_rounded,
    p_of_rounded,
    rounded_df,
)
from relsurvey.reporting.labels import PEOPLE
from relsurvey.reporting.subject import StudyLike, SurveyLike
from relsurvey.reporting.summaries import ItemAnswers, ScoreSummary, answers_of, scores_of
from relsurvey.small_groups import SmallGroupRules, dominated, few_units

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
    def instruments(self) -> tuple[Instrument, ...]:
        """Every questionnaire that was asked: workers', service users', and staff's if any."""
        own = tuple(one.survey.instrument for one in self.surveys)
        return own if self.study.teams is None else (*own, self.study.teams.instrument)

    @property
    def level(self) -> str:
        """Confidence of the study's intervals, as in "95%"."""
        return f"{100 * (1 - self.study.alpha):g}%"

    @property
    def workers_in_group(self) -> int:
        """Fewest workers of whom something is said together."""
        return max(self.rules.threshold, self.study.small_groups.workers_needed)

    def workers_in_points(self, association: AssociationResult) -> int:
        """Fewest workers in a point of a figure; where one would dominate, no point has as many."""
        return association.n_workers + 1 if self.few_linked else self.workers_in_group

    @property
    def few_linked(self) -> bool:
        """Whether linked service users are of few workers, or most of them of one or two."""
        sizes = _users_by_worker(self.study.linked)
        return bool(self.service_users.withheld or _few_behind(sizes, self.study.small_groups))

    def few_apart(self, one: SurveyMaterial, apart: NDArray[np.bool_]) -> bool:
        """Say whether some who answered are too few, or of too few workers, to be set apart.

        Parameters
        ----------
        one : SurveyMaterial
            A survey.
        apart : numpy.ndarray of bool, shape (n,)
            Who of it would be told of. Service users who name no worker count for none.
        """
        if not self.rules.allows(int(apart.sum())):
            return True
        if one.role == "worker" or self.study.linked.on not in one.survey.scores:
            return False
        workers = one.survey.scores.loc[apart, self.study.linked.on].dropna()
        return few_units(workers.value_counts().tolist(), self.workers_in_group)

    def as_shown(self, association: AssociationResult) -> AssociationResult:
        """Return an association with nothing that tells how many workers there are.

        Where their number is rounded, interval and p of the correlation are those for the number
        shown, and p of the slope and its equivalence test those for rounded degrees of freedom.
        """
        if not self.rules.rounds("worker"):
            return association
        shown = self.rules.shown(association.n_workers, "worker")
        low, high, p = correlation_of(association.correlation, shown, association.confidence)
        held = association.equivalence
        return replace(
            association,
            equivalence=held
            and equivalence_of_rounded(held, rounded_df(association.df, self.rules.base)),
            correlation_low=low,
            correlation_high=high,
            correlation_p=p,
            p_value=self.p_shown(
                association.p_value,
                association.slope,
                (association.slope_low, association.slope_high),
                association.df,
            ),
        )

    def p_shown(
        self, p_value: float, estimate: float, ends: tuple[float, float], df: float
    ) -> float:
        """Return a p value by t as it may be shown: itself, or that for rounded df.

        Parameters
        ----------
        p_value, estimate, df : float
            As computed.
        ends : (float, float)
            The interval, at the study's level.
        """
        if not self.rules.rounds("worker") or not np.isfinite(p_value):
            return p_value
        half = (ends[1] - ends[0]) / 2
        return p_of_rounded(half, estimate, rounded_df(df, self.rules.base), 1 - self.study.alpha)

    def tells(self, association: AssociationResult) -> bool:
        """Say whether an association rests on enough people to be shown.

        Only workers with enough service users count, where the study file asks for that.
        """
        settings = self.study.small_groups
        sizes = _users_by_worker(self.study.linked)
        short = int((sizes < settings.service_users_per_worker).sum())
        return (
            self.rules.allows(association.n_workers)
            and association.n_workers - short >= settings.workers_needed
            and self.rules.allows(association.n_service_users)
        )

    def teams(self, n_teams: int | None) -> int:
        """Return how many of an analysis's teams count: those with enough linked workers.

        Parameters
        ----------
        n_teams : int or None
            Teams of the analysis; ``None`` where it knows of none.
        """
        needed = self.study.small_groups.workers_per_team
        if not n_teams or needed == 1:
            return n_teams or 0
        frame = self.study.linked.frame
        workers = frame.groupby("team")["worker_id"].nunique()
        return max(n_teams - int((workers < needed).sum()), 0)


def gathered(study: StudyLike) -> Material:
    """Describe a study's scores and answers and settle what may be shown of them."""
    workers, service_users = (
        SurveyMaterial(survey, scores_of(survey), answers_of(survey))
        for survey in (study.workers, study.service_users)
    )
    splits = [
        *_flow_splits(study),
        *(split for one in (workers, service_users) for split in _scale_splits(one)),
        *(split for one in (workers, service_users) for split in _structure_splits(one)),
        *_agreement_splits(study),
        *_staff_splits(study),
    ]
    rules = Disclosure.of(study.small_groups, splits)
    reason = _few_behind(_users_by_named_worker(study.linked), study.small_groups)
    if reason:
        service_users = SurveyMaterial(study.service_users, (), (), reason)
    return Material(study, workers, service_users, rules)


def _few_behind(sizes: NDArray[np.int64], settings: SmallGroupRules) -> str:
    """Say why scores of service users of so many workers would tell of one; nothing if not.

    ``sizes`` are how many service users each worker has; who names no worker counts for none.
    """
    least = settings.service_users_per_worker
    if int((sizes >= least).sum()) < settings.workers_needed:
        each = f" with {least} service users or more" if least > 1 else ""
        return (
            "between them, the service users name fewer than "
            f"{settings.workers_needed} workers{each}"
        )
    if dominated(sizes.tolist()):
        return "one or two workers have most of the service users who name a worker"
    return ""


def _users_by_worker(linked: Linked) -> NDArray[np.int64]:
    """Return how many service users each linked worker has."""
    counts = linked.log.users_per_worker["counts"]
    return np.repeat(
        counts["n_service_users"].to_numpy(dtype=np.int64),
        counts["n_workers"].to_numpy(dtype=np.int64),
    )


def _users_by_named_worker(linked: Linked) -> NDArray[np.int64]:
    """Return how many service users each worker has whom they name, linked or not."""
    unmatched = linked.log.service_users_unmatched[linked.log.on]
    return np.concatenate([_users_by_worker(linked), unmatched.value_counts().to_numpy(np.int64)])


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


def _structure_splits(material: SurveyMaterial) -> Iterator[Split]:
    """Set who is in the factor models beside who answered, and beside who answered each scale."""
    survey, role, people = material.survey, material.role, material.people
    if survey.structure is None:
        return
    n, what = survey.structure.n, f"{people} are not in the factor models"
    complete = (int(row["n"]) for row in survey.reliability.to_frame().to_dict("records"))
    for whole in sorted({survey.n_answered, survey.responses.n, *complete}):
        if whole >= n:
            yield Split(role, whole, n, what)


def _agreement_splits(study: StudyLike) -> Iterator[Split]:
    """Set whose answers are put together by worker beside who answered and who is linked."""
    if study.agreement is None:
        return
    log, users = study.linked.log, study.service_users
    for row in study.agreement.to_frame().to_dict("records"):
        for role, n, wholes in (
            ("worker", row["n_groups"], {log.n_workers_linked}),
            ("service_user", row["n"], {users.responses.n, log.n_service_users_linked}),
        ):
            what = f"{PEOPLE[role]} are not in the figures on agreement"
            for whole in sorted(wholes):
                # Nobody has a score on a scale that has no number of workers.
                if not np.isnan(n) and 0 < n <= whole:
                    yield Split(role, whole, int(n), what)


def _staff_splits(study: StudyLike) -> Iterator[Split]:
    """Set staff with a score on a scale, and those who answered all of it, beside all staff."""
    if study.teams is None:
        return
    teams, items = study.teams, study.teams.responses.items
    for row in teams.scales.to_dict("records"):
        complete = items[list(teams.instrument.scales[str(row["scale"])].items)].notna()
        for n in (int(row["n_staff"]), int(complete.all(axis=1).sum())):
            yield Split("staff", teams.responses.n, n, "members of staff left something open")
