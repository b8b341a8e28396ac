from __future__ import annotations

import json

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relsurvey.adaptation import content_validity
from relsurvey.adaptation.indices import least_i_cvi, modified_kappa
from relsurvey.errors import IntakeError
from relsurvey.results import json_ready

# Polit, Beck & Owen 2007, table of I-CVIs by number of raters and agreement: raters, agreeing,
# I-CVI, chance, kappa, evaluation. As far as it is quoted in later studies that cite it.
PUBLISHED = [
    (3, 3, 1.00, 0.125, 1.00, "excellent"),
    (3, 2, 0.67, 0.375, 0.47, "fair"),
    (4, 4, 1.00, 0.063, 1.00, "excellent"),
    (4, 3, 0.75, 0.25, 0.67, "good"),
    (5, 5, 1.00, 0.031, 1.00, "excellent"),
    (5, 4, 0.80, 0.156, 0.76, "excellent"),
    (6, 6, 1.00, 0.016, 1.00, "excellent"),
    (6, 5, 0.83, 0.094, 0.81, "excellent"),
    (6, 4, 0.67, 0.234, 0.57, "fair"),
    (7, 7, 1.00, 0.008, 1.00, "excellent"),
    (7, 6, 0.86, 0.055, 0.85, "excellent"),
    (7, 5, 0.71, 0.164, 0.65, "good"),
    (8, 8, 1.00, 0.004, 1.00, "excellent"),
    (8, 7, 0.88, 0.031, 0.88, "excellent"),
    (8, 6, 0.75, 0.109, 0.72, "good"),
    (9, 9, 1.00, 0.002, 1.00, "excellent"),
    (9, 8, 0.89, 0.018, 0.89, "excellent"),
    (9, 7, 0.78, 0.070, 0.76, "excellent"),
    (10, 9, 0.90, 0.010, 0.90, "excellent"),
    (10, 8, 0.80, 0.044, 0.79, "excellent"),
    (10, 7, 0.70, 0.117, 0.66, "good"),
]


def panel(n, agreed, item="RIA1", group="experts"):
    return pd.DataFrame(
        {"rater": [f"{group}{i}" for i in range(n)], "group": group,
         item: [4] * agreed + [2] * (n - agreed)}
    )  # fmt: skip


def row_of(result, item, group="experts"):
    frame = result.to_frame()
    (row,) = frame[(frame["item"] == item) & (frame["group"] == group)].to_dict(orient="records")
    return row


def refused(ratings, match, instrument="rpq-16", **options):
    with pytest.raises(IntakeError, match=match) as caught:
        content_validity(instrument, ratings, **options)
    return caught.value.failure_rows


@pytest.mark.parametrize(("n", "agreed", "i_cvi", "pc", "kappa", "evaluation"), PUBLISHED)
def test_published_table(n, agreed, i_cvi, pc, kappa, evaluation):
    row = row_of(content_validity("rpq-16", panel(n, agreed)), "RIA1")
    assert row["i_cvi"] == pytest.approx(i_cvi, abs=0.0051)
    assert row["pc"] == pytest.approx(pc, abs=0.00051)
    # The paper works on from its rounded figures: 7 of 8 is .871, and .88 there.
    assert round((i_cvi - pc) / (1 - pc), 2) == kappa
    assert row["kappa"] == pytest.approx(kappa, abs=0.0101)
    assert row["evaluation"] == evaluation


@pytest.mark.parametrize(
    ("n", "fewest"),
    [(2, 2), (3, 3), (4, 4), (5, 5), (6, 5), (7, 6), (8, 7), (9, 7), (10, 8), (18, 14)],
)
def test_bar_by_size_of_panel(n, fewest):
    """Lynn (1986): all of up to five; 5 of 6, 6 of 7, 7 of 8, 7 of 9 (.78), 8 of 10."""
    assert not row_of(content_validity("rpq-16", panel(n, fewest)), "RIA1")["below_bar"]
    assert row_of(content_validity("rpq-16", panel(n, fewest - 1)), "RIA1")["below_bar"]


def test_four_of_five_is_below_one_bar_and_above_the_other():
    row = row_of(content_validity("rpq-16", panel(5, 4)), "RIA1")
    assert row["below_bar"]
    assert "below the bar of 1.00, above the .78" in row["note"]
    assert row_of(content_validity("rpq-16", panel(4, 3)), "RIA1")["note"] == ""


@given(st.integers(2, 60), st.data())
def test_kappa_is_what_is_left_of_agreement_beyond_chance(n, data):
    agreed = data.draw(st.integers(0, n))
    pc, kappa = modified_kappa(n, agreed)
    assert 0 < pc <= 0.5
    assert kappa <= agreed / n
    assert kappa * (1 - pc) + pc == pytest.approx(agreed / n)
    assert least_i_cvi(n + 1) <= least_i_cvi(n)


LONG = pd.DataFrame(
    [
        ("e1", "experts", "RIA1", "4"), ("e2", "experts", "RIA1", "3"),
        ("e3", "experts", "RIA1", "4"), ("e1", "experts", "RIA2", "2"),
        ("e2", "experts", "RIA2", "3"), ("e3", "experts", "RIA2", "4"),
        ("p1", "people", "RIA1", "1"), ("p2", "people", "RIA1", "4"),
        ("p1", "people", "RIA2", "4"), ("p2", "people", "RIA2", "4"),
    ],
    columns=["rater", "group", "item", "relevance"],
)  # fmt: skip


def test_groups_are_kept_apart_and_all_come_last():
    result = content_validity("rpq-16", LONG)
    assert result.panels["group"].tolist() == ["experts", "people", "all"]
    assert result.panels["raters"].tolist() == [3, 2, 5]
    assert row_of(result, "RIA1")["i_cvi"] == 1
    assert row_of(result, "RIA1", "people")["i_cvi"] == 0.5
    assert row_of(result, "RIA1", "all")["i_cvi"] == 0.8
    experts = result.panels.iloc[0]
    assert experts["s_cvi_ave"] == pytest.approx((1 + 2 / 3) / 2)
    assert experts["s_cvi_ua"] == 0.5
    assert experts["below"] == "RIA2"
    assert row_of(result, "RIA1", "people")["note"] == "two ratings, and a panel is of 3 at least"


def test_published_scale_level_figures():
    """Twelve items, six raters, two items with five in agreement: .97 and .83 (PMC7253559)."""
    names = [f"{scale}{i}" for scale in ("RIA", "ROA", "RO") for i in range(1, 5)]
    table = pd.DataFrame({"rater": list("abcdef"), "group": "experts", **dict.fromkeys(names, 4)})
    table.loc[0, names[5]] = 2
    table.loc[3, names[8]] = 2
    (row,) = content_validity("rpq-16", table).panels.to_dict(orient="records")
    assert round(row["s_cvi_ave"], 2) == 0.97
    assert round(row["s_cvi_ua"], 2) == 0.83
    assert row["n_below"] == 0


def test_long_and_wide_say_the_same_in_any_frame():
    wide = LONG.pivot(index=["rater", "group"], columns="item", values="relevance").reset_index()
    long = content_validity("rpq-16", LONG)
    for frame in (wide, wide.astype({"RIA1": "float", "RIA2": "int"}), pl.from_pandas(wide)):
        result = content_validity("rpq-16", frame)
        pd.testing.assert_frame_equal(result.to_frame(), long.to_frame())
        pd.testing.assert_frame_equal(result.panels, long.panels)


def test_missing_ratings_lower_n_and_are_told():
    wide = panel(4, 4).assign(RIA2=[4, None, None, None], RIA3=[4, 4, 1, None])
    wide.loc[len(wide)] = ["absent", "experts", None, None, None]
    result = content_validity("rpq-16", wide)
    assert row_of(result, "RIA3")["n"] == 3
    assert row_of(result, "RIA3")["i_cvi"] == pytest.approx(2 / 3)
    assert row_of(result, "RIA2")["note"] == "one person rated it: no figure"
    assert json_ready(row_of(result, "RIA2")["i_cvi"]) is None
    (head,) = result.panels.to_dict(orient="records")
    assert (head["raters"], head["missing"], head["items"]) == (4, 4, 2)
    assert head["note"] == (
        "1 rater rated nothing and is not counted. 4 ratings not given: n differs between items."
    )
    text = " ".join(result.summary().split())
    assert "RO1, RO2, RO3, RO4, SA1, SA2, SA3, SA4: nobody rated it." in text


def test_what_counts_as_relevant_can_be_said():
    table = pd.DataFrame({"rater": ["a", "b", "c"], "group": "g", "RIA1": [4, 3, 4]})
    result = content_validity("rpq-16", table, relevant=(4,))
    assert row_of(result, "RIA1", "g")["n_relevant"] == 2
    assert "A rating of 4 counts as relevant" in result.summary()
    for wrong in ((), (5,), (0, 4), (1, 2, 3, 4), (True,)):
        refused(table, "relevant names the ratings", relevant=wrong)


def test_no_rater_is_named():
    ratings = LONG.assign(rater=LONG["rater"].map(lambda name: f"Ms {name} Secret"))
    result = content_validity("rpq-16", ratings)
    assert "Secret" not in json.dumps(json_ready(result)) + result.summary() + repr(result.panels)
    broken = pd.concat([ratings, ratings.iloc[:1]])
    with pytest.raises(IntakeError, match="cannot be used") as caught:
        content_validity("rpq-16", broken)
    assert "Secret" not in str(caught.value)


def test_items_below_the_bar_come_first():
    lines = content_validity("rpq-16", LONG).summary().splitlines()
    start = lines.index("experts, 3 raters: 1 of 2 items below the bar")
    assert "S-CVI/Ave 0.83 (below .90), S-CVI/UA 0.50" in lines[start + 1]
    assert lines[start + 3].split()[:6] == ["RIA2", "2", "of", "3", "0.67", "0.47"]
    assert max(map(len, lines)) <= 88


@pytest.mark.parametrize("value", ["5", "0", "2.5", "yes", "-1", "33", "３"])
def test_a_rating_that_is_none_is_refused_with_its_place(value):
    table = LONG.copy()
    table.loc[4, "relevance"] = value
    assert refused(table, "one cell is not as it has to be") == [
        {"row": 6, "column": "relevance", "value": value, "fault": "a rating is 1, 2, 3 or 4"}
    ]


def test_all_faults_are_told_at_once_with_their_rows():
    table = LONG.copy()
    table.loc[0, "item"] = "RIA11"
    table.loc[2, "item"] = "months"
    table.loc[1, "group"] = "Experts"
    table.loc[5, "rater"] = None
    table.loc[9] = ["p1", "experts", "RIA2", "4"]
    assert refused(table, "7 cells are not as they have to be") == [
        {"row": 2, "column": "item", "value": "RIA11", "fault": "did you mean 'RIA1'?"},
        {"row": 3, "column": "group", "value": "Experts",
         "fault": "written 'experts' in row 2"},
        {"row": 4, "column": "item", "value": "months", "fault": "rpq-16 has no such item"},
        {"row": 6, "column": "group", "value": "experts",
         "fault": "the same person is in the group 'Experts' in row 3"},
        {"row": 7, "column": "rater", "value": "", "fault": "blank"},
        {"row": 11, "column": "item", "value": "RIA2",
         "fault": "rated by the same person before, in row 10"},
        {"row": 11, "column": "group", "value": "experts",
         "fault": "the same person is in the group 'people' in row 8"},
    ]  # fmt: skip


def test_a_rater_on_two_rows_of_a_wide_table_is_refused():
    wide = panel(3, 3)
    wide.loc[2, "rater"] = wide.loc[0, "rater"]
    (fault,) = refused(wide, "one cell")
    assert (fault["row"], fault["fault"]) == (4, "the same person as in row 2")


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        (["rater", "group", "RIA1", "relevance"], "one row a rating, or one a rater"),
        (["rater", "group", "item", "relevence"], "did you mean 'relevance'?"),
        (["rater", "team", "item", "relevance"], "'column': 'group', 'fault': 'missing'"),
        (["rater", "group", "ria1", "RIA2"], "did you mean 'RIA1'?"),
        (["rater", "group", "comment", "note"], "no column is headed by an item"),
        (["rater", "group", "RIA1", "RIA1 "], "stands twice"),
    ],
)
def test_headings_of_neither_shape_are_refused(columns, fault):
    table = pd.DataFrame([["a", "g", "4", "4"], ["b", "g", "4", "4"]], columns=columns)
    assert fault in str(refused(table, "headings of the ratings"))


def test_comments_are_passed_over():
    table = panel(3, 3).assign(comment="good", note=None)
    assert row_of(content_validity("rpq-16", table), "RIA1")["n"] == 3


def test_one_rater_is_no_panel():
    failures = refused(pd.concat([panel(3, 3), panel(1, 1, group="people")]), "more than one rater")
    assert failures == [{"group": "people", "raters": 1}]
    refused(panel(1, 1), "more than one rater")


def test_the_word_all_is_taken():
    assert "stands for all groups" in str(refused(panel(3, 3, group="All"), "3 cells"))


def test_a_heading_that_pandas_lets_stand_twice_is_refused():
    table = panel(3, 3).assign(other=4).set_axis(["rater", "group", "RIA1", "RIA1"], axis=1)
    refused(table, "A heading of the ratings stands twice")


def test_no_rows_and_no_table_are_refused():
    refused(LONG.iloc[:0], "hold no row")
    refused(pd.DataFrame([["", None, "", ""]], columns=LONG.columns), "hold no row")
    refused("ratings.csv", "a table, not a file name")


def test_all_raters_together_come_last_with_figures_and_no_list():
    said = content_validity("rpq-16", LONG).summary()
    experts, people = said.index("experts, 3 raters"), said.index("people, 2 raters")
    together = said.index("all raters together (groups differ: read them first), 5 raters")
    assert experts < people < together
    assert "S-CVI/Ave" in said[together:]
    assert "At or above the bar" not in said[together:]
    assert "At or above the bar" in said[people:together]
