import dataclasses
import math
from types import SimpleNamespace

import pandas as pd
import pytest

from relsurvey.errors import ReportError, StudyError
from relsurvey.reporting import build_report
from relsurvey.reporting.disclosure import Disclosure, Split, rules_in_words
from relsurvey.reporting.material import gathered
from relsurvey.small_groups import PRESETS, USUAL_RULES, SmallGroupRules
from relsurvey.study.plan import Disclosure as InPlan

OPEN = [Split("worker", 100, 80, "people are missing")]


@pytest.mark.parametrize(
    ("name", "hidden", "shown", "count", "text"),
    [
        ("ons10", [0, 1, 9], [10], 113, "115"),
        ("opensafely", [0, 1, 7], [8], 113, "115"),
        ("ukllc", [0, 1, 9], [10], 113, "113"),
        ("sail5", [1, 4], [0, 5], 113, "113"),
        ("nhs7", [1, 7], [0, 8], 113, "115"),
        ("", [1, 9], [0, 10], 113, "113"),
    ],
)
def test_each_preset_hides_and_rounds_as_its_body_says(name, hidden, shown, count, text):
    rules = Disclosure.of(PRESETS.get(name, USUAL_RULES), OPEN)
    assert all(rules.count(n, "worker") == rules.few for n in hidden)
    assert not any(rules.count(n, "worker") == rules.few for n in shown)
    assert rules.count(count, "worker") == text


def test_small_counts_are_withheld_before_rounding():
    """Seven would be rounded to five or ten, and eight to ten: the first is not shown at all."""
    rules = Disclosure.of(PRESETS["opensafely"], OPEN)
    assert [rules.count(n, "worker") for n in (6, 7, 8, 12, 13)] == [
        "fewer than 8", "fewer than 8", "10", "10", "15",
    ]  # fmt: skip


def test_what_could_be_behind_a_rounded_count_leaves_small_ones_out():
    rules = Disclosure.of(PRESETS["opensafely"], OPEN)
    for shown in (10, 15, 200):
        could = rules.could_be(shown, "worker")
        assert [n for n in range(1, 300) if not rules.is_small(n)
                and rules.shown(n, "worker") == shown] == list(could)  # fmt: skip


def test_other_bases_are_kept_to_and_shares_are_coarser():
    rules = Disclosure.of(SmallGroupRules(10, 20), OPEN)
    assert [rules.count(n, "worker") for n in (10, 29, 30, 113)] == ["20", "20", "40", "120"]
    assert rules.share(30, 100, "worker") in {"25%", "30%"}
    assert rules.step(100, "worker") > rules.step(1000, "worker")


@pytest.mark.parametrize("base", [5, 10, 20])
def test_a_share_does_not_tell_the_number_of_people_whatever_the_base(base):
    rules = Disclosure.of(SmallGroupRules(10, base), OPEN)
    shares = {
        whole: {rules.share(n, whole, "worker") for n in range(10, whole - 9)}
        for whole in range(20, 150)
    }
    for whole in range(40, 120):
        alike = [n for n in shares if rules.shown(n, "worker") == rules.shown(whole, "worker")]
        for text in shares[whole]:
            assert sum(text in shares[other] for other in alike) >= 2


def test_numbers_win_over_the_preset_and_the_rest_is_the_presets():
    rules = InPlan.model_validate({"preset": "ons10", "threshold": 12}).rules
    assert (rules.threshold, rules.round_to, rules.zeros) == (12, 5, "withheld")
    assert rules.differing() == {"threshold": (10, 12)}
    words = rules_in_words(rules)
    assert "preset “ons10”" in words
    assert "the threshold (12 instead of 10)" in words
    assert "Counts below 12" in words


def test_without_a_preset_nothing_has_changed():
    assert InPlan.model_validate({}).rules == USUAL_RULES
    assert InPlan.model_validate({"threshold": 30}).rules == SmallGroupRules(30)
    assert InPlan.model_validate({"threshold": 30}).rules.workers_needed == 30


def study_file(text):
    from relsurvey.resources import shipped

    original = (shipped("sample") / "study.yaml").read_text(encoding="utf-8")
    start, _, rest = original.partition("disclosure:\n  threshold: 10\n")
    assert rest
    return f"{start}disclosure: {text}\n{rest}"


@pytest.fixture
def plan_of(tmp_path):
    """Read the sample's study file with other rules."""
    from relsurvey.resources import shipped
    from relsurvey.study.plan import load_plan

    for name in ("workers.csv", "service_users.csv"):
        (tmp_path / name).write_bytes((shipped("sample") / name).read_bytes())

    def read(text):
        path = tmp_path / "study.yaml"
        path.write_text(study_file(text), encoding="utf-8")
        return load_plan(path)

    return read


def test_a_study_file_names_a_preset(plan_of):
    plan = plan_of("{preset: nhs7, workers_per_team: 3}")
    assert plan.disclosure.rules == dataclasses.replace(PRESETS["nhs7"], workers_per_team=3)
    assert plan.disclosure.threshold == 8


@pytest.mark.parametrize(
    ("text", "where", "allowed"),
    [
        ("{preset: onz10}", "disclosure.preset", "ons10"),
        ("{preset: ons10, threshold: 4}", "disclosure.threshold", "at least 5"),
        ("{threshold: 1}", "disclosure.threshold", "at least 5"),
        ("{round_to: 0}", "disclosure.round_to", "at least 5"),
        ("{round_to: 7}", "disclosure.round_to", "multiple of 5"),
        ("{zeros: maybe}", "disclosure.zeros", "shown"),
        ("{workers_per_cell: 2}", "disclosure.workers_per_cell", "at least 5"),
        ("{service_users_per_worker: 0}", "disclosure.service_users_per_worker", "at least 1"),
        ("{preset: [ons10]}", "disclosure.preset", "ons10"),
        ("{worker_per_team: 3}", "disclosure.worker_per_team", "workers_per_team"),
    ],
)
def test_what_protects_nobody_or_is_unknown_is_refused(plan_of, text, where, allowed):
    with pytest.raises(StudyError, match="not a valid study: 1 fault") as caught:
        plan_of(text)
    row = caught.value.failures.iloc[0]
    assert row["key"] == where
    assert allowed in row["allowed"]


def test_a_threshold_below_five_is_refused_by_the_rules_themselves():
    with pytest.raises(ReportError, match="5 or more; it is 4"):
        SmallGroupRules(4)


@pytest.mark.parametrize("name", [*PRESETS, ""])
def test_the_words_say_what_each_preset_does(name):
    rules = PRESETS.get(name, USUAL_RULES)
    words = rules_in_words(rules)
    assert f"Counts below {rules.threshold}" in words
    assert ("rounded to the nearest 5. How many answered" in words) == (rules.round_to is not None)
    assert ("counts of nobody among them" in words) == (rules.zeros == "withheld")
    assert ("instead of" in words) is False


def with_settings(fake, **numbers):
    settings = SmallGroupRules(**numbers)
    return dataclasses.replace(fake.study(), settings=settings)


def test_workers_with_too_few_service_users_do_not_count(fake):
    """118 workers, of whom 48 have 8 service users and 70 have 7."""
    enough = gathered(with_settings(fake, service_users_per_worker=7))
    assert enough.tells(enough.study.primary)
    assert not enough.service_users.withheld
    few = gathered(with_settings(fake, service_users_per_worker=8, workers_per_cell=50))
    assert not few.tells(few.study.primary)
    assert "fewer than 50 workers with 8 service users or more" in few.service_users.withheld


def test_a_group_needs_as_many_workers_as_the_study_file_says(fake):
    assert not gathered(with_settings(fake, workers_per_cell=117)).service_users.withheld
    assert (
        "fewer than 119 workers"
        in gathered(with_settings(fake, workers_per_cell=119)).service_users.withheld
    )


@pytest.mark.usefixtures("undrawn")
def test_groups_of_the_figure_hold_as_many_workers(fake):
    tables = {
        table.id: table
        for section in build_report(with_settings(fake, workers_per_cell=40)).sections
        for table in section.tables
    }
    assert all(int(row[1]) >= 40 for row in tables["table-groups"].rows)


def test_teams_with_too_few_workers_are_not_counted(fake):
    study = with_settings(fake, workers_per_team=3)
    frame = pd.DataFrame(
        {"team": ["A"] * 6 + ["B"] * 2 + ["C"] * 4, "worker_id": list("aabbccddeefg")}
    )
    study = dataclasses.replace(study, linked=SimpleNamespace(**vars(study.linked), frame=frame))
    assert gathered(study).teams(3) == 2
    assert gathered(fake.study()).teams(3) == 3
    assert gathered(study).teams(None) == 0


@pytest.mark.parametrize("name", ["opensafely", ""])
@pytest.mark.usefixtures("undrawn")
def test_the_methods_say_by_which_numbers_small_groups_are_protected(fake, name):
    """Numbers that win over the preset among them."""
    settings = dataclasses.replace(PRESETS.get(name, USUAL_RULES), threshold=12, round_to=10)
    sections = build_report(dataclasses.replace(fake.study(), settings=settings)).sections
    methods = next(one for one in sections if one.id == "methods")
    words = " ".join(getattr(block, "text", "") for block in methods.blocks)
    assert rules_in_words(settings) in words
    assert ("the threshold (12 instead of 8) and rounding (10 instead of 5)" in words) == bool(name)
    flow = next(one for one in sections if one.id == "who-answered")
    assert "rounded to the nearest 10 throughout" in flow.blocks[0].text


@pytest.mark.usefixtures("undrawn")
def test_rounded_totals_are_the_same_wherever_they_stand(fake):
    """As the methods say: each count by itself, and shares of who people are of shown counts."""
    settings = PRESETS["opensafely"]
    study = dataclasses.replace(fake.study(n_workers=142), settings=settings)
    tables = {t.id: t for s in build_report(study).sections for t in s.tables}
    flow = {row[0]: row[1] for row in tables["table-flow"].rows}
    assert (flow["Answered"], flow["Linked"], flow["Not linked"]) == ("140", "120", "20")
    assert int(flow["Linked"]) + int(flow["Not linked"]) == int(flow["Answered"])
    assert "what the rounded numbers leave" in rules_in_words(settings)


def told_by(fake, structure=None, agreement=None):
    study = fake.study(linked_workers=113)
    study.workers.structure = structure
    return gathered(dataclasses.replace(study, agreement=agreement)).rules


def test_counts_of_factor_models_and_agreement_are_protected_with_all_others(fake):
    """Four who answered a scale are not in the models; five who are linked, not in a figure."""
    assert not told_by(fake).rounded
    rules = told_by(fake, structure=SimpleNamespace(n=136))
    assert rules.rounded == {"worker"}
    assert "how many workers are not in the factor models" in rules.withheld
    table = pd.DataFrame({"n_groups": [108.0, math.nan], "n": [800.0, 0.0]})
    rules = told_by(fake, agreement=fake.Tabled(table))
    assert rules.withheld == ("how many workers are not in the figures on agreement",)
    far = pd.DataFrame({"n_groups": [90.0], "n": [800.0]})
    assert not told_by(fake, agreement=fake.Tabled(far)).rounded
