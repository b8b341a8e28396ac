"""What a report needs of a study result; whatever has these attributes can be reported.

The room ``study`` stands above this one, so that its classes are described here instead of
imported.
"""

# The attributes are described where they are defined.
# ruff: noqa: D102

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from relsurvey.errors import ReportError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AssociationLike",
    "CodeLike",
    "InstrumentLike",
    "ScaleLike",
    "StudyLike",
    "SurveyLike",
    "ensure_study",
]


class Tabular(Protocol):
    """A result that can be had as a tidy frame."""

    def to_frame(self) -> pd.DataFrame: ...


class CodeLike(Protocol):
    """One answer of a response scale."""

    @property
    def value(self) -> float: ...
    @property
    def label(self) -> Mapping[str, str]: ...


class ResponseScaleLike(Protocol):
    """What can be answered."""

    @property
    def codes(self) -> Sequence[CodeLike]: ...
    @property
    def not_applicable(self) -> Sequence[object]: ...


class ItemLike(Protocol):
    """One item."""

    @property
    def id(self) -> str: ...
    @property
    def gist(self) -> str: ...
    @property
    def reverse(self) -> bool: ...


class MinimumAnsweredLike(Protocol):
    """How many answers a score needs."""

    @property
    def count(self) -> int | None: ...
    @property
    def share(self) -> object | None: ...
    @property
    def at_least(self) -> int: ...


class ScaleLike(Protocol):
    """One score."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def items(self) -> Sequence[str]: ...
    @property
    def scales(self) -> Sequence[str]: ...
    @property
    def composite_of(self) -> str | None: ...
    @property
    def every_scale_scored(self) -> bool: ...
    @property
    def method(self) -> str: ...
    @property
    def minimum(self) -> float: ...
    @property
    def maximum(self) -> float: ...
    @property
    def minimum_answered(self) -> MinimumAnsweredLike: ...
    @property
    def pomp(self) -> bool: ...
    @property
    def not_applicable(self) -> str: ...


class SourceLike(Protocol):
    """One publication."""

    @property
    def citation(self) -> str: ...
    @property
    def doi(self) -> str | None: ...


class ItemsLike(Protocol):
    """The items of an instrument, by position."""

    def __iter__(self) -> Iterator[ItemLike]: ...
    def __len__(self) -> int: ...


class ScalesLike(Protocol):
    """The scales of an instrument, by position."""

    def __iter__(self) -> Iterator[ScaleLike]: ...
    def __len__(self) -> int: ...


class InstrumentLike(Protocol):
    """A questionnaire."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def short_title(self) -> str: ...
    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def sources(self) -> Sequence[SourceLike]: ...
    @property
    def response_scale(self) -> ResponseScaleLike: ...
    @property
    def items(self) -> ItemsLike: ...
    @property
    def item_ids(self) -> Sequence[str]: ...
    @property
    def scales(self) -> ScalesLike: ...
    def items_of(self, scale_id: str, /) -> Sequence[str]: ...


class ResponsesLike(Protocol):
    """What came back: codes, and why a cell has none."""

    @property
    def n(self) -> int: ...
    @property
    def items(self) -> pd.DataFrame: ...
    @property
    def reasons(self) -> pd.DataFrame: ...


class ReliabilityLike(Tabular, Protocol):
    """Reliability, one row a scale."""

    @property
    def missing(self) -> str: ...
    @property
    def confidence(self) -> float: ...


class SurveyLike(Protocol):
    """One of the two surveys."""

    @property
    def role(self) -> str: ...
    @property
    def responses(self) -> ResponsesLike: ...
    @property
    def instrument(self) -> InstrumentLike: ...
    @property
    def scores(self) -> pd.DataFrame: ...
    @property
    def reliability(self) -> ReliabilityLike: ...
    @property
    def items(self) -> Tabular: ...


class LinkLogLike(Protocol):
    """Who could be linked, counted."""

    @property
    def n_workers(self) -> int: ...
    @property
    def n_service_users(self) -> int: ...
    @property
    def n_workers_linked(self) -> int: ...
    @property
    def n_service_users_linked(self) -> int: ...


class LinkedLike(Protocol):
    """Service users with their workers."""

    @property
    def log(self) -> LinkLogLike: ...
    @property
    def on(self) -> str: ...


class ModelLike(Protocol):
    """A fitted mixed model."""

    @property
    def reml(self) -> bool: ...
    @property
    def converged(self) -> bool: ...
    @property
    def boundary(self) -> bool: ...


class AssociationLike(Protocol):
    """One association between a score of workers and a score of service users."""

    @property
    def outcome(self) -> str: ...
    @property
    def predictor(self) -> str: ...
    @property
    def covariates(self) -> Sequence[str]: ...
    @property
    def slope(self) -> float: ...
    @property
    def slope_low(self) -> float: ...
    @property
    def slope_high(self) -> float: ...
    @property
    def std_error(self) -> float: ...
    @property
    def df(self) -> float: ...
    @property
    def p_value(self) -> float: ...
    @property
    def slope_standardised(self) -> float: ...
    @property
    def slope_standardised_low(self) -> float: ...
    @property
    def slope_standardised_high(self) -> float: ...
    @property
    def icc(self) -> float: ...
    @property
    def design_effect(self) -> float: ...
    @property
    def between_variance_explained(self) -> float: ...
    @property
    def correlation(self) -> float: ...
    @property
    def correlation_low(self) -> float: ...
    @property
    def correlation_high(self) -> float: ...
    @property
    def correlation_p(self) -> float: ...
    @property
    def n_workers(self) -> int: ...
    @property
    def n_service_users(self) -> int: ...
    @property
    def n_dropped(self) -> int: ...
    @property
    def n_teams(self) -> int | None: ...
    @property
    def predictor_mean(self) -> float: ...
    @property
    def predictor_sd(self) -> float: ...
    @property
    def model(self) -> ModelLike: ...
    @property
    def curve(self) -> pd.DataFrame: ...
    @property
    def bins(self) -> pd.DataFrame: ...


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


class PlanLike(Protocol):
    """The study file."""

    @property
    def smallest_effect(self) -> float | None: ...


class StudyLike(Protocol):
    """A study result, as far as a report needs it."""

    @property
    def title(self) -> str: ...
    @property
    def question(self) -> str | None: ...
    @property
    def plan(self) -> PlanLike: ...
    @property
    def workers(self) -> SurveyLike: ...
    @property
    def service_users(self) -> SurveyLike: ...
    @property
    def linked(self) -> LinkedLike: ...
    @property
    def primary(self) -> AssociationLike: ...
    @property
    def secondary(self) -> Sequence[AssociationLike]: ...
    @property
    def provenance(self) -> ProvenanceLike: ...
    @property
    def threshold(self) -> int: ...
    @property
    def alpha(self) -> float: ...


NEEDED = (
    "title",
    "question",
    "plan",
    "workers",
    "service_users",
    "linked",
    "primary",
    "secondary",
    "provenance",
    "threshold",
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
