"""The result of ``power`` and of ``power_curve``: as tables, as a text, and drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from relsurvey.planning.power.design import Design
from relsurvey.planning.power.effect import Effect
from relsurvey.planning.power.words import table_text
from relsurvey.results import Drawn
from relsurvey.text import aligned, percent, remark, wrapped

__all__ = ["PowerCurve", "PowerResult"]


@dataclass(frozen=True, eq=False)
class PowerCurve(Drawn):
    """Power by workers, for several numbers of service users per worker.

    Attributes
    ----------
    curve : pandas.DataFrame
        ``n_workers``, ``users_per_worker``, ``power``, ``power_low``, ``power_high`` (the 95%
        Monte Carlo interval; NaN where no chance is in it), ``method``.
    design : Design
        What is the same for all; its numbers of workers and service users are those of the
        first row.
    wanted : float
        Power that is marked in the figure.
    replicates : int
        Simulated studies a design; 0 where the formula was used.
    seed : int or None
        Of the simulation.
    sentence : str
        What the curve says.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_power"

    curve: pd.DataFrame
    design: Design
    wanted: float
    replicates: int
    seed: int | None
    sentence: str
    notes: tuple[str, ...]

    @property
    def chosen(self) -> tuple[int, float, float] | None:
        """No design is chosen in a curve."""
        return None

    def to_frame(self) -> pd.DataFrame:
        """Return the curve, one row a design."""
        return self.curve.copy()

    def summary(self) -> str:
        """Return the curve as a text for people."""
        grid = self.curve.pivot_table(index="n_workers", columns="users_per_worker", values="power")
        rows = [
            {"workers": f"{workers:,}"}
            | {f"{users:g} users each": percent(round(value, 3)) for users, value in row.items()}
            for workers, row in grid.iterrows()
        ]
        lines = ["Power by workers and service users", "", *wrapped(self.sentence), ""]
        lines += aligned(rows, left=[])
        return "\n".join([*lines, *_remarks(self.notes)])


@dataclass(frozen=True, eq=False)
class PowerResult(Drawn):
    """How many people, or how strong an association, for which power.

    Attributes
    ----------
    unknown : {"n_workers", "users_per_worker", "effect", "power"}
        What was worked out.
    n_workers : int
        Workers asked.
    users_per_worker : float
        Mean number of service users asked about each.
    n_users : float
        Service users asked, in all.
    correlation : float
        Between the workers' true scores and the true mean experience of their service users.
    standardised_slope, slope : float
        The same between true scores, in standard deviations and in points (see ``Effect``).
    slope_observed : float
        What the model finds on average, in points of the observed scores.
    power : float
        Chance of p below alpha: by formula, or the share of simulated studies.
    power_low, power_high : float
        The 95% Monte Carlo interval of a simulated power; NaN where a formula was used.
    power_formula : float
        By formula, whatever the method; NaN where questionnaires were simulated, which it does
        not know, and where numbers of service users differ too much for it.
    wanted : float
        Power asked for; .80 where it was the unknown.
    method : {"formula", "simulation"}
        How power was found.
    items : bool
        Whether whole questionnaires were simulated.
    replicates : int
        Simulated studies; 0 where the formula was used.
    seed : int or None
        Of the simulation.
    failed, boundary : int or None
        Simulated studies in which the model could not be fitted (they count as not
        significant), and in which a variance was estimated as zero.
    design : Design
        All that it rests on.
    table : pandas.DataFrame
        The answer for other numbers beside those asked for, by formula.
    curve : pandas.DataFrame
        Power by workers, as in ``PowerCurve``; simulated designs are rows too.
    sentence : str
        The answer, and what it rests on.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_power"

    unknown: str
    n_workers: int
    users_per_worker: float
    n_users: float
    correlation: float
    standardised_slope: float
    slope: float
    slope_observed: float
    power: float
    power_low: float
    power_high: float
    power_formula: float
    wanted: float
    method: str
    items: bool
    replicates: int
    seed: int | None
    failed: int | None
    boundary: int | None
    design: Design
    table: pd.DataFrame
    curve: pd.DataFrame
    sentence: str
    notes: tuple[str, ...]

    @property
    def chosen(self) -> tuple[int, float, float]:
        """Workers, service users of each and power of the answer, to be marked in the figure."""
        return self.n_workers, self.users_per_worker, self.power

    @property
    def effect(self) -> Effect:
        """The association in all its forms; SDs are 1 where none were given."""
        design = self.design
        return Effect(
            self.correlation, design.icc, design.reliability_predictor, design.reliability_outcome
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the answer and its neighbours, one row a design; see ``table``."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the answer as a text for people."""
        lines = ["Planning the study", "", *wrapped(self.sentence), ""]
        lines += table_text(self.table, self.unknown, self.wanted)
        if not math.isnan(self.power_low):
            lines += [
                "",
                f"Simulated power {percent(round(self.power, 3))}, 95% Monte Carlo interval "
                f"{percent(round(self.power_low, 3))} to {percent(round(self.power_high, 3))}"
                + ("" if math.isnan(self.power_formula)
                   else f"; by formula {percent(round(self.power_formula, 3))}"),
            ]  # fmt: skip
        return "\n".join([*lines, *_remarks(self.notes)])


def _remarks(notes: tuple[str, ...]) -> list[str]:
    return ["", *(line for note in notes for line in remark(note))] if notes else []
