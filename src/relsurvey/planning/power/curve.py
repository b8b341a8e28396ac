"""Power over a grid of workers and service users."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from numbers import Integral, Real
from typing import Any

from relsurvey.errors import ModelError
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.formula import no_value
from relsurvey.planning.power.grid import formula_curve, simulated_rows
from relsurvey.planning.power.power import power as one_power
from relsurvey.planning.power.power import runner_of
from relsurvey.planning.power.replicates import MonteCarlo, simulated_power
from relsurvey.planning.power.request import checked
from relsurvey.planning.power.result import PowerCurve
from relsurvey.planning.power.words import notes_of, rests_on
from relsurvey.text import percent

__all__ = ["power_curve"]

USUAL_POWER = 0.80
DEFAULTS: dict[str, Any] = one_power.__kwdefaults__ or {}


def power_curve(
    *,
    n_workers: Sequence[int],
    users_per_worker: float | Sequence[float],
    wanted: float = USUAL_POWER,
    **options: Any,
) -> PowerCurve:
    """Work out power over a grid of workers and service users per worker.

    Parameters
    ----------
    n_workers : sequence of int
        Numbers of workers.
    users_per_worker : float or sequence of float
        Numbers of service users of each.
    wanted : float
        Power to be marked in the figure.
    **options
        Of :func:`power`: the association, ``icc`` and what else is the same for all;
        ``method="simulation"`` simulates every design of the grid.

    Returns
    -------
    PowerCurve
        One row a design, with the Monte Carlo interval where it was simulated.

    Raises
    ------
    ModelError
        Where a design cannot be; the fault says which.

    Examples
    --------
    >>> curve = power_curve(n_workers=[40, 80], users_per_worker=[5], correlation=0.5, icc=0.12)
    >>> curve.curve["power"].round(2).tolist()
    [0.53, 0.83]
    """
    unknown = sorted(set(options) - set(DEFAULTS) - {"icc"})
    if unknown or "power" in options:
        raise ModelError(
            f"power_curve() does not know {', '.join(unknown) or 'power'}.",
            hint="It takes the options of power(), but for power itself: that is worked out.",
        )
    workers, users = (
        _numbers(n_workers, "n_workers"),
        _numbers(users_per_worker, "users_per_worker"),
    )
    given = {**DEFAULTS, **options}
    designs = [_design(given, count, number) for number in users for count in workers]
    simulated = given["method"] == "simulation"
    if given["items"]:
        raise ModelError(
            "power_curve() simulates scores, not questionnaires.",
            hint="Use power(items=True) for a single design, or leave items out.",
        )
    replicates = given["replicates"] if simulated else 0
    tried: list[tuple[Design, MonteCarlo]] = []
    if simulated:
        run = runner_of(
            replicates, given["backend"], given["n_jobs"], given["address"], given["progress"]
        )
        options = {"replicates": replicates, "seed": given["seed"], "runner": run}
        tried = [(design, simulated_power(design, **options)) for design in designs]
    rows = simulated_rows(tried) if simulated else formula_curve(
        designs[0], workers=workers, users=users
    )  # fmt: skip
    if len(rows) < len(designs):
        asked = {(row.n_workers, row.users_per_worker) for row in rows.itertuples()}
        raise no_value(
            next(one for one in designs if (one.n_workers, one.users_per_worker) not in asked)
        )
    return PowerCurve(
        curve=rows,
        design=designs[0],
        wanted=wanted,
        replicates=replicates,
        seed=given["seed"] if simulated else None,
        sentence=_sentence(rows.to_dict("records"), designs[0], wanted),
        notes=_notes(designs, tried, replicates),
    )


def _numbers(value: object, name: str) -> list[Any]:
    listed = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    kind = Integral if name == "n_workers" else Real
    if not listed or not all(isinstance(one, kind) and not isinstance(one, bool) for one in listed):
        raise ModelError(
            f"{name} has to be a list of numbers; it is {value!r}.",
            hint="For instance n_workers=[20, 40, 80].",
        )
    return sorted(set(listed))


def _design(given: dict[str, Any], workers: int, users: float) -> Design:
    asked = {**given, "n_workers": workers, "users_per_worker": users, "power": None}
    return checked(asked).design


def _sentence(rows: list[dict[Any, Any]], design: Design, wanted: float) -> str:
    enough = [row for row in rows if row["power"] >= wanted]
    rest = f"this rests on {rests_on(design)}."
    if not enough:
        best = max(rows, key=lambda row: row["power"])
        return (
            f"No design of the grid has a power of {percent(wanted)}; the highest is "
            f"{percent(round(best['power'], 3))}, with {best['n_workers']:,} workers and "
            f"{best['users_per_worker']:g} service users each; {rest}"
        )
    least = min(enough, key=lambda row: row["n_workers"] * row["users_per_worker"])
    return (
        f"Of the grid, {least['n_workers']:,} workers with {least['users_per_worker']:g} service "
        f"users each ask the fewest people for a power of {percent(wanted)}; {rest}"
    )


def _notes(
    designs: list[Design], tried: list[tuple[Design, MonteCarlo]], replicates: int
) -> tuple[str, ...]:
    return notes_of(
        replace(designs[0], n_workers=max(design.n_workers for design in designs)),
        simulated=replicates * len(tried),
        failed=sum(one.failed for _, one in tried),
        boundary=sum(one.boundary for _, one in tried),
    )
