"""What is asked of a simulated study, checked before a single number is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from numbers import Integral, Real
from typing import Any

from relsurvey.errors import ModelError

__all__ = ["SimulationParameters"]

COUNT = "a whole number"
SHARE = "a number from 0 to 1"
OPEN_SHARE = "a number from 0 up to, but not including, 1"

_LEAST_COUNT = {
    "n_workers": 1,
    "n_teams": 1,
    "n_service_users": 1,
    "largest_group": 1,
    "unmatched_workers": 0,
    "unmatched_service_users": 0,
    "without_id": 0,
    # Never None: a study drawn without a seed cannot be made again.
    "seed": 0,
}


@dataclass(frozen=True, slots=True)
class SimulationParameters:
    """The parameters of :func:`relsurvey.simulate_study`, where their meaning is written.

    Raises
    ------
    ModelError
        On making one, with every parameter that is out of bounds or at odds with another in
        ``.failures`` (parameter, value, allowed).
    """

    n_workers: int
    n_teams: int
    n_service_users: int
    correlation: float
    icc: float
    team_share: float
    general_share: float
    loading: float
    ceiling: float | None
    missing: float
    not_applicable: float
    unmatched_workers: int
    unmatched_service_users: int
    without_id: int
    largest_group: int
    seed: int

    def __post_init__(self) -> None:
        # What holds between two parameters is asked only once each is sound by itself.
        failures = list(self._out_of_bounds()) or list(self._at_odds())
        if failures:
            count = "1 parameter" if len(failures) == 1 else f"{len(failures)} parameters"
            raise ModelError(
                f"No study can be simulated: {count} out of bounds.", failures=failures
            )

    @property
    def n_workers_linked(self) -> int:
        """Workers of the file who have at least one service user."""
        return self.n_workers - self.unmatched_workers

    @property
    def n_service_users_linked(self) -> int:
        """Service users whose worker id stands in the workers' file."""
        return self.n_service_users - self.unmatched_service_users - self.without_id

    @property
    def n_workers_absent(self) -> int:
        """Workers who did not answer although some of their service users did.

        As many as give these workers about the group size of the others.
        """
        return math.ceil(
            self.unmatched_service_users * self.n_workers_linked / self.n_service_users_linked
        )

    def _out_of_bounds(self) -> Iterator[dict[str, Any]]:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in _LEAST_COUNT:
                least = _LEAST_COUNT[field.name]
                sound, allowed = _is_count(value, least), f"{COUNT}, {least} or more"
            elif field.name == "correlation":
                sound, allowed = _is_within(value, -1.0, 1.0), "a number from -1 to 1"
            elif field.name == "ceiling":
                sound = value is None or (_is_within(value, 0.0, 1.0) and 0 < value < 1)
                allowed = "None, or a number between 0 and 1, neither included"
            elif field.name in {"loading", "missing"}:
                sound, allowed = _is_within(value, 0.0, 1.0) and value < 1, OPEN_SHARE
            else:
                sound, allowed = _is_within(value, 0.0, 1.0), SHARE
            if not sound:
                yield _failure(field.name, value, allowed)

    def _at_odds(self) -> Iterator[dict[str, Any]]:
        if self.n_teams > self.n_workers:
            yield _failure("n_teams", self.n_teams, f"at most n_workers ({self.n_workers})")
        groups, linked = self.n_workers_linked, self.n_service_users_linked
        if groups < 1:
            yield _failure(
                "unmatched_workers", self.unmatched_workers, f"below n_workers ({self.n_workers})"
            )
            return
        apart = self.unmatched_service_users + self.without_id
        least, most = groups + apart, groups * self.largest_group + apart
        if not groups <= linked <= groups * self.largest_group:
            yield _failure(
                "n_service_users",
                self.n_service_users,
                f"from {least} to {most}, so that each of the {groups} workers with service "
                f"users has 1 to {self.largest_group} (largest_group) beside the {apart} who "
                "cannot be linked",
            )


def _is_count(value: object, least: int) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def _is_within(value: object, low: float, high: float) -> bool:
    # A NaN fails both comparisons.
    return isinstance(value, Real) and not isinstance(value, bool) and low <= float(value) <= high


def _failure(parameter: str, value: object, allowed: str) -> dict[str, Any]:
    return {"parameter": parameter, "value": value, "allowed": allowed}
