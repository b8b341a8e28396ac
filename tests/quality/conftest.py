import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.instruments import load_instrument
from relsurvey.quality import check_quality

REFERENCE = Path(__file__).parents[1] / "reference"
BFI = Path(__file__).parents[2] / "examples" / "bfi.yaml"


@pytest.fixture(scope="session")
def bfi():
    return pd.read_csv(REFERENCE / "bfi.csv")


@pytest.fixture(scope="session")
def reference():
    """What R gives, NaN where it gives NA."""
    with (REFERENCE / "quality_reference.json").open() as stream:
        return json.load(stream)


@pytest.fixture(scope="session")
def checked(bfi):
    return check_quality(bfi, BFI)


@pytest.fixture(scope="session")
def items():
    return list(load_instrument("peech-sc").item_ids)


@pytest.fixture
def answers(items):
    """Sixty service users who answer at random."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(rng.integers(0, 4, (60, len(items))).astype(float), columns=items)
