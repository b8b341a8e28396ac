"""Which methods answer beside the primary one; a method to be added is a function here.

Each takes the question and the settings and returns its rows. What a method cannot do with these
data it says by a ``ModelError``, which becomes a row with the reason in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from relsurvey.association.companions.companion import Companion
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import Prepared
from relsurvey.association.resampling.draws import (
    MANY_WORKERS,
    usual_bootstraps,
    usual_permutations,
)

__all__ = ["NEEDS", "SLOPE", "VOICES", "Settings", "row_of_test", "slope_row"]

SLOPE = "points per point"
TOO_MANY = (
    f"not run: with more than {MANY_WORKERS:,} workers it takes long and adds little; it is run "
    "where a number of bootstraps is named"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the methods are told.

    Attributes
    ----------
    confidence : float
        Coverage of all intervals.
    seed : int
        Of everything drawn.
    bootstraps, permutations : int or None
        Draws of each; the usual number for so many workers if ``None``.
    reliability : float or None
        Of the worker's score.
    best : float or None
        The outcome's value from which an answer counts as the best.
    bands : tuple of float or None
        Where a many-valued outcome is cut into ordered bands.
    progress : callable or None
        Called with what is being done.
    """

    confidence: float
    seed: int
    bootstraps: int | None
    permutations: int | None
    reliability: float | None
    best: float | None
    bands: tuple[float, ...] | None
    progress: Callable[[str], None] | None


Voice = Callable[[Prepared, Settings], Iterator[Companion]]


def slope_row(ready: Prepared, df: str, settings: Settings, name: str, source: str) -> Companion:
    """Return the model's slope with degrees of freedom found in one way."""
    fit = fit_sums(ready.sums, ready.outcome, ready.terms, df=df)
    tested = fit.test(np.eye(len(fit.effects))[[1]], settings.confidence)
    return row_of_test(name, {key: value[0] for key, value in tested.items()}, source=source)


def row_of_test(
    name: str, figures: Mapping[Any, Any], *, note: str = "", source: str = ""
) -> Companion:
    """Return the row of a slope from the figures of its test."""
    return Companion(
        name=name,
        scale=SLOPE,
        estimate=float(figures["estimate"]),
        std_error=float(figures["std_error"]),
        df=float(figures["df"]),
        statistic=float(figures["statistic"]),
        p_value=float(figures["p_value"]),
        conf_low=float(figures["conf_low"]),
        conf_high=float(figures["conf_high"]),
        note=note,
        source=source,
    )


def _models(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    yield slope_row(
        ready, "satterthwaite", settings, "Mixed model, Satterthwaite", "Fai and Cornelius 1996"
    )
    yield slope_row(
        ready, "kenward_roger", settings, "Mixed model, Kenward-Roger", "Kenward and Roger 1997"
    )


def _wald(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    """Give the z test that takes variances for known, to be seen but not to be used."""
    row = slope_row(ready, "satterthwaite", settings, "Mixed model, Wald z", "Wald 1943")
    half = float(ndtri(0.5 + settings.confidence / 2.0)) * row.std_error
    yield replace(
        row,
        df=math.inf,
        p_value=2.0 * float(ndtr(-abs(row.statistic))),
        conf_low=row.estimate - half,
        conf_high=row.estimate + half,
        note="what several programs print; it rejects too often with few workers",
    )


def _cluster_ols(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    from relsurvey.association.cluster_ols import cluster_ols

    found = cluster_ols(
        ready.sums,
        ready.outcome,
        ready.terms,
        by_parent=ready.team is not None,
        confidence=settings.confidence,
    )
    said = ("degrees of freedom", "alone decides", "No two clusters")
    few = [note for note in found.notes if any(words in note for words in said)]
    yield row_of_test(
        f"Ordinary regression, CR2 by {found.group}",
        dict(found.table.iloc[1]),
        note=" ".join(few),
        source="Bell and McCaffrey 2002; Pustejovsky and Tipton 2018",
    )


def _bootstraps(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    from relsurvey.association.resampling.bootstrap import bootstrap_slope

    replicates = settings.bootstraps
    if replicates is None:
        replicates = usual_bootstraps(ready.sums.n_groups)
        if not replicates:
            yield Companion.missing("BCa bootstrap", "", TOO_MANY, source="Efron 1987")
    if not replicates:
        return
    for level in ("worker",) if ready.team is None else ("worker", "team"):
        found = bootstrap_slope(
            ready.sums,
            ready.outcome,
            ready.terms,
            ready.predictor,
            replicates=replicates,
            seed=settings.seed,
            confidence=settings.confidence,
            level=level,
        )
        yield found.to_companion()


def _permutation(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    from relsurvey.association.resampling.permutation import permutation_test

    permutations = settings.permutations
    if permutations is None:
        permutations = usual_permutations(ready.sums.n_groups)
    if not permutations:
        return
    found = permutation_test(
        ready.sums,
        ready.outcome,
        ready.terms,
        ready.predictor,
        permutations=permutations,
        seed=settings.seed,
        alpha=1.0 - settings.confidence,
    )
    yield found.to_companion()


def _disattenuated(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    from relsurvey.association.companions.disattenuated import disattenuate

    if settings.reliability is None:
        return
    yield disattenuate(
        ready.sums,
        ready.predictor,
        ready.outcome,
        reliability=settings.reliability,
        by_parent=ready.team is not None,
        confidence=settings.confidence,
    ).to_companion()


def _error_in_score(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    """Give the slope with the error of the worker's score carried into it."""
    from relsurvey.association.measurement_error import measurement_error

    if settings.reliability is None:
        return
    sources = {"simex": "Cook and Stefanski 1994", "plausible": "Mislevy 1991"}
    found = measurement_error(
        ready.frame,
        ready.outcome,
        ready.predictor,
        reliability=settings.reliability,
        covariates=ready.covariates,
        group=ready.group,
        team=ready.team,
        split_covariates=ready.split,
        seed=settings.seed,
        confidence=settings.confidence,
    )
    for name, one in (
        ("Error of the score, SIMEX", found.simex),
        ("Error of the score, plausible values", found.plausible),
    ):
        yield row_of_test(name, asdict(one), note=one.note, source=sources[one.method])


def _cumulative_logit(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    from relsurvey.association.companions.cumulative_logit import cumulative_logit

    if _has_categories(ready, settings):
        found = cumulative_logit(ready, cuts=settings.bands, confidence=settings.confidence)
        yield found.to_companion()


def _top_box(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    from relsurvey.association.companions.top_box import top_box

    if settings.best is not None:
        yield top_box(ready, best=settings.best, confidence=settings.confidence).to_companion()


def _bayes(ready: Prepared, _: Settings) -> Iterator[Companion]:
    from relsurvey.association.companions.bayes_factor import bayes_factor

    yield bayes_factor(ready.sums, ready.predictor, ready.outcome).to_companion()


def _correlations(ready: Prepared, settings: Settings) -> Iterator[Companion]:
    from relsurvey.association.companions.ranks import worker_correlations

    found = worker_correlations(ready.sums, ready.predictor, ready.outcome, settings.confidence)
    for one in found.companions:
        yield replace(one, name=f"{one.name}, worker means")


VOICES: tuple[tuple[str, Voice], ...] = (
    ("Mixed model", _models),
    ("Mixed model, Wald z", _wald),
    ("Ordinary regression, CR2", _cluster_ols),
    ("Bootstrap over workers", _bootstraps),
    ("Permutation of scores", _permutation),
    ("Error of the score", _error_in_score),
    ("Correlation of worker means", _correlations),
    ("Correlation, corrected for attenuation", _disattenuated),
    ("Cumulative logit", _cumulative_logit),
    ("Share of best answers", _top_box),
    ("Bayes factor", _bayes),
)


def _has_categories(ready: Prepared, settings: Settings) -> bool:
    """Whether the outcome has few enough values, or is cut into bands."""
    from relsurvey.association.companions.ordered_categories import MOST_CATEGORIES
    from relsurvey.association.companions.rows import rows_of

    if settings.bands is not None:
        return True
    return len(np.unique(rows_of(ready).answers)) <= MOST_CATEGORIES


# What some methods need beside the rows, and what is said where it was not given.
NEEDS: tuple[tuple[Callable[[Prepared, Settings], bool], str], ...] = (
    (
        lambda _, settings: settings.reliability is not None,
        "corrections for measurement error of the worker's score need its reliability "
        "(reliability=, --reliability)",
    ),
    (
        lambda _, settings: settings.best is not None,
        "the model of best answers needs the value that counts as the best (best=, --best)",
    ),
    (
        _has_categories,
        "the cumulative-logit model of an outcome of many values needs to know where it is cut "
        "into bands (bands=, --band)",
    ),
)
