from pathlib import Path

import pytest

from relsurvey.forms.variables import Value, number_text, scoring_in_words, variables_of
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"


@pytest.fixture(scope="module")
def odd():
    return load_instrument(ODD)


def test_every_column_is_there_once_and_in_order(odd):
    names = [one.name for one in variables_of(odd)]
    assert names == [
        "respondent_id",
        *("A1", "A2", "B1", "B2", "X-9"),
        *("stage", "months", "remark"),
        *("A", "B", "C"),
    ]


def test_an_item_says_all_it_has(odd):
    item = next(one for one in variables_of(odd) if one.name == "A2")
    assert item.reverse
    assert item.scales == ("A", "C")
    assert item.scoring == "1 - answer"
    assert (item.minimum, item.maximum) == (-1, 2)
    assert [value.code for value in item.values] == ["-1", "0.5", "2"]
    assert [(value.code, value.meaning) for value in item.missing] == [
        ("NA", "does not apply"),
        ("-77", "prefers not to say"),
        ("-99", "not shown"),
    ]


def test_an_item_that_is_not_scored_says_no_score(odd):
    item = next(one for one in variables_of(odd) if one.name == "X-9")
    assert (item.reverse, item.scales, item.scoring) == (True, (), "")


def test_large_codes_are_written_in_full(odd):
    stage = next(one for one in variables_of(odd) if one.name == "stage")
    assert [value.code for value in stage.values] == ["1", "1234567"]
    assert number_text(-0.25) == "-0.25"


def test_the_scoring_names_rule_reverse_and_does_not_apply(odd):
    assert scoring_in_words(odd, odd.scales["B"]) == (
        "Mean of B1, B2, times 2 (a prorated sum); reverse-keyed: B2 (1 - answer); "
        '"does not apply" is counted as no answer; '
        "at least 1/2 of the items that apply answered."
    )
    assert "at least 3 of 4 items answered, and every scale scored" in scoring_in_words(
        odd, odd.scales["C"]
    )


def test_a_composite_of_scores_names_the_scores():
    instrument = load_instrument("rpq-16")
    scale = instrument.scales["RC"].model_copy(update={"composite_of": "scores"})
    assert scoring_in_words(instrument, scale).startswith("Mean of the scores RIA, ROA, RO, SA;")


def test_an_adapted_item_says_where_it_comes_from():
    peech = load_instrument("peech-sc")
    item = next(one for one in variables_of(peech) if one.name == "SEC1")
    entry = next(one for one in peech.adaptation.items if one.item == "SEC1")
    assert item.source.startswith("peech-sc 0.1.0; reworded (PEECH")
    assert item.source.endswith(f": {entry.reason}")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Value("9", {"en": "Does not apply"}, "does not apply"), "9 = Does not apply"),
        (Value("9", {"en": "Not me"}, "does not apply"), "9 = Not me (does not apply)"),
        (Value("-99", {}, "not shown"), "-99 = not shown"),
        (Value("1", {}), "1"),
        (Value("1", {"de": "Nie"}), "1 = Nie"),
    ],
)
def test_a_code_in_words(value, words):
    assert value.in_words("en") == words
