from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from relsurvey.association import associate, fit_mixed
from relsurvey.association.cluster_ols import fit_cluster_ols
from relsurvey.association.companions.companion import Companion
from relsurvey.association.panel import companions
from relsurvey.association.panel.verdicts import agreement_with, says
from relsurvey.errors import ModelError

QUICK = {"bootstraps": 0, "permutations": 0, "seed": 1}


def study(n_workers: int = 40, slope: float = 0.4, seed: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    worker = np.repeat(np.arange(n_workers), random.integers(2, 9, n_workers))
    x = random.normal(4, 1, n_workers)
    y = slope * x[worker] + random.normal(0, 0.4, n_workers)[worker]
    return pd.DataFrame(
        {
            "worker_id": [f"w{one}" for one in worker],
            "team": [f"t{one % 8}" for one in worker],
            "x": x[worker],
            "y": y + random.normal(size=len(worker)),
            "role": np.where(worker % 3 == 0, "nurse", "social worker"),
        }
    )


def rows(panel: Any) -> pd.DataFrame:
    return panel.to_frame().set_index("name")


def test_the_primary_is_that_of_associate_and_stands_first() -> None:
    frame = study()
    panel = companions(frame, "y", "x", group="worker_id", **QUICK)
    primary = associate(frame, "y", "x", group="worker_id")
    first = panel.to_frame().iloc[0]
    assert (first["name"], first["standing"]) == ("Mixed model, Satterthwaite", "primary")
    assert first["estimate"] == primary.slope
    assert first["p_value"] == primary.p_value
    assert panel.primary.sentence == primary.sentence


def test_every_row_equals_the_method_called_by_itself() -> None:
    frame = study()
    table = rows(companions(frame, "y", "x", group="worker_id", **QUICK))
    kenward = fit_mixed(frame, "y", ["x"], "worker_id", df="kenward_roger").to_frame().iloc[1]
    ordinary = fit_cluster_ols(frame, "y", ["x"], "worker_id").to_frame().iloc[1]
    for column in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        assert table.loc["Mixed model, Kenward-Roger", column] == kenward[column]
        found = table.loc["Ordinary regression, CR2 by worker_id", column]
        assert found == pytest.approx(ordinary[column], rel=1e-12)
    wald = table.loc["Mixed model, Wald z"]
    assert wald["standing"] == "shown only"
    assert wald["p_value"] < table.loc["Mixed model, Kenward-Roger", "p_value"]


def test_with_teams_kenward_roger_is_primary_and_teams_are_the_clusters() -> None:
    panel = companions(study(), "y", "x", group="worker_id", team="team", **QUICK)
    table = rows(panel)
    assert panel.to_frame()["name"][0] == "Mixed model, Kenward-Roger"
    assert "Ordinary regression, CR2 by team" in table.index
    assert table.index.is_unique


def test_disagreement_is_flagged_and_the_primary_stays() -> None:
    frame = study(slope=0.0, n_workers=12, seed=8)
    panel = companions(frame, "y", "x", group="worker_id", **QUICK)
    table = panel.to_frame()
    alpha = 0.05
    verdict = table["p_value"].iloc[0] <= alpha
    others = table[(table["standing"] == "companion") & table["p_value"].notna()]
    others = others[others["agrees"] != "cannot tell"]
    assert (
        others["agrees"] == np.where((others["p_value"] <= alpha) == verdict, "yes", "no")
    ).all()
    assert set(panel.disagreeing) == set(
        table.loc[(table["agrees"] == "no") & (table["standing"] == "companion"), "name"]
    )


def test_methods_that_cannot_tell_do_not_count() -> None:
    frame = study(n_workers=5, seed=1)
    panel = companions(frame, "y", "x", group="worker_id", bootstraps=100, permutations=99, seed=1)
    table = rows(panel)
    for name in ("BCa bootstrap over workers", "Ordinary regression, CR2 by worker_id"):
        assert table.loc[name, "agrees"] == "cannot tell"
        assert name in panel.sentence
        assert name not in panel.disagreeing
    assert "too little to go on" in panel.sentence


def test_another_sign_is_said_where_nothing_is_found() -> None:
    random = np.random.default_rng(5)
    for seed in range(40):
        frame = study(slope=0.0, n_workers=20, seed=seed + random.integers(1000))
        panel = companions(frame, "y", "x", group="worker_id", **QUICK)
        table = panel.to_frame()
        first = table.iloc[0]
        turned = table[
            (table["agrees"] == "yes")
            & (table["standing"] == "companion")
            & (table["scale"].isin(["points per point", "correlation"]))
            & (np.sign(table["estimate"]) != np.sign(first["estimate"]))
        ]
        if first["p_value"] > 0.05 and len(turned):
            assert "the other way" in panel.sentence
            assert all(name in panel.sentence for name in turned["name"])
            # Who points the other way does not agree, though it finds nothing either.
            assert "that can be compared agree" not in panel.sentence
            return
    pytest.fail("no study with an estimate of the other sign was drawn")


def test_what_was_not_given_is_said_to_be_not_run() -> None:
    panel = companions(study(), "y", "x", group="worker_id", **QUICK)
    assert any("reliability" in one for one in panel.not_run)
    assert any("best" in one for one in panel.not_run)
    assert any("bands" in one for one in panel.not_run)
    given = companions(
        study(), "y", "x", group="worker_id", reliability=0.8, best=3.0, bands=[1, 2], **QUICK
    )
    assert not given.not_run


def test_a_companion_that_cannot_be_used_is_a_row_with_its_reason() -> None:
    frame = study(n_workers=4)
    table = rows(companions(frame, "y", "x", group="worker_id", **QUICK))
    spearman = table.loc["Spearman, worker means"]
    assert np.isnan(spearman["estimate"])
    assert "fewer than 5 workers" in spearman["note"]


def test_categories_are_covariates() -> None:
    panel = companions(study(), "y", "x", covariates="role", group="worker_id", **QUICK)
    assert panel.primary.model.predictors == ("x", "role[nurse]")
    assert panel.primary.covariates == ("role",)


def test_text_and_json_hold_every_method() -> None:
    panel = companions(study(), "y", "x", group="worker_id", **QUICK)
    text = panel.summary()
    for name in panel.table["name"]:
        assert name in text
    assert ", the primary method, finds" in panel.sentence
    assert json.loads(json.dumps(panel.to_dict()))["table"][0]["standing"] == "primary"
    assert max(map(len, text.splitlines())) <= 100


WRONG = [
    ({"seed": -1}, "seed has to be a whole number"),
    ({"reliability": 1.2}, "reliability has to be a number"),
    ({"reliability": 0.0}, "reliability has to be above 0"),
    ({"bootstraps": 1.5}, "bootstraps has to be a whole number"),
    ({"confidence": 95}, "confidence must be a number between 0 and 1"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_wrong_options_are_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        companions(study(), "y", "x", group="worker_id", **(QUICK | given))


NAN = float("nan")
FOUND = Companion("a", "points per point", 0.5, 0.1, 30, 5.0, 0.001, 0.3, 0.7)
NONE = replace(FOUND, p_value=0.4, conf_low=-0.1)
VERDICTS = [
    (FOUND, FOUND, "yes"),
    (FOUND, replace(FOUND, able=False), "cannot tell"),
    (NONE, replace(NONE, df=3.9), "cannot tell"),
    (FOUND, replace(FOUND, estimate=-0.5), "no"),
    (FOUND, NONE, "partly"),
    (FOUND, replace(NONE, estimate=-0.2), "no"),
    (NONE, NONE, "yes"),
    (NONE, replace(NONE, estimate=-0.2), "yes"),
    (FOUND, replace(FOUND, p_value=NAN, conf_low=-0.1), "partly"),
    (FOUND, replace(FOUND, p_value=NAN, conf_low=NAN), ""),
    (FOUND, replace(FOUND, scale="odds ratio", estimate=0.6), "no"),
    (FOUND, replace(FOUND, scale="odds ratio", estimate=1.6, p_value=NAN, conf_low=1.1), "yes"),
    (FOUND, replace(FOUND, scale="Bayes factor, x", estimate=5.0, p_value=NAN), "yes"),
    (NONE, replace(FOUND, scale="Bayes factor, x", estimate=5.0, p_value=NAN), "partly"),
    (NONE, replace(FOUND, scale="Bayes factor, x", estimate=0.2, p_value=NAN), "yes"),
    (FOUND, replace(FOUND, scale="Bayes factor, x", estimate=1.5, p_value=NAN), ""),
]


@pytest.mark.parametrize(("one", "other", "wanted"), VERDICTS)
def test_agreement_is_about_whether_there_is_one_and_its_direction(
    one: Companion, other: Companion, wanted: str
) -> None:
    assert agreement_with(one, other, 0.05) == wanted


def test_a_method_without_an_estimate_says_nothing() -> None:
    assert says(replace(FOUND, estimate=NAN), 0.05) is None


def test_with_very_many_workers_the_bootstrap_is_run_only_where_asked_for(monkeypatch) -> None:
    monkeypatch.setattr("relsurvey.association.resampling.draws.MANY_WORKERS", 30)
    frame, few = study(n_workers=40), study(n_workers=30)
    asked = {"group": "worker_id", "permutations": 99, "seed": 1}
    left_out = rows(companions(frame, "y", "x", **asked)).loc["BCa bootstrap"]
    assert np.isnan(left_out["estimate"])
    assert "not run: with more than 2,000 workers" in left_out["note"]
    assert left_out["agrees"] in ("", "cannot tell")
    named = rows(companions(frame, "y", "x", bootstraps=99, **asked))
    assert np.isfinite(named.loc["BCa bootstrap over workers", "estimate"])
    usual = rows(companions(few, "y", "x", **asked))
    assert np.isfinite(usual.loc["BCa bootstrap over workers", "estimate"])
