"""Exclusions of a study: planned, counted, and the association with and without."""

import json
import re

import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.quality import check_quality
from relsurvey.resources import shipped
from relsurvey.study import load_plan, run_study

pytestmark = pytest.mark.usefixtures("few_plausible_values")

OUTLIERS = "quality:\n  service_users: {exclude: [outlier, longstring]}\n"


@pytest.fixture
def study(tmp_path, copy_sample):
    """Write the sample study with more lines; return the path of its file."""

    def write(more, change=None):
        path = copy_sample(tmp_path, more)
        if change:
            change(tmp_path)
        return path

    return write


@pytest.fixture(scope="module")
def run(tmp_path_factory, copy_sample):
    """The sample study without outliers, run once."""
    folder = tmp_path_factory.mktemp("excluded")
    return run_study(copy_sample(folder, OUTLIERS), folder / "results"), folder / "results"


@pytest.fixture(scope="module")
def plain(tmp_path_factory, copy_sample):
    return run_study(copy_sample(tmp_path_factory.mktemp("plain")), None)


def test_by_default_nobody_is_left_out(plain):
    assert plain.workers.excluded == plain.service_users.excluded == {}
    assert plain.everyone == ()
    assert plain.service_users.responses.n == plain.service_users.n_answered == 900
    assert "everybody" not in plain.summary()


def test_the_main_analysis_is_without_them_and_the_other_is_that_of_a_plain_run(run, plain):
    result, _ = run
    assert result.service_users.excluded == {"longstring": 1, "outlier": 22}
    assert result.service_users.n_answered == 900
    assert result.service_users.responses.n == len(result.service_users.scores) == 877
    everyone, *others = result.everyone
    assert everyone.slope == pytest.approx(plain.primary.slope, rel=1e-12)
    assert everyone.n_service_users == plain.primary.n_service_users
    assert [one.slope for one in others] == [one.slope for one in plain.secondary]
    assert result.primary.slope != everyone.slope
    assert result.primary.n_service_users < everyone.n_service_users


def test_the_association_without_them_is_that_of_the_parts_done_by_hand(run):
    result, _ = run
    folder = shipped("sample")
    users = rs.read_responses(
        folder / "service_users.csv", "peech-sc", id="response_id", worker="worker_id"
    )
    left = check_quality(users, exclude=["outlier", "longstring"]).exclusion.data
    workers = rs.score(
        rs.read_responses(folder / "workers.csv", "rpq-16", worker="worker_id", team="team")
    )
    linked = rs.link(workers.drop(columns="respondent_id"), rs.score(left))
    by_hand = rs.fit_mixed(linked.frame, "TOTAL", ["RC"], "worker_id", nested_in="team").to_frame()
    assert result.primary.slope == pytest.approx(by_hand["estimate"][1], rel=1e-12)


def test_results_have_both_and_the_log_says_who_went(run):
    result, out = run
    table = pd.read_csv(out / "restricted" / "associations.csv")
    slopes = table.query("quantity == 'slope' and outcome == 'TOTAL'").set_index("hypothesis")
    assert slopes.index.tolist() == ["primary", "primary, everybody"]
    assert slopes["estimate"].tolist() == pytest.approx(
        [result.primary.slope, result.everyone[0].slope]
    )
    log = (out / "restricted" / "service_users_intake_log.csv").read_text()
    assert "23 respondents left out: 1 by longstring and 22 by outlier." in log
    figures = json.loads((out / "restricted" / "results.json").read_text())
    assert figures["quality"]["peech-sc"]["exclusion"]["n_excluded"] == 23
    assert figures["quality"]["rpq-16"]["exclusion"] is None
    assert len(figures["everyone"]) == 5
    assert result.provenance.inputs[1][2] == 900
    assert "With everybody who answered" in result.summary()


def test_rows_of_persons_are_restricted_and_pseudonymised(run):
    _, out = run
    names = {path.name for path in (out / "restricted").iterdir()}
    assert {"service_user_quality.csv", "service_user_flags.csv", "worker_quality.csv"} <= names
    assert {"service_users_answers.csv", "service_users_rules.csv"} <= names
    assert (out / "shareable" / "report.html").is_file()
    files = [path for path in out.rglob("*.*") if path.is_file() and path.suffix != ".png"]
    texts = [path.read_text(encoding="utf-8") for path in files]
    assert not any(re.search(r"\b(R\d{4}|W\d{3})\b", text) for text in texts)
    quality = pd.read_csv(out / "restricted" / "service_user_quality.csv")
    assert len(quality) == 900
    assert quality["respondent_id"].str.startswith("P-").all()


def test_what_had_to_be_left_out_for_linking_leaves_no_association_with_everybody(study):
    def double(folder):
        table = pd.read_csv(folder / "workers.csv", dtype=str, keep_default_na=False)
        pd.concat([table, table.iloc[[3]]]).to_csv(folder / "workers.csv", index=False)

    result = run_study(study("quality: {workers: {exclude: [duplicate_id]}}\n", double), None)
    assert result.workers.excluded == {"duplicate_id": 2}
    assert result.everyone == ()
    assert "cannot be computed" in result.everyone_note
    assert result.everyone_note in result.warnings


def test_a_rule_that_could_not_be_judged_is_said(study):
    result = run_study(study("quality: {workers: {exclude: [too_fast]}}\n"), None)
    assert result.workers.excluded == {"too_fast": 0}
    assert result.everyone == ()
    assert any("too_fast leaves nobody out" in one for one in result.warnings)


def test_rules_that_leave_nobody_stop_the_run(study):
    more = "quality: {workers: {exclude: [outlier], thresholds: {outlier: 1.0}}}\n"
    with pytest.raises(rs.StudyError, match=r"workers.csv: the rules outlier leave nobody"):
        run_study(study(more), None)


def test_attention_items_and_thresholds_come_from_the_plan(study):
    more = (
        "quality:\n  service_users:\n    exclude: [attention]\n"
        "    attention: {filled_in_by: Self}\n    thresholds: {outlier: 0.01}\n"
    )
    result = run_study(study(more), None)
    users = pd.read_csv(shipped("sample") / "service_users.csv", dtype=str)
    other = users["filled_in_by"].notna() & (users["filled_in_by"] != "Self")
    assert result.service_users.excluded == {"attention": int(other.sum())}
    rules = result.service_users.quality.rules.set_index("rule")
    assert rules.loc["outlier", "threshold"] == 0.01


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("quality: {workers: {exclude: [outlie]}}", "did you mean 'outlier'"),
        ("quality: {users: {exclude: [outlier]}}", "users"),
        ("quality: {workers: {thresholds: {fast: 1}}}", "'fast'"),
        ("quality: {workers: {exclude: outlier}}", "exclude"),
        ("quality: {service_users: {attention: {stag: '1'}}}", "did you mean 'stage'"),
        ("quality: {workers: {thresholds: {outlier: 7}}}", "a number of 0 to 1"),
    ],
)
def test_faults_of_the_plan_are_told(study, more, message):
    with pytest.raises(rs.StudyError, match=message):
        load_plan(study(more + "\n"))
