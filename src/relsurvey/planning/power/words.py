"""Answers about power in words: the sentence, what it rests on, the small table."""

from __future__ import annotations

import math

import pandas as pd

from relsurvey.planning.power.design import Design
from relsurvey.planning.power.solve import FEWEST_ANSWERING
from relsurvey.text import aligned, and_list, counted, percent, readable

__all__ = ["answer_sentence", "notes_of", "rests_on", "table_text"]

FEW_WORKERS = 10
RARELY = 0.01
SHOWN = 12


def answer_sentence(
    unknown: str, design: Design, power: float, wanted: float, simulated: int
) -> str:
    """Return the answer and what it rests on, as one sentence.

    Parameters
    ----------
    unknown : {"n_workers", "users_per_worker", "effect", "power"}
        What was worked out.
    design : Design
        The answer.
    power, wanted : float
        Found, and asked for.
    simulated : int
        Simulated studies; 0 for the formula.
    """
    total = f"{round(design.n_users):,} service users"
    users = _users(design)
    target = (
        f"a correlation of {readable(design.correlation)} between the worker's score and the mean "
        f"experience of the worker's service users at p < {design.alpha:g}"
    )
    workers = counted(design.n_workers, "worker")
    chance = f"a power of {percent(wanted)}"
    if unknown == "n_workers":
        said = f"With {users} each, {workers} ({total}) are needed for {chance} to find {target}"
    elif unknown == "users_per_worker":
        said = f"With {workers}, {users} each ({total}) are needed for {chance} to find {target}"
    elif unknown == "effect":
        said = (
            f"With {workers} and {users} each ({total}), the weakest association found with "
            f"{chance} is {target}"
        )
    else:
        said = (
            f"With {workers} and {users} each ({total}), the power to find {target} is "
            f"{percent(round(power, 3))}"
        )
    return f"{said}; this rests on {rests_on(design)}, {_how(design, simulated)}."


def _users(design: Design) -> str:
    number = design.users_per_worker
    noun = "service user" if number == 1 else "service users"
    return f"{number:g} {noun}"


def _how(design: Design, simulated: int) -> str:
    alone = design.users_per_worker == 1.0
    model = "ordinary regression" if alone else "the model of the association"
    if simulated:
        return f"and {simulated:,} simulated studies given {model}"
    return f"and a formula for {model}"


def rests_on(design: Design) -> str:
    """Return the assumptions of a design, those left at their defaults included."""
    parts = [f"an ICC of {readable(design.icc)}", _errors(design)]
    if design.teams is None:
        parts.append("no teams")
    else:
        parts.append(
            f"{design.teams:,} teams that hold {percent(design.team_share)} of the differences "
            "between workers"
        )
    even = design.user_count_cv
    parts.append(
        "equal numbers of service users" if even == 0
        else f"numbers of service users with a coefficient of variation of {even:g}"
    )  # fmt: skip
    lost = [
        f"{percent(share)} of {who} not answering"
        for share, who in (
            (design.attrition_workers, "workers"), (design.attrition_users, "service users"),
        )
        if share
    ]  # fmt: skip
    parts.append(and_list(lost) if lost else "everyone answering")
    if design.covariates:
        parts.append(
            f"{counted(design.covariates, 'covariate')} explaining "
            f"{percent(design.r_squared_between)} of what is left between workers and "
            f"{percent(design.r_squared_within)} within"
        )
    if design.ceiling is not None:
        parts.append(f"{percent(design.ceiling)} of service users at the best possible score")
    return ", ".join(parts)


def _errors(design: Design) -> str:
    worker, user = design.reliability_predictor, design.reliability_outcome
    if worker == user == 1.0:
        return "scores without measurement error"
    return (
        f"reliabilities of {readable(worker)} (worker) and {readable(user)} (service user), the "
        "correlation and the ICC being those of true scores"
    )


def notes_of(
    design: Design, *, simulated: int, failed: int = 0, boundary: int = 0, items: bool = False
) -> tuple[str, ...]:
    """Return what a reader has to know of an answer."""
    notes = []
    if design.workers_answering < FEW_WORKERS:
        notes.append(
            f"Only {counted(design.workers_answering, 'worker')} would answer; results are worth "
            "reading with 10 or more."
        )
    notes += _about_few(design)
    if not items:
        notes += _about_single_users(design)
    if failed:
        notes.append(
            f"In {failed:,} of {simulated:,} simulated studies the model could not be fitted; "
            "they count as not significant."
        )
    if simulated and boundary > 0.05 * simulated:
        notes.append(
            f"In {percent(round(boundary / simulated, 2))} of the simulated studies a variance "
            "between workers or teams was estimated as zero."
        )
    return tuple(notes)


def _about_few(design: Design) -> list[str]:
    if design.workers_answering >= FEWEST_ANSWERING:
        return []
    return [
        f"With fewer than {FEWEST_ANSWERING} workers power can fall as workers are added: the "
        "variance between them is so often estimated as zero that p is below "
        f"{design.alpha:g} too often. Do not plan on it."
    ]


def _about_single_users(design: Design) -> list[str]:
    """Say which model the power is that of, where workers may have one service user each."""
    alone = design.sizes.alone**design.workers_answering
    if alone < RARELY:
        return []
    where = (
        "With one service user each" if design.users_per_worker == 1.0
        else f"In about {percent(round(alone, 2))} of such studies no worker has more than one "
        "service user; there"
    )  # fmt: skip
    return [
        f"{where} the power is that of ordinary regression: differences between workers cannot "
        "be told from those within, so the random-intercept model of the association cannot be "
        "fitted, and associate refuses such data. Plan two or more service users for at least some."
    ]


def table_text(table: pd.DataFrame, unknown: str, wanted: float) -> list[str]:
    """Return the table beside an answer as lines, the row of the answer marked."""
    title = {
        "n_workers": f"Workers needed for {percent(wanted)}, by service users per worker",
        "users_per_worker": f"Service users per worker needed for {percent(wanted)}, by workers",
        "effect": f"Weakest correlation found with {percent(wanted)}, by service users per worker",
        "power": "Power, by service users per worker",
    }[unknown]
    rows = [
        {
            "": "->" if row["chosen"] else "",
            "users each": _count(row["users_per_worker"], "none is enough"),
            "workers": _count(row["n_workers"], "none is enough"),
            "users in all": _count(row["n_users"], ""),
            "correlation": _number(row["correlation"]),
            "power": "n/a" if math.isnan(row["power"]) else percent(round(row["power"], 3)),
        }
        for row in table.head(SHOWN).to_dict("records")
    ]
    return [title, "", *aligned(rows, left=[""]), "", "(by formula; -> the answer)"]


def _count(value: float, missing: str) -> str:
    return missing if math.isnan(value) else f"{value:,.10g}" if value < 100 else f"{value:,.0f}"


def _number(value: float) -> str:
    return "none is enough" if math.isnan(value) else f"{value:.2f}"
