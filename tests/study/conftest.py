"""Small studies of made-up people, and one run of the sample study that several tests share."""

import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from relsurvey.resources import shipped
from relsurvey.study import run_study
from relsurvey.study.lock import lock_study
from relsurvey.study.restricted import write_restricted

QUICK = "\nbootstraps: 0\npermutations: 0\nsensitivity: false\n"


def instrument(id_, respondent, scales, *, reverse=(), models=None, context=()):
    """Write a definition with five answers, 1 to 5."""
    whole = [item for items in scales.values() for item in items]
    limits = {"method": "mean", "minimum": 1, "maximum": 5}
    labels = ("Never", "Seldom", "Sometimes", "Often", "Always")
    return {
        "id": id_, "version": "1.0.0", "status": "draft", "title": f"Made up, {id_}",
        "short_title": id_, "construct": "Nothing", "respondent": respondent,
        "description": "Made up for tests.",
        "sources": [{"citation": "Nobody (2020).", "licence": "Free."}],
        "languages": ["en-GB"],
        "response_scale": {"minimum": 1, "maximum": 5, "codes": [
            {"value": place, "label": {"en-GB": label}} for place, label in enumerate(labels, 1)
        ]},
        "items": [
            {"id": item, "reverse": item in reverse, "gist": f"About {item}"} for item in whole
        ],
        "context": [{"id": name, "gist": name, "answer": "number"} for name in context],
        "scales": [
            {"id": name, "title": f"Scale {name}", "items": items,
             "minimum_answered": {"count": max(1, len(items) - 1)}, **limits}
            for name, items in scales.items()
        ],
        "models": models or {},
    }  # fmt: skip


def answers(people, items, trait, rng, *, reverse=(), missing=0.03):
    """Draw answers from one trait a person, some of them missing."""
    latent = 0.8 * trait[:, None] + 0.7 * rng.normal(size=(people, len(items)))
    codes = (latent[:, :, None] > np.array([-1.2, -0.4, 0.4, 1.2])).sum(axis=2) + 1
    turned = np.isin(items, list(reverse))
    codes = np.where(turned, 6 - codes, codes).astype(object)
    codes[rng.random(codes.shape) < missing] = ""
    return pd.DataFrame(codes, columns=items)


def small_study(
    folder, *, workers=40, each=7, teams=8, models=True, covariates=False, scales=3, seed=5
):
    """Write a study of made-up people, and return its study file."""
    rng = np.random.default_rng(seed)
    of_workers = {f"W{s}": [f"w{s}_{i}" for i in range(1, 4)] for s in range(1, scales)}
    of_users = {f"U{s}": [f"u{s}_{i}" for i in range(1, 5)] for s in range(1, scales)}
    factors = {"kind": "correlated", "title": "As scored"}
    for name, respondent, parts, reverse, context in (
        ("w", "worker", of_workers, ("w1_2",), ("years",)),
        ("u", "service_user", of_users, ("u1_1", "u1_3"), ("months",)),
    ):
        shape = {"as-scored": {**factors, "factors": parts}} if models else None
        made = instrument(
            f"made-{name}", respondent, parts, reverse=reverse, models=shape, context=context
        )
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(made, sort_keys=False))
    ids = [f"K{n:03}" for n in range(workers)]
    trait = rng.normal(size=workers)
    table = answers(
        workers, [i for s in of_workers.values() for i in s], trait, rng, reverse=("w1_2",)
    )
    table.insert(0, "worker_id", ids)
    table["years"] = rng.integers(1, 30, workers)
    if teams:
        table.insert(1, "team", [f"T{n % teams}" for n in range(workers)])
    table.to_csv(folder / "workers.csv", index=False)
    who = np.repeat(np.arange(workers), each)
    felt = 0.4 * trait[who] + 0.6 * rng.normal(size=workers)[who] + rng.normal(size=len(who))
    users = answers(
        len(who), [i for s in of_users.values() for i in s], felt, rng, reverse=("u1_1", "u1_3")
    )
    users.insert(0, "response_id", [f"R{n:04}" for n in range(len(who))])
    users.insert(1, "worker_id", [ids[n] for n in who])
    users["months"] = rng.integers(1, 48, len(who))
    users.to_csv(folder / "service_users.csv", index=False)
    named = "[years, months]" if covariates else "[]"
    team = ", team: team" if teams else ""
    (folder / "study.yaml").write_text(
        "# A comment that is no part of the plan.\n"
        "title: Made-up people\n"
        f"workers: {{file: workers.csv, instrument: w.yaml, worker: worker_id{team}}}\n"
        "service_users: {file: service_users.csv, instrument: u.yaml, id: response_id, "
        "worker: worker_id}\n"
        f"primary: {{predictor: W1, outcome: U1, covariates: {named}}}\n"
        f"smallest_effect: 0.1\nseed: 7\n{QUICK}"
    )
    return folder / "study.yaml"


@pytest.fixture
def made(tmp_path):
    """The study file of a small study that a test may change."""
    return small_study(tmp_path)


@pytest.fixture
def making():
    """The maker of small studies."""
    return small_study


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """A small study, locked, run and written once; tests must not change it."""
    folder = tmp_path_factory.mktemp("small")
    study = small_study(folder)
    lock = lock_study(study)
    result = run_study(study, folder / "results", command="relsurvey run study.yaml")
    return SimpleNamespace(
        study=study, lock=lock, result=result, folder=folder / "results",
        key=folder / "relsurvey.key",
    )  # fmt: skip


@pytest.fixture
def written(small_run, tmp_path):
    """A copy of that study and its results, which a test may change."""
    shutil.copytree(small_run.study.parent, tmp_path / "copy")
    folder = tmp_path / "copy"
    return SimpleNamespace(
        study=folder / "study.yaml", folder=folder / "results", key=folder / "relsurvey.key",
        result=small_run.result,
    )  # fmt: skip


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory):
    """The restricted part of the sample study, run once with what takes long left out."""
    folder = tmp_path_factory.mktemp("sample")
    for name in ("study.yaml", "workers.csv", "service_users.csv"):
        shutil.copy(shipped("sample") / name, folder / name)
    with (folder / "study.yaml").open("a") as text:
        text.write(QUICK)
    write_restricted(run_study(folder / "study.yaml", None), folder / "restricted", bytes(32))
    return folder / "restricted"


@pytest.fixture(scope="session", autouse=True)
def _few_pixels(without_pixels):
    """Runs of these tests draw no pixels."""


@pytest.fixture(scope="module")
def few_plausible_values():
    """Draw few plausible values in whole runs, where nobody looks at them."""
    name = "relsurvey.association.measurement_error.plausible.usual_plausible_values"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name, lambda *_, **__: 5)
        yield
