from __future__ import annotations

import pytest

from relsurvey.instruments import (
    describe,
    fold_label,
    instrument_ids,
    load_instrument,
    minimum_answered_in_words,
)


@pytest.mark.parametrize("name", instrument_ids())
def test_every_item_scale_model_and_source_is_shown_within_the_width(name) -> None:
    instrument = load_instrument(name)
    text = describe(instrument)
    flat = " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 88
    for item in instrument.items:
        assert f"{item.id} {item.gist}" in flat
    for scale in instrument.scales:
        assert f"{scale.id} {scale.title}" in flat
    for model in instrument.models:
        assert f"- {model}:" in flat
    for source in instrument.sources:
        assert source.citation in flat
    for note in instrument.notes:
        assert note in flat


def test_draft_is_said_loudly_and_reverse_keying_marked() -> None:
    draft = describe(load_instrument("peech-sc"))
    assert "DRAFT: NOT YET VALIDATED" in draft
    assert "  - SEC7  Afraid of what the worker might do next (reverse-keyed)" in draft
    assert "  + SEC1  " in draft
    assert draft.count("(reverse-keyed)") == 2
    assert "DRAFT" not in describe(load_instrument("rpq-16"))


def test_wording_is_not_shown_but_its_languages_are() -> None:
    text = describe(load_instrument("peech-sc"))
    assert "treated me with respect." not in text
    assert "Wording: en-GB, en-GB-x-easy." in text
    assert "join a wording pack" in describe(load_instrument("rpq-16"))


def test_published_figures_and_adaptation_are_shown() -> None:
    text = " ".join(describe(load_instrument("peech-sc")).split())
    assert "alpha, the original PEECH: 0.86 (intensive-care patients, n 253)." in text
    assert "Added, 9 items: SEC3 (reliability), SEC7 (power)" in text
    assert "method factor REVERSED: SEC7, VAL6" in text
    long = " ".join(describe(load_instrument("rpq-40")).split())
    assert "0.67 to 0.92 (medical students, Korea, n 202)" in long


def test_small_file_shows_bands_missing_codes_and_unscored(small) -> None:
    text = describe(small)
    assert "  - A from 1 to 2: red, low. none" in text
    assert "  -99   (no answer)" in text or "  -99 (no answer)" in text
    assert "  - months: months known" in text


def test_a_sum_is_said_to_be_prorated(small) -> None:
    text = " ".join(describe(small).split())
    assert "Mean of the items answered, times 2 (a prorated sum), from 2 to 6" in text
    assert "Kept, 1 item: A1." in text


def test_minimum_answered_of_a_composite_of_scores(small) -> None:
    scale = small.scales["C"].model_copy(update={"composite_of": "scores"})
    assert minimum_answered_in_words(scale, 4) == "at least 3 of 2 scales scored"


def test_share_without_floor_in_words(small) -> None:
    words = minimum_answered_in_words(small.scales["B"], 2)
    assert words == "at least 1/2 of the items that apply answered"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Strongly Agree", "strongly  agree "),
        ("\ufeffDoes\u00a0not apply", "does not apply"),
        ("Don’t know", "don't know"),
        ("Don´t know", "DON`T\u200d KNOW"),
        ("about 2–3 times", "About 2-3 times"),
        ("ﬁne", "FINE"),
        ("Straße", "STRASSE"),
    ],
)
def test_labels_that_are_the_same(one, other) -> None:
    assert fold_label(one) == fold_label(other)


def test_labels_that_are_not_the_same() -> None:
    assert fold_label("Agree") != fold_label("Disagree")
    assert fold_label("Neither agree or disagree") != fold_label("Neither agree nor disagree")
