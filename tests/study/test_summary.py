"""What a run says in the terminal."""

from dataclasses import replace

import pytest

from relsurvey.association.equivalence import equivalence
from relsurvey.sensitivity import SensitivityResult
from relsurvey.sensitivity.check import Check, Version
from relsurvey.sensitivity.slope import Slope
from relsurvey.study.summary import _in_words, _interval, summary_of


@pytest.fixture(scope="module")
def text(small_run):
    return summary_of(small_run.result, small_run.key)


def test_the_result_comes_first_and_the_files_come_last(text, small_run):
    primary = small_run.result.primary
    order = [
        small_run.result.title,
        "not to be shared: counts are exact here",
        "As planned.",
        primary.sentence[:40],
        "Who is in it",
        "Reliability (listwise)",
        "the primary method (*) and others",
        "How the files were read",
        "Files\n",
    ]
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    assert small_run.result.summary() in text.replace(text.splitlines()[-1], "").rstrip() + "\n" * 2


def test_every_place_that_was_written_to_is_named(text, small_run):
    told = text[text.index("Files\n") :]
    reports = [one for one in (small_run.folder / "shareable").glob("report*") if one.is_file()]
    assert reports
    for path in (*reports, small_run.folder / "restricted", small_run.key):
        assert f"  {path} " in told
    assert len(told.splitlines()) == len(reports) + 3
    assert "for researchers and journals (web page)" in told
    assert "Files\n" not in summary_of(replace(small_run.result, folder=None))


def test_a_title_of_ten_thousand_letters_is_cut(small_run):
    plan = small_run.result.plan.model_copy(update={"title": "A study " + "x" * 10_000})
    text = summary_of(replace(small_run.result, plan=plan))
    assert len(text.splitlines()[0]) <= 200


def test_no_option_is_named_that_a_run_does_not_have(text, small_run):
    for hint in ("--unmatched", ".unmatched()", "--best", "best=", "--band", "bands=", "Linked on"):
        assert hint not in text
    assert "worker_id" not in text
    assert "units of team" not in text
    unmatched = len(small_run.result.linked.log.unmatched())
    assert ("restricted/unmatched.csv" in text) == bool(unmatched)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("months varies within worker_id: a mean of each\n  worker_id.",
         "months varies within workers: a mean of each\n  worker."),
        ("Every worker_id has one row only", "Every worker has one row only"),
        ("Only 8 units of team: the variance", "Only 8 teams: the variance"),
        ("Only 8 groups of worker_id: the", "Only 8 workers: the"),
        ("the variance between worker_id of the same team is",
         "the variance between workers of the same team is"),
        ("of which between team 0.01", "of which between teams 0.01"),
        ("the model has no level for team", "the model has no level for team"),
    ],
)  # fmt: skip
def test_columns_that_linking_made_are_called_what_they_are(said, meant):
    assert _in_words(said) == meant


def test_the_scales_of_the_question_are_named_by_title_once(text):
    flat = " ".join(text.split())
    assert (
        "The question: Scale U1 (U1) of the service users, by Scale W1 (W1) of the workers." in flat
    )


def flat_summary(result):
    return " ".join(summary_of(result).split())


SLOPE = Slope(0.3, 0.1, 100.0, 0.004, 0.1, 0.5, 113.0, 861.0)


def with_checks(result, *checks):
    found = SensitivityResult(
        outcome="U1", predictor="W1", group="worker_id", team=None, covariates=(),
        primary=SLOPE, checks=checks, n_slopes=4, n_other_direction=1, n_other_verdict=0,
        sentence="", confidence=0.95, threshold=10, notes=(),
    )  # fmt: skip
    return replace(result, sensitivity=found)


def test_the_doubts_are_told_after_the_result(small_run):
    result = small_run.result
    turned = replace(SLOPE, estimate=-0.3, conf_low=-0.5, conf_high=-0.1)
    bend = Check(
        "straight line", "?", (Version("squared term", SLOPE, "squared"),), "The line bends."
    )
    other = Check("minimum of users", "?", (Version("at least 5", turned),), "")
    text = flat_summary(with_checks(result, bend, other))
    said = "The line bends. With one choice changed at a time, 1 of 4 slopes says something else."
    assert text.index(said) < text.index("Who is in it")
    quiet = flat_summary(with_checks(result))
    assert "The line bends" not in quiet
    assert "something else" not in quiet


def test_how_few_have_every_score_is_told_where_nothing_could_be_computed(small_run):
    result = small_run.result
    counts = {"n_service_users": 3, "n_dropped": 660}
    lost = replace(result, primary=replace(result.primary, note="too few", **counts))
    assert "Of 663 linked service users, 3 have all it needs." in flat_summary(lost)
    assert "have all it needs" not in flat_summary(result)


def test_an_interval_that_is_not_there_is_left_out():
    nothing = float("nan")
    assert not _interval({"alpha_low": nothing, "alpha_high": nothing})
    assert _interval({"alpha_low": 0.5, "alpha_high": 0.75}) == "0.500 to 0.750"


def test_none_that_matters_does_not_repeat_not_shown_without_a_but(small_run):
    primary = small_run.result.primary
    held = equivalence(0.02, 0.06, 40.0, 0.2, outcome="U1", predictor="W1")
    text = " ".join(replace(primary, equivalence=held).summary().split())
    assert "But there is no association that would matter: the slope" in text
