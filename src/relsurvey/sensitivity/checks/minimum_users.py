"""How much hangs on workers with few service users."""

from __future__ import annotations

from collections.abc import Sequence

from relsurvey.sensitivity.check import Check, Version, left_out, not_run
from relsurvey.sensitivity.checks.cluster_size import users_per_worker
from relsurvey.sensitivity.question import Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.sensitivity.verdicts import versions_sentence

__all__ = ["check_minimum_users"]

NAME = "minimum of users"
ASKED = "Does it hang on workers with few service users?"


def check_minimum_users(question: Question, primary: Slope, minimum: Sequence[int]) -> Check:
    """Estimate the slope among workers with at least so many service users.

    Parameters
    ----------
    question : Question
        The primary question.
    primary : Slope
        Its answer.
    minimum : sequence of int
        Fewest service users, one version each; complete answers are counted.

    Returns
    -------
    Check
        One slope for each minimum that leaves somebody out of the primary analysis: with everybody
        in it, it is the primary analysis again, which bears nothing out.
    """
    sizes = users_per_worker(question)
    told = [fewest for fewest in minimum if ((sizes > 0) & (sizes < fewest)).any()]
    if not told:
        return not_run(
            NAME, ASKED, f"every worker has at least {max(minimum)}: nothing to leave out"
        )
    versions = tuple(
        Version(
            f"at least {fewest} a worker",
            left_out(question.only(sizes >= fewest).slope(), primary, question.threshold),
        )
        for fewest in told
    )
    return Check(NAME, ASKED, versions, versions_sentence(versions, primary))
