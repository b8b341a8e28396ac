"""Every predictor by every outcome, raw and adjusted for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relsurvey.association.family.many import associate_questions
from relsurvey.association.family.questions import FamilyQuestion
from relsurvey.association.family.result import FamilyResult
from relsurvey.association.models.names import column_names
from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.linkage import Linked
from relsurvey.moments.group_columns import take_columns
from relsurvey.options import require_names

__all__ = ["associate_family"]


def associate_family(
    linked: Any,
    outcomes: str | Sequence[str],
    predictors: str | Sequence[str],
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    split_covariates: bool | Sequence[str] = True,
    primary: tuple[str, str] | None = None,
    permutations: int | None = None,
    seed: int,
    smallest_effect: float | None = None,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> FamilyResult:
    """Test every predictor by every outcome with the primary method, and adjust for their number.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    outcomes, predictors : str or sequence of str
        Number columns of service users, and of workers.
    covariates, group, team, split_covariates
        As for ``associate``; the same covariates for every pair.
    primary : tuple of (outcome, predictor), optional
        The pair named as the primary one: it is tested alone, is no part of the adjustment, and the
        others are not helped by it.
    permutations : int, optional
        Orders of the scores over workers for max-T, at least 99; 0 for no max-T.
    seed : int
        Of these orders.
    smallest_effect : float, optional
        The smallest slope that would matter, in standard deviations of the outcome per standard
        deviation of the predictor; gives each pair a verdict (see ``equivalence``).
    alpha : float, default 0.05
        Level of the tests.
    confidence : float, default 0.95
        Coverage of the intervals, which are not adjusted.

    Returns
    -------
    FamilyResult
        One row a pair. Each pair keeps the rows that are complete for it. A pair that cannot be
        fitted is NaN with its reason in ``note``; it is not counted in the adjustments.

    Raises
    ------
    ModelError
        Where a column is unknown, the primary pair is none of the family, an option is not
        allowed, or no pair at all can be fitted.

    Notes
    -----
    Holm's adjustment keeps the chance of any false finding at ``alpha`` whatever the tests have
    to do with each other; max-T keeps it too and loses less where they hang together;
    Benjamini and Hochberg's keeps the expected share of false findings among those declared.
    Permutation p and max-T are of another test than p and Holm (see ``permutation_test``): a
    max-T p is never below the permutation p beside it, but may be below p.
    A pair other than the primary stands where both Holm's and max-T's p are below ``alpha``
    (Holm's alone where there is no max-T). Its verdict rests on adjusted p values in the same
    way: "clear" says that it stands; that it is larger than the margin, or that there is no
    association that matters, is said where that test's p stays below ``alpha`` adjusted by Holm
    over all pairs. Each of the three kinds of claim is so kept at ``alpha`` for the family.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian
    Journal of Statistics, 6(2), 65-70.
    Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B, 57(1), 289-300.
    Westfall, P. H., & Young, S. S. (1993). Resampling-based multiple testing. Wiley.

    Examples
    --------
    >>> import numpy as np
    >>> random = np.random.default_rng(2)
    >>> worker = np.repeat(np.arange(30), 4)
    >>> data = {"worker_id": worker, "curiosity": random.normal(size=30)[worker],
    ...         "trust": random.normal(size=120), "knowing": random.normal(size=120)}
    >>> found = associate_family(data, ["trust", "knowing"], "curiosity", group="worker_id",
    ...                          permutations=199, seed=1)
    >>> len(found.to_frame()), found.n_tests
    (2, 2)
    """
    wanted = require_names("outcomes", outcomes)
    asked = require_names("predictors", predictors)
    given = column_names(covariates, "covariates")
    main = _primary(primary, wanted, asked)
    frame = linked.frame if isinstance(linked, Linked) else linked
    take_columns(frame, list(dict.fromkeys([*wanted, *asked, *given])))
    questions = [
        FamilyQuestion(outcome, predictor, given) for predictor in asked for outcome in wanted
    ]
    pairs = [(one.outcome, one.predictor) for one in questions]
    return associate_questions(
        linked,
        questions,
        group=group,
        team=team,
        split_covariates=split_covariates,
        primary=None if main is None else pairs.index(main),
        permutations=permutations,
        seed=seed,
        smallest_effect=smallest_effect,
        alpha=alpha,
        confidence=confidence,
    )


def _primary(
    primary: object, outcomes: tuple[str, ...], predictors: tuple[str, ...]
) -> tuple[str, str] | None:
    if primary is None:
        return None
    pair = tuple(primary) if isinstance(primary, list | tuple) else ()
    if len(pair) == 2 and pair[0] in outcomes and pair[1] in predictors:
        return str(pair[0]), str(pair[1])
    hint = f"Outcomes: {listed(outcomes)}. Predictors: {listed(predictors)}."
    if len(pair) == 2:
        if pair[1] in outcomes and pair[0] in predictors:
            hint = f"The outcome comes first: primary=({pair[1]!r}, {pair[0]!r})."
        near = [
            suggestion(str(one), names) if one not in names else one
            for one, names in zip(pair, (outcomes, predictors), strict=True)
        ]
        if None not in near:
            hint = f"Did you mean ({near[0]!r}, {near[1]!r})? {hint}"
    raise ModelError(
        f"primary has to be a pair of the family, (outcome, predictor); it is {primary!r}.",
        hint=hint,
    )
