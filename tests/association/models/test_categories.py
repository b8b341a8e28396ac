"""Categories become indicators against a stated level; what is no category is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.association.models.categories import encode_categories
from relsurvey.association.models.mixed import fit_mixed
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums

ROLES = ["nurse"] * 12 + ["aide"] * 10 + ["doctor"] * 3 + [None, " "]


def table() -> dict[str, list]:
    n = len(ROLES)
    return {
        "role": ROLES,
        "age": [float(one) for one in range(n)],
        "new": [True, False] * 13 + [True],
    }


FRAMES = {
    "mapping": dict,
    "pandas": pd.DataFrame,
    "pandas category": lambda data: pd.DataFrame(data).astype({"role": "category"}),
    "pandas object": lambda data: pd.DataFrame(data).astype({"role": object}),
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "polars category": lambda data: pl.DataFrame(data).cast({"role": pl.Categorical}),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_all_tables_give_the_same_indicators(kind) -> None:
    given = FRAMES[kind](table())
    encoded = encode_categories(given, ["age", "role", "new"])
    assert encoded.names == ("age", "role[aide]", "role[doctor]", "new")
    assert encoded.levels == {"role": ("nurse", "aide", "doctor")}
    assert encoded.parts == {"role": ("role[aide]", "role[doctor]")}
    aide = np.asarray(encoded.data["role[aide]"], dtype=float)
    assert aide.tolist()[10:14] == [0.0, 0.0, 1.0, 1.0]
    assert np.isnan(aide).tolist() == [False] * 25 + [True, True]


def test_numbers_and_booleans_stay_and_nothing_is_copied() -> None:
    frame = pd.DataFrame(table())
    encoded = encode_categories(frame, ["age", "new"])
    assert encoded.data is frame
    assert encoded.names == ("age", "new")
    assert encoded.notes == ()


def test_rows_keep_their_number_in_the_file() -> None:
    frame = pd.DataFrame(table()).set_index(pd.Index(range(5, 32), name="row"))
    encoded = encode_categories(frame, ["role"])
    assert encoded.data.index.equals(frame.index)
    assert encoded.data["role[doctor]"].sum() == 3.0
    frame_infinite = encoded.data.assign(g=list("ab") * 13 + ["a"], y=[np.inf] + [1.0] * 26)
    with pytest.raises(ModelError, match="row 5, column 'y'"):
        group_sums(frame_infinite, ["role[doctor]", "y"], "g")


def test_notes_say_the_reference_and_the_rare() -> None:
    notes = encode_categories(table(), ["role"]).notes
    assert notes[0] == "role is a category: aide and doctor are each compared with nurse."
    assert notes[1].startswith("Fewer than 10 rows of role are doctor: what is said of it")


def test_reference_can_be_chosen_and_ties_go_by_label() -> None:
    encoded = encode_categories(table(), ["role"], reference={"role": "doctor"})
    assert encoded.levels["role"] == ("doctor", "aide", "nurse")
    tied = encode_categories({"x": ["b", "a", "a", "b"]}, ["x"])
    assert tied.levels["x"] == ("a", "b")


def test_levels_without_a_complete_row_are_left_out() -> None:
    data = table() | {"y": [1.0] * 22 + [np.nan] * 5}
    encoded = encode_categories(data, ["role"], used=["y"])
    assert encoded.names == ("role[aide]",)
    assert "No complete row of role is doctor: left out of the levels." in encoded.notes


def test_a_declared_category_of_numbers_is_one() -> None:
    frame = pd.DataFrame({"wave": pd.Categorical([1, 1, 2, 3, 3, 3])})
    assert encode_categories(frame, ["wave"]).names == ("wave[1]", "wave[2]")


def test_labels_that_differ_in_case_only_are_told() -> None:
    notes = encode_categories({"x": ["Yes", "yes ", "no", "no"]}, ["x"]).notes
    assert "'Yes', 'yes ' of x differ only in case or spaces" in " ".join(notes)


def test_all_faults_at_once() -> None:
    data = {
        "id": [f"person {one}" for one in range(30)],
        "age": ["40", "41"] * 15,
        "mixed": ["a", 1] * 15,
        "one": ["yes"] * 30,
        "good": ["a", "b"] * 15,
    }
    with pytest.raises(ModelError, match="'id', 'age', 'mixed', 'one' cannot enter") as caught:
        encode_categories(data, list(data))
    problems = dict(caught.value.failures[["column", "problem"]].to_numpy())
    assert problems == {
        "id": "30 different values, more than 20",
        "age": "holds numbers as text",
        "mixed": "mixes text and numbers",
        "one": "the same value in all rows",
    }
    assert "pandas.to_numeric" in str(caught.value)


def test_what_people_typed_is_not_repeated() -> None:
    data = {"comment": [f"Sarah Jones said thing {one}" for one in range(40)]}
    with pytest.raises(ModelError, match="40 different values") as caught:
        encode_categories(data, ["comment"])
    assert "Sarah" not in str(caught.value)


def test_references_that_are_not_there() -> None:
    with pytest.raises(ModelError, match=r"no level 'nurs' among .*did you mean 'nurse'"):
        encode_categories(table(), ["role"], reference={"role": "nurs"})
    with pytest.raises(ModelError, match="given for 'age', which is no category"):
        encode_categories(table(), ["role", "age"], reference={"age": "40"})
    with pytest.raises(ModelError, match="reference has to give a level for each column"):
        encode_categories(table(), ["role"], reference="nurse")


def test_a_column_called_like_an_indicator() -> None:
    with pytest.raises(ModelError, match=r"has 'role\[aide\]' already"):
        encode_categories(table() | {"role[aide]": [0.0] * 27}, ["role"])


def test_an_unknown_column_and_a_level_limit() -> None:
    with pytest.raises(ModelError, match="1 column is not in the table"):
        encode_categories(table(), ["rol"])
    with pytest.raises(ModelError, match="3 different values, more than 2"):
        encode_categories(table(), ["role"], most_levels=2)


def test_the_fit_is_that_of_indicators_made_by_hand(few_schools) -> None:
    encoded = encode_categories(few_schools, ["Sector", "SES"], used=["MathAch", "School"])
    assert encoded.names == ("Sector[Catholic]", "SES") or encoded.names == (
        "Sector[Public]",
        "SES",
    )
    fit = fit_mixed(encoded.data, "MathAch", encoded.names, "School")
    hand = fit_mixed(few_schools, "MathAch", ["catholic", "SES"], "School")
    sign = 1.0 if "Catholic" in encoded.names[0] else -1.0
    assert fit.table["estimate"][1] == pytest.approx(sign * hand.table["estimate"][1], rel=1e-9)
    assert fit.deviance == pytest.approx(hand.deviance, abs=1e-8)
