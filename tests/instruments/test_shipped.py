"""The shipped definitions hold what the facts about them say."""

from __future__ import annotations

import re

import pytest

from relsurvey.instruments import instrument_ids, load_instrument

RPQ = ("rpq-10", "rpq-16", "rpq-40", "rpq-e")
RPQ_DOIS = {
    "10.1080/14623943.2017.1379384",
    "10.1186/s12909-019-1481-6",
    "10.7717/peerj.16879",
}
EASY = "en-GB-x-easy"


@pytest.fixture(scope="module")
def peech():
    return load_instrument("peech-sc")


@pytest.mark.parametrize("name", RPQ)
def test_rpq_ships_no_wording_and_cites_its_sources(name) -> None:
    rpq = load_instrument(name)
    assert all(not item.wording for item in rpq.items)
    assert {source.doi for source in rpq.sources} == RPQ_DOIS
    assert rpq.reversed_items == ()
    assert rpq.respondent == "worker"
    assert rpq.status == "published"
    assert [code.label["en-GB"] for code in rpq.response_scale.codes] == [
        "Not at all", "Slightly", "Somewhat", "Moderately", "Very much", "Extremely",
    ]  # fmt: skip
    assert rpq.response_scale.values == (1, 2, 3, 4, 5, 6)
    assert not any(scale.pomp or scale.top_box for scale in rpq.scales)
    assert all(
        (scale.method, scale.minimum, scale.maximum) == ("mean", 1, 6) for scale in rpq.scales
    )


def test_rpq16_domains_composite_and_rules() -> None:
    rpq = load_instrument("rpq-16")
    assert rpq.scales.ids == ("RIA", "ROA", "RO", "SA", "RC")
    for domain in ("RIA", "ROA", "RO", "SA"):
        assert rpq.items_of(domain) == tuple(f"{domain}{k}" for k in (1, 2, 3, 4))
        assert rpq.scales[domain].minimum_answered.needed(4) == 3
    whole = rpq.scales["RC"]
    assert rpq.items_of("RC") == rpq.item_ids
    assert (whole.minimum_answered.count, whole.every_scale_scored) == (12, True)
    assert whole.composite_of == "items"
    assert {name: model.kind for name, model in rpq.models.items()} == {
        "one-factor": "one_factor",
        "four-factors": "correlated",
        "second-order": "second_order",
        "bifactor": "bifactor",
    }
    assert rpq.items["SA3"].gist == "Looks for ways to do the work better"


def test_rpq16_published_figures_name_sample_and_size() -> None:
    figures = load_instrument("rpq-16").published
    found = {(f.statistic, f.value, f.low, f.high, f.n) for f in figures}
    assert found == {
        ("alpha", 0.82, None, None, 467),
        ("alpha", 0.83, None, None, 320),
        ("test_retest_icc", 0.98, None, None, 320),
        ("alpha", None, 0.67, 0.92, 202),
        ("alpha", None, 0.72, 0.89, 403),
        ("structure", None, None, None, 403),
    }
    assert all(figure.source and figure.sample for figure in figures)


def test_rpq40_extends_rpq16() -> None:
    short, long = load_instrument("rpq-16"), load_instrument("rpq-40")
    assert long.item_ids[:16] == short.item_ids
    assert long.items[:16] == short.items[:]
    assert long.scales.ids == (*short.scales.ids, "DFI", "CG", "CC", "UNC", "SIC", "JS")
    assert long.items["CC2"].gist == "Confidence: communication, item 2"
    assert "more uncertainty" in long.scales["UNC"].note
    assert "more stress" in long.scales["SIC"].note
    fit = {figure.statistic: figure.value for figure in long.published if figure.model}
    assert fit == {"cfi": 0.859, "tli": 0.841, "rmsea": 0.07}


def test_2024_forms_say_what_to_check_and_whose_rule_it_is() -> None:
    brief, extended = load_instrument("rpq-10"), load_instrument("rpq-e")
    sizes = {scale.id: len(scale.items) for scale in extended.scales}
    assert sizes == {"RP": 10, "CONF": 8, "UNC": 8, "WS": 4}
    assert brief.scales["RP"].minimum_answered.needed(10) == 8
    needed = [extended.scales[name].minimum_answered.needed(n) for name, n in sizes.items()]
    assert needed == [8, 6, 6, 3]
    for form in (brief, extended):
        notes = " ".join(form.notes)
        assert "Before fielding" in notes
        assert "our own rule" in notes


def test_peech_is_a_draft_with_two_wordings_of_every_item(peech) -> None:
    assert peech.status == "draft"
    assert peech.languages == ("en-GB", EASY)
    for asked in (*peech.items, *peech.context):
        assert set(asked.wording) == {"en-GB", EASY}
        for locale in asked.wording:
            sentence = peech.wording_of(asked.id, locale)
            assert "{" not in sentence
            assert sentence[0].isupper()
            assert sentence[-1] in ".?"
    assert peech.wording_of("KNO1") == "I understood why a social worker was involved."
    assert peech.wording_of("SEC3") == "My social worker did what they said they would do."
    assert peech.wording_of("CON1", worker="my support worker") == "I trusted my support worker."


def test_peech_easy_read_has_short_sentences_and_short_words(peech) -> None:
    for item in peech.items:
        for sentence in item.wording[EASY].rstrip(".").split(". "):
            words = re.findall(r"[A-Za-z]+", sentence)
            assert len(words) <= 14, sentence
            assert max(map(len, words)) <= 9, sentence


def test_peech_scales_and_keys(peech) -> None:
    sizes = {scale.id: len(peech.items_of(scale.id)) for scale in peech.scales}
    assert sizes == {"SEC": 7, "KNO": 5, "VAL": 6, "CON": 5, "TOTAL": 23}
    assert peech.reversed_items == ("SEC7", "VAL6")
    needed = {name: peech.scales[name].minimum_answered.needed(n) for name, n in sizes.items()}
    assert needed == {"SEC": 5, "KNO": 4, "VAL": 4, "CON": 4, "TOTAL": 16}
    assert peech.scales["SEC"].minimum_answered.needed(3) == 3
    assert peech.scales["TOTAL"].every_scale_scored
    for scale in peech.scales:
        assert (scale.pomp, scale.top_box) == (True, True)
        assert (scale.not_applicable, scale.not_applicable_second) == ("excluded", "best")
        assert (scale.minimum, scale.maximum) == (0, 3)
    (special,) = peech.response_scale.not_applicable
    assert (special.code, special.label["en-GB"]) == ("9", "Does not apply")


def test_peech_models(peech) -> None:
    assert set(peech.models) == {
        "one-factor", "four-factors", "four-factors-method", "second-order", "bifactor",
        "english-2013",
    }  # fmt: skip
    assert peech.models["four-factors-method"].method_factors == {"REVERSED": ("SEC7", "VAL6")}
    themes = peech.models["english-2013"].factors
    assert themes["VALUED"] == ("SEC7", "VAL1", "VAL2", "VAL6", "CON4")
    assert sorted(sum(themes.values(), ())) == sorted(peech.item_ids)


def test_peech_adaptation_has_a_record_of_every_item(peech) -> None:
    record = peech.adaptation
    assert tuple(entry.item for entry in record.items) == peech.item_ids
    assert record.changes.ids == (
        "one-worker", "how-often", "three-months", "power", "asked-for", "plain-words",
    )  # fmt: skip
    by_item = {entry.item: entry for entry in record.items}
    assert {name for name, entry in by_item.items() if entry.subscale is None} == {
        "SEC7", "KNO5", "VAL3", "VAL4", "VAL6",
    }  # fmt: skip
    assert (by_item["VAL5"].subscale, by_item["VAL5"].operation) == ("value", "added")
    assert by_item["SEC7"].changes == ("power",)
    assert {figure.n for figure in peech.published} == {251, 253, 423, 3928}


@pytest.mark.parametrize("name", instrument_ids())
def test_every_model_covers_items_of_the_instrument_once(name) -> None:
    instrument = load_instrument(name)
    for model in instrument.models.values():
        assert set().union(*model.factors.values()) == set(instrument.item_ids)
