"""What may differ between a wording and a heading, and what makes it another statement."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.instruments import load_instrument
from relsurvey.intake.export import plain_columns
from relsurvey.intake.fold import fold_heading
from relsurvey.intake.matching.columns import match_columns
from relsurvey.intake.matching.slips import same_but_for_slips

PEECH = load_instrument("peech-sc")
WORDINGS = {name: PEECH.wording_of(name, "en-GB") for name in PEECH.item_ids}
FILLING = {"my", "a", "social", "worker"}
AROUND = "in the time that has passed i {} when we last talked about what comes next"

OTHERS = [
    ("felt safe with her", "felt unsafe with her"),
    ("felt safe with her", "felt safer with her"),
    ("felt confident", "felt unconfident"),
    ("felt understood", "felt misunderstood"),
    ("was treated with respect", "was treated with disrespect"),
    ("trusted them", "distrusted them"),
    ("was satisfied", "was dissatisfied"),
    ("thought them competent", "thought them incompetent"),
    ("could agree", "could disagree"),
    ("thought it reasonable", "thought it unreasonable"),
    ("thought it useful", "thought it useless"),
    ("felt hopeful", "felt hopeless"),
    ("saw that they cared a lot", "saw that they cared little"),
    ("met them in the last 6 months", "met them in the last 12 months"),
    ("met them in the last six months", "met them in the last two months"),
    ("met them in the past week", "met them in the past year"),
    ("met them in the past week", "met them in the past weeks"),
    ("felt respected by them", "felt rejected by them"),
    ("felt included by them", "felt excluded by them"),
    ("felt cared for", "felt scared for"),
    ("felt lonely", "felt lovely"),
    ("felt stronger", "felt stranger"),
    ("was an employer", "was an employee"),
    ("saw the majority", "saw the minority"),
    ("was told", "told"),
    ("was being judged", "was being judging"),
    ("knew my rights", "knew their rights"),
    ("did not understand", "did understand"),
    ("didn't understand", "did understand"),
    ("could always call", "could call"),
    ("ever called", "never called"),
    ("was judged nonviolent", "was judged violent"),
    ("talked before it", "talked after it"),
    ("trusted me", "trusted her"),
    ("felt 我在这里感到安全因为", "felt 我在这里感到不安全因为"),
]
THE_SAME = [
    ("felt connected", "felt conected"),
    ("knew the decisions", "knew the desicions"),
    ("told my family", "told my familly"),
    ("told a friend", "told a freind"),
    ("received it", "recieved it"),
    ("asked separately", "asked seperately"),
    ("saw its background", "saw its backgroud"),
    ("knew what was decided", "knew what was decded"),
    ("saw the worker", "saw the workers"),
    ("had worries", "had a worry"),
    ("asked the worker's friend", "asked the workers friend"),
    ("called", "have called"),
    ("didn't understand", "did not understand"),
    ("can't call", "cannot call"),
    ("dont call", "do not call"),
    ("praised their behaviour", "praised their behavior"),
    ("recognised it", "recognized it"),
    ("went to counselling", "went to counseling"),
    ("asked the centre", "asked the center"),
    ("knew the programme", "knew the program"),
    ("saw my well-being", "saw my wellbeing"),
    ("thought of well being", "thought of wellbeing"),
    ("told my worker", "told the worker"),
    ("knew what they said", "knew what she said"),
    ("hörte davon", "horte davon"),
    ("asked, and heard", "asked and heard"),
]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_statement(one, other):
    one, other = AROUND.format(one), AROUND.format(other)
    assert not same_but_for_slips(one, other)
    assert not same_but_for_slips(other, one)


@pytest.mark.parametrize(("one", "other"), THE_SAME)
def test_the_same_statement(one, other):
    one, other = AROUND.format(one), AROUND.format(other)
    assert same_but_for_slips(one, other)
    assert same_but_for_slips(other, one)


def matched(heading):
    matching = match_columns(plain_columns(["id", heading]), PEECH, {})
    return {match.name for match in matching.items}


@pytest.mark.parametrize(
    ("item", "right", "wrong"),
    [
        ("SEC4", "safe", "unsafe"),
        ("SEC4", "safe", "safer"),
        ("SEC1", "confident", "unconfident"),
        ("VAL1", "respect", "disrespect"),
        ("CON1", "trusted", "distrusted"),
        ("CON2", "understood", "misunderstood"),
        ("CON5", "disagreed", "agreed"),
        ("CON4", "cared about", "cared little about"),
        ("KNO1", "understood", "misunderstood"),
        ("KNO5", "my rights", "their rights"),
    ],
)
def test_an_opposite_is_no_items_column(item, right, wrong):
    assert right in WORDINGS[item]
    assert matched(WORDINGS[item].replace(right, wrong)) == set()


@given(
    st.sampled_from(list(WORDINGS)),
    st.sampled_from(["un", "in", "im", "ir", "il", "dis", "mis", "non", "non-", "not "]),
    st.data(),
)
@settings(deadline=None, max_examples=150)
def test_no_word_may_be_negated(name, prefix, data):
    words = WORDINGS[name].split()
    # What fills a placeholder may be anybody, "my antisocial worker" too.
    free = [place for place, word in enumerate(words) if word.strip(".").lower() not in FILLING]
    place = data.draw(st.sampled_from(free))
    words[place] = prefix + words[place]
    assert matched(" ".join(words)) == set()


@given(st.sampled_from(list(WORDINGS.values())), st.data())
@settings(deadline=None, max_examples=150)
def test_two_neighbours_swapped_are_a_slip(wording, data):
    text = fold_heading(wording).rstrip(".")
    long = [word for word in text.split() if len(word) > 5 and word.isalpha()]
    if not long:
        return
    word = data.draw(st.sampled_from(long))
    place = data.draw(st.integers(1, len(word) - 3))
    slip = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert same_but_for_slips(text, text.replace(word, slip))


@given(st.text("abc dis.'-üñ1", max_size=40), st.text("abc dis.'-üñ1", max_size=40))
@settings(deadline=None, max_examples=300)
def test_it_does_not_matter_which_stands_first(one, other):
    assert same_but_for_slips(one, one)
    assert same_but_for_slips(one, other) == same_but_for_slips(other, one)
