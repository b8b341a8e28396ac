"""How often each method rejects a slope of zero, and how often its interval holds the truth.

Run: python simulations/type_one_error.py [--minutes M] [--jobs N]
What is done already, as the results file says, is not done again; the run can be stopped at any
time. Every replicate has random numbers of its own, so the results depend neither on the number of
processes nor on where a run was stopped.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cells
import counts
import methods
import plan
from joblib import Parallel, delayed

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import prepare
from relsurvey.errors import ModelError

RESULTS = Path(__file__).parent / "results" / "type_one_error.csv"
ALPHA = 0.05
NEAR = 1e-12  # p values of orders are shares, such as 25 in 1,000
CHUNK_SECONDS = 3.0
COST = {  # of a replicate in milliseconds, roughly, with two and with three levels
    "models": (5, 12), "permutation": (10, 20), "bootstrap": (60, 600), "correlations": (25, 30),
    "score error": (250, 600), "cumulative logit": (25, 25), "top box": (150, 150),
}  # fmt: skip

Task = tuple[str, cells.Cell, int, int]


def replicate(cell: cells.Cell, number: int) -> methods.Replicate:
    """Draw one study of a design and fit its model."""
    random = cell.generator(number)
    rows = cells.draw(cell, random)
    team = "team" if cell.teams else None
    ready = prepare(rows, "y", "x", group="worker", team=team, each_within=True)
    fit = fit_sums(ready.sums, "y", ("x",))
    return methods.Replicate(cell, ready, fit, int(random.integers(2**31)))


def run_cell(group: str, cell: cells.Cell, first: int, last: int) -> dict[str, counts.Counts]:
    """Count what the methods of a group say in the replicates from ``first`` to before ``last``."""
    found = {name: counts.Counts(last - first) for name in methods.names_of(group, cell)}
    truth = cells.truths(cell)
    for number in range(first, last):
        try:
            one = replicate(cell, number)
        except ModelError:
            continue
        boundary = one.fit.boundary
        for counted in found.values():
            counted.n_boundary += boundary
        for answer in methods.answers_of(group, one):
            count(found[answer.method], answer, truth[answer.scale], boundary=boundary)
    return found


def count(counted: counts.Counts, answer: methods.Answer, truth: float, *, boundary: bool) -> None:
    """Count one answer."""
    counted.draws = max(counted.draws, answer.draws)
    if not math.isnan(answer.p_value):
        rejects = bool(answer.p_value <= ALPHA + NEAR)
        counted.n_tested += 1
        counted.n_rejected += rejects
        counted.n_tested_at_boundary += boundary
        counted.n_rejected_at_boundary += boundary and rejects
    if not (math.isnan(answer.low) or math.isnan(answer.high) or math.isnan(truth)):
        covers = bool(answer.low <= truth <= answer.high)
        counted.n_intervals += 1
        counted.n_covered += covers
        counted.n_intervals_at_boundary += boundary
        counted.n_covered_at_boundary += boundary and covers


def tasks(done: dict[counts.Key, counts.Counts]) -> Iterator[Task]:
    """Return what is left to do, in pieces of some seconds."""
    reached = {key: found.n_replicates for key, found in done.items()}
    for group, cell, wanted in plan.steps():
        key = (cell, methods.names_of(group, cell)[0])
        piece = max(20, int(1000 * CHUNK_SECONDS / COST[group][cell.teams > 0]))
        while reached.get(key, 0) < wanted:
            first = reached.get(key, 0)
            reached[key] = min(first + piece, wanted)
            yield group, cell, first, reached[key]


def in_time(found: Iterator[Task], until: float) -> Iterator[Task]:
    """Return tasks as long as there is time."""
    for task in found:
        if time.monotonic() > until:
            return
        yield task


def asked(task: Task) -> tuple[Task, dict[str, counts.Counts]]:
    """Do one piece of work."""
    return task, run_cell(*task)


def main() -> None:
    """Do what is left, writing the results after each piece."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so long")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    options = parser.parse_args()
    done = counts.read(RESULTS)
    until = time.monotonic() + 60.0 * options.minutes
    work = (delayed(asked)(task) for task in in_time(tasks(dict(done)), until))
    for (group, cell, _, last), found in Parallel(
        n_jobs=options.jobs, return_as="generator", batch_size=1, pre_dispatch="2*n_jobs"
    )(work):
        for name, counted in found.items():
            done[cell, name] = done.get((cell, name), counts.Counts()) + counted
        counts.write(done, RESULTS)
        sys.stdout.write(f"{time.strftime('%H:%M:%S')} {group}, {cell}: {last:,} replicates\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
