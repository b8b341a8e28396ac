"""Whether the number of service users of a worker goes with what they report."""

from __future__ import annotations

import numpy as np

from relsurvey.association.associate import primary_df
from relsurvey.association.models.fit import fit_sums
from relsurvey.errors import ModelError
from relsurvey.sensitivity.check import Check, Version, slope_phrase
from relsurvey.sensitivity.question import Floats, Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.text import p_value_text, readable

__all__ = ["check_cluster_size", "users_per_worker"]

NAME = "users per worker"
ASKED = "Do workers with more answering service users have other answers?"
SIZE = "number of service users"


def check_cluster_size(question: Question, primary: Slope) -> Check:
    """Test whether cluster size is informative, and weigh workers and users in both ways.

    Parameters
    ----------
    question : Question
        The primary question.
    primary : Slope
        Its answer.

    Returns
    -------
    Check
        The coefficient of the number of service users, as a covariate of the worker (points per
        further service user); the slope with it held equal; the slope where every worker has one
        vote, and where every service user has.

    Notes
    -----
    Where the number goes with the outcome given the predictors, the two ways to weigh answer
    different questions: of the typical worker, and of the typical service user. The mixed model
    stands between them. The test is that of the worker-level variable in a random-intercept
    model, in the manner of Mundlak (1978).

    References
    ----------
    Hoffman, E. B., Sen, P. K., & Weinberg, C. R. (2001). Within-cluster resampling. Biometrika,
    88(4), 1121-1134.
    Mundlak, Y. (1978). On the pooling of time series and cross section data. Econometrica,
    46(1), 69-85.
    Seaman, S., Pavlou, M., & Copas, A. (2014). Review of methods for handling confounding by
    cluster and informative cluster size in clustered data. Statistics in Medicine, 33(30),
    5371-5387.
    """
    sizes = users_per_worker(question)
    held = question.having(**{SIZE: sizes}).holding(SIZE)
    size = _size_slope(held)
    votes = (
        Version("one worker, one vote", question.slope("worker_means")),
        Version("one service user, one vote", question.slope("cluster_ols")),
    )
    versions = (
        Version("number of service users itself", size, "points per further service user"),
        Version("that number held equal", held.slope() if not size.note else size),
        *votes,
    )
    phrases = " and ".join(f"with {vote.name} {slope_phrase(vote, primary)}" for vote in votes)
    return Check(NAME, ASKED, versions, f"{_size_sentence(size)}; {phrases}.")


def users_per_worker(question: Question) -> Floats:
    """Return for each row how many rows in use its worker has; NaN without a worker's id."""
    codes = question.columns[question.group]
    known = ~np.isnan(codes)
    places = codes[known].astype(np.intp)
    counts = np.bincount(places, weights=question.used()[known].astype(np.float64))
    sizes = np.full(question.n_rows, np.nan)
    sizes[known] = counts[places]
    return sizes


def _size_slope(held: Question) -> Slope:
    """Return the coefficient of the number of service users."""
    try:
        ready = held.prepared()
        if ready.sums.equal_means(SIZE):
            return Slope(note="every worker has the same number of service users")
        fit = fit_sums(ready.sums, ready.outcome, ready.terms, df=primary_df(ready))
        focus = np.eye(len(fit.effects))[[1 + ready.terms.index(SIZE)]]
        found = fit.test(focus, held.confidence)
    except ModelError as problem:
        return Slope(note=f"not estimable: {problem.message}")
    return Slope.of(found, ready.sums)


def _size_sentence(size: Slope) -> str:
    if size.note:
        return f"The number of service users cannot be tested ({size.note})"
    shown = {
        "higher": "Workers with more service users have higher answers",
        "lower": "Workers with more service users have lower answers",
    }.get(size.verdict, "It is not shown that the number of service users goes with the answers")
    return (
        f"{shown} ({readable(size.estimate)} points per further one, {p_value_text(size.p_value)})"
    )
