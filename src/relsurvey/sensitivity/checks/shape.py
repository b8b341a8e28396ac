"""Whether the relation is a straight line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from relsurvey.association.associate import primary_df
from relsurvey.association.models.fit import fit_sums
from relsurvey.errors import ModelError
from relsurvey.sensitivity.check import Check, Version
from relsurvey.sensitivity.question import Floats, Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.text import p_value_text

__all__ = ["bend_among", "check_shape"]

NAME = "straight line"
ASKED = "Is the relation a straight line?"
SQUARE = "predictor squared"
MIDDLE, HIGH = "middle third", "highest third"


def check_shape(question: Question) -> Check:
    """Add a quadratic term, and compare thirds of workers.

    Parameters
    ----------
    question : Question
        The primary question.

    Returns
    -------
    Check
        The coefficient of the squared predictor, centred over workers; and, with thirds of
        workers by the predictor in place of it, the outcome in the middle and the highest third
        above the lowest, and how far the middle lies above the mean of the other two. Thirds
        are not compared where one has fewer workers than the threshold.

    Notes
    -----
    Workers of one score are never put in different thirds, so that thirds may be unequal.
    """
    used = question.only(question.used())
    if not used.n_rows:
        return Check(NAME, ASKED, (Version("squared", Slope(note="no complete row"), SQUARE),))
    versions = [Version("squared term", _quadratic(used), "points per squared point")]
    versions += _thirds(used)
    return Check(NAME, ASKED, tuple(versions), _sentence(versions))


def bend_among(checks: Iterable[Check]) -> Check | None:
    """Return the check of the line where it finds that the line bends; ``None`` otherwise."""
    for check in checks:
        if check.name == NAME and check.versions:
            squared = check.versions[0].found
            return check if squared.verdict in {"higher", "lower"} else None
    return None


def _tested(question: Question, focus: dict[str, float], terms_of: str) -> Slope:
    """Return a contrast of the coefficients named, in the primary model."""
    try:
        ready = question.prepared()
        fit = fit_sums(ready.sums, ready.outcome, ready.terms, df=primary_df(ready))
        contrast = np.zeros((1, len(fit.effects)))
        for name, weight in focus.items():
            contrast[0, 1 + ready.terms.index(name)] = weight
        found = fit.test(contrast, question.confidence)
    except ModelError as problem:
        return Slope(note=f"{terms_of} not estimable: {problem.message}")
    return Slope.of(found, ready.sums)


def _scores(used: Question) -> Floats:
    """Return the predictor of each worker, one value each."""
    _, first = np.unique(used.columns[used.group], return_index=True)
    scores: Floats = used.columns[used.predictor][first]
    return scores


def _quadratic(used: Question) -> Slope:
    scores = _scores(used)
    if len(np.unique(scores)) < 3:
        return Slope(note="fewer than three different scores")
    squared = (used.columns[used.predictor] - scores.mean()) ** 2
    return _tested(used.having(**{SQUARE: squared}).holding(SQUARE), {SQUARE: 1.0}, "squared term")


def _thirds(used: Question) -> list[Version]:
    scores = _scores(used)
    # Cut halfway between scores, so that rounding never divides workers of one score.
    low, high = np.quantile(scores, [1 / 3, 2 / 3], method="inverted_cdf")
    of_rows = used.columns[used.predictor]
    sizes = [(scores <= low).sum(), ((scores > low) & (scores <= high)).sum(),
             (scores > high).sum()]  # fmt: skip
    if min(sizes) < used.threshold:
        note = f"a third would have fewer than {used.threshold} workers"
        return [Version("thirds", Slope(note=note), "points")]
    middle = ((of_rows > low) & (of_rows <= high)).astype(np.float64)
    top = (of_rows > high).astype(np.float64)
    made = used.having(**{MIDDLE: middle, HIGH: top})
    # The middle third stands where the predictor did; the highest is a covariate.
    asked = replace(made, predictor=MIDDLE, covariates=(HIGH, *made.covariates))
    contrasts = {
        "middle third above lowest": {MIDDLE: 1.0},
        "highest third above lowest": {HIGH: 1.0},
        "middle above mean of both": {MIDDLE: 1.0, HIGH: -0.5},
    }
    return [
        Version(name, _tested(asked, focus, "thirds"), "points")
        for name, focus in contrasts.items()
    ]


def _sentence(versions: list[Version]) -> str:
    squared = versions[0].found
    if squared.note:
        return f"A bend cannot be tested ({squared.note})."
    if squared.verdict in ("higher", "lower"):
        how = "higher" if squared.verdict == "higher" else "lower"
        return (
            f"The line bends: the slope is {how} at high scores than at low ones "
            f"({p_value_text(squared.p_value)}), so one slope does not say all."
        )
    return f"A bend is not shown ({p_value_text(squared.p_value)})."
