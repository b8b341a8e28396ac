"""Many questions at once, each with its own covariates, and adjusted for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from relsurvey.association.family.adjustment import adjusted
from relsurvey.association.family.questions import FamilyQuestion, answered
from relsurvey.association.family.result import FamilyResult
from relsurvey.association.family.sentence import family_sentence
from relsurvey.association.prepared import Prepared
from relsurvey.association.resampling.draws import usual_permutations
from relsurvey.errors import ModelError, listed
from relsurvey.options import require_confidence, require_number, require_whole

__all__ = ["associate_questions"]


def associate_questions(
    linked: Any,
    questions: Sequence[FamilyQuestion],
    *,
    group: str | None = None,
    team: str | None = None,
    split_covariates: bool | Sequence[str] = True,
    primary: int | None = None,
    permutations: int | None = None,
    seed: int,
    smallest_effect: float | None = None,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> FamilyResult:
    """Test questions that may each have covariates of their own, and adjust for their number.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    questions : sequence of FamilyQuestion
        At least one.
    primary : int, optional
        Which of them is the one named as the primary one, from 0.
    group, team, split_covariates, permutations, seed, smallest_effect, alpha, confidence
        As for ``associate_family``.

    Returns
    -------
    FamilyResult
        One row a question, in their order.

    Raises
    ------
    ModelError
        Where an option is not allowed, or no question at all can be fitted.

    Examples
    --------
    >>> import numpy as np
    >>> random = np.random.default_rng(2)
    >>> worker = np.repeat(np.arange(30), 4)
    >>> data = {"worker_id": worker, "curiosity": random.normal(size=30)[worker],
    ...         "age": random.normal(size=120), "trust": random.normal(size=120)}
    >>> asked = [FamilyQuestion("trust", "curiosity"),
    ...          FamilyQuestion("trust", "curiosity", ("age",))]
    >>> found = associate_questions(data, asked, group="worker_id", permutations=99, seed=1)
    >>> found.to_frame()["covariates"].tolist()
    ['', 'age']
    """
    require_confidence(confidence)
    require_number("alpha", alpha, lowest=1e-6, below=0.5)
    require_whole("seed", seed, lowest=0)
    if permutations:
        require_whole("permutations", permutations, lowest=99)
    answers = [
        answered(
            linked, question, primary=place == primary, smallest_effect=smallest_effect,
            alpha=alpha, confidence=confidence, group=group, team=team,
            split_covariates=split_covariates,
        )
        for place, question in enumerate(questions)
    ]  # fmt: skip
    _require_some([answer.row for answer in answers])
    known = [answer.ready for answer in answers if answer.ready is not None]
    if permutations is None:
        permutations = usual_permutations(max(ready.sums.n_groups for ready in known))
    table, permuted, notes = adjusted(answers, permutations, seed, alpha)
    left_out = int(table["p_value"].isna().sum())
    if left_out:
        notes.append(
            f"{left_out} of {len(table)} pairs cannot be fitted and are not counted in the "
            "adjustments."
        )
    return FamilyResult(
        table=table,
        outcomes=tuple(dict.fromkeys(one.outcome for one in questions)),
        predictors=tuple(dict.fromkeys(one.predictor for one in questions)),
        covariates=_shared_covariates(questions),
        group=known[0].group,
        primary=None
        if primary is None
        else (questions[primary].outcome, questions[primary].predictor),
        n_tests=int(table["holm"].notna().sum()),
        permutations=permuted,
        smallest_effect=smallest_effect,
        alpha=alpha,
        confidence=confidence,
        sentence=family_sentence(table, alpha, confidence),
        notes=(*_shared_notes(known), *notes),
        _persons=known[0].persons,
    )


def _shared_notes(ready: Sequence[Prepared]) -> list[str]:
    """Return what is to be said of the pairs, with which pairs where it is not all of them."""
    pairs: dict[str, list[str]] = {}
    for made in ready:
        for note in made.notes:
            pairs.setdefault(note, []).append(f"{made.outcome} by {made.predictor}")
    return [
        note if len(names) == len(ready) else f"{listed(names, most=4)}: {note}"
        for note, names in pairs.items()
    ]


def _shared_covariates(questions: Sequence[FamilyQuestion]) -> tuple[str, ...]:
    """Return the covariates that every question has."""
    return tuple(
        name
        for name in questions[0].covariates
        if all(name in question.covariates for question in questions)
    )


def _require_some(rows: Sequence[dict[str, Any]]) -> None:
    """Refuse a family none of whose pairs has a fit."""
    if any(pd.notna(row["p_value"]) for row in rows):
        return
    raise ModelError(
        f"None of the {len(rows)} pairs of outcome and predictor can be fitted.",
        hint="The reason for each is listed above.",
        failures=[
            {"outcome": row["outcome"], "predictor": row["predictor"], "reason": row["note"]}
            for row in rows
        ],
    )
