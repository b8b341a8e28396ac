import json
import threading

import pytest

import relsurvey as rs
from relsurvey.files import sha256_of
from relsurvey.study import outputs
from relsurvey.study.manifest import MANIFEST, Manifest, note_outputs, read_manifest
from relsurvey.study.outputs import check_folder, write_outputs


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


@pytest.fixture
def bare(monkeypatch):
    """Leave the reports out, for tests of where files go."""

    def write(reports, asked, folder):
        folder.mkdir()
        (folder / "report.html").write_text("a report")

    monkeypatch.setattr(outputs, "reports_of", lambda *_: {})
    monkeypatch.setattr(outputs, "write_shareable", write)


def test_a_manifest_names_what_the_results_are_made_of(small_run):
    manifest = read_manifest(small_run.folder)
    study = small_run.study
    assert manifest.study.file == "../study.yaml"
    assert manifest.study.sha256 == sha256_of(study)
    assert manifest.lock.file == "../study.lock"
    assert manifest.lock.sha256 == sha256_of(small_run.lock.path)
    assert {key: one.file for key, one in manifest.inputs.items()} == {
        "workers.file": "workers.csv", "service_users.file": "service_users.csv",
    }  # fmt: skip
    assert manifest.inputs["workers.file"].sha256 == sha256_of(study.with_name("workers.csv"))
    assert manifest.definitions["workers"].sha256 == sha256_of(study.with_name("w.yaml"))
    assert (manifest.seed, manifest.ids) == (7, "pseudonyms")
    assert manifest.command == "relsurvey run study.yaml"
    assert manifest.software["relsurvey"] == manifest.relsurvey == rs.__version__
    assert manifest.started <= manifest.ended
    assert manifest.other_version == ""


def test_every_file_of_the_results_is_in_it_with_its_hash(small_run):
    manifest = read_manifest(small_run.folder)
    there = everything(small_run.folder)
    assert set(there) - {MANIFEST} == set(manifest.outputs)
    assert all(sha256_of(small_run.folder / name) == one for name, one in manifest.outputs.items())


def test_no_key_no_path_and_no_count_of_people_is_in_it(small_run):
    text = (small_run.folder / MANIFEST).read_text()
    assert small_run.key.read_text().strip() not in text
    assert str(small_run.study.parent) not in text
    numbers = [value for value in json.loads(text).values() if isinstance(value, int)]
    assert numbers == [1, 7]  # how the file is laid out, and the seed


def test_a_report_written_later_is_entered(written):
    later = written.folder / "shareable" / "report.docx"
    later.write_bytes(b"a report")
    changed = note_outputs(written.folder, [later])
    assert read_manifest(written.folder) == changed
    assert changed.outputs["shareable/report.docx"] == sha256_of(later)
    assert changed.later == ["shareable/report.docx"]
    outside = written.folder / "notes.txt"
    outside.write_text("mine")
    before = (written.folder / MANIFEST).read_bytes()
    with pytest.raises(rs.OutputError, match="no file in shareable, restricted"):
        note_outputs(written.folder, [outside])
    assert (written.folder / MANIFEST).read_bytes() == before


def test_results_of_another_version_are_read_with_a_warning(written):
    path = written.folder / MANIFEST
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "relsurvey": "9.9.9", "something": "new"}))
    said = read_manifest(written.folder).other_version
    assert "were made by relsurvey 9.9.9" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "has no manifest.json"),
        ("", "not a manifest that relsurvey wrote"),
        ("[]", "not a manifest that relsurvey wrote"),
        ('{"name": "an app", "icons": []}', "not a manifest that relsurvey wrote"),
        ('{"schema": 1, "relsurvey": "0.1.0"}', "not a manifest that relsurvey wrote"),
        ('{"schema": 7, "relsurvey": "9.0.0"}', r"written by relsurvey 9\.0\.0 in a form \(7\)"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, text, said):
    if text is not None:
        (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(rs.OutputError, match=said):
        read_manifest(tmp_path)
    with pytest.raises(rs.OutputError, match="There is no folder"):
        read_manifest(tmp_path / "nowhere")


def test_a_manifest_of_something_else_is_never_replaced(tmp_path):
    (tmp_path / MANIFEST).write_text('{"name": "an app"}')
    with pytest.raises(rs.OutputError, match="already holds results"):
        check_folder(tmp_path, force=False)
    with pytest.raises(rs.OutputError, match="not one that this version of relsurvey wrote"):
        check_folder(tmp_path, force=True)
    assert (tmp_path / MANIFEST).read_text() == '{"name": "an app"}'


@pytest.mark.usefixtures("bare")
def test_somebodys_files_stay_and_files_of_the_run_before_go(written):
    for name in ("letter.txt", "shareable/figures/mine.png", "restricted/notes/mine.txt"):
        path = written.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    (written.folder / "shareable" / "old.docx").write_text("of the run before")
    note_outputs(written.folder, [written.folder / "shareable" / "old.docx"])
    (written.folder / "restricted" / "empty").mkdir()
    write_outputs(written.result, written.folder, keep_ids=False, key=None)
    there = everything(written.folder)
    assert there["letter.txt"] == b"mine"
    assert there["shareable/figures/mine.png"] == there["restricted/notes/mine.txt"] == b"mine"
    assert "shareable/old.docx" not in there
    assert there["shareable/report.html"] == b"a report"
    assert (written.folder / "restricted" / "empty").is_dir()
    assert "restricted/notes/mine.txt" not in read_manifest(written.folder).outputs


@pytest.mark.usefixtures("bare")
def test_a_file_of_the_run_that_somebody_edited_is_kept_where_no_new_one_comes(written):
    edited = written.folder / "shareable" / "README.txt"
    edited.write_text("my own words")
    write_outputs(written.result, written.folder, keep_ids=False, key=None)
    assert edited.read_text() == "my own words"


def test_two_runs_at_once_give_one_whole_result_and_one_error(small_run, tmp_path, monkeypatch):
    inside, go_on = threading.Event(), threading.Event()

    def slow(reports, asked, folder):
        folder.mkdir()
        inside.set()
        assert go_on.wait(20)

    monkeypatch.setattr(outputs, "reports_of", lambda *_: {})
    monkeypatch.setattr(outputs, "write_shareable", slow)
    out, problems = tmp_path / "results", []

    def run():
        try:
            write_outputs(small_run.result, out, keep_ids=False, key=None, force=False)
        except rs.OutputError as problem:
            problems.append(problem)

    first = threading.Thread(target=run)
    first.start()
    assert inside.wait(20)
    with pytest.raises(rs.OutputError, match=r"Another run is writing to .*results"):
        write_outputs(small_run.result, out, keep_ids=False, key=None, force=True)
    assert not out.exists()
    go_on.set()
    first.join()
    assert problems == []
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, "restricted", "shareable"]
    before = everything(out)
    with pytest.raises(rs.OutputError, match="already holds results"):
        write_outputs(small_run.result, out, keep_ids=False, key=None, force=False)
    assert everything(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["relsurvey.key", "results"]


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("where", ["write_restricted", "hashes_in", "written"])
def test_a_full_disk_leaves_the_results_of_before(written, monkeypatch, where):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    before = everything(written.folder)
    monkeypatch.setattr(outputs, where, full)
    with pytest.raises(rs.OutputError, match="cannot be written: No space left on device"):
        write_outputs(written.result, written.folder, keep_ids=False, key=None)
    assert everything(written.folder) == before
    assert not [path for path in written.folder.parent.iterdir() if path.name.startswith(".")]


def test_a_manifest_is_frozen(small_run):
    manifest = read_manifest(small_run.folder)
    assert isinstance(manifest, Manifest)
    with pytest.raises(ValueError, match="frozen"):
        manifest.seed = 2


@pytest.mark.usefixtures("bare")
def test_what_a_killed_run_left_is_not_in_the_way_but_what_is_somebodys_own_is(written):
    staging = written.folder.parent / f".{written.folder.name}-being-written"
    (staging / "shareable").mkdir(parents=True)
    (staging / "shareable" / "half.html").write_text("half")
    write_outputs(written.result, written.folder, keep_ids=False, key=None)
    assert not staging.exists()
    assert not (written.folder / "shareable" / "half.html").exists()
    staging.mkdir()
    (staging / "letter.txt").write_text("mine")
    with pytest.raises(rs.OutputError, match=r"holds something else \(letter.txt\)"):
        write_outputs(written.result, written.folder, keep_ids=False, key=None)
    assert (staging / "letter.txt").read_text() == "mine"


def plan_of(study):
    from relsurvey.study.plan import load_plan

    return load_plan(study)


@pytest.mark.usefixtures("bare")
def test_somebodys_file_of_the_same_name_is_never_replaced(written, tmp_path):
    """Neither one that relsurvey never wrote nor one of its own that somebody has edited."""
    foreign = tmp_path / "mine" / "shareable" / "report.html"
    foreign.parent.mkdir(parents=True)
    edited = written.folder / "shareable" / "report.html"
    for path, folder in ((foreign, tmp_path / "mine"), (edited, written.folder)):
        path.write_text("my own words")
        before = everything(folder)
        with pytest.raises(rs.OutputError, match="relsurvey did not write") as caught:
            check_folder(folder, force=True, plan=plan_of(written.study))
        assert caught.value.failure_rows == [{"file": str(path)}]
        with pytest.raises(rs.OutputError, match="relsurvey did not write"):
            write_outputs(written.result, folder, keep_ids=False, key=None)
        assert everything(folder) == before


def test_files_that_are_in_nobodys_way_do_not_stop_a_run(written):
    (written.folder / "shareable" / "letter.txt").write_text("mine")
    assert check_folder(written.folder, force=True, plan=plan_of(written.study))


def test_a_file_or_a_link_in_place_of_a_part_is_refused(tmp_path):
    (tmp_path / "shareable").write_text("mine")
    with pytest.raises(rs.OutputError, match="shareable is a file"):
        check_folder(tmp_path, force=True)
    (tmp_path / "shareable").unlink()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "restricted").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(rs.OutputError, match="restricted is a link"):
        check_folder(tmp_path, force=True)
