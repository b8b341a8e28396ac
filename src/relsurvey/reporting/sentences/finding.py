"""What was found, in the few words that every sentence is chosen by."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from relsurvey.association import AssociationResult
from relsurvey.association.caveats import is_ordinary
from relsurvey.reporting import wording
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.material import Material
from relsurvey.reporting.sections.headline import said_of, too_few
from relsurvey.reporting.sentences.differing import Differing, differing_of
from relsurvey.reporting.sentences.doubts import bend_words, contradicting
from relsurvey.reporting.sentences.reasons import Reason, reason_of
from relsurvey.reporting.waves import waves_of

__all__ = ["Case", "Doubt", "Expected", "Finding", "finding_of"]

Case: TypeAlias = Literal[
    "higher", "lower", "open", "little", "small", "few", "withheld", "none"
]  # fmt: skip
Doubt: TypeAlias = Literal[
    "few workers", "other methods", "other choices", "bend", "edge", "waves", "unfinished"
]  # fmt: skip

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
    case : {"higher", "lower", "open", "little", "small", "few", "withheld", "none"}
        What may be claimed: a direction; none, as the interval holds zero ("open"), the data
        being too few to settle it ("little"), or any shown to be smaller than the smallest
        association of interest ("small"); too few workers for a direction; too few people for
        anything to be shown; nothing was computed.
    doubts : tuple of str
        What makes it less certain than its interval says. Where no direction is claimed and
        none is denied, that the line bends or that waves are pooled at most.
    said : Said
        Names, level, covariates.
    workers, users : str
        How many, as it may be shown.
    too_few : str
        Of whom there are too few; empty where there are enough to be shown.
    expected : tuple of Expected or None
        With a worker one standard deviation below the mean, and with one above; ``None`` where
        that cannot be told.
    reason : str
        Why the question is not answered, or not well.
    trivial : bool
        Whether a direction is claimed, of a size shown to be below the smallest of interest.
    differing : Differing or None
        Whether it differs with the moderator; ``None`` where there is none.
    rounded : bool
        Whether numbers of people are rounded.
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
    reason: Reason
    rounded: bool
    trivial: bool = False
    differing: Differing | None = None
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


def finding_of(material: Material) -> Finding:
    """Say what the study's primary association comes to."""
    primary = material.as_shown(material.study.primary)
    said = said_of(material, primary)
    rules = material.rules
    case = _case(material, primary, said)
    counts = (
        rules.spoken(primary.n_workers, "worker"),
        rules.spoken(primary.n_service_users, "service_user"),
    )
    few = "" if material.tells(primary) else too_few(material, primary)
    why = reason_of(material, case)
    known = Finding(case, (), said, *counts, few, why, bool(rules.rounded))
    if not known.told:
        return known
    return replace(
        known,
        doubts=_doubts(material, primary, case),
        trivial=known.directed and wording.is_trivial(primary),
        differing=differing_of(material),
        expected=_expected(primary),
        difference=_difference(primary, said.outcome),
    )


def _case(material: Material, primary: AssociationResult, said: wording.Said) -> Case:
    direction = wording.direction_of(primary, said)
    return "withheld" if direction != "none" and not material.tells(primary) else direction


def _doubts(material: Material, primary: AssociationResult, case: Case) -> tuple[Doubt, ...]:
    study = material.study
    always: dict[Doubt, bool] = {
        "bend": bool(bend_words(material)),
        "waves": bool(waves_of(material)),
    }
    if case not in {"higher", "lower", "small"}:
        return tuple(doubt for doubt, holds in always.items() if holds)
    found: dict[Doubt, bool] = {
        "few workers": primary.n_workers < FEW_WORKERS,
        "other methods": study.companions is not None and bool(study.companions.disagreeing),
        "other choices": contradicting(material) > 0,
        "bend": always["bend"],
        "edge": is_ordinary(primary.model),
        "waves": always["waves"],
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
