"""What a run says in the terminal."""

from dataclasses import replace

import pytest

from relsurvey.study.summary import _in_words, summary_of


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
