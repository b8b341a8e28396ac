"""The same schools with a third level above them, and what R says around a fitted model."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the helpers that stand beside the tests

REFERENCE = Path(__file__).parents[2] / "reference"


@pytest.fixture(scope="session")
def around() -> dict[str, Any]:
    return json.loads((REFERENCE / "models_reference.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def schools(hsb: pd.DataFrame) -> pd.DataFrame:
    """The schools in made-up districts and areas, with two categories."""
    by_number = hsb.assign(number=hsb["School"].astype(int))
    by_id = sorted(by_number["number"].unique())
    districts = {number: str(rank // 10) for rank, number in enumerate(by_id)}
    by_practice = by_number[["number", "PRACAD"]].drop_duplicates()
    by_practice = by_practice.sort_values(["PRACAD", "number"])["number"]
    areas = {number: str(rank // 10) for rank, number in enumerate(by_practice)}
    labels = ["small", "middle", "large", "huge"]
    mean = hsb.groupby("School")["SES"].transform("mean")
    return hsb.assign(
        district=by_number["number"].map(districts),
        area=by_number["number"].map(areas),
        kind=hsb["Sex"] + " " + hsb["Minority"],
        band=pd.cut(hsb["Size"], [0, 600, 1100, 1700, 9999], labels=labels).astype(str),
        cmean=mean,
        cses=hsb["SES"] - mean,
    )


@pytest.fixture(scope="session")
def few_schools(schools: pd.DataFrame) -> pd.DataFrame:
    """Every eighth school: 20 of 160."""
    ids = sorted(schools["School"].unique(), key=int)[::8]
    return schools[schools["School"].isin(ids)]
