"""Make the sample study: ``python data/sample/make_sample.py`` writes the same bytes each time.

Writes workers.csv and service_users.csv and the table of the truth in README.md, into this
folder or the one named. Everything is drawn by ``relsurvey.simulate_study``; only the
context columns, which are related to nothing, are drawn here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import relsurvey as rs
from relsurvey.files import written_whole
from relsurvey.planning import SimulatedStudy

HERE = Path(__file__).resolve().parent
SEED = 20260101
LOCALE = "en-GB"
TRUTH_STARTS = "<!-- truth: written by make_sample.py -->"
TRUTH_ENDS = "<!-- end of truth -->"


def draw() -> SimulatedStudy:
    """Draw the study; every number that matters is here or a default of ``simulate_study``."""
    return rs.simulate_study(
        "rpq-16",
        "peech-sc",
        n_workers=120,
        n_teams=14,
        n_service_users=900,
        correlation=0.45,
        icc=0.15,
        team_share=0.10,
        ceiling=0.55,
        missing=0.03,
        not_applicable=0.04,
        unmatched_workers=7,
        unmatched_service_users=22,
        without_id=6,
        seed=SEED,
    )


def workers_file(study: SimulatedStudy) -> pd.DataFrame:
    """Lay the workers' answers out as codes, with two context columns."""
    rng = np.random.default_rng([SEED, 1])
    frame = study.workers.copy()
    items = list(rs.load_instrument("rpq-16").item_ids)
    frame[items] = frame[items].astype("Int64")
    years = np.minimum(rng.geometric(0.14, size=len(frame)) - 1, 35)
    settings = rng.choice(["Children and families", "Adults"], size=len(frame), p=[0.6, 0.4])
    frame.insert(2, "years_in_role", years)
    frame.insert(3, "setting", settings)
    return frame


def service_users_file(study: SimulatedStudy) -> pd.DataFrame:
    """Lay the service users' answers out as labels, with the instrument's context columns."""
    instrument = rs.load_instrument("peech-sc")
    scale = instrument.response_scale
    labels = {float(code.value): code.label[LOCALE] for code in scale.codes}
    labels |= {float(code.code): code.label[LOCALE] for code in scale.not_applicable}
    frame = study.service_users.rename(columns={"respondent_id": "response_id"})
    for item in instrument.item_ids:
        frame[item] = frame[item].map(labels)
    return pd.concat([frame, _context(len(frame))], axis=1)


def _context(count: int) -> pd.DataFrame:
    rng = np.random.default_rng([SEED, 2])
    instrument = rs.load_instrument("peech-sc")

    def chosen(question: str, shares: list[float]) -> np.ndarray:
        names = [code.label[LOCALE] for code in instrument.context[question].codes]
        return rng.choice(names, size=count, p=shares)

    months = np.minimum(rng.geometric(0.07, size=count), 96)
    return pd.DataFrame(
        {
            "months_known": months,
            "workers_12_months": np.minimum(rng.geometric(0.6, size=count), 6),
            "stage": np.where(months <= 3, "Starting", chosen("stage", [0.0, 0.85, 0.15])),
            "involvement": chosen("involvement", [0.55, 0.45]),
            "filled_in_by": chosen("filled_in_by", [0.70, 0.22, 0.08]),
            "worker_present": chosen("worker_present", [0.90, 0.10]),
        }
    )


def truth_table(study: SimulatedStudy) -> str:
    """Write what the sample was drawn from as a Markdown table."""
    asked, scores = study.truth["parameters"], study.truth["scores"]
    reflection, care = scores["workers"]["RC"], scores["service_users"]["TOTAL"]
    rows = [
        ("Workers in the file, teams", f"{asked['n_workers']}, {asked['n_teams']}"),
        ("Service users in the file", asked["n_service_users"]),
        ("Service users per linked worker", f"1 to {asked['largest_group']}"),
        ("Workers without a service user", asked["unmatched_workers"]),
        ("Service users whose worker did not answer", asked["unmatched_service_users"]),
        ("Service users who name no worker", asked["without_id"]),
        ("**Traits** (standard normal)", ""),
        ("Correlation, reflective capacity and mean experience", asked["correlation"]),
        ("Share of experience between workers (ICC)", asked["icc"]),
        ("Slope of experience on reflective capacity", f"{study.truth['latent']['slope']:.4f}"),
        ("Share of both worker traits between teams", asked["team_share"]),
        ("Share of a domain that is general", asked["general_share"]),
        ("**Answers**", ""),
        ("Mean loading of an item on its domain", asked["loading"]),
        ("Mean share of the best answer (service users)", asked["ceiling"]),
        ("Share of cells left blank", asked["missing"]),
        ("Share of “does not apply” among service users' answers", asked["not_applicable"]),
        ("**Scores** (what follows, for complete answers)", ""),
        ("RC, reflective capacity: mean, SD", f"{reflection['mean']:.3f}, {reflection['sd']:.3f}"),
        ("RC: alpha", f"{reflection['alpha']:.3f}"),
        ("TOTAL, emotional care: mean, SD", f"{care['mean']:.3f}, {care['sd']:.3f}"),
        ("TOTAL: alpha", f"{care['alpha']:.3f}"),
        ("TOTAL: ICC", f"{care['icc']:.4f}"),
        ("Slope of TOTAL on RC (points per point)", f"{scores['slope']['RC']['TOTAL']:.4f}"),
        ("Correlation of RC and a worker's true mean TOTAL", _rounded(scores, "RC", "TOTAL")),
        ("Seed", asked["seed"]),
    ]
    lines = ["| | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    return "\n".join(lines)


def _rounded(scores: dict, predictor: str, outcome: str) -> str:
    return f"{scores['correlation'][predictor][outcome]:.3f}"


def sample_files() -> dict[str, str]:
    """Return the text of each file by its name."""
    study = draw()
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    before, rest = readme.split(TRUTH_STARTS)
    _, after = rest.split(TRUTH_ENDS)
    return {
        "workers.csv": workers_file(study).to_csv(index=False, lineterminator="\n"),
        "service_users.csv": service_users_file(study).to_csv(index=False, lineterminator="\n"),
        "README.md": f"{before}{TRUTH_STARTS}\n{truth_table(study)}\n{TRUTH_ENDS}{after}",
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for name, text in sample_files().items():
        with written_whole(folder / name) as temporary:
            temporary.write_bytes(text.encode("utf-8"))
