"""The table beside an answer, and the curves of power by workers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.formula import formula_power, no_value
from relsurvey.planning.power.replicates import MonteCarlo
from relsurvey.planning.power.solve import fewest_workers, solved

__all__ = ["answer_table", "formula_curve", "simulated_rows"]

USERS = (1, 2, 3, 5, 8, 12, 20)
TABLE_COLUMNS = [
    "users_per_worker", "n_workers", "n_users", "correlation", "power", "chosen", "note",
]  # fmt: skip
CURVE_COLUMNS = [
    "n_workers", "users_per_worker", "power", "power_low", "power_high", "method",
]  # fmt: skip
CURVE_POINTS = 16
SHARES_OF_CHOSEN = (0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0)


def answer_table(unknown: str, design: Design, wanted: float) -> pd.DataFrame:
    """Return the answer for other numbers beside those asked for, by formula.

    Parameters
    ----------
    unknown : {"n_workers", "users_per_worker", "effect", "power"}
        What is worked out in each row.
    design : Design
        The answer.
    wanted : float
        Power, where it is not the unknown.

    Returns
    -------
    pandas.DataFrame
        ``users_per_worker``, ``n_workers``, ``n_users`` (asked, in all), ``correlation``,
        ``power``, ``chosen`` (the row of the answer), ``note``. One row a number of service
        users per worker; where that is the unknown, one row a number of workers. NaN where the
        power wanted cannot be reached, with the reason in ``note``.
    """
    rows = []
    for one in _variations(unknown, design):
        try:
            found = one if unknown == "power" or one == design else solved(unknown, one, wanted)
            note = no_value(found).message if math.isnan(formula_power(found)) else ""
        except ModelError as problem:
            found, note = None, problem.message
        rows.append(_row(found, one, unknown, note, chosen=one == design))
    return pd.DataFrame(rows, columns=TABLE_COLUMNS)


def _variations(unknown: str, design: Design) -> list[Design]:
    if unknown == "users_per_worker":
        counts = {round(share * design.n_workers) for share in SHARES_OF_CHOSEN}
        least = fewest_workers(design)
        return [replace(design, n_workers=n) for n in sorted(counts) if n >= least]
    numbers = sorted({*map(float, USERS), design.users_per_worker})
    if design.user_count_cv > 0:
        numbers = [n for n in numbers if n > 1]
    return [replace(design, users_per_worker=n) for n in numbers]


def _row(
    found: Design | None, asked: Design, unknown: str, note: str, *, chosen: bool
) -> dict[str, object]:
    if found is not None:
        return {
            "users_per_worker": found.users_per_worker,
            "n_workers": float(found.n_workers),
            "n_users": found.n_users,
            "correlation": found.correlation,
            "power": formula_power(found),
            "chosen": chosen,
            "note": note,
        }
    nothing = math.nan
    return {
        "users_per_worker": nothing if unknown == "users_per_worker" else asked.users_per_worker,
        "n_workers": nothing if unknown == "n_workers" else float(asked.n_workers),
        "n_users": asked.n_users if unknown == "effect" else nothing,
        "correlation": nothing if unknown == "effect" else asked.correlation,
        "power": nothing,
        "chosen": chosen,
        "note": note,
    }


def formula_curve(
    design: Design,
    *,
    workers: Sequence[int] | None = None,
    users: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Return the power by workers for several numbers of service users, by formula.

    Parameters
    ----------
    design : Design
        The design chosen.
    workers : sequence of int, optional
        Numbers of workers; up to twice those chosen if not given.
    users : sequence of float, optional
        Service users of a worker; half those chosen, those, and twice as many if not given.

    Returns
    -------
    pandas.DataFrame
        ``n_workers``, ``users_per_worker``, ``power``, ``power_low`` and ``power_high`` (NaN:
        a formula has no chance in it), ``method``. Designs for which there is no formula (see
        ``formula_power``) are left out.
    """
    chosen = design.users_per_worker
    of_users = users or sorted({max(1.0, math.floor(chosen / 2)), chosen, 2 * chosen})
    if design.user_count_cv > 0:
        of_users = [n for n in of_users if n > 1]
    rows = [
        (count, number, formula_power(
            replace(design, n_workers=count, users_per_worker=float(number))
        ), math.nan, math.nan, "formula")
        for number in of_users
        for count in workers or _worker_numbers(design)
    ]  # fmt: skip
    return pd.DataFrame([row for row in rows if not math.isnan(row[2])], columns=CURVE_COLUMNS)


def _worker_numbers(design: Design) -> list[int]:
    least = fewest_workers(design)
    most = max(2 * design.n_workers, least + 10)
    # Closer together where there are few workers, and the curve bends.
    shares = ((place / (CURVE_POINTS - 1)) ** 2 for place in range(CURVE_POINTS))
    steps = (least + (most - least) * share for share in shares)
    # A design of fewer workers is no point of the curve: power need not rise there.
    chosen = {design.n_workers} if design.n_workers >= least else set()
    return sorted({*chosen, *map(round, steps)})


def simulated_rows(tried: Iterable[tuple[Design, MonteCarlo]]) -> pd.DataFrame:
    """Return simulated designs as rows of a curve, with their Monte Carlo intervals."""
    rows = [
        (design.n_workers, design.users_per_worker, found.power, *found.limits, "simulation")
        for design, found in tried
    ]
    return pd.DataFrame(rows, columns=CURVE_COLUMNS)
