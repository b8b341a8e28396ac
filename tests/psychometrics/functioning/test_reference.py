"""Differential item functioning against R (ordinal clm, MASS polr) and statsmodels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from relsurvey.psychometrics.functioning import differential_functioning

GOLDEN = json.loads((Path(__file__).parents[2] / "reference" / "dif_reference.json").read_text())
KINDS = ["uniform", "non_uniform", "total"]
CHISQ = 1e-7  # relative
R2 = 1e-10


def agrees(result, scale, golden):
    table = result.to_frame().query("scale == @scale").set_index("item")
    effects = result.effects.query("scale == @scale").set_index(["item", "group"])
    assert list(table.index) == list(golden["items"])
    for item, expected in golden["items"].items():
        row = table.loc[item]
        assert row["n"] == golden["n"]
        assert row["r2_matching"] == pytest.approx(expected["r2_matching"], abs=R2)
        for kind in KINDS:
            assert row[f"chisq_{kind}"] == pytest.approx(expected["chisq"][kind], rel=CHISQ)
            assert row[f"chisq_{kind}"] == pytest.approx(expected["chisq_polr"][kind], rel=1e-6)
            assert row[f"p_{kind}"] == pytest.approx(expected["p"][kind], rel=1e-6, abs=1e-14)
            assert row[f"r2_change_{kind}"] == pytest.approx(expected["r2_change"][kind], abs=R2)
        for group, odds in expected["log_odds"].items():
            assert effects.loc[(item, group), "log_odds"] == pytest.approx(odds, abs=1e-4)
            error = expected["std_error"][group]
            assert effects.loc[(item, group), "std_error"] == pytest.approx(error, rel=1e-5)


@pytest.mark.parametrize("scale", list(GOLDEN["bfi"]["gender"]))
@pytest.mark.parametrize("by", ["gender", "education"])
def test_bfi_is_that_of_r(bfi, bfi_answers, by, scale):
    result = differential_functioning(bfi_answers, bfi, by=by, scales=scale)
    golden = GOLDEN["bfi"][by][scale]
    agrees(result, scale, golden)
    assert dict(zip(result.groups["group"], result.groups["n"], strict=True)) == golden["groups"]
    adjusted = result.to_frame().set_index("item")["p_adjusted_total"]
    assert adjusted.to_dict() == pytest.approx(golden["bh"], rel=1e-6, abs=1e-14)


def test_holm_is_that_of_r(bfi, bfi_answers):
    result = differential_functioning(bfi_answers, bfi, by="gender", scales="agree", adjust="holm")
    adjusted = result.to_frame().set_index("item")["p_adjusted_total"].to_dict()
    assert adjusted == pytest.approx(GOLDEN["bfi"]["gender"]["agree"]["holm"], abs=1e-12)
    plain = differential_functioning(bfi_answers, bfi, by="gender", scales="agree", adjust="none")
    table = plain.to_frame()
    assert table["p_adjusted_total"].tolist() == table["p_total"].tolist()


def test_an_answer_that_one_group_never_gave_needs_no_collapsing():
    answers = pd.DataFrame(GOLDEN["simulated"]["data"])
    given = pd.crosstab(answers["g"], answers["i1"])
    assert given.loc["b", 0] == 0
    assert given.loc["a", 0] > 0
    scales = {"s": ["i1", "i2", "i3", "i4"]}
    agrees(
        differential_functioning(answers, by="g", scales=scales), "s", GOLDEN["simulated"]["result"]
    )


def test_statsmodels_gives_the_same(bfi, bfi_answers):
    few = bfi_answers.iloc[:400]
    row = differential_functioning(few, bfi, by="gender", scales="neuroticism").to_frame().iloc[4]
    used = few[["N1", "N2", "N3", "N4", "N5", "gender"]].dropna()
    score = used[["N1", "N2", "N3", "N4"]].sum(axis=1)
    score = (score - score.mean()) / score.std()
    woman = (used["gender"] == 2).astype(float)
    designs = (
        np.column_stack([score]),
        np.column_stack([score, woman]),
        np.column_stack([score, woman, score * woman]),
    )
    found = [
        OrderedModel(used["N5"].to_numpy(), design, distr="logit")
        .fit(method="bfgs", disp=False, gtol=1e-8)
        .llf
        for design in designs
    ]
    assert row["chisq_uniform"] == pytest.approx(2 * (found[1] - found[0]), rel=1e-6)
    assert row["chisq_non_uniform"] == pytest.approx(2 * (found[2] - found[1]), rel=1e-6)
