"""The result of ``associate``: what it holds, as a table and as a text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from relsurvey.association.equivalence import WITHIN, Equivalence
from relsurvey.association.models.mixed import MixedResult
from relsurvey.association.moderation import Moderation
from relsurvey.results import Drawn
from relsurvey.text import and_list, p_value_text, percent, readable, wrapped

__all__ = ["AssociationResult"]

TESTS = {
    "satterthwaite": "Satterthwaite",
    "kenward_roger": "Kenward-Roger",
    "residual": "t with residual degrees of freedom",
}


@dataclass(frozen=True, eq=False)
class AssociationResult(Drawn):
    """How an outcome of service users goes with a property of their workers.

    Attributes
    ----------
    outcome, predictor, group : str
        The columns; ``group`` is the worker's id.
    team : str or None
        The team column, where teams are a level of the model.
    covariates : tuple of str
        As given; how they entered is seen in ``model.predictors``.
    slope, slope_low, slope_high, std_error, df, p_value : float
        The predictor's fixed effect (points of the outcome per point of the predictor), its
        interval and test; ``model.df`` says how the degrees of freedom were found.
    slope_standardised, slope_standardised_low, slope_standardised_high : float
        The same times ``predictor_sd`` / ``outcome_sd``, these taken as known.
    icc : float
        Share of the outcome's variance that lies between workers, from the null model on the
        same rows; with a level for teams, that between teams included.
    icc_team : float
        Share that lies between teams; NaN without that level.
    design_effect : float
        How many times the variance of a mean exceeds that of a simple random sample of as many
        service users.
    between_variance_explained : float
        Share of the null model's variance between workers that is not in the model's. May be
        negative (see ``notes``); NaN where there is none to explain.
    correlation, correlation_low, correlation_high, correlation_p : float
        Pearson, over workers, of the predictor with the worker's mean outcome; every worker
        counts the same. NaN where it cannot be computed.
    n_workers, n_service_users, n_dropped : int
        Used, and service users left out for a missing value.
    n_teams : int or None
        Teams, where a team column is known.
    predictor_mean, predictor_sd : float
        Over workers, one value each (divisor n - 1).
    outcome_mean, outcome_sd : float
        Over service users (divisor n - 1).
    intercept_at_mean : float
        The outcome expected where the predictor is at ``predictor_mean`` and covariates at
        their means.
    confidence : float
        Coverage of all intervals.
    model, null_model : MixedResult
        The two fits (REML).
    curve : pandas.DataFrame
        predictor, expected, low, high: the fitted line over the central 90% of workers.
    bins : pandas.DataFrame
        n_workers, n_service_users, predictor_mean, outcome_mean for groups of workers of
        similar predictor values.
    spread : pandas.DataFrame
        low, high, n_workers: how the workers' mean outcomes spread, in steps of no fewer workers
        than asked for.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know.
    correlation_note : str
        Why there is no correlation, if so.
    equivalence : Equivalence or None
        The slope beside the smallest one that would matter, where that was named.
    note : str
        Why nothing could be computed; empty where it was (see ``uncomputed``).
    moderation : Moderation or None
        How far the slope differs with a moderator, where one was named.
    """

    _figure: ClassVar[str] = "plot_association"

    outcome: str
    predictor: str
    covariates: tuple[str, ...]
    group: str
    team: str | None
    slope: float
    slope_low: float
    slope_high: float
    std_error: float
    df: float
    p_value: float
    slope_standardised: float
    slope_standardised_low: float
    slope_standardised_high: float
    icc: float
    icc_team: float
    design_effect: float
    between_variance_explained: float
    correlation: float
    correlation_low: float
    correlation_high: float
    correlation_p: float
    n_workers: int
    n_service_users: int
    n_dropped: int
    n_teams: int | None
    predictor_mean: float
    predictor_sd: float
    outcome_mean: float
    outcome_sd: float
    intercept_at_mean: float
    confidence: float
    model: MixedResult
    null_model: MixedResult
    curve: pd.DataFrame
    bins: pd.DataFrame
    spread: pd.DataFrame
    sentence: str
    notes: tuple[str, ...]
    correlation_note: str = ""
    equivalence: Equivalence | None = None
    note: str = ""
    moderation: Moderation | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return one row a quantity: estimate, its interval and p where it has them, note."""
        no = float("nan")
        unexplained = math.isnan(self.between_variance_explained)
        reason = "no variance between workers to explain" if unexplained else ""
        rows = [
            ("slope", self.slope, self.slope_low, self.slope_high, self.p_value, ""),
            ("slope_standardised", self.slope_standardised, self.slope_standardised_low,
             self.slope_standardised_high, self.p_value, ""),
            ("correlation", self.correlation, self.correlation_low, self.correlation_high,
             self.correlation_p, self.correlation_note),
            ("icc", self.icc, no, no, no, "no interval is computed"),
            *([("icc_team", self.icc_team, no, no, no, "no interval is computed")]
              if self.team else []),
            ("design_effect", self.design_effect, no, no, no, "no interval is computed"),
            ("between_variance_explained", self.between_variance_explained, no, no, no,
             reason or "no interval is computed"),
        ]  # fmt: skip
        frame = pd.DataFrame(
            rows, columns=["quantity", "estimate", "conf_low", "conf_high", "p_value", "note"]
        )
        if self.note:
            frame["note"] = self.note
        frame = frame.assign(n_workers=self.n_workers, n_service_users=self.n_service_users)
        if self.moderation is None:
            return frame
        of_moderation = self.moderation.to_frame().assign(
            note=f"moderator {self.moderation.moderator}",
            n_workers=self.moderation.n_workers,
            n_service_users=self.moderation.n_service_users,
        )
        return pd.concat([frame, of_moderation[list(frame.columns)]], ignore_index=True)

    def summary(self) -> str:
        """Return the association as a text for people."""
        adjusted = f", adjusted for {and_list(self.covariates)}" if self.covariates else ""
        lines = [
            f"{self.outcome} by {self.predictor}{adjusted}",
            "",
            *wrapped(self.sentence),
            *wrapped(self._held_text()),
            *([] if self.note else self._figures_text()),
        ]
        remarks = [line for note in self.notes for line in wrapped(f"Note: {note}", hanging="  ")]
        moderation = [] if self.moderation is None else ["", self.moderation.summary()]
        return "\n".join([*lines, *remarks, *moderation])

    def _held_text(self) -> str:
        """Hold the slope against the margin; "no direction" and "none" are two findings."""
        if self.equivalence is None:
            return ""
        said = self.equivalence.sentence
        turned = self.equivalence.verdict == WITHIN
        return f"But {said[0].lower()}{said[1:]}" if turned else said

    def _figures_text(self) -> list[str]:
        return ["", *(f"  {label:<42}{text}" for label, text in self._rows())]

    def _rows(self) -> list[tuple[str, str]]:
        def interval(low: float, high: float) -> str:
            return f"{percent(self.confidence)} interval {readable(low)} to {readable(high)}"

        correlation = self.correlation_note
        if not correlation:
            correlation = (
                f"{readable(self.correlation)}, "
                f"{interval(self.correlation_low, self.correlation_high)}, "
                f"{p_value_text(self.correlation_p)}"
            )
        unadjusted = ", not adjusted" if self.covariates else ""
        standardised = interval(self.slope_standardised_low, self.slope_standardised_high)
        return [
            (
                "slope",
                f"{readable(self.slope)} (standard error {readable(self.std_error)}), "
                f"{interval(self.slope_low, self.slope_high)}, {p_value_text(self.p_value)}",
            ),
            ("standardised slope", f"{readable(self.slope_standardised)}, {standardised}"),
            (f"correlation of group means{unadjusted}", correlation),
            ("share of variance between (ICC)", self._shares()),
            ("design effect", readable(self.design_effect)),
            ("share of that explained", readable(self.between_variance_explained)),
            ("test", f"{TESTS[self.model.df]}, {self.df:.1f} degrees of freedom"),
        ]

    def _shares(self) -> str:
        if self.team is None:
            return readable(self.icc)
        return f"{readable(self.icc)}, of which between teams {readable(self.icc_team)}"
