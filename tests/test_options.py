"""Options that several functions take: what they may be, and what is said where they are not."""

import numpy as np
import pytest

from relsurvey.errors import ModelError, ScoringError
from relsurvey.options import (
    require_choice,
    require_confidence,
    require_name,
    require_names,
    require_number,
    require_whole,
)


@pytest.mark.parametrize("value", [3, np.int64(3)])
def test_a_whole_number_within_limits_is_returned_plain(value):
    assert type(require_whole("k", value, lowest=1, highest=5)) is int


@pytest.mark.parametrize("value", [0, 6, 2.0, True, None, "3", [3], np.nan, np.array([1, 2])])
def test_what_is_no_whole_number_within_limits_is_refused(value):
    with pytest.raises(ScoringError, match="k has to be a whole number from 1 to 5; it is"):
        require_whole("k", value, lowest=1, highest=5, error=ScoringError)


@pytest.mark.parametrize("value", [49, 100, np.nan, "95", None, True, [95]])
def test_what_is_no_number_within_limits_is_refused(value):
    with pytest.raises(ModelError, match="from 50 and below 100"):
        require_number("percentile", value, lowest=50, below=100)
    assert require_number("percentile", np.float32(95), lowest=50, below=100) == 95


@pytest.mark.parametrize("value", [None, 5, [], [5], b"a", ["a", None]])
def test_what_is_no_name_is_refused(value):
    with pytest.raises(ModelError, match="by has to be a name, or several"):
        require_names("by", value)
    with pytest.raises(ModelError, match="by has to be the name of a column"):
        require_name("by", value)
    assert require_names("by", iter(["a", "b", "a"])) == ("a", "b")


@pytest.mark.parametrize("value", [None, 5, ["one"], np.array(["one", "two"])])
def test_what_is_no_word_is_no_choice(value):
    with pytest.raises(ModelError, match="way cannot be"):
        require_choice("way", value, ("one", "two"), ModelError)


@pytest.mark.parametrize("value", [0, 1, 95, True, None, "0.95", np.nan, np.array([0.9, 0.95])])
def test_a_confidence_is_between_0_and_1(value):
    with pytest.raises(ModelError, match="confidence must be a number between 0 and 1"):
        require_confidence(value)
    require_confidence(np.float64(0.9))
