"""Moderated slopes: R's figures, what must not change them, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.errors import ModelError

REFERENCE = Path(__file__).parents[1] / "reference" / "moderation_reference.json"
KEYS = ("team", "team_adjusted", "worker", "service_user")
CAUSAL = ("effect", "impact", "because", "cause", "leads", "improve")


@pytest.fixture(scope="module")
def golden():
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def data(golden):
    frame = pd.DataFrame(golden["data"]).rename(columns={"worker": "worker_id"})
    return frame.astype({"worker_id": str, "team": str})


def asked(data, moderator, *, team="team", covariates=(), **options):
    return rs.associate(
        data, "y", "x", moderator=moderator, group="worker_id", team=team,
        covariates=covariates, **options,
    ).moderation  # fmt: skip


def simulated(interaction: float, seed: int = 3, n_teams: int = 14) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    team = random.integers(0, n_teams, 140)
    support, x = random.normal(4, 0.6, n_teams), random.normal(4, 0.8, 140)
    worker = np.repeat(np.arange(140), random.integers(2, 9, 140))
    moved = interaction * (x - 4)[worker] * (support[team] - 4)[worker]
    between = random.normal(0, 0.3, n_teams)[team][worker] + random.normal(0, 0.3, 140)[worker]
    return pd.DataFrame(
        {
            "worker_id": [f"w{k}" for k in worker],
            "team": [f"t{k}" for k in team[worker]],
            "x": x[worker],
            "support": support[team][worker],
            "y": 2 + 0.3 * x[worker] + moved + between + random.normal(0, 1, len(worker)),
        }
    )


@pytest.mark.parametrize("key", KEYS)
def test_interaction_and_simple_slopes_are_those_of_r(golden, data, key) -> None:
    wanted = golden[key]
    team = None if wanted["ddf"] == "Satterthwaite" else "team"
    found = asked(data, wanted["moderator"], team=team, covariates=wanted["covariate"] or ())
    assert found.moderator_mean == pytest.approx(wanted["mean"], rel=1e-12)
    assert found.moderator_sd == pytest.approx(wanted["sd"], rel=1e-12)
    estimate, error, df, _, p_value = wanted["interaction"]
    numbers = (found.interaction, found.std_error, found.df, found.p_value)
    assert numbers == pytest.approx((estimate, error, df, p_value), rel=1e-6)
    for row, slope in zip(found.slopes.to_dict("records"), wanted["slopes"], strict=True):
        estimate, error, df, _, low, high, p_value = slope
        own = [row[k] for k in ("slope", "std_error", "df", "conf_low", "conf_high", "p_value")]
        assert own == pytest.approx([estimate, error, df, low, high, p_value], rel=1e-6)


def test_levels_are_told_apart(data) -> None:
    levels = [asked(data, name).level for name in ("support", "years", "age")]
    assert levels == ["team", "worker", "service_user"]
    notes = " ".join(asked(data, "age").notes)
    assert "mixes differences within and between" in notes
    assert "not let vary at random between teams" in " ".join(asked(data, "support").notes)


def test_a_shift_of_moderator_or_predictor_leaves_interaction_and_slopes(data) -> None:
    here = asked(data, "support")
    there = asked(data.assign(support=data["support"] + 100, x=data["x"] - 7), "support")
    assert there.interaction == pytest.approx(here.interaction, rel=1e-7)
    assert there.slopes["slope"].tolist() == pytest.approx(here.slopes["slope"].tolist(), rel=1e-7)
    assert there.moderator_mean == pytest.approx(here.moderator_mean + 100)
    turned = asked(data.assign(support=-data["support"]), "support")
    assert turned.interaction == pytest.approx(-here.interaction, rel=1e-7)
    assert turned.slopes["slope"].tolist()[::-1] == pytest.approx(here.slopes["slope"].tolist())


def test_model_terms_are_predictor_moderator_product_and_covariates(data) -> None:
    found = asked(data, "support", covariates=["age"])
    assert found.model.predictors == (
        "x", "support", "x x support", "age (within)", "age (between)",
    )  # fmt: skip
    middle = found.slopes.iloc[1]
    assert middle["slope"] == pytest.approx(found.model.table["estimate"][1], rel=1e-9)
    by_hand = data.assign(
        x=data["x"] - found.predictor_mean, support=data["support"] - found.moderator_mean
    )
    by_hand["product"] = by_hand["x"] * by_hand["support"]
    ols = rs.fit_cluster_ols(by_hand, "y", ["x", "support", "product"], "team").table
    robust = asked(data, "support").robust.table
    assert robust["std_error"].tolist() == pytest.approx(ols["std_error"].tolist(), rel=1e-6)


def test_the_association_itself_is_that_of_the_model_without_it(data) -> None:
    options = {"group": "worker_id", "team": "team"}
    plain = rs.associate(data, "y", "x", **options)
    both = rs.associate(data, "y", "x", moderator="support", **options)
    assert plain.moderation is None
    assert (both.slope, both.p_value) == (plain.slope, plain.p_value)
    rows = both.to_frame()["quantity"].tolist()
    assert rows[: len(plain.to_frame())] == plain.to_frame()["quantity"].tolist()
    assert "interaction" in rows
    assert both.moderation.sentence.split(".")[0] in " ".join(both.summary().split())
    json.dumps(both.to_dict(), allow_nan=False)


def test_lines_are_the_simple_slopes_and_meet_at_the_mean_of_the_predictor(data) -> None:
    found = asked(data, "support")
    for (_, line), slope in zip(
        found.lines.groupby("at", sort=False), found.slopes["slope"], strict=True
    ):
        rise = line["expected"].iloc[-1] - line["expected"].iloc[0]
        run = line["predictor"].iloc[-1] - line["predictor"].iloc[0]
        assert rise / run == pytest.approx(slope, rel=1e-9)
        assert run == pytest.approx(2 * found.predictor_sd)


def test_sentences_for_clear_uncertain_and_too_few(data) -> None:
    clear = asked(simulated(0.8), "support")
    assert clear.sentence.startswith("The slope of y on x was higher where support was higher")
    assert clear.interaction_low < 0.8 < clear.interaction_high
    assert asked(simulated(-0.8), "support").sentence.startswith("The slope of y on x was lower")
    unclear = asked(data, "support")
    assert unclear.sentence.startswith("These data do not show whether")
    few = asked(simulated(0.8, n_teams=8), "support")
    assert few.sentence.startswith("With 8 teams there are too few to say whether")
    for one in (clear, unclear, few):
        assert not any(word in one.sentence for word in CAUSAL)


def test_rows_without_the_moderator_are_left_out_and_counted(data) -> None:
    holes = data.assign(support=data["support"].where(data["team"] != "3"))
    found = asked(holes, "support")
    gone = int((data["team"] == "3").sum())
    assert found.n_dropped == gone
    assert found.n_service_users == len(data) - gone
    assert found.n_teams == 11


def test_what_cannot_be_a_moderator_is_refused(data) -> None:
    with pytest.raises(ModelError, match="The moderator 'x' is the predictor"):
        asked(data, "x")
    with pytest.raises(ModelError, match="The moderator 'y' is the outcome"):
        asked(data, "y")
    with pytest.raises(ModelError, match="'age' is used more than once"):
        asked(data, "age", covariates=["age"])
    with pytest.raises(ModelError, match="is the same in all rows"):
        asked(data.assign(same=2.5), "same")
    with pytest.raises(ModelError, match="1 column is not in the table"):
        asked(data, "suport")
    with pytest.raises(ModelError, match="A model needs numbers"):
        asked(data.assign(word=np.where(data["age"] > 40, "old", "young")), "word")


def test_a_product_that_follows_from_the_others_is_refused(data) -> None:
    two = data.assign(x=(data["x"] > 3.8).astype(float))
    with pytest.raises(ModelError, match=r"collinear, or nearly: .x x m. follows from .x., .m."):
        asked(two.assign(m=np.where(two["x"] == 1, two["support"], 4.0)), "m")


def test_it_works_without_teams_and_without_a_companion(data) -> None:
    found = asked(data, "years", team=None)
    assert found.n_teams is None
    assert found.robust.group == "worker_id"
    assert "team" not in found.sentence
