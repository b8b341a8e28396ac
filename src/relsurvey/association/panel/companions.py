"""Ask every other method the question of the primary one, and set the answers side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from relsurvey.association.associate import associate_prepared
from relsurvey.association.association_result import TESTS, AssociationResult
from relsurvey.association.companions.companion import Companion
from relsurvey.association.panel.result import COMPANION, PRIMARY, SHOWN_ONLY, Companions
from relsurvey.association.panel.verdicts import agreement_with, says
from relsurvey.association.panel.voices import NEEDS, VOICES, Settings, row_of_test
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.errors import ModelError
from relsurvey.options import require_confidence, require_number, require_whole
from relsurvey.text import and_list, counted, p_value_text

__all__ = ["companions", "companions_of"]

BOOTSTRAPS, PERMUTATIONS = 2_000, 10_000


def companions(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    split_covariates: bool = True,
    confidence: float = 0.95,
    reliability: float | None = None,
    best: float | None = None,
    bands: Sequence[float] | None = None,
    bootstraps: int = BOOTSTRAPS,
    permutations: int = PERMUTATIONS,
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
    bootstraps, permutations : int, default 2,000 and 10,000
        Draws of each; 0 leaves the method out.
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
        bootstraps=require_whole("bootstraps", bootstraps, lowest=0),
        permutations=require_whole("permutations", permutations, lowest=0),
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
    table = pd.DataFrame([asdict(row) for row in rows])
    standing = [PRIMARY if row is first else _standing(row) for row in rows]
    table.insert(1, "standing", standing)
    agrees = ["" if row is first else agreement_with(first, row, alpha) for row in rows]
    table.insert(list(table).index("conf_high") + 1, "agrees", agrees)
    return Companions(
        primary=primary,
        table=table,
        not_run=tuple(why for given, why in NEEDS if not given(ready, settings)),
        sentence=_sentence(first, table, alpha),
        notes=primary.notes,
        seed=settings.seed,
    )


def _primary_row(primary: AssociationResult) -> Companion:
    return row_of_test(f"Mixed model, {TESTS[primary.model.df]}", dict(primary.model.table.iloc[1]))


def _standing(row: Companion) -> str:
    return SHOWN_ONLY if row.name.endswith("Wald z") else COMPANION


def _others(ready: Prepared, settings: Settings, primary: str) -> Iterator[Companion]:
    nan = math.nan
    for name, voice in VOICES:
        if settings.progress is not None:
            settings.progress(name)
        try:
            yield from (row for row in voice(ready, settings) if row.name != primary)
        except ModelError as problem:
            yield Companion(
                name, "", nan, nan, nan, nan, nan, nan, nan, f"cannot be used: {problem.message}"
            )


def _sentence(primary: Companion, table: pd.DataFrame, alpha: float) -> str:
    """Say how far the others bear the primary out; the primary stays what it is."""
    others = table[table["standing"] == COMPANION]
    compared = others[others["agrees"] != ""]
    found = says(primary, alpha)
    finding = {1: "a higher outcome", -1: "a lower outcome", 0: "no clear association"}[found or 0]
    start = (
        f"{primary.name}, the method fixed beforehand, finds {finding} where the predictor is "
        f"higher ({p_value_text(primary.p_value)})"
        if found
        else f"{primary.name}, the method fixed beforehand, finds {finding} "
        f"({p_value_text(primary.p_value)})"
    )
    if not len(compared):
        return f"{start}; no other method can be compared with it."
    partly, differ = (
        compared.loc[compared["agrees"] == word, "name"].tolist() for word in ("partly", "no")
    )
    if not partly and not differ:
        return f"{start}, and {counted(len(compared), 'other method')} that can be compared agree."
    agreed = len(compared) - len(differ) - len(partly)
    sentences = [f"{start}.", f"{agreed} of {len(compared)} other methods agree."]
    if partly:
        verb, what = ("points", "does") if len(partly) == 1 else ("point", "do")
        beyond = f"{what} not find it beyond chance" if found else "take it for beyond chance"
        beyond = "takes it for beyond chance" if not found and len(partly) == 1 else beyond
        sentences.append(f"{and_list(partly)} {verb} the same way but {beyond}.")
    if differ:
        verb = "points" if len(differ) == 1 else "point"
        sentences.append(f"{and_list(differ)} {verb} the other way.")
    return " ".join([*sentences, "Read the result with that in mind."])
