"""Every predictor by every outcome, raw and adjusted for how many there are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.associate import primary_df
from relsurvey.association.equivalence import equivalence
from relsurvey.association.family.result import FamilyResult
from relsurvey.association.family.sentence import family_sentence
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.models.names import column_names
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.association.resampling.max_t import FamilyMember, max_t_adjusted
from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.linkage import Linked
from relsurvey.moments.group_columns import take_columns
from relsurvey.options import require_confidence, require_names, require_number, require_whole

__all__ = ["associate_family"]

NUMBERS = (
    "estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high",
    "standardised", "standardised_low", "standardised_high",
)  # fmt: skip


def associate_family(
    linked: Any,
    outcomes: str | Sequence[str],
    predictors: str | Sequence[str],
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    split_covariates: bool = True,
    primary: tuple[str, str] | None = None,
    permutations: int = 9_999,
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
        The pair fixed beforehand: it is tested alone, is no part of the adjustment, and the
        others are not helped by it.
    permutations : int, default 9_999
        Orders of the scores over workers for max-T.
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

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian
    Journal of Statistics, 6(2), 65-70.
    Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B, 57(1), 289-300.
    Westfall, P. H., & Young, S. S. (1993). Resampling-based multiple testing. Wiley.

    Examples
    --------
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
    require_confidence(confidence)
    require_number("alpha", alpha, lowest=1e-6, below=0.5)
    require_whole("seed", seed, lowest=0)
    require_whole("permutations", permutations, lowest=99)
    main = _primary(primary, wanted, asked)
    frame = linked.frame if isinstance(linked, Linked) else linked
    take_columns(frame, list(dict.fromkeys([*wanted, *asked, *given])))
    rows, ready = [], []
    for predictor in asked:
        for outcome in wanted:
            made, reason = _prepared(
                linked, outcome, predictor, covariates=given, group=group, team=team,
                split_covariates=split_covariates,
            )  # fmt: skip
            row, made = _row(made, reason, confidence, smallest_effect, alpha)
            first = {"outcome": outcome, "predictor": predictor}
            rows.append({**first, "primary": (outcome, predictor) == main, **row})
            ready.append(made)
    table = pd.DataFrame(rows)
    _require_some(table)
    table, permuted, notes = _adjusted(table, ready, permutations, seed)
    known = [made for made in ready if made is not None]
    left_out = int(table["p_value"].isna().sum())
    if left_out:
        notes.append(
            f"{left_out} of {len(table)} pairs cannot be fitted and are not counted in the "
            "adjustments."
        )
    return FamilyResult(
        table=table,
        outcomes=wanted,
        predictors=asked,
        covariates=given,
        group=known[0].group,
        primary=main,
        n_tests=int(table["holm"].notna().sum()),
        permutations=permuted,
        smallest_effect=smallest_effect,
        alpha=alpha,
        confidence=confidence,
        sentence=family_sentence(table, alpha, confidence),
        notes=(*_shared_notes(known), *notes),
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


def _prepared(linked: Any, outcome: str, predictor: str, **how: Any) -> tuple[Prepared | None, str]:
    try:
        return prepare(linked, outcome, predictor, **how), ""
    except ModelError as error:
        return None, error.message


def _row(
    ready: Prepared | None,
    reason: str,
    confidence: float,
    smallest_effect: float | None,
    alpha: float,
) -> tuple[dict[str, Any], Prepared | None]:
    """Return the numbers of one pair, and the pair if it can be fitted."""
    unknown = {
        **dict.fromkeys(NUMBERS, math.nan), "verdict": "", "equivalence_p": math.nan,
        "n_workers": 0, "n_service_users": 0, "note": reason,
    }  # fmt: skip
    if ready is None:
        return unknown, None
    sums = ready.sums
    counts = {"n_workers": sums.n_groups, "n_service_users": sums.n_rows}
    try:
        fit = fit_sums(sums, ready.outcome, ready.terms, df=primary_df(ready))
    except ModelError as error:
        return {**unknown, **counts, "note": error.message}, None
    contrast = np.zeros((1, len(ready.terms) + 1))
    contrast[0, 1 + ready.terms.index(ready.predictor)] = 1.0
    found = {name: float(value[0]) for name, value in fit.test(contrast, confidence).items()}
    spread = float(sums.means[:, sums.place(ready.predictor)].std(ddof=1))
    ratio = spread / sums.standard_deviation(ready.outcome)
    verdict, p_value = "", math.nan
    if smallest_effect is not None:
        held = equivalence(
            found["estimate"], found["std_error"], found["df"], smallest_effect, alpha,
            per_deviation=ratio,
        )  # fmt: skip
        verdict, p_value = held.verdict, held.p_value
    scaled = {
        f"standardised{end}": found[name] * ratio
        for end, name in (("", "estimate"), ("_low", "conf_low"), ("_high", "conf_high"))
    }
    note = "" if fit.converged else "The search for the variances did not come to its end."
    return {
        **{name: found[name] for name in NUMBERS if name in found}, **scaled, "verdict": verdict,
        "equivalence_p": p_value, **counts, "note": note,
    }, ready  # fmt: skip


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


def _require_some(table: pd.DataFrame) -> None:
    if table["p_value"].notna().any():
        return
    raise ModelError(
        f"None of the {len(table)} pairs of outcome and predictor can be fitted.",
        hint="The reason for each is listed above.",
        failures=[
            {"outcome": row["outcome"], "predictor": row["predictor"], "reason": row["note"]}
            for row in table.to_dict("records")
        ],
    )


def _adjusted(
    table: pd.DataFrame, ready: Sequence[Prepared | None], permutations: int, seed: int
) -> tuple[pd.DataFrame, int, list[str]]:
    """Add the adjusted p values of all pairs but the primary one and those without a fit."""
    from statsmodels.stats.multitest import multipletests

    tested = np.flatnonzero((table["p_value"].notna() & ~table["primary"]).to_numpy())
    columns = {
        name: np.full(len(table), np.nan) for name in ("holm", "benjamini_hochberg", "max_t")
    }
    if not len(tested):
        return table.assign(**columns), 0, ["There is no pair to adjust for."]
    raw = table["p_value"].to_numpy()[tested]
    columns["holm"][tested] = multipletests(raw, method="holm")[1]
    columns["benjamini_hochberg"][tested] = multipletests(raw, method="fdr_bh")[1]
    known = {place: made for place in tested.tolist() if (made := ready[place]) is not None}
    # Scores change places at one level: where only some pairs know teams, the greater part.
    with_teams = 2 * sum(made.team is not None for made in known.values()) >= len(known)
    alike = [place for place, made in known.items() if (made.team is not None) is with_teams]
    members = [
        FamilyMember(known[place].sums, known[place].outcome, known[place].terms,
                     known[place].predictor)
        for place in alike
    ]  # fmt: skip
    notes = []
    if len(alike) < len(known):
        apart = [
            f"{made.outcome} by {made.predictor}" for place, made in known.items()
            if place not in alike
        ]  # fmt: skip
        notes.append(
            f"Not in the max-T adjustment: {listed(apart, most=4)}, whose models have not the same "
            "levels as the others."
        )
    try:
        found = max_t_adjusted(members, permutations=permutations, seed=seed)
    except ModelError as error:
        return table.assign(**columns), 0, [*notes, f"No max-T adjustment: {error.message}"]
    columns["max_t"][alike] = found.adjusted
    return table.assign(**columns), found.permutations, [*notes, *found.notes]
