"""Who answered and who could be linked."""

from __future__ import annotations

from dataclasses import dataclass

from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.figures.flow import FlowStep, flow_drawing
from relsurvey.reporting.labels import PEOPLE
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import number, percent
from relsurvey.reporting.subject import SurveyLike
from relsurvey.views import Figure, Paragraph, Section, Table

__all__ = ["flow_section", "flow_steps"]


def flow_section(material: Material) -> Section:
    """Count both surveys from the first answer to the main analysis."""
    workers, users = _flow(material, "worker"), _flow(material, "service_user")
    steps, last = flow_steps(material)
    words = (
        f"{_told(material.rules, _flow(material, 'worker', spoken=True), 'workers')} "
        f"{_told(material.rules, _flow(material, 'service_user', spoken=True), 'service users')}"
    )
    figure = Figure(
        id="figure-flow",
        title="From the answers to the main analysis",
        alt=words,
        picture=flow_drawing(steps, last, "figure-flow", words),
    )
    blocks = (
        Paragraph(words + _rounding(material.rules)),
        figure,
        _table(material, workers, users),
    )
    return Section("who-answered", "Who answered and who could be linked", blocks)


def flow_steps(material: Material) -> tuple[tuple[FlowStep, FlowStep], str]:
    """Return both surveys' ways into the main analysis, and what stands at their end."""
    workers, users = _flow(material, "worker"), _flow(material, "service_user")
    steps = (_drawn(workers, "worker"), _drawn(users, "service_user"))
    return steps, f"{workers.used} workers · {users.used} service users"


def _told(rules: Disclosure, flow: _Flow, people: str) -> str:
    """Tell one survey's flow, as far as it can be told."""
    whom = "with service users" if people == "workers" else "with their worker"
    start = f"{flow.answered[0].upper()}{flow.answered[1:]} {people} answered"
    if flow.answered == rules.few:
        return f"{start}; how many of them are in a later step is not shown."
    if flow.excluded:
        start += f"; {flow.excluded} of them were left out by rules on their answers"
        people = "the others"
    else:
        people = "them"
    if flow.linked == rules.few:
        return f"{start}, {flow.linked} of {people} could be linked {whom}."
    return (
        f"{start}, {flow.linked} of {people} could be linked {whom}, and {flow.used} are in the "
        "main analysis."
    )


@dataclass(frozen=True)
class _Flow:
    """The counts of one survey, as they may be shown; no word of exclusions where none are."""

    answered: str
    excluded: str
    not_linked: str
    linked: str
    left_out: str
    used: str
    share: str


def _flow(material: Material, role: str, *, spoken: bool = False) -> _Flow:
    """Count one survey's steps; in words for sentences, which say where a count is rounded."""
    study, rules, log = material.study, material.rules, material.study.linked.log
    if role == "worker":
        survey, linked, used = study.workers, log.n_workers_linked, study.primary.n_workers
    else:
        survey, linked = study.service_users, log.n_service_users_linked
        used = study.primary.n_service_users
    answered = survey.n_answered
    count = rules.spoken if spoken else rules.count
    gone = _excluded_parts(survey)
    shown = rules.shown(linked, role)
    before = shown + (rules.shown_total(gone, role) if gone else 0)
    return _Flow(
        answered=count(answered, role),
        excluded=rules.total(gone, role) if _told_of(rules, gone) else "",
        not_linked=rules.left_over(answered, (linked, *gone), before, role),
        linked=count(linked, role),
        left_out=rules.left_over(linked, (used,), rules.shown(used, role), role),
        used=count(used, role),
        share=_share(rules, linked, answered, role),
    )


def _share(rules: Disclosure, linked: int, answered: int, role: str) -> str:
    """Write the share that could be linked; where counts are rounded, of the numbers shown."""
    small = rules.is_small(linked) or rules.is_small(answered)
    if not rules.rounds(role) or small or answered == 0:
        return rules.share(linked, answered, role)
    shown = rules.shown(linked, role)
    apart = rules.left_over(answered, (linked,), shown, role)
    if apart.startswith("fewer"):
        return f"all but {apart}"
    return percent(shown / rules.shown(answered, role))


def _told_of(rules: Disclosure, gone: tuple[int, ...]) -> bool:
    """Say whether exclusions are a step of their own: not where it is told that nobody was."""
    return bool(gone) and (sum(gone) > 0 or rules.is_small(0))


def _excluded_parts(survey: SurveyLike) -> tuple[int, ...]:
    """Return how many each rule left out; nothing where no rule was named."""
    gone = survey.n_answered - survey.responses.n
    parts = tuple(survey.excluded.values())
    return parts if sum(parts) == gone else (gone,)


def _drawn(flow: _Flow, role: str) -> FlowStep:
    return FlowStep(
        role=role,
        people=PEOPLE[role],
        answered=flow.answered,
        linked=flow.linked,
        not_linked=flow.not_linked,
        left_out=flow.left_out,
        excluded=flow.excluded,
    )


def _rounding(rules: Disclosure) -> str:
    whose = [PEOPLE[role] for role in PEOPLE if rules.rounds(role)]
    if not whose:
        return ""
    return (
        f" Counts of {' and '.join(whose)} are rounded to the nearest {rules.base} throughout this "
        f"report, so that counts of {rules.few} cannot be worked out; who is left over between "
        "two steps is what the rounded numbers leave. Shares elsewhere are made from the exact "
        "counts, in coarser steps where people are few."
    )


def _table(material: Material, workers: _Flow, users: _Flow) -> Table:
    rows = (
        ("Answered", workers.answered, users.answered),
        *_excluded_row(workers, users),
        ("Not linked", workers.not_linked, users.not_linked),
        ("Linked", workers.linked, users.linked),
        ("Linked, as a share of those who answered", workers.share, users.share),
        ("Linked, but left out of the main analysis", workers.left_out, users.left_out),
        ("In the main analysis", workers.used, users.used),
        ("Service users for each worker in the main analysis, mean", _each(material), ""),
    )
    return Table(
        id="table-flow",
        caption="People at each step",
        columns=("Step", "Workers", "Service users"),
        rows=rows,
        notes=(
            "A service user is linked when the answer names a worker who answered too; a worker "
            "is linked when at least one service user named them.",
            *_why_left_out(material, workers, users),
        ),
    )


def _excluded_row(workers: _Flow, users: _Flow) -> tuple[tuple[str, str, str], ...]:
    if not workers.excluded and not users.excluded:
        return ()
    return (("Left out by rules on their answers", workers.excluded or "0", users.excluded or "0"),)


def _why_left_out(material: Material, *flows: _Flow) -> tuple[str, ...]:
    if all(flow.left_out == "0" for flow in flows):
        return ()
    on = ", or on a covariate" if material.study.primary.covariates else ""
    return (f"Left out: no score on a scale that is compared{on}.",)


def _each(material: Material) -> str:
    """Return the mean from the counts as shown, so that it gives no more away than they do."""
    primary, rules = material.study.primary, material.rules
    if not material.tells(primary):
        return "not shown"
    users = rules.shown(primary.n_service_users, "service_user")
    return number(users / rules.shown(primary.n_workers, "worker"), 1)
