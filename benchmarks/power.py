"""Compare the power formula with simulation over a grid, and time a simulated power.

Run: python benchmarks/power.py                 times 1,000 studies of 100 workers x 10 users
     python benchmarks/power.py grid [file]     the whole grid, about an hour; cells that the file
                                                already has are kept
     python benchmarks/power.py figure          draws what benchmarks/results/power_grid.csv holds
"""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import cpu_count

from relsurvey.planning.power.backends import Runner
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.formula import formula_power
from relsurvey.planning.power.replicates import simulated_power

RESULTS = Path(__file__).parent / "results"
GRID = RESULTS / "power_grid.csv"
REPLICATES, WITH_TEAMS, SEED = 10_000, 4_000, 20_260_101  # at least

# workers, users, icc, correlation, and what differs from the plain design
CELLS: list[tuple[int, float, float, float, dict[str, float]]] = [
    (8, 1, 0.30, 0.90, {}),
    (8, 2, 0.30, 0.90, {}),
    (8, 5, 0.30, 0.90, {}),
    (8, 20, 0.12, 0.85, {}),
    (12, 2, 0.12, 0.90, {}),
    (12, 5, 0.12, 0.90, {}),
    (12, 20, 0.02, 0.90, {}),
    (25, 1, 0.30, 0.80, {}),
    (25, 5, 0.12, 0.80, {}),
    (25, 20, 0.30, 0.50, {}),
    (60, 2, 0.12, 0.70, {}),
    (60, 8, 0.02, 0.80, {}),
    (200, 1, 0.12, 0.50, {}),
    (200, 5, 0.02, 0.55, {}),
    (200, 20, 0.12, 0.20, {}),
    (8, 8, 0.12, 0.90, {"user_count_cv": 0.6}),
    (12, 8, 0.30, 0.80, {"user_count_cv": 0.8}),
    (12, 4, 0.12, 0.90, {"user_count_cv": 0.6}),
    (25, 8, 0.12, 0.65, {"user_count_cv": 0.8}),
    (60, 8, 0.05, 0.60, {"user_count_cv": 0.6, "attrition_users": 0.3}),
    (25, 2, 0.30, 0.75, {"attrition_users": 0.4, "attrition_workers": 0.2}),
    (60, 8, 0.12, 0.50, {"reliability_predictor": 0.8, "reliability_outcome": 0.9}),
    (25, 8, 0.12, 0.70, {"covariates": 2, "r_squared_between": 0.3, "r_squared_within": 0.2}),
    (24, 4, 0.12, 0.90, {"n_teams": 6, "team_share": 0.15}),
    (24, 8, 0.30, 0.65, {"n_teams": 6, "team_share": 0.30}),
    (24, 8, 0.12, 0.80, {"n_teams": 6, "team_share": 0.0}),
    (40, 5, 0.12, 0.75, {"n_teams": 8, "team_share": 0.20, "reliability_predictor": 0.8}),
    (60, 8, 0.12, 0.55, {"n_teams": 12, "team_share": 0.20}),
    (60, 8, 0.05, 0.70, {"n_teams": 20, "team_share": 0.40, "reliability_predictor": 0.7}),
    (60, 6, 0.12, 0.55, {"n_teams": 12, "team_share": 0.20, "user_count_cv": 0.6}),
    (200, 5, 0.05, 0.45, {"n_teams": 40, "team_share": 0.20}),
    (100, 10, 0.02, 0.60, {"n_teams": 10, "team_share": 0.10}),
]


def timed() -> None:
    design = Design(100, 10, 0.30, 0.12)
    for jobs in (1, cpu_count()):
        start = time.perf_counter()
        found = simulated_power(design, replicates=1_000, seed=SEED, runner=Runner(n_jobs=jobs))
        low, high = found.limits
        print(
            f"1,000 studies of 100 workers x 10 users, {jobs} job(s): "
            f"{time.perf_counter() - start:.2f} s; power {found.power:.3f} ({low:.3f} to "
            f"{high:.3f}), formula {formula_power(design):.3f}"
        )


def compared(cell: tuple[int, float, float, float, dict[str, float]]) -> dict[str, float]:
    workers, users, icc, correlation, more = cell
    design = Design(workers, users, correlation, icc, **more)  # type: ignore[arg-type]
    formula = formula_power(design)
    count = REPLICATES if design.teams is None else WITH_TEAMS
    found = simulated_power(design, replicates=count, seed=SEED, runner=Runner())
    return {
        "n_workers": workers,
        "users_per_worker": users,
        "icc": icc,
        "correlation": correlation,
        "more": ", ".join(f"{name} {value:g}" for name, value in more.items()),
        "formula": formula,
        "simulated": found.power,
        "difference": formula - found.power,
        "standard_error": math.sqrt(found.power * (1 - found.power) / count),
        "share_boundary": found.boundary / count,
        "replicates": count,
        "failed": found.failed,
    }


def grid(file: Path, cells: list[tuple[int, float, float, float, dict[str, float]]]) -> None:
    rows = pd.read_csv(file, keep_default_na=False).to_dict("records") if file.exists() else []
    done = {(r["n_workers"], r["users_per_worker"], r["icc"], r["more"]) for r in rows}
    for cell in cells:
        more = ", ".join(f"{name} {value:g}" for name, value in cell[4].items())
        if (cell[0], cell[1], cell[2], more) in done:
            continue
        rows.append(compared(cell))
        row = rows[-1]
        print(
            f"{row['n_workers']:>4} x {row['users_per_worker']:<3} icc {row['icc']:.2f} "
            f"{row['more']:<60} formula {row['formula']:.3f} simulated {row['simulated']:.3f} "
            f"difference {row['difference']:+.3f}",
            flush=True,
        )
        pd.DataFrame(rows).to_csv(file, index=False)


def figure() -> None:
    from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, styled

    table = pd.read_csv(GRID, keep_default_na=False)
    with styled():
        axes = blank(height=4.2).add_axes((0.1, 0.13, 0.87, 0.77))
        place = np.arange(len(table))
        axes.axhspan(-1, 1, color="#e8edf1", zorder=0)
        axes.axhline(0, color=MUTED, linewidth=0.8)
        teams = table["more"].str.contains("n_teams").to_numpy()
        points = 100 * table["difference"], 196 * table["standard_error"]
        for chosen, colour, label in (
            (~teams, COLOURS["worker"], "two levels"),
            (teams, COLOURS["service_user"], "workers in teams"),
        ):
            axes.errorbar(
                place[chosen], points[0][chosen], yerr=points[1][chosen], fmt="o",
                color=colour, markersize=4, linewidth=1, label=label,
            )  # fmt: skip
        axes.set_xlabel("design, in the order of power_grid.csv")
        axes.set_ylabel("formula minus simulation, points of power")
        title = f"Formula against simulation, {len(table)} designs (bars: 95% Monte Carlo interval)"
        axes.set_title(title, loc="left", fontsize=10, color=INK)
        axes.legend(loc="lower left", fontsize=9, ncols=2)
        axes.figure.savefig(RESULTS / "power_grid.svg")


def main() -> None:
    words = sys.argv[1:]
    if not words:
        timed()
    elif words[0] == "figure":
        figure()
    else:
        RESULTS.mkdir(exist_ok=True)
        grid(Path(words[1]) if len(words) > 1 else GRID, CELLS)


if __name__ == "__main__":
    main()
