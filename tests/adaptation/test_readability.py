from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest

from relsurvey.adaptation import readability
from relsurvey.adaptation.readability import coleman_liau
from relsurvey.errors import InstrumentError
from relsurvey.instruments import load_instrument
from relsurvey.results import json_ready


def rows_of(result):
    return result.to_frame().set_index("item").to_dict(orient="index")


def test_two_sentences_by_hand(made):
    rows = rows_of(readability(made("a"), locale="en-GB"))
    # "My worker got back to me quickly.": 7 words, 26 letters, 27 characters, 1 sentence.
    row = rows["S2"]
    ari = 4.71 * 27 / 7 + 0.5 * 7 / 1 - 21.43
    cli = 0.0588 * (100 * 26 / 7) - 0.296 * (100 * 1 / 7) - 15.8
    assert (row["words"], row["sentences"]) == (7, 1)
    assert row["letters_per_word"] == pytest.approx(26 / 7)
    assert row["ari"] == pytest.approx(ari) == pytest.approx(0.2371, abs=5e-4)
    assert row["cli"] == pytest.approx(cli) == pytest.approx(1.8114, abs=5e-4)
    assert row["reading_age"] == pytest.approx((ari + cli) / 2 + 5)
    assert row["long_words"] == "quickly"
    # "Think of my worker and the last three months.": 9 words, 36 letters, 37 characters.
    row = rows["instructions"]
    assert row["ari"] == pytest.approx(4.71 * 37 / 9 + 0.5 * 9 - 21.43)
    assert row["cli"] == pytest.approx(0.0588 * 400 - 0.296 * 100 / 9 - 15.8)


def test_coleman_liau_gives_what_its_paper_gives():
    """The paper's own abstract: 639 letters, 119 words, 5 sentences, grade 14.5."""
    assert coleman_liau(639, 119, 5) == pytest.approx(14.5, abs=0.05)


def test_two_sentences_count_as_two(made):
    b = made("a", ("{Worker} stayed calm.", "I knew my rights. I knew how to complain."))
    assert rows_of(readability(b))["S1"]["sentences"] == 2


def test_long_words_raise_the_age_above_eleven(made):
    hard = "Administrative correspondence demonstrated professional accountability."
    result = readability(made("a", ("{Worker} got back to me quickly.", hard)))
    row = rows_of(result)["S2"]
    assert row["flagged"]
    assert row["reading_age"] == 18.0
    assert row["long_words"].split(", ")[0] in {"administrative", "correspondence",
                                                "accountability"}  # fmt: skip
    lines = result.summary().splitlines()
    first = next(line for line in lines if line.startswith(" "))
    assert first.split() == ["text", "age", "words", "ARI", "CLI", "long", "words"]
    assert lines[lines.index(first) + 1].split()[:3] == ["!", "S2", "18.0"]
    assert "en-GB: 1 of 3 items above eleven" in result.summary()


def test_short_and_easy_texts_stay_within_sensible_ages(made):
    rows = rows_of(readability(made("a", ("got back to me quickly", "is as we are"))))
    assert rows["S2"]["reading_age"] == 5.0
    assert not rows["S2"]["flagged"]


def test_labels_of_one_or_two_words_have_no_reading_age(made):
    rows = rows_of(readability(made("a")))
    assert rows["1"]["kind"] == rows["9"]["kind"] == "label"
    assert rows["1"]["note"] == "one or two words: no formula"
    assert json_ready(rows["1"]["reading_age"]) is None
    assert rows["2"]["reading_age"] == 5.0
    assert rows["9"]["words"] == 3


def test_an_item_without_wording_is_told(made):
    result = readability(made("a"))
    assert rows_of(result)["S4"]["note"] == "no wording in this language"
    assert "(no wording in this language)" in result.summary()


def test_placeholders_are_filled_and_never_left(made):
    few = rows_of(readability(made("a")))["S1"]["words"]
    many = made("b", ("worker: my worker", "worker: the person who helps me"))
    assert (few, rows_of(readability(many))["S1"]["words"]) == (4, 7)


def test_context_questions_are_read_too():
    rows = rows_of(readability("peech-sc", locale="en-GB"))
    assert rows["months_known"]["kind"] == "context"
    assert set(load_instrument("peech-sc").context.ids) <= set(rows)


def test_easy_read_is_easier_than_the_other_wording():
    table = readability("peech-sc").to_frame()
    items = table[table["kind"] == "item"]
    assert items.groupby("locale")["words"].count().to_dict() == {
        "en-GB": 23, "en-GB-x-easy": 23
    }  # fmt: skip
    middle = items.groupby("locale")["reading_age"].median()
    assert middle["en-GB-x-easy"] < middle["en-GB"]


def test_wording_is_not_in_the_result():
    result = readability("peech-sc")
    assert "treated me with respect" not in json.dumps(json_ready(result)) + result.summary()


def test_a_formula_is_said_to_be_rough():
    text = " ".join(readability("peech-sc", locale="en-GB").summary().split())
    assert "no substitute for trying the questionnaire out with the people" in text
    assert "plus five years" in text


def test_gists_are_no_wording_and_a_pack_supplies_it(tmp_path):
    with pytest.raises(InstrumentError, match="holds no wording, and its gists are none") as caught:
        readability("rpq-16")
    assert "--wording" in caught.value.hint
    pack = tmp_path / "pack.csv"
    pack.write_text("item,locale,wording\nRIA1,en-GB,We see what we do here.\n")
    rows = rows_of(readability("rpq-16", wording=pack))
    assert rows["RIA1"]["words"] == 6
    assert rows["RIA2"]["note"] == "no wording in this language"


def test_languages(made):
    assert readability(made("a")).left_out == ("sv",)
    assert "Left out: sv; the formulas were made for English." in readability(made("a")).summary()
    with pytest.raises(InstrumentError, match="made for English; small is worded in sv"):
        readability(made("a"), locale="sv")
    with pytest.raises(InstrumentError, match="No item of small is worded in 'de'") as caught:
        readability(made("a"), locale="de")
    assert caught.value.hint == "It is worded in: en-GB, sv."


def test_nothing_is_asked_of_the_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was asked")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert len(readability("peech-sc").to_frame()) > 46


def test_loading_the_room_does_not_load_textstat():
    code = "import sys, relsurvey.adaptation; assert 'textstat' not in sys.modules"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
