import json
import re

import pytest

import relsurvey as rs
from relsurvey.resources import study_template
from relsurvey.study import load_plan


@pytest.fixture
def study(tmp_path):
    """Write a study file (the template, changed) beside two empty exports."""
    for name in ("workers.csv", "service_users.csv"):
        (tmp_path / name).write_text("x\n")

    def write(*changes):
        text = study_template()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "study.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_template_is_a_valid_study_file_and_says_its_defaults(study):
    plan = load_plan(study())
    assert (plan.primary.predictor, plan.primary.outcome) == ("RC", "TOTAL")
    assert plan.disclosure.threshold == 10
    assert len(plan.hypotheses) == 3
    assert plan.smallest_effect is None


def test_all_faults_come_at_once_with_line_and_likely_slip(study):
    path = study(
        ("title:", "titel:"),
        ("predictor: RC  ", "predictor: RCC "),
        ("threshold: 10", "threshold: many"),
        ("instrument: peech-sc", "instrument: peech-cs"),
        ("file: workers.csv", "file: worker.csv"),
        ("missing: listwise", "missing: listwize"),
    )
    with pytest.raises(rs.StudyError, match=r"not a valid study: \d+ faults") as caught:
        load_plan(path)
    rows = {row["key"]: row for row in caught.value.failure_rows}
    text = path.read_text().splitlines()
    assert "did you mean 'title'?" in rows["titel"]["allowed"]
    assert rows["title"]["allowed"] == "the key 'title' is required"
    assert "'RC'" in rows["primary.predictor"]["allowed"]
    assert "peech-sc" in rows["service_users.instrument"]["allowed"]
    assert "'workers.csv'" in rows["workers.file"]["allowed"]
    assert "did you mean 'listwise'?" in rows["missing"]["allowed"]
    assert rows["disclosure.threshold"]["found"] == "'many'"
    for key in ("titel", "primary.predictor", "workers.file", "missing"):
        assert key.split(".")[-1] in text[rows[key]["line"] - 1]


def test_surveys_the_wrong_way_round_are_noticed(study):
    path = study(("instrument: rpq-16", "instrument: peech-sc"))
    with pytest.raises(rs.StudyError) as caught:
        load_plan(path)
    assert "a service user answers" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("- a\n- b\n", "must be a mapping"),
        ("", "must be a mapping.*empty"),
        ("a: [1,\n", "line 2.*not valid YAML"),
        ("a: &a [*a]\n", "not valid"),
        ("just text", "must be a mapping"),
    ],
)
def test_what_is_not_a_mapping_is_refused(tmp_path, content, reason):
    path = tmp_path / "study.yaml"
    path.write_text(content)
    with pytest.raises(rs.StudyError, match=re.compile(reason, re.DOTALL)):
        load_plan(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path, study):
    with pytest.raises(rs.StudyError, match="is a folder"):
        load_plan(tmp_path)
    study()
    with pytest.raises(rs.StudyError, match=r"(?s)no study file.*study\.yaml"):
        load_plan(tmp_path / "studdy.yaml")


def test_names_nobody_has_are_found_before_anything_is_read(study):
    path = study(
        ("covariates: [] ", "covariates: [month_known, RIA] "),
        ("predictor: RO, outcome: TOTAL", "predictor: RC, outcome: CON"),
        ("threshold: 10", "threshold: 1"),
    )
    text = path.read_text().replace("  file: workers.csv", "  platform: cvs\n  file: workers.csv")
    path.write_text(text)
    with pytest.raises(rs.StudyError) as caught:
        load_plan(path)
    rows = {row["key"]: row for row in caught.value.failure_rows}
    assert set(rows) == {
        "primary.covariates[0]",
        "secondary[1]",
        "disclosure.threshold",
        "workers.platform",
    }
    assert "did you mean 'months_known'?" in rows["primary.covariates[0]"]["allowed"]
    assert "did you mean 'csv'?" in rows["workers.platform"]["allowed"]
    assert rows["secondary[1]"]["found"] == "CON by RC a second time"


@pytest.mark.parametrize("name", ["x" * 300, "a\x00b", "worker\u0301s.csv"])
def test_a_file_name_no_system_takes_is_a_fault_of_the_study(study, name):
    path = study(("file: workers.csv", f"file: {json.dumps(name)}"))
    with pytest.raises(rs.StudyError, match="not a valid study"):
        load_plan(path)


def test_a_list_with_nothing_after_its_key_is_an_empty_one():
    from relsurvey.study.plan import FileQuality, Hypothesis

    asked = Hypothesis.model_validate({"predictor": "RC", "outcome": "TOTAL", "covariates": None})
    assert asked == Hypothesis(predictor="RC", outcome="TOTAL")
    blank = {"exclude": None, "attention": None, "thresholds": None}
    assert FileQuality.model_validate(blank) == FileQuality()


def test_a_value_that_was_forgotten_is_still_a_fault():
    from pydantic import ValidationError

    from relsurvey.study.plan import Report

    with pytest.raises(ValidationError, match="valid list"):
        Report.model_validate({"formats": None})
