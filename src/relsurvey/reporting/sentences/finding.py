"""What was found, in the few words that every sentence is chosen by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from relsurvey.association import AssociationResult
from relsurvey.association.caveats import is_ordinary
from relsurvey.reporting import wording
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.material import Material
from relsurvey.reporting.sections.headline import said_of, too_few

__all__ = ["Case", "Doubt", "Expected", "Finding", "finding_of"]

Case: TypeAlias = Literal["higher", "lower", "open", "small", "few", "withheld", "none"]
Doubt: TypeAlias = Literal["few workers", "other methods", "other choices", "edge", "unfinished"]

FEW_WORKERS = 50


@dataclass(frozen=True)
class Expected:
    """The outcome expected with a worker who scores rather low, or rather high.

    Attributes
    ----------
    mean, low, high : float
        On the outcome's scale, with its interval.
    """

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Finding:
    """The primary association, as far as it may be told.

    Attributes
    ----------
    case : {"higher", "lower", "open", "small", "few", "withheld", "none"}
        What may be claimed: a direction; none, as the interval holds zero ("open"), or moreover
        lies within the smallest association of interest ("small"); too few workers for a
        direction; too few people for anything to be shown; nothing was computed.
    doubts : tuple of str
        What makes it less certain than its interval says; empty where no direction is claimed
        and none is denied.
    said : Said
        Names, level, covariates.
    workers, users : str
        How many, as it may be shown.
    too_few : str
        Of whom there are too few; empty where there are enough to be shown.
    expected : tuple of Expected or None
        With a worker one standard deviation below the mean, and with one above; ``None`` where
        that cannot be told.
    difference : tuple of float
        Between the two, and the ends of its interval, as a share of the outcome's range; NaN
        where it has none.
    """

    case: Case
    doubts: tuple[Doubt, ...]
    said: wording.Said
    workers: str
    users: str
    too_few: str
    expected: tuple[Expected, Expected] | None = None
    difference: tuple[float, float, float] = (math.nan, math.nan, math.nan)

    @property
    def directed(self) -> bool:
        """Whether a direction is claimed."""
        return self.case in {"higher", "lower"}

    @property
    def told(self) -> bool:
        """Whether there are figures to tell."""
        return self.case not in {"withheld", "none"}

    @property
    def needs_more(self) -> bool:
        """Whether there are too few people for an answer."""
        return self.case == "few" or bool(self.too_few)


def finding_of(material: Material) -> Finding:
    """Say what the study's primary association comes to."""
    primary = material.study.primary
    said = said_of(material, primary)
    rules = material.rules
    case = _case(material, primary, said)
    counts = (
        rules.spoken(primary.n_workers, "worker"),
        rules.spoken(primary.n_service_users, "service_user"),
    )
    few = "" if material.tells(primary) else too_few(material, primary)
    if case in {"withheld", "none"}:
        return Finding(case, (), said, *counts, few)
    doubts = _doubts(material, primary) if case in {"higher", "lower", "small"} else ()
    return Finding(
        case, doubts, said, *counts, few, _expected(primary), _difference(primary, said.outcome)
    )


def _case(material: Material, primary: AssociationResult, said: wording.Said) -> Case:
    direction = wording.direction_of(primary, said)
    return "withheld" if direction != "none" and not material.tells(primary) else direction


def _doubts(material: Material, primary: AssociationResult) -> tuple[Doubt, ...]:
    study = material.study
    other_choices = study.sensitivity is not None and study.sensitivity.n_contradicting > 0
    found: dict[Doubt, bool] = {
        "few workers": primary.n_workers < FEW_WORKERS,
        "other methods": study.companions is not None and bool(study.companions.disagreeing),
        "other choices": other_choices,
        "edge": is_ordinary(primary.model),
        "unfinished": not primary.model.converged,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def _expected(primary: AssociationResult) -> tuple[Expected, Expected] | None:
    """Read the fitted line one standard deviation below the workers' mean, and one above."""
    curve = primary.curve
    at = [primary.predictor_mean - primary.predictor_sd,
          primary.predictor_mean + primary.predictor_sd]  # fmt: skip
    known = curve["predictor"].to_numpy(dtype=float)
    if not (np.isfinite(at).all() and known[0] <= at[0] and at[1] <= known[-1]):
        return None
    low, high = (
        Expected(*(float(np.interp(x, known, curve[name])) for name in ("expected", "low", "high")))
        for x in at
    )
    return low, high


def _difference(primary: AssociationResult, outcome: ScoreLabel) -> tuple[float, float, float]:
    if outcome.minimum is None or outcome.maximum is None:
        return math.nan, math.nan, math.nan
    apart = 2 * primary.predictor_sd / (outcome.maximum - outcome.minimum)
    return primary.slope * apart, primary.slope_low * apart, primary.slope_high * apart
