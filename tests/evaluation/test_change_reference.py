"""The same people by R's lme4, lmerTest (Kenward-Roger), clubSandwich and t.test."""

from __future__ import annotations

import math

import pytest

from relsurvey.evaluation import change
from relsurvey.evaluation.model import DIFFERENCE


def row(frame, **where):
    for name, value in where.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def same(ours, theirs, term=None, df=1e-3):
    def value(name):
        return theirs[name] if term is None else theirs[name][theirs["terms"].index(term)]

    assert ours["estimate"] == pytest.approx(value("estimate"), rel=1e-5)
    assert ours["std_error"] == pytest.approx(value("std_error"), rel=1e-5)
    assert ours["df"] == pytest.approx(value("df"), rel=df)
    assert ours["p_value"] == pytest.approx(value("p_value"), rel=1e-3, abs=1e-10)


@pytest.fixture(scope="module")
def followed(people):
    return change(people, "score", person="person", group="worker")


def test_persons_in_workers(followed, reference):
    theirs = reference["persons"]
    for wave in ("2", "3"):
        same(row(followed.changes, wave=wave), theirs, f"factor(wave){wave}")
    assert followed.variance["person"] == pytest.approx(
        theirs["variance"]["person:worker"], rel=1e-4
    )
    assert followed.variance["worker"] == pytest.approx(theirs["variance"]["worker"], rel=1e-4)
    assert followed.joint_p == pytest.approx(reference["joint_p"], rel=1e-4)
    first = row(followed.means, wave="1")
    assert first["estimate"] == pytest.approx(theirs["estimate"][0], rel=1e-6)


def test_straight_line(followed, reference):
    same(row(followed.trend, who="all"), reference["line"], "I(wave - 1)")


def test_worker_means_by_paired_t(followed, reference):
    found = row(followed.checks, check="means of each worker, paired t")
    same(found, reference["paired"], df=1e-9)
    assert found["conf_low"] == pytest.approx(reference["paired"]["conf_low"], rel=1e-9)


def test_those_who_were_lost_by_welch(followed, reference):
    theirs, found = reference["lost"], followed.attrition.iloc[0]
    assert (found["n_lost"], found["n_stayed"]) == (theirs["n_lost"], theirs["n_stayed"])
    assert found["difference"] == pytest.approx(theirs["estimate"], rel=1e-9)
    assert found["p_value"] == pytest.approx(theirs["p_value"], rel=1e-9)
    assert found["conf_high"] == pytest.approx(theirs["conf_high"], rel=1e-9)


def test_repeated_cross_sections_let_workers_change_differently(people, reference):
    found = change(people, "score", group="worker")
    for wave in ("2", "3"):
        same(row(found.changes, wave=wave), reference["cross"], f"factor(wave){wave}")
    theirs = reference["cross"]["variance"]
    assert found.variance["worker at each wave"] == pytest.approx(theirs["ww:worker"], rel=1e-3)
    assert "repeated cross-sections" in found.design


@pytest.mark.parametrize(("person", "model"), [("person", "did_persons"), (None, "did_cross")])
def test_difference_in_differences(people, reference, person, model):
    found = change(
        people, "score", person=person, group="worker", team="team", trained="trained", baseline="2"
    )
    assert found.with_training
    for wave in ("1", "3"):
        same(row(found.by_model, wave=wave, who=DIFFERENCE), reference[model], f"w{wave}:trained")
        same(row(found.by_model, wave=wave, who="others"), reference[model], f"w{wave}")
    last = row(found.changes, wave="3", who=DIFFERENCE)
    assert found.estimate == last["estimate"]
    if person is not None:
        same(last, reference["welch"], df=1e-9)
        assert found.method == "means of each team, Welch t"
    same(row(found.checks, check="mixed model"), reference[model], "w3:trained")
    assert row(found.changes, wave="1", who=DIFFERENCE)["kind"] == "before training"
    same(row(found.checks, check="means of each team, Welch t"), reference["welch"], df=1e-9)
    same(row(found.checks, check="regression, errors by team (CR2)"), reference["cr2"], df=1e-6)
    assert math.isfinite(found.joint_p)
