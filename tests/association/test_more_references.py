"""R lme4 and lmerTest on small data sets, boundary and near-boundary fits included.

Values and data: ``tests/reference/golden_mixed.R``.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs

GOLDEN = json.loads((Path(__file__).parents[1] / "reference" / "mixed_reference.json").read_text())
SETS = [name for name in GOLDEN if name != "versions"]
# lme4 stops its search of the variance ratio at about 1e-8 of the optimum, and lmerTest takes
# its derivatives numerically; the tolerances are theirs.
ESTIMATE = 1e-6
VARIANCE = 1e-5
DF = 1e-3
DEVIANCE = 1e-6


@pytest.mark.parametrize("reml", [True, False], ids=["REML", "ML"])
@pytest.mark.parametrize("name", SETS)
def test_small_data_sets_agree_with_lme4(name, reml):
    golden = GOLDEN[name]
    data = pd.DataFrame(golden["data"])
    predictors = [column for column in data if column not in {"group", "y"}]
    fit = rs.fit_mixed(data, "y", predictors, "group", reml=reml)
    suffix = "" if reml else "_ml"
    table = fit.to_frame()
    assert table["estimate"].to_numpy() == pytest.approx(
        np.atleast_1d(golden["estimate" + suffix]), rel=ESTIMATE, abs=1e-9
    )
    assert table["std_error"].to_numpy() == pytest.approx(
        np.atleast_1d(golden["se" + suffix]), rel=ESTIMATE
    )
    assert table["df"].to_numpy() == pytest.approx(np.atleast_1d(golden["df" + suffix]), rel=DF)
    between, within = golden["variance" + suffix]
    assert fit.variance["group"] == pytest.approx(between, rel=VARIANCE, abs=1e-12)
    assert fit.variance["residual"] == pytest.approx(within, rel=VARIANCE)
    assert fit.deviance == pytest.approx(golden["deviance" + suffix], abs=DEVIANCE)
    assert fit.boundary is (between == 0)
    assert fit.converged
