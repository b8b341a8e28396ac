"""R psych on further data: few people, many items, missing answers, a negative alpha.

Values and data: ``tests/reference/golden_alpha.R``.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs

GOLDEN = json.loads((Path(__file__).parents[1] / "reference" / "alpha_reference.json").read_text())
SETS = [name for name in GOLDEN if name != "versions"]
EXACT = 1e-8


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("name", SETS)
def test_further_data_sets_agree_with_psych(name, missing):
    golden = GOLDEN[name][missing]
    data = pd.DataFrame(GOLDEN[name]["data"]).astype(float)
    scales = {"all": list(data.columns)}
    (row,) = rs.reliability(data, scales=scales, missing=missing).to_frame().to_dict("records")
    assert row["alpha"] == pytest.approx(golden["alpha"], abs=EXACT)
    assert row["alpha_standardised"] == pytest.approx(golden["std_alpha"], abs=EXACT)
    assert row["lambda6"] == pytest.approx(golden["lambda6"], abs=EXACT)
    assert row["mean_inter_item_r"] == pytest.approx(golden["mean_r"], abs=EXACT)
    if missing == "listwise":
        assert row["n"] == golden["n"]
        assert [row["alpha_low"], row["alpha_high"]] == pytest.approx(golden["feldt95"], abs=EXACT)
        items = rs.item_analysis(data, scales=scales).to_frame()
        assert items["mean"].to_numpy() == pytest.approx(np.array(golden["item_mean"]), abs=EXACT)
        assert items["sd"].to_numpy() == pytest.approx(np.array(golden["item_sd"]), abs=EXACT)
        assert items["item_rest_r"].to_numpy() == pytest.approx(
            np.array(golden["item_rest_r"]), abs=EXACT
        )
        if len(data.columns) > 2:
            # With two items psych prints a figure for "alpha if dropped" that is no alpha.
            assert items["alpha_if_dropped"].to_numpy() == pytest.approx(
                np.array(golden["alpha_if_dropped"]), abs=EXACT
            )
