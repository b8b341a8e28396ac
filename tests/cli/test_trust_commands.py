"""The commands by which results can be trusted: lock, verify, reidentify."""

import csv
import io
import json
import shutil
import stat

import pytest

from relsurvey.files import sha256_of
from relsurvey.pseudonyms import load_key, pseudonym
from relsurvey.resources import shipped
from relsurvey.study.lock import files_of, instruments_of
from relsurvey.study.manifest import MANIFEST, Manifest, hashes_in, written
from relsurvey.study.plan import load_plan
from relsurvey.study.provenance import software_here


def words(panel):
    """Return what a panel says, without its frame and its breaks of lines."""
    return " ".join(panel.replace("│", " ").split())


@pytest.fixture
def study(tmp_path):
    """A copy of the sample study."""
    for name in ("study.yaml", "workers.csv", "service_users.csv"):
        shutil.copy(shipped("sample") / name, tmp_path / name)
    return tmp_path / "study.yaml"


@pytest.fixture
def results(study):
    """A folder with two files and the manifest of them, as if the study had been run."""
    folder = study.with_name("results")
    for part in ("shareable", "restricted"):
        (folder / part).mkdir(parents=True)
        (folder / part / "file.txt").write_text(part)
    plan = load_plan(study)
    manifest = Manifest(
        relsurvey=software_here()["relsurvey"],
        study={"file": "../study.yaml", "sha256": sha256_of(study)},
        lock=None,
        inputs={
            key: {"file": one["name"], "sha256": one["sha256"]}
            for key, one in files_of(plan, study.parent).items()
        },
        definitions=instruments_of(plan, study.parent),
        software=software_here(),
        seed=plan.seed, command="relsurvey run study.yaml", ids="as they are", key=None,
        created="2026-01-31", started="2026-01-31T10:00:00+00:00",
        ended="2026-01-31T10:00:20+00:00", outputs=hashes_in(folder),
    )  # fmt: skip
    (folder / MANIFEST).write_text(written(manifest))
    return folder


def test_a_plan_is_locked_once(call, study):
    first = call("lock", study)
    assert first.code == 0, first.err
    assert "study.lock: locked on " in first.out
    assert "when the data files were there already" in first.out
    kept = study.with_name("study.lock").read_bytes()
    second = call("lock", study)
    assert second.code == 3
    assert "already there, locked on" in words(second.err)
    assert "--force" in second.err
    assert study.with_name("study.lock").read_bytes() == kept
    assert call("lock", study, "--force").code == 0
    assert len(json.loads(study.with_name("study.lock").read_text())["earlier"]) == 1


def test_a_lock_as_json(call, study):
    done = call("lock", study, "--json")
    made = json.loads(done.out)
    assert made["plan"]["primary"]["predictor"] == "RC"
    assert made["intact"] is True


def test_a_study_file_that_is_not_valid_is_not_locked(call, study):
    study.write_text(study.read_text().replace("predictor: RC", "predictor: RX"))
    done = call("lock", study)
    assert done.code == 3
    assert "RX" in done.err
    assert not study.with_name("study.lock").exists()


def test_verify_says_in_one_line_that_all_is_the_same(call, results):
    done = call("verify", results, "--quick")
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    assert "all 2 output files are the same by their hashes; nothing was run." in said
    assert json.loads(call("verify", results, "--quick", "--json").out)["same"] is True


def test_verify_runs_the_study_again(call, results, monkeypatch):
    def run(path, out, **options):
        shutil.copytree(results, out)
        if options["created"] == "2026-01-31":
            (out / "shareable" / "file.txt").write_text("other")

    monkeypatch.setattr("relsurvey.study.verify.run_study", run)
    done = call("verify", results)
    assert done.code == 1
    assert "shareable/file.txt  differs when run again" in done.out
    assert "restricted/file.txt" not in done.out


def test_verify_ends_with_one_where_something_was_edited_or_changed(call, study, results):
    (results / "shareable" / "file.txt").write_text("edited")
    done = call("verify", results, "--quick")
    assert done.code == 1
    assert "edited" in done.out
    study.with_name("workers.csv").write_text("nothing")
    done = call("verify", results)
    assert done.code == 1
    assert "workers.csv (workers.file)" in done.out
    assert "Not run again" in done.out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), "has no manifest.json"),
        (lambda folder: (folder / MANIFEST).write_text("{}"), "not a manifest that relsurvey"),
        (lambda folder: shutil.rmtree(folder), "There is no folder"),
        (lambda folder: folder.with_name("study.yaml").unlink(), "The study file"),
    ],
)
def test_what_cannot_be_verified_ends_with_three(call, results, change, said):
    change(results)
    done = call("verify", results)
    assert done.code == 3
    assert said in words(done.err)


@pytest.fixture
def key(study):
    path = study.with_name("relsurvey.key")
    load_key(path)
    return path


def test_pseudonyms_are_told_back_to_the_holder_of_the_key(call, study, key):
    secret = load_key(key)
    worker = study.with_name("workers.csv").read_text().splitlines()[1].split(",")[0]
    names = [pseudonym(worker, "worker", secret), pseudonym("nobody", "worker", secret)]
    done = call("reidentify", *names, "--key", key, "--study", study)
    assert done.code == 1
    assert list(csv.reader(io.StringIO(done.out))) == [
        ["pseudonym", "names", "id"], [names[0], "worker", worker],
    ]  # fmt: skip
    assert "1 of 2 were found." in done.err
    assert f"Not found: {names[1]}." in done.err
    assert call("reidentify", names[0], "--key", key, "--study", study).code == 0


def test_a_table_gets_its_ids_back_in_a_file_of_the_owner(call, study, key, tmp_path):
    secret = load_key(key)
    ids = [row.split(",")[0] for row in study.with_name("workers.csv").read_text().splitlines()[1:]]
    hidden = [pseudonym(one, "worker", secret) for one in ids]
    rows = [["worker_id", "note", "RC"], *([one, "", "1.50"] for one in hidden)]
    table, out = tmp_path / "linked.csv", tmp_path / "named.csv"
    with table.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    before = table.read_bytes()
    done = call("reidentify", table, "--key", key, "--study", study, "--out", out)
    assert done.code == 0, done.err
    assert done.out == ""
    with out.open(newline="") as stream:
        assert list(csv.reader(stream)) == [rows[0], *([one, "", "1.50"] for one in ids)]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert table.read_bytes() == before
    again = call("reidentify", table, "--key", key, "--study", study, "--out", table, "--force")
    assert again.code == 3
    assert "never written over" in words(again.err)
    assert table.read_bytes() == before
    assert call("reidentify", out, "--key", key, "--study", study).code == 3


def test_ids_can_come_from_one_column_and_stay_safe_to_open(call, key, tmp_path):
    names = tmp_path / "ids.csv"
    names.write_text("team,count\n=SUM(A1),1\nNorth,2\n")
    one = pseudonym("=SUM(A1)", "team", load_key(key))
    done = call(
        "reidentify", one, "--key", key, "--ids", names, "--column", "team", "--kind", "team"
    )
    assert done.code == 0, done.err
    assert f"{one},team,'=SUM(A1)" in done.out
    missing = call("reidentify", one, "--key", key, "--ids", names, "--column", "tame")
    assert missing.code == 3
    assert "has no column 'tame'" in missing.err


@pytest.mark.parametrize(
    ("word", "guess"),
    [
        ("P-XXXX", ""),
        ("p-ftu3cuscftezeudr", "Did you mean P-FTU3CUSCFTEZEUDR?"),
        ("W001", ""),
        ("nofile.csv", ""),
    ],
)
def test_a_slip_in_a_pseudonym_is_not_taken_for_a_file(call, study, key, word, guess):
    done = call("reidentify", word, "--key", key, "--study", study)
    assert done.code == 3
    said = words(done.err)
    assert f"{word} is neither a pseudonym nor a file that is there." in said
    assert "P- and 16 capital letters or digits from 2 to 7" in said
    assert guess in said
    assert "Errno" not in said


def test_another_kind_is_named_as_a_cause(call, study, key, tmp_path):
    one = pseudonym("W1", "respondent", load_key(key))
    table = tmp_path / "ids.csv"
    table.write_text("code,n\nW1,1\n")
    place = ["--key", key, "--ids", table, "--column", "code"]
    done = call("reidentify", one, *place)
    assert done.code == 1
    assert "or they name no worker (--kind respondent or --kind team)." in done.err
    assert call("reidentify", one, *place, "--kind", "respondent").code == 0
    assert "--kind" not in call("reidentify", one, "--key", key, "--study", study).err


def test_a_plan_that_cannot_run_is_not_locked(call, study):
    text = study.read_text().replace("worker: worker_id", "worker: wrkr_id", 1)
    study.write_text(text)
    done = call("lock", study)
    assert done.code == 3
    assert "workers.worker" in done.err
    assert "'wrkr_id': no such column" in done.err
    assert not study.with_name("study.lock").exists()
    study.with_name("workers.csv").unlink()
    done = call("lock", study)
    assert done.code == 0
    assert "The columns of workers.csv, which was not there, could not be checked." in done.out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["P-AAAAAAAAAAAAAAAA"], "name the ids with --study"),
        (["P-AAAAAAAAAAAAAAAA", "--ids", "x.csv"], "--ids needs --column"),
        (["P-AAAAAAAAAAAAAAAA", "P-short", "--study", "s.yaml"], "P-short"),
        (
            ["P-AAAAAAAAAAAAAAAA", "--ids", "x.csv", "--column", "a", "--kind", "cat"],
            "--kind is one of",
        ),
    ],
)
def test_a_wrong_call_is_said(call, key, asked, said):
    done = call("reidentify", *asked, "--key", key)
    assert done.code == 2
    assert said in words(done.err)


def test_a_key_that_others_can_read_is_refused(call, study, key, tmp_path):
    key.chmod(0o640)
    out = tmp_path / "named.csv"
    done = call("reidentify", "P-AAAAAAAAAAAAAAAA", "--key", key, "--study", study, "--out", out)
    assert done.code == 3
    assert "can be read by others" in words(done.err)
    assert "chmod 600" in done.err
    assert not out.exists()
    run = call("run", study, "--out", tmp_path / "results", "--key", key)
    assert run.code == 3
    assert "chmod 600" in run.err
    assert not (tmp_path / "results").exists()


def test_a_key_that_is_not_there_is_not_made(call, study, tmp_path):
    done = call("reidentify", "P-AAAAAAAAAAAAAAAA", "--key", tmp_path / "no.key", "--study", study)
    assert done.code == 3
    assert "There is no key file" in words(done.err)
    assert not (tmp_path / "no.key").exists()
