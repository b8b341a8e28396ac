"""Each method as it is asked in the panel of ``associate``: its p value and its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from cells import BEST, RELIABILITY, Cell
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from relsurvey.association.cluster_ols.sandwich import cluster_products, fit_products
from relsurvey.association.companions.cumulative_logit import cumulative_logit
from relsurvey.association.companions.disattenuated import disattenuate
from relsurvey.association.companions.ranks import worker_correlations
from relsurvey.association.companions.top_box import top_box
from relsurvey.association.measurement_error.plausible import plausible_values
from relsurvey.association.measurement_error.scores import Question, score_model
from relsurvey.association.measurement_error.simex import simex
from relsurvey.association.models.fit import MixedFit
from relsurvey.association.prepared import Prepared
from relsurvey.association.resampling.bootstrap import bootstrap_slope
from relsurvey.association.resampling.permutation import permutation_test
from relsurvey.errors import ModelError

CONFIDENCE = 0.95
DRAWS = {"bootstrap": 999, "permutation": 999, "SIMEX": 50, "plausible values": 20}
SLOPE = np.array([[0.0, 1.0]])


@dataclass(frozen=True, slots=True)
class Answer:
    """What one method says of one replicate; NaN where it says nothing."""

    method: str
    scale: str  # a key of ``cells.truths``
    p_value: float
    low: float = math.nan
    high: float = math.nan
    draws: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Replicate:
    """One simulated study, made ready, with its model fitted."""

    cell: Cell
    ready: Prepared
    fit: MixedFit
    seed: int


def models(one: Replicate) -> Iterator[Answer]:
    """Give the tests of the mixed model, ordinary regression, and the disattenuated correlation."""
    for df, name in (("satterthwaite", "Satterthwaite"), ("kenward_roger", "Kenward-Roger")):
        tested = replace(one.fit, df=df).test(SLOPE, CONFIDENCE)
        yield Answer(
            name, "slope", *(float(tested[key][0]) for key in ("p_value", "conf_low", "conf_high"))
        )
    plain = replace(one.fit, df="residual").test(SLOPE, CONFIDENCE)
    estimate, error = float(plain["estimate"][0]), float(plain["std_error"][0])
    half = float(ndtri(0.5 + CONFIDENCE / 2.0)) * error
    p_value = 2.0 * float(ndtr(-abs(estimate / error)))
    yield Answer("Wald z", "slope", p_value, estimate - half, estimate + half)
    yield ordinary(one)
    yield clustered(one)
    found = disattenuate(
        one.ready.sums, "x", "y", reliability=RELIABILITY, by_parent=one.cell.teams > 0
    )
    yield Answer(
        "disattenuated correlation", "disattenuated", found.p_value, found.conf_low,
        found.conf_high,
    )  # fmt: skip


def ordinary(one: Replicate) -> Answer:
    """Give ordinary regression that takes all rows for independent."""
    sums = one.ready.sums
    x, y = sums.place("x"), sums.place("y")
    squares = sums.crossproducts - np.outer(sums.totals, sums.totals) / sums.n_rows
    df = sums.n_rows - 2.0
    estimate = squares[x, y] / squares[x, x]
    error = math.sqrt((squares[y, y] - estimate * squares[x, y]) / df / squares[x, x])
    unit = sums.units[y] / sums.units[x]
    half = float(stdtrit(df, 0.5 + CONFIDENCE / 2.0)) * error
    return Answer(
        "ordinary regression", "slope", 2.0 * float(stdtr(df, -abs(estimate / error))),
        unit * (estimate - half), unit * (estimate + half),
    )  # fmt: skip


def clustered(one: Replicate) -> Answer:
    """Give ordinary regression with CR2 errors by worker, or by team where there are teams."""
    sums = one.ready.sums
    products = cluster_products(sums, ("x", "y"), by_parent=one.cell.teams > 0)
    tested = fit_products(products, "CR2").test(SLOPE, CONFIDENCE)
    unit = sums.units[sums.place("y")] / sums.units[sums.place("x")]
    low, high = unit * tested["conf_low"][0], unit * tested["conf_high"][0]
    return Answer("CR2", "slope", float(tested["p_value"][0]), float(low), float(high))


def permutation(one: Replicate) -> Iterator[Answer]:
    """Give the permutation test; within teams where there are teams. It has no interval."""
    draws = DRAWS["permutation"]
    found = permutation_test(one.ready.sums, "y", ("x",), "x", permutations=draws, seed=one.seed)
    yield Answer("permutation", "slope", found.p_value, draws=draws)


def bootstrap(one: Replicate) -> Iterator[Answer]:
    """Give the BCa bootstrap over workers, and over teams where there are teams."""
    draws = DRAWS["bootstrap"]
    for level in ("worker", "team") if one.cell.teams else ("worker",):
        found = bootstrap_slope(
            one.ready.sums, "y", ("x",), "x", replicates=draws, seed=one.seed, level=level
        )
        name = f"BCa bootstrap over {level}s"
        yield Answer(name, "slope", found.p_value, found.conf_low, found.conf_high, draws)


def correlations(one: Replicate) -> Iterator[Answer]:
    """Give Pearson, Spearman and Kendall of worker means."""
    for found in worker_correlations(one.ready.sums, "x", "y").companions:
        name = found.name.split()[0]
        yield Answer(f"{name}, worker means", name, found.p_value, found.conf_low, found.conf_high)


def score_error(one: Replicate) -> Iterator[Answer]:
    """Give the slope corrected for the score's error, as ``measurement_error`` does."""
    sums = one.ready.sums
    variance = np.full(
        sums.n_groups, (1.0 - RELIABILITY) * sums.means[:, sums.place("x")].var(ddof=1)
    )
    df = "kenward_roger" if one.cell.teams else "satterthwaite"
    question = Question(sums, "y", "x", ("x",), df, variance, by_reliability=True)
    draws = DRAWS["SIMEX"]
    extrapolated = simex(question, remeasurements=draws, seed=one.seed)
    naive = question.slope(question.fit())
    yield _t_test("SIMEX", extrapolated.estimate, extrapolated.std_error, naive["df"], draws)
    draws = DRAWS["plausible values"]
    pooled = plausible_values(question, score_model(question), draws=draws, seed=one.seed).pooled
    yield _t_test("plausible values", pooled.estimate, pooled.std_error, pooled.df, draws)


def _t_test(name: str, estimate: float, error: float, df: float, draws: int) -> Answer:
    if not error > 0:
        return Answer(name, "corrected slope", math.nan, draws=draws)
    half = float(stdtrit(df, 0.5 + CONFIDENCE / 2.0)) * error
    p_value = 2.0 * float(stdtr(df, -abs(estimate / error)))
    return Answer(name, "corrected slope", p_value, estimate - half, estimate + half, draws)


def ordinal(one: Replicate) -> Iterator[Answer]:
    """Give the cumulative-logit model with errors robust to clusters."""
    row = cumulative_logit(one.ready).table.iloc[0]
    yield Answer(
        "cumulative logit", "cumulative logit", row["p_value"], row["conf_low"], row["conf_high"]
    )


def best_answers(one: Replicate) -> Iterator[Answer]:
    """Give the logistic GEE of the best answer."""
    row = top_box(one.ready, best=BEST).table.iloc[0]
    yield Answer("top-box GEE", "top box", row["p_value"], row["conf_low"], row["conf_high"])


Method = Callable[[Replicate], Iterator[Answer]]
GROUPS: dict[str, tuple[Method, tuple[str, ...]]] = {
    "models": (
        models,
        ("Satterthwaite", "Kenward-Roger", "Wald z", "ordinary regression", "CR2",
         "disattenuated correlation"),
    ),
    "permutation": (permutation, ("permutation",)),
    "bootstrap": (bootstrap, ("BCa bootstrap over workers", "BCa bootstrap over teams")),
    "correlations": (
        correlations,
        ("Pearson, worker means", "Spearman, worker means", "Kendall, worker means"),
    ),
    "score error": (score_error, ("SIMEX", "plausible values")),
    "cumulative logit": (ordinal, ("cumulative logit",)),
    "top box": (best_answers, ("top-box GEE",)),
}  # fmt: skip


def names_of(group: str, cell: Cell) -> tuple[str, ...]:
    """Return the methods of a group that there are in a design."""
    return tuple(name for name in GROUPS[group][1] if cell.teams or not name.endswith("teams"))


def answers_of(group: str, one: Replicate) -> Iterator[Answer]:
    """Ask a group of methods; what cannot be answered is left out, and so counted as missing."""
    try:
        yield from GROUPS[group][0](one)
    except ModelError:
        return
