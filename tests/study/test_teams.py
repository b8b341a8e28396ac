"""A survey of staff: averaged by team, linked to workers, used as covariate and moderator."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.resources import shipped
from relsurvey.study import load_plan, run_study
from relsurvey.study.analyses import associated
from relsurvey.study.teams import team_scores

pytestmark = pytest.mark.usefixtures("few_plausible_values")

ITEMS = [f"{stem}{k}" for stem in ("SB", "AP", "LO", "MV", "WB") for k in range(1, 5)]
SMALL, UNKNOWN = "T02", "T99"


def staff_of(teams, seed=5):
    """Draw made-up answers: four staff in one team, eight to fourteen in the others."""
    random = np.random.default_rng(seed)
    rows = []
    for team in teams:
        level = random.normal(4, 0.7)
        for _ in range(4 if team == SMALL else int(random.integers(8, 15))):
            answers = random.normal(level + random.normal(0, 0.7), 0.8, len(ITEMS))
            rows.append([team, *np.clip(np.round(answers), 1, 6).astype(int)])
    return pd.DataFrame(rows, columns=["team", *ITEMS])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    base = tmp_path_factory.mktemp("teams")
    for name in ("workers.csv", "service_users.csv"):
        shutil.copy(shipped("sample") / name, base / name)
    for name in ("rpq-16", "peech-sc"):
        # Without its factor models, whose fits are not asked about here and take their time.
        text = (shipped("instruments") / f"{name}.yaml").read_text(encoding="utf-8")
        text = re.sub(r"(?ms)^models:.*?(?=^[a-z#])", "", text)
        text = re.sub(r"(?m)^    model: .*\n", "", text)
        (base / f"{name}.yaml").write_text(text, encoding="utf-8")
    teams = sorted(pd.read_csv(base / "workers.csv")["team"].unique())
    staff = staff_of([*teams[:-1], UNKNOWN])
    staff.loc[0, "team"] = ""
    staff.to_csv(base / "sword.csv", index=False)
    pack = {"item": ITEMS, "locale": "en-GB", "wording": [f"Licensed words of {i}" for i in ITEMS]}
    pd.DataFrame(pack).to_csv(base / "pack.csv", index=False)
    return base


PLAN = """
title: Teams
workers: {file: workers.csv, instrument: rpq-16.yaml, worker: worker_id, team: team}
service_users:
  {file: service_users.csv, instrument: peech-sc.yaml, id: response_id, worker: worker_id}
teams: {file: sword.csv, instrument: sword, team: team, wording: pack.csv}
primary: {predictor: RC, outcome: TOTAL, moderator: SECURE, covariates: [WELLBEING]}
bootstraps: 0
permutations: 0
sensitivity: false
"""


def planned(folder, *changes):
    text = PLAN
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(folder):
    return run_study(planned(folder), None)


def test_a_worker_has_the_mean_of_the_staff_of_the_team(run, folder) -> None:
    staff = pd.read_csv(folder / "sword.csv", keep_default_na=False)
    by_hand = staff.groupby("team")[["SB1", "SB2", "SB3", "SB4"]].mean().mean(axis=1)
    frame = run.linked.frame
    for team, rows in frame.groupby("team"):
        if team in by_hand.index and team != SMALL:
            assert rows["SECURE"].to_numpy() == pytest.approx(by_hand[team])


def test_small_teams_and_teams_nobody_scored_have_none_and_are_counted(run) -> None:
    frame, teams = run.linked.frame, run.teams
    without = frame.groupby("team")["SECURE"].apply(lambda one: one.isna().all())
    assert set(without[without].index) == {SMALL, "T14"} - ({"T14"} - set(frame["team"]))
    workers = run.workers.responses.meta["team"]
    assert teams.n_workers_without == int(workers.isin([*without[without].index]).sum())
    assert (teams.n_teams, teams.n_teams_small, teams.n_staff_without_team) == (14, 1, 1)
    assert teams.n_worker_teams_without == 2
    assert UNKNOWN not in set(frame["team"])


def test_how_reliable_the_means_are_is_that_of_aggregation(run) -> None:
    found = rs.aggregation(run.teams.responses, "SECURE", "team").icc.set_index("coefficient")
    row = run.teams.to_frame().set_index("scale").loc["SECURE"]
    assert row["icc2"] == pytest.approx(found.loc["icc2", "estimate"])
    assert 0 < row["rwg"] <= 1
    assert row["mean"] == pytest.approx(run.teams.scores["SECURE"].mean())


def test_the_moderation_is_that_of_associate(run) -> None:
    by_hand = rs.associate(run.linked, "TOTAL", "RC", covariates=["WELLBEING"], moderator="SECURE")
    found = run.primary.moderation
    assert found.level == "team"
    assert found.interaction == pytest.approx(by_hand.moderation.interaction, rel=1e-9)
    assert run.primary.slope == pytest.approx(by_hand.slope, rel=1e-9)
    assert run.primary.covariates == ("WELLBEING",)
    assert found.sentence.split(",")[0] in " ".join(run.summary().split())


def test_teams_of_which_there_are_none_are_not_counted_in_the_summary(run) -> None:
    assert "had fewer on every scale." in run.teams.summary()
    none = replace(run.teams, n_teams_small=0, n_workers_without=0).summary()
    assert "had fewer" not in none
    assert "no team score" not in none
    assert " of them.\n" in none


def test_no_team_is_named_in_summary_or_dictionary(run) -> None:
    names = set(run.teams.means.index) - {""}
    told = run.teams.summary() + json.dumps(run.to_dict(), allow_nan=False)
    assert not [name for name in names if f'"{name}"' in told or f" {name} " in told]
    assert "Licensed words" not in told
    assert [name for name, _, _ in run.provenance.inputs] == [
        "workers.csv", "service_users.csv", "sword.csv",
    ]  # fmt: skip


def test_a_moderator_that_cannot_be_fitted_leaves_the_association(run) -> None:
    flat = replace(run.linked, frame=run.linked.frame.assign(SECURE=4.0))
    result = associated(run.plan, flat, run.plan.primary)
    assert result.slope == pytest.approx(run.primary.slope, rel=1e-9)
    assert result.moderation is None
    assert any("Whether the slope differs with SECURE" in note for note in result.notes)


def test_faults_of_the_study_file_come_at_once(folder) -> None:
    path = planned(
        folder,
        ("worker: worker_id, team: team}\nservice", "worker: worker_id}\nservice"),
        ("moderator: SECURE", "moderator: SECUR"),
        ("[WELLBEING]", "[WELBEING]"),
        ("file: sword.csv", "file: swords.csv"),
    )
    with pytest.raises(rs.StudyError, match="not a valid study: 4 faults") as caught:
        load_plan(path)
    rows = {row["key"]: row for row in caught.value.failure_rows}
    assert "did you mean 'SECURE'?" in rows["primary.moderator"]["allowed"]
    assert "did you mean 'sword.csv'?" in rows["teams.file"]["allowed"]
    assert "workers have no team" in rows["teams"]["found"]


@pytest.mark.parametrize("moderator", ["RC", "TOTAL", "WELLBEING"])
def test_a_moderator_is_a_third_column(folder, moderator) -> None:
    with pytest.raises(rs.StudyError, match="already"):
        load_plan(planned(folder, ("moderator: SECURE", f"moderator: {moderator}")))


def test_an_instrument_of_service_users_is_none_of_staff(folder) -> None:
    with pytest.raises(rs.StudyError, match="which a service user answers"):
        load_plan(planned(folder, ("instrument: sword", "instrument: peech-sc")))


def test_teams_that_are_not_the_workers_are_told(run) -> None:
    theirs = run.workers.responses
    others = replace(theirs, meta=theirs.meta.assign(team="X" + theirs.meta["team"].astype(str)))
    with pytest.raises(rs.StudyError, match=r"No team of workers.csv is among the teams of sword"):
        team_scores(run.plan, run.plan.teams, run.teams.responses, others, ())
