import json
import os
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.resources import shipped
from relsurvey.study import STEPS, run_study


@pytest.fixture
def sample(tmp_path):
    """A copy of the sample study that a test may change."""
    folder = tmp_path / "study"
    folder.mkdir()
    for name in ("study.yaml", "workers.csv", "service_users.csv"):
        shutil.copy(shipped("sample") / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The sample study, run once."""
    base = tmp_path_factory.mktemp("run")
    steps = []
    out = base / "results"
    result = run_study(shipped("sample") / "study.yaml", out, progress=steps.append)
    return result, out, steps


def test_a_run_gives_scores_reliability_link_and_association(run):
    result, out, steps = run
    assert tuple(steps) == STEPS
    assert result.folder == out
    assert result.primary.predictor == "RC"
    assert len(result.secondary) == 4
    slopes = result.to_frame().query("quantity == 'slope'")
    assert slopes["hypothesis"].tolist() == ["primary"] + ["secondary"] * 4
    assert slopes["outcome"].tolist() == ["TOTAL", "SEC", "KNO", "VAL", "CON"]
    assert result.workers.reliability.to_frame()["alpha"].between(0.5, 1).all()
    assert result.linked.log.n_service_users_linked < result.service_users.responses.n
    json.dumps(result.to_dict(), allow_nan=False)


def test_the_association_is_that_of_the_parts_done_by_hand(run):
    result, _, _ = run
    folder = shipped("sample")
    workers = rs.score(rs.read_responses(folder / "workers.csv", "rpq-16", worker="worker_id"))
    users = rs.score(
        rs.read_responses(folder / "service_users.csv", "peech-sc", worker="worker_id")
    )
    linked = rs.link(workers.drop(columns="respondent_id"), users)
    by_hand = rs.fit_mixed(linked.frame, "TOTAL", ["RC"], "worker_id").to_frame()
    assert result.primary.slope == pytest.approx(by_hand["estimate"][1], rel=1e-12)


def test_what_may_leave_the_building_is_apart_from_the_rest(run):
    _, out, _ = run
    assert sorted(entry.name for entry in out.iterdir()) == ["restricted", "shareable"]
    assert (out / "shareable" / "report.html").is_file()
    restricted = out / "restricted"
    assert stat.S_IMODE(restricted.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in restricted.iterdir()} == {0o600}
    figures = json.loads((restricted / "results.json").read_text())
    assert figures["provenance"]["seed"] == 20260101


def test_no_id_of_a_person_is_written_unless_wanted(run, tmp_path):
    _, out, _ = run
    ids = set(pd.read_csv(shipped("sample") / "workers.csv", dtype=str)["worker_id"])
    ids |= set(pd.read_csv(shipped("sample") / "service_users.csv", dtype=str)["response_id"])
    written = pd.read_csv(out / "restricted" / "linked.csv", dtype=str)
    assert not ids & set(written["worker_id"])
    assert not ids & set(written["respondent_id"])
    report = (out / "shareable" / "report.html").read_text(encoding="utf-8")
    pseudonyms = set(written["worker_id"]) | set(written["respondent_id"])
    assert not any(name in report for name in pseudonyms)
    kept = run_study(shipped("sample") / "study.yaml", tmp_path / "kept", keep_ids=True)
    linked = pd.read_csv(tmp_path / "kept" / "restricted" / "linked.csv", dtype=str)
    assert set(linked["worker_id"]) <= ids
    assert kept.linked.frame["worker_id"].tolist() == linked["worker_id"].tolist()


def test_results_are_kept_unless_forced_and_other_files_always(sample, tmp_path):
    out = tmp_path / "results"
    (out / "shareable").mkdir(parents=True)
    (out / "notes.txt").write_text("mine")
    (out / "shareable" / "letter.txt").write_text("mine too")
    with pytest.raises(rs.OutputError, match="already holds results"):
        run_study(sample / "study.yaml", out)
    assert sorted(path.name for path in out.rglob("*")) == ["letter.txt", "notes.txt", "shareable"]
    run_study(sample / "study.yaml", out, force=True)
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "shareable" / "letter.txt").read_text() == "mine too"
    assert (out / "shareable" / "report.html").stat().st_size > 10_000


def test_a_run_that_fails_writes_nothing(sample, tmp_path):
    answers = pd.read_csv(sample / "workers.csv", dtype=str, keep_default_na=False)
    answers.loc[5, "RIA1"] = "7"
    answers.to_csv(sample / "workers.csv", index=False)
    out = tmp_path / "results"
    with pytest.raises(rs.IntakeError) as caught:
        run_study(sample / "study.yaml", out)
    (failure,) = caught.value.failure_rows
    assert failure["row"] == 7
    assert failure["value"] == "7"
    assert not out.exists()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["study"]


def test_a_writer_that_fails_leaves_no_half_results(sample, tmp_path, monkeypatch):
    def full_disk(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("relsurvey.study.outputs.write_report", full_disk)
    with pytest.raises(rs.OutputError, match="No space left"):
        run_study(sample / "study.yaml", tmp_path / "results")
    left = {entry.name for entry in tmp_path.iterdir()}
    assert left <= {"study", "relsurvey.key"}


def test_no_permission_to_write_is_said_before_any_work(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(rs.OutputError, match="No permission to write"):
        run_study(sample / "study.yaml", tmp_path / "results")


def test_a_file_in_place_of_the_folder_is_refused(sample, tmp_path):
    (tmp_path / "results").write_text("mine")
    with pytest.raises(rs.OutputError, match="is a file"):
        run_study(sample / "study.yaml", tmp_path / "results", force=True)
    assert (tmp_path / "results").read_text() == "mine"


def test_covariates_are_context_questions_or_scores(sample):
    study = sample / "study.yaml"
    text = study.read_text().replace(
        "primary: {predictor: RC, outcome: TOTAL}",
        "primary: {predictor: RC, outcome: TOTAL, covariates: [months_known]}",
    )
    study.write_text(text)
    terms = run_study(study, None).primary.model.to_frame()["term"].tolist()
    assert terms == ["(Intercept)", "RC", "months_known (within)", "months_known (between)"]
    study.write_text(text.replace("months_known", "shoe_size"))
    with pytest.raises(rs.StudyError, match="shoe_size"):
        run_study(study, None)


def test_the_same_study_gives_the_same_report(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    study = shipped("sample") / "study.yaml"
    reports = []
    for name in ("one", "two"):
        run_study(study, tmp_path / name, key=tmp_path / "a.key")
        reports.append((tmp_path / name / "shareable" / "report.html").read_bytes())
    assert reports[0] == reports[1]


def test_paths_in_a_study_are_relative_to_it(sample, monkeypatch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    relative = Path("..") / "study" / "study.yaml"
    assert run_study(relative, None).workers.responses.n > 0
