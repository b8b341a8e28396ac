"""Reliability within and between workers against lavaan, and where the levels run together."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import ModelError
from relsurvey.intake import read_responses
from relsurvey.moments.group_rows import group_sums
from relsurvey.psychometrics import two_level
from relsurvey.psychometrics.levels import reliability_by_level
from relsurvey.psychometrics.two_level import two_level_covariances

GOLDEN = json.loads((Path(__file__).parents[1] / "reference" / "levels_reference.json").read_text())
DATA = pd.DataFrame(GOLDEN["data"])
ITEMS = [f"q{i}" for i in range(1, 6)]
LAVAAN = 1e-5  # where its search stops, for covariances below 2 and alphas


def figures(result):
    return result.to_frame().set_index("level")[["alpha", "omega", "share"]].to_numpy()


def of(data=DATA, columns=ITEMS, group="worker"):
    return reliability_by_level(data, group=group, scales={"s": columns})


def test_estimates_and_alphas_are_those_of_lavaan():
    found = two_level_covariances(group_sums(DATA, ITEMS, "worker"))
    assert found.converged
    assert not found.boundary
    assert found.log_likelihood == pytest.approx(GOLDEN["log_likelihood"], abs=1e-6)
    assert found.within == pytest.approx(np.array(GOLDEN["within"]), abs=LAVAAN)
    assert found.between == pytest.approx(np.array(GOLDEN["between"]), abs=5e-5)
    assert found.mean == pytest.approx(np.array(GOLDEN["mean"]), abs=LAVAAN)
    table = of().to_frame().set_index("level")
    assert table.loc["within", "alpha"] == pytest.approx(GOLDEN["alpha_within"], abs=LAVAAN)
    assert table.loc["between", "alpha"] == pytest.approx(GOLDEN["alpha_between"], abs=LAVAAN)
    # semTools takes the estimates of an EM that stops earlier.
    for level, name in (("within", "within.fw"), ("between", "worker.fb")):
        assert table.loc[level, "alpha"] == pytest.approx(GOLDEN["semtools_alpha"][name], abs=1e-4)
        # Its omega fits both levels at once; ours fits each matrix by itself.
        own = GOLDEN[f"omega_{level}"]
        assert table.loc[level, "omega"] == pytest.approx(own, abs=LAVAAN)
        assert table.loc[level, "omega"] == pytest.approx(GOLDEN["semtools_omega"][name], abs=5e-3)
    assert table["n"].tolist() == [len(DATA)] * 2
    assert table["n_groups"].tolist() == [60, 60]
    assert table["note"].tolist() == ["", ""]


def test_the_likelihood_is_at_its_top():
    # No small change of either matrix makes the data likelier.
    found = two_level_covariances(group_sums(DATA, ITEMS[:2], "worker"))
    frame = DATA[[*ITEMS[:2], "worker"]]

    def log_likelihood(within, between):
        total = 0.0
        for _, rows in frame.groupby("worker"):
            n = len(rows)
            big = np.kron(np.eye(n), within) + np.kron(np.ones((n, n)), between)
            apart = (rows[ITEMS[:2]].to_numpy() - found.mean).ravel()
            total -= 0.5 * (
                len(apart) * np.log(2 * np.pi)
                + np.linalg.slogdet(big)[1]
                + apart @ np.linalg.solve(big, apart)
            )
        return total

    best = log_likelihood(found.within, found.between)
    assert found.log_likelihood == pytest.approx(best, abs=1e-8)
    for change in ([[1, 0], [0, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 1]]):
        for size in (1e-3, -1e-3):
            step = size * np.array(change)
            assert log_likelihood(found.within + step, found.between) < best
            assert log_likelihood(found.within, found.between + step) < best


def test_balanced_groups_have_the_estimates_of_mean_squares():
    draw = np.random.default_rng(4)
    worker = np.repeat(np.arange(50), 6)
    rows = draw.normal(size=(50, 3))[worker] + draw.normal(size=(300, 3))
    frame = pd.DataFrame(rows, columns=list("abc")).assign(w=worker)
    found = two_level_covariances(group_sums(frame, list("abc"), "w"))
    means = frame.groupby("w").mean().to_numpy()
    apart = rows - means[worker]
    within = apart.T @ apart / 250
    between = np.cov(means.T) * 49 / 50 - within / 6
    assert found.within == pytest.approx(within, abs=1e-6)
    assert found.between == pytest.approx(between, abs=1e-6)


def test_orders_units_labels_and_kinds_do_not_matter():
    expected = figures(of())
    shuffled = DATA.sample(frac=1, random_state=1)
    assert figures(of(shuffled, ITEMS[::-1])) == pytest.approx(expected, abs=2e-6)
    assert figures(of(DATA.assign(**{n: 100 * DATA[n] - 7 for n in ITEMS}))) == pytest.approx(
        expected, abs=2e-6
    )
    names = DATA["worker"].map("w{}".format)
    for labels in (names, names.astype("category"), DATA["worker"].astype("Int64")):
        assert figures(of(DATA.assign(worker=labels))) == pytest.approx(expected, abs=1e-12)
    for frame in (pl.DataFrame(DATA.to_dict("list")), pl.LazyFrame(DATA.to_dict("list"))):
        assert figures(of(frame)) == pytest.approx(expected, abs=1e-12)


def test_rows_with_gaps_are_left_out_and_counted():
    frame = DATA.astype({"worker": "Int64"})
    frame.loc[[0, 5], "q1"] = np.nan
    frame.loc[9, "worker"] = pd.NA
    found = of(frame).to_frame()
    assert found["n"].tolist() == [len(DATA) - 3] * 2
    dropped = of(DATA.drop(index=[0, 5, 9])).to_frame()
    assert found["alpha"].tolist() == pytest.approx(dropped["alpha"].tolist(), abs=1e-9)


def test_an_instrument_turns_its_items(bfi, bfi_answers):
    draw = np.random.default_rng(0).integers(0, 100, len(bfi_answers))
    result = reliability_by_level(
        bfi_answers.assign(worker_id=draw), bfi, group="worker_id", scales="neuroticism"
    )
    within, between = result.to_frame().to_dict("records")
    # Workers drawn by lot do not differ: what is within is everything.
    assert within["alpha"] == pytest.approx(0.8133, abs=0.003)
    assert within["share"] > 0.99
    assert between["singular"]
    assert "not positive definite" in between["note"]
    assert "no more than by chance" in between["note"]
    verdicts = {reading.about: reading.verdict for reading in result.readings}
    assert verdicts == {"neuroticism within": "not known", "neuroticism between": "not known"}


def test_the_second_search_goes_on_unless_it_leads_to_the_same_place(monkeypatch):
    sums = group_sums(DATA, ITEMS, "worker")
    found = two_level_covariances(sums)
    for name, value in (("FIRST_STEPS", 1), ("SAME_PLACE", 0.0)):
        monkeypatch.setattr(two_level, name, value)
        again = two_level_covariances(sums)
        assert again.log_likelihood == pytest.approx(found.log_likelihood, abs=1e-7)
        assert again.between == pytest.approx(found.between, abs=1e-5)


def test_truth_is_recovered():
    draw = np.random.default_rng(6)
    worker = np.repeat(np.arange(1_500), draw.integers(1, 8, 1_500))
    n, k = len(worker), 4
    rows = (
        draw.normal(size=(1_500, 1))[worker] * 0.8
        + draw.normal(size=(1_500, k))[worker] * 0.4
        + draw.normal(size=(n, 1))
        + draw.normal(size=(n, k)) * 0.9
    )
    frame = pd.DataFrame(rows, columns=list("abcd")).assign(w=worker)
    table = of(frame, list("abcd"), "w").to_frame().set_index("level")
    assert table.loc["within", "alpha"] == pytest.approx(16 / (16 + 4 * 0.81), abs=0.02)
    assert table.loc["between", "alpha"] == pytest.approx(
        16 * 0.64 / (16 * 0.64 + 4 * 0.16), abs=0.02
    )


def small(groups, size=2, k=3):
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(groups * size, k)).cumsum(axis=1)
    return pd.DataFrame(rows, columns=list("abcde")[:k]).assign(w=np.repeat(range(groups), size))


@pytest.mark.parametrize(
    ("frame", "columns", "note"),
    [
        (small(30), ["a"], "one item: internal consistency needs two or more"),
        (small(1, 9), ["a", "b"], "one value of w: there is nothing to tell the levels apart"),
        (small(9, 1), ["a", "b"], "every w has one row"),
        (small(9).assign(b=lambda d: d["w"]), ["a", "b"], "b does not vary within any w"),
        (small(9).assign(b=lambda d: 2 * d["a"]), ["a", "b"], "within w is singular"),
        (small(2), ["a", "b", "c"], "within w is singular"),
    ],
)
def test_what_cannot_be_told_apart_is_said(frame, columns, note):
    table = of(frame, columns, "w").to_frame()
    assert table["note"].str.contains(note).all()
    assert table[["alpha", "omega", "share"]].isna().all(axis=None)


def test_too_few_workers_are_said():
    table = of(small(4, 10, 5), list("abcde"), "w").to_frame().set_index("level")
    assert "4 groups are too few for 5 items" in table.loc["between", "note"]
    assert table.loc["between", "singular"]
    assert table.loc["within", "note"] == ""


def test_a_scale_nobody_completed_leaves_the_others():
    frame = small(30, 4).assign(d=np.nan)
    result = reliability_by_level(frame, group="w", scales={"s": ["a", "d"], "t": ["a", "b"]})
    table = result.to_frame().set_index(["scale", "level"])
    assert table.loc["s", "note"].str.contains("All values are missing in 'd'").all()
    assert table.loc["s", "n"].tolist() == [0, 0]
    assert table.loc[("t", "within"), "alpha"] > 0
    assert result.covariances["s"]["between"].isna().all(axis=None)


def test_wrong_groups_are_refused():
    with pytest.raises(ModelError, match="mixes text and numbers"):
        of(DATA.assign(worker=["a", *range(len(DATA) - 1)]))

    with pytest.raises(ModelError, match="There is no column 'wroker'") as caught:
        of(group="wroker")
    assert "Did you mean 'worker'?" in str(caught.value)
    with pytest.raises(ModelError, match="'q1' is an item as well as the group"):
        of(group="q1")


def test_a_kept_column_makes_groups(bfi, tmp_path):
    path = tmp_path / "answers.csv"
    answers = pd.read_csv(Path(__file__).parents[1] / "reference" / "bfi.csv").head(400)
    team = [f"team {i % 20}" if i % 7 else "" for i in range(400)]
    answers.assign(house=team).to_csv(path, index=False)
    responses = read_responses(path, bfi, keep=["house"])
    kept = reliability_by_level(responses, group="house", scales="agree")
    frame = answers[list(bfi.item_ids)].assign(house=[one or None for one in team])
    given = reliability_by_level(frame, bfi, group="house", scales="agree")
    pd.testing.assert_frame_equal(kept.to_frame(), given.to_frame())
    assert kept.to_frame()["n_groups"].tolist() == [20, 20]


def test_readings_stand_in_the_dictionary_and_the_summary():
    result = of()
    read = result.to_dict()["readings"]
    assert [row["about"] for row in read] == ["s within", "s between"]
    assert {row["verdict"] for row in read} == {"not known"}
    assert "s between: not known" in result.summary()
    assert "How the figures read" not in result.figures_text()


def test_the_summary_says_what_the_levels_are():
    text = of().summary()
    assert text.startswith("Reliability within and between worker (ML, complete rows)")
    assert "not of a mean of few answers" in text
    assert len(text.splitlines()[2].split()) == 8
    assert of().to_dict()["covariances"]["s"]["within"][0]["q1"] > 0


def test_with_few_workers_the_figures_are_for_the_analyst_alone():
    draw = np.random.default_rng(1)
    workers = np.repeat(np.arange(9), 20)
    answers = draw.normal(size=(9, 1))[workers] + draw.normal(size=(180, 4))
    frame = pd.DataFrame(answers, columns=list("abcd")).assign(worker=workers)
    result = reliability_by_level(frame, scales={"s": list("abcd")}, group="worker")
    assert result.to_frame()["share"].notna().all()
    assert result.shareable["share"].isna().all()
    assert "withheld" in result.summary()
    shared = json.dumps(result.to_dict())
    assert repr(float(result.table["share"].iloc[1])) not in shared
    assert result.to_dict()["covariances"] == {}
    assert all(reading.verdict == "not known" for reading in result.readings)
