import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.intake.decoding.answer_key import REASONS, AnswerKey
from relsurvey.intake.decoding.decode import decode
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.table import TableBuilder


def column(cells):
    builder = TableBuilder(1)
    builder.add([[cell] for cell in cells], range(len(cells)))
    return builder.finish()[0][0]


def decoded(cells, instrument):
    return decode(column(cells), AnswerKey(instrument), ExportColumn("Q"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        (" 4 ", 4),
        ("4.0", 4),
        ("04", 4),
        ("3.000", 3),
        ("\u00a02\u00a0", 2),
        ("Never", 1),
        ("NEVER ", 1),
        ("now\u00a0and  then", 2),
        ("\ufeffUsually", 3),
        ("Ab und zu", 2),
        ("sometimes", 2),
        ("yes, Always", 4),
    ],
)
def test_codes_and_labels(small, text, value):
    answer = decoded([text], small)
    assert answer.codes.tolist() == [value]
    assert REASONS[answer.reasons[0]] is None
    assert not answer.unknown.any()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "unanswered"),
        (" \u00a0\ufeff\t", "unanswered"),
        ("-99", "unanswered"),
        ("9", "not_applicable"),
        ("9.0", "not_applicable"),
        ("Doesn\u2019t apply", "not_applicable"),
        ("trifft nicht zu", "not_applicable"),
        ("NA", "not_shown"),
        ("na", "not_shown"),
        ("Don\u2019t know", "dont_know"),
        ("77", "prefer_not"),
    ],
)
def test_reasons(small, text, reason):
    answer = decoded([text], small)
    assert np.isnan(answer.codes[0])
    assert REASONS[answer.reasons[0]] == reason
    assert not answer.unknown.any()


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "0",
        "2.5",
        "4,0",
        "4 - Never",
        "5 - Yes, always",
        "4 -",
        "4 - 4",
        "N/A",
        "null",
        "None",
        "nan",
        "inf",
        "1e0",
        "+1",
        "\u00b2",
        "\u0664",
        "1_0",
        "Nevr",
        "-",
        ".",
        "9" * 400,
        "#N/A",
    ],
)
def test_everything_else_is_unknown(small, text):
    assert decoded([text], small).unknown.tolist() == [True]


def test_undeclared_tokens_are_unknown(small):
    plain = small.response_scale.model_copy(update={"missing": ()})
    instrument = small.model_copy(update={"response_scale": plain})
    assert decoded(["NA", "-99", "88"], instrument).unknown.all()


def test_a_text_with_two_meanings_is_unknown(small):
    scale = small.response_scale
    third = scale.codes[2].model_copy(update={"aliases": ("SOMETIMES",)})
    changed = scale.model_copy(update={"codes": (*scale.codes[:2], third, scale.codes[3])})
    instrument = small.model_copy(update={"response_scale": changed})
    assert decoded(["Sometimes", "2", "3"], instrument).unknown.tolist() == [True, False, False]


def test_labels_and_codes_are_counted(small):
    answer = decoded(["Never", "never", "1", "", "NA", "9", "Doesn't apply", "x"], small)
    assert (answer.from_labels, answer.from_codes) == (2, 1)


def test_the_likely_slip_is_named(small):
    key = AnswerKey(small)
    assert "did you mean 'Usually'?" in key.allowed_for("Usualy")
    assert "1 (Never), 2 (Now and then)" in key.allowed


@pytest.mark.parametrize(
    "text",
    [
        "4 - Yes, always",
        "4. Yes, always",
        "4 = yes, always",
        "4=Yes, always",
        "4) Immer",
        "(4) Yes, always",
        "[4] Immer",
        "Yes, always (4)",
        "Immer - 4",
        "4 \u2013 Immer",
        "4.0 Immer",
        "<p>Yes, always</p>",
        "Yes,&nbsp;always",
        "<b>4</b> - Immer",
    ],
)
def test_a_number_beside_its_label_and_html(small, text):
    answer = decoded([text], small)
    assert answer.codes.tolist() == [4]
    assert not answer.unknown.any()


@pytest.mark.parametrize(
    ("text", "reason"), [("9 - Doesn't apply", "not_applicable"), ("<br>", "unanswered")]
)
def test_no_answer_beside_its_number_or_in_html(small, text, reason):
    assert REASONS[decoded([text], small).reasons[0]] == reason


def test_numbers_beside_labels_at_the_ends_are_not_mixed_exports(small):
    assert not decoded(["1 - Never", "2", "3", "4 - Yes, always"], small).mixed
    assert decoded(["Never", "2", "4 - Yes, always"], small).mixed == 1


@given(st.text(st.sampled_from("0123456789-.,:=()[]<>&; Nevr"), max_size=14))
@settings(deadline=None, max_examples=300)
def test_no_cell_means_more_than_its_two_sides(small, text):
    answer = AnswerKey(small).meaning(text)
    if answer is not None and not answer.reason:
        label = {1: "never", 2: "", 3: "", 4: ""}[answer.value]
        assert f"{answer.value:g}" in text or label in text.casefold()
