"""Why a question could not be answered, or not well: one reason, for every reader the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from relsurvey.association.sentence import FEWEST_WORKERS
from relsurvey.reporting.material import Material

__all__ = ["Reason", "reason_of"]

Reason: TypeAlias = Literal[
    "few workers", "few people", "left out", "unlinked", "left open", "one each", "together",
    "alike",
]  # fmt: skip
LOSSES: tuple[Reason, ...] = ("left out", "unlinked", "left open")
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
        short = _blamed(workers, users, FEWEST_WORKERS if case == "few" else needed)
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


def _blamed(workers: Sequence[int], users: Sequence[int], needed: int) -> Reason | None:
    """Return where most were lost of those of whom too few are left; of both, of the workers."""
    first: tuple[Reason, ...] = ("few workers", "few people")
    for counts, answered in zip((workers, users), first, strict=True):
        if counts[0] < needed:
            return answered
    for counts in (workers, users):
        if counts[-1] < needed:
            losses = [before - after for before, after in pairwise(counts)]
            reason = LOSSES[losses.index(max(losses))]
            alone = reason == "unlinked" and _nobody_answered(workers, users)
            return "together" if alone else reason
    return None


def _nobody_answered(workers: Sequence[int], users: Sequence[int]) -> bool:
    """Whether workers are unlinked as nobody answered of theirs: people's answers mostly link."""
    _, workers_kept, workers_linked, _ = workers
    _, users_kept, users_linked, _ = users
    # Half the share of workers, written without a division by people who are not there.
    lost = 2 * (users_kept - users_linked) * workers_kept
    return lost < (workers_kept - workers_linked) * users_kept


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
