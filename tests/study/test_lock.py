import json

import pytest
import yaml

import relsurvey as rs
from relsurvey.study.kept import lock_state
from relsurvey.study.lock import lock_path, lock_study, read_lock
from relsurvey.study.plan import load_plan


def state(study):
    return lock_state(load_plan(study), study)


def changed(study, old, new):
    text = study.read_text()
    assert old in text
    study.write_text(text.replace(old, new))


def test_a_lock_holds_the_plan_and_nothing_of_persons(made):
    lock = lock_study(made)
    assert lock.path == made.with_name("study.lock")
    content = json.loads(lock.path.read_text())
    assert content["plan"]["primary"] == {
        **content["plan"]["primary"], "predictor": "W1", "outcome": "U1",
    }  # fmt: skip
    assert content["instruments"]["workers"]["id"] == "made-w"
    assert len(content["instruments"]["service_users"]["sha256"]) == 64
    text = lock.path.read_text()
    assert "K001" not in text
    assert str(made.parent) not in text
    assert lock.intact
    assert lock.fingerprint in lock.summary()
    assert dict(lock.to_frame().to_numpy())["alpha"] == "0.05"


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (("workers.csv", "service_users.csv"), "before the data files were there"),
        (("workers.csv",), "when service_users.csv was there already and workers.csv was not"),
        ((), "when the data files were there already (workers.csv and service_users.csv)"),
    ],
)
def test_a_lock_says_whether_the_answers_were_there(made, gone, said):
    kept = {name: (made.parent / name).read_bytes() for name in gone}
    for name in gone:
        (made.parent / name).unlink()
    assert lock_study(made).when == said
    for name, content in kept.items():
        (made.parent / name).write_bytes(content)
    found = state(made)
    assert found.as_planned
    assert said in found.sentences[0]
    assert found.sentences[0].startswith("As planned. ")


def test_without_a_lock_there_is_no_state(made):
    assert state(made) is None


def test_comments_and_layout_are_no_part_of_the_plan(made):
    lock_study(made)
    content = yaml.safe_load(made.read_text())
    made.write_text("# Another comment.\n\n" + yaml.safe_dump(content, sort_keys=True, indent=7))
    assert state(made).differences == ()


def test_what_a_run_has_otherwise_is_listed_with_both_values(made):
    lock_study(made)
    changed(made, "covariates: []", "covariates: [months]")
    changed(made, "smallest_effect: 0.1", "smallest_effect: 0.3")
    changed(made, "seed: 7", "alpha: 0.01\nmissing: pairwise\nseed: 8")
    changed(
        made, "title: Made-up people",
        "title: Another title\nnotice: New\nsecondary: [{predictor: W2, outcome: U2}]\n"
        "quality: {workers: {exclude: [mostly_missing]}}\nreport: {formats: [latex]}",
    )  # fmt: skip
    found = state(made)
    matter = {one.key: (one.locked, one.run) for one in found.differences if one.matters}
    assert matter == {
        "primary.covariates": ("(nothing)", "months"),
        "smallest_effect": ("0.1", "0.3"),
        "alpha": ("0.05", "0.01"),
        "missing": ("listwise", "pairwise"),
        "seed": ("7", "8"),
        "secondary": ("(nothing)", "predictor: W2, outcome: U2"),
        "quality.workers.exclude": ("(nothing)", "mostly_missing"),
    }
    told = {one.key for one in found.differences if not one.matters}
    assert told == {"title", "notice", "report.formats"}
    assert not found.as_planned
    assert found.sentences[0].startswith(
        "Not as planned: 7 keys of the plan differ (smallest_effect, alpha, missing, seed, "
        "primary.covariates, secondary and 1 more)."
    )


def test_the_key_that_differs_is_named(made):
    lock_study(made)
    changed(made, "seed: 7", "seed: 8")
    assert state(made).sentences[0].startswith("Not as planned: 1 key of the plan differs (seed).")


def test_every_column_that_is_not_there_is_told_at_once(made):
    changed(made, "worker: worker_id, team: team", "worker: wrkr, team: tame")
    changed(made, "id: response_id", "id: nobody")
    changed(made, "covariates: []", "covariates: [years, months]")
    changed(made, "seed: 7", "quality: {workers: {attention: {years: '3'}}}\nseed: 7")
    for name, heading in (("workers.csv", "years"), ("service_users.csv", "months")):
        changed(made.with_name(name), heading, "other")
    with pytest.raises(rs.StudyError, match=r"study\.yaml cannot be run .*: 6 faults") as caught:
        lock_study(made)
    assert [row["key"] for row in caught.value.failure_rows] == [
        "workers.worker", "workers.team", "service_users.id", "primary.covariates",
        "primary.covariates", "quality.workers.attention",
    ]  # fmt: skip
    assert not lock_path(made).exists()


def test_items_without_a_column_stop_a_lock_and_odd_answers_do_not(made):
    path = made.with_name("workers.csv")
    table = path.read_text().splitlines()
    table[1] = table[1].replace(",", ",", 1)[: table[1].rindex(",")] + ",many"
    path.write_text("\n".join(table) + "\n")
    changed(made.with_name("service_users.csv"), "u1_2", "else")
    with pytest.raises(rs.StudyError, match="1 fault") as caught:
        lock_study(made)
    (fault,) = caught.value.failure_rows
    assert fault["key"] == "service_users.file"
    assert "1 of the 8 items of made-u has no column" in fault["found"]


def test_of_files_that_are_not_there_the_columns_are_not_checked(made):
    changed(made, "worker: worker_id, team: team", "worker: wrkr, team: tame")
    for name in ("workers.csv", "service_users.csv"):
        made.with_name(name).unlink()
    said = lock_study(made).summary()
    assert (
        "The columns of workers.csv and service_users.csv, which were not there, could not be "
        "checked." in said
    )


def test_a_title_alone_leaves_it_as_planned(made):
    lock_study(made)
    changed(made, "title: Made-up people", "title: Real people")
    found = state(made)
    assert found.as_planned
    assert [one.key for one in found.differences] == ["title"]


def test_another_instrument_under_the_same_name_is_a_difference(made):
    lock_study(made)
    changed(made.with_name("w.yaml"), "version: 1.0.0", "version: 1.0.1")
    (one,) = state(made).differences
    assert one.key == "workers.instrument (its definition)"
    assert one.locked.startswith("made-w 1.0.0, SHA-256 ")
    assert one.run.startswith("made-w 1.0.1, SHA-256 ")


def test_headings_of_an_export_are_never_shown(made):
    lock_study(made)
    changed(made, "worker: worker_id, team: team", "worker: worker_id, columns: {w1_1: Licensed}")
    shown = {one.key: (one.locked, one.run) for one in state(made).differences}
    assert shown["workers.columns.w1_1"] == ("(nothing)", "a heading")
    assert "Licensed" not in str(shown)


def test_exports_that_changed_since_are_named(made):
    lock_study(made)
    changed(made.with_name("workers.csv"), "K001", "K999")
    found = state(made)
    assert found.differences == ()
    assert "workers.csv is not the same as when the plan was locked." in found.sentences


def test_a_lock_is_made_once_and_a_second_one_remembers_the_first(made, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    first = lock_study(made)
    before = first.path.read_bytes()
    with pytest.raises(rs.OutputError, match=r"already there, locked on 2026-02-02; it is kept"):
        lock_study(made)
    assert first.path.read_bytes() == before
    second = lock_study(made, force=True)
    assert second.earlier == ({"locked": "2026-02-02", "fingerprint": first.fingerprint},)
    assert "It took the place of 1 earlier lock (2026-02-02)." in state(made).sentences


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content["plan"].update(alpha=0.01),
        lambda content: content.update(locked="2020-01-01"),
        lambda content: content.update(fingerprint="0" * 64),
    ],
)
def test_a_lock_changed_by_hand_is_noticed(made, edit):
    path = lock_study(made).path
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content))
    assert not read_lock(path).intact
    assert "changed by hand" in read_lock(path).summary()
    found = state(made)
    assert not found.as_planned
    assert "changed by hand" in found.sentences[1]
    assert not found.sentences[0].startswith("As planned")


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", "null", '{"schema": 1}', "not JSON", "[" * 99999]
)
def test_what_is_no_lock_is_refused(made, text):
    lock_path(made).write_text(text)
    with pytest.raises(rs.StudyError, match="not a lock that relsurvey wrote"):
        state(made)


def test_a_lock_of_a_later_kind_is_refused_with_the_version(made):
    lock_path(made).write_text('{"schema": 99, "relsurvey": "9.0.0"}')
    with pytest.raises(rs.StudyError, match=r"written by relsurvey 9\.0\.0 in a form \(99\)"):
        state(made)


def test_keys_that_came_after_the_lock_count_as_their_default(made):
    path = lock_study(made).path
    content = json.loads(path.read_text())
    del content["plan"]["permutations"]  # 0 in the study file, which is not the default
    del content["plan"]["alpha"]  # left at its default there
    content["plan"]["gone"] = 3
    path.write_text(json.dumps(content))
    assert {one.key for one in state(made).differences} == {"permutations", "gone", "alpha"}
    del content["plan"]["gone"]
    path.write_text(json.dumps(content))
    assert {one.key for one in state(made).differences} == {"permutations"}
    changed(made, "permutations: 0\n", "")
    assert state(made).differences == ()


def test_the_files_of_a_plan_have_to_be_there_but_for_the_exports(made):
    made.with_name("workers.csv").unlink()
    changed(made, "worker: worker_id, team: team", "worker: worker_id, wording: pack.csv")
    with pytest.raises(rs.StudyError, match="1 fault") as caught:
        lock_study(made)
    assert caught.value.failure_rows[0]["key"] == "workers.wording"
