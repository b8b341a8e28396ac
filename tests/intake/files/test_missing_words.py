import pytest

from relsurvey.intake.files.missing_words import missing_reason


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("IAP", "not_applicable"),
        ("inapplicable", "not_applicable"),
        ("Not applicable*", "not_applicable"),
        ("Doesn\u2019t apply", "not_applicable"),
        ("Does not apply to me", "not_applicable"),
        ("N/A", "not_applicable"),
        ("Trifft nicht zu", "not_applicable"),
        ("Don\u2019t know", "dont_know"),
        ("DON'T KNOW", "dont_know"),
        ("Dont know", "dont_know"),
        ("Do not know", "dont_know"),
        ("DK", "dont_know"),
        ("CANT CHOOSE", "dont_know"),
        ("Can't say", "dont_know"),
        ("Cannot choose", "dont_know"),
        ("Weiß nicht", "dont_know"),
        ("Ne sait pas", "dont_know"),
        ("Don't know / refused", "dont_know"),
        ("Refusal", "prefer_not"),
        ("REFUSED", "prefer_not"),
        ("Prefer not to say", "prefer_not"),
        ("Rather not answer", "prefer_not"),
        ("verweigert", "prefer_not"),
        ("Not asked", "not_shown"),
        ("Not asked: not applicable", "not_shown"),
        ("Seen but routed past", "not_shown"),
        ("No answer", "unanswered"),
        ("NA", "unanswered"),
        ("keine Angabe", "unanswered"),
        ("Missing", "unanswered"),
        ("", "unanswered"),
        ("Nap", "unanswered"),
        ("Desk", "unanswered"),
    ],
)
def test_what_a_label_says(label, reason):
    assert missing_reason(label) == reason
