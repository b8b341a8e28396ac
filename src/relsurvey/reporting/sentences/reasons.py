"""Why a question could not be answered, or not well: one reason, for every reader the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from relsurvey.association.sentence import FEWEST_WORKERS
from relsurvey.reporting.material import Material

__all__ = ["Reason", "reason_of"]

Reason: TypeAlias = Literal[
    "few workers", "few people", "left out", "unlinked", "left open", "one each", "together",
    "alike",
]  # fmt: skip
STAGES: tuple[Reason, ...] = ("few workers", "left out", "unlinked", "left open")
MANY_LEFT_OPEN = 1 / 3
MANY_UNLINKED = 1 / 2


def reason_of(material: Material, case: str) -> Reason:
    """Find where people were lost on the way from answering to the association.

    Parameters
    ----------
    material : Material
        The study.
    case : str
        What may be claimed, of ``Finding``.

    Returns
    -------
    str
        Too few workers took part, or people; too many answers were left out by the study's
        rules; could not be linked; or have no score for questions left open; no worker has two
        people who answered; workers have too few people each, or one of them has most; or the
        scores are too much alike.
    """
    workers, users = _counts(material)
    if case in {"none", "withheld", "few"}:
        needed = max(material.rules.threshold, material.study.small_groups.workers_needed)
        short = _first_short(workers, users, FEWEST_WORKERS if case == "few" else needed)
        if short is not None:
            return short
        if case == "withheld":
            return "together"
        if case == "none":
            return "one each" if workers[-1] == users[-1] else "alike"
    return _most_lost(material, users)


def _counts(material: Material) -> tuple[Sequence[int], Sequence[int]]:
    """Return how many workers, and service users, are there at each stage."""
    log, primary = material.study.linked.log, material.study.primary
    ends = (
        (log.n_workers_linked, primary.n_workers),
        (log.n_service_users_linked, primary.n_service_users),
    )
    workers, users = (
        (one.survey.n_answered, one.survey.responses.n, *end)
        for one, end in zip(material.surveys, ends, strict=True)
    )
    return workers, users


def _first_short(workers: Sequence[int], users: Sequence[int], needed: int) -> Reason | None:
    """Return the first stage at which too few are left; of both alike, it is the workers."""
    for stage, n_workers, n_users in zip(STAGES, workers, users, strict=True):
        if n_workers < needed:
            return stage
        if n_users < needed:
            return "few people" if stage == "few workers" else stage
    return None


def _most_lost(material: Material, users: Sequence[int]) -> Reason:
    """Return at which stage most service users were lost; few workers where none stands out."""
    _, kept, linked, used = users
    share_of = material.rules.share_of
    # A share that may not be given is NaN, which is above nothing.
    if share_of(linked - used, linked, "service_user") > MANY_LEFT_OPEN:
        return "left open"
    if share_of(kept - linked, kept, "service_user") > MANY_UNLINKED:
        return "unlinked"
    return "few workers"
