"""The result of ``measurement_error``: what it holds, as a table and as a text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar

import pandas as pd

from relsurvey.association.measurement_error.budget import Budget
from relsurvey.association.measurement_error.corrected import CorrectedSlope
from relsurvey.results import Drawn
from relsurvey.text import aligned, and_list, number, p_value_text, percent, readable, wrapped

__all__ = ["MeasurementError"]

METHODS = {
    "naive": "score as measured",
    "calibrated": "calibrated (check)",
    "simex": "simulation-extrapolation",
    "plausible": "plausible values",
}


@dataclass(frozen=True, eq=False)
class MeasurementError(Drawn):
    """A slope with the error of the worker's score carried into it.

    Attributes
    ----------
    outcome, predictor, group : str
        The columns.
    team : str or None
        The team column, where the model has a level for teams.
    covariates : tuple of str
        As given.
    reliability : float
        Of the scores of the workers used: as given, or what the error given leaves.
    conditional_reliability : float
        The same given covariates, and within teams where the model has that level.
    error_sd : float
        Root mean square of the workers' standard errors of measurement, points of the score.
    naive, calibrated, simex, plausible : CorrectedSlope
        The slope of the score as measured, and corrected in three ways.
    path : pandas.DataFrame
        added, slope, variance: mean slope and extrapolated variance, by how many times the error
        variance was added.
    monte_carlo_error : float
        Of the SIMEX slope, from the number of remeasurements alone.
    plausible_monte_carlo_error : float
        Of the slope by plausible values, from the number of draws alone.
    plausible_error_uncertainty : float
        The same of its standard error, as a share of it.
    draws : int
        Plausible values of each worker.
    quadratic : float
        The SIMEX slope by the quadratic extrapolant.
    fraction_missing : float
        Share of the information on the slope that is missing for want of the true scores.
    budget : Budget
        What is lost to which error.
    n_workers, n_service_users : int
        Used.
    confidence : float
        Coverage of the intervals.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know, and what is taken as known.
    """

    _figure: ClassVar[str] = "plot_corrected_slopes"

    outcome: str
    predictor: str
    group: str
    team: str | None
    covariates: tuple[str, ...]
    reliability: float
    conditional_reliability: float
    error_sd: float
    naive: CorrectedSlope
    calibrated: CorrectedSlope
    simex: CorrectedSlope
    plausible: CorrectedSlope
    path: pd.DataFrame
    monte_carlo_error: float
    plausible_monte_carlo_error: float
    plausible_error_uncertainty: float
    draws: int
    quadratic: float
    fraction_missing: float
    budget: Budget
    n_workers: int
    n_service_users: int
    confidence: float
    sentence: str
    notes: tuple[str, ...]

    @property
    def slopes(self) -> tuple[CorrectedSlope, ...]:
        """The four slopes, the naive one first."""
        return self.naive, self.calibrated, self.simex, self.plausible

    def to_frame(self) -> pd.DataFrame:
        """Return one row a method, unrounded."""
        return pd.DataFrame([asdict(slope) for slope in self.slopes])

    def summary(self) -> str:
        """Return the slopes and the budget as a text for people."""
        adjusted = f", adjusted for {and_list(self.covariates)}" if self.covariates else ""
        rows = [
            {
                "": METHODS[slope.method],
                "slope": readable(slope.estimate),
                "std error": readable(slope.std_error),
                f"{percent(self.confidence)} interval": f"{readable(slope.conf_low)} to "
                f"{readable(slope.conf_high)}",
                "p": p_value_text(slope.p_value).removeprefix("p").removeprefix(" = ").strip(),
                "standardised": number(slope.standardised),
            }
            for slope in self.slopes
        ]
        lines = [
            f"{self.outcome} by {self.predictor}{adjusted}: the error of the score carried in",
            "",
            *wrapped(self.sentence),
            "",
            *aligned(rows, left=[""]),
            "",
            *self._monte_carlo(),
            "What is lost to which error",
            "",
            self.budget.summary(),
        ]
        remarks = (line for note in self.notes for line in wrapped(f"Note: {note}", hanging="  "))
        return "\n".join([*lines, *remarks])

    def _monte_carlo(self) -> list[str]:
        """Say how far another seed may lead, where anything was drawn."""
        if self.plausible_monte_carlo_error == 0:
            return []
        text = (
            "Monte Carlo error of the slope (its standard error over other seeds): "
            f"{readable(self.monte_carlo_error)} by simulation-extrapolation, "
            f"{readable(self.plausible_monte_carlo_error)} by {self.draws:,} plausible values of "
            "each worker, whose standard error is itself known to about "
            f"{percent(round(self.plausible_error_uncertainty, 3))} of its size."
        )
        return [*wrapped(text), ""]
