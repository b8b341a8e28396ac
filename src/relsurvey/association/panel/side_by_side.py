"""Ask every other method the question of the primary one, and set the answers side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from relsurvey.association.associate import associate_prepared
from relsurvey.association.association_result import TESTS, AssociationResult
from relsurvey.association.companions.companion import Companion
from relsurvey.association.panel.result import COMPANION, PRIMARY, SHOWN_ONLY, Companions
from relsurvey.association.panel.sentence import panel_sentence
from relsurvey.association.panel.verdicts import agreement_with
from relsurvey.association.panel.voices import NEEDS, VOICES, Settings, row_of_test
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.errors import ModelError
from relsurvey.options import require_confidence, require_number, require_whole

__all__ = ["companions", "companions_of"]

WORKERS_DRAWN = "BCa bootstrap over workers"


def companions(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    split_covariates: bool | Sequence[str] = True,
    confidence: float = 0.95,
    reliability: float | None = None,
    best: float | None = None,
    bands: Sequence[float] | None = None,
    bootstraps: int | None = None,
    permutations: int | None = None,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> Companions:
    """Set the primary result beside what other methods say to the same question.

    Parameters
    ----------
    linked, outcome, predictor, covariates, group, team, split_covariates
        As in ``associate``.
    confidence : float, default 0.95
        Coverage of all intervals; one less it is the error probability by which methods are
        said to agree.
    reliability : float, optional
        Of the worker's score (alpha or omega), above 0 and at most 1. With it come the
        correlation corrected for attenuation and the slope corrected for measurement error.
    best : float, optional
        The value of the outcome from which an answer counts as the best. With it comes the model
        of the share of best answers.
    bands : sequence of float, optional
        Where an outcome of many values is cut into ordered bands for the cumulative-logit model;
        an outcome of few values needs none.
    bootstraps, permutations : int, optional
        Draws of each; 0 leaves the method out. 2,000 and 10,000 if not given; with more than
        2,000 workers no bootstraps and 1,000 permutations.
    seed : int
        Of everything drawn.
    progress : callable, optional
        Called with the name of each method as it begins.

    Returns
    -------
    Companions
        A row a method. The primary method depends on the number of levels alone: Kenward-Roger
        where teams are a level, Satterthwaite where not. It remains the result whatever the
        others say; where they say something else, that is flagged.

    Raises
    ------
    ModelError
        Where the primary model cannot be fitted, or an option is out of its range. A companion
        that cannot be used is a row of NaN with the reason.

    Examples
    --------
    >>> data = {"worker_id": list("aabbccddeeff"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    ...         "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0, 8.0, 9.0, 9.0, 11.0]}
    >>> panel = companions(data, "y", "x", group="worker_id", bootstraps=0, permutations=0, seed=1)
    >>> panel.table[["name", "standing"]].iloc[0].tolist()
    ['Mixed model, Satterthwaite', 'primary']
    """
    require_confidence(confidence)
    settings = Settings(
        confidence=confidence,
        seed=require_whole("seed", seed, lowest=0),
        bootstraps=_draws("bootstraps", bootstraps),
        permutations=_draws("permutations", permutations),
        reliability=_reliability(reliability),
        best=None if best is None else float(best),
        bands=None if bands is None else tuple(float(one) for one in bands),
        progress=progress,
    )
    ready = prepare(
        linked,
        outcome,
        predictor,
        covariates=covariates,
        group=group,
        team=team,
        split_covariates=split_covariates,
        each_within=True,
    )
    return companions_of(ready, settings)


def _draws(name: str, given: int | None) -> int | None:
    return None if given is None else require_whole(name, given, lowest=0)


def _reliability(given: float | None) -> float | None:
    if given is None:
        return None
    hint = "It is the alpha or omega of the worker's score."
    found = require_number("reliability", given, lowest=0.0, below=1.0 + 1e-12, hint=hint)
    if found == 0.0:
        raise ModelError("reliability has to be above 0; it is 0.", hint=hint)
    return min(found, 1.0)


def companions_of(ready: Prepared, settings: Settings) -> Companions:
    """Ask every method a question that is made ready with ``each_within=True``."""
    primary = associate_prepared(ready, confidence=settings.confidence)
    alpha = 1.0 - settings.confidence
    first = _primary_row(primary)
    rows = [first, *_others(ready, settings, first.name)]
    table = pd.DataFrame([asdict(row) for row in rows]).drop(columns="able")
    standing = [PRIMARY if row is first else _standing(row, ready) for row in rows]
    table.insert(1, "standing", standing)
    agrees = [
        agreement_with(first, row, alpha) if one == COMPANION else ""
        for row, one in zip(rows, standing, strict=True)
    ]
    table.insert(list(table).index("conf_high") + 1, "agrees", agrees)
    return Companions(
        primary=primary,
        table=table,
        not_run=tuple(why for given, why in NEEDS if not given(ready, settings)),
        sentence=panel_sentence(table, alpha, ready.outcome, ready.predictor),
        notes=primary.notes,
        seed=settings.seed,
    )


def _primary_row(primary: AssociationResult) -> Companion:
    return row_of_test(f"Mixed model, {TESTS[primary.model.df]}", dict(primary.model.table.iloc[1]))


def _standing(row: Companion, ready: Prepared) -> str:
    """Return what a row counts for; drawing workers leaves the teams as they are."""
    below = ready.team is not None and row.name == WORKERS_DRAWN
    return SHOWN_ONLY if row.name.endswith("Wald z") or below else COMPANION


def _others(ready: Prepared, settings: Settings, primary: str) -> Iterator[Companion]:
    for name, voice in VOICES:
        if settings.progress is not None:
            settings.progress(name)
        try:
            yield from (row for row in voice(ready, settings) if row.name != primary)
        except ModelError as problem:
            yield Companion.missing(name, "", f"cannot be used: {problem.message}")
