"""Who answered and who could be linked."""

from __future__ import annotations

from dataclasses import dataclass

from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.figures.flow import FlowStep, flow_svg
from relsurvey.reporting.labels import PEOPLE
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import number
from relsurvey.reporting.views import Figure, Paragraph, Section, Table

__all__ = ["flow_section"]


def flow_section(material: Material) -> Section:
    """Count both surveys from the first answer to the main analysis."""
    workers, users = _flow(material, "worker"), _flow(material, "service_user")
    steps = (_drawn(workers, "worker"), _drawn(users, "service_user"))
    last = f"{workers.used} workers · {users.used} service users"
    words = (
        f"{workers.answered} workers answered, {workers.linked} of them could be linked with "
        f"service users, and {workers.used} are in the main analysis. {users.answered} service "
        f"users answered, {users.linked} of them could be linked with their worker, and "
        f"{users.used} are in the main analysis."
    )
    figure = Figure(
        id="figure-flow",
        title="From the answers to the main analysis",
        alt=words,
        svg=flow_svg(steps, last, "figure-flow", words),
    )
    blocks = (
        Paragraph(words + _rounding(material.rules)),
        figure,
        _table(material, workers, users),
    )
    return Section("who-answered", "Who answered and who could be linked", blocks)


@dataclass(frozen=True)
class _Flow:
    """The counts of one survey, as they may be shown; ``used_shown`` as a number."""

    answered: str
    not_linked: str
    linked: str
    left_out: str
    used: str
    share: str
    used_shown: int


def _flow(material: Material, role: str) -> _Flow:
    study, rules, log = material.study, material.rules, material.study.linked.log
    if role == "worker":
        answered, linked = study.workers.responses.n, log.n_workers_linked
        used = study.primary.n_workers
    else:
        answered, linked = study.service_users.responses.n, log.n_service_users_linked
        used = study.primary.n_service_users
    return _Flow(
        answered=rules.count(answered, role),
        not_linked=rules.count(answered - linked, role),
        linked=rules.count(linked, role),
        left_out=rules.count(max(linked - used, 0), role),
        used=rules.count(used, role),
        share=rules.share(linked, answered, role),
        used_shown=rules.shown(used, role),
    )


def _drawn(flow: _Flow, role: str) -> FlowStep:
    return FlowStep(role, PEOPLE[role], flow.answered, flow.linked, flow.not_linked, flow.left_out)


def _rounding(rules: Disclosure) -> str:
    if not rules.rounded:
        return ""
    whose = " and ".join(PEOPLE[role] for role in sorted(rules.rounded, reverse=True))
    return (
        f" Counts of {whose} are rounded to the nearest 5 throughout this report, so that "
        f"counts of {rules.few} cannot be worked out."
    )


def _table(material: Material, workers: _Flow, users: _Flow) -> Table:
    rows = (
        ("Answered", workers.answered, users.answered),
        ("Not linked", workers.not_linked, users.not_linked),
        ("Linked", workers.linked, users.linked),
        ("Linked, as a share of those who answered", workers.share, users.share),
        ("Linked, but left out of the main analysis", workers.left_out, users.left_out),
        ("In the main analysis", workers.used, users.used),
        ("Service users for each worker, mean", _each(material, workers, users), ""),
    )
    return Table(
        id="table-flow",
        caption="People at each step",
        columns=("Step", "Workers", "Service users"),
        rows=rows,
        notes=(
            "A service user is linked when the answer names a worker who answered too; a worker "
            "is linked when at least one service user named them.",
            "Left out: no score on the scale that is compared, or on a covariate.",
        ),
    )


def _each(material: Material, workers: _Flow, users: _Flow) -> str:
    """Return the mean from the counts as shown, so that it gives no more away than they do."""
    if not material.tells(material.study.primary):
        return material.rules.few
    return number(users.used_shown / workers.used_shown, 1)
