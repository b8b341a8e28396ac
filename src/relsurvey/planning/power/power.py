"""How many people to ask: power by formula, and by simulation through the model itself."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from relsurvey.planning.power.backends import Progress, Runner
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.formula import formula_power, no_value
from relsurvey.planning.power.grid import answer_table, formula_curve, simulated_rows
from relsurvey.planning.power.questionnaires import study_test
from relsurvey.planning.power.replicates import MonteCarlo, simulated_power
from relsurvey.planning.power.request import Request, checked
from relsurvey.planning.power.result import PowerResult
from relsurvey.planning.power.solve import solved, solved_by_simulation
from relsurvey.planning.power.words import answer_sentence, notes_of

__all__ = ["power", "runner_of"]

USUAL_POWER = 0.80
WORTH_SEVERAL_JOBS = 500


def power(
    *,
    n_workers: int | None = None,
    users_per_worker: float | None = None,
    correlation: float | None = None,
    standardised_slope: float | None = None,
    slope: float | None = None,
    power: float | None = None,
    icc: float,
    predictor_sd: float = 1.0,
    outcome_sd: float = 1.0,
    reliability_predictor: float = 1.0,
    reliability_outcome: float = 1.0,
    n_teams: int | None = None,
    workers_per_team: float | None = None,
    team_share: float = 0.0,
    attrition_workers: float = 0.0,
    attrition_users: float = 0.0,
    covariates: int = 0,
    r_squared_between: float = 0.0,
    r_squared_within: float = 0.0,
    user_count_cv: float = 0.0,
    ceiling: float | None = None,
    alpha: float = 0.05,
    method: str = "formula",
    items: bool = False,
    instruments: Sequence[Any] = ("rpq-16", "peech-sc"),
    scales: Sequence[str] | None = None,
    replicates: int = 1_000,
    seed: int | None = None,
    backend: str = "processes",
    n_jobs: int | None = None,
    address: str | None = None,
    progress: Progress | None = None,
) -> PowerResult:
    """Work out workers, service users, association or power from the other three.

    Parameters
    ----------
    n_workers : int, optional
        Workers asked.
    users_per_worker : float, optional
        Mean number of service users asked about each worker, from 1.
    correlation, standardised_slope, slope : float, optional
        The association between true scores, in one of three ways (see ``Effect``): the
        correlation of the worker's score with the mean experience of the worker's service
        users; standard deviations of a service user's score per standard deviation of the
        worker score; points per point, for which ``predictor_sd`` and ``outcome_sd`` are needed.
    power : float, optional
        Chance of finding it. Of these four (workers, service users, association, power) exactly
        one is left out: it is what is worked out.
    icc : float
        Share of the variance of the true outcome that lies between workers, as in
        ``simulate_study``. With ``reliability_outcome`` at 1 it is the ICC of observed scores,
        as ``aggregation`` and ``associate`` give it.
    predictor_sd, outcome_sd : float
        Standard deviations of the observed scores, in points; for ``slope`` only.
    reliability_predictor, reliability_outcome : float
        Share of true variance in the worker score, and in the score of one service user. They
        make the association that can be seen smaller than the true one.
    n_teams : int, optional
        Teams of the workers; the model then has a level for them.
    workers_per_team : float, optional
        In place of ``n_teams``, where the number of teams grows with that of workers.
    team_share : float
        Share of the variance of both worker-level traits that lies between teams.
    attrition_workers, attrition_users : float
        Share of those asked who do not answer. Service users are lost one by one, so that the
        numbers left are unequal and some workers may have none.
    covariates : int
        Covariates in the model; each costs a degree of freedom of workers.
    r_squared_between, r_squared_within : float
        Share of the variance left between and within workers that they explain.
    user_count_cv : float
        Coefficient of variation of the number of service users asked about a worker.
    ceiling : float, optional
        Share of service users at the best possible score; for simulation only.
    alpha : float
        Level of the two-sided test.
    method : {"formula", "simulation"}
        Simulation draws studies and gives each to the model of ``associate``, with the same
        test.
    items : bool
        Whether whole questionnaires are simulated, scored, linked and tested (slow). Their
        items then decide on the reliabilities.
    instruments : pair of str, path or Instrument
        The workers' and the service users' questionnaire, with ``items``.
    scales : pair of str, optional
        Their scales, with ``items``; the last scale of each if not given.
    replicates : int
        Simulated studies for each design tried.
    seed : int, optional
        For simulation: needed. Results are the same for any number of jobs.
    backend : {"processes", "threads", "dask"}
        Where studies are drawn. "dask" uses the cluster at ``address``, or in the variable
        ``DASK_SCHEDULER_ADDRESS``, or of the ``distributed.Client`` of this program.
    n_jobs : int, optional
        Processes or threads; as many as there are processors if not given, and one where
        there is little to do.
    address : str, optional
        Of the Dask scheduler.
    progress : callable, optional
        Called with the parts done and the parts there are, for each design simulated.

    Returns
    -------
    PowerResult
        ``.sentence`` is the answer and what it rests on; ``.table``, ``.curve``, ``.plot()``.

    Raises
    ------
    ModelError
        Where parameters are out of bounds or at odds (each is in ``.failures``), the power
        cannot be reached by any number, or there is no Dask cluster.

    Notes
    -----
    The formula is exact for normal scores and equal numbers of service users without teams:
    it integrates over the spread of worker scores, which is drawn and not fixed, and over the
    chance that the variance between workers is estimated as zero. Otherwise it is an
    approximation, which was within one point of power of simulation over a grid of designs
    (8 to 200 workers, 6 to 40 teams; benchmarks/results/power_grid.csv). With eight workers and
    numbers of service users that differ very much (coefficient of variation .8) it was 1.6
    points too high. Below six workers power is not to be planned for at all.

    References
    ----------
    Snijders, T. A. B., & Bosker, R. J. (2012). Multilevel analysis (2nd ed.), ch. 11. Sage.
    Raudenbush, S. W. (1997). Statistical analysis and optimal design for cluster randomized
    trials. Psychological Methods, 2(2), 173-185.
    Moerbeek, M., & Teerenstra, S. (2016). Power analysis of trials with multilevel data. CRC.
    Konstantopoulos, S. (2008). The power of the test for treatment effects in three-level
    cluster randomized designs. Journal of Research on Educational Effectiveness, 1(1), 66-88.

    Examples
    --------
    >>> answer = power(correlation=0.4, users_per_worker=8, icc=0.12, power=0.8)
    >>> answer.n_workers
    91
    """
    given = {
        name: value
        for name, value in locals().items()
        if name not in {"progress", "address", "instruments", "scales"}
    }
    request = checked(given)
    if method == "formula":
        return _by_formula(request)
    run = runner_of(replicates, backend, n_jobs, address, progress)
    test = study_test(tuple(instruments), scales) if items else None
    simulate = functools.partial(
        simulated_power, replicates=replicates, seed=int(seed or 0), runner=run, test=test
    )
    return _by_simulation(request, simulate, given)


def runner_of(
    replicates: int,
    backend: str,
    n_jobs: int | None,
    address: str | None,
    progress: Progress | None,
) -> Runner:
    """Return where studies are drawn."""
    if n_jobs is None and backend != "dask":
        from joblib import cpu_count

        n_jobs = cpu_count() if replicates >= WORTH_SEVERAL_JOBS else 1
    return Runner(backend, n_jobs or 1, address, progress)


def _by_formula(request: Request) -> PowerResult:
    wanted = USUAL_POWER if request.power is None else request.power
    design = request.design
    if request.unknown != "power":
        design = solved(request.unknown, design, wanted)
    value = formula_power(design)
    if math.isnan(value):
        raise no_value(design)
    return _result(
        request, design, wanted, value,
        curve=formula_curve(design), power_low=math.nan, power_high=math.nan,
        power_formula=value, method="formula", items=False, replicates=0, seed=None,
        failed=None, boundary=None,
    )  # fmt: skip


def _by_simulation(
    request: Request, simulate: Callable[[Design], MonteCarlo], given: dict[str, Any]
) -> PowerResult:
    wanted = USUAL_POWER if request.power is None else request.power
    design = request.design
    if request.unknown == "power":
        tried = [(design, simulate(design))]
    else:
        design, tried = solved_by_simulation(request.unknown, design, wanted, simulate)
    found, items = tried[-1][1], bool(given["items"])
    low, high = found.limits
    # Designs tried on the way have another correlation where that is the unknown.
    shown = [one for one in tried if one[0].correlation == design.correlation]
    curve = pd.concat([formula_curve(design), simulated_rows(shown)], ignore_index=True)
    return _result(
        request, design, wanted, found.power,
        curve=curve, power_low=low, power_high=high,
        power_formula=math.nan if items else formula_power(replace(design, ceiling=None)),
        method="simulation", items=items, replicates=found.replicates, seed=given["seed"],
        failed=found.failed, boundary=found.boundary,
    )  # fmt: skip


def _result(
    request: Request, design: Design, wanted: float, value: float, **rest: Any
) -> PowerResult:
    effect = request.effect(design.correlation)
    simulated = rest["replicates"]
    return PowerResult(
        unknown=request.unknown,
        n_workers=design.n_workers,
        users_per_worker=design.users_per_worker,
        n_users=design.n_users,
        correlation=design.correlation,
        standardised_slope=effect.standardised_slope,
        slope=effect.slope,
        slope_observed=effect.slope_observed,
        power=value,
        wanted=wanted,
        design=design,
        table=answer_table(request.unknown, design, wanted),
        sentence=answer_sentence(request.unknown, design, value, wanted, simulated),
        notes=notes_of(
            design, simulated=simulated, failed=rest["failed"] or 0,
            boundary=rest["boundary"] or 0, items=rest["items"],
        ),
        **rest,
    )  # fmt: skip
