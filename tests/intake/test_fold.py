import pytest

from relsurvey.intake.fold import fold_heading, shown, trimmed


@pytest.mark.parametrize(
    "text",
    [
        "STRONGLY AGREE",
        "  strongly\tagree \n",
        "Strongly\u00a0agree",
        "\ufeffStrongly agree",
        "Strongly\u200b\u200d agree\u200e",
        "Strongly\u3000agree",
        "stron\u00adgly agree",
    ],
)
def test_case_spacing_and_invisible_characters_do_not_count(text):
    assert fold_heading(text) == "strongly agree"


def test_curly_quotes_are_straight():
    assert fold_heading("Don\u2019t \u201cknow\u201d") == fold_heading('don\'t "know"')


def test_different_words_stay_different():
    assert len({fold_heading(text) for text in ("agree", "disagree", "agree.", "a gree")}) == 4


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("<p>I felt <strong>safe</strong>.</p>", "i felt safe."),
        ("I felt<br/>safe.", "i felt safe."),
        ("A &gt; B &amp; C&nbsp;D", "a > b & c d"),
        ("a < b and c > d", "a < b and c > d"),
    ],
)
def test_headings_lose_their_html(heading, plain):
    assert fold_heading(heading) == plain


def test_trimmed_takes_nothing_from_within():
    assert trimmed("\ufeff \u00a0007 8\u200b\n") == "007 8"


def test_shown_is_one_short_line():
    assert shown("a\nb") == r"'a\nb'"
    assert len(shown("x" * 500)) == 62
