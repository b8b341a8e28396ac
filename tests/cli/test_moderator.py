"""``relsurvey associate --moderator``."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference" / "moderation_reference.json"


@pytest.fixture
def table(tmp_path):
    data = json.loads(REFERENCE.read_text(encoding="utf-8"))["data"]
    path = tmp_path / "linked.csv"
    pd.DataFrame(data).rename(columns={"worker": "worker_id"}).to_csv(path, index=False)
    return path


def test_the_model_with_the_moderator_is_said_written_and_drawn(call, table, tmp_path) -> None:
    out, figure = tmp_path / "model.csv", tmp_path / "lines.svg"
    result = call(
        "associate", table, "--outcome", "y", "--predictor", "x", "--moderator", "support",
        "--team", "team", "--quick", "--out", out, "--figure", figure,
    )  # fmt: skip
    assert result.code == 0, result.err
    assert "y by x, at different support" in result.out
    assert pd.read_csv(out)["term"].tolist() == ["(Intercept)", "x", "support", "x x support"]
    assert figure.read_text(encoding="utf-8").count("<svg") == 1


def test_a_moderator_is_for_one_pair_and_a_third_column(call, table) -> None:
    several = call(
        "associate", table, "--outcome", "y", "--outcome", "age", "--predictor", "x",
        "--moderator", "support",
    )  # fmt: skip
    assert several.code == 2
    assert "--moderator" in several.err
    same = call(
        "associate", table, "--outcome", "y", "--predictor", "x", "--moderator", "x", "--quick"
    )
    assert same.code == 3
    assert "The moderator 'x' is the predictor" in same.err
