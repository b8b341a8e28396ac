"""Somebody works out the exact number of people from statistics beside a rounded one."""

import dataclasses
import math

import pytest

from relsurvey.psychometrics.consistency import feldt_interval
from relsurvey.reporting import build_report
from relsurvey.reporting.disclosure import Disclosure, merged
from relsurvey.reporting.disclosure.statistics import correlation_of, p_of_rounded, rounded_df
from relsurvey.reporting.material import gathered
from relsurvey.reporting.numbers import bounded, interval
from relsurvey.reporting.sentences.finding import finding_of
from relsurvey.study.manifest import SHARING

pytestmark = pytest.mark.usefixtures("undrawn")


def study_of(fake, secret):
    """So many workers could not be linked; their counts are rounded for that."""
    linked = 140 - secret
    primary = dataclasses.replace(fake.Association(), n_workers=linked)
    made = fake.study(linked_workers=linked, primary=primary, secondary=())
    alphas = made.workers.reliability.frame
    ends = [
        feldt_interval(row["alpha"], int(row["n"]), int(row["n_items"]), 0.95)
        for row in alphas.to_dict("records")
    ]
    alphas["alpha_low"], alphas["alpha_high"] = zip(*ends, strict=True)
    alphas["note"] = [f"{int(n)} rows for 138 parameters: no omega" for n in alphas["n"]]
    return made


def tables(study):
    return {one.id: one for s in build_report(study).sections for one in s.tables}


def test_alpha_has_the_interval_of_the_number_shown(fake):
    study = study_of(fake, 3)
    shown = tables(study)["table-reliability-worker"]
    for row, true in zip(
        shown.rows, study.workers.reliability.frame.to_dict("records"), strict=True
    ):
        low, high = feldt_interval(true["alpha"], int(row[2]), true["n_items"], 0.95)
        assert int(row[2]) % 5 == 0
        assert row[4] == interval(low, high, below_one=True)
        assert row[-1] == "too few rows for 138 parameters: no omega"
    assert any("rounded number of people" in note for note in shown.notes)


def test_a_correlation_has_the_interval_and_p_of_the_number_shown(fake):
    study = study_of(fake, 3)
    rows = {row[0]: row for row in tables(study)["table-association"].rows}
    low, high, _ = correlation_of(study.primary.correlation, int(rows["Workers"][1]), 0.95)
    row = rows["Correlation across workers, r"]
    assert row[1] == bounded(study.primary.correlation)
    assert row[2] == interval(low, high, below_one=True)
    r = build_report(study).headline.figures[1]
    assert row[2] in r.detail


@pytest.mark.parametrize(("estimate", "inside"), [(0.9, True), (1.1, False)])
def test_rounded_degrees_of_freedom_change_no_verdict(estimate, inside):
    for df in (3.2, 11.8, 13.0, 260.0, math.inf):
        assert (p_of_rounded(1.0, estimate, rounded_df(df, 5), 0.95) > 0.05) == inside


def test_where_nothing_is_rounded_all_is_as_computed(fake):
    material = gathered(fake.study())
    exact = dataclasses.replace(material, rules=Disclosure(10))
    primary = material.study.primary
    assert exact.as_shown(primary) is primary
    assert material.as_shown(primary).correlation_low != primary.correlation_low


def test_standard_errors_go_where_workers_are_rounded(fake):
    study = study_of(fake, 3)
    primary = dataclasses.replace(study.primary, covariates=("Age",), model=fake.mixed("RC", "Age"))
    rows = tables(dataclasses.replace(study, primary=primary))["table-model"].rows
    assert {row[2] for row in rows} == {"–"}
    assert all(row[3].startswith("about ") for row in rows)


def test_sentences_say_about_where_a_count_is_rounded(fake):
    report = build_report(study_of(fake, 3))
    flow = next(one for one in report.sections if one.id == "who-answered")
    assert flow.blocks[0].text.startswith("About 140 workers answered, about 135 of them")
    assert "about 135" in flow.blocks[1].alt
    assert finding_of(gathered(study_of(fake, 3))).workers == "about 135"


def test_who_is_left_out_agrees_with_the_counts_beside_it(fake):
    """Linked 60, left out 5, main analysis 50: the parts have to add up."""
    linked = fake.study(n_workers=63, linked_workers=58, threshold=5, secondary=())
    study = dataclasses.replace(linked, primary=dataclasses.replace(linked.primary, n_workers=52))
    study = dataclasses.replace(study, settings=dataclasses.replace(study.small_groups, round_to=5))
    rows = {row[0]: row[1] for row in tables(study)["table-flow"].rows}
    left = rows["Linked, but left out of the main analysis"]
    assert int(rows["Linked"]) - int(left) == int(rows["In the main analysis"])
    assert int(rows["Answered"]) - int(rows["Not linked"]) == int(rows["Linked"])


def test_service_users_of_one_worker_have_no_reliability(fake):
    study = fake.study()
    study.linked.log.users_per_worker["counts"] = fake.users_per_worker([700, *[3] * 58])
    found = tables(study)
    assert {cell for row in found["table-reliability-service-user"].rows for cell in row[3:-1]} == {
        "–"
    }
    assert "table-groups" not in found
    assert "table-association" in found


@pytest.mark.parametrize(
    ("counts", "ends"),
    [
        ((0, 1, 30, 40), (range(3), range(3, 4))),
        ((40, 30, 7, 5, 0), (range(1), range(2, 5))),
        ((0, 30, 30, 0), (range(1), range(3, 4))),
    ],
)
def test_the_smallest_and_the_largest_answer_of_few_people_stay_open(counts, ends):
    groups = merged(counts, 10)
    assert (groups[0], groups[-1]) == ends


def test_the_manifest_says_that_it_is_not_to_be_sent():
    assert SHARING.startswith("Not to be sent.")
