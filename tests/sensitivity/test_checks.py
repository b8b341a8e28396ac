"""Each check by itself: what it says, what it withholds, what it refuses."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from relsurvey.association import associate
from relsurvey.errors import ModelError
from relsurvey.linkage import link
from relsurvey.sensitivity import (
    check_sensitivity,
    linked_against_unlinked,
    respondents_against_rest,
)
from relsurvey.sensitivity.check import Version, left_out
from relsurvey.sensitivity.checks.ceiling import check_ceiling
from relsurvey.sensitivity.checks.cluster_size import check_cluster_size
from relsurvey.sensitivity.checks.moderators import MODERATORS, check_moderator
from relsurvey.sensitivity.checks.shape import check_shape
from relsurvey.sensitivity.checks.unmeasured import check_unmeasured, e_value, risk_ratio
from relsurvey.sensitivity.question import ask
from relsurvey.sensitivity.slope import Slope


def asked(data, outcome, predictor, *, group, further=()):
    return ask(data, outcome, predictor, covariates=(), group=group, team=None, further=further)


@pytest.fixture(scope="module")
def study(make_study):
    return make_study(n_workers=36)


@pytest.fixture(scope="module")
def whole(study):
    return check_sensitivity(
        study, "y", "x", covariates=["age"], group="worker_id", team="team", proxy="proxy",
        present="present", careless=np.arange(len(study["y"])) % 9 == 0, highest=9.0,
        not_applicable={"as best": "y2"}, length="length", stage="stage", continuity="tenure",
    )  # fmt: skip


def test_the_primary_slope_is_that_of_associate(study, whole):
    own = associate(study, "y", "x", covariates=["age"], group="worker_id", team="team")
    assert whole.primary.estimate == own.slope
    assert (whole.primary.conf_low, whole.primary.conf_high) == (own.slope_low, own.slope_high)
    assert whole.primary.estimate * whole.primary.per_sd == pytest.approx(own.slope_standardised)


def test_every_check_says_something_or_what_it_needs(whole):
    assert len({check.name for check in whole.checks}) == len(whole.checks) == 21
    for check in whole.checks:
        assert check.question.endswith("?")
        assert bool(check.needs) != bool(check.versions)
        assert check.needs or check.sentence.endswith(".")
    missing = [check.name for check in whole.checks if check.needs]
    assert missing == ["chosen by worker", "required or asked for", "missing answers",
                       "not missing at random", "linked workers", "linked service users",
                       "respondents"]  # fmt: skip
    for name in missing:
        assert f"- {name}: needs " in whole.summary()


def test_a_version_without_some_answers_is_the_analysis_of_the_others(study, whole):
    keep = study["proxy"] == 0
    rest = {name: values[keep] for name, values in study.items()}
    own = associate(rest, "y", "x", covariates=["age"], group="worker_id", team="team")
    frame = whole.to_frame().set_index("version")
    assert frame.loc["without proxy answers", "estimate"] == pytest.approx(own.slope, rel=1e-9)
    assert frame.loc["as best", "estimate"] == pytest.approx(
        associate(study, "y2", "x", covariates="age", group="worker_id", team="team").slope
    )


def test_no_worker_or_team_is_named(whole):
    for text in (whole.summary(), whole.to_frame().to_csv(), json.dumps(whole.to_dict())):
        assert "W0" not in text
        assert "T1" not in text


def test_no_sentence_claims_a_cause(whole):
    text = whole.summary().casefold()
    for word in ("effect", "leads to", "improve", "impact", "because"):
        assert word not in text


def test_row_order_and_labels_do_not_matter(study, whole):
    order = np.random.default_rng(5).permutation(len(study["y"]))
    careless = np.arange(len(study["y"])) % 9 == 0
    turned = {name: values[order] for name, values in study.items()}
    turned["worker_id"] = np.array([f"x{name}" for name in turned["worker_id"]], dtype=object)
    other = check_sensitivity(
        turned, "y", "x", covariates=["age"], group="worker_id", team="team", proxy="proxy",
        present="present", careless=careless[order], highest=9.0, length="length", stage="stage",
        not_applicable={"as best": "y2"}, continuity="tenure",
    ).to_frame()  # fmt: skip
    frame = whole.to_frame()
    keys = ["check", "version", "quantity"]
    both = frame.merge(other, on=keys, how="outer", suffixes=("", "_other"))
    assert len(both) == len(frame)
    for name in ("estimate", "conf_low", "n_workers"):
        np.testing.assert_allclose(both[name], both[f"{name}_other"], rtol=1e-6, atol=1e-9)


def test_shift_and_scale_change_slopes_alike(study):
    options = {"group": "worker_id", "length": "length", "highest": 100.0}
    moved = {**study, "y": 10.0 * study["y"] + 7.0, "x": 2.0 * study["x"] - 3.0}
    with pytest.raises(ModelError, match="highest is 5, but 'y' goes up to"):
        check_sensitivity(study, "y", "x", group="worker_id", highest=5.0)
    one = check_sensitivity(study, "y", "x", **options).to_frame()
    other = check_sensitivity(moved, "y", "x", **options).to_frame()
    slopes = one["quantity"].isin(["slope", "simple slope"]) & one["estimate"].notna()
    np.testing.assert_allclose(other["estimate"][slopes], 5.0 * one["estimate"][slopes], rtol=1e-6)
    same = one["quantity"] == "E-value"
    np.testing.assert_allclose(other["estimate"][same], one["estimate"][same], rtol=1e-8)


def test_leaving_one_out_is_refitting_without_it(study):
    result = check_sensitivity(study, "y", "x", group="worker_id")
    slopes = []
    for worker in np.unique(study["worker_id"]):
        keep = study["worker_id"] != worker
        rest = {name: study[name][keep] for name in ("worker_id", "x", "y")}
        slopes.append(associate(rest, "y", "x", group="worker_id").slope)
    frame = result.to_frame().set_index("version")
    assert frame.loc["slope at its lowest", "estimate"] == pytest.approx(min(slopes), rel=1e-8)
    assert frame.loc["slope at its highest", "estimate"] == pytest.approx(max(slopes), rel=1e-8)
    assert math.isnan(frame.loc["slope at its lowest", "n_workers"])


def test_informative_cluster_size_is_found():
    generator = np.random.default_rng(8)
    counts = generator.integers(1, 12, 150)
    worker = np.repeat(np.arange(150), counts)
    x = generator.normal(size=150)
    y = 0.3 * x[worker] - 0.2 * counts[worker] + generator.normal(size=len(worker))
    question = asked({"w": worker, "x": x[worker], "y": y}, "y", "x", group="w")
    size = check_cluster_size(question, question.slope())
    assert size.versions[0].found.conf_high < 0
    assert abs(size.versions[0].found.estimate + 0.2) < 0.05
    assert "Workers with more service users have lower answers" in size.sentence


def test_a_bend_is_found_and_a_line_is_not():
    generator = np.random.default_rng(9)
    worker = np.repeat(np.arange(120), 5)
    x = generator.normal(size=120)[worker]
    noise = generator.normal(size=120)[worker] * 0.3 + generator.normal(size=600)
    for bend, said in ((0.5, "The line bends"), (0.0, "A bend is not shown")):
        data = {"w": worker, "x": x, "y": 0.3 * x + bend * x**2 + noise}
        shape = check_shape(asked(data, "y", "x", group="w"))
        assert said in shape.sentence
        middle = next(one for one in shape.versions if one.name == "middle above mean of both")
        assert (middle.found.verdict == "lower") is (bend > 0)


def test_a_slope_that_differs_within_workers_is_found(make_study):
    study = make_study(seed=4, n_workers=150, teams=False, largest=12)
    moved = {**study, "y": study["y"] + 0.3 * (study["length"] - 2.0) * (study["x"] - 4.0)}
    question = asked(moved, "y", "x", group="worker_id", further=["length"])
    check = check_moderator(question, MODERATORS[0], "length")
    tested = check.versions[0]
    assert tested.name == "difference in slope, same worker"
    assert abs(tested.found.estimate - 0.3) < 3 * tested.found.std_error
    assert check.sentence.startswith("The slope differs")
    low, high = check.versions[-2:]
    spread = moved["length"].std(ddof=1)
    assert high.found.estimate - low.found.estimate == pytest.approx(
        2 * spread * tested.found.estimate
    )


def test_censoring_is_undone():
    generator = np.random.default_rng(3)
    worker = np.repeat(np.arange(200), 6)
    x = generator.normal(size=200)[worker]
    y = np.minimum(1.0 * x + generator.normal(size=1200), 0.5)
    question = asked({"w": worker, "x": x, "y": y}, "y", "x", group="w")
    primary = question.slope()
    share, censored, _ = (one.found for one in check_ceiling(question, primary, 0.5).versions)
    assert share.estimate == pytest.approx(np.mean(y >= 0.5))
    assert primary.estimate < 0.8
    assert censored.conf_low < 1.0 < censored.conf_high


def test_e_values_by_hand():
    # VanderWeele & Ding (2017): a risk ratio of 3.9 has an E-value of 7.26, 1.8 of 3.0.
    assert e_value(3.9) == pytest.approx(3.9 + math.sqrt(3.9 * 2.9))
    assert round(e_value(3.9), 2) == 7.26
    assert round(e_value(1.8), 1) == 3.0
    primary = Slope(0.5, 0.1, 50.0, 1e-5, 0.3, 0.7, 60, 300, per_sd=0.8)
    estimate, limit = (one.found.estimate for one in check_unmeasured(primary).versions)
    ratio, low = math.exp(0.91 * 0.4), math.exp(0.91 * 0.24)
    assert estimate == pytest.approx(ratio + math.sqrt(ratio * (ratio - 1)))
    assert limit == pytest.approx(low + math.sqrt(low * (low - 1)))
    assert risk_ratio(0.0) == 1.0
    crossing = Slope(-0.1, 0.1, 50.0, 0.3, -0.3, 0.1, 60, 300, per_sd=0.8)
    estimate, limit = (one.found.estimate for one in check_unmeasured(crossing).versions)
    assert limit == 1.0
    assert estimate == pytest.approx(e_value(math.exp(0.91 * 0.08)))


def test_changed_says_what_changed():
    primary = Slope(0.5, conf_low=0.2, conf_high=0.8)
    words = {
        "no": Slope(0.3, conf_low=0.1, conf_high=0.5),
        "verdict": Slope(0.3, conf_low=-0.1, conf_high=0.7),
        "direction": Slope(-0.1, conf_low=-0.3, conf_high=0.1),
        "not estimated": Slope(note="too few"),
        "no interval": Slope(0.2),
    }
    for said, found in words.items():
        assert Version("v", found).changed(primary) == said
    assert Version("v", Slope(2.0), "E-value").changed(primary) == ""


def test_fewer_people_and_a_wider_interval_do_not_contradict():
    primary = Slope(0.5, conf_low=0.2, conf_high=0.8, n_workers=100, n_service_users=800)
    wide = {"conf_low": -0.1, "conf_high": 0.7, "n_service_users": 500}
    found = {
        "fewer, wider": (Slope(0.3, n_workers=60, **wide), False),
        "as many": (Slope(0.3, n_workers=100, **{**wide, "n_service_users": 800}), True),
        "how many is withheld": (Slope(0.3, conf_low=-0.1, conf_high=0.7), True),
        "elsewhere": (Slope(0.05, n_workers=60, **{**wide, "conf_high": 0.2}), True),
        "other sign": (Slope(-0.1, n_workers=60, **wide), True),
        "same verdict": (Slope(0.3, conf_low=0.1, conf_high=0.5), False),
    }
    for said, (slope, contradicts) in found.items():
        assert Version(said, slope).contradicts(primary) is contradicts, said
    assert not Version("no slope", Slope(-2.0), "E-value").contradicts(primary)


def test_counts_of_few_people_left_out_are_withheld():
    primary = Slope(0.5, n_workers=50, n_service_users=200)
    few = left_out(Slope(0.4, n_workers=50, n_service_users=195), primary, 10)
    assert math.isnan(few.n_workers)
    assert math.isnan(few.n_service_users)
    assert "Fewer than 10 service users left out" in few.note
    many = left_out(Slope(0.4, n_workers=40, n_service_users=150), primary, 10)
    assert (many.n_workers, many.n_service_users) == (40, 150)


def test_who_could_be_linked_is_compared(study):
    generator = np.random.default_rng(2)
    ids = [f"W{code:03d}" for code in range(120)]
    workers = pd.DataFrame({"worker_id": ids, "x": generator.normal(4, 1, 120)})
    users = pd.DataFrame({"worker_id": study["worker_id"], "y": study["y"]})
    strangers = pd.DataFrame({"worker_id": ["?"] * 5, "y": np.ones(5)})
    everybody = pd.concat([users, strangers], ignore_index=True)
    linked = link(workers, everybody)
    result = check_sensitivity(linked, "y", "x", workers=workers, service_users=everybody)
    checks = {check.name: check for check in result.checks}
    shown = checks["linked workers"].versions[0].found
    inside = workers["worker_id"].isin(study["worker_id"])
    gap = workers.loc[inside, "x"].mean() - workers.loc[~inside, "x"].mean()
    assert np.sign(shown.estimate) == np.sign(gap)
    few = checks["linked service users"].versions[0].found
    assert "fewer than 10 on one side" in few.note
    assert math.isnan(few.estimate)


def test_respondents_against_the_rest():
    generator = np.random.default_rng(6)
    frame = pd.DataFrame({"age": generator.normal(50, 10, 400), "answered": [0, 1] * 200})
    frame["age"] += 8.0 * frame["answered"]
    check = respondents_against_rest(frame, "answered", ["age"])
    assert check.versions[0].found.verdict == "higher"
    assert abs(check.versions[0].found.estimate - 0.8) < 0.3
    assert "excludes no difference in age" in check.sentence
    with pytest.raises(ModelError, match="'age' has to be 0 or 1 in every row"):
        respondents_against_rest(frame, "age", ["answered"])


def test_the_id_column_has_to_be_known(study):
    with pytest.raises(ModelError, match="worker's id is not known"):
        linked_against_unlinked(pd.DataFrame(study), pd.DataFrame(study), ["x"])
    with pytest.raises(ModelError, match="worker's id is not known"):
        check_sensitivity(study, "y", "x")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"proxy": "age"}, "proxy has to be 0 or 1 in every row"),
        ({"proxy": "nobody"}, "1 column is not in the table"),
        ({"length": "lenght"}, "1 column is not in the table"),
        ({"careless": [True, False]}, "careless has to be a column, or one True or False"),
        ({"not_applicable": 5}, "not_applicable has to be a column or a mapping"),
        ({"minimum_users": (0,)}, "minimum_users has to be a whole number from 1"),
        ({"confidence": 95}, "confidence must be a number between 0 and 1"),
        ({"threshold": 2}, "threshold must be a whole number of 5 or more"),
    ],
)
def test_what_cannot_be_used_is_refused(study, options, words):
    with pytest.raises(ModelError, match=words):
        check_sensitivity(study, "y", "x", group="worker_id", **options)


def test_bad_data_is_an_error_and_not_a_number(study):
    with_inf = {**study, "y": np.where(np.arange(len(study["y"])) == 3, np.inf, study["y"])}
    with pytest.raises(ModelError, match="Infinite values in 'y'"):
        check_sensitivity(with_inf, "y", "x", group="worker_id")
    mixed = {**study, "worker_id": np.array([7, *study["worker_id"][1:]], dtype=object)}
    with pytest.raises(ModelError, match="mixes text and numbers"):
        check_sensitivity(mixed, "y", "x", group="worker_id")
    two = {name: values[np.isin(study["worker_id"], ["W000", "W001"])]
           for name, values in study.items()}  # fmt: skip
    with pytest.raises(ModelError, match="only 2 groups"):
        check_sensitivity(two, "y", "x", group="worker_id")


def test_a_worker_in_two_teams_has_no_level_for_teams(study):
    strays = np.array(study["team"])
    strays[-1] = "T0"
    result = check_sensitivity({**study, "team": strays}, "y", "x", group="worker_id", team="team")
    assert result.team is None
    left = next(check for check in result.checks if check.name == "one team left out")
    assert "needs teams as a level" in left.needs
    assert any("more than one team" in note for note in result.notes)


def test_what_cannot_be_estimated_in_a_check_is_said(study):
    data = {**study, "proxy": np.where(study["worker_id"] == "W000", 0.0, 1.0)}
    result = check_sensitivity(data, "y", "x", group="worker_id", proxy="proxy",
                               minimum_users=(1, 50))  # fmt: skip
    frame = result.to_frame().set_index("version")
    for version in ("without proxy answers", "at least 50 a worker"):
        assert math.isnan(frame.loc[version, "estimate"])
        assert frame.loc[version, "note"]
    assert "No slope can be estimated" in result.summary()
    # With everybody it would be the primary analysis again, which bears nothing out.
    assert "at least 1 a worker" not in frame.index


def test_an_outcome_with_two_values_and_missing_flags(study):
    flag = study["proxy"].copy()
    flag[:20] = np.nan
    data = {**study, "y": (study["y"] > 4.5).astype(float), "proxy": flag}
    result = check_sensitivity(data, "y", "x", group="worker_id", proxy="proxy", highest=1.0)
    proxy = next(check for check in result.checks if check.name == "proxy answers")
    assert "20 answers of which this is not known are in none of these" in proxy.sentence
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_flag_that_is_a_covariate_too_is_held_equal_once(study):
    result = check_sensitivity(study, "y", "x", covariates=["proxy"], group="worker_id",
                               proxy="proxy")  # fmt: skip
    frame = result.to_frame().set_index("version")
    assert frame.loc["proxy answer held equal", "estimate"] == result.primary.estimate
    keep = study["proxy"] == 0
    rest = {name: study[name][keep] for name in ("worker_id", "x", "y")}
    own = associate(rest, "y", "x", group="worker_id")
    assert frame.loc["without proxy answers", "estimate"] == pytest.approx(own.slope, rel=1e-9)


def test_nobody_is_left_out_in_turn_where_that_takes_too_long(monkeypatch):
    monkeypatch.setattr("relsurvey.sensitivity.checks.one_left_out.MOST_REFITTED", 100)
    frame = pd.DataFrame({"worker_id": np.repeat(np.arange(20), 4)})
    random = np.random.default_rng(4)
    frame["x"] = random.normal(size=20)[frame["worker_id"]]
    frame["y"] = frame["x"] + random.normal(size=80)
    result = check_sensitivity(frame, "y", "x", group="worker_id")
    row = result.to_frame().set_index("check").loc["one worker left out"]
    assert math.isnan(row["estimate"])
    assert "not run: 20 refits with 20 workers take long" in row["note"]
