"""Which choices there are, and every combination of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from relsurvey.association.models.names import column_names
from relsurvey.errors import ModelError
from relsurvey.options import require_choice, require_names, require_whole
from relsurvey.sensitivity.slope import MODELS

__all__ = ["CHOICES", "NOBODY", "NOTHING", "Choices", "Rows", "Specification", "choices"]

NOBODY = "nobody"
NOTHING = "nothing"
CHOICES = ("outcome", "predictor", "covariates", "minimum_users", "excluded", "model")
"""The columns of a table of specifications that say what was chosen."""
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Rows:
    """What decides on rows and columns: specifications that share it share their sums."""

    outcome: str
    predictor: str
    covariates: str
    minimum_users: int
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Specification:
    """One combination of choices."""

    rows: Rows
    model: str

    def labels(self) -> dict[str, Any]:
        """Return the choices as columns of a table."""
        return {
            "outcome": self.rows.outcome,
            "predictor": self.rows.predictor,
            "covariates": self.rows.covariates,
            "minimum_users": self.rows.minimum_users,
            "excluded": " + ".join(self.rows.excluded) or NOBODY,
            "model": self.model,
        }


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen; the first of each is the primary choice.

    Attributes
    ----------
    outcomes, predictors, models : tuple of str
        Names.
    covariate_sets : mapping of str to tuple of str
        Columns by the name of the set.
    minimum_users : tuple of int
        Fewest service users of a worker.
    exclusions : tuple of str
        Names of what is left out or not, each by itself.
    """

    outcomes: tuple[str, ...]
    predictors: tuple[str, ...]
    covariate_sets: Mapping[str, tuple[str, ...]]
    minimum_users: tuple[int, ...]
    exclusions: tuple[str, ...]
    models: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many specifications there are."""
        options = (self.outcomes, self.predictors, self.covariate_sets, self.minimum_users,
                   self.models)  # fmt: skip
        total = 1 << len(self.exclusions)
        for one in options:
            total *= len(one)
        return total

    def specifications(self) -> Iterator[Specification]:
        """Give every combination; the first is the primary one."""
        left_out = [
            some
            for size in range(len(self.exclusions) + 1)
            for some in combinations(self.exclusions, size)
        ]
        rows = product(
            self.outcomes, self.predictors, self.covariate_sets, self.minimum_users, left_out
        )
        for parts in rows:
            for model in self.models:
                yield Specification(Rows(*parts), model)


def choices(
    outcomes: str | Sequence[str],
    predictors: str | Sequence[str],
    covariate_sets: Mapping[str, Sequence[str]] | Sequence[Sequence[str]] | None,
    minimum_users: int | Sequence[int],
    exclusions: Mapping[str, Any] | None,
    models: str | Sequence[str],
) -> Choices:
    """Read the choices as they are given.

    Raises
    ------
    ModelError
        Where one is empty or not of its kind, a model is not known, or there are more than
        20,000 specifications.
    """
    minimum = [minimum_users] if isinstance(minimum_users, int) else list(minimum_users)
    found = Choices(
        outcomes=require_names("outcomes", outcomes),
        predictors=require_names("predictors", predictors),
        covariate_sets=_covariate_sets(covariate_sets),
        minimum_users=tuple(
            dict.fromkeys(require_whole("minimum_users", one, lowest=1) for one in minimum)
        ),
        exclusions=_exclusions(exclusions),
        models=require_names("models", models),
    )
    for model in found.models:
        require_choice("models", model, tuple(MODELS), ModelError)
    if not found.minimum_users:
        raise ModelError("minimum_users is empty.", hint="(1,) asks for no more than one.")
    if found.count > MOST:
        raise ModelError(
            f"These choices make {found.count:,} specifications; at most {MOST:,} can be run.",
            hint="Leave out choices that you would not defend.",
        )
    return found


def _covariate_sets(given: Any) -> dict[str, tuple[str, ...]]:
    if given is None:
        return {NOTHING: ()}
    if isinstance(given, Mapping):
        sets = {str(name): column_names(names, "covariate_sets") for name, names in given.items()}
    else:
        listed = [column_names(names, "covariate_sets") for names in given]
        sets = {" + ".join(names) or NOTHING: names for names in listed}
    if not sets:
        raise ModelError("covariate_sets is empty.", hint="[[]] is one set with no covariates.")
    return sets


def _exclusions(given: Mapping[str, Any] | None) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise ModelError(
            f"exclusions has to be a mapping; it is of type {type(given).__name__}.",
            hint="For instance exclusions={'proxy answers': 'proxy'}: a name, and a column of 0 "
            "and 1 or one True or False a row.",
        )
    return tuple(str(name) for name in given)
