"""Time the specification curve: about 100 specifications, 500 dealings of the scores.

OPENBLAS_NUM_THREADS=1 python benchmarks/specification_curve.py
"""

from __future__ import annotations

import time

import numpy as np

from relsurvey.sensitivity import specification_curve

WORKERS, ROWS, SEED = 200, 2_000, 1


def study() -> dict[str, np.ndarray]:
    generator = np.random.default_rng(SEED)
    worker = np.sort(generator.integers(0, WORKERS, ROWS))
    x = generator.normal(size=WORKERS)[worker]
    y = 0.3 * x + 0.5 * generator.normal(size=WORKERS)[worker] + generator.normal(size=ROWS)
    return {
        "worker_id": worker,
        "team": worker // 8,
        "x": x,
        "y": y,
        "other": y + generator.normal(size=ROWS),
        "age": generator.normal(size=ROWS),
        "proxy": (generator.random(ROWS) < 0.1).astype(float),
    }


def main() -> None:
    data = study()
    print(f"{ROWS:,} service users of {WORKERS} workers, 96 specifications")
    for team, levels in ((None, "two levels"), ("team", "three levels")):
        for dealings in (0, 500, 5_000):
            start = time.perf_counter()
            curve = specification_curve(
                data, ["y", "other"], "x", covariate_sets=[(), ["age"]], group="worker_id",
                team=team, exclusions={"proxy answers": "proxy"}, permutations=dealings, seed=SEED,
            )  # fmt: skip
            seconds = time.perf_counter() - start
            assert curve.n_specifications == 96
            print(f"  {levels}, {dealings:>5,} dealings: {seconds:5.2f} s")


if __name__ == "__main__":
    main()
