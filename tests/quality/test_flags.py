"""Who is flagged, and above all who is not."""

import numpy as np
import pandas as pd
import pytest

from relsurvey.errors import ModelError
from relsurvey.quality import RULES, check_quality

REVERSED = ["SEC7", "VAL6"]


def flagged(result, rule):
    return set(result.flags.loc[result.flags["rule"] == rule, "row"] - 2)


def test_always_to_everything_is_flagged_only_where_it_contradicts_itself(answers):
    answers.iloc[0] = 3.0  # also to "I was afraid of what the worker might do next"
    answers.iloc[1] = 3.0
    answers.loc[1, REVERSED] = 0.0  # the best answer to everything
    answers.iloc[2] = 1.0  # sometimes, also to the reversed: 1 and, turned round, 2
    result = check_quality(answers, "peech-sc")
    assert flagged(result, "longstring") == flagged(result, "no_variation") == {0}
    assert result.respondents["longstring"].head(3).tolist() == [23, 10, 23]
    assert "Fewer than 10 respondents gave one raw answer throughout" in " ".join(result.notes)


def test_the_naive_rule_has_to_be_asked_for(answers):
    answers.iloc[0] = 3.0
    answers.iloc[2] = 1.0
    result = check_quality(answers, "peech-sc", contradicting=False)
    assert flagged(result, "longstring") == flagged(result, "no_variation") == {0, 2}


def test_a_run_of_half_the_items_that_meets_a_reversed_one_is_flagged(answers):
    answers.iloc[0] = np.resize([1.0, 2.0], 23)
    answers.iloc[0, :12] = 3.0  # with SEC7
    answers.iloc[1] = np.resize([1.0, 2.0], 23)
    answers.iloc[1, 7:17] = 3.0  # between SEC7 and VAL6
    result = check_quality(answers, "peech-sc", thresholds={"longstring": 0.4})
    assert flagged(result, "longstring") == {0}
    (why,) = result.flags["why"]
    assert why == "the same answer to 12 of 23 items in a row, across items that say the opposite"


def test_without_reversed_items_a_straight_line_is_not_judged():
    table = pd.DataFrame(np.full((3, 16), 4.0), columns=_reflection())
    result = check_quality(table, "rpq-16")
    rule = result.rules.set_index("rule").loc["longstring"]
    assert not rule["judged"]
    assert "can be meant" in rule["note"]
    assert len(result.flags) == 0
    assert len(check_quality(table, "rpq-16", contradicting=False).flags) == 6


def _reflection():
    return [f"{scale}{i}" for scale in ("RIA", "ROA", "RO", "SA") for i in range(1, 5)]


def test_two_scales_turned_round_against_each_other_are_no_contradiction(bfi):
    """To like people and not to plan ahead is a character."""
    names = list(bfi.columns[1:26])
    table = pd.DataFrame(np.resize([2.0, 4.0, 3.0], (1, 25)), columns=names)
    table.loc[0, ["A2", "A3", "A4", "A5", "C1", "C2", "C3"]] = 6.0
    from .conftest import BFI

    found = check_quality(table, BFI, thresholds={"longstring": 0.2}, contradicting=True)
    assert found.respondents["longstring"].tolist() == [7]
    assert flagged(found, "longstring") == set()


def test_people_who_are_content_are_not_flagged_for_being_alike(answers):
    best = np.full(23, 3.0)
    answers.iloc[:20] = best
    answers.loc[answers.index[:20], REVERSED] = 0.0
    answers.iloc[20:30] = answers.iloc[0].to_numpy()
    answers.iloc[20:30, 3] = 2.0  # all best but one
    answers["worker_id"] = "w"
    result = check_quality(answers, "peech-sc")
    assert result.respondents["duplicate_of"].head(30).tolist() == [19] * 20 + [9] * 10
    alike = result.flags[result.flags["rule"].isin(["duplicate_answers", "same_worker_answers"])]
    assert len(alike) == 0


def test_copies_of_a_varied_pattern_are_flagged_and_those_with_one_worker_named(answers):
    answers["worker_id"] = ["w1", "w1", "w2", *[f"x{i}" for i in range(57)]]
    answers.iloc[1, :23] = answers.iloc[0, :23]
    answers.iloc[2, :23] = answers.iloc[0, :23]
    result = check_quality(answers, "peech-sc")
    assert flagged(result, "duplicate_answers") == {0, 1, 2}
    assert flagged(result, "same_worker_answers") == {0, 1}
    assert "w1" not in " ".join(result.flags["why"])
    assert "w1" not in result.summary()


def test_time_attention_and_gaps(answers):
    answers["duration"] = [40.0, 50.0, *[300.0] * 58]
    answers["ATT1"] = ["3", "3", "1", None, *["3"] * 56]
    answers.iloc[4, :12] = np.nan
    answers.iloc[5, :11] = np.nan
    answers.iloc[6, :12] = 9
    result = check_quality(answers, "peech-sc", attention={"ATT1": "3"})
    assert flagged(result, "too_fast") == {0}
    assert flagged(result, "attention") == {2}
    assert flagged(result, "mostly_missing") == {4}
    assert flagged(check_quality(answers, "peech-sc", thresholds={"too_fast": 3}), "too_fast") == {
        0,
        1,
    }


def test_even_odd_flags_nobody_over_few_scales(checked):
    rule = checked.rules.set_index("rule").loc["inconsistent"]
    assert not rule["judged"]
    assert "fewer than 10" in rule["note"]
    assert checked.respondents["even_odd"].notna().mean() > 0.9


def test_even_odd_finds_answers_at_random_over_many_scales():
    rng = np.random.default_rng(3)
    traits = rng.normal(size=(200, 15)).repeat(4, axis=1)
    table = pd.DataFrame(np.round(traits * 1.2 + 0.5 * rng.normal(size=traits.shape)))
    table.iloc[:40] = rng.integers(-3, 4, (40, 60))
    table.columns = [f"q{i}" for i in range(60)]
    scales = {f"s{i}": list(table.columns[4 * i : 4 * i + 4]) for i in range(15)}
    found = flagged(check_quality(table, scales=scales), "inconsistent")
    assert len(found & set(range(40))) >= 25
    assert len(found - set(range(40))) <= 3


def test_the_distance_finds_answers_at_random_and_flags_few_others():
    rng = np.random.default_rng(4)
    trait = rng.normal(size=(600, 1))
    table = pd.DataFrame(trait + 0.6 * rng.normal(size=(600, 12)))
    table.iloc[:20] = 1.3 * rng.normal(size=(20, 12))
    table.columns = [f"q{i}" for i in range(12)]
    found = flagged(check_quality(table, scales={"s": list(table.columns)}), "outlier")
    assert len(found & set(range(20))) >= 12
    assert len(found - set(range(20))) <= 3


def test_flags_say_what_was_compared(answers):
    answers.iloc[0] = 3.0
    flags = check_quality(answers, "peech-sc").flags
    assert list(flags) == ["respondent_id", "row", "rule", "value", "threshold", "why"]
    by_rule = flags.set_index("rule")
    assert by_rule.loc["longstring", ["value", "threshold"]].tolist() == [1.0, 0.5]
    assert by_rule.loc["no_variation", "value"] == 0


def test_every_rule_has_a_threshold_a_source_and_a_row(checked):
    assert checked.to_frame()["rule"].tolist() == [rule.name for rule in RULES]
    assert all(rule.source and rule.lowest <= rule.threshold <= rule.highest for rule in RULES)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"thresholds": {"outlier": 2}}, "Thresholds that cannot be: outlier"),
        ({"thresholds": {"outlier": True}}, "a number of 0 to 1"),
        ({"thresholds": {"too_fast": float("nan")}}, "a number of 0 or more"),
        ({"thresholds": {"outlie": 0.1}}, "Did you mean 'outlier'"),
        ({"exclude": ["attenton"]}, "Did you mean 'attention'"),
        ({"contradicting": "no"}, "contradicting must be True or False"),
        ({"thresholds": 5}, "thresholds has to be a mapping"),
        ({"thresholds": "x"}, "thresholds has to be a mapping"),
        ({"thresholds": {5: 1}}, "no rule 5"),
        ({"exclude": None}, "exclude has to be names of rules; it is None"),
        ({"exclude": 5}, "exclude has to be names of rules; it is 5"),
        ({"exclude": "text"}, "no rule 'text'"),
        ({"attention": 5}, "attention has to be a mapping"),
        ({"attention": {"ATT1": None, 5: "x"}}, "name of a column, and a text or a number"),
        ({"exclude": 5, "thresholds": 5, "attention": 5}, "3 options cannot be used"),
        ({"attention": {"ATT2": "3"}}, "Did you mean 'ATT1'"),
        ({"attention": {"ATT1": "7"}}, "Nobody answered '7' to the attention item 'ATT1'"),
    ],
)
def test_what_cannot_be_asked_for(answers, options, message):
    answers["ATT1"] = "3"
    with pytest.raises(ModelError, match=message):
        check_quality(answers, "peech-sc", **options)


def test_rules_are_told_as_they_were_applied(answers):
    told = check_quality(answers, "peech-sc").rules.set_index("rule")["looks_at"]
    plain = check_quality(answers, "peech-sc", contradicting=False).rules.set_index("rule")
    for rule in ("longstring", "no_variation"):
        assert "the answer contradicts itself" in told[rule]
        assert "contradicts" not in plain["looks_at"][rule]


def test_on_a_short_form_equal_answers_of_strangers_are_no_flag():
    alike, suspected = 0, 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        table = pd.DataFrame(rng.binomial(4, 0.5, (200, 7)), columns=[f"q{i}" for i in range(7)])
        result = check_quality(table, scales={"s": list(table.columns)})
        alike += int((result.respondents["duplicate_of"] > 0).sum())
        suspected += len(flagged(result, "duplicate_answers"))
    assert alike > 10
    assert suspected <= 2


def test_the_id_that_was_named_is_the_person():
    """Many people of one worker, also where the instrument is one that workers answer."""
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.integers(1, 7, (40, 16)), columns=_reflection())
    table["worker_id"] = [f"w{i % 4}" for i in range(40)]
    assert flagged(check_quality(table, "rpq-16"), "duplicate_id") == set(range(40))
    table["respondent_id"] = [f"r{i}" for i in range(40)]
    result = check_quality(table, "rpq-16")
    assert flagged(result, "duplicate_id") == set()
    assert result.rules.set_index("rule").loc["same_worker_answers", "judged"]
