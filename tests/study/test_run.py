import json
import os
import re
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.resources import shipped
from relsurvey.study import STEPS, run_study
from relsurvey.study.outputs import write_outputs

pytestmark = pytest.mark.usefixtures("few_plausible_values")


@pytest.fixture
def sample(tmp_path, copy_sample):
    """A copy of the sample study that a test may change."""
    return copy_sample(tmp_path / "study").parent


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The sample study, run once."""
    base = tmp_path_factory.mktemp("run")
    steps = []
    out = base / "results"
    result = run_study(shipped("sample") / "study.yaml", out, progress=steps.append)
    return result, out, steps


def test_the_other_methods_stand_beside_the_primary_one(run):
    result, out, _ = run
    panel = result.companions
    assert panel.primary.slope == result.primary.slope
    assert panel.seed == result.plan.seed
    for name in ("BCa bootstrap over teams", "Error of the score, SIMEX"):
        assert name in panel.table["name"].tolist()
        assert name in result.summary()
    written = pd.read_csv(out / "restricted" / "companions.csv")
    assert written["name"].tolist() == panel.table["name"].tolist()
    report = (out / "shareable" / "report.html").read_text(encoding="utf-8")
    assert panel.sentence.partition(". ")[2] in report


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


def test_secondary_associations_are_adjusted_for_their_number_the_primary_apart(run):
    result, out, _ = run
    table = result.family.to_frame()
    assert table["primary"].tolist() == [True] + [False] * 4
    assert result.family.n_tests == 4
    together = (result.primary, *result.secondary)
    for row, alone in zip(table.to_dict("records"), together, strict=True):
        assert (row["outcome"], row["predictor"]) == (alone.outcome, alone.predictor)
        assert row["p_value"] == pytest.approx(alone.p_value, rel=1e-9)
        assert row["n_dropped"] == alone.n_dropped
    others = table.iloc[1:]
    assert others[["holm", "benjamini_hochberg", "max_t"]].notna().all(axis=None)
    assert (others["holm"] >= others["p_value"]).all()
    assert (others["holm"] > others["p_value"]).any()
    written = pd.read_csv(out / "restricted" / "family.csv")
    assert written["holm"].to_numpy() == pytest.approx(table["holm"].to_numpy(), nan_ok=True)
    figures = json.loads((out / "restricted" / "results.json").read_text())
    assert figures["family"]["n_tests"] == 4
    said = " ".join(result.summary().split())
    assert "Of 4 secondary associations, " in said
    assert f"{len(result.family.surviving('max_t'))} by max-T permutation" in said


def test_secondary_ones_may_have_covariates_of_their_own(sample):
    text = (sample / "study.yaml").read_text()
    (sample / "study.yaml").write_text(
        text.replace(
            "  - {predictor: RC, outcome: SEC}",
            "  - {predictor: RC, outcome: TOTAL, covariates: [months_known]}",
        )
    )
    result = run_study(sample / "study.yaml", None)
    table = result.family.to_frame()
    assert table["covariates"].tolist()[:3] == ["", "months_known", ""]
    assert table["p_value"].iloc[1] == pytest.approx(result.secondary[0].p_value, rel=1e-9)
    assert table["max_t"].isna().all()
    assert np.isfinite(table["holm"].iloc[1:]).all()


def test_without_secondary_ones_there_is_nothing_to_adjust(sample):
    text = (sample / "study.yaml").read_text()
    (sample / "study.yaml").write_text(re.sub(r"(?s)\nsecondary:.*?\n\n", "\n\n", text))
    result = run_study(sample / "study.yaml", sample / "results")
    assert result.secondary == ()
    assert result.family is None
    assert not (sample / "results" / "restricted" / "family.csv").exists()
    assert "Secondary associations" not in result.summary()


def test_the_association_is_that_of_the_parts_done_by_hand(run):
    result, _, _ = run
    folder = shipped("sample")
    workers = rs.score(
        rs.read_responses(folder / "workers.csv", "rpq-16", worker="worker_id", team="team")
    )
    users = rs.score(
        rs.read_responses(folder / "service_users.csv", "peech-sc", worker="worker_id")
    )
    linked = rs.link(workers.drop(columns="respondent_id"), users)
    by_hand = rs.fit_mixed(linked.frame, "TOTAL", ["RC"], "worker_id", nested_in="team").to_frame()
    assert result.primary.slope == pytest.approx(by_hand["estimate"][1], rel=1e-12)


def test_what_may_leave_the_building_is_apart_from_the_rest(run):
    _, out, _ = run
    names = sorted(entry.name for entry in out.iterdir())
    assert names == ["manifest.json", "restricted", "shareable"]
    assert (out / "shareable" / "report.html").is_file()
    restricted = out / "restricted"
    assert stat.S_IMODE(restricted.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in restricted.iterdir()} == {0o600}
    figures = json.loads((restricted / "results.json").read_text())
    assert figures["provenance"]["seed"] == 20260101


@pytest.fixture(scope="module")
def awkward(tmp_path_factory):
    """A study with teams in both surveys, a respondent twice, and items found by their wording."""
    folder = tmp_path_factory.mktemp("awkward")
    workers = pd.read_csv(shipped("sample") / "workers.csv", dtype=str, keep_default_na=False)
    users = pd.read_csv(shipped("sample") / "service_users.csv", dtype=str, keep_default_na=False)
    users["team"] = users["worker_id"].map(
        dict(zip(workers["worker_id"], workers["team"], strict=True))
    )
    users.loc[5, "response_id"] = users.loc[6, "response_id"]
    wording = {item: f"Licensed words of {item}" for item in workers if item.startswith("R")}
    pack = pd.DataFrame({"item": wording, "locale": "en-GB", "wording": wording})
    pack["item"] = list(wording)
    pack["wording"] = list(wording.values())
    pack.to_csv(folder / "pack.csv", index=False)
    workers.rename(columns=wording).to_csv(folder / "workers.csv", index=False)
    users.to_csv(folder / "service_users.csv", index=False)
    text = (shipped("sample") / "study.yaml").read_text()
    text = text.replace("  team: team\n", "  team: team\n  wording: pack.csv\n")
    text = text.replace("  id: response_id\n", "  id: response_id\n  team: team\n")
    quick = "bootstraps: 0\npermutations: 0\nsensitivity: false\nreport: {formats: [html]}\n"
    (folder / "study.yaml").write_text(text[: text.index("report:")] + quick)
    result = run_study(folder / "study.yaml", folder / "results")
    ids = {*workers["worker_id"], *workers["team"], *users["response_id"], *users["worker_id"]}
    return result, folder / "results", {name for name in ids if len(name) > 1}, wording


def texts_in(folder):
    """Return the files of text; drawings and documents are made of what views.json holds."""
    return [path for path in folder.rglob("*.*") if path.suffix not in {".png", ".docx", ".xlsx"}]


def test_no_id_of_a_person_is_in_any_file_or_dictionary(awkward):
    result, out, ids, _ = awkward
    texts = {path.name: path.read_text(encoding="utf-8") for path in texts_in(out)}
    texts["to_dict"] = json.dumps(result.to_dict())
    texts["link log"] = json.dumps(result.linked.log.to_dict())
    assert {"linked.csv", "unmatched.csv", "report.html", "results.json"} <= set(texts)
    told = {
        (name, one) for name, text in texts.items() for one in ids & set(re.findall(r"\w+", text))
    }
    assert told == set()


def test_licensed_wording_is_never_written(awkward):
    result, out, _, wording = awkward
    texts = [path.read_text(encoding="utf-8") for path in texts_in(out)]
    texts.append(json.dumps(result.to_dict()))
    assert not any(words in text for text in texts for words in wording.values())
    assert result.workers.responses.n == 120


def test_what_somebody_should_look_at_is_said(awkward):
    result, _, _, _ = awkward
    confirm, warning = result.warnings
    assert "Please confirm 12 columns found by text" in confirm
    assert "1 respondent id" in warning
    assert all(one in result.summary() for one in result.warnings)


def test_ids_are_kept_when_wanted(run, tmp_path):
    result, _, _ = run
    ids = set(pd.read_csv(shipped("sample") / "workers.csv", dtype=str)["worker_id"])
    write_outputs(result, tmp_path / "kept", keep_ids=True, key=None)
    linked = pd.read_csv(tmp_path / "kept" / "restricted" / "linked.csv", dtype=str)
    assert set(linked["worker_id"]) <= ids
    assert result.linked.frame["worker_id"].tolist() == linked["worker_id"].tolist()
    assert not (tmp_path / "relsurvey.key").exists()


def test_a_scale_that_both_surveys_have_is_the_workers_as_predictor(tmp_path):
    service_users = (Path(__file__).parents[2] / "examples" / "bfi.yaml").read_text()
    for name, respondent in (("w", "worker"), ("u", "service_user")):
        text = re.sub(r"^respondent: .*$", f"respondent: {respondent}", service_users, flags=re.M)
        (tmp_path / f"{name}.yaml").write_text(text.replace("id: bfi", f"id: bfi-{name}"))
    answers = pd.read_csv(
        Path(__file__).parents[1] / "reference" / "bfi.csv", dtype=str, keep_default_na=False
    )
    answers.insert(0, "worker_id", [f"W{i % 70}" for i in range(len(answers))])
    answers.head(70).to_csv(tmp_path / "w.csv", index=False)
    answers.tail(1400).to_csv(tmp_path / "u.csv", index=False)
    (tmp_path / "study.yaml").write_text(
        "title: Same scales\n"
        "workers: {file: w.csv, instrument: w.yaml, worker: worker_id}\n"
        "service_users: {file: u.csv, instrument: u.yaml, worker: worker_id}\n"
        "primary: {predictor: agree, outcome: agree}\n"
        "bootstraps: 0\npermutations: 0\nsensitivity: false\n"
    )
    result = run_study(tmp_path / "study.yaml", None)
    frame = result.linked.frame
    by_hand = rs.fit_mixed(frame, "agree", ["worker_agree"], "worker_id").to_frame()
    assert result.primary.slope == pytest.approx(by_hand["estimate"][1], rel=1e-12)
    scores = result.workers.scores.set_index("worker_id")["agree"]
    assert (frame["worker_agree"] == frame["worker_id"].map(scores)).all()


def test_a_move_that_fails_half_way_is_taken_back(run, tmp_path, monkeypatch):
    result, _, _ = run
    out = tmp_path / "results"
    for part in ("shareable", "restricted"):
        (out / part).mkdir(parents=True)
        (out / part / "mine.txt").write_text(part)
    rename = Path.rename
    faults = [OSError(5, "Input/output error")]

    def failing(self, target):
        if self.name == "restricted" and Path(target).parent == out and faults:
            raise faults.pop()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(rs.OutputError, match="Input/output error"):
        write_outputs(result, out, keep_ids=True, key=None)
    monkeypatch.undo()
    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    assert names == [
        "results/restricted/mine.txt",
        "results/shareable/mine.txt",
    ]
    write_outputs(result, out, keep_ids=True, key=None)
    assert (out / "shareable" / "mine.txt").read_text() == "shareable"
    assert (out / "shareable" / "report.html").exists()


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


def test_a_writer_that_fails_leaves_no_half_results(run, tmp_path, monkeypatch):
    def full_disk(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("relsurvey.study.outputs.write_shareable", full_disk)
    with pytest.raises(rs.OutputError, match="No space left"):
        write_outputs(run[0], tmp_path / "results", keep_ids=False, key=None)
    assert {entry.name for entry in tmp_path.iterdir()} <= {"relsurvey.key"}


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
    answers = pd.read_csv(sample / "service_users.csv", dtype=str, keep_default_na=False)
    answers.drop(columns="months_known").to_csv(sample / "service_users.csv", index=False)
    with pytest.raises(rs.StudyError, match="no export has a column for it"):
        run_study(study, None)


def test_paths_in_a_study_are_relative_to_it(sample, monkeypatch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    relative = Path("..") / "study" / "study.yaml"
    assert run_study(relative, None).workers.responses.n > 0


def test_rows_in_errors_are_those_of_the_file_even_after_blank_lines(sample):
    lines = (sample / "workers.csv").read_text().splitlines()
    twice = lines[10]
    lines[10:10] = ["", "", ""]
    lines.append(twice)
    (sample / "workers.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(rs.LinkError) as caught:
        run_study(sample / "study.yaml", None)
    (failure,) = caught.value.failure_rows
    assert failure["rows"] == f"14, {len(lines)}"


def heavy(*_, **__):
    raise AssertionError("heavy work was begun")


def test_a_wrong_id_column_is_said_before_any_heavy_work(sample, monkeypatch):
    for name in ("structure_of", "reliability", "item_analysis"):
        monkeypatch.setattr(f"relsurvey.study.run.{name}", heavy)
    answers = pd.read_csv(sample / "service_users.csv", dtype=str, keep_default_na=False)
    answers["worker_id"] = "Z" + answers["worker_id"]
    answers.to_csv(sample / "service_users.csv", index=False)
    with pytest.raises(rs.LinkError, match="No service user has the id of any worker") as caught:
        run_study(sample / "study.yaml", None)
    text = str(caught.value)
    assert "Probably one of the two columns does not hold the worker's id" in text
    assert "'AA999'" in text
    assert "W0" not in text


def test_wrong_columns_of_all_files_are_said_at_once_and_first(sample, monkeypatch):
    monkeypatch.setattr("relsurvey.study.run.check_quality", heavy)
    study = sample / "study.yaml"
    study.write_text(
        study.read_text()
        .replace("team: team", "team: taem")
        .replace("id: response_id", "id: respons_id")
    )
    with pytest.raises(rs.StudyError, match=r"2 faults\. Nothing was computed") as caught:
        run_study(study, None)
    assert [row["key"] for row in caught.value.failure_rows] == ["workers.team", "service_users.id"]
