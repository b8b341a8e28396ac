"""Every predictor by every outcome: raw, adjusted, the primary kept apart."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from relsurvey.association.associate import associate
from relsurvey.association.equivalence import CLEAR, CLEAR_BUT_SMALL, LARGER, equivalence
from relsurvey.association.family import FamilyQuestion, associate_family, associate_questions
from relsurvey.association.prepared import prepare
from relsurvey.association.resampling.max_t import FamilyMember, max_t_adjusted
from relsurvey.errors import ModelError
from relsurvey.text import WIDTH

DOMAINS = ("curiosity", "doubt", "care")
SCALES = ("security", "knowing", "value", "connection")
HOW = {"group": "worker_id", "permutations": 199, "seed": 1}


def simulated(seed: int = 1, *, slope: float = 0.35, workers: int = 60) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    worker = np.repeat(np.arange(workers), random.integers(2, 7, workers))
    shared = random.normal(size=workers)
    frame = {"worker_id": worker, "team": worker // 4}
    for name in DOMAINS:
        frame[name] = (0.6 * shared + 0.8 * random.normal(size=workers))[worker]
    for name in SCALES:
        own = 0.4 * random.normal(size=workers)[worker] + random.normal(size=len(worker))
        frame[name] = slope * frame["curiosity"] + own
    return pd.DataFrame(frame)


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return simulated()


@pytest.fixture(scope="module")
def family(data):
    return associate_family(
        data, SCALES, DOMAINS, primary=("security", "curiosity"), smallest_effect=0.1, **HOW
    )


def test_every_pair_is_the_primary_method_of_the_pair_alone(data, family):
    table = family.to_frame()
    assert len(table) == 12
    for row in table.to_dict("records")[::4]:
        alone = associate(data, row["outcome"], row["predictor"], group="worker_id")
        assert row["estimate"] == pytest.approx(alone.slope, rel=1e-9)
        assert row["p_value"] == pytest.approx(alone.p_value, rel=1e-9)
        assert row["df"] == pytest.approx(alone.df, rel=1e-9)
        assert row["standardised"] == pytest.approx(alone.slope_standardised, rel=1e-9)
        assert row["standardised_low"] == pytest.approx(alone.slope_standardised_low, rel=1e-9)
        assert row["standardised_high"] == pytest.approx(alone.slope_standardised_high, rel=1e-9)


def test_the_primary_is_no_part_of_the_adjustment(family):
    table = family.to_frame()
    primary = table[table["primary"]]
    assert primary[["outcome", "predictor"]].to_numpy().tolist() == [["security", "curiosity"]]
    assert primary[["holm", "benjamini_hochberg", "max_t"]].isna().all(axis=None)
    assert family.n_tests == 11
    assert family.sentence.startswith(
        "The primary pair, security by curiosity, named as such and not adjusted:"
    )


def test_adjusted_p_values_follow_their_definitions(data, family):
    table = family.to_frame().query("not primary")
    raw = np.sort(table["p_value"].to_numpy())
    order = np.argsort(table["p_value"].to_numpy())
    n = len(raw)
    holm = np.minimum(np.maximum.accumulate(raw * np.arange(n, 0, -1)), 1)
    steps = raw * n / np.arange(1, n + 1)
    hochberg = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    assert table["holm"].to_numpy()[order] == pytest.approx(holm)
    assert table["benjamini_hochberg"].to_numpy()[order] == pytest.approx(hochberg)
    members = []
    for row in table.to_dict("records"):
        ready = prepare(data, row["outcome"], row["predictor"], group="worker_id")
        members.append(FamilyMember(ready.sums, ready.outcome, ready.terms, ready.predictor))
    alone = max_t_adjusted(members, permutations=199, seed=1)
    assert table["max_t"].to_numpy() == pytest.approx(alone.adjusted)
    assert (table["holm"] >= table["benjamini_hochberg"] - 1e-12).all()


def holm_by_hand(raw: np.ndarray) -> np.ndarray:
    order, n = np.argsort(raw, kind="stable"), len(raw)
    found = np.empty(n)
    found[order] = np.minimum(np.maximum.accumulate(raw[order] * np.arange(n, 0, -1)), 1)
    return found


def test_verdicts_are_those_of_the_equivalence_test_with_adjusted_p(family):
    rows = family.to_frame().to_dict("records")
    held = [
        equivalence(
            row["estimate"], row["std_error"], row["df"], 0.1,
            per_deviation=row["standardised"] / row["estimate"],
        )
        for row in rows
    ]  # fmt: skip
    others = [place for place, row in enumerate(rows) if not row["primary"]]
    within = holm_by_hand(np.array([held[place].p_value for place in others]))
    beyond = holm_by_hand(np.array([held[place].p_larger for place in others]))
    for place, p_within, p_beyond in zip(others, within, beyond, strict=True):
        row = rows[place]
        assert row["equivalence_p"] == pytest.approx(held[place].p_value)
        assert row["equivalence_holm"] == pytest.approx(p_within)
        assert row["larger_holm"] == pytest.approx(p_beyond)
        assert row["verdict"] == held[place].adjusted_verdict(
            p_value=p_within, p_larger=p_beyond, p_difference=max(row["holm"], row["max_t"])
        )
    primary = next(place for place, row in enumerate(rows) if row["primary"])
    assert rows[primary]["verdict"] == held[primary].verdict
    assert math.isnan(rows[primary]["equivalence_holm"])


def test_a_pair_that_does_not_stand_is_never_called_clear(family):
    table = family.to_frame().query("not primary")
    # There are pairs that would be clear taken alone and do not stand.
    assert ((table["p_value"] < 0.05) & ~table["stands"]).any()
    assert table["stands"].any()
    stands = (table["holm"] < 0.05) & (table["max_t"] < 0.05)
    assert table["stands"].tolist() == stands.tolist()
    clear = table["verdict"].isin([LARGER, CLEAR, CLEAR_BUT_SMALL])
    assert clear.tolist() == stands.tolist()
    named = family.sentence.split("Under every adjustment")[1]
    for row in table.to_dict("records"):
        assert (f"{row['outcome']} by {row['predictor']}" in named) is row["stands"]


def test_larger_than_the_margin_is_said_of_adjusted_p_only():
    strong = simulated(3, slope=0.7)
    found = associate_family(strong, SCALES, "curiosity", smallest_effect=0.35, **HOW).to_frame()
    assert (found["larger_holm"] >= found["larger_p"]).all()
    said = found["verdict"] == LARGER
    assert said.tolist() == ((found["larger_holm"] < 0.05) & found["stands"]).tolist()
    assert said.any()
    # Somebody is beyond the margin only when taken alone.
    assert ((found["larger_p"] < 0.05) & ~said).any()


def test_the_permutation_p_stands_beside_the_max_t_made_of_it(family):
    table = family.to_frame().query("not primary")
    assert (table["max_t"] >= table["permutation_p"]).all()
    assert "perm." in family.summary()


def test_rows_used_and_left_out_are_said(data, family):
    assert f"Each pair: 60 workers, {len(data)} service users; rows left out: 0." in (
        family.summary()
    )
    gaps = data.copy()
    gaps.loc[::3, "value"] = np.nan
    gone = int(gaps["value"].isna().sum())
    found = associate_family(gaps, ["security", "value"], "curiosity", **HOW)
    assert found.to_frame()["n_dropped"].tolist() == [0, gone]
    workers = gaps.dropna()["worker_id"].nunique()
    assert any(
        line.split()
        == f"value by curiosity {workers} workers, {len(data) - gone} service users {gone}".split()
        for line in found.summary().splitlines()
    )
    schools = associate_family(
        data.rename(columns={"worker_id": "school"}), SCALES, "curiosity", group="school",
        permutations=0, seed=1,
    )  # fmt: skip
    assert "60 groups of school" in schools.summary()
    assert schools.permutations == 0
    assert schools.to_frame()["max_t"].isna().all()


def test_text_stays_within_the_page(family):
    lines = family.summary().splitlines()
    sentences = [line for line in lines if not line.startswith((*SCALES, "outcome"))]
    assert max(map(len, sentences)) <= WIDTH


def test_questions_may_have_covariates_of_their_own(data):
    random = np.random.default_rng(5)
    rows = data.assign(age=random.normal(size=len(data)))
    asked = [
        FamilyQuestion("security", "curiosity"),
        FamilyQuestion("security", "curiosity", ("age",)),
        FamilyQuestion("value", "doubt", ("age",)),
    ]
    found = associate_questions(rows, asked, primary=0, **HOW)
    table = found.to_frame()
    assert table["primary"].tolist() == [True, False, False]
    assert table["covariates"].tolist() == ["", "age", "age"]
    assert (found.n_tests, found.covariates, found.primary) == (2, (), ("security", "curiosity"))
    alone = associate(rows, "security", "curiosity", covariates="age", group="worker_id")
    assert table["p_value"].iloc[1] == pytest.approx(alone.p_value, rel=1e-9)
    assert np.isfinite(table["max_t"].iloc[1:]).all()
    assert "given" in found.summary()
    assert found.others("secondary association").startswith("Of 2 secondary associations, ")


def test_a_family_of_one_is_not_adjusted(data):
    one = associate_family(data, "knowing", "curiosity", **HOW).to_frame().iloc[0]
    assert one["holm"] == one["benjamini_hochberg"] == one["p_value"]


def test_only_the_primary_leaves_nothing_to_adjust(data):
    one = associate_family(data, "knowing", "doubt", primary=("knowing", "doubt"), **HOW)
    assert one.n_tests == 0
    assert one.permutations == 0
    assert "There is no pair to adjust for." in one.notes
    assert "further" not in one.sentence


def test_a_pair_without_a_fit_stands_aside_with_its_reason(data):
    broken = data.assign(value=3.0, doubt=np.arange(len(data), dtype=float))
    table = associate_family(broken, SCALES, DOMAINS, **HOW).to_frame()
    whole = associate_family(data, ["security", "knowing", "connection"], ["curiosity", "care"],
                             **HOW).to_frame()  # fmt: skip
    failed = table[table["p_value"].isna()]
    assert len(failed) == 6
    assert failed[failed["outcome"] == "value"]["note"].str.contains("does not vary").any()
    assert failed[failed["predictor"] == "doubt"]["note"].str.contains("not a property").all()
    assert failed[["standardised", "holm", "max_t"]].isna().all(axis=None)
    kept = table[table["p_value"].notna()]
    assert kept["holm"].to_numpy() == pytest.approx(whole["holm"].to_numpy())
    assert kept["max_t"].to_numpy() == pytest.approx(whole["max_t"].to_numpy())


def test_each_pair_keeps_its_own_rows(data):
    gaps = data.copy()
    gaps.loc[::3, "value"] = np.nan
    table = associate_family(gaps, ["security", "value"], "curiosity", **HOW).to_frame()
    assert table["n_service_users"].tolist() == [len(gaps), int(gaps["value"].notna().sum())]


def test_an_outcome_known_for_one_team_only_has_no_part_in_max_t(data):
    gaps = data.copy()
    gaps.loc[gaps["team"] > 0, "value"] = np.nan
    found = associate_family(gaps, SCALES, "curiosity", team="team", **HOW)
    table = found.to_frame().set_index("outcome")
    assert math.isfinite(table.loc["value", "p_value"])
    assert math.isnan(table.loc["value", "max_t"])
    assert table["max_t"].notna().sum() == 3
    assert any("Not in the max-T adjustment: value by curiosity" in note for note in found.notes)
    assert any(note.startswith("value by curiosity: All are in one") for note in found.notes)


def test_without_an_association_nothing_stands_too_often():
    false = {"raw": 0, "holm": 0, "max_t": 0}
    studies = 8
    for seed in range(studies):
        table = associate_family(
            simulated(seed, slope=0.0, workers=24), SCALES, DOMAINS[:2], group="worker_id",
            permutations=199, seed=seed,
        ).to_frame()  # fmt: skip
        false["raw"] += bool((table["p_value"] < 0.05).any())
        false["holm"] += bool((table["holm"] < 0.05).any())
        false["max_t"] += bool((table["max_t"] < 0.05).any())
    # Of 8 studies 0.4 are expected at 5%; more than 2 have a chance of about 1 in 170.
    assert false["holm"] <= 2
    assert false["max_t"] <= 2
    assert false["raw"] > max(false["holm"], false["max_t"])


def test_the_sentence_counts_what_stands(family):
    table = family.to_frame().query("not primary")
    alone = int((table["p_value"] < 0.05).sum())
    assert f"Of 11 further pairs, {alone} have p below 0.05 taken alone" in family.sentence
    assert "0.55 would be expected if there were no association at all" in family.sentence
    for name, label in (("holm", "Holm"), ("max_t", "max-T permutation")):
        assert f"{int((table[name] < 0.05).sum())} by {label}" in family.sentence
        assert len(family.surviving(name)) == int((table[name] < 0.05).sum())
    assert family.surviving("holm") == (("value", "curiosity"),)
    assert family.sentence.endswith("Under every adjustment stands value by curiosity.")


def test_summary_and_dictionary(family):
    text = family.summary()
    assert "curiosity (primary)" in text
    assert "which are not adjusted; p raw, and adjusted by Holm" in text.replace("\n", " ")
    assert " .000" not in text
    assert json.loads(json.dumps(family.to_dict()))["n_tests"] == 11
    assert family.to_frame() is not family.table


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"outcomes": []}, r"outcomes has to be a name, or several"),
        ({"outcomes": ["securty"]}, r"securty"),
        ({"covariates": ["agee"]}, r"agee"),
        ({"primary": ("security", "curiousity")}, r"Did you mean \('security', 'curiosity'\)\?"),
        ({"primary": ("curiosity", "security")}, r"The outcome comes first"),
        ({"primary": "security"}, r"primary has to be a pair of the family"),
        ({"permutations": 10}, r"permutations has to be a whole number from 99; it is 10"),
        ({"alpha": 0.9}, r"alpha has to be a number from 1e-06 and below 0\.5; it is 0\.9"),
        ({"smallest_effect": 0.0}, r"margin has to be above 0"),
        ({"group": None}, r"None of the 12 pairs.*\n.*worker's id is not known"),
    ],
)
def test_bad_options_are_refused(data, options, text):
    given = {"outcomes": SCALES, "predictors": DOMAINS, **HOW, **options}
    with pytest.raises(ModelError, match=text):
        associate_family(data, **given)


def test_a_family_without_any_fit_says_why_for_each_pair(data):
    flat = data.assign(security=1.0, knowing=2.0)
    with pytest.raises(ModelError, match="None of the 2 pairs") as caught:
        associate_family(flat, ["security", "knowing"], "care", **HOW)
    assert caught.value.failures["reason"].str.contains("does not vary").all()
