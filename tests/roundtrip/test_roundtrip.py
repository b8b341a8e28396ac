"""Out and in again: what people answered on the exported form is what is read from the export."""

import csv
from random import Random

import pytest
from comparison import assert_comes_back, assert_scores
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_instruments import instruments
from made_people import people_of, truth_of
from modes import MODES

from relsurvey.forms.form import forms_of
from relsurvey.forms.limesurvey_names import surveys
from relsurvey.instruments import load_instrument, with_wording

_MADE_UP = 'Statement {number}: it said, "I {number} & you" <often> - at {number}/16'


@pytest.mark.parametrize("platform", ["qualtrics", "redcap", "limesurvey", "kobo"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), instrument=instruments(), seed=st.integers(0, 9999))
def test_any_instrument_comes_back(platform, data, instrument, seed):
    of_platform = [name for name, mode in MODES.items() if mode.platform == platform]
    mode = MODES[data.draw(st.sampled_from(of_platform), label="mode")]
    languages = data.draw(st.sampled_from([instrument.languages, instrument.languages[::-1]]))
    _comes_back(instrument, languages, mode, seed)


@pytest.mark.parametrize("name", MODES)
@pytest.mark.parametrize("locale", ["en-GB", "en-GB-x-easy"])
def test_peech_comes_back(name, locale):
    _comes_back(load_instrument("peech-sc"), [locale], MODES[name], 1)


@pytest.mark.parametrize("name", [name for name, mode in MODES.items() if mode.platform == "kobo"])
def test_peech_comes_back_in_two_languages(name):
    instrument = load_instrument("peech-sc")
    _comes_back(instrument, instrument.languages, MODES[name], 2)


@pytest.mark.parametrize("name", MODES)
def test_rpq_comes_back_with_a_wording_pack(name, tmp_path):
    _comes_back(_worded_rpq(tmp_path), ["en-GB"], MODES[name], 3)


@pytest.mark.parametrize("name", ["qualtrics texts -99", "redcap raw", "kobo labels, groups"])
def test_shipped_instruments_score_alike(name, tmp_path):
    for instrument in (load_instrument("peech-sc"), _worded_rpq(tmp_path)):
        responses, truth = _comes_back(instrument, ["en-GB"], MODES[name], 4)
        assert_scores(responses, truth)


def _worded_rpq(folder):
    """Return RPQ-16 with a wording that was made up for tests."""
    pack = folder / "pack.csv"
    with pack.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(["item", "locale", "wording"])
        for number, item in enumerate(load_instrument("rpq-16").items, start=1):
            lines.writerow([item.id, "en-GB", _MADE_UP.format(number=number)])
    return with_wording(load_instrument("rpq-16"), pack)


def _comes_back(instrument, languages, mode, seed):
    # A platform that holds one language gets the first; so does LimeSurvey, which takes two
    # kinds of one language for two surveys.
    forms = forms_of(instrument, languages)[: mode.languages]
    if mode.platform == "limesurvey":
        forms = surveys(forms)[0]
    people = people_of(forms, Random(seed))
    responses = assert_comes_back(instrument, forms, people, mode)
    truth = truth_of(instrument, people, mode.lost)
    if responses is not None and len(instrument.items) < 10:
        assert_scores(responses, truth)
    return responses, truth
