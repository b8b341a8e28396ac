"""Each fault of an instrument file is named at its place, all of them at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.documents import Fault
from relsurvey.instruments import load_instrument
from relsurvey.instruments.checks import faults_in

# What is swapped in the small file, the key path of the fault, and words of what is allowed.
ONE_FAULT = [
    # ids
    ("id: months", "id: b1", "context[0].id", "each id once (capitals apart)"),
    ("id: months", "id: worker_id", "context[0].id", "every table of answers has"),
    ("id: months", "id: A_answered", "scales[0].id", "'A_answered' is free"),
    ("{id: C, title", "{id: A1, title", "scales[2].id", "it names an item already"),
    ("id: small", "id: a small one", "id", "no spaces"),
    # values of the wrong kind
    ("version: 1.0.0", "version: 1.0.0.0", "version", "semantic version"),
    (
        "sources:\n  - {citation: Nobody (2020), licence: free}",
        "sources: []",
        "sources",
        "at least 1",
    ),
    ("version: 1.0.0", "version: 1.0", "version", "text (put it in quotes)"),
    ("status: draft", "status: drafft", "status", "did you mean 'draft'?"),
    ("minimum: 1\n", 'minimum: "1"\n', "response_scale.minimum", "a number, without quotes"),
    ("maximum: 3\n", "maximum: true\n", "response_scale.maximum", "a number, without quotes"),
    ("maximum: 3\n", "maximum: .inf\n", "response_scale.maximum", "a number, without quotes"),
    ("reverse: true", 'reverse: "true"', "items[1].reverse", "true or false"),
    ("n: 10", "n: 10.5", "published[0].n", "a whole number"),
    ("licence: free", "licence: free, doi: 'doi:10.1/x'", "sources[0].doi", "a bare DOI"),
    ("[en-GB]", "[en-GB, English UK]", "languages[1]", "a language tag"),
    ('share: "1/2"', "share: 50", "scales[1].minimum_answered.share", "a share above 0"),
    ('share: "1/2"', 'share: "1/0"', "scales[1].minimum_answered.share", "a share above 0"),
    ("{count: 3}", "3", "scales[2].minimum_answered", "a mapping of: count, share, at_least"),
    ("{count: 3}", "{count: 0}", "scales[2].minimum_answered.count", "at least 1"),
    # languages and placeholders
    ("{en-GB: Never}", "{en-UK: Never}", "response_scale.codes[0].label.en-UK", "'en-GB'?"),
    ("{Worker}", "{Wroker}", "items[0].wording.en-GB", "did you mean 'worker'?"),
    ("{Worker}", "{Worker", "items[0].wording.en-GB", "placeholders such as {worker}"),
    # response scale
    ("value: 2,", "value: 1,", "response_scale.codes[1].value", "each code once"),
    ("en-GB: Always", 'en-GB: "\\ufeffnever\\u00a0"', "response_scale.codes[2].label.en-GB", "own"),
    ("not ever", "SOMETIMES", "response_scale.codes[1].label.en-GB", "codes[0] has it"),
    ("not ever", '"3.0"', "response_scale.codes[0].aliases[0]", "codes[2] has it"),
    ('code: "9"', 'code: "2"', "response_scale.not_applicable[0].code", "codes[1] has it"),
    ('code: "9"', "code: 9", "response_scale.not_applicable[0].code", "put it in quotes"),
    ("not_shown", "not_shwon", "response_scale.missing[0].reason", "did you mean 'not_shown'?"),
    ("answer: number", "answer: choice", "context[0].answer", "'choice' with codes"),
    # scales
    ("items: [B1, B2]", "items: [B1, B2, B7]", "scales[1].items[2]", "A1, A2, B1, B2"),
    ("scales: [A, B]", "scales: [A, B, D]", "scales[2].scales[2]", "the id of a scale: A, B, C"),
    ("scales: [A, B]", "scales: [A, B, B]", "scales[2].scales[2]", "each once"),
    ("composite_of: items, ", "", "scales[2].scales", "composite_of: items"),
    ("items: [A1, A2]", "composite_of: items, items: [A1, A2]", "scales[0].composite_of", "only"),
    ("items: [A1, A2]", "scales: [B], items: [A1, A2]", "scales[0]", "exactly one"),
    ("{count: 3}", "{count: 5}", "scales[2].minimum_answered.count", "at most 4, the number"),
    ("{count: 3}", "{}", "scales[2].minimum_answered", "exactly one, such as"),
    ("{count: 3}", '{count: 3, share: "1/2"}', "scales[2].minimum_answered", "exactly one"),
    ("{count: 3}", "{count: 3, at_least: 2}", "scales[2].minimum_answered.at_least", "beside"),
    ("method: sum, minimum: 2", "method: sum, minimum: 1", "scales[1].minimum", "2, which follows"),
    ("maximum: 6", "maximum: 3", "scales[1].maximum", "6, which follows"),
    ("gist: four", "gist: four, scored: false", "items[3].scored", "true"),
    (
        "title: Ay",
        "title: Ay, not_applicable_second: excluded",
        "scales[0].not_applicable_second",
        "other",
    ),
    # models
    ("FB: [B1, B2]", "FB: [B1, B3]", "models.two.factors.FB[1]", "A1, A2, B1, B2"),
    ("FB: [B1, B2]", "FB: [B1, A1]", "models.two.factors.FB[1]", "FA has it"),
    ("FB: [B1, B2]", "FB: []", "models.two.factors.FB", "at least an item"),
    ("FB: [B1, B2]", "B1: [B1, B2]", "models.two.factors.B1", "that of an item"),
    ("kind: correlated", "kind: one_factor", "models.two.factors", "one factor, or another kind"),
    ("kind: correlated", "kind: second_order", "models.two.kind", "both or neither"),
    (
        "FB: [B1, B2]}",
        "FB: [B1, B2]}, method_factors: {M: [A3]}",
        "models.two.method_factors.M[0]",
        "A1",
    ),
    # records
    ("scale: A, minimum", "scale: Z, minimum", "bands[0].scale", "the id of a scale"),
    ("maximum: 2, level", "maximum: 4, level", "bands[0].maximum", "from 1 to 3"),
    ("scale: A, value", "scale: Z, value", "published[0].scale", "the id of a scale"),
    ("scale: A, value", "model: tow, value", "published[0].model", "did you mean 'two'?"),
    ("value: 0.8, ", "", "published[0]", "one of: value; low and high; finding"),
    ("value: 0.8", "low: 0.8", "published[0]", "low and high"),
    ("value: 0.8", "low: 0.8, high: 0.7", "published[0].high", "at least 0.8"),
    ("item: A1, subscale", "item: A9, subscale", "adaptation.items[0].item", "the id of an item"),
    ("subscale: old", "subscale: odl", "adaptation.items[0].subscale", "did you mean 'old'?"),
    ("[shorter]", "[shortr]", "adaptation.items[0].changes[0]", "did you mean 'shorter'?"),
]


# The same, where more than one place is at fault.
FAULTS_THAT_FOLLOW = [
    ("id: A2, reverse", "id: A1, reverse", "items[1].id", "each id once"),
    ("reverse: true", "revers: true", "items[1].revers", "did you mean 'reverse'?"),
    ("minimum: 1\n", "minimum: 0\n", "response_scale.minimum", "lowest code, which is 1"),
    ("value: 3,", "value: 4,", "response_scale.codes[2].value", "a value from 1 to 3"),
    ("value: 3,", "value: 4,", "response_scale.maximum", "the highest code, which is 2"),
    ("reverse: true, ", "", "items[1].reverse", "is required"),
]


@pytest.mark.parametrize(("old", "new", "key", "allowed"), FAULTS_THAT_FOLLOW)
def test_fault_is_among_those_named(faults_of, old, new, key, allowed) -> None:
    faults = {fault["key"]: fault["allowed"] for fault in faults_of((old, new))}
    assert allowed in faults[key]
    assert len(faults) <= 5


@pytest.mark.parametrize(("old", "new", "key", "allowed"), ONE_FAULT)
def test_one_fault_is_named_once_at_its_place(faults_of, old, new, key, allowed) -> None:
    faults = faults_of((old, new))
    assert [fault["key"] for fault in faults] == [key]
    assert allowed in faults[0]["allowed"]


def test_small_file_without_a_swap_is_valid(small) -> None:
    assert small.items_of("C") == ("A1", "A2", "B1", "B2")


def test_codes_that_do_not_mirror_are_named_where_an_item_is_reversed(faults_of) -> None:
    faults = faults_of(("value: 2,", "value: 1.5,"))
    assert [fault["key"] for fault in faults] == ["response_scale.codes[1].value"]
    assert faults[0]["found"] == "1.5, which reversed is 2.5"


def test_item_on_no_scale_is_named_unless_it_says_so(faults_of, tmp_path, small_file) -> None:
    extra = "  - {id: X, reverse: false, gist: five}\ncontext:"
    faults = faults_of(("context:", extra))
    assert [(fault["key"], fault["line"]) for fault in faults] == [("items[4].id", 29)]
    text = small_file.read_text(encoding="utf-8").replace(
        "context:", extra.replace("five", "five, scored: false")
    )
    small_file.write_text(text, encoding="utf-8")
    instrument = load_instrument(small_file)
    assert "X" in instrument.items
    assert "X" not in instrument.item_ids


def test_composite_of_a_composite_and_of_shared_items(faults_of) -> None:
    scale = (
        "models:",
        "  - {id: D, title: Dee, scales: [A, C], composite_of: scores, method: mean, minimum: 1,\n"
        "     maximum: 3, minimum_answered: {count: 2}}\nmodels:",
    )
    assert [fault["key"] for fault in faults_of(scale)] == ["scales[3].scales[1]"]
    shared = (
        "items: [B1, B2], method: sum, minimum: 2, maximum: 6",
        "items: [B1, B2, A1], method: sum, minimum: 3, maximum: 9",
    )
    faults = faults_of(shared)
    assert [fault["key"] for fault in faults] == ["scales[2].scales[1]"]
    assert "A has it too" in faults[0]["allowed"]


def test_bifactor_needs_one_general_factor(faults_of) -> None:
    faults = faults_of(("kind: correlated, factors: {FA", "kind: bifactor, factors: {FC: [A1], FA"))
    assert [fault["key"] for fault in faults] == ["models.two.factors"]
    assert faults[0]["found"] == "no factor with every item"


def test_same_wording_on_two_items_is_named(faults_of) -> None:
    faults = faults_of(("gist: two", 'gist: two, wording: {en-GB: "{WORKER} IS  one."}'))
    assert "items[1].wording.en-GB" in {fault["key"] for fault in faults}
    faults = faults_of(("gist: two", 'gist: two, wording: {en-GB: "{Worker} is  ONE."}'))
    assert [(f["key"], f["found"]) for f in faults] == [
        ("items[1].wording.en-GB", "the same wording twice")
    ]


def test_all_faults_at_once_with_their_lines(faults_of) -> None:
    faults = faults_of(
        ("status: draft", "status: done"),
        ("value: 2,", "value: two,"),
        ("items: [B1, B2]", "items: [B1, B9]"),
        ("subscale: old", "subscale: older"),
    )
    found = {(fault["line"], fault["key"]) for fault in faults}
    assert found == {
        (3, "status"),
        (18, "response_scale.codes[1].value"),
        (28, "items[3].id"),
        (34, "scales[1].items[1]"),
        (50, "adaptation.items[0].subscale"),
    }
    assert [fault["line"] for fault in faults] == sorted(fault["line"] for fault in faults)
    assert {fault["file"] for fault in faults} == {"swapped.yaml"}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("items:\n  - {id: A1", "itmes:\n  - {id: A1", "itmes"),
        ("languages: [en-GB]", "languages: en-GB", "languages"),
        ("placeholders: {worker: my worker}", "placeholders: worker", "placeholders"),
    ],
)
def test_a_missing_list_does_not_make_a_fault_of_all_that_names_it(
    faults_of, old, new, key
) -> None:
    faults = faults_of((old, new))
    assert key in {fault["key"] for fault in faults}
    assert len(faults) <= 2


KEYS = [
    "id",
    "items",
    "scales",
    "codes",
    "label",
    "value",
    "minimum",
    "maximum",
    "method",
    "kind",
    "factors",
    "count",
    "wording",
    "en-GB",
    "minimum_answered",
    "changes",
    "models",
    "context",
    "composite_of",
    "subscale",
]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)
TOP = ["items", "scales", "context", "models", "response_scale", "languages", "published"]


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from([*TOP, "bands", "adaptation", "placeholders"]), PLAIN))
def test_the_check_takes_content_of_any_shape(content) -> None:
    assert all(isinstance(fault, Fault) for fault in faults_in(content))
