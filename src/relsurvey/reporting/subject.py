"""What a report needs of a study result; whatever has these attributes can be reported.

The room ``study`` stands above this one, so that its classes are described here instead of
imported; everything below is imported as it is.
"""

# The attributes are described where they are defined.
# ruff: noqa: D102

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

from relsurvey.agreement import ScalesAgreement
from relsurvey.association import AssociationResult
from relsurvey.association.family import FamilyResult
from relsurvey.association.panel import Companions
from relsurvey.errors import ReportError
from relsurvey.instruments import Instrument
from relsurvey.intake import Responses
from relsurvey.linkage import Linked
from relsurvey.psychometrics import ItemResult, ReliabilityResult
from relsurvey.psychometrics.structure import StructureResult
from relsurvey.quality.missing import McarResult
from relsurvey.sensitivity import SensitivityResult, SpecificationCurve
from relsurvey.small_groups import SmallGroupRules

__all__ = ["StudyLike", "SurveyLike", "TeamsLike", "ensure_study"]


class QualityLike(Protocol):
    """What was checked of all answers that came back."""

    @property
    def missing(self) -> McarResult: ...


class SurveyLike(Protocol):
    """One of the two surveys."""

    @property
    def role(self) -> str: ...
    @property
    def responses(self) -> Responses: ...
    @property
    def instrument(self) -> Instrument: ...
    @property
    def scores(self) -> pd.DataFrame: ...
    @property
    def reliability(self) -> ReliabilityResult: ...
    @property
    def items(self) -> ItemResult: ...
    @property
    def quality(self) -> QualityLike: ...
    @property
    def n_waves(self) -> int: ...
    @property
    def n_answered(self) -> int: ...
    @property
    def excluded(self) -> Mapping[str, int]: ...
    @property
    def rules_named(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def structure(self) -> StructureResult | None: ...
    @property
    def structure_note(self) -> str: ...


class ProvenanceLike(Protocol):
    """Where the figures come from."""

    @property
    def inputs(self) -> Sequence[tuple[str, str, int]]: ...
    @property
    def instruments(self) -> Sequence[tuple[str, str, str]]: ...
    @property
    def software(self) -> Mapping[str, str]: ...
    @property
    def seed(self) -> int: ...
    @property
    def command(self) -> str: ...
    @property
    def created(self) -> str: ...


class DifferenceLike(Protocol):
    """One key of the plan that a run had otherwise."""

    @property
    def key(self) -> str: ...
    @property
    def locked(self) -> str: ...
    @property
    def run(self) -> str: ...
    @property
    def matters(self) -> bool: ...


class LockLike(Protocol):
    """What became of a plan that was locked."""

    @property
    def sentences(self) -> Sequence[str]: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def differences(self) -> Sequence[DifferenceLike]: ...


class HypothesisLike(Protocol):
    """An association that the study file names."""

    @property
    def moderator(self) -> str | None: ...


class PlanLike(Protocol):
    """The study file."""

    @property
    def smallest_effect(self) -> float | None: ...
    @property
    def primary(self) -> HypothesisLike: ...


class TeamsLike(Protocol):
    """What staff say of their teams."""

    @property
    def instrument(self) -> Instrument: ...
    @property
    def responses(self) -> Responses: ...
    @property
    def scores(self) -> pd.DataFrame: ...
    @property
    def columns(self) -> Mapping[str, str]: ...
    @property
    def scales(self) -> pd.DataFrame: ...
    @property
    def fewest(self) -> int: ...
    @property
    def n_teams(self) -> int: ...
    @property
    def n_workers_without(self) -> int: ...
    def scale_of(self, column: str) -> str | None: ...


class StudyLike(Protocol):
    """A study result, as far as a report needs it."""

    @property
    def title(self) -> str: ...
    @property
    def question(self) -> str | None: ...
    @property
    def notice(self) -> str | None: ...
    @property
    def plan(self) -> PlanLike: ...
    @property
    def workers(self) -> SurveyLike: ...
    @property
    def service_users(self) -> SurveyLike: ...
    @property
    def linked(self) -> Linked: ...
    @property
    def primary(self) -> AssociationResult: ...
    @property
    def secondary(self) -> Sequence[AssociationResult]: ...
    @property
    def companions(self) -> Companions | None: ...
    @property
    def family(self) -> FamilyResult | None: ...
    @property
    def everyone(self) -> Sequence[AssociationResult]: ...
    @property
    def agreement(self) -> ScalesAgreement | None: ...
    @property
    def agreement_note(self) -> str: ...
    @property
    def sensitivity(self) -> SensitivityResult | None: ...
    @property
    def curve(self) -> SpecificationCurve | None: ...
    @property
    def teams(self) -> TeamsLike | None: ...
    @property
    def lock(self) -> LockLike | None: ...
    @property
    def provenance(self) -> ProvenanceLike: ...
    @property
    def threshold(self) -> int: ...
    @property
    def small_groups(self) -> SmallGroupRules: ...
    @property
    def alpha(self) -> float: ...


NEEDED = (
    "title",
    "question",
    "notice",
    "plan",
    "workers",
    "service_users",
    "linked",
    "primary",
    "secondary",
    "companions",
    "family",
    "everyone",
    "agreement",
    "agreement_note",
    "sensitivity",
    "curve",
    "teams",
    "lock",
    "provenance",
    "threshold",
    "small_groups",
    "alpha",
)


def ensure_study(result: object) -> None:
    """Make sure that something is a study result, before a report is made of it.

    Raises
    ------
    ReportError
        Where it lacks what a report needs; the message names it.
    """
    lacking = [name for name in NEEDED if not hasattr(result, name)]
    if lacking:
        raise ReportError(
            f"A report is made of a study result; a {type(result).__name__} has no "
            f"{', '.join(lacking)}.",
            hint="Give what relsurvey.run_study(...) returned.",
        )
