"""Further columns that are kept beside the answers because they were asked for."""

from pathlib import Path

import pandas as pd
import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses

ROOT = Path(__file__).parents[2]
BFI = ROOT / "tests" / "reference" / "bfi.csv"
DEFINITION = ROOT / "examples" / "bfi.yaml"


def test_columns_that_were_asked_for_are_kept_as_text():
    responses = read_responses(BFI, DEFINITION, keep=["gender", "education"])
    raw = pd.read_csv(BFI, dtype=str)
    assert list(responses.context) == ["gender", "education"]
    assert responses.context["gender"].tolist() == raw["gender"].tolist()
    assert responses.context["education"].isna().sum() == raw["education"].isna().sum()
    # They are no ids: what is written of people does not have them.
    assert "gender" not in responses.to_frame()
    assert "gender is column 27" in responses.log.summary()


def test_without_being_asked_nothing_is_kept():
    assert read_responses(BFI, DEFINITION).context.empty


def test_a_column_that_is_not_there_is_said():
    with pytest.raises(IntakeError, match="does not have one column each for: gendre"):
        read_responses(BFI, DEFINITION, keep=["gendre"])
