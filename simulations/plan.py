"""Which methods are tried in which designs, how often, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from cells import Cell

WORKERS = (8, 12, 25, 60, 200)
ICCS = (0.02, 0.10, 0.30)
USERS = ((1, 20), (1, 5))
OUTCOMES = ("normal", "ceiling")

# Teams, workers of each, users of each, variance between teams; between workers it is 0.20.
OF_WORKERS = 0.20
TEAM_DESIGNS = (
    (6, 4, 4, 4, 0.10),
    (12, 5, 5, 5, 0.05),
    (8, 3, 3, 3, 0.0),
    (6, 4, 1, 20, 0.10),
    (12, 5, 1, 20, 0.05),
    (25, 6, 1, 20, 0.05),
)

Step = tuple[str, Cell, int]


def two_levels(
    workers: Sequence[int] = WORKERS,
    iccs: Sequence[float] = ICCS,
    users: Sequence[tuple[int, int]] = USERS,
    outcomes: Sequence[str] = OUTCOMES,
    correlation: float = 0.0,
) -> Iterator[Cell]:
    """Return a grid of designs without teams."""
    for outcome, (least, most), icc, n in product(outcomes, users, iccs, workers):
        yield Cell(n, least, most, icc, outcome, correlation)


def three_levels(first: int = len(TEAM_DESIGNS), outcome: str = "normal") -> Iterator[Cell]:
    """Return the first so many of the designs with teams."""
    for teams, size, least, most, variance in TEAM_DESIGNS[:first]:
        yield Cell(
            teams * size, least, most, OF_WORKERS, outcome, teams=teams, team_variance=variance
        )


def steps() -> Iterator[Step]:
    """Return group of methods, design and replicates wanted; what matters most comes first.

    The cheap tests are tried everywhere. The costly ones are tried with 1 to 20 users, some at
    one ICC only, and in fewer replicates. What has been tried everywhere is then tried more often.
    """
    usual = {"users": USERS[:1]}
    middle = {**usual, "iccs": (0.10,)}
    normal, ceiling = {**middle, "outcomes": ("normal",)}, {**middle, "outcomes": ("ceiling",)}
    yield from (("models", cell, 2_000) for cell in two_levels(**usual, outcomes=("normal",)))
    yield from (("models", cell, 2_000) for cell in three_levels(3))
    yield from (("permutation", cell, 500) for cell in two_levels(**normal))
    yield from (("bootstrap", cell, 300) for cell in two_levels(**normal))
    yield from (("models", cell, 1_000) for cell in three_levels())
    yield from (("models", cell, 1_000) for cell in three_levels(2, "ceiling"))
    yield from (("models", cell, 1_000) for cell in two_levels(**ceiling))
    yield from (("permutation", cell, 500) for cell in three_levels(2))
    yield from (("correlations", cell, 300) for cell in two_levels(**normal))
    yield from (("cumulative logit", cell, 300) for cell in two_levels(**ceiling))
    yield from (("score error", cell, 200) for cell in two_levels(**normal))
    yield from (("top box", cell, 200) for cell in two_levels(**ceiling))
    yield from (("models", cell, 1_000) for cell in two_levels(**middle, correlation=0.5))
    yield from (("bootstrap", cell, 200) for cell in three_levels(2))
    yield from (("score error", cell, 200) for cell in two_levels(**normal, correlation=0.5))
    yield from (("permutation", cell, 500) for cell in two_levels(**ceiling))
    yield from (("bootstrap", cell, 300) for cell in two_levels(**ceiling))
    yield from (("models", cell, 1_000) for cell in two_levels())
    yield from (("correlations", cell, 300) for cell in two_levels(**ceiling))
    yield from (("bootstrap", cell, 300) for cell in two_levels(**normal, correlation=0.5))
    yield from (("correlations", cell, 300) for cell in two_levels(**normal, correlation=0.5))
    yield from (("cumulative logit", cell, 300) for cell in two_levels(**ceiling, correlation=0.5))
    yield from (("top box", cell, 150) for cell in two_levels(**ceiling, correlation=0.5))
    yield from (("correlations", cell, 300) for cell in three_levels(2))
    yield from (("cumulative logit", cell, 300) for cell in three_levels(2, "ceiling"))
    yield from (("top box", cell, 150) for cell in three_levels(2, "ceiling"))
    yield from (("score error", cell, 100) for cell in three_levels(1))
    yield from (("models", cell, 5_000) for cell in three_levels())
    yield from (("models", cell, 2_000) for cell in two_levels())
