import json
import shutil

import pytest

import relsurvey as rs
from relsurvey.study import verify
from relsurvey.study.manifest import MANIFEST, read_manifest
from relsurvey.study.manifest import written as manifest_text
from relsurvey.study.verify import verify_results


def found(result):
    return {(one.kind, one.name): one.status for one in result.checks if one.status != "same"}


@pytest.fixture
def again(small_run, monkeypatch):
    """Give the files of the first run as what a second one makes; what was asked is kept."""
    calls = []

    def run(path, out, **options):
        calls.append(options)
        shutil.copytree(small_run.folder, out)
        for change in calls[0].get("changes", ()):
            change(out)

    monkeypatch.setattr(verify, "run_study", run)
    return calls


def test_the_same_inputs_give_the_same_bytes_in_two_processes_as_in_one(small_run):
    steps = []
    result = verify_results(small_run.folder, jobs=2, progress=steps.append)
    assert found(result) == {}
    assert result.same
    assert result.rerun
    outputs = [one for one in result.checks if one.kind == "output"]
    assert len(outputs) == len(json.loads((small_run.folder / MANIFEST).read_text())["outputs"])
    said = " ".join(result.summary().split())
    assert said.endswith(
        f"all {len(outputs)} output files are the same when the study is run again."
    )
    assert steps[0] == "Files"
    assert "Association" in steps
    assert {one.kind for one in result.checks} == {
        "study file", "lock", "input", "definition", "output",
    }  # fmt: skip
    frame = result.to_frame()
    assert frame.columns.tolist() == ["kind", "name", "status"]
    assert set(frame["status"]) == {"same"}


def test_a_run_is_repeated_with_its_date_command_and_key(written, again):
    assert verify_results(written.folder).same
    manifest = json.loads((written.folder / MANIFEST).read_text())
    (asked,) = again
    assert asked["created"] == manifest["created"]
    assert asked["command"] == manifest["command"] == "relsurvey run study.yaml"
    assert asked["key"] == written.key
    assert asked["keep_ids"] is False


def test_files_that_were_touched_are_told_apart(written, again):
    report = written.folder / "shareable" / "report.html"
    report.write_text(report.read_text().replace("Made-up people", "Made up"))
    (written.folder / "restricted" / "linked.csv").unlink()
    (written.folder / "shareable" / "mine.txt").write_text("mine")
    result = verify_results(written.folder)
    assert found(result) == {
        ("output", "shareable/report.html"): "edited",
        ("output", "restricted/linked.csv"): "missing",
        ("output", "shareable/mine.txt"): "added",
    }
    assert not result.same
    table = result.summary()
    assert "shareable/mine.txt" in table
    assert "restricted/README.txt" not in table


def test_what_a_second_run_makes_otherwise_is_named(written, small_run, monkeypatch):
    def run(path, out, **_):
        shutil.copytree(small_run.folder, out)
        (out / "restricted" / "linked.csv").write_text("other,figures\n")
        (out / "restricted" / "family.csv").unlink(missing_ok=True)
        (out / "restricted" / "unmatched.csv").unlink()

    monkeypatch.setattr(verify, "run_study", run)
    assert found(verify_results(written.folder)) == {
        ("output", "restricted/linked.csv"): "differs when run again",
        ("output", "restricted/unmatched.csv"): "is not made when run again",
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "kind"),
    [
        ("study.yaml", "seed: 7", "seed: 8", "study file"),
        ("workers.csv", "K001", "K901", "input"),
        ("u.yaml", "version: 1.0.0", "version: 1.0.2", "definition"),
        ("study.lock", "0.05", "0.06", "lock"),
    ],
)
def test_what_the_results_rest_on_is_checked_first(written, again, name, old, new, kind):
    path = written.study.with_name(name)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    result = verify_results(written.folder)
    assert {place[0]: status for place, status in found(result).items()} == {kind: "changed"}
    assert not result.rerun
    assert again == []
    assert "Not run again" in result.summary()


def test_an_input_that_is_gone_and_a_lock_that_came_later_are_said(written, again):
    written.study.with_name("workers.csv").unlink()
    written.study.with_name("study.lock").unlink()
    assert found(verify_results(written.folder)) == {
        ("input", "workers.csv (workers.file)"): "missing",
        ("lock", "study.lock"): "missing",
    }


def test_a_plan_locked_after_the_run_is_told_apart_from_other_results(written, again):
    lock = written.study.with_name("study.lock")
    manifest = read_manifest(written.folder).model_copy(update={"lock": None})
    (written.folder / MANIFEST).write_text(manifest_text(manifest))
    assert lock.exists()
    told = " ".join(verify_results(written.folder, quick=True).summary().split())
    assert "locked after these results were written" in told
    assert "the others are the same by their hashes" in told
    assert "No figure is another for that." in told


def test_a_study_file_that_no_longer_reads_is_changed_not_fatal(written, again):
    written.study.write_text("title: nothing else\n")
    assert found(verify_results(written.folder)) == {("study file", "study.yaml"): "changed"}


def test_quick_compares_hashes_only(written, again):
    written.key.unlink()
    result = verify_results(written.folder, quick=True)
    assert result.same
    assert not result.rerun
    assert again == []
    assert "by their hashes; nothing was run" in " ".join(result.summary().split())


def test_a_study_file_elsewhere_is_named(written, again, tmp_path):
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for path in written.study.parent.iterdir():
        if path.is_file():
            shutil.copy(path, moved / path.name)
    written.study.unlink()
    with pytest.raises(rs.StudyError, match=r"The study file .*study\.yaml is not there"):
        verify_results(written.folder)
    assert verify_results(written.folder, study=moved / "study.yaml", quick=True).same


def test_the_key_has_to_be_the_one_of_the_run(written, again):
    written.key.write_text("00" * 32)
    with pytest.raises(rs.OutputError, match="another key than the one"):
        verify_results(written.folder)
    written.key.unlink()
    with pytest.raises(rs.OutputError, match="There is no key file"):
        verify_results(written.folder)
    assert not written.key.exists()


def test_other_versions_are_said_first(written, again):
    path = written.folder / MANIFEST
    content = json.loads(path.read_text())
    content["software"]["numpy"] = "1.0"
    path.write_text(json.dumps({**content, "relsurvey": "9.0"}))
    first, second, *_ = verify_results(written.folder).summary().splitlines()
    assert first.startswith("Other versions than those of the run: numpy 2")
    assert "(then 1.0)" in first
    assert second.startswith("These results were made by relsurvey 9.0; this is ")


def test_a_report_written_later_is_checked_by_its_hash(written, again):
    from relsurvey.study.manifest import note_outputs

    later = written.folder / "shareable" / "later.docx"
    later.write_bytes(b"a report")
    note_outputs(written.folder, [later])
    assert verify_results(written.folder).same
    later.write_bytes(b"another")
    assert found(verify_results(written.folder)) == {("output", "shareable/later.docx"): "edited"}
