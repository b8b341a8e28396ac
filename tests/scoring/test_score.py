"""Scores against a plain loop over cells, for every kind of frame; and what the rules mean."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import ScoringError
from relsurvey.instruments import Instrument, load_instrument
from relsurvey.intake import read_responses
from relsurvey.scoring import score

REFERENCE = Path(__file__).parents[1] / "reference"
PSYCH_TOLERANCE = 1e-8

ITEMS = [f"q{i}" for i in range(1, 10)]
RULES = ["excluded", "best", "missing"]


def by_hand(
    row: dict[str, Any], instrument: Instrument, key: str, rule: str
) -> tuple[float | None, int]:
    """Score one scale of one respondent with nothing but a loop."""
    found = instrument.scales[key]
    values, away = [], 0
    items = dict.fromkeys(instrument.items_of(key))  # an item of two parts counts once
    for item in items:
        answer = row[item]
        if answer == 9:
            away += 1
            if rule == "best":
                values.append(3)
        elif answer is not None:
            values.append(3 - answer if instrument.items[item].reverse else answer)
    k = len(items)
    minimum = found.minimum_answered
    needed = minimum.needed(k - away if rule == "excluded" else k)
    enough = len(values) >= needed
    if found.every_scale_scored:
        parts = [by_hand(row, instrument, part, rule)[0] for part in found.scales]
        enough = enough and None not in parts
    if not enough:
        return None, len(values)
    total = Fraction(sum(values), len(values))
    return float(total * k if found.method == "sum" else total), len(values)


@pytest.fixture
def mixed(instrument, a_scale):
    def make(*, reverse: bool) -> Instrument:
        return instrument(
            ITEMS,
            [
                a_scale("A", items=ITEMS[:4], minimum_answered={"count": 3}),
                a_scale("B", items=ITEMS[4:], minimum_answered={"share": "2/3", "at_least": 2}),
                a_scale(
                    "S", items=ITEMS[1:7], method="sum", maximum=18, minimum_answered={"share": 0.5}
                ),
                a_scale(
                    "T",
                    scales=["A", "B"],
                    composite_of="items",
                    every_scale_scored=True,
                    minimum_answered={"count": 6},
                ),
                a_scale(
                    "U", scales=["A", "S"], composite_of="items", minimum_answered={"share": "3/4"}
                ),
            ],
            reverse=("q2", "q5", "q9") if reverse else (),
            not_applicable=("9", "NA"),
        )

    return make


def answers(share_missing: float, *, not_applicable: bool) -> dict[str, list[Any]]:
    draw = random.Random(7)
    codes = [0, 1, 2, 3, 9] if not_applicable else [0, 1, 2, 3]
    return {
        item: [None if draw.random() < share_missing else draw.choice(codes) for _ in range(80)]
        for item in ITEMS
    }


@pytest.mark.parametrize("not_applicable", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("share_missing", [0, 0.02, 0.2])
def test_scores_are_those_of_a_loop(
    mixed, frame_of, cells_of, share_missing, reverse, not_applicable
):
    tiny = mixed(reverse=reverse)
    cells = answers(share_missing, not_applicable=not_applicable)
    frame = frame_of({"id": [f"{i:03}" for i in range(80)], **cells})
    for rule in RULES if not_applicable else ["excluded"]:
        scored = score(frame, tiny, not_applicable=rule)
        assert type(scored) is type(frame)
        found = cells_of(scored)
        assert found["id"] == [f"{i:03}" for i in range(80)]
        for key in tiny.scales.ids:
            expected = [
                by_hand({item: cells[item][i] for item in ITEMS}, tiny, key, rule)
                for i in range(80)
            ]
            assert found[key] == [value for value, _ in expected]
            assert found[f"{key}_answered"] == [count for _, count in expected]


def test_nobody_answered_anything(mixed, frame_of, cells_of):
    found = cells_of(score(frame_of(answers(1, not_applicable=True)), mixed(reverse=True)))
    for key in ("A", "B", "S", "T", "U"):
        assert found[key] == [None] * 80
        assert found[f"{key}_answered"] == [0] * 80


def test_columns_come_in_order(frame_of, cells_of):
    sec = load_instrument("peech-sc")
    frame = frame_of({"worker_id": ["007"], **{item: [1] for item in sec.item_ids}, "team": ["N"]})
    columns = list(cells_of(score(frame, "peech-sc")))
    assert columns[:6] == ["worker_id", "team", "SEC", "SEC_answered", "SEC_pomp", "SEC_top_box"]
    assert columns[-4:] == ["TOTAL", "TOTAL_answered", "TOTAL_pomp", "TOTAL_top_box"]
    assert len(columns) == 2 + 5 * 4


def test_the_social_care_adaptation_by_hand():
    instrument = load_instrument("peech-sc")
    answers = dict.fromkeys(instrument.item_ids, 2)
    # Security: five apply and are answered 3 3 3 2 and, turned, 0 -> 3; two do not apply.
    answers |= {"SEC1": 3, "SEC2": 3, "SEC3": 3, "SEC4": 2, "SEC5": 9, "SEC6": 9, "SEC7": 0}
    # Connection: three of five apply, two are answered, and three are needed.
    answers |= {"CON1": 9, "CON2": 9, "CON3": None}
    scored = score(pd.DataFrame([answers]), instrument).iloc[0]
    assert scored["SEC"] == 14 / 5
    assert scored["SEC_answered"] == 5
    assert scored["SEC_pomp"] == pytest.approx(100 * (14 / 5) / 3, rel=1e-15)
    assert scored["SEC_top_box"] == 4 / 5
    assert scored["VAL"] == (5 * 2 + 1) / 6
    assert math.isnan(scored["CON"])
    assert math.isnan(scored["CON_pomp"])
    assert math.isnan(scored["CON_top_box"])
    assert scored["CON_answered"] == 2
    assert math.isnan(scored["TOTAL"])
    assert scored["TOTAL_answered"] == 18
    best = score(pd.DataFrame([answers]), instrument, not_applicable="best").iloc[0]
    assert best["SEC"] == (14 + 6) / 7
    assert best["SEC_top_box"] == 6 / 7
    assert best["CON"] == (2 + 2 + 3 + 3) / 4
    missing = score(pd.DataFrame([answers]), instrument, not_applicable="missing").iloc[0]
    assert missing["SEC"] == 14 / 5
    answers["SEC4"] = None  # four of the five that apply, but of seven five are needed
    assert score(pd.DataFrame([answers]), instrument)["SEC"].iloc[0] == 12 / 4
    blank = score(pd.DataFrame([answers]), instrument, not_applicable="missing")
    assert math.isnan(blank["SEC"].iloc[0])


def test_a_composite_of_scores_weighs_its_scales_alike(instrument, a_scale, frame_of, cells_of):
    tiny = instrument(
        ["a", "b", "c", "d"],
        [
            a_scale("P", items=["a", "b", "c"], top_box=True),
            a_scale("Q", items=["d"], top_box=True),
            a_scale("M", scales=["P", "Q"], composite_of="scores", pomp=True, top_box=True),
            a_scale("N", scales=["M", "Q"], composite_of="scores", method="sum", maximum=6),
        ],
    )
    frame = frame_of({"a": [3, 1], "b": [0, 1], "c": [None, 1], "d": [3, None]})
    found = cells_of(score(frame, tiny))
    assert found["M"] == [(1.5 + 3) / 2, 1.0]
    assert found["M_answered"] == [2, 1]
    assert found["M_pomp"] == [75.0, pytest.approx(100 / 3)]
    assert found["M_top_box"] == [2 / 3, 0.0]
    assert found["N"] == [5.25, 2.0]


def test_a_composite_with_another_rule_than_its_scales(instrument, a_scale, frame_of, cells_of):
    tiny = instrument(
        ["a", "b"],
        [
            a_scale("P", items=["a", "b"], not_applicable="missing"),
            a_scale("C", scales=["P"], composite_of="items", not_applicable="best"),
        ],
        not_applicable=("9",),
    )
    found = cells_of(score(frame_of({"a": [1], "b": [9]}), tiny))
    assert (found["P"], found["C"], found["C_answered"]) == ([1.0], [2.0], [2])


def test_a_complete_sum_is_exact(instrument, a_scale):
    items = [f"i{n}" for n in range(7)]
    tiny = instrument(items, [a_scale("S", items=items, method="sum", maximum=21)])
    frame = pd.DataFrame([[0, 1, 2, 3, 3, 1, 0], [1, 0, 0, 0, 0, 0, 0]], columns=items)
    assert score(frame, tiny)["S"].tolist() == [10.0, 1.0]


@pytest.mark.parametrize(("codes", "reverse"), [((1, 2, 4), False), ((0.5, 1, 1.5), True)])
def test_codes_need_not_be_consecutive(instrument, a_scale, codes, reverse):
    tiny = instrument(
        ["a"], [a_scale("S", items=["a"])], codes=codes, reverse=("a",) if reverse else ()
    )
    scored = score(pl.DataFrame({"a": [*codes, None]}), tiny)["S"].to_list()
    assert scored == [*(reversed(codes) if reverse else codes), None]


def test_the_declared_range_turns_items_not_the_observed_one(instrument, a_scale):
    tiny = instrument(["a"], [a_scale("S", items=["a"])], reverse=("a",))
    assert score(pd.DataFrame({"a": [1, 2]}), tiny)["S"].tolist() == [2.0, 1.0]


def test_declared_missing_numbers_are_no_answers(instrument, a_scale, frame_of, cells_of):
    tiny = instrument(
        ["a", "b"],
        [a_scale("S", items=["a", "b"])],
        missing=("-99", "blank"),
        not_applicable=("9",),
        reverse=("b",),
    )
    frame = frame_of({"a": [-99, 3], "b": [-99, -99]})
    for rule in RULES:
        assert cells_of(score(frame, tiny, not_applicable=rule))["S"] == [None, 3.0]


def test_psych_scores_of_bfi(instrument, a_scale):
    import json

    reference = json.loads((REFERENCE / "bfi_reference.json").read_text())
    names = {
        "agree": "A",
        "conscientious": "C",
        "extraversion": "E",
        "neuroticism": "N",
        "openness": "O",
    }
    scales = [
        a_scale(key, items=[f"{letter}{i}" for i in range(1, 6)], minimum=1, maximum=6,
                minimum_answered={"share": "1/2"})
        for key, letter in names.items()
    ]  # fmt: skip
    tiny = instrument(
        [item for entry in scales for item in entry["items"]],
        scales,
        reverse=("A1", "C4", "C5", "E1", "E2", "O2", "O5"),
        codes=(1, 2, 3, 4, 5, 6),
    )
    scored = score(pd.read_csv(REFERENCE / "bfi.csv"), tiny)
    for key in names:
        expected = reference[key]
        assert scored[key].count() == expected["score_n_half_rule"]
        assert scored[key].mean() == pytest.approx(
            expected["score_mean_half_rule"], abs=PSYCH_TOLERANCE
        )
        assert scored[key].std() == pytest.approx(
            expected["score_sd_half_rule"], abs=PSYCH_TOLERANCE
        )


def test_min_answered_for_all_and_for_one(mixed):
    tiny = mixed(reverse=False)
    row = dict.fromkeys(ITEMS, None) | {"q1": 3, "q2": 1, "q5": 2}
    frame = pd.DataFrame([row], dtype=float)
    assert score(frame, tiny)[["A", "B"]].isna().all(axis=None)
    assert score(frame, tiny, min_answered=2)[["A", "U"]].iloc[0].tolist() == [2.0, 2.0]
    some = score(frame, tiny, min_answered={"B": np.int64(1)})
    assert some["B"].iloc[0] == 2.0
    assert math.isnan(some["A"].iloc[0])


def test_a_lazy_frame_stays_lazy_and_a_pandas_index_is_kept(instrument, a_scale):
    tiny = instrument(["a"], [a_scale("S", items=["a"])])
    assert isinstance(score(pl.LazyFrame({"a": [1]}), tiny), pl.LazyFrame)
    frame = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="who"))
    pd.testing.assert_index_equal(score(frame, tiny).index, frame.index)


def test_carried_columns_are_untouched(instrument, a_scale):
    tiny = instrument(["a"], [a_scale("S", items=["a"])])
    carried = {"~sum S": [1.5], "when": pd.to_datetime(["2024-01-01"]), 5: [None]}
    frame = pd.DataFrame(carried | {"a": [1]})
    before = frame.copy()
    scored = score(frame, tiny)
    pd.testing.assert_frame_equal(scored[list(carried)], before[list(carried)])
    pd.testing.assert_frame_equal(frame, before)


def test_no_rows_gives_no_rows(frame_of, cells_of, instrument, a_scale):
    tiny = instrument(["a"], [a_scale("S", items=["a"], pomp=True)])
    assert cells_of(score(frame_of({"a": []}), tiny)) == {"S": [], "S_answered": [], "S_pomp": []}


def test_responses_bring_instrument_ids_and_reasons(tmp_path):
    instrument = load_instrument("peech-sc")
    heading = ["who", *instrument.item_ids]
    first = ["007", *["Always"] * 23]
    first[heading.index("SEC1")] = "Does not apply"
    first[heading.index("SEC2")] = ""
    path = tmp_path / "answers.csv"
    path.write_text(
        "\n".join(",".join(line) for line in (heading, first, ["008", *["Sometimes"] * 23]))
    )
    responses = read_responses(path, instrument, worker="who")

    scored = score(responses)

    assert list(scored.columns[:3]) == ["respondent_id", "worker_id", "SEC"]
    assert scored["worker_id"].tolist() == ["007", "008"]
    assert scored["SEC"].tolist() == [12 / 5, 8 / 7]
    assert scored["SEC_answered"].tolist() == [5, 7]
    assert score(responses, not_applicable="best")["SEC_answered"].tolist() == [6, 7]
    again = score(responses.to_frame(), instrument)
    pd.testing.assert_frame_equal(scored, again)


@pytest.mark.parametrize("code", ["9", "NA"])
def test_the_frame_of_responses_scores_as_the_responses_do(tmp_path, code):
    shipped = load_instrument("peech-sc")
    text = shipped.path.read_text(encoding="utf-8")
    (own := tmp_path / "own.yaml").write_text(
        text.replace('- {code: "9",', f'- {{code: "{code}",'), encoding="utf-8"
    )
    instrument = load_instrument(own)
    assert instrument.response_scale.not_applicable[0].code == code
    rows = [[*[code] * 3, *["3"] * 20], [*[code] * 8, *[""] * 2, *["2"] * 13]]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(",".join(line) for line in (instrument.item_ids, *rows)))
    responses = read_responses(path, instrument)
    frame = responses.to_frame()
    assert "row" not in frame
    assert frame.index.tolist() == [0, 1]
    for rule in (None, "excluded", "best", "missing"):
        pd.testing.assert_frame_equal(
            score(responses, not_applicable=rule), score(frame, instrument, not_applicable=rule)
        )


def test_a_text_code_for_does_not_apply_makes_no_number_allowed(frame_of, instrument, a_scale):
    tiny = instrument(["a"], [a_scale("S", items=["a"])], not_applicable=("NA",))
    with pytest.raises(ScoringError, match="1 value is not on the scale") as caught:
        score(frame_of({"a": [1, 4]}), tiny)
    assert "inf" not in str(caught.value.hint)
    assert caught.value.failure_rows == [{"row": 3, "column": "a", "value": 4}]
